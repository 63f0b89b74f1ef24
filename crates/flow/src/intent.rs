//! What is asked for, before anybody looks.

mod departments;
mod native;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kadry_core::{
    Brake, Email, EmployeeRef, FieldName, Fields, MatchKey, ProviderId, RemoteId, Step,
};
use serde::{Deserialize, Serialize};

pub use departments::{Departments, Wished};
pub use native::Native;
pub use transfer::Transfer;

use crate::tenants::Tenants;

/// How the operator names a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Every record with this e-mail, and the links of that person.
    Email(Email),
    /// The employer's own id of the person.
    Person(String),
    /// The person behind this record, everywhere.
    Record(ProviderId, RemoteId),
    /// Nobody: it is about a thing, which is called like this.
    Thing(String),
}

impl Who {
    /// Returns the key that the name itself is; a record and a thing are named by none.
    #[must_use]
    pub fn key(&self) -> Option<MatchKey> {
        match self {
            Self::Email(email) => Some(MatchKey::Email(email.clone())),
            Self::Person(id) => Some(MatchKey::ExternalId(id.clone())),
            Self::Record(..) | Self::Thing(_) => None,
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(email) => email.fmt(f),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Record(provider, id) => write!(f, "{provider}:{id}"),
            Self::Thing(thing) => f.write_str(thing),
        }
    }
}

/// What a role asks for on one platform.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleSection {
    /// The names of the grants, by the key of their kind, such as `tags`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grants: BTreeMap<String, Vec<String>>,
    /// The values that are set, by the key of their kind and by name, such as `properties`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether a tag, unit or department that is missing is made.
    #[serde(default)]
    pub create_missing: bool,
    /// Whether the platform should not tell the person that a record was made.
    #[serde(default)]
    pub quiet: bool,
    /// The message that greets the person, ready to send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome: Option<String>,
    /// The department that the person was given, where it is another one than the role's and the configuration has no names of it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outvoted: Option<String>,
}

impl RoleSection {
    /// Reports whether the role speaks of the grants under a key.
    #[must_use]
    pub fn names(&self, role_key: &str) -> bool {
        self.grants.contains_key(role_key) || self.values.contains_key(role_key)
    }
}

/// Somebody joins, or comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onboard {
    /// The values that are known of the person.
    pub fields: Fields,
    /// The platforms that are covered, and what the role asks for on each.
    pub sections: BTreeMap<ProviderId, RoleSection>,
    /// Whether a record that administers its platform may be touched.
    #[serde(default)]
    pub privileged: bool,
    /// Whether a suspended record is a stop: a list may be older than a leave.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays_out: bool,
}

/// Somebody leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offboard {
    /// Whether doors close before anything is tidied.
    pub now: bool,
    /// Whether the records are removed for good when every door is closed.
    #[serde(default)]
    pub remove: bool,
    /// Who comes into what the leaver alone keeps, such as the chats that they own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Who>,
    /// The platforms that are covered.
    pub on: Vec<ProviderId>,
    /// Whether a record that administers its platform may be touched.
    #[serde(default)]
    pub privileged: bool,
}

/// What a run did is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The run.
    pub run: String,
    /// What it did, in the order in which it did it.
    pub done: Vec<Undone>,
    /// In which tenants it did that.
    #[serde(default, skip_serializing_if = "Tenants::is_empty")]
    pub tenants: Tenants,
    /// The things that it changed, where it was about things.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub things: BTreeSet<String>,
    /// The platforms that are covered.
    pub on: Vec<ProviderId>,
    /// Whether a record that administers its platform may be touched.
    #[serde(default)]
    pub privileged: bool,
}

/// A step that is to be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// The step.
    pub step: Step,
    /// The record that it made or was about.
    pub record: Option<EmployeeRef>,
    /// What the platform answered to an operation that only it has.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "kadry_core::even_null"
    )]
    pub after: Option<serde_json::Value>,
}

/// Which flow is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// See [`Onboard`].
    Onboard(Onboard),
    /// See [`Offboard`].
    Offboard(Offboard),
    /// See [`Transfer`].
    Transfer(Transfer),
    /// See [`Undo`].
    Undo(Undo),
    /// See [`Native`].
    Native(Native),
    /// See [`Departments`].
    Departments(Departments),
}

impl Flow {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Onboard(_) => "onboard",
            Self::Offboard(_) => "offboard",
            Self::Transfer(_) => "transfer",
            Self::Undo(_) => "undo",
            Self::Native(_) => "native",
            Self::Departments(_) => "departments",
        }
    }

    /// Lists the platforms that are covered.
    #[must_use]
    pub fn providers(&self) -> Vec<&ProviderId> {
        match self {
            Self::Onboard(onboard) => onboard.sections.keys().collect(),
            Self::Offboard(offboard) => offboard.on.iter().collect(),
            Self::Transfer(transfer) => transfer.providers(),
            Self::Undo(undo) => undo.on.iter().collect(),
            Self::Native(native) => vec![&native.on],
            Self::Departments(departments) => departments.trees.keys().collect(),
        }
    }
}

/// One request of the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which flow.
    pub flow: Flow,
    /// Whom it is about.
    pub who: Who,
    /// Who asks.
    pub actor: String,
    /// Why, in the operator's words.
    pub reason: Option<String>,
    /// How many people may be concerned by a kind of change where the limits allow fewer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub allow: BTreeMap<Brake, u32>,
    /// The command as it was typed, to be typed again where only a new plan goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

impl Intent {
    /// Returns it without who asked and why: a plan is the same whoever made it.
    pub(crate) fn asked_by_nobody(self) -> Self {
        Self {
            actor: String::new(),
            reason: None,
            command: None,
            ..self
        }
    }

    /// Reports whether records that administer their platform may be touched.
    #[must_use]
    pub const fn privileged(&self) -> bool {
        match &self.flow {
            Flow::Onboard(onboard) => onboard.privileged,
            Flow::Offboard(offboard) => offboard.privileged,
            Flow::Transfer(transfer) => transfer.privileged,
            Flow::Undo(undo) => undo.privileged,
            Flow::Native(native) => native.privileged,
            Flow::Departments(_) => false,
        }
    }

    /// Returns what it is called by: whom it is about, the command of an operation that only one platform has, or the file of
    /// departments.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.flow {
            Flow::Native(native) => native.to_string(),
            Flow::Departments(departments) => {
                let label = departments.label();
                label.unwrap_or_else(|| self.who.to_string())
            }
            Flow::Onboard(_) | Flow::Offboard(_) | Flow::Transfer(_) | Flow::Undo(_) => {
                self.who.to_string()
            }
        }
    }

    /// Returns the keys that the intent itself gives.
    #[must_use]
    pub fn keys(&self) -> Vec<MatchKey> {
        let mut keys = Vec::new();
        if let Flow::Onboard(onboard) = &self.flow {
            keys.extend(
                onboard
                    .fields
                    .get(&FieldName::ExternalId)
                    .cloned()
                    .map(MatchKey::ExternalId),
            );
            keys.extend(
                onboard
                    .fields
                    .get(&FieldName::Email)
                    .map(|email| MatchKey::Email(Email::of_record(email))),
            );
        }
        keys.extend(self.who.key().filter(|key| !keys.contains(key)));
        keys
    }
}
