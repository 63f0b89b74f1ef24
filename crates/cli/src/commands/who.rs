//! How a person is named on the command line.

use kadry_core::{Email, MatchKey, ProviderId, RemoteId};
use kadry_flow::intent::Who;

use crate::arguments::quoted;
use crate::error::Failure;
use crate::setup::Config;
use crate::words::Words;

/// Before the employer's own id of a person.
const PERSON: &str = "person";

/// Returns whom the operator means: an e-mail, `person:ID`, or a record on a configured platform.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 and the three forms for anything else.
pub(crate) fn who(typed: &str, config: &Config, words: &Words) -> Result<Who, Failure> {
    let typed = typed.trim();
    let Some((place, id)) = typed.split_once(':') else {
        return if typed.contains('@') {
            email(typed, words).map(Who::Email)
        } else {
            Err(unclear(typed, words))
        };
    };
    let (place, id) = (place.trim(), id.trim());
    if id.is_empty() {
        return Err(unclear(typed, words));
    }
    if place == PERSON {
        return Ok(Who::Person(id.to_owned()));
    }
    let place = ProviderId::new(place);
    if config
        .providers()
        .iter()
        .any(|row| row.enabled && row.id == place)
    {
        return Ok(Who::Record(place, RemoteId::new(id)));
    }
    // The sentence with the nearest name, or with the reason why it is not used.
    config.on(Some(&[place.to_string()]), words)?;
    Err(unclear(typed, words))
}

/// Returns the record that the operator means: its platform and its id there.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 for anything else.
pub(crate) fn record(
    typed: &str,
    config: &Config,
    words: &Words,
) -> Result<(ProviderId, RemoteId), Failure> {
    let bad = || {
        let message = words.say_with("link-not-a-record", &[("typed", typed.trim().into())]);
        Failure::usage(
            "bad_record",
            message,
            Some(words.say("link-not-a-record-hint")),
        )
    };
    if !typed.contains(':') {
        return Err(bad());
    }
    match who(typed, config, words)? {
        Who::Record(provider, id) => Ok((provider, id)),
        Who::Email(_) | Who::Person(_) | Who::Thing(_) => Err(bad()),
    }
}

/// Returns how a person is named by a key of theirs.
pub(crate) fn naming(key: &MatchKey) -> String {
    match key {
        MatchKey::Email(email) => email.to_string(),
        MatchKey::ExternalId(id) => Who::Person(id.clone()).to_string(),
    }
}

/// Returns every way in which a person is named by these keys, as one text.
pub(crate) fn namings(keys: &[MatchKey]) -> String {
    keys.iter().map(naming).collect::<Vec<_>>().join(", ")
}

/// Returns an address that somebody typed.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when it is none.
pub(crate) fn email(typed: &str, words: &Words) -> Result<Email, Failure> {
    Email::parse(typed).map_err(|bad| {
        let message = if bad.is_too_long() {
            words.say("bad-email-too-long")
        } else {
            words.say_with("bad-email", &[("typed", typed.into())])
        };
        Failure::usage("bad_email", message, Some(words.say("bad-email-hint")))
    })
}

/// Returns the platforms without which somebody cannot be found: those that are worked on, and the one whose record was named.
pub(crate) fn needed(on: Option<&[String]>, typed: &str) -> Option<Vec<String>> {
    let place = typed
        .split_once(':')
        .map(|(place, _)| place.trim().to_owned());
    on.map(|on| on.iter().cloned().chain(place).collect())
}

fn unclear(typed: &str, words: &Words) -> Failure {
    let mut hint = words.say("who-forms");
    if typed.chars().any(char::is_alphabetic) && !typed.contains([':', '@']) {
        // People think of names; nobody is taken out by one, because two may have it.
        let query = [("query", quoted(typed).into())];
        hint = format!("{hint} {}", words.say_with("who-by-name", &query));
    }
    Failure::usage(
        "bad_who",
        words.say_with("who-unclear", &[("typed", typed.into())]),
        Some(hint),
    )
}
