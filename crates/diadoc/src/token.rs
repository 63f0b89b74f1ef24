//! Who we are to the platform: an access token, renewed by a refresh token that lives between runs.
//!
//! Renewing is single flight in the process, by a mutex, and between processes, by the lock of the [`Keep`]. What a renewal brings is
//! durable before it is used: a refresh token may change with every use, and the old one is then worth nothing.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use kadry_core::{Clock, Error, ErrorKind, Repeat, Result};
use kadry_http::{
    Anonymous, Answer, Bearer, Call, Client, Explained, HeaderMap, Keep, Method, Session,
    TaskTracker,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tracing::Instrument as _;

use crate::kept::{Access, Kept};

/// The request budget of the OpenID provider.
pub(crate) const FAMILY: &str = "identity";

/// How long before its end an access token is renewed, at most.
const AHEAD_MS: i64 = 60_000;

/// How long an access token is taken to live when the provider does not say.
const LIFETIME_UNSAID_S: i64 = 300;

/// How long a refresh token lives. Whether one that comes back unchanged lives longer is not documented, so it is taken to end when
/// it would have ended anyway. <https://developer.kontur.ru/doc/diadoc-api>, OpenID Connect. Checked 2026-11.
const REFRESH_TOKEN_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// What renews tokens.
pub(crate) struct Source {
    pub(crate) identity: Client,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
    pub(crate) seed: SecretString,
    pub(crate) keep: Arc<dyn Keep>,
    pub(crate) clock: Clock,
    pub(crate) errands: TaskTracker,
}

/// A session that signs requests with an access token.
#[derive(Clone)]
pub(crate) struct Token {
    source: Arc<Source>,
    state: Arc<Mutex<State>>,
}

/// What this process holds.
#[derive(Default)]
struct State {
    /// Counts the access tokens.
    version: u64,
    held: Option<Kept>,
    /// What a renewal brought and the keep would not take.
    unsaved: Option<Kept>,
}

/// Why tokens are looked after.
enum Why {
    /// The access token that we hold is none or near its end.
    NotFresh,
    /// The platform does not accept this access token.
    Refused(SecretString),
    /// The last renewal may be long ago.
    MayBeDue,
}

impl Why {
    /// Reports whether a fresh access token that is kept will do.
    fn takes(&self, kept: &Kept, now_ms: i64) -> bool {
        match self {
            Self::NotFresh => true,
            Self::Refused(token) => !kept.access.as_ref().is_some_and(|kept| kept.is(token)),
            Self::MayBeDue => !kept.due(now_ms),
        }
    }
}

impl Token {
    /// Returns a session that has not signed in yet.
    pub(crate) fn new(source: Source) -> Self {
        Self {
            source: Arc::new(source),
            state: Arc::default(),
        }
    }

    /// Returns when the refresh token ends, in milliseconds since the Unix epoch.
    pub(crate) async fn expires_at_ms(&self) -> Option<i64> {
        let state = self.state.lock().await;
        let kept = state.held.as_ref()?;
        Some(kept.since_ms.saturating_add(REFRESH_TOKEN_MS))
    }

    /// Renews tokens that were not renewed for a day, even if the access token would still serve: whoever only looks in now and then
    /// keeps the refresh token alive by that.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from having a credential.
    pub(crate) async fn keep_alive(&self) -> Result<()> {
        let state = Arc::clone(&self.state).lock_owned().await;
        drop(self.renewed(state, Why::MayBeDue).await?);
        Ok(())
    }

    async fn renewed(
        &self,
        mut state: OwnedMutexGuard<State>,
        why: Why,
    ) -> Result<OwnedMutexGuard<State>> {
        let (source, errands) = (Arc::clone(&self.source), &self.source.errands);
        // A task of its own: whoever waits may give up, but a refresh token that was exchanged must reach the keep.
        let renewal = async move { source.renew(&mut state, &why).await.map(|()| state) };
        errands
            .spawn(renewal.in_current_span())
            .await
            .unwrap_or_else(|error| {
                Err(
                    Error::new(ErrorKind::Unavailable, "the sign-in was cut off")
                        .from_source(error),
                )
            })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[async_trait]
impl Session for Token {
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64> {
        let mut state = Arc::clone(&self.state).lock_owned().await;
        if state.fresh(self.source.clock.now_ms()).is_none() {
            state = self.renewed(state, Why::NotFresh).await?;
        }
        let Some(access) = state.access() else {
            return Err(Error::new(
                ErrorKind::Protocol,
                "the sign-in brought no access token",
            ));
        };
        Bearer::new(access.token.clone()).attach(headers).await?;
        Ok(state.version)
    }

    async fn learn(&self, _headers: &HeaderMap, _version: u64) -> Result<()> {
        Ok(())
    }

    async fn renew(&self, version: u64) -> Result<bool> {
        let state = Arc::clone(&self.state).lock_owned().await;
        if state.version == version {
            let refused = state.access().map(|access| access.token.clone());
            let why = refused.map_or(Why::NotFresh, Why::Refused);
            drop(self.renewed(state, why).await?);
        }
        Ok(true)
    }
}

impl State {
    fn access(&self) -> Option<&Access> {
        self.held.as_ref()?.access.as_ref()
    }

    fn fresh(&self, now_ms: i64) -> Option<&Access> {
        self.access().filter(|access| access.fresh(now_ms))
    }

    fn hold(&mut self, kept: Kept) {
        self.version += 1;
        self.held = Some(kept);
    }
}

impl Source {
    /// Brings a fresh access token into the state: the one that somebody else has got meanwhile, else a new one.
    async fn renew(&self, state: &mut State, why: &Why) -> Result<()> {
        // Whoever holds the lock may be waiting for the sign-in service, and a token that serves is worth no wait.
        if matches!(why, Why::NotFresh) && state.unsaved.is_none() {
            let kept = self.load().await?;
            if kept.fresh(self.clock.now_ms()) {
                state.hold(kept);
                return Ok(());
            }
        }
        let _lock = self.keep.lock().await?;
        if let Some(unsaved) = &state.unsaved {
            self.keep.store(&unsaved.to_json()?).await?;
            state.unsaved = None;
        }
        let kept = self.load().await?;
        let now_ms = self.clock.now_ms();
        let fresh = kept.fresh(now_ms);
        if fresh && why.takes(&kept, now_ms) {
            state.hold(kept);
            return Ok(());
        }
        let spare = (fresh && matches!(why, Why::MayBeDue)).then(|| kept.clone());
        let kept = match (self.granted(kept).await, spare) {
            (Err(error), Some(spare)) if error.is_retryable() => {
                tracing::warn!(error.kind = %error.kind(), "the refresh token was not renewed this time");
                state.hold(spare);
                return Ok(());
            }
            (granted, _) => granted?,
        };
        if let Err(error) = self.keep.store(&kept.to_json()?).await {
            state.unsaved = Some(kept);
            return Err(error);
        }
        state.hold(kept);
        Ok(())
    }

    /// Returns what is kept, or a fresh start from the seed: when nothing is kept, or it came from another seed.
    async fn load(&self) -> Result<Kept> {
        let kept = self.keep.load().await?;
        Ok(kept
            .and_then(|json| Kept::from_json(&json, &self.seed))
            .unwrap_or_else(|| Kept::from_seed(&self.seed, self.clock.now_ms())))
    }

    /// Exchanges the refresh token that is kept; one that has ended gives way to the seed.
    ///
    /// The seed may be the younger one, although it is the same text as ever: a sign-in service that was set up anew knows no other,
    /// and whoever else keeps tokens of this seed has ended ours with theirs.
    async fn granted(&self, kept: Kept) -> Result<Kept> {
        let seed_since_ms = kept.seed_since_ms.unwrap_or_else(|| self.clock.now_ms());
        let is_seed = kept.refresh_token.expose_secret() == self.seed.expose_secret();
        match self.exchange(kept).await {
            Err(error) if error.kind() == ErrorKind::Unauthenticated && !is_seed => {
                tracing::info!("the kept refresh token is refused; starting again from the seed");
                let fresh = Kept::from_seed(&self.seed, seed_since_ms);
                self.exchange(fresh).await
            }
            answered => answered,
        }
    }

    /// Exchanges the refresh token for an access token.
    async fn exchange(&self, kept: Kept) -> Result<Kept> {
        let asked_ms = self.clock.now_ms();
        // The secret goes in the body, not in a header.
        // https://developer.kontur.ru/doc/diadoc-api, OpenID Connect, Refresh Token Flow. Checked 2026-11.
        let call = Call::write(Method::POST, "/connect/token", Repeat::Safe)
            .reading()
            .family(FAMILY, "")
            .header("accept", "application/json")
            .conceals(&self.client_secret)
            .conceals(&kept.refresh_token)
            .form(&[
                ("grant_type", "refresh_token"),
                ("client_id", &self.client_id),
                ("client_secret", self.client_secret.expose_secret()),
                ("refresh_token", kept.refresh_token.expose_secret()),
            ]);
        let answer = self.identity.send(call, &Anonymous).await;
        let granted: Granted = answer.map_err(advise)?.json()?;
        Ok(granted.into_kept(kept, asked_ms))
    }
}

/// What the OpenID provider grants.
#[derive(Deserialize)]
struct Granted {
    access_token: SecretString,
    expires_in: Option<i64>,
    refresh_token: Option<SecretString>,
}

impl Granted {
    fn into_kept(self, before: Kept, asked_ms: i64) -> Kept {
        let lifetime_s = self.expires_in.unwrap_or(LIFETIME_UNSAID_S).max(0);
        let lifetime_ms = lifetime_s.saturating_mul(1000);
        let ahead_ms = AHEAD_MS.min(lifetime_ms / 10);
        let refresh_token = self
            .refresh_token
            .filter(|token| !token.expose_secret().is_empty())
            .unwrap_or_else(|| before.refresh_token.clone());
        let changed = refresh_token.expose_secret() != before.refresh_token.expose_secret();
        // One that still works after its documented end lives longer with every use.
        let outlived = asked_ms >= before.since_ms.saturating_add(REFRESH_TOKEN_MS);
        Kept {
            refresh_token,
            since_ms: if changed || outlived {
                asked_ms
            } else {
                before.since_ms
            },
            seed_since_ms: before.seed_since_ms,
            renewed_ms: Some(asked_ms),
            access: Some(Access {
                token: self.access_token,
                renew_at_ms: asked_ms.saturating_add(lifetime_ms - ahead_ms),
            }),
            seed_sha256: before.seed_sha256,
        }
    }
}

/// Adds what the operator can do about a refused exchange.
fn advise(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Unauthenticated => error.with("reason", "sign-in-again"),
        ErrorKind::Config => error.with("reason", "client-not-accepted"),
        ErrorKind::Unsupported
        | ErrorKind::Forbidden
        | ErrorKind::Billing
        | ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Invalid
        | ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Protocol => error,
    }
}

/// Reads the code out of a refused exchange, as OAuth 2.0 defines them.
pub(crate) fn explain(answer: &Answer) -> Explained {
    #[derive(Deserialize)]
    struct Refused {
        error: String,
    }
    let Ok(Refused { error }) = answer.json() else {
        return Explained::default();
    };
    let kind = match error.as_str() {
        "invalid_grant" => Some(ErrorKind::Unauthenticated),
        "invalid_client" | "unauthorized_client" | "unsupported_grant_type" | "invalid_scope" => {
            Some(ErrorKind::Config)
        }
        _ => None,
    };
    Explained {
        kind,
        message: Some(error),
    }
}
