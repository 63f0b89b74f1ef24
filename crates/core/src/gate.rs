//! The one decorator: what a platform cannot do is refused before any request leaves.

use std::sync::Arc;

use async_trait::async_trait;
use tracing::Instrument as _;

use crate::capability::{Capability, Reason, Support};
use crate::employee::{Access, Employee, EmployeeRef, MatchKey, RemoteId};
use crate::error::{Error, ErrorKind, Result};
use crate::grant::{Definition, Grant, GrantKind, KindName, Offer, ReadBy, Write};
use crate::native::Native;
use crate::page::{Cursor, Page};
use crate::plan::{Change, Notice, Wish};
use crate::provider::{EmployeeProvider, Look, ProviderId, Review, Standing};

/// A provider behind its capability: refuses what the platform cannot do, and says in every error which call failed where.
#[derive(Clone, Debug)]
pub struct Gate(Arc<dyn EmployeeProvider>);

impl Gate {
    /// Puts a provider behind the gate.
    #[must_use]
    pub fn new(inner: Arc<dyn EmployeeProvider>) -> Self {
        Self(inner)
    }

    async fn pass<T>(
        &self,
        operation: &'static str,
        allowed: Result<()>,
        call: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let provider = self.0.id();
        let span = tracing::debug_span!("provider", provider.id = %provider, operation);
        let answer = async {
            allowed?;
            call.await
        };
        answer
            .instrument(span)
            .await
            .map_err(|error| error.during(operation).with("provider.id", provider))
    }

    fn kind(&self, name: &KindName) -> Result<&GrantKind> {
        let unknown = || refuse(&Reason::about("no-such-kind", name.to_string()));
        self.0.capability().kind(name).ok_or_else(unknown)
    }

    fn may_find(&self, key: &MatchKey) -> Result<()> {
        if self.0.capability().found_by(key.name()).is_some() {
            return Ok(());
        }
        Err(refuse(&Reason::new("no-such-key")))
    }

    fn may_create(&self, wish: &Wish) -> Result<()> {
        let capability = self.0.capability();
        need(&capability.create)?;
        for field in wish.fields.keys() {
            need(capability.creates(*field))?;
        }
        for kind in wish.grants.keys() {
            need(&self.kind(kind)?.on_create)?;
        }
        Ok(())
    }

    fn may_update(&self, change: &Change) -> Result<()> {
        let capability = self.0.capability();
        need(&capability.update)?;
        for (field, value) in &change.fields {
            need(if value.is_some() {
                capability.updates(*field)
            } else {
                capability.clears(*field)
            })?;
        }
        for (name, edit) in &change.grants {
            let kind = self.kind(name)?;
            if let Write::No(reason) = &kind.on_update {
                return Err(refuse(reason));
            }
            let mut taken = edit.drop.iter();
            if taken.any(|gone| kind.must_stay(gone, &edit.add)) {
                need(&kind.clear)?;
            }
        }
        Ok(())
    }

    fn may_set(&self, kind: &KindName, grants: usize) -> Result<()> {
        let kind = self.kind(kind)?;
        need(&kind.alone)?;
        if grants > 1 && !kind.together {
            return Err(refuse(&Reason::new("one-at-a-time")));
        }
        Ok(())
    }

    fn may_hold(&self, kind: &KindName) -> Result<()> {
        match self.kind(kind)?.read {
            ReadBy::EachPerson => Ok(()),
            ReadBy::WithEmployee | ReadBy::Catalogue => {
                Err(refuse(&Reason::new("read-another-way")))
            }
        }
    }
}

fn need(support: &Support) -> Result<()> {
    support
        .reason()
        .map_or(Ok(()), |reason| Err(refuse(reason)))
}

fn refuse(reason: &Reason) -> Error {
    let error = Error::new(ErrorKind::Unsupported, "the platform cannot do this")
        .with("reason", &reason.key);
    match &reason.detail {
        Some(detail) => error.with("detail", detail),
        None => error,
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl EmployeeProvider for Gate {
    fn id(&self) -> &ProviderId {
        self.0.id()
    }

    fn capability(&self) -> &Capability {
        self.0.capability()
    }

    fn review(&self, wish: &Wish) -> Review {
        self.0.review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        self.0.native()
    }

    async fn whoami(&self) -> Result<Standing> {
        self.pass("whoami", Ok(()), self.0.whoami()).await
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.pass("list", need(&self.capability().list), self.0.list(from))
            .await
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.pass("find", self.may_find(key), self.0.find(key, from))
            .await
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        self.pass("get", Ok(()), self.0.get(who)).await
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        let allowed = self.kind(kind).and_then(|kind| need(&kind.catalogue));
        self.pass("catalogue", allowed, self.0.catalogue(kind, from))
            .await
    }

    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>> {
        self.pass("held", self.may_hold(kind), self.0.held(kind, who))
            .await
    }

    async fn keepers(&self, kind: &KindName, what: &Grant) -> Result<Vec<RemoteId>> {
        let allowed = self.kind(kind).and_then(|kind| need(&kind.hand_over));
        self.pass("keepers", allowed, self.0.keepers(kind, what))
            .await
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        self.pass("create", self.may_create(wish), self.0.create(wish))
            .await
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        self.pass(
            "update",
            self.may_update(change),
            self.0.update(who, change),
        )
        .await
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        let allowed = need(match access {
            Access::Open => &self.capability().reopen,
            Access::Suspended => &self.capability().suspend,
        });
        self.pass("set_access", allowed, self.0.set_access(who, access))
            .await
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        let allowed = self.may_set(kind, add.len() + drop.len());
        self.pass(
            "set_grants",
            allowed,
            self.0.set_grants(who, kind, add, drop),
        )
        .await
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        let allowed = self.kind(kind).and_then(|kind| need(&kind.define));
        self.pass("define", allowed, self.0.define(kind, what))
            .await
    }

    async fn notify(&self, who: &EmployeeRef, notice: &Notice) -> Result<()> {
        self.pass(
            "notify",
            need(&self.capability().notify),
            self.0.notify(who, notice),
        )
        .await
    }

    async fn was_notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Look> {
        self.pass(
            "was_notified",
            need(&self.capability().was_notified),
            self.0.was_notified(who, notice),
        )
        .await
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        self.pass(
            "remove",
            need(&self.capability().remove),
            self.0.remove(who),
        )
        .await
    }
}
