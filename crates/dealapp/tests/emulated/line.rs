//! A strict emulator in the same process, and a client of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::{
    Clock, Email, Employee, EmployeeProvider, FieldName, Foresight, Grant, KindName, MatchKey,
    ProviderId, Random, Wish, every, seek,
};
use kadry_dealapp::{Secrets, Settings, connect};
use kadry_emulator::dealapp::habits::Habits;
use kadry_emulator::{Emulator, Options};
use kadry_http::{InMemory, Wiring};
use serde_json::Value;

use crate::transport::InProcess;

/// 2026-11-21 10:00 UTC.
const START_MS: i64 = 1_795_255_200_000;

/// One emulator and what its clients keep between runs.
pub(crate) struct World {
    pub(crate) emulator: Emulator,
    keep: InMemory,
}

impl World {
    /// Opens a strict emulator with nobody but the service account.
    pub(crate) fn new(habits: Habits) -> Self {
        let options = Options {
            people: 0,
            strict: true,
            dealapp: habits,
            ..Options::default()
        };
        Self {
            emulator: Emulator::new(options, kadry_emulator::Clock::starting_at(START_MS)),
            keep: InMemory::default(),
        }
    }

    /// Signs in, or takes up the session that was kept.
    pub(crate) async fn connect(&self) -> Arc<dyn EmployeeProvider> {
        let timeout = Duration::from_secs(30);
        let settings = Settings {
            base_url: "http://127.0.0.1:8100/dealapp".to_owned(),
            email: "svc@example.test".to_owned(),
            levels: BTreeMap::new(),
        };
        let password = |(name, value)| (name == "DEALAPP_PASSWORD").then_some(value);
        let secrets = Secrets {
            password: self
                .emulator
                .exports()
                .into_iter()
                .find_map(password)
                .unwrap()
                .into(),
            keep: Arc::new(self.keep.clone()),
        };
        let wiring = Wiring {
            id: ProviderId::new("calls"),
            transport: Arc::new(InProcess::to(self.emulator.router())),
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
        connect(&settings, secrets, wiring, Foresight::default())
            .await
            .unwrap()
    }

    /// Puts somebody on the platform behind everybody's back.
    pub(crate) fn put(&self, user: &Value) {
        let records = serde_json::json!({ "dealapp": { "users": [user] } });
        self.emulator.seed(&records).unwrap();
    }

    /// Returns the method and path of every request, and that none of them was undocumented.
    pub(crate) fn asked(&self) -> Vec<String> {
        let log = self.emulator.log();
        assert!(log.iter().all(|entry| entry.violation.is_none()), "{log:?}");
        log.iter()
            .map(|entry| format!("{} {}", entry.method, entry.path))
            .collect()
    }
}

/// Returns whoever has this e-mail.
pub(crate) async fn sought(platform: &dyn EmployeeProvider, email: &str) -> Vec<Employee> {
    let key = MatchKey::Email(Email::of_record(email));
    seek(platform, &[key]).await.unwrap().matches
}

/// Returns something that can be granted, by its name.
pub(crate) async fn offered(platform: &dyn EmployeeProvider, kind: KindName, name: &str) -> Grant {
    let kind = &kind;
    let offers = every(|from| async move { platform.catalogue(kind, from.as_ref()).await });
    let offer = offers
        .await
        .unwrap()
        .into_iter()
        .find(|offer| offer.name == name)
        .unwrap();
    Grant::with_id(kind.clone(), offer.id.as_str(), offer.name)
}

/// Returns a wish for a newcomer.
pub(crate) async fn wish(platform: &dyn EmployeeProvider, email: &str) -> Wish {
    let unit = offered(platform, KindName::UNIT, "Первая линия").await;
    let role = offered(platform, KindName::ROLE, "Оператор").await;
    Wish {
        fields: [
            (FieldName::Email, email.to_owned()),
            (FieldName::LastName, "Примерова".to_owned()),
            (FieldName::FirstName, "Вера Тестовна".to_owned()),
        ]
        .into(),
        grants: [(KindName::UNIT, vec![unit]), (KindName::ROLE, vec![role])].into(),
        quiet: false,
    }
}
