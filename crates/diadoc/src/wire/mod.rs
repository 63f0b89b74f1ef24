//! The shapes of requests and answers, exactly as the vendor's pages spell them.
//!
//! What is read is tolerant: members may be missing, null or new, flags may come as text and enumerations may have grown. What is
//! sent is strict. Names are those of the vendor's contract.

pub(crate) mod department;
pub(crate) mod employee;
pub(crate) mod power;
pub(crate) mod subscription;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

/// Reads a list that may be missing or null, both of which mean an empty one.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads a flag that may be missing, null, or spelled as text.
pub(crate) fn flag<'de, D>(deserializer: D) -> Result<Option<bool>, D::Error>
where
    D: Deserializer<'de>,
{
    // The vendor's examples show "true" as text in answers too.
    // https://developer.kontur.ru/doc/diadoc-api, UpdateSubscriptions. Checked 2026-11.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Spelled {
        Plain(bool),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Spelled::Plain(flag)) => Ok(Some(flag)),
        Some(Spelled::Text(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(Spelled::Text(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(Spelled::Text(_)) => Err(D::Error::custom("a flag is neither true nor false")),
    }
}

/// A name with a flag beside it: how rights are listed.
#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Action {
    pub(crate) name: String,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) is_allowed: Option<bool>,
}

impl Action {
    /// Returns a right that is given or taken.
    pub(crate) fn new(name: impl Into<String>, is_allowed: bool) -> Self {
        Self {
            name: name.into(),
            is_allowed: Some(is_allowed),
        }
    }

    /// Reports whether the right is given.
    pub(crate) fn allowed(&self) -> bool {
        self.is_allowed == Some(true)
    }
}
