//! What the platform would make of a wish, told without asking it. Pure.

use kadry_core::{
    Email, FieldName, Fields, Grant, KindName, Reason, Refusal, RefusedGrant, Review, Wish, fold,
};

use crate::alone;
use crate::names::{ACTIONS, LEVELS, SELECTED_DEPARTMENTS};

/// Returns what would be stored of a wish, and what would be refused.
pub(crate) fn review(wish: &Wish) -> Review {
    let mut stored = Fields::new();
    let mut refused = Vec::new();
    for (field, value) in &wish.fields {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if value.is_empty() {
            continue;
        }
        match field {
            FieldName::Email => match Email::parse(&value) {
                Ok(email) => {
                    stored.insert(*field, email.to_string());
                }
                Err(_) => refused.push(Refusal {
                    field: *field,
                    reason: Reason::new("login-is-no-email"),
                }),
            },
            FieldName::LastName
            | FieldName::FirstName
            | FieldName::MiddleName
            | FieldName::Title => {
                stored.insert(*field, value);
            }
            FieldName::ExternalId | FieldName::Phone | FieldName::Department => {}
        }
    }
    Review {
        stored,
        refused,
        refused_grants: refused_grants(wish),
    }
}

fn refused_grants(wish: &Wish) -> Vec<RefusedGrant> {
    let asked = |kind: &KindName| wish.grants.get(kind).map_or(&[][..], Vec::as_slice);
    let levels = asked(&KindName::ACCESS_LEVEL);
    let seen = asked(&KindName::SEEN_DEPARTMENT);
    let selects = |level: &Grant| is_one_of(level, &[SELECTED_DEPARTMENTS]);
    let mut refused = Vec::new();
    let mut refuse = |grants: &mut dyn Iterator<Item = &Grant>, key: &'static str| {
        refused.extend(grants.map(|grant| RefusedGrant {
            grant: grant.clone(),
            reason: Reason::new(key),
        }));
    };
    refuse(
        &mut levels.iter().filter(|level| !is_one_of(level, &LEVELS)),
        "level-not-offered",
    );
    if seen.is_empty() {
        refuse(
            &mut levels.iter().filter(|level| selects(level)),
            "level-needs-departments",
        );
    } else if !levels.iter().any(selects) {
        // Without the level the list would lie on the record and mean nothing.
        refuse(&mut seen.iter(), "departments-need-level");
    }
    let rights = asked(&KindName::PERMISSION);
    refuse(
        &mut rights.iter().filter(|right| !is_one_of(right, &ACTIONS)),
        "right-not-offered",
    );
    let powers = asked(&KindName::POWER_OF_ATTORNEY);
    refuse(
        &mut powers.iter().filter(|power| !alone::is_full(power)),
        "power-needs-full-id",
    );
    refused
}

/// Reports whether a grant, as typed or as offered, is one of those that the contract names.
fn is_one_of(grant: &Grant, names: &[&str]) -> bool {
    names.iter().any(|name| fold(&grant.name) == fold(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(grants: &[(&KindName, &[&str])]) -> Vec<(String, String)> {
        let mut wish = Wish::default();
        for (kind, names) in grants {
            let named = |name: &&str| Grant::named((*kind).clone(), *name);
            let named = names.iter().map(named).collect();
            wish.grants.insert((*kind).clone(), named);
        }
        let refused = review(&wish).refused_grants.into_iter();
        refused
            .map(|refused| (refused.grant.name, refused.reason.key.into_owned()))
            .collect()
    }

    const LEVEL: KindName = KindName::ACCESS_LEVEL;
    const SEEN: KindName = KindName::SEEN_DEPARTMENT;

    #[test]
    fn departments_to_see_and_the_level_that_shows_them_come_together() {
        let both: [(&KindName, &[&str]); 2] = [
            (&LEVEL, &["selecteddepartments"]),
            (&SEEN, &["Склад", "Касса"]),
        ];
        assert_eq!(refusals(&both), []);
        assert_eq!(
            refusals(&[(&LEVEL, &["SelectedDepartments"]), (&SEEN, &[])]),
            [(
                "SelectedDepartments".to_owned(),
                "level-needs-departments".to_owned()
            )]
        );
        for level in [&["AllDocuments"][..], &[]] {
            assert_eq!(
                refusals(&[(&LEVEL, level), (&SEEN, &["Склад"])]),
                [("Склад".to_owned(), "departments-need-level".to_owned())]
            );
        }
    }

    #[test]
    fn a_level_a_right_and_half_a_power_of_attorney_that_nobody_knows_are_refused() {
        let refused = refusals(&[
            (&LEVEL, &["Everything"]),
            (&KindName::PERMISSION, &["signdocuments", "MakeTea"]),
            (
                &KindName::POWER_OF_ATTORNEY,
                &["n/0000000000", "n/0000000000/000000000000"],
            ),
            (&KindName::DEPARTMENT, &["Луна"]),
        ]);
        let refused: Vec<_> = refused
            .iter()
            .map(|(name, key)| (name.as_str(), key.as_str()))
            .collect();
        assert_eq!(
            refused,
            [
                ("Everything", "level-not-offered"),
                ("MakeTea", "right-not-offered"),
                ("n/0000000000", "power-needs-full-id"),
            ]
        );
    }

    #[test]
    fn a_review_keeps_what_has_a_place_and_refuses_a_login_that_is_no_email() {
        let wish = |fields: &[(FieldName, &str)]| Wish {
            fields: fields
                .iter()
                .map(|(field, value)| (*field, (*value).to_owned()))
                .collect(),
            ..Wish::default()
        };
        let Review {
            stored, refused, ..
        } = review(&wish(&[
            (FieldName::Email, " Anna@Example.test"),
            (FieldName::FirstName, "Анна  Сергеевна"),
            (FieldName::Title, " "),
            (FieldName::Phone, "+7 000 000-00-01"),
            (FieldName::ExternalId, "42"),
            (FieldName::Department, "Бухгалтерия"),
        ]));
        assert!(refused.is_empty());
        assert_eq!(
            stored,
            Fields::from([
                (FieldName::Email, "anna@example.test".to_owned()),
                (FieldName::FirstName, "Анна Сергеевна".to_owned()),
            ])
        );
        let refused = review(&wish(&[(FieldName::Email, "anna")])).refused;
        assert_eq!(refused[0].reason.key, "login-is-no-email");
    }
}
