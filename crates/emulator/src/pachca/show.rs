//! Records as the API shows them. Every key is always there.

use serde_json::{Value, json};

use crate::pachca::directory::{Status, User};
use crate::pachca::moment;
use crate::pachca::reactions;
use crate::pachca::state::{Chat, Message, Workspace};

impl Workspace {
    pub(super) fn show_user(&self, user: &User) -> Value {
        let card = &user.card;
        let tags: Vec<&String> = user
            .tags
            .iter()
            .filter_map(|tag| self.tags.get(tag))
            .collect();
        let properties: Vec<Value> = self
            .properties
            .iter()
            .map(|property| {
                json!({
                    "id": property.id, "name": property.name, "data_type": property.data_type,
                    "value": user.properties.get(&property.id),
                })
            })
            .collect();
        json!({
            "id": user.id,
            "first_name": card.first_name,
            "last_name": card.last_name,
            "nickname": user.nickname,
            "email": (!user.bot).then_some(&user.email),
            "phone_number": card.phone_number,
            "department": card.department,
            "title": card.title,
            "role": user.role.name(),
            "suspended": user.suspended,
            "invite_status": if user.confirmed { "confirmed" } else { "sent" },
            "inviter_id": user.inviter_id,
            "list_tags": tags,
            "custom_properties": properties,
            "user_status": self.current_status(user).map(show_status),
            "bot": user.bot,
            "sso": false,
            "created_at": moment::write(user.created_ms),
            "last_activity_at": user.last_activity_ms.map(moment::write),
            "time_zone": null,
            "image_url": user.image_url,
        })
    }

    /// Returns a person's status unless it has expired.
    pub(super) fn current_status<'a>(&self, user: &'a User) -> Option<&'a Status> {
        let now_ms = self.now_ms();
        let status = user.status.as_ref();
        status.filter(|status| status.expires_ms.is_none_or(|expires| now_ms < expires))
    }

    pub(super) fn show_tag(&self, tag_id: i64) -> Value {
        let count = self
            .users
            .values()
            .filter(|user| !user.suspended && user.tags.contains(&tag_id))
            .count();
        json!({ "id": tag_id, "name": self.tags.get(&tag_id), "users_count": count })
    }

    pub(super) fn show_chat(&self, chat: &Chat) -> Value {
        let members: Vec<i64> = chat
            .members
            .keys()
            .copied()
            .filter(|user_id| self.is_active(*user_id))
            .collect();
        json!({
            "id": chat.id,
            "name": chat.name,
            "created_at": moment::write(chat.created_ms),
            "owner_id": chat.owner_id,
            "member_ids": members,
            "group_tag_ids": chat.tags,
            "channel": chat.channel,
            "archived": chat.archived,
            "personal": chat.personal,
            "public": chat.public,
            "last_message_at": moment::write(chat.last_message_ms),
            "meet_room_url": format!("https://meet.example.test/{}", chat.id),
        })
    }

    /// Returns a message as the API shows it.
    pub(super) fn show_message(&self, message: &Message) -> Value {
        let chat = self.chats.get(&message.chat_id);
        let within = chat.and_then(|chat| chat.thread);
        let (entity_type, entity_id) = match (message.to_user, within) {
            (Some(user_id), _) => ("user", user_id),
            (None, Some(thread_id)) => ("thread", thread_id),
            (None, None) => ("discussion", message.chat_id),
        };
        let root = chat.and_then(|chat| self.root_of(chat));
        let thread = message.thread.and_then(|id| self.threads.get(&id));
        json!({
            "id": message.id,
            "entity_type": entity_type,
            "entity_id": entity_id,
            "chat_id": message.chat_id,
            "root_chat_id": root.map_or(message.chat_id, |root| root.id),
            "content": message.content,
            "user_id": message.user_id,
            "created_at": moment::write(message.created_ms),
            "url": format!("https://app.example.test/chats/{}?message={}", message.chat_id, message.id),
            "files": [],
            "voice_content": null,
            "buttons": message.buttons,
            "thread": thread.map(|thread| json!({ "id": thread.id, "chat_id": thread.chat_id })),
            "forwarding": null,
            "parent_message_id": message.parent_message_id,
            "changed_at": message.changed_ms.map(moment::write),
            "deleted_at": message.deleted_ms.map(moment::write),
        })
    }

    /// Returns all records, with what the API does not tell: why people are in chats, and the mails.
    pub(super) fn show_all(&self) -> Value {
        let chats: Vec<Value> = self
            .chats
            .values()
            .map(|chat| {
                let mut shown = self.show_chat(chat);
                shown["members"] = show_members(chat);
                shown["pinned_message_ids"] = json!(chat.pinned);
                shown
            })
            .collect();
        let messages: Vec<Value> = self
            .messages
            .values()
            .map(|message| {
                let mut shown = self.show_message(message);
                shown["reactions"] = message.reactions.iter().map(reactions::show).collect();
                shown
            })
            .collect();
        let mails: Vec<Value> = self
            .mails
            .iter()
            .map(|mail| {
                json!({ "user_id": mail.user_id, "to": mail.to, "at": moment::write(mail.at_ms) })
            })
            .collect();
        json!({
            "users": self.users.values().map(|user| self.show_user(user)).collect::<Vec<_>>(),
            "deleted_user_ids": self.deleted,
            "tags": self.tags.keys().map(|tag| self.show_tag(*tag)).collect::<Vec<_>>(),
            "chats": chats,
            "messages": messages,
            "threads": self.threads.values().map(|thread| self.show_thread(*thread)).collect::<Vec<_>>(),
            "mails": mails,
        })
    }
}

fn show_members(chat: &Chat) -> Value {
    chat.members
        .iter()
        .map(|(user_id, membership)| {
            json!({
                "user_id": user_id, "role": membership.role.name(),
                "by_hand": membership.by_hand, "via_tags": membership.via_tags,
            })
        })
        .collect()
}

pub(super) fn show_status(status: &Status) -> Value {
    let away_message = status.away_message.as_ref();
    json!({
        "emoji": status.emoji,
        "title": status.title,
        "expires_at": status.expires_ms.map(moment::write),
        "is_away": status.is_away,
        "away_message": away_message.map(|text| json!({ "text": text })),
    })
}
