//! A platform whose writes take their time, or keep something else than was asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{
    Access, Capability, Change, Connect, Connected, Cursor, Definition, Effect, Employee,
    EmployeeProvider, EmployeeRef, Error, ErrorKind, Foresight, Grant, KindName, Look, MatchKey,
    Native, Notice, Offer, Page, ProviderId, RemoteId, Result, Review, Standing, Wish,
};

/// A platform behind a slow line.
#[derive(Debug)]
pub(crate) struct Slow {
    pub(crate) inner: Arc<dyn EmployeeProvider>,
    /// How long a create or a change of the door takes until it arrives, in milliseconds.
    pub(crate) late_ms: u64,
    /// How long one page of what can be granted takes, in milliseconds.
    pub(crate) lists_ms: u64,
    /// Whether a create is done, but not as asked.
    pub(crate) otherwise: bool,
}

impl Slow {
    pub(crate) fn connect(self) -> Arc<dyn Connect> {
        Arc::new(Connected(Arc::new(self)))
    }

    async fn travel(&self) {
        tokio::time::sleep(Duration::from_millis(self.late_ms)).await;
    }
}

#[async_trait]
impl EmployeeProvider for Slow {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn capability(&self) -> &Capability {
        self.inner.capability()
    }

    fn review(&self, wish: &Wish) -> Review {
        self.inner.review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        self.inner.native()
    }

    async fn whoami(&self) -> Result<Standing> {
        self.inner.whoami().await
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.inner.list(from).await
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.inner.find(key, from).await
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        self.inner.get(who).await
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        tokio::time::sleep(Duration::from_millis(self.lists_ms)).await;
        self.inner.catalogue(kind, from).await
    }

    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>> {
        self.inner.held(kind, who).await
    }

    async fn keepers(&self, kind: &KindName, what: &Grant) -> Result<Vec<RemoteId>> {
        self.inner.keepers(kind, what).await
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        self.travel().await;
        let made = self.inner.create(wish).await?;
        if self.otherwise {
            return Err(
                Error::new(ErrorKind::Protocol, "kept something else").with_effect(Effect::Applied)
            );
        }
        Ok(made)
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        self.inner.update(who, change).await
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        self.travel().await;
        self.inner.set_access(who, access).await
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        self.inner.set_grants(who, kind, add, drop).await
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        self.inner.define(kind, what).await
    }

    async fn notify(&self, who: &EmployeeRef, notice: &Notice) -> Result<()> {
        self.inner.notify(who, notice).await
    }

    async fn was_notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Look> {
        self.inner.was_notified(who, notice).await
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        self.inner.remove(who).await
    }
}

/// A platform that lets us in late, each time that it is reached for, and never where there is no time; later at once.
#[derive(Debug)]
pub(crate) struct Late {
    inner: Arc<dyn Connect>,
    after_ms: Vec<Option<u64>>,
    reached: AtomicUsize,
    is_alive: bool,
}

impl Late {
    /// Puts a platform before one that gives no sign of life until it lets us in.
    pub(crate) fn put_before(connect: &mut Arc<dyn Connect>, after_ms: &[Option<u64>]) {
        Self::put(connect, after_ms, false);
    }

    /// Puts a platform before one that has answered something before it lets us in.
    pub(crate) fn put_alive_before(connect: &mut Arc<dyn Connect>, after_ms: &[Option<u64>]) {
        Self::put(connect, after_ms, true);
    }

    fn put(connect: &mut Arc<dyn Connect>, after_ms: &[Option<u64>], is_alive: bool) {
        *connect = Arc::new(Self {
            inner: Arc::clone(connect),
            after_ms: after_ms.to_vec(),
            reached: AtomicUsize::new(0),
            is_alive,
        });
    }
}

#[async_trait]
impl Connect for Late {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    async fn connect(&self, foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>> {
        let nth = self.reached.fetch_add(1, Ordering::Relaxed);
        match self.after_ms.get(nth) {
            Some(None) => std::future::pending().await,
            Some(Some(late)) => tokio::time::sleep(Duration::from_millis(*late)).await,
            None => {}
        }
        self.inner.connect(foresight).await
    }

    fn has_answered(&self) -> bool {
        self.is_alive
    }
}
