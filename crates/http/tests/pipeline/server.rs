//! A server that does as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request that it has read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// Answers with these bytes and closes.
    Say(&'static str),
    /// Answers with these bytes and waits for another request on the same connection.
    SayAndStay(&'static str),
    /// Closes without a word.
    Close,
    /// Keeps silent.
    Hang,
}

/// A server on a local port that follows a script, one deed for each request.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    record: Arc<Record>,
}

#[derive(Debug, Default)]
struct Record {
    requests: Mutex<Vec<String>>,
    connections: Mutex<usize>,
}

impl Server {
    pub(crate) async fn start(script: &[Deed]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let record = Arc::<Record>::default();
        let script = script.to_vec();
        tokio::spawn(follow(listener, script, Arc::clone(&record)));
        Self { address, record }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Returns the requests as they came over the wire.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.record.requests.lock().unwrap().clone()
    }

    /// Returns over how many connections they came.
    pub(crate) fn connections(&self) -> usize {
        *self.record.connections.lock().unwrap()
    }
}

async fn follow(listener: TcpListener, script: Vec<Deed>, record: Arc<Record>) {
    let mut silent = Vec::new();
    let mut script = script.into_iter();
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        *record.connections.lock().unwrap() += 1;
        loop {
            let Some(request) = read_request(&mut stream).await else {
                break;
            };
            record.requests.lock().unwrap().push(request);
            match script.next() {
                Some(Deed::SayAndStay(answer)) => {
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    continue;
                }
                Some(Deed::Say(answer)) => {
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    stream.shutdown().await.unwrap();
                }
                Some(Deed::Close) | None => {}
                Some(Deed::Hang) => silent.push(stream),
            }
            break;
        }
    }
}

/// Returns the next request of a connection; none when the client has closed it.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        if count == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let expected = head
            .lines()
            .filter_map(|line| line.strip_prefix("content-length: "))
            .find_map(|length| length.parse().ok())
            .unwrap_or(0);
        if body.len() >= expected {
            return Some(text);
        }
    }
}
