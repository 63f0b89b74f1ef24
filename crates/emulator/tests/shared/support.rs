//! An emulator that is asked in process.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use kadry_emulator::faults::Fault;
use kadry_emulator::{Clock, Dropped, Emulator, Options};
use serde_json::{Value, json};
use tower::ServiceExt;

/// 2026-11-21 10:00 UTC.
pub(crate) const START_MS: i64 = 1_795_255_200_000;

pub(crate) const PROFILE: &str = "/pachca/api/shared/v1/profile";
pub(crate) const USERS: &str = "/pachca/api/shared/v1/users";
pub(crate) const TAGS: &str = "/pachca/api/shared/v1/group_tags";

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) dropped: bool,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    router: Router,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(Options::default())
    }

    pub(crate) fn of(options: Options) -> Self {
        let emulator = Emulator::new(options, Clock::starting_at(START_MS));
        Self {
            router: emulator.router(),
            emulator,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, None).await
    }

    pub(crate) async fn create_tag(&self, name: &str) -> Reply {
        let body = json!({ "group_tag": { "name": name } });
        self.ask("POST", TAGS, Some(body)).await
    }

    pub(crate) fn has_tag(&self, name: &str) -> bool {
        let state = self.emulator.state();
        let tags = state["pachca"]["tags"].as_array().unwrap();
        tags.iter().any(|tag| tag["name"] == name)
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", token(&self.emulator)));
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
            dropped: parts.extensions.get::<Dropped>().is_some(),
        }
    }

    pub(crate) fn fault(&self, fault: Value) {
        self.emulator.fault(read_fault(fault));
    }
}

pub(crate) fn read_fault(fault: Value) -> Fault {
    serde_json::from_value(fault).unwrap()
}

pub(crate) fn token(emulator: &Emulator) -> String {
    let exports = emulator.exports();
    let (_, token) = exports
        .into_iter()
        .find(|(name, _)| *name == "PACHCA_TOKEN")
        .unwrap();
    token
}
