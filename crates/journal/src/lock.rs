//! Who is working on a person: claims, which end with the process that made them.
//!
//! A claim names its owner, which is one opening of the store. The owner holds a lock on a file of its own for as long as it lives;
//! the system lets go of the lock when the process ends, however it ends. So an owner whose file is gone or not locked is dead, and
//! its claims are free.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use kadry_core::{Clock, ProviderId, Random};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::JournalError;
use crate::file::{cannot_open, make_folder, owners_folder};
use crate::people::{PersonId, must_exist, write_down};
use crate::store::Journal;
use crate::turn;
use crate::write::RunId;

/// The name of the file that is locked while a store is opened; owners have ids for names.
const OPENING: &str = "opening";

/// Where the owners of a store keep their locks. A store in memory has one owner and no folder.
#[derive(Clone, Debug)]
pub(crate) struct Owners(Option<PathBuf>);

impl Owners {
    /// Returns the only owner's place: nowhere.
    pub(crate) const fn alone() -> Self {
        Self(None)
    }

    /// Returns the folder beside a store, making it if there is none.
    pub(crate) fn beside(store: &Path) -> Result<Self, JournalError> {
        let folder = owners_folder(store);
        make_folder(&folder)?;
        Ok(Self(Some(folder)))
    }

    /// Waits until nobody else is opening the store, and keeps others from it until the file is dropped.
    pub(crate) fn opening(&self) -> Result<Option<File>, JournalError> {
        let Some(folder) = &self.0 else {
            return Ok(None);
        };
        let path = folder.join(OPENING);
        let cannot = |error| cannot_open(&path, error);
        loop {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)
                .and_then(|file| file.lock().map(|()| file))
                .map_err(cannot)?;
            // Whoever could not begin a store has removed the file while we waited for it: its lock keeps nobody out any more.
            let held = file.metadata().map_err(cannot)?.ino();
            if fs::metadata(&path).is_ok_and(|now| now.ino() == held) {
                return Ok(Some(file));
            }
        }
    }

    /// Removes the folder of a store that could not be begun. Only while opening, and only if nobody else has it open.
    pub(crate) fn dissolve(&self) {
        if let Some(folder) = &self.0 {
            fs::remove_file(folder.join(OPENING)).ok();
            // It stays if there is somebody else in it.
            fs::remove_dir(folder).ok();
        }
    }

    /// Forgets the owners that have died, with their claims. Only while opening: an owner that is being enlisted looks dead.
    pub(crate) fn bury(&self, db: &mut Connection) -> Result<(), JournalError> {
        let Some(folder) = &self.0 else { return Ok(()) };
        let entries = fs::read_dir(folder).map_err(|error| cannot_open(folder, error))?;
        for entry in entries {
            let path = entry.map_err(|error| cannot_open(folder, error))?.path();
            let is_owner = path.file_name().is_some_and(|name| name != OPENING);
            if is_owner && !is_locked(&path) {
                // Left behind, it costs a look at the next opening and nothing else.
                fs::remove_file(&path).ok();
            }
        }
        let transaction = db.transaction()?;
        for id in all_owners(&transaction)? {
            if !self.lives(&id) {
                transaction.execute("delete from owner where id = ?1", [&id])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Makes this opening of the store an owner.
    pub(crate) fn enlist(
        &self,
        db: &Connection,
        clock: &Clock,
        random: &Random,
    ) -> Result<Owner, JournalError> {
        // Two processes may share a seed, so an id counts only once both the store and the folder have taken it.
        loop {
            let id = random.uuid(clock).to_string();
            let new = db.execute(
                "insert into owner (id, pid, opened_ms) values (?1, ?2, ?3) on conflict do nothing",
                params![id, std::process::id(), clock.now_ms()],
            )?;
            if new == 0 {
                continue;
            }
            let lock = match &self.0 {
                None => None,
                Some(folder) => match OwnerFile::take(folder.join(&id))? {
                    None => continue,
                    lock => lock,
                },
            };
            return Ok(Owner {
                id,
                owners: self.clone(),
                _lock: lock,
            });
        }
    }

    /// Reports whether an owner lives; in doubt it does.
    fn lives(&self, id: &str) -> bool {
        self.0
            .as_ref()
            .is_some_and(|folder| is_locked(&folder.join(id)))
    }
}

/// Reports whether somebody holds the lock of a file. The look is a shared lock, so that two who look do not take each other for
/// the owner.
fn is_locked(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => true,
        },
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn all_owners(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("select id from owner")?
        .query_map((), |row| row.get(0))?
        .collect()
}

/// One opening of the store, as an owner of claims.
#[derive(Debug)]
pub(crate) struct Owner {
    id: String,
    owners: Owners,
    _lock: Option<OwnerFile>,
}

impl Owner {
    /// Returns whoever only reads a store: an owner whom the store does not know, and who can claim nobody.
    pub(crate) fn of_nothing(store: &Path) -> Self {
        Self {
            id: String::new(),
            owners: Owners(Some(owners_folder(store))),
            _lock: None,
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the file whose lock is the turn on a platform; none where nobody else can be.
    pub(crate) fn turn_file(&self, provider: &ProviderId) -> Option<PathBuf> {
        let folder = self.owners.0.as_ref()?;
        Some(turn::file_of(folder, provider))
    }

    /// Returns what a blocking thread needs to know of the owner, without keeping it alive.
    pub(crate) fn shadow(&self) -> Shadow {
        Shadow {
            id: self.id.clone(),
            owners: self.owners.clone(),
        }
    }
}

/// The file whose lock says that an owner lives.
#[derive(Debug)]
struct OwnerFile {
    path: PathBuf,
    _held: File,
}

impl OwnerFile {
    /// Makes and locks the file; none if the name is taken.
    fn take(path: PathBuf) -> Result<Option<Self>, JournalError> {
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|file| file.lock().map(|()| file));
        match made {
            Ok(held) => Ok(Some(Self { path, _held: held })),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(cannot_open(&path, error)),
        }
    }
}

impl Drop for OwnerFile {
    fn drop(&mut self) {
        // A file without a lock means the same; the next opening removes it.
        fs::remove_file(&self.path).ok();
    }
}

/// An owner as seen from its blocking threads: it may have died meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Shadow {
    id: String,
    owners: Owners,
}

impl Shadow {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the process of another owner that lives.
    pub(crate) fn is_anothers(
        &self,
        db: &Connection,
        owner: &str,
    ) -> Result<Option<u32>, JournalError> {
        if owner == self.id || !self.owners.lives(owner) {
            return Ok(None);
        }
        Ok(db
            .prepare_cached("select pid from owner where id = ?1")?
            .query_row([owner], |row| row.get(0))
            .optional()?)
    }

    /// Refuses what is not claimed by this owner.
    pub(crate) fn must_hold(
        &self,
        db: &Connection,
        person: &str,
        provider: &str,
    ) -> Result<(), JournalError> {
        match holder(db, person, provider)? {
            Some((owner, _)) if owner == self.id => Ok(()),
            Some(_) | None => Err(JournalError::TakenOver),
        }
    }

    /// Refuses what is claimed by another owner that lives.
    pub(crate) fn must_be_free(
        &self,
        db: &Connection,
        person: &str,
        provider: &str,
    ) -> Result<(), JournalError> {
        match holder(db, person, provider)? {
            Some((owner, pid)) if owner != self.id && self.owners.lives(&owner) => {
                claimed(db, person, provider, pid)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Reports whether another owner that lives has claimed the person of a run on one of its platforms.
    fn sees_at_work(&self, db: &Connection, run: &str) -> Result<bool, JournalError> {
        let mut all = db.prepare_cached(
            "select distinct claim.owner from run join claim on claim.person = run.person
             where run.id = ?1 and claim.owner <> ?2
               and exists (select 1 from step where step.run = run.number and step.provider = claim.provider)",
        )?;
        let mut rows = all.query([run, &self.id])?;
        while let Some(row) = rows.next()? {
            if self.owners.lives(&row.get::<_, String>(0)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes somebody on these providers, all of them or none.
    pub(crate) fn claim(
        &self,
        db: &Connection,
        person: &PersonId,
        providers: &[ProviderId],
        take_over: bool,
    ) -> Result<(), JournalError> {
        must_exist(db, person)?;
        for provider in providers {
            match self.must_be_free(db, person.as_str(), provider.as_str()) {
                Err(JournalError::Claimed { pid, .. }) if take_over => tracing::warn!(
                    person.id = %person, provider.id = %provider, pid,
                    "person {person} on {provider} is taken over from process {pid}"
                ),
                free => free?,
            }
            self.take(db, person.as_str(), provider.as_str())?;
        }
        Ok(())
    }

    fn take(&self, db: &Connection, person: &str, provider: &str) -> Result<(), JournalError> {
        db.prepare_cached(
            "insert into claim (person, provider, owner) values (?1, ?2, ?3)
             on conflict (person, provider) do update set owner = excluded.owner",
        )?
        .execute([person, provider, &self.id])?;
        Ok(())
    }
}

/// Returns the owner of a claim and its process.
fn holder(
    db: &Connection,
    person: &str,
    provider: &str,
) -> Result<Option<(String, u32)>, JournalError> {
    Ok(db
        .prepare_cached(
            "select owner.id, owner.pid from claim join owner on owner.id = claim.owner
             where claim.person = ?1 and claim.provider = ?2",
        )?
        .query_row([person, provider], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Fails with what is known of the one who is at work.
fn claimed(db: &Connection, person: &str, provider: &str, pid: u32) -> Result<(), JournalError> {
    let begun: Option<(String, String)> = db
        .prepare_cached(
            "select id, actor from run where person = ?1 and state = 'running'
             and exists (select 1 from step where step.run = run.number and step.provider = ?2)
             order by number desc limit 1",
        )?
        .query_row([person, provider], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (run, actor) = begun.unzip();
    Err(JournalError::Claimed {
        run: run.map(RunId::new),
        pid,
        actor,
    })
}

impl Journal {
    /// Takes a person on these providers for this process: all of them or none.
    ///
    /// A claim of a process that has died is free. With `take_over` even a living process loses its claims, and its next record
    /// fails with [`JournalError::TakenOver`]: a leaver does not wait for whatever else is going on.
    ///
    /// # Repeats
    ///
    /// What this process holds already it keeps.
    ///
    /// # Errors
    ///
    /// [`JournalError::Claimed`] when a living process holds one of them, [`JournalError::NotFound`] for an unknown person, and the
    /// errors of the store.
    pub async fn claim(
        &self,
        person: &PersonId,
        providers: &[ProviderId],
        take_over: bool,
    ) -> Result<(), JournalError> {
        let (me, person, providers) = (self.owner().shadow(), person.clone(), providers.to_vec());
        self.store()
            .write(move |db| me.claim(db, &person, &providers, take_over))
            .await
    }

    /// Takes things on these providers for this process, all of them or none. Each is written down as if by [`Journal::stand_for`].
    ///
    /// # Repeats
    ///
    /// What this process holds already it keeps.
    ///
    /// # Errors
    ///
    /// [`JournalError::Claimed`] when a living process holds one of them, and the errors of the store.
    pub async fn claim_things(
        &self,
        things: &[PersonId],
        providers: &[ProviderId],
    ) -> Result<(), JournalError> {
        if things.is_empty() {
            return Ok(());
        }
        let (me, things, providers) = (self.owner().shadow(), things.to_vec(), providers.to_vec());
        let now_ms = self.clock().now_ms();
        self.store()
            .write(move |db| {
                for thing in &things {
                    write_down(db, thing, now_ms)?;
                    for provider in &providers {
                        me.must_be_free(db, thing.as_str(), provider.as_str())?;
                        me.take(db, thing.as_str(), provider.as_str())?;
                    }
                }
                Ok(())
            })
            .await
    }

    /// Reports whether another living process is at work on the person of a run, on a platform of that run.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn is_at_work(&self, run: &RunId) -> Result<bool, JournalError> {
        let (me, run) = (self.owner().shadow(), run.clone());
        self.store()
            .read(move |db| me.sees_at_work(db, run.as_str()))
            .await
    }

    /// Gives back whatever this process holds of a person.
    ///
    /// # Repeats
    ///
    /// What is not held is not missed.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn release(&self, person: &PersonId) -> Result<(), JournalError> {
        self.release_all(std::slice::from_ref(person)).await
    }

    /// Gives back whatever this process holds of several.
    ///
    /// # Repeats
    ///
    /// What is not held is not missed.
    ///
    /// # Errors
    ///
    /// The errors of the store.
    pub async fn release_all(&self, people: &[PersonId]) -> Result<(), JournalError> {
        let (me, people) = (self.owner().shadow(), people.to_vec());
        self.store()
            .write(move |db| {
                for person in &people {
                    db.prepare_cached("delete from claim where person = ?1 and owner = ?2")?
                        .execute([person.as_str(), &me.id])?;
                }
                Ok(())
            })
            .await
    }
}
