//! What is said of a name that nothing bears, or several things do.

use std::fmt;

use crate::error::{Error, ErrorKind};
use crate::fold::nearest_few;

/// How many of the nearest names are told.
const TOLD: usize = 3;

/// A kind of things that people name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thing<'a> {
    /// What it is, such as `tag`; sentences are made of it elsewhere.
    pub kind: &'static str,
    /// The command that lists all of them, without the name of the program.
    pub list: &'a str,
}

impl Thing<'_> {
    /// Says that nothing bears a name or an id, which of the names are nearest to it, and what lists them all.
    pub fn none<'n>(self, typed: &str, names: impl IntoIterator<Item = &'n str>) -> Error {
        let error = self.about(ErrorKind::NotFound, "nothing has this name or id", typed);
        let near = nearest_few(typed, names, TOLD);
        if near.is_empty() {
            return error;
        }
        error.with("near", near.join(", "))
    }

    /// Says that several things bear a name, and which.
    pub fn several<I: fmt::Display>(self, typed: &str, ids: impl IntoIterator<Item = I>) -> Error {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        let message = "several things have this name; say which one by its id";
        self.about(ErrorKind::Conflict, message, typed)
            .with("ids", ids.join(", "))
    }

    fn about(self, kind: ErrorKind, message: &str, typed: &str) -> Error {
        Error::new(kind, message)
            .with("thing", self.kind)
            .with("typed", typed.trim())
            .with("see", self.list)
    }
}
