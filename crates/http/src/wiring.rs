//! What every backend gets from outside.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Clock, ProviderId, Random};

use tokio_util::task::TaskTracker;

use crate::pace::Budgets;
use crate::transport::Transport;

/// What a backend's `connect` gets besides its own settings and secrets.
#[derive(Clone, Debug)]
pub struct Wiring {
    /// The operator's name of the platform.
    pub id: ProviderId,
    /// What carries the requests.
    pub transport: Arc<dyn Transport>,
    /// The wall time.
    pub clock: Clock,
    /// The stream of random numbers.
    pub random: Random,
    /// How long one request may take, its answer's body included.
    pub timeout: Duration,
    /// How long one call may go on being repeated.
    pub retry_for: Duration,
    /// How many requests may be under way at once, where the operator says so.
    pub max_in_flight: Option<usize>,
    /// How many requests a second are sent, where the operator says so.
    pub requests_per_second: Option<f64>,
    /// Whether plain `http://` is accepted off loopback.
    pub insecure: bool,
    /// What the requests are counted by, with everything else that uses the credential.
    pub budgets: Budgets,
    /// What has to come to its end although nobody waits for it any more, such as an exchange of tokens. Whoever ends the program
    /// waits for it.
    pub errands: TaskTracker,
}
