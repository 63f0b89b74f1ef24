//! What tests and demos use to look at the emulator and to steer it, under `/_emulator`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::Value;

use crate::Emulator;
use crate::faults::Fault;
use crate::log::Entry;

/// Where the control routes are.
pub(crate) const MOUNT: &str = "/_emulator";

/// Returns the control routes of an emulator.
pub(crate) fn router(emulator: Emulator) -> Router {
    Router::new()
        .route("/state", get(state))
        .route("/log", get(log))
        .route("/seed", post(seed))
        .route("/faults", get(faults).post(add_faults).delete(clear_faults))
        .route("/reset", post(reset))
        .with_state(emulator)
}

async fn state(State(emulator): State<Emulator>) -> Json<Value> {
    Json(emulator.state())
}

async fn log(State(emulator): State<Emulator>) -> Json<Vec<Entry>> {
    Json(emulator.log())
}

async fn seed(State(emulator): State<Emulator>, body: Bytes) -> Response {
    // Any content type will do: this is what one types into curl.
    let records: Value = match serde_json::from_slice(&body) {
        Ok(records) => records,
        Err(error) => return bad_request(format!("The records are no JSON: {error}.")),
    };
    match emulator.seed(&records) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(sentence) => bad_request(sentence),
    }
}

async fn faults(State(emulator): State<Emulator>) -> Json<Vec<Fault>> {
    Json(emulator.faults())
}

async fn add_faults(State(emulator): State<Emulator>, body: Bytes) -> Response {
    match read_faults(&body) {
        Err(error) => bad_request(format!("This is no fault: {error}.")),
        Ok(faults) => {
            for fault in faults {
                emulator.fault(fault);
            }
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

fn read_faults(body: &[u8]) -> serde_json::Result<Vec<Fault>> {
    let json: Value = serde_json::from_slice(body)?;
    if json.is_array() {
        serde_json::from_value(json)
    } else {
        serde_json::from_value(json).map(|fault| vec![fault])
    }
}

async fn clear_faults(State(emulator): State<Emulator>) -> StatusCode {
    emulator.clear_faults();
    StatusCode::NO_CONTENT
}

async fn reset(State(emulator): State<Emulator>) -> StatusCode {
    emulator.reset();
    StatusCode::NO_CONTENT
}

fn bad_request(sentence: String) -> Response {
    (StatusCode::BAD_REQUEST, sentence).into_response()
}
