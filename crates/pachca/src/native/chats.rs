//! Conversations and channels.

use futures::future::try_join_all;
use kadry_core::{
    Brake, Does, Effect, Error, ErrorKind, Look, NativeCall, Operation, Parameter, Result, Takes,
};
use serde_json::{Value, json};

use super::fresh::{self, Newest};
use super::row::{IN_ORDER, many, required, say, takes, text};
use super::{check, single};
use crate::Pachca;

/// The longest name, in characters. <https://dev.pachca.com/api/chats/create> Checked 2026-11.
pub(super) const LONGEST: usize = 255;

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "owner_id",
    "channel",
    "public",
    "personal",
    "archived",
    "last_message_at",
];

const ID: Parameter = required(text(
    "id",
    "The chat, by id or name",
    "Чат: id или название",
));
const PERSONAL: Parameter = takes(
    "personal",
    Takes::Flag,
    "Only personal chats, or only the others",
    "Только личные чаты или только остальные",
);
pub(super) const AVAILABILITY: Parameter = takes(
    "availability",
    Takes::OneOf(&["is_member", "public"]),
    "The chats of the token's owner, or all open ones",
    "Чаты владельца токена или все открытые",
);

pub(super) const LIST: Operation = Operation {
    noun: "chats",
    verb: "list",
    parameters: &[
        AVAILABILITY,
        takes(
            "archived",
            Takes::Flag,
            "Archived ones beside the active ones",
            "Вместе с архивными",
        ),
        PERSONAL,
        takes(
            "last_message_at_after",
            Takes::Moment,
            "Last message at this moment or later",
            "Последнее сообщение не раньше этого момента",
        ),
        takes(
            "last_message_at_before",
            Takes::Moment,
            "Last message at this moment or earlier",
            "Последнее сообщение не позже этого момента",
        ),
        takes(
            "sort",
            Takes::OneOf(&["id", "last_message_at"]),
            "What to sort by",
            "По чему сортировать",
        ),
        IN_ORDER,
    ],
    help: say(
        "List chats, own ones unless asked for the open ones",
        "Список чатов: своих или всех открытых",
    ),
    example: "pachca chats list --availability public --sort last_message_at --order desc",
    endpoint: "GET /chats",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SEARCH: Operation = Operation {
    noun: "chats",
    verb: "search",
    parameters: &[
        text("query", "Words to look for", "Что искать"),
        IN_ORDER,
        takes(
            "created_from",
            Takes::Moment,
            "Made at this moment or later",
            "Созданы не раньше этого момента",
        ),
        takes(
            "created_to",
            Takes::Moment,
            "Made at this moment or earlier",
            "Созданы не позже этого момента",
        ),
        takes(
            "active",
            Takes::Flag,
            "Only active chats, or only archived ones",
            "Только активные чаты или только архивные",
        ),
        takes(
            "chat_subtype",
            Takes::OneOf(&["discussion", "thread"]),
            "Only chats, or only threads",
            "Только беседы и каналы или только треды",
        ),
        PERSONAL,
    ],
    help: say("Search chats by name", "Поиск чатов по названию"),
    example: "pachca chats search --query Клиент --active true",
    endpoint: "GET /search/chats",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SHOW: Operation = Operation {
    noun: "chats",
    verb: "show",
    parameters: &[ID],
    help: say("Show one chat", "Показать чат"),
    example: "pachca chats show --id Общий",
    endpoint: "GET /chats/{id}",
    does: Does::Shows,
};

pub(super) const CREATE: Operation = Operation {
    noun: "chats",
    verb: "create",
    parameters: &[
        required(text("name", "The name", "Название")),
        many(takes(
            "member_ids",
            Takes::Person,
            "Who is in it, by id or e-mail",
            "Кто в нём: id или e-mail",
        )),
        many(text(
            "group_tag_ids",
            "A tag whose people are in it, by id or name",
            "Тег, чьи сотрудники в нём: id или название",
        )),
        takes(
            "channel",
            Takes::Flag,
            "Whether it is a channel",
            "Канал, а не беседа",
        ),
        takes(
            "public",
            Takes::Flag,
            "Whether everybody may come in",
            "Открыт для всех",
        ),
    ],
    help: say(
        "Make a chat; the token's owner owns it for ever",
        "Создать чат; его владельцем навсегда будет владелец токена",
    ),
    example: "pachca chats create --name 'Клиент Ромашка' --member_ids anna@example.test --group_tag_ids Продажи",
    endpoint: "POST /chats",
    does: Does::Writes {
        brakes: &[Brake::Grant],
    },
};

pub(super) const RENAME: Operation = Operation {
    noun: "chats",
    verb: "rename",
    parameters: &[
        many(text(
            "id",
            "The chat, by id or name",
            "Чат: id или название",
        )),
        text("name", "The new name", "Новое название"),
        text(
            "pattern",
            "A regular expression that finds what changes in many names",
            "Регулярное выражение: что менять в названиях многих чатов",
        ),
        text(
            "to",
            "What stands there instead; $1 or ${1} is what the first group found",
            "На что менять; $1 или ${1} — что нашла первая группа",
        ),
        AVAILABILITY,
    ],
    help: say(
        "Rename one chat, or many by a pattern",
        "Переименовать чат или много чатов по шаблону",
    ),
    example: "pachca chats rename --pattern '^Заказчик (.+)$' --to 'Клиент $1'",
    endpoint: "PUT /chats/{id}",
    does: Does::Writes { brakes: &[] },
};

pub(super) const ARCHIVE: Operation = Operation {
    noun: "chats",
    verb: "archive",
    parameters: &[many(ID)],
    help: say(
        "Archive chats; guests leave and tags come off for good",
        "Архивировать чаты; гости выйдут, теги отвяжутся насовсем",
    ),
    example: "pachca chats archive --id 'Клиент Ромашка'",
    endpoint: "PUT /chats/{id}/archive",
    does: Does::Writes {
        brakes: &[Brake::Revoke],
    },
};

pub(super) const UNARCHIVE: Operation = Operation {
    noun: "chats",
    verb: "unarchive",
    parameters: &[many(ID)],
    help: say("Take chats out of the archive", "Вернуть чаты из архива"),
    example: "pachca chats unarchive --id 'Клиент Ромашка'",
    endpoint: "PUT /chats/{id}/unarchive",
    // Nobody comes back by it. https://dev.pachca.com/api/chats/archive Checked 2026-11.
    does: Does::Writes { brakes: &[] },
};

/// Says whether the chat is as the call wants it.
pub(super) fn stands(verb: &str, call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    match verb {
        "create" => fresh::stands(before, now),
        "rename" => {
            let name = now.get("name").and_then(Value::as_str);
            check::found_if(name.is_some() && name == call.one("name"))
        }
        _ if now.is_null() => Look::Absent,
        _ => match now.get("archived").and_then(Value::as_bool) {
            Some(archived) => check::found_if(archived == (verb == "archive")),
            None => Look::CannotTell,
        },
    }
}

/// Returns what takes the change back. Tags and guests do not come back with an archived chat.
/// <https://dev.pachca.com/api/chats/archive> Checked 2026-11.
pub(super) fn back(
    verb: &str,
    call: &NativeCall,
    before: &Value,
    after: &Value,
) -> Option<NativeCall> {
    let was_archived = before.get("archived").and_then(Value::as_bool);
    let other = |operation: &str| Some(NativeCall::new(operation).with("id", call.one("id")?));
    match verb {
        // There is no call that deletes a chat.
        "create" => {
            let id = after.get("id").and_then(Value::as_i64)?;
            Some(NativeCall::new("chats archive").with("id", id.to_string()))
        }
        "rename" => {
            let name = before.get("name").and_then(Value::as_str)?;
            Some(other("chats rename")?.with("name", name))
        }
        "archive" if was_archived == Some(false) => other("chats unarchive"),
        "unarchive" if was_archived == Some(true) => other("chats archive"),
        _ => None,
    }
}

/// Refuses a chat that was made without somebody who was asked for: the platform leaves out whom it does not know and says nothing.
/// <https://dev.pachca.com/api/chats/create> Checked 2026-11.
///
/// # Errors
///
/// `Protocol` with [`Effect::Applied`], since the chat is there.
pub(super) fn check_members(call: &NativeCall, made: &Value) -> Result<()> {
    let members = made.get("member_ids").and_then(Value::as_array);
    let is_in = |id: &&String| {
        let id: Option<i64> = id.parse().ok();
        members.is_some_and(|members| members.iter().any(|member| member.as_i64() == id))
    };
    match call.all("member_ids").iter().find(|id| !is_in(id)) {
        None => Ok(()),
        Some(id) => {
            let message = "the chat was made, but somebody was left out of it";
            Err(Error::new(ErrorKind::Protocol, message)
                .with_effect(Effect::Applied)
                .with("user.id", id)
                .with("chat.id", made.get("id").unwrap_or(&Value::Null)))
        }
    }
}

impl Pachca {
    /// Returns the single changes of a call whose names have become ids.
    pub(super) async fn resolve_chats(
        &self,
        verb: &str,
        call: &NativeCall,
    ) -> Result<Vec<NativeCall>> {
        if let Some(name) = call.one("name") {
            check::not_longer("name", name, LONGEST)?;
        }
        match verb {
            "create" => {
                let members = call.all("member_ids").iter();
                try_join_all(members.map(|id| self.refuse_suspended(id))).await?;
                Ok(vec![call.clone()])
            }
            "rename" => self.resolve_renames(call).await,
            _ => Ok(single(call, "id")),
        }
    }

    /// Refuses somebody whom the platform would leave out of a chat without a word.
    async fn refuse_suspended(&self, id: &str) -> Result<()> {
        let user = self.shown(&format!("/users/{id}")).await?;
        if user.get("suspended") == Some(&Value::Bool(true)) {
            let message = "somebody who is suspended cannot be put into a chat";
            return Err(Error::new(ErrorKind::Conflict, message).with("user.id", id));
        }
        Ok(())
    }

    /// Returns what a call is about: the chat without its members, or the newest chats of the token's owner.
    pub(super) async fn look_at_chat(&self, verb: &str, call: &NativeCall) -> Result<Value> {
        if verb != "create" {
            let path = format!("/chats/{}", check::id(call, "id")?);
            let mut chat = self.there(&path).await?;
            if let Some(chat) = chat.as_object_mut() {
                // There may be thousands, and nothing here hangs on them.
                chat.remove("member_ids");
            }
            return Ok(chat);
        }
        let list = NativeCall::new("chats list")
            .with("personal", "false")
            .with("sort", "id")
            .with("order", "desc");
        let page = self.turn(&LIST, &list, None).await?;
        let (name, us) = (call.one("name"), self.api.viewer.id);
        let is_same = |chat: &Value| {
            chat.get("name").and_then(Value::as_str) == name
                && chat.get("owner_id").and_then(Value::as_i64) == Some(us)
        };
        Ok(json!(Newest::of(&page.items, page.next.is_some(), is_same)))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    fn of(verb: &str) -> NativeCall {
        NativeCall::new(format!("chats {verb}")).with("id", "5")
    }

    #[test]
    fn a_chat_stands_by_its_name_and_its_place() {
        let chat = json!({"id": 5, "name": "Клиент", "archived": true});
        let rename = of("rename").with("name", "Клиент");
        assert_eq!(stands("rename", &rename, None, &chat), Look::Found);
        let other = of("rename").with("name", "Заказчик");
        assert_eq!(stands("rename", &other, None, &chat), Look::Absent);
        assert_eq!(stands("rename", &other, None, &Value::Null), Look::Absent);
        assert_eq!(stands("archive", &of("archive"), None, &chat), Look::Found);
        assert_eq!(
            stands("unarchive", &of("unarchive"), None, &chat),
            Look::Absent
        );
        let odd = json!({"id": 5});
        assert_eq!(
            stands("archive", &of("archive"), None, &odd),
            Look::CannotTell
        );
        assert_eq!(
            stands("archive", &of("archive"), None, &Value::Null),
            Look::Absent
        );
    }

    #[test]
    fn changes_of_a_chat_take_each_other_back() {
        let active = json!({"id": 5, "name": "Клиент", "archived": false});
        let archived = json!({"id": 5, "name": "Клиент", "archived": true});
        let null = Value::Null;
        let undo = |verb: &str, before: &Value| back(verb, &of(verb), before, &active);
        assert_eq!(undo("archive", &active), Some(of("unarchive")));
        assert_eq!(undo("archive", &archived), None);
        assert_eq!(undo("unarchive", &archived), Some(of("archive")));
        assert_eq!(undo("unarchive", &active), None);
        assert_eq!(
            undo("rename", &active),
            Some(of("rename").with("name", "Клиент"))
        );
        assert_eq!(undo("rename", &null), None);
        assert_eq!(
            back("create", &NativeCall::new("chats create"), &null, &active),
            Some(of("archive"))
        );
        assert_eq!(
            back("create", &NativeCall::new("chats create"), &null, &null),
            None
        );
    }

    #[test]
    fn whoever_was_left_out_of_a_new_chat_is_named() {
        let call = NativeCall::new("chats create")
            .with("member_ids", "9")
            .with("member_ids", "10");
        let made = |ids: Value| json!({"id": 5, "member_ids": ids});
        assert!(check_members(&call, &made(json!([1, 9, 10]))).is_ok());
        let fault = check_members(&call, &made(json!([1, 9]))).unwrap_err();
        assert_eq!(fault.effect(), Effect::Applied);
        assert_eq!(fault.context()[0], ("user.id", "10".to_owned()));
    }
}
