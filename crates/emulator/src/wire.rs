//! One request that is being answered, and what was wrong with it.

use std::sync::{Arc, Mutex};

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

use crate::held;

/// One request that is being answered. The recording layer puts it into the request's extensions.
#[derive(Clone, Debug)]
pub struct Wire {
    seq: u64,
    strict: bool,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    pub(crate) fn new(seq: u64, strict: bool) -> Self {
        Self {
            seq,
            strict,
            notes: Arc::default(),
        }
    }

    /// Returns the number that this request has in the log.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Reports whether undocumented requests are refused.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        self.strict
    }

    /// Records an undocumented trait of the request; must be called before the request has any effect.
    ///
    /// # Errors
    /// In strict mode always: the request is to be answered with the refusal.
    pub fn undocumented(&self, what: impl Into<String>) -> Result<(), Refused> {
        let what = what.into();
        held(&self.notes).push(what.clone());
        if self.strict {
            Err(Refused { what })
        } else {
            Ok(())
        }
    }

    /// Records every query parameter whose name is not in `known`.
    ///
    /// # Errors
    /// In strict mode, on the first such parameter.
    pub fn only_query(&self, query: &[(String, String)], known: &[&str]) -> Result<(), Refused> {
        for (name, _) in query {
            if !known.contains(&name.as_str()) {
                self.undocumented(format!("unknown query parameter `{name}`"))?;
            }
        }
        Ok(())
    }

    /// Records every member of the JSON object at `at` whose name is not in `known`.
    ///
    /// # Errors
    /// In strict mode, on the first such member.
    pub fn only_members(
        &self,
        object: &Map<String, Value>,
        known: &[&str],
        at: &str,
    ) -> Result<(), Refused> {
        for name in object.keys() {
            if !known.contains(&name.as_str()) {
                self.undocumented(format!("unknown member `{name}` in `{at}`"))?;
            }
        }
        Ok(())
    }

    /// Records a body whose `Content-Type` is not the media type `wanted`; parameters such as the charset are free.
    ///
    /// # Errors
    /// In strict mode, when it differs or is missing.
    pub fn only_content_type(&self, headers: &HeaderMap, wanted: &str) -> Result<(), Refused> {
        let sent = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let essence = sent.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case(wanted) {
            return Ok(());
        }
        self.undocumented(format!("content type `{essence}` instead of `{wanted}`"))
    }

    /// Returns all that was recorded so far as one line.
    pub(crate) fn violation(&self) -> Option<String> {
        let notes = held(&self.notes);
        (!notes.is_empty()).then(|| notes.join("; "))
    }
}

/// The answer of strict mode to an undocumented request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    what: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = format!("Refused, this is not documented: {}\n", self.what);
        (StatusCode::BAD_REQUEST, body).into_response()
    }
}
