//! Reading values that installations spell differently.

use kadry_core::Known;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use uuid::Uuid;

/// Reads a text; a number is taken for its digits, anything else for nothing.
pub(crate) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(as_text(Value::deserialize(from)?))
}

/// Reads a text of which it matters whether it is shown at all: a blank one and null are empty.
pub(crate) fn shown<'de, D: Deserializer<'de>>(from: D) -> Result<Known<String>, D::Error> {
    Ok(match text(from)? {
        Some(text) if !text.is_empty() => Known::Value(text),
        Some(_) | None => Known::Empty,
    })
}

/// Reads yes or no; anything else is nothing.
pub(crate) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Bool(flag) => Some(flag),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    })
}

/// Reads a number of things; anything else is nothing.
pub(crate) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    Ok(as_text(Value::deserialize(from)?).and_then(|text| text.trim().parse().ok()))
}

/// Reads an object that may be null.
pub(crate) fn or_default<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// Returns the text that a value is.
pub(crate) fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reports whether a text is an id as this platform writes them.
pub(crate) fn is_id(text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|id| id.to_string().eq_ignore_ascii_case(text))
}
