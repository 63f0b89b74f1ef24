//! The network without a network: requests go to a router in the same process.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, HttpBody as _};
use futures::{StreamExt as _, stream};
use http_body_util::{BodyStream, StreamBody};
use kadry_emulator::Dropped;
use kadry_http::http::header::{CONTENT_LENGTH, HOST};
use kadry_http::http::{HeaderValue, Request as Sent, Response as Answered, Uri};
use kadry_http::{BoxError, Request, Response, Transport, TransportError};
use tower::ServiceExt as _;

/// A transport whose far end is a router. Clones are the same line.
#[derive(Clone)]
pub(crate) struct InProcess {
    router: Router,
    refuses: Arc<AtomicBool>,
}

impl InProcess {
    pub(crate) fn to(router: Router) -> Self {
        Self {
            router,
            refuses: Arc::default(),
        }
    }

    /// Refuses every connection from now on, or lets them through again.
    pub(crate) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::Relaxed);
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if self.refuses.load(Ordering::Relaxed) {
            let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
            return Err(TransportError::NotSent(Box::new(refused)));
        }
        let request = on_the_wire(request).map_err(TransportError::NotSent)?;
        // A task of its own: what has left cannot be called back, even if whoever sent it is gone.
        let answering = tokio::spawn(self.router.clone().oneshot(request));
        let answer = match answering.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(never)) => match never {},
            Err(ended) => return Err(TransportError::Lost(Box::new(ended))),
        };
        if answer.extensions().get::<Dropped>().is_some() {
            let closed = io::Error::from(io::ErrorKind::ConnectionReset);
            return Err(TransportError::Lost(Box::new(closed)));
        }
        let (head, body) = answer.into_parts();
        let body = arrived(body).await;
        Ok(Response::from(Answered::from_parts(head, body)))
    }
}

/// Returns the request as a server gets it: the target without the server's name, and the headers that a connection adds.
fn on_the_wire(request: Request) -> Result<Sent<Body>, BoxError> {
    let request: Sent<_> = request.try_into()?;
    let (mut head, body) = request.into_parts();
    if let Some(authority) = head.uri.authority() {
        let host = HeaderValue::from_str(authority.as_str())?;
        head.headers.insert(HOST, host);
    }
    if let Some(target) = head.uri.path_and_query() {
        head.uri = Uri::from(target.clone());
    }
    let body = Body::new(body);
    if let Some(length) = length_of(&body) {
        head.headers.entry(CONTENT_LENGTH).or_insert(length.into());
    }
    Ok(Sent::from_parts(head, body))
}

/// Returns the length of a body that has one.
fn length_of(body: &Body) -> Option<u64> {
    body.size_hint().exact().filter(|length| *length > 0)
}

/// Returns what arrives of a body, as it arrives: it may break off.
async fn arrived(body: Body) -> reqwest::Body {
    let frames: Vec<_> = BodyStream::new(body).collect().await;
    reqwest::Body::wrap(StreamBody::new(stream::iter(frames)))
}
