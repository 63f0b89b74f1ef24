//! Steps are data: what is shown, stored and executed is the same value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::brake::Brake;
use crate::employee::{Access, EmployeeRef, FieldName, Fields, MatchKey, RemoteId};
use crate::grant::{Definition, Grant, GrantEdit, KindName};
use crate::native::NativeCall;
use crate::provider::ProviderId;

/// What a new record should hold, in the values that the platform would keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The fields.
    pub fields: Fields,
    /// The grants that are given with the record, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<KindName, Vec<Grant>>,
    /// Whether the platform should not tell the person, where it can be asked.
    #[serde(default)]
    pub quiet: bool,
}

/// What changes on a record, in one request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The fields that change; none clears.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldName, Option<String>>,
    /// The grants that change, by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<KindName, GrantEdit>,
}

impl Change {
    /// Reports whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.grants.values().all(GrantEdit::is_empty)
    }
}

/// A message to the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The text as it is sent.
    pub text: String,
    /// When looking for it: only messages from this time on count, in milliseconds since the Unix
    /// epoch. A plan never holds it; a greeting of an earlier year is not the lost one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<i64>,
}

impl Notice {
    /// Returns a message with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            since_ms: None,
        }
    }
}

/// One remote change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Makes a tag, unit or department that is missing.
    Define {
        /// Its kind.
        kind: KindName,
        /// What is made.
        what: Definition,
    },
    /// Makes the record.
    Create {
        /// What it should hold.
        wish: Wish,
    },
    /// Changes the record.
    Update {
        /// What changes.
        change: Change,
    },
    /// Opens or closes the door.
    SetAccess {
        /// Which of the two.
        access: Access,
    },
    /// Gives or takes grants that are written by themselves.
    SetGrants {
        /// Their kind.
        kind: KindName,
        /// What is given.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<Grant>,
        /// What is taken.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        drop: Vec<Grant>,
    },
    /// Sends a message to the person.
    Notify {
        /// The message.
        notice: Notice,
    },
    /// Removes the record for good.
    Remove,
    /// An operation that only this platform has.
    Native {
        /// The call.
        #[serde(flatten)]
        call: NativeCall,
        /// The kinds of change that it counts under.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        brakes: BTreeSet<Brake>,
        /// The records of those whom it concerns, where it is about a thing.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        concerns: BTreeSet<RemoteId>,
        /// What it does to the tree of departments, where it is a part of giving that another shape.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reshapes: Option<Box<Reshapes>>,
    },
}

/// What a change does to a tree of departments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reshapes {
    /// The kind of the departments.
    pub kind: KindName,
    /// The place of the department, from the top to its own name: where it stands, or will stand when it is made.
    pub path: Vec<String>,
    /// What becomes of it.
    pub does: Reshaping,
    /// The argument that takes the id of the department above, where an earlier step of the lane makes that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
}

/// What becomes of a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reshaping {
    /// It is made.
    Make,
    /// It gets another name.
    Rename {
        /// The name.
        name: String,
    },
    /// It comes to stand elsewhere.
    Move {
        /// Its place then, from the top to its own name.
        to: Vec<String>,
    },
    /// It gets the id of the employer's own system.
    Identify {
        /// The id.
        external_id: String,
    },
    /// It is removed.
    Remove,
}

impl Reshapes {
    /// Returns the argument that takes the id of the department above, and the place of that one, where an earlier step makes it.
    #[must_use]
    pub fn later(&self) -> Option<(&str, &[String])> {
        let place = match &self.does {
            Reshaping::Make => &self.path,
            Reshaping::Move { to } => to,
            Reshaping::Rename { .. } | Reshaping::Identify { .. } | Reshaping::Remove => {
                return None;
            }
        };
        let (_, above) = place.split_last()?;
        Some((self.above.as_deref()?, above))
    }

    /// Reports whether the department at a place is made.
    #[must_use]
    pub fn makes(&self, place: &[String]) -> bool {
        self.does == Reshaping::Make && self.path == place
    }
}

impl Action {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Define { .. } => "define",
            Self::Create { .. } => "create",
            Self::Update { .. } => "update",
            Self::SetAccess { .. } => "set_access",
            Self::SetGrants { .. } => "set_grants",
            Self::Notify { .. } => "notify",
            Self::Remove => "remove",
            Self::Native { .. } => "native",
        }
    }

    /// Returns the records of those whom the action concerns, where it is about a thing.
    pub fn concerns(&self) -> impl Iterator<Item = &RemoteId> {
        let concerns = match self {
            Self::Native { concerns, .. } => Some(concerns),
            Self::Define { .. }
            | Self::Create { .. }
            | Self::Update { .. }
            | Self::SetAccess { .. }
            | Self::SetGrants { .. }
            | Self::Notify { .. }
            | Self::Remove => None,
        };
        concerns.into_iter().flatten()
    }

    /// Returns the grants that the action takes, by kind.
    #[must_use]
    pub fn drops(&self) -> Vec<(&KindName, &[Grant])> {
        match self {
            Self::SetGrants { kind, drop, .. } => vec![(kind, drop.as_slice())],
            Self::Update { change } => change
                .grants
                .iter()
                .map(|(kind, edit)| (kind, edit.drop.as_slice()))
                .collect(),
            Self::Define { .. }
            | Self::Create { .. }
            | Self::SetAccess { .. }
            | Self::Notify { .. }
            | Self::Remove
            | Self::Native { .. } => Vec::new(),
        }
    }

    /// Reports whether the action lets somebody in who may not have been in before.
    #[must_use]
    pub const fn opens_a_door(&self) -> bool {
        match self {
            Self::Create { .. }
            | Self::SetAccess {
                access: Access::Open,
            } => true,
            Self::SetAccess {
                access: Access::Suspended,
            }
            | Self::Define { .. }
            | Self::Update { .. }
            | Self::SetGrants { .. }
            | Self::Notify { .. }
            | Self::Remove
            | Self::Native { .. } => false,
        }
    }

    /// Returns the message that the action sends.
    #[must_use]
    pub const fn notice(&self) -> Option<&Notice> {
        match self {
            Self::Notify { notice } => Some(notice),
            Self::Define { .. }
            | Self::Create { .. }
            | Self::Update { .. }
            | Self::SetAccess { .. }
            | Self::SetGrants { .. }
            | Self::Remove
            | Self::Native { .. } => None,
        }
    }
}

/// Whom a step is about, on its platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Nobody: the record is made by this step, or the step is about no record.
    Nobody,
    /// A record that was seen.
    Known(EmployeeRef),
    /// The record that an earlier step of the same lane makes.
    CreatedBy(u32),
    /// The one record that carries one of these keys; its platform was silent when the plan was made.
    Sought(Vec<MatchKey>),
}

/// Why a step is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Makes a tag, unit or department that the role needs and that is missing.
    Define,
    /// Takes what must be gone before the door opens.
    Prepare,
    /// Makes the record.
    Create,
    /// Opens the door.
    Reopen,
    /// Sets fields and grants.
    Converge,
    /// Greets the person.
    Welcome,
    /// Lets a successor into what the leaver alone keeps. Its failure never stops the close.
    HandOver,
    /// Takes what can no longer be seen once the door is closed. Its failure never stops the close.
    Release,
    /// Closes the door.
    Close,
    /// Takes what can wait: until the door is closed, or, of somebody who changes places, until everything new has been given.
    Tidy,
    /// Removes the record for good, when every door is closed.
    Remove,
    /// Changes what only this platform has. Such changes stand side by side.
    Native,
}

impl Stage {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Define => "define",
            Self::Prepare => "prepare",
            Self::Create => "create",
            Self::Reopen => "reopen",
            Self::Converge => "converge",
            Self::Welcome => "welcome",
            Self::HandOver => "hand_over",
            Self::Release => "release",
            Self::Close => "close",
            Self::Tidy => "tidy",
            Self::Remove => "remove",
            Self::Native => "native",
        }
    }

    /// Reports whether a failed step of this stage lets the rest of its lane go on.
    #[must_use]
    pub const fn lane_goes_on(self) -> bool {
        match self {
            Self::HandOver | Self::Release | Self::Tidy | Self::Welcome | Self::Native => true,
            Self::Define
            | Self::Prepare
            | Self::Create
            | Self::Reopen
            | Self::Converge
            | Self::Close
            | Self::Remove => false,
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a step is about to change, as it was when the plan was made; undo and later looks compare with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The door.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// The fields that the step changes; none was empty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldName, Option<String>>,
    /// The grants that were held, for each kind that the step changes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<KindName, Vec<Grant>>,
    /// What an operation that only this platform has is about; null where nothing is there.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "even_null"
    )]
    pub native: Option<serde_json::Value>,
}

/// Reads a value that is there, even if it is null: that nothing was there is something that was seen.
///
/// # Errors
///
/// The reader's.
pub fn even_null<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(from).map(Some)
}

/// One remote change, planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The number within the plan, from 1.
    pub seq: u32,
    /// Whom it is about, as the operator knows them.
    pub person: String,
    /// On which platform.
    pub provider: ProviderId,
    /// Why.
    pub stage: Stage,
    /// What.
    #[serde(flatten)]
    pub action: Action,
    /// Whose record.
    pub target: Target,
    /// What is about to change.
    #[serde(default)]
    pub before: Before,
}
