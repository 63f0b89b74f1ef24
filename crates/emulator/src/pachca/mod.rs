//! Pachca, the messenger, as its API describes it.
//!
//! What its documents leave open is decided here, next to the rule that needs it.

mod answer;
mod ask;
mod chats;
mod directory;
mod emoji;
mod members;
mod membership;
mod messages;
mod moment;
mod pace;
mod page;
mod profile;
mod seeding;
mod show;
mod start;
mod state;
mod statuses;
mod tags;
mod token;
mod users;
mod wished;

use std::future::ready;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::{Extension, Router};
use http::{HeaderValue, Method, Uri};
use serde_json::Value;

use crate::limits::Family;
use crate::pachca::answer::{Answered, Failure};
use crate::pachca::ask::Ask;
use crate::pachca::seeding::Records;
use crate::pachca::state::Workspace;
use crate::seed::{self, People};
use crate::wire::Wire;
use crate::{Clock, Options, Place, held};

const MOUNT: &str = "/pachca/api/shared/v1";

/// The emulated messenger.
#[derive(Clone, Debug)]
struct Pachca {
    seed: u64,
    token: String,
    workspace: Arc<Mutex<Workspace>>,
}

/// Creates the messenger with its share of the people.
pub(crate) fn open(options: &Options, clock: &Clock, people: &People) -> Arc<dyn Place> {
    let workspace = start::workspace(options, clock, people);
    Arc::new(Pachca {
        seed: options.seed,
        token: start::secret(options),
        workspace: Arc::new(Mutex::new(workspace)),
    })
}

impl Place for Pachca {
    fn kind(&self) -> &'static str {
        "pachca"
    }

    fn mounts(&self) -> Vec<(&'static str, Router)> {
        vec![(MOUNT, router().with_state(self.clone()))]
    }

    fn state(&self) -> Value {
        held(&self.workspace).show_all()
    }

    fn seed(&self, records: &Value) -> Result<(), String> {
        let records: Records = serde_json::from_value(records.clone())
            .map_err(|error| format!("The records for pachca make no sense: {error}."))?;
        held(&self.workspace).add(records)
    }

    fn settings(&self, base: &str) -> String {
        format!(
            "[providers.messenger]\nkind = \"pachca\"\nbase_url = \"{base}{MOUNT}\"\ntoken = {{ env = \"PACHCA_TOKEN\" }}\n"
        )
    }

    fn exports(&self) -> Vec<(&'static str, String)> {
        vec![("PACHCA_TOKEN", self.token.clone())]
    }

    fn limits(&self) -> Vec<Family> {
        pace::limits()
    }
}

/// What a call does. It sees the workspace alone, so that no two calls interleave.
type Act = fn(&mut Workspace, &Ask) -> Answered;

fn router() -> Router<Pachca> {
    use MethodFilter as M;
    let user = call(M::GET, "users:read", users::show)
        .merge(call(M::PUT, "users:update", users::edit))
        .merge(call(M::DELETE, "users:delete", users::delete));
    let status = call(M::GET, "user_status:read", statuses::show)
        .merge(call(M::PUT, "user_status:write", statuses::set))
        .merge(call(M::DELETE, "user_status:write", statuses::clear));
    Router::new()
        .route("/oauth/token/info", open_call(M::GET, profile::token))
        .route("/profile", call(M::GET, "profile:read", profile::me))
        .route(
            "/custom_properties",
            call(M::GET, "custom_properties:read", profile::properties),
        )
        .route(
            "/users",
            call(M::GET, "users:read", users::list).merge(call(
                M::POST,
                "users:create",
                users::create,
            )),
        )
        .route("/users/{id}", user)
        .route("/users/{id}/status", status)
        .route(
            "/group_tags",
            call(M::GET, "group_tags:read", tags::list).merge(call(
                M::POST,
                "group_tags:write",
                tags::create,
            )),
        )
        .route(
            "/group_tags/{id}",
            call(M::GET, "group_tags:read", tags::show),
        )
        .route(
            "/group_tags/{id}/users",
            call(M::GET, "group_tags:read", tags::users),
        )
        .route("/chats", call(M::GET, "chats:read", chats::list))
        .route("/chats/{id}", call(M::GET, "chats:read", chats::show))
        .route(
            "/chats/{id}/members",
            call(M::GET, "chat_members:read", members::list).merge(call(
                M::POST,
                "chat_members:write",
                members::add,
            )),
        )
        .route(
            "/chats/{id}/members/{user_id}",
            call(M::DELETE, "chat_members:write", members::remove),
        )
        .route(
            "/chats/{id}/group_tags",
            call(M::POST, "chat_members:write", members::attach_tags),
        )
        .route(
            "/messages",
            call(M::GET, "messages:read", messages::list).merge(call(
                M::POST,
                "messages:create",
                messages::send,
            )),
        )
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
}

/// Returns a route that needs a scope.
fn call(method: MethodFilter, scope: &'static str, act: Act) -> MethodRouter<Pachca> {
    on(method, move |State(pachca): State<Pachca>, ask: Ask| {
        ready(pachca.answer(Some(scope), act, &ask))
    })
}

/// Returns a route that any valid token may use.
fn open_call(method: MethodFilter, act: Act) -> MethodRouter<Pachca> {
    on(method, move |State(pachca): State<Pachca>, ask: Ask| {
        ready(pachca.answer(None, act, &ask))
    })
}

async fn unknown(
    State(pachca): State<Pachca>,
    Extension(wire): Extension<Wire>,
    method: Method,
    uri: Uri,
) -> Response {
    let what = format!("no call {method} {}", uri.path());
    let failure = match wire.undocumented(what) {
        Ok(()) => Failure::not_found(),
        Err(refused) => refused.into(),
    };
    pachca.stamped(&wire, failure.into_response())
}

impl Pachca {
    fn answer(&self, scope: Option<&'static str>, act: Act, ask: &Ask) -> Response {
        let mut workspace = held(&self.workspace);
        let answered = workspace
            .admit(&ask.headers, scope)
            .and_then(|()| act(&mut workspace, ask));
        self.stamped(&ask.wire, answered.into_response())
    }

    /// Adds the id that the platform gives to each request.
    fn stamped(&self, wire: &Wire, mut response: Response) -> Response {
        let id = seed::uuid(self.seed, &format!("request {}", wire.seq()));
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
}
