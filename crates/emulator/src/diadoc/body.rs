//! Request bodies, in JSON or protobuf. JSON is read with Diadoc's leniency, every use of which is a violation.

use axum::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value};

use super::call::{Form, Refusal};
use super::company::Level;
use super::proto::sent::{self, Read};
use crate::wire::Wire;

/// One message of a request body, or one nested in it.
#[derive(Debug)]
pub(super) struct Message<'a> {
    wire: &'a Wire,
    object: &'a Map<String, Value>,
    /// The type of the whole body, which Diadoc names when it cannot read it.
    kind: &'a str,
    /// Where this message lies in the body, for the notes.
    at: String,
}

impl<'a> Message<'a> {
    pub(super) fn new(wire: &'a Wire, object: &'a Map<String, Value>, kind: &'a str) -> Self {
        Self {
            wire,
            object,
            kind,
            at: kind.to_owned(),
        }
    }

    /// Notes members that are not `known`, or known ones in another case.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        for name in self.object.keys() {
            if known.contains(&name.as_str()) {
                continue;
            }
            let at = &self.at;
            match known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                Some(right) => self
                    .wire
                    .undocumented(format!("{at}.{right} is written {name}"))?,
                None => self
                    .wire
                    .undocumented(format!("{at} has no member {name}"))?,
            }
        }
        Ok(())
    }

    /// Notes that a member which the contract demands is missing; Diadoc takes the default of its type.
    pub(super) fn missing(&self, name: &str) -> Result<(), Refusal> {
        Ok(self
            .wire
            .undocumented(format!("{}.{name} is required", self.at))?)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.unreadable()),
        }
    }

    pub(super) fn required_text(&self, name: &str) -> Result<&'a str, Refusal> {
        if let Some(text) = self.text(name)? {
            return Ok(text);
        }
        self.missing(name)?;
        Ok("")
    }

    pub(super) fn required_flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.value(name) {
            None => {
                self.missing(name)?;
                Ok(false)
            }
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => {
                self.lenient(name, "a string instead of a boolean")?;
                Ok(true)
            }
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => {
                self.lenient(name, "a string instead of a boolean")?;
                Ok(false)
            }
            Some(_) => Err(self.unreadable()),
        }
    }

    /// Reads `DocumentAccessLevel`.
    pub(super) fn level(&self) -> Result<Level, Refusal> {
        const NAME: &str = "DocumentAccessLevel";
        match self.value(NAME) {
            None => {
                self.missing(NAME)?;
                Ok(Level::DepartmentOnly)
            }
            Some(Value::Number(number)) => {
                let level = number
                    .as_u64()
                    .and_then(|number| usize::try_from(number).ok())
                    .and_then(|number| Level::ALL.get(number))
                    .ok_or_else(|| self.unreadable())?;
                self.lenient(NAME, "a number instead of a name")?;
                Ok(*level)
            }
            Some(Value::String(name)) => {
                if let Some(level) = Level::named(name) {
                    return Ok(level);
                }
                let level = Level::ALL
                    .into_iter()
                    .find(|level| level.name().eq_ignore_ascii_case(name))
                    .ok_or_else(|| self.unreadable())?;
                self.lenient(NAME, "a name in another case")?;
                Ok(level)
            }
            Some(_) => Err(self.unreadable()),
        }
    }

    pub(super) fn message(&self, name: &str) -> Result<Option<Self>, Refusal> {
        self.value(name)
            .map(|value| self.nested(value, name))
            .transpose()
    }

    /// Reads a list of messages; an absent list is an empty one.
    pub(super) fn messages(&self, name: &str) -> Result<Vec<Self>, Refusal> {
        self.list(name)?
            .iter()
            .map(|value| self.nested(value, name))
            .collect()
    }

    /// Reads a list of strings; an absent list is an empty one.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&'a str>, Refusal> {
        self.list(name)?
            .iter()
            .map(|value| value.as_str().ok_or_else(|| self.unreadable()))
            .collect()
    }

    /// Notes a trait of this message that the contract does not have.
    pub(super) fn undocumented(&self, what: &str) -> Result<(), Refusal> {
        Ok(self.wire.undocumented(format!("{}: {what}", self.at))?)
    }

    fn nested(&self, value: &'a Value, name: &str) -> Result<Self, Refusal> {
        Ok(Self {
            wire: self.wire,
            object: value.as_object().ok_or_else(|| self.unreadable())?,
            kind: self.kind,
            at: format!("{}.{name}", self.at),
        })
    }

    fn list(&self, name: &str) -> Result<&'a [Value], Refusal> {
        match self.value(name) {
            None => Ok(&[]),
            Some(Value::Array(values)) => Ok(values),
            Some(_) => Err(self.unreadable()),
        }
    }

    /// Finds a member in any case; `null` is the same as absent.
    fn value(&self, name: &str) -> Option<&'a Value> {
        let found = self.object.get(name).or_else(|| {
            self.object
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    fn lenient(&self, name: &str, what: &str) -> Result<(), Refusal> {
        Ok(self
            .wire
            .undocumented(format!("{}.{name} is {what}", self.at))?)
    }

    pub(super) fn unreadable(&self) -> Refusal {
        unreadable(self.kind)
    }
}

/// A body that a method takes.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its type, as Diadoc names it.
    pub(super) name: &'static str,
    protobuf: fn(&[u8]) -> Option<Read>,
}

impl Kind {
    pub(super) const fn of<M: prost::Message + Default + Serialize>(name: &'static str) -> Self {
        Self {
            name,
            protobuf: sent::read::<M>,
        }
    }

    /// Reads a body in the form in which it was sent.
    pub(super) fn read(
        &self,
        wire: &Wire,
        form: Form,
        body: &[u8],
    ) -> Result<Map<String, Value>, Refusal> {
        match form {
            Form::Json => parse(wire, body, self.name),
            Form::Protobuf => {
                let name = self.name;
                let read = (self.protobuf)(body).ok_or_else(|| unreadable(name))?;
                if read.has_more {
                    wire.undocumented(format!("{name} has more than its members"))?;
                }
                Ok(read.members)
            }
        }
    }
}

/// Parses a body of type `kind`, forgiving trailing commas as Json.NET does.
fn parse(wire: &Wire, body: &[u8], kind: &str) -> Result<Map<String, Value>, Refusal> {
    if let Ok(object) = serde_json::from_slice(body) {
        return Ok(object);
    }
    let text = std::str::from_utf8(body).map_err(|_| unreadable(kind))?;
    let object =
        serde_json::from_str(&without_trailing_commas(text)).map_err(|_| unreadable(kind))?;
    wire.undocumented(format!("{kind} has trailing commas"))?;
    Ok(object)
}

fn unreadable(kind: &str) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        format!("Can't deserialize request body into type: {kind}"),
    )
}

fn without_trailing_commas(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for (at, symbol) in text.char_indices() {
        if in_string {
            in_string = escaped || symbol != '"';
            escaped = !escaped && symbol == '\\';
        } else if symbol == '"' {
            in_string = true;
        } else if symbol == ',' && text[at + 1..].trim_start().starts_with(['}', ']']) {
            continue;
        }
        kept.push(symbol);
    }
    kept
}
