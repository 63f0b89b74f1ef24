//! Taking back on one platform what a run did there.

use kadry_core::{
    Access, Action, Before, Change, CreateNotice, Employee, EmployeeRef, FieldName, Grant,
    GrantEdit, Holds, KindName, Known, Reason, Stage, Step, Support, Target, same_value,
};

use super::lane::{Given, Lane};
use super::resume::is_one_record;
use super::{Guard, Looked, Said, guards};
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
    let Some(employee) = guards::the_one_here(here, looked.keys, looked.rules)? else {
        for one in done {
            not_taken_back(&one.step, Reason::new("undo-nobody"), lane);
        }
        return Ok(());
    };
    let made = done
        .iter()
        .any(|one| matches!(one.step.action, Action::Create { .. }));
    let mut back = TakingBack {
        here,
        employee,
        target: Target::Known(employee.at.clone()),
        made,
        // What fails before a door closes must not keep it open.
        before_door: made || done.iter().any(|one| one.step.action.opens_a_door()),
        after_door: false,
    };
    for one in done.into_iter().rev() {
        back.take_back(one, lane).map_err(|guard| vec![guard])?;
    }
    Ok(())
}

struct TakingBack<'a> {
    here: &'a Here,
    employee: &'a Employee,
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
                Action::SetAccess { .. } | Action::Update { .. } => {}
                Action::Define { .. } => not_taken_back(step, Reason::new("undo-made"), lane),
                Action::Notify { .. } => not_taken_back(step, Reason::new("undo-sent"), lane),
                Action::Remove => not_taken_back(step, Reason::new("undo-removed"), lane),
                Action::Native { .. } => not_taken_back(step, Reason::new("undo-native"), lane),
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

    fn update(&self, step: &Step, change: &Change, lane: &mut Lane<'_>) {
        let (mut back, mut before) = (Change::default(), Before::default());
        let (mut changed, mut fixed) = (Vec::new(), Vec::new());
        for (field, set) in &change.fields {
            let was = step.before.fields.get(field).cloned().flatten();
            if self.shows(*field, was.as_ref()) {
                continue;
            }
            if !self.shows(*field, set.as_ref()) {
                changed.push(field.as_str().to_owned());
                continue;
            }
            let capability = self.here.provider.capability();
            let support = match was {
                Some(_) => capability.updates(*field),
                None => capability.clears(*field),
            };
            if support.is_yes() {
                back.fields.insert(*field, was);
                before.fields.insert(*field, set.clone());
            } else {
                fixed.push(field.as_str().to_owned());
            }
        }
        for (name, edit) in &change.grants {
            match self.edit(name, edit) {
                Ok(Some(edit)) => {
                    before.grants.insert(name.clone(), self.held(name).to_vec());
                    back.grants.insert(name.clone(), edit);
                }
                Ok(None) => {}
                Err(Obstacle::Changed) => changed.push(name.to_string()),
                Err(Obstacle::Fixed) => fixed.push(name.to_string()),
            }
        }
        for (key, what) in [("undo-changed", changed), ("undo-cannot", fixed)] {
            if !what.is_empty() {
                not_taken_back(step, Reason::about(key, what.join(", ")), lane);
            }
        }
        if !back.is_empty() {
            let action = Action::Update { change: back };
            lane.step(self.stage(), action, &self.target, before);
        }
    }

    /// Returns the edit that takes another one back; none where nothing of it is left.
    fn edit(&self, name: &KindName, done: &GrantEdit) -> Result<Option<GrantEdit>, Obstacle> {
        let kind = self.here.provider.capability().kind(name);
        let (Some(kind), Some(Held::Seen(held))) = (kind, self.here.held.get(name)) else {
            return Err(Obstacle::Fixed);
        };
        let has = |grant: &Grant| held.iter().any(|held| held.same(grant));
        let drop: Vec<Grant> = done.add.iter().filter(|one| has(one)).cloned().collect();
        let add: Vec<Grant> = done.drop.iter().filter(|one| !has(one)).cloned().collect();
        let stands_alone = matches!(kind.holds, Holds::One { .. });
        let is_taken = |grant: &Grant| {
            held.iter().any(|held| {
                let in_its_place = stands_alone || held.names_the_same(grant);
                in_its_place && !drop.iter().any(|one| one.same(held))
            })
        };
        if kind.holds != Holds::Many && add.iter().any(is_taken) {
            return Err(Obstacle::Changed);
        }
        let edit = GrantEdit {
            keep: held
                .iter()
                .filter(|held| !drop.iter().any(|one| one.same(held)))
                .cloned()
                .collect(),
            add,
            drop,
        };
        if kind.holds == (Holds::One { required: true }) && edit.whole().next().is_none() {
            return Err(Obstacle::Fixed);
        }
        Ok((!edit.is_empty()).then_some(edit))
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
                let gone: Vec<Grant> = added.iter().filter(has).cloned().collect();
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

    fn held(&self, kind: &KindName) -> &[Grant] {
        self.here.held.get(kind).map_or(&[], Held::seen)
    }

    /// Whether a field shows a value. What is hidden is never compared.
    fn shows(&self, field: FieldName, value: Option<&String>) -> bool {
        match (self.employee.profile.get(field), value) {
            (Known::Hidden, _) | (Known::Empty, None) => true,
            (Known::Value(held), Some(value)) => same_value(field, held, value),
            (Known::Value(_), None) | (Known::Empty, Some(_)) => false,
        }
    }
}

/// Why an edit cannot be taken back.
enum Obstacle {
    /// Somebody has changed it since.
    Changed,
    /// The platform does not let it be as it was, or does not show it.
    Fixed,
}

const fn opposite(access: Access) -> Access {
    match access {
        Access::Open => Access::Suspended,
        Access::Suspended => Access::Open,
    }
}

fn not_taken_back(step: &Step, reason: Reason, lane: &mut Lane<'_>) {
    lane.say(Said::NotTakenBack {
        step: Box::new(step.clone()),
        reason,
    });
}
