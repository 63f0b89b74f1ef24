//! What platforms answer, and why they cannot do something.

use kadry_core::{Effect, ErrorKind, FieldName, Reason};
use kadry_journal::StepError;

use crate::words::Words;

/// Says what a platform answered, without its name: who has to act, what it said, why, and what helps to find the place.
pub(crate) fn of_platform(words: &Words, error: &kadry_core::Error) -> String {
    answer(words, &StepError::from(error))
}

/// Says what went wrong with a step, and whether anything may have changed.
pub(crate) fn step_error(words: &Words, error: &StepError) -> String {
    let said = answer(words, error);
    match error.effect {
        Effect::None => said,
        Effect::Applied => format!("{said} {}", words.say("effect-applied")),
        Effect::Unknown => format!("{said} {}", words.say("effect-unknown")),
    }
}

/// Reports whether an answer stays the same until somebody mends what it names; asking again helps with the others.
pub(crate) const fn is_permanent(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Unsupported
        | ErrorKind::Config
        | ErrorKind::Unauthenticated
        | ErrorKind::Forbidden
        | ErrorKind::Billing
        | ErrorKind::Invalid => true,
        ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Protocol => false,
    }
}

/// Says why something cannot be done, or what can never be shown.
pub(crate) fn reason(words: &Words, reason: &Reason) -> String {
    let detail = reason.detail.as_deref().unwrap_or_default();
    worded(words, &reason.key, detail)
        // A test proves that the built-in platforms have no reason without a sentence.
        .unwrap_or_else(|| reason.key.clone().into_owned())
}

fn answer(words: &Words, error: &StepError) -> String {
    let kind = error.kind.as_str().replace('_', "-");
    let detail = [("detail", error.message.as_str().into())];
    let mut said = vec![words.say_with(&format!("platform-{kind}"), &detail)];
    said.extend(error.about("reason").and_then(|key| {
        let detail = error.about("detail").unwrap_or_default();
        worded(words, key, detail)
    }));
    said.extend(error.about("guard").map(|names| guards(words, names)));
    said.extend(error.about("fields").map(|names| {
        let fields = parts(names).map(|name| field(words, name));
        let fields = fields.collect::<Vec<_>>().join(", ");
        words.say_with("platform-fields", &[("fields", fields.into())])
    }));
    said.extend(error.retry_after_ms.map(|wait_ms| {
        let seconds = wait_ms.div_ceil(1_000).to_string();
        words.say_with("platform-retry-after", &[("seconds", seconds.into())])
    }));
    said.extend(
        error
            .about("request.id")
            .map(|id| words.say_with("platform-request", &[("id", id.into())])),
    );
    said.join(" ")
}

fn worded(words: &Words, reason: &str, detail: &str) -> Option<String> {
    words.try_say(&format!("reason-{reason}"), &[("detail", detail.into())])
}

/// Says which guards said no; only their names are kept of them.
fn guards(words: &Words, names: &str) -> String {
    let sentence = |name: &str| {
        let key = format!("guard-name-{}", name.replace('_', "-"));
        // A newer kadry may have written down a guard that this one does not know.
        words.try_say(&key, &[]).unwrap_or_else(|| name.to_owned())
    };
    parts(names).map(sentence).collect::<Vec<_>>().join(" ")
}

/// Returns what people call a field; what is no field of a person is called as the platform calls it.
fn field(words: &Words, name: &str) -> String {
    FieldName::ALL
        .into_iter()
        .find(|field| field.as_str() == name)
        .map_or_else(|| name.to_owned(), |field| words.field(field))
}

fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}
