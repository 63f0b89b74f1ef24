//! People who may be the person, by nothing but their name.

use std::collections::BTreeSet;

use kadry_core::{Employee, FieldName, Fields, fold};

use super::listing::hash_of;
use super::{Everybody, Here, Snapshot};
use crate::intent::Flow;

/// The words of a name, in no order: platforms fold and swap its parts.
pub(super) type Name = BTreeSet<String>;

impl Snapshot {
    /// Notes, where nobody has a key of the person although everybody was read, who has the name.
    pub(super) fn compare_names(&mut self, flow: &Flow) {
        let is_open = |here: &Here| here.everybody.is_some() && here.matches.is_empty();
        if !self.here().any(|(_, here)| is_open(here)) {
            self.here_mut().for_each(|here| here.everybody = None);
            return;
        }
        let mut names: Vec<Name> = self
            .here()
            .flat_map(|(_, here)| &here.matches)
            .map(name_of)
            .collect();
        if let Flow::Onboard(onboard) = flow {
            names.push(name_in(&onboard.fields));
        }
        for here in self.here_mut() {
            here.compare_names(&names);
        }
    }
}

impl Here {
    fn compare_names(&mut self, names: &[Name]) {
        let everybody = match self.everybody.take() {
            _ if !self.matches.is_empty() => return,
            Some(Everybody::These(everybody)) => everybody,
            // What cannot be read back is a remark less and no more.
            Some(Everybody::Listed(listing)) => listing.named(names).unwrap_or_default(),
            None => return,
        };
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

/// Returns the name that is given.
pub(super) fn name_in(fields: &Fields) -> Name {
    let parts = NAME_FIELDS.iter().filter_map(|field| fields.get(field));
    words(parts.map(String::as_str))
}

pub(super) fn name_of(employee: &Employee) -> Name {
    words([employee.profile.full_name().as_str()].into_iter())
}

fn words<'a>(parts: impl Iterator<Item = &'a str>) -> Name {
    parts
        .flat_map(str::split_whitespace)
        .map(fold)
        .filter(|word| !word.is_empty())
        .collect()
}

/// Returns a number for any two words of a name: names that agree have one in common.
pub(super) fn pairs(name: &Name) -> impl Iterator<Item = u64> {
    let others = |one| move |other: &&String| *other > one;
    name.iter().flat_map(move |one| {
        let later = name.iter().filter(others(one));
        later.map(move |other| hash_of(&(one, other)))
    })
}

/// Reports whether two names may be the same person's: one may lack a patronymic, and a single word says nothing.
pub(super) fn agree(one: &Name, other: &Name) -> bool {
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
