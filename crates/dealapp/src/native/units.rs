//! The tree of units: reading it, and making, renaming and moving a single one.

use std::collections::BTreeSet;

use kadry_core::{
    Back, Cursor, Effect, Error, ErrorKind, FieldName, Known, Look, NativeCall, Page, Result,
    every, fold, same_value,
};
use serde_json::{Map, Value, json};

use super::pages::id;
use super::{Place, UNIT, id_of, invalid, nothing_empty};
use crate::DealApp;
use crate::map::{self, parent};
use crate::wire::document::Resource;
use crate::wire::organisation::Unit;
use crate::wire::read::is_id;

/// The members of a unit that can be written.
pub(super) const MEMBERS: [&str; 3] = ["name", "parent_id", "integration_uid"];

impl DealApp {
    /// Returns one page of units.
    pub(super) async fn units_page(
        &self,
        call: &NativeCall,
        from: Option<&Cursor>,
    ) -> Result<Page<Value>> {
        let mut place = Place::of(from)?;
        if let (None, Some(typed)) = (from, call.one("parent_id")) {
            let id = self.unit_id(typed, "parent_id").await?;
            place.filters.insert("parent_id".to_owned(), id);
        }
        let above = place.filters.get("parent_id").cloned();
        let listing = self.api.raw_units(place.number).await?;
        let mut page = place.take(listing)?;
        // The vendor names these four without saying whether they are filters, so that they are not sent. Checked 2026-11.
        page.items.retain(|row| fits(call, above.as_deref(), row));
        Ok(page)
    }

    /// Returns the units with their paths, each right behind the one above it or its neighbours.
    pub(super) async fn tree(&self) -> Result<Vec<Value>> {
        let rows = self.every_unit().await?;
        let offers = map::units(&read(&rows)?);
        let mut tree: Vec<(Vec<String>, Value)> = rows
            .into_iter()
            .zip(offers)
            .map(|(mut row, offer)| {
                row["path"] = json!(offer.path.join(" / "));
                (offer.path, row)
            })
            .collect();
        tree.sort_by_cached_key(|(path, _)| path.iter().map(|name| fold(name)).collect::<Vec<_>>());
        Ok(tree.into_iter().map(|(_, row)| row).collect())
    }

    /// Returns every unit as it came.
    pub(super) async fn every_unit(&self) -> Result<Vec<Value>> {
        every(async |from: Option<Cursor>| {
            let place = Place::of(from.as_ref())?;
            let listing = self.api.raw_units(place.number).await?;
            place.take(listing)
        })
        .await
    }

    /// Returns the id of a unit that is given by its id or its path.
    async fn unit_id(&self, typed: &str, argument: &'static str) -> Result<String> {
        match is_id(typed.trim()) {
            true => Ok(typed.trim().to_lowercase()),
            false => id_of(&self.api.units().await?, typed, argument, UNIT),
        }
    }

    /// Returns the creation of a unit with the id of the one above it.
    pub(super) async fn resolve_creation(&self, call: &NativeCall) -> Result<NativeCall> {
        let name =
            named(call)?.ok_or_else(|| invalid("a unit needs a name").with("argument", "name"))?;
        nothing_empty(call)?;
        let mut single = NativeCall::new(&call.operation).with("name", name);
        if let Some(typed) = call.one("parent_id") {
            let units = self.api.units().await?;
            single = single.with("parent_id", id_of(&units, typed, "parent_id", UNIT)?);
        }
        Ok(with_uid(call, single))
    }

    /// Returns the change of a unit with the ids of it and of the one above it.
    pub(super) async fn resolve_update(&self, call: &NativeCall) -> Result<NativeCall> {
        if MEMBERS.iter().all(|member| call.one(member).is_none()) {
            return Err(invalid("nothing to change was given").with("argument", "name"));
        }
        if call.one("parent_id").is_none_or(|id| !id.trim().is_empty()) {
            nothing_empty(call)?;
        }
        let rows = read(&self.every_unit().await?)?;
        let offers = map::units(&rows);
        let unit = id_of(&offers, call.required("id")?, "id", UNIT)?;
        let mut single = NativeCall::new(&call.operation).with("id", &unit);
        if let Some(name) = named(call)? {
            single = single.with("name", name);
        }
        if let Some(typed) = call.one("parent_id") {
            // Clearing by null is not documented. Checked 2026-11.
            if typed.trim().is_empty() {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    "moving a unit to the top is not documented",
                ));
            }
            let above = id_of(&offers, typed, "parent_id", UNIT)?;
            // Nothing says that the platform refuses a circle. Checked 2026-11.
            if is_within(&rows, &above, &unit) {
                return Err(invalid("a unit cannot be moved below itself")
                    .with("argument", "parent_id")
                    .with("unit.id", unit));
            }
            single = single.with("parent_id", above);
        }
        Ok(with_uid(call, single))
    }
}

fn named(call: &NativeCall) -> Result<Option<&str>> {
    match call.one("name").map(str::trim) {
        Some("") => Err(invalid("a unit needs a name").with("argument", "name")),
        name => Ok(name),
    }
}

fn with_uid(call: &NativeCall, single: NativeCall) -> NativeCall {
    let uid = call.one("integration_uid").map(str::trim);
    uid.into_iter()
        .fold(single, |single, uid| single.with("integration_uid", uid))
}

/// Returns the members that are written: exactly those that were given.
pub(super) fn body(call: &NativeCall) -> Value {
    let given = MEMBERS
        .iter()
        .filter_map(|member| Some(((*member).to_owned(), json!(call.one(member)?))));
    Value::Object(given.collect::<Map<_, _>>())
}

/// Refuses an answer that shows a unit otherwise than it was asked for: the platform drops what it does not permit and says 200 all the
/// same. What the answer does not show proves nothing against it.
pub(super) fn as_asked(call: &NativeCall, answer: Value) -> Result<Value> {
    let is_otherwise = match unit(&answer) {
        None => false,
        Some(made) if call.one("id").is_none() => {
            !has_name(&made, call.one("name").unwrap_or_default())
                || is_below(&made, call.one("parent_id")) == Some(false)
        }
        Some(_) => changed(call, &answer) == Look::Absent,
    };
    if is_otherwise {
        return Err(Error::new(
            ErrorKind::Protocol,
            "the platform said yes and kept another unit than the one that was asked for",
        )
        .with_effect(Effect::Applied)
        .with("unit.id", id(&answer).unwrap_or_default()));
    }
    Ok(answer)
}

/// Returns what a change is about: the unit, or for one that is made those of its name at its place.
pub(super) fn concerned(call: &NativeCall, units: Vec<Value>) -> Value {
    if let Some(wanted) = call.one("id") {
        let mut units = units.into_iter();
        return units
            .find(|row| id(row) == Some(wanted))
            .unwrap_or_default();
    }
    let is_it = |row: &Value| {
        unit(row).is_some_and(|unit| {
            has_name(&unit, call.one("name").unwrap_or_default())
                && is_below(&unit, call.one("parent_id")) != Some(false)
        })
    };
    Value::Array(units.into_iter().filter(is_it).collect())
}

/// Says whether a unit was made. Names are not unique: once the call was sent, only a unit that was not there before counts.
pub(super) fn made(call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    let Some(before) = before else {
        let uid = call.one("integration_uid");
        let has_uid =
            |unit: &Resource<Unit>| uid.is_none_or(|uid| shows_uid(unit, uid) == Some(true));
        let units = now.as_array().into_iter().flatten().filter_map(unit);
        return found(units.filter(has_uid).count() > 0);
    };
    let ids = |rows: &Value| -> BTreeSet<String> {
        let rows = rows.as_array().into_iter().flatten();
        rows.filter_map(id).map(str::to_owned).collect()
    };
    match ids(now).difference(&ids(before)).count() {
        0 => Look::Absent,
        1 => Look::Found,
        _ => Look::CannotTell,
    }
}

/// Says whether a unit is as a change leaves it.
pub(super) fn changed(call: &NativeCall, now: &Value) -> Look {
    let Some(unit) = unit(now) else {
        return Look::Absent;
    };
    // Another letter case is another name to whoever renames.
    let shown = unit.attributes.name.as_deref();
    let is_named = |name| shown.map(|shown| same_value(FieldName::Department, name, shown));
    let name = call.one("name").map(is_named);
    let above = call.one("parent_id").map(|id| is_below(&unit, Some(id)));
    let uid = call.one("integration_uid").map(|uid| shows_uid(&unit, uid));
    let asked: Vec<Option<bool>> = [name, above, uid].into_iter().flatten().collect();
    match asked {
        _ if asked.contains(&Some(false)) => Look::Absent,
        _ if asked.contains(&None) => Look::CannotTell,
        _ => Look::Found,
    }
}

/// Returns the change that takes a change back, but for a member that was empty before, since clearing one is not documented.
pub(super) fn back(call: &NativeCall, before: &Value) -> Back {
    let Some(unit) = unit(before) else {
        return Back::default();
    };
    let mut back = NativeCall::new(&call.operation).with("id", &unit.id);
    let mut stays = Vec::new();
    for member in MEMBERS {
        if call.one(member).is_none() {
            continue;
        }
        let old = match member {
            "name" => unit.attributes.name.clone(),
            "parent_id" => parent(&unit).value().cloned(),
            _ => unit.attributes.integration_uid.value().cloned(),
        };
        match old.filter(|old| !old.is_empty()) {
            Some(old) => back = back.with(member, old),
            None => stays.push(member),
        }
    }
    let changes_any = back.arguments.len() > 1;
    Back::from(changes_any.then_some(back)).except(&stays)
}

fn found(is_there: bool) -> Look {
    if is_there { Look::Found } else { Look::Absent }
}

pub(super) fn unit(row: &Value) -> Option<Resource<Unit>> {
    serde_json::from_value(row.clone()).ok()
}

fn read(rows: &[Value]) -> Result<Vec<Resource<Unit>>> {
    let unit = |row| unit(row).ok_or_else(|| Error::new(ErrorKind::Protocol, "a unit has no id"));
    rows.iter().map(unit).collect()
}

fn has_name(unit: &Resource<Unit>, name: &str) -> bool {
    fold(unit.attributes.name.as_deref().unwrap_or_default()) == fold(name)
}

/// Reports whether a unit has an id of the employer's own system; nothing where the platform does not show it.
fn shows_uid(unit: &Resource<Unit>, uid: &str) -> Option<bool> {
    match &unit.attributes.integration_uid {
        Known::Value(shown) => Some(shown == uid),
        Known::Empty => Some(uid.is_empty()),
        Known::Hidden => None,
    }
}

/// Reports whether a unit is right below another, or at the top for none; nothing where the platform does not show it.
fn is_below(unit: &Resource<Unit>, above: Option<&str>) -> Option<bool> {
    match parent(unit) {
        Known::Value(shown) => Some(above.is_some_and(|id| id.eq_ignore_ascii_case(&shown))),
        Known::Empty => Some(above.is_none()),
        Known::Hidden => None,
    }
}

/// Reports whether a unit is another one or somewhere below it.
fn is_within(units: &[Resource<Unit>], unit: &str, other: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut at = Some(unit.to_owned());
    while let Some(id) = at.take().filter(|id| seen.insert(id.clone())) {
        if id == other {
            return true;
        }
        let row = units.iter().find(|row| row.id == id);
        at = row.and_then(|row| parent(row).value().cloned());
    }
    false
}

/// Reports whether a row passes the filters of the list.
fn fits(call: &NativeCall, above: Option<&str>, row: &Value) -> bool {
    let Some(unit) = unit(row) else { return false };
    let attribute = |kebab: &str| {
        let snake = kebab.replace('-', "_");
        let shown = row.pointer(&format!("/attributes/{kebab}"));
        let shown = shown.or_else(|| row.pointer(&format!("/attributes/{snake}")));
        shown.and_then(Value::as_str).map(str::to_owned)
    };
    let same = |argument: &str, kebab: &str| {
        let wanted = call.one(argument);
        wanted.is_none_or(|wanted| attribute(kebab).as_deref() == Some(wanted))
    };
    call.one("name").is_none_or(|name| has_name(&unit, name))
        && (above.is_none() || is_below(&unit, above) == Some(true))
        && same("integration_uid", "integration-uid")
        && same("parent_integration_uid", "parent-integration-uid")
}
