//! Records that are put into the workspace from outside: the starting data and what tests add.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::pachca::directory::Status;
use crate::pachca::emoji;
use crate::pachca::moment;
use crate::pachca::state::{ChatRole, Message, Role, Workspace, folded};
use crate::pachca::token::{FOR_OWNERS, SCOPES};
use crate::pachca::wished::check_tag_name;

/// Records to add; a person or a chat that is known already is changed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Records {
    pub(super) tags: Vec<String>,
    pub(super) users: Vec<UserRecord>,
    pub(super) chats: Vec<ChatRecord>,
    pub(super) messages: Vec<MessageRecord>,
    /// Who owns the workspace from now on, by e-mail.
    pub(super) owner: Option<String>,
    /// What the token is narrowed to.
    pub(super) scopes: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UserRecord {
    pub(super) email: String,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) phone_number: Option<String>,
    pub(super) department: Option<String>,
    pub(super) title: Option<String>,
    pub(super) role: Option<String>,
    pub(super) suspended: Option<bool>,
    pub(super) invite_status: Option<String>,
    pub(super) list_tags: Option<Vec<String>>,
    /// Values by the names of their properties, beside those that are there.
    pub(super) custom_properties: BTreeMap<String, String>,
    pub(super) status: Option<StatusRecord>,
    pub(super) bot: Option<bool>,
}

/// A status that somebody shows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusRecord {
    pub(super) emoji: String,
    pub(super) title: String,
    /// Absent for one that stays.
    pub(super) expires_at: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ChatRecord {
    pub(super) name: String,
    pub(super) channel: bool,
    pub(super) public: bool,
    pub(super) archived: bool,
    /// The owner of a new chat; the token's owner if absent.
    pub(super) owner: Option<String>,
    pub(super) members: Vec<String>,
    pub(super) admins: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// What somebody wrote into a chat, whether they are in it or not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageRecord {
    pub(super) chat: String,
    pub(super) from: String,
    pub(super) content: String,
}

impl Workspace {
    /// Adds records.
    pub(super) fn add(&mut self, records: Records) -> Result<(), String> {
        for name in records.tags {
            self.seed_tag(&name)?;
        }
        for user in records.users {
            self.seed_user(user)?;
        }
        for chat in records.chats {
            self.seed_chat(&chat)?;
        }
        for message in records.messages {
            self.seed_message(message)?;
        }
        if let Some(email) = records.owner {
            let owner = self.expect_user(&email)?;
            self.users.crown(owner);
        }
        if let Some(scopes) = records.scopes {
            self.token.scopes = scopes
                .iter()
                .map(|scope| {
                    let mut known = SCOPES.iter().chain(FOR_OWNERS).copied();
                    let known = known.find(|known| known == scope);
                    known.ok_or_else(|| format!("There is no scope `{scope}`."))
                })
                .collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    fn seed_tag(&mut self, name: &str) -> Result<i64, String> {
        check_tag_name(name, "name").map_err(|_| format!("`{name}` is no name for a tag."))?;
        Ok(self.tag_named(name))
    }

    fn seed_user(&mut self, record: UserRecord) -> Result<(), String> {
        let email = record.email.trim();
        if !email.contains('@') {
            return Err(format!("`{email}` is no e-mail address of a user."));
        }
        let role = match record.role.as_deref() {
            None => None,
            Some(name) => Some(Role::read(name).ok_or(format!("There is no role `{name}`."))?),
        };
        let confirmed = match record.invite_status.as_deref() {
            None => None,
            Some("confirmed") => Some(true),
            Some("sent") => Some(false),
            Some(other) => return Err(format!("There is no invite status `{other}`.")),
        };
        let properties = self.seeded_properties(record.custom_properties)?;
        let status = record.status.map(seeded_status).transpose()?;
        let known = self.users.by_email(email).map(|user| user.id);
        let user_id =
            known.unwrap_or_else(|| self.add_user(email, None, role.unwrap_or(Role::User)));
        // Whoever is put here has been here for a while, unless told otherwise.
        let confirmed = confirmed.or(known.is_none().then_some(true));
        let now_ms = self.now_ms();
        self.users.change(user_id, |user| {
            let card = &mut user.card;
            card.first_name = record.first_name.or(card.first_name.take());
            card.last_name = record.last_name.or(card.last_name.take());
            card.phone_number = record.phone_number.or(card.phone_number.take());
            card.department = record.department.or(card.department.take());
            card.title = record.title.or(card.title.take());
            user.role = role.unwrap_or(user.role);
            user.suspended = record.suspended.unwrap_or(user.suspended);
            user.bot = record.bot.unwrap_or(user.bot);
            user.properties.extend(properties);
            user.status = status.or(user.status.take());
            if let Some(confirmed) = confirmed {
                user.confirmed = confirmed;
                user.last_activity_ms = confirmed.then_some(now_ms);
            }
        });
        if let Some(names) = record.list_tags {
            for name in &names {
                self.seed_tag(name)?;
            }
            let tags = self.tags_named(&names);
            self.set_tags(user_id, &tags);
        }
        Ok(())
    }

    fn seeded_properties(
        &self,
        values: BTreeMap<String, String>,
    ) -> Result<Vec<(i64, String)>, String> {
        let property = |name: &str| {
            let known = self.properties.iter().find(|known| known.name == name);
            known.map(|known| known.id)
        };
        values
            .into_iter()
            .map(|(name, value)| match property(&name) {
                Some(id) => Ok((id, value)),
                None => Err(format!("There is no custom property `{name}`.")),
            })
            .collect()
    }

    fn seed_chat(&mut self, record: &ChatRecord) -> Result<(), String> {
        let name = record.name.trim();
        if name.is_empty() {
            return Err("A chat needs a name.".to_owned());
        }
        let owner_id = match &record.owner {
            Some(email) => self.expect_user(email)?,
            None => self.me(),
        };
        let known = self.chat_named(name);
        let chat_id = known.unwrap_or_else(|| self.add_chat(name, owner_id));
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.channel |= record.channel;
            chat.public |= record.public;
        }
        for email in &record.members {
            let user_id = self.expect_user(email)?;
            self.join_by_hand(chat_id, user_id);
        }
        for email in &record.admins {
            let user_id = self.expect_user(email)?;
            self.join_by_hand(chat_id, user_id);
            let chat = self.chats.get_mut(&chat_id);
            if let Some(membership) = chat.and_then(|chat| chat.members.get_mut(&user_id)) {
                membership.role = ChatRole::Admin;
            }
        }
        for tag in &record.tags {
            let tag_id = self.seed_tag(tag)?;
            self.attach_tag(chat_id, tag_id);
        }
        if record.archived {
            self.archive(chat_id);
        }
        Ok(())
    }

    fn chat_named(&self, name: &str) -> Option<i64> {
        self.chats
            .values()
            .find(|chat| !chat.personal && folded(&chat.name) == folded(name))
            .map(|chat| chat.id)
    }

    fn seed_message(&mut self, record: MessageRecord) -> Result<(), String> {
        let chat_id = self.chat_named(&record.chat);
        let chat_id = chat_id.ok_or_else(|| format!("There is no chat `{}`.", record.chat))?;
        let user_id = self.expect_user(&record.from)?;
        self.write_down(Message {
            chat_id,
            user_id,
            content: record.content,
            ..Message::default()
        });
        Ok(())
    }

    fn expect_user(&self, email: &str) -> Result<i64, String> {
        self.users
            .by_email(email)
            .map(|user| user.id)
            .ok_or_else(|| format!("Nobody has the e-mail address `{email}`."))
    }
}

fn seeded_status(record: StatusRecord) -> Result<Status, String> {
    let StatusRecord {
        emoji,
        title,
        expires_at,
    } = record;
    if !emoji::is_one(&emoji) {
        return Err(format!("`{emoji}` is not one emoji."));
    }
    let moment = |text: String| {
        let read = moment::read(&text);
        read.ok_or_else(|| format!("`{text}` is no moment."))
    };
    Ok(Status {
        emoji,
        title,
        expires_ms: expires_at.map(moment).transpose()?,
        is_away: false,
        away_message: None,
    })
}
