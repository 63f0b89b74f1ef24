//! The three headers of a session, and the rule by which an answer may change them.

use std::fmt;

use kadry_core::{Error, ErrorKind, RemoteId, Result};
use kadry_http::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const ACCESS_TOKEN: &str = "access-token";
const CLIENT: &str = "client";
const UID: &str = "uid";
const EXPIRY: &str = "expiry";

/// How long before its end a session is replaced, unless its whole life is short.
const MARGIN_MS: i64 = 10 * 60 * 1000;

/// What a session consists of.
#[derive(Clone)]
pub(crate) struct Tokens {
    token: SecretString,
    client: String,
    uid: String,
    /// In seconds since the Unix epoch, by the platform's clock.
    expiry: Option<i64>,
    /// None if the platform does not say, or says a time that has passed already because the clocks disagree: then a 401 will tell.
    renew_at_ms: Option<i64>,
}

impl Tokens {
    /// Returns the session that a sign-in opened.
    pub(crate) fn of_sign_in(headers: &HeaderMap, now_ms: i64) -> Result<Self> {
        let need = |name: &'static str| {
            filled(headers, name).ok_or_else(|| {
                Error::new(ErrorKind::Protocol, "the sign-in answered without a header")
                    .with("header", name)
            })
        };
        let expiry = expiry(headers);
        Ok(Self {
            token: SecretString::from(need(ACCESS_TOKEN)?),
            client: need(CLIENT)?.to_owned(),
            uid: need(UID)?.to_owned(),
            expiry,
            renew_at_ms: renew_at_ms(expiry, now_ms),
        })
    }

    /// Takes over what an answer says and reports whether the token is another one.
    ///
    /// A blank token is no token: inside the window in which requests count as one batch the platform answers with a blank. Answers
    /// overtake each other, so that an earlier end than the known one marks an older token.
    pub(crate) fn learn(&mut self, headers: &HeaderMap, now_ms: i64) -> bool {
        if filled(headers, CLIENT).is_some_and(|client| client != self.client) {
            return false;
        }
        if let Some(uid) = filled(headers, UID) {
            self.uid = uid.to_owned();
        }
        let Some(token) = filled(headers, ACCESS_TOKEN) else {
            return false;
        };
        let expiry = expiry(headers);
        if expiry.is_some() && expiry < self.expiry {
            return false;
        }
        if expiry.is_some() {
            self.expiry = expiry;
            self.renew_at_ms = renew_at_ms(expiry, now_ms);
        }
        let changed = token != self.token.expose_secret();
        if changed {
            self.token = SecretString::from(token);
        }
        changed
    }

    /// Reports whether an answer about this session leaves its token as it is; nothing if it is not about it.
    pub(crate) fn stays(&self, headers: &HeaderMap) -> Option<bool> {
        filled(headers, CLIENT).filter(|client| *client == self.client)?;
        let token = filled(headers, ACCESS_TOKEN);
        Some(token.is_none_or(|token| token == self.token.expose_secret()))
    }

    /// Puts the session on a request.
    pub(crate) fn put(&self, headers: &mut HeaderMap) -> Result<()> {
        for (name, value) in [
            (ACCESS_TOKEN, self.token.expose_secret()),
            (CLIENT, self.client.as_str()),
            (UID, self.uid.as_str()),
        ] {
            let mut value = HeaderValue::from_str(value).map_err(|_| {
                Error::new(ErrorKind::Protocol, "the session cannot be sent").with("header", name)
            })?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(())
    }

    /// Reports whether the session is not about to end.
    pub(crate) fn is_fresh(&self, now_ms: i64) -> bool {
        self.renew_at_ms.is_none_or(|at_ms| now_ms < at_ms)
    }

    /// Reports whether this is another session or a later token of the same one.
    pub(crate) fn is_later_than(&self, other: &Self) -> bool {
        self.token.expose_secret() != other.token.expose_secret() && self.expiry > other.expiry
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("expiry", &self.expiry)
            .finish_non_exhaustive()
    }
}

/// A session as it is kept between runs, with what it belongs to.
#[derive(Serialize, Deserialize)]
struct Kept {
    base: String,
    email: String,
    /// The hash of the password that opened it; none in a file from before it was kept.
    #[serde(default)]
    password_sha256: String,
    token: String,
    client: String,
    uid: String,
    expiry: Option<i64>,
    /// The id of the account's own record, once it was learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own: Option<RemoteId>,
}

/// To whom a kept session belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    pub(crate) base: &'a str,
    pub(crate) email: &'a str,
    pub(crate) password: &'a SecretString,
}

impl Owner<'_> {
    /// Returns the hash of the password. Whose it is goes into it, so that equal passwords of two accounts look different.
    fn password_sha256(&self) -> String {
        let mut hash = Sha256::new();
        for part in [self.base, self.email, self.password.expose_secret()] {
            hash.update(part);
            hash.update([0]);
        }
        let hash = hash.finalize();
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What an earlier run left to its owner.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// The session, unless it is about to end or another password opened it.
    pub(crate) tokens: Option<Tokens>,
    /// The id of the owner's own record, which outlives every session.
    pub(crate) own: Option<RemoteId>,
}

/// Returns a session and the id of the account's own record in the form in which they are kept.
pub(crate) fn to_kept(
    tokens: &Tokens,
    own: Option<&RemoteId>,
    owner: Owner<'_>,
) -> Result<SecretString> {
    let kept = Kept {
        base: owner.base.to_owned(),
        email: owner.email.to_owned(),
        password_sha256: owner.password_sha256(),
        token: tokens.token.expose_secret().to_owned(),
        client: tokens.client.clone(),
        uid: tokens.uid.clone(),
        expiry: tokens.expiry,
        own: own.cloned(),
    };
    serde_json::to_string(&kept)
        .map(SecretString::from)
        .map_err(|source| {
            Error::new(ErrorKind::Config, "the session cannot be written").from_source(source)
        })
}

/// Returns what was kept; nothing if it is somebody else's or unreadable.
///
/// A session outlives the password that opened it, and would hide until its end that the one at hand is not accepted: whoever comes
/// with another password gets no session and has to sign in.
pub(crate) fn of_kept(kept: &SecretString, owner: Owner<'_>, now_ms: i64) -> Left {
    let kept = serde_json::from_str::<Kept>(kept.expose_secret()).ok();
    let ours = |kept: &Kept| kept.base == owner.base && kept.email == owner.email;
    let Some(kept) = kept.filter(ours) else {
        return Left::default();
    };
    let ends_ms = kept.expiry.and_then(|expiry| expiry.checked_mul(1000));
    let lasts = ends_ms.is_some_and(|ends_ms| now_ms < ends_ms.saturating_sub(MARGIN_MS));
    let usable = lasts && kept.password_sha256 == owner.password_sha256();
    Left {
        tokens: usable.then(|| Tokens {
            token: SecretString::from(kept.token),
            client: kept.client,
            uid: kept.uid,
            expiry: kept.expiry,
            renew_at_ms: renew_at_ms(kept.expiry, now_ms),
        }),
        own: kept.own,
    }
}

fn filled<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}

fn expiry(headers: &HeaderMap) -> Option<i64> {
    filled(headers, EXPIRY)?.parse().ok()
}

fn renew_at_ms(expiry: Option<i64>, now_ms: i64) -> Option<i64> {
    let ends_ms = expiry?.checked_mul(1000)?;
    let left_ms = ends_ms.saturating_sub(now_ms);
    (left_ms > 0).then(|| ends_ms.saturating_sub(MARGIN_MS.min(left_ms / 10)))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    fn headers(token: &str, client: &str, expiry: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (ACCESS_TOKEN, token),
            (CLIENT, client),
            (UID, "svc@example.test"),
            (EXPIRY, expiry),
        ] {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn signed_in() -> Tokens {
        Tokens::of_sign_in(&headers("A1", "c1", "1209600"), 0).unwrap()
    }

    fn owner(password: &SecretString) -> Owner<'_> {
        Owner {
            base: "https://calls.example.test/",
            email: "svc@example.test",
            password,
        }
    }

    fn token(tokens: &Tokens) -> &str {
        tokens.token.expose_secret()
    }

    #[test]
    fn a_blank_token_leaves_the_known_one() {
        let mut tokens = signed_in();
        assert!(!tokens.learn(&headers(" ", "c1", " "), 2_000));
        assert!(!tokens.learn(&HeaderMap::new(), 2_000));
        assert_eq!(token(&tokens), "A1");
    }

    #[test]
    fn a_repeated_token_is_no_change_and_a_new_one_is() {
        let mut tokens = signed_in();
        assert!(!tokens.learn(&headers("A1", "c1", "1209600"), 20_000));
        assert!(tokens.learn(&headers("A2", "c1", "1209620"), 20_000));
        assert_eq!(token(&tokens), "A2");
    }

    #[test]
    fn an_answer_that_was_overtaken_brings_no_older_token_back() {
        let mut tokens = signed_in();
        assert!(tokens.learn(&headers("A3", "c1", "1209640"), 40_000));
        assert!(!tokens.learn(&headers("A2", "c1", "1209620"), 41_000));
        assert_eq!(token(&tokens), "A3");
    }

    #[test]
    fn an_unreadable_end_does_not_hold_a_new_token_back() {
        let mut tokens = signed_in();
        assert!(tokens.learn(&headers("A2", "c1", "soon"), 20_000));
        assert_eq!((token(&tokens), tokens.expiry), ("A2", Some(1_209_600)));
    }

    #[test]
    fn an_answer_to_another_session_is_not_ours() {
        let mut tokens = signed_in();
        assert!(!tokens.learn(&headers("B2", "c2", "1209620"), 20_000));
        assert_eq!(token(&tokens), "A1");
    }

    #[test]
    fn a_session_is_renewed_ten_minutes_early_and_a_short_one_later() {
        let long = signed_in();
        assert!(long.is_fresh(14 * DAY_MS - MARGIN_MS - 1));
        assert!(!long.is_fresh(14 * DAY_MS - MARGIN_MS));
        let short = Tokens::of_sign_in(&headers("A1", "c1", "100"), 0).unwrap();
        assert!(short.is_fresh(89_999));
        assert!(!short.is_fresh(90_000));
    }

    #[test]
    fn a_session_that_seems_to_have_ended_at_birth_is_left_to_the_platform() {
        let tokens = Tokens::of_sign_in(&headers("A1", "c1", "100"), 200_000).unwrap();
        assert!(tokens.is_fresh(300_000));
    }

    #[test]
    fn a_kept_session_is_used_by_its_owner_only_and_not_at_its_end() {
        let password = SecretString::from("correct horse");
        let owner = owner(&password);
        let own = RemoteId::new("e-9");
        let kept = to_kept(&signed_in(), Some(&own), owner).unwrap();
        let read = of_kept(&kept, owner, DAY_MS);
        assert_eq!(read.own, Some(own.clone()));
        let read = read.tokens.unwrap();
        assert_eq!((token(&read), read.client.as_str()), ("A1", "c1"));
        let elsewhere = Owner {
            base: "https://other.example.test/",
            ..owner
        };
        let theirs = of_kept(&kept, elsewhere, DAY_MS);
        assert!(theirs.tokens.is_none() && theirs.own.is_none());
        let ended = of_kept(&kept, owner, 14 * DAY_MS - MARGIN_MS);
        assert!(ended.tokens.is_none());
        assert_eq!(ended.own, Some(own), "who we are does not end");
        assert!(
            of_kept(&SecretString::from("A1"), owner, 0)
                .tokens
                .is_none()
        );
    }

    #[test]
    fn a_kept_session_is_not_used_with_another_password_though_the_account_is_the_same() {
        let (right, wrong) = (
            SecretString::from("correct horse"),
            SecretString::from("wrong"),
        );
        let own = RemoteId::new("e-9");
        let kept = to_kept(&signed_in(), Some(&own), owner(&right)).unwrap();
        assert!(!kept.expose_secret().contains("horse"));
        assert!(of_kept(&kept, owner(&right), DAY_MS).tokens.is_some());
        let left = of_kept(&kept, owner(&wrong), DAY_MS);
        assert!(left.tokens.is_none());
        assert_eq!(left.own, Some(own));
    }

    #[test]
    fn equal_passwords_of_two_accounts_are_kept_as_different_hashes() {
        let password = SecretString::from("correct horse");
        let ours = owner(&password);
        let theirs = Owner {
            email: "vera@example.test",
            ..ours
        };
        assert_ne!(ours.password_sha256(), theirs.password_sha256());
        assert_eq!(ours.password_sha256(), ours.password_sha256());
    }

    #[test]
    fn a_session_that_was_kept_without_our_own_id_is_still_used() {
        let password = SecretString::from("correct horse");
        let owner = owner(&password);
        let kept = to_kept(&signed_in(), None, owner).unwrap();
        assert!(!kept.expose_secret().contains("own"));
        let read = of_kept(&kept, owner, DAY_MS);
        assert!(read.tokens.is_some() && read.own.is_none());
    }

    #[test]
    fn a_sign_in_without_the_headers_is_no_session() {
        let error = Tokens::of_sign_in(&headers("A1", " ", "100"), 0).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert_eq!(error.context(), [("header", "client".to_owned())]);
    }

    #[test]
    fn tokens_show_no_secret() {
        let shown = format!("{:?}", signed_in());
        assert!(!shown.contains("A1") && !shown.contains("c1") && !shown.contains("svc"));
    }
}
