//! Records of the platform in the words of kadry.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{
    Access, Email, Employee, EmployeeRef, FieldName, Grant, KindName, Known, Marks, MatchKey,
    Offer, Profile, RemoteId,
};

use crate::levels::Levels;
use crate::wire::document::Resource;
use crate::wire::organisation::{Named, Unit};
use crate::wire::users::User;

/// The kinds of grants; each is also the name of its relation on the wire.
pub(crate) const KINDS: [KindName; 3] = [KindName::UNIT, KindName::ROLE, KindName::LEVEL];

/// The names of the grants that a record refers to by id.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<(String, String), String>);

impl Names {
    /// Returns the names that came along with a list.
    pub(crate) fn of_included(included: &[Resource<Named>]) -> Self {
        let name = |row: &Resource<Named>| {
            // The relation is called `unit`, the type of its record `units`.
            let kind = row.kind.as_deref()?.trim_end_matches('s').to_owned();
            Some(((kind, row.id.clone()), row.attributes.name.clone()?))
        };
        Self(included.iter().filter_map(name).collect())
    }

    /// Returns the names of grants that were just written: the answer to a write includes nothing.
    pub(crate) fn of_grants<'a>(grants: impl Iterator<Item = &'a Grant>) -> Self {
        let name = |grant: &Grant| {
            let id = grant.id.as_ref()?.to_string();
            Some(((grant.kind.to_string(), id), grant.name.clone()))
        };
        Self(grants.filter_map(name).collect())
    }

    /// Returns these names with those of the levels, which no answer brings along.
    pub(crate) fn with_levels(mut self, levels: &Levels) -> Self {
        for offer in levels.offers() {
            let key = (KindName::LEVEL.to_string(), offer.id.to_string());
            self.0.insert(key, offer.name);
        }
        self
    }

    /// Returns the grant; one without a known name is called by its id.
    fn grant(&self, kind: KindName, id: &str) -> Grant {
        let key = (kind.to_string(), id.to_owned());
        let name = self.0.get(&key).map_or(id, String::as_str).to_owned();
        Grant::with_id(kind, id, name)
    }
}

/// Returns a record as an employee.
pub(crate) fn employee(record: &Resource<User>, names: &Names) -> Employee {
    let shown = &record.attributes;
    let text = |value: &Option<String>| Known::text(value.as_deref());
    let mut profile = Profile::default();
    for (field, value) in [
        (FieldName::Email, &shown.email),
        (FieldName::ExternalId, &shown.integration_uid),
        (FieldName::LastName, &shown.last_name),
        (FieldName::FirstName, &shown.first_name),
        (FieldName::Phone, &shown.phone_number),
    ] {
        profile.set(field, text(value));
    }
    Employee {
        at: EmployeeRef {
            id: RemoteId::new(&record.id),
            settled: true,
            keys: keys(shown),
        },
        profile,
        // A record that does not say is not proven closed.
        access: match shown.active {
            Some(false) => Access::Suspended,
            Some(true) | None => Access::Open,
        },
        marks: Marks {
            // Rights hang on the role, and the platform does not show what a role may do.
            administrator: Known::Hidden,
            signer: Known::Value(false),
            registered: shown
                .accepted_invitation
                .map_or(Known::Hidden, Known::Value),
            automaton: false,
        },
        grants: KINDS
            .into_iter()
            .map(|kind| (kind.clone(), held(record, kind, names)))
            .collect(),
    }
}

fn held(record: &Resource<User>, kind: KindName, names: &Names) -> Known<Vec<Grant>> {
    match record.related(kind.as_str()) {
        Known::Value(id) => Known::Value(vec![names.grant(kind, &id)]),
        Known::Empty => Known::Empty,
        Known::Hidden => Known::Hidden,
    }
}

/// Returns the keys that a record carries.
pub(crate) fn keys(shown: &User) -> Vec<MatchKey> {
    let filled = |value: &Option<String>| value.clone().filter(|text| !text.trim().is_empty());
    let external_id = filled(&shown.integration_uid).map(MatchKey::ExternalId);
    let email = filled(&shown.email).map(|text| MatchKey::Email(Email::of_record(&text)));
    external_id.into_iter().chain(email).collect()
}

/// Returns a role as something that can be granted.
pub(crate) fn role(record: Resource<Named>) -> Offer {
    let name = record.attributes.name.unwrap_or_default();
    offer(record.id, vec![name])
}

/// Returns the units, each with its path from the root.
pub(crate) fn units(records: &[Resource<Unit>]) -> Vec<Offer> {
    let by_id: BTreeMap<&str, &Resource<Unit>> = records
        .iter()
        .map(|record| (record.id.as_str(), record))
        .collect();
    records
        .iter()
        .map(|record| offer(record.id.clone(), path(record, &by_id)))
        .collect()
}

fn path(record: &Resource<Unit>, by_id: &BTreeMap<&str, &Resource<Unit>>) -> Vec<String> {
    let mut path = Vec::new();
    // Nothing says that the platform refuses a circle.
    let mut seen = BTreeSet::new();
    let mut at = Some(record);
    while let Some(unit) = at
        && seen.insert(unit.id.as_str())
    {
        path.push(unit.attributes.name.clone().unwrap_or_default());
        at = parent(unit)
            .value()
            .and_then(|id| by_id.get(id.as_str()).copied());
    }
    path.reverse();
    path
}

/// Returns the id of the unit above, wherever it is shown. Empty is a unit at the root.
pub(crate) fn parent(unit: &Resource<Unit>) -> Known<String> {
    match (unit.attributes.parent_id.clone(), unit.related("parent")) {
        (Known::Value(id), _) | (_, Known::Value(id)) => Known::Value(id),
        (Known::Empty, _) | (_, Known::Empty) => Known::Empty,
        (Known::Hidden, Known::Hidden) => Known::Hidden,
    }
}

/// Returns something that can be granted.
pub(crate) fn offer(id: String, path: Vec<String>) -> Offer {
    Offer {
        id: RemoteId::new(id),
        name: path.last().cloned().unwrap_or_default(),
        path,
        holders: None,
        owner: None,
        through: Vec::new(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::wire::document::Listing;

    fn listing(rows: serde_json::Value) -> Listing<User> {
        serde_json::from_value(rows).unwrap()
    }

    fn only(rows: serde_json::Value) -> Employee {
        let listing = listing(rows);
        employee(&listing.data[0], &Names::of_included(&listing.included))
    }

    fn documented() -> serde_json::Value {
        json!({
            "data": [{
                "id": "e-1", "type": "users",
                "attributes": {
                    "email": "Vera.Primerova@example.test", "name": "Примерова Вера Тестовна",
                    "first-name": "Вера Тестовна", "last-name": "Примерова", "phone-number": "+70000000001",
                    "accepted-invitation": true, "integration-uid": "hr-1", "avatar-url": null, "active": false,
                    "collisions-on-create": {}, "invitation-sent": true, "last-active-at": null, "prefered-locale": "ru"
                },
                "relationships": {
                    "role": {"data": {"id": "r-1", "type": "roles"}},
                    "unit": {"data": {"id": "u-1", "type": "units"}},
                    "level": {"data": null},
                    "origin-integration": {"data": null}
                }
            }],
            "included": [
                {"id": "u-1", "type": "units", "attributes": {"name": "Первая линия", "integration-uid": "dep-7"}},
                {"id": "r-1", "type": "roles", "attributes": {"name": "Оператор"}}
            ],
            "meta": {"page": 1, "total-pages": 1, "total-count": 1}
        })
    }

    #[test]
    fn the_documented_sample_reads_as_a_suspended_employee_with_unit_and_role() {
        let employee = only(documented());
        assert_eq!(employee.access, Access::Suspended);
        assert_eq!(employee.marks.registered, Known::Value(true));
        assert_eq!(
            employee.at.keys,
            [
                MatchKey::ExternalId("hr-1".to_owned()),
                MatchKey::Email(Email::of_record("vera.primerova@example.test"))
            ]
        );
        assert_eq!(employee.profile.full_name(), "Примерова Вера Тестовна");
        assert_eq!(
            employee.profile.get(FieldName::MiddleName),
            &Known::Hidden,
            "the patronymic has no place of its own"
        );
        let unit = Grant::with_id(KindName::UNIT, "u-1", "Первая линия");
        assert_eq!(employee.granted(&KindName::UNIT), Some([unit].as_slice()));
        let role = Grant::with_id(KindName::ROLE, "r-1", "Оператор");
        assert_eq!(employee.granted(&KindName::ROLE), Some([role].as_slice()));
        assert_eq!(employee.grants[&KindName::LEVEL], Known::Empty);
    }

    #[test]
    fn snake_case_numbers_and_missing_members_are_read_too() {
        let employee = only(json!({"data": [{
            "id": 7, "attributes": {"email": null, "last_name": "Примерова", "first_name": " ", "integration_uid": 402},
            "relationships": {"unit": {"links": {}}}
        }]}));
        assert_eq!(employee.at.id, RemoteId::new("7"));
        assert_eq!(employee.at.keys, [MatchKey::ExternalId("402".to_owned())]);
        assert_eq!(employee.profile.get(FieldName::FirstName), &Known::Empty);
        assert_eq!(employee.access, Access::Open);
        assert_eq!(employee.marks.registered, Known::Hidden);
        assert_eq!(employee.grants[&KindName::UNIT], Known::Hidden);
    }

    #[test]
    fn a_list_without_data_is_not_an_empty_list() {
        for body in [json!({}), json!({"data": null}), json!({"errors": []})] {
            assert!(serde_json::from_value::<Listing<User>>(body).is_err());
        }
    }

    #[test]
    fn a_grant_without_a_known_name_is_called_by_its_id() {
        let mut rows = documented();
        rows["included"] = json!(null);
        let held = only(rows);
        assert_eq!(
            held.granted(&KindName::UNIT).unwrap(),
            [Grant::with_id(KindName::UNIT, "u-1", "u-1")]
        );
    }

    #[test]
    fn any_content_of_collisions_counts() {
        for (collisions, collides) in [
            (json!({}), false),
            (json!(null), false),
            (json!([]), false),
            (json!({"email": ["taken"]}), true),
            (json!(["email"]), true),
        ] {
            let mut rows = documented();
            rows["data"][0]["attributes"]["collisions-on-create"] = collisions.clone();
            let shown = listing(rows).data.remove(0).attributes;
            assert_eq!(shown.collides(), collides, "{collisions}");
        }
    }

    #[test]
    fn a_unit_has_a_path_by_attribute_by_relation_and_in_a_circle() {
        let listing: Listing<Unit> = serde_json::from_value(json!({"data": [
            {"id": "2", "attributes": {"name": "Первая линия", "parent-id": "1"}},
            {"id": "1", "attributes": {"name": "Контакт-центр", "parent_id": null}},
            {"id": "3", "attributes": {"name": "Ночная смена"}, "relationships": {"parent": {"data": {"id": "2", "type": "units"}}}},
            {"id": "4", "attributes": {"name": "Змей", "parent-id": "5"}},
            {"id": "5", "attributes": {"name": "Хвост", "parent-id": "4"}}
        ]}))
        .unwrap();
        let paths: Vec<String> = units(&listing.data)
            .iter()
            .map(|unit| unit.path.join("/"))
            .collect();
        assert_eq!(
            paths,
            [
                "Контакт-центр/Первая линия",
                "Контакт-центр",
                "Контакт-центр/Первая линия/Ночная смена",
                "Хвост/Змей",
                "Змей/Хвост"
            ]
        );
    }
}
