//! One command about many people: told, gone on with, and ended.

use std::collections::BTreeMap;

use kadry_flow::many::{Batch, abandon as end, can_end};
use kadry_flow::{FlowError, Organisation};
use kadry_journal::{BatchSummary, Journal, JournalError, RunId};
use serde::Serialize;

use super::decide::{ask_to_end, open_to_write};
use super::list::{state_of, what_of};
use crate::commands::{Session, many};
use crate::error::{Exit, Failure, of_flow, of_journal};
use crate::setup::{self, Purpose};
use crate::ui::json::Failed;
use crate::ui::many as page;
use crate::ui::many::Standing;

/// Shows a batch.
///
/// # Errors
///
/// The errors of the store, and an answer that cannot be printed.
pub(super) async fn show(
    session: &Session,
    journal: &Journal,
    batch: &BatchSummary,
) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let kept = page::report(session, journal, batch, Exit::Done).await;
    if session.screen.is_json() {
        kept?;
        page::told(session, journal, batch, Exit::Done).await?;
        return Ok(Exit::Done);
    }
    let is_at_work = journal.batch_is_at_work(&batch.id).await;
    let state = if is_at_work.map_err(|error| of_journal(words, &error))? {
        words.say("run-at-work")
    } else {
        state_of(words, batch)
    };
    page::tell(session, journal, batch, (&what_of(words, batch), &state)).await?;
    kept.map(|()| Exit::Done)
}

/// Returns what the journal keeps of a batch.
///
/// # Errors
///
/// Another version has written it in another way.
pub(super) fn written(session: &Session, batch: &BatchSummary) -> Result<Batch, Failure> {
    let written = serde_json::from_value(batch.intent.clone());
    written.map_err(|error| of_flow(&session.screen.words, &error.into(), &batch.label))
}

/// Returns the platforms of a batch, by name.
///
/// # Errors
///
/// As [`written`].
pub(super) fn platforms(session: &Session, batch: &BatchSummary) -> Result<Vec<String>, Failure> {
    let on = written(session, batch)?.head.on;
    Ok(on.iter().map(ToString::to_string).collect())
}

/// Goes on with a batch.
///
/// # Errors
///
/// Another process that is at work on it, and those of every command about many people.
pub(super) async fn resume(session: &Session, batch: BatchSummary) -> Result<Exit, Failure> {
    if !batch.is_open() {
        return nothing_open(session, batch).await;
    }
    let on = platforms(session, &batch)?;
    let setup = session.open(Purpose::Write, Some(&on)).await?;
    let organisation = &setup.organisation;
    let held = organisation.journal.hold_batch(&batch.id).await;
    held.map_err(|error| of_journal(&session.screen.words, &error))?;
    session.begins_to_write();
    many::work(session, organisation, &batch.id, None).await
}

/// Says that there is nothing to go on with. What ended well is no failure, however often it is asked for.
async fn nothing_open(session: &Session, batch: BatchSummary) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let journal = setup::open_records(&session.global, Purpose::Look, words).await?;
    let standing = Standing::of(words, &journal, batch).await?;
    let exit = standing.exit();
    let kept = page::report(session, &journal, &standing.batch, exit).await;
    if screen.is_json() {
        // One document: what is lost takes the place of the answer.
        kept?;
        page::told(session, &journal, &standing.batch, exit).await?;
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    let variables = [
        ("run", standing.batch.id.as_str().into()),
        ("state", state_of(words, &standing.batch).into()),
    ];
    sheet.text(0, &words.say_with("resume-nothing-open", &variables));
    sheet.gap();
    standing.write(&mut sheet, words);
    screen.data(&sheet)?;
    kept.map(|()| exit)
}

/// What came of going on with one batch of several runs.
pub(super) enum Came {
    Standing(Box<Standing>),
    /// A living process is at work on it.
    AtWork(Failure),
    Failed(Failure),
}

impl Came {
    /// How the command would have ended with this batch alone; none where there was nothing to go on with.
    pub(super) fn exit(&self) -> Option<Exit> {
        match self {
            Self::Standing(standing) => Some(standing.exit()),
            Self::AtWork(_) => None,
            Self::Failed(failure) => Some(failure.exit),
        }
    }
}

/// Goes on with one batch of several runs, and tells whether the command is to end.
pub(super) async fn go_on_alone(session: &Session, batch: &BatchSummary) -> (Came, bool) {
    let opened = match platforms(session, batch) {
        Ok(on) => session.open(Purpose::Write, Some(&on)).await,
        Err(failure) => Err(failure),
    };
    let setup = match opened {
        Ok(setup) => setup,
        Err(failure) => return (Came::Failed(failure), false),
    };
    let organisation = &setup.organisation;
    let came = go_on(session, organisation, &batch.id).await;
    (came, organisation.halt.is_cancelled())
}

async fn go_on(session: &Session, organisation: &Organisation, batch: &RunId) -> Came {
    let words = &session.screen.words;
    let journal = &organisation.journal;
    match journal.hold_batch(batch).await {
        Ok(()) => {}
        Err(error @ JournalError::Claimed { .. }) => {
            return Came::AtWork(of_journal(words, &error));
        }
        Err(error) => return Came::Failed(of_journal(words, &error)),
    }
    let standing = async {
        many::carry_on(session, organisation, batch, None).await?;
        let found = journal.batch(batch.as_str()).await;
        let found = found.and_then(|found| found.ok_or(JournalError::NotFound));
        let found = found.map_err(|error| of_journal(words, &error))?;
        Standing::of(words, journal, found).await
    };
    match standing.await {
        Ok(standing) => Came::Standing(Box::new(standing)),
        Err(failure) => Came::Failed(failure),
    }
}

/// A batch that went on beside other runs, as programs read it. Its own document is printed by `runs show`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Line<'a> {
    Standing {
        run: &'a str,
        intent: &'a str,
        person: &'a str,
        state: &'static str,
        people: &'a BTreeMap<&'static str, usize>,
        exit: u8,
    },
    Failed {
        run: &'a str,
        #[serde(flatten)]
        why: Failed<'a>,
    },
}

impl<'a> Line<'a> {
    /// Returns what came of going on with a batch.
    pub(super) fn of(batch: &'a BatchSummary, came: &'a Came) -> Self {
        match came {
            Came::Standing(standing) => Self::Standing {
                run: standing.batch.id.as_str(),
                intent: &standing.batch.flow,
                person: &standing.batch.label,
                state: standing.batch.state.as_str(),
                people: standing.people(),
                exit: standing.exit().code(),
            },
            Came::AtWork(why) | Came::Failed(why) => Self::Failed {
                run: batch.id.as_str(),
                why: Failed::new(why),
            },
        }
    }
}

/// Ends a batch for good, once the operator has agreed.
///
/// # Errors
///
/// A batch that has ended, one that somebody is at work on or of which a request may still take effect, an operator who does not agree or
/// cannot be asked, and the errors of the store.
pub(super) async fn abandon(
    session: &Session,
    journal: Journal,
    batch: BatchSummary,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let said = |error: FlowError| of_flow(words, &error, &batch.label);
    can_end(&journal, &batch).await.map_err(said)?;
    if !screen.is_json() {
        let mut sheet = screen.rest_sheet();
        let standing = Standing::of(words, &journal, batch.clone()).await?;
        standing.write(&mut sheet, words);
        sheet.gap();
        screen.tell(&sheet);
    }
    drop(journal);
    ask_to_end(session, &batch.id, &what_of(words, &batch)).await?;
    let journal = open_to_write(session).await?;
    let actor = setup::actor(&session.global);
    let reason = session.global.reason.as_deref();
    let ended = end(&journal, &batch, &actor, reason).await;
    ended.map_err(said)?;
    if screen.is_json() {
        let found = journal.batch(batch.id.as_str()).await;
        let found = found.map_err(|error| of_journal(words, &error))?;
        page::told(session, &journal, &found.unwrap_or(batch), Exit::Done).await?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    let variables = [("run", batch.id.as_str().into())];
    sheet.advice(&words.say_with("abandoned", &variables));
    screen.data(&sheet)?;
    Ok(Exit::Done)
}
