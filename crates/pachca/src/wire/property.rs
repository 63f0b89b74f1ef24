//! A field that the workspace added to everybody's record, and what stands in it.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// A field that exists.
#[derive(Debug, Deserialize)]
pub(crate) struct Definition {
    pub(crate) id: i64,
    pub(crate) name: String,
}

/// What one record shows of a field.
#[derive(Debug, Deserialize)]
pub(crate) struct Property {
    pub(crate) id: i64,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) name: String,
    #[serde(default, deserialize_with = "super::nullable")]
    pub(crate) data_type: String,
    #[serde(default, deserialize_with = "plain")]
    pub(crate) value: Option<String>,
}

/// What is written into a field.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct PropertyValue<'a> {
    pub(crate) id: i64,
    pub(crate) value: &'a str,
}

/// Reads a value as text. Values are documented as texts whatever their type; a bare number is taken too.
fn plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Some(other.to_string())
        }
    })
}
