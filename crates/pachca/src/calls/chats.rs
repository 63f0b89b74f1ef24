//! Chats and their members.

use futures::future::try_join;
use kadry_core::{
    Cursor, EmployeeRef, Error, ErrorKind, Grant, Offer, Page, RemoteId, Repeat, Result, every,
};
use kadry_http::{Call, Method};
use serde::{Deserialize, Serialize};

use super::line::Shelf;
use super::{Api, foreign_cursor, unless_gone};
use crate::map;
use crate::wire::chat::{Chat, NewMembers};
use crate::wire::page::Listing;
use crate::wire::user::User;

/// What is left of the two lists of chats, each from the vendor's own cursor.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Left {
    #[serde(skip_serializing_if = "Option::is_none")]
    own: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<String>,
}

impl Left {
    fn read(cursor: &Cursor) -> Result<Self> {
        serde_json::from_str(cursor.as_str()).map_err(|_| foreign_cursor())
    }

    /// Returns where the lists go on; none at the end of both.
    fn cursor(&self) -> Result<Option<Cursor>> {
        if self.own.is_none() && self.open.is_none() {
            return Ok(None);
        }
        // A list cut short without a word would make people look absent.
        let lost = |fault| {
            let message = "the place in the list of chats cannot be written down";
            Error::new(ErrorKind::Protocol, message).from_source(fault)
        };
        let text = serde_json::to_string(self).map_err(lost)?;
        Ok(Some(Cursor::new(text)))
    }
}

impl Api {
    /// Returns one page of the chats that people can be put into: the first pages of the own and of the open ones together, then
    /// the rest of the own ones, then the rest of the open ones.
    pub(crate) async fn chats(&self, from: Option<&Cursor>) -> Result<Page<Offer>> {
        let Some(cursor) = from else {
            let first = try_join(self.first(Shelf::Own), self.first(Shelf::Open));
            let (own, open) = first.await?;
            let mut items = self.offers(&own, Shelf::Own);
            items.extend(self.offers(&open, Shelf::Open));
            let left = Left {
                own: own.next()?.map(str::to_owned),
                open: open.next()?.map(str::to_owned),
            };
            return Ok(Page {
                items,
                next: left.cursor()?,
            });
        };
        let mut left = Left::read(cursor)?;
        let shelf = if left.own.is_some() {
            Shelf::Own
        } else {
            Shelf::Open
        };
        let from = match shelf {
            Shelf::Own => &mut left.own,
            Shelf::Open => &mut left.open,
        };
        let at = from.take().ok_or_else(foreign_cursor)?;
        let listing = self.line.chats(shelf, Some(&at)).await?;
        *from = listing.next()?.map(str::to_owned);
        Ok(Page {
            items: self.offers(&listing, shelf),
            next: left.cursor()?,
        })
    }

    async fn first(&self, shelf: Shelf) -> Result<Listing<Chat>> {
        match self.ahead.chats(&self.line, shelf).await {
            Some(listing) => Ok(listing),
            None => self.line.chats(shelf, None).await,
        }
    }

    /// Returns what a page offers; an open chat of our own stands among the own ones.
    fn offers(&self, listing: &Listing<Chat>, shelf: Shelf) -> Vec<Offer> {
        let wanted = |chat: &&Chat| {
            !chat.personal && !chat.archived && (shelf == Shelf::Own || !self.is_in(chat))
        };
        let chats = listing.data.iter().filter(wanted);
        chats.map(map::offered_chat).collect()
    }

    /// Returns who manages a chat beside its owner. The platform leaves suspended people out; programs let nobody in.
    /// <https://dev.pachca.com/api/members/list> Checked 2026-11.
    pub(crate) async fn chat_administrators(&self, chat: &Grant) -> Result<Vec<RemoteId>> {
        let path = format!("/chats/{}/members", chat_id(chat)?);
        let path = path.as_str();
        let members = every(|from| async move {
            let call = Call::read(path).query("role", "admin");
            let from = from.as_ref().map(Cursor::as_str);
            let listing: Listing<User> = self.line.page(call, from).await?;
            Ok(Page {
                next: listing.next()?.map(Cursor::new),
                items: listing.data,
            })
        });
        let members = members.await?.into_iter();
        let people = members.filter(|user| !user.bot && !user.suspended);
        Ok(people
            .map(|user| RemoteId::new(user.id.to_string()))
            .collect())
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
        self.line.send(call).await?;
        Ok(())
    }

    /// Takes somebody out of a chat. Whom a tag holds inside stays, and the platform answers as if they were gone; the catalogue
    /// shows it. <https://dev.pachca.com/guides/tags> Checked 2026-11.
    async fn leave(&self, user: i64, chat: i64) -> Result<()> {
        let path = format!("/chats/{chat}/members/{user}");
        let call = Call::write(Method::DELETE, &path, Repeat::Safe);
        unless_gone(self.line.send(call).await).map(drop)
    }
}

fn chat_id(grant: &Grant) -> Result<i64> {
    let unknown = || Error::new(ErrorKind::Invalid, "the chat is named without its id");
    map::number(grant.id.as_ref().ok_or_else(unknown)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_says_what_is_left_of_both_lists() {
        let some = |text: &str| Some(text.to_owned());
        for (own, open) in [
            (some("a:\"b"), some("c")),
            (some("a"), None),
            (None, some("c")),
        ] {
            let (own_then, open_then) = (own.clone(), open.clone());
            let cursor = Left { own, open }.cursor().ok().flatten();
            let read = cursor.and_then(|cursor| Left::read(&cursor).ok());
            assert!(read.is_some_and(|left| left.own == own_then && left.open == open_then));
        }
        assert_eq!(Left::default().cursor().ok(), Some(None));
        assert!(Left::read(&Cursor::new("own:abc")).is_err());
    }
}
