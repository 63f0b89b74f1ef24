//! A transport that does as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_http::{Request, Response, Transport, TransportError};
use tokio::time::Instant;

/// What a scripted transport brings back.
#[derive(Debug)]
pub(crate) enum Reply {
    Status(u16, &'static [(&'static str, &'static str)]),
    /// JSON that ends in the middle, in an answer that says that it is whole.
    Cut,
    Huge,
    Lost,
    NotSent,
}

/// A transport without a network, for a paused clock.
#[derive(Debug, Default)]
pub(crate) struct Scripted {
    replies: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<(Instant, Request)>>,
}

impl Scripted {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.into_iter().collect()),
            seen: Mutex::default(),
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Returns the time between the first request and the last.
    pub(crate) fn span(&self) -> Duration {
        let seen = self.seen.lock().unwrap();
        match (seen.first(), seen.last()) {
            (Some((first, _)), Some((last, _))) => last.duration_since(*first),
            _ => Duration::ZERO,
        }
    }

    /// Returns what each request carried in this header.
    pub(crate) fn header(&self, name: &str) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .map(|(_, request)| request.headers()[name].to_str().unwrap().to_owned())
            .collect()
    }
}

#[async_trait]
impl Transport for Scripted {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.seen.lock().unwrap().push((Instant::now(), request));
        let reply = self.replies.lock().unwrap().pop_front();
        match reply.unwrap_or(Reply::Status(200, &[])) {
            Reply::Status(status, headers) => {
                let mut builder = http::Response::builder().status(status);
                for (name, value) in headers {
                    builder = builder.header(*name, *value);
                }
                Ok(builder.body("{}").unwrap().into())
            }
            Reply::Cut => {
                let answer = http::Response::builder().header("content-type", "application/json");
                Ok(answer.body(r#"{"data":[{"id":1},{"id""#).unwrap().into())
            }
            Reply::Huge => Ok(http::Response::new(vec![b' '; 33 << 20]).into()),
            Reply::Lost => Err(TransportError::Lost("reset".into())),
            Reply::NotSent => Err(TransportError::NotSent("refused".into())),
        }
    }
}
