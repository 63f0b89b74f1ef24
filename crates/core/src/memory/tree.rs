//! The units of the platform in memory as a tree that can be given another shape.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::native::{NAME, said};
use super::provider::Memory;
use super::world::World;
use crate::capability::Support;
use crate::employee::{Known, RemoteId};
use crate::error::{Error, ErrorKind, Repeat, Result};
use crate::fold::fold;
use crate::grant::{KindName, Offer};
use crate::native::{
    Above, Branch, Does, NativeCall, Operation, Parameter, Reshape, Takes, Tree, TreeRules,
};
use crate::provider::Look;

/// Makes a unit.
pub(super) const CREATE: Operation = Operation {
    noun: "units",
    verb: "create",
    parameters: &[NAME, ABOVE, EXTERNAL_ID],
    help: said("Make a unit", "Создать отдел"),
    example: "memory units create --name Склад --above 7",
    endpoint: "POST /units",
    does: Does::Writes { brakes: &[] },
};

/// Changes a unit.
pub(super) const CHANGE: Operation = Operation {
    noun: "units",
    verb: "change",
    parameters: &[
        UNIT,
        Parameter {
            required: false,
            ..NAME
        },
        ABOVE,
        EXTERNAL_ID,
    ],
    help: said(
        "Rename or move a unit",
        "Переименовать или переместить отдел",
    ),
    example: "memory units change --id 7 --name Склад",
    endpoint: "PUT /units/{id}",
    does: Does::Writes { brakes: &[] },
};

/// Removes a unit.
pub(super) const DELETE: Operation = Operation {
    noun: "units",
    verb: "delete",
    parameters: &[UNIT],
    help: said("Remove an empty unit", "Удалить пустой отдел"),
    example: "memory units delete --id 7",
    endpoint: "DELETE /units/{id}",
    does: Does::Writes { brakes: &[] },
};

const UNIT: Parameter = Parameter {
    name: "id",
    help: said("The unit", "Отдел"),
    ..NAME
};

const ABOVE: Parameter = Parameter {
    name: "above",
    takes: Takes::Text,
    required: false,
    many: false,
    help: said("The unit above", "Вышестоящий отдел"),
};

const EXTERNAL_ID: Parameter = Parameter {
    name: "external_id",
    help: said(
        "The id of it in your system",
        "Идентификатор в вашей системе",
    ),
    ..ABOVE
};

/// Reports whether a call is about units.
pub(super) fn is_about_units(call: &NativeCall) -> bool {
    call.operation.starts_with("units ")
}

/// Returns what a call is about: the unit, or for one that is made those of its name at its place.
pub(super) fn seen(world: &World, call: &NativeCall) -> Value {
    let all = branches(world);
    let Some(id) = call.one("id") else {
        let is_it = |unit: &&Branch| {
            fold(&unit.name) == fold(call.one("name").unwrap_or_default())
                && unit.above.as_ref().map(RemoteId::as_str) == call.one("above")
        };
        return all
            .iter()
            .filter(is_it)
            .map(|unit| unit.row.clone())
            .collect();
    };
    let unit = all.into_iter().find(|unit| unit.id.as_str() == id);
    unit.map_or(Value::Null, |unit| unit.row)
}

/// Says whether what a call leads to is there.
pub(super) fn stands(call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
    let holds = |name: &str| {
        let asked = call.one(name);
        asked.is_none_or(|asked| now[name].as_str() == Some(asked))
    };
    let stands = match call.operation.as_str() {
        "units create" => {
            let count = |rows: &Value| rows.as_array().map_or(0, Vec::len);
            count(now) > before.map_or(0, count)
        }
        "units change" => !now.is_null() && ["name", "above", "external_id"].into_iter().all(holds),
        _ => now.is_null(),
    };
    if stands { Look::Found } else { Look::Absent }
}

/// Reports whether a call may be sent again without looking first.
pub(super) fn repeat(call: &NativeCall) -> Repeat {
    if call.operation == "units change" {
        Repeat::Safe
    } else {
        Repeat::Once
    }
}

/// Makes a single change.
pub(super) fn change(world: &mut World, call: &NativeCall) -> Result<Value> {
    let id = match call.operation.as_str() {
        "units create" => make(world, call)?,
        "units change" => relocate(world, call)?,
        _ => {
            remove(world, call.required("id")?)?;
            return Ok(Value::Null);
        }
    };
    if let Some(uid) = call.one("external_id") {
        world.external_ids.insert(id.clone(), uid.to_owned());
    }
    let made = branches(world).into_iter().find(|unit| unit.id == id);
    Ok(made.map_or(Value::Null, |unit| unit.row))
}

fn make(world: &mut World, call: &NativeCall) -> Result<RemoteId> {
    let name = call.required("name")?.to_owned();
    let mut path = match call.one("above") {
        Some(id) => place(world, id)?,
        None => Vec::new(),
    };
    path.push(name.clone());
    let id = world.fresh_id();
    units_mut(world).push(Offer {
        id: id.clone(),
        name,
        path,
        holders: None,
        owner: None,
        through: Vec::new(),
    });
    Ok(id)
}

fn relocate(world: &mut World, call: &NativeCall) -> Result<RemoteId> {
    let id = call.required("id")?;
    let old = place(world, id)?;
    let mut new = old.clone();
    if let Some(above) = call.one("above") {
        let above = match above {
            "" => Vec::new(),
            id => place(world, id)?,
        };
        if above.starts_with(&old) {
            let message = "a unit cannot stand below itself";
            return Err(Error::new(ErrorKind::Conflict, message));
        }
        new = above.into_iter().chain(old.last().cloned()).collect();
    }
    if let (Some(name), Some(last)) = (call.one("name"), new.last_mut()) {
        name.clone_into(last);
    }
    for unit in units_mut(world) {
        if let Some(below) = unit.path.strip_prefix(old.as_slice()) {
            unit.path = [new.as_slice(), below].concat();
            unit.name = unit.path.last().cloned().unwrap_or_default();
        }
    }
    Ok(RemoteId::new(id))
}

fn remove(world: &mut World, id: &str) -> Result<()> {
    let path = place(world, id)?;
    let is_in = |unit: &Offer| unit.path.len() > path.len() && unit.path.starts_with(&path);
    let mut held = world
        .rows
        .iter()
        .filter_map(|row| row.grants.get(&KindName::UNIT));
    let is_held = held.any(|held| {
        let mut ids = held.iter().filter_map(|grant| grant.id.as_ref());
        ids.any(|held| held.as_str() == id)
    });
    if is_held || units(world).iter().any(is_in) {
        return Err(Error::new(ErrorKind::Conflict, "the unit is not empty"));
    }
    units_mut(world).retain(|unit| unit.id.as_str() != id);
    Ok(())
}

/// Returns the call that takes a change back.
pub(super) fn back(call: &NativeCall, before: &Value, after: &Value) -> Option<NativeCall> {
    match call.operation.as_str() {
        "units create" => {
            let rows = after.as_array().and_then(|rows| rows.first());
            let id = rows.unwrap_or(after)["id"].as_str()?;
            Some(NativeCall::new("units delete").with("id", id))
        }
        "units change" => {
            let mut back = NativeCall::new("units change").with("id", call.one("id")?);
            for name in ["name", "above", "external_id"] {
                if call.one(name).is_some() {
                    back = back.with(name, before[name].as_str()?);
                }
            }
            Some(back)
        }
        _ => None,
    }
}

fn units(world: &World) -> &[Offer] {
    world.offers.get(&KindName::UNIT).map_or(&[], Vec::as_slice)
}

fn units_mut(world: &mut World) -> &mut Vec<Offer> {
    world.offers.entry(KindName::UNIT).or_default()
}

fn place(world: &World, id: &str) -> Result<Vec<String>> {
    let unit = units(world).iter().find(|unit| unit.id.as_str() == id);
    unit.map(|unit| unit.path.clone())
        .ok_or_else(|| Error::new(ErrorKind::NotFound, "no such unit").with("unit.id", id))
}

fn branches(world: &World) -> Vec<Branch> {
    let all = units(world);
    let branch = |unit: &Offer| {
        let above = unit.path.split_last().map(|(_, above)| above);
        let above = all
            .iter()
            .find(|other| Some(other.path.as_slice()) == above);
        let above = above.map(|above| above.id.clone());
        let uid = world.external_ids.get(&unit.id);
        let row = json!({
            "id": unit.id.as_str(),
            "name": unit.name,
            "above": above.as_ref().map_or("", RemoteId::as_str),
            "external_id": uid,
        });
        Branch {
            id: unit.id.clone(),
            name: unit.name.clone(),
            above,
            external_id: uid.map_or(Known::Empty, |uid| Known::Value(uid.clone())),
            row,
        }
    };
    all.iter().map(branch).collect()
}

fn usual() -> TreeRules {
    TreeRules {
        kind: KindName::UNIT,
        head: None,
        external_ids: Support::Yes,
        remove: Support::Yes,
        to_top: Support::Yes,
        depth: None,
        above: "above",
    }
}

#[async_trait]
impl Tree for Memory {
    fn rules(&self) -> TreeRules {
        self.world().rules.clone().unwrap_or_else(usual)
    }

    async fn branches(&self) -> Result<Vec<Branch>> {
        self.read(|world| Ok(branches(world)))
    }

    fn reshape(&self, what: Reshape<'_>) -> Option<NativeCall> {
        let rules = self.rules();
        let change = |of: &Branch| NativeCall::new("units change").with("id", of.id.as_str());
        Some(match what {
            Reshape::Make {
                name,
                above,
                external_id,
            } => {
                let mut call = NativeCall::new("units create").with("name", name);
                if let Above::Of(id) = above {
                    call = call.with("above", id.as_str());
                }
                external_id
                    .into_iter()
                    .fold(call, |call, uid| call.with("external_id", uid))
            }
            Reshape::Rename { of, name } => change(of).with("name", name),
            Reshape::Move { of, above } => match above {
                Above::Top if !rules.to_top.is_yes() => return None,
                Above::Top => change(of).with("above", ""),
                Above::Of(id) => change(of).with("above", id.as_str()),
                Above::Made => change(of),
            },
            Reshape::Identify { of, external_id } => change(of).with("external_id", external_id),
            Reshape::Remove { .. } if !rules.remove.is_yes() => return None,
            Reshape::Remove { of } => NativeCall::new("units delete").with("id", of.id.as_str()),
        })
    }

    fn made(&self, answer: &Value) -> Option<RemoteId> {
        answer["id"].as_str().map(RemoteId::new)
    }
}

impl Memory {
    /// Changes what holds for the tree of units.
    pub fn tree_rules(&self, change: impl FnOnce(&mut TreeRules)) {
        let mut world = self.world();
        let mut rules = world.rules.take().unwrap_or_else(usual);
        change(&mut rules);
        world.rules = Some(rules);
    }

    /// Gives a unit the id of the employer's own system.
    pub fn identify(&self, unit: &RemoteId, external_id: &str) {
        let mut world = self.world();
        world
            .external_ids
            .insert(unit.clone(), external_id.to_owned());
    }

    /// Returns the places of all units, sorted, each as `Юг / Склад`.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        let world = self.world();
        let mut places: Vec<String> = units(&world)
            .iter()
            .map(|unit| unit.path.join(" / "))
            .collect();
        places.sort();
        places
    }
}
