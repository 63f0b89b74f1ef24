//! Changes that only one platform has: what is asked for and does not stand already, what takes it back, and what of it is proven.

use std::collections::BTreeSet;

use kadry_core::{
    Action, Before, Brake, Does, EmployeeRef, Look, Native as Table, NativeCall, Reason, RemoteId,
    Stage, State, Step, Target,
};
use kadry_journal::RunStory;
use serde_json::Value;

use super::lane::Lane;
use super::resume::is_one_record;
use super::undo::not_taken_back;
use super::{Guard, Looked, Plan, Rules, Said, guards};
use crate::intent::{Flow, Intent, Native, Undone};
use crate::observe::{Here, Single, Snapshot};
use crate::powers::Powers;

/// Plans one step for each single change that does not stand already.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn lane(
    native: &Native,
    here: &Here,
    looked: Looked<'_>,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let mut target = Target::Nobody;
    if native.about.is_some() {
        let Some(employee) = guards::the_one_here(here, looked.keys, looked.rules)? else {
            lane.say(Said::NobodyThere);
            return Ok(());
        };
        target = Target::Known(employee.at.clone());
    }
    if let Some(table) = here.provider.native() {
        let mut forbidden = Vec::new();
        for single in &here.native {
            if table.stands(&single.call, None, &single.now) != Look::Found {
                forbidden.extend(forbid(single, looked.rules));
                add(table, single, &target, lane);
            }
        }
        if !forbidden.is_empty() {
            return Err(forbidden);
        }
    }
    somebody_stays(here, lane)
}

/// Says no when nobody else would have what the person of these steps loses.
fn somebody_stays(here: &Here, lane: &Lane<'_>) -> Result<(), Vec<Guard>> {
    let lost = Powers::lost_by(lane.steps(), here.provider.as_ref());
    if let [employee] = here.matches.as_slice()
        && let Some(guard) = guards::the_last_with(&here.standing, employee, &here.others, lost)
    {
        return Err(vec![guard]);
    }
    Ok(())
}

/// Plans what takes back what was done last first. What somebody has changed since stays as it is.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn take_back(
    done: &[&Undone],
    here: &Here,
    looked: Looked<'_>,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let is_about_somebody = |one: &&Undone| matches!(one.step.target, Target::Known(_));
    let employee = if done.iter().any(is_about_somebody) {
        guards::the_one_here(here, looked.keys, looked.rules)?
    } else {
        None
    };
    let mut forbidden = Vec::new();
    for one in done.iter().rev() {
        let is_there = match (&one.step.target, employee) {
            (Target::Known(who), Some(employee)) => is_one_record(who, &employee.at),
            (Target::Known(_), None) => false,
            (Target::Nobody | Target::CreatedBy(_) | Target::Sought(_), _) => true,
        };
        if is_there {
            forbidden.extend(take_one_back(&one.step, here, looked.rules, lane));
        } else {
            let key = employee.map_or("undo-nobody", |_| "undo-other-record");
            not_taken_back(&one.step, Reason::new(key), lane);
        }
    }
    if !forbidden.is_empty() {
        return Err(forbidden);
    }
    somebody_stays(here, lane)
}

/// Plans what takes a step back, and returns the guards that forbid it.
fn take_one_back(step: &Step, here: &Here, rules: Rules<'_>, lane: &mut Lane<'_>) -> Vec<Guard> {
    let Action::Native { call, .. } = &step.action else {
        return Vec::new();
    };
    let seen = here.native.iter().find(|single| single.call == *call);
    let (Some(table), Some(seen)) = (here.provider.native(), seen) else {
        return Vec::new();
    };
    let Some(way) = seen.way_back.as_deref() else {
        return Vec::new();
    };
    let say = |reason: &Reason, lane: &mut Lane<'_>| not_taken_back(step, reason.clone(), lane);
    if way.calls.is_empty() {
        match way.stays.as_slice() {
            [] => say(&Reason::new("undo-native"), lane),
            stays => stays.iter().for_each(|reason| say(reason, lane)),
        }
        return Vec::new();
    }
    let is_back = |back: &&Single| table.stands(&back.call, None, &back.now) == Look::Found;
    let all_back = way.calls.iter().all(|back| is_back(&back));
    if all_back && (!way.stands || way.stays.is_empty()) {
        return Vec::new();
    }
    // An interrupted undo has given a part of it back already.
    if !way.stands && !way.calls.iter().take(1).any(|back| is_back(&back)) {
        say(&Reason::about("undo-changed", call.operation.clone()), lane);
        return Vec::new();
    }
    let mut guards = Vec::new();
    for back in way.calls.iter().filter(|back| !is_back(back)) {
        // What an earlier call of these brings is not there yet.
        let is_first = way.calls.first() == Some(back);
        if is_first && table.refuses(&back.call, &back.now).is_some() {
            say(&Reason::new("undo-refused"), lane);
            return guards;
        }
        add(table, back, &step.target, lane);
        guards.extend(forbid(back, rules));
    }
    way.stays.iter().for_each(|reason| say(reason, lane));
    guards
}

/// Returns the guards that forbid a change of a thing because of somebody whom it concerns.
fn forbid(single: &Single, rules: Rules<'_>) -> Vec<Guard> {
    let of = |who: &EmployeeRef| {
        let named = who.keys.first().map(ToString::to_string);
        let named = named.unwrap_or_else(|| who.id.to_string());
        let guards = rules.forbid(&who.keys).into_iter();
        guards.map(move |guard| Guard::Concerns {
            who: named.clone(),
            guard: Box::new(guard),
        })
    };
    single.concerns.iter().flat_map(of).collect()
}

fn add(table: &dyn Table, single: &Single, target: &Target, lane: &mut Lane<'_>) {
    let concerns: BTreeSet<RemoteId> = single.concerns.iter().map(|who| who.id.clone()).collect();
    let is_about_somebody = matches!(target, Target::Known(_));
    let action = Action::Native {
        call: single.call.clone(),
        brakes: if is_about_somebody || !concerns.is_empty() {
            brakes(table, &single.call)
        } else {
            BTreeSet::new()
        },
        concerns,
        reshapes: None,
    };
    let before = Before {
        native: Some(single.now.clone()),
        ..Before::default()
    };
    lane.step(Stage::Native, action, target, before);
}

/// The kinds of change that a call counts under, as its row says.
fn brakes(table: &dyn Table, call: &NativeCall) -> BTreeSet<Brake> {
    let mut rows = table.operations().iter();
    match rows
        .find(|row| row.name() == call.operation)
        .map(|row| row.does)
    {
        Some(Does::Writes { brakes }) => brakes.iter().copied().collect(),
        Some(Does::Lists { .. } | Does::Shows) | None => BTreeSet::new(),
    }
}

/// Reports whether a change means the same as when it was approved: it is about the same, or at least goes back to the same.
pub(super) fn means_the_same(here: &Here, approved: &Step, new: &Step) -> bool {
    let (Action::Native { call, .. }, Some(table)) = (&approved.action, here.provider.native())
    else {
        return true;
    };
    let back = |step: &Step| {
        let before = step.before.native.clone().unwrap_or_default();
        table.back(call, &before, &Value::Null)
    };
    approved.before.native == new.before.native || back(approved) == back(new)
}

/// Returns the intent with the single changes that its call stands for, so that no later look takes a name for something else.
pub(crate) fn settled(intent: Intent, snapshot: &Snapshot) -> Intent {
    let mut intent = intent;
    if let Flow::Native(native) = &mut intent.flow
        && let Some((_, here)) = snapshot.here().next()
    {
        let calls = here.native.iter().map(|single| single.call.clone());
        native.singles.get_or_insert_with(|| calls.collect());
        native.untried = false;
    }
    intent
}

/// Leaves out of a plan that was made anew what the run has done: of what may be made twice, only a look back tells that it stands.
pub(crate) fn leave_out_what_stands(again: &mut Plan, story: &RunStory, seen: &Snapshot) {
    let stands = |new: &Step, call: &NativeCall| {
        let mut here = seen.here();
        let (_, here) = here.find(|(id, _)| **id == new.provider)?;
        let table = here.provider.native()?;
        let mut steps = story.steps.iter();
        let done = steps.find(|known| {
            let is_it =
                matches!(&known.step.action, Action::Native { call: known, .. } if known == call);
            is_it && known.state == State::Done && known.step.provider == new.provider
        })?;
        let now = new.before.native.as_ref()?;
        let before = done.step.before.native.as_ref();
        // The platform has said that it is done, or somebody who looked has.
        Some(table.stands(call, before, now) != Look::Absent)
    };
    again.steps.retain(|new| match &new.action {
        Action::Native { call, .. } => stands(new, call) != Some(true),
        Action::Define { .. }
        | Action::Create { .. }
        | Action::Update { .. }
        | Action::SetAccess { .. }
        | Action::SetGrants { .. }
        | Action::Notify { .. }
        | Action::Remove => true,
    });
}
