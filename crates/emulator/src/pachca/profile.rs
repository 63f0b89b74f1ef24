//! The token, its owner, and the workspace's custom properties.

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data};
use crate::pachca::ask::Ask;
use crate::pachca::moment;
use crate::pachca::state::Workspace;

pub(super) fn token(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let token = &workspace.token;
    let shown = json!({
        "id": token.id,
        "token": token.masked(),
        "name": "kadry",
        "user_id": token.user_id,
        "scopes": token.scopes,
        "created_at": moment::write(token.created_ms),
        "revoked_at": null,
        "expires_in": null,
        "last_used_at": token.last_used_ms.map(moment::write),
    });
    Ok(data(StatusCode::OK, &shown))
}

pub(super) fn me(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let user = workspace.user(workspace.me())?;
    Ok(data(StatusCode::OK, &workspace.show_user(user)))
}

pub(super) fn properties(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["entity_type"])?;
    let Some(entity_type) = params.get("entity_type") else {
        return Err(Failure::bad("entity_type", Value::Null, "required"));
    };
    let shown: Vec<Value> = match entity_type {
        "User" => workspace
            .properties
            .iter()
            .map(|property| {
                json!({ "id": property.id, "name": property.name, "data_type": property.data_type })
            })
            .collect(),
        "Task" => Vec::new(),
        other => return Err(Failure::bad("entity_type", other, "inclusion")),
    };
    Ok(answer(StatusCode::OK, &json!({ "data": shown })))
}
