//! How values stand in columns: words and JSON, always those of serde, so that there is no second table of names.

use std::sync::Arc;

use kadry_core::Event;
use serde::Serialize;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use serde_json::Value;

use crate::error::JournalError;

/// Returns a value as JSON.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, JournalError> {
    serde_json::to_string(value).map_err(|error| JournalError::Unwritable(Arc::new(error)))
}

/// Returns the value that a column of JSON holds. The cause of a failure is left out: it may quote a person's data.
pub(crate) fn parsed<T: DeserializeOwned>(
    text: &str,
    what: &'static str,
) -> Result<T, JournalError> {
    serde_json::from_str(text).map_err(|_| JournalError::Damaged { what })
}

/// Returns the state that a column names.
pub(crate) fn word<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, JournalError> {
    let word: StrDeserializer<'_, WordError> = text.into_deserializer();
    T::deserialize(word).map_err(|_| JournalError::Damaged { what })
}

/// Returns the word of an event, and the kind of failure that it carries: two columns, so that SQL can ask for either.
pub(crate) fn event_columns(event: Event) -> Result<(String, Option<String>), JournalError> {
    let value =
        serde_json::to_value(event).map_err(|error| JournalError::Unwritable(Arc::new(error)))?;
    match value {
        Value::String(word) => Ok((word, None)),
        Value::Object(tagged) => tagged
            .into_iter()
            .find_map(|(word, kind)| Some((word, Some(kind.as_str()?.to_owned()))))
            .ok_or(BAD_EVENT),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => Err(BAD_EVENT),
    }
}

/// Returns the event of a word and a kind of failure.
pub(crate) fn event(word: &str, kind: Option<&str>) -> Result<Event, JournalError> {
    let value = match kind {
        None => Value::from(word),
        Some(kind) => Value::from_iter([(word, kind)]),
    };
    serde_json::from_value(value).map_err(|_| BAD_EVENT)
}

const BAD_EVENT: JournalError = JournalError::Damaged { what: "an event" };

#[cfg(test)]
mod tests {
    use kadry_core::{ErrorKind, State};

    use super::*;

    #[test]
    fn every_event_comes_back_as_it_went() {
        for there in [
            Event::Started,
            Event::Done,
            Event::Failed(ErrorKind::RateLimited),
            Event::Held,
            Event::Lost,
            Event::FoundDone,
            Event::FoundUndone,
            Event::Ambiguous,
            Event::Skipped,
            Event::Superseded,
        ] {
            let back = event_columns(there).and_then(|(word, kind)| event(&word, kind.as_deref()));
            assert_eq!(back.ok(), Some(there));
        }
    }

    #[test]
    fn a_state_is_named_by_its_own_word() {
        assert_eq!(
            word(State::Unsure.as_str(), "a state").ok(),
            Some(State::Unsure)
        );
        assert!(word::<State>("finished", "a state").is_err());
    }
}
