//! Refusals, in the several shapes that the service uses.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::document::answer;

const TITLE: &str = "Error in request processing";

/// What is wrong with a record: messages by `snake_case` attribute, in the order in which they were found.
#[derive(Default)]
pub(super) struct Complaints(Vec<(&'static str, String)>);

impl Complaints {
    pub(super) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push((field, message.into()));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reports whether something is wrong with a field.
    pub(super) fn is_about(&self, field: &str) -> bool {
        self.0.iter().any(|(named, _)| *named == field)
    }

    /// Reports whether something was said.
    pub(super) fn says(&self, message: &str) -> bool {
        self.0.iter().any(|(_, said)| said == message)
    }

    /// Takes one complaint back and reports whether it was there.
    pub(super) fn withdraw(&mut self, field: &str, message: &str) -> bool {
        let before = self.0.len();
        self.0
            .retain(|(named, said)| *named != field || said != message);
        self.0.len() < before
    }

    /// Returns the message that was found first.
    pub(super) fn first(&self) -> Option<&str> {
        self.0.first().map(|(_, message)| message.as_str())
    }

    /// Returns the 422 that lists all of them.
    ///
    /// `status` is a number and `fields` is the service's own member, unlike JSON:API; seen in answers of the live
    /// service. Checked 2026-11.
    pub(super) fn answer(&self) -> Response {
        let mut fields: Map<String, Value> = Map::new();
        for (field, message) in &self.0 {
            let listed = fields.entry(*field).or_insert_with(|| json!([]));
            if let Some(list) = listed.as_array_mut() {
                list.push(json!(message));
            }
        }
        let detail: Vec<&str> = self.0.iter().map(|(_, message)| message.as_str()).collect();
        error(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unprocessable_entity",
            &detail.join(", "),
            &Value::Object(fields),
        )
    }
}

fn error(status: StatusCode, code: &str, detail: &str, fields: &Value) -> Response {
    let error = json!({
        "status": status.as_u16(),
        "code": code,
        "title": TITLE,
        "detail": detail,
        "fields": fields,
    });
    answer(status, &json!({ "errors": [error] }))
}

/// Returns the answer to a write of a record that does not exist.
pub(super) fn not_found(what: &str) -> Response {
    let message = format!("{what} not found");
    error(
        StatusCode::NOT_FOUND,
        "not_found",
        &message,
        &json!({ "base": [message] }),
    )
}

/// Returns the answer to a write that clashes with a record, from an installation that has a status for it.
pub(super) fn conflict(message: &str) -> Response {
    error(
        StatusCode::CONFLICT,
        "conflict",
        message,
        &json!({ "base": [message] }),
    )
}

/// Returns the page that Rails shows when an action breaks down, whatever content type was asked for.
pub(super) fn broken() -> Response {
    let page = "<!DOCTYPE html><html><head><title>We're sorry, but something went wrong (500)</title></head></html>";
    (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
}

/// Returns the answer to a caller whose role does not allow the call.
pub(super) fn forbidden() -> Response {
    let message = "You are not allowed to perform this action";
    error(
        StatusCode::FORBIDDEN,
        "forbidden",
        message,
        &json!({ "base": [message] }),
    )
}

/// Returns the answer to a body that is not JSON at all.
pub(super) fn unreadable() -> Response {
    let message = "The request body could not be parsed";
    error(
        StatusCode::BAD_REQUEST,
        "bad_request",
        message,
        &json!({ "base": [message] }),
    )
}

/// Returns the answer to an API call without an accepted token.
pub(super) fn unauthenticated() -> Response {
    answer(
        StatusCode::UNAUTHORIZED,
        &json!({ "errors": ["You need to sign in or sign up before continuing."] }),
    )
}

/// Returns a refusal of the authentication endpoints.
pub(super) fn auth_refused(status: StatusCode, message: &str) -> Response {
    answer(status, &json!({ "success": false, "errors": [message] }))
}

/// Returns the answer to a path or method that the service does not have.
pub(super) fn no_route() -> Response {
    answer(
        StatusCode::NOT_FOUND,
        &json!({ "status": 404, "error": "Not Found" }),
    )
}
