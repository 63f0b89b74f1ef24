//! The way of every flow: look, plan, show, ask once, carry out, report.

use std::pin::pin;
use std::time::Duration;

use kadry_core::Step;
use kadry_flow::intent::Intent;
use kadry_flow::report::Report;
use kadry_flow::{FlowError, Organisation, Prepared, Purpose, Unwatched, Watch, told};
use kadry_journal::{JournalError, RunStory, RunSummary};
use tokio::time::Instant;

pub(super) use super::left::greet;
use super::{Session, many};
use crate::error::{Exit, Failure, HALTED, of_flow};
use crate::ui::open::{self, Again};
use crate::ui::plan::Note;
use crate::ui::progress::{Lines, Plain, Waiting};
use crate::ui::prompt::{Answer, ask};
use crate::ui::report_file::{Ended, ReportFile, lament};
use crate::ui::table::Sheet;
use crate::ui::{failure, json, plan, report};
use crate::words::Words;

/// Among how many of the latest runs one is looked for that was just begun.
const LATEST: u32 = 50;

/// How long the requests that are under way may take when a command is to end: whoever stops a container waits no longer than twice that.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// How long a plan stays good while its question is open.
pub(super) const GOOD_FOR: Duration = Duration::from_secs(10);

/// Goes all the way with one intent, or as far as the plan.
///
/// # Errors
///
/// Guards that say no, an operator who does not agree or cannot be asked, and the errors of the journal. What went wrong on a
/// platform is in the report.
pub(super) async fn run(
    session: &Session,
    organisation: &Organisation,
    intent: &Intent,
) -> Result<Exit, Failure> {
    if let Some(file) = &session.report {
        file.must_suit_one(&session.screen.words)?;
        file.of_intent(intent);
    }
    let purpose = if session.plan_only {
        Purpose::Show
    } else if session.yes {
        Purpose::CarryOutUnasked
    } else {
        Purpose::CarryOut
    };
    let prepared = prepare(session, organisation, intent, purpose).await?;
    if session.plan_only {
        let exit = show_plan(session, &prepared)?;
        if let Some(path) = &session.save {
            many::save(session, &prepared, path)?;
        }
        return Ok(exit);
    }
    let Some(prepared) = agreed(session, organisation, prepared).await? else {
        return Err(session.declined());
    };
    let beside = plan::notes(&session.screen.words, &prepared);
    let began_ms = organisation.clock.now_ms();
    session.begins_to_write();
    let work = carry_out(session, organisation, prepared);
    match halting(session, organisation, work).await {
        Ok(report) => {
            let again = again(session);
            let again = Again::Command(&again);
            tell_the_end(session, organisation, &report, &beside, again).await
        }
        Err(failure) => {
            let words = &session.screen.words;
            match begun(organisation, intent, began_ms).await {
                Ok(begun) => {
                    let failure = failure.after(words, begun.as_ref());
                    cut_short(session, begun, failure)
                }
                // What the journal does not tell may have been done.
                Err(_) => Err(failure.midway(words)),
            }
        }
    }
}

/// Keeps the report of a run that has come to its end, and tells of it.
///
/// # Errors
///
/// An answer that cannot be printed.
pub(super) async fn tell_the_end(
    session: &Session,
    organisation: &Organisation,
    report: &Report,
    beside: &[Note],
    again: Again<'_>,
) -> Result<Exit, Failure> {
    let kept = keep(session, organisation, report, beside).await;
    let exit = match (Exit::from(report.outcome()), &kept) {
        (Exit::Done, Err(lost)) => lost.exit,
        (exit, _) => exit,
    };
    let ended = ending(session, report, exit, again);
    if let Err(lost) = kept {
        lament(&session.screen, &lost);
    }
    ended
}

/// Carries something out. If it is to end before that, no new request is sent, and those under way are waited for; asked a second time,
/// it ends at once.
///
/// # Errors
///
/// Those of the work, and that it was interrupted.
pub(super) async fn halting<T>(
    session: &Session,
    organisation: &Organisation,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut work = pin!(work);
    tokio::select! {
        done = &mut work => return done,
        () = session.interrupted_midway() => {}
    }
    organisation.halt.cancel();
    session.screen.say(&session.screen.words.say("halting"));
    tokio::select! {
        done = &mut work => match done {
            Err(failure) if failure.kind != HALTED => Err(failure),
            Err(_) => Err(interrupted(session)),
            Ok(done) => Ok(done),
        },
        () = session.interrupted_midway() => Err(interrupted(session)),
        () = tokio::time::sleep(LAST_REQUESTS) => Err(interrupted(session)),
    }
}

/// Tells of a run that was cut short, by what the journal holds of it if it had begun: in JSON, and in the report.
///
/// # Errors
///
/// The failure itself, where there is nothing more to tell than it says.
pub(super) fn cut_short(
    session: &Session,
    begun: Option<RunStory>,
    failure: Failure,
) -> Result<Exit, Failure> {
    let Some(story) = begun else {
        return Err(failure);
    };
    let (screen, exit) = (&session.screen, failure.exit);
    let report = told(&story);
    if let Some(file) = &session.report {
        let ended = Ended {
            report: &report,
            notes: &[],
            began_ms: Some(story.run.started_ms),
            exit,
        };
        if let Err(lost) = file.ended(&screen.words, &ended) {
            lament(screen, &lost);
        }
    }
    let mut sheet = screen.rest_sheet();
    if !screen.is_json() {
        sheet.gap();
        report::table(&mut sheet, &screen.words, &report.steps);
        open::list(&mut sheet, &screen.words, &report);
        sheet.gap();
        screen.complain(&sheet);
        return Err(failure);
    }
    screen.document(&json::Run::ended(&screen.words, &report, exit))?;
    failure::write(&mut sheet, &screen.words, &failure);
    screen.complain(&sheet);
    Ok(exit)
}

/// The run that this command has begun, as the journal holds it.
///
/// # Errors
///
/// The errors of the journal.
pub(super) async fn begun(
    organisation: &Organisation,
    intent: &Intent,
    began_ms: i64,
) -> Result<Option<RunStory>, JournalError> {
    let journal = &organisation.journal;
    let (label, flow) = (intent.label(), intent.flow.name());
    let ours =
        |run: &&RunSummary| run.label == label && run.flow == flow && run.started_ms >= began_ms;
    let runs = journal.runs(LATEST).await?;
    // Whoever took over from us began later.
    match runs.iter().rfind(ours) {
        Some(run) => journal.story(run.id.as_str()).await.map(Some),
        None => Ok(None),
    }
}

/// Writes the report that `--report` asks for. One that is asked for and cannot be written is never success, and it takes nothing
/// back of the run.
async fn keep(
    session: &Session,
    organisation: &Organisation,
    report: &Report,
    notes: &[Note],
) -> Result<(), Failure> {
    let Some(file) = &session.report else {
        return Ok(());
    };
    let mut began_ms = None;
    if let Some(run) = &report.run {
        // A report without the journal's time is better than none.
        let story = organisation.journal.story(run.as_str()).await.ok();
        began_ms = story.map(|story| story.run.started_ms);
    }
    let ended = Ended {
        report,
        notes,
        began_ms,
        exit: Exit::from(report.outcome()),
    };
    file.ended(&session.screen.words, &ended)
}

/// Returns the command that goes on.
pub(super) fn again(session: &Session) -> String {
    let file = session.report.as_ref();
    file.map_or_else(|| session.typed.clone(), ReportFile::again)
}

/// Looks and plans.
pub(super) async fn prepare(
    session: &Session,
    organisation: &Organisation,
    intent: &Intent,
    purpose: Purpose,
) -> Result<Prepared, Failure> {
    let words = &session.screen.words;
    let waiting = Waiting::show(&session.screen, words.say("progress-reading"));
    organisation
        .prepare(intent, purpose, &waiting)
        .await
        .map_err(|error| of_flow(words, &error, &intent.label()))
}

fn show_plan(session: &Session, prepared: &Prepared) -> Result<Exit, Failure> {
    let screen = &session.screen;
    let kept = match &session.report {
        Some(file) => file.planned(&screen.words, prepared),
        None => Ok(()),
    };
    if !screen.is_json() {
        let mut sheet = screen.data_sheet();
        plan::write(&mut sheet, &screen.words, prepared);
        screen.data(&sheet)?;
    } else if kept.is_ok() {
        screen.document(&json::Run::planned(&screen.words, prepared))?;
    }
    kept.map(|()| Exit::Done)
}

/// Shows the plan and asks. A plan that became old at the question is made again, and asked about again if it is another one.
async fn agreed(
    session: &Session,
    organisation: &Organisation,
    mut prepared: Prepared,
) -> Result<Option<Prepared>, Failure> {
    if prepared.plan.steps.is_empty() {
        show(session, &prepared, plan::write_lanes);
    }
    while !prepared.plan.steps.is_empty() {
        show(session, &prepared, plan::write);
        if session.yes {
            break;
        }
        let asked = Instant::now();
        match question(session, &prepared).await {
            Answer::Yes => {}
            Answer::No => {
                give_back(session, organisation, &prepared).await?;
                return Ok(None);
            }
            Answer::NobodyThere => {
                give_back(session, organisation, &prepared).await?;
                return Err(nobody_to_ask(session));
            }
        }
        let (intent, shown) = (prepared.intent.clone(), prepared.plan.steps.clone());
        if prepared.takes_over() {
            let overtaken = organisation.overtake(&prepared).await;
            overtaken.map_err(|error| said(session, &error, &prepared))?;
        } else if asked.elapsed() <= GOOD_FOR {
            break;
        } else {
            give_back(session, organisation, &prepared).await?;
        }
        prepared = prepare(session, organisation, &intent, Purpose::CarryOut).await?;
        if prepared.plan.steps == shown {
            break;
        }
        let mut sheet = session.screen.rest_sheet();
        sheet.text(0, &session.screen.words.say("plan-has-changed"));
        session.screen.complain(&sheet);
    }
    Ok(Some(prepared))
}

/// Shows a plan where its question is asked. In JSON it is not shown: nobody is asked, and the document tells what became of it.
fn show(session: &Session, prepared: &Prepared, write: fn(&mut Sheet, &Words, &Prepared)) {
    if session.screen.is_json() {
        return;
    }
    let mut sheet = session.screen.rest_sheet();
    write(&mut sheet, &session.screen.words, prepared);
    sheet.gap();
    if session.yes || prepared.plan.steps.is_empty() {
        session.screen.tell(&sheet);
    } else {
        // Nobody can agree to what they have not read, however quiet they want it.
        session.screen.complain(&sheet);
    }
}

async fn question(session: &Session, prepared: &Prepared) -> Answer {
    // In JSON nothing was shown that anybody could agree to.
    if session.screen.is_json() {
        return Answer::NobodyThere;
    }
    let steps = prepared.plan.steps.len();
    let question = session
        .screen
        .words
        .say_with("question-carry-out", &[("steps", steps.into())]);
    ask(&session.screen, &question).await
}

async fn give_back(
    session: &Session,
    organisation: &Organisation,
    prepared: &Prepared,
) -> Result<(), Failure> {
    organisation
        .decline(prepared)
        .await
        .map_err(|error| said(session, &error, prepared))
}

/// Carries out what was agreed to.
pub(super) async fn carry_out(
    session: &Session,
    organisation: &Organisation,
    prepared: Prepared,
) -> Result<Report, Failure> {
    let words = &session.screen.words;
    let who = prepared.intent.label();
    let watch = watching(session, &prepared.plan.steps);
    organisation
        .carry_out(prepared, watch.as_ref())
        .await
        .map_err(|error| of_flow(words, &error, &who))
}

/// Returns what shows how steps go on: lines that are drawn, lines that are added, or nothing.
pub(super) fn watching<'a>(session: &'a Session, steps: &[Step]) -> Box<dyn Watch + 'a> {
    let screen = &session.screen;
    if screen.can_draw() {
        Box::new(Lines::draw(screen, steps))
    } else if screen.is_loud() {
        Box::new(Plain(screen))
    } else {
        Box::new(Unwatched)
    }
}

fn ending(
    session: &Session,
    report: &Report,
    exit: Exit,
    again: Again<'_>,
) -> Result<Exit, Failure> {
    let screen = &session.screen;
    let printed = if screen.is_json() {
        screen.document(&json::Run::ended(&screen.words, report, exit))
    } else {
        let mut sheet = screen.data_sheet();
        report::write(&mut sheet, &screen.words, report);
        screen.data(&sheet)
    };
    // What was done is done, whoever hears of it: only an answer of success is not given when nobody could read it.
    printed.map_err(|unprintable| Failure {
        exit: if exit == Exit::Done {
            Exit::Partial
        } else {
            exit
        },
        ..unprintable
    })?;
    let mut sheet = screen.rest_sheet();
    open::write(&mut sheet, &screen.words, report, again);
    if !sheet.as_str().is_empty() {
        screen.complain(&sheet);
    }
    Ok(exit)
}

pub(super) fn interrupted(session: &Session) -> Failure {
    let words = &session.screen.words;
    let hint = if session.resumes {
        words.say("interrupted-resume-hint")
    } else {
        words.say_with("interrupted-hint", &[("command", again(session).into())])
    };
    Failure {
        kind: HALTED,
        message: words.say("interrupted"),
        hint: Some(hint),
        exit: Exit::Partial,
    }
}

pub(super) fn nobody_to_ask(session: &Session) -> Failure {
    let words = &session.screen.words;
    Failure::usage(
        "nobody_to_ask",
        words.say("nobody-to-ask"),
        Some(words.say("nobody-to-ask-hint")),
    )
}

fn said(session: &Session, error: &FlowError, prepared: &Prepared) -> Failure {
    of_flow(&session.screen.words, error, &prepared.intent.label())
}
