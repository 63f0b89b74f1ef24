//! An emulator with a signed-in service account, and short ways to ask it.

use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode};
use kadry_emulator::{Clock, Emulator, Options};
use serde_json::{Value, json};
use tower::ServiceExt;

/// 2026-11-21 10:00 in Moscow.
pub(crate) const NOW_MS: i64 = 1_795_244_400_000;

pub(crate) const SERVICE: &str = "svc@example.test";
pub(crate) const DIRECTOR: &str = "ceo@example.test";
pub(crate) const HEAD: &str = "00000000-0000-0000-0000-000000000000";

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    /// Returns the body of a success.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        assert_eq!(
            self.headers["content-type"],
            "application/json; charset=utf-8"
        );
        serde_json::from_str(&self.text).unwrap()
    }

    #[track_caller]
    pub(crate) fn is_empty_success(&self) {
        assert_eq!((self.status, self.text.as_str()), (StatusCode::OK, ""));
    }

    #[track_caller]
    pub(crate) fn is_refused(&self, status: u16, text: &str) {
        assert_eq!((self.status.as_u16(), self.text.as_str()), (status, text));
    }
}

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) token: String,
    pub(crate) box_id: String,
}

impl World {
    pub(crate) async fn faithful() -> Self {
        Self::with(Options {
            people: 0,
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn strict() -> Self {
        Self::with(Options {
            people: 0,
            strict: true,
            ..Options::default()
        })
        .await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let emulator = Emulator::new(options, Clock::starting_at(NOW_MS));
        let box_id = emulator.state()["diadoc"]["box_id"]
            .as_str()
            .unwrap()
            .to_owned();
        let refresh_token = export(&emulator, "DIADOC_REFRESH_TOKEN");
        let mut world = Self {
            emulator,
            token: String::new(),
            box_id,
        };
        world.token = world.access_token(&refresh_token).await;
        world
    }

    /// Signs the holder of another login in, and asks in that name from here on.
    pub(crate) async fn act_as(&mut self, login: &str) {
        let refresh_token = format!("refresh-token-of-{login}");
        self.seed(&json!({ "sign_ins": [{ "login": login, "refresh_token": refresh_token }] }));
        self.token = self.access_token(&refresh_token).await;
    }

    pub(crate) async fn refresh(&self, refresh_token: &str) -> Reply {
        let secret = export(&self.emulator, "DIADOC_CLIENT_SECRET");
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={secret}&refresh_token={refresh_token}",
            client_id(&self.emulator),
        );
        self.token_request(&form).await
    }

    pub(crate) async fn token_request(&self, form: &str) -> Reply {
        let request = Request::post("/identity/connect/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    async fn access_token(&self, refresh_token: &str) -> String {
        let granted = self.refresh(refresh_token).await.json();
        granted["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.emulator.router().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Reply {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }

    /// Asks with the box in the query; `rest` is the path and what else the query has.
    pub(crate) async fn get(&self, rest: &str) -> Reply {
        self.call(Method::GET, rest, None).await
    }

    pub(crate) async fn post(&self, rest: &str, body: Value) -> Reply {
        self.call(Method::POST, rest, Some(body.to_string())).await
    }

    pub(crate) async fn post_empty(&self, rest: &str) -> Reply {
        self.call(Method::POST, rest, None).await
    }

    pub(crate) async fn call(&self, method: Method, rest: &str, body: Option<String>) -> Reply {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let uri = format!("/diadoc/{path}?boxId={}&{query}", self.box_id);
        let mut request = Request::builder()
            .method(method)
            .uri(uri.trim_end_matches('&'))
            .header("authorization", format!("Bearer {}", self.token))
            .header("accept", "application/json");
        if body.is_some() {
            request = request.header("content-type", "application/json; charset=utf-8");
        }
        let body = body.map_or_else(Body::empty, Body::from);
        self.send(request.body(body).unwrap()).await
    }

    #[track_caller]
    pub(crate) fn seed(&self, records: &Value) {
        self.emulator.seed(&json!({ "diadoc": records })).unwrap();
    }

    pub(crate) fn state(&self) -> Value {
        self.emulator.state()["diadoc"].clone()
    }

    /// Returns what the emulator knows about an employee, null for nobody.
    pub(crate) fn employee(&self, login: &str) -> Value {
        let state = self.state();
        let all = state["employees"].as_array().unwrap();
        all.iter()
            .find(|one| one["login"] == login)
            .cloned()
            .unwrap_or_default()
    }

    pub(crate) fn user_id(&self, login: &str) -> String {
        let state = self.state();
        let all = state["users"].as_array().unwrap();
        let user = all.iter().find(|one| one["login"] == login).unwrap();
        user["user_id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn department_id(&self, name: &str) -> String {
        let state = self.state();
        let all = state["departments"].as_array().unwrap();
        let department = all.iter().find(|one| one["name"] == name).unwrap();
        department["id"].as_str().unwrap().to_owned()
    }

    /// Lists the violations of all requests so far.
    pub(crate) fn violations(&self) -> Vec<String> {
        let log = self.emulator.log();
        log.into_iter()
            .filter_map(|entry| entry.violation)
            .collect()
    }
}

pub(crate) fn export(emulator: &Emulator, name: &str) -> String {
    let exports = emulator.exports();
    let found = exports.into_iter().find(|(known, _)| *known == name);
    found.unwrap().1
}

pub(crate) fn client_id(emulator: &Emulator) -> String {
    let settings = emulator.settings("http://127.0.0.1:8100");
    let line = settings
        .lines()
        .find(|line| line.starts_with("client_id"))
        .unwrap();
    line.split('"').nth(1).unwrap().to_owned()
}

/// A complete body of `CreateEmployee`.
pub(crate) fn to_create(login: &str) -> Value {
    json!({
        "Credentials": { "Login": { "Login": login, "FullName": {
            "LastName": "Выдумкина", "FirstName": "Анна", "MiddleName": "Олеговна",
        }}},
        "Position": "Бухгалтер",
        "CanBeInvitedForChat": false,
        "Permissions": {
            "UserDepartmentId": HEAD,
            "IsAdministrator": false,
            "DocumentAccessLevel": "DepartmentOnly",
            "SelectedDepartmentIds": [],
            "Actions": [{ "Name": "CreateDocuments", "IsAllowed": true }],
        },
    })
}
