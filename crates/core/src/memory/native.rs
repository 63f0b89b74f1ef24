//! What only the platform in memory has: tags that are called as somebody likes, badges that people wear, and notes on a board.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::provider::Memory;
use super::tree;
use super::world::World;
use crate::brake::Brake;
use crate::employee::{EmployeeRef, RemoteId};
use crate::error::{Error, ErrorKind, Repeat, Result};
use crate::fold::fold;
use crate::grant::{KindName, Offer};
use crate::native::{
    Back, Does, Native, NativeCall, Operation, Parameter, Sentence, Takes, Thing, Tree,
};
use crate::page::{Cursor, Page};
use crate::provider::{EmployeeProvider as _, Look};

/// The operations of the platform in memory.
pub static OPERATIONS: &[Operation] = &[
    Operation {
        noun: "tags",
        verb: "list",
        parameters: &[NAME_FILTER],
        help: said("List the tags", "Перечислить теги"),
        example: "memory tags list --name Юг",
        endpoint: "GET /tags",
        does: Does::Lists {
            columns: &["id", "name"],
        },
    },
    Operation {
        noun: "tags",
        verb: "show",
        parameters: &[TAG],
        help: said("Show one tag", "Показать один тег"),
        example: "memory tags show --id Юг",
        endpoint: "GET /tags/{id}",
        does: Does::Shows,
    },
    Operation {
        noun: "tags",
        verb: "create",
        parameters: &[NAMES],
        help: said("Make tags", "Создать теги"),
        example: "memory tags create --name Юг --name Север",
        endpoint: "POST /tags",
        does: Does::Writes { brakes: &[] },
    },
    Operation {
        noun: "tags",
        verb: "rename",
        parameters: &[TAG, NAME],
        help: said("Give a tag another name", "Переименовать тег"),
        example: "memory tags rename --id Юг --name Север",
        endpoint: "PUT /tags/{id}",
        does: Does::Writes { brakes: &[] },
    },
    Operation {
        noun: "tags",
        verb: "delete",
        parameters: &[TAGS],
        help: said("Remove tags", "Удалить теги"),
        example: "memory tags delete --id Юг",
        endpoint: "DELETE /tags/{id}",
        does: Does::Writes {
            brakes: &[Brake::Revoke],
        },
    },
    Operation {
        noun: "badges",
        verb: "set",
        parameters: &[USER, BADGE],
        help: said("Give people a badge", "Выдать людям значок"),
        example: "memory badges set --user_id anna@example.test --badge gold",
        endpoint: "PUT /users/{id}/badge",
        does: Does::Writes {
            brakes: &[Brake::Grant],
        },
    },
    Operation {
        noun: "badges",
        verb: "clear",
        parameters: &[USER],
        help: said("Take the badge of people", "Забрать у людей значок"),
        example: "memory badges clear --user_id anna@example.test",
        endpoint: "DELETE /users/{id}/badge",
        does: Does::Writes {
            brakes: &[Brake::Revoke],
        },
    },
    Operation {
        noun: "notes",
        verb: "post",
        parameters: &[TEXT],
        help: said("Put a note on the board", "Повесить записку на доску"),
        example: "memory notes post --text Привет",
        endpoint: "POST /notes",
        does: Does::Writes { brakes: &[] },
    },
    Operation {
        noun: "notes",
        verb: "delete",
        parameters: &[NOTE],
        help: said("Take a note off the board", "Снять записку с доски"),
        example: "memory notes delete --id 7",
        endpoint: "DELETE /notes/{id}",
        does: Does::Writes { brakes: &[] },
    },
    tree::CREATE,
    tree::CHANGE,
    tree::DELETE,
];

pub(super) const fn said(en: &'static str, ru: &'static str) -> Sentence {
    Sentence { en, ru }
}

pub(super) const NAME: Parameter = Parameter {
    name: "name",
    takes: Takes::Text,
    required: true,
    many: false,
    help: said("The name", "Название"),
};

const NAMES: Parameter = Parameter { many: true, ..NAME };

const NAME_FILTER: Parameter = Parameter {
    required: false,
    ..NAME
};

const TAG: Parameter = Parameter {
    name: "id",
    takes: Takes::Text,
    required: true,
    many: false,
    help: said("The tag: its id or its name", "Тег: id или название"),
};

const TAGS: Parameter = Parameter { many: true, ..TAG };

const USER: Parameter = Parameter {
    name: "user_id",
    takes: Takes::Person,
    required: true,
    many: true,
    help: said("Who", "Кто"),
};

const BADGE: Parameter = Parameter {
    name: "badge",
    takes: Takes::OneOf(&["gold", "silver"]),
    required: true,
    many: false,
    help: said("Which badge", "Какой значок"),
};

const TEXT: Parameter = Parameter {
    name: "text",
    takes: Takes::Text,
    required: true,
    many: false,
    help: said("What it says", "Что на ней написано"),
};

const NOTE: Parameter = Parameter {
    name: "id",
    takes: Takes::Number,
    required: true,
    many: false,
    help: said("The note", "Записка"),
};

#[async_trait]
impl Native for Memory {
    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    async fn read(&self, call: &NativeCall, from: Option<&Cursor>) -> Result<Page<Value>> {
        match call.operation.as_str() {
            "tags list" => {
                let wanted = call.one("name").map(fold).unwrap_or_default();
                self.read(|world| {
                    let named = |tag: &&Offer| fold(&tag.name).contains(&wanted);
                    let rows = tags(world).iter().filter(named).map(shown).collect();
                    Ok(Self::page_of(rows, from))
                })
            }
            "tags show" => {
                let typed = call.required("id")?;
                let tag = self.read(|world| the_tag(world, typed).map(shown))?;
                Ok(Page::last(vec![tag]))
            }
            _ => Err(unknown(call)),
        }
    }

    async fn resolve(&self, call: &NativeCall) -> Result<Vec<NativeCall>> {
        let single = |name: &str, value: &str| {
            let mut single = call.clone();
            single.arguments.remove(name);
            single.with(name, value)
        };
        match call.operation.as_str() {
            "tags create" => Ok(call
                .all("name")
                .iter()
                .map(|name| single("name", name))
                .collect()),
            "tags rename" | "tags delete" => self.read(|world| {
                let of = |typed: &String| Ok(single("id", the_tag(world, typed)?.id.as_str()));
                call.all("id").iter().map(of).collect()
            }),
            "badges set" | "badges clear" | "notes post" | "notes delete" => Ok(vec![call.clone()]),
            _ if tree::is_about_units(call) => Ok(vec![call.clone()]),
            _ => Err(unknown(call)),
        }
    }

    async fn look(&self, call: &NativeCall) -> Result<Value> {
        self.read(|world| Ok(seen(world, call)))
    }

    fn thing(&self, call: &NativeCall) -> String {
        match (call.operation.as_str(), call.one("id")) {
            ("tags rename" | "tags delete", Some(id)) => format!("tag {id}"),
            _ => call.to_string(),
        }
    }

    /// Whoever has a tag loses it with the tag.
    async fn concerns(&self, call: &NativeCall) -> Result<Vec<EmployeeRef>> {
        if call.operation != "tags delete" {
            return Ok(Vec::new());
        }
        let id = RemoteId::new(call.required("id")?);
        self.read(|world| Ok(world.bearing(&KindName::TAG, &id, self.capability())))
    }

    fn stands(&self, call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
        let stands = match call.operation.as_str() {
            "tags create" => !now.is_null(),
            "tags rename" => now["name"].as_str() == call.one("name"),
            "badges set" => now.as_str() == call.one("badge"),
            "tags delete" | "badges clear" | "notes delete" => now.is_null(),
            // Two notes may say the same: only what was not there before is ours.
            "notes post" => before.is_some_and(|before| new_note(before, now).is_some()),
            _ if tree::is_about_units(call) => return tree::stands(call, before, now),
            _ => return Look::CannotTell,
        };
        if stands { Look::Found } else { Look::Absent }
    }

    /// Whoever signs does so with their badge.
    fn takes_signing(&self, call: &NativeCall, _now: Option<&Value>) -> bool {
        call.operation == "badges clear"
    }

    async fn write(&self, call: &NativeCall) -> Result<Value> {
        let repeat = match call.operation.as_str() {
            "tags create" | "notes post" => Repeat::Once,
            _ if tree::is_about_units(call) => tree::repeat(call),
            _ => Repeat::Safe,
        };
        self.write("native", repeat, |world| change(world, call))
            .await
    }

    fn back(&self, call: &NativeCall, before: &Value, after: &Value) -> Back {
        back(call, before, after).into()
    }

    fn tree(&self) -> Option<&dyn Tree> {
        let has_units = self.capability().kind(&KindName::UNIT).is_some();
        has_units.then_some(self)
    }
}

/// Returns the call that takes a single change back.
fn back(call: &NativeCall, before: &Value, after: &Value) -> Option<NativeCall> {
    let of =
        |operation: &str, name: &str| Some(NativeCall::new(operation).with(name, call.one(name)?));
    match call.operation.as_str() {
        "tags create" => Some(NativeCall::new("tags delete").with("id", after["id"].as_str()?)),
        "tags rename" => Some(of("tags rename", "id")?.with("name", before["name"].as_str()?)),
        "badges set" | "badges clear" => match before.as_str() {
            Some(badge) => Some(of("badges set", "user_id")?.with("badge", badge)),
            None => of("badges clear", "user_id"),
        },
        "notes post" => {
            let id = after["id"].as_str().or_else(|| new_note(before, after))?;
            Some(NativeCall::new("notes delete").with("id", id))
        }
        _ => tree::back(call, before, after),
    }
}

/// What a call is about, as it is now.
fn seen(world: &World, call: &NativeCall) -> Value {
    let by_id = |id: &str| tags(world).iter().find(|tag| tag.id.as_str() == id);
    match call.operation.as_str() {
        "tags create" => {
            let name = call.one("name").map(fold);
            let tag = tags(world).iter().find(|tag| Some(fold(&tag.name)) == name);
            tag.map_or(Value::Null, shown)
        }
        "tags rename" | "tags delete" => {
            let tag = call.one("id").and_then(by_id);
            tag.map_or(Value::Null, shown)
        }
        "badges set" | "badges clear" => {
            let who = call.one("user_id").map(RemoteId::new);
            let badge = who.and_then(|who| world.badges.get(&who));
            badge.map_or(Value::Null, |badge| badge.as_str().into())
        }
        "notes post" => {
            let text = call.one("text").unwrap_or_default();
            let alike = world.notes.iter().filter(|(_, said)| said == text);
            alike.map(|(id, _)| id.as_str()).collect()
        }
        "notes delete" => {
            let id = call.one("id").unwrap_or_default();
            let note = world.notes.iter().find(|(note, _)| note.as_str() == id);
            note.map_or(Value::Null, |(_, said)| said.as_str().into())
        }
        _ if tree::is_about_units(call) => tree::seen(world, call),
        _ => Value::Null,
    }
}

/// Makes a single change.
fn change(world: &mut World, call: &NativeCall) -> Result<Value> {
    match call.operation.as_str() {
        "tags create" => make_tag(world, call.required("name")?),
        "tags rename" => {
            let (id, name) = (call.required("id")?, call.required("name")?);
            let missing = no_tag(world, id);
            let mut all = world.offers.entry(KindName::TAG).or_default().iter_mut();
            let tag = all.find(|tag| tag.id.as_str() == id).ok_or(missing)?;
            name.clone_into(&mut tag.name);
            tag.path = vec![name.to_owned()];
            Ok(shown(tag))
        }
        "tags delete" => {
            let id = call.required("id")?;
            let all = world.offers.entry(KindName::TAG).or_default();
            all.retain(|tag| tag.id.as_str() != id);
            Ok(Value::Null)
        }
        "badges set" => {
            let who = RemoteId::new(call.required("user_id")?);
            let badge = call.required("badge")?.to_owned();
            world.badges.insert(who, badge.clone());
            Ok(badge.into())
        }
        "badges clear" => {
            world
                .badges
                .remove(&RemoteId::new(call.required("user_id")?));
            Ok(Value::Null)
        }
        "notes post" => {
            let (id, text) = (world.fresh_id(), call.required("text")?.to_owned());
            world.notes.push((id.clone(), text));
            Ok(json!({ "id": id.as_str() }))
        }
        "notes delete" => {
            let id = call.required("id")?;
            world.notes.retain(|(note, _)| note.as_str() != id);
            Ok(Value::Null)
        }
        _ if tree::is_about_units(call) => tree::change(world, call),
        _ => Err(unknown(call)),
    }
}

fn make_tag(world: &mut World, name: &str) -> Result<Value> {
    let exists = tags(world).iter().any(|tag| fold(&tag.name) == fold(name));
    if exists {
        return Err(Error::new(ErrorKind::Conflict, "a tag of this name exists"));
    }
    let tag = Offer {
        id: world.fresh_id(),
        name: name.to_owned(),
        path: vec![name.to_owned()],
        holders: None,
        owner: None,
        through: Vec::new(),
    };
    let row = shown(&tag);
    world.offers.entry(KindName::TAG).or_default().push(tag);
    Ok(row)
}

fn tags(world: &World) -> &[Offer] {
    world.offers.get(&KindName::TAG).map_or(&[], Vec::as_slice)
}

fn shown(tag: &Offer) -> Value {
    json!({ "id": tag.id.as_str(), "name": tag.name })
}

/// The tag of this id, else the one of this name.
fn the_tag<'a>(world: &'a World, typed: &str) -> Result<&'a Offer> {
    let mut all = tags(world).iter();
    if let Some(tag) = all.find(|tag| tag.id.as_str() == typed) {
        return Ok(tag);
    }
    let named = tags(world)
        .iter()
        .filter(|tag| fold(&tag.name) == fold(typed));
    match named.collect::<Vec<_>>().as_slice() {
        [tag] => Ok(tag),
        [] => Err(no_tag(world, typed)),
        several => Err(THE_TAG.several(typed, several.iter().map(|tag| &tag.id))),
    }
}

/// The id of the one note that is on the board now and was not before.
fn new_note<'a>(before: &Value, now: &'a Value) -> Option<&'a str> {
    let was = |id: &Value| before.as_array().is_some_and(|all| all.contains(id));
    let mut new = now.as_array()?.iter().filter(|id| !was(id));
    let first = new.next()?;
    if new.next().is_some() {
        return None;
    }
    first.as_str()
}

/// What the name of a tag names.
const THE_TAG: Thing<'static> = Thing {
    kind: "tag",
    list: "memory tags list",
};

fn no_tag(world: &World, typed: &str) -> Error {
    THE_TAG.none(typed, tags(world).iter().map(|tag| tag.name.as_str()))
}

fn unknown(call: &NativeCall) -> Error {
    Error::new(ErrorKind::Unsupported, "no such operation").with("operation", &call.operation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::capable;
    use crate::page::every;
    use crate::provider::ProviderId;

    fn tags(names: &[&str]) -> Memory {
        let memory = Memory::new(ProviderId::new("memory"), capable());
        for name in names {
            memory.offer(&KindName::TAG, &[name]);
        }
        memory
    }

    #[tokio::test]
    async fn a_list_is_filtered_and_comes_page_by_page() -> Result<()> {
        let memory = tags(&["Юг", "Юго-Запад", "Север", "Юго-Восток"]);
        let call = NativeCall::new("tags list").with("name", "юг");
        let memory: &dyn Native = &memory;
        let rows = every(async |from| memory.read(&call, from.as_ref()).await).await?;
        let names: Vec<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
        assert_eq!(names, ["Юг", "Юго-Запад", "Юго-Восток"]);
        Ok(())
    }

    #[tokio::test]
    async fn a_name_becomes_an_id_and_many_become_single_changes() -> Result<()> {
        let memory = tags(&["Юг", "Север", "север"]);
        let delete = |name: &str| NativeCall::new("tags delete").with("id", name);
        let both = delete("1").with("id", "Юг");
        assert_eq!(memory.resolve(&both).await?, [delete("1"), delete("1")]);
        for (name, kind) in [
            ("Восток", ErrorKind::NotFound),
            ("Север", ErrorKind::Conflict),
        ] {
            let error = memory.resolve(&delete(name)).await.err();
            assert_eq!(error.map(|error| error.kind()), Some(kind));
        }
        Ok(())
    }
}
