//! What is read while the token is still being looked at, because it will be asked for at once.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kadry_core::{Email, Foresight, MatchKey};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;

use super::line::{Line, Shelf};
use crate::wire::chat::Chat;
use crate::wire::page::Listing;
use crate::wire::user::User;

/// For how many e-mails people are looked for ahead.
const MOST_EMAILS: usize = 3;

/// An answer that is on its way; none when the question failed, so that whoever needs it asks again and learns why.
///
/// It comes by itself, and is given up when nobody can ask for it any more: one that waited for its turn would keep others from theirs.
type Coming<T> = AbortOnDropHandle<Option<T>>;

/// The first page of people for an e-mail; none when the platform gave the search up.
type People = Option<Listing<User>>;

/// Answers to questions that were not asked yet.
///
/// Each is handed out once. A change of ours makes them all untrue, and so does time: then they are forgotten, and whoever asks is
/// answered by the platform. Nobody waits for an answer that they do not need.
#[derive(Default)]
pub(crate) struct Ahead(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    good_until_ms: i64,
    people: Vec<(Email, Coming<People>)>,
    chats: Vec<(Shelf, Coming<Listing<Chat>>)>,
}

impl Ahead {
    /// Asks the questions.
    pub(crate) fn new(line: &Line, foresight: Foresight<'_>) -> Self {
        let people = emails(foresight.whom).into_iter().map(|email| {
            let (line, asked) = (line.clone(), email.clone());
            let asking = async move { line.people_like(&asked, None).await.ok() };
            (email.clone(), coming(asking))
        });
        let shelves = if foresight.holdings {
            &[Shelf::Own, Shelf::Open][..]
        } else {
            &[]
        };
        let chats = shelves.iter().map(|&shelf| {
            let line = line.clone();
            let asking = async move { line.chats(shelf, None).await.ok() };
            (shelf, coming(asking))
        });
        Self(Mutex::new(Answers {
            good_until_ms: good_until_ms(line),
            people: people.collect(),
            chats: chats.collect(),
        }))
    }

    /// Hands out the first page of people for an e-mail, if it was asked for.
    pub(super) async fn people(&self, line: &Line, email: &Email) -> Option<People> {
        let coming = {
            let mut answers = self.answers(line);
            let at = answers
                .people
                .iter()
                .position(|(known, _)| known == email)?;
            answers.people.swap_remove(at).1
        };
        coming.await.ok().flatten()
    }

    /// Hands out the first page of a list of chats, if it was asked for.
    pub(super) async fn chats(&self, line: &Line, shelf: Shelf) -> Option<Listing<Chat>> {
        let coming = {
            let mut answers = self.answers(line);
            let at = answers
                .chats
                .iter()
                .position(|(known, _)| *known == shelf)?;
            answers.chats.swap_remove(at).1
        };
        coming.await.ok().flatten()
    }

    /// Forgets the chats, for which nobody can ask with this token: a question that nobody waits for would hold up the others.
    pub(crate) fn forget_chats(&self) {
        self.locked().chats = Vec::new();
    }

    /// Forgets everything, because something is about to change.
    pub(crate) fn forget(&self) {
        *self.locked() = Answers::default();
    }

    /// Returns the answers that are still good.
    fn answers(&self, line: &Line) -> MutexGuard<'_, Answers> {
        let mut answers = self.locked();
        if answers.good_until_ms < line.client.clock().now_ms() {
            *answers = Answers::default();
        }
        answers
    }

    fn locked(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn coming<T: Send + 'static>(
    asking: impl Future<Output = Option<T>> + Send + 'static,
) -> Coming<T> {
    AbortOnDropHandle::new(tokio::spawn(asking.in_current_span()))
}

/// An answer may be as old as a request's time-out in any case, so for that long it is as good as a new one.
fn good_until_ms(line: &Line) -> i64 {
    let long_ms = i64::try_from(line.client.timeout().as_millis()).unwrap_or(i64::MAX);
    line.client.clock().now_ms().saturating_add(long_ms)
}

fn emails(whom: &[MatchKey]) -> Vec<&Email> {
    let mut emails = Vec::new();
    for key in whom {
        match key {
            MatchKey::Email(email) if !emails.contains(&email) => emails.push(email),
            MatchKey::Email(_) | MatchKey::ExternalId(_) => {}
        }
    }
    emails.truncate(MOST_EMAILS);
    emails
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What was read is about people.
        f.debug_struct("Ahead").finish_non_exhaustive()
    }
}
