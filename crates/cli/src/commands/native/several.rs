//! One operation about several people: a run for each, shown together, asked about once, braked as one.

use futures::future::join_all;
use kadry_flow::intent::Intent;
use kadry_flow::report::Report;
use kadry_flow::{Organisation, Prepared, Purpose};
use serde::Serialize;

use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, of_flow};
use crate::ui::progress::Waiting;
use crate::ui::prompt::{Answer, ask};
use crate::ui::{json, plan, report};

/// How many people are looked at at once.
const SIDE_BY_SIDE: usize = 8;

#[derive(Debug, Serialize)]
struct Document {
    runs: Vec<json::Run>,
    exit: u8,
}

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
    let words = &session.screen.words;
    if session.report.is_some() {
        return Err(Failure::usage(
            "report_file",
            words.say("native-report-of-several"),
            Some(words.say("native-report-of-several-hint")),
        ));
    }
    let prepared = prepare(session, organisation, intents).await?;
    if session.plan_only {
        return show_plans(session, &prepared);
    }
    if let Err(failure) = agree(session, &prepared).await {
        give_back(organisation, &prepared).await;
        return Err(failure);
    }
    session.begins_to_write();
    let reports = flow::halting(session, organisation, async {
        let mut reports = Vec::new();
        for one in prepared {
            reports.push(flow::carry_out(session, organisation, one).await?);
        }
        Ok(reports)
    });
    let reports = reports.await.map_err(|failure| failure.midway(words))?;
    tell(session, &reports)
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

/// Gives back what was claimed. Claims end with the process anyway.
async fn give_back(organisation: &Organisation, prepared: &[Prepared]) {
    for one in prepared {
        organisation.decline(one).await.ok();
    }
}

fn show_plans(session: &Session, prepared: &[Prepared]) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    if screen.is_json() {
        let runs = prepared.iter().map(|one| json::Run::planned(words, one));
        screen.document(&Document {
            runs: runs.collect(),
            exit: Exit::Done.code(),
        })?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    for one in prepared {
        sheet.gap();
        plan::write(&mut sheet, words, one);
    }
    screen.data(&sheet)?;
    Ok(Exit::Done)
}

/// Shows the plans and asks once.
async fn agree(session: &Session, prepared: &[Prepared]) -> Result<(), Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let steps: usize = prepared.iter().map(|one| one.plan.steps.len()).sum();
    if steps == 0 {
        return Ok(());
    }
    if !screen.is_json() {
        let mut sheet = screen.rest_sheet();
        for one in prepared.iter().filter(|one| !one.plan.steps.is_empty()) {
            sheet.gap();
            plan::write(&mut sheet, words, one);
        }
        sheet.gap();
        if session.yes {
            screen.tell(&sheet);
        } else {
            screen.complain(&sheet);
        }
    }
    if session.yes {
        return Ok(());
    }
    // In JSON nothing was shown that anybody could agree to.
    if screen.is_json() {
        return Err(flow::nobody_to_ask(session));
    }
    let question = words.say_with("question-carry-out", &[("steps", steps.into())]);
    match ask(screen, &question).await {
        Answer::Yes => Ok(()),
        Answer::No => Err(session.declined()),
        Answer::NobodyThere => Err(flow::nobody_to_ask(session)),
    }
}

fn tell(session: &Session, reports: &[Report]) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let exit = worst(reports.iter().map(|report| Exit::from(report.outcome())));
    if screen.is_json() {
        let run = |report| json::Run::ended(words, report, Exit::from(report.outcome()));
        screen.document(&Document {
            runs: reports.iter().map(run).collect(),
            exit: exit.code(),
        })?;
        return Ok(exit);
    }
    let mut sheet = screen.data_sheet();
    for report in reports {
        sheet.gap();
        if Exit::from(report.outcome()) == Exit::Done {
            report::write_short(&mut sheet, words, report);
        } else {
            report::write(&mut sheet, words, report);
        }
    }
    screen.data(&sheet)?;
    Ok(exit)
}

/// How it ended for all together: what was done for some and not for others is done in part.
fn worst(exits: impl Iterator<Item = Exit>) -> Exit {
    let exits: Vec<Exit> = exits.collect();
    match exits.as_slice() {
        [first, rest @ ..] if rest.iter().all(|exit| exit == first) => *first,
        [] => Exit::Done,
        _ if exits
            .iter()
            .all(|exit| matches!(exit, Exit::Done | Exit::Residue)) =>
        {
            Exit::Residue
        }
        [..] => Exit::Partial,
    }
}
