//! The documents that programs read. Keys, and their order, are a contract.

use std::collections::BTreeSet;

use kadry_core::{Action, NativeCall, ProviderId, RunState, State, Step, Target};
use kadry_flow::Prepared;
use kadry_flow::report::{Report, StepReport};
use kadry_journal::StepError;
use serde::Serialize;

use super::open::unseen;
use super::plan::{Note, notes};
use super::report::{caveats, left_as_it_is, prefixed, residue};
use super::time::exact;
use crate::error::{Exit, Failure, of_platform, step_error};
use crate::words::Words;

/// A command that did not do what it was asked.
#[derive(Debug, Serialize)]
pub(crate) struct Failed<'a> {
    error: Error<'a>,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Error<'a> {
    kind: &'a str,
    message: &'a str,
    hint: Option<&'a str>,
}

impl<'a> Failed<'a> {
    /// Returns the document of a failure.
    pub(crate) fn new(failure: &'a Failure) -> Self {
        Self {
            error: Error {
                kind: failure.kind,
                message: &failure.message,
                hint: failure.hint.as_deref(),
            },
            exit: failure.exit.code(),
        }
    }
}

/// A run, or a plan that was only shown.
#[derive(Debug, Serialize)]
pub(crate) struct Run {
    run: Option<String>,
    intent: String,
    person: String,
    state: &'static str,
    steps: Vec<RunStep>,
    verified: bool,
    residue: Vec<Left>,
    caveats: Vec<String>,
    /// Each of several people whom an operation named.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<Vec<Named>>,
    exit: u8,
}

/// One of several people whom an operation named.
#[derive(Debug, Serialize)]
struct Named {
    /// As the steps have it.
    person: String,
    run: Option<String>,
    /// None of somebody who was not begun.
    state: Option<&'static str>,
    verified: bool,
    exit: u8,
}

/// What became of one of several people, or would.
#[derive(Debug)]
pub(crate) struct Part {
    /// As the operator typed them.
    pub(crate) who: String,
    /// Their run; none of somebody who was not begun.
    pub(crate) run: Option<Run>,
    /// How the command would end if it were about them alone.
    pub(crate) exit: Exit,
}

/// A step of a run.
#[derive(Debug, Serialize)]
pub(crate) struct RunStep {
    seq: u32,
    person: String,
    stage: &'static str,
    provider: String,
    action: &'static str,
    /// The call of an operation that only the platform has.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<NativeCall>,
    /// The records of those whom it concerns, where it is about a thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    concerns: Vec<String>,
    /// What it is about, as it was when the plan was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<serde_json::Value>,
    /// What the platform answered to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<serde_json::Value>,
    target: Option<String>,
    state: &'static str,
    started_ms: Option<i64>,
    took_ms: Option<i64>,
    error: Option<StepFault>,
    /// Before when it does not begin again, where the platform asked for a longer pause.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<String>,
}

#[derive(Debug, Serialize)]
struct StepFault {
    kind: &'static str,
    message: String,
}

/// Something that was seen still open or attached.
#[derive(Debug, Serialize)]
pub(crate) struct Left {
    provider: String,
    what: String,
    advice: String,
}

impl Run {
    /// Returns the document of a run that has ended.
    pub(crate) fn ended(words: &Words, report: &Report, exit: Exit) -> Self {
        Self {
            run: report.run.as_ref().map(ToString::to_string),
            intent: report.flow.clone(),
            person: report.person.clone(),
            state: report.state.as_str(),
            steps: report
                .steps
                .iter()
                .map(|step| RunStep::of(words, step))
                .collect(),
            verified: report.verified,
            residue: still_open(words, report),
            caveats: beside_the_steps(words, report),
            people: None,
            exit: exit.code(),
        }
    }

    /// Returns the document of an operation about several people: that of one, with the steps of all.
    pub(crate) fn together(intent: &str, label: &str, parts: Vec<Part>, exit: Exit) -> Self {
        let mut all = Self {
            run: None,
            intent: intent.to_owned(),
            person: label.to_owned(),
            state: state_of(&parts).as_str(),
            steps: Vec::new(),
            verified: true,
            residue: Vec::new(),
            caveats: Vec::new(),
            people: None,
            exit: exit.code(),
        };
        let mut people = Vec::new();
        for part in parts {
            let Part { who, run, exit } = part;
            let verified = run.as_ref().is_some_and(|run| run.verified);
            all.verified &= verified;
            people.push(Named {
                person: who,
                run: run.as_ref().and_then(|run| run.run.clone()),
                state: run.as_ref().map(|run| run.state),
                verified,
                exit: exit.code(),
            });
            if let Some(run) = run {
                all.steps.extend(run.steps);
                all.residue.extend(run.residue);
                let said = run.caveats.into_iter();
                let new: Vec<String> = said.filter(|one| !all.caveats.contains(one)).collect();
                all.caveats.extend(new);
            }
        }
        all.people = Some(people);
        all
    }

    /// Returns the document of a plan that is only shown.
    pub(crate) fn planned(words: &Words, prepared: &Prepared) -> Self {
        let steps = &prepared.plan.steps;
        let beside = notes(words, prepared);
        let beside = beside
            .iter()
            .map(|Note { provider, text, .. }| prefixed(words, provider, text));
        let mut run = Self::ended(words, &prepared.nothing_to_do(), Exit::Done);
        if !steps.is_empty() {
            run.verified = false;
            run.state = RunState::Running.as_str();
            // What is open before anything is done is no residue.
            run.residue = Vec::new();
        }
        run.steps = steps.iter().map(RunStep::planned).collect();
        // What a plan says beside its steps has no place of its own in the document.
        let beside: Vec<String> = beside.collect();
        run.caveats.retain(|said| !beside.contains(said));
        run.caveats.splice(0..0, beside);
        run
    }
}

/// Returns what was seen still open or attached.
pub(crate) fn still_open(words: &Words, report: &Report) -> Vec<Left> {
    let left = report.residue.iter().map(|left| {
        let (what, advice) = residue(words, left, report.verified);
        Left {
            provider: left.provider.to_string(),
            what,
            advice,
        }
    });
    left.collect()
}

/// Returns what a run says beside its steps: what was left out, what was not taken back, then what can never be shown.
pub(crate) fn beside_the_steps(words: &Words, report: &Report) -> Vec<String> {
    let unseen = unseen(words, report);
    let unseen = unseen.map(|(provider, text)| prefixed(words, provider, &text));
    let stays = left_as_it_is(words, report).into_iter();
    let stays = stays.map(|(provider, what)| {
        let text = words.say_with("note-not-taken-back", &[("what", what.into())]);
        prefixed(words, provider, &text)
    });
    unseen.chain(stays).chain(caveats(words, report)).collect()
}

/// Where runs stand that belong together.
fn state_of(parts: &[Part]) -> RunState {
    let states: BTreeSet<Option<&str>> = parts
        .iter()
        .map(|part| part.run.as_ref().map(|run| run.state))
        .collect();
    let is_planned = parts
        .iter()
        .all(|part| part.run.as_ref().is_some_and(|run| run.run.is_none()));
    let of = |state: RunState| Some(state.as_str());
    if states == BTreeSet::from([of(RunState::Done)]) {
        RunState::Done
    } else if is_planned && states.contains(&of(RunState::Running)) {
        RunState::Running
    } else if states
        .iter()
        .all(|state| [None, of(RunState::Failed), of(RunState::Refused)].contains(state))
    {
        RunState::Failed
    } else {
        RunState::Partial
    }
}

impl RunStep {
    /// Returns a step and what became of it.
    pub(crate) fn of(words: &Words, report: &StepReport) -> Self {
        let record = report.record.as_ref().map(|id| id.as_str().to_owned());
        Self {
            target: record.or_else(|| sought(&report.step)),
            answer: report.answer.clone(),
            state: report.state.as_str(),
            started_ms: report.started_ms,
            took_ms: report.took_ms,
            error: report
                .error
                .as_ref()
                .map(|error| StepFault::of(words, error)),
            not_before: report
                .retry_at_ms
                .filter(|_| report.state == State::Waiting)
                .and_then(exact),
            ..Self::planned(&report.step)
        }
    }

    pub(crate) fn planned(step: &Step) -> Self {
        let (target, state) = match &step.target {
            Target::Known(who) => (Some(who.id.to_string()), State::Waiting),
            Target::Sought(_) => (sought(step), State::Deferred),
            Target::Nobody | Target::CreatedBy(_) => (None, State::Waiting),
        };
        Self {
            seq: step.seq,
            person: step.person.clone(),
            stage: step.stage.as_str(),
            provider: step.provider.to_string(),
            action: step.action.name(),
            operation: operation(step),
            concerns: step.action.concerns().map(ToString::to_string).collect(),
            before: step.before.native.clone(),
            answer: None,
            target,
            state: state.as_str(),
            started_ms: None,
            took_ms: None,
            error: None,
            not_before: None,
        }
    }
}

impl StepFault {
    fn of(words: &Words, error: &StepError) -> Self {
        Self {
            kind: error.kind.as_str(),
            message: step_error(words, error),
        }
    }
}

fn operation(step: &Step) -> Option<NativeCall> {
    match &step.action {
        Action::Native { call, .. } => Some(call.clone()),
        Action::Define { .. }
        | Action::Create { .. }
        | Action::Update { .. }
        | Action::SetAccess { .. }
        | Action::SetGrants { .. }
        | Action::Notify { .. }
        | Action::Remove => None,
    }
}

fn sought(step: &Step) -> Option<String> {
    match &step.target {
        Target::Sought(keys) => keys.first().map(ToString::to_string),
        Target::Nobody | Target::Known(_) | Target::CreatedBy(_) => None,
    }
}

/// A platform that could not be read.
#[derive(Debug, Serialize)]
pub(crate) struct Silent {
    provider: String,
    kind: &'static str,
    message: String,
}

impl Silent {
    /// Returns what a platform said instead of an answer.
    pub(crate) fn new(words: &Words, provider: &ProviderId, error: &kadry_core::Error) -> Self {
        Self {
            provider: provider.to_string(),
            kind: error.kind().as_str(),
            message: of_platform(words, error),
        }
    }

    /// Returns the sentence that says why.
    pub(crate) fn into_message(self) -> String {
        self.message
    }
}
