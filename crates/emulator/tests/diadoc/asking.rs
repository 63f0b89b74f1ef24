//! One call in either form.

use axum::body::Body;
use http::Request;
use serde_json::Value;

use crate::protobuf::{decode, encode};
use crate::world::World;

/// A call. Its body is a message and what that says; a call that is answered with nothing or has a body is a `POST`.
pub(crate) struct Ask {
    pub(crate) path: String,
    is_post: bool,
    body: Option<(&'static str, Value)>,
    answer: &'static str,
}

pub(crate) const NO_BODY: Option<(&str, Value)> = None;

pub(crate) fn ask(
    path: impl Into<String>,
    body: Option<(&'static str, Value)>,
    answer: &'static str,
) -> Ask {
    Ask {
        path: path.into(),
        is_post: body.is_some() || answer.is_empty(),
        body,
        answer,
    }
}

pub(crate) fn request(world: &World, path: &str, is_post: bool) -> http::request::Builder {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let uri = match path {
        "V2/GetMyUser" | "GetMyOrganizations" | "GetOrganization" => {
            format!("/diadoc/{path}?{query}")
        }
        _ => format!("/diadoc/{path}?boxId={}&{query}", world.box_id),
    };
    Request::builder()
        .method(if is_post { "POST" } else { "GET" })
        .uri(uri)
        .header("authorization", format!("Bearer {}", world.token))
}

pub(crate) async fn in_json(world: &World, ask: &Ask) -> Value {
    let mut request = request(world, &ask.path, ask.is_post).header("accept", "application/json");
    let body = match &ask.body {
        Some((_, said)) => {
            request = request.header("content-type", "application/json");
            Body::from(said.to_string())
        }
        None => Body::empty(),
    };
    let reply = world.send(request.body(body).unwrap()).await;
    if ask.answer.is_empty() {
        reply.is_empty_success();
        return Value::Null;
    }
    reply.json()
}

pub(crate) async fn in_protobuf(world: &World, ask: &Ask) -> Value {
    let body = match &ask.body {
        Some((message, said)) => Body::from(encode(message, said)),
        None => Body::empty(),
    };
    let request = request(world, &ask.path, ask.is_post).body(body).unwrap();
    let reply = world.send(request).await;
    if ask.answer.is_empty() {
        reply.is_empty_success();
        return Value::Null;
    }
    assert_eq!(reply.status, 200, "{}: {}", ask.path, reply.text);
    assert_eq!(reply.headers["content-type"], "application/octet-stream");
    decode(ask.answer, &reply.bytes)
}

/// Makes a call a `POST` without a body.
pub(crate) fn posted(ask: Ask) -> Ask {
    Ask {
        is_post: true,
        ..ask
    }
}

/// Removes what JSON has and the contract has not.
pub(crate) fn without_extras(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.remove("OrgIdGuid");
            members.remove("JoinedDiadocTreaty");
            // The head department was never created, which only JSON can leave out.
            members.retain(|name, value| name != "CreationTimestamp" || value["Ticks"] != 0);
            for value in members.values_mut() {
                *value = without_extras(value.take());
            }
        }
        Value::Array(values) => {
            for value in values {
                *value = without_extras(value.take());
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    value
}
