//! What goes over the wire, in the platform's own words.
//!
//! Answers are read with tolerance: unknown members are skipped, and only what a decision hangs on must be there.

pub(crate) mod chat;
pub(crate) mod error;
pub(crate) mod message;
pub(crate) mod page;
pub(crate) mod property;
pub(crate) mod status;
pub(crate) mod tag;
pub(crate) mod token;
pub(crate) mod user;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// One object, which every answer wraps in `data`.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) data: T,
}

/// Returns a moment in milliseconds since the Unix epoch; none for a text that is not one.
pub(crate) fn moment_ms(text: &str) -> Option<i64> {
    let moment: Timestamp = text.parse().ok()?;
    Some(moment.as_millisecond())
}

/// Reads null like a member that is missing.
fn nullable<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a member on which no decision about the door hangs: what cannot be read is like what is missing, and null is told apart
/// from both.
fn shown<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let value = Value::deserialize(deserializer)?;
    Ok(if value.is_null() {
        Some(None)
    } else {
        serde_json::from_value(value).ok().map(Some)
    })
}
