//! What is asked for when somebody changes places.

use std::collections::BTreeMap;

use kadry_core::{Fields, ProviderId};
use serde::{Deserialize, Serialize};

use super::RoleSection;

/// Somebody changes places: another role, department or title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The values that are set: title and department.
    pub fields: Fields,
    /// What is known of the person, for a record that has to be made.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub known: Fields,
    /// Who the person is, as the platforms showed it when the plan was made: a record that is made later is made of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Fields>,
    /// What is asked for from now on, by platform.
    pub sections: BTreeMap<ProviderId, RoleSection>,
    /// What was asked for until now, by platform. A platform is absent where nobody knows it, and nothing is taken there then.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub former: BTreeMap<ProviderId, RoleSection>,
    /// Whether a role is asked for. It lets the person in where they are not yet; a department or a title alone does not.
    #[serde(default)]
    pub role: bool,
    /// Whether everything goes that can be taken and that is not asked for.
    #[serde(default)]
    pub strict: bool,
    /// Whether a record that administers its platform may be touched.
    #[serde(default)]
    pub privileged: bool,
}

impl Transfer {
    /// Lists the platforms that are covered: those of what is asked for, and those of what was.
    #[must_use]
    pub fn providers(&self) -> Vec<&ProviderId> {
        let left = self.former.keys();
        let left = left.filter(|id| !self.sections.contains_key(*id));
        self.sections.keys().chain(left).collect()
    }

    /// Reports whether nobody knows what was asked for on a platform until now, although a role is about to take its place.
    #[must_use]
    pub fn is_blind(&self, on: &ProviderId) -> bool {
        self.role && !self.strict && !self.former.contains_key(on)
    }
}
