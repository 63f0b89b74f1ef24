//! What somebody holds on one platform, against what their role gives there.
//!
//! It is the same difference that a plan is made of: names are told by [`resolve`], what comes with something else is not counted twice,
//! and what a role does not speak of is beyond it only where a platform gives any number of the kind.

use kadry_core::{Access, Employee, Fields, Grant, GrantKind, Holds, KindName};
use serde::{Deserialize, Serialize};

use super::resolve::{self, Targets, comes_with};
use super::{Guard, guards};
use crate::intent::RoleSection;
use crate::observe::{Held, Here};

/// One thing that somebody has or should have on a platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A record there.
    Record,
    /// An open door.
    Access,
    /// A grant.
    Grant {
        /// Which kind.
        kind: KindName,
        /// Its name, and the value under it where it has one.
        name: String,
    },
}

/// How what somebody holds on one platform differs from their role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// What they have beyond it.
    pub(crate) beyond: Vec<Thing>,
    /// What they lack.
    pub(crate) lacks: Vec<Thing>,
    /// What they have of kinds of which the role says nothing, and of which everybody has one; and what waits behind a closed door where
    /// no role wants them.
    pub(crate) besides: Vec<Thing>,
    /// The kinds that could not be compared, because what is held of them was not seen.
    pub(crate) unseen: Vec<KindName>,
    /// What of the role cannot be told there, and what makes it doubtful whose record it is.
    pub(crate) doubts: Vec<Guard>,
}

impl Thing {
    fn of(grant: &Grant) -> Self {
        Self::Grant {
            kind: grant.kind.clone(),
            name: grant.to_string(),
        }
    }
}

/// Returns how what was seen of a record differs from a role that gives this on the platform; without a section it gives nothing there.
pub(crate) fn compare(
    section: Option<&RoleSection>,
    fields: &Fields,
    employee: &Employee,
    here: &Here,
) -> Compared {
    let mut compared = Compared::default();
    let Some(section) = section else {
        everything(employee, here, &mut compared);
        return compared;
    };
    compared
        .doubts
        .extend(guards::same_person(employee, fields));
    if employee.access == Access::Suspended {
        compared.lacks.push(Thing::Access);
    }
    let capability = here.provider.capability();
    let (targets, _, untold) = resolve::told(section, fields, capability, &here.offers);
    let mut against = Against {
        here,
        is_open: employee.access == Access::Open,
        targets,
        untold: Vec::new(),
        compared,
    };
    for guard in untold {
        against.cannot_tell(guard);
    }
    for kind in &capability.grants {
        if !against.untold.contains(&kind.name) {
            against.kind(kind);
        }
    }
    against.compared
}

/// Nothing is asked for: all that is held is too much where the door is open, and waits for nobody where it is closed.
fn everything(employee: &Employee, here: &Here, compared: &mut Compared) {
    let is_open = employee.access == Access::Open;
    let mut held = Vec::new();
    for kind in here
        .provider
        .capability()
        .grants
        .iter()
        .filter(gives_access)
    {
        match here.held.get(&kind.name) {
            Some(Held::Seen(grants)) => held.extend(grants.iter().map(Thing::of)),
            Some(Held::Unseen) | None if is_open => compared.unseen.push(kind.name.clone()),
            Some(Held::Unseen) | None => {}
        }
    }
    if is_open {
        compared.beyond.push(Thing::Access);
        compared.beyond.extend(held);
    } else {
        compared.besides.extend(held);
    }
}

/// Whether grants of a kind give anything: what is written under somebody's name only tells of them.
fn gives_access(kind: &&GrantKind) -> bool {
    kind.holds != Holds::Values && kind.name != KindName::STATUS
}

struct Against<'a> {
    here: &'a Here,
    is_open: bool,
    targets: Targets,
    /// The kinds of which the role cannot be told.
    untold: Vec<KindName>,
    compared: Compared,
}

impl Against<'_> {
    fn cannot_tell(&mut self, guard: Guard) {
        if let Guard::NotOffered { kind, name, .. } = guard {
            // What does not exist is held by nobody.
            self.compared.lacks.push(Thing::Grant { kind, name });
            return;
        }
        if let Guard::CannotGrant { kind, .. } = guard {
            // A right of ours is missing to see what there is.
            self.compared.unseen.push(kind.clone());
            self.untold.push(kind);
            return;
        }
        if let Guard::OnlyOne { kind } | Guard::Ambiguous { kind, .. } = &guard {
            self.untold.push(kind.clone());
        }
        self.compared.doubts.push(guard);
    }

    fn kind(&mut self, kind: &GrantKind) {
        let wanted = self.targets.get(&kind.name);
        let is_asked = wanted.is_some();
        if !is_asked && !gives_access(&kind) {
            return;
        }
        let wanted = wanted.map_or(&[][..], Vec::as_slice);
        let Some(Held::Seen(held)) = self.here.held.get(&kind.name) else {
            if self.is_open || (is_asked && kind.while_suspended.is_yes()) {
                self.compared.unseen.push(kind.name.clone());
            }
            return;
        };
        let is_in = |grant: &Grant, some: &[Grant]| some.iter().any(|one| one.same(grant));
        let comes = |grant: &Grant, these: &Targets| comes_with(kind, grant, these, self.here);
        let earlier = self.held_before(kind);
        let missing = wanted
            .iter()
            .filter(|grant| !is_in(grant, held) && !comes(grant, &self.targets));
        let surplus = held
            .iter()
            .filter(|grant| !is_in(grant, wanted) && !comes(grant, &earlier));
        let surplus: Vec<Thing> = surplus.map(Thing::of).collect();
        let missing: Vec<Thing> = missing.map(Thing::of).collect();
        self.compared.lacks.extend(missing);
        match kind.holds {
            Holds::Many => self.compared.beyond.extend(surplus),
            Holds::One { .. } if is_asked => self.compared.beyond.extend(surplus),
            Holds::One { .. } => self.compared.besides.extend(surplus),
            Holds::Values => {}
        }
    }

    /// What is held of the kinds that bring people into this one.
    fn held_before(&self, kind: &GrantKind) -> Targets {
        let held = |earlier: &KindName| {
            let held = self.here.held.get(earlier)?.seen().to_vec();
            Some((earlier.clone(), held))
        };
        kind.after.iter().filter_map(held).collect()
    }
}
