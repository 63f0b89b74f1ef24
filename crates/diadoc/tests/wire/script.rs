//! A platform that plays a script: it remembers every request and answers as the test says.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Clock, EmployeeProvider, Foresight, MatchKey, ProviderId, Random, Result};
use kadry_diadoc::{Secrets, Settings, connect};
use kadry_http::{
    InMemory, Keep, Request, Response, StatusCode, Transport, TransportError, Wiring,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use tokio::time::Instant;

pub(crate) const BOX: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const ANNA: &str = "0d0f7c52-6f0e-4c53-9c41-0a4d2a1f9b10";
pub(crate) const HEAD: &str = "00000000-0000-0000-0000-000000000000";
pub(crate) const NOW_MS: i64 = 1_795_000_000_000;

/// One request as it was on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    /// Method, host and path.
    pub(crate) what: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    /// Every value, with commas between them.
    pub(crate) accept: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

impl Seen {
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let pair = self.query.iter().find(|(key, _)| key == name);
        pair.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn of(request: &Request) -> Self {
        let header = |name: &str| {
            let value = request.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let body = request.body().and_then(|body| body.as_bytes());
        Self {
            what: format!(
                "{} {}{}",
                request.method(),
                request.url().host_str().unwrap(),
                request.url().path()
            ),
            query: request.url().query_pairs().into_owned().collect(),
            authorization: header("authorization"),
            accept: {
                let values = request.headers().get_all("accept").iter();
                let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
                (!values.is_empty()).then(|| values.join(", "))
            },
            content_type: header("content-type"),
            body: String::from_utf8(body.unwrap_or_default().to_vec()).unwrap(),
        }
    }
}

/// What the platform does with one request.
pub(crate) enum Reply {
    Json(Value),
    Status(u16, &'static str),
    Slow(Duration, Value),
    Lost,
}

type Play = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// A transport whose answers a test decides, by the request and by how many like it came before.
#[derive(Clone)]
pub(crate) struct Script {
    play: Arc<Play>,
    log: Arc<Mutex<Vec<Seen>>>,
    /// When each request of the log left.
    left: Arc<Mutex<Vec<Instant>>>,
    clock: Clock,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    /// Returns a platform that answers like this, besides signing us in as an administrator.
    pub(crate) fn new(play: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::bare(move |seen, nth| match seen.what.as_str() {
            "POST identity.test/connect/token" => Reply::Json(grant("access-1", "seed")),
            "GET api.test/GetMyEmployee" => Reply::Json(administrator()),
            _ => play(seen, nth),
        })
    }

    /// Returns a platform that answers like this and nothing else.
    pub(crate) fn bare(play: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            play: Arc::new(play),
            log: Arc::default(),
            left: Arc::default(),
            clock: Clock::starting_at(NOW_MS),
        }
    }

    /// Returns the methods, paths and pages so far, those together that left at the same moment.
    pub(crate) fn rounds(&self) -> Vec<Vec<String>> {
        let mut rounds: Vec<(Instant, Vec<String>)> = Vec::new();
        let left = self.left.lock().unwrap().clone();
        for (at, seen) in left.into_iter().zip(self.log()) {
            let what = seen.what.replace("api.test", "");
            let what = match seen.query("page") {
                Some(page) => format!("{what} {page}"),
                None => what,
            };
            match rounds.last_mut().filter(|(before, _)| *before == at) {
                Some((_, round)) => round.push(what),
                None => rounds.push((at, vec![what])),
            }
        }
        rounds.into_iter().map(|(_, round)| round).collect()
    }

    /// Returns the requests so far.
    pub(crate) fn log(&self) -> Vec<Seen> {
        self.log.lock().unwrap().clone()
    }

    /// Returns the requests so far, without those of connecting.
    pub(crate) fn after_connecting(&self) -> Vec<Seen> {
        self.log().split_off(2)
    }

    /// Returns the methods and paths so far, without those of connecting.
    pub(crate) fn paths(&self) -> Vec<String> {
        let seen = self.after_connecting().into_iter();
        seen.map(|seen| seen.what.replace("api.test", "")).collect()
    }

    /// Returns the platform as a provider.
    pub(crate) async fn connect(&self) -> Arc<dyn EmployeeProvider> {
        self.connect_keeping(InMemory::default(), "seed")
            .await
            .unwrap()
    }

    pub(crate) async fn connect_keeping(
        &self,
        keep: impl Keep + 'static,
        seed: &str,
    ) -> Result<Arc<dyn EmployeeProvider>> {
        self.connect_for(&[], keep, seed).await
    }

    /// Returns the platform as a provider that will be asked for these people at once.
    pub(crate) async fn connect_for(
        &self,
        whom: &[MatchKey],
        keep: impl Keep + 'static,
        seed: &str,
    ) -> Result<Arc<dyn EmployeeProvider>> {
        let settings: Settings = serde_json::from_value(json!({
            "base_url": "https://api.test",
            "identity_url": "https://identity.test/",
            "box_id": BOX,
            "client_id": "romashka",
        }))
        .unwrap();
        let secrets = Secrets {
            client_secret: "client secret".into(),
            refresh_token: seed.into(),
            keep: Arc::new(keep),
        };
        let wiring = Wiring {
            id: ProviderId::new("edo"),
            transport: Arc::new(self.clone()),
            clock: self.clock.clone(),
            random: Random::seeded(1),
            timeout: Duration::from_secs(30),
            retry_for: Duration::ZERO,
            max_in_flight: None,
            requests_per_second: None,
            insecure: false,
            budgets: kadry_http::Budgets::alone(),
            errands: kadry_http::TaskTracker::new(),
        };
        let foresight = Foresight {
            whom,
            holdings: false,
        };
        connect(&settings, secrets, wiring, foresight).await
    }
}

#[async_trait]
impl Transport for Script {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let seen = Seen::of(&request);
        let nth = {
            let mut log = self.log.lock().unwrap();
            let nth = log.iter().filter(|before| before.what == seen.what).count();
            log.push(seen.clone());
            self.left.lock().unwrap().push(Instant::now());
            nth
        };
        let (status, body) = match (self.play)(&seen, nth) {
            Reply::Json(json) => (200, json.to_string()),
            Reply::Status(status, body) => (status, body.to_owned()),
            Reply::Slow(wait, json) => {
                tokio::time::sleep(wait).await;
                (200, json.to_string())
            }
            Reply::Lost => return Err(TransportError::Lost("connection reset".into())),
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(response.into())
    }
}

/// A keep whose events a test can count, and that can refuse to store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spy {
    inner: InMemory,
    refusals: Arc<Mutex<u32>>,
    stored: Arc<Mutex<Vec<Value>>>,
}

impl Spy {
    /// Makes the next attempts to store fail.
    pub(crate) fn refuse(&self, times: u32) {
        *self.refusals.lock().unwrap() = times;
    }

    /// Returns the refresh tokens that were stored, in order.
    pub(crate) fn stored(&self) -> Vec<Value> {
        let stored = self.stored.lock().unwrap();
        let tokens = stored.iter().map(|kept| kept["refresh_token"].clone());
        tokens.collect()
    }
}

#[async_trait]
impl Keep for Spy {
    async fn load(&self) -> Result<Option<SecretString>> {
        self.inner.load().await
    }

    async fn store(&self, token: &SecretString) -> Result<()> {
        {
            let mut refusals = self.refusals.lock().unwrap();
            if *refusals > 0 {
                *refusals -= 1;
                let full = kadry_core::Error::new(kadry_core::ErrorKind::Config, "disk full");
                return Err(full);
            }
        }
        let json = serde_json::from_str(token.expose_secret()).unwrap();
        self.stored.lock().unwrap().push(json);
        self.inner.store(token).await
    }

    async fn lock(&self) -> Result<Box<dyn Send + Sync>> {
        self.inner.lock().await
    }
}

/// Returns what the OpenID provider grants for an hour.
pub(crate) fn grant(access: &str, refresh: &str) -> Value {
    json!({"access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh})
}

/// Returns our own record.
pub(crate) fn administrator() -> Value {
    let mut own = employee("aaaaaaaa-0000-4000-8000-000000000001", "svc@example.test");
    own["Permissions"]["IsAdministrator"] = json!(true);
    own
}

/// Returns a registered employee.
pub(crate) fn employee(id: &str, login: &str) -> Value {
    json!({
        "User": {
            "UserId": id,
            "Login": login,
            "FullName": {"LastName": "Примерова", "FirstName": "Анна"},
            "IsRegistered": true,
        },
        "Permissions": {
            "UserDepartmentId": HEAD,
            "IsAdministrator": false,
            "DocumentAccessLevel": "DepartmentOnly",
            "Actions": [
                {"Name": "CreateDocuments", "IsAllowed": true},
                {"Name": "SignDocuments", "IsAllowed": false},
            ],
            "AuthorizationPermission": {"IsBlocked": false},
        },
        "Position": "Бухгалтер",
        "CanBeInvitedForChat": false,
        "CreationTimestamp": {"Ticks": 638_833_410_546_481_606_i64},
    })
}

/// Returns one page of employees.
pub(crate) fn page(total: usize, employees: &[Value]) -> Reply {
    Reply::Json(json!({"Employees": employees, "TotalCount": total}))
}
