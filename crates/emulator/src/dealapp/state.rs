//! The one state of the platform, and the frame in which every action runs.

use std::sync::{Arc, Mutex, MutexGuard};

use axum::response::Response;
use serde_json::{Value, json};

use super::errors;
use super::habits::Habits;
use super::records::{Records, User, name_of};
use super::request::Call;
use super::session::{Shown, Span};
use super::sessions::Sessions;
use super::tokens::Tokens;
use crate::held;
use crate::time::Clock;

/// The name of the role that may manage users.
pub(super) const ADMINISTRATOR: &str = "Администратор";

/// Everything that requests change.
pub(super) struct State {
    pub(super) tokens: Tokens,
    pub(super) sessions: Sessions,
    pub(super) records: Records,
    pub(super) habits: Habits,
}

impl State {
    /// Returns the id of the user whose session `shown` belongs to, if it is accepted.
    ///
    /// Whether the user is still active is not asked: a token lives on after deactivation.
    pub(super) fn caller(&self, shown: &Shown, now_ms: i64) -> Option<String> {
        let user = self
            .records
            .users
            .by_email(&shown.uid)
            .filter(|user| user.email == shown.uid)?;
        self.sessions
            .accepts(&user.id, shown, now_ms)
            .then(|| user.id.clone())
    }

    /// Puts the session headers on an answer, after the action.
    pub(super) fn stamp(&mut self, answer: &mut Response, caller: &str, shown: &Shown, span: Span) {
        // The uid follows the e-mail, which the action may just have changed.
        let uid = self
            .records
            .users
            .get(caller)
            .map_or_else(|| shown.uid.clone(), |user| user.email.clone());
        let shown = Shown {
            uid,
            ..shown.clone()
        };
        answer
            .headers_mut()
            .extend(self.sessions.answer(caller, &shown, &mut self.tokens, span));
    }

    fn may_manage(&self, user: &User) -> bool {
        name_of(&self.records.roles, &user.role) == Some(ADMINISTRATOR)
    }

    /// Returns everything as the control interface shows it.
    pub(super) fn shown(&self) -> Value {
        let mut shown = self.records.shown();
        if let Some(members) = shown.as_object_mut() {
            members.insert("sessions".to_owned(), json!(self.sessions.count()));
            members.insert("mails".to_owned(), json!([]));
        }
        shown
    }
}

/// The state as the handlers share it.
#[derive(Clone)]
pub(super) struct Shared {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

impl Shared {
    pub(super) fn new(clock: Clock, state: State) -> Self {
        Self {
            clock,
            state: Arc::new(Mutex::new(state)),
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        held(&self.state)
    }

    /// Runs an action of the API for a signed-in caller who may manage users.
    ///
    /// The session headers are put on failed answers, too: the library does so after every action that answered.
    pub(super) fn act(
        &self,
        call: &Call,
        action: impl FnOnce(&mut State, i64) -> Response,
    ) -> Response {
        let mut state = self.lock();
        let Some(shown) = call.shown() else {
            return errors::unauthenticated();
        };
        let Some(caller) = state.caller(&shown, self.now_ms()) else {
            return errors::unauthenticated();
        };
        let allowed = state
            .records
            .users
            .get(&caller)
            .is_some_and(|user| state.may_manage(user));
        let mut answer = if allowed {
            action(&mut state, self.now_ms())
        } else {
            errors::forbidden()
        };
        // An action that broke down has not answered: its page comes from elsewhere, without the headers.
        if !answer.status().is_server_error() {
            state.stamp(&mut answer, &caller, &shown, call.span(self.now_ms()));
        }
        answer
    }
}
