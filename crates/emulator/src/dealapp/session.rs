//! One session: which token it accepts, and which one an answer hands out.
//!
//! The service never says how its tokens live. These are the defaults of the library that its headers give away
//! (`devise_token_auth`, docs "Token management" and "Batch requests"). Checked 2026-11.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::tokens::Tokens;

/// Requests that follow each other within this time share one token.
const WINDOW_MS: i64 = 5_000;
/// A session ends this long after its last new token.
const LIFESPAN_S: i64 = 14 * 24 * 60 * 60;
/// What a batch answer puts where a new token would be.
const BLANK: &str = " ";

type Hash = [u8; 32];

/// When answers hand out new tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rotation {
    /// Never.
    Off,
    /// Unless the request before came within [`WINDOW_MS`].
    ByBatch,
    /// Always.
    Each,
}

/// How the tokens of an installation live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) rotation: Rotation,
    /// Whether the token before the latest one is accepted outside the window, too.
    pub(super) grace: bool,
}

/// Returns what is stored of a secret.
///
/// The service uses bcrypt; nobody attacks an emulator, so a cheap hash does.
pub(super) fn digest(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// What a caller showed: the three headers.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) uid: String,
    pub(super) client: String,
    pub(super) token: String,
}

/// When a request began and when its action ended.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) start_ms: i64,
    pub(super) now_ms: i64,
    /// The request asked not to be taken as part of a batch.
    pub(super) unbatch: bool,
}

/// One sign-in of one user.
pub(super) struct Session {
    client: String,
    manner: Manner,
    token: Hash,
    previous: Option<Hash>,
    last: Option<Hash>,
    /// In whole seconds, as the library stores it: the window is up to a second shorter than it says.
    updated_s: i64,
    expiry_s: i64,
}

impl Session {
    /// Opens a session and returns it with the headers that hand it over.
    pub(super) fn open(
        uid: &str,
        manner: Manner,
        tokens: &mut Tokens,
        now_ms: i64,
    ) -> (Self, HeaderMap) {
        let client = tokens.next();
        let mut token = tokens.next();
        let mut session = Self {
            client: client.clone(),
            manner,
            token: digest(&token),
            previous: None,
            last: None,
            updated_s: whole_seconds(now_ms),
            expiry_s: whole_seconds(now_ms) + LIFESPAN_S,
        };
        if manner.rotation != Rotation::Off {
            // The library makes a token while signing in, and its after-action makes the one that is answered.
            token = tokens.next();
            session.rotate(&token, now_ms);
        }
        let uid = uid.to_owned();
        let headers = session.headers(&Shown { uid, client, token });
        (session, headers)
    }

    pub(super) fn client(&self) -> &str {
        &self.client
    }

    pub(super) fn expiry_s(&self) -> i64 {
        self.expiry_s
    }

    /// Reports whether the session has not ended.
    pub(super) fn lives(&self, now_ms: i64) -> bool {
        self.expiry_s * 1_000 > now_ms
    }

    /// Reports whether `token` is accepted now.
    pub(super) fn accepts(&self, token: &str, now_ms: i64) -> bool {
        let shown = Some(digest(token));
        let is_recent = Some(self.token) == shown || self.previous == shown;
        self.lives(now_ms) && (is_recent || (self.last == shown && self.in_window(now_ms)))
    }

    /// Returns the headers of the answer to a request that was accepted with `shown`, after its action.
    pub(super) fn answer(&mut self, shown: &Shown, tokens: &mut Tokens, span: Span) -> HeaderMap {
        if self.manner.rotation == Rotation::Off {
            return self.headers(shown);
        }
        if !span.unbatch && self.in_window(span.start_ms) {
            self.updated_s = whole_seconds(span.now_ms);
            let mut batch = self.headers(shown);
            batch.insert("access-token", HeaderValue::from_static(BLANK));
            batch.insert("expiry", HeaderValue::from_static(BLANK));
            return batch;
        }
        let token = tokens.next();
        self.rotate(&token, span.now_ms);
        self.headers(&Shown {
            token,
            ..shown.clone()
        })
    }

    fn in_window(&self, at_ms: i64) -> bool {
        self.manner.rotation == Rotation::ByBatch && self.updated_s * 1_000 > at_ms - WINDOW_MS
    }

    fn rotate(&mut self, token: &str, now_ms: i64) {
        if self.manner.grace {
            self.last = self.previous.take();
            self.previous = Some(self.token);
        } else {
            self.last = Some(self.token);
        }
        self.token = digest(token);
        self.updated_s = whole_seconds(now_ms);
        self.expiry_s = whole_seconds(now_ms) + LIFESPAN_S;
    }

    /// Returns the headers that carry the session with the token in `shown`.
    fn headers(&self, shown: &Shown) -> HeaderMap {
        let expiry = self.expiry_s.to_string();
        let bearer = json!({
            "access-token": shown.token,
            "token-type": "Bearer",
            "client": self.client,
            "expiry": expiry,
            "uid": shown.uid,
        });
        let bearer = format!("Bearer {}", STANDARD.encode(bearer.to_string()));
        [
            ("access-token", shown.token.as_str()),
            ("token-type", "Bearer"),
            ("client", &self.client),
            ("expiry", &expiry),
            ("uid", &shown.uid),
            ("authorization", &bearer),
        ]
        .into_iter()
        .filter_map(|(name, value)| {
            Some((
                HeaderName::from_static(name),
                HeaderValue::from_str(value).ok()?,
            ))
        })
        .collect()
    }
}

fn whole_seconds(now_ms: i64) -> i64 {
    now_ms.div_euclid(1_000)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    const UID: &str = "svc@example.test";

    struct World {
        session: Session,
        tokens: Tokens,
        first: String,
    }

    fn text(headers: &HeaderMap, name: &str) -> String {
        headers.get(name).unwrap().to_str().unwrap().to_owned()
    }

    fn signed_in(rotation: Rotation) -> World {
        let mut tokens = Tokens::new(7);
        let manner = Manner {
            rotation,
            grace: true,
        };
        let (session, answer) = Session::open(UID, manner, &mut tokens, 0);
        World {
            session,
            tokens,
            first: text(&answer, "access-token"),
        }
    }

    impl World {
        /// Sends a request with `token` at `now_ms`; `None` is a 401.
        fn at(&mut self, now_ms: i64, token: &str, unbatch: bool) -> Option<HeaderMap> {
            if !self.session.accepts(token, now_ms) {
                return None;
            }
            let client = self.session.client.clone();
            let shown = Shown {
                uid: UID.to_owned(),
                client,
                token: token.to_owned(),
            };
            Some(self.session.answer(
                &shown,
                &mut self.tokens,
                Span {
                    start_ms: now_ms,
                    now_ms,
                    unbatch,
                },
            ))
        }

        fn at_second(&mut self, second: i64, token: &str) -> Option<HeaderMap> {
            self.at(second * 1_000, token, false)
        }

        fn stored(&self) -> (Hash, Option<Hash>, Option<Hash>, i64) {
            (
                self.session.token,
                self.session.previous,
                self.session.last,
                self.session.updated_s,
            )
        }
    }

    fn bearer(answer: &HeaderMap) -> serde_json::Value {
        let value = text(answer, "authorization");
        let raw = STANDARD
            .decode(value.strip_prefix("Bearer ").unwrap())
            .unwrap();
        serde_json::from_slice(&raw).unwrap()
    }

    fn assert_batch(answer: &HeaderMap, client: &str) {
        assert_eq!(text(answer, "access-token"), " ");
        assert_eq!(text(answer, "expiry"), " ");
        assert_eq!(text(answer, "client"), client);
        assert_eq!(text(answer, "uid"), UID);
        assert_eq!(text(answer, "token-type"), "Bearer");
    }

    /// The table of the rotation rules, row by row.
    #[test]
    fn rotation_follows_the_test_vector() {
        let mut world = signed_in(Rotation::ByBatch);
        let client = world.session.client.clone();
        let a1 = world.first.clone();
        let a0 = world.session.previous;
        assert!(a0.is_some(), "sign-in rotates once");
        assert_eq!(world.stored(), (digest(&a1), a0, None, 0));

        for second in [2, 6] {
            assert_batch(&world.at_second(second, &a1).unwrap(), &client);
            assert_eq!(world.stored(), (digest(&a1), a0, None, second));
        }

        let fresh = world.at_second(20, &a1).unwrap();
        let a2 = text(&fresh, "access-token");
        assert_ne!(a2, a1);
        assert_eq!(text(&fresh, "expiry"), (20 + LIFESPAN_S).to_string());
        assert_eq!(bearer(&fresh)["access-token"], a2);
        assert_eq!(world.stored(), (digest(&a2), Some(digest(&a1)), a0, 20));

        let stale = world.at_second(21, &a1).unwrap();
        assert_batch(&stale, &client);
        assert_eq!(
            bearer(&stale)["access-token"],
            a1,
            "the echo is of the token that was used"
        );
        assert_eq!(bearer(&stale)["expiry"], (20 + LIFESPAN_S).to_string());
        assert_eq!(world.stored(), (digest(&a2), Some(digest(&a1)), a0, 21));

        let a3 = text(&world.at_second(40, &a1).unwrap(), "access-token");
        assert_eq!(
            world.stored(),
            (digest(&a3), Some(digest(&a2)), Some(digest(&a1)), 40)
        );

        assert_batch(&world.at_second(43, &a1).unwrap(), &client);
        assert_eq!(
            world.stored(),
            (digest(&a3), Some(digest(&a2)), Some(digest(&a1)), 43)
        );

        assert!(world.at_second(60, &a1).is_none());
        assert_eq!(
            world.stored(),
            (digest(&a3), Some(digest(&a2)), Some(digest(&a1)), 43)
        );
        assert!(world.at_second(60, &a3).is_some());
    }

    #[test]
    fn the_window_is_shortened_by_whole_seconds() {
        let mut world = signed_in(Rotation::ByBatch);
        let a1 = world.first.clone();
        assert_eq!(
            text(&world.at(900, &a1, false).unwrap(), "access-token"),
            " "
        );
        // `updated_at` became 0 and not 900 ms, so the window is over at 5,000 and not at 5,900.
        assert_ne!(
            text(&world.at(5_000, &a1, false).unwrap(), "access-token"),
            " "
        );
    }

    #[test]
    fn a_request_that_began_in_the_window_is_part_of_the_batch() {
        let mut world = signed_in(Rotation::ByBatch);
        let shown = Shown {
            uid: UID.to_owned(),
            client: String::new(),
            token: world.first.clone(),
        };
        let span = Span {
            start_ms: 4_999,
            now_ms: 9_000,
            unbatch: false,
        };
        let answer = world.session.answer(&shown, &mut world.tokens, span);
        assert_eq!(text(&answer, "access-token"), " ");
        assert_eq!(world.session.updated_s, 9);
    }

    #[test]
    fn unbatch_rotates_inside_the_window() {
        let mut world = signed_in(Rotation::ByBatch);
        let a1 = world.first.clone();
        let a2 = text(&world.at(1_000, &a1, true).unwrap(), "access-token");
        assert!(a2 != " " && a2 != a1);
    }

    #[test]
    fn without_rotation_every_answer_repeats_the_session() {
        let mut world = signed_in(Rotation::Off);
        let a0 = world.first.clone();
        for second in [1, 100, LIFESPAN_S - 1] {
            let answer = world.at_second(second, &a0).unwrap();
            assert_eq!(text(&answer, "access-token"), a0);
            assert_eq!(
                text(&answer, "expiry"),
                LIFESPAN_S.to_string(),
                "counted from the sign-in"
            );
            assert_eq!(bearer(&answer)["access-token"], a0);
        }
        assert!(world.at_second(LIFESPAN_S, &a0).is_none());
    }
}
