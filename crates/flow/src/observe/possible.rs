//! People who may be the person, by nothing but their name.

use std::collections::BTreeSet;

use kadry_core::{Employee, FieldName, fold};

use super::{Here, Snapshot};
use crate::intent::Flow;

/// The words of a name, in no order: platforms fold and swap its parts.
type Name = BTreeSet<String>;

impl Snapshot {
    /// Notes, where nobody has a key of the person although everybody was read, who has the name.
    pub(super) fn compare_names(&mut self, flow: &Flow) {
        let mut names: Vec<Name> = self
            .here()
            .flat_map(|(_, here)| &here.matches)
            .map(name_of)
            .collect();
        if let Flow::Onboard(onboard) = flow {
            let parts = NAME_FIELDS
                .iter()
                .filter_map(|field| onboard.fields.get(field));
            names.push(words(parts.map(String::as_str)));
        }
        for here in self.here_mut() {
            here.compare_names(&names);
        }
    }
}

impl Here {
    fn compare_names(&mut self, names: &[Name]) {
        let everybody = self.everybody.take().unwrap_or_default();
        if !self.matches.is_empty() {
            return;
        }
        let fits = |one: &Employee| {
            let theirs = name_of(one);
            names.iter().any(|name| agree(name, &theirs))
        };
        let own = self.standing.own.as_ref().map(|own| &own.id);
        let strayed = self.strayed.as_ref().map(|strayed| &strayed.at.id);
        let other = |one: &Employee| Some(&one.at.id) != own && Some(&one.at.id) != strayed;
        self.possible = everybody
            .into_iter()
            .filter(|one| other(one) && fits(one))
            .collect();
    }
}

const NAME_FIELDS: [FieldName; 3] = [
    FieldName::LastName,
    FieldName::FirstName,
    FieldName::MiddleName,
];

fn name_of(employee: &Employee) -> Name {
    words([employee.profile.full_name().as_str()].into_iter())
}

fn words<'a>(parts: impl Iterator<Item = &'a str>) -> Name {
    parts
        .flat_map(str::split_whitespace)
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Reports whether two names may be the same person's: one may lack a patronymic, and a single word says nothing.
fn agree(one: &Name, other: &Name) -> bool {
    one.len().min(other.len()) >= 2 && (one.is_subset(other) || other.is_subset(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        words([text].into_iter())
    }

    #[test]
    fn a_name_agrees_in_any_order_and_without_its_patronymic() {
        let full = name("Образцова Анна Сергеевна");
        assert!(agree(&full, &name("анна образцова")));
        assert!(agree(&full, &name("Образцова Анна Сергеевна")));
        assert!(!agree(&full, &name("Образцова")));
        assert!(!agree(&full, &name("Образцова Мария")));
        assert!(!agree(&name(""), &name("")));
    }
}
