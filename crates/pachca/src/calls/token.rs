//! The token and its owner.

use kadry_core::{Error, Result};
use kadry_http::{Bearer, Call, Client};

use super::Api;
use crate::config::GENERAL;
use crate::wire::Envelope;
use crate::wire::token::TokenInfo;
use crate::wire::user::User;

/// Returns what the token says about itself. The only call that needs no scope.
pub(crate) async fn token_info(client: &Client, session: &Bearer) -> Result<TokenInfo, Error> {
    let call = Call::read("/oauth/token/info").family(GENERAL, "");
    let answer = client.send(call, session).await?;
    Ok(answer.json::<Envelope<TokenInfo>>()?.data)
}

impl Api {
    /// Returns the record of the token's owner.
    pub(crate) async fn profile(&self) -> Result<User> {
        self.one(Call::read("/profile")).await
    }
}
