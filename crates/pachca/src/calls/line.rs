//! Requests as they leave, before it matters whose token it is.

use kadry_core::{Email, Error, Result};
use kadry_http::{Answer, Bearer, Call, Client, StatusCode};
use serde::de::DeserializeOwned;

use super::turned;
use crate::config::GENERAL;
use crate::wire::Envelope;
use crate::wire::chat::Chat;
use crate::wire::page::Listing;
use crate::wire::token::TokenInfo;
use crate::wire::user::User;

/// What a search answers that took too long. The vendor asks to narrow it rather than to repeat it, and a gateway in front of the
/// platform may say so without the documented code. <https://dev.pachca.com/api/errors> Checked 2026-11.
const GAVE_UP: StatusCode = StatusCode::GATEWAY_TIMEOUT;

/// The two lists of chats that people can be put into: no listing shows both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shelf {
    /// The chats in which the token's owner is.
    Own,
    /// The open chats of the workspace.
    Open,
}

/// The way to the platform with one token.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) client: Client,
    pub(crate) session: Bearer,
}

impl Line {
    /// Returns the time on the platform's clock, as far as its answers showed it.
    pub(crate) fn now_ms(&self) -> i64 {
        let ahead_ms = self.client.clock_ahead_ms().unwrap_or_default();
        self.client.clock().now_ms().saturating_add(ahead_ms)
    }

    /// Sends a call that has no budget of its own.
    pub(super) async fn send(&self, call: Call) -> Result<Answer> {
        let call = call.family(GENERAL, "");
        self.client.send(call, &self.session).await
    }

    /// Sends a call and reads the object that it answers.
    pub(super) async fn one<T: DeserializeOwned>(&self, call: Call) -> Result<T> {
        Ok(self.send(call).await?.json::<Envelope<T>>()?.data)
    }

    /// Reads one page of a list.
    pub(super) async fn page<T: DeserializeOwned>(
        &self,
        call: Call,
        from: Option<&str>,
    ) -> Result<Listing<T>> {
        self.send(turned(call, from)).await?.json()
    }

    /// Returns what the token says about itself. The only call that needs no scope.
    pub(crate) async fn token_info(&self) -> Result<TokenInfo> {
        self.one(Call::read("/oauth/token/info")).await
    }

    /// Returns one page of the people in whose record this e-mail is a part of something; none when the platform gave the search
    /// up.
    pub(super) async fn people_like(
        &self,
        email: &Email,
        from: Option<&str>,
    ) -> Result<Option<Listing<User>>> {
        let call = Call::read("/users")
            .query("query", email)
            .not_again_after(GAVE_UP);
        match self.page(call, from).await {
            Ok(listing) => Ok(Some(listing)),
            Err(fault) if gave_up(&fault) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Returns one page of the chats that people can be put into.
    pub(super) async fn chats(&self, shelf: Shelf, from: Option<&str>) -> Result<Listing<Chat>> {
        let chats = Call::read("/chats");
        let call = match shelf {
            Shelf::Own => chats.query("personal", false),
            Shelf::Open => chats.query("availability", "public"),
        };
        self.page(call, from).await
    }
}

fn gave_up(fault: &Error) -> bool {
    fault
        .context()
        .iter()
        .any(|(key, value)| *key == "http.status" && value == GAVE_UP.as_str())
}
