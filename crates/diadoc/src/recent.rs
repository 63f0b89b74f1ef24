//! What was read a moment ago, so that it is not asked for twice.
//!
//! Everything here is given out once or for a moment only, and nothing after a write: a read shows what the platform shows now. An id
//! is no more than a hint, and whoever takes one proves by an answer that it still leads to the login.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kadry_core::{Email, RemoteId, Result};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::calls::BoxApi;
use crate::wire::employee::Employee;

/// How long a moment is.
const MOMENT: Duration = Duration::from_secs(30);

/// What was read a moment ago.
#[derive(Default)]
pub(crate) struct Recent(Mutex<State>);

#[derive(Default)]
struct State {
    /// Our own record.
    own: Option<Read<Employee>>,
    /// Everybody, read ahead of the question; given up with the set.
    ahead: JoinSet<Read<Result<Vec<Employee>>>>,
    /// The ids, by login, under which people were shown.
    ids: BTreeMap<Email, Read<Shown>>,
}

/// Under which id somebody was shown.
struct Shown {
    id: String,
    /// Whether a list showed nobody else of that login.
    alone: bool,
}

/// Something, and when it had been read.
struct Read<T> {
    what: T,
    at: Instant,
}

impl<T> Read<T> {
    fn now(what: T) -> Self {
        Self {
            what,
            at: Instant::now(),
        }
    }

    fn is_fresh(&self) -> bool {
        self.at.elapsed() < MOMENT
    }

    fn fresh(self) -> Option<T> {
        self.is_fresh().then_some(self.what)
    }
}

impl State {
    fn note(&mut self, login: &Email, id: &str, alone: bool) {
        let before = self.ids.get(login).filter(|shown| shown.is_fresh());
        // An answer about the same record takes nothing back of what a list showed.
        let alone = alone || before.is_some_and(|shown| shown.what.alone && shown.what.id == id);
        let id = id.to_owned();
        self.ids
            .insert(login.clone(), Read::now(Shown { id, alone }));
    }
}

impl Recent {
    /// Begins to read everybody. The reading goes on by itself: one that waited for its turn would keep others from theirs.
    pub(crate) fn read_ahead(&self, api: BoxApi) {
        let reading = async move { Read::now(api.employees().await) };
        self.held().ahead.spawn(reading.in_current_span());
    }

    /// Returns everybody, if that was read ahead; once.
    pub(crate) async fn everybody(&self) -> Option<Result<Vec<Employee>>> {
        let mut ahead = std::mem::take(&mut self.held().ahead);
        ahead.join_next().await?.ok()?.fresh()
    }

    /// Takes note of our own record.
    pub(crate) fn note_own(&self, own: Employee) {
        self.held().own = Some(Read::now(own));
    }

    /// Returns our own record; once.
    pub(crate) fn own(&self) -> Option<Employee> {
        let own = self.held().own.take();
        own.and_then(Read::fresh)
    }

    /// Takes note of the ids of everybody, out of a list of them.
    pub(crate) fn note_all(&self, everybody: &[Employee]) {
        let mut ids: BTreeMap<Email, Option<&str>> = BTreeMap::new();
        for row in everybody {
            let Some(login) = row.login() else { continue };
            let id = Some(row.user.user_id.as_str());
            // Of two people of one login nobody is meant.
            ids.entry(login).and_modify(|id| *id = None).or_insert(id);
        }
        let mut held = self.held();
        // Whoever is not listed may have been made meanwhile.
        held.ids.retain(|_, shown| shown.is_fresh());
        for (login, id) in ids {
            match id {
                Some(id) => held.note(&login, id, true),
                None => drop(held.ids.remove(&login)),
            }
        }
    }

    /// Takes note of the id that an answer about one record shows.
    pub(crate) fn note(&self, login: &Email, id: &str) {
        self.held().note(login, id, false);
    }

    /// Takes note of the id of the only one on a list who has this login.
    pub(crate) fn note_only(&self, login: &Email, id: &str) {
        self.held().note(login, id, true);
    }

    /// Returns the id under which somebody, known by this login and this id, was shown a moment ago.
    ///
    /// Logins that differ in case only are one to us, so that an answer about one record says nothing of one with another id; a
    /// list does, which shows that there is nobody else.
    pub(crate) fn id_of(&self, login: &Email, known: &RemoteId) -> Option<String> {
        let held = self.held();
        let shown = held.ids.get(login).filter(|shown| shown.is_fresh())?;
        let is_meant = shown.what.alone || shown.what.id == known.as_str();
        is_meant.then(|| shown.what.id.clone())
    }

    /// Forgets the id of one login: it leads there no more.
    pub(crate) fn forget_id(&self, login: &Email) {
        self.held().ids.remove(login);
    }

    /// Forgets what a change to the record of this login is about to make untrue, which is everything but the ids of others.
    pub(crate) fn forget(&self, login: Option<&Email>) {
        let mut held = self.held();
        held.own = None;
        held.ahead = JoinSet::default();
        if let Some(login) = login {
            held.ids.remove(login);
        }
    }

    fn held(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recent")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn login(name: &str) -> Email {
        Email::of_record(&format!("{name}@example.test"))
    }

    fn row(id: &str, name: &str) -> Employee {
        let login = format!("{name}@example.test");
        let user = serde_json::json!({"UserId": id, "Login": login, "IsRegistered": false});
        serde_json::from_value(serde_json::json!({ "User": user })).unwrap()
    }

    fn id_of(recent: &Recent, name: &str, known: &str) -> Option<String> {
        recent.id_of(&login(name), &RemoteId::new(known))
    }

    #[tokio::test(start_paused = true)]
    async fn each_id_is_known_for_a_moment_of_its_own() {
        let recent = Recent::default();
        recent.note_all(&[row("a", "anna"), row("b", "boris")]);
        tokio::time::advance(MOMENT / 2).await;
        recent.note(&login("boris"), "b");
        recent.note(&login("vera"), "v");
        tokio::time::advance(MOMENT / 2).await;
        assert_eq!(id_of(&recent, "anna", "a"), None);
        assert_eq!(id_of(&recent, "boris", "b").unwrap(), "b");
        assert_eq!(id_of(&recent, "vera", "v").unwrap(), "v");
        tokio::time::advance(MOMENT / 2).await;
        assert_eq!(id_of(&recent, "vera", "v"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_to_one_record_forgets_nobody_else() {
        let recent = Recent::default();
        recent.note_all(&[row("a", "anna"), row("b", "boris")]);
        recent.note_own(row("o", "svc"));
        recent.forget(Some(&login("anna")));
        assert_eq!(id_of(&recent, "anna", "a"), None);
        assert_eq!(id_of(&recent, "boris", "b").unwrap(), "b");
        assert!(recent.own().is_none());
        recent.forget(None);
        assert_eq!(id_of(&recent, "boris", "b").unwrap(), "b");
        recent.forget_id(&login("boris"));
        assert_eq!(id_of(&recent, "boris", "b"), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_later_list_keeps_whoever_was_made_while_it_was_read() {
        let recent = Recent::default();
        recent.note(&login("anna"), "a");
        recent.note_all(&[row("b", "boris")]);
        assert_eq!(id_of(&recent, "anna", "a").unwrap(), "a");
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_list_says_that_somebody_has_another_id_by_now() {
        let recent = Recent::default();
        recent.note(&login("anna"), "new");
        assert_eq!(id_of(&recent, "anna", "old"), None);
        assert_eq!(id_of(&recent, "anna", "new").unwrap(), "new");
        recent.note_all(&[row("new", "anna")]);
        assert_eq!(id_of(&recent, "anna", "old").unwrap(), "new");
        recent.note(&login("anna"), "new");
        assert_eq!(id_of(&recent, "anna", "old").unwrap(), "new");
        recent.note(&login("anna"), "other");
        assert_eq!(id_of(&recent, "anna", "old"), None);
        recent.note_only(&login("anna"), "found");
        assert_eq!(id_of(&recent, "anna", "old").unwrap(), "found");
    }

    #[tokio::test(start_paused = true)]
    async fn of_two_people_of_one_login_nobody_is_known() {
        let recent = Recent::default();
        recent.note(&login("anna"), "a");
        recent.note_all(&[row("a", "anna"), row("b", "Anna"), row("c", "vera")]);
        for id in ["a", "b"] {
            assert_eq!(id_of(&recent, "anna", id), None);
        }
        assert_eq!(id_of(&recent, "vera", "c").unwrap(), "c");
    }
}
