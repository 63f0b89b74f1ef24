//! Whether somebody is still as they were when their plan was approved. Pure.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Action, ProviderId, Step, Target};

use super::Planned;
use super::things::is_making;
use crate::plan::resume::{does_no_more, is_one_record};

impl Planned {
    /// Returns the platforms on which a new plan is another one, or what was seen is something else; none where it is the same. Platforms
    /// that `read` leaves out are not compared, nor those on which nothing had been seen.
    pub(super) fn differs(
        &self,
        now: &Self,
        read: impl Fn(&ProviderId) -> bool,
    ) -> Option<Vec<ProviderId>> {
        let mut on = BTreeSet::new();
        for (provider, seen) in self.who.observed.iter().filter(|(id, _)| read(id)) {
            if now.who.why.is_none() && now.who.observed.get(provider) != Some(seen) {
                on.insert(provider.clone());
            }
        }
        let providers: BTreeSet<&ProviderId> = self
            .steps
            .iter()
            .chain(&now.steps)
            .map(|step| &step.provider)
            .filter(|id| read(id) && self.who.observed.contains_key(*id))
            .collect();
        for provider in providers {
            let lane = |planned: &Self| -> Vec<Step> {
                let steps = planned.steps.iter();
                let makes_nothing = |step: &&Step| !matches!(step.action, Action::Define { .. });
                steps
                    .filter(|step| step.provider == *provider)
                    .filter(makes_nothing)
                    .cloned()
                    .collect()
            };
            let (approved, now) = (lane(self), lane(now));
            let same = approved.len() == now.len();
            if !same
                || !approved
                    .iter()
                    .zip(&now)
                    .all(|(one, other)| alike(one, other))
            {
                on.insert(provider.clone());
            }
        }
        let is_refused = now.who.why.is_some();
        (is_refused || !on.is_empty()).then(|| on.into_iter().collect())
    }
}

/// Whether two steps do the same; a thing that was missing may have got its id meanwhile.
fn alike(one: &Step, other: &Step) -> bool {
    let aims = match (&one.target, &other.target) {
        (Target::Known(one), Target::Known(other)) => is_one_record(one, other),
        (Target::CreatedBy(_), Target::CreatedBy(_)) => true,
        (one, other) => one == other,
    };
    one.stage == other.stage
        && aims
        && one.before == other.before
        && does_no_more(&one.action, &other.action)
        && does_no_more(&other.action, &one.action)
}

/// Returns what was approved as it is planned now, where both come to the same, under the approved numbers: by now it may be known what a
/// platform calls a thing that was missing. Where nothing is planned it stays as it was approved.
pub(super) fn approved(steps: Vec<Step>, now: &[Step]) -> Vec<Step> {
    let mut now: Vec<&Step> = now.iter().filter(|step| !is_making(step)).collect();
    let lanes: BTreeSet<&ProviderId> = now.iter().map(|step| &step.provider).collect();
    let mut numbers = BTreeMap::new();
    let mut taken = Vec::with_capacity(steps.len());
    for step in steps {
        let is_by_key = matches!(step.target, Target::Sought(_));
        let is_planned = !is_making(&step) && !is_by_key && lanes.contains(&step.provider);
        let at = now.iter().position(|now| now.provider == step.provider);
        let Some(at) = at.filter(|_| is_planned) else {
            taken.push(step);
            continue;
        };
        let mut now = now.remove(at).clone();
        numbers.insert(now.seq, step.seq);
        now.seq = step.seq;
        if let Target::CreatedBy(made_by) = &mut now.target
            && let Some(known) = numbers.get(made_by)
        {
            *made_by = *known;
        }
        taken.push(now);
    }
    taken
}
