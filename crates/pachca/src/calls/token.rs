//! The token's owner.

use kadry_core::Result;
use kadry_http::Call;

use super::Api;
use crate::wire::user::User;

impl Api {
    /// Returns the record of the token's owner.
    pub(crate) async fn profile(&self) -> Result<User> {
        self.line.one(Call::read("/profile")).await
    }
}
