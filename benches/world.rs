//! Emulated platforms in a process of their own, and the ways to reach them.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _, stdin};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use kadry_core::{Clock, Connect, EmployeeProvider, Foresight, Gate, ProviderId, Random, Result};
use kadry_emulator::limits::Counting;
use kadry_emulator::{Emulator, Options, serve};
use kadry_http::{Budgets, Network, NetworkOptions, TaskTracker, Wiring};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::backends::Backend;
use crate::children;
use crate::section::Section;

/// How long a request may take, and how long one call may go on being repeated.
const PATIENCE: Duration = Duration::from_secs(30);

/// More requests a second than anybody makes here, where the limits are off.
const UNLIMITED: f64 = 1e6;

/// What the platforms are like.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) seed: u64,
    pub(crate) latency_ms: u64,
    /// Whether the documented limits are kept up.
    pub(crate) limits: bool,
    /// Whether those are counted in a window that slides, instead of in a bucket.
    pub(crate) window: bool,
}

impl Asked {
    /// Asks for platforms without limits.
    pub(crate) fn unlimited(latency_ms: u64) -> Self {
        Self {
            seed: 1,
            latency_ms,
            limits: false,
            window: false,
        }
    }
}

/// What the process of the platforms says when they are there.
#[derive(Debug, Serialize, Deserialize)]
struct Served {
    base: String,
    settings: String,
    secrets: Vec<(String, String)>,
}

/// One request as the platforms saw it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) seq: u64,
    pub(crate) at_ms: i64,
    pub(crate) platform: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) status: Option<u16>,
}

/// The platforms, until it is dropped.
#[derive(Debug)]
pub(crate) struct World {
    process: Child,
    pub(crate) asked: Asked,
    pub(crate) base: String,
    config: String,
    pub(crate) settings: toml::Table,
    secrets: Arc<[(String, String)]>,
    pub(crate) clock: Clock,
    network: Arc<Network>,
    pub(crate) http: reqwest::Client,
}

impl World {
    /// Has the platforms served by another process.
    pub(crate) fn serve(asked: Asked) -> Self {
        let part = format!("emulator {}", serde_json::to_string(&asked).unwrap());
        let mut process = children::this_program()
            .args(["--child", &part])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = process.stdout.take().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let served: Served = serde_json::from_str(&line).unwrap();
        let options = NetworkOptions {
            timeout: PATIENCE,
            ca_pem: None,
            proxy: None,
        };
        let network = Network::new(&options).unwrap();
        Self {
            process,
            asked,
            settings: served.settings.parse().unwrap(),
            config: served.settings,
            base: served.base,
            secrets: served.secrets.into(),
            clock: Clock::starting_at(now_ms()),
            network: Arc::new(network),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Writes a configuration of these platforms into a folder, as the command line looks for it.
    pub(crate) fn configure(&self, folder: &Path) {
        let path = folder.join("kadry.toml");
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600).open(path);
        file.unwrap().write_all(self.config.as_bytes()).unwrap();
    }

    /// Lists the environment variables that the configuration refers to.
    pub(crate) fn exports(&self) -> impl Iterator<Item = (String, String)> {
        self.secrets.iter().cloned()
    }

    /// Adds records, given by kind of platform.
    pub(crate) async fn put(&self, records: &Value) {
        let control = format!("{}/_emulator/seed", self.base);
        let answer = self.http.post(control).json(records).send().await.unwrap();
        let (status, said) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{said}");
    }

    /// Returns to the starting data, with an empty log.
    pub(crate) async fn reset(&self) {
        let control = format!("{}/_emulator/reset", self.base);
        let answer = self.http.post(control).send().await.unwrap();
        answer.error_for_status().unwrap();
    }

    /// Returns what was asked of the platforms, in order.
    pub(crate) async fn log(&self) -> Vec<Entry> {
        let control = format!("{}/_emulator/log", self.base);
        let answer = self.http.get(control).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Returns the table of a platform in the configuration.
    pub(crate) fn section(&self, kind: &str) -> Section {
        Section::of_kind(kind, &self.settings, &self.secrets)
    }

    /// Returns a way to reach a platform with this many requests under way.
    pub(crate) fn reach(&self, platform: &'static Backend, in_flight: Option<usize>) -> Reach {
        let section = self.section(platform.kind);
        Reach {
            platform,
            wiring: Wiring {
                id: section.id.clone(),
                transport: Arc::clone(&self.network) as Arc<_>,
                clock: self.clock.clone(),
                random: Random::seeded(self.asked.seed),
                timeout: PATIENCE,
                retry_for: PATIENCE,
                max_in_flight: in_flight,
                requests_per_second: (!self.asked.limits).then_some(UNLIMITED),
                insecure: false,
                budgets: Budgets::alone(),
                errands: TaskTracker::new(),
            },
            section,
            connected: OnceCell::new(),
        }
    }

    /// Returns a way to reach a platform whose vendor names no limit, with none of ours either.
    pub(crate) fn reach_unlimited(&self, platform: &'static Backend, in_flight: usize) -> Reach {
        let mut reach = self.reach(platform, Some(in_flight));
        reach.wiring.requests_per_second = Some(UNLIMITED);
        reach
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Its standard input ends with us; a kill is quicker, and there is nothing to lose.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Serves platforms until standard input ends.
pub(crate) fn child(asked: &str) {
    let asked: Asked = serde_json::from_str(asked).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(async {
        let options = Options {
            seed: asked.seed,
            people: 1,
            latency_ms: asked.latency_ms,
            limits: asked.limits,
            counting: if asked.window {
                Counting::Window
            } else {
                Counting::Bucket
            },
            ..Options::default()
        };
        let emulator = Emulator::new(options, kadry_emulator::Clock::starting_at(now_ms()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let exports = emulator.exports().into_iter();
        let served = Served {
            settings: emulator.settings(&base),
            secrets: exports
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
            base,
        };
        println!("{}", serde_json::to_string(&served).unwrap());
        std::io::stdout().flush().unwrap();
        let ended = tokio::task::spawn_blocking(|| stdin().lines().count());
        let stop = async {
            ended.await.ok();
        };
        serve(listener, emulator, stop).await.unwrap();
    });
}

fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap()
}

/// One platform that can be reached; it is connected once.
pub(crate) struct Reach {
    platform: &'static Backend,
    section: Section,
    wiring: Wiring,
    connected: OnceCell<Arc<dyn EmployeeProvider>>,
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.platform.kind)
    }
}

#[async_trait]
impl Connect for Reach {
    fn id(&self) -> &ProviderId {
        &self.wiring.id
    }

    async fn connect(&self, foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>> {
        let connecting = || {
            let (section, wiring) = (self.section.clone(), self.wiring.clone());
            (self.platform.connect)(section, wiring, foresight)
        };
        let gated = async || {
            let provider = Arc::new(Gate::new(connecting().await?));
            Ok(provider as Arc<dyn EmployeeProvider>)
        };
        self.connected.get_or_try_init(gated).await.cloned()
    }
}

impl Section {
    /// Returns the text of a key.
    pub(crate) fn text(&self, key: &str) -> String {
        self.keys[key].as_str().unwrap().to_owned()
    }
}
