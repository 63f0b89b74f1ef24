//! Conversations and channels.

use futures::future::try_join_all;
use kadry_core::{
    Back, Brake, Cursor, Does, Error, ErrorKind, Look, NativeCall, Operation, Parameter, Reason,
    Result, Takes, every,
};
use serde_json::{Value, json};

use super::fresh::{self, Newest};
use super::made::left_out;
use super::row::{IN_ORDER, many, required, say, takes, text};
use super::{check, members, single};
use crate::Pachca;

/// The longest name, in characters. <https://dev.pachca.com/api/chats/create> Checked 2026-11.
pub(super) const LONGEST: usize = 255;

/// Under which name a look shows the guests of a chat.
const GUESTS: &str = "guests";

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

/// Returns what takes the change back. Tags and guests do not come back with an archived chat, so they are put into it again.
/// <https://dev.pachca.com/api/chats/archive> Checked 2026-11.
pub(super) fn back(verb: &str, call: &NativeCall, before: &Value, after: &Value) -> Back {
    let was_archived = before.get("archived").and_then(Value::as_bool);
    let of = |operation: &str| Some(NativeCall::new(operation).with("id", call.one("id")?));
    match verb {
        "create" => {
            let id = after.get("id").and_then(Value::as_i64);
            let id = id.or_else(|| Some(fresh::made(before, after)?.0));
            let Some(id) = id else {
                return Back::default();
            };
            // There is no call that deletes a chat.
            Back::from(NativeCall::new("chats archive").with("id", id.to_string()))
                .without(Some(Reason::new("undo-chat-stays")))
        }
        "rename" => {
            let name = before.get("name").and_then(Value::as_str);
            let rename = name.and_then(|name| Some(of("chats rename")?.with("name", name)));
            rename.into()
        }
        "archive" if was_archived == Some(false) => {
            let ids = |name: &str| {
                let ids = before.get(name).and_then(Value::as_array);
                let ids = ids.into_iter().flatten().filter_map(Value::as_i64);
                ids.map(|id| id.to_string()).collect::<Vec<_>>()
            };
            let put = |operation: &str, name: &str, id: &String| {
                Some(of(operation)?.with(name, id.as_str()))
            };
            let back = Back::from(of("chats unarchive"));
            let tags = ids("group_tag_ids");
            let any_tag = !tags.is_empty();
            let back = tags.into_iter().fold(back, |back, id| {
                back.then(put("members add-tags", "group_tag_ids", &id))
            });
            let guests = ids(GUESTS).into_iter();
            let back = guests.fold(back, |back, id| {
                back.then(put("members add", "member_ids", &id))
            });
            let unseen = before.get(GUESTS).is_some_and(Value::is_null);
            // Whom a tag had brought in has become an ordinary member.
            back.without(any_tag.then(|| Reason::new("undo-tag-people")))
                .without(unseen.then(|| Reason::new("undo-guests")))
        }
        "unarchive" if was_archived == Some(true) => of("chats archive").into(),
        _ => Back::default(),
    }
}

/// Returns a chat without its members: there may be thousands, and nothing here hangs on them.
pub(super) fn without_members(mut chat: Value) -> Value {
    if let Some(members) = chat.as_object_mut() {
        members.remove("member_ids");
    }
    chat
}

/// Refuses a name that the platform does not take.
pub(super) fn refuse_long_name(call: &NativeCall) -> Result<()> {
    match call.one("name") {
        Some(name) => check::not_longer("name", name, LONGEST),
        None => Ok(()),
    }
}

impl Pachca {
    /// Returns the single changes of a call whose names have become ids.
    pub(super) async fn resolve_chats(
        &self,
        verb: &str,
        call: &NativeCall,
    ) -> Result<Vec<NativeCall>> {
        refuse_long_name(call)?;
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
            let mut chat = without_members(self.there(&path).await?);
            let is_active = chat.get("archived") == Some(&Value::Bool(false));
            if verb == "archive" && is_active {
                chat[GUESTS] = self.guests(call).await?;
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
        let mut newest = Newest::of(&page.items, page.next.is_some(), is_same);
        for chat in page.items.iter().filter(|chat| is_same(chat)) {
            let left = left_out(call, chat);
            if let (Some(id), false) = (chat.get("id").and_then(Value::as_i64), left.is_empty()) {
                newest.without.insert(id, left);
            }
        }
        Ok(json!(newest))
    }

    /// Returns the guests who are in a chat, whom its archiving takes out; null where we may not see who is.
    async fn guests(&self, call: &NativeCall) -> Result<Value> {
        let list = NativeCall::new("members list").with("id", call.required("id")?);
        let list = &list;
        let members = every(|from: Option<Cursor>| async move {
            self.turn(&members::LIST, list, from.as_ref()).await
        });
        let members = match members.await {
            Ok(members) => members,
            Err(error) if error.kind() == ErrorKind::Forbidden => return Ok(Value::Null),
            Err(error) => return Err(error),
        };
        let is_guest = |member: &&Value| {
            let role = member.get("role").and_then(Value::as_str);
            role.is_some_and(|role| ["guest", "multi_guest"].contains(&role))
        };
        let guests = members.iter().filter(is_guest);
        Ok(guests
            .filter_map(|guest| guest.get("id").cloned())
            .collect())
    }
}

#[cfg(test)]
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
        assert_eq!(undo("archive", &active), of("unarchive").into());
        assert_eq!(undo("archive", &archived), Back::default());
        assert_eq!(undo("unarchive", &archived), of("archive").into());
        assert_eq!(undo("unarchive", &active), Back::default());
        let name = of("rename").with("name", "Клиент");
        assert_eq!(undo("rename", &active), name.into());
        assert_eq!(undo("rename", &null), Back::default());
        let stays = Some(Reason::new("undo-chat-stays"));
        let create = NativeCall::new("chats create");
        assert_eq!(
            back("create", &create, &null, &active),
            Back::from(of("archive")).without(stays)
        );
        assert_eq!(back("create", &create, &null, &null), Back::default());
    }

    #[test]
    fn a_chat_comes_out_of_the_archive_with_its_tags_and_guests() {
        let before = |guests: Value| json!({"id": 5, "archived": false, "group_tag_ids": [7, 8], "guests": guests});
        let put = |operation: &str, name: &str, id: &str| {
            let call = NativeCall::new(operation).with("id", "5");
            Some(call.with(name, id))
        };
        let tagged = Back::from(of("unarchive"))
            .then(put("members add-tags", "group_tag_ids", "7"))
            .then(put("members add-tags", "group_tag_ids", "8"))
            .without(Some(Reason::new("undo-tag-people")));
        let archive = of("archive");
        let undo = |before: &Value| back("archive", &archive, before, &Value::Null);
        let with_guest = tagged.clone().then(put("members add", "member_ids", "9"));
        assert_eq!(undo(&before(json!([9]))), with_guest);
        assert_eq!(undo(&before(json!([]))), tagged.clone());
        let unseen = Some(Reason::new("undo-guests"));
        assert_eq!(undo(&before(Value::Null)), tagged.without(unseen));
    }
}
