//! What the pipeline tells the log: never a query, a header or a body.

use std::time::Duration;

use kadry_core::Error;
use reqwest::StatusCode;
use tracing::{debug, info};

use crate::call::Sending;
use crate::transport::TransportError;

pub(crate) fn note_answer(sending: &Sending<'_>, status: StatusCode, took: Duration) {
    debug!(
        attempt = sending.attempt,
        http.method = %sending.call.method(),
        http.path = sending.path(),
        http.status = status.as_u16(),
        took_ms = millis(took),
        "the platform answered"
    );
}

pub(crate) fn note_loss(sending: &Sending<'_>, error: &TransportError, took: Duration) {
    debug!(
        attempt = sending.attempt,
        http.method = %sending.call.method(),
        http.path = sending.path(),
        took_ms = millis(took),
        "{error}"
    );
}

pub(crate) fn note_repeat(sending: &Sending<'_>, wait: Duration, error: &Error) {
    info!(
        attempt = sending.attempt,
        http.method = %sending.call.method(),
        http.path = sending.path(),
        error.kind = error.kind().as_str(),
        wait_ms = millis(wait),
        "the request will be sent again"
    );
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
