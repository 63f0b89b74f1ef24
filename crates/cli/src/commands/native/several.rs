//! One operation about several people: a run for each, shown together, asked about once, braked as one.

use std::sync::{Mutex, PoisonError};

use futures::future::join_all;
use kadry_core::{RemoteId, Step};
use kadry_flow::intent::{Flow, Intent};
use kadry_flow::observe::Seen;
use kadry_flow::report::Report;
use kadry_flow::{Organisation, Prepared, Purpose};
use tokio::time::Instant;

use super::ending::{Ended, tell};
use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, HALTED, of_flow};
use crate::ui::json::{self, Part};
use crate::ui::plan;
use crate::ui::progress::Waiting;
use crate::ui::prompt::{Answer, ask};

/// How many people are looked at at once.
const SIDE_BY_SIDE: usize = 8;

/// Goes all the way for several people, or as far as their plans.
///
/// # Errors
///
/// As [`flow::run`]. Of people of whom one is refused nobody is touched.
pub(super) async fn run(
    session: &Session,
    organisation: &Organisation,
    intents: &[Intent],
) -> Result<Exit, Failure> {
    let whole = whole(intents);
    if let (Some(file), Some(whole)) = (&session.report, &whole) {
        file.must_suit_one(&session.screen.words)?;
        file.of_intent(whole);
    }
    let label = whole.map(|whole| whole.label()).unwrap_or_default();
    let prepared = prepare(session, organisation, intents).await?;
    if session.plan_only {
        return show_plans(session, &label, &prepared);
    }
    let prepared = agreed(session, organisation, prepared).await?;
    session.begins_to_write();
    let (ended, failure) = carry_out(session, organisation, prepared).await;
    tell(session, &label, &ended, failure)
}

/// The whole command as one: its call with everybody.
fn whole(intents: &[Intent]) -> Option<Intent> {
    let mut whole = intents.first()?.clone();
    let Flow::Native(all) = &mut whole.flow else {
        return Some(whole);
    };
    for intent in &intents[1..] {
        if let (Flow::Native(one), Some(about)) = (&intent.flow, &all.about) {
            for typed in one.call.all(about) {
                all.call = all.call.clone().with(about, typed);
            }
        }
    }
    Some(whole)
}

/// Looks and plans for everybody. What was claimed is given back when anybody is refused.
async fn prepare(
    session: &Session,
    organisation: &Organisation,
    intents: &[Intent],
) -> Result<Vec<Prepared>, Failure> {
    let words = &session.screen.words;
    let purpose = if session.plan_only {
        Purpose::Show
    } else {
        Purpose::CarryOut
    };
    let waiting = Waiting::show(&session.screen, words.say("progress-reading"));
    let (mut prepared, mut refused) = (Vec::new(), None);
    for some in intents.chunks(SIDE_BY_SIDE) {
        let looks = some
            .iter()
            .map(|intent| organisation.prepare(intent, purpose, &waiting));
        for (intent, looked) in some.iter().zip(join_all(looks).await) {
            match looked {
                Ok(one) => prepared.push(one),
                Err(error) => {
                    refused.get_or_insert_with(|| of_flow(words, &error, &intent.label()));
                }
            }
        }
        if refused.is_some() {
            break;
        }
    }
    let prepared = once_each(session, prepared);
    if refused.is_none()
        && let Err(error) = organisation.keep_together(&prepared).await
    {
        let people = words.say_with("native-people", &[("people", prepared.len().into())]);
        refused = Some(of_flow(words, &error, &people));
    }
    match refused {
        Some(failure) => {
            give_back(organisation, &prepared).await;
            Err(failure)
        }
        None => Ok(prepared),
    }
}

/// Leaves everybody once who was named in two ways.
fn once_each(session: &Session, prepared: Vec<Prepared>) -> Vec<Prepared> {
    let mut all: Vec<Prepared> = Vec::new();
    for one in prepared {
        let record = record(&one).cloned();
        let same = all
            .iter()
            .find(|known| record.is_some() && self::record(known) == record.as_ref());
        match same {
            Some(known) => {
                let names = [
                    ("who", known.intent.who.to_string().into()),
                    ("other", one.intent.who.to_string().into()),
                ];
                let screen = &session.screen;
                screen.say(&screen.words.say_with("native-same-person", &names));
            }
            None => all.push(one),
        }
    }
    all
}

/// The one record that somebody is.
fn record(prepared: &Prepared) -> Option<&RemoteId> {
    match prepared.snapshot.seen.values().next() {
        Some(Seen::Here(here)) => match here.matches.as_slice() {
            [employee] => Some(&employee.at.id),
            [] | [_, ..] => None,
        },
        Some(Seen::Silent(_)) | None => None,
    }
}

/// Gives back what was claimed. Claims end with the process anyway.
async fn give_back(organisation: &Organisation, prepared: &[Prepared]) {
    for one in prepared {
        organisation.decline(one).await.ok();
    }
}

fn show_plans(session: &Session, label: &str, prepared: &[Prepared]) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let part = |one: &Prepared| Part {
        who: one.intent.who.to_string(),
        run: Some(json::Run::planned(words, one)),
        exit: Exit::Done,
    };
    let flow = prepared.first().map_or("", |one| one.intent.flow.name());
    let document = || {
        let parts = prepared.iter().map(part).collect();
        json::Run::together(flow, label, parts, Exit::Done)
    };
    let kept = match &session.report {
        Some(file) => file.planned_together(words, &document(), prepared),
        None => Ok(()),
    };
    if !screen.is_json() {
        let mut sheet = screen.data_sheet();
        for one in prepared {
            sheet.gap();
            plan::write(&mut sheet, words, one);
        }
        screen.data(&sheet)?;
    } else if kept.is_ok() {
        screen.document(&document())?;
    }
    kept.map(|()| Exit::Done)
}

/// Shows the plans and asks once. Plans that became old at the question are made again, and asked about again if they are others.
async fn agreed(
    session: &Session,
    organisation: &Organisation,
    mut prepared: Vec<Prepared>,
) -> Result<Vec<Prepared>, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    loop {
        let shown = steps(&prepared);
        let many: usize = shown.iter().map(Vec::len).sum();
        if many == 0 {
            return Ok(prepared);
        }
        show(session, &prepared);
        if session.yes {
            return Ok(prepared);
        }
        let asked = Instant::now();
        let question = words.say_with("question-carry-out", &[("steps", many.into())]);
        // In JSON nothing was shown that anybody could agree to.
        let answer = if screen.is_json() {
            Answer::NobodyThere
        } else {
            ask(screen, &question).await
        };
        if matches!(answer, Answer::Yes) && asked.elapsed() <= flow::GOOD_FOR {
            return Ok(prepared);
        }
        give_back(organisation, &prepared).await;
        match answer {
            Answer::Yes => {}
            Answer::No => return Err(session.declined()),
            Answer::NobodyThere => return Err(flow::nobody_to_ask(session)),
        }
        let intents: Vec<Intent> = prepared.iter().map(|one| one.intent.clone()).collect();
        prepared = prepare(session, organisation, &intents).await?;
        if steps(&prepared) == shown {
            return Ok(prepared);
        }
        let mut sheet = screen.rest_sheet();
        sheet.text(0, &words.say("plan-has-changed"));
        screen.complain(&sheet);
    }
}

fn steps(prepared: &[Prepared]) -> Vec<Vec<Step>> {
    let steps = prepared.iter().map(|one| one.plan.steps.clone());
    steps.collect()
}

fn show(session: &Session, prepared: &[Prepared]) {
    let screen = &session.screen;
    if screen.is_json() {
        return;
    }
    let mut sheet = screen.rest_sheet();
    for one in prepared.iter().filter(|one| !one.plan.steps.is_empty()) {
        sheet.gap();
        plan::write(&mut sheet, &screen.words, one);
    }
    sheet.gap();
    if session.yes {
        screen.tell(&sheet);
    } else {
        screen.complain(&sheet);
    }
}

/// Carries out what was agreed to, one person after another. Where it goes wrong for one, the others are gone on with, unless the command
/// is to end. Returns what became of each, and what went wrong beside their steps.
async fn carry_out(
    session: &Session,
    organisation: &Organisation,
    prepared: Vec<Prepared>,
) -> (Vec<Ended>, Option<Failure>) {
    let intents: Vec<Intent> = prepared.iter().map(|one| one.intent.clone()).collect();
    let notes: Vec<_> = prepared
        .iter()
        .map(|one| plan::notes(&session.screen.words, one))
        .collect();
    let began_ms = organisation.clock.now_ms();
    // What was done is told, also where the work itself is given up.
    let done: Mutex<Vec<Result<Report, Failure>>> = Mutex::default();
    let work = async {
        for one in prepared {
            if organisation.halt.is_cancelled() {
                return Ok(());
            }
            let ended = flow::carry_out(session, organisation, one).await;
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push(ended);
        }
        Ok(())
    };
    let halted = flow::halting(session, organisation, work).await;
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut failure = halted.err();
    if failure.is_none() && done.len() < intents.len() {
        failure = Some(flow::interrupted(session));
    }
    let mut done = done.into_iter();
    let mut ended = Vec::new();
    for (intent, notes) in intents.into_iter().zip(notes) {
        let one = match done.next() {
            Some(Ok(report)) => Ended::told(&intent, report, notes),
            Some(Err(fault)) => {
                let (one, fault) = cut_short(session, organisation, &intent, began_ms, fault).await;
                failure = Some(worse(failure, fault));
                one
            }
            None => match &failure {
                Some(fault) => {
                    let fault = fault.clone();
                    let (one, _) = cut_short(session, organisation, &intent, began_ms, fault).await;
                    one
                }
                None => Ended::not_begun(&intent, Exit::Failed),
            },
        };
        ended.push(one);
    }
    (ended, failure)
}

/// What the journal holds of somebody whose run was cut short, if it had begun.
async fn cut_short(
    session: &Session,
    organisation: &Organisation,
    intent: &Intent,
    began_ms: i64,
    fault: Failure,
) -> (Ended, Failure) {
    let words = &session.screen.words;
    match flow::begun(organisation, intent, began_ms).await {
        Ok(begun) => {
            let fault = fault.after(words, begun.as_ref());
            let one = match begun {
                Some(story) => Ended::cut_short(intent, &story, fault.exit),
                None => Ended::not_begun(intent, fault.exit),
            };
            (one, fault)
        }
        // What the journal does not tell may have been done.
        Err(_) => {
            let fault = fault.midway(words);
            (Ended::not_begun(intent, fault.exit), fault)
        }
    }
}

/// The failure that is told: the first one, unless another is our own fault or an interruption, which says how to go on.
fn worse(one: Option<Failure>, other: Failure) -> Failure {
    match one {
        Some(one) if other.exit != Exit::Bug && other.kind != HALTED => one,
        Some(_) | None => other,
    }
}
