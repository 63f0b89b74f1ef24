//! One authorised call: its caller, its query, its body, and the answers it can get.

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::body::Message;
use super::company::{Company, UserKey};
use super::proto::Told;
use crate::wire::{Refused, Wire};

/// The form of a message on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Protobuf,
}

/// What a call that succeeded is answered with; the status is always 200.
#[derive(Debug)]
pub(super) enum Answer {
    Message(Box<dyn Told>),
    Nothing,
}

impl Answer {
    pub(super) fn of(message: impl Told + 'static) -> Self {
        Self::Message(Box::new(message))
    }

    /// Writes the answer in the form that was asked for.
    pub(super) fn written(self, form: Form) -> Response {
        let Self::Message(message) = self else {
            return StatusCode::OK.into_response();
        };
        let (kind, body) = match form {
            // No page says how Diadoc calls its protobuf; the vendor's clients do not look. Checked 2026-11.
            Form::Protobuf => ("application/octet-stream", message.protobuf()),
            Form::Json => match message.json() {
                Ok(text) => ("application/json; charset=utf-8", text.into_bytes()),
                Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            },
        };
        ([(header::CONTENT_TYPE, kind)], body).into_response()
    }
}

/// Why a call is not answered: in Diadoc's words, or by strict mode.
#[derive(Debug)]
pub(super) enum Refusal {
    Said(StatusCode, String),
    Undocumented(Refused),
}

impl Refusal {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self::Said(status, text.into())
    }

    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, text)
    }

    pub(super) fn not_found(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }

    pub(super) fn conflict(text: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, text)
    }

    pub(super) fn no_access(box_id: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            format!("Access to Box [{box_id}] is denied"),
        )
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Undocumented(refused)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Said(status, text) => (status, text).into_response(),
            Self::Undocumented(refused) => refused.into_response(),
        }
    }
}

/// The query of a call. Names are matched in any case, and a name without a value was not given.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the query of `uri`, noting names that are not `known` and names given twice.
    pub(super) fn read(wire: &Wire, uri: &Uri, known: &[&str]) -> Result<Self, Refusal> {
        let mut pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Refusal::bad("Could not read the query"))?
            .0;
        for (name, _) in &mut pairs {
            if let Some(right) = known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                *name = (*right).to_owned();
            }
        }
        wire.only_query(&pairs, known)?;
        for name in known {
            if pairs.iter().filter(|(given, _)| given == name).count() > 1 {
                wire.undocumented(format!("query parameter `{name}` is given twice"))?;
            }
        }
        Ok(Self(pairs))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Reads a number within `range`, or the default.
    pub(super) fn number(
        &self,
        name: &str,
        range: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, Refusal> {
        let Some(text) = self.get(name) else {
            return Ok(default);
        };
        text.parse()
            .ok()
            .filter(|number| range.contains(number))
            .ok_or_else(|| Refusal::bad(format!("Parameter {name} is out of range")))
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.get(name) {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::bad(format!("Parameter {name} is not a boolean"))),
        }
    }
}

/// One call whose caller may make it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) caller: UserKey,
    pub(super) wire: Wire,
    pub(super) query: Query,
    pub(super) body: Map<String, Value>,
    /// The type of the body, as Diadoc names it.
    pub(super) kind: &'static str,
    pub(super) now_ms: i64,
}

impl Call {
    pub(super) fn message(&self) -> Message<'_> {
        Message::new(&self.wire, &self.body, self.kind)
    }

    /// Finds the user whom `userId` names, if that user is an employee of the box.
    pub(super) fn subject(&self, company: &Company) -> Result<UserKey, Refusal> {
        let Some(sent) = self.query.get("userId") else {
            return Err(Refusal::bad("Could not get userId from query param"));
        };
        let id = user_id(sent)?;
        company
            .user_by_id(&id)
            .filter(|user| company.employee(*user).is_some())
            .ok_or_else(|| no_employee(company, &id))
    }

    /// Like [`Self::subject`], for calls that an employee without administrator's rights may make too, but
    /// only about themselves.
    pub(super) fn subject_in_reach(&self, company: &Company) -> Result<UserKey, Refusal> {
        let user = self.subject(company)?;
        let leads = company
            .employee(self.caller)
            .is_some_and(|employee| employee.administrator);
        if user == self.caller || leads {
            return Ok(user);
        }
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "Only an administrator may ask about another employee",
        ))
    }
}

pub(super) fn user_id(sent: &str) -> Result<String, Refusal> {
    guid(sent).ok_or_else(|| Refusal::bad(format!("UserId field is not valid user id: {sent}")))
}

pub(super) fn no_employee(company: &Company, user_id: &str) -> Refusal {
    let box_id = &company.box_id;
    Refusal::not_found(format!(
        "Employee [{user_id}] is not found in box [{box_id}]"
    ))
}

/// Returns a GUID, given with or without hyphens, as Diadoc writes it.
pub(super) fn guid(sent: &str) -> Option<String> {
    if !matches!(sent.len(), 32 | 36) {
        return None;
    }
    uuid::Uuid::try_parse(sent).ok().map(|id| id.to_string())
}

/// Reads a box id. The old form `<32 digits>@diadoc.ru` still works outside `/admin/`.
pub(super) fn box_id(wire: &Wire, sent: &str, admin: bool) -> Result<String, Refusal> {
    let invalid = || Refusal::bad(format!("BoxId field is not valid box id: {sent}"));
    let Some(digits) = sent.strip_suffix("@diadoc.ru") else {
        return guid(sent).ok_or_else(invalid);
    };
    wire.undocumented("boxId is not a GUID")?;
    guid(digits).filter(|_| !admin).ok_or_else(invalid)
}
