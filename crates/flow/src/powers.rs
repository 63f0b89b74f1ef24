//! Who administers a platform or signs there, and which steps take that away.

use std::collections::BTreeSet;

use kadry_core::{
    Access, Action, Capability, Change, Employee, EmployeeProvider, KindName, Known, ProviderId,
    Step,
};

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

/// What somebody can do for everybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Powers {
    pub(crate) administering: bool,
    pub(crate) signing: bool,
}

impl Powers {
    pub(crate) const ALL: Self = Self {
        administering: true,
        signing: true,
    };

    pub(crate) const fn any(self) -> bool {
        self.administering || self.signing
    }

    const fn and(self, other: Self) -> Self {
        Self {
            administering: self.administering || other.administering,
            signing: self.signing || other.signing,
        }
    }

    /// What may be lost by any of these steps.
    pub(crate) fn lost_by<'a>(
        steps: impl IntoIterator<Item = &'a Step>,
        provider: &dyn EmployeeProvider,
    ) -> Self {
        let lost = steps.into_iter().map(|step| lost_by(step, provider));
        lost.fold(Self::default(), Self::and)
    }

    /// What may be lost by a change: the role makes an administrator, and one signs with some rights.
    pub(crate) fn lost_with(change: &Change, capability: &Capability) -> Self {
        let gone = |kind: &KindName| {
            let edit = change.grants.get(kind);
            edit.map_or(&[][..], |edit| edit.drop.as_slice())
        };
        let signing = capability.signs_with.as_ref();
        Self {
            administering: !gone(&KindName::ROLE).is_empty(),
            signing: signing.is_some_and(|(kind, names)| {
                let mut gone = gone(kind).iter();
                gone.any(|grant| names.contains(&grant.name.as_str()))
            }),
        }
    }
}

/// Returns what somebody may lose by a step.
pub(crate) fn lost_by(step: &Step, provider: &dyn EmployeeProvider) -> Powers {
    match &step.action {
        Action::SetAccess {
            access: Access::Suspended,
        } => Powers::ALL,
        Action::Update { change } => Powers::lost_with(change, provider.capability()),
        Action::Native { call, .. } => {
            let now = step.before.native.as_ref();
            let table = provider.native();
            Powers {
                signing: table.is_some_and(|table| table.takes_signing(call, now)),
                ..Powers::default()
            }
        }
        Action::SetAccess {
            access: Access::Open,
        }
        | Action::Define { .. }
        | Action::Create { .. }
        | Action::SetGrants { .. }
        | Action::Notify { .. }
        | Action::Remove => Powers::default(),
    }
}
