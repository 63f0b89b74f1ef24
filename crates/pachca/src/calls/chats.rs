//! Chats and their members.

use kadry_core::{Cursor, EmployeeRef, Error, ErrorKind, Grant, Offer, Page, Repeat, Result};
use kadry_http::{Call, Method};

use super::{Api, foreign_cursor, in_part, part, unless_gone};
use crate::map;
use crate::wire::chat::{Chat, NewMembers};
use crate::wire::page::Listing;

/// The chats in which the token's owner is. No listing shows both own chats and open ones, so there are two parts.
const OWN: &str = "own";
/// The open chats of the workspace.
const OPEN: &str = "open";

impl Api {
    /// Returns one page of the chats that people can be put into: own ones first, then the open ones.
    pub(crate) async fn chats(&self, from: Option<&Cursor>) -> Result<Page<Offer>> {
        match part(from, OWN) {
            (OWN, from) => {
                let listing = self.own_chats(false, from).await?;
                let next = match listing.next()? {
                    Some(from) => in_part(OWN, Some(from)),
                    None => in_part(OPEN, None),
                };
                Ok(Page {
                    items: offers(&listing, |_| true),
                    next: Some(next),
                })
            }
            (OPEN, from) => {
                let call = Call::read("/chats").query("availability", "public");
                let listing = self.page(call, from).await?;
                Ok(Page {
                    items: offers(&listing, |chat| !self.is_in(chat)),
                    next: listing.next()?.map(|from| in_part(OPEN, Some(from))),
                })
            }
            _ => Err(foreign_cursor()),
        }
    }

    /// Returns one page of the chats in which the token's owner is, either with one person or with several.
    pub(super) async fn own_chats(
        &self,
        personal: bool,
        from: Option<&str>,
    ) -> Result<Listing<Chat>> {
        self.page(Call::read("/chats").query("personal", personal), from)
            .await
    }

    /// Reports whether the token's owner is in a chat, which then is among the own ones already.
    fn is_in(&self, chat: &Chat) -> bool {
        chat.member_ids
            .as_ref()
            .is_some_and(|members| members.contains(&self.viewer.id))
    }

    /// Puts a person into a chat or takes them out; one chat in one call.
    ///
    /// # Repeats
    ///
    /// Safely: people inside are skipped, and taking out somebody who is not inside is quiet.
    pub(crate) async fn set_membership(
        &self,
        who: &EmployeeRef,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        match (add, drop) {
            ([], []) => Ok(()),
            ([chat], []) => self.join(map::number(&who.id)?, chat_id(chat)?).await,
            ([], [chat]) => self.leave(map::number(&who.id)?, chat_id(chat)?).await,
            _ => Err(
                Error::new(ErrorKind::Unsupported, "each chat is a change of its own")
                    .with("reason", "one-at-a-time"),
            ),
        }
    }

    async fn join(&self, user: i64, chat: i64) -> Result<()> {
        let path = format!("/chats/{chat}/members");
        let call = Call::write(Method::POST, &path, Repeat::Safe).json(&NewMembers {
            member_ids: [user],
            silent: true,
        });
        self.send(call).await?;
        Ok(())
    }

    /// Takes somebody out of a chat. Whom a tag holds inside stays, and the platform answers as if they were gone; the catalogue
    /// shows it. <https://dev.pachca.com/guides/tags> Checked 2026-11.
    async fn leave(&self, user: i64, chat: i64) -> Result<()> {
        let path = format!("/chats/{chat}/members/{user}");
        let call = Call::write(Method::DELETE, &path, Repeat::Safe);
        unless_gone(self.send(call).await).map(drop)
    }
}

fn offers(listing: &Listing<Chat>, wanted: impl Fn(&Chat) -> bool) -> Vec<Offer> {
    listing
        .data
        .iter()
        .filter(|chat| !chat.personal && !chat.archived && wanted(chat))
        .map(map::offered_chat)
        .collect()
}

fn chat_id(grant: &Grant) -> Result<i64> {
    let unknown = || Error::new(ErrorKind::Invalid, "the chat is named without its id");
    map::number(grant.id.as_ref().ok_or_else(unknown)?)
}
