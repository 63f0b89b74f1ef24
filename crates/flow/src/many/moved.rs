//! Whether somebody is still as they were when their plan was approved. Pure.

use std::collections::BTreeSet;

use kadry_core::{Action, ProviderId, Step, Target};

use super::Planned;
use crate::plan::resume::{does_no_more, is_one_record};

impl Planned {
    /// Returns the platforms on which a new plan is another one, or what was seen is something else; none where it is the same.
    pub(super) fn differs(&self, now: &Self) -> Option<Vec<ProviderId>> {
        let mut on = BTreeSet::new();
        for (provider, seen) in &self.who.observed {
            if now.who.why.is_none() && now.who.observed.get(provider) != Some(seen) {
                on.insert(provider.clone());
            }
        }
        let providers: BTreeSet<&ProviderId> = self
            .steps
            .iter()
            .chain(&now.steps)
            .map(|step| &step.provider)
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
