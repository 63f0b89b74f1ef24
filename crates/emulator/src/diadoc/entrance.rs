//! What every call goes through before its method runs.

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Map;

use super::Server;
use super::call::{Call, Form, Query, Refusal, box_id};
use super::company::{Company, UserKey};
use super::routes::{Access, Endpoint, find};
use crate::wire::Wire;

/// Longer bodies are refused: no message of this API comes near.
const LONGEST_BODY: usize = 1 << 20;

/// Answers any request under the mount.
pub(super) async fn answer(
    State(server): State<Server>,
    Extension(wire): Extension<Wire>,
    request: Request,
) -> Response {
    let mut response = run(&server, wire, request)
        .await
        .unwrap_or_else(IntoResponse::into_response);
    if let Ok(trace) = server.trace_id().parse() {
        response.headers_mut().insert("x-kontur-trace-id", trace);
    }
    response
}

async fn run(server: &Server, wire: Wire, request: Request) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let endpoint = find(&wire, server.habits, &head.method, head.uri.path())?;
    let account = bearer(&head.headers)
        .and_then(|token| server.identity.account(token))
        .ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "Invalid or expired token"))?;
    let wanted = wanted(&wire, &head.headers)?;
    let query = Query::read(&wire, &head.uri, endpoint.query)?;
    let body = to_bytes(body, LONGEST_BODY)
        .await
        .map_err(|_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long"))?;
    let body = match &endpoint.body {
        Some(kind) => Some((kind, sent_as(&wire, &head.headers)?, body)),
        None => {
            if !body.is_empty() {
                wire.undocumented(format!("{} takes no body", endpoint.path))?;
            }
            None
        }
    };

    let mut company = crate::held(&server.company);
    let caller = company
        .user_by_login(&account)
        .ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "Unknown user"))?;
    admit(&wire, &company, endpoint, &query, caller)?;
    let (kind, body) = match body {
        Some((kind, form, bytes)) => (kind.name, kind.read(&wire, form, &bytes)?),
        None => ("", Map::new()),
    };
    let call = Call {
        caller,
        wire,
        query,
        body,
        kind,
        now_ms: server.clock.now_ms(),
    };
    Ok((endpoint.run)(&mut company, &call)?.written(wanted))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Reads which form is asked for: protobuf, unless it is JSON.
fn wanted(wire: &Wire, headers: &HeaderMap) -> Result<Form, Refusal> {
    let mut others = false;
    for sent in headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
    {
        if is_json_type(sent) {
            return Ok(Form::Json);
        }
        others |= !sent.trim().starts_with("*/*");
    }
    if others {
        wire.undocumented("an `Accept` that is not `application/json`")?;
    }
    Ok(Form::Protobuf)
}

/// Reads in which form a body is sent: one whose type is not said is protobuf.
fn sent_as(wire: &Wire, headers: &HeaderMap) -> Result<Form, Refusal> {
    let Some(sent) = headers.get(header::CONTENT_TYPE) else {
        return Ok(Form::Protobuf);
    };
    if sent.to_str().is_ok_and(is_json_type) {
        return Ok(Form::Json);
    }
    wire.undocumented("a `Content-Type` that is not `application/json`")?;
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "Unsupported content type",
    ))
}

/// Matches by prefix: Diadoc's own pages also write the charset without a semicolon.
fn is_json_type(sent: &str) -> bool {
    const JSON: &str = "application/json";
    sent.trim()
        .get(..JSON.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(JSON))
}

/// Checks the box and the caller's place in it.
fn admit(
    wire: &Wire,
    company: &Company,
    endpoint: &Endpoint,
    query: &Query,
    caller: UserKey,
) -> Result<(), Refusal> {
    if endpoint.access == Access::SignedIn {
        return Ok(());
    }
    let sent = query
        .get("boxId")
        .ok_or_else(|| Refusal::bad("Could not get boxId from query param"))?;
    let box_id = box_id(wire, sent, endpoint.path.starts_with("/admin/"))?;
    let employee = company
        .employee(caller)
        .filter(|employee| box_id == company.box_id && !employee.blocked)
        .ok_or_else(|| Refusal::no_access(&box_id))?;
    if endpoint.access == Access::Administrator && !employee.administrator {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            format!("Only an administrator of Box [{box_id}] may do this"),
        ));
    }
    // Whether this comes before the rights or after them stands on no page, nor does the text. Checked 2026-11.
    if company.subscription_ended {
        return Err(Refusal::new(
            StatusCode::PAYMENT_REQUIRED,
            format!("API subscription of Box [{box_id}] has ended"),
        ));
    }
    Ok(())
}
