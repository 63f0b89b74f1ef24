//! Fake platforms over real HTTP, with the state rules, limits and oddities of the real ones.
//!
//! Faithful by default: whatever the vendor's own clients get away with works here too. Every request that the
//! vendor does not document is recorded as a *violation*, and refused before it has any effect when
//! [`Options::strict`] is set. The same router is served over TCP or called in process; time and randomness come
//! in as arguments.
//!
//! What this room refuses to do: share a type with the clients (a shared mistake would pass every test), and
//! invent behaviour silently (what no vendor documents is decided in one place, next to the rule, and said so).
//!
//! ```
//! use kadry_emulator::{Clock, Emulator, Options};
//!
//! let emulator = Emulator::new(Options::default(), Clock::starting_at(1_795_255_200_000));
//! let settings = emulator.settings("http://127.0.0.1:8100");
//! assert!(settings.starts_with("organisation = \"emulated\"\n"));
//! assert!(emulator.log().is_empty());
//! ```

pub mod dealapp;
pub mod diadoc;
pub mod faults;
pub mod limits;
pub mod log;
pub mod pachca;
pub mod seed;
pub mod wire;

mod control;
mod identity;
mod server;
mod settings;
mod time;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use serde_json::{Map, Value};
use tower::ServiceExt;

pub use crate::server::{Dropped, serve};
pub use crate::time::Clock;

use crate::faults::Fault;
use crate::seed::People;
use crate::server::Desk;

/// What an emulator is like.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tokens, ids and people follow from it.
    pub seed: u64,
    /// How many invented employees the platforms have at the start.
    pub people: u32,
    /// How long each answer takes at least.
    pub latency_ms: u64,
    /// Refuses undocumented requests instead of only recording them.
    pub strict: bool,
    /// Enforces the documented rate limits.
    pub limits: bool,
    /// How those count.
    pub counting: limits::Counting,
    /// `DealApp` gives out a new access token with each answer.
    pub dealapp_rotation: bool,
    /// Answers in a form that the vendors' own SDKs survive, where the real answer is known to break them.
    pub sdk_answers: bool,
    /// What Pachca does where its vendor is silent.
    pub pachca: pachca::habits::Habits,
    /// What `DealApp` does where its vendor is silent.
    pub dealapp: dealapp::habits::Habits,
    /// What Diadoc still does.
    pub diadoc: diadoc::habits::Habits,
    /// The identity server gives out a new refresh token with each refresh.
    pub identity_rotation: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            people: 24,
            latency_ms: 0,
            strict: false,
            limits: true,
            counting: limits::Counting::default(),
            sdk_answers: false,
            pachca: pachca::habits::Habits::default(),
            dealapp_rotation: true,
            dealapp: dealapp::habits::Habits::default(),
            diadoc: diadoc::habits::Habits::default(),
            identity_rotation: false,
        }
    }
}

/// One emulated platform.
pub trait Place: fmt::Debug + Send + Sync {
    /// Returns the kind of platform, as configuration names it.
    fn kind(&self) -> &'static str;

    /// Lists the routers of the platform with the path that each is mounted at.
    fn mounts(&self) -> Vec<(&'static str, Router)>;

    /// Returns all records of the platform, in a stable order.
    fn state(&self) -> Value;

    /// Adds records to the platform.
    ///
    /// # Errors
    /// A sentence about the first record that makes no sense.
    fn seed(&self, records: &Value) -> Result<(), String>;

    /// Returns the TOML tables that configure this platform, served at `base`.
    fn settings(&self, base: &str) -> String;

    /// Lists the environment variables that the settings refer to.
    fn exports(&self) -> Vec<(&'static str, String)>;

    /// Lists the documented rate limits.
    fn limits(&self) -> Vec<limits::Family>;

    /// Returns the answer to a request over one of them, which may be repeated after so many seconds.
    fn over_limit(&self, wait_s: u64) -> Response;
}

/// One kind of platform that can be emulated.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// The kind, as configuration names it.
    pub kind: &'static str,
    /// Creates the platform with its share of the people.
    pub new: fn(&Options, &Clock, &People) -> Arc<dyn Place>,
}

/// One row per platform; the only place that a new platform is named.
pub const ALL: &[Platform] = &[
    Platform {
        kind: "pachca",
        new: pachca::open,
    },
    Platform {
        kind: "dealapp",
        new: dealapp::open,
    },
    Platform {
        kind: "diadoc",
        new: diadoc::open,
    },
];

/// All the fake platforms, with what is known about the requests to them. Clones are the same emulator.
#[derive(Clone, Debug)]
pub struct Emulator {
    options: Options,
    clock: Clock,
    world: Arc<RwLock<World>>,
}

/// What a reset replaces.
#[derive(Clone, Debug)]
struct World {
    desk: Arc<Desk>,
    places: Vec<Arc<dyn Place>>,
    router: Router,
}

impl World {
    fn new(options: &Options, clock: &Clock) -> Self {
        let kinds: Vec<&'static str> = ALL.iter().map(|platform| platform.kind).collect();
        let people = People::new(options.seed, options.people, &kinds);
        let places: Vec<_> = ALL
            .iter()
            .map(|platform| (platform.new)(options, clock, &people))
            .collect();
        let desk = Arc::new(Desk::new(options, clock.clone()));
        let router = server::mount(&desk, &places);
        Self {
            desk,
            places,
            router,
        }
    }
}

impl Emulator {
    /// Creates an emulator with its starting data.
    #[must_use]
    pub fn new(options: Options, clock: Clock) -> Self {
        let world = Arc::new(RwLock::new(World::new(&options, &clock)));
        Self {
            options,
            clock,
            world,
        }
    }

    /// Returns everything as one router: the platforms at their mounts, and the control routes.
    pub fn router(&self) -> Router {
        let emulator = self.clone();
        // Looked up for each request, so that a reset reaches routers that were handed out before it.
        let platforms = move |request: Request| emulator.world().router.oneshot(request);
        Router::new()
            .nest(control::MOUNT, control::router(self.clone()))
            .fallback(platforms)
    }

    /// Lists the requests to the platforms, in order of arrival.
    #[must_use]
    pub fn log(&self) -> Vec<log::Entry> {
        self.world().desk.log.entries()
    }

    /// Returns how many requests were under way at once at most under this mount, such as `/diadoc`.
    #[must_use]
    pub fn most_under_way(&self, mount: &str) -> u32 {
        self.world().desk.crowd.most(mount)
    }

    /// Returns the records of all platforms, by kind.
    #[must_use]
    pub fn state(&self) -> Value {
        let all: Map<String, Value> = self
            .world()
            .places
            .iter()
            .map(|place| (place.kind().to_owned(), place.state()))
            .collect();
        Value::Object(all)
    }

    /// Returns the records of one platform; null if there is no such kind.
    #[must_use]
    pub fn state_of(&self, kind: &str) -> Value {
        let places = self.world().places;
        let place = places.iter().find(|place| place.kind() == kind);
        place.map(|place| place.state()).unwrap_or_default()
    }

    /// Adds records, given by kind of platform.
    ///
    /// # Errors
    /// A sentence about what makes no sense. What came before it has been added.
    pub fn seed(&self, records: &Value) -> Result<(), String> {
        let records = records
            .as_object()
            .ok_or("The records are no JSON object with a member per platform.")?;
        let world = self.world();
        for (kind, part) in records {
            let place = world.places.iter().find(|place| place.kind() == kind);
            let place = place.ok_or_else(|| format!("There is no platform `{kind}`."))?;
            place.seed(part)?;
        }
        Ok(())
    }

    /// Adds a fault.
    pub fn fault(&self, fault: Fault) {
        self.world().desk.faults.add(fault);
    }

    /// Lists the faults.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.world().desk.faults.list()
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.world().desk.faults.clear();
    }

    /// Returns to the starting data, with an empty log and without faults.
    pub fn reset(&self) {
        let fresh = World::new(&self.options, &self.clock);
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// Returns a configuration file for the platforms served at `base`, followed by the exports as comments.
    #[must_use]
    pub fn settings(&self, base: &str) -> String {
        settings::compose(&self.world().places, base, &self.exports())
    }

    /// Lists the environment variables that the settings refer to.
    #[must_use]
    pub fn exports(&self) -> Vec<(&'static str, String)> {
        let places = self.world().places;
        places.iter().flat_map(|place| place.exports()).collect()
    }

    fn world(&self) -> World {
        self.world
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Locks a mutex; a holder that panicked does not take the others down.
pub(crate) fn held<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
