//! Diadoc: one box of one organisation, with the identity server that signs its callers in.
//!
//! Answers in protobuf unless JSON is asked for, and reads a body whose type is not said as protobuf: each message is
//! written once and carries both forms. Nobody signs in with a certificate here, and accounts of a sign-in provider are not
//! created.

mod body;
mod call;
mod company;
mod departments;
mod employees;
mod entrance;
pub mod habits;
mod newcomer;
mod old;
mod organizations;
mod patch;
mod powers;
mod proto;
mod registering;
mod routes;
mod seeding;
mod show;
mod start;
mod state;
mod subscriptions;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::response::Response;
use serde_json::Value;

use crate::identity::Identity;
use crate::limits::{self, Family, Rate};
use crate::seed::{self, People};
use crate::{Clock, Options, Place, held};
use company::Company;
use habits::Habits;
use seeding::Records;

const KIND: &str = "diadoc";
const MOUNT: &str = "/diadoc";
const IDENTITY_MOUNT: &str = "/identity";

/// What the routes work on. Clones are the same server.
#[derive(Clone, Debug)]
struct Server {
    company: Arc<Mutex<Company>>,
    identity: Identity,
    clock: Clock,
    seed: u64,
    habits: Habits,
    answers: Arc<AtomicU64>,
}

impl Server {
    /// Returns the id under which support would find this answer.
    fn trace_id(&self) -> String {
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        seed::uuid(self.seed, &format!("diadoc.trace.{number}"))
    }
}

/// The box as one emulated platform.
#[derive(Debug)]
struct Diadoc {
    server: Server,
}

/// Opens the box with its starting data.
pub(crate) fn open(options: &Options, clock: &Clock, people: &People) -> Arc<dyn Place> {
    let now_ms = clock.now_ms();
    let company = start::company(options.seed, people, now_ms);
    let identity = Identity::new(options, clock);
    identity.sign_in(start::SERVICE_LOGIN, &refresh_token(options.seed));
    Arc::new(Diadoc {
        server: Server {
            company: Arc::new(Mutex::new(company)),
            identity,
            clock: clock.clone(),
            seed: options.seed,
            habits: options.diadoc,
            answers: Arc::default(),
        },
    })
}

/// Returns the refresh token of the service account, as it is at the start.
fn refresh_token(seed: u64) -> String {
    seed::token(seed, "diadoc.refresh", 64)
}

impl Place for Diadoc {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn mounts(&self) -> Vec<(&'static str, Router)> {
        let diadoc = Router::new()
            .fallback(entrance::answer)
            .with_state(self.server.clone());
        vec![
            (MOUNT, diadoc),
            (IDENTITY_MOUNT, self.server.identity.router()),
        ]
    }

    fn state(&self) -> Value {
        state::show(&held(&self.server.company))
    }

    /// Adds all the records or, if one makes no sense, none.
    fn seed(&self, records: &Value) -> Result<(), String> {
        let records = Records::read(records)?;
        let mut company = held(&self.server.company);
        let mut changed = company.clone();
        changed.add(&records, self.server.clock.now_ms())?;
        *company = changed;
        drop(company);
        for sign_in in &records.sign_ins {
            let identity = &self.server.identity;
            identity.sign_in(&sign_in.login, &sign_in.refresh_token);
        }
        if records.expire_tokens {
            self.server.identity.expire_access_tokens();
        }
        Ok(())
    }

    fn settings(&self, base: &str) -> String {
        let box_id = held(&self.server.company).box_id.clone();
        let client_id = self.server.identity.client_id();
        let base = base.trim_end_matches('/');
        format!(
            "[providers.edo]\n\
             kind = \"{KIND}\"\n\
             base_url = \"{base}{MOUNT}\"\n\
             identity_url = \"{base}{IDENTITY_MOUNT}\"\n\
             box_id = \"{box_id}\"\n\
             client_id = \"{client_id}\"\n\
             client_secret = {{ env = \"DIADOC_CLIENT_SECRET\" }}\n\
             refresh_token = {{ env = \"DIADOC_REFRESH_TOKEN\" }}\n"
        )
    }

    fn exports(&self) -> Vec<(&'static str, String)> {
        let secret = self.server.identity.client_secret().to_owned();
        vec![
            ("DIADOC_CLIENT_SECRET", secret),
            ("DIADOC_REFRESH_TOKEN", refresh_token(self.server.seed)),
        ]
    }

    /// Returns what Diadoc asks of multithreaded clients; the unit is documented nowhere, here it is the token.
    fn over_limit(&self, wait_s: u64) -> Response {
        limits::too_many(wait_s)
    }

    fn limits(&self) -> Vec<Family> {
        // https://developer.kontur.ru/doc/diadoc-api. Checked 2026-11.
        vec![Family {
            name: "api",
            covers: |_, path| path.starts_with(MOUNT),
            credential: "authorization",
            rate: Some(Rate {
                count: 100,
                per_ms: 1_000,
            }),
            in_flight: Some(4),
        }]
    }
}
