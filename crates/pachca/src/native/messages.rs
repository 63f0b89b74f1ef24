//! Messages of a chat, and a message to a person or a chat.

use kadry_core::{Does, NativeCall, Operation, Parameter, RemoteId, Result, Takes};
use serde_json::{Value, json};

use super::fresh::Newest;
use super::row::{IN_ORDER, many, required, say, takes, text};
use super::{check, single};
use crate::Pachca;
use crate::calls::{Direct, is_same_text};

const COLUMNS: &[&str] = &["id", "created_at", "user_id", "chat_id", "content"];

const CHAT: Parameter = required(text(
    "chat_id",
    "The chat, by id or name",
    "Чат: id или название",
));

pub(super) const LIST: Operation = Operation {
    noun: "messages",
    verb: "list",
    parameters: &[
        CHAT,
        takes(
            "sort",
            Takes::OneOf(&["id"]),
            "What to sort by",
            "По чему сортировать",
        ),
        IN_ORDER,
    ],
    help: say(
        "List the messages of a chat, the newest first",
        "Сообщения чата, сначала новые",
    ),
    example: "pachca messages list --chat_id Общий",
    endpoint: "GET /messages",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SHOW: Operation = Operation {
    noun: "messages",
    verb: "show",
    parameters: &[required(takes(
        "id",
        Takes::Number,
        "The id of the message",
        "id сообщения",
    ))],
    help: say("Show one message", "Показать сообщение"),
    example: "pachca messages show --id 256081",
    endpoint: "GET /messages/{id}",
    does: Does::Shows,
};

pub(super) const SEARCH: Operation = Operation {
    noun: "messages",
    verb: "search",
    parameters: &[
        text("query", "Words to look for", "Что искать"),
        takes(
            "sort",
            Takes::OneOf(&["created_at", "relevance"]),
            "What to sort by",
            "По чему сортировать",
        ),
        IN_ORDER,
        takes(
            "created_from",
            Takes::Moment,
            "Sent at this moment or later",
            "Отправлены не раньше этого момента",
        ),
        takes(
            "created_to",
            Takes::Moment,
            "Sent at this moment or earlier",
            "Отправлены не позже этого момента",
        ),
        many(text(
            "chat_ids",
            "Only in this chat, by id or name",
            "Только в этом чате: id или название",
        )),
        many(takes(
            "user_ids",
            Takes::Person,
            "Only by this person, by id or e-mail",
            "Только от этого сотрудника: id или e-mail",
        )),
        takes(
            "active",
            Takes::Flag,
            "Only in active chats, or only in archived ones",
            "Только в активных чатах или только в архивных",
        ),
    ],
    help: say("Search messages", "Поиск сообщений"),
    example: "pachca messages search --query доступ --chat_ids Общий --user_ids anna@example.test",
    endpoint: "GET /search/messages",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SEND: Operation = Operation {
    noun: "messages",
    verb: "send",
    parameters: &[
        takes(
            "entity_type",
            Takes::OneOf(&["discussion", "user"]),
            "A chat, unless a person is said",
            "Чат, если не указан сотрудник",
        ),
        many(required(takes(
            "entity_id",
            Takes::PersonIf {
                argument: "entity_type",
                is: "user",
            },
            "The chat by id or name, or the person by id or e-mail",
            "Чат (id или название) или сотрудник (id или e-mail)",
        ))),
        required(text("content", "The text", "Текст")),
        takes(
            "parent_message_id",
            Takes::Number,
            "The id of the message that it answers",
            "id сообщения, на которое это ответ",
        ),
        takes(
            "link_preview",
            Takes::Flag,
            "Whether the first link is shown with a picture",
            "Показать превью первой ссылки",
        ),
    ],
    help: say(
        "Send a message to people or chats",
        "Написать сотрудникам или в чаты",
    ),
    example: "pachca messages send --entity_type user --entity_id anna@example.test --content 'Добро пожаловать!'",
    endpoint: "POST /messages",
    does: Does::Writes { brakes: &[] },
};

/// Returns the single changes of a call whose names have become ids.
pub(super) fn resolve(call: &NativeCall) -> Result<Vec<NativeCall>> {
    let calls = single(call, "entity_id");
    if calls.len() > 1 && call.one("parent_message_id").is_some() {
        let message = "a message is answered in its own chat only";
        return Err(check::wrong(message, "parent_message_id"));
    }
    Ok(calls)
}

impl Pachca {
    /// Returns the newest messages of the chat that a call writes to, and which of them are ours and say the same. Where the token may
    /// not read messages it is null, and nobody can tell.
    pub(super) async fn look_at_message(&self, call: &NativeCall) -> Result<Value> {
        let may = |scope: &str| self.scopes.contains(scope);
        let id = check::id(call, "entity_id")?;
        let is_direct = call.one("entity_type") == Some("user");
        if !may("messages:read") || (is_direct && !may("chats:read")) {
            return Ok(Value::Null);
        }
        let chat = if is_direct {
            match self.api.direct_chat(&RemoteId::new(id.to_string())).await? {
                Direct::Chat(chat) => chat,
                Direct::None => return Ok(json!(Newest::default())),
                Direct::Unclear => return Ok(Value::Null),
            }
        } else {
            id
        };
        let list = NativeCall::new("messages list")
            .with("chat_id", chat.to_string())
            .with("sort", "id")
            .with("order", "desc");
        let page = self.turn(&LIST, &list, None).await?;
        let content = call.required("content")?;
        let is_same = |message: &Value| {
            let said = message.get("content").and_then(Value::as_str);
            message.get("user_id").and_then(Value::as_i64) == Some(self.api.viewer.id)
                && said.is_some_and(|said| is_same_text(said, content))
        };
        Ok(json!(Newest::of(&page.items, page.next.is_some(), is_same)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_gets_a_message_of_their_own() {
        let send = |to: &[&str]| {
            let call = NativeCall::new("messages send").with("content", "Привет");
            to.iter().fold(call, |call, id| call.with("entity_id", *id))
        };
        let calls = resolve(&send(&["9", "10", "9"])).ok();
        assert_eq!(calls, Some(vec![send(&["9"]), send(&["10"])]));
        let answer = send(&["9", "10"]).with("parent_message_id", "1");
        assert!(resolve(&answer).is_err());
    }
}
