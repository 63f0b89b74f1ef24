//! What went wrong between us and a platform.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How long a platform was waited for, in milliseconds, in the context of an error.
pub const WAITED_MS: &str = "waited_ms";

/// The result of a call to a platform.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure it is, which is to say who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The platform cannot do this. We act: it should have been refused while planning.
    Unsupported,
    /// Something in the configuration is wrong. The operator acts.
    Config,
    /// The platform does not accept the credential. The operator acts.
    Unauthenticated,
    /// The credential lacks a right. The platform's administrator acts.
    Forbidden,
    /// The platform wants to be paid, or has no licence left. The platform's administrator acts.
    Billing,
    /// The record is not there. We act: look again.
    NotFound,
    /// The platform's state does not allow it, such as a record that exists already. We act: look again.
    Conflict,
    /// The platform refuses a value. The operator acts.
    Invalid,
    /// Too many requests. Time acts.
    RateLimited,
    /// The platform cannot be reached or has a fault. Time acts.
    Unavailable,
    /// The platform answered something that its documents do not allow. We act.
    Protocol,
}

impl ErrorKind {
    /// Returns the word that JSON and logs use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Config => "config",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Billing => "billing",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Protocol => "protocol",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether the far side changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It did not.
    None,
    /// It did, but not to what was asked.
    Applied,
    /// Nobody can tell without looking.
    Unknown,
}

/// Whether the same request may be sent again without looking first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repeat {
    /// A second one changes nothing more.
    Safe,
    /// A second one may do something twice.
    Once,
}

/// A failed call. A struct and not an enum, because callers ask it questions.
///
/// It holds ids and never names, e-mails, tokens or bodies, so that it can be logged.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Error(Box<Inner>);

#[derive(Debug, thiserror::Error)]
#[error("{operation}{}{message}", if operation.is_empty() { "" } else { ": " })]
struct Inner {
    kind: ErrorKind,
    effect: Effect,
    repeat: Repeat,
    retry_after_ms: Option<u64>,
    operation: &'static str,
    message: String,
    context: Vec<(&'static str, String)>,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Returns an error about a call that changed nothing and must not be repeated as it is.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            effect: Effect::None,
            repeat: Repeat::Once,
            retry_after_ms: None,
            operation: "",
            message: message.into(),
            context: Vec::new(),
            source: None,
        }))
    }

    /// Returns the error of a platform that was not waited for any longer.
    #[must_use]
    pub fn no_answer(waited: Duration) -> Self {
        let seconds = waited.as_secs_f64();
        Self::new(
            ErrorKind::Unavailable,
            format!("no answer within {seconds:.1} s"),
        )
        .with(WAITED_MS, waited.as_millis())
    }

    /// Sets whether the far side changed.
    #[must_use]
    pub fn with_effect(mut self, effect: Effect) -> Self {
        self.0.effect = effect;
        self
    }

    /// Sets whether the call repeats safely.
    #[must_use]
    pub fn with_repeat(mut self, repeat: Repeat) -> Self {
        self.0.repeat = repeat;
        self
    }

    /// Sets how long the platform asks to wait.
    #[must_use]
    pub fn with_retry_after_ms(mut self, wait_ms: Option<u64>) -> Self {
        self.0.retry_after_ms = wait_ms;
        self
    }

    /// Sets the operation of the trait that failed, unless one is set already.
    #[must_use]
    pub fn during(mut self, operation: &'static str) -> Self {
        if self.0.operation.is_empty() {
            self.0.operation = operation;
        }
        self
    }

    /// Adds an id that helps to find the place.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.0.context.push((key, value.to_string()));
        self
    }

    /// Sets the error below this one.
    #[must_use]
    pub fn from_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Returns who has to act.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns whether the far side changed.
    #[must_use]
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// Returns how long the platform asks to wait, in milliseconds.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u64> {
        self.0.retry_after_ms
    }

    /// Returns the operation of the trait that failed.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// Returns what the platform or the pipeline said.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the ids that help to find the place.
    #[must_use]
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.0.context
    }

    /// Reports whether the same call may be sent again without looking first.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), ErrorKind::RateLimited | ErrorKind::Unavailable)
            && (self.effect() == Effect::None || self.0.repeat == Repeat::Safe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timed_out_write_is_retried_only_if_it_repeats_safely() {
        let lost = |repeat| {
            Error::new(ErrorKind::Unavailable, "timed out")
                .with_effect(Effect::Unknown)
                .with_repeat(repeat)
        };
        assert!(lost(Repeat::Safe).is_retryable());
        assert!(!lost(Repeat::Once).is_retryable());
    }

    #[test]
    fn a_refusal_is_never_retried_and_a_rate_limit_always() {
        assert!(
            !Error::new(ErrorKind::Forbidden, "no")
                .with_repeat(Repeat::Safe)
                .is_retryable()
        );
        assert!(Error::new(ErrorKind::RateLimited, "slow down").is_retryable());
    }

    #[test]
    fn an_error_reads_as_one_line() {
        let error = Error::new(ErrorKind::NotFound, "no such record")
            .during("update")
            .during("gate")
            .with("employee.id", 7);
        assert_eq!(error.to_string(), "update: no such record");
        assert_eq!(error.context(), [("employee.id", "7".to_owned())]);
    }
}
