//! The same lists with rows as they came, page by page, and the writes of single units.

use kadry_core::{Repeat, Result};
use kadry_http::{Answer, Call, Method, segment};
use serde_json::Value;

use super::Api;
use super::organisation::{ROLES, UNITS, page};
use super::users::USERS;
use crate::wire::document::RawListing;

impl Api {
    /// Returns one page of employees with their units and roles, in the order of an attribute; without one, the oldest records first.
    pub(crate) async fn raw_users(
        &self,
        query: &[(&str, String)],
        sort: Option<&str>,
        number: u64,
    ) -> Result<RawListing> {
        let call = |sort: Option<&str>| {
            let call = Call::read(USERS).query("include", "unit,role");
            let call = query
                .iter()
                .fold(call, |call, (name, value)| call.query(name, value));
            let call = sort
                .into_iter()
                .fold(call, |call, by| call.query("sort", by));
            call.query("page[number]", number)
        };
        let answer = match sort {
            Some(by) => self.send(call(Some(by))).await,
            None => self.in_order(call).await,
        };
        answer?.json()
    }

    /// Returns one page of units.
    pub(crate) async fn raw_units(&self, number: u64) -> Result<RawListing> {
        self.send(page(UNITS, number)).await?.json()
    }

    /// Returns one page of roles.
    pub(crate) async fn raw_roles(&self, number: u64) -> Result<RawListing> {
        self.send(page(ROLES, number)).await?.json()
    }

    /// Makes a unit and returns it; nothing where the answer does not show it.
    ///
    /// # Repeats
    ///
    /// Look first: names are not unique.
    pub(crate) async fn post_unit(&self, body: &Value) -> Result<Value> {
        let call = Call::write(Method::POST, UNITS, Repeat::Once).json(body);
        self.send(call).await.map(|answer| resource(&answer))
    }

    /// Changes the members of a unit that are given and returns it; nothing where the answer does not show it.
    ///
    /// # Repeats
    ///
    /// Values are absolute: the same change again changes nothing.
    pub(crate) async fn put_unit(&self, id: &str, body: &Value) -> Result<Value> {
        let path = format!("{UNITS}/{}", segment(id));
        let call = Call::write(Method::PUT, &path, Repeat::Safe).json(body);
        self.send(call).await.map(|answer| resource(&answer))
    }
}

/// Returns the record in the answer to a write. What a write answers is not documented, and nothing is a possible answer.
fn resource(answer: &Answer) -> Value {
    let mut answer: Value = answer.json().unwrap_or_default();
    answer.get_mut("data").map(Value::take).unwrap_or_default()
}
