//! One `[providers.NAME]` table.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use kadry_core::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::{Host, Url};

use super::document::{self, Key, Node};
use super::mistake::{Mistake, Wanted, What};
use super::registry::{Backend, KINDS, Kind};
use super::secrets::Source;

/// The keys that every kind has.
pub(super) const SHARED: [&str; 9] = [
    "kind",
    "enabled",
    "max_in_flight",
    "requests_per_second",
    "timeout",
    "retry_for",
    "ca_file",
    "proxy",
    "insecure",
];

/// How long one request may take unless the configuration says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long one step is tried again unless the configuration says otherwise.
const RETRY_FOR: Duration = Duration::from_secs(30);

/// One configured platform.
#[derive(Debug)]
pub(crate) struct Provider {
    /// Its kind.
    pub(crate) kind: &'static Kind,
    /// What is the same for all kinds.
    pub(crate) shared: Shared,
    /// Where its secrets are, by their keys.
    pub(crate) secrets: BTreeMap<&'static str, Source>,
    /// Its own keys.
    pub(crate) backend: Arc<dyn Backend>,
}

/// The keys that every kind has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shared {
    /// Whether the platform is used.
    pub(crate) enabled: bool,
    /// How many requests may be under way at once.
    pub(crate) max_in_flight: Option<usize>,
    /// How many requests a second are sent.
    pub(crate) requests_per_second: Option<f64>,
    /// How long one request may take.
    pub(crate) timeout: Duration,
    /// How long one step is tried again.
    pub(crate) retry_for: Duration,
    /// Certificates that are trusted besides those of the system.
    pub(crate) ca_file: Option<PathBuf>,
    /// The proxy that every request goes through.
    pub(crate) proxy: Option<Url>,
    /// Whether plain `http://` is accepted off loopback.
    pub(crate) insecure: bool,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            enabled: true,
            max_in_flight: None,
            requests_per_second: None,
            timeout: TIMEOUT,
            retry_for: RETRY_FOR,
            ca_file: None,
            proxy: None,
            insecure: false,
        }
    }
}

impl Provider {
    /// Reads one table.
    ///
    /// # Errors
    ///
    /// The first mistake in it.
    pub(crate) fn read(node: Node<'_>) -> Result<Self, Mistake> {
        let span = node.span();
        let mut table = document::table(node)?;
        let kind = kind(&mut table, span.start)?;
        let mut shared = Shared::default();
        let mut secrets = BTreeMap::new();
        let mut rest = DeTable::new();
        for (key, value) in table {
            let secret = kind
                .secrets
                .iter()
                .find(|secret| **secret == *key.get_ref());
            if let Some(secret) = secret {
                secrets.insert(*secret, Source::read(&key, value)?);
            } else if SHARED.contains(&key.get_ref().as_ref()) {
                shared.read(&key, value)?;
            } else {
                rest.insert(key, value);
            }
        }
        let at = |what| Mistake {
            at: Some(span.start),
            what,
        };
        let rest = Spanned::new(span.clone(), DeValue::Table(rest));
        let backend = (kind.read)(rest).map_err(|mistake| among_all_keys(kind, mistake))?;
        let missing = kind.secrets.iter().find(|key| !secrets.contains_key(*key));
        if let Some(key) = missing {
            return Err(at(What::MissingKey((*key).to_owned())));
        }
        Ok(Self {
            kind,
            shared,
            secrets,
            backend,
        })
    }

    /// Reports whether secrets would leave this machine over plain HTTP, and nobody has said that this is meant.
    pub(crate) fn is_plain(&self) -> bool {
        let addresses = self.backend.addresses();
        let mut addresses = addresses.iter().filter_map(|address| address.parse().ok());
        !self.shared.insecure && addresses.any(|address: Url| is_foreign_http(&address))
    }

    /// Returns what tells this credential from others: the account, and where its secrets are.
    pub(crate) fn credential(&self) -> String {
        format!("{} {:?}", self.backend.account(), self.secrets)
    }
}

fn is_foreign_http(address: &Url) -> bool {
    let is_here = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    address.scheme() == "http" && !is_here
}

fn kind(table: &mut DeTable<'_>, at: usize) -> Result<&'static Kind, Mistake> {
    let Some(node) = table.remove("kind") else {
        return Err(Mistake {
            at: Some(at),
            what: What::MissingKey("kind".to_owned()),
        });
    };
    let name: String = document::parsed(&node, Wanted::Text)?;
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let known = KINDS.iter().map(|kind| kind.name);
        let what = What::UnknownKind {
            nearest: nearest(&name, known).map(str::to_owned),
            kind: name,
        };
        Mistake::at(&node, what)
    })
}

/// The kind knows its own keys only; the nearest key may be one that all kinds share, or a secret.
fn among_all_keys(kind: &Kind, mut mistake: Mistake) -> Mistake {
    if let What::UnknownKey { key, nearest: near } = &mut mistake.what {
        let known = near.as_deref().into_iter();
        let known = known.chain(SHARED).chain(kind.secrets.iter().copied());
        *near = nearest(key, known).map(str::to_owned);
    }
    mistake
}

impl Shared {
    fn read(&mut self, key: &Key<'_>, value: Node<'_>) -> Result<(), Mistake> {
        match key.get_ref().as_ref() {
            "enabled" => self.enabled = document::read(value)?,
            "insecure" => self.insecure = document::read(value)?,
            "max_in_flight" => self.max_in_flight = Some(count(value)?),
            "requests_per_second" => self.requests_per_second = Some(rate(value)?),
            "timeout" => {
                let wrong = Mistake::wrong(&value, Wanted::Duration);
                self.timeout = duration(value)?;
                if self.timeout.is_zero() {
                    return Err(wrong);
                }
            }
            "retry_for" => self.retry_for = duration(value)?,
            "ca_file" => self.ca_file = Some(document::read(value)?),
            "proxy" => self.proxy = Some(proxy(key, &value)?),
            _ => return Err(Mistake::unknown_key(key, SHARED)),
        }
        Ok(())
    }
}

fn count(node: Node<'_>) -> Result<usize, Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Positive);
    match document::read::<i64>(node).map(usize::try_from) {
        Ok(Ok(count)) if count > 0 => Ok(count),
        Ok(_) | Err(_) => Err(wrong),
    }
}

fn rate(node: Node<'_>) -> Result<f64, Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Positive);
    match document::read::<f64>(node) {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        Ok(_) | Err(_) => Err(wrong),
    }
}

/// A number of seconds, or a text such as `30s` or `2m`.
fn duration(node: Node<'_>) -> Result<Duration, Mistake> {
    let wrong = Mistake::wrong(&node, Wanted::Duration);
    let read = match node.get_ref().as_str() {
        Some(text) => text
            .parse::<SignedDuration>()
            .ok()
            .and_then(|duration| duration.try_into().ok()),
        None => document::read::<f64>(node)
            .ok()
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
    };
    read.ok_or(wrong)
}

fn proxy(key: &Key<'_>, node: &Node<'_>) -> Result<Url, Mistake> {
    let proxy: Url = document::parsed(node, Wanted::Address)?;
    if proxy.password().is_some() {
        return Err(Mistake::at(
            key,
            What::InlineSecret(key.get_ref().to_string()),
        ));
    }
    Ok(proxy)
}
