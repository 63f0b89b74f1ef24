//! Over real sockets, spoken to byte by byte.

use std::io;
use std::net::SocketAddr;

use kadry_emulator::{Clock, Emulator, Options, serve};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::{PROFILE, START_MS, TAGS, read_fault, token};

struct Server {
    emulator: Emulator,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<io::Result<()>>,
}

impl Server {
    async fn start() -> Self {
        let emulator = Emulator::new(Options::default(), Clock::starting_at(START_MS));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async {
            stopped.await.ok();
        };
        let serving = tokio::spawn(serve(listener, emulator.clone(), until));
        Self {
            emulator,
            address,
            stop,
            serving,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// The bytes of a request.
    fn request(&self, method: &str, path: &str, body: Option<&Value>) -> String {
        let body = body.map(Value::to_string).unwrap_or_default();
        format!(
            "{method} {path} HTTP/1.1\r\nhost: emulator\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            token(&self.emulator),
            body.len()
        )
    }

    async fn ask(
        &self,
        stream: &mut TcpStream,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> String {
        let request = self.request(method, path, body);
        stream.write_all(request.as_bytes()).await.unwrap();
        read_answer(stream).await
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.serving.await.unwrap().unwrap();
    }
}

/// Reads one answer with a length, or what comes before the end of the connection.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => return String::from_utf8(bytes).unwrap(),
            Ok(_) => {}
        }
    }
}

fn tag(name: &str) -> Value {
    json!({ "group_tag": { "name": name } })
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let server = Server::start().await;
    let mut stream = server.connect().await;
    for _ in 0..10 {
        let answer = server.ask(&mut stream, "GET", PROFILE, None).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let answer = server
        .ask(&mut stream, "POST", TAGS, Some(&tag("Новый")))
        .await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    // Also a request that nobody wanted to read has been read when it is answered.
    let large = json!({ "nothing": "x".repeat(4 * 1024 * 1024) });
    let nowhere = format!("{TAGS}/1/nowhere");
    let answer = server
        .ask(&mut stream, "POST", &nowhere, Some(&large))
        .await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    let answer = server.ask(&mut stream, "GET", PROFILE, None).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = server.ask(&mut stream, "GET", "/_emulator/log", None).await;
    assert!(answer.contains("\"seq\":11"), "{answer}");
    drop(stream);
    server.end().await;
}

#[tokio::test]
async fn dropped_answer_closes_the_connection_without_a_byte() {
    let server = Server::start().await;
    for (drop, happened) in [("before", false), ("after", true)] {
        let mut stream = server.connect().await;
        let answer = server.ask(&mut stream, "GET", PROFILE, None).await;
        assert!(answer.starts_with("HTTP/1.1 200"));
        let fault =
            json!({ "match": { "method": "POST", "path": "/group_tags" }, "do": { "drop": drop } });
        server.emulator.fault(read_fault(fault));
        let answer = server
            .ask(&mut stream, "POST", TAGS, Some(&tag(drop)))
            .await;
        assert_eq!(answer, "");
        server.emulator.clear_faults();
        let state = server.emulator.state().to_string();
        assert_eq!(state.contains(&format!("\"name\":\"{drop}\"")), happened);
    }
    server.end().await;
}

#[tokio::test]
async fn cut_answer_announces_its_whole_length_and_breaks_off() {
    let server = Server::start().await;
    let mut stream = server.connect().await;
    let fault = json!({ "match": { "method": "POST" }, "do": { "cut": "line" } });
    server.emulator.fault(read_fault(fault));
    let answer = server
        .ask(&mut stream, "POST", TAGS, Some(&tag("Половина")))
        .await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert!(head.starts_with("HTTP/1.1 201"), "{head}");
    assert_eq!(body.len(), length / 2, "{body}");
    assert!(server.emulator.state().to_string().contains("Половина"));
    server.end().await;
}

#[tokio::test]
async fn control_works_over_the_wire() {
    let server = Server::start().await;
    let mut stream = server.connect().await;
    let fault = json!({ "match": { "path": "/profile" }, "do": { "status": 418 } });
    let answer = server
        .ask(&mut stream, "POST", "/_emulator/faults", Some(&fault))
        .await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    let answer = server.ask(&mut stream, "GET", PROFILE, None).await;
    assert!(answer.starts_with("HTTP/1.1 418"), "{answer}");
    let records = json!({ "pachca": { "tags": ["Проводной"] } });
    server
        .ask(&mut stream, "POST", "/_emulator/seed", Some(&records))
        .await;
    let answer = server
        .ask(&mut stream, "GET", "/_emulator/state", None)
        .await;
    assert!(answer.contains("Проводной"));
    server
        .ask(&mut stream, "POST", "/_emulator/reset", None)
        .await;
    let answer = server.ask(&mut stream, "GET", PROFILE, None).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(stream);
    server.end().await;
}

#[tokio::test]
async fn stop_ends_idle_and_hanging_connections() {
    let server = Server::start().await;
    let mut idle = server.connect().await;
    server.ask(&mut idle, "GET", PROFILE, None).await;
    server
        .emulator
        .fault(read_fault(json!({ "do": { "hang": true } })));
    let mut hanging = server.connect().await;
    let request = server.request("GET", PROFILE, None);
    hanging.write_all(request.as_bytes()).await.unwrap();
    while server.emulator.log().len() < 2 {
        tokio::task::yield_now().await;
    }
    let address = server.address;
    server.end().await;
    assert_eq!(read_answer(&mut idle).await, "");
    assert_eq!(read_answer(&mut hanging).await, "");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn who_leaves_a_hanging_request_keeps_nobody_else_waiting() {
    let server = Server::start().await;
    server
        .emulator
        .fault(read_fault(json!({ "do": { "hang": true } })));
    let mut stream = server.connect().await;
    let request = server.request("GET", PROFILE, None);
    stream.write_all(request.as_bytes()).await.unwrap();
    while server.emulator.log().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(stream);
    server.emulator.clear_faults();
    let mut stream = server.connect().await;
    let answer = server.ask(&mut stream, "GET", PROFILE, None).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(stream);
    server.end().await;
}

#[tokio::test]
async fn what_has_arrived_is_carried_out_although_its_client_has_left() {
    let server = Server::start().await;
    server
        .emulator
        .fault(read_fault(json!({ "do": { "delay_ms": 50 } })));
    let mut stream = server.connect().await;
    let request = server.request("POST", TAGS, Some(&tag("Поздний")));
    stream.write_all(request.as_bytes()).await.unwrap();
    while server.emulator.log().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(stream);
    while server.emulator.log()[0].status.is_none() {
        tokio::task::yield_now().await;
    }
    assert!(server.emulator.state().to_string().contains("Поздний"));
    server.end().await;
}
