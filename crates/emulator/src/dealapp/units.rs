//! `/api/v1/organization/units`: the tree of departments.

use axum::extract::{Path, State as Handed};
use axum::response::Response;
use serde_json::Value;

use super::document;
use super::errors::{self, Complaints};
use super::habits::UnknownId;
use super::lists::Paging;
use super::records::{Records, Unit};
use super::request::{Call, Holds, Member, cast_text};
use super::state::Shared;
use crate::wire::Refused;

/// The page attaches these names to the list without saying whether they are fields or filters: they are both here.
const QUERY: &[&str] = &[
    "page[number]",
    "name",
    "parent_id",
    "integration_uid",
    "parent_integration_uid",
    "filters[name]",
    "filters[parent_id]",
    "filters[integration_uid]",
    "filters[parent_integration_uid]",
];

const NO_PARENT: &str = "Parent must exist";

const BODY: &[Member] = &[
    Member::new("name", Holds::Text, false),
    Member::new("integration_uid", Holds::Text, true),
    Member::new("parent_id", Holds::Id, true),
];

/// Lists the departments.
pub(super) async fn list(Handed(shared): Handed<Shared>, call: Call) -> Result<Response, Refused> {
    call.only_query(QUERY)?;
    let paging = Paging::read(&call)?;
    let filter = |name: &str| {
        call.param(&format!("filters[{name}]"))
            .or_else(|| call.param(name))
    };
    let fits =
        |wanted: Option<&str>, has: Option<&str>| wanted.is_none_or(|wanted| has == Some(wanted));
    Ok(shared.act(&call, |state, _| {
        let records = &state.records;
        let paging = paging.of_structure(state.habits);
        let rows: Vec<&Unit> = records
            .units
            .iter()
            .filter(|unit| {
                let parent = unit.parent.as_deref().and_then(|id| records.unit(id));
                fits(filter("name"), Some(unit.name.as_str()))
                    && fits(filter("integration_uid"), unit.integration_uid.as_deref())
                    && fits(filter("parent_id"), unit.parent.as_deref())
                    && fits(
                        filter("parent_integration_uid"),
                        parent.and_then(|it| it.integration_uid.as_deref()),
                    )
            })
            .collect();
        let data: Vec<Value> = paging
            .cut(&rows)
            .iter()
            .map(|unit| document::unit(state.habits, records, unit))
            .collect();
        paging.answer(state.habits, &data, &[], rows.len())
    }))
}

/// Creates a department.
pub(super) async fn create(
    Handed(shared): Handed<Shared>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    call.only_members(BODY)?;
    Ok(shared.act(&call, |state, _| {
        let mut unit = Unit {
            id: String::new(),
            name: String::new(),
            integration_uid: None,
            parent: None,
        };
        assign(&mut unit, &call);
        let complaints = complaints(&state.records, &unit);
        if state.habits.unknown_id == UnknownId::NotFound && complaints.says(NO_PARENT) {
            return errors::not_found("Parent");
        }
        if !complaints.is_empty() {
            return complaints.answer();
        }
        unit.id = state.tokens.id();
        let created = document::unit(state.habits, &state.records, &unit);
        state.records.units.push(unit);
        document::created(state.habits, created)
    }))
}

/// Renames, moves or relinks a department.
pub(super) async fn update(
    Handed(shared): Handed<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    call.only_members(BODY)?;
    Ok(shared.act(&call, |state, _| {
        let Some(at) = state.records.units.iter().position(|unit| unit.id == id) else {
            return errors::not_found("Unit");
        };
        let mut unit = state.records.units[at].clone();
        assign(&mut unit, &call);
        let complaints = complaints(&state.records, &unit);
        if state.habits.unknown_id == UnknownId::NotFound && complaints.says(NO_PARENT) {
            return errors::not_found("Parent");
        }
        if !complaints.is_empty() {
            return complaints.answer();
        }
        let changed = document::unit(state.habits, &state.records, &unit);
        state.records.units[at] = unit;
        document::changed(state.habits, changed)
    }))
}

fn assign(unit: &mut Unit, call: &Call) {
    let sent = |name: &str| call.body.get(name).and_then(cast_text);
    if let Some(name) = sent("name") {
        unit.name = name.unwrap_or_default();
    }
    if let Some(uid) = sent("integration_uid") {
        unit.integration_uid = uid.filter(|uid| !uid.is_empty());
    }
    if let Some(parent) = sent("parent_id") {
        unit.parent = parent.filter(|id| !id.is_empty());
    }
}

fn complaints(records: &Records, unit: &Unit) -> Complaints {
    let mut complaints = Complaints::default();
    if unit.name.trim().is_empty() {
        complaints.add("name", "Name can't be blank");
    }
    if let Some(uid) = &unit.integration_uid
        && records
            .units
            .iter()
            .any(|other| other.id != unit.id && other.integration_uid.as_ref() == Some(uid))
    {
        complaints.add("integration_uid", "Integration uid is already used");
    }
    if let Some(parent) = &unit.parent {
        if records.unit(parent).is_none() {
            complaints.add("parent_id", NO_PARENT);
        } else if !unit.id.is_empty() && records.is_within(parent, &unit.id) {
            complaints.add(
                "parent_id",
                "Parent can't be the unit itself or one below it",
            );
        }
    }
    complaints
}
