//! What is read while the token is still being looked at, because it will be asked for at once.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::future::{join, join_all};
use kadry_core::{Email, Foresight, MatchKey};

use super::line::{Line, Shelf};
use crate::wire::chat::Chat;
use crate::wire::page::Listing;
use crate::wire::user::User;

/// For how many e-mails people are looked for ahead.
const MOST_EMAILS: usize = 3;

/// Answers to questions that were not asked yet.
///
/// Each is handed out once. A change of ours makes them all untrue, and so does time: then they are forgotten, and whoever asks is
/// answered by the platform.
#[derive(Default)]
pub(crate) struct Ahead(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    good_until_ms: i64,
    /// The first page of people for an e-mail; an inner none when the platform gave the search up.
    people: Vec<(Email, Option<Listing<User>>)>,
    own: Option<Listing<Chat>>,
    open: Option<Listing<Chat>>,
}

impl Ahead {
    /// Reads what will be asked for. What fails is not there; whoever needs it asks again and learns why.
    pub(crate) async fn read(line: &Line, foresight: Foresight<'_>) -> Self {
        let people = join_all(emails(foresight.whom).into_iter().map(|email| async {
            let answer = line.people_like(email, None).await;
            Some((email.clone(), answer.ok()?))
        }));
        let shelf = |shelf| async move {
            if foresight.holdings {
                line.chats(shelf, None).await.ok()
            } else {
                None
            }
        };
        let chats = join(shelf(Shelf::Own), shelf(Shelf::Open));
        let (people, (own, open)) = join(people, chats).await;
        Self(Mutex::new(Answers {
            good_until_ms: good_until_ms(line),
            people: people.into_iter().flatten().collect(),
            own,
            open,
        }))
    }

    /// Hands out the first page of people for an e-mail, if it was read.
    pub(super) fn people(&self, line: &Line, email: &Email) -> Option<Option<Listing<User>>> {
        let mut answers = self.answers(line);
        let mut known = answers.people.iter();
        let at = known.position(|(known, _)| known == email)?;
        Some(answers.people.swap_remove(at).1)
    }

    /// Hands out the first page of a list of chats, if it was read.
    pub(super) fn chats(&self, line: &Line, shelf: Shelf) -> Option<Listing<Chat>> {
        let mut answers = self.answers(line);
        match shelf {
            Shelf::Own => answers.own.take(),
            Shelf::Open => answers.open.take(),
        }
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
