//! What a platform answered.

use std::fmt;

use bytes::Bytes;
use kadry_core::{Error, ErrorKind};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::call::Footprint;

/// In which line of the answer it stops making sense, in the context of an error.
pub const ANSWER_LINE: &str = "answer.line";

/// In which column of it.
pub const ANSWER_COLUMN: &str = "answer.column";

/// Which member is missing there.
pub const ANSWER_MEMBER: &str = "answer.member";

/// What a platform answered, read to its end.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, unpacked.
    pub body: Bytes,
    footprint: Footprint,
}

impl Answer {
    /// Returns an answer to a call that changes nothing.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        Self {
            status,
            headers,
            body,
            footprint: Footprint::READ,
        }
    }

    pub(crate) fn answering(mut self, footprint: Footprint) -> Self {
        self.footprint = footprint;
        self
    }

    /// Returns the body as a value.
    ///
    /// # Errors
    ///
    /// `Protocol` if it is not of that shape. After a write the effect is then unknown, since the platform did answer.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            misshapen(&error)
                .with_effect(self.footprint.effect_in_doubt())
                .with_repeat(self.footprint.repeat)
                .with("http.status", self.status.as_u16())
        })
    }

    /// Returns the text of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Says where the body stops making sense. The error's own text may quote the body, unless it is about a member that is missing.
fn misshapen(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let missing = text.strip_prefix("missing field `");
    let (line, column) = (error.line(), error.column());
    let place = |message| {
        Error::new(ErrorKind::Protocol, message)
            .with(ANSWER_LINE, line)
            .with(ANSWER_COLUMN, column)
    };
    match missing.and_then(|rest| rest.split('`').next()) {
        Some(member) => place(format!(
            "the answer has no member `{member}` (line {line}, column {column})"
        ))
        .with(ANSWER_MEMBER, member),
        None => place(format!(
            "the answer is not of the documented shape (line {line}, column {column})"
        )),
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use kadry_core::{Effect, Repeat};
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        #[expect(dead_code, reason = "only its presence matters")]
        id: i64,
    }

    fn parse(body: &'static str, writes: bool) -> Error {
        let body = Bytes::from_static(body.as_bytes());
        let repeat = Repeat::Once;
        Answer::new(StatusCode::OK, HeaderMap::new(), body)
            .answering(Footprint { writes, repeat })
            .json::<Row>()
            .unwrap_err()
    }

    #[test]
    fn a_misshapen_answer_is_located_but_never_quoted() {
        let error = parse(r#"{"id":"anna@example.test"}"#, false);
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert_eq!(
            error.message(),
            "the answer is not of the documented shape (line 1, column 25)"
        );
        let error = parse(r#"{"name":"Anna"}"#, false);
        assert_eq!(
            error.message(),
            "the answer has no member `id` (line 1, column 15)"
        );
    }

    #[test]
    fn a_misshapen_answer_to_a_write_leaves_it_in_doubt() {
        assert_eq!(parse("", true).effect(), Effect::Unknown);
        assert_eq!(parse("", false).effect(), Effect::None);
    }
}
