//! What a person decides about a run: what became of a step, that it ends here, that it is taken back.

use std::path::Path;

use kadry_flow::{FlowError, Found, abandon as end, can_end, settle as write_down, undoing};
use kadry_journal::{Journal, RunStory};
use serde::Serialize;

use super::story::{self, document};
use super::what;
use crate::arguments::quoted;
use crate::commands::allowing::Allowing;
use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, of_flow, salvaged};
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
    let story = story::read(session, typed).await?;
    let journal = open_to_write(session).await?;
    let actor = setup::actor(&session.global);
    let (run, reason) = (story.run.id.as_str(), session.global.reason.as_deref());
    let settled = write_down(&journal, run, step, found, &actor, reason).await;
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
    let variables = [
        ("run", story.run.id.as_str().into()),
        ("step", step.to_string().into()),
        ("named", named.into()),
        ("person", story.run.label.as_str().into()),
    ];
    tell(session, &story, &words.say_with(key, &variables))
}

/// Ends a run for good, once the operator has agreed.
///
/// # Errors
///
/// A run that is not there or has ended, an operator who does not agree or cannot be asked, and the errors of the store.
pub(super) async fn abandon(session: &Session, typed: &str) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let story = story::read(session, typed).await?;
    can_end(&story).map_err(|error| said(session, &story, &error))?;
    if !screen.is_json() {
        let mut sheet = screen.rest_sheet();
        open::listed(&mut sheet, words, &kadry_flow::told(&story));
        screen.tell(&sheet);
    }
    if !session.yes {
        let variables = [
            ("run", story.run.id.as_str().into()),
            ("what", what(words, &story.run).into()),
        ];
        let question = words.say_with("question-abandon", &variables);
        let answer = if screen.is_json() {
            Answer::NobodyThere
        } else {
            ask(screen, &question).await
        };
        match answer {
            Answer::Yes => {}
            Answer::No => return Err(session.declined()),
            Answer::NobodyThere => return Err(nobody_to_ask(session)),
        }
    }
    let journal = open_to_write(session).await?;
    let actor = setup::actor(&session.global);
    let reason = session.global.reason.as_deref();
    let ended = end(&journal, story.run.id.as_str(), &actor, reason).await;
    let story = ended.map_err(|error| said(session, &story, &error))?;
    let variables = [("run", story.run.id.as_str().into())];
    tell(session, &story, &words.say_with("abandoned", &variables))
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
    let allow = allowing.read(words)?;
    let story = story::read(session, typed).await?;
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

async fn open_to_write(session: &Session) -> Result<Journal, Failure> {
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
