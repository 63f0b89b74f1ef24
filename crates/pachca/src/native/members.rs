//! Who is in a chat, and the tags that bring people in.

use futures::future::try_join_all;
use kadry_core::{
    Back, Brake, Cursor, Does, Error, ErrorKind, Look, NativeCall, Operation, Parameter, Result,
    Takes, every_page, fold,
};
use serde_json::{Value, json};

use super::row::{WHOM, many, required, say, takes, text};
use super::{check, names, single, users};
use crate::Pachca;

/// The roles that can be given in a chat. <https://dev.pachca.com/api/members/update> Checked 2026-11.
const ROLES: &[&str] = &["admin", "editor", "member"];

const ID: Parameter = required(text(
    "id",
    "The chat, by id or name",
    "Чат: id или название",
));

pub(super) const LIST: Operation = Operation {
    noun: "members",
    verb: "list",
    parameters: &[
        ID,
        takes(
            "role",
            Takes::OneOf(&["all", "owner", "admin", "editor", "member"]),
            "Only members with this role in the chat",
            "Только участники с этой ролью в чате",
        ),
    ],
    help: say(
        "List the active members of a chat",
        "Активные участники чата",
    ),
    example: "pachca members list --id Общий --role admin",
    endpoint: "GET /chats/{id}/members",
    does: Does::Lists {
        columns: users::COLUMNS,
    },
};

pub(super) const ADD: Operation = Operation {
    noun: "members",
    verb: "add",
    parameters: &[
        ID,
        many(required(takes(
            "member_ids",
            Takes::Person,
            "Who comes in, by id or e-mail",
            "Кого добавить: id или e-mail",
        ))),
        takes(
            "silent",
            Takes::Flag,
            "Whether the chat is told nothing",
            "Не писать об этом в чат",
        ),
    ],
    help: say("Put people into a chat", "Добавить сотрудников в чат"),
    example: "pachca members add --id Общий --member_ids anna@example.test --silent true",
    endpoint: "POST /chats/{id}/members",
    does: Does::Writes {
        brakes: &[Brake::Grant],
    },
};

pub(super) const REMOVE: Operation = Operation {
    noun: "members",
    verb: "remove",
    parameters: &[ID, WHOM],
    help: say(
        "Take people out of a chat; whom a tag holds there stays",
        "Исключить сотрудников из чата; кого держит тег, тот останется",
    ),
    example: "pachca members remove --id Общий --user_id anna@example.test",
    endpoint: "DELETE /chats/{id}/members/{user_id}",
    does: Does::Writes {
        brakes: &[Brake::Revoke],
    },
};

pub(super) const SET_ROLE: Operation = Operation {
    noun: "members",
    verb: "set-role",
    parameters: &[
        ID,
        WHOM,
        required(takes(
            "role",
            Takes::OneOf(ROLES),
            "The role in the chat; editor is for channels",
            "Роль в чате; editor бывает только в каналах",
        )),
    ],
    help: say(
        "Give members of a chat another role in it",
        "Сменить роль участников чата",
    ),
    example: "pachca members set-role --id Общий --user_id anna@example.test --role admin",
    endpoint: "PUT /chats/{id}/members/{user_id}",
    // The role that they had is taken.
    does: Does::Writes {
        brakes: &[Brake::Grant, Brake::Revoke],
    },
};

pub(super) const ADD_TAGS: Operation = Operation {
    noun: "members",
    verb: "add-tags",
    parameters: &[
        ID,
        many(required(text(
            "group_tag_ids",
            "The tag, by id or name",
            "Тег: id или название",
        ))),
    ],
    help: say(
        "Put all people of tags into a chat, now and later",
        "Добавить в чат всех сотрудников тегов, и будущих тоже",
    ),
    example: "pachca members add-tags --id Общий --group_tag_ids Бухгалтерия",
    endpoint: "POST /chats/{id}/group_tags",
    does: Does::Writes {
        brakes: &[Brake::Grant],
    },
};

pub(super) const REMOVE_TAGS: Operation = Operation {
    noun: "members",
    verb: "remove-tags",
    parameters: &[
        ID,
        many(required(text(
            "tag_id",
            "The tag, by id or name",
            "Тег: id или название",
        ))),
    ],
    help: say(
        "Take tags off a chat; their people leave soon after",
        "Отвязать теги от чата; их сотрудники вскоре выйдут",
    ),
    example: "pachca members remove-tags --id Общий --tag_id Бухгалтерия",
    endpoint: "DELETE /chats/{id}/group_tags/{tag_id}",
    does: Does::Writes {
        brakes: &[Brake::Revoke],
    },
};

/// Returns the single changes of a call whose names have become ids: one unknown person or tag would fail a whole request.
/// <https://dev.pachca.com/api/members/add> Checked 2026-11.
pub(super) fn resolve(verb: &str, call: &NativeCall) -> Vec<NativeCall> {
    single(
        call,
        match verb {
            "add" => "member_ids",
            "add-tags" => "group_tag_ids",
            "remove-tags" => "tag_id",
            _ => "user_id",
        },
    )
}

/// Says whether the membership is as the call wants it.
pub(super) fn stands(verb: &str, call: &NativeCall, now: &Value) -> Look {
    let comes = matches!(verb, "add" | "add-tags");
    if now.is_null() {
        return check::found_if(!comes && verb != "set-role");
    }
    if verb == "set-role" {
        return match now.get("role") {
            Some(role) => check::found_if(role.as_str() == call.one("role")),
            None => Look::CannotTell,
        };
    }
    match now.get("inside").and_then(Value::as_bool) {
        Some(inside) => check::found_if(inside == comes),
        None => Look::CannotTell,
    }
}

/// Returns what takes the change back. Somebody who comes back is an ordinary member at first.
pub(super) fn back(verb: &str, call: &NativeCall, before: &Value) -> Back {
    let was_inside = before.get("inside").and_then(Value::as_bool);
    let other = |operation: &str, from: &str, to: &str| {
        let other = NativeCall::new(operation).with("id", call.one("id")?);
        Some(other.with(to, call.one(from)?))
    };
    let with_role = |role: &str| {
        let set = other("members set-role", "user_id", "user_id")?;
        Some(set.with("role", role))
    };
    let role = before.get("role").and_then(Value::as_str);
    match (verb, was_inside) {
        ("add", Some(false)) => other("members remove", "member_ids", "user_id").into(),
        ("remove", Some(true)) => {
            let role = role.filter(|role| ["admin", "editor"].contains(role));
            Back::from(other("members add", "user_id", "member_ids")).then(role.and_then(with_role))
        }
        ("add-tags", Some(false)) => other("members remove-tags", "group_tag_ids", "tag_id").into(),
        ("remove-tags", Some(true)) => other("members add-tags", "tag_id", "group_tag_ids").into(),
        // Whoever was not in when it was planned came in as an ordinary member.
        ("set-role", _) if before.get("role").is_some_and(Value::is_null) => {
            with_role("member").into()
        }
        ("set-role", _) => role
            .filter(|role| ROLES.contains(role))
            .and_then(with_role)
            .into(),
        _ => Back::default(),
    }
}

/// Returns what speaks against a change that was not sent yet: the platform says yes to it and does nothing.
/// <https://dev.pachca.com/api/members/remove> Checked 2026-11.
pub(super) fn refuses(verb: &str, call: &NativeCall, now: &Value) -> Option<Error> {
    let chat = call.one("id").unwrap_or_default();
    if now.is_null() {
        return Some(names::CHAT.none(chat, []));
    }
    let held = now.get("through").and_then(Value::as_array)?;
    if verb != "remove" || held.is_empty() {
        return None;
    }
    let text = |tag: &Value, name: &str| match tag.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let told = held
        .iter()
        .map(|tag| format!("{} ({})", text(tag, "name"), text(tag, "id")));
    let take_off = NativeCall::new("members remove-tags").with("id", chat);
    let take_off = held
        .iter()
        .fold(take_off, |call, tag| call.with("tag_id", text(tag, "id")));
    let message = "a tag of the chat holds the person in it";
    let error = Error::new(ErrorKind::Conflict, message)
        .with("held.by", told.collect::<Vec<_>>().join(", "))
        .with("see", format!("pachca {take_off}"));
    Some(error.with("user.id", call.one("user_id").unwrap_or_default()))
}

impl Pachca {
    /// Returns whether somebody or a tag is in a chat, and where it is asked for the role there; null where there is no such chat.
    pub(super) async fn look_at_member(&self, verb: &str, call: &NativeCall) -> Result<Value> {
        let chat = check::id(call, "id")?;
        let shown = self.there(&format!("/chats/{chat}")).await?;
        if shown.is_null() {
            return Ok(shown);
        }
        let (list, name) = match verb {
            "add" => ("member_ids", "member_ids"),
            "add-tags" => ("group_tag_ids", "group_tag_ids"),
            "remove-tags" => ("group_tag_ids", "tag_id"),
            _ => ("member_ids", "user_id"),
        };
        let id = check::id(call, name)?;
        let holds = |list: &Vec<Value>| list.iter().any(|held| held.as_i64() == Some(id));
        let inside = shown.get(list).and_then(Value::as_array).map(holds);
        Ok(match verb {
            "set-role" => self.role_in(chat, id, inside, &shown).await?,
            // Suspended people are left out of the members although they stay members.
            // https://dev.pachca.com/api/members/list Checked 2026-11.
            "remove" if inside == Some(false) && self.is_suspended(id).await? => {
                json!({ "inside": null })
            }
            "remove" if inside == Some(true) => {
                let through = self.held_through(id, &shown).await?;
                let mut seen = self.role_in(chat, id, inside, &shown).await?;
                if let Some(members) = seen.as_object_mut() {
                    members.insert("inside".to_owned(), true.into());
                    members.insert("through".to_owned(), Value::Array(through));
                }
                seen
            }
            _ => json!({ "inside": inside }),
        })
    }

    async fn is_suspended(&self, user: i64) -> Result<bool> {
        let user = self.there(&format!("/users/{user}")).await?;
        Ok(user.get("suspended") == Some(&Value::Bool(true)))
    }

    /// Returns the tags of a chat that somebody has: as long as one of them is tied to it, they stay in.
    async fn held_through(&self, user: i64, shown: &Value) -> Result<Vec<Value>> {
        let tied = shown.get("group_tag_ids").and_then(Value::as_array);
        let Some(tied) = tied.filter(|tied| !tied.is_empty()) else {
            return Ok(Vec::new());
        };
        let user = self.there(&format!("/users/{user}")).await?;
        let has = |name: &str| {
            let tags = user.get("list_tags").and_then(Value::as_array);
            let mut tags = tags.into_iter().flatten().filter_map(Value::as_str);
            tags.any(|tag| fold(tag) == fold(name))
        };
        let tags = tied.iter().filter_map(Value::as_i64);
        let tags = tags.map(|id| async move { self.there(&format!("/group_tags/{id}")).await });
        let tags = try_join_all(tags).await?.into_iter();
        let held = tags.filter_map(|tag| {
            let name = tag.get("name").and_then(Value::as_str)?;
            has(name).then(|| json!({ "id": tag.get("id"), "name": name }))
        });
        Ok(held.collect())
    }

    /// Returns the role of somebody in a chat, which no answer tells: it can only be asked for.
    /// <https://dev.pachca.com/api/members/list> Checked 2026-11.
    async fn role_in(
        &self,
        chat: i64,
        user: i64,
        inside: Option<bool>,
        shown: &Value,
    ) -> Result<Value> {
        if shown.get("owner_id").and_then(Value::as_i64) == Some(user) {
            return Ok(json!({ "role": "owner" }));
        }
        if inside == Some(false) {
            return Ok(if self.is_suspended(user).await? {
                json!({})
            } else {
                json!({ "role": null })
            });
        }
        let is_channel = shown.get("channel") != Some(&Value::Bool(false));
        let asked = if is_channel {
            &["admin", "editor"][..]
        } else {
            &["admin"]
        };
        for role in asked {
            if self.has_role(chat, user, role).await? {
                return Ok(json!({ "role": role }));
            }
        }
        Ok(json!({ "role": "member" }))
    }

    async fn has_role(&self, chat: i64, user: i64, role: &str) -> Result<bool> {
        let list = NativeCall::new("members list")
            .with("id", chat.to_string())
            .with("role", role);
        let list = &list;
        let mut has = false;
        let page =
            |from: Option<Cursor>| async move { self.turn(&LIST, list, from.as_ref()).await };
        every_page(page, |members: Vec<Value>| {
            let is_them = |member: &Value| member.get("id").and_then(Value::as_i64) == Some(user);
            has |= members.iter().any(is_them);
        })
        .await?;
        Ok(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(verb: &str, name: &str) -> NativeCall {
        NativeCall::new(format!("members {verb}"))
            .with("id", "5")
            .with(name, "9")
    }

    #[test]
    fn each_person_and_each_tag_is_a_change_of_its_own() {
        let two = of("add", "member_ids")
            .with("member_ids", "10")
            .with("silent", "true");
        let calls = resolve("add", &two);
        assert_eq!(
            calls,
            [
                of("add", "member_ids").with("silent", "true"),
                NativeCall::new("members add")
                    .with("id", "5")
                    .with("member_ids", "10")
                    .with("silent", "true"),
            ]
        );
        for (verb, name) in [
            ("remove", "user_id"),
            ("set-role", "user_id"),
            ("add-tags", "group_tag_ids"),
            ("remove-tags", "tag_id"),
        ] {
            assert_eq!(
                resolve(verb, &of(verb, name).with(name, "10")).len(),
                2,
                "{verb}"
            );
        }
    }

    #[test]
    fn a_membership_stands_by_who_is_inside() {
        let (yes, no, hidden) = (
            json!({"inside": true}),
            json!({"inside": false}),
            json!({"inside": null}),
        );
        for (verb, comes) in [
            ("add", true),
            ("add-tags", true),
            ("remove", false),
            ("remove-tags", false),
        ] {
            let call = of(verb, "user_id");
            assert_eq!(stands(verb, &call, &yes), check::found_if(comes), "{verb}");
            assert_eq!(stands(verb, &call, &no), check::found_if(!comes), "{verb}");
            assert_eq!(stands(verb, &call, &hidden), Look::CannotTell, "{verb}");
            assert_eq!(
                stands(verb, &call, &Value::Null),
                check::found_if(!comes),
                "{verb}"
            );
        }
        let admin = of("set-role", "user_id").with("role", "admin");
        assert_eq!(
            stands("set-role", &admin, &json!({"role": "admin"})),
            Look::Found
        );
        assert_eq!(
            stands("set-role", &admin, &json!({"role": "member"})),
            Look::Absent
        );
        assert_eq!(
            stands("set-role", &admin, &json!({"role": null})),
            Look::Absent
        );
        assert_eq!(stands("set-role", &admin, &json!({})), Look::CannotTell);
        assert_eq!(stands("set-role", &admin, &Value::Null), Look::Absent);
    }

    #[test]
    fn coming_and_going_take_each_other_back() {
        let (yes, no) = (json!({"inside": true}), json!({"inside": false}));
        let undo = |verb: &str, name: &str, before: &Value| back(verb, &of(verb, name), before);
        for (verb, name, was, other, to) in [
            ("add", "member_ids", &no, "remove", "user_id"),
            ("remove", "user_id", &yes, "add", "member_ids"),
            ("add-tags", "group_tag_ids", &no, "remove-tags", "tag_id"),
            ("remove-tags", "tag_id", &yes, "add-tags", "group_tag_ids"),
        ] {
            assert_eq!(undo(verb, name, was), of(other, to).into(), "{verb}");
        }
        assert_eq!(undo("add", "member_ids", &yes), Back::default());
        assert_eq!(undo("remove", "user_id", &no), Back::default());
    }

    #[test]
    fn whoever_comes_back_gets_the_old_role() {
        let role = |role: &str| of("set-role", "user_id").with("role", role);
        let before = |role: &str| json!({"inside": true, "role": role, "through": []});
        let remove = of("remove", "user_id");
        let add = Back::from(of("add", "member_ids"));
        let undo = |role: &str| back("remove", &remove, &before(role));
        assert_eq!(undo("member"), add);
        assert_eq!(undo("admin"), add.clone().then(Some(role("admin"))));
        assert_eq!(undo("editor"), add.then(Some(role("editor"))));
        let set = |was: Value| back("set-role", &role("admin"), &json!({ "role": was }));
        assert_eq!(set(json!("member")), role("member").into());
        assert_eq!(set(json!("owner")), Back::default());
        assert_eq!(set(Value::Null), role("member").into());
    }

    #[test]
    fn whom_a_tag_holds_there_is_not_removed_and_the_tag_is_named() {
        let remove = of("remove", "user_id");
        let now = |through: Value| json!({"inside": true, "role": "member", "through": through});
        assert!(refuses("remove", &remove, &now(json!([]))).is_none());
        let held = now(json!([{"id": 7, "name": "Бухгалтерия"}]));
        let error = refuses("remove", &remove, &held);
        let told = error
            .map(|error| error.context().to_vec())
            .unwrap_or_default();
        assert!(told.contains(&("held.by", "Бухгалтерия (7)".to_owned())));
        let command = "pachca members remove-tags --id 5 --tag_id 7".to_owned();
        assert!(told.contains(&("see", command)));
    }
}
