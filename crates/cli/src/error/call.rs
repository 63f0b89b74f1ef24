//! What is wrong with a call of an operation that only one platform has, as it was typed.

use kadry_core::{ErrorKind, NativeCall};
use kadry_journal::StepError;

use super::Failure;
use super::platform::own;
use crate::words::Words;

/// Says why a call does not fit its operation, which is seen before anything is sent; none where it is the platform that refuses.
pub(crate) fn of_call(
    words: &Words,
    error: &kadry_core::Error,
    call: Option<&NativeCall>,
) -> Option<Failure> {
    let error = StepError::from(error);
    let argument = error.about("argument")?;
    if error.kind != ErrorKind::Invalid {
        return None;
    }
    let value = call.map(|call| call.all(argument).join(", "));
    let value = value.unwrap_or_default();
    let variables = [
        ("argument", format!("--{argument}").into()),
        ("value", value.clone().into()),
        ("cause", own(words, &error).into()),
    ];
    let key = if value.is_empty() {
        "usage-call-unfit"
    } else {
        "usage-call-value"
    };
    Some(Failure::usage(
        "usage",
        words.say_with(key, &variables),
        None,
    ))
}
