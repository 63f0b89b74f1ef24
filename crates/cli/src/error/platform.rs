//! What platforms answer, and why they cannot do something.

use kadry_core::{Effect, ErrorKind, FieldName, ProviderId, Reason, WAITED_MS};
use kadry_http::{ANSWER_COLUMN, ANSWER_LINE, ANSWER_MEMBER};
use kadry_journal::StepError;

use super::system::of_io_word;
use crate::words::{Lang, Words};

/// Where the file or folder stands, in the context of an error, that keeps us from keeping what signs us in.
pub(crate) const KEPT: &str = "kept";

/// Where the word of the system stands about it.
pub(crate) const KEPT_CAUSE: &str = "kept.cause";

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
    if let (Some(place), Some(cause)) = (error.about(KEPT), error.about(KEPT_CAUSE)) {
        let cause = of_io_word(words, cause);
        let variables = [("path", place.into()), ("cause", cause.into())];
        return words.say_with("platform-kept", &variables);
    }
    if let Some(said) = named(words, error) {
        return said;
    }
    let kind = error.kind.as_str().replace('_', "-");
    let reason = error.about("reason").and_then(|key| {
        let detail = error.about("detail").unwrap_or_default();
        worded(words, key, detail)
    });
    let detail = detail(words, error, reason.is_some());
    let detail = detail.map_or_else(String::new, |detail| format!(" ({detail})"));
    let detail = [("detail", detail.into())];
    let mut said = vec![words.say_with(&format!("platform-{kind}"), &detail)];
    said.extend(reason);
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

/// Says that a name or an id means nothing there, or several things, or that something holds somebody where they are.
fn named(words: &Words, error: &StepError) -> Option<String> {
    if let Some(held) = error.about("held.by") {
        return Some(words.say_with("thing-held", &[("tags", held.into())]));
    }
    let thing = ("thing", error.about("thing")?.into());
    let typed = ("typed", error.about("typed")?.into());
    if let Some(ids) = error.about("ids") {
        return Some(words.say_with("thing-several", &[thing, typed, ("ids", ids.into())]));
    }
    let none = words.say_with("thing-none", &[thing, typed]);
    Some(match error.about("near") {
        Some(near) => {
            let near = words.say_with("thing-near", &[("near", near.into())]);
            format!("{none} {near}")
        }
        None => none,
    })
}

/// Returns the command that helps somebody who named what is not there, or who is held where they are.
pub(crate) fn command_of(
    words: &Words,
    error: &kadry_core::Error,
    on: &ProviderId,
) -> Option<String> {
    let about = |key| {
        let mut context = error.context().iter();
        context.find(|(known, _)| *known == key)
    };
    let (_, see) = about("see")?;
    let key = if about("held.by").is_some() {
        "hint-held"
    } else {
        "hint-see"
    };
    let command = format!("kadry {see} --provider {on}{}", words.options());
    Some(words.say_with(key, &[("command", command.into())]))
}

/// Says what the platform or the pipeline said. What a platform says stays in its own words, as a quotation.
fn detail(words: &Words, error: &StepError, is_explained: bool) -> Option<String> {
    let said = without_operation(&error.message);
    if let Some(answered) = said.strip_prefix("the platform answered ") {
        let (status, own) = match answered.split_once(": ") {
            Some((status, own)) => (status, Some(own)),
            None => (answered, None),
        };
        if status.bytes().all(|byte| byte.is_ascii_digit()) {
            let status = ("status", status.into());
            return Some(match own {
                Some(own) => words.say_with("answer-status-said", &[status, ("said", own.into())]),
                None => words.say_with("answer-status", &[status]),
            });
        }
    }
    // A reason says the same, and more.
    if is_explained || said == "the platform cannot do this" {
        return None;
    }
    let told = silence(words, error).or_else(|| misshapen(words, error));
    Some(told.unwrap_or_else(|| own(words, error)))
}

/// Says what we say ourselves.
pub(super) fn own(words: &Words, error: &StepError) -> String {
    let said = without_operation(&error.message);
    let about = |name: &'static str| (name, error.about(name).unwrap_or_default().into());
    let own = words.try_say(&own_key(said), &[about("most"), about("group")]);
    // What has no words yet is better read in another language than not at all.
    own.unwrap_or_else(|| words.say_with("answer-in-other-words", &[("said", said.into())]))
}

/// The message without the operation of the code that it begins with.
fn without_operation(message: &str) -> &str {
    let is_operation = |head: &str| {
        let mut letters = head.bytes();
        !head.is_empty() && letters.all(|letter| letter.is_ascii_lowercase() || letter == b'_')
    };
    match message.split_once(": ") {
        Some((head, said)) if is_operation(head) => said,
        _ => message,
    }
}

/// Returns the key of what we say ourselves: its words, joined by hyphens.
fn own_key(said: &str) -> String {
    let words = said.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.fold("own".to_owned(), |key, word| {
        key + "-" + &word.to_ascii_lowercase()
    })
}

/// Says how long a platform was waited for.
fn silence(words: &Words, error: &StepError) -> Option<String> {
    let waited_ms: u32 = error.about(WAITED_MS)?.parse().ok()?;
    let seconds = format!("{:.1}", f64::from(waited_ms) / 1_000.0);
    let seconds = seconds.trim_end_matches(".0");
    let seconds = match words.lang() {
        Lang::En => seconds.to_owned(),
        Lang::Ru => seconds.replace('.', ","),
    };
    Some(words.say_with("answer-silence", &[("seconds", seconds.into())]))
}

/// Says where an answer stops making sense.
fn misshapen(words: &Words, error: &StepError) -> Option<String> {
    let line = ("line", error.about(ANSWER_LINE)?.into());
    let column = ("column", error.about(ANSWER_COLUMN)?.into());
    Some(match error.about(ANSWER_MEMBER) {
        Some(member) => {
            let member = ("member", member.into());
            words.say_with("answer-without-member", &[member, line, column])
        }
        None => words.say_with("answer-misshapen", &[line, column]),
    })
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
