//! What a flow wants to see on a platform.

use kadry_core::{
    Access, Action, Employee, EmployeeProvider, GrantKind, Known, OnLeave, ProviderId, ReadBy,
};

use super::moving::Moving;
use crate::intent::{Departments, Flow, Native, Offboard, RoleSection, Undo};
use crate::powers::holds_power;

/// The key of a role's section that says what somebody may do on the platform: an administrator may lose it.
pub(super) const ROLE_KEY: &str = "role";

/// What a flow wants to see on a platform.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted<'a> {
    Role(&'a RoleSection),
    Leaving(&'a Offboard),
    Moving(Moving<'a>),
    Undoing(&'a Undo, &'a ProviderId),
    Native(&'a Native),
    Departments(&'a Departments),
}

/// Reports whether the list of what somebody holds of a kind is not waited for in a flow: that it was read in time says nothing of the
/// person.
pub(crate) fn is_read_aside(flow: &Flow, kind: &GrantKind) -> bool {
    let Flow::Offboard(leaving) = flow else {
        return false;
    };
    let wanted = Wanted::Leaving(leaving);
    wanted.offers(kind) && wanted.aside(kind)
}

impl Wanted<'_> {
    pub(super) fn offers(self, kind: &GrantKind) -> bool {
        kind.catalogue.is_yes()
            && match self {
                Self::Role(section) => section.names(kind.role_key) || kind.follows_department,
                Self::Leaving(_) => {
                    kind.read == ReadBy::Catalogue && kind.on_leave == OnLeave::Revoke
                }
                Self::Moving(moving) => moving.offers(kind),
                Self::Undoing(undo, on) => {
                    kind.read == ReadBy::Catalogue && mentions(undo, on, kind)
                }
                Self::Native(_) | Self::Departments(_) => false,
            }
    }

    pub(super) fn held(self, kind: &GrantKind, access: Access) -> bool {
        match self {
            Self::Role(section) => {
                section.names(kind.role_key)
                    || kind.follows_department
                    || access == Access::Suspended
            }
            Self::Leaving(_) => kind.on_leave == OnLeave::Revoke,
            Self::Moving(moving) => moving.held(kind, access),
            Self::Undoing(undo, on) => mentions(undo, on, kind),
            Self::Native(_) | Self::Departments(_) => false,
        }
    }

    /// Whether the door does not wait until the list of these is read: nothing is done about them, and what is not read in time is
    /// hidden behind the closed door.
    pub(super) fn aside(self, kind: &GrantKind) -> bool {
        match self {
            Self::Role(_)
            | Self::Moving(_)
            | Self::Undoing(..)
            | Self::Native(_)
            | Self::Departments(_) => false,
            Self::Leaving(leaving) => {
                leaving.now && leaving.successor.is_none() && !kind.while_suspended.is_yes()
            }
        }
    }

    /// Whether it has to be known who else administers the platform or signs there.
    pub(super) fn counts_others(
        self,
        employee: &Employee,
        provider: &dyn EmployeeProvider,
    ) -> bool {
        match self {
            Self::Role(section) => administers(employee) && section.names(ROLE_KEY),
            Self::Moving(moving) => {
                let may_take_signing = || moving.may_take_signing(provider.capability());
                administers(employee) && moving.sets_the_role()
                    || signs(employee) && may_take_signing()
            }
            Self::Leaving(leaving) => {
                employee.access == Access::Open && is_powerful(employee, leaving.privileged)
            }
            Self::Undoing(undo, _) => {
                employee.access == Access::Open && is_powerful(employee, undo.privileged)
            }
            Self::Departments(_) => false,
            Self::Native(native) => {
                let table = provider.native();
                let mut calls =
                    std::iter::once(&native.call).chain(native.singles.iter().flatten());
                holds_power(employee)
                    && table.is_some_and(|table| calls.any(|call| table.takes_signing(call, None)))
            }
        }
    }
}

/// Reports whether somebody who is in signs on the platform.
fn signs(employee: &Employee) -> bool {
    employee.access == Access::Open && employee.marks.signer == Known::Value(true)
}

/// Reports whether somebody who is in administers the platform.
fn administers(employee: &Employee) -> bool {
    employee.access == Access::Open && employee.marks.administrator == Known::Value(true)
}

/// Reports whether a record is one of which a platform may not lose the last. An administrator is refused without leave anyway.
fn is_powerful(employee: &Employee, privileged: bool) -> bool {
    let administers = employee.marks.administrator == Known::Value(true);
    (administers && privileged) || (!administers && employee.marks.signer == Known::Value(true))
}

/// Reports whether an undo is about grants of a kind.
fn mentions(undo: &Undo, on: &ProviderId, kind: &GrantKind) -> bool {
    let mut steps = undo.done.iter().map(|one| &one.step);
    steps.any(|step| {
        step.provider == *on
            && match &step.action {
                Action::SetGrants { kind: name, .. } => *name == kind.name,
                Action::Update { change } => change.grants.contains_key(&kind.name),
                Action::Define { .. }
                | Action::Create { .. }
                | Action::SetAccess { .. }
                | Action::Notify { .. }
                | Action::Remove
                | Action::Native { .. } => false,
            }
    })
}
