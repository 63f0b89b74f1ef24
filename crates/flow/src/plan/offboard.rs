//! Taking somebody out on one platform.

use std::collections::BTreeMap;

use kadry_core::{
    Access, Action, Before, Change, Employee, FieldName, Grant, GrantEdit, GrantKind, Holds,
    MatchKey, OnLeave, ReadBy, Reason, RemoteId, Stage, Support, Target, Write,
};

use super::handover::hand_over;
use super::lane::{Given, Lane};
use super::{Guard, Looked, Plan, Remark, Said, guards, say_possible};
use crate::intent::Offboard;
use crate::observe::{Held, Here, can_wait};

/// Plans one lane: what can no longer be seen afterwards goes first unless doors must close now, then the door, then the rest.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn lane(
    offboard: &Offboard,
    here: &Here,
    looked: Looked<'_>,
    late: Option<&i64>,
    left: &[Grant],
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    match guards::the_one_here(here, looked.keys, looked.rules)? {
        Some(employee) => {
            if let Some(guard) = guards::the_last(&here.standing, employee, &here.others) {
                return Err(vec![guard]);
            }
            leave(offboard, here, employee, left, lane).map_err(|guard| vec![guard])?;
            remove(offboard, here, employee, looked, lane);
        }
        None => {
            lane.say(nobody(looked.keys));
            say_possible(here, lane);
        }
    }
    if let Some(until_ms) = late {
        lane.say(Said::Late {
            until_ms: *until_ms,
        });
        close_by_key(looked.keys, lane);
    }
    Ok(())
}

/// Says why nobody was found.
pub(super) const fn nobody(keys: &[MatchKey]) -> Said {
    if keys.is_empty() {
        Said::NoKey
    } else {
        Said::NobodyThere
    }
}

/// Closes the one door that is found by a key when the step is carried out.
pub(super) fn close_by_key(keys: &[MatchKey], lane: &mut Lane<'_>) {
    let close = Action::SetAccess {
        access: Access::Suspended,
    };
    lane.step(
        Stage::Close,
        close,
        &Target::Sought(keys.to_vec()),
        Before::default(),
    );
}

/// Says what can no longer be seen or taken when a door is closed by key. Nothing was planned for it: its platform was silent then.
pub(crate) fn hidden_by(here: &Here, employee: &Employee) -> Vec<Remark> {
    let leaving = Leaving {
        here,
        employee,
        target: Target::Known(employee.at.clone()),
    };
    let mut lane = Lane::new(here.provider.id(), "", 0);
    let kinds = here.provider.capability().grants.iter();
    for kind in kinds.filter(|kind| kind.on_leave == OnLeave::Revoke) {
        if let Support::No(reason) = &kind.while_suspended {
            leaving.say_hidden(kind, reason, &mut lane);
        }
    }
    let mut plan = Plan::default();
    lane.into_plan(&mut plan);
    plan.remarks
}

/// Removes the record at the end, when every door is closed.
fn remove(
    offboard: &Offboard,
    here: &Here,
    employee: &Employee,
    looked: Looked<'_>,
    lane: &mut Lane<'_>,
) {
    if !offboard.remove {
        return;
    }
    let capability = here.provider.capability();
    let removal = match &capability.remove {
        Support::Yes if looked.every_door_closes => Ok(()),
        Support::Yes => Err(Reason::new("a-door-stays-open")),
        Support::No(reason) => Err(reason.clone()),
    };
    match removal {
        Ok(()) => {
            for reason in &capability.on_remove {
                let reason = reason.clone();
                lane.say(Said::Consequence { reason });
            }
            let target = Target::Known(employee.at.clone());
            let before = Before {
                access: Some(employee.access),
                fields: known_fields(employee),
                grants: employee
                    .grants
                    .iter()
                    .filter_map(|(kind, held)| Some((kind.clone(), held.value()?.clone())))
                    .collect(),
                native: None,
            };
            lane.step(Stage::Remove, Action::Remove, &target, before);
        }
        Err(reason) => lane.say(Said::CannotRemove { reason }),
    }
}

fn known_fields(employee: &Employee) -> BTreeMap<FieldName, Option<String>> {
    let shown = employee.profile.shown();
    shown
        .map(|(field, value)| (field, value.value().cloned()))
        .collect()
}

/// # Errors
///
/// A guard when there is something to hand over and nobody to take it.
fn leave(
    offboard: &Offboard,
    here: &Here,
    employee: &Employee,
    left: &[Grant],
    lane: &mut Lane<'_>,
) -> Result<(), Guard> {
    let capability = here.provider.capability();
    let leaving = Leaving {
        here,
        employee,
        target: Target::Known(employee.at.clone()),
    };
    let open = employee.access == Access::Open;
    if let (true, Support::No(reason)) = (open, &capability.suspend) {
        // A right that is missing here must not keep the other doors open.
        lane.say(Said::CannotClose {
            reason: reason.clone(),
        });
        return Ok(());
    }
    let calm = open && !offboard.now;
    if calm && let Some(successor) = &offboard.successor {
        hand_over(successor, here, employee, left, lane)?;
    }
    let revoked = || {
        capability
            .grants
            .iter()
            .filter(|kind| kind.on_leave == OnLeave::Revoke)
    };
    let early = |kind: &GrantKind| calm && leaving.vanishes(kind);
    for kind in revoked().filter(|kind| early(kind)) {
        leaving.take(kind, Stage::Release, lane);
    }
    if open {
        let before = Before {
            access: Some(Access::Open),
            ..Before::default()
        };
        lane.step(
            Stage::Close,
            Action::SetAccess {
                access: Access::Suspended,
            },
            &leaving.target,
            before,
        );
        for reason in &capability.on_suspend {
            let reason = reason.clone();
            lane.say(Said::Consequence { reason });
        }
    }
    if !calm && let Some(successor) = &offboard.successor {
        hand_over(successor, here, employee, left, lane)?;
    }
    for kind in revoked().filter(|_| open) {
        if let (ReadBy::Catalogue, Some(reason)) = (kind.read, kind.lacks_to_see()) {
            lane.say(Said::CannotRead {
                kind: kind.name.clone(),
                reason: reason.clone(),
                hidden: !kind.while_suspended.is_yes(),
            });
        }
    }
    for kind in revoked().filter(|kind| !early(kind)) {
        match &kind.while_suspended {
            Support::Yes if leaving.is_left_for_later(kind) => lane.say(Said::TidiedLater {
                kind: kind.name.clone(),
            }),
            Support::Yes => leaving.take(kind, Stage::Tidy, lane),
            Support::No(reason) => leaving.say_hidden(kind, reason, lane),
        }
    }
    for kind in &capability.grants {
        if let OnLeave::Keep(reason) = &kind.on_leave {
            leaving.say_keeps(kind, reason, lane);
        }
    }
    Ok(())
}

struct Leaving<'a> {
    here: &'a Here,
    employee: &'a Employee,
    target: Target,
}

impl Leaving<'_> {
    /// Whether the grants cannot be seen once the door is closed, or come before some that cannot.
    fn vanishes(&self, kind: &GrantKind) -> bool {
        let hidden =
            |kind: &GrantKind| !kind.while_suspended.is_yes() && kind.on_leave == OnLeave::Revoke;
        hidden(kind)
            || self
                .here
                .provider
                .capability()
                .grants
                .iter()
                .any(|later| hidden(later) && later.after.contains(&kind.name))
    }

    fn held(&self, kind: &GrantKind) -> &[Grant] {
        self.here.held.get(&kind.name).map_or(&[], Held::seen)
    }

    /// Whether what is held is read once the door is closed.
    fn is_left_for_later(&self, kind: &GrantKind) -> bool {
        can_wait(kind, self.employee) && !self.here.held.contains_key(&kind.name)
    }

    /// Whether the list of the things of this kind could be read and was not.
    fn is_unread(&self, kind: &GrantKind) -> bool {
        kind.catalogue.is_yes() && !matches!(self.here.held.get(&kind.name), Some(Held::Seen(_)))
    }

    fn owner(&self, kind: &GrantKind, grant: &Grant) -> Option<&RemoteId> {
        let offers = self.here.offers.get(&kind.name)?;
        offers
            .iter()
            .find(|offer| grant.id.as_ref() == Some(&offer.id))
            .and_then(|offer| offer.owner.as_ref())
    }

    fn take(&self, kind: &GrantKind, stage: Stage, lane: &mut Lane<'_>) {
        let held = self.held(kind);
        let (owned, held): (Vec<Grant>, Vec<Grant>) = held
            .iter()
            .cloned()
            .partition(|grant| self.owner(kind, grant) == Some(&self.employee.at.id));
        self.say_stays(kind, &owned, &Reason::new("owner-stays"), lane);
        if held.is_empty() {
            return;
        }
        match (&kind.on_update, &kind.alone) {
            (Write::WholeSet | Write::Delta, _) => {
                let mut before = Before::default();
                before.grants.insert(kind.name.clone(), held.clone());
                let mut change = Change::default();
                change.grants.insert(
                    kind.name.clone(),
                    GrantEdit {
                        keep: owned,
                        drop: held,
                        ..GrantEdit::default()
                    },
                );
                lane.step(stage, Action::Update { change }, &self.target, before);
            }
            (Write::No(_), Support::Yes) => {
                lane.grants(stage, kind, Given::Drop(&held), &self.target);
            }
            (Write::No(_), Support::No(reason)) => self.say_stays(kind, &held, reason, lane),
        }
    }

    fn say_keeps(&self, kind: &GrantKind, reason: &Reason, lane: &mut Lane<'_>) {
        // A record may say only the id of the one thing that it has, which tells nobody anything.
        let told = |grant: &&Grant| kind.holds == Holds::Many || !grant.is_nameless();
        let held = self.employee.granted(&kind.name).unwrap_or_default();
        let names: Vec<String> = held
            .iter()
            .filter(told)
            .map(|grant| grant.name.clone())
            .collect();
        if !names.is_empty() {
            let reason = reason.clone();
            lane.say(Said::Keeps {
                kind: kind.name.clone(),
                names,
                reason,
            });
        }
    }

    /// Says what is hidden behind a closed door, or that nobody knows.
    fn say_hidden(&self, kind: &GrantKind, reason: &Reason, lane: &mut Lane<'_>) {
        if self.employee.access == Access::Open && self.is_unread(kind) {
            lane.say(Said::NotRead {
                kind: kind.name.clone(),
            });
        } else {
            self.say_stays(kind, self.held(kind), reason, lane);
        }
    }

    fn say_stays(&self, kind: &GrantKind, grants: &[Grant], reason: &Reason, lane: &mut Lane<'_>) {
        if !grants.is_empty() {
            let names = grants.iter().map(|grant| grant.name.clone()).collect();
            lane.say(Said::Stays {
                kind: kind.name.clone(),
                names,
                reason: reason.clone(),
            });
        }
    }
}
