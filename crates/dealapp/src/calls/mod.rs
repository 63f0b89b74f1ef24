//! The requests, by noun.

mod organisation;
mod paging;
mod raw;
mod users;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use kadry_core::{Effect, Email, Error, ErrorKind, Repeat, Result};
use kadry_http::{Answer, Call, Client, Family, Pace, Wiring};

pub(crate) use self::paging::from_the_start;
use crate::levels::Levels;
use crate::session::{Carried, Credential, SignedIn};
use crate::wire::errors::explain;
use crate::{Secrets, Settings};

/// The request budget of everything.
const BUDGET: &str = "api";

/// Requests a second, unless the operator says otherwise. The vendor names no limit, but one that shows has to have something to slow
/// down. Checked 2026-11.
const PER_SECOND: f64 = 50.0;

/// Requests that may leave at once after a rest.
const BURST: u32 = 8;

/// How many requests are under way at once while the token stays as it is, unless the operator says otherwise. The vendor names no
/// number. Checked 2026-11.
const IN_FLIGHT: usize = 4;

/// And how many while it may change, whatever the operator allows: a request that left with the token before is refused. More sessions
/// of one account would wait for each other at the platform.
const ALONE: usize = 1;

/// What sends the requests of one provider.
#[derive(Debug)]
pub(crate) struct Api {
    /// Sends many requests beside each other.
    together: Client,
    /// Sends one after the other.
    alone: Client,
    /// Held by the request that finds out whether the token stays as it is.
    scout: tokio::sync::Mutex<()>,
    session: SignedIn,
    /// Whether the list of employees is asked for in an order, until the installation refuses one.
    sorts: AtomicBool,
    /// The e-mail of the service account.
    pub(crate) service_email: Email,
    /// The levels that the settings name.
    pub(crate) levels: Levels,
    /// The name of the installation's host.
    pub(crate) host: String,
}

impl Api {
    pub(crate) fn new(settings: &Settings, secrets: Secrets, wiring: &Wiring) -> Result<Self> {
        let base = settings.base()?;
        let service_email = settings.service_email()?;
        let levels = settings.levels()?;
        let per_second = wiring.requests_per_second.unwrap_or(PER_SECOND);
        let budget = Family::of_operator(BUDGET, per_second, BURST);
        let pace = |most| wiring.budgets.pace("api", vec![budget], most);
        let most = wiring.max_in_flight.unwrap_or(IN_FLIGHT);
        let client = |pace, retry_for| {
            Client::new(
                kadry_http::Settings {
                    base: base.clone(),
                    timeout: wiring.timeout,
                    retry_for,
                    insecure: wiring.insecure,
                },
                Arc::clone(&wiring.transport),
                Arc::new(pace),
                explain,
                wiring.clock.clone(),
                wiring.random.clone(),
            )
        };
        let credential = Credential {
            base: base.to_string(),
            email: settings.email.trim().to_owned(),
            password: secrets.password,
        };
        Ok(Self {
            together: client(pace(most), wiring.retry_for)?,
            alone: client(pace(ALONE), wiring.retry_for)?,
            scout: tokio::sync::Mutex::default(),
            session: SignedIn::new(
                client(Pace::new(Vec::new(), ALONE), Duration::ZERO)?,
                wiring.clock.clone(),
                credential,
                wiring.retry_for,
                secrets.keep,
            ),
            sorts: AtomicBool::new(true),
            service_email,
            levels,
            host: base.host_str().unwrap_or_default().to_owned(),
        })
    }

    /// Returns how far the platform's clock is ahead of ours.
    pub(crate) fn clock_ahead_ms(&self) -> Option<i64> {
        let ahead_ms = self.together.clock_ahead_ms();
        let ahead_ms = ahead_ms.or_else(|| self.alone.clock_ahead_ms());
        ahead_ms.or_else(|| self.session.clock_ahead_ms())
    }

    /// Opens the session.
    pub(crate) async fn open(&self) -> Result<()> {
        self.session.open().await
    }

    async fn send(&self, call: Call) -> Result<Answer> {
        let call = call.header("accept", "application/json").family(BUDGET, "");
        let carried = self.session.carried();
        let refused = match self.deliver(call.clone(), &carried).await {
            Err(error)
                if error.kind() == ErrorKind::Unauthenticated && error.effect() == Effect::None =>
            {
                error
            }
            settled => return settled,
        };
        if carried.revive().await? {
            self.deliver(call, &carried).await
        } else {
            Err(refused)
        }
    }

    /// Sends a request beside others while the session's token stays as it is, and else one at a time: its answer tells the next.
    async fn deliver(&self, call: Call, carried: &Carried<'_>) -> Result<Answer> {
        if !self.session.is_shared() {
            let turn = self.scout.lock().await;
            // Whoever was here before may have found out.
            if !self.session.is_shared() {
                let answer = self.alone.send(call, carried).await;
                drop(turn);
                return answer;
            }
        }
        self.together.send(call, carried).await
    }
}

/// Marks an error that came up while looking at what a write had done.
fn in_doubt(error: Error, repeat: Repeat) -> Error {
    error.with_effect(Effect::Unknown).with_repeat(repeat)
}
