//! The fields that the workspace added to everybody's record.

use kadry_core::{Cursor, Offer, Page, Result};
use kadry_http::Call;

use super::{Api, foreign_cursor};
use crate::map;
use crate::wire::property::Definition;

impl Api {
    /// Returns the custom properties of people; there is one page.
    pub(crate) async fn properties(&self, from: Option<&Cursor>) -> Result<Page<Offer>> {
        if from.is_some() {
            return Err(foreign_cursor());
        }
        let call = Call::read("/custom_properties").query("entity_type", "User");
        let properties: Vec<Definition> = self.line.one(call).await?;
        let offers = properties.iter().map(map::offered_property);
        Ok(Page::last(offers.collect()))
    }
}
