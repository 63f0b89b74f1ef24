//! From configured platforms to platforms that can be reached.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, Connect, EmployeeProvider, Foresight, Gate, ProviderId, Random, Result};
use kadry_http::{
    Budgets, Keep, Listening, Network, NetworkOptions, Precedence, TaskTracker, Wiring,
};
use tokio::time::timeout;
use url::Url;

use super::Environment;
use super::config::Config;
use super::fault::Fault;
use super::keep::FileKeep;
use super::ledger::FileLedger;
use super::provider::{Provider, Shared};
use super::registry::Backend;
use super::secrets::Secrets;

/// How long a step is tried again by whoever only looks what is wrong.
const SHORT: Duration = Duration::from_secs(10);

/// A platform that is ready to be reached, or what keeps it from that.
pub(crate) type Prepared = Result<Arc<dyn Connect>, Fault>;

/// What has to come to its end before the program does, although nobody waits for it any more.
static ERRANDS: LazyLock<TaskTracker> = LazyLock::new(TaskTracker::new);

/// How long the program waits for that.
const LAST_PATIENCE: Duration = Duration::from_secs(10);

/// Waits for what has to come to its end: a token that was exchanged and not kept would be lost.
pub(crate) async fn finish_errands() {
    ERRANDS.close();
    // There is nothing more to do about one that takes longer.
    timeout(LAST_PATIENCE, ERRANDS.wait()).await.ok();
}

/// What all platforms of one command share.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings<'a> {
    /// Relative paths start from here.
    pub(crate) folder: &'a Path,
    /// Tokens that change are kept beside it.
    pub(crate) store: &'a Path,
    /// The time.
    pub(crate) clock: &'a Clock,
    /// The stream of random numbers.
    pub(crate) random: &'a Random,
    /// Whose requests leave first.
    pub(crate) precedence: Precedence,
}

/// Returns the platforms that are used; none of them is reached yet. One that `on` leaves out is left out when it has no secrets.
///
/// # Errors
///
/// A [`Fault`] for a secret that cannot be had and for a way to a platform that cannot be set up.
pub(crate) fn platforms(
    config: &Config,
    on: Option<&[String]>,
    around: &Surroundings<'_>,
    environment: Environment<'_>,
) -> Result<Vec<Arc<dyn Connect>>, Fault> {
    let mut ways = Ways::default();
    let used = config.providers.iter();
    used.filter(|(_, provider)| provider.shared.enabled)
        .filter_map(|(id, provider)| {
            let is_needed = on.is_none_or(|on| on.iter().any(|name| name == id.as_str()));
            match secrets(id, provider, around.folder, environment) {
                Err(_) if !is_needed => None,
                secrets => Some((id, provider, secrets)),
            }
        })
        .map(|(id, provider, secrets)| {
            let retry_for = provider.shared.retry_for;
            platform(id, provider, secrets?, retry_for, &mut ways, around)
        })
        .collect()
}

/// Returns the same for whoever only looks what is wrong: what one of them lacks does not stop the others, and a fault is told before
/// it has been tried for long.
pub(crate) fn each(
    config: &Config,
    on: &[ProviderId],
    around: &Surroundings<'_>,
    environment: Environment<'_>,
) -> Vec<(ProviderId, Prepared)> {
    let mut ways = Ways::default();
    let wanted = config.providers.iter().filter(|(id, _)| on.contains(id));
    wanted
        .map(|(id, provider)| {
            let secrets = secrets(id, provider, around.folder, environment);
            let retry_for = provider.shared.retry_for.min(SHORT);
            let platform = secrets
                .and_then(|secrets| platform(id, provider, secrets, retry_for, &mut ways, around));
            (id.clone(), platform)
        })
        .collect()
}

fn platform(
    id: &ProviderId,
    provider: &Provider,
    secrets: Secrets,
    retry_for: Duration,
    ways: &mut Ways,
    around: &Surroundings<'_>,
) -> Result<Arc<dyn Connect>, Fault> {
    let shared = &provider.shared;
    let way = Listening::new(ways.network(id, shared, around.folder)?);
    let (kind, credential) = (provider.kind.name, provider.credential());
    let keep = FileKeep::beside(around.store, kind, &credential);
    let ledger = || Arc::new(FileLedger::beside(around.store, kind, &credential));
    let budgets = ways.budgets.entry((kind, credential.clone()));
    let budgets =
        budgets.or_insert_with(|| Budgets::shared(ledger(), around.clock, around.precedence));
    Ok(Arc::new(Platform {
        backend: Arc::clone(&provider.backend),
        secrets,
        keep: Arc::new(keep),
        way: way.clone(),
        wiring: Wiring {
            id: id.clone(),
            transport: Arc::new(way),
            clock: around.clock.clone(),
            random: around.random.clone(),
            timeout: shared.timeout,
            retry_for,
            max_in_flight: shared.max_in_flight,
            requests_per_second: shared.requests_per_second,
            insecure: shared.insecure,
            budgets: budgets.clone(),
            errands: ERRANDS.clone(),
        },
        connected: OnceLock::new(),
    }))
}

fn secrets(
    id: &ProviderId,
    provider: &Provider,
    folder: &Path,
    environment: Environment<'_>,
) -> Result<Secrets, Fault> {
    let mut secrets = Secrets::default();
    for (key, source) in &provider.secrets {
        let secret = source.resolve(folder, environment);
        let secret = secret.map_err(|why| Fault::Secret {
            provider: id.clone(),
            key,
            why,
        })?;
        secrets.insert(key, secret);
    }
    Ok(secrets)
}

/// What several platforms may have in common.
#[derive(Debug, Default)]
struct Ways {
    /// The ways to platforms, each set up once: reading the system's certificates takes longer than everything else here.
    networks: Vec<(Way, Arc<Network>)>,
    /// The request budgets, by the kind and the credential that they belong to.
    budgets: BTreeMap<(&'static str, String), Budgets>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Way {
    timeout: Duration,
    ca_file: Option<PathBuf>,
    proxy: Option<Url>,
}

impl Ways {
    fn network(
        &mut self,
        id: &ProviderId,
        shared: &Shared,
        folder: &Path,
    ) -> Result<Arc<Network>, Fault> {
        let way = Way {
            timeout: shared.timeout,
            ca_file: shared.ca_file.as_ref().map(|path| folder.join(path)),
            proxy: shared.proxy.clone(),
        };
        if let Some((_, network)) = self.networks.iter().find(|(known, _)| *known == way) {
            return Ok(Arc::clone(network));
        }
        let ca_pem = match &way.ca_file {
            Some(path) => {
                Some(std::fs::read(path).map_err(|error| Fault::Unreadable(path.clone(), error))?)
            }
            None => None,
        };
        let options = NetworkOptions {
            timeout: way.timeout,
            ca_pem,
            proxy: way.proxy.clone(),
        };
        let network = Network::new(&options).map_err(|error| Fault::Wiring {
            provider: id.clone(),
            error,
        })?;
        let network = Arc::new(network);
        self.networks.push((way, Arc::clone(&network)));
        Ok(network)
    }
}

/// One platform, reached when it is first asked and not again.
#[derive(Debug)]
struct Platform {
    backend: Arc<dyn Backend>,
    secrets: Secrets,
    keep: Arc<dyn Keep>,
    way: Listening,
    wiring: Wiring,
    connected: OnceLock<Arc<dyn EmployeeProvider>>,
}

#[async_trait]
impl Connect for Platform {
    fn id(&self) -> &ProviderId {
        &self.wiring.id
    }

    async fn connect(&self, foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>> {
        if let Some(provider) = self.connected.get() {
            return Ok(Arc::clone(provider));
        }
        // Whoever comes while another is still reaching it does not wait: that one may hang.
        let (keep, wiring) = (Arc::clone(&self.keep), self.wiring.clone());
        let reached = self
            .backend
            .connect(&self.secrets, keep, wiring, foresight)
            .await;
        let provider =
            reached.map_err(|error| error.during("connect").with("provider.id", self.id()))?;
        let gate = || Arc::new(Gate::new(provider)) as Arc<dyn EmployeeProvider>;
        Ok(Arc::clone(self.connected.get_or_init(gate)))
    }

    fn has_answered(&self) -> bool {
        self.way.has_answered()
    }
}
