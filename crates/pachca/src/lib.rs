//! The Pachca backend of kadry: a corporate messenger as a directory of employees.
//!
//! This room speaks the documented calls of the platform's open API and nothing else. It decides nothing: which employee is meant,
//! what should change and in what order is asked of it. It refuses to adopt a record when it was asked to make one, to take a search
//! that found nobody for a proof that nobody is there, and to touch the door in any call but [`EmployeeProvider::set_access`].
//!
//! What is told apart here and nowhere else: people are matched by e-mail, tags and custom properties are written as a whole set
//! together with the record, tags bring people into chats, chats are joined and left one by one, a status is an emoji and a title, a
//! patronymic has no place, and one token may see less than another: its scopes become the [`Capability`].
//!
//! What only this platform has is a table, [`OPERATIONS`]; every endpoint that is called at all is in [`ENDPOINTS`].
//!
//! # Examples
//!
//! ```no_run
//! use std::sync::{Arc, Mutex};
//! use std::time::Duration;
//!
//! use kadry_core::{Foresight, Clock, Email, MatchKey, ProviderId, Random};
//! use kadry_http::{Network, NetworkOptions, Wiring};
//! use kadry_pachca::{Secrets, Settings, connect};
//!
//! # async fn example(token: secrecy::SecretString) -> kadry_core::Result<()> {
//! let timeout = Duration::from_secs(30);
//! let network = Network::new(&NetworkOptions { timeout, ca_pem: None, proxy: None })?;
//! let wiring = Wiring {
//!     id: ProviderId::new("messenger"),
//!     transport: Arc::new(network),
//!     clock: Clock::starting_at(0),
//!     random: Random::seeded(1),
//!     timeout,
//!     retry_for: timeout,
//!     max_in_flight: None,
//!     requests_per_second: None,
//!     insecure: false,
//!     budgets: kadry_http::Budgets::alone(),
//!     errands: kadry_http::TaskTracker::new(),
//! };
//! let messenger = connect(&Settings::default(), Secrets { token }, wiring, Foresight::default()).await?;
//! let anna = MatchKey::Email(Email::of_record("anna@example.test"));
//! let found = messenger.find(&anna, None).await?;
//! # Ok(())
//! # }
//! ```

mod calls;
mod capability;
mod config;
mod map;
mod native;
mod wire;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use kadry_core::{
    Access, Capability, Change, Cursor, Definition, Employee, EmployeeProvider, EmployeeRef, Error,
    ErrorKind, Foresight, Grant, KindName, Known, Look, MatchKey, Native, Notice, Offer, Page,
    ProviderId, RemoteId, Result, Review, Standing, Wish,
};
use kadry_http::{Bearer, Client, Wiring};
use secrecy::SecretString;

use crate::calls::{Ahead, Api, Line};
use crate::capability::{ROLES, Scopes};
pub use crate::config::Settings;
use crate::map::Viewer;
pub use crate::native::{ENDPOINTS, NOUNS, OPERATIONS, check};
use crate::wire::token::TokenInfo;

/// The name of this kind of platform in the configuration.
pub const KIND: &str = "pachca";

/// The secrets of a provider of this kind.
#[derive(Debug)]
pub struct Secrets {
    /// A personal token, best of an administrator who does nothing else.
    pub token: SecretString,
}

/// Reaches the platform, learns what the token may do, and returns the platform as a directory of employees.
///
/// One request leaves; it needs no scope. While it is on its way, the first answers that `foresight` names are asked for too; each
/// serves one later question, so that nothing is asked twice.
///
/// # Errors
///
/// `Config` for an address that cannot be used, `Unauthenticated` for a token that is not accepted, and the errors of any request.
pub async fn connect(
    settings: &Settings,
    secrets: Secrets,
    wiring: Wiring,
    foresight: Foresight<'_>,
) -> Result<Arc<dyn EmployeeProvider>> {
    let base = settings.base()?;
    let host = base.host_str().unwrap_or_default().to_owned();
    let pace = config::pace(&wiring);
    let client = Client::new(
        kadry_http::Settings {
            base,
            timeout: wiring.timeout,
            retry_for: wiring.retry_for,
            insecure: wiring.insecure,
        },
        wiring.transport,
        pace,
        wire::error::explain,
        wiring.clock,
        wiring.random,
    )?;
    let line = Line {
        client,
        session: Bearer::new(secrets.token),
    };
    let ahead = Ahead::new(&line, foresight);
    let token = line.token_info().await?;
    let expires_at_ms = expiry_ms(&token, line.client.clock().now_ms());
    let scopes = Scopes::new(token.scopes);
    if !scopes.contains("chats:read") {
        ahead.forget_chats();
    }
    let viewer = Viewer {
        id: token.user_id,
        administrator: scopes.prove_administrator(),
    };
    Ok(Arc::new(Pachca {
        id: wiring.id,
        capability: capability::capability(&scopes, wiring.timeout),
        // The platform gives a workspace no id, so the service employee stands for it.
        tenant: format!("{host}/user:{}", viewer.id),
        expires_at_ms,
        scopes,
        api: Api {
            line,
            viewer,
            ahead,
        },
        listed: Mutex::default(),
    }))
}

/// Returns when the token ends: its lifetime counts from its making, or from now where that cannot be read.
fn expiry_ms(token: &TokenInfo, now_ms: i64) -> Option<i64> {
    let lifetime_ms = token.expires_in?.saturating_mul(1_000);
    let made_ms = token
        .created_at
        .as_deref()
        .and_then(wire::moment_ms)
        .unwrap_or(now_ms);
    Some(made_ms.saturating_add(lifetime_ms))
}

/// One workspace, seen with one token.
#[derive(Debug)]
struct Pachca {
    id: ProviderId,
    capability: Capability,
    tenant: String,
    expires_at_ms: Option<i64>,
    scopes: Scopes,
    api: Api,
    /// The chats that were read to find out which of them a call means, for the look that comes right after that.
    listed: Mutex<Vec<serde_json::Value>>,
}

fn unsupported(what: &str, kind: &KindName) -> Error {
    Error::new(ErrorKind::Unsupported, what).with("kind", kind)
}

#[async_trait]
impl EmployeeProvider for Pachca {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn review(&self, wish: &Wish) -> Review {
        map::review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        Some(self)
    }

    async fn whoami(&self) -> Result<Standing> {
        let proven = self.api.viewer.administrator;
        let mut standing = Standing {
            own: Some(EmployeeRef {
                id: RemoteId::new(self.api.viewer.id.to_string()),
                settled: true,
                keys: Vec::new(),
            }),
            administrator: if proven {
                Known::Value(true)
            } else {
                Known::Hidden
            },
            tenant: self.tenant.clone(),
            expires_at_ms: self.expires_at_ms,
            clock_ahead_ms: self.api.line.client.clock_ahead_ms(),
        };
        if !proven && self.scopes.contains("profile:read") {
            let own = self.api.profile().await?;
            standing.administrator = map::is_administrator(&own);
            standing.own = Some(self.api.employee(&own).at);
        }
        Ok(standing)
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.api.users(from).await
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        match key {
            MatchKey::Email(email) => self.api.users_by_email(email, from).await,
            MatchKey::ExternalId(_) => Err(Error::new(
                ErrorKind::Unsupported,
                "the platform knows no id of the employer's",
            )),
        }
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        let user = self.api.user(&who.id).await?;
        Ok(user.map(|user| self.api.employee(&user)))
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        if *kind == KindName::ROLE {
            Ok(Page::last(
                ROLES.into_iter().map(map::offered_role).collect(),
            ))
        } else if *kind == KindName::TAG {
            self.api.tags(from).await
        } else if *kind == KindName::CHAT {
            self.api.chats(from).await
        } else if *kind == KindName::PROPERTY {
            self.api.properties(from).await
        } else {
            Err(unsupported(
                "the platform lists no grants of this kind",
                kind,
            ))
        }
    }

    async fn held(&self, kind: &KindName, _who: &EmployeeRef) -> Result<Vec<Grant>> {
        Err(unsupported("nothing here is read person by person", kind))
    }

    async fn keepers(&self, kind: &KindName, what: &Grant) -> Result<Vec<RemoteId>> {
        if *kind != KindName::CHAT {
            return Err(unsupported("nothing of this kind is handed over", kind));
        }
        self.api.chat_administrators(what).await
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        self.api.ahead.forget();
        self.api.create_user(wish).await
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        self.api.ahead.forget();
        self.api.update_user(who, change).await
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        self.api.ahead.forget();
        self.api.set_door(who, access).await
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        self.api.ahead.forget();
        if *kind == KindName::CHAT {
            self.api.set_membership(who, add, drop).await
        } else if *kind == KindName::STATUS {
            self.api.set_status(who, add, drop).await
        } else {
            let message = "grants of this kind are not written by themselves";
            Err(unsupported(message, kind))
        }
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        if *kind != KindName::TAG {
            return Err(unsupported("nothing of this kind is made here", kind));
        }
        self.api.define_tag(what).await
    }

    async fn notify(&self, who: &EmployeeRef, notice: &Notice) -> Result<()> {
        self.api.send_message(who, notice).await
    }

    async fn was_notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Look> {
        self.api.look_for_message(who, notice).await
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        self.api.ahead.forget();
        self.api.remove_user(who).await
    }
}
