//! A client that knows nothing but HTTP.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use kadry_emulator::{Clock, Emulator, Options};
use serde_json::{Value, json};
use tower::ServiceExt;

/// 2026-11-21 10:00 UTC.
pub(crate) const START_MS: i64 = 1_795_255_200_000;

const BASE: &str = "/pachca/api/shared/v1";

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn data(&self) -> Value {
        self.json()["data"].clone()
    }

    /// The code of the only error, with its key.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let json = self.json();
        let errors = json["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{json}");
        (
            self.status.as_u16(),
            errors[0]["code"].as_str().unwrap().to_owned(),
            errors[0]["key"].as_str().unwrap().to_owned(),
        )
    }
}

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    router: Router,
    token: String,
}

impl World {
    /// A strict world without limits, of nobody but the service account, the owner and a bot.
    pub(crate) fn strict() -> Self {
        Self::of(Options {
            people: 0,
            strict: true,
            limits: false,
            ..Options::default()
        })
    }

    /// The same, as lax as the real platform.
    pub(crate) fn faithful() -> Self {
        Self::of(Options {
            people: 0,
            limits: false,
            ..Options::default()
        })
    }

    pub(crate) fn of(options: Options) -> Self {
        let emulator = Emulator::new(options, Clock::starting_at(START_MS));
        let exports = emulator.exports();
        let (_, token) = exports
            .into_iter()
            .find(|(name, _)| *name == "PACHCA_TOKEN")
            .unwrap();
        Self {
            router: emulator.router(),
            emulator,
            token,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::PUT, path, Some(body)).await
    }

    /// Sends a request without a body where most have one.
    pub(crate) async fn raw_put(&self, path: &str) -> Reply {
        self.ask(Method::PUT, path, None).await
    }

    pub(crate) async fn raw_post(&self, path: &str) -> Reply {
        self.ask(Method::POST, path, None).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, None).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{BASE}{path}"))
            .header("authorization", format!("Bearer {}", self.token));
        if body.is_some() {
            request = request.header("content-type", "application/json; charset=utf-8");
        }
        let body = body.map_or_else(Body::empty, |json| Body::from(json.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// Sends a file as the only part of a form.
    pub(crate) async fn upload(
        &self,
        method: Method,
        path: &str,
        part: &str,
        file: &[u8],
    ) -> Reply {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"upload\"\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        let request = Request::builder()
            .method(method)
            .uri(format!("{BASE}{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "multipart/form-data; boundary=edge")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{BASE}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) fn seed(&self, records: &Value) {
        self.emulator.seed(&json!({ "pachca": records })).unwrap();
    }

    pub(crate) fn state(&self) -> Value {
        self.emulator.state()["pachca"].clone()
    }

    /// The id of the person with that e-mail address.
    pub(crate) fn user(&self, email: &str) -> i64 {
        self.id("users", "email", email)
    }

    pub(crate) fn tag(&self, name: &str) -> i64 {
        self.id("tags", "name", name)
    }

    pub(crate) fn chat(&self, name: &str) -> i64 {
        self.id("chats", "name", name)
    }

    fn id(&self, kind: &str, field: &str, value: &str) -> i64 {
        let state = self.state();
        let records = state[kind].as_array().unwrap();
        let record = records.iter().find(|record| record[field] == value);
        record.unwrap_or_else(|| panic!("no {value}"))["id"]
            .as_i64()
            .unwrap()
    }

    /// The ids that the chat shows as its members.
    pub(crate) async fn members(&self, chat: i64) -> Vec<i64> {
        let reply = self.get(&format!("/chats/{chat}")).await;
        ids(&reply.data()["member_ids"])
    }

    /// What was undocumented about the last request.
    pub(crate) fn violation(&self) -> Option<String> {
        self.emulator.log().pop().and_then(|entry| entry.violation)
    }
}

pub(crate) fn ids(list: &Value) -> Vec<i64> {
    let list = list.as_array().unwrap();
    list.iter().map(|id| id.as_i64().unwrap()).collect()
}

/// The ids of the records on a page.
pub(crate) fn page_ids(reply: &Reply) -> Vec<i64> {
    let data = reply.data();
    let records = data.as_array().unwrap();
    records.iter().map(|r| r["id"].as_i64().unwrap()).collect()
}
