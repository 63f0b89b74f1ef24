//! Taking back on one platform what a run did there.

mod change;

use std::collections::BTreeMap;

use kadry_core::{
    Access, Action, Before, Capability, Change, CreateNotice, Employee, EmployeeRef, Grant, Holds,
    KindName, Reason, Stage, Step, Support, Target,
};

use super::lane::{Given, Lane};
use super::resume::is_one_record;
use super::{Guard, Looked, Said, guards, native};
use crate::intent::{Undo, Undone};
use crate::observe::{Held, Here};

/// Plans one lane: what was done last is taken back first. What somebody has changed since stays as it is.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn lane(
    undo: &Undo,
    here: &Here,
    looked: Looked<'_>,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let done: Vec<&Undone> = undo
        .done
        .iter()
        .filter(|one| one.step.provider == *lane.provider())
        .collect();
    // Whoever has the keys of the person in another tenant is another record.
    if let Some(tenant) = undo.tenants.on(lane.provider())
        && tenant != here.standing.tenant
    {
        for one in done {
            not_taken_back(
                &one.step,
                Reason::about("undo-elsewhere", tenant.to_owned()),
                lane,
            );
        }
        return Ok(());
    }
    let is_native = |one: &&Undone| matches!(one.step.action, Action::Native { .. });
    let (natives, done): (Vec<&Undone>, Vec<&Undone>) = done.into_iter().partition(is_native);
    native::take_back(&natives, here, looked, lane)?;
    if done.is_empty() {
        return Ok(());
    }
    let Some(employee) = guards::the_one_here(here, looked.keys, looked.rules)? else {
        for one in done {
            let is_made = matches!(one.step.action, Action::Define { .. });
            let key = if is_made { "undo-made" } else { "undo-nobody" };
            not_taken_back(&one.step, Reason::new(key), lane);
        }
        return Ok(());
    };
    let made = done
        .iter()
        .any(|one| matches!(one.step.action, Action::Create { .. }));
    let mut back = TakingBack {
        here,
        employee,
        held: here.held.clone(),
        target: Target::Known(employee.at.clone()),
        made,
        // What fails before a door closes must not keep it open.
        before_door: made || done.iter().any(|one| one.step.action.opens_a_door()),
        after_door: false,
    };
    for one in in_order_of_return(done, here.provider.capability()) {
        back.take_back(one, lane).map_err(|guard| vec![guard])?;
    }
    Ok(())
}

/// Turns the order of what was done around. What was taken comes back in the order in which the platform wants it given: a chat that a tag
/// brings comes after the tag.
fn in_order_of_return<'a>(done: Vec<&'a Undone>, capability: &Capability) -> Vec<&'a Undone> {
    let place = |one: &&Undone| {
        let taken = one.step.action.drops().into_iter();
        let taken = taken.filter(|(_, grants)| !grants.is_empty());
        let places = taken.filter_map(|(kind, _)| {
            let mut all = capability.grants.iter();
            all.position(|known| known.name == *kind)
        });
        places.min()
    };
    let mut back: Vec<&Undone> = done.into_iter().rev().collect();
    for some in back.chunk_by_mut(|one, other| place(one).is_some() && place(other).is_some()) {
        some.sort_by_key(place);
    }
    back
}

struct TakingBack<'a> {
    here: &'a Here,
    employee: &'a Employee,
    /// What is held when the steps that are planned so far are done: a set that is written whole is never written from before them.
    held: BTreeMap<KindName, Held>,
    target: Target,
    /// Whether the run made the record, which is suspended as a whole then.
    made: bool,
    before_door: bool,
    after_door: bool,
}

impl TakingBack<'_> {
    fn take_back(&mut self, one: &Undone, lane: &mut Lane<'_>) -> Result<(), Guard> {
        let step = &one.step;
        let is_another = |record: &EmployeeRef| !is_one_record(record, &self.employee.at);
        if step.stage == Stage::HandOver {
            not_taken_back(step, Reason::new("undo-handed-over"), lane);
        } else if one.record.as_ref().is_some_and(is_another) {
            not_taken_back(step, Reason::new("undo-other-record"), lane);
        } else {
            match &step.action {
                Action::Create { wish } => {
                    let tells = |notice| match notice {
                        CreateNotice::Always => true,
                        CreateNotice::UnlessQuiet => !wish.quiet,
                        CreateNotice::Never => false,
                    };
                    let key = if tells(self.here.provider.capability().create_notice) {
                        "undo-stays-mailed"
                    } else {
                        "undo-stays"
                    };
                    not_taken_back(step, Reason::new(key), lane);
                    self.set_access(step, Access::Suspended, lane)?;
                }
                Action::SetAccess { access } if *access == self.employee.access => {
                    self.set_access(step, opposite(*access), lane)?;
                }
                Action::Update { change } if !self.made => self.update(step, change, lane),
                Action::SetGrants { kind, add, drop } => {
                    self.set_grants(step, kind, add, drop, lane);
                }
                // What only the platform has goes its own way.
                Action::SetAccess { .. } | Action::Update { .. } | Action::Native { .. } => {}
                Action::Define { .. } => not_taken_back(step, Reason::new("undo-made"), lane),
                Action::Notify { .. } => not_taken_back(step, Reason::new("undo-sent"), lane),
                Action::Remove => not_taken_back(step, Reason::new("undo-removed"), lane),
            }
        }
        // What comes after this would come after the door in any case, closed already or not.
        self.after_door |= step.action.opens_a_door();
        Ok(())
    }

    /// # Errors
    ///
    /// A guard when the door of the last one who administers or signs would close.
    fn set_access(
        &mut self,
        step: &Step,
        access: Access,
        lane: &mut Lane<'_>,
    ) -> Result<(), Guard> {
        if self.employee.access == access {
            return Ok(());
        }
        let capability = self.here.provider.capability();
        let (support, stage) = match access {
            Access::Open => (&capability.reopen, Stage::Reopen),
            Access::Suspended => (&capability.suspend, Stage::Close),
        };
        if let Support::No(reason) = support {
            not_taken_back(step, reason.clone(), lane);
            return Ok(());
        }
        if access == Access::Suspended {
            let others = &self.here.others;
            if let Some(guard) = guards::the_last(&self.here.standing, self.employee, others) {
                return Err(guard);
            }
        }
        let before = Before {
            access: Some(self.employee.access),
            ..Before::default()
        };
        lane.step(stage, Action::SetAccess { access }, &self.target, before);
        Ok(())
    }

    fn update(&mut self, step: &Step, change: &Change, lane: &mut Lane<'_>) {
        let way = change::way_back(self.here, self.employee, &self.held, step, change);
        for (kind, edit) in &way.change.grants {
            let then = Held::Seen(edit.whole().cloned().collect());
            self.held.insert(kind.clone(), then);
        }
        for (key, what) in [("undo-changed", way.changed), ("undo-cannot", way.fixed)] {
            if !what.is_empty() {
                not_taken_back(step, Reason::about(key, what.join(", ")), lane);
            }
        }
        if !way.change.is_empty() {
            let action = Action::Update { change: way.change };
            lane.step(self.stage(), action, &self.target, way.before);
        }
    }

    fn set_grants(
        &self,
        step: &Step,
        name: &KindName,
        added: &[Grant],
        dropped: &[Grant],
        lane: &mut Lane<'_>,
    ) {
        let kind = self.here.provider.capability().kind(name);
        let Some(kind) = kind.filter(|kind| kind.alone.is_yes()) else {
            not_taken_back(step, Reason::about("undo-cannot", name.to_string()), lane);
            return;
        };
        let (back, gone) = match self.here.held.get(name) {
            Some(Held::Seen(held)) => {
                let has = |grant: &&Grant| held.iter().any(|held| held.same(grant));
                // What was only given once more was there before.
                let before = step.before.grants.get(name).into_iter().flatten();
                let had = |grant: &&Grant| before.clone().any(|had| had.same(grant));
                let gone = added.iter().filter(|grant| has(grant) && !had(grant));
                let gone: Vec<Grant> = gone.cloned().collect();
                let stands = held.len() == gone.len();
                // What is held only once was replaced, and what it replaced stands in the image of before.
                let replaced = step.before.grants.get(name).filter(|_| stands);
                let replaced = replaced.filter(|_| kind.holds != Holds::Many);
                let lost = dropped.iter().chain(replaced.into_iter().flatten());
                let mut back: Vec<Grant> = Vec::new();
                for grant in lost.filter(|one| !has(one)) {
                    if !back.iter().any(|known| known.same(grant)) {
                        back.push(grant.clone());
                    }
                }
                (back, gone)
            }
            // Behind a closed door nobody can see it, and once the door is open, giving what is held is quiet.
            Some(Held::Unseen) | None => {
                if !added.is_empty() {
                    not_taken_back(step, Reason::new("hidden-while-suspended"), lane);
                }
                (dropped.to_vec(), Vec::new())
            }
        };
        if gone.iter().any(|gone| kind.must_stay(gone, &back)) {
            not_taken_back(step, Reason::about("undo-cannot", name.to_string()), lane);
            return;
        }
        // Giving one takes the place of the other.
        let gone = if back.is_empty() || kind.holds == Holds::Many {
            gone
        } else {
            Vec::new()
        };
        let given = Given::Add {
            new: &back,
            old: &[],
        };
        lane.grants(self.stage(), kind, Given::Drop(&gone), &self.target);
        lane.grants(self.stage(), kind, given, &self.target);
    }

    const fn stage(&self) -> Stage {
        match (self.before_door, self.after_door) {
            (true, false) => Stage::Release,
            (true, true) => Stage::Tidy,
            (false, _) => Stage::Converge,
        }
    }
}

const fn opposite(access: Access) -> Access {
    match access {
        Access::Open => Access::Suspended,
        Access::Suspended => Access::Open,
    }
}

pub(super) fn not_taken_back(step: &Step, reason: Reason, lane: &mut Lane<'_>) {
    lane.say(Said::NotTakenBack {
        step: Box::new(step.clone()),
        reason,
    });
}
