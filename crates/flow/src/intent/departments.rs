//! The tree of departments that platforms should have.

use std::collections::BTreeMap;

use kadry_core::ProviderId;
use serde::{Deserialize, Serialize};

/// A department of the tree that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wished {
    /// The line of the file where it stands first.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// The department above, by its place in the list, which is before this one; none at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<usize>,
    /// The id of it in the employer's own system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// Trees of departments are brought to the shape that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departments {
    /// The name of the file that the trees come from; nothing where they come from elsewhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The platforms that are covered, and the tree for each, every department behind the one above it.
    pub trees: BTreeMap<ProviderId, Vec<Wished>>,
    /// Whether departments that were not asked for are removed, where nobody and nothing is in them.
    #[serde(default)]
    pub remove_empty: bool,
}

impl Departments {
    /// Returns what it is called by: its file, and the platforms.
    pub(super) fn label(&self) -> Option<String> {
        let on = self.trees.keys().map(ProviderId::as_str);
        let on = on.collect::<Vec<_>>().join(", ");
        (!self.file.is_empty()).then(|| format!("{} → {on}", self.file))
    }
}
