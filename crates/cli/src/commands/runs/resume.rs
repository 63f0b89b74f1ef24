//! Going on with runs that were interrupted.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use kadry_core::RunState;
use kadry_flow::report::Report;
use kadry_flow::{FlowError, Organisation, goes_on, told, typed};
use kadry_journal::{BatchSummary, Journal, JournalError, RunId, RunStory, RunSummary};
use serde::Serialize;

use super::batch::{self, Came, Line};
use super::decide::restate;
use super::list::state;
use super::story::Subject;
use super::{story, what, what_of};
use crate::commands::Session;
use crate::commands::flow::{cut_short, halting, tell_the_end, watching};
use crate::error::{Exit, Failure, of_flow, of_journal};
use crate::setup::{self, Purpose};
use crate::ui::failure::advise;
use crate::ui::json::{Failed, Run};
use crate::ui::open::{self, Again};
use crate::ui::report;
use crate::ui::table::Sheet;
use crate::words::Words;

/// Goes on with one run.
///
/// # Errors
///
/// A run that is not there, guards that say no, and the errors of the journal. What went wrong on a platform is in the report.
pub(super) async fn one(session: &Session, run: &str) -> Result<Exit, Failure> {
    let (journal, subject) = story::find(session, run).await?;
    drop(journal);
    let story = match subject {
        Subject::Run(story) => *story,
        Subject::Batch(known) => return batch::resume(session, *known).await,
    };
    if let Some(file) = &session.report {
        file.must_suit_one(&session.screen.words)?;
        file.of_run(&story.run);
    }
    let on = platforms([&story]);
    let setup = session.open(Purpose::Write, Some(&on)).await?;
    let organisation = &setup.organisation;
    session.begins_to_write();
    match halting(session, organisation, go_on(session, organisation, &story)).await {
        Ok(Resumed::Report(report)) => {
            restate(session, &organisation.journal, &story).await?;
            let began = typed(&story);
            let again = Again::Run(began.as_deref());
            tell_the_end(session, organisation, &report, &[], again).await
        }
        Ok(Resumed::Ended) => nothing_open(session, &story),
        Ok(Resumed::AtWork(failure)) => Err(failure),
        Err(failure) => {
            let begun = organisation.journal.story(story.run.id.as_str()).await;
            let was_open = failure.exit == Exit::Partial;
            // What stopped the run may keep it from being told, too.
            cut_short(session, begun.ok().filter(|_| was_open), failure)
        }
    }
}

/// What came of going on with a run.
enum Resumed {
    Report(Box<Report>),
    /// Nothing of it was open.
    Ended,
    /// A living process is at work on the person.
    AtWork(Failure),
}

async fn go_on(
    session: &Session,
    organisation: &Organisation,
    story: &RunStory,
) -> Result<Resumed, Failure> {
    let words = &session.screen.words;
    let steps: Vec<_> = story.steps.iter().map(|step| step.step.clone()).collect();
    let watch = watching(session, &steps);
    let resumed = organisation.resume(story.run.id.as_str(), watch.as_ref());
    match resumed.await {
        Ok(report) => Ok(Resumed::Report(Box::new(report))),
        Err(FlowError::Ended { .. }) => Ok(Resumed::Ended),
        Err(error) => {
            let failure = of_flow(words, &error, &story.run.label);
            let is_planned_over = matches!(
                error,
                FlowError::Refused(_)
                    | FlowError::KnownNowhere
                    | FlowError::NobodyThere { .. }
                    | FlowError::NoSuchRecord { .. }
            );
            let FlowError::Journal(cause) = error else {
                let began = typed(story).filter(|_| is_planned_over);
                return Err(match began {
                    Some(command) => failure.then(&words.say("report-anew"), &command),
                    None => failure,
                });
            };
            if matches!(cause, JournalError::Claimed { .. }) {
                return Ok(Resumed::AtWork(failure));
            }
            // The run had begun before, whatever of it was done now.
            Err(failure.midway(words))
        }
    }
}

/// Says that there is nothing to go on with. A run that ended well is no failure, however often it is asked for.
fn nothing_open(session: &Session, story: &RunStory) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let report = told(story);
    // Of one that was ended for good nothing can be gone on with, either.
    let exit = match story.run.state {
        RunState::Superseded => Exit::Done,
        RunState::Running
        | RunState::Done
        | RunState::Partial
        | RunState::Failed
        | RunState::Refused => Exit::from(report.outcome()),
    };
    let kept = session.report.as_ref();
    let kept = kept.map_or(Ok(()), |file| file.told(words, &report, &story.run, exit));
    if screen.is_json() {
        kept?;
        screen.document(&Run::ended(words, &report, exit))?;
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    let state = state(words, &story.run);
    let variables = [
        ("run", story.run.id.as_str().into()),
        ("state", state.into()),
    ];
    sheet.text(0, &words.say_with("resume-nothing-open", &variables));
    if exit != Exit::Done {
        open::list(&mut sheet, words, &report);
        open::anew(&mut sheet, words, typed(story).as_deref());
    }
    screen.data(&sheet)?;
    kept.map(|()| exit)
}

/// The platforms of runs, by name.
fn platforms<'a>(stories: impl IntoIterator<Item = &'a RunStory>) -> Vec<String> {
    let steps = stories.into_iter().flat_map(|story| &story.steps);
    let on: BTreeSet<String> = steps.map(|step| step.step.provider.to_string()).collect();
    on.into_iter().collect()
}

/// Runs that no command goes on with by itself.
#[derive(Debug)]
struct Waits {
    /// They ask a person.
    asking: Vec<RunSummary>,
    /// They have come to an end before all was done.
    cut_short: Vec<RunStory>,
}

/// A run that has come to an end before all was done, and the command that does the rest.
#[derive(Debug, Serialize)]
struct Cut<'a> {
    run: &'a str,
    command: Option<String>,
}

impl<'a> Cut<'a> {
    fn of(story: &'a RunStory) -> Self {
        Self {
            run: story.run.id.as_str(),
            command: typed(story),
        }
    }
}

/// Several runs that went on.
#[derive(Debug, Serialize)]
struct Several<'a> {
    runs: Vec<One<'a>>,
    /// The commands about many people.
    batches: Vec<Line<'a>>,
    /// The runs that ask a person what became of a step.
    asking: Vec<&'a str>,
    /// The runs of which nothing is open although not all was done: a new plan does the rest.
    cut_short: Vec<Cut<'a>>,
    exit: u8,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum One<'a> {
    Report(Run),
    Failed {
        run: &'a str,
        #[serde(flatten)]
        why: Failed<'a>,
    },
}

/// A run and what came of going on with it.
struct Tried {
    run: RunSummary,
    /// The command that began it.
    began: Option<String>,
    came: Result<Resumed, Failure>,
}

impl Tried {
    /// How the command would have ended with this run alone; none where there was nothing to go on with.
    fn exit(&self) -> Option<Exit> {
        match &self.came {
            Ok(Resumed::Report(report)) => Some(Exit::from(report.outcome())),
            Ok(Resumed::Ended | Resumed::AtWork(_)) => None,
            Err(failure) => Some(failure.exit),
        }
    }
}

/// A run or a batch that is not finished.
enum Left {
    Run(Box<RunStory>),
    Batch(Box<BatchSummary>),
}

impl Left {
    const fn started_ms(&self) -> i64 {
        match self {
            Self::Run(story) => story.run.started_ms,
            Self::Batch(batch) => batch.started_ms,
        }
    }
}

/// What was gone on with.
#[derive(Default)]
struct Gone {
    runs: Vec<Tried>,
    batches: Vec<(BatchSummary, Came)>,
}

impl Gone {
    /// Goes on with one of several, and tells whether the command is to end.
    async fn on(&mut self, session: &Session, left: Left) -> bool {
        match left {
            Left::Run(story) => {
                let (came, is_halted) = match go_on_alone(session, &story).await {
                    Ok((came, is_halted)) => (came, is_halted),
                    Err(failure) => (Err(failure), false),
                };
                self.runs.push(Tried {
                    run: story.run.clone(),
                    began: typed(&story),
                    came,
                });
                is_halted
            }
            Left::Batch(batch) => {
                let (came, is_halted) = batch::go_on_alone(session, &batch).await;
                self.batches.push((*batch, came));
                is_halted
            }
        }
    }
}

/// Goes on with every run that is not finished, the latest first: it may have taken over from earlier ones.
///
/// # Errors
///
/// Whatever is wrong with the store. What stands in the way of a run stops no other.
pub(super) async fn all(session: &Session) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let failed = |error: JournalError| of_journal(words, &error);
    let journal = setup::open_records(&session.global, Purpose::Look, words).await?;
    let mut waits = Waits {
        asking: journal.all_asking().await.map_err(failed)?,
        cut_short: Vec::new(),
    };
    let mut left = Vec::new();
    for run in journal.all_unfinished().await.map_err(failed)? {
        let story = journal.story(run.id.as_str()).await.map_err(failed)?;
        left.push(Left::Run(Box::new(story)));
    }
    for story in left_undone(&journal).await.map_err(failed)? {
        match goes_on(&story) {
            Ok(()) => left.push(Left::Run(Box::new(story))),
            Err(_) => waits.cut_short.push(story),
        }
    }
    for batch in journal.unfinished_batches().await.map_err(failed)? {
        left.push(Left::Batch(Box::new(batch)));
    }
    drop(journal);
    let mut gone = Gone::default();
    if left.is_empty() {
        return tell_all(session, &gone, &waits);
    }
    session.begins_to_write();
    left.sort_by_key(|left| Reverse(left.started_ms()));
    for left in left {
        if gone.on(session, left).await {
            break;
        }
    }
    tell_all(session, &gone, &waits)
}

/// Returns the runs that have come to an end before all was done, as far as the same command may do the rest.
///
/// # Errors
///
/// The errors of the journal.
pub(in crate::commands) async fn left_undone(
    journal: &Journal,
) -> Result<Vec<RunStory>, JournalError> {
    let mut left = Vec::new();
    for run in journal.all_cut_short().await? {
        let story = journal.story(run.id.as_str()).await?;
        if open::goes_on(&told(&story)) {
            left.push(story);
        }
    }
    Ok(left)
}

/// Goes on with one run of several, and tells whether the command is to end. It needs what its own platforms need, and what another run
/// lacks does not stand in its way.
///
/// # Errors
///
/// What its platforms lack.
async fn go_on_alone(
    session: &Session,
    story: &RunStory,
) -> Result<(Result<Resumed, Failure>, bool), Failure> {
    let on = platforms([story]);
    let setup = session.open(Purpose::Write, Some(&on)).await?;
    let organisation = &setup.organisation;
    let came = halting(session, organisation, go_on(session, organisation, story)).await;
    Ok((came, organisation.halt.is_cancelled()))
}

fn tell_all(session: &Session, gone: &Gone, waits: &Waits) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let others = waits.asking.len() + waits.cut_short.len();
    let others = std::iter::repeat_n(Exit::Partial, others);
    let exits = gone.runs.iter().filter_map(Tried::exit);
    let batches = gone.batches.iter().filter_map(|(_, came)| came.exit());
    let exits = exits.chain(batches).chain(others);
    let exit = exit_of(exits.collect());
    if screen.is_json() {
        let runs = gone.runs.iter().filter_map(|one| match &one.came {
            Ok(Resumed::Report(report)) => {
                let exit = Exit::from(report.outcome());
                Some(One::Report(Run::ended(words, report, exit)))
            }
            Ok(Resumed::Ended) => None,
            Ok(Resumed::AtWork(why)) | Err(why) => Some(One::Failed {
                run: one.run.id.as_str(),
                why: Failed::new(why),
            }),
        });
        screen.document(&Several {
            runs: runs.collect(),
            batches: gone
                .batches
                .iter()
                .map(|(batch, came)| Line::of(batch, came))
                .collect(),
            asking: waits.asking.iter().map(|run| run.id.as_str()).collect(),
            cut_short: waits.cut_short.iter().map(Cut::of).collect(),
            exit: exit.code(),
        })?;
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    let any_left = !waits.asking.is_empty() || !waits.cut_short.is_empty();
    if gone.runs.is_empty() && gone.batches.is_empty() && !any_left {
        sheet.text(0, &words.say("resume-none"));
    }
    for story in &waits.cut_short {
        tell_cut_short(words, &mut sheet, story);
    }
    for run in &waits.asking {
        let variables = [
            ("run", run.id.as_str().into()),
            ("what", what(words, run).into()),
        ];
        sheet.text(0, &words.say_with("resume-asking", &variables));
    }
    for one in &gone.runs {
        tell_one(session, &mut sheet, one);
    }
    for (batch, came) in &gone.batches {
        tell_batch(words, &mut sheet, batch, came);
    }
    screen.data(&sheet)?;
    Ok(exit)
}

/// Says of a run that nothing of it is open, what was not done, and which command does it.
fn tell_cut_short(words: &Words, sheet: &mut Sheet, story: &RunStory) {
    let variables = [
        ("run", story.run.id.as_str().into()),
        ("what", what(words, &story.run).into()),
    ];
    sheet.text(0, &words.say_with("resume-cut-short", &variables));
    open::list(sheet, words, &told(story));
    open::anew(sheet, words, typed(story).as_deref());
    sheet.gap();
}

fn tell_one(session: &Session, sheet: &mut Sheet, tried: &Tried) {
    let words = &session.screen.words;
    match &tried.came {
        Ok(Resumed::Report(resumed)) => {
            report::write(sheet, words, resumed);
            open::write(sheet, words, resumed, Again::Run(tried.began.as_deref()));
        }
        Ok(Resumed::Ended) => {}
        Ok(Resumed::AtWork(why)) | Err(why) => {
            tell_not(words, sheet, &tried.run.id, &what(words, &tried.run), why);
        }
    }
    sheet.gap();
}

fn tell_batch(words: &Words, sheet: &mut Sheet, batch: &BatchSummary, came: &Came) {
    match came {
        Came::Standing(standing) => standing.write(sheet, words),
        Came::AtWork(why) | Came::Failed(why) => {
            tell_not(words, sheet, &batch.id, &what_of(words, batch), why);
        }
    }
    sheet.gap();
}

/// Says of a run why it does not go on.
fn tell_not(words: &Words, sheet: &mut Sheet, run: &RunId, what: &str, why: &Failure) {
    let variables = [
        ("run", run.as_str().into()),
        ("what", what.into()),
        ("why", why.message.as_str().into()),
    ];
    sheet.text(0, &words.say_with("resume-not", &variables));
    if let Some(hint) = &why.hint {
        advise(sheet, hint);
    }
}

/// How a command ends that went on with several runs: as they all did, or as one that did only a part.
fn exit_of(exits: Vec<Exit>) -> Exit {
    let is_done = |exit: &Exit| matches!(exit, Exit::Done | Exit::Residue);
    if exits.contains(&Exit::Bug) {
        Exit::Bug
    } else if exits.iter().all(is_done) {
        let any_left = exits.contains(&Exit::Residue);
        if any_left { Exit::Residue } else { Exit::Done }
    } else {
        let mut exits = exits.into_iter();
        let first = exits.next().unwrap_or(Exit::Done);
        if exits.all(|exit| exit == first) {
            first
        } else {
            Exit::Partial
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_runs_end_as_they_all_did_or_as_a_part() {
        let exit = |exits: &[Exit]| exit_of(exits.to_vec());
        assert_eq!(exit(&[]), Exit::Done);
        assert_eq!(exit(&[Exit::Done, Exit::Residue]), Exit::Residue);
        assert_eq!(exit(&[Exit::Refused, Exit::Refused]), Exit::Refused);
        assert_eq!(exit(&[Exit::Refused, Exit::Done]), Exit::Partial);
        assert_eq!(exit(&[Exit::Partial, Exit::Bug]), Exit::Bug);
    }
}
