//! The one place that turns a status into meaning.

use std::io;

use kadry_core::{Effect, Error, ErrorKind};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::answer::Answer;
use crate::call::Footprint;
use crate::redact::scrub;
use crate::secrets::Secrets;
use crate::transport::TransportError;

/// How much of a platform's own words an error keeps.
const LONGEST_MESSAGE: usize = 200;

/// How much of a request's id an error keeps.
const LONGEST_ID: usize = 100;

/// What a backend can read out of the answer to a failed call.
pub type Explain = fn(&Answer) -> Explained;

/// What a backend read out of the answer to a failed call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// What kind of failure it is, where that is more exact than the status.
    pub kind: Option<ErrorKind>,
    /// What the platform said: codes and names of fields, never values.
    pub message: Option<String>,
}

/// Returns the error of an answer that is not a success.
pub(crate) fn refused(
    answer: &Answer,
    footprint: Footprint,
    secrets: &Secrets,
    explain: Explain,
    retry_after_ms: Option<u64>,
) -> Error {
    let kind = explain(answer).kind;
    let kind = kind.unwrap_or_else(|| kind_of(answer.status));
    let status = answer.status.as_u16();
    // A secret that is a word of the platform does not change what the answer means, and none can be disguised before it is found.
    let mut shown = answer.clone();
    shown.body = secrets.conceal_body(&answer.body);
    let said = explain(&shown).message;
    let message = match said.map(|said| presentable(&said, secrets)) {
        Some(said) if !said.is_empty() => format!("the platform answered {status}: {said}"),
        Some(_) | None => format!("the platform answered {status}"),
    };
    let error = Error::new(kind, message)
        .with_effect(effect_of(answer.status, footprint))
        .with_repeat(footprint.repeat)
        .with_retry_after_ms(retry_after_ms);
    with_trace(error, answer.status, &answer.headers, secrets)
}

/// Returns the error of a call that got no answer.
pub(crate) fn unanswered(error: TransportError, footprint: Footprint) -> Error {
    let effect = match error {
        TransportError::NotSent(_) => Effect::None,
        TransportError::Lost(_) => footprint.effect_in_doubt(),
    };
    // Time does not cure a certificate that is not trusted: the operator names the authority that signed it, or leaves.
    let (kind, message) = if is_distrust(&error) {
        let message = "the certificate of the platform is not trusted".to_owned();
        (ErrorKind::Config, message)
    } else {
        (ErrorKind::Unavailable, error.to_string())
    };
    Error::new(kind, message)
        .with_effect(effect)
        .with_repeat(footprint.repeat)
        .from_source(error)
}

/// Returns the error of a call whose success was announced, but whose body could not be read.
pub(crate) fn unread(
    kind: ErrorKind,
    message: &str,
    status: StatusCode,
    headers: &HeaderMap,
    footprint: Footprint,
    secrets: &Secrets,
) -> Error {
    let error = Error::new(kind, message)
        .with_effect(footprint.effect_in_doubt())
        .with_repeat(footprint.repeat);
    with_trace(error, status, headers, secrets)
}

fn is_distrust(error: &(dyn std::error::Error + 'static)) -> bool {
    // An error of input and output hides the error inside it from the chain.
    let inside = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    let distrusted = matches!(
        error.downcast_ref::<rustls::Error>(),
        Some(rustls::Error::InvalidCertificate(_))
    );
    distrusted
        || inside.is_some_and(|inside| is_distrust(inside))
        || error.source().is_some_and(is_distrust)
}

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        400 | 413 | 414 | 415 | 422 | 431 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthenticated,
        402 => ErrorKind::Billing,
        403 => ErrorKind::Forbidden,
        // Not 410: it says that the call was taken out of service, and nothing about a record.
        404 => ErrorKind::NotFound,
        // The proxy is ours, and it wants a password.
        407 => ErrorKind::Config,
        409 | 412 | 423 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        408 | 500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::Protocol,
    }
}

fn effect_of(status: StatusCode, footprint: Footprint) -> Effect {
    if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT {
        Effect::None
    } else {
        footprint.effect_in_doubt()
    }
}

/// Adds what the platform's support asks for.
fn with_trace(error: Error, status: StatusCode, headers: &HeaderMap, secrets: &Secrets) -> Error {
    let error = error.with("http.status", status.as_u16());
    match request_id(headers, secrets) {
        Some(id) => error.with("request.id", id),
        None => error,
    }
}

fn request_id(headers: &HeaderMap, secrets: &Secrets) -> Option<String> {
    headers
        .iter()
        .filter(|(name, _)| {
            name.as_str().ends_with("request-id") || name.as_str().ends_with("trace-id")
        })
        .filter_map(|(_, value)| value.to_str().ok())
        .find(|id| {
            (1..=LONGEST_ID).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/".contains(&byte))
                && !secrets.are_in(id)
        })
        .map(ToOwned::to_owned)
}

fn presentable(message: &str, secrets: &Secrets) -> String {
    // Before anything else changes it, so that a secret is still what it was when it was sent.
    let message = secrets.conceal(message);
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let scrubbed = scrub(&line);
    if scrubbed.chars().count() <= LONGEST_MESSAGE {
        return scrubbed;
    }
    let mut short: String = scrubbed.chars().take(LONGEST_MESSAGE - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use bytes::Bytes;
    use kadry_core::Repeat;
    use reqwest::Method;

    use super::*;
    use crate::call::Call;

    fn write() -> Footprint {
        Call::write(Method::POST, "/employees", Repeat::Once).footprint()
    }

    fn answer(status: u16, headers: HeaderMap) -> Answer {
        Answer::new(StatusCode::from_u16(status).unwrap(), headers, Bytes::new())
    }

    fn of(status: u16, footprint: Footprint) -> (ErrorKind, Effect) {
        let answer = answer(status, HeaderMap::new());
        let secrets = Secrets::default();
        let error = refused(&answer, footprint, &secrets, |_| Explained::default(), None);
        (error.kind(), error.effect())
    }

    #[test]
    fn a_status_says_who_has_to_act() {
        use ErrorKind::{
            Billing, Conflict, Forbidden, Invalid, NotFound, Protocol, RateLimited, Unauthenticated,
        };
        for (status, kind) in [
            (400, Invalid),
            (401, Unauthenticated),
            (402, Billing),
            (403, Forbidden),
            (404, NotFound),
            (405, Protocol),
            (406, Protocol),
            (407, ErrorKind::Config),
            (409, Conflict),
            (410, Protocol),
            (415, Invalid),
            (418, Protocol),
            (422, Invalid),
            (429, RateLimited),
        ] {
            assert_eq!(of(status, write()), (kind, Effect::None), "{status}");
        }
    }

    #[test]
    fn a_fault_or_a_redirect_leaves_a_write_in_doubt_and_a_read_not() {
        for status in [408, 500, 502, 503, 504] {
            assert_eq!(
                of(status, write()),
                (ErrorKind::Unavailable, Effect::Unknown)
            );
            let read = of(status, Footprint::READ);
            assert_eq!(read, (ErrorKind::Unavailable, Effect::None));
        }
        assert_eq!(of(302, write()), (ErrorKind::Protocol, Effect::Unknown));
    }

    #[test]
    fn a_backend_may_know_better_and_its_words_are_scrubbed() {
        let explain: Explain = |_| Explained {
            kind: Some(ErrorKind::Conflict),
            message: Some(format!("taken by anna@example.test {}", "ы".repeat(300))),
        };
        let answer = answer(422, HeaderMap::new());
        let error = refused(&answer, write(), &Secrets::default(), explain, None);
        assert_eq!(error.kind(), ErrorKind::Conflict);
        let said = error.message();
        assert!(said.starts_with("the platform answered 422: taken by [e-mail] ы"));
        assert!(said.ends_with('…'));
        assert!(!said.contains("anna"));
    }

    #[test]
    fn the_id_of_the_request_is_kept_for_support() {
        let mut headers = HeaderMap::new();
        headers.insert("x-vendor-trace-id", "6f1c".parse().unwrap());
        let error = refused(
            &answer(500, headers),
            write(),
            &Secrets::default(),
            |_| Explained::default(),
            None,
        );
        let context = [
            ("http.status", "500".to_owned()),
            ("request.id", "6f1c".to_owned()),
        ];
        assert_eq!(error.context(), context);
    }

    #[test]
    fn a_certificate_that_is_not_trusted_is_for_the_operator() {
        let reason = rustls::CertificateError::UnknownIssuer;
        let source = io::Error::other(rustls::Error::InvalidCertificate(reason));
        let error = unanswered(TransportError::NotSent(Box::new(source)), write());
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.is_retryable());
    }
}
