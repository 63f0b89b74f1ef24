//! Who administers a platform or signs there, and which steps take that away.

use std::collections::BTreeSet;

use kadry_core::{Action, Capability, Change, Employee, KindName, Known, ProviderId, Stage, Step};

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

/// Reports whether a change takes the role of somebody, or what they sign with.
pub(crate) fn takes_power(change: &Change, capability: &Capability) -> bool {
    let drops = |kind: &KindName, name: Option<&str>| {
        let edit = change.grants.get(kind);
        edit.is_some_and(|edit| {
            let mut gone = edit.drop.iter();
            gone.any(|grant| name.is_none_or(|name| grant.name == name))
        })
    };
    let signing = capability.signs_with.as_ref();
    drops(&KindName::ROLE, None) || signing.is_some_and(|(kind, name)| drops(kind, Some(name)))
}

/// Reports whether somebody may stop administering or signing by a step.
pub(crate) fn loses_power(step: &Step, capability: &Capability) -> bool {
    match &step.action {
        Action::SetAccess { .. } => step.stage == Stage::Close,
        Action::Update { change } => takes_power(change, capability),
        Action::Define { .. }
        | Action::Create { .. }
        | Action::SetGrants { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => false,
    }
}
