//! A platform that remembers every call, and that may list less than it holds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::memory::Memory;
use kadry_core::{
    Access, Action, Capability, Change, Connect, Connected, Cursor, Definition, Employee,
    EmployeeProvider, EmployeeRef, Error, ErrorKind, FieldName, Gate, Grant, KindName, Look,
    MatchKey, Native, Notice, Offer, Page, ProviderId, RemoteId, Result, Review, Standing, Wish,
};

/// What a platform pretends when everybody is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pretence {
    /// Nothing.
    #[default]
    Honest,
    /// The page with this number, from 0, is an error.
    Breaks(usize),
    /// There is no page after so many people, and nothing says so.
    EndsAfter(usize),
    /// Whoever is suspended is not listed.
    HidesSuspended,
}

/// A write as the platform has seen it: whose record, and what.
pub(crate) type Seen = (String, Action);

#[derive(Debug, Default)]
struct Log {
    writes: Vec<Seen>,
    reads: usize,
    /// How many writes there had been each time that it was asked what somebody holds.
    held_after: Vec<usize>,
    pretence: Pretence,
    /// How long a page of what can be granted takes, in milliseconds, and how often one was asked for.
    lists_ms: u64,
    lists: usize,
    /// How long a call about people takes, in milliseconds.
    call_ms: u64,
}

/// A platform in memory whose calls are remembered. Clones share what they remember.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    memory: Memory,
    log: Arc<Mutex<Log>>,
    line: Arc<tokio::sync::Mutex<()>>,
}

impl Recorder {
    pub(crate) fn over(memory: &Memory) -> Self {
        Self {
            memory: memory.clone(),
            log: Arc::default(),
            line: Arc::default(),
        }
    }

    pub(crate) fn connect(&self) -> Arc<dyn Connect> {
        Arc::new(Connected(Arc::new(Gate::new(Arc::new(self.clone())))))
    }

    pub(crate) fn pretend(&self, pretence: Pretence) {
        self.log.lock().unwrap().pretence = pretence;
    }

    /// Has each page of what can be granted take its time.
    pub(crate) fn list_in(&self, lists_ms: u64) {
        self.log.lock().unwrap().lists_ms = lists_ms;
    }

    /// Returns how often a page of what can be granted was asked for.
    pub(crate) fn lists(&self) -> usize {
        self.log.lock().unwrap().lists
    }

    /// Has each call about people take its time, one after the other.
    pub(crate) fn answer_in(&self, call_ms: u64) {
        self.log.lock().unwrap().call_ms = call_ms;
    }

    async fn answer(&self) {
        let call_ms = self.log.lock().unwrap().call_ms;
        if call_ms > 0 {
            let _turn = self.line.lock().await;
            tokio::time::sleep(Duration::from_millis(call_ms)).await;
        }
    }

    /// Returns the writes since the last time, in their order.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.log.lock().unwrap().writes)
    }

    /// Returns how many writes there had been each time that it was asked what somebody holds.
    pub(crate) fn held_after(&self) -> Vec<usize> {
        self.log.lock().unwrap().held_after.clone()
    }

    /// Returns how many calls of any kind came since the last time.
    pub(crate) fn take_tries(&self) -> usize {
        let mut log = self.log.lock().unwrap();
        std::mem::take(&mut log.reads) + std::mem::take(&mut log.writes).len()
    }

    fn read(&self) {
        self.log.lock().unwrap().reads += 1;
    }

    fn write(&self, whose: String, action: &Action) {
        self.log.lock().unwrap().writes.push((whose, bare(action)));
    }

    fn of(&self, who: &EmployeeRef) -> String {
        let rows = self.memory.rows();
        let row = rows.iter().find(|row| row.id == who.id);
        row.and_then(|row| row.fields.get(&FieldName::Email).cloned())
            .unwrap_or_else(|| who.id.to_string())
    }
}

/// Returns an action without the ids of what is granted: a plan does not know those of what it makes.
pub(crate) fn bare(action: &Action) -> Action {
    let mut action = action.clone();
    let blank = |grants: &mut Vec<Grant>| grants.iter_mut().for_each(|grant| grant.id = None);
    match &mut action {
        Action::Create { wish } => wish.grants.values_mut().for_each(blank),
        Action::Update { change } => {
            for edit in change.grants.values_mut() {
                [&mut edit.keep, &mut edit.add, &mut edit.drop]
                    .into_iter()
                    .for_each(blank);
            }
        }
        Action::SetGrants { add, drop, .. } => [add, drop].into_iter().for_each(blank),
        Action::Define { .. }
        | Action::SetAccess { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => {}
    }
    action
}

#[async_trait]
impl EmployeeProvider for Recorder {
    fn id(&self) -> &ProviderId {
        self.memory.id()
    }

    fn capability(&self) -> &Capability {
        self.memory.capability()
    }

    fn review(&self, wish: &Wish) -> Review {
        self.memory.review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        self.memory.native()
    }

    async fn whoami(&self) -> Result<Standing> {
        self.read();
        self.answer().await;
        self.memory.whoami().await
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.read();
        let begin: usize = from.map_or(0, |from| from.as_str().parse().unwrap());
        self.answer().await;
        let mut page = self.memory.list(from).await?;
        let pretence = self.log.lock().unwrap().pretence;
        match pretence {
            Pretence::Honest => {}
            Pretence::Breaks(at) if begin >= at => {
                return Err(Error::new(ErrorKind::Unavailable, "cut off"));
            }
            Pretence::EndsAfter(people) if begin + page.items.len() >= people => {
                page.items.truncate(people.saturating_sub(begin));
                page.next = None;
            }
            Pretence::Breaks(_) | Pretence::EndsAfter(_) => {}
            Pretence::HidesSuspended => page.items.retain(|one| one.access == Access::Open),
        }
        Ok(page)
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.read();
        self.answer().await;
        self.memory.find(key, from).await
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        self.read();
        self.answer().await;
        self.memory.get(who).await
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        self.read();
        let lists_ms = {
            let mut log = self.log.lock().unwrap();
            log.lists += 1;
            log.lists_ms
        };
        tokio::time::sleep(Duration::from_millis(lists_ms)).await;
        self.memory.catalogue(kind, from).await
    }

    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>> {
        self.read();
        {
            let mut log = self.log.lock().unwrap();
            let writes = log.writes.len();
            log.held_after.push(writes);
        }
        self.answer().await;
        self.memory.held(kind, who).await
    }

    async fn keepers(&self, kind: &KindName, what: &Grant) -> Result<Vec<RemoteId>> {
        self.read();
        self.memory.keepers(kind, what).await
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        let whose = wish.fields.get(&FieldName::Email).cloned();
        let wished = Action::Create { wish: wish.clone() };
        self.write(whose.unwrap_or_default(), &wished);
        self.memory.create(wish).await
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        let change_of = Action::Update {
            change: change.clone(),
        };
        self.write(self.of(who), &change_of);
        self.memory.update(who, change).await
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        self.write(self.of(who), &Action::SetAccess { access });
        self.answer().await;
        self.memory.set_access(who, access).await
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        let given = Action::SetGrants {
            kind: kind.clone(),
            add: add.to_vec(),
            drop: drop.to_vec(),
        };
        self.write(self.of(who), &given);
        self.answer().await;
        self.memory.set_grants(who, kind, add, drop).await
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        let defined = Action::Define {
            kind: kind.clone(),
            what: what.clone(),
        };
        self.write(String::new(), &defined);
        self.memory.define(kind, what).await
    }

    async fn notify(&self, who: &EmployeeRef, notice: &Notice) -> Result<()> {
        let told = Action::Notify {
            notice: notice.clone(),
        };
        self.write(self.of(who), &told);
        self.memory.notify(who, notice).await
    }

    async fn was_notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Look> {
        self.read();
        self.memory.was_notified(who, notice).await
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        self.write(self.of(who), &Action::Remove);
        self.memory.remove(who).await
    }
}

/// Recorders by the name of their platform.
pub(crate) type Recorders = BTreeMap<String, Recorder>;
