//! The whole pipeline, over a real socket and over a paused clock.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod scripted;
mod secrecy;
mod send;
mod server;
mod session;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Clock, Random};
use kadry_http::{Client, Explained, Family, Pace, Settings, Transport};

/// 1994-11-06 08:49:30 GMT.
pub(crate) const START_MS: i64 = 784_111_770_000;

pub(crate) fn client(
    base: &str,
    transport: Arc<dyn Transport>,
    timeout: Duration,
    retry_for: Duration,
) -> Client {
    let general = Family::of_operator("general", 100.0, 100);
    let settings = Settings {
        base: base.parse().unwrap(),
        timeout,
        retry_for,
        insecure: false,
    };
    let pace = Arc::new(Pace::new(vec![general], 1));
    let explain = |_: &_| Explained::default();
    let clock = Clock::starting_at(START_MS);
    Client::new(settings, transport, pace, explain, clock, Random::seeded(1)).unwrap()
}
