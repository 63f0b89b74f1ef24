//! The way of a command about many people: read everybody, plan, show, ask once, write down, carry out, report.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kadry_flow::intent::{Flow, Intent, Offboard};
use kadry_flow::many::{
    Asked, Batch, Counted, Drafting, Head, PlanFile, PlanWriter, Surplus, Why, planned_alone,
    shrank,
};
use kadry_flow::observe::Listings;
use kadry_flow::plan::{Guard, Refused};
use kadry_flow::{FlowError, Organisation, Prepared, Purpose};
use kadry_journal::{JournalError, RunId};

use super::roster::People;
use super::{Session, flow};
use crate::error::{Exit, Failure, HALTED, of_flow, of_plan_file, roster_column};
use crate::ui::many::{self as page, Tally};
use crate::ui::progress::Bulk;
use crate::ui::prompt::{Answer, ask};
use crate::words::Words;

/// How many lines are planned at a time.
const CHUNK: usize = 256;

/// So few people are looked at one by one: reading everybody would take longer.
pub(super) const FEW: usize = 4;

/// What becomes of whoever is not in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// Nobody asks.
    Stays,
    /// They are listed.
    IsTold,
    /// They are shut out.
    Leaves,
}

/// What a command about many people does.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) head: Head,
    pub(super) surplus: Unknown,
    /// Whether the file and the platforms may have far fewer people than last time.
    pub(super) shrunk: bool,
    pub(super) privileged: bool,
    /// Whether it is only said what differs.
    pub(super) check: bool,
    /// Whether the doors of those who leave close before anything is tidied.
    pub(super) now: bool,
}

/// A plan for many that was made.
pub(super) struct Made {
    pub(super) drafting: Drafting,
    pub(super) plan: PlanFile,
    pub(super) tally: Tally,
}

/// Tells what of a file was not understood.
pub(super) fn told_of_file(session: &Session, people: &People<'_>) {
    let words = &session.screen.words;
    let ignored = people.roster.ignored().iter();
    let ignored = ignored.map(|at| roster_column(words, at));
    let ignored = ignored.collect::<Vec<_>>().join(", ");
    if !ignored.is_empty() {
        let said = words.say_with("roster-ignored", &[("columns", ignored.into())]);
        session.screen.say(&said);
    }
    let sheets = people.roster.unread_sheets().join(", ");
    if !sheets.is_empty() {
        let said = words.say_with("roster-unread-sheets", &[("sheets", sheets.into())]);
        session.screen.say(&said);
    }
}

/// Goes all the way with the people of a file, or as far as the plan.
///
/// # Errors
///
/// A file that shrank, limits that would be passed, an operator who does not agree or cannot be asked, and the errors of the journal.
/// What went wrong with one person is in the report.
pub(super) async fn run(
    session: &Session,
    organisation: &Organisation,
    job: &Job,
    asked: &mut (dyn Iterator<Item = Asked> + Send),
) -> Result<Exit, Failure> {
    let failed = |error: FlowError| of_flow(&session.screen.words, &error, &job.head.about);
    session.reports_on(&job.head);
    must_not_shrink(session, organisation, job).await?;
    let place = scratch(session)?;
    let path = session
        .save
        .clone()
        .unwrap_or_else(|| place.join("plan.json"));
    let made = draft(session, organisation, job, asked, &path).await?;
    let kept = made.drafting.must_keep_within(&job.head.allow).await;
    if session.plan_only || job.check {
        let exit = exit_shown(&kept, job.check, &made);
        let refused = kept.err().map(failed);
        return page::planned(session, &made.plan, &made.tally, exit, refused).await;
    }
    if let Err(error) = kept {
        let why = failed(error);
        return Err(page::refused(session, &made.plan, &made.tally, why).await);
    }
    agreed(session, &made.tally).await?;
    let batch = Batch {
        head: job.head.clone(),
        command: Some(flow::again(session)),
    };
    let listings = Some(Arc::clone(made.drafting.listings()));
    let begun = begin(session, organisation, &made, &batch).await?;
    finish(session, organisation, begun, listings, &made).await
}

/// How a command ends that only shows a plan.
fn exit_shown(kept: &Result<(), FlowError>, check: bool, made: &Made) -> Exit {
    let tally = &made.tally;
    let differs = made.plan.steps > 0 || tally.surplus > 0 || tally.stopped() > 0;
    match (kept, check) {
        (Err(_), _) => Exit::Refused,
        // What could not be looked at may differ, too.
        (Ok(()), true) if tally.is_unread() => Exit::Partial,
        (Ok(()), true) if differs => Exit::Drift,
        (Ok(()), false) if tally.is_refused() => Exit::Refused,
        (Ok(()), true | false) => Exit::Done,
    }
}

/// Refuses a file with far fewer lines than the last one of this name.
async fn must_not_shrink(
    session: &Session,
    organisation: &Organisation,
    job: &Job,
) -> Result<(), Failure> {
    let words = &session.screen.words;
    let before = organisation.journal.lines(&job.head.file()).await;
    let before = before.map_err(|error| of_flow(words, &error.into(), &job.head.about))?;
    let lines = u64::from(job.head.lines.unwrap_or_default());
    match before {
        Some((before, _)) if !job.shrunk && shrank(lines, u64::from(before)) => {
            let variables = [
                ("file", job.head.about.as_str().into()),
                ("lines", lines.into()),
                ("before", before.into()),
            ];
            Err(Failure {
                kind: "roster_shrank",
                message: words.say_with("roster-shrank", &variables),
                hint: Some(words.say("roster-shrank-hint")),
                exit: Exit::Refused,
            })
        }
        Some(_) | None => Ok(()),
    }
}

/// Reads everybody, and writes a plan for the people of a file.
async fn draft(
    session: &Session,
    organisation: &Organisation,
    job: &Job,
    asked: &mut (dyn Iterator<Item = Asked> + Send),
    path: &Path,
) -> Result<Made, Failure> {
    let words = &session.screen.words;
    let failed = |error: FlowError| of_flow(words, &error, &job.head.about);
    let unusable = |error| of_plan_file(words, &error, &path.display().to_string());
    let purpose = if session.plan_only || job.check {
        Purpose::Show
    } else if session.yes {
        Purpose::CarryOutUnasked
    } else {
        Purpose::CarryOut
    };
    let counted = if job.shrunk {
        Counted::MayShrink
    } else {
        Counted::MayNotShrink
    };
    let watch = Bulk::begin(&session.screen);
    let drafting = Drafting::begin(organisation, &job.head.on, purpose, counted, &watch).await;
    let mut drafting = drafting.map_err(failed)?;
    if job.surplus != Unknown::Stays {
        drafting.look_everywhere(&watch).await;
    }
    let mut writer = PlanWriter::begin(path, &job.head).map_err(unusable)?;
    let mut tally = Tally::of(&job.head.flow, &job.head.about, &drafting, words);
    loop {
        let chunk: Vec<Asked> = (&mut *asked).take(CHUNK).collect();
        if chunk.is_empty() {
            break;
        }
        for planned in drafting.plan(chunk).await.map_err(failed)? {
            tally.add(&planned);
            writer.add(&planned).map_err(unusable)?;
        }
    }
    if job.surplus != Unknown::Stays {
        let surplus = drafting.surplus().await.map_err(failed)?;
        for chunk in surplus.chunks(CHUNK) {
            let asked = chunk
                .iter()
                .map(|one| leaving(job, &drafting, one))
                .collect();
            for planned in drafting.plan(asked).await.map_err(failed)? {
                tally.add(&planned);
                writer.add(&planned).map_err(unusable)?;
            }
        }
    }
    let plan = writer.finish().map_err(unusable)?;
    Ok(Made {
        drafting,
        plan,
        tally,
    })
}

/// What is asked for somebody who is not in the file.
fn leaving(job: &Job, drafting: &Drafting, one: &Surplus) -> Asked {
    let unread = drafting.unread_platforms();
    let what = if job.surplus != Unknown::Leaves {
        Err(Why::Surplus)
    } else if !unread.is_empty() {
        Err(Why::Unread(unread))
    } else if one.privileged && !job.privileged {
        Err(Why::Guards(vec![Refused {
            provider: None,
            guard: Guard::Privileged,
        }]))
    } else if let Some(line) = one.perhaps {
        Err(Why::Namesake(line))
    } else if !drafting.unreadable().is_empty() {
        Err(Why::Unreadable(drafting.unreadable().to_vec()))
    } else {
        Ok(Intent {
            who: one.who.clone(),
            flow: Flow::Offboard(Offboard {
                now: job.now,
                remove: false,
                successor: None,
                on: job.head.on.clone(),
                privileged: job.privileged,
            }),
            actor: job.head.actor.clone(),
            reason: job.head.reason.clone(),
            allow: std::collections::BTreeMap::new(),
            command: None,
        })
    };
    Asked {
        line: None,
        label: one.who.to_string(),
        fields: kadry_core::Fields::new(),
        is_there: false,
        what,
    }
}

/// Saves the plan of one person, to be applied later.
///
/// # Errors
///
/// It cannot be written.
pub(super) fn save(session: &Session, prepared: &Prepared, path: &Path) -> Result<(), Failure> {
    let words = &session.screen.words;
    let shown = path.display().to_string();
    let intent = &prepared.intent;
    let saved = || {
        let head = Head {
            flow: intent.flow.name().to_owned(),
            about: intent.who.to_string(),
            source: None,
            on: intent.flow.providers().into_iter().cloned().collect(),
            allow: intent.allow.clone(),
            actor: intent.actor.clone(),
            reason: intent.reason.clone(),
            lines: None,
        };
        let mut writer = PlanWriter::begin(path, &head)?;
        writer.add(&planned_alone(prepared)?)?;
        Ok::<_, FlowError>(writer.finish()?.written)
    };
    let written = saved().map_err(|error| of_flow(words, &error, &shown))?;
    page::saved(session, path, &written.plan_hash);
    Ok(())
}

/// Goes on with a plan that was made: shows it, or asks once and carries it out.
///
/// # Errors
///
/// As [`run`].
pub(super) async fn go_on(
    session: &Session,
    organisation: &Organisation,
    made: &Made,
    head: Head,
) -> Result<Exit, Failure> {
    let failed = |error: FlowError| of_flow(&session.screen.words, &error, &head.about);
    let kept = made.drafting.must_keep_within(&head.allow).await;
    if session.plan_only {
        let exit = exit_shown(&kept, false, made);
        let refused = kept.err().map(failed);
        return page::planned(session, &made.plan, &made.tally, exit, refused).await;
    }
    if let Err(error) = kept {
        let why = failed(error);
        return Err(page::refused(session, &made.plan, &made.tally, why).await);
    }
    agreed(session, &made.tally).await?;
    let listings = Arc::clone(made.drafting.listings());
    let batch = Batch {
        head,
        command: Some(flow::again(session)),
    };
    let begun = begin(session, organisation, made, &batch).await?;
    finish(session, organisation, begun, Some(listings), made).await
}

/// Shows the plan of all and asks once.
async fn agreed(session: &Session, tally: &Tally) -> Result<(), Failure> {
    page::show(session, tally);
    if session.yes || tally.steps == 0 {
        return Ok(());
    }
    if session.screen.is_json() {
        return Err(flow::nobody_to_ask(session));
    }
    let variables = [
        ("steps", tally.steps.into()),
        ("people", tally.concerned().into()),
    ];
    let question = session
        .screen
        .words
        .say_with("question-carry-out-many", &variables);
    match ask(&session.screen, &question).await {
        Answer::Yes => Ok(()),
        Answer::No => Err(session.declined()),
        Answer::NobodyThere => Err(flow::nobody_to_ask(session)),
    }
}

async fn begin(
    session: &Session,
    organisation: &Organisation,
    made: &Made,
    batch: &Batch,
) -> Result<Option<RunId>, Failure> {
    session.begins_to_write();
    let begun = organisation
        .begin_batch(&made.plan, &made.drafting, batch)
        .await;
    begun.map_err(|error| of_flow(&session.screen.words, &error, &batch.head.about))
}

/// Carries a batch out and tells what came of it.
async fn finish(
    session: &Session,
    organisation: &Organisation,
    batch: Option<RunId>,
    listings: Option<Arc<Listings>>,
    made: &Made,
) -> Result<Exit, Failure> {
    let Some(batch) = batch else {
        return page::nothing_to_do(session, &made.plan, &made.tally).await;
    };
    work(session, organisation, &batch, listings).await
}

/// Carries out what is left of a batch and tells what came of it.
///
/// # Errors
///
/// That it was interrupted, and the errors of the journal.
pub(super) async fn work(
    session: &Session,
    organisation: &Organisation,
    batch: &RunId,
    listings: Option<Arc<Listings>>,
) -> Result<Exit, Failure> {
    let worked = carry_on(session, organisation, batch, listings).await;
    page::ended(session, &organisation.journal, batch, worked.err()).await
}

/// Carries out what is left of a batch. What came of it is in the journal.
///
/// # Errors
///
/// As [`work`].
pub(super) async fn carry_on(
    session: &Session,
    organisation: &Organisation,
    batch: &RunId,
    listings: Option<Arc<Listings>>,
) -> Result<(), Failure> {
    let words = &session.screen.words;
    let watch = Bulk::begin(&session.screen);
    let working = async {
        let worked = organisation.work(batch, listings, &watch).await;
        worked.map_err(|error| {
            let failure = of_flow(words, &error, batch.as_str());
            // Whoever else is at work on it goes on, and it is nothing that could be resumed.
            let is_anothers = matches!(error, FlowError::Journal(JournalError::Claimed { .. }));
            if is_anothers || failure.exit == Exit::Bug {
                failure
            } else {
                to_be_resumed(words, batch, failure)
            }
        })
    };
    match flow::halting(session, organisation, working).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.kind == HALTED => Err(to_be_resumed(words, batch, failure)),
        Err(failure) => Err(failure),
    }
}

/// Says how to go on with a batch of which something is left.
fn to_be_resumed(words: &Words, batch: &RunId, failure: Failure) -> Failure {
    let variables = [("run", batch.as_str().into())];
    Failure {
        hint: Some(words.say_with("interrupted-many-hint", &variables)),
        exit: Exit::Partial,
        ..failure
    }
}

/// Returns a folder of our own that is gone when the command has ended.
///
/// # Errors
///
/// That it cannot be made.
pub(super) fn scratch(session: &Session) -> Result<PathBuf, Failure> {
    if let Some(folder) = session.scratch.get() {
        return Ok(folder.path().to_owned());
    }
    let made = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .tempdir();
    let folder = made.map_err(|cause| {
        let words = &session.screen.words;
        let error = kadry_flow::many::PlanFileError::Io(cause);
        of_plan_file(words, &error, &std::env::temp_dir().display().to_string())
    })?;
    let path = folder.path().to_owned();
    session.scratch.set(folder).ok();
    Ok(path)
}
