//! Operations that only one platform has, as a table: the commands, the journal and the documentation are made from its rows.
//!
//! A reading operation gives rows page by page. A writing one goes the way of every change: it is resolved into single changes, each is
//! looked at, shown, journaled, sent once, looked at again, and taken back by another call of the same table.

mod back;
mod meant;
mod table;
mod tree;
mod unknown;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::brake::Brake;
use crate::employee::EmployeeRef;
use crate::error::{Error, ErrorKind, Result};
use crate::page::{Cursor, Page};
use crate::provider::Look;

pub use self::back::{Back, Rest, StillStands};
pub use self::meant::meant;
pub use self::table::{noun_faults, table_faults};
pub use self::tree::{Above, Branch, Reshape, Tree, TreeRules};
pub use self::unknown::Thing;

/// A sentence in the languages of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// In English.
    pub en: &'static str,
    /// In Russian.
    pub ru: &'static str,
}

/// What an argument may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A moment, as RFC 3339 spells it.
    Moment,
    /// Somebody: the platform's id of a record, or an e-mail. The backend is given the id.
    Person,
    /// The same where another argument says so; else any text.
    PersonIf {
        /// The other argument.
        argument: &'static str,
        /// What it says then.
        is: &'static str,
    },
    /// The path of a file, whose content is sent.
    File,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// One argument of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name, as the vendor spells it.
    pub name: &'static str,
    /// What it may hold.
    pub takes: Takes,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it may be given several times.
    pub many: bool,
    /// One sentence of help.
    pub help: Sentence,
}

impl Parameter {
    /// Reports whether its values name people in a call.
    #[must_use]
    pub fn names_people(&self, call: &NativeCall) -> bool {
        match self.takes {
            Takes::Person => true,
            Takes::PersonIf { argument, is } => call.one(argument) == Some(is),
            Takes::Text
            | Takes::Number
            | Takes::Flag
            | Takes::Moment
            | Takes::File
            | Takes::OneOf(_) => false,
        }
    }
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// It lists rows, page by page.
    Lists {
        /// The columns of the table, each the path of a value in a row, its parts separated by dots.
        columns: &'static [&'static str],
    },
    /// It shows one thing.
    Shows,
    /// It changes something.
    Writes {
        /// The kinds of change that it counts under, for each of the people whom it is about or concerns.
        brakes: &'static [Brake],
    },
}

/// One operation: its command, its documentation and its step in the journal are made from this row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// What it is about, such as `tags`.
    pub noun: &'static str,
    /// What it does, such as `rename`.
    pub verb: &'static str,
    /// Its arguments.
    pub parameters: &'static [Parameter],
    /// One sentence of help.
    pub help: Sentence,
    /// A command that works, without the name of the program.
    pub example: &'static str,
    /// The method and path that it calls, as the vendor spells them, such as `PUT /group_tags/{id}`.
    pub endpoint: &'static str,
    /// What it does.
    pub does: Does,
}

impl Operation {
    /// Returns the noun and the verb.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.noun, self.verb)
    }

    /// Reports whether it changes anything.
    #[must_use]
    pub const fn writes(&self) -> bool {
        matches!(self.does, Does::Writes { .. })
    }
}

/// What operations are about, in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noun {
    /// The name, as the operations have it.
    pub name: &'static str,
    /// One sentence about what it is, and what it is for.
    pub help: Sentence,
}

/// How sure we are of what an endpoint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The vendor's documents say so.
    Documented,
    /// It was seen at the vendor's service or in its own clients.
    Observed,
    /// It follows from the rest; sent only where the configuration asks for it.
    Inferred,
}

/// One endpoint that a backend calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The method and path, as the vendor spells them, such as `PUT /group_tags/{id}`.
    pub name: &'static str,
    /// What kadry uses it for, in a few words.
    pub used_for: &'static str,
    /// The page of the vendor that describes it.
    pub source: &'static str,
    /// How sure we are of it.
    pub evidence: Evidence,
    /// The test that covers it: its file, and its name after two colons.
    pub test: &'static str,
}

/// One call of an operation. Data: it is shown, journaled and sent as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NativeCall {
    /// The noun and verb of the operation.
    pub operation: String,
    /// Its arguments, as they were typed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, Vec<String>>,
}

impl NativeCall {
    /// Returns a call without arguments.
    pub fn new(operation: impl Into<String>) -> Self {
        Self {
            operation: operation.into(),
            arguments: BTreeMap::new(),
        }
    }

    /// Adds a value to an argument.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.arguments
            .entry(name.into())
            .or_default()
            .push(value.into());
        self
    }

    /// Returns the values of an argument; nothing when it was not given.
    #[must_use]
    pub fn all(&self, name: &str) -> &[String] {
        self.arguments.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the first value of an argument.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }

    /// Returns the value of an argument without which nothing can be called.
    ///
    /// # Errors
    ///
    /// `Invalid` when it was not given.
    pub fn required(&self, name: &'static str) -> Result<&str> {
        self.one(name).ok_or_else(|| {
            Error::new(ErrorKind::Invalid, "an argument is missing").with("argument", name)
        })
    }

    /// Returns a whole number; none when it was not given.
    ///
    /// # Errors
    ///
    /// `Invalid` when it is no number.
    pub fn number(&self, name: &'static str) -> Result<Option<i64>> {
        let read = |text: &str| {
            text.parse().map_err(|_| {
                Error::new(ErrorKind::Invalid, "an argument is not a whole number")
                    .with("argument", name)
            })
        };
        self.one(name).map(read).transpose()
    }

    /// Returns a flag; none when it was not given.
    ///
    /// # Errors
    ///
    /// `Invalid` when it is neither `true` nor `false`.
    pub fn flag(&self, name: &'static str) -> Result<Option<bool>> {
        let read = |text: &str| {
            text.parse().map_err(|_| {
                Error::new(ErrorKind::Invalid, "an argument is neither true nor false")
                    .with("argument", name)
            })
        };
        self.one(name).map(read).transpose()
    }
}

impl fmt::Display for NativeCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        for (name, values) in &self.arguments {
            for value in values {
                write!(f, " --{name} {}", quoted(value))?;
            }
        }
        Ok(())
    }
}

/// A value as a shell takes it: in quotes where blanks would take it apart.
fn quoted(value: &str) -> Cow<'_, str> {
    if value.is_empty() || value.contains(|letter: char| letter.is_whitespace() || letter == '\'') {
        format!("'{}'", value.replace('\'', r"'\''")).into()
    } else {
        value.into()
    }
}

/// The operations that only one platform has.
///
/// Whoever calls it has checked the call against the row: every required argument is there, and each holds what the row says.
#[async_trait]
pub trait Native: fmt::Debug + Send + Sync {
    /// Lists the operations.
    fn operations(&self) -> &'static [Operation];

    /// Returns one page of what a reading operation gives: the rows of a list, or the one thing that is shown. Rows stay as the platform
    /// sent them.
    ///
    /// # Errors
    ///
    /// `Unsupported` for an unknown operation, `NotFound` for a thing that is not there, and the errors of any request.
    async fn read(&self, call: &NativeCall, from: Option<&Cursor>) -> Result<Page<Value>>;

    /// Returns the single changes that a writing call stands for, each of which is one request: names have become ids, and one that is
    /// about many has become one for each.
    ///
    /// # Errors
    ///
    /// `NotFound` for a name that nothing bears, `Conflict` for one that several do, and the errors of any request.
    async fn resolve(&self, call: &NativeCall) -> Result<Vec<NativeCall>>;

    /// Returns what a single change is about, as it is now; null where nothing is there.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn look(&self, call: &NativeCall) -> Result<Value>;

    /// Returns the thing that a single change is about, by the platform's id of it: no two changes of the same thing are made at the same
    /// time. What is only about to be made is the call itself. Asks nobody.
    fn thing(&self, call: &NativeCall) -> String;

    /// Returns whom a single change of a thing concerns: who gets or loses something by it, or is told something. Nobody where it changes
    /// what nobody has, such as a name. Never asked about a change of somebody.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn concerns(&self, call: &NativeCall) -> Result<Vec<EmployeeRef>>;

    /// Says whether what a single change leads to is there. `before` is what was there before it was sent, where it was sent. Asks nobody.
    fn stands(&self, call: &NativeCall, before: Option<&Value>, now: &Value) -> Look;

    /// Reports whether somebody may sign no more after a single change, from what [`Native::look`] showed of it; where nothing was looked
    /// at yet, whether they may not. Asks nobody.
    fn takes_signing(&self, call: &NativeCall, now: Option<&Value>) -> bool {
        let _ = (call, now);
        false
    }

    /// Makes a single change and returns what the platform answered.
    ///
    /// # Repeats
    ///
    /// As the endpoint of the operation does; whoever is in doubt looks first.
    ///
    /// # Errors
    ///
    /// `Unsupported` for an unknown operation, and the errors of any request.
    async fn write(&self, call: &NativeCall) -> Result<Value>;

    /// Returns what takes a single change back, from what was there before it and what the platform answered, or what a look shows where
    /// the answer was lost: as much as can be given back, and what cannot. Asks nobody.
    fn back(&self, call: &NativeCall, before: &Value, after: &Value) -> Back;

    /// Returns the arguments of a single change that may stand without each other, those that go together in one group, so that each
    /// group can be taken back by itself.
    fn apart(&self, call: &NativeCall) -> &'static [&'static [&'static str]] {
        let _ = call;
        &[]
    }

    /// Returns what speaks against a single change that was not sent yet, from what [`Native::look`] showed of it: what it is about is not
    /// there, or the platform would say yes and do nothing. Asks nobody.
    fn refuses(&self, call: &NativeCall, now: &Value) -> Option<Error> {
        let _ = (call, now);
        None
    }

    /// Returns what a single change left undone although it is made, from what the platform answered, or what a look shows where the
    /// answer was lost; none where it left nothing. Asks nobody.
    fn rest(&self, call: &NativeCall, before: &Value, after: &Value) -> Option<Rest> {
        let _ = (call, before, after);
        None
    }

    /// Returns what many single changes are about, each as [`Native::look`] would, where the platform shows them faster together than one
    /// by one; none where it does not.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn look_at_all(&self, calls: &[NativeCall]) -> Result<Option<Vec<Value>>> {
        let _ = calls;
        Ok(None)
    }

    /// Returns the tree of departments that the platform has; none where it has none.
    fn tree(&self) -> Option<&dyn Tree> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_as_what_they_hold() -> Result<()> {
        let call = NativeCall::new("chats add")
            .with("id", "5")
            .with("user_ids", "1")
            .with("user_ids", "2")
            .with("silent", "true");
        assert_eq!(call.number("id")?, Some(5));
        assert_eq!(call.number("limit")?, None);
        assert_eq!(call.flag("silent")?, Some(true));
        assert_eq!(call.all("user_ids"), ["1", "2"]);
        assert_eq!(call.required("id")?, "5");
        assert_eq!(
            call.to_string(),
            "chats add --id 5 --silent true --user_ids 1 --user_ids 2"
        );
        let named = NativeCall::new("chats create").with("name", "Отдел 'Юг'");
        assert_eq!(named.to_string(), r"chats create --name 'Отдел '\''Юг'\'''");
        Ok(())
    }

    #[test]
    fn an_argument_that_is_missing_or_unreadable_is_named() {
        let call = NativeCall::new("chats add")
            .with("id", "five")
            .with("silent", "да");
        let of = |error: Option<Error>| error.map(|error| (error.kind(), error.context().to_vec()));
        for (error, name) in [
            (call.required("name").err(), "name"),
            (call.number("id").err(), "id"),
            (call.flag("silent").err(), "silent"),
        ] {
            let expected = vec![("argument", name.to_owned())];
            assert_eq!(of(error), Some((ErrorKind::Invalid, expected)));
        }
    }
}
