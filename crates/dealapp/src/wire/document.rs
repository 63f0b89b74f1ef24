//! The JSON:API document that every answer is.

use std::collections::BTreeMap;

use kadry_core::Known;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::organisation::Named;
use super::read;

/// One page of a list.
///
/// `data` must be there: a page without it would read as "nobody", and nobody is what makes a second record.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "A: Deserialize<'de> + Default"))]
pub(crate) struct Listing<A> {
    pub(crate) data: Vec<Resource<A>>,
    #[serde(default, deserialize_with = "read::or_default")]
    pub(crate) included: Vec<Resource<Named>>,
    #[serde(default, deserialize_with = "read::or_default")]
    pub(crate) meta: Meta,
}

/// One page of a list whose rows stay as they came.
#[derive(Debug, Deserialize)]
pub(crate) struct RawListing {
    pub(crate) data: Vec<Value>,
    #[serde(default, deserialize_with = "read::or_default")]
    pub(crate) included: Vec<Value>,
    #[serde(default, deserialize_with = "read::or_default")]
    pub(crate) meta: Meta,
}

/// One record, as writes answer it. Its members may all be missing.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "A: Deserialize<'de> + Default"))]
pub(crate) struct Single<A> {
    #[serde(default)]
    pub(crate) data: Option<Resource<A>>,
}

/// One record of any type.
#[derive(Clone, Debug, Deserialize)]
#[serde(bound(deserialize = "A: Deserialize<'de> + Default"))]
pub(crate) struct Resource<A> {
    #[serde(deserialize_with = "id")]
    pub(crate) id: String,
    #[serde(default, rename = "type", deserialize_with = "read::text")]
    pub(crate) kind: Option<String>,
    #[serde(default, deserialize_with = "read::or_default")]
    pub(crate) attributes: A,
    #[serde(default, deserialize_with = "read::or_default")]
    relationships: BTreeMap<String, Value>,
}

/// What a list says about its length.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Meta {
    #[serde(
        default,
        rename = "total-pages",
        alias = "total_pages",
        deserialize_with = "read::count"
    )]
    pub(crate) total_pages: Option<u64>,
    #[serde(
        default,
        rename = "total-count",
        alias = "total_count",
        deserialize_with = "read::count"
    )]
    pub(crate) total_count: Option<u64>,
}

impl<A> Resource<A> {
    /// Returns the id of the one record that this one is related to under a name.
    pub(crate) fn related(&self, name: &str) -> Known<String> {
        match self
            .relationships
            .get(name)
            .and_then(|relation| relation.get("data"))
        {
            None => Known::Hidden,
            Some(Value::Null) => Known::Empty,
            Some(other) => other
                .get("id")
                .cloned()
                .and_then(read::as_text)
                .map_or(Known::Hidden, Known::Value),
        }
    }
}

fn id<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    read::text(from)?
        .filter(|id| !id.is_empty())
        .ok_or_else(|| D::Error::custom("a record without an id"))
}
