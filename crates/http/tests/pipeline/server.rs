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
    /// Closes without a word.
    Close,
    /// Keeps silent.
    Hang,
}

/// A server on a local port that follows a script, one deed for each request.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(script: &[Deed]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script = script.to_vec();
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut silent = Vec::new();
            let mut script = script.into_iter();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let request = read_request(&mut stream).await;
                record.lock().unwrap().push(request);
                match script.next() {
                    Some(Deed::Say(answer)) => {
                        stream.write_all(answer.as_bytes()).await.unwrap();
                        stream.shutdown().await.unwrap();
                    }
                    Some(Deed::Close) | None => {}
                    Some(Deed::Hang) => silent.push(stream),
                }
            }
        });
        Self { address, seen }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Returns the requests as they came over the wire.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
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
            return text;
        }
    }
}
