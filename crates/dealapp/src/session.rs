//! The session of the service account: opened once, shared by every request, kept between runs.
//!
//! Nothing is signed out: the vendor's page on access to the API documents no such call. Its headers are those of the library
//! `devise_token_auth`, which gives an account ten sessions of two weeks and lets an eleventh end the oldest: so the one at hand is
//! kept and used again. Checked 2026-11.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, Error, ErrorKind, RemoteId, Repeat, Result};
use kadry_http::{Anonymous, Call, Client, HeaderMap, Keep, Method, Session};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use crate::tokens::{self, Owner, Tokens};
use crate::wire::sign_in::own_id;

/// The longest pause between two attempts to sign in; the first is a second, and each is twice the one before.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// What it takes to sign in.
pub(crate) struct Credential {
    pub(crate) base: String,
    pub(crate) email: String,
    pub(crate) password: SecretString,
}

/// How long after an answer that left the token as it was requests may share it, in milliseconds. Where tokens change, those that follow
/// each other within the window of the library, five seconds that it counts in whole ones, have the same.
const SHARED_MS: i64 = 3_000;

/// The session of the service account.
pub(crate) struct SignedIn {
    /// Sends each sign-in once: the pauses between attempts are ours, because too many of them lock the account.
    client: Client,
    clock: Clock,
    credential: Credential,
    retry_for: Duration,
    keep: Arc<dyn Keep>,
    held: Mutex<Held>,
    attempts: tokio::sync::Mutex<Attempts>,
}

/// The tokens at hand; the version counts up with each other token.
#[derive(Debug, Default)]
struct Held {
    tokens: Option<Tokens>,
    version: u64,
    /// Until when requests may share the token: the last answer left it as it was.
    shared_until_ms: i64,
    /// Whether another run opened the session.
    adopted: bool,
    /// The id of the account's own record, once it was learnt.
    own: Option<RemoteId>,
}

impl Held {
    fn adopt(&mut self, tokens: Tokens) {
        self.take(tokens);
        self.adopted = true;
    }

    fn take(&mut self, tokens: Tokens) {
        self.tokens = Some(tokens);
        self.version += 1;
        self.shared_until_ms = 0;
        self.adopted = false;
    }
}

/// How signing in went so far. Whoever holds it is the one who signs in.
#[derive(Debug, Default)]
struct Attempts {
    refused: bool,
    failures: u32,
    not_before_ms: i64,
}

impl Attempts {
    fn note(&mut self, error: &Error, now_ms: i64) {
        self.refused = error.kind() == ErrorKind::Unauthenticated;
        let pause_ms = 1000_i64
            .saturating_mul(1_i64 << self.failures.min(6))
            .min(LONGEST_PAUSE_MS);
        let asked_ms = error
            .retry_after_ms()
            .and_then(|wait_ms| i64::try_from(wait_ms).ok());
        self.failures = self.failures.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(pause_ms.max(asked_ms.unwrap_or(0)));
    }
}

#[derive(Serialize)]
struct SignIn<'a> {
    email: &'a str,
    password: &'a str,
}

impl SignedIn {
    /// Returns a session that is not open yet.
    pub(crate) fn new(
        client: Client,
        clock: Clock,
        credential: Credential,
        retry_for: Duration,
        keep: Arc<dyn Keep>,
    ) -> Self {
        Self {
            client,
            clock,
            credential,
            retry_for,
            keep,
            held: Mutex::default(),
            attempts: tokio::sync::Mutex::default(),
        }
    }

    /// Opens the session: with the one that was kept, or by signing in.
    pub(crate) async fn open(&self) -> Result<()> {
        self.enter(None).await
    }

    /// Returns how far the platform's clock is ahead of ours, if a sign-in showed it.
    pub(crate) fn clock_ahead_ms(&self) -> Option<i64> {
        self.client.clock_ahead_ms()
    }

    /// Returns the id of the account's own record, if a sign-in showed it or an earlier run learnt it. Asks nobody.
    pub(crate) fn own(&self) -> Option<RemoteId> {
        self.held().own.clone()
    }

    /// Keeps the id of the account's own record beside the session, so that nobody has to look for it again.
    pub(crate) async fn note_own(&self, own: RemoteId) {
        self.held().own = Some(own);
        self.keep_ours().await;
    }

    /// Sees to it that there is a fresh session other than the refused version.
    async fn enter(&self, refused: Option<u64>) -> Result<()> {
        let mut attempts = self.attempts.lock().await;
        // Whoever was here before may have signed in for us.
        if self.serves(refused) {
            return Ok(());
        }
        let _turn = self.turn().await;
        if let Some(tokens) = self.kept(refused.is_some()).await {
            self.held().adopt(tokens);
            return Ok(());
        }
        self.open_another(&mut attempts).await
    }

    /// Opens a session by signing in, and keeps it. The turn is ours.
    async fn open_another(&self, attempts: &mut Attempts) -> Result<()> {
        let tokens = self.sign_in(attempts).await?;
        self.held().take(tokens);
        self.store().await;
        Ok(())
    }

    /// Reports whether several requests may carry the token at once.
    pub(crate) fn is_shared(&self) -> bool {
        self.clock.now_ms() < self.held().shared_until_ms
    }

    /// Returns the session as one call carries it.
    pub(crate) fn carried(&self) -> Carried<'_> {
        Carried {
            session: self,
            version: AtomicU64::new(0),
            revived: AtomicBool::new(false),
        }
    }

    fn serves(&self, refused: Option<u64>) -> bool {
        let held = self.held();
        let fresh = held
            .tokens
            .as_ref()
            .is_some_and(|tokens| tokens.is_fresh(self.clock.now_ms()));
        match refused {
            Some(version) => held.version != version,
            None => fresh,
        }
    }

    async fn sign_in(&self, attempts: &mut Attempts) -> Result<Tokens> {
        if attempts.refused {
            return Err(Error::new(
                ErrorKind::Unauthenticated,
                "the platform refused the e-mail and password of the service account",
            ));
        }
        let budget_ms = i64::try_from(self.retry_for.as_millis()).unwrap_or(i64::MAX);
        let deadline_ms = self.clock.now_ms().saturating_add(budget_ms);
        let mut last = None;
        while attempts.not_before_ms <= deadline_ms {
            self.clock.wait_until(attempts.not_before_ms).await;
            match self.ask().await {
                Ok(tokens) => {
                    *attempts = Attempts::default();
                    return Ok(tokens);
                }
                Err(error) => {
                    attempts.note(&error, self.clock.now_ms());
                    if !error.is_retryable() {
                        return Err(error);
                    }
                    last = Some(error);
                }
            }
        }
        let wait_ms = attempts.not_before_ms.saturating_sub(self.clock.now_ms());
        let error = last.unwrap_or_else(|| {
            Error::new(ErrorKind::Unavailable, "signing in failed a moment ago")
        });
        Err(error.with_retry_after_ms(u64::try_from(wait_ms).ok()))
    }

    async fn ask(&self) -> Result<Tokens> {
        let body = SignIn {
            email: &self.credential.email,
            password: self.credential.password.expose_secret(),
        };
        let call = Call::write(Method::POST, "/auth/sign_in", Repeat::Once)
            .reading()
            .header("accept", "application/json")
            .conceals(&self.credential.password)
            .json(&body);
        let answer = self.client.send(call, &Anonymous).await?;
        let tokens = Tokens::of_sign_in(&answer.headers, self.clock.now_ms())?;
        if let Some(own) = own_id(&answer.body, &self.credential.email) {
            self.held().own = Some(own);
        }
        Ok(tokens)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn owner(&self) -> Owner<'_> {
        Owner {
            base: &self.credential.base,
            email: &self.credential.email,
            password: &self.credential.password,
        }
    }

    /// Takes the turn between processes. Without one we go on: a session too many is better than a door that stays open.
    async fn turn(&self) -> Option<Box<dyn Send + Sync>> {
        self.keep.lock().await.inspect_err(unkept).ok()
    }

    /// Returns the session that another run kept, if it is worth more than the one at hand.
    async fn kept(&self, after_refusal: bool) -> Option<Tokens> {
        let kept = self.keep.load().await.inspect_err(unkept).ok()??;
        let left = tokens::of_kept(&kept, self.owner(), self.clock.now_ms());
        let mut held = self.held();
        // What a sign-in showed us is newer than what an earlier run wrote down.
        held.own = held.own.take().or(left.own);
        left.tokens.filter(|kept| match &held.tokens {
            Some(tokens) if after_refusal => kept.is_later_than(tokens),
            Some(_) | None => true,
        })
    }

    /// Stores the tokens at hand, unless another process went further with the same session or opened a later one.
    async fn keep_ours(&self) {
        let _turn = self.turn().await;
        if self.kept(true).await.is_none() {
            self.store().await;
        }
    }

    /// Stores the tokens at hand. The turn is ours.
    async fn store(&self) {
        let (tokens, own) = {
            let held = self.held();
            (held.tokens.clone(), held.own.clone())
        };
        let Some(tokens) = tokens else { return };
        let stored = async {
            let kept = tokens::to_kept(&tokens, own.as_ref(), self.owner())?;
            self.keep.store(&kept).await
        };
        if let Err(error) = stored.await {
            unkept(&error);
        }
    }
}

/// Goes on without what was kept: it saves a sign-in and holds nothing that another one does not bring.
fn unkept(error: &Error) {
    tracing::warn!(error.kind = %error.kind(), "the session cannot be kept between runs");
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedIn")
            .field("held", &*self.held())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Session for SignedIn {
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64> {
        if !self.serves(None) {
            self.enter(None).await?;
        }
        let held = self.held();
        if let Some(tokens) = &held.tokens {
            tokens.put(headers)?;
        }
        Ok(held.version)
    }

    async fn learn(&self, headers: &HeaderMap, _version: u64) -> Result<()> {
        let changed = {
            let now_ms = self.clock.now_ms();
            let mut held = self.held();
            let stays = held.tokens.as_ref().and_then(|ours| ours.stays(headers));
            match stays {
                Some(true) => held.shared_until_ms = now_ms.saturating_add(SHARED_MS),
                Some(false) => held.shared_until_ms = 0,
                None => {}
            }
            let changed = held
                .tokens
                .as_mut()
                .is_some_and(|tokens| tokens.learn(headers, now_ms));
            held.version += u64::from(changed);
            changed
        };
        if changed {
            self.keep_ours().await;
        }
        Ok(())
    }

    async fn renew(&self, version: u64) -> Result<bool> {
        self.held().shared_until_ms = 0;
        self.enter(Some(version)).await?;
        Ok(true)
    }
}

/// The session as one call carries it.
#[derive(Debug)]
pub(crate) struct Carried<'a> {
    session: &'a SignedIn,
    /// The version that was put on the last request; before the first one it is that of no session.
    version: AtomicU64,
    /// Whether all was done already that can be done about a refusal.
    revived: AtomicBool,
}

impl Carried<'_> {
    /// Is told that the last request was refused and that renewing did not help, and reports whether there is something newer now.
    ///
    /// What another run kept may be as dead as what it replaced; then nothing is left but to sign in.
    pub(crate) async fn revive(&self) -> Result<bool> {
        let version = self.version.load(Ordering::Relaxed);
        self.revived.store(true, Ordering::Relaxed);
        let mut attempts = self.session.attempts.lock().await;
        if self.session.serves(Some(version)) {
            return Ok(version > 0);
        }
        if !self.session.held().adopted {
            return Ok(false);
        }
        let _turn = self.session.turn().await;
        self.session.open_another(&mut attempts).await?;
        Ok(true)
    }
}

#[async_trait]
impl Session for Carried<'_> {
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64> {
        let version = self.session.attach(headers).await?;
        self.version.store(version, Ordering::Relaxed);
        Ok(version)
    }

    async fn learn(&self, headers: &HeaderMap, version: u64) -> Result<()> {
        self.session.learn(headers, version).await
    }

    async fn renew(&self, version: u64) -> Result<bool> {
        if self.revived.load(Ordering::Relaxed) {
            return Ok(self.session.serves(Some(version)));
        }
        self.session.renew(version).await
    }
}
