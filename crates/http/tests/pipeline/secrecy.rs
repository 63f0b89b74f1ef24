//! What a call carried does not come back in what is said about it, whatever a platform repeats.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, Error, ErrorKind, Random, Repeat};
use kadry_http::{
    Anonymous, Answer, Bearer, Call, Client, Explained, HeaderMap, HeaderValue, Method, Pace,
    Request, Response, Session, Settings, Transport, TransportError,
};

use crate::START_MS;

/// Neither is long with letters and digits, so that nothing shows what they are.
const TOKEN: &str = "Kp7sVwXbTqLmNcRdZfGhJy";
const PASSWORD: &str = "Тихий-Омут!/нет цифр";

/// Answers every request with a status, these headers and this text.
#[derive(Debug)]
struct Parrot {
    status: u16,
    headers: Vec<(&'static str, String)>,
    said: String,
}

impl Parrot {
    fn saying(status: u16, said: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            said: said.into(),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn client(self) -> Client {
        let settings = Settings {
            base: "https://api.example.test".parse().unwrap(),
            timeout: Duration::from_secs(30),
            retry_for: Duration::ZERO,
            insecure: false,
        };
        let clock = Clock::starting_at(START_MS);
        let pace = Arc::new(Pace::new(Vec::new(), 1));
        Client::new(
            settings,
            Arc::new(self),
            pace,
            explain,
            clock,
            Random::seeded(1),
        )
        .unwrap()
    }
}

#[async_trait]
impl Transport for Parrot {
    async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(*name, value);
        }
        Ok(response.body(self.said.clone()).unwrap().into())
    }
}

/// Reads words in snake case only, as a backend may that takes codes and no texts; anything else is taken as it is.
fn explain(answer: &Answer) -> Explained {
    let said = String::from_utf8_lossy(&answer.body).into_owned();
    Explained {
        kind: (said == "taken").then_some(ErrorKind::Conflict),
        message: Some(said.strip_prefix("code ").map_or(said.clone(), snake)),
    }
}

fn snake(code: &str) -> String {
    code.replace('-', "_")
}

fn sign_in() -> Call {
    let body = serde_json::json!({ "password": PASSWORD });
    Call::write(Method::POST, "/sign_in", Repeat::Once)
        .reading()
        .json(&body)
        .conceals(&PASSWORD.into())
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

fn everything(error: &Error) -> String {
    format!("{error} {error:?} {:?}", error.context())
}

async fn read_by(session: &dyn Session, parrot: Parrot) -> Error {
    let call = Call::read("/employees");
    parrot.client().send(call, session).await.unwrap_err()
}

#[tokio::test]
async fn a_token_that_looks_like_a_word_does_not_come_back() {
    for status in [400, 401, 403, 409, 418, 422, 429, 500] {
        for said in [
            TOKEN.to_owned(),
            format!("no such user: {TOKEN}!"),
            format!("code {TOKEN}"),
            TOKEN.to_lowercase(),
            percent_encoded(TOKEN),
            format!("x{TOKEN}{TOKEN}x"),
        ] {
            let session = Bearer::new(TOKEN.into());
            let error = read_by(&session, Parrot::saying(status, &said)).await;
            let printed = everything(&error).to_lowercase();
            for hint in [&TOKEN.to_lowercase(), &percent_encoded(TOKEN)] {
                assert!(!printed.contains(hint.as_str()), "{said}: {printed}");
            }
        }
    }
}

#[tokio::test]
async fn a_password_in_the_body_does_not_come_back_however_it_is_written() {
    for said in [
        PASSWORD.to_owned(),
        percent_encoded(PASSWORD),
        PASSWORD.replace(' ', "+").replace('/', "%2F"),
        PASSWORD.replace('/', "\\/"),
        PASSWORD.replace('!', "%21").replace('/', "\\u002f"),
    ] {
        let client = Parrot::saying(422, format!("wrong: {said}.")).client();
        let error = client.send(sign_in(), &Anonymous).await.unwrap_err();
        assert_eq!(
            error.message(),
            "the platform answered 422: wrong: [secret]."
        );
    }
}

#[tokio::test]
async fn a_secret_is_gone_before_a_backend_can_disguise_it() {
    let secret = "aaaa-bbbb-cccc";
    let session = Bearer::new(secret.into());
    let error = read_by(&session, Parrot::saying(422, format!("code {secret}"))).await;
    assert!(!everything(&error).contains("bbbb"), "{error}");
}

#[tokio::test]
async fn a_secret_that_is_a_word_of_the_platform_does_not_change_what_an_answer_means() {
    let session = Bearer::new("taken".into());
    let error = read_by(&session, Parrot::saying(422, "taken")).await;
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.message(), "the platform answered 422: [secret]");
}

#[tokio::test]
async fn the_id_of_a_request_that_holds_a_secret_is_dropped() {
    let ids = |error: &Error| -> Vec<String> {
        let context = error.context().iter();
        let ids = context.filter(|(key, _)| *key == "request.id");
        ids.map(|(_, id)| id.clone()).collect()
    };
    for id in [
        TOKEN.to_owned(),
        format!("req-{TOKEN}"),
        TOKEN.to_uppercase(),
    ] {
        let parrot = Parrot::saying(500, "")
            .with("x-request-id", &id)
            .with("x-trace-id", "6f1c");
        let error = read_by(&Bearer::new(TOKEN.into()), parrot).await;
        assert_eq!(ids(&error), ["6f1c"], "{id}");
    }
    let client = Parrot::saying(200, "x".repeat(33 << 20))
        .with("x-request-id", "Loch-Ness")
        .client();
    let call = sign_in().conceals(&"loch-ness".into());
    let error = client.send(call, &Anonymous).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(ids(&error), Vec::<String>::new());
}

#[tokio::test]
async fn what_an_answer_hands_out_does_not_come_back_either() {
    let parrot = Parrot::saying(422, format!("see {TOKEN}"))
        .with("access-token", TOKEN)
        .with("x-request-id", TOKEN);
    let error = read_by(&Anonymous, parrot).await;
    assert_eq!(error.message(), "the platform answered 422: see [secret]");
    assert_eq!(error.context(), [("http.status", "422".to_owned())]);
}

/// Carries its credential where nobody expects one, and another one after each refusal.
#[derive(Debug, Default)]
struct Changing {
    refusals: AtomicUsize,
    seen: Mutex<Vec<String>>,
}

#[async_trait]
impl Session for Changing {
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64, Error> {
        let turn = self.refusals.load(Ordering::SeqCst);
        let token = ["Vorobey", "Sinitsa"][turn];
        let mut value = HeaderValue::from_static(token);
        value.set_sensitive(true);
        headers.insert("x-key", value);
        let cookie = format!("lang=ru; session={token}Cookie");
        headers.insert("cookie", HeaderValue::from_str(&cookie).unwrap());
        self.seen.lock().unwrap().push(token.to_owned());
        Ok(0)
    }

    async fn learn(&self, _headers: &HeaderMap, _version: u64) -> Result<(), Error> {
        Ok(())
    }

    async fn renew(&self, _version: u64) -> Result<bool, Error> {
        Ok(self.refusals.fetch_add(1, Ordering::SeqCst) == 0)
    }
}

#[tokio::test]
async fn the_credential_of_an_earlier_attempt_does_not_come_back() {
    let session = Changing::default();
    let said = "lang=ru Vorobey, then Sinitsa, SinitsaCookie; session=x";
    let error = read_by(&session, Parrot::saying(401, said)).await;
    assert_eq!(*session.seen.lock().unwrap(), ["Vorobey", "Sinitsa"]);
    assert_eq!(
        error.message(),
        "the platform answered 401: lang=ru [secret], then [secret], [secret]; session=x"
    );
}

#[tokio::test]
async fn what_is_too_short_to_be_a_secret_leaves_the_words_alone() {
    let session = Bearer::new("no".into());
    let error = read_by(&session, Parrot::saying(404, "no such note")).await;
    assert_eq!(error.message(), "the platform answered 404: no such note");
}
