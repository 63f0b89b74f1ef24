//! What one platform can and cannot do, learnt when it is connected.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::employee::{FieldName, KeyName, MatchKey};
use crate::grant::{GrantKind, KindName};

/// Why something cannot be done: a key that the command line words, and what the sentence names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The key of the sentence, such as `no-such-call`.
    pub key: Cow<'static, str>,
    /// What the sentence names, such as the missing scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Cow<'static, str>>,
}

impl Reason {
    /// Returns a reason that names nothing.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self {
            key: Cow::Borrowed(key),
            detail: None,
        }
    }

    /// Returns a reason that names something.
    pub fn about(key: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key: Cow::Borrowed(key),
            detail: Some(detail.into()),
        }
    }
}

impl Reason {
    /// Reports whether it is a right of ours that is missing, and not something that the platform does not have.
    #[must_use]
    pub fn lacks_a_right(&self) -> bool {
        matches!(self.key.as_ref(), "scope-missing" | "needs-administrator")
    }
}

/// Whether a platform can do something; a no carries its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Support {
    /// It can.
    Yes,
    /// It cannot, and why.
    No(Reason),
}

impl Support {
    /// Returns a no.
    #[must_use]
    pub const fn no(key: &'static str) -> Self {
        Self::No(Reason::new(key))
    }

    /// Reports whether it can.
    #[must_use]
    pub const fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }

    /// Returns the reason of a no.
    #[must_use]
    pub const fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Yes => None,
            Self::No(reason) => Some(reason),
        }
    }
}

/// What can be written to one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRule {
    /// Whether it can be given in the call that creates the record.
    pub create: Support,
    /// Whether it can be changed later.
    pub update: Support,
    /// Whether it can be made empty.
    pub clear: Support,
}

impl FieldRule {
    /// Returns the rule of a field that can be written at any time.
    #[must_use]
    pub const fn always() -> Self {
        Self {
            create: Support::Yes,
            update: Support::Yes,
            clear: Support::Yes,
        }
    }

    /// Returns the rule of a field that the platform does not have.
    #[must_use]
    pub const fn never(key: &'static str) -> Self {
        Self {
            create: Support::no(key),
            update: Support::no(key),
            clear: Support::no(key),
        }
    }
}

/// Whether creating a record tells the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreateNotice {
    /// A mail goes out unless the wish is quiet.
    UnlessQuiet,
    /// A mail always goes out.
    Always,
    /// Nothing goes out, as far as the platform's documents show.
    Never,
}

/// How the records that carry a key are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// One question; when nobody answers to it, nobody is there.
    Asking,
    /// One question that may overlook somebody: nobody is there only when everybody was read.
    AskingThenListing,
    /// There is no such question: everybody is read.
    Listing,
}

/// A key by which a platform matches people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matching {
    /// Which key.
    pub key: KeyName,
    /// How records are found by it.
    pub found_by: FoundBy,
}

/// What one platform can and cannot do with the credential at hand. There is no `Default`: a new question is answered by everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// The keys by which people are matched, strongest first.
    pub match_by: Vec<Matching>,
    /// What can be written to each field. Every [`FieldName`] has a row.
    pub fields: BTreeMap<FieldName, FieldRule>,
    /// The fields without which a record cannot be made.
    pub required: Vec<FieldName>,
    /// Whether everybody can be listed.
    pub list: Support,
    /// Whether a record can be made.
    pub create: Support,
    /// Whether making one tells the person.
    pub create_notice: CreateNotice,
    /// Whether a record can be changed.
    pub update: Support,
    /// Whether the door can be closed.
    pub suspend: Support,
    /// Whether a closed door can be opened.
    pub reopen: Support,
    /// Whether a record can be removed for good.
    pub remove: Support,
    /// Whether a message can be sent to the person.
    pub notify: Support,
    /// Whether it can be told if a message was sent.
    pub was_notified: Support,
    /// The kinds of grants, in the order in which they are written.
    pub grants: Vec<GrantKind>,
    /// What can never be shown about a closed door, the same for everybody.
    pub caveats: Vec<Reason>,
    /// What closing the door brings about that nobody asked for; a plan names it.
    pub on_suspend: Vec<Reason>,
    /// What removing a record brings about that nobody asked for; a plan names it.
    pub on_remove: Vec<Reason>,
    /// The grants of which one signs with any, where there is such a thing: their kind and their names.
    pub signs_with: Option<(KindName, &'static [&'static str])>,
    /// How long a write may still take effect after its request was given up, in milliseconds: the request's time-out.
    pub request_timeout_ms: u64,
}

impl Capability {
    /// Returns what the platform does with a kind of grant.
    #[must_use]
    pub fn kind(&self, name: &KindName) -> Option<&GrantKind> {
        self.grants.iter().find(|kind| kind.name == *name)
    }

    /// Returns how the records that carry such a key are found; none where the platform does not match people by it.
    #[must_use]
    pub fn found_by(&self, key: KeyName) -> Option<FoundBy> {
        let mut known = self.match_by.iter();
        known
            .find(|known| known.key == key)
            .map(|known| known.found_by)
    }

    /// Reports whether people are matched by one of these keys.
    #[must_use]
    pub fn matches_by(&self, keys: &[MatchKey]) -> bool {
        keys.iter().any(|key| self.found_by(key.name()).is_some())
    }

    /// Returns whether a field can be given at creation.
    #[must_use]
    pub fn creates(&self, field: FieldName) -> &Support {
        self.fields
            .get(&field)
            .map_or(&NO_RULE, |rule| &rule.create)
    }

    /// Returns whether a field can be changed.
    #[must_use]
    pub fn updates(&self, field: FieldName) -> &Support {
        self.fields
            .get(&field)
            .map_or(&NO_RULE, |rule| &rule.update)
    }

    /// Returns whether a field can be made empty.
    #[must_use]
    pub fn clears(&self, field: FieldName) -> &Support {
        self.fields.get(&field).map_or(&NO_RULE, |rule| &rule.clear)
    }
}

static NO_RULE: Support = Support::no("no-such-field");
