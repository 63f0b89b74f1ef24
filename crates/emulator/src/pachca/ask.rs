//! What a request asks: its path, parameters and body, checked against what is documented.

use axum::Extension;
use axum::RequestExt;
use axum::extract::{FromRequest, Multipart, Query, RawPathParams, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::pachca::answer::Failure;
use crate::pachca::moment;
use crate::wire::Wire;

/// The most records on a page.
pub(super) const PAGE: usize = 50;

/// One request.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) wire: Wire,
    pub(super) headers: HeaderMap,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Bytes,
    parts: Vec<(String, Bytes)>,
}

impl<S: Send + Sync> FromRequest<S> for Ask {
    type Rejection = Response;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Response> {
        let Extension(wire) = request
            .extract_parts::<Extension<Wire>>()
            .await
            .map_err(IntoResponse::into_response)?;
        let path = request
            .extract_parts::<RawPathParams>()
            .await
            .map_err(IntoResponse::into_response)?;
        let path = path
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let Query(query) = request
            .extract_parts::<Query<Vec<(String, String)>>>()
            .await
            .map_err(IntoResponse::into_response)?;
        let headers = request.headers().clone();
        let (body, parts) = if is_form(&headers) {
            (Bytes::new(), read_parts(request, state).await?)
        } else {
            let body = Bytes::from_request(request, state).await;
            (body.map_err(IntoResponse::into_response)?, Vec::new())
        };
        Ok(Self {
            wire,
            headers,
            path,
            query,
            body,
            parts,
        })
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE);
    let sent = sent.and_then(|value| value.to_str().ok());
    sent.is_some_and(|sent| sent.starts_with("multipart/form-data"))
}

/// Returns the parts of a form by their names.
async fn read_parts<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Vec<(String, Bytes)>, Response> {
    let mut form = Multipart::from_request(request, state)
        .await
        .map_err(IntoResponse::into_response)?;
    let mut parts = Vec::new();
    while let Some(part) = form
        .next_field()
        .await
        .map_err(IntoResponse::into_response)?
    {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(IntoResponse::into_response)?;
        parts.push((name, bytes));
    }
    Ok(parts)
}

impl Ask {
    /// Returns an id out of the path; what is no number names no record.
    pub(super) fn id(&self, name: &str) -> Result<i64, Failure> {
        self.path
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.parse().ok())
            .ok_or_else(Failure::not_found)
    }

    /// Returns the query of a request that has no body.
    pub(super) fn query(&self, known: &[&str]) -> Result<Params<'_>, Failure> {
        if !self.body.is_empty() || !self.parts.is_empty() {
            self.wire.undocumented("a body where none belongs")?;
        }
        self.wire.only_query(&self.query, known)?;
        Ok(Params { ask: self })
    }

    /// Checks that the request has neither query nor body.
    pub(super) fn bare(&self) -> Result<(), Failure> {
        self.query(&[]).map(|_| ())
    }

    /// Returns a part of the form in the body.
    pub(super) fn part(&self, name: &str) -> Result<Option<&Bytes>, Failure> {
        self.wire.only_query(&self.query, &[])?;
        self.wire
            .only_content_type(&self.headers, "multipart/form-data")?;
        for (known, _) in self.parts.iter().filter(|(known, _)| known != name) {
            self.wire.undocumented(format!("unknown part `{known}`"))?;
        }
        let found = self.parts.iter().find(|(known, _)| known == name);
        Ok(found.map(|(_, bytes)| bytes))
    }

    /// Returns the members of the JSON object in the body.
    pub(super) fn body(&self, known: &[&str]) -> Result<Fields<'_>, Failure> {
        self.wire.only_query(&self.query, &[])?;
        self.wire
            .only_content_type(&self.headers, "application/json")?;
        let body: Value = serde_json::from_slice(&self.body)
            .map_err(|_| Failure::bad("base", Value::Null, "wrong_params"))?;
        let Value::Object(members) = body else {
            return Err(Failure::bad("base", Value::Null, "wrong_params"));
        };
        self.wire.only_members(&members, known, "body")?;
        Ok(Fields {
            wire: &self.wire,
            members,
        })
    }
}

/// The query of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Params<'a> {
    ask: &'a Ask,
}

impl<'a> Params<'a> {
    /// Returns the last value of a parameter.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        let mut all = self.ask.query.iter().rev();
        all.find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Lists the values of an array parameter, written with or without brackets.
    pub(super) fn all(self, name: &str) -> Vec<&'a str> {
        let same = |known: &str| known.strip_suffix("[]").unwrap_or(known) == name;
        let all = self.ask.query.iter();
        all.filter(|(known, _)| same(known))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// Returns a parameter that is true or false.
    pub(super) fn flag(self, name: &str) -> Result<Option<bool>, Failure> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(Failure::bad(name, other, "inclusion")),
        }
    }

    /// Returns a parameter that is a number.
    pub(super) fn number(self, name: &str) -> Result<Option<i64>, Failure> {
        self.get(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| Failure::bad(name, text, "invalid"))
            })
            .transpose()
    }

    /// Lists the ids in an array parameter.
    pub(super) fn ids(self, name: &str) -> Result<Vec<i64>, Failure> {
        let read = |text: &str| {
            text.parse()
                .map_err(|_| Failure::bad(name, text, "invalid"))
        };
        self.all(name).into_iter().map(read).collect()
    }

    /// Returns a parameter that is a moment, in milliseconds since the UNIX epoch.
    pub(super) fn moment(self, name: &str) -> Result<Option<i64>, Failure> {
        self.get(name)
            .map(|text| moment::read(text).ok_or_else(|| Failure::bad(name, text, "invalid")))
            .transpose()
    }

    /// Returns the place of a parameter's value in a list, of which the first is the default.
    pub(super) fn one_of(self, name: &str, values: &[&str]) -> Result<usize, Failure> {
        let Some(text) = self.get(name) else {
            return Ok(0);
        };
        values
            .iter()
            .position(|value| *value == text)
            .ok_or_else(|| Failure::bad(name, text, "inclusion"))
    }

    /// Returns the size of the page, `most` by default. What is out of range is clamped, as production seems to do.
    pub(super) fn limit(self, most: usize) -> Result<usize, Failure> {
        let Some(limit) = self.number("limit")? else {
            return Ok(most);
        };
        match usize::try_from(limit) {
            Ok(fits) if (1..=most).contains(&fits) => Ok(fits),
            _ => {
                self.ask
                    .wire
                    .undocumented(format!("`limit` {limit} is not within 1 to {most}"))?;
                Ok(if limit < 1 { 1 } else { most })
            }
        }
    }
}

/// The members of a JSON object in a body.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pub(super) wire: &'a Wire,
    members: Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Returns the object that a body wraps its parameters in.
    pub(super) fn inside(&mut self, wrapper: &str, known: &[&str]) -> Result<Self, Failure> {
        match self.members.remove(wrapper) {
            Some(Value::Object(members)) => {
                self.wire.only_members(&members, known, wrapper)?;
                Ok(Self {
                    wire: self.wire,
                    members,
                })
            }
            _ => Err(Failure::bad(wrapper, Value::Null, "required")),
        }
    }

    /// Returns a member as it was sent.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Returns a member that is not null. The schema allows null nowhere in a request.
    pub(super) fn present(&self, name: &str) -> Result<Option<&Value>, Failure> {
        match self.members.get(name) {
            Some(Value::Null) => {
                self.wire.undocumented(format!("null in `{name}`"))?;
                Ok(None)
            }
            other => Ok(other),
        }
    }

    /// Returns a text of at most `most` characters.
    pub(super) fn text(&self, name: &str, most: usize) -> Result<Option<String>, Failure> {
        match self.present(name)? {
            None => Ok(None),
            Some(Value::String(text)) if text.chars().count() > most => {
                Err(Failure::unprocessable(name, text.as_str(), "too_long"))
            }
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(Failure::bad(name, other.to_string(), "invalid")),
        }
    }

    /// Returns a member that is true or false.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        match self.present(name)? {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(Failure::bad(name, other.to_string(), "invalid")),
        }
    }

    /// Returns a member that is a number.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Failure> {
        match self.present(name)? {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(Failure::bad(name, value.to_string(), "invalid")),
            },
        }
    }

    /// Returns a member that is a list of ids.
    pub(super) fn ids(&self, name: &str) -> Result<Option<Vec<i64>>, Failure> {
        let Some(value) = self.present(name)? else {
            return Ok(None);
        };
        let ids = value
            .as_array()
            .and_then(|list| list.iter().map(Value::as_i64).collect());
        ids.map(Some)
            .ok_or_else(|| Failure::bad(name, value.to_string(), "invalid"))
    }
}
