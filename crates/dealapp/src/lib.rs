//! DealApp, which is called Qolio today: call quality control.
//!
//! Records are matched by the employer's own id or by e-mail, the door is the flag `active`, and nobody can be deleted. There is no
//! read by id: a record is found by searching for its e-mail, and otherwise by listing everybody. A list is read whole before any of it
//! is answered, so that it can be held against the number of rows that the platform counts. The platform accepts what it does not keep,
//! so that every write is compared with what its answer shows. Nothing lists its levels: the settings may name them.
//!
//! Requests leave one at a time, whatever number the configuration allows: all of them share one session, whose token may change with
//! every answer, and a second request under way would carry the token that the first one has just replaced.
//!
//! This room refuses to call what the vendor does not document: no sign-out, no page size, no list of levels. It never closes the
//! door of its own service account, and never changes that account's e-mail, which is the name of its session.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use kadry_core::{Clock, ErrorKind, Foresight, ProviderId, Random};
//! use kadry_dealapp::{Secrets, Settings, connect};
//! use kadry_http::{InMemory, Network, NetworkOptions, Wiring};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let timeout = Duration::from_secs(30);
//! let settings = Settings {
//!     base_url: "http://127.0.0.1:9".to_owned(),
//!     email: "svc@example.test".to_owned(),
//!     levels: Default::default(),
//! };
//! let secrets = Secrets {
//!     password: "not the password".into(),
//!     keep: Arc::new(InMemory::default()),
//! };
//! let wiring = Wiring {
//!     id: ProviderId::new("calls"),
//!     transport: Arc::new(Network::new(&NetworkOptions { timeout, ca_pem: None, proxy: None })?),
//!     clock: Clock::starting_at(0),
//!     random: Random::seeded(1),
//!     timeout,
//!     retry_for: Duration::ZERO,
//!     max_in_flight: None,
//!     requests_per_second: None,
//!     insecure: false,
//!     budgets: kadry_http::Budgets::alone(),
//!     errands: kadry_http::TaskTracker::new(),
//! };
//! let unreachable = connect(&settings, secrets, wiring, Foresight::default()).await.err();
//! assert_eq!(unreachable.map(|error| error.kind()), Some(ErrorKind::Unavailable));
//! # Ok(())
//! # }
//! ```

mod ask;
mod calls;
mod capability;
mod config;
mod levels;
mod map;
mod native;
mod review;
mod session;
mod tokens;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use kadry_core::{
    Access, Capability, Change, Cursor, Definition, Employee, EmployeeProvider, EmployeeRef, Error,
    ErrorKind, FieldName, Foresight, Grant, KindName, Known, Look, MatchKey, Native, Notice, Offer,
    Page, ProviderId, RemoteId, Result, Review, Standing, Wish,
};
use kadry_http::{Keep, Wiring};
use secrecy::SecretString;

use crate::calls::{Api, from_the_start};
pub use crate::config::Settings;
use crate::map::Names;
pub use crate::native::{ENDPOINTS, NOUNS, OPERATIONS, check};

/// The kind by which the configuration names this platform.
pub const KIND: &str = "dealapp";

/// What is secret about one provider of this kind.
#[derive(Debug)]
pub struct Secrets {
    /// The password of the service account.
    pub password: SecretString,
    /// Where the session stays between runs, so that they do not open one each.
    pub keep: Arc<dyn Keep>,
}

/// Opens the session of the service account and returns the platform.
///
/// A session that was kept and is not about to end is used without a request.
///
/// # Errors
///
/// `Config` for settings that cannot be used, `Unauthenticated` when the e-mail and password are not accepted, and the errors of any
/// request.
pub async fn connect(
    settings: &Settings,
    secrets: Secrets,
    wiring: Wiring,
    _foresight: Foresight<'_>,
) -> Result<Arc<dyn EmployeeProvider>> {
    let api = Api::new(settings, secrets, &wiring)?;
    api.open().await?;
    Ok(Arc::new(DealApp {
        id: wiring.id,
        capability: capability::capability(wiring.timeout, &api.levels),
        api,
    }))
}

/// One installation of the platform.
#[derive(Debug)]
struct DealApp {
    id: ProviderId,
    capability: Capability,
    api: Api,
}

impl DealApp {
    /// Refuses what would lock ourselves out. The e-mail of the service account is the name of its session, and marks its record too.
    async fn spare_own(&self, who: &EmployeeRef) -> Result<()> {
        let is_own = match (self.api.known_own(), who.email()) {
            (_, Some(email)) if *email == self.api.service_email => true,
            (Some(own), _) => own == who.id,
            (None, Some(_)) => false,
            (None, None) => self.api.own().await?.is_some_and(|own| own == who.id),
        };
        if is_own {
            return Err(
                Error::new(ErrorKind::Conflict, "this is the service account itself")
                    .with("employee.id", &who.id),
            );
        }
        Ok(())
    }
}

fn unsupported() -> Error {
    Error::new(ErrorKind::Unsupported, "the platform cannot do this")
}

#[async_trait]
impl EmployeeProvider for DealApp {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn review(&self, wish: &Wish) -> Review {
        review::review(wish, &self.api.levels)
    }

    fn native(&self) -> Option<&dyn Native> {
        Some(self)
    }

    async fn whoami(&self) -> Result<Standing> {
        let own = self.api.own().await?.map(|id| EmployeeRef {
            id,
            settled: true,
            keys: vec![MatchKey::Email(self.api.service_email.clone())],
        });
        // The platform does not say which organisation we are in; the service account is in one only.
        let place = own
            .as_ref()
            .map_or(self.api.service_email.as_str(), |own| own.id.as_str());
        Ok(Standing {
            tenant: format!("{}/{place}", self.api.host),
            own,
            administrator: Known::Hidden,
            expires_at_ms: None,
            clock_ahead_ms: self.api.clock_ahead_ms(),
        })
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        from_the_start(from)?;
        self.api.everybody().await.map(Page::last)
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        from_the_start(from)?;
        self.api.with_key(key).await.map(Page::last)
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        self.api.user(&who.id, who.email()).await
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        from_the_start(from)?;
        if *kind == KindName::UNIT {
            self.api.units().await.map(Page::last)
        } else if *kind == KindName::ROLE {
            self.api.roles().await.map(Page::last)
        } else if *kind == KindName::LEVEL && !self.api.levels.is_empty() {
            Ok(Page::last(self.api.levels.offers()))
        } else {
            Err(unsupported().with("grant.kind", kind))
        }
    }

    async fn held(&self, kind: &KindName, _who: &EmployeeRef) -> Result<Vec<Grant>> {
        Err(unsupported().with("grant.kind", kind))
    }

    async fn keepers(&self, kind: &KindName, _what: &Grant) -> Result<Vec<RemoteId>> {
        Err(unsupported().with("grant.kind", kind))
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        let names = Names::of_grants(wish.grants.values().flatten());
        self.api.create_user(&ask::creation(wish)?, names).await
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        let asked = ask::change(change, &self.api.levels)?;
        if change.fields.contains_key(&FieldName::Email) {
            self.spare_own(who).await?;
        }
        let names = Names::of_grants(ask::granted(change));
        self.api.change_user(who, &asked, names).await
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        if access == Access::Suspended {
            self.spare_own(who).await?;
        }
        let names = Names::default();
        self.api.change_user(who, &ask::door(access), names).await
    }

    async fn set_grants(
        &self,
        _who: &EmployeeRef,
        kind: &KindName,
        _add: &[Grant],
        _drop: &[Grant],
    ) -> Result<()> {
        Err(unsupported().with("grant.kind", kind))
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        if *kind == KindName::UNIT {
            self.api.create_unit(what).await
        } else {
            Err(unsupported().with("grant.kind", kind))
        }
    }

    async fn notify(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<()> {
        Err(unsupported())
    }

    async fn was_notified(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<Look> {
        Err(unsupported())
    }

    async fn remove(&self, _who: &EmployeeRef) -> Result<()> {
        Err(unsupported())
    }
}
