//! What stands in a configuration and cannot be used, and where.
//!
//! Serde's own errors hold an unknown key only as a part of an English sentence. Here it stays a key, so that the nearest one can be
//! offered and the sentence can be said in the operator's language.

use std::fmt;

use kadry_core::nearest;
use serde::de::{self, Unexpected};
use toml::Spanned;

use super::document::Key;

/// What stands in the configuration and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The text is no TOML.
    NotToml(String),
    /// There is no such key.
    UnknownKey {
        /// The key as it stands there.
        key: String,
        /// The nearest key that exists.
        nearest: Option<String>,
    },
    /// A key that must be there is not.
    MissingKey(String),
    /// A value is not what it should be.
    Wrong(Wanted),
    /// A name cannot be used as one.
    BadName(String),
    /// There is no such kind of platform.
    UnknownKind {
        /// The kind as it stands there.
        kind: String,
        /// The nearest kind that exists.
        nearest: Option<String>,
    },
    /// A role speaks of a platform that is neither configured nor a kind.
    UnknownPlace {
        /// The name as it stands there.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A welcome names something that cannot be filled in.
    UnknownBlank {
        /// The name between the braces.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A secret stands in the configuration itself.
    InlineSecret(String),
    /// A platform that would be reached by plain HTTP over a network.
    PlainHttp(String),
    /// A role that would make an administrator.
    AdministratorRole(String),
    /// What a kind of platform says of its own keys.
    Other(String),
}

/// What a value should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A text.
    Text,
    /// True or false.
    Flag,
    /// A number.
    Number,
    /// A number above zero.
    Positive,
    /// A list.
    List,
    /// A table.
    Table,
    /// A text or a list of texts.
    Names,
    /// A time such as 30 or "30s".
    Duration,
    /// An address of a server.
    Address,
    /// An e-mail address.
    Email,
    /// Where a secret is.
    Source,
    /// A number of people or a percentage.
    Ceiling,
}

impl Wanted {
    /// Returns the word by which the sentences tell them apart.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "flag",
            Self::Number => "number",
            Self::Positive => "positive",
            Self::List => "list",
            Self::Table => "table",
            Self::Names => "names",
            Self::Duration => "duration",
            Self::Address => "address",
            Self::Email => "email",
            Self::Source => "source",
            Self::Ceiling => "ceiling",
        }
    }
}

/// A mistake and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The offset in the text, as far as it is known.
    pub(crate) at: Option<usize>,
    /// What it is.
    pub(crate) what: What,
}

impl Mistake {
    /// Returns a mistake at something that has a place.
    pub(crate) fn at<T>(place: &Spanned<T>, what: What) -> Self {
        Self {
            at: Some(place.span().start),
            what,
        }
    }

    /// Returns a value that is not what it should be.
    pub(crate) fn wrong<T>(place: &Spanned<T>, wanted: Wanted) -> Self {
        Self::at(place, What::Wrong(wanted))
    }

    /// Returns a key that does not exist, with the nearest one that does.
    pub(crate) fn unknown_key<'k>(key: &Key<'_>, known: impl IntoIterator<Item = &'k str>) -> Self {
        let what = What::UnknownKey {
            nearest: nearest(key.get_ref(), known).map(str::to_owned),
            key: key.get_ref().to_string(),
        };
        Self::at(key, what)
    }

    /// Returns the line of the mistake, from 1.
    pub(crate) fn line(&self, text: &str) -> Option<usize> {
        let before = text.as_bytes().get(..self.at?)?;
        Some(1 + before.iter().filter(|byte| **byte == b'\n').count())
    }

    /// Returns the same mistake with a place, unless it has one.
    pub(crate) fn or_at(mut self, at: usize) -> Self {
        self.at.get_or_insert(at);
        self
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.what)
    }
}

impl std::error::Error for Mistake {}

impl de::Error for Mistake {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            at: None,
            what: What::Other(message.to_string()),
        }
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let what = wanted(&expected.to_string())
            .map_or_else(|| What::Other(format!("expected {expected}")), What::Wrong);
        Self { at: None, what }
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        let what = What::UnknownKey {
            key: key.to_owned(),
            nearest: nearest(key, known.iter().copied()).map(str::to_owned),
        };
        Self { at: None, what }
    }

    fn missing_field(key: &'static str) -> Self {
        Self {
            at: None,
            what: What::MissingKey(key.to_owned()),
        }
    }
}

/// Serde tells what it expected in English words of its own.
fn wanted(expected: &str) -> Option<Wanted> {
    if expected.contains("string") {
        Some(Wanted::Text)
    } else if expected == "a boolean" {
        Some(Wanted::Flag)
    } else if ["u64", "u32", "usize", "i64", "f64"].contains(&expected) {
        Some(Wanted::Number)
    } else if expected == "a sequence" {
        Some(Wanted::List)
    } else if expected == "a map" || expected.starts_with("struct ") {
        Some(Wanted::Table)
    } else {
        None
    }
}
