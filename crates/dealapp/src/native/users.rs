//! Reading people with the filters of the platform.

use kadry_core::{Cursor, Email, Error, ErrorKind, MatchKey, NativeCall, Page, Result, every};
use serde_json::Value;

use super::{LEVEL, Place, ROLE, UNIT, id_of, invalid};
use crate::DealApp;
use crate::map::keys;
use crate::wire::document::Resource;
use crate::wire::read::is_id;
use crate::wire::users::User;

/// The filters that are lists of ids.
const BY_IDS: [&str; 3] = ["units_ids", "roles_ids", "levels_ids"];

impl DealApp {
    /// Returns one page of people.
    pub(super) async fn users_page(
        &self,
        call: &NativeCall,
        from: Option<&Cursor>,
    ) -> Result<Page<Value>> {
        let active = call.flag("active")?;
        let sort = call.one("sort");
        if sort.is_some_and(|by| by.starts_with('-')) {
            return Err(invalid("sorting downwards is not documented").with("argument", "sort"));
        }
        let mut place = Place::of(from)?;
        if from.is_none() {
            for name in BY_IDS {
                if let Some(ids) = self.ids(call, name).await? {
                    place.filters.insert(name.to_owned(), ids);
                }
            }
        }
        let query = query(call, active, &place)?;
        let listing = self.api.raw_users(&query, sort, place.number).await?;
        let mut page = place.take(listing)?;
        // Whether the filter or the switch for inactive people wins is not documented. Checked 2026-11.
        page.items.retain(|row| {
            let shown = row.pointer("/attributes/active").and_then(Value::as_bool);
            active.is_none() || shown.is_none() || shown == active
        });
        Ok(page)
    }

    /// Returns the ids that a filter names, with commas between them; nothing for one that was not given.
    async fn ids(&self, call: &NativeCall, name: &'static str) -> Result<Option<String>> {
        let typed = call.all(name);
        if typed.is_empty() {
            return Ok(None);
        }
        let typed: Vec<&str> = typed.iter().map(|text| text.trim()).collect();
        let thing = match name {
            "units_ids" => UNIT,
            "roles_ids" => ROLE,
            _ => LEVEL,
        };
        let offers = match name {
            _ if typed.iter().all(|text| is_id(text)) => Vec::new(),
            "units_ids" => self.api.units().await?,
            "roles_ids" => self.api.roles().await?,
            // Nothing lists the levels but the settings.
            _ => self.api.levels.offers(),
        };
        let id = |text: &str| match is_id(text) {
            true => Ok(text.to_lowercase()),
            false => id_of(&offers, text, name, thing),
        };
        let mut ids: Vec<String> = Vec::new();
        for typed in typed {
            let id = id(typed)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(Some(ids.join(",")))
    }

    /// Returns the one person who carries the id of the employer's own system, or the e-mail.
    pub(super) async fn one_user(&self, call: &NativeCall) -> Result<Value> {
        let key = match (call.one("integration_uid"), call.one("email")) {
            (Some(uid), None) => MatchKey::ExternalId(uid.trim().to_owned()),
            (None, Some(email)) => MatchKey::Email(Email::of_record(email)),
            _ => {
                return Err(
                    invalid("give either integration_uid or email").with("argument", "email")
                );
            }
        };
        // The search looks at names and e-mails only, and whether it minds the case is not documented. Checked 2026-11.
        let mut found = match &key {
            MatchKey::Email(email) => self.with_key(&key, Some(email)).await?,
            MatchKey::ExternalId(_) => Vec::new(),
        };
        if found.is_empty() {
            found = self.with_key(&key, None).await?;
        }
        let one = found.pop();
        if !found.is_empty() {
            return Err(Error::new(
                ErrorKind::Conflict,
                "several people carry this key",
            ));
        }
        one.ok_or_else(|| Error::new(ErrorKind::NotFound, "nobody carries this key"))
    }

    async fn with_key(&self, key: &MatchKey, search: Option<&Email>) -> Result<Vec<Value>> {
        let mut query = everybody();
        query.extend(search.map(|email| ("search", email.to_string())));
        let page = async |from: Option<Cursor>| {
            let place = Place::of(from.as_ref())?;
            let listing = self.api.raw_users(&query, None, place.number).await?;
            let mut page = place.take(listing)?;
            page.items.retain(|row| carries(row, key));
            Ok(page)
        };
        every(page).await
    }
}

/// Asks for inactive people too. The vendor's page says "add the parameter `with_inactive=true`" inside the table of filters: it goes to
/// both places. Checked 2026-11.
fn everybody() -> Vec<(&'static str, String)> {
    ["with_inactive", "filters[with_inactive]"]
        .map(|name| (name, true.to_string()))
        .to_vec()
}

/// Returns what a list is asked with.
fn query(
    call: &NativeCall,
    active: Option<bool>,
    place: &Place,
) -> Result<Vec<(&'static str, String)>> {
    // Without the switch the list holds active people only, whatever the filter says.
    let mut query = match call.flag("with_inactive")? == Some(true) || active == Some(false) {
        true => everybody(),
        false => Vec::new(),
    };
    let ids = |name: &str| place.filters.get(name).cloned();
    let filters = [
        ("filters[active]", active.map(|active| active.to_string())),
        ("filters[units_ids]", ids("units_ids")),
        ("filters[roles_ids]", ids("roles_ids")),
        ("filters[levels_ids]", ids("levels_ids")),
        (
            "filters[invitation_status]",
            call.one("invitation_status").map(str::to_owned),
        ),
        ("search", call.one("search").map(str::to_owned)),
    ];
    let given = filters
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    query.extend(given);
    Ok(query)
}

fn carries(row: &Value, key: &MatchKey) -> bool {
    serde_json::from_value::<Resource<User>>(row.clone())
        .is_ok_and(|user| keys(&user.attributes).contains(key))
}
