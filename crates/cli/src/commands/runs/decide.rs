//! What a person decides about a run: what became of a step, that it ends here, that it is taken back.

use std::path::Path;

use kadry_flow::{FlowError, Found, abandon as end, can_end, many, settle as write_down, undoing};
use kadry_journal::{BatchSummary, Journal, RunId, RunStory};
use serde::Serialize;

use super::story::{self, Subject, document};
use super::{batch, take_back, what};
use crate::arguments::quoted;
use crate::commands::allowing::Allowing;
use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, of_flow, of_journal, salvaged};
use crate::setup::{self, Purpose};
use crate::ui::open;
use crate::ui::prompt::{Answer, ask};
use crate::ui::steps::short;

/// Writes down what became of a step.
///
/// # Errors
///
/// A run or a step that is not there, a step of which it is known what became of it, and the errors of the store.
pub(super) async fn settle(
    session: &Session,
    typed: &str,
    step: u32,
    found: Found,
) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let (journal, subject) = story::find(session, typed).await?;
    let story = match subject {
        Subject::Run(story) => *story,
        Subject::Batch(batch) => part_with(session, &journal, &batch, step).await?,
    };
    drop(journal);
    let journal = open_to_write(session).await?;
    let actor = setup::actor(&session.global);
    let (run, reason) = (&story.run.id, session.global.reason.as_deref());
    let settled = match &story.run.batch {
        Some(batch) => many::settle(&journal, (batch, run), step, found, &actor, reason).await,
        None => write_down(&journal, run.as_str(), step, found, &actor, reason).await,
    };
    let story = settled.map_err(|error| said(session, &story, &error))?;
    let key = match found {
        Found::Done => "settled-done",
        Found::Undone => "settled-undone",
    };
    let mut steps = story.steps.iter().map(|story| &story.step);
    let named = steps.find(|known| known.seq == step);
    let named = named.map_or_else(String::new, |step| {
        format!("{}: {}", step.provider, short(words, step))
    });
    // Going on with the batch does what is left of this run as well.
    let run = story.run.batch.as_ref().unwrap_or(&story.run.id);
    let variables = [
        ("run", run.as_str().into()),
        ("step", step.to_string().into()),
        ("named", named.into()),
        ("person", story.run.label.as_str().into()),
    ];
    tell(session, &story, &words.say_with(key, &variables))
}

/// Returns the run of a batch that has a step of this number.
async fn part_with(
    session: &Session,
    journal: &Journal,
    batch: &BatchSummary,
    seq: u32,
) -> Result<RunStory, Failure> {
    let words = &session.screen.words;
    let run = journal.run_with_step(&batch.id, seq).await;
    let run = run.map_err(|error| of_journal(words, &error))?;
    let Some(run) = run else {
        let run = batch.id.clone();
        return Err(of_flow(
            words,
            &FlowError::NoSuchStep { run, seq },
            &batch.label,
        ));
    };
    let story = journal.story(run.as_str()).await;
    story.map_err(|error| of_journal(words, &error))
}

/// Ends a run for good, once the operator has agreed.
///
/// # Errors
///
/// A run that is not there or has ended, an operator who does not agree or cannot be asked, and the errors of the store.
pub(super) async fn abandon(session: &Session, typed: &str) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let (journal, subject) = story::find(session, typed).await?;
    let story = match subject {
        Subject::Run(story) => *story,
        Subject::Batch(known) => return batch::abandon(session, journal, *known).await,
    };
    drop(journal);
    can_end(&story).map_err(|error| said(session, &story, &error))?;
    if !screen.is_json() {
        let mut sheet = screen.rest_sheet();
        open::listed(&mut sheet, words, &kadry_flow::told(&story));
        screen.tell(&sheet);
    }
    ask_to_end(session, &story.run.id, &what(words, &story.run)).await?;
    let journal = open_to_write(session).await?;
    let actor = setup::actor(&session.global);
    let reason = session.global.reason.as_deref();
    let ended = end(&journal, story.run.id.as_str(), &actor, reason).await;
    let story = ended.map_err(|error| said(session, &story, &error))?;
    restate(session, &journal, &story).await?;
    let variables = [("run", story.run.id.as_str().into())];
    tell(session, &story, &words.say_with("abandoned", &variables))
}

/// Writes down where the batch of a run stands by now, if it is a part of one.
///
/// # Errors
///
/// The errors of the store.
pub(super) async fn restate(
    session: &Session,
    journal: &Journal,
    story: &RunStory,
) -> Result<(), Failure> {
    let Some(batch) = &story.run.batch else {
        return Ok(());
    };
    let restated = many::restate(journal, batch).await;
    restated.map_err(|error| said(session, story, &error))
}

/// Asks whether a run is to end for good, unless the operator has said so.
///
/// # Errors
///
/// They do not agree, or cannot be asked.
pub(super) async fn ask_to_end(session: &Session, run: &RunId, what: &str) -> Result<(), Failure> {
    if session.yes {
        return Ok(());
    }
    if session.screen.is_json() {
        return Err(nobody_to_ask(session));
    }
    let variables = [("run", run.as_str().into()), ("what", what.into())];
    let words = &session.screen.words;
    let question = words.say_with("question-abandon", &variables);
    match ask(&session.screen, &question).await {
        Answer::Yes => Ok(()),
        Answer::No => Err(session.declined()),
        Answer::NobodyThere => Err(nobody_to_ask(session)),
    }
}

/// Takes back what a run did.
///
/// # Errors
///
/// A run that is not there, is still open or did nothing; and those of every flow.
pub(super) async fn undo(
    session: &Session,
    typed: &str,
    privileged: bool,
    allowing: &Allowing,
) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let (journal, subject) = story::find(session, typed).await?;
    drop(journal);
    let story = match subject {
        Subject::Run(story) => *story,
        Subject::Batch(known) => {
            return take_back::undo(session, &known, privileged, allowing).await;
        }
    };
    let allow = allowing.read(words)?;
    let on: Vec<String> = story
        .steps
        .iter()
        .map(|step| step.step.provider.to_string())
        .collect();
    let setup = session.open(session.purpose(), Some(&on)).await?;
    let actor = setup::actor(&session.global);
    let intent = undoing(
        &setup.organisation.journal,
        story.run.id.as_str(),
        &actor,
        session.global.reason.clone(),
        privileged,
    );
    let mut intent = intent
        .await
        .map_err(|error| of_flow(words, &error, &story.run.label))?;
    intent.allow = allow;
    intent.command = Some(flow::again(session));
    flow::greet(session, &setup.organisation).await?;
    flow::run(session, &setup.organisation, &intent).await
}

#[derive(Debug, Serialize)]
struct Saved {
    store: String,
    people: u64,
    links: u64,
    runs: u64,
    steps: u64,
    events: u64,
    exit: u8,
}

/// Saves what can still be read of the store into a new one.
///
/// # Errors
///
/// A store that is not there, a file that is there already or cannot be made, and a store of which nothing can be read.
pub(super) async fn salvage(session: &Session, into: &Path) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let saved = setup::salvage_store(&session.global, into, words).await?;
    let store = into.display().to_string();
    if screen.is_json() {
        screen.document(&Saved {
            store,
            people: saved.people,
            links: saved.links,
            runs: saved.runs,
            steps: saved.steps,
            events: saved.events,
            exit: Exit::Done.code(),
        })?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    sheet.text(0, &salvaged(words, "salvaged", &saved));
    sheet.text(
        0,
        &words.say_with("salvaged-next", &[("store", quoted(&store).into())]),
    );
    screen.data(&sheet)?;
    Ok(Exit::Done)
}

/// Opens the store to write into it.
///
/// # Errors
///
/// A store that cannot be written to.
pub(super) async fn open_to_write(session: &Session) -> Result<Journal, Failure> {
    setup::open_records(&session.global, Purpose::Write, &session.screen.words).await
}

fn said(session: &Session, story: &RunStory, error: &FlowError) -> Failure {
    of_flow(&session.screen.words, error, &story.run.label)
}

fn nobody_to_ask(session: &Session) -> Failure {
    let words = &session.screen.words;
    Failure::usage(
        "nobody_to_ask",
        words.say("abandon-nobody-to-ask"),
        Some(words.say("abandon-nobody-to-ask-hint")),
    )
}

/// Says what was decided, and what to type next.
fn tell(session: &Session, story: &RunStory, sentence: &str) -> Result<Exit, Failure> {
    let screen = &session.screen;
    if screen.is_json() {
        document(session, story, Exit::Done)?;
    } else {
        let mut sheet = screen.data_sheet();
        sheet.advice(sentence);
        screen.data(&sheet)?;
    }
    Ok(Exit::Done)
}
