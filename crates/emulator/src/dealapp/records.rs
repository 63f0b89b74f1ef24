//! What the organisation consists of: users, units, roles and levels.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// An e-mail address in the form in which the service stores and compares it.
pub(super) fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// What is said of an e-mail that belongs to somebody else.
pub(super) const EMAIL_TAKEN: &str = "Email has already been taken";

/// One user record.
#[derive(Clone)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) created_ms: i64,
    pub(super) email: String,
    pub(super) last_name: String,
    pub(super) first_name: Option<String>,
    pub(super) phone_number: Option<String>,
    pub(super) integration_uid: Option<String>,
    pub(super) avatar_url: Option<String>,
    pub(super) active: bool,
    /// Locked out, which may or may not mean being inactive.
    pub(super) locked_out: bool,
    pub(super) invitation_sent: bool,
    pub(super) accepted_invitation: bool,
    pub(super) last_active_ms: Option<i64>,
    pub(super) locale: String,
    pub(super) unit: String,
    pub(super) role: String,
    pub(super) level: Option<String>,
    /// The integration that brought the user in.
    pub(super) origin: Option<String>,
    pub(super) password: Option<[u8; 32]>,
    /// How often the password was set; a test may want to see that it was scrambled.
    pub(super) passwords_set: u32,
    /// Whether the record was created with an e-mail that belonged to somebody else.
    pub(super) clashes: bool,
}

impl User {
    pub(super) fn new(id: String, created_ms: i64) -> Self {
        Self {
            id,
            created_ms,
            email: String::new(),
            last_name: String::new(),
            first_name: None,
            phone_number: None,
            integration_uid: None,
            avatar_url: None,
            active: true,
            locked_out: false,
            invitation_sent: false,
            accepted_invitation: false,
            last_active_ms: None,
            locale: "ru".to_owned(),
            unit: String::new(),
            role: String::new(),
            level: None,
            origin: None,
            password: None,
            passwords_set: 0,
            clashes: false,
        }
    }

    /// Returns what the record was found to clash with when it was created; the vendor's sample shows an empty object.
    pub(super) fn collisions(&self) -> Value {
        if self.clashes {
            json!({ "email": [EMAIL_TAKEN] })
        } else {
            json!({})
        }
    }

    /// Returns the display name.
    ///
    /// Without a first name it ends with a blank, as in the sample of the vendor's users page. Checked 2026-11.
    pub(super) fn name(&self) -> String {
        format!(
            "{} {}",
            self.last_name,
            self.first_name.as_deref().unwrap_or_default()
        )
    }
}

/// One department.
#[derive(Clone)]
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) integration_uid: Option<String>,
    pub(super) parent: Option<String>,
}

/// A role or a level: something with a name that is made in the web interface only.
pub(super) struct Named {
    pub(super) id: String,
    pub(super) name: String,
}

/// A connection to another system, made in the web interface, with the accounts that people have there.
pub(super) struct Integration {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) bindings: Vec<Binding>,
}

/// An account in another system and whose it is.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Binding {
    #[serde(skip)]
    pub(super) id: String,
    // In this order they stand in the file of the vendor's export.
    pub(super) email: String,
    pub(super) last_name: String,
    pub(super) first_name: String,
    pub(super) integration_uid: String,
}

/// Every user, in the order of creation, with the look-ups that uniqueness needs.
#[derive(Default)]
pub(super) struct Users {
    rows: BTreeMap<(i64, String), User>,
    created_ms: HashMap<String, i64>,
    by_email: HashMap<String, String>,
    by_uid: HashMap<String, String>,
}

impl Users {
    /// Lists everybody by time of creation, then by id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &User> {
        self.rows.values()
    }

    pub(super) fn get(&self, id: &str) -> Option<&User> {
        let created_ms = *self.created_ms.get(id)?;
        self.rows.get(&(created_ms, id.to_owned()))
    }

    /// Returns the user who signs in with this e-mail, inactive ones included.
    pub(super) fn by_email(&self, email: &str) -> Option<&User> {
        self.by_email
            .get(&folded(email))
            .and_then(|id| self.get(id))
    }

    /// Returns the id of whoever has this id of the customer's system, inactive ones included.
    pub(super) fn holder_of(&self, integration_uid: &str) -> Option<&str> {
        self.by_uid.get(integration_uid).map(String::as_str)
    }

    /// Stores a new or a changed user.
    pub(super) fn put(&mut self, user: User) {
        if let Some(before) = self.get(&user.id).cloned() {
            if self.by_email.get(&before.email) == Some(&user.id) {
                self.by_email.remove(&before.email);
            }
            if let Some(uid) = &before.integration_uid {
                self.by_uid.remove(uid);
            }
        }
        // Of two with one e-mail the first one signs in with it.
        self.by_email
            .entry(user.email.clone())
            .or_insert_with(|| user.id.clone());
        if let Some(uid) = &user.integration_uid {
            self.by_uid.insert(uid.clone(), user.id.clone());
        }
        self.created_ms.insert(user.id.clone(), user.created_ms);
        self.rows.insert((user.created_ms, user.id.clone()), user);
    }
}

/// The records of the organisation.
#[derive(Default)]
pub(super) struct Records {
    pub(super) users: Users,
    pub(super) units: Vec<Unit>,
    pub(super) roles: Vec<Named>,
    pub(super) levels: Vec<Named>,
    pub(super) integrations: Vec<Integration>,
}

impl Records {
    pub(super) fn unit(&self, id: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    pub(super) fn integration(&self, id: &str) -> Option<&Integration> {
        self.integrations.iter().find(|it| it.id == id)
    }

    pub(super) fn unit_named(&self, name: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.name == name)
    }

    /// Reports whether `id` is `ancestor` or lies below it.
    pub(super) fn is_within(&self, id: &str, ancestor: &str) -> bool {
        let mut at = Some(id);
        while let Some(unit) = at.and_then(|id| self.unit(id)) {
            if unit.id == ancestor {
                return true;
            }
            at = unit.parent.as_deref();
        }
        false
    }

    /// Returns everything as the control interface shows it.
    pub(super) fn shown(&self) -> Value {
        let named = |list: &[Named]| -> Vec<Value> {
            list.iter()
                .map(|it| json!({ "id": it.id, "name": it.name }))
                .collect()
        };
        json!({
            "users": self.users.iter().map(|user| self.shown_user(user)).collect::<Vec<_>>(),
            "units": self.units.iter().map(|unit| self.shown_unit(unit)).collect::<Vec<_>>(),
            "roles": named(&self.roles),
            "levels": named(&self.levels),
            "integrations": self.integrations.iter().map(shown_integration).collect::<Vec<_>>(),
        })
    }

    fn shown_user(&self, user: &User) -> Value {
        json!({
            "id": user.id,
            "email": user.email,
            "name": user.name(),
            "last_name": user.last_name,
            "first_name": user.first_name,
            "phone_number": user.phone_number,
            "integration_uid": user.integration_uid,
            "avatar_url": user.avatar_url,
            "active": user.active,
            "locked_out": user.locked_out,
            "invitation_sent": user.invitation_sent,
            "accepted_invitation": user.accepted_invitation,
            "last_active_at": user.last_active_ms.map(super::document::timestamp),
            "prefered_locale": user.locale,
            "collisions_on_create": user.collisions(),
            "unit_id": user.unit,
            "unit": self.unit(&user.unit).map(|unit| &unit.name),
            "role_id": user.role,
            "role": name_of(&self.roles, &user.role),
            "level_id": user.level,
            "level": user.level.as_deref().and_then(|id| name_of(&self.levels, id)),
            "origin_integration": user.origin.as_deref().and_then(|id| self.integration(id)).map(|it| &it.name),
            "passwords_set": user.passwords_set,
        })
    }

    fn shown_unit(&self, unit: &Unit) -> Value {
        json!({
            "id": unit.id,
            "name": unit.name,
            "integration_uid": unit.integration_uid,
            "parent_id": unit.parent,
            "parent": unit.parent.as_deref().and_then(|id| self.unit(id)).map(|parent| &parent.name),
        })
    }
}

fn shown_integration(it: &Integration) -> Value {
    json!({ "id": it.id, "name": it.name, "bindings": it.bindings })
}

/// Returns the name of the entry with this id.
pub(super) fn name_of<'a>(list: &'a [Named], id: &str) -> Option<&'a str> {
    list.iter()
        .find(|it| it.id == id)
        .map(|it| it.name.as_str())
}

/// Returns the id of the first entry with this name.
pub(super) fn id_of<'a>(list: &'a [Named], name: &str) -> Option<&'a str> {
    list.iter()
        .find(|it| it.name == name)
        .map(|it| it.id.as_str())
}
