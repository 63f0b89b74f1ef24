//! What is counted of a step, so that neither a slip nor a drip changes more people than anybody meant.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::employee::Access;
use crate::grant::GrantEdit;
use crate::plan::{Action, Stage, Step};

/// A kind of change that is counted by the people whom it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brake {
    /// A record is made.
    Create,
    /// Fields of a record change.
    Update,
    /// Something is given.
    Grant,
    /// Something is taken, also where something else takes its place; not a value that another one under the same name replaces.
    Revoke,
    /// A door closes.
    Suspend,
    /// A closed door opens.
    Reactivate,
    /// A record is removed for good.
    Remove,
}

impl Brake {
    /// Every kind, from the first step into a company to the last one out of it.
    pub const ALL: [Self; 7] = [
        Self::Create,
        Self::Update,
        Self::Grant,
        Self::Revoke,
        Self::Suspend,
        Self::Reactivate,
        Self::Remove,
    ];

    /// Returns the kind that a word names.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|brake| brake.as_str() == word)
    }

    /// Returns the word that the configuration, JSON and the journal use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::Suspend => "suspend",
            Self::Reactivate => "reactivate",
            Self::Remove => "remove",
        }
    }
}

impl fmt::Display for Brake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Action {
    /// Returns the kinds of change that the action counts under. What makes a tag or a unit, or sends a message, changes nobody.
    #[must_use]
    pub fn brakes(&self) -> BTreeSet<Brake> {
        match self {
            Self::Create { .. } => BTreeSet::from([Brake::Create]),
            Self::Update { change } => {
                let fields = (!change.fields.is_empty()).then_some(Brake::Update);
                let grants = change.grants.values().flat_map(of_edit);
                fields.into_iter().chain(grants).collect()
            }
            Self::SetAccess {
                access: Access::Suspended,
            } => BTreeSet::from([Brake::Suspend]),
            Self::SetAccess {
                access: Access::Open,
            } => BTreeSet::from([Brake::Reactivate]),
            Self::SetGrants { add, drop, .. } => {
                let gives = (!add.is_empty()).then_some(Brake::Grant);
                let takes = (!drop.is_empty()).then_some(Brake::Revoke);
                gives.into_iter().chain(takes).collect()
            }
            Self::Remove => BTreeSet::from([Brake::Remove]),
            Self::Native { brakes, .. } => brakes.clone(),
            Self::Define { .. } | Self::Notify { .. } => BTreeSet::new(),
        }
    }
}

impl Step {
    /// Returns the kinds of change that the step counts under. What is handed to a successor is not about the person who leaves.
    #[must_use]
    pub fn brakes(&self) -> BTreeSet<Brake> {
        if self.stage == Stage::HandOver {
            return BTreeSet::new();
        }
        self.action.brakes()
    }
}

/// A value that another one under the same name replaces is not taken.
fn of_edit(edit: &GrantEdit) -> impl Iterator<Item = Brake> {
    let is_replaced = |gone| edit.add.iter().any(|new| new.names_the_same(gone));
    let gives = (!edit.add.is_empty()).then_some(Brake::Grant);
    let takes = (!edit.drop.iter().all(is_replaced)).then_some(Brake::Revoke);
    gives.into_iter().chain(takes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::FieldName;
    use crate::grant::{Grant, KindName};
    use crate::plan::Change;

    fn words(action: &Action) -> Vec<&'static str> {
        action.brakes().into_iter().map(Brake::as_str).collect()
    }

    fn change(add: &[Grant], drop: &[Grant]) -> Action {
        let edit = GrantEdit {
            add: add.to_vec(),
            drop: drop.to_vec(),
            ..GrantEdit::default()
        };
        Action::Update {
            change: Change {
                grants: [(KindName::PROPERTY, edit)].into(),
                ..Change::default()
            },
        }
    }

    #[test]
    fn every_word_is_read_as_what_it_says() {
        for brake in Brake::ALL {
            assert_eq!(Brake::named(brake.as_str()), Some(brake));
        }
        assert_eq!(Brake::named("suspends"), None);
    }

    #[test]
    fn a_change_counts_as_all_that_it_does() {
        let city = |value: &str| Grant::named(KindName::PROPERTY, "Город").holding(value);
        assert_eq!(words(&change(&[city("Тула")], &[])), ["grant"]);
        assert_eq!(words(&change(&[city("Тула")], &[city("Тверь")])), ["grant"]);
        assert_eq!(words(&change(&[], &[city("Тверь")])), ["revoke"]);
        let named = Action::Update {
            change: Change {
                fields: [(FieldName::Title, None)].into(),
                ..Change::default()
            },
        };
        assert_eq!(words(&named), ["update"]);
    }

    #[test]
    fn doors_and_removals_count_as_themselves() {
        let access = |access| Action::SetAccess { access };
        assert_eq!(words(&access(Access::Suspended)), ["suspend"]);
        assert_eq!(words(&access(Access::Open)), ["reactivate"]);
        assert_eq!(words(&Action::Remove), ["remove"]);
    }
}
