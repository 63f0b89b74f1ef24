//! E-mail subscriptions.

use kadry_core::{Repeat, Result};

use super::BoxApi;
use crate::agree;
use crate::wire::subscription::Subscriptions;

impl BoxApi {
    /// Returns the subscriptions of one employee.
    pub(crate) async fn subscriptions(&self, id: &str) -> Result<Subscriptions> {
        let call = self.read("/GetSubscriptions").query("userId", id);
        self.send(call).await?.json()
    }

    /// Changes the listed subscriptions of one employee.
    ///
    /// # Repeats
    ///
    /// Values are absolute: the same change again changes nothing.
    pub(crate) async fn update_subscriptions(&self, id: &str, body: &Subscriptions) -> Result<()> {
        let call = self
            .write("/UpdateSubscriptions", Repeat::Safe)
            .query("userId", id)
            .json(body);
        let answer: Subscriptions = self.send(call).await?.json()?;
        agree::subscribed(body, &answer)
    }
}
