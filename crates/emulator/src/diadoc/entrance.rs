//! What every call goes through before its method runs.

use axum::Extension;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Map;

use super::call::{Answer, Call, Query, Refusal, box_id};
use super::company::{Company, UserKey};
use super::routes::{Access, Endpoint, find};
use super::{Server, body};
use crate::wire::Wire;

/// Longer bodies are refused: no message of this API comes near.
const LONGEST_BODY: usize = 1 << 20;

/// Answers any request under the mount.
pub(super) async fn answer(
    State(server): State<Server>,
    Extension(wire): Extension<Wire>,
    request: Request,
) -> Response {
    let mut response = match run(&server, wire, request).await {
        Ok(answer) => answer.into_response(),
        Err(refusal) => refusal.into_response(),
    };
    if let Ok(trace) = server.trace_id().parse() {
        response.headers_mut().insert("x-kontur-trace-id", trace);
    }
    response
}

async fn run(server: &Server, wire: Wire, request: Request) -> Result<Answer, Refusal> {
    let (head, body) = request.into_parts();
    let endpoint = find(&wire, &head.method, head.uri.path())?;
    let account = bearer(&head.headers)
        .and_then(|token| server.identity.account(token))
        .ok_or_else(|| Refusal::new(StatusCode::UNAUTHORIZED, "Invalid or expired token"))?;
    wants_json(&wire, &head.headers)?;
    let query = Query::read(&wire, &head.uri, endpoint.query)?;
    let body = to_bytes(body, LONGEST_BODY)
        .await
        .map_err(|_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is too long"))?;
    let body = match endpoint.body {
        Some(kind) => {
            is_json(&wire, &head.headers)?;
            Some((kind, body))
        }
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
        Some((kind, bytes)) => (kind, body::parse(&wire, &bytes, kind)?),
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
    (endpoint.run)(&mut company, &call)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// Refuses a call that would be answered with protobuf, which is what Diadoc speaks unless asked for JSON.
fn wants_json(wire: &Wire, headers: &HeaderMap) -> Result<(), Refusal> {
    let asked = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(is_json_type);
    if asked {
        return Ok(());
    }
    wire.undocumented("no `Accept: application/json`")?;
    Err(Refusal::new(
        StatusCode::NOT_ACCEPTABLE,
        "This emulator answers only in JSON: send Accept: application/json",
    ))
}

/// Refuses a body that Diadoc would read as protobuf.
fn is_json(wire: &Wire, headers: &HeaderMap) -> Result<(), Refusal> {
    let declared = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(is_json_type);
    if declared {
        return Ok(());
    }
    wire.undocumented("no `Content-Type: application/json`")?;
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "This emulator reads only JSON: send Content-Type: application/json",
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
    Ok(())
}
