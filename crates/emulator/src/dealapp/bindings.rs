//! `/api/v1/api_integrations`: whose accounts in another system are whose, read as a file and written as a whole.
//!
//! No page describes these two calls; they were seen in a client that ran in 2024. Checked 2026-11.

use std::collections::BTreeSet;

use axum::extract::{Path, State as Handed};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize as _;
use serde_json::Value;

use super::document;
use super::errors::{self, Complaints};
use super::fields::is_email;
use super::records::Binding;
use super::request::Call;
use super::state::Shared;
use crate::wire::Refused;

const MEMBERS: &[&str] = &["email", "first_name", "last_name", "integration_uid"];

/// Writes the bindings of an integration as a file.
pub(super) async fn export(
    Handed(shared): Handed<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    Ok(shared.act(&call, |state, _| {
        let Some(integration) = state.records.integration(&id) else {
            return errors::not_found("Integration");
        };
        match file(&integration.bindings) {
            Ok(file) => ([(header::CONTENT_TYPE, "text/csv")], file).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }))
}

fn file(bindings: &[Binding]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    writer.write_record(["email", "last_name", "first_name", "integration_uid"])?;
    for binding in bindings {
        writer.serialize(binding)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

/// Puts the sent bindings in the place of all that there were.
pub(super) async fn import(
    Handed(shared): Handed<Shared>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Response, Refused> {
    call.only_query(&[])?;
    call.wire.only_members(&call.body, &["data"], "body")?;
    let rows = call.body.get("data").and_then(Value::as_array);
    for row in rows.into_iter().flatten().filter_map(Value::as_object) {
        call.wire.only_members(row, MEMBERS, "data")?;
    }
    Ok(shared.act(&call, |state, _| {
        let integrations = &mut state.records.integrations;
        let Some(at) = integrations.iter().position(|it| it.id == id) else {
            return errors::not_found("Integration");
        };
        let mut bindings = match read(rows) {
            Ok(bindings) => bindings,
            Err(complaints) => return complaints.answer(),
        };
        for binding in &mut bindings {
            binding.id = state.tokens.id();
        }
        integrations[at].bindings = bindings;
        let integration = &state.records.integrations[at];
        let shown: Vec<Value> = integration
            .bindings
            .iter()
            .map(|binding| document::binding(&state.records, integration, binding))
            .collect();
        document::whole(state.habits, &shown)
    }))
}

/// Reads the rows, which are taken together or not at all.
fn read(rows: Option<&Vec<Value>>) -> Result<Vec<Binding>, Complaints> {
    let mut complaints = Complaints::default();
    let mut bindings = Vec::new();
    let mut taken = BTreeSet::new();
    let Some(rows) = rows else {
        complaints.add("base", "Data can't be blank");
        return Err(complaints);
    };
    for row in rows {
        let Ok(binding) = Binding::deserialize(row) else {
            complaints.add("base", "Data is invalid");
            continue;
        };
        if !is_email(&binding.email) {
            complaints.add("base", "Email is invalid");
        }
        if binding.integration_uid.trim().is_empty() {
            complaints.add("base", "Integration uid is invalid");
        } else if !taken.insert(binding.integration_uid.clone()) {
            complaints.add("base", "Integration uid is repeated");
        }
        bindings.push(binding);
    }
    if complaints.is_empty() {
        Ok(bindings)
    } else {
        Err(complaints)
    }
}
