//! One line of the report.

use kadry_core::ProviderId;
use serde::Serialize;

use crate::error::Failure;
use crate::words::Words;

/// The part of the report that tells of roles; what is in order there is told in one line.
pub(super) const ROLES: &str = "roles";

/// How things stand, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// Nothing is wrong, and nothing was found to be right either. Programs read it as "ok": there is nothing to do about it.
    #[serde(rename = "ok")]
    Note,
    Ok,
    Warning,
    Failure,
}

impl State {
    /// Returns the key of the word that people read.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Note => "check-note",
            Self::Ok => "check-ok",
            Self::Warning => "check-warning",
            Self::Failure => "check-failure",
        }
    }
}

/// One thing that was looked at. `part` and `name` never change: what watches over us goes by them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) part: &'static str,
    pub(super) provider: Option<String>,
    pub(super) name: String,
    pub(super) state: State,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Finding {
    /// Returns something that is in order.
    pub(super) fn ok(part: &'static str, name: impl Into<String>, message: String) -> Self {
        Self {
            part,
            provider: None,
            name: name.into(),
            state: State::Ok,
            message,
            hint: None,
        }
    }

    /// Returns something that is good to know, and that nobody can do anything about.
    pub(super) fn note(part: &'static str, name: impl Into<String>, message: String) -> Self {
        Self {
            state: State::Note,
            ..Self::ok(part, name, message)
        }
    }

    /// Returns something that somebody should look at.
    pub(super) fn warning(
        part: &'static str,
        name: impl Into<String>,
        message: String,
        hint: String,
    ) -> Self {
        Self {
            state: State::Warning,
            hint: Some(hint),
            ..Self::ok(part, name, message)
        }
    }

    /// Returns something that does not work.
    pub(super) fn failure(
        part: &'static str,
        name: impl Into<String>,
        message: String,
        hint: Option<String>,
    ) -> Self {
        Self {
            state: State::Failure,
            hint,
            ..Self::ok(part, name, message)
        }
    }

    /// Returns what a command would have said instead of doing its work.
    pub(super) fn of(part: &'static str, name: impl Into<String>, failure: Failure) -> Self {
        Self::failure(part, name, failure.message, failure.hint)
    }

    /// Returns the same about one platform.
    pub(super) fn on(mut self, provider: &ProviderId) -> Self {
        self.provider = Some(provider.to_string());
        self
    }
}

/// Returns the lines that people read: each finding with what to do next, and the roles that are in order together.
pub(super) fn shown(words: &Words, findings: &[Finding]) -> Vec<(State, String)> {
    let is_quiet = |finding: &&Finding| finding.part == ROLES && finding.state == State::Ok;
    let quiet = findings.iter().filter(is_quiet).count();
    let together = |finding: &Finding| quiet > 1 && is_quiet(&finding);
    let mut shown = Vec::new();
    let mut told = false;
    for finding in findings {
        if together(finding) {
            if !told {
                let roles = [("roles", quiet.into())];
                shown.push((State::Ok, words.say_with("check-roles-known", &roles)));
            }
            told = true;
            continue;
        }
        let text = match &finding.hint {
            Some(hint) => {
                let next = words.say_with("check-next", &[("hint", hint.as_str().into())]);
                format!("{}\n{next}", finding.message)
            }
            None => finding.message.clone(),
        };
        shown.push((finding.state, text));
    }
    shown
}
