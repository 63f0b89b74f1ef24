//! Tags, and the people of a tag.

use std::collections::BTreeSet;

use kadry_core::{Brake, Does, Look, NativeCall, Operation, Parameter, Result, fold};
use serde_json::Value;

use super::row::{many, required, say, text};
use super::{check, single, users};
use crate::Pachca;

/// The longest name, in characters. <https://dev.pachca.com/api/group-tags/create> Checked 2026-11.
const LONGEST: usize = 255;

/// Words that address everybody and so name no tag. <https://dev.pachca.com/api/group-tags/create> Checked 2026-11.
const SYSTEM_WORDS: [&str; 2] = ["here", "all"];

const COLUMNS: &[&str] = &["id", "name", "users_count"];

const ID: Parameter = required(text("id", "The tag, by id or name", "Тег: id или название"));

pub(super) const LIST: Operation = Operation {
    noun: "tags",
    verb: "list",
    parameters: &[many(text(
        "names",
        "Only the tags with exactly these names",
        "Только теги с такими названиями",
    ))],
    help: say("List tags", "Список тегов"),
    example: "pachca tags list --names Бухгалтерия",
    endpoint: "GET /group_tags",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SHOW: Operation = Operation {
    noun: "tags",
    verb: "show",
    parameters: &[ID],
    help: say("Show one tag", "Показать тег"),
    example: "pachca tags show --id Бухгалтерия",
    endpoint: "GET /group_tags/{id}",
    does: Does::Shows,
};

pub(super) const USERS: Operation = Operation {
    noun: "tags",
    verb: "users",
    parameters: &[ID],
    help: say("List all people of a tag", "Все сотрудники тега"),
    example: "pachca tags users --id Бухгалтерия",
    endpoint: "GET /group_tags/{id}/users",
    does: Does::Lists {
        columns: users::COLUMNS,
    },
};

pub(super) const CREATE: Operation = Operation {
    noun: "tags",
    verb: "create",
    parameters: &[many(required(text(
        "name",
        "The name of the new tag",
        "Название нового тега",
    )))],
    help: say("Make tags", "Создать теги"),
    example: "pachca tags create --name Бухгалтерия --name Склад",
    endpoint: "POST /group_tags",
    does: Does::Writes { brakes: &[] },
};

pub(super) const RENAME: Operation = Operation {
    noun: "tags",
    verb: "rename",
    parameters: &[ID, required(text("name", "The new name", "Новое название"))],
    help: say(
        "Rename a tag; its people and chats stay",
        "Переименовать тег; его сотрудники и чаты остаются",
    ),
    example: "pachca tags rename --id Бухгалтерия --name Финансы",
    endpoint: "PUT /group_tags/{id}",
    does: Does::Writes { brakes: &[] },
};

pub(super) const DELETE: Operation = Operation {
    noun: "tags",
    verb: "delete",
    parameters: &[many(ID)],
    help: say(
        "Delete tags for good; nobody leaves a chat by it",
        "Удалить теги навсегда; из чатов при этом никто не выходит",
    ),
    example: "pachca tags delete --id Склад",
    endpoint: "DELETE /group_tags/{id}",
    does: Does::Writes {
        brakes: &[Brake::Revoke],
    },
};

/// Returns the single changes of a call whose names have become ids.
pub(super) fn resolve(verb: &str, call: &NativeCall) -> Result<Vec<NativeCall>> {
    for name in call.all("name") {
        check::not_longer("name", name, LONGEST)?;
        if name.contains('@') || SYSTEM_WORDS.contains(&fold(name).as_str()) {
            let refused = "a tag has no @ in its name and is not called here or all";
            return Err(check::wrong(refused, "name"));
        }
    }
    Ok(match verb {
        // Names are unique whatever their case. https://dev.pachca.com/guides/tags Checked 2026-11.
        "create" => {
            let mut known = BTreeSet::new();
            let mut calls = single(call, "name");
            calls.retain(|call| known.insert(call.one("name").map(fold)));
            calls
        }
        "delete" => single(call, "id"),
        _ => vec![call.clone()],
    })
}

/// Says whether the tag is as the call wants it.
pub(super) fn stands(verb: &str, call: &NativeCall, now: &Value) -> Look {
    let name = now.get("name").and_then(Value::as_str);
    let wanted = call.one("name");
    check::found_if(match verb {
        // Names are unique whatever their case. <https://dev.pachca.com/guides/tags> Checked 2026-11.
        "create" => name.map(fold) == wanted.map(fold),
        "rename" => name.is_some() && name == wanted,
        _ => now.is_null(),
    })
}

/// Returns what takes the change back.
pub(super) fn back(
    verb: &str,
    call: &NativeCall,
    before: &Value,
    after: &Value,
) -> Option<NativeCall> {
    match verb {
        "create" if before.is_null() => {
            let id = after.get("id").and_then(Value::as_i64)?;
            Some(NativeCall::new("tags delete").with("id", id.to_string()))
        }
        "rename" => {
            let name = before.get("name").and_then(Value::as_str)?;
            let rename = NativeCall::new("tags rename").with("id", call.one("id")?);
            Some(rename.with("name", name))
        }
        _ => None,
    }
}

impl Pachca {
    /// Returns the tag that a call is about; null where there is none.
    pub(super) async fn look_at_tag(&self, verb: &str, call: &NativeCall) -> Result<Value> {
        if verb != "create" {
            let path = format!("/group_tags/{}", check::id(call, "id")?);
            return self.there(&path).await;
        }
        let name = call.required("name")?;
        let tags = self.tags_named(name).await?;
        Ok(tags.into_iter().next().unwrap_or_default())
    }

    /// Returns the tags that the platform gives for a name: one at most, names being unique.
    pub(super) async fn tags_named(&self, name: &str) -> Result<Vec<Value>> {
        let list = NativeCall::new("tags list").with("names", name);
        let page = self.turn(&LIST, &list, None).await?;
        let same = |tag: &Value| {
            let found = tag.get("name").and_then(Value::as_str);
            found.is_some_and(|found| fold(found) == fold(name))
        };
        Ok(page.items.into_iter().filter(same).collect())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use kadry_core::ErrorKind;
    use serde_json::json;

    use super::*;

    fn create(name: &str) -> NativeCall {
        NativeCall::new("tags create").with("name", name)
    }

    #[test]
    fn each_new_tag_is_a_change_of_its_own_and_no_name_breaks_the_rules() {
        let both = create("Склад").with("name", "Дизайн").with("name", "СКЛАД");
        let calls = resolve("create", &both).unwrap();
        assert_eq!(calls, [create("Склад"), create("Дизайн")]);
        for name in ["@Склад", "here", "All", &"я".repeat(256)] {
            let fault = resolve("create", &create(name)).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::Invalid, "{name}");
        }
    }

    #[test]
    fn a_tag_stands_under_its_name() {
        let tag = json!({"id": 5, "name": "Склад"});
        assert_eq!(stands("create", &create("склад"), &tag), Look::Found);
        assert_eq!(
            stands("create", &create("склад"), &Value::Null),
            Look::Absent
        );
        let rename = NativeCall::new("tags rename").with("id", "5");
        let same = rename.clone().with("name", "Склад");
        assert_eq!(stands("rename", &same, &tag), Look::Found);
        let other = rename.with("name", "СКЛАД");
        assert_eq!(stands("rename", &other, &tag), Look::Absent);
        assert_eq!(stands("rename", &other, &Value::Null), Look::Absent);
        assert_eq!(stands("delete", &other, &tag), Look::Absent);
        assert_eq!(stands("delete", &other, &Value::Null), Look::Found);
    }

    #[test]
    fn a_rename_goes_back_to_the_old_name_and_only_what_was_made_is_deleted() {
        let tag = json!({"id": 5, "name": "Склад"});
        let rename = NativeCall::new("tags rename").with("id", "5");
        let there = rename.clone().with("name", "Логистика");
        let undo = back("rename", &there, &tag, &Value::Null);
        assert_eq!(undo, Some(rename.with("name", "Склад")));
        let undo = back("create", &create("Склад"), &Value::Null, &tag);
        assert_eq!(undo.unwrap().to_string(), "tags delete --id 5");
        assert_eq!(back("create", &create("Склад"), &tag, &tag), None);
        let delete = NativeCall::new("tags delete").with("id", "5");
        assert_eq!(back("delete", &delete, &tag, &Value::Null), None);
    }
}
