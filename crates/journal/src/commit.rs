//! One connection, and many writes in one commit.
//!
//! A durable commit waits for the disk, and many lanes write at once. So writes queue up, and whoever finds nobody at work sends a
//! leader to a blocking thread: it takes everything that waits into one transaction, commits, answers, and looks again. The leader
//! ends with the queue. A thread that stayed would be invisible to tokio, whose paused clock would run on while it works.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::error::JournalError;

/// The connection and the writes that wait for it.
pub(crate) struct Store {
    db: Mutex<Connection>,
    queue: Mutex<Queue>,
    #[cfg(test)]
    pub(crate) commits: std::sync::atomic::AtomicU32,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Job>>,
    led: bool,
}

impl Store {
    pub(crate) fn new(db: Connection) -> Self {
        Self {
            db: Mutex::new(db),
            queue: Mutex::default(),
            #[cfg(test)]
            commits: std::sync::atomic::AtomicU32::new(0),
        }
    }

    /// Does some work within a durable commit that it may share. Work that fails changes nothing, and disturbs nobody else's.
    pub(crate) async fn write<T, F>(self: &Arc<Self>, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Write {
            work: Some(work),
            outcome: None,
            answer,
        });
        if let Some(leader) = self.enqueue(job) {
            drop(spawn_blocking(move || leader.lead()));
        }
        answered.await.map_err(|_| JournalError::Stopped)?
    }

    /// Reads at one point in time.
    pub(crate) async fn read<T, F>(self: &Arc<Self>, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    {
        let store = Arc::clone(self);
        spawn_blocking(move || {
            let mut db = store.db();
            let snapshot = db.transaction_with_behavior(TransactionBehavior::Deferred)?;
            let found = work(&snapshot)?;
            snapshot.finish()?;
            Ok(found)
        })
        .await
        .map_err(|_| JournalError::Stopped)?
    }

    pub(crate) fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a job, and returns a leader if nobody leads.
    fn enqueue(self: &Arc<Self>, job: Box<dyn Job>) -> Option<Leader> {
        let mut queue = self.queue();
        queue.waiting.push_back(job);
        let leads = mem::replace(&mut queue.led, true);
        (!leads).then(|| Leader {
            store: Arc::clone(self),
            over: false,
        })
    }

    fn commit(&self, mut batch: VecDeque<Box<dyn Job>>) {
        // A caller that has gone away has crashed, as far as its run is concerned: what it asked for and nobody has begun is dropped.
        batch.retain(|job| job.is_wanted());
        if batch.is_empty() {
            return;
        }
        let committed = self.in_one_transaction(&mut batch);
        for job in batch {
            job.answer(&committed);
        }
    }

    fn in_one_transaction(&self, batch: &mut VecDeque<Box<dyn Job>>) -> Result<(), JournalError> {
        let mut db = self.db();
        let mut transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in batch {
            run_apart(&mut transaction, job.as_mut())?;
        }
        transaction.commit()?;
        #[cfg(test)]
        self.commits
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }
}

/// Runs one job so that its failure undoes nothing but itself.
fn run_apart(transaction: &mut Transaction<'_>, job: &mut dyn Job) -> Result<(), JournalError> {
    let mut apart = transaction.savepoint()?;
    match job.run(&apart) {
        Ok(()) => apart.commit()?,
        // SQLite gives up the whole transaction by itself on some errors, a full disk among them.
        Err(error) if apart.is_autocommit() => return Err(error),
        Err(_) => apart.rollback()?,
    }
    Ok(())
}

/// Whoever empties the queue. Exactly one exists while `Queue::led` is set.
struct Leader {
    store: Arc<Store>,
    over: bool,
}

impl Leader {
    fn lead(mut self) {
        while let Some(batch) = self.next_batch() {
            self.store.commit(batch);
        }
    }

    fn next_batch(&mut self) -> Option<VecDeque<Box<dyn Job>>> {
        let mut queue = self.store.queue();
        if queue.waiting.is_empty() {
            // Under the same lock as the look, so that no job can slip in between and find a leader that has left.
            queue.led = false;
            self.over = true;
            return None;
        }
        Some(mem::take(&mut queue.waiting))
    }
}

impl Drop for Leader {
    /// A leader that never ran, because the runtime was ending, or that panicked, leaves nobody waiting.
    fn drop(&mut self) {
        if !self.over {
            let mut queue = self.store.queue();
            queue.led = false;
            let left = mem::take(&mut queue.waiting);
            drop(queue);
            drop(left);
        }
    }
}

/// A write that waits, whatever it returns.
trait Job: Send {
    fn is_wanted(&self) -> bool;
    fn run(&mut self, db: &Connection) -> Result<(), JournalError>;
    fn answer(self: Box<Self>, committed: &Result<(), JournalError>);
}

struct Write<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, JournalError>>,
    answer: oneshot::Sender<Result<T, JournalError>>,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, JournalError> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.answer.is_closed()
    }

    fn run(&mut self, db: &Connection) -> Result<(), JournalError> {
        let Some(work) = self.work.take() else {
            return Ok(());
        };
        let outcome = work(db);
        let ran = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.outcome = Some(outcome);
        ran
    }

    fn answer(self: Box<Self>, committed: &Result<(), JournalError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(shared)) => Err(shared.clone()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(JournalError::Stopped),
        };
        // Nobody listens any more if the caller was dropped meanwhile.
        drop(self.answer.send(outcome));
    }
}
