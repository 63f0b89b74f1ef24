//! The calls of the API, one file for each noun.

mod chats;
mod messages;
mod tags;
mod token;
mod users;

use kadry_core::{Cursor, Error, ErrorKind, Result};
use kadry_http::{Answer, Bearer, Call, Client};
use serde::de::DeserializeOwned;

pub(crate) use self::token::token_info;
use crate::config::GENERAL;
use crate::map::Viewer;
use crate::wire::Envelope;
use crate::wire::page::{LIMIT, Listing};

/// The API with one token.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) client: Client,
    pub(crate) session: Bearer,
    pub(crate) viewer: Viewer,
}

impl Api {
    /// Sends a call that has no budget of its own.
    async fn send(&self, call: Call) -> Result<Answer> {
        self.client
            .send(call.family(GENERAL, ""), &self.session)
            .await
    }

    /// Sends a call and reads the object that it answers.
    async fn one<T: DeserializeOwned>(&self, call: Call) -> Result<T> {
        Ok(self.send(call).await?.json::<Envelope<T>>()?.data)
    }

    /// Reads one page of a list.
    async fn page<T: DeserializeOwned>(
        &self,
        call: Call,
        from: Option<&str>,
    ) -> Result<Listing<T>> {
        self.send(turned(call, from)).await?.json()
    }
}

/// Asks for one page.
fn turned(call: Call, from: Option<&str>) -> Call {
    let call = call.query("limit", LIMIT);
    match from {
        Some(cursor) => call.query("cursor", cursor),
        None => call,
    }
}

/// Returns in which part of a list that is put together from several a cursor is, and the platform's own cursor there.
fn part<'a>(cursor: Option<&'a Cursor>, first: &'a str) -> (&'a str, Option<&'a str>) {
    let Some(cursor) = cursor else {
        return (first, None);
    };
    let (part, from) = cursor.as_str().split_once(':').unwrap_or_default();
    (part, Some(from).filter(|from| !from.is_empty()))
}

/// Returns a cursor into one part of a list that is put together from several.
fn in_part(part: &str, from: Option<&str>) -> Cursor {
    Cursor::new(format!("{part}:{}", from.unwrap_or_default()))
}

fn foreign_cursor() -> Error {
    Error::new(ErrorKind::Invalid, "this is not a cursor of this list")
}

/// Turns the answer that something is not there into none.
fn unless_gone<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_says_in_which_part_of_a_list_it_is() {
        assert_eq!(part(None, "own"), ("own", None));
        for from in [None, Some("c"), Some("a:b")] {
            let cursor = in_part("open", from);
            assert_eq!(part(Some(&cursor), "own"), ("open", from));
        }
    }
}
