//! An operation that only one platform has.

use std::collections::BTreeSet;
use std::fmt;

use kadry_core::{NativeCall, ProviderId, RemoteId};
use serde::{Deserialize, Serialize};

/// Something is changed that only one platform has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Native {
    /// The kind of the platform, below which its commands stand; nothing where that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Which platform.
    pub on: ProviderId,
    /// The call as it was typed.
    pub call: NativeCall,
    /// The argument that names the person whom it is about; none where it is about a thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The single changes that the call stands for, once the platform has told them: what a name meant before a change, it may not mean
    /// after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub singles: Option<Vec<NativeCall>>,
    /// Whether they were only just told, so that one which must not be sent stops the run before it begins.
    #[serde(skip)]
    pub untried: bool,
    /// What these changes are about, where it is about things: nobody else changes them meanwhile.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub things: BTreeSet<String>,
    /// The records of those whom the call names beside the thing that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<RemoteId>,
    /// Whether a record that administers its platform may be touched.
    #[serde(default)]
    pub privileged: bool,
}

impl fmt::Display for Native {
    /// Writes the command, as it is typed after the name of the program.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, on, call, .. } = self;
        if kind.is_empty() {
            write!(f, "{on} {call}")
        } else {
            write!(f, "{kind} {call} --provider {on}")
        }
    }
}
