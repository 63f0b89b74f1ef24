//! Messages to a person.

use std::collections::BTreeSet;

use kadry_core::{Cursor, EmployeeRef, Look, Notice, Page, RemoteId, Repeat, Result, every};
use kadry_http::{Call, Method};

use super::{Api, turned};
use crate::config::{MESSAGE_READS, MESSAGES, MESSAGES_TO_ONE};
use crate::map;
use crate::wire;
use crate::wire::chat::Chat;
use crate::wire::message::{Message, MessageFields, NewMessage};
use crate::wire::page::Listing;

/// How many pages of a conversation are read, newest first, before it counts as too long to prove that something is absent.
const PAGES: usize = 10;

/// What is known of the chat between the token's owner and one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direct {
    /// This is the chat.
    Chat(i64),
    /// There is none.
    None,
    /// One of the chats may be it: suspended and removed people are left out of the members.
    Unclear,
}

/// On which side of the time that is looked back to a message was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    /// At that time or after it, or there is no such time.
    Recent,
    /// Before it.
    Older,
    /// The platform does not tell.
    Untold,
}

impl Api {
    /// Sends a message to a person; the platform makes the chat when there is none.
    ///
    /// # Repeats
    ///
    /// Never without looking: a second message is a second message.
    pub(crate) async fn send_message(&self, who: &EmployeeRef, notice: &Notice) -> Result<()> {
        let id = map::number(&who.id)?;
        let call = Call::write(Method::POST, "/messages", Repeat::Once)
            .family(MESSAGES, "")
            .family(MESSAGES_TO_ONE, id.to_string())
            .json(&NewMessage {
                message: MessageFields {
                    entity_type: "user",
                    entity_id: id,
                    content: &notice.text,
                },
            });
        self.line.client.send(call, &self.line.session).await?;
        Ok(())
    }

    /// Looks whether a message of ours with this text is in the chat with the person, not older than the notice asks for.
    pub(crate) async fn look_for_message(
        &self,
        who: &EmployeeRef,
        notice: &Notice,
    ) -> Result<Look> {
        match self.direct_chat(&who.id).await? {
            Direct::Chat(chat) => self.look_in(chat, notice).await,
            Direct::None => Ok(Look::Absent),
            Direct::Unclear => Ok(Look::CannotTell),
        }
    }

    /// Looks for the chat between the token's owner and somebody.
    pub(crate) async fn direct_chat(&self, who: &RemoteId) -> Result<Direct> {
        let us = self.viewer.id;
        let both = BTreeSet::from([us, map::number(who)?]);
        let chats = every(|from| self.until_found(from, &both)).await?;
        if let Some(chat) = chats.iter().find(|chat| is_between(chat, &both)) {
            return Ok(Direct::Chat(chat.id));
        }
        // A chat that shows us only is the one with ourselves, or with somebody who is no longer shown.
        let hides_somebody = chats.iter().any(|chat| may_hide_somebody(chat, us));
        if both.len() == 1 || !hides_somebody {
            return Ok(Direct::None);
        }
        let is_shown = self.user(who).await?.is_some_and(|user| !user.suspended);
        Ok(if is_shown {
            Direct::None
        } else {
            Direct::Unclear
        })
    }

    /// Returns one page of personal chats; after the one that is sought nothing comes.
    async fn until_found(&self, from: Option<Cursor>, both: &BTreeSet<i64>) -> Result<Page<Chat>> {
        let call = Call::read("/chats").query("personal", true);
        let from = from.as_ref().map(Cursor::as_str);
        let listing: Listing<Chat> = self.line.page(call, from).await?;
        let next = if listing.data.iter().any(|chat| is_between(chat, both)) {
            None
        } else {
            listing.next()?.map(Cursor::new)
        };
        Ok(Page {
            items: listing.data,
            next,
        })
    }

    async fn look_in(&self, chat: i64, notice: &Notice) -> Result<Look> {
        let mut unless_found = Look::Absent;
        let mut from = None;
        for _ in 0..PAGES {
            let listing = self.messages(chat, from.as_deref()).await?;
            let mut over = false;
            for message in &listing.data {
                let age = age(message, notice.since_ms);
                over |= age == Age::Older;
                match age {
                    Age::Recent if self.says(message, notice) => return Ok(Look::Found),
                    Age::Untold if self.says(message, notice) => unless_found = Look::CannotTell,
                    Age::Recent | Age::Untold | Age::Older => {}
                }
            }
            // The newest come first, so what follows an older one is older still.
            if over {
                return Ok(unless_found);
            }
            match listing.next()? {
                Some(next) => from = Some(next.to_owned()),
                None => return Ok(unless_found),
            }
        }
        Ok(Look::CannotTell)
    }

    /// Returns one page of the messages of a chat, the newest first.
    async fn messages(&self, chat: i64, from: Option<&str>) -> Result<Listing<Message>> {
        let call = Call::read("/messages")
            .query("chat_id", chat)
            .family(MESSAGE_READS, "");
        let call = turned(call, from);
        let answer = self.line.client.send(call, &self.line.session).await?;
        answer.json()
    }

    /// Reports whether a message is ours and says what the notice says.
    fn says(&self, message: &Message, notice: &Notice) -> bool {
        message.user_id == Some(self.viewer.id) && is_same_text(&message.content, &notice.text)
    }
}

/// Returns on which side of a time a message was sent.
fn age(message: &Message, since_ms: Option<i64>) -> Age {
    let Some(since_ms) = since_ms else {
        return Age::Recent;
    };
    match message.created_at.as_deref().and_then(wire::moment_ms) {
        Some(sent_ms) if sent_ms >= since_ms => Age::Recent,
        Some(_) => Age::Older,
        None => Age::Untold,
    }
}

fn members(chat: &Chat) -> Option<BTreeSet<i64>> {
    let members = chat.member_ids.as_ref()?;
    Some(members.iter().copied().collect())
}

fn is_between(chat: &Chat, both: &BTreeSet<i64>) -> bool {
    chat.personal && members(chat).is_some_and(|members| members == *both)
}

fn may_hide_somebody(chat: &Chat, us: i64) -> bool {
    chat.personal && members(chat).is_none_or(|members| members.iter().all(|id| *id == us))
}

/// Reports whether two texts say the same. Marks are not compared: the platform drops `>` and turns a `# ` line bold.
/// <https://dev.pachca.com/guides/markdown> Checked 2026-11.
pub(crate) fn is_same_text(stored: &str, sent: &str) -> bool {
    let letters =
        |text: &str| -> String { text.chars().filter(|sign| sign.is_alphanumeric()).collect() };
    let said = letters(sent);
    stored.trim() == sent.trim() || (!said.is_empty() && letters(stored) == said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_whatever_the_platform_made_of_its_marks() {
        assert!(is_same_text("**Welcome**, Anna!\n", "# Welcome, Anna!"));
        assert!(!is_same_text("Welcome, Boris!", "Welcome, Anna!"));
        assert!(is_same_text("👋", "👋"));
        assert!(!is_same_text("👍", "👋"));
    }
}
