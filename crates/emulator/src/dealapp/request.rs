//! One request as Rails would hand it to an action: headers, decoded query, flat JSON body.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Query, Request};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::errors;
use super::session::{Shown, Span};
use super::state::Shared;
use crate::wire::{Refused, Wire};

const JSON: &str = "application/json";

/// What a member of a request body holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Id,
    Flag,
}

/// One documented member of a request body.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    /// Whether an explicit `null` clears it.
    pub(super) clears: bool,
}

impl Member {
    pub(super) const fn new(name: &'static str, holds: Holds, clears: bool) -> Self {
        Self {
            name,
            holds,
            clears,
        }
    }

    fn fits(&self, sent: &Value) -> bool {
        match sent {
            Value::Null => self.clears,
            Value::Bool(_) => self.holds == Holds::Flag,
            Value::String(text) => match self.holds {
                Holds::Text => true,
                Holds::Id => is_canonical_uuid(text),
                Holds::Flag => false,
            },
            Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
        }
    }
}

fn is_canonical_uuid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok_and(|id| id.to_string() == text)
}

/// Returns the text that Rails makes of a sent value: `None` inside for null, nothing for lists and objects, which are
/// not permitted where a scalar is.
pub(super) fn cast_text(sent: &Value) -> Option<Option<String>> {
    match sent {
        Value::Null => Some(None),
        Value::String(text) => Some(Some(text.clone())),
        Value::Bool(_) | Value::Number(_) => Some(Some(sent.to_string())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns the boolean that Rails makes of a sent value; null and the empty string are none.
pub(super) fn cast_flag(sent: &Value) -> Option<bool> {
    const FALSE: &[&str] = &[
        "0", "f", "F", "false", "FALSE", "False", "off", "OFF", "Off",
    ];
    let text = cast_text(sent)??;
    (!text.is_empty()).then(|| !FALSE.contains(&text.as_str()))
}

/// One request that is being answered.
pub(super) struct Call {
    pub(super) wire: Wire,
    pub(super) body: Map<String, Value>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    start_ms: i64,
}

impl Call {
    /// Records every query parameter that is not documented.
    pub(super) fn only_query(&self, known: &[&str]) -> Result<(), Refused> {
        self.wire.only_query(&self.query, known)
    }

    /// Records every member of the body that is not documented, or not in the documented form.
    pub(super) fn only_members(&self, members: &[Member]) -> Result<(), Refused> {
        let names: Vec<&str> = members.iter().map(|member| member.name).collect();
        self.wire.only_members(&self.body, &names, "body")?;
        for member in members {
            if self
                .body
                .get(member.name)
                .is_some_and(|sent| !member.fits(sent))
            {
                self.wire
                    .undocumented(format!("`{}` is not of the documented type", member.name))?;
            }
        }
        Ok(())
    }

    /// Returns a query parameter; of several with one name the last counts.
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(sent, _)| sent == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the values of a list filter in all of its spellings; a blank list is no filter.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        let spellings = [
            name.to_owned(),
            format!("filters[{name}]"),
            format!("filters[{name}][]"),
        ];
        let values: Vec<String> = self
            .query
            .iter()
            .filter(|(sent, _)| spellings.contains(sent))
            .flat_map(|(_, value)| value.split(','))
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect();
        (!values.is_empty()).then_some(values)
    }

    /// Returns the credentials that came along, or nothing if one is missing.
    ///
    /// `Authorization: Bearer` stands in for what the separate headers lack: seen to work in production. Checked 2026-11.
    pub(super) fn shown(&self) -> Option<Shown> {
        let bearer = self.bearer().unwrap_or_default();
        let one = |name: &str| {
            let header = self.header(name).map(str::to_owned);
            let value = header.or_else(|| Some(bearer.get(name)?.as_str()?.to_owned()))?;
            (!value.is_empty()).then_some(value)
        };
        Some(Shown {
            uid: one("uid")?,
            client: one("client")?,
            token: one("access-token")?,
        })
    }

    fn bearer(&self) -> Option<Map<String, Value>> {
        let encoded = self.header("authorization")?.strip_prefix("Bearer ")?;
        serde_json::from_slice(&STANDARD.decode(encoded.trim()).ok()?).ok()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    /// Returns the time of this request, given that its action has ended now.
    pub(super) fn span(&self, now_ms: i64) -> Span {
        Span {
            start_ms: self.start_ms,
            now_ms,
            unbatch: self.param("unbatch").is_some(),
        }
    }
}

impl FromRequest<Shared> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, shared: &Shared) -> Result<Self, Response> {
        let start_ms = shared.now_ms();
        let (mut parts, body) = request.into_parts();
        let Extension(wire) = Extension::<Wire>::from_request_parts(&mut parts, shared)
            .await
            .map_err(IntoResponse::into_response)?;
        let Query(query) = Query::try_from_uri(&parts.uri).map_err(IntoResponse::into_response)?;
        let headers = parts.headers.clone();
        if headers.contains_key(header::COOKIE) {
            wire.undocumented("a cookie")
                .map_err(IntoResponse::into_response)?;
        }
        let body = if parts.method == Method::POST || parts.method == Method::PUT {
            let bytes = Bytes::from_request(Request::from_parts(parts, body), shared)
                .await
                .map_err(IntoResponse::into_response)?;
            let body = read_body(&wire, &headers, &bytes).map_err(IntoResponse::into_response)?;
            let unwraps = shared.lock().habits.unwraps_bodies;
            if unwraps {
                unwrapped(&wire, body).map_err(IntoResponse::into_response)?
            } else {
                body
            }
        } else {
            Map::new()
        };
        Ok(Self {
            wire,
            body,
            query,
            headers,
            start_ms,
        })
    }
}

/// Takes the members out of a body that holds them one or two levels down.
fn unwrapped(wire: &Wire, mut body: Map<String, Value>) -> Result<Map<String, Value>, Refused> {
    for name in ["user", "unit", "data"] {
        let Some(Value::Object(mut inner)) = body.remove(name) else {
            continue;
        };
        wire.undocumented("a wrapped body")?;
        if name == "data" {
            let Some(Value::Object(attributes)) = inner.remove("attributes") else {
                return Ok(Map::new());
            };
            inner = attributes;
        }
        return Ok(inner
            .into_iter()
            .map(|(name, value)| (name.replace('-', "_"), value))
            .collect());
    }
    Ok(body)
}

/// Why a body is not read at all.
enum Unread {
    Refused(Refused),
    Broken,
}

impl From<Refused> for Unread {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl IntoResponse for Unread {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refused) => refused.into_response(),
            Self::Broken => errors::unreadable(),
        }
    }
}

/// Reads a JSON object.
///
/// Anything else is what Rails makes of it: another content type leaves no parameters, and neither does JSON that is not
/// an object; broken JSON is refused.
fn read_body(wire: &Wire, headers: &HeaderMap, bytes: &[u8]) -> Result<Map<String, Value>, Unread> {
    wire.only_content_type(headers, JSON)?;
    let sent = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let is_json = sent
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(JSON));
    if !is_json || bytes.is_empty() {
        return Ok(Map::new());
    }
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        wire.undocumented("a body that is not JSON")?;
        return Err(Unread::Broken);
    };
    if let Value::Object(members) = value {
        return Ok(members);
    }
    wire.undocumented("a body that is not an object")?;
    Ok(Map::new())
}
