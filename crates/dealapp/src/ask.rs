//! What is asked of the platform in a write, and whether the answer shows it.

use kadry_core::{
    Access, Change, Error, ErrorKind, FieldName, Grant, GrantEdit, KindName, Result, Wish,
    same_value,
};

use crate::levels::Levels;
use crate::wire::document::Resource;
use crate::wire::users::{User, UserBody};

/// Returns the body that makes a record: exactly the members that the vendor documents for it.
pub(crate) fn creation(wish: &Wish) -> Result<UserBody> {
    let mut body = UserBody::default();
    for (field, value) in &wish.fields {
        if *field == FieldName::Phone {
            return Err(unsupported(field.as_str()));
        }
        set_field(&mut body, *field, value)?;
    }
    for (kind, grants) in &wish.grants {
        if *kind == KindName::LEVEL {
            return Err(unsupported("level"));
        }
        set_grant(&mut body, kind, grants.iter(), &Levels::default())?;
    }
    for (name, value) in [
        ("email", &body.email),
        ("last_name", &body.last_name),
        ("unit", &body.unit_id),
        ("role", &body.role_id),
    ] {
        if value.as_deref().is_none_or(|text| text.trim().is_empty()) {
            return Err(invalid("a record cannot be made without this", name));
        }
    }
    Ok(body)
}

/// Returns the body that changes a record: only what changes.
pub(crate) fn change(change: &Change, levels: &Levels) -> Result<UserBody> {
    let mut body = UserBody::default();
    for (field, value) in &change.fields {
        // Clearing by null is not documented. Checked 2026-11.
        let value = value
            .as_deref()
            .ok_or_else(|| unsupported(field.as_str()))?;
        set_field(&mut body, *field, value)?;
    }
    for (kind, edit) in &change.grants {
        if !edit.is_empty() {
            set_grant(&mut body, kind, edit.whole(), levels)?;
        }
    }
    Ok(body)
}

/// Returns the body that opens or closes the door.
pub(crate) fn door(access: Access) -> UserBody {
    UserBody {
        active: Some(match access {
            Access::Open => true,
            Access::Suspended => false,
        }),
        ..UserBody::default()
    }
}

/// Returns the grants that a change gives or leaves.
pub(crate) fn granted(change: &Change) -> impl Iterator<Item = &Grant> {
    change.grants.values().flat_map(GrantEdit::whole)
}

fn set_field(body: &mut UserBody, field: FieldName, value: &str) -> Result<()> {
    let member = match field {
        FieldName::Email => &mut body.email,
        FieldName::ExternalId => &mut body.integration_uid,
        FieldName::LastName => &mut body.last_name,
        FieldName::FirstName => &mut body.first_name,
        FieldName::Phone => &mut body.phone_number,
        FieldName::MiddleName | FieldName::Title | FieldName::Department => {
            return Err(unsupported(field.as_str()));
        }
    };
    *member = Some(value.to_owned());
    Ok(())
}

fn set_grant<'a>(
    body: &mut UserBody,
    kind: &KindName,
    mut grants: impl Iterator<Item = &'a Grant>,
    levels: &Levels,
) -> Result<()> {
    let Some(grant) = grants.next() else {
        return Err(unsupported(kind.as_str()));
    };
    if grants.next().is_some() {
        return Err(invalid("an employee has one of this kind", kind.as_str()));
    }
    let id = grant.id.as_ref().map(ToString::to_string);
    let (member, id) = if *kind == KindName::UNIT {
        (&mut body.unit_id, id)
    } else if *kind == KindName::ROLE {
        (&mut body.role_id, id)
    } else if *kind == KindName::LEVEL {
        (&mut body.level_id, id.or_else(|| levels.id(&grant.name)))
    } else {
        return Err(unsupported(kind.as_str()));
    };
    let id = id.filter(|id| !id.is_empty());
    *member = Some(id.ok_or_else(|| invalid("the grant has no id", kind.as_str()))?);
    Ok(())
}

fn unsupported(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, "the platform cannot do this").with("member", what)
}

fn invalid(message: &str, what: &str) -> Error {
    Error::new(ErrorKind::Invalid, message).with("member", what)
}

/// How an answer compares with what was asked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The members that were asked for and are not shown.
    pub(crate) unshown: Vec<&'static str>,
    /// The members that show something else.
    pub(crate) differing: Vec<&'static str>,
}

impl Comparison {
    /// Compares a record with what was asked.
    ///
    /// It matters because the platform drops what it does not permit and says 200 all the same.
    pub(crate) fn of(asked: &UserBody, record: &Resource<User>) -> Self {
        let mut comparison = Self::default();
        let shown = &record.attributes;
        for (field, asked, shown) in [
            (FieldName::Email, &asked.email, &shown.email),
            (FieldName::LastName, &asked.last_name, &shown.last_name),
            (FieldName::FirstName, &asked.first_name, &shown.first_name),
            (FieldName::Phone, &asked.phone_number, &shown.phone_number),
            (
                FieldName::ExternalId,
                &asked.integration_uid,
                &shown.integration_uid,
            ),
        ] {
            if let Some(asked) = asked {
                let same = shown.as_ref().map(|shown| same_value(field, asked, shown));
                comparison.note(field.as_str(), same);
            }
        }
        for (relation, asked) in [
            ("unit", &asked.unit_id),
            ("role", &asked.role_id),
            ("level", &asked.level_id),
        ] {
            if let Some(asked) = asked {
                let related = record.related(relation);
                let same = related.value().map(|id| id.eq_ignore_ascii_case(asked));
                comparison.note(relation, same);
            }
        }
        if let Some(asked) = asked.active {
            comparison.note("active", shown.active.map(|active| active == asked));
        }
        comparison
    }

    fn note(&mut self, member: &'static str, same: Option<bool>) {
        match same {
            Some(true) => {}
            Some(false) => self.differing.push(member),
            None => self.unshown.push(member),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use kadry_core::Fields;
    use serde_json::json;

    use super::*;

    fn wish(fields: &[(FieldName, &str)], grants: &[Grant]) -> Wish {
        let mut wish = Wish {
            fields: fields
                .iter()
                .map(|(field, value)| (*field, (*value).to_owned()))
                .collect::<Fields>(),
            ..Wish::default()
        };
        for grant in grants {
            let held = wish.grants.entry(grant.kind.clone()).or_default();
            held.push(grant.clone());
        }
        wish
    }

    fn place() -> [Grant; 2] {
        [
            Grant::with_id(KindName::UNIT, "u-1", "Первая линия"),
            Grant::with_id(KindName::ROLE, "r-1", "Оператор"),
        ]
    }

    const NAMES: [(FieldName, &str); 2] = [
        (FieldName::Email, "vera@example.test"),
        (FieldName::LastName, "Примерова"),
    ];

    fn ask_of(asked: &Change) -> Result<UserBody> {
        change(asked, &Levels::default())
    }

    fn kind(result: Result<UserBody>) -> Option<ErrorKind> {
        result.err().map(|error| error.kind())
    }

    #[test]
    fn a_creation_has_the_documented_members_and_no_nulls() {
        let mut fields = NAMES.to_vec();
        fields.push((FieldName::ExternalId, "402"));
        let body = creation(&wish(&fields, &place())).unwrap();
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            json!({"email": "vera@example.test", "last_name": "Примерова", "integration_uid": "402",
                   "unit_id": "u-1", "role_id": "r-1"})
        );
    }

    #[test]
    fn a_creation_without_a_required_member_is_refused_at_the_desk() {
        assert_eq!(
            kind(creation(&wish(&NAMES, &place()[..1]))),
            Some(ErrorKind::Invalid)
        );
        assert_eq!(
            kind(creation(&wish(&NAMES[..1], &place()))),
            Some(ErrorKind::Invalid)
        );
        let unresolved = [
            Grant::named(KindName::UNIT, "Первая линия"),
            place()[1].clone(),
        ];
        assert_eq!(
            kind(creation(&wish(&NAMES, &unresolved))),
            Some(ErrorKind::Invalid)
        );
    }

    #[test]
    fn what_only_an_update_takes_is_not_sent_with_a_creation() {
        let mut fields = NAMES.to_vec();
        fields.push((FieldName::Phone, "+70000000001"));
        assert_eq!(
            kind(creation(&wish(&fields, &place()))),
            Some(ErrorKind::Unsupported)
        );
        let mut grants = place().to_vec();
        grants.push(Grant::named(KindName::LEVEL, "l-1"));
        assert_eq!(
            kind(creation(&wish(&NAMES, &grants))),
            Some(ErrorKind::Unsupported)
        );
    }

    #[test]
    fn a_change_sends_only_what_changes_and_a_level_by_its_name() {
        let edit = |keep: &[Grant], add: &[Grant]| GrantEdit {
            keep: keep.to_vec(),
            add: add.to_vec(),
            drop: Vec::new(),
        };
        let [unit, role] = place();
        let asked = Change {
            fields: [(FieldName::Phone, Some("+70000000001".to_owned()))].into(),
            grants: [
                (KindName::UNIT, edit(&[], &[unit])),
                (KindName::ROLE, edit(&[role], &[])),
                (
                    KindName::LEVEL,
                    edit(&[], &[Grant::named(KindName::LEVEL, "l-1")]),
                ),
            ]
            .into(),
        };
        assert_eq!(
            serde_json::to_value(ask_of(&asked).unwrap()).unwrap(),
            json!({"phone_number": "+70000000001", "unit_id": "u-1", "level_id": "l-1"})
        );
    }

    #[test]
    fn a_level_of_the_settings_is_sent_by_its_id_and_another_one_not_at_all() {
        let senior = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201";
        let levels = Levels::of_table(&[("Старший".to_owned(), senior.to_owned())].into()).unwrap();
        let asked = |name: &str| {
            let edit = GrantEdit {
                add: vec![Grant::named(KindName::LEVEL, name)],
                ..GrantEdit::default()
            };
            let asked = Change {
                grants: [(KindName::LEVEL, edit)].into(),
                ..Change::default()
            };
            change(&asked, &levels)
        };
        assert_eq!(asked("старший").unwrap().level_id.as_deref(), Some(senior));
        assert_eq!(kind(asked("Новичок")), Some(ErrorKind::Invalid));
    }

    #[test]
    fn nothing_is_cleared_and_nobody_has_two_units() {
        let cleared = Change {
            fields: [(FieldName::Phone, None)].into(),
            ..Change::default()
        };
        assert_eq!(kind(ask_of(&cleared)), Some(ErrorKind::Unsupported));
        let grants = |edit| Change {
            grants: [(KindName::UNIT, edit)].into(),
            ..Change::default()
        };
        let [unit, _] = place();
        let dropped = GrantEdit {
            drop: vec![unit.clone()],
            ..GrantEdit::default()
        };
        assert_eq!(kind(ask_of(&grants(dropped))), Some(ErrorKind::Unsupported));
        let two = GrantEdit {
            keep: vec![unit],
            add: vec![Grant::with_id(KindName::UNIT, "u-2", "Вторая линия")],
            ..GrantEdit::default()
        };
        assert_eq!(kind(ask_of(&grants(two))), Some(ErrorKind::Invalid));
    }

    #[test]
    fn an_answer_is_compared_by_meaning() {
        let asked = UserBody {
            last_name: Some("Примерова".to_owned()),
            phone_number: Some("80000000001".to_owned()),
            unit_id: Some("u-1".to_owned()),
            active: Some(false),
            ..UserBody::default()
        };
        let record = serde_json::from_value(json!({
            "id": "e-1",
            "attributes": {"last-name": " Примерова ", "phone-number": "+7 000 000-00-01", "active": true}
        }))
        .unwrap();
        assert_eq!(
            Comparison::of(&asked, &record),
            Comparison {
                unshown: vec!["unit"],
                differing: vec!["active"]
            }
        );
    }
}
