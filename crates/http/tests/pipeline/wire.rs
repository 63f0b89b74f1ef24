//! What one request does over a real socket when things go wrong.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Effect, Error, ErrorKind, Repeat};
use kadry_http::{Anonymous, Bearer, Call, Client, Method, Network, NetworkOptions};

use crate::client;
use crate::server::{Deed, Server};

const TRUNCATED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":";
const REFUSED: &str = "HTTP/1.1 409 Conflict\r\ncontent-length: 100\r\n\r\n{\"code\":";
const MOVED: &str = "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n";
const CREATED: &str = "HTTP/1.1 201 Created\r\ncontent-length: 8\r\n\r\n{\"id\":7}";
const DONE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

fn over_network(base: &str, timeout: Duration) -> Client {
    let options = NetworkOptions {
        timeout,
        ca_pem: None,
        proxy: None,
    };
    let network = Arc::new(Network::new(&options).unwrap());
    client(base, network, timeout, Duration::ZERO)
}

fn create() -> Call {
    Call::write(Method::POST, "/employees", Repeat::Once)
        .query("login", "anna@example.test")
        .json(&serde_json::json!({ "name": "Anna" }))
}

async fn failure(client: &Client, call: Call) -> Error {
    client.send(call, &Anonymous).await.unwrap_err()
}

/// Sends a write and a read to a server that does this, and returns what became of each.
async fn both(deed: Deed, timeout_ms: u64) -> (Error, Error) {
    let server = Server::start(&[deed, deed]).await;
    let client = over_network(&server.base(), Duration::from_millis(timeout_ms));
    let write = failure(&client, create()).await;
    assert_eq!(server.seen().len(), 1, "a write was repeated on the wire");
    let read = failure(&client, Call::read("/employees")).await;
    (write, read)
}

#[tokio::test]
async fn a_refused_connection_leaves_nothing_in_doubt() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let error = failure(&over_network(&base, Duration::from_secs(5)), create()).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.effect(), Effect::None);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_connection_that_closes_leaves_a_write_in_doubt_and_a_read_not() {
    let (write, read) = both(Deed::Close, 5_000).await;
    assert_eq!(write.kind(), ErrorKind::Unavailable);
    assert_eq!(write.effect(), Effect::Unknown);
    assert!(!write.is_retryable());
    assert_eq!(read.effect(), Effect::None);
    assert!(read.is_retryable());
}

#[tokio::test]
async fn an_answer_that_breaks_off_leaves_a_write_in_doubt() {
    let (write, read) = both(Deed::Say(TRUNCATED), 5_000).await;
    assert_eq!(write.kind(), ErrorKind::Unavailable);
    assert_eq!(write.effect(), Effect::Unknown);
    assert_eq!(write.context(), [("http.status", "200".to_owned())]);
    assert_eq!(read.effect(), Effect::None);
}

#[tokio::test]
async fn a_refusal_that_breaks_off_is_still_a_refusal() {
    let (write, _) = both(Deed::Say(REFUSED), 5_000).await;
    assert_eq!(write.kind(), ErrorKind::Conflict);
    assert_eq!(write.effect(), Effect::None);
}

#[tokio::test]
async fn silence_ends_with_the_time_out() {
    let (write, read) = both(Deed::Hang, 200).await;
    assert_eq!(write.kind(), ErrorKind::Unavailable);
    assert_eq!(write.effect(), Effect::Unknown);
    assert_eq!(read.effect(), Effect::None);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (write, read) = both(Deed::Say(MOVED), 5_000).await;
    assert_eq!(write.kind(), ErrorKind::Protocol);
    assert_eq!(read.kind(), ErrorKind::Protocol);
}

#[tokio::test]
async fn no_error_shows_what_the_query_or_the_body_held() {
    for deed in [Deed::Close, Deed::Say(TRUNCATED), Deed::Say(MOVED)] {
        let (write, _) = both(deed, 5_000).await;
        let printed = format!("{write} {write:?}").to_lowercase();
        assert!(!printed.contains("anna"), "{printed}");
    }
}

#[tokio::test]
async fn the_wire_carries_what_the_call_says_and_nothing_more() {
    let server = Server::start(&[Deed::Say(CREATED), Deed::Say(DONE)]).await;
    let client = over_network(&server.base(), Duration::from_secs(5));
    let session = Bearer::new("qwerty".into());
    let answer = client.send(create(), &session).await.unwrap();
    let created: serde_json::Value = answer.json().unwrap();
    assert_eq!(created["id"], 7);
    let close = Call::write(Method::POST, "/employees/7/close", Repeat::Safe);
    client.send(close, &session).await.unwrap();

    let seen = server.seen();
    let [create, close] = seen.as_slice() else {
        panic!("{seen:?}");
    };
    let (head, body) = create.split_once("\r\n\r\n").unwrap();
    let mut lines: Vec<_> = head
        .lines()
        .filter(|line| !line.starts_with("host:"))
        .collect();
    lines.sort_unstable();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        lines,
        [
            "POST /v1/employees?login=anna%40example.test HTTP/1.1",
            "accept-encoding: gzip",
            "accept: application/json",
            "authorization: Bearer qwerty",
            "content-length: 15",
            "content-type: application/json; charset=utf-8",
            &format!("user-agent: kadry/{version}"),
        ]
    );
    assert_eq!(body, r#"{"name":"Anna"}"#);
    assert!(close.starts_with("POST /v1/employees/7/close HTTP/1.1\r\n"));
    assert!(close.contains("content-length: 0\r\n"), "{close}");
}

#[tokio::test]
async fn a_call_may_ask_for_another_kind_of_answer() {
    let server = Server::start(&[Deed::Say(DONE)]).await;
    let client = over_network(&server.base(), Duration::from_secs(5));
    let call = Call::read("/employees/7/photo").header("accept", "image/png");
    client.send(call, &Anonymous).await.unwrap();
    let seen = server.seen().concat();
    assert_eq!(seen.matches("accept: ").count(), 1, "{seen}");
    assert!(seen.contains("accept: image/png\r\n"), "{seen}");
}

#[tokio::test]
async fn a_write_on_a_connection_that_then_closes_is_in_doubt() {
    let server = Server::start(&[Deed::SayAndStay(CREATED), Deed::Close]).await;
    let client = over_network(&server.base(), Duration::from_secs(5));
    client.send(create(), &Anonymous).await.unwrap();
    let error = failure(&client, create()).await;
    assert_eq!(server.connections(), 1, "the connection was not reused");
    assert_eq!(server.seen().len(), 2);
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.effect(), Effect::Unknown);
}

#[test]
fn a_broken_file_of_certificates_is_the_operators() {
    for pem in ["", "-----BEGIN CERTIFICATE-----\nnonsense"] {
        let options = NetworkOptions {
            timeout: Duration::from_secs(5),
            ca_pem: Some(pem.into()),
            proxy: None,
        };
        let error = Network::new(&options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{pem}");
    }
}

#[test]
fn a_network_does_not_print_the_password_of_its_proxy() {
    let options = NetworkOptions {
        timeout: Duration::from_secs(5),
        ca_pem: None,
        proxy: Some(
            "http://kadry:qwerty@proxy.example.test:3128"
                .parse()
                .unwrap(),
        ),
    };
    let network = Network::new(&options).unwrap();
    assert!(!format!("{network:?} {options:?}").contains("qwerty"));
}
