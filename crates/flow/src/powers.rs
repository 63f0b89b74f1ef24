//! Who administers a platform or signs there, and which steps take that away.

use std::collections::BTreeSet;

use kadry_core::{Action, Employee, KindName, Known, ProviderId, Stage, Step};

use crate::observe::Snapshot;

/// Reports whether somebody administers their platform or signs there.
pub(crate) fn holds_power(one: &Employee) -> bool {
    let is = |mark: &Known<bool>| *mark == Known::Value(true);
    is(&one.marks.administrator) || is(&one.marks.signer)
}

/// The platforms on which the person administers or signs, so that others count who do.
pub(crate) fn powerful(seen: &Snapshot) -> BTreeSet<ProviderId> {
    let here = seen
        .here()
        .filter(|(_, here)| here.matches.iter().any(holds_power));
    here.map(|(id, _)| id.clone()).collect()
}

/// Reports whether somebody may stop administering or signing by a step.
pub(crate) fn loses_power(step: &Step) -> bool {
    match &step.action {
        Action::SetAccess { .. } => step.stage == Stage::Close,
        Action::Update { change } => {
            let role = change.grants.get(&KindName::ROLE);
            role.is_some_and(|edit| !edit.drop.is_empty())
        }
        Action::Define { .. }
        | Action::Create { .. }
        | Action::SetGrants { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => false,
    }
}
