//! What the platform would make of a wish, told without asking it.

use kadry_core::{Email, FieldName, Fields, Grant, KindName, Reason, RefusedGrant, Review, Wish};

use crate::levels::Levels;
use crate::map::KINDS;
use crate::wire::read::is_id;

/// Returns the values that the platform would keep and the grants that it would refuse: the patronymic goes into the first name, what
/// has no place goes nowhere.
pub(crate) fn review(wish: &Wish, levels: &Levels) -> Review {
    let mut stored = Fields::new();
    for (field, value) in &wish.fields {
        let kept = match field {
            FieldName::Email => Email::of_record(value).to_string(),
            FieldName::ExternalId | FieldName::Phone => value.trim().to_owned(),
            FieldName::LastName => words([value.as_str()]),
            FieldName::FirstName => {
                let patronymic = wish.fields.get(&FieldName::MiddleName);
                words([value.as_str(), patronymic.map_or("", String::as_str)])
            }
            // Without the given name at hand the patronymic would take its place.
            FieldName::MiddleName | FieldName::Title | FieldName::Department => continue,
        };
        stored.insert(*field, kept);
    }
    Review {
        stored,
        refused: Vec::new(),
        refused_grants: refused(wish, levels),
    }
}

fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts
        .into_iter()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a unit or a role exists is the catalogue's to say; what is left is what no catalogue could mend.
fn refused(wish: &Wish, levels: &Levels) -> Vec<RefusedGrant> {
    let mut refused = Vec::new();
    for (kind, grants) in &wish.grants {
        for (place, grant) in grants.iter().enumerate() {
            let reason = if !KINDS.contains(kind) {
                Some(Reason::about("no-such-kind", kind.to_string()))
            } else if place > 0 {
                Some(Reason::new("holds-one"))
            } else if *kind == KindName::LEVEL {
                level(grant, levels)
            } else {
                None
            };
            refused.extend(reason.map(|reason| RefusedGrant {
                grant: grant.clone(),
                reason,
            }));
        }
    }
    refused
}

fn level(grant: &Grant, levels: &Levels) -> Option<Reason> {
    if grant.id.is_some() {
        return None;
    }
    match levels.id(&grant.name) {
        None => Some(Reason::about("level-not-configured", grant.name.clone())),
        // The vendor documents that `level_id` is a UUID. Checked 2026-11.
        Some(id) if !is_id(&id) => Some(Reason::about("level-is-no-id", grant.name.clone())),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENIOR: &str = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201";

    fn stored(fields: &[(FieldName, &str)]) -> Fields {
        let wish = Wish {
            fields: fields
                .iter()
                .map(|(field, value)| (*field, (*value).to_owned()))
                .collect(),
            ..Wish::default()
        };
        review(&wish, &Levels::default()).stored
    }

    fn reasons(grants: &[Grant], levels: &Levels) -> Vec<(String, String)> {
        let mut wish = Wish::default();
        for grant in grants {
            let asked = wish.grants.entry(grant.kind.clone()).or_default();
            asked.push(grant.clone());
        }
        let review = review(&wish, levels);
        let refused = review.refused_grants.into_iter();
        refused
            .map(|refused| (refused.grant.name, refused.reason.key.into_owned()))
            .collect()
    }

    #[test]
    fn the_patronymic_is_folded_into_the_first_name() {
        let kept: Fields = [
            (FieldName::Email, "vera@example.test".to_owned()),
            (FieldName::FirstName, "Вера Тестовна".to_owned()),
        ]
        .into();
        assert_eq!(
            stored(&[
                (FieldName::Email, " Vera@Example.Test"),
                (FieldName::FirstName, " Вера "),
                (FieldName::MiddleName, "Тестовна"),
                (FieldName::Title, "Оператор"),
            ]),
            kept
        );
        assert_eq!(
            stored(&[(FieldName::MiddleName, "Тестовна")]),
            Fields::new()
        );
    }

    #[test]
    fn units_and_roles_are_left_to_the_catalogue_but_nobody_has_two() {
        let unit = |name: &str| Grant::named(KindName::UNIT, name);
        let role = Grant::with_id(KindName::ROLE, "r-1", "Оператор");
        let none = Levels::default();
        assert_eq!(reasons(&[unit("Первая линия"), role], &none), []);
        assert_eq!(
            reasons(&[unit("Первая линия"), unit("Продажи")], &none),
            [("Продажи".to_owned(), "holds-one".to_owned())]
        );
        assert_eq!(
            reasons(&[Grant::named(KindName::TAG, "Учёт")], &none),
            [("Учёт".to_owned(), "no-such-kind".to_owned())]
        );
    }

    #[test]
    fn a_level_is_told_by_the_table_or_by_its_form() {
        let level = |name: &str| [Grant::named(KindName::LEVEL, name)];
        let none = Levels::default();
        assert_eq!(reasons(&level(SENIOR), &none), []);
        assert_eq!(
            reasons(&level("Старший"), &none),
            [("Старший".to_owned(), "level-is-no-id".to_owned())]
        );
        let table = [("Старший".to_owned(), SENIOR.to_owned())].into();
        let named = Levels::of_table(&table).unwrap_or_default();
        assert_eq!(reasons(&level("старший"), &named), []);
        assert_eq!(
            reasons(&level("Новичок"), &named),
            [("Новичок".to_owned(), "level-not-configured".to_owned())]
        );
    }
}
