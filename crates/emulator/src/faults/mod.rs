//! Faults on demand: answers replaced, dropped, delayed or withheld.

mod armed;
mod cut;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use armed::Faults;
pub use cut::Cut;
pub(crate) use cut::halved;

/// A fault: which requests, which of them, and what happens to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Which requests it concerns.
    #[serde(rename = "match", default)]
    pub matches: Match,
    /// Which of those it befalls.
    #[serde(default)]
    pub when: When,
    /// What befalls them.
    #[serde(rename = "do")]
    pub action: Action,
}

/// Requests by platform, method and path; what is absent matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// The kind of platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The HTTP method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A prefix of the path, or a pattern for all of it where `*` stands for anything. With or without the mount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// Which of the matching requests a fault befalls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawWhen", into = "RawWhen")]
pub enum When {
    /// Every one.
    #[default]
    Always,
    /// Only the nth, from 1.
    Nth(u64),
    /// Each nth.
    Every(u64),
    /// Each with a probability, decided by a seeded dice.
    Probability {
        /// Between 0 and 1.
        probability: f64,
        /// The seed of the dice.
        seed: u64,
    },
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWhen {
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    every: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

impl TryFrom<RawWhen> for When {
    type Error = &'static str;

    fn try_from(raw: RawWhen) -> Result<Self, Self::Error> {
        match (raw.nth, raw.every, raw.probability, raw.seed) {
            (None, None, None, None) => Ok(Self::Always),
            (Some(nth @ 1..), None, None, None) => Ok(Self::Nth(nth)),
            (None, Some(every @ 1..), None, None) => Ok(Self::Every(every)),
            (None, None, Some(probability), seed) if (0.0..=1.0).contains(&probability) => {
                Ok(Self::Probability {
                    probability,
                    seed: seed.unwrap_or_default(),
                })
            }
            _ => Err(
                "`when` takes one of `nth` (from 1), `every` (from 1), `probability` (0 to 1, with `seed`)",
            ),
        }
    }
}

impl From<When> for RawWhen {
    fn from(when: When) -> Self {
        let none = Self::default();
        match when {
            When::Always => none,
            When::Nth(nth) => Self {
                nth: Some(nth),
                ..none
            },
            When::Every(every) => Self {
                every: Some(every),
                ..none
            },
            When::Probability { probability, seed } => Self {
                probability: Some(probability),
                seed: Some(seed),
                ..none
            },
        }
    }
}

/// What befalls a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawAction", into = "RawAction")]
pub struct Action {
    /// Whether the platform carries the request out first.
    pub effect: Effect,
    /// How long the answer is held back.
    pub delay_ms: u64,
    /// What the client gets.
    pub answer: Answer,
}

/// Whether the platform carries a faulty request out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The fault comes before: the request has no effect.
    #[default]
    Before,
    /// The fault comes after: the request is carried out.
    After,
}

/// What the client of a faulty request gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The platform's own answer.
    Own,
    /// Another answer.
    Status {
        /// The status.
        status: StatusCode,
        /// The `Retry-After` header.
        retry_after: Option<RetryAfter>,
        /// The body: text as it is, anything else as JSON.
        body: Option<Value>,
    },
    /// The first half of the platform's own answer. It comes after: the request is carried out.
    Cut(Cut),
    /// A closed connection.
    Drop,
    /// Nothing, for ever.
    Hang,
}

/// How a platform says how long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u64),
    /// As a date, so many seconds from then on.
    Date(u64),
}

impl RetryAfter {
    fn header(self, now_ms: i64) -> Option<HeaderValue> {
        match self {
            Self::Seconds(seconds) => Some(seconds.into()),
            Self::Date(seconds) => {
                let until_s = now_ms.div_euclid(1_000).saturating_add_unsigned(seconds);
                let moment = Timestamp::from_second(until_s).ok()?;
                let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&moment);
                date.ok()?.try_into().ok()
            }
        }
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAction {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    /// The same as a date, so many seconds from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_date: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    drop: Option<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Cut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    hang: bool,
}

impl TryFrom<RawAction> for Action {
    type Error = &'static str;

    fn try_from(raw: RawAction) -> Result<Self, Self::Error> {
        let retry_after = match (raw.retry_after, raw.retry_date) {
            (None, None) => None,
            (Some(seconds), None) => Some(RetryAfter::Seconds(seconds)),
            (None, Some(seconds)) => Some(RetryAfter::Date(seconds)),
            (Some(_), Some(_)) => return Err("`do` takes one of `retry_after` and `retry_date`"),
        };
        if raw.status.is_none() && (retry_after.is_some() || raw.body.is_some()) {
            return Err("`retry_after`, `retry_date` and `body` need a `status`");
        }
        let (effect, answer) = match (raw.status, raw.drop, raw.cut, raw.hang) {
            (Some(status), None, None, false) => {
                let status = StatusCode::from_u16(status)
                    .ok()
                    .filter(|status| status.as_u16() >= 200)
                    .ok_or("`status` is no HTTP status from 200 to 999")?;
                let answer = Answer::Status {
                    status,
                    retry_after,
                    body: raw.body,
                };
                (raw.effect, answer)
            }
            (None, Some(drop), None, false) if raw.effect.is_none() => (Some(drop), Answer::Drop),
            (None, None, Some(cut), false) if raw.effect.is_none() => {
                (Some(Effect::After), Answer::Cut(cut))
            }
            (None, None, None, true) => (raw.effect, Answer::Hang),
            (None, None, None, false) if raw.delay_ms.is_some() => (raw.effect, Answer::Own),
            _ => {
                return Err(
                    "`do` takes one of `status`, `drop`, `cut`, `hang`, or a `delay_ms` alone",
                );
            }
        };
        Ok(Self {
            effect: effect.unwrap_or_default(),
            delay_ms: raw.delay_ms.unwrap_or_default(),
            answer,
        })
    }
}

impl From<Action> for RawAction {
    fn from(action: Action) -> Self {
        let mut raw = Self {
            effect: Some(action.effect),
            delay_ms: (action.delay_ms > 0).then_some(action.delay_ms),
            ..Self::default()
        };
        match action.answer {
            Answer::Own => raw.delay_ms = Some(action.delay_ms),
            Answer::Drop => raw.drop = raw.effect.take(),
            Answer::Cut(cut) => {
                raw.effect = None;
                raw.cut = Some(cut);
            }
            Answer::Hang => raw.hang = true,
            Answer::Status {
                status,
                retry_after,
                body,
            } => {
                raw.status = Some(status.as_u16());
                match retry_after {
                    None => {}
                    Some(RetryAfter::Seconds(seconds)) => raw.retry_after = Some(seconds),
                    Some(RetryAfter::Date(seconds)) => raw.retry_date = Some(seconds),
                }
                raw.body = body;
            }
        }
        raw
    }
}

/// Returns the answer that a fault puts in the place of the platform's own.
pub(crate) fn answer(
    status: StatusCode,
    retry_after: Option<RetryAfter>,
    body: Option<Value>,
    now_ms: i64,
) -> Response {
    let mut response = match body {
        Some(Value::String(text)) => (status, text).into_response(),
        Some(json) => (status, axum::Json(json)).into_response(),
        None if status.is_server_error() => {
            let page = format!("<html><body><h1>{status}</h1></body></html>\n");
            (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
        }
        None => (status, format!("{status}\n")).into_response(),
    };
    if let Some(wait) = retry_after.and_then(|wait| wait.header(now_ms)) {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Fault;

    #[test]
    fn fault_reads_back_as_written() {
        for fault in [
            json!({"match": {"path": "/x"}, "when": {"nth": 2}, "do": {"drop": "after"}}),
            json!({"match": {"method": "POST"}, "when": {"every": 3}, "do": {"hang": true, "effect": "after"}}),
            json!({"match": {}, "when": {}, "do": {"status": 429, "retry_after": 2, "effect": "before"}}),
            json!({"match": {}, "when": {}, "do": {"status": 429, "retry_date": 90, "effect": "before"}}),
            json!({"match": {}, "when": {}, "do": {"cut": "line"}}),
            json!({"match": {}, "when": {}, "do": {"cut": "text", "delay_ms": 5}}),
            json!({"match": {}, "when": {"probability": 0.5, "seed": 4}, "do": {"delay_ms": 5, "effect": "before"}}),
        ] {
            let read = serde_json::from_value::<Fault>(fault.clone());
            assert!(read.is_ok(), "{read:?}");
            assert_eq!(
                read.ok().and_then(|f| serde_json::to_value(f).ok()),
                Some(fault)
            );
        }
    }

    #[test]
    fn senseless_faults_are_refused() {
        for fault in [
            json!({"do": {}}),
            json!({"do": {"status": 99}}),
            json!({"do": {"status": 101}}),
            json!({"do": {"retry_after": 1}}),
            json!({"do": {"drop": "after", "effect": "before"}}),
            json!({"do": {"drop": "after", "hang": true}}),
            json!({"do": {"drop": "after", "cut": "line"}}),
            json!({"do": {"cut": "line", "effect": "before"}}),
            json!({"do": {"retry_date": 1}}),
            json!({"do": {"status": 429, "retry_after": 1, "retry_date": 1}}),
            json!({"do": {"hang": true}, "when": {"nth": 0}}),
            json!({"do": {"hang": true}, "when": {"nth": 1, "every": 1}}),
            json!({"do": {"hang": true}, "when": {"probability": 1.5}}),
            json!({"do": {"hang": true}, "match": {"route": "/x"}}),
        ] {
            assert!(
                serde_json::from_value::<Fault>(fault.clone()).is_err(),
                "{fault}"
            );
        }
    }
}
