//! `/api/v1/organization/roles`: read only, roles are made in the web interface.

use axum::extract::State as Handed;
use axum::response::Response;
use serde_json::Value;

use super::document;
use super::lists::Paging;
use super::request::Call;
use super::state::Shared;
use crate::wire::Refused;

/// Lists the roles.
pub(super) async fn list(Handed(shared): Handed<Shared>, call: Call) -> Result<Response, Refused> {
    call.only_query(&["page[number]"])?;
    let paging = Paging::read(&call)?;
    Ok(shared.act(&call, |state, _| {
        let roles = &state.records.roles;
        let paging = paging.of_structure(state.habits);
        let data: Vec<Value> = paging
            .cut(roles)
            .iter()
            .map(|role| document::named("roles", role))
            .collect();
        paging.answer(state.habits, &data, &[], roles.len())
    }))
}
