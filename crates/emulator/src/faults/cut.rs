//! Answers of which only the first half comes.

use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody, to_bytes};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{StatusCode, header};
use hyper::body::Frame;
use serde::{Deserialize, Serialize};

/// Where an answer breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// The connection is closed in the middle of the body.
    Line,
    /// The body ends in the middle as if that were all of it.
    Text,
}

/// Returns the first half of an answer. One without a body has no middle, and stays whole.
pub(crate) async fn halved(answer: Response, cut: Cut) -> Response {
    let (mut head, body) = answer.into_parts();
    let Ok(whole) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if whole.is_empty() {
        return Response::from_parts(head, Body::empty());
    }
    let half = whole.slice(..whole.len() / 2);
    match cut {
        Cut::Line => {
            let length = whole.len().into();
            head.headers.insert(header::CONTENT_LENGTH, length);
            let body = Body::new(BreaksOff::After(half));
            Response::from_parts(head, body)
        }
        Cut::Text => {
            head.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(head, Body::from(half))
        }
    }
}

/// A body that breaks off after its first half.
enum BreaksOff {
    After(Bytes),
    Pausing,
    Now,
    Over,
}

impl HttpBody for BreaksOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let (next, frame) = match mem::replace(&mut *self, Self::Over) {
            Self::After(half) => (Self::Pausing, Poll::Ready(Some(Ok(Frame::data(half))))),
            Self::Pausing => {
                // The server sends what it has while it waits, and nothing more once it has met an error.
                context.waker().wake_by_ref();
                (Self::Now, Poll::Pending)
            }
            Self::Now => {
                let broken = io::Error::from(io::ErrorKind::ConnectionReset);
                (Self::Over, Poll::Ready(Some(Err(broken))))
            }
            Self::Over => (Self::Over, Poll::Ready(None)),
        };
        *self = next;
        frame
    }
}
