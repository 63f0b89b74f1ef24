//! What the suites have to know of every platform.

use kadry_core::RemoteId;
use serde_json::{Value, json};

/// What the suites have to know of one kind of platform.
pub(crate) struct Platform {
    pub(crate) kind: &'static str,
    /// The list of the emulator's state that holds the records.
    records: &'static str,
    /// The member of a record that holds its id.
    id: &'static str,
    /// The member of a record that holds the e-mail.
    email: &'static str,
    /// The emulator's seed of one person who is there already.
    pub(crate) seed: fn(&Newcomer) -> Value,
}

impl Platform {
    /// Lists the records in an emulator's state: ids, and e-mails in lower case.
    pub(crate) fn records(&self, state: &Value) -> Vec<(RemoteId, String)> {
        let record = |row: &Value| {
            let id = &row[self.id];
            let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            // Programs have no e-mail.
            let email = row[self.email].as_str().unwrap_or_default();
            (RemoteId::new(id), email.to_lowercase())
        };
        let records = state[self.records].as_array().unwrap();
        records.iter().map(record).collect()
    }
}

/// Somebody who is put on a platform behind everybody's back.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer {
    /// The e-mail in the letter case in which the platform got it.
    pub(crate) email: String,
    pub(crate) external_id: String,
    pub(crate) last_name: String,
    pub(crate) first_name: String,
    pub(crate) suspended: bool,
    /// Whether the record holds something that the role does not speak of, as far as there is such a thing.
    pub(crate) carries: bool,
}

/// One row per kind, in the order of the emulator's.
pub(crate) const PLATFORMS: &[Platform] = &[
    Platform {
        kind: kadry_pachca::KIND,
        records: "users",
        id: "id",
        email: "email",
        seed: |person| {
            let tags: &[&str] = if person.carries {
                &["Продажи"]
            } else {
                &[]
            };
            json!({
                "users": [{
                    "email": person.email, "last_name": person.last_name, "first_name": person.first_name,
                    "suspended": person.suspended, "list_tags": tags,
                }],
                "chats": [{ "name": "Общий", "members": [person.email] }],
            })
        },
    },
    Platform {
        kind: kadry_dealapp::KIND,
        records: "users",
        id: "id",
        email: "email",
        seed: |person| {
            let unit = if person.carries {
                "Отдел продаж"
            } else {
                "Бухгалтерия"
            };
            json!({ "users": [{
                "email": person.email, "last_name": person.last_name, "first_name": person.first_name,
                "integration_uid": person.external_id, "active": !person.suspended, "unit": unit,
            }] })
        },
    },
    Platform {
        kind: kadry_diadoc::KIND,
        records: "employees",
        id: "user_id",
        email: "login",
        seed: |person| {
            let actions: &[&str] = if person.carries {
                &["SignDocuments"]
            } else {
                &[]
            };
            json!({ "employees": [{
                "login": person.email, "last_name": person.last_name, "first_name": person.first_name,
                "blocked": person.suspended, "actions": actions,
                "powers_of_attorney": usize::from(person.carries), "registered": !person.carries,
            }] })
        },
    },
];
