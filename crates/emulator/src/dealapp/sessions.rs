//! The sessions of all users: how many each may have, and which end first.

use std::collections::HashMap;

use axum::http::HeaderMap;

use super::session::{Manner, Rotation, Session, Shown, Span};
use super::tokens::Tokens;

/// One user keeps at most this many sessions; the library calls them clients.
const MOST: usize = 10;

/// Every session, by the id of its user.
pub(super) struct Sessions {
    manner: Manner,
    by_user: HashMap<String, Vec<Session>>,
}

impl Sessions {
    pub(super) fn new(manner: Manner) -> Self {
        Self {
            manner,
            by_user: HashMap::new(),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.by_user.values().map(Vec::len).sum()
    }

    /// Opens a session and returns the headers that hand it over.
    pub(super) fn open(
        &mut self,
        user: &str,
        uid: &str,
        tokens: &mut Tokens,
        now_ms: i64,
    ) -> HeaderMap {
        let (session, headers) = Session::open(uid, self.manner, tokens, now_ms);
        self.by_user
            .entry(user.to_owned())
            .or_default()
            .push(session);
        self.tidy(user, now_ms);
        headers
    }

    /// Reports whether `shown` is accepted as `user` now.
    pub(super) fn accepts(&self, user: &str, shown: &Shown, now_ms: i64) -> bool {
        self.by_user
            .get(user)
            .and_then(|sessions| {
                sessions
                    .iter()
                    .find(|session| session.client() == shown.client)
            })
            .is_some_and(|session| session.accepts(&shown.token, now_ms))
    }

    /// Returns the headers of an answer to a request that was accepted with `shown`; none if its session is gone.
    pub(super) fn answer(
        &mut self,
        user: &str,
        shown: &Shown,
        tokens: &mut Tokens,
        span: Span,
    ) -> HeaderMap {
        let sessions = self.by_user.get_mut(user).into_iter().flatten();
        let Some(session) = sessions
            .into_iter()
            .find(|session| session.client() == shown.client)
        else {
            return HeaderMap::new();
        };
        let headers = session.answer(shown, tokens, span);
        if self.manner.rotation != Rotation::Off {
            self.tidy(user, span.now_ms);
        }
        headers
    }

    /// Ends one session.
    pub(super) fn close(&mut self, user: &str, client: &str) {
        if let Some(sessions) = self.by_user.get_mut(user) {
            sessions.retain(|session| session.client() != client);
        }
    }

    /// Ends every session.
    pub(super) fn close_all(&mut self) {
        self.by_user.clear();
    }

    /// Drops expired sessions and those beyond the allowed number, as each saving of the user record does.
    pub(super) fn tidy(&mut self, user: &str, now_ms: i64) {
        let Some(sessions) = self.by_user.get_mut(user) else {
            return;
        };
        sessions.retain(|session| session.lives(now_ms));
        while sessions.len() > MOST {
            // `min_by_key` keeps the first of equals, which is the oldest sign-in.
            let earliest = sessions
                .iter()
                .enumerate()
                .min_by_key(|(_, session)| session.expiry_s());
            let Some((at, _)) = earliest else { return };
            sessions.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const USER: &str = "6c1b7d0e-3b1e-4c39-9a55-0d1f5c2a7e01";
    const UID: &str = "svc@example.test";
    const FORTNIGHT_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

    fn sign_in(sessions: &mut Sessions, tokens: &mut Tokens, now_ms: i64) -> Shown {
        let answer = sessions.open(USER, UID, tokens, now_ms);
        let text = |name: &str| answer.get(name).unwrap().to_str().unwrap().to_owned();
        Shown {
            uid: UID.to_owned(),
            client: text("client"),
            token: text("access-token"),
        }
    }

    const MANNER: Manner = Manner {
        rotation: Rotation::ByBatch,
        grace: true,
    };

    #[test]
    fn the_eleventh_sign_in_evicts_the_session_that_expires_first() {
        let (mut sessions, mut tokens) = (Sessions::new(MANNER), Tokens::new(7));
        let shown: Vec<Shown> = (0..10)
            .map(|second| sign_in(&mut sessions, &mut tokens, second * 1_000))
            .collect();
        // The oldest gets a new token, and with it a later end than the second one has.
        let span = Span {
            start_ms: 20_000,
            now_ms: 20_000,
            unbatch: false,
        };
        let _headers = sessions.answer(USER, &shown[0], &mut tokens, span);
        let eleventh = sign_in(&mut sessions, &mut tokens, 21_000);
        assert_eq!(sessions.count(), 10);
        assert!(sessions.accepts(USER, &shown[0], 21_000));
        assert!(!sessions.accepts(USER, &shown[1], 21_000));
        assert!(sessions.accepts(USER, &eleventh, 21_000));
    }

    #[test]
    fn of_sessions_that_end_together_the_oldest_goes() {
        let (mut sessions, mut tokens) = (Sessions::new(MANNER), Tokens::new(7));
        let shown: Vec<Shown> = (0..11)
            .map(|_| sign_in(&mut sessions, &mut tokens, 0))
            .collect();
        assert!(!sessions.accepts(USER, &shown[0], 0));
        assert!(
            shown[1..]
                .iter()
                .all(|shown| sessions.accepts(USER, shown, 0))
        );
    }

    #[test]
    fn a_later_sign_in_purges_what_has_expired() {
        let (mut sessions, mut tokens) = (Sessions::new(MANNER), Tokens::new(7));
        let early = sign_in(&mut sessions, &mut tokens, 0);
        assert!(sessions.accepts(USER, &early, FORTNIGHT_MS - 1));
        assert!(!sessions.accepts(USER, &early, FORTNIGHT_MS));
        let _late = sign_in(&mut sessions, &mut tokens, FORTNIGHT_MS);
        assert_eq!(sessions.count(), 1);
    }

    #[test]
    fn a_session_that_vanished_during_the_request_answers_without_headers() {
        let (mut sessions, mut tokens) = (Sessions::new(MANNER), Tokens::new(7));
        let shown = sign_in(&mut sessions, &mut tokens, 0);
        sessions.close(USER, &shown.client);
        let span = Span {
            start_ms: 0,
            now_ms: 0,
            unbatch: false,
        };
        assert!(sessions.answer(USER, &shown, &mut tokens, span).is_empty());
    }
}
