//! The least that reading and writing takes: bare requests, as many at once as the platform allows, and the answers decoded.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures::{StreamExt as _, stream};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::section::Section;
use crate::wire::dealapp::document::Listing as Rows;
use crate::wire::dealapp::organisation::Named;
use crate::wire::dealapp::users::User as Worker;
use crate::wire::diadoc::employee::{Employee, EmployeeList};
use crate::wire::diadoc::power::AttachedPowers;
use crate::wire::diadoc::subscription::{Subscription, Subscriptions};
use crate::wire::pachca::page::{LIMIT, Listing};
use crate::wire::pachca::user::User;
use crate::world::World;

/// How many requests at once Diadoc asks its clients not to exceed.
const DIADOC_AT_ONCE: usize = 4;

/// The most rows of a Diadoc page.
const DIADOC_ROWS: usize = 50;

/// Reads everybody of a messenger: one page after the other, since each names the next one.
pub(crate) async fn pachca(http: &Client, section: &Section) -> usize {
    let (base, token) = (section.text("base_url"), section.secret::<String>("token"));
    let (mut people, mut from) = (0, None);
    loop {
        let request = http.get(format!("{base}/users")).bearer_auth(&token);
        let request = request.query(&[("limit", LIMIT)]);
        let request = match &from {
            Some(cursor) => request.query(&[("cursor", cursor)]),
            None => request,
        };
        let listing: Listing<User> = decoded(request).await;
        people += listing.data.len();
        match listing.next().unwrap() {
            Some(cursor) => from = Some(cursor.to_owned()),
            None => return people,
        }
    }
}

/// Finds somebody of a messenger, closes their door, and sees that it is closed.
pub(crate) async fn pachca_door(world: &World, email: &str) {
    #[derive(Deserialize)]
    struct Shown {
        data: User,
    }
    let section = world.section("pachca");
    let (base, token) = (section.text("base_url"), section.secret::<String>("token"));
    let request = world.http.get(format!("{base}/users")).bearer_auth(&token);
    let found: Listing<User> = decoded(request.query(&[("query", email)])).await;
    let person = format!("{base}/users/{}", found.data[0].id);
    let close = json!({ "user": { "suspended": true } });
    let request = world.http.put(&person).bearer_auth(&token).json(&close);
    let _closed: Shown = decoded(request).await;
    let shown: Shown = decoded(world.http.get(&person).bearer_auth(&token)).await;
    assert!(shown.data.suspended);
}

/// A session of the call control, whose token may change with an answer.
#[derive(Clone, Debug)]
pub(crate) struct DealApp {
    http: Client,
    base: String,
    client: String,
    uid: String,
    token: Arc<Mutex<String>>,
    at_once: usize,
}

impl DealApp {
    /// Signs in.
    pub(crate) async fn sign_in(world: &World, at_once: usize) -> Self {
        let section = world.section("dealapp");
        let base = section.text("base_url");
        let body = json!({ "email": section.text("email"), "password": section.secret::<String>("password") });
        let request = world.http.post(format!("{base}/auth/sign_in")).json(&body);
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        let header = |name| header(&answer, name).unwrap();
        Self {
            http: world.http.clone(),
            client: header("client"),
            uid: header("uid"),
            token: Arc::new(Mutex::new(header("access-token"))),
            base,
            at_once,
        }
    }

    /// Reads everybody: the first page, and then those of which it tells, several at once.
    pub(crate) async fn list(&self) -> usize {
        let first = self.page(1).await;
        let pages = first.meta.total_pages.unwrap();
        let rest = stream::iter(2..=pages).map(|number| self.page(number));
        let rest: Vec<Rows<Worker>> = rest.buffered(self.at_once).collect().await;
        rest.iter().map(|page| page.data.len()).sum::<usize>() + first.data.len()
    }

    /// Finds somebody, closes their door, and sees that it is closed.
    pub(crate) async fn close_door(&self, email: &str) {
        let id = self.found(email).await.0;
        let path = format!("/api/v1/users/{id}");
        let request = self.request(Method::PUT, &path);
        self.sent(request.json(&json!({ "active": false }))).await;
        assert_eq!(self.found(email).await, (id, Some(false)));
    }

    /// Returns the id of somebody, and whether their door is open.
    async fn found(&self, email: &str) -> (String, Option<bool>) {
        let request = self.request(Method::GET, "/api/v1/users").query(&[
            ("with_inactive", "true"),
            ("filters[with_inactive]", "true"),
            ("search", email),
        ]);
        let mut page: Rows<Worker> = serde_json::from_slice(&self.sent(request).await).unwrap();
        let found = page.data.swap_remove(0);
        (found.id, found.attributes.active)
    }

    async fn page(&self, number: u64) -> Rows<Worker> {
        let request = self.request(Method::GET, "/api/v1/users").query(&[
            ("with_inactive", "true"),
            ("filters[with_inactive]", "true"),
            ("include", "unit,role"),
            ("sort", "created_at"),
            ("page[number]", &number.to_string()),
        ]);
        serde_json::from_slice(&self.sent(request).await).unwrap()
    }

    /// Reads the first page of a list of names.
    pub(crate) async fn named(&self, path: &str) -> BTreeMap<String, String> {
        let answer = self.sent(self.request(Method::GET, path)).await;
        let page: Rows<Named> = serde_json::from_slice(&answer).unwrap();
        let named = page
            .data
            .into_iter()
            .map(|row| (row.attributes.name.unwrap(), row.id));
        named.collect()
    }

    /// Makes somebody.
    pub(crate) async fn create(&self, body: &Value) -> Value {
        let request = self.request(Method::POST, "/api/v1/users").json(body);
        serde_json::from_slice(&self.sent(request).await).unwrap()
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let token = self.token.lock().unwrap().clone();
        let request = self.http.request(method, format!("{}{path}", self.base));
        request
            .header("access-token", token)
            .header("client", &self.client)
            .header("uid", &self.uid)
            .header("accept", "application/json")
    }

    async fn sent(&self, request: RequestBuilder) -> Vec<u8> {
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        if let Some(token) = header(&answer, "access-token") {
            *self.token.lock().unwrap() = token;
        }
        answer.bytes().await.unwrap().to_vec()
    }
}

/// Returns a header that is there and not blank.
fn header(answer: &Response, name: &str) -> Option<String> {
    let text = answer.headers().get(name)?.to_str().unwrap().trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The box, with a token to enter it.
#[derive(Clone, Debug)]
pub(crate) struct Diadoc {
    http: Client,
    base: String,
    box_id: String,
    token: String,
}

impl Diadoc {
    /// Exchanges the refresh token.
    pub(crate) async fn sign_in(world: &World) -> Self {
        #[derive(Deserialize)]
        struct Granted {
            access_token: String,
        }
        let section = world.section("diadoc");
        let address = format!("{}/connect/token", section.text("identity_url"));
        let request = world.http.post(address).form(&[
            ("grant_type", "refresh_token".to_owned()),
            ("client_id", section.text("client_id")),
            ("client_secret", section.secret("client_secret")),
            ("refresh_token", section.secret("refresh_token")),
        ]);
        let granted: Granted = decoded(request).await;
        Self {
            http: world.http.clone(),
            base: section.text("base_url"),
            box_id: section.text("box_id"),
            token: granted.access_token,
        }
    }

    /// Reads everybody: the first page, and then those of which it tells, as many at once as are allowed.
    pub(crate) async fn list(&self) -> usize {
        let first = self.page(1).await;
        let total = usize::try_from(first.total_count.unwrap()).unwrap();
        let rest = stream::iter(2..=total.div_ceil(DIADOC_ROWS)).map(|number| self.page(number));
        let rest: Vec<EmployeeList> = rest.buffered(DIADOC_AT_ONCE).collect().await;
        rest.iter().map(|page| page.employees.len()).sum::<usize>() + first.employees.len()
    }

    /// Finds somebody, closes their door, takes what they are told of, and sees that both is so.
    pub(crate) async fn close_door(&self, login: &str) {
        let mut found = self.page(1).await.employees.into_iter();
        let is_meant = |one: &Employee| one.user.login.as_deref() == Some(login);
        let id = found.find(is_meant).unwrap().user.user_id;
        let close = json!({ "Permissions": { "AuthorizationPermission": { "IsBlocked": true } } });
        let request = self
            .request(Method::POST, "/UpdateEmployee")
            .query(&[("userId", &id)]);
        let _closed: Employee = decoded(request.json(&close)).await;
        let of_them = |path| self.request(Method::GET, path).query(&[("userId", &id)]);
        let (shown, mut told, _powers): (Employee, Subscriptions, AttachedPowers) = futures::join!(
            decoded(of_them("/GetEmployee")),
            decoded(of_them("/GetSubscriptions")),
            decoded(of_them("/GetEmployeePowersOfAttorney")),
        );
        assert!(shown.blocked());
        told.subscriptions.retain(Subscription::on);
        for one in &mut told.subscriptions {
            one.is_subscribed = Some(false);
        }
        let request = self.request(Method::POST, "/UpdateSubscriptions");
        let request = request.query(&[("userId", &id)]).json(&told);
        let _taken: Subscriptions = decoded(request).await;
        let (shown, told): (Employee, Subscriptions) = futures::join!(
            decoded(of_them("/GetEmployee")),
            decoded(of_them("/GetSubscriptions")),
        );
        assert!(shown.blocked() && !told.subscriptions.iter().any(Subscription::on));
    }

    async fn page(&self, number: usize) -> EmployeeList {
        let request = self.request(Method::GET, "/GetEmployees");
        let request = request.query(&[("page", number), ("count", DIADOC_ROWS)]);
        decoded(request).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = request.bearer_auth(&self.token);
        let request = request.query(&[("boxId", &self.box_id)]);
        request.header("accept", "application/json")
    }
}

async fn decoded<T: serde::de::DeserializeOwned>(request: RequestBuilder) -> T {
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}
