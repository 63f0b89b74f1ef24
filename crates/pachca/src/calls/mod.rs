//! The calls of the API, one file for each noun.

mod ahead;
mod chats;
mod line;
mod messages;
mod properties;
mod statuses;
mod tags;
mod token;
mod users;

use kadry_core::{Employee, Error, ErrorKind, Result};
use kadry_http::Call;

pub(crate) use self::ahead::Ahead;
pub(crate) use self::line::Line;
pub(crate) use self::messages::{Direct, is_same_text};
use crate::map::{self, Viewer};
use crate::wire::page::LIMIT;
use crate::wire::user::User;

/// The API with one token.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) line: Line,
    pub(crate) viewer: Viewer,
    pub(crate) ahead: Ahead,
}

impl Api {
    /// Returns a record as kadry sees it now.
    pub(crate) fn employee(&self, user: &User) -> Employee {
        map::employee(user, self.viewer, self.line.now_ms())
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

pub(crate) fn foreign_cursor() -> Error {
    Error::new(ErrorKind::Invalid, "this is not a cursor of this list")
}

/// Turns the answer that something is not there into none.
pub(crate) fn unless_gone<T>(outcome: Result<T>) -> Result<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}
