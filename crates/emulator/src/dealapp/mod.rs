//! `DealApp` (Qolio), the part that concerns users and the structure of the organisation.
//!
//! A fake of a Rails service: requests are flat `snake_case` JSON, answers are JSON:API with kebab-case names, members
//! that an action does not permit are dropped without a word (and recorded here as undocumented), and sign-in hands out
//! tokens that change while they are used. Where the vendor is silent, the rule beside the code says what was assumed.

mod auth;
mod bindings;
mod document;
mod errors;
mod fields;
mod filter;
pub mod habits;
mod lists;
mod organisation;
mod records;
mod request;
mod roles;
mod session;
mod sessions;
mod state;
mod tokens;
mod units;
mod users;

use std::fmt;
use std::sync::Arc;

use axum::response::Response;
use axum::routing::{delete, get, post, put};
use axum::{Extension, Router};
use serde_json::Value;

use self::organisation::SERVICE_EMAIL;
use self::session::{Manner, Rotation};
use self::sessions::Sessions;
use self::state::{Shared, State};
use self::tokens::Tokens;
use crate::limits::{self, Family};
use crate::seed::{self, People};
use crate::wire::{Refused, Wire};
use crate::{Clock, Options, Place};

const KIND: &str = "dealapp";
const MOUNT: &str = "/dealapp";
const PASSWORD_LENGTH: usize = 20;

/// The emulated platform.
struct DealApp {
    shared: Shared,
    password: String,
}

/// Opens the platform with its share of the people.
pub(crate) fn open(options: &Options, clock: &Clock, people: &People) -> Arc<dyn Place> {
    let password = seed::token(options.seed, "dealapp password", PASSWORD_LENGTH);
    let mut tokens = Tokens::new(options.seed);
    let records = organisation::founded(&mut tokens, people, KIND, &password, clock.now_ms());
    let state = State {
        tokens,
        sessions: Sessions::new(manner(options)),
        habits: options.dealapp,
        records,
    };
    Arc::new(DealApp {
        shared: Shared::new(clock.clone(), state),
        password,
    })
}

const fn manner(options: &Options) -> Manner {
    Manner {
        rotation: match (options.dealapp_rotation, options.dealapp.shared_tokens) {
            (false, _) => Rotation::Off,
            (true, true) => Rotation::ByBatch,
            (true, false) => Rotation::Each,
        },
        grace: options.dealapp.accepts_previous_token,
    }
}

impl fmt::Debug for DealApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DealApp").finish_non_exhaustive()
    }
}

impl Place for DealApp {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn mounts(&self) -> Vec<(&'static str, Router)> {
        vec![(MOUNT, router(self.shared.clone()))]
    }

    fn state(&self) -> Value {
        self.shared.lock().shown()
    }

    fn seed(&self, records: &Value) -> Result<(), String> {
        let now_ms = self.shared.now_ms();
        let state = &mut *self.shared.lock();
        if organisation::add(&mut state.records, &mut state.tokens, records, now_ms)? {
            state.sessions.close_all();
        }
        Ok(())
    }

    fn settings(&self, base: &str) -> String {
        format!(
            "[providers.calls]\nkind = \"{KIND}\"\nbase_url = \"{base}{MOUNT}\"\nemail = \"{SERVICE_EMAIL}\"\n\
             password = {{ env = \"DEALAPP_PASSWORD\" }}\n"
        )
    }

    fn exports(&self) -> Vec<(&'static str, String)> {
        vec![("DEALAPP_PASSWORD", self.password.clone())]
    }

    /// Lists none: the vendor documents no rate limit.
    fn over_limit(&self, wait_s: u64) -> Response {
        limits::too_many(wait_s)
    }

    fn limits(&self) -> Vec<Family> {
        Vec::new()
    }
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/auth/sign_in", post(auth::sign_in).get(auth::sign_in_form))
        .route("/auth/validate_token", get(auth::validate_token))
        .route("/auth/sign_out", delete(auth::sign_out))
        .route("/api/v1/users", get(users::list).post(users::create))
        .route("/api/v1/users/{id}", put(users::update))
        .route(
            "/api/v1/organization/units",
            get(units::list).post(units::create),
        )
        .route("/api/v1/organization/units/{id}", put(units::update))
        .route("/api/v1/organization/roles", get(roles::list))
        .route(
            "/api/v1/api_integrations/{id}/user_account_bindings_csv",
            get(bindings::export),
        )
        .route(
            "/api/v1/api_integrations/{id}/import_user_account_bindings",
            put(bindings::import),
        )
        .fallback(no_route)
        .method_not_allowed_fallback(no_route)
        .with_state(shared)
}

/// Answers what the service has no route for; the method does not matter to Rails, there is no 405.
async fn no_route(Extension(wire): Extension<Wire>) -> Result<Response, Refused> {
    wire.undocumented("no such call")?;
    Ok(errors::no_route())
}
