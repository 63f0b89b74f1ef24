//! A signed-in caller of one emulator.

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kadry_emulator::{Clock, Emulator, Options};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// 2026-11-21, 12:00 in Moscow.
pub(crate) const NOON_MS: i64 = 1_795_251_600_000;
pub(crate) const USERS: &str = "/api/v1/users";
pub(crate) const UNITS: &str = "/api/v1/organization/units";
pub(crate) const ROLES: &str = "/api/v1/organization/roles";
pub(crate) const SERVICE: &str = "svc@example.test";

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// Returns the value of one attribute of every row.
    pub(crate) fn column(&self, attribute: &str) -> Vec<&Value> {
        let rows = self.body["data"].as_array().unwrap();
        rows.iter()
            .map(|row| &row["attributes"][attribute])
            .collect()
    }

    pub(crate) fn has(&self, email: &str) -> bool {
        self.column("email").contains(&&json!(email))
    }

    /// Returns the messages about one field of a refused write.
    pub(crate) fn complaint(&self, field: &str) -> &Value {
        assert_eq!(self.status, 422, "{}", self.body);
        &self.body["errors"][0]["fields"][field]
    }
}

/// One caller.
pub(crate) struct Caller {
    pub(crate) emulator: Emulator,
    pub(crate) session: Vec<(&'static str, String)>,
}

pub(crate) fn options() -> Options {
    Options {
        people: 0,
        ..Options::default()
    }
}

impl Caller {
    /// Returns a caller without a session.
    pub(crate) fn stranger(options: Options) -> Self {
        Self {
            emulator: Emulator::new(options, Clock::starting_at(NOON_MS)),
            session: Vec::new(),
        }
    }

    /// Returns a caller who has signed in to an organisation with nobody but the service account.
    pub(crate) async fn signed_in() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let mut caller = Self::stranger(options);
        let answer = caller.sign_in(SERVICE, &caller.password()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        caller.adopt(&answer);
        caller
    }

    pub(crate) fn password(&self) -> String {
        let exports = self.emulator.exports();
        exports
            .into_iter()
            .find(|(name, _)| *name == "DEALAPP_PASSWORD")
            .unwrap()
            .1
    }

    /// Takes over the session of an answer.
    pub(crate) fn adopt(&mut self, answer: &Answer) {
        self.session = ["access-token", "client", "uid"]
            .map(|name| (name, answer.header(name).to_owned()))
            .to_vec();
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.raw(
            "POST",
            "/auth/sign_in",
            &[(header::CONTENT_TYPE.as_str(), "application/json")],
            body.to_string(),
        )
        .await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, &self.headers(), String::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.write("POST", path, body).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.write("PUT", path, body).await
    }

    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        self.session
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect()
    }

    async fn write(&self, method: &str, path: &str, body: &Value) -> Answer {
        let mut headers = self.headers();
        headers.push(("content-type", "application/json"));
        self.raw(method, path, &headers, body.to_string()).await
    }

    /// Sends exactly this.
    pub(crate) async fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/dealapp{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .emulator
            .router()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes)));
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Returns what the last request did beyond the documentation.
    pub(crate) fn violation(&self) -> Option<String> {
        self.emulator.log().pop().unwrap().violation
    }

    /// Adds records to the platform.
    pub(crate) fn seed(&self, records: &Value) {
        self.emulator.seed(&json!({ "dealapp": records })).unwrap();
    }

    pub(crate) fn state(&self) -> Value {
        self.emulator.state()["dealapp"].clone()
    }

    /// Returns the user with this e-mail as the control interface shows it.
    pub(crate) fn user(&self, email: &str) -> Value {
        let state = self.state();
        let users = state["users"].as_array().unwrap();
        users
            .iter()
            .find(|user| user["email"] == email)
            .cloned()
            .unwrap_or_default()
    }

    /// Returns the path of the user with this e-mail.
    pub(crate) fn path(&self, email: &str) -> String {
        format!("{USERS}/{}", self.user(email)["id"].as_str().unwrap())
    }

    /// Returns the id of a unit, a role or a level.
    pub(crate) fn id(&self, list: &str, name: &str) -> String {
        let state = self.state();
        let row = state[list]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["name"] == name)
            .cloned();
        row.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Returns the documented body of a create.
    pub(crate) fn hire(&self, email: &str) -> Value {
        json!({
            "email": email, "last_name": "Орлова", "first_name": "Анна Сергеевна", "integration_uid": format!("hr-{email}"),
            "unit_id": self.id("units", "Первая линия"), "role_id": self.id("roles", "Оператор"),
        })
    }
}
