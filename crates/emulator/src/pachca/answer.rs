//! Answers: JSON as Pachca writes it, and its two shapes of error.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::limits;
use crate::wire::Refused;

/// What a handler gives: an answer or a failure.
pub(super) type Answered = Result<Response, Failure>;

/// Returns a JSON answer.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    // The vendor's command line takes anything but exactly JSON for text.
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    response
}

/// Returns one object in its envelope.
pub(super) fn data(status: StatusCode, object: &Value) -> Response {
    answer(status, &json!({ "data": object }))
}

/// Returns the empty answer of a change that has nothing to show.
pub(super) fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// One error of an `ApiError`.
#[derive(Debug)]
pub(super) struct Item {
    key: String,
    value: Value,
    code: &'static str,
    payload: Value,
}

/// Why a request is refused.
#[derive(Debug)]
pub(super) enum Failure {
    /// A rule of the platform, answered with an `ApiError`.
    Rule {
        status: StatusCode,
        items: Vec<Item>,
    },
    /// The token, answered with an `OAuthError`.
    Token {
        status: StatusCode,
        error: &'static str,
        description: String,
        scope: Option<&'static str>,
    },
    /// A limit, with the seconds to wait. That of a day is told as JSON, and a frequency to clients that can read nothing else.
    Frequency { wait_s: u64, json: bool },
    /// Strict mode.
    Undocumented(Refused),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Undocumented(refused)
    }
}

impl Failure {
    /// Returns a failure that concerns one field.
    pub(super) fn field(
        status: StatusCode,
        key: &str,
        value: impl Into<Value>,
        code: &'static str,
    ) -> Self {
        let item = Item {
            key: key.to_owned(),
            value: value.into(),
            code,
            payload: Value::Null,
        };
        Self::Rule {
            status,
            items: vec![item],
        }
    }

    /// Returns the failure of a parameter that is missing or makes no sense.
    pub(super) fn bad(key: &str, value: impl Into<Value>, code: &'static str) -> Self {
        Self::field(StatusCode::BAD_REQUEST, key, value, code)
    }

    /// Returns the failure of a value that a rule forbids.
    pub(super) fn unprocessable(key: &str, value: impl Into<Value>, code: &'static str) -> Self {
        Self::field(StatusCode::UNPROCESSABLE_ENTITY, key, value, code)
    }

    /// Returns the failure of a value that another record has already.
    pub(super) fn exists(key: &str, value: impl Into<Value>) -> Self {
        Self::field(StatusCode::CONFLICT, key, value, "already_exists")
    }

    /// Returns the failure of a record that does not exist.
    pub(super) fn not_found() -> Self {
        Self::field(StatusCode::NOT_FOUND, "base", Value::Null, "not_found")
    }

    /// Returns the failure of ids of which some do not exist; there is one item for each.
    pub(super) fn ids_not_found(key: &str, ids: &[i64]) -> Self {
        let items = ids.iter().map(|id| Item {
            key: key.to_owned(),
            value: json!(id.to_string()),
            code: "not_found",
            payload: Value::Null,
        });
        Self::Rule {
            status: StatusCode::NOT_FOUND,
            items: items.collect(),
        }
    }

    /// Returns the failure of a custom property that does not exist.
    pub(super) fn property_not_found(id: i64) -> Self {
        Self::Rule {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            items: vec![Item {
                key: "custom_properties".to_owned(),
                value: Value::Null,
                code: "not_found",
                payload: json!({ "id": id }),
            }],
        }
    }

    /// Returns the refusal of an action that needs no explanation but its code.
    pub(super) fn forbidden(code: &'static str) -> Self {
        Self::field(StatusCode::FORBIDDEN, "base", Value::Null, code)
    }

    /// Returns the refusal of an action on a record by the platform's policy.
    pub(super) fn not_authorized(record: &str, id: i64, query: &str) -> Self {
        Self::Rule {
            status: StatusCode::FORBIDDEN,
            items: vec![Item {
                key: "base".to_owned(),
                value: Value::Null,
                code: "not_authorized",
                payload: json!({ "record": { "type": record, "id": id }, "query": query }),
            }],
        }
    }

    /// Returns the refusal of a missing, unknown or revoked token.
    pub(super) fn invalid_token() -> Self {
        Self::Token {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_token",
            description: "Access token is missing or invalid".to_owned(),
            scope: None,
        }
    }

    /// Returns the refusal of a token that lacks a scope.
    pub(super) fn insufficient_scope(scope: &'static str) -> Self {
        Self::Token {
            status: StatusCode::FORBIDDEN,
            error: "insufficient_scope",
            description: format!("Insufficient scope. Required: {scope}"),
            scope: Some(scope),
        }
    }

    /// Returns the refusal of a token whose owner's present role does not allow its scope.
    pub(super) fn role_forbidden(scope: &'static str) -> Self {
        Self::Token {
            status: StatusCode::FORBIDDEN,
            error: "role_forbidden",
            description: format!("Role does not allow: {scope}"),
            scope: None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Rule { status, items } => {
                let errors: Vec<Value> = items
                    .iter()
                    .map(|item| {
                        json!({
                            "key": item.key, "value": item.value, "message": words(item.code),
                            "code": item.code, "payload": item.payload,
                        })
                    })
                    .collect();
                answer(status, &json!({ "errors": errors }))
            }
            Self::Token {
                status,
                error,
                description,
                scope,
            } => {
                let body = json!({ "error": error, "error_description": description });
                let mut response = answer(status, &body);
                if let Some(scope) = scope
                    && let Ok(challenge) = HeaderValue::try_from(format!(
                        "Bearer error=\"{error}\", error_description=\"{description}\", scope=\"{scope}\""
                    ))
                {
                    response
                        .headers_mut()
                        .insert(header::WWW_AUTHENTICATE, challenge);
                }
                response
            }
            Self::Frequency { wait_s, json } => too_many(wait_s, json),
            Self::Undocumented(refused) => refused.into_response(),
        }
    }
}

/// Returns the answer to a request over a frequency limit. It is plain text, unless a client has to be spared that.
// The vendor's Python SDK reads every 429 as JSON once its retries are used up. pachca-sdk 1.6.1, checked 2026-11.
pub(super) fn too_many(wait_s: u64, json: bool) -> Response {
    if !json {
        return limits::too_many(wait_s);
    }
    let status = StatusCode::TOO_MANY_REQUESTS;
    let failure = Failure::field(status, "base", Value::Null, "rate_limit");
    let mut response = failure.into_response();
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
    response
}

/// Returns the text for people that goes with an error code; production speaks Russian.
fn words(code: &str) -> &'static str {
    match code {
        "access_denied" => "Доступ запрещён",
        "already_exists" => "Такое значение уже существует",
        "blank" | "required" => "Не может быть пустым",
        "already_assigned" => "Это значение уже установлено",
        "cannot_kick_owner" => "Нельзя исключить создателя чата",
        "in" | "inclusion" => "Имеет недопустимое значение",
        "general_limit" | "unique_limit" | "user_limit" => "Слишком много реакций",
        "licenses_limit" => "Превышено число лицензий",
        "message_deleted" => "Сообщение удалено",
        "not_applicable" => "Здесь не имеет смысла",
        "not_authorized" => "Недостаточно прав",
        "not_found" => "Не найдено",
        "owner_protected" => "Данные владельца защищены",
        "personal_chat" => "Недоступно для личного чата",
        "rate_limit" => "Слишком много запросов",
        "self_update" => "Нельзя изменить у самого себя",
        "too_long" => "Слишком длинное значение",
        "use_of_system_words" => "Зарезервированное слово",
        "wrong_emoji" => "Должен быть ровно один эмодзи",
        _ => "Имеет неверное значение",
    }
}
