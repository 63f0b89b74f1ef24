//! Which of several platforms of a kind is meant.

use super::{Global, config};
use crate::error::Failure;
use crate::words::Words;

/// Returns the name of the platform that a command of a kind works on: the one that was named, else the only one.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when there is none of the kind, when several are and none was named, and when the one that was named
/// is of another kind, not there or switched off.
pub(crate) fn one_of(
    global: &Global,
    kind: &str,
    named: Option<&str>,
    words: &Words,
) -> Result<String, Failure> {
    let config = config(global, words)?;
    let rows = config.providers().into_iter();
    let fitting = rows.filter(|row| row.enabled && row.kind == kind);
    let fitting: Vec<String> = fitting.map(|row| row.id.to_string()).collect();
    let listed = || fitting.join(", ");
    if let Some(named) = named {
        config.on(Some(&[named.to_owned()]), words)?;
        if fitting.iter().any(|name| name == named) {
            return Ok(named.to_owned());
        }
        let variables = [("provider", named.into()), ("kind", kind.into())];
        let message = words.say_with("provider-of-another-kind", &variables);
        let hint = (!fitting.is_empty())
            .then(|| words.say_with("provider-choose", &[("providers", listed().into())]));
        return Err(Failure::usage("provider", message, hint));
    }
    match fitting.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::usage(
            "provider",
            words.say_with("provider-none", &[("kind", kind.into())]),
            Some(words.say_with("provider-none-hint", &[("kind", kind.into())])),
        )),
        [_, _, ..] => {
            let providers = [("providers", listed().into())];
            Err(Failure::usage(
                "provider",
                words.say_with("provider-several", &[("kind", kind.into())]),
                Some(words.say_with("provider-choose", &providers)),
            ))
        }
    }
}
