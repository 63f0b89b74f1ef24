//! A platform that answers from a script and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{
    Clock, EmployeeProvider, EmployeeRef, Foresight, NativeCall, Page, ProviderId, Random,
    RemoteId, Result, every,
};
use kadry_http::{Request, Response, Transport, TransportError, Wiring, http};
use kadry_pachca::{Secrets, Settings, connect};
use serde_json::{Value, json};

/// The scopes of a service employee who may do everything that kadry does.
pub(crate) const ADMINISTRATOR: [&str; 15] = [
    "users:read",
    "users:create",
    "users:update",
    "users:delete",
    "user_status:read",
    "user_status:write",
    "group_tags:read",
    "group_tags:write",
    "chats:read",
    "chat_members:read",
    "chat_members:write",
    "messages:create",
    "messages:read",
    "custom_properties:read",
    "profile:read",
];

/// The id of the service employee.
pub(crate) const US: i64 = 1;

/// One prepared answer.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A status and a JSON body.
    Json(u16, Value),
    /// A status and a body that is no JSON.
    Text(u16, &'static str),
    /// No answer, though the request arrived.
    Lost,
    /// An answer that takes so many milliseconds.
    Slow(u64, Box<Self>),
}

/// One request as it went over the wire.
#[derive(Debug, PartialEq)]
pub(crate) struct Asked {
    /// The method, and the path and query after the base.
    pub(crate) line: String,
    /// The body.
    pub(crate) body: Value,
}

/// Answers in the order of the script.
#[derive(Debug, Default)]
pub(crate) struct Script {
    replies: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Asked>>,
}

impl Script {
    /// Adds an answer to the end.
    pub(crate) fn then(&self, reply: Reply) -> &Self {
        self.replies.lock().unwrap().push_back(reply);
        self
    }

    /// Takes what has been asked so far, in order; nothing of the script may be left.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        assert!(self.replies.lock().unwrap().is_empty(), "answers are left");
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// Takes the methods, paths and queries of what has been asked so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.line).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        assert_eq!(request.headers()["authorization"], "Bearer token-of-a-test");
        assert_eq!(request.headers()["accept"], "application/json");
        let body = request.body().and_then(|body| body.as_bytes());
        let body = body.map_or(Value::Null, |body| sent(&request, body));
        let address = request.url().as_str();
        let line = address
            .strip_prefix("https://api.example.test/api/shared/v1")
            .unwrap();
        self.asked.lock().unwrap().push(Asked {
            line: format!("{} {line}", request.method()),
            body,
        });
        let mut reply = self.replies.lock().unwrap().pop_front();
        if let Some(Reply::Slow(wait_ms, later)) = reply {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            reply = Some(*later);
        }
        let (status, content_type, body) = match reply {
            Some(Reply::Json(status, body)) => (status, "application/json", body.to_string()),
            Some(Reply::Text(status, body)) => (status, "text/plain", body.to_owned()),
            Some(Reply::Slow(..)) => panic!("an answer is slow once"),
            Some(Reply::Lost) => return Err(TransportError::Lost("the test hung up".into())),
            None => panic!("nothing is scripted for {line}"),
        };
        let response = http::Response::builder()
            .status(status)
            .header("content-type", content_type)
            .body(body)
            .unwrap();
        Ok(Response::from(response))
    }
}

/// Returns a body as it was sent: JSON, or the text of a form whose boundary is a line.
fn sent(request: &Request, body: &[u8]) -> Value {
    let kind = request.headers()["content-type"].to_str().unwrap();
    let Some(boundary) = kind.strip_prefix("multipart/form-data; boundary=") else {
        assert_eq!(kind, "application/json; charset=utf-8");
        return serde_json::from_slice(body).unwrap();
    };
    let text = String::from_utf8_lossy(body);
    text.replace(boundary, "boundary").into()
}

/// Returns a connected provider, after the request of the connection.
pub(crate) async fn messenger(scopes: &[&str]) -> (Arc<Script>, Arc<dyn EmployeeProvider>) {
    let script = Arc::new(Script::default());
    script.then(token(scopes, Value::Null));
    let provider = reach(&script).await.unwrap();
    assert_eq!(script.lines(), ["GET /oauth/token/info"]);
    (script, provider)
}

/// Connects over a script.
pub(crate) async fn reach(script: &Arc<Script>) -> Result<Arc<dyn EmployeeProvider>> {
    reach_foreseeing(script, Foresight::default()).await
}

/// Connects over a script and says what will be asked.
pub(crate) async fn reach_foreseeing(
    script: &Arc<Script>,
    foresight: Foresight<'_>,
) -> Result<Arc<dyn EmployeeProvider>> {
    let settings = Settings {
        base_url: "https://api.example.test/api/shared/v1".to_owned(),
    };
    let wiring = Wiring {
        id: ProviderId::new("messenger"),
        transport: Arc::<Script>::clone(script),
        clock: Clock::starting_at(1_000),
        random: Random::seeded(1),
        timeout: Duration::from_secs(30),
        retry_for: Duration::from_secs(30),
        max_in_flight: None,
        requests_per_second: None,
        insecure: false,
        budgets: kadry_http::Budgets::alone(),
        errands: kadry_http::TaskTracker::new(),
    };
    let token = "token-of-a-test".to_owned().into();
    connect(&settings, Secrets { token }, wiring, foresight).await
}

/// Returns what an operation reads, with the first page's cursor.
pub(crate) async fn read(
    provider: &dyn EmployeeProvider,
    call: &NativeCall,
) -> Result<Page<Value>> {
    provider.native().unwrap().read(call, None).await
}

/// Returns every row of a list that an operation reads.
pub(crate) async fn read_all(provider: &dyn EmployeeProvider, call: &NativeCall) -> Vec<Value> {
    let native = provider.native().unwrap();
    every(|from| async move { native.read(call, from.as_ref()).await })
        .await
        .unwrap()
}

/// Returns the single changes of an operation as they are printed.
pub(crate) async fn resolved(
    provider: &dyn EmployeeProvider,
    call: &NativeCall,
) -> Result<Vec<String>> {
    let calls = provider.native().unwrap().resolve(call).await?;
    Ok(calls.iter().map(NativeCall::to_string).collect())
}

/// Returns a call as it is typed: its name, then pairs of an argument and a value.
pub(crate) fn call(name: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(name);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}

/// Returns a request as it went out.
pub(crate) fn asked(line: &str, body: Value) -> Asked {
    let line = line.to_owned();
    Asked { line, body }
}

/// What `GET /oauth/token/info` answers.
pub(crate) fn token(scopes: &[&str], expires_in: Value) -> Reply {
    Reply::Json(
        200,
        json!({"data": {
            "id": 4827, "token": "token-of…test", "name": "kadry", "user_id": US, "scopes": scopes,
            "created_at": "2026-11-01T10:00:00.000Z", "revoked_at": null, "expires_in": expires_in,
            "last_used_at": null,
        }}),
    )
}

/// An employee with the members that a test needs to change.
pub(crate) fn user(id: i64, changed: Value) -> Value {
    let mut user = json!({
        "id": id, "first_name": "Анна", "last_name": "Примерова", "nickname": format!("user{id}"),
        "email": format!("user{id}@example.test"), "phone_number": "+70000000001", "department": "Бухгалтерия",
        "title": "Бухгалтер", "role": "user", "suspended": false, "invite_status": "confirmed", "inviter_id": US,
        "list_tags": [], "custom_properties": [], "user_status": null, "bot": false, "sso": false,
        "created_at": "2026-11-01T10:00:00.000Z", "last_activity_at": null, "time_zone": null, "image_url": null,
    });
    for (key, value) in changed.as_object().unwrap() {
        user[key] = value.clone();
    }
    user
}

/// One object as the platform wraps it.
pub(crate) fn one(status: u16, data: Value) -> Reply {
    Reply::Json(status, json!({ "data": data }))
}

/// A page of a listing.
pub(crate) fn page(data: Value, next: &str, has_next: bool) -> Reply {
    let paginate =
        json!({"next_page": next, "prev_page": "back", "has_next": has_next, "has_prev": false});
    Reply::Json(200, json!({"data": data, "meta": {"paginate": paginate}}))
}

/// A page of a search, which does not say whether another one follows.
pub(crate) fn search_page(data: Value, total: u64, next: &str) -> Reply {
    Reply::Json(
        200,
        json!({"data": data, "meta": {"total": total, "paginate": {"next_page": next}}}),
    )
}

/// A chat with the members that a test needs to change.
pub(crate) fn chat(id: i64, changed: Value) -> Value {
    let mut chat = json!({
        "id": id, "name": format!("Чат {id}"), "created_at": "2026-11-01T10:00:00.000Z", "owner_id": 2,
        "member_ids": [US, 2], "group_tag_ids": [5], "channel": false, "archived": false, "personal": false,
        "public": false, "last_message_at": "2026-11-01T10:00:00.000Z", "meet_room_url": "",
    });
    for (key, value) in changed.as_object().unwrap() {
        chat[key] = value.clone();
    }
    chat
}

/// A refusal with one code.
pub(crate) fn refusal(status: u16, key: &str, code: &str) -> Reply {
    let item = json!({"key": key, "value": null, "message": "…", "code": code, "payload": null});
    Reply::Json(status, json!({ "errors": [item] }))
}

/// How calls name the employee with this id.
pub(crate) fn employee(id: i64) -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(id.to_string()),
        settled: true,
        keys: Vec::new(),
    }
}
