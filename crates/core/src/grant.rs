//! Anything that an employee has on a platform beyond existing there.

use std::borrow::Cow;
use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};

use crate::capability::{Reason, Support};
use crate::employee::RemoteId;
use crate::fold::fold;

/// The name of a kind of grant, such as `tag` or `department`.
///
/// It is open, so that a new platform brings its own kinds without an edit here; the constants are the words that platforms share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KindName(Cow<'static, str>);

impl KindName {
    /// A label that groups people.
    pub const TAG: Self = Self::known("tag");
    /// Membership in a conversation.
    pub const CHAT: Self = Self::known("chat");
    /// The place in the tree of departments of a call platform.
    pub const UNIT: Self = Self::known("unit");
    /// The role on the platform.
    pub const ROLE: Self = Self::known("role");
    /// The grade on the platform.
    pub const LEVEL: Self = Self::known("level");
    /// The department as the platform's own record, not as text.
    pub const DEPARTMENT: Self = Self::known("department");
    /// How far the person sees.
    pub const ACCESS_LEVEL: Self = Self::known("access-level");
    /// A single right.
    pub const PERMISSION: Self = Self::known("permission");
    /// An e-mail subscription of the platform.
    pub const SUBSCRIPTION: Self = Self::known("subscription");
    /// A department whose documents the person sees.
    pub const SEEN_DEPARTMENT: Self = Self::known("seen-department");
    /// A value in a field that the organisation added to the platform's records.
    pub const PROPERTY: Self = Self::known("property");
    /// The line under a name that says how somebody is.
    pub const STATUS: Self = Self::known("status");
    /// A machine-readable power of attorney (МЧД).
    pub const POWER_OF_ATTORNEY: Self = Self::known("power-of-attorney");

    /// Returns a kind whose name is known when the program is built.
    #[must_use]
    pub const fn known(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    const SHARED: [Self; 13] = [
        Self::TAG,
        Self::CHAT,
        Self::UNIT,
        Self::ROLE,
        Self::LEVEL,
        Self::DEPARTMENT,
        Self::ACCESS_LEVEL,
        Self::PERMISSION,
        Self::SUBSCRIPTION,
        Self::SEEN_DEPARTMENT,
        Self::PROPERTY,
        Self::STATUS,
        Self::POWER_OF_ATTORNEY,
    ];
}

impl<'de> Deserialize<'de> for KindName {
    /// A word that platforms share is not kept once more: it stands beside every grant that is read.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = KindName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a kind of grant")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<KindName, E> {
                let shared = KindName::SHARED.into_iter().find(|kind| kind.0 == name);
                Ok(shared.unwrap_or_else(|| KindName(Cow::Owned(name.to_owned()))))
            }
        }

        deserializer.deserialize_str(Name)
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}: {value}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

impl fmt::Display for KindName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thing that an employee has or should have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What kind of thing.
    pub kind: KindName,
    /// The platform's id of the thing, where records carry it. Tags of Pachca are known on a record by name only.
    pub id: Option<RemoteId>,
    /// The name that people know it by.
    pub name: String,
    /// What stands under the name, for a kind that holds values, such as a custom property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Grant {
    /// Returns a grant that is known by its name.
    pub fn named(kind: KindName, name: impl Into<String>) -> Self {
        Self {
            kind,
            id: None,
            name: name.into(),
            value: None,
        }
    }

    /// Returns a grant that is known by id and name.
    pub fn with_id(kind: KindName, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind,
            id: Some(RemoteId::new(id)),
            name: name.into(),
            value: None,
        }
    }

    /// Reports whether only its id is known, which tells nobody anything.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        self.id.as_ref().is_some_and(|id| id.as_str() == self.name)
    }

    /// Returns the grant with this value under its name.
    #[must_use]
    pub fn holding(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Reports whether both are the same thing with the same value.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.names_the_same(other) && self.value == other.value
    }

    /// Reports whether both are the same thing, whatever its value: by id where both have one, else by folded name.
    #[must_use]
    pub fn names_the_same(&self, other: &Self) -> bool {
        self.kind == other.kind
            && match (&self.id, &other.id) {
                (Some(mine), Some(theirs)) => mine == theirs,
                _ => fold(&self.name) == fold(&other.name),
            }
    }
}

/// How many grants of a kind an employee has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Exactly one, or at most one when it is not required.
    One {
        /// Whether a record without it cannot be created.
        required: bool,
    },
    /// Any number.
    Many,
    /// One value under each of any number of names: a new value takes the place of the old one.
    Values,
}

/// How grants of a kind are written together with the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// They are not.
    No(Reason),
    /// The whole set is sent and replaces what was there.
    WholeSet,
    /// Only what changes is sent.
    Delta,
}

/// How the grants of a kind are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBy {
    /// They stand on the record.
    WithEmployee,
    /// One call for each person.
    EachPerson,
    /// Rows of the catalogue name their holders.
    Catalogue,
}

/// What offboarding does with grants of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnLeave {
    /// They are taken away.
    Revoke,
    /// They stay, and why.
    Keep(Reason),
}

/// What a platform can do with one kind of grant. There is no `Default`: every question has to be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantKind {
    /// The name.
    pub name: KindName,
    /// The key in a role's section that lists grants of this kind, such as `tags`.
    pub role_key: &'static str,
    /// How many an employee has.
    pub holds: Holds,
    /// Whether they can be given in the call that creates the record.
    pub on_create: Support,
    /// How they are written with the record later.
    pub on_update: Write,
    /// Whether what an employee has one of can be taken with nothing in its place. Of what they have many of, any can be taken.
    pub clear: Support,
    /// Whether they can be given and taken by themselves, one remote change for each.
    pub alone: Support,
    /// Whether several of them can be given or taken by themselves in one request; without it each is a step of its own.
    pub together: bool,
    /// How they are read.
    pub read: ReadBy,
    /// Whether what can be granted is listed by the platform. Without it a role's names are taken as they are.
    pub catalogue: Support,
    /// Whether a missing one can be made.
    pub define: Support,
    /// Whether they can be seen and changed while the person is suspended.
    pub while_suspended: Support,
    /// What offboarding does.
    pub on_leave: OnLeave,
    /// Whether what the leaver owned can be handed over.
    pub hand_over: Support,
    /// The kinds that must be written before this one.
    pub after: &'static [KindName],
    /// Whether the person's department names a grant of this kind when the role does not.
    pub follows_department: bool,
}

impl GrantKind {
    /// Reports whether taking a grant would leave nothing in a place that the platform does not let be empty.
    #[must_use]
    pub fn must_stay(&self, gone: &Grant, add: &[Grant]) -> bool {
        let replaced = match self.holds {
            Holds::Many => true,
            Holds::One { .. } => !add.is_empty(),
            Holds::Values => add.iter().any(|new| new.names_the_same(gone)),
        };
        !replaced && !self.clear.is_yes()
    }

    /// Returns the right of ours that is missing to give grants of this kind to a record that is there, or, as `with_record`, to one
    /// that is about to be made; none where they can be given.
    #[must_use]
    pub fn lacks_to_give(&self, with_record: bool) -> Option<&Reason> {
        let on_update = match &self.on_update {
            Write::No(reason) => Some(reason),
            Write::WholeSet | Write::Delta => None,
        };
        let on_create = self.on_create.reason().filter(|_| with_record);
        let ways = [on_update, self.alone.reason(), on_create];
        let can =
            on_update.is_none() || self.alone.is_yes() || (with_record && self.on_create.is_yes());
        let mut rights = ways.into_iter().flatten().filter(|why| why.lacks_a_right());
        rights.next().filter(|_| !can)
    }

    /// Returns the right of ours that is missing to see what there is of this kind, and who has it.
    #[must_use]
    pub fn lacks_to_see(&self) -> Option<&Reason> {
        self.catalogue.reason().filter(|why| why.lacks_a_right())
    }
}

/// A change to the grants of one kind that is written with the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantEdit {
    /// What is held and stays. A backend that writes whole sets sends `keep` and `add`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<Grant>,
    /// What is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Grant>,
    /// What is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drop: Vec<Grant>,
}

impl GrantEdit {
    /// Returns the set that is held once the edit is written.
    pub fn whole(&self) -> impl Iterator<Item = &Grant> {
        self.keep.iter().chain(&self.add)
    }

    /// Reports whether nothing is given and nothing taken.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.add.is_empty() && self.drop.is_empty()
    }
}

/// One thing of a kind that a platform offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The platform's id of it.
    pub id: RemoteId,
    /// Its name.
    pub name: String,
    /// Its place in a tree, from the root to the name itself; only the name where there is no tree.
    pub path: Vec<String>,
    /// Who holds it, where the row says so. Suspended holders may be left out by the platform.
    pub holders: Option<Vec<RemoteId>>,
    /// Who owns it and therefore cannot be taken out of it.
    pub owner: Option<RemoteId>,
    /// The ids of the grants of an earlier kind that bring people into this one, such as the tags of a chat.
    pub through: Vec<RemoteId>,
}

/// A thing that does not exist yet and is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its place in the tree, from the root to its own name.
    pub path: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_the_same_by_id_first_and_by_folded_name_otherwise() {
        let by_name = Grant::named(KindName::TAG, "Учёт ");
        assert!(by_name.same(&Grant::named(KindName::TAG, "учет")));
        assert!(by_name.same(&Grant::with_id(KindName::TAG, "7", "Учёт")));
        assert!(
            !Grant::with_id(KindName::UNIT, "1", "Отдел").same(&Grant::with_id(
                KindName::UNIT,
                "2",
                "Отдел"
            ))
        );
        assert!(!by_name.same(&Grant::named(KindName::CHAT, "учет")));
    }
}
