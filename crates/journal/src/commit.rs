//! Many writes in one commit, and many reads at one point in time.
//!
//! A durable commit waits for the disk, and many lanes write at once. So writes queue up, and whoever finds nobody at work sends a
//! leader to a blocking thread: it takes everything that waits into one transaction, commits, answers, and looks again. The leader
//! ends with the queue. A thread that stayed would be invisible to tokio, whose paused clock would run on while it works.
//!
//! Reads have a queue and a leader of their own, and where the store is a file, a connection of their own as well: they do not wait for
//! the disk. What was committed before somebody asks is what they read.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::error::JournalError;

/// The connections, and what waits for them.
pub(crate) struct Store {
    /// Closed before the writer, which takes the log into the store.
    reader: Option<Mutex<Connection>>,
    writer: Mutex<Connection>,
    reads: Mutex<Queue>,
    writes: Mutex<Queue>,
    #[cfg(test)]
    pub(crate) commits: std::sync::atomic::AtomicU32,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Job>>,
    led: bool,
}

/// Which of the queues.
#[derive(Clone, Copy)]
enum Of {
    Reads,
    Writes,
}

impl Store {
    /// Returns the store of these connections. Without a reader, reads and writes take turns.
    pub(crate) fn new(writer: Connection, reader: Option<Connection>) -> Self {
        Self {
            reader: reader.map(Mutex::new),
            writer: Mutex::new(writer),
            reads: Mutex::default(),
            writes: Mutex::default(),
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
        self.have_done(Of::Writes, work).await
    }

    /// Reads at one point in time.
    pub(crate) async fn read<T, F>(self: &Arc<Self>, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    {
        self.have_done(Of::Reads, work).await
    }

    async fn have_done<T, F>(self: &Arc<Self>, of: Of, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Asked {
            work: Some(work),
            outcome: None,
            answer,
        });
        if let Some(leader) = self.enqueue(of, job) {
            drop(spawn_blocking(move || leader.lead()));
        }
        answered.await.map_err(|_| JournalError::Stopped)?
    }

    #[cfg(test)]
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.db(Of::Writes)
    }

    fn db(&self, of: Of) -> MutexGuard<'_, Connection> {
        let db = match (of, &self.reader) {
            (Of::Reads, Some(reader)) => reader,
            (Of::Reads, None) | (Of::Writes, _) => &self.writer,
        };
        db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self, of: Of) -> MutexGuard<'_, Queue> {
        let queue = match of {
            Of::Reads => &self.reads,
            Of::Writes => &self.writes,
        };
        queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a job, and returns a leader if nobody leads.
    fn enqueue(self: &Arc<Self>, of: Of, job: Box<dyn Job>) -> Option<Leader> {
        let mut queue = self.queue(of);
        queue.waiting.push_back(job);
        let leads = mem::replace(&mut queue.led, true);
        (!leads).then(|| Leader {
            store: Arc::clone(self),
            of,
            over: false,
        })
    }

    fn work_off(&self, of: Of, mut batch: VecDeque<Box<dyn Job>>) {
        // A caller that has gone away has crashed, as far as its run is concerned: what it asked for and nobody has begun is dropped.
        batch.retain(|job| job.is_wanted());
        if batch.is_empty() {
            return;
        }
        let ended = match of {
            Of::Reads => self.at_one_point(&mut batch),
            Of::Writes => self.in_one_transaction(&mut batch),
        };
        for job in batch {
            job.answer(&ended);
        }
    }

    /// Each of them sees what was committed before it was asked for: it is as old as the first look at the store.
    fn at_one_point(&self, batch: &mut VecDeque<Box<dyn Job>>) -> Result<(), JournalError> {
        let mut db = self.db(Of::Reads);
        let snapshot = db.transaction_with_behavior(TransactionBehavior::Deferred)?;
        for job in batch {
            // What one of them cannot read is its own fault.
            job.run(&snapshot).ok();
        }
        Ok(snapshot.finish()?)
    }

    fn in_one_transaction(&self, batch: &mut VecDeque<Box<dyn Job>>) -> Result<(), JournalError> {
        let mut db = self.db(Of::Writes);
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for job in batch {
            run_apart(&transaction, job.as_mut())?;
        }
        transaction.commit()?;
        #[cfg(test)]
        self.commits
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }
}

/// Runs one job so that its failure undoes nothing but itself.
fn run_apart(transaction: &Connection, job: &mut dyn Job) -> Result<(), JournalError> {
    // Prepared once: a save point that is read anew each time takes as long as what is written in it.
    let say = |sql: &str| transaction.prepare_cached(sql)?.execute(());
    say("savepoint job")?;
    match job.run(transaction) {
        Ok(()) => {}
        // SQLite gives up the whole transaction by itself on some errors, a full disk among them.
        Err(error) if transaction.is_autocommit() => return Err(error),
        Err(_) => {
            say("rollback to job")?;
        }
    }
    say("release job")?;
    Ok(())
}

/// Whoever empties a queue. Exactly one exists while its `Queue::led` is set.
struct Leader {
    store: Arc<Store>,
    of: Of,
    over: bool,
}

impl Leader {
    fn lead(mut self) {
        while let Some(batch) = self.next_batch() {
            self.store.work_off(self.of, batch);
        }
    }

    fn next_batch(&mut self) -> Option<VecDeque<Box<dyn Job>>> {
        let mut queue = self.store.queue(self.of);
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
            let mut queue = self.store.queue(self.of);
            queue.led = false;
            let left = mem::take(&mut queue.waiting);
            drop(queue);
            drop(left);
        }
    }
}

/// A read or a write that waits, whatever it returns.
trait Job: Send {
    fn is_wanted(&self) -> bool;
    fn run(&mut self, db: &Connection) -> Result<(), JournalError>;
    fn answer(self: Box<Self>, ended: &Result<(), JournalError>);
}

struct Asked<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, JournalError>>,
    answer: oneshot::Sender<Result<T, JournalError>>,
}

impl<T, F> Job for Asked<T, F>
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

    fn answer(self: Box<Self>, ended: &Result<(), JournalError>) {
        let outcome = match (self.outcome, ended) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(shared)) => Err(shared.clone()),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => Err(JournalError::Stopped),
        };
        // Nobody listens any more if the caller was dropped meanwhile.
        drop(self.answer.send(outcome));
    }
}
