//! From the names in a role to what a platform offers.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{
    Capability, FieldName, Fields, Grant, GrantKind, Holds, KindName, RemoteId, fold, nearest,
};

use super::define::{Missing, SEPARATOR};
use super::{Guard, Said};
use crate::intent::RoleSection;
use crate::observe::{Here, Offered, Offers};

/// What is wanted, by kind.
pub(super) type Targets = BTreeMap<KindName, Vec<Grant>>;

/// Returns the grants that a role asks for on one platform, by kind. A kind that the role does not speak of is absent.
///
/// # Errors
///
/// A guard for every name that cannot be told.
pub(super) fn targets(
    section: &RoleSection,
    fields: &Fields,
    capability: &Capability,
    offers: &Offers,
) -> Result<(Targets, Missing), Vec<Guard>> {
    let (targets, missing, guards) = told(section, fields, capability, offers);
    if guards.is_empty() {
        Ok((targets, missing))
    } else {
        Err(guards)
    }
}

/// Returns what can be told of what a role asks for on one platform, what of it has to be made, and a guard for every name that cannot
/// be told.
pub(super) fn told(
    section: &RoleSection,
    fields: &Fields,
    capability: &Capability,
    offers: &Offers,
) -> (Targets, Missing, Vec<Guard>) {
    let mut guards = unknown_keys(section, capability);
    let mut targets = Targets::new();
    let mut missing = Missing::default();
    for kind in &capability.grants {
        let Some(names) = names(section, fields, kind) else {
            continue;
        };
        if matches!(kind.holds, Holds::One { .. }) && names.len() > 1 {
            guards.push(Guard::OnlyOne {
                kind: kind.name.clone(),
            });
            continue;
        }
        if let Some(reason) = kind.lacks_to_see().filter(|_| !names.is_empty()) {
            guards.push(Guard::CannotGrant {
                kind: kind.name.clone(),
                reason: reason.clone(),
            });
            continue;
        }
        let mut grants: Vec<Grant> = Vec::new();
        for Named { name, value } in names {
            let offers = offers.get(&kind.name);
            let found = match one(kind, name, offers) {
                Err(Guard::NotOffered { .. }) if section.create_missing && kind.define.is_yes() => {
                    let offers = offers.map_or(&[][..], |offers| offers.as_slice());
                    missing.note(kind, name, offers)
                }
                found => found,
            };
            let holding = |grant: Grant| match value {
                Some(value) => grant.holding(value),
                None => grant,
            };
            match found.map(holding) {
                Ok(grant) if !grants.iter().any(|known| known.same(&grant)) => grants.push(grant),
                Ok(_) => {}
                Err(guard) => guards.push(guard),
            }
        }
        targets.insert(kind.name.clone(), grants);
    }
    (targets, missing, guards)
}

/// Returns the grants of one kind that a role named, as far as they can still be told: nobody is given anything that way.
pub(super) fn named(section: &RoleSection, kind: &GrantKind, offers: &Offers) -> Vec<Grant> {
    let names = section.grants.get(kind.role_key).into_iter().flatten();
    let found = names.filter_map(|name| one(kind, name, offers.get(&kind.name)).ok());
    found.collect()
}

/// Reports whether a grant comes with one of these of an earlier kind, as a chat does with its tags.
pub(super) fn comes_with(kind: &GrantKind, grant: &Grant, these: &Targets, here: &Here) -> bool {
    let offers = here.offers.get(&kind.name).zip(grant.id.as_ref());
    let of_it = offers.map_or_else(Vec::new, |(offers, id)| offers.with_id(id.as_str()));
    let mut through = of_it.into_iter().flat_map(|offer| &offer.through);
    let earlier: Vec<&RemoteId> = kind
        .after
        .iter()
        .flat_map(|earlier| these.get(earlier).into_iter().flatten())
        .filter_map(|grant| id_of(grant, here))
        .collect();
    through.any(|id| earlier.contains(&id))
}

/// The id of a grant, which a record may not carry.
fn id_of<'a>(grant: &'a Grant, here: &'a Here) -> Option<&'a RemoteId> {
    grant.id.as_ref().or_else(|| {
        let named = here.offers.get(&grant.kind)?.named(&grant.name);
        named.first().map(|offer| &offer.id)
    })
}

fn unknown_keys(section: &RoleSection, capability: &Capability) -> Vec<Guard> {
    let known = || capability.grants.iter().map(|kind| kind.role_key);
    let unknown = section
        .grants
        .keys()
        .chain(section.values.keys())
        .filter(|key| !known().any(|known| known == key.as_str()));
    unknown
        .map(|key| Guard::NoSuchKind {
            key: key.clone(),
            nearest: nearest(key, known()).map(str::to_owned),
        })
        .collect()
}

/// What a role asks for under one name.
struct Named<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

impl<'a> Named<'a> {
    fn bare(name: &'a String) -> Self {
        Self { name, value: None }
    }
}

fn names<'a>(
    section: &'a RoleSection,
    fields: &'a Fields,
    kind: &GrantKind,
) -> Option<Vec<Named<'a>>> {
    if let Some(values) = section.values.get(kind.role_key) {
        let named = |(name, value): (&'a String, &'a String)| Named {
            name,
            value: Some(value),
        };
        return Some(values.iter().map(named).collect());
    }
    if let Some(names) = section.grants.get(kind.role_key) {
        return Some(names.iter().map(Named::bare).collect());
    }
    let department = fields
        .get(&FieldName::Department)
        .filter(|_| kind.follows_department)?;
    Some(vec![Named::bare(department)])
}

/// Says where a role names another department than the person was given: what it names counts.
pub(super) fn outvoted(section: &RoleSection, capability: &Capability) -> Vec<Said> {
    let Some(department) = &section.outvoted else {
        return Vec::new();
    };
    let is_it = |name: &String| {
        let own = name.rsplit(SEPARATOR.trim()).next().unwrap_or(name);
        fold(name) == fold(department) || fold(own) == fold(department)
    };
    let kinds = capability
        .grants
        .iter()
        .filter(|kind| kind.follows_department);
    let said = kinds.filter_map(|kind| {
        let names = section.grants.get(kind.role_key)?;
        let differs = !names.is_empty() && !names.iter().any(is_it);
        differs.then(|| Said::Outvoted {
            kind: kind.name.clone(),
            names: names.clone(),
            department: department.clone(),
        })
    });
    said.collect()
}

fn one(kind: &GrantKind, name: &str, offers: Option<&Arc<Offered>>) -> Result<Grant, Guard> {
    let Some(offers) = offers else {
        return Ok(Grant::with_id(kind.name.clone(), name, name));
    };
    let mut parts = name.split(SEPARATOR.trim());
    let wanted: Vec<String> = match (parts.next(), parts.next()) {
        (Some(_), Some(_)) => name.split(SEPARATOR.trim()).map(fold).collect(),
        // A single name is no path.
        _ => Vec::new(),
    };
    let by_name = || offers.named(name);
    let by_path = |fits: &dyn Fn(&[String]) -> bool| match wanted.as_slice() {
        [] => Vec::new(),
        [_, ..] => offers.at_paths(fits),
    };
    let by_whole_path = || by_path(&|path| path == wanted);
    // A tree may have one root above everything, which nobody types.
    let by_end = || by_path(&|path| path.ends_with(&wanted));
    let mut found = offers.with_id(name);
    for look in [&by_whole_path as &dyn Fn() -> _, &by_name, &by_end] {
        if found.is_empty() {
            found = look();
        }
    }
    match found.as_slice() {
        [offer] => Ok(Grant::with_id(
            kind.name.clone(),
            offer.id.as_str(),
            offer.name.clone(),
        )),
        [] => Err(Guard::NotOffered {
            kind: kind.name.clone(),
            name: name.to_owned(),
            nearest: nearest(name, offers.iter().map(|offer| offer.name.as_str()))
                .map(str::to_owned),
        }),
        several => Err(Guard::Ambiguous {
            kind: kind.name.clone(),
            name: name.to_owned(),
            paths: several
                .iter()
                .map(|offer| offer.path.join(SEPARATOR))
                .collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use kadry_core::Offer;
    use kadry_core::memory::listed_by_id;

    use super::*;

    fn offer(id: &str, path: &[&str]) -> Offer {
        let path: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
        let name = path.last().cloned().unwrap_or_default();
        Offer {
            id: RemoteId::new(id),
            name,
            path,
            holders: None,
            owner: None,
            through: Vec::new(),
        }
    }

    fn units(
        section: &[(&str, &[&str])],
        department: Option<&str>,
    ) -> Result<Vec<String>, Vec<Guard>> {
        let section = RoleSection {
            grants: section
                .iter()
                .map(|(key, names)| {
                    (
                        (*key).to_owned(),
                        names.iter().map(|&name| name.to_owned()).collect(),
                    )
                })
                .collect(),
            ..RoleSection::default()
        };
        let fields = department
            .map(|name| (FieldName::Department, name.to_owned()))
            .into_iter()
            .collect();
        let tree = vec![
            offer("1", &["Центр"]),
            offer("2", &["Центр", "Учёт"]),
            offer("3", &["Склад"]),
            offer("4", &["Склад", "Учет"]),
        ];
        let offers = BTreeMap::from([(KindName::UNIT, Arc::new(tree.into()))]);
        let (targets, _) = targets(&section, &fields, &listed_by_id(), &offers)?;
        Ok(targets
            .get(&KindName::UNIT)
            .into_iter()
            .flatten()
            .filter_map(|grant| grant.id.as_ref())
            .map(ToString::to_string)
            .collect())
    }

    #[test]
    fn a_name_is_found_in_any_case_and_a_path_tells_namesakes_apart() {
        assert_eq!(
            units(&[("unit", &["ЦЕНТР"])], None),
            Ok(vec!["1".to_owned()])
        );
        assert_eq!(
            units(&[("unit", &["склад / учёт"])], None),
            Ok(vec!["4".to_owned()])
        );
    }

    #[test]
    fn namesakes_are_a_stop_and_never_a_guess() {
        let paths = vec!["Центр / Учёт".to_owned(), "Склад / Учет".to_owned()];
        let guard = Guard::Ambiguous {
            kind: KindName::UNIT,
            name: "Учет".to_owned(),
            paths,
        };
        assert_eq!(units(&[("unit", &["Учет"])], None), Err(vec![guard]));
    }

    #[test]
    fn an_unknown_name_and_an_unknown_key_offer_the_nearest() {
        let unknown = Guard::NotOffered {
            kind: KindName::UNIT,
            name: "Цетр".to_owned(),
            nearest: Some("Центр".to_owned()),
        };
        assert_eq!(units(&[("unit", &["Цетр"])], None), Err(vec![unknown]));
        let key = Guard::NoSuchKind {
            key: "units".to_owned(),
            nearest: Some("unit".to_owned()),
        };
        assert_eq!(units(&[("units", &[])], None), Err(vec![key]));
    }

    #[test]
    fn the_department_names_the_unit_unless_the_role_does() {
        assert_eq!(units(&[], Some("Склад")), Ok(vec!["3".to_owned()]));
        assert_eq!(
            units(&[("unit", &["Центр"])], Some("Склад")),
            Ok(vec!["1".to_owned()])
        );
    }
}
