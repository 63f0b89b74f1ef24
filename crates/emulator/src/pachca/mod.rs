//! Pachca, the messenger, as its API describes it.
//!
//! What its documents leave open is decided here, next to the rule that needs it.

pub mod habits;

mod answer;
mod ask;
mod avatars;
mod chats;
mod daily;
mod directory;
mod emoji;
mod exports;
mod members;
mod membership;
mod messages;
mod moment;
mod pace;
mod page;
mod posted;
mod profile;
mod reactions;
mod routes;
mod search;
mod seeding;
mod show;
mod start;
mod state;
mod statuses;
mod tags;
mod threads;
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
    sdk_answers: bool,
    token: String,
    workspace: Arc<Mutex<Workspace>>,
}

/// Creates the messenger with its share of the people.
pub(crate) fn open(options: &Options, clock: &Clock, people: &People) -> Arc<dyn Place> {
    let workspace = start::workspace(options, clock, people);
    Arc::new(Pachca {
        seed: options.seed,
        sdk_answers: options.sdk_answers,
        token: start::secret(options),
        workspace: Arc::new(Mutex::new(workspace)),
    })
}

impl Place for Pachca {
    fn kind(&self) -> &'static str {
        "pachca"
    }

    fn mounts(&self) -> Vec<(&'static str, Router)> {
        vec![(MOUNT, routes::router().with_state(self.clone()))]
    }

    fn state(&self) -> Value {
        let mut workspace = held(&self.workspace);
        workspace.catch_up();
        workspace.show_all()
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

    fn over_limit(&self, wait_s: u64) -> Response {
        answer::too_many(wait_s, self.sdk_answers)
    }
}

/// What a call does. It sees the workspace alone, so that no two calls interleave.
type Act = fn(&mut Workspace, &Ask) -> Answered;

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
        workspace.catch_up();
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
