//! A platform that answers what it is told to and remembers what it was asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, EmployeeProvider, Foresight, ProviderId, Random, Result};
use kadry_dealapp::{Secrets, Settings, connect};
use kadry_http::{HeaderMap, InMemory, Keep, Request, Response, Transport, TransportError, Wiring};
use serde_json::{Value, json};

/// The id of the level that the settings name.
pub(crate) const SENIOR: &str = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201";
pub(crate) const OWN: &str = "svc@example.test";
const PASSWORD: &str = "correct horse";
/// What a list is asked with, before the page.
pub(crate) const LIST: &str = "GET /api/v1/users?with_inactive=true&filters%5Bwith_inactive%5D=true&include=unit%2Crole&sort=created_at&page%5Bnumber%5D=";
const TWO_WEEKS: u64 = 1_209_600;

/// One answer: a status, headers and a body; or none at all.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    lost: bool,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Value>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: text(&body.into()),
            lost: false,
        }
    }

    pub(crate) fn ok(body: impl Into<Value>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn lost() -> Self {
        Self {
            lost: true,
            ..Self::ok("")
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.headers.push((name, text(&value.into())));
        self
    }

    /// The headers of a session; a later token has a later end.
    pub(crate) fn token(self, client: &str, token: &str, at_s: u64) -> Self {
        self.with("access-token", token)
            .with("client", client)
            .with("uid", OWN)
            .with("expiry", TWO_WEEKS + at_s)
            .with("token-type", "Bearer")
            .with("authorization", "Bearer b2xkZXI=")
    }
}

impl From<Reply> for Response {
    fn from(reply: Reply) -> Self {
        let mut response = http::Response::builder().status(reply.status);
        for (name, value) in reply.headers {
            response = response.header(name, value);
        }
        response.body(reply.body).unwrap().into()
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// One request as it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Value>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    replies: Arc<Mutex<VecDeque<Reply>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Script {
    pub(crate) fn of(replies: impl IntoIterator<Item = Reply>) -> Self {
        let script = Self::default();
        script.then(replies);
        script
    }

    pub(crate) fn then(&self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.lock().unwrap().extend(replies);
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    /// The request that came last.
    pub(crate) fn last(&self) -> Seen {
        self.seen().pop().unwrap()
    }
}

#[async_trait]
impl Transport for Script {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let url = request.url();
        let query = url
            .query()
            .map_or(String::new(), |query| format!("?{query}"));
        self.seen.lock().unwrap().push(Seen {
            line: format!("{} {}{query}", request.method(), url.path()),
            headers: request.headers().clone(),
            body: request
                .body()
                .and_then(|body| body.as_bytes())
                .map(|body| serde_json::from_slice(body).unwrap()),
        });
        // Lets a parallel request leave before this one is answered.
        tokio::task::yield_now().await;
        let reply = self.replies.lock().unwrap().pop_front();
        let reply = reply.unwrap_or_else(|| Reply::new(599, "the script has ended"));
        if reply.lost {
            return Err(TransportError::Lost("lost".into()));
        }
        Ok(reply.into())
    }
}

pub(crate) fn wiring(script: &Script) -> Wiring {
    Wiring {
        id: ProviderId::new("calls"),
        transport: Arc::new(script.clone()),
        clock: Clock::starting_at(0),
        random: Random::seeded(1),
        timeout: Duration::from_secs(30),
        retry_for: Duration::from_secs(5),
        max_in_flight: None,
        requests_per_second: None,
        insecure: false,
        budgets: kadry_http::Budgets::alone(),
        errands: kadry_http::TaskTracker::new(),
    }
}

pub(crate) async fn connect_with(
    wiring: Wiring,
    keep: Arc<dyn Keep>,
) -> Result<Arc<dyn EmployeeProvider>> {
    connect_by(wiring, keep, PASSWORD).await
}

/// The same, with another password.
pub(crate) async fn connect_by(
    wiring: Wiring,
    keep: Arc<dyn Keep>,
    password: &str,
) -> Result<Arc<dyn EmployeeProvider>> {
    let settings = Settings {
        base_url: "https://calls.example.test".to_owned(),
        email: OWN.to_owned(),
        levels: BTreeMap::new(),
    };
    connect_as(&settings, wiring, keep, password).await
}

async fn connect_as(
    settings: &Settings,
    wiring: Wiring,
    keep: Arc<dyn Keep>,
    password: &str,
) -> Result<Arc<dyn EmployeeProvider>> {
    let secrets = Secrets {
        password: password.into(),
        keep,
    };
    connect(settings, secrets, wiring, Foresight::default()).await
}

/// A platform that is signed in to, with the sign-in cut from what was seen.
pub(crate) async fn connected(
    replies: impl IntoIterator<Item = Reply>,
) -> (Arc<dyn EmployeeProvider>, Script) {
    let script = Script::of([Reply::ok("{}").token("c1", "A1", 0)]);
    let platform = connect_with(wiring(&script), Arc::new(InMemory::default()))
        .await
        .unwrap();
    script.seen.lock().unwrap().clear();
    script.then(replies);
    (platform, script)
}

/// The same, with settings that name a level.
pub(crate) async fn connected_with_levels(
    replies: impl IntoIterator<Item = Reply>,
) -> (Arc<dyn EmployeeProvider>, Script) {
    let script = Script::of([Reply::ok("{}").token("c1", "A1", 0)]);
    let settings = Settings {
        base_url: "https://calls.example.test".to_owned(),
        email: OWN.to_owned(),
        levels: [("Старший".to_owned(), SENIOR.to_owned())].into(),
    };
    let keep = Arc::new(InMemory::default());
    let platform = connect_as(&settings, wiring(&script), keep, PASSWORD)
        .await
        .unwrap();
    script.seen.lock().unwrap().clear();
    script.then(replies);
    (platform, script)
}

/// A record as the platform shows it.
pub(crate) fn record(id: &str, attributes: &Value) -> Value {
    let mut shown = json!({
        "email": format!("{id}@example.test"), "name": "Примерова ", "first-name": null, "last-name": "Примерова",
        "phone-number": null, "accepted-invitation": false, "integration-uid": null, "avatar-url": null,
        "active": true, "collisions-on-create": {}, "invitation-sent": false, "last-active-at": null,
        "prefered-locale": "ru"
    });
    for (name, value) in attributes.as_object().unwrap() {
        shown[name] = value.clone();
    }
    json!({
        "id": id, "type": "users", "attributes": shown,
        "relationships": {
            "unit": {"data": {"id": "u-1", "type": "units"}},
            "role": {"data": {"id": "r-1", "type": "roles"}},
            "level": {"data": null}
        }
    })
}

/// The only page of a list.
pub(crate) fn listing(rows: &[Value]) -> Value {
    page(rows, 1, 1, rows.len())
}

pub(crate) fn page(rows: &[Value], number: u64, pages: u64, total: usize) -> Value {
    json!({
        "data": rows,
        "included": [
            {"id": "u-1", "type": "units", "attributes": {"name": "Первая линия"}},
            {"id": "r-1", "type": "roles", "attributes": {"name": "Оператор"}}
        ],
        "meta": {"page": number, "total-pages": pages, "total-count": total}
    })
}

pub(crate) fn single(row: &Value) -> Value {
    json!({ "data": row })
}
