//! A strict emulator in the same process, and a client of it.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{
    Clock, Cursor, EmployeeProvider, Foresight, Look, Native, NativeCall, ProviderId, Random, every,
};
use kadry_diadoc::{Secrets, Settings, connect};
use kadry_emulator::{Emulator, Options};
use kadry_http::{InMemory, Wiring};
use serde_json::{Value, json};

use crate::transport::InProcess;

/// 2026-11-21 10:00 UTC.
const START_MS: i64 = 1_795_255_200_000;
const BASE: &str = "http://127.0.0.1:8100";

/// One emulator and a box in it.
pub(crate) struct World {
    emulator: Emulator,
    pub(crate) provider: Arc<dyn EmployeeProvider>,
}

impl World {
    /// Opens a strict emulator with some people, and signs in.
    pub(crate) async fn new(people: u32) -> Self {
        let options = Options {
            people,
            strict: true,
            ..Options::default()
        };
        let emulator = Emulator::new(options, kadry_emulator::Clock::starting_at(START_MS));
        let exported = |name: &str| {
            let exports = emulator.exports();
            let found = exports.into_iter().find(|(known, _)| *known == name);
            found.unwrap().1
        };
        let printed = emulator.settings(BASE);
        let client_id = printed
            .lines()
            .find_map(|line| line.strip_prefix("client_id = "))
            .unwrap();
        let settings: Settings = serde_json::from_value(json!({
            "base_url": format!("{BASE}/diadoc"),
            "identity_url": format!("{BASE}/identity"),
            "box_id": emulator.state()["diadoc"]["box_id"],
            "client_id": client_id.trim_matches('"'),
        }))
        .unwrap();
        let secrets = Secrets {
            client_secret: exported("DIADOC_CLIENT_SECRET").into(),
            refresh_token: exported("DIADOC_REFRESH_TOKEN").into(),
            keep: Arc::new(InMemory::default()),
        };
        let timeout = Duration::from_secs(30);
        let wiring = Wiring {
            id: ProviderId::new("edo"),
            transport: Arc::new(InProcess::to(emulator.router())),
            clock: Clock::starting_at(START_MS),
            random: Random::seeded(1),
            timeout,
            retry_for: timeout,
            max_in_flight: None,
            requests_per_second: None,
            insecure: false,
            budgets: kadry_http::Budgets::alone(),
            errands: kadry_http::TaskTracker::new(),
        };
        let foresight = Foresight::default();
        let provider = connect(&settings, secrets, wiring, foresight).await;
        Self {
            emulator,
            provider: provider.unwrap(),
        }
    }

    pub(crate) fn native(&self) -> &dyn Native {
        self.provider.native().unwrap()
    }

    /// Puts records into the box behind everybody's back.
    pub(crate) fn put(&self, records: &Value) {
        let records = json!({ "diadoc": records });
        self.emulator.seed(&records).unwrap();
    }

    /// Returns the id of an employee.
    pub(crate) fn user_id(&self, login: &str) -> String {
        let state = self.emulator.state();
        let all = state["diadoc"]["users"].as_array().unwrap();
        let user = all.iter().find(|one| one["login"] == login).unwrap();
        user["user_id"].as_str().unwrap().to_owned()
    }

    /// Returns every row that a reading operation gives.
    pub(crate) async fn rows(&self, call: &NativeCall) -> Vec<Value> {
        let native = self.native();
        let page = async |from: Option<Cursor>| native.read(call, from.as_ref()).await;
        every(page).await.unwrap()
    }

    /// Carries a change out as every change is: resolved, looked at, sent and looked at again. Returns what takes it back.
    pub(crate) async fn carry_out(&self, call: &NativeCall) -> Option<NativeCall> {
        let native = self.native();
        let [one] = native.resolve(call).await.unwrap().try_into().unwrap();
        let before = native.look(&one).await.unwrap();
        assert_eq!(native.stands(&one, None, &before), Look::Absent, "{one}");
        let after = native.write(&one).await.unwrap();
        let now = native.look(&one).await.unwrap();
        assert_eq!(
            native.stands(&one, Some(&before), &now),
            Look::Found,
            "{one}"
        );
        native.back(&one, &before, &after).calls.into_iter().next()
    }

    /// Checks that nothing undocumented was asked for.
    pub(crate) fn is_clean(&self) {
        let log = self.emulator.log();
        assert!(log.iter().all(|entry| entry.violation.is_none()), "{log:?}");
    }
}

pub(crate) fn call(operation: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(operation);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}
