//! What has to be seen on a platform of somebody who changes places.

use kadry_core::{Access, Capability, GrantKind, Holds, ProviderId, ReadBy, Write};

use super::wanted::ROLE_KEY;
use crate::intent::{RoleSection, Transfer};

/// What was asked for on one platform until now, and what is from now on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moving<'a> {
    new: Option<&'a RoleSection>,
    old: Option<&'a RoleSection>,
    /// Whether it matters what is held beyond both: it goes, or it is named.
    whole: bool,
    /// Whether anything may be taken.
    takes: bool,
}

impl<'a> Moving<'a> {
    pub(super) fn on(transfer: &'a Transfer, id: &ProviderId) -> Self {
        let old = transfer.former.get(id);
        let named = |old: &RoleSection| old.grants.values().any(|names| !names.is_empty());
        Self {
            new: transfer.sections.get(id),
            old,
            whole: transfer.strict || transfer.is_blind(id),
            takes: transfer.strict || old.is_some_and(named),
        }
    }

    fn names(self, kind: &GrantKind) -> bool {
        let mut sections = self.new.into_iter().chain(self.old);
        sections.any(|section| section.names(kind.role_key))
    }

    fn follows(self, kind: &GrantKind) -> bool {
        self.new.is_some() && kind.follows_department
    }

    /// Whether somebody may lose it along with something of an earlier kind.
    fn may_go_along(self, kind: &GrantKind) -> bool {
        self.takes && !kind.after.is_empty()
    }

    /// Whether a list is read of what can be granted.
    pub(super) fn offers(self, kind: &GrantKind) -> bool {
        let is_whole = self.whole && can_be_taken(kind) && kind.read == ReadBy::Catalogue;
        self.names(kind) || self.follows(kind) || self.may_go_along(kind) || is_whole
    }

    /// Whether it is read what the person holds. Behind a closed door nothing is done.
    pub(super) fn held(self, kind: &GrantKind, access: Access) -> bool {
        let is_whole = self.whole && can_be_taken(kind);
        let is_asked =
            self.names(kind) || self.follows(kind) || self.may_go_along(kind) || is_whole;
        is_asked && access == Access::Open
    }

    /// Whether somebody may lose what they sign with.
    pub(super) fn may_take_signing(self, capability: &Capability) -> bool {
        let signs_with = capability.signs_with.as_ref();
        let kind = signs_with.and_then(|(kind, _)| capability.kind(kind));
        kind.is_some_and(|kind| self.takes && self.held(kind, Access::Open))
    }

    /// Whether an administrator may lose that role.
    pub(super) fn sets_the_role(self) -> bool {
        self.new.is_some_and(|section| section.names(ROLE_KEY))
    }
}

/// Reports whether grants of a kind can be taken with nothing in their place, as far as the platform goes and our rights there.
pub(crate) fn can_be_taken(kind: &GrantKind) -> bool {
    kind.holds == Holds::Many && (kind.alone.is_yes() || !matches!(kind.on_update, Write::No(_)))
}
