//! The far side, as only a test can see it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kadry_core::memory::{self, Memory, Row};
use kadry_core::{
    Access, Connect as _, EmployeeProvider, ErrorKind, FieldName, Fields, Foresight, Grant,
    KindName, RemoteId,
};
use kadry_emulator::log::Entry;
use serde_json::{Value, json};

use crate::stage::{email, reach};
use crate::support::platforms::{Newcomer, Platform};
use crate::support::world::World;

/// What befalls a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Strike {
    /// It is lost before it has an effect.
    LostBefore,
    /// Its answer is lost.
    LostAfter,
    /// The platform answers that it has a fault, and did nothing.
    FaultBefore,
    /// The platform answers that it has a fault, and did what was asked.
    FaultAfter,
}

impl Strike {
    /// Reports whether the platform does what was asked.
    pub(crate) const fn takes_effect(self) -> bool {
        matches!(self, Self::LostAfter | Self::FaultAfter)
    }
}

/// The far side of a stage.
pub(crate) enum Far {
    Memory(Memory),
    Emulated(Box<World>, &'static Platform),
}

impl Far {
    /// Counts the requests that came.
    pub(crate) fn requests(&self) -> usize {
        match self {
            Self::Memory(memory) => {
                usize::try_from(memory.reads()).unwrap() + memory.writes().len()
            }
            Self::Emulated(world, platform) => world.log(platform).len(),
        }
    }

    /// Counts the requests that came to change something.
    pub(crate) fn writes(&self) -> usize {
        match self {
            Self::Memory(memory) => memory.writes().len(),
            Self::Emulated(world, platform) => {
                let log = world.log(platform);
                log.iter().filter(|entry| World::is_write(entry)).count()
            }
        }
    }

    /// Returns everything that the far side holds, to be compared with what it holds later.
    pub(crate) fn picture(&self) -> String {
        match self {
            Self::Memory(memory) => format!(
                "{:#?}",
                (memory.rows(), memory.notices(), memory.invitations())
            ),
            Self::Emulated(world, platform) => format!("{:#}", world.state(platform)),
        }
    }

    /// Lists the ids of all records.
    pub(crate) fn ids(&self) -> BTreeSet<RemoteId> {
        self.records().into_iter().map(|(id, _)| id).collect()
    }

    /// Counts the records of a person.
    pub(crate) fn records_of(&self, who: &str) -> usize {
        let email = email(who);
        let records = self.records();
        records.iter().filter(|(_, known)| *known == email).count()
    }

    /// Lists all records: ids, and e-mails in lower case.
    fn records(&self) -> Vec<(RemoteId, String)> {
        match self {
            Self::Memory(memory) => {
                let record =
                    |row: &Row| (row.id.clone(), row.fields[&FieldName::Email].to_lowercase());
                memory.rows().iter().map(record).collect()
            }
            Self::Emulated(world, platform) => platform.records(&world.state(platform)),
        }
    }

    /// Counts the mails that the platform sent to a person.
    pub(crate) fn mails_to(&self, who: &str) -> usize {
        let email = email(who);
        match self {
            Self::Memory(memory) => {
                let told = memory.invitations();
                let records = self.records();
                let is_told =
                    |(id, known): &&(RemoteId, String)| *known == email && told.contains(id);
                records.iter().filter(is_told).count()
            }
            Self::Emulated(world, platform) => {
                let state = world.state(platform);
                let mails = state["mails"].as_array().unwrap();
                let is_to = |mail: &&Value| mail["to"].as_str().unwrap().to_lowercase() == email;
                mails.iter().filter(is_to).count()
            }
        }
    }

    /// Counts the messages that were sent.
    pub(crate) fn messages(&self) -> usize {
        match self {
            Self::Memory(memory) => memory.notices().len(),
            Self::Emulated(world, platform) => world.state(platform)["messages"]
                .as_array()
                .map_or(0, Vec::len),
        }
    }

    /// Puts somebody there behind everybody's back.
    pub(crate) fn put(&self, person: &Newcomer) {
        match self {
            Self::Memory(memory) => {
                memory_row(memory, &person.email, &person.external_id, person.suspended);
            }
            Self::Emulated(world, platform) => world.put(platform, person),
        }
    }

    /// Lists things of a kind that nobody can list but that can be granted.
    pub(crate) fn lying_about(&self, kind: &KindName) -> Vec<Grant> {
        if *kind == KindName::STATUS {
            let lines = ["👋 Проверка", "🏖️ Отпуск"];
            return lines.map(|line| Grant::named(kind.clone(), line)).to_vec();
        }
        let Self::Emulated(world, platform) = self else {
            return vec![Grant::named(kind.clone(), "Первое")];
        };
        let state = world.state(platform);
        let text = |row: &Value, member: &str| row[member].as_str().unwrap().to_owned();
        if *kind == KindName::LEVEL {
            let levels = state["levels"].as_array().unwrap().iter();
            return levels
                .map(|row| Grant::with_id(kind.clone(), text(row, "id"), text(row, "name")))
                .collect();
        }
        let powers = state["powers_of_attorney"].as_array().unwrap().iter();
        let parts = ["registration_number", "issuer_inn", "representative_inn"];
        powers
            .map(|row| {
                let id = parts.map(|part| text(row, part)).join("/");
                Grant::with_id(kind.clone(), id, text(row, "registration_number"))
            })
            .collect()
    }

    /// Lists what came that is not in the platform's documents.
    pub(crate) fn violations(&self) -> Vec<String> {
        match self {
            Self::Memory(_) => Vec::new(),
            Self::Emulated(world, platform) => {
                let log = world.log(platform).into_iter();
                log.filter_map(|entry| {
                    let what = entry.violation?;
                    Some(format!(
                        "{} {}?{}: {what}",
                        entry.method, entry.path, entry.query
                    ))
                })
                .collect()
            }
        }
    }

    /// Counts the requests that were answered with a refusal.
    pub(crate) fn refusals(&self) -> usize {
        match self {
            Self::Memory(_) => 0,
            Self::Emulated(world, platform) => {
                let refused = |entry: &Entry| entry.status.is_none_or(|status| status >= 400);
                world
                    .log(platform)
                    .iter()
                    .filter(|entry| refused(entry))
                    .count()
            }
        }
    }

    /// Makes the next write suffer.
    pub(crate) fn strike_next_write(&self, strike: Strike) {
        match self {
            Self::Memory(memory) => memory.fail_next([match strike {
                Strike::LostBefore | Strike::FaultBefore => memory::Fault::LostBefore,
                Strike::LostAfter | Strike::FaultAfter => memory::Fault::LostAfter,
            }]),
            Self::Emulated(world, platform) => {
                let suffering = match strike {
                    Strike::LostBefore => json!({ "drop": "before" }),
                    Strike::LostAfter => json!({ "drop": "after" }),
                    Strike::FaultBefore => json!({ "status": 500, "effect": "before" }),
                    Strike::FaultAfter => json!({ "status": 500, "effect": "after" }),
                };
                for method in ["POST", "PUT", "DELETE"] {
                    fault(world, platform, Some(method), &suffering);
                }
            }
        }
    }

    /// Ends what was still to strike.
    pub(crate) fn heal(&self) {
        if let Self::Emulated(world, _) = self {
            world.emulator.clear_faults();
        }
    }

    /// Takes the platform off the network, or puts it back.
    pub(crate) fn cut_off(&self, is_off: bool) {
        match self {
            Self::Memory(memory) => memory.set_down(is_off.then_some(ErrorKind::Unavailable)),
            Self::Emulated(world, _) => world.line.refuse(is_off),
        }
    }

    /// Makes the next request of this method suffer.
    pub(crate) fn strike_next(&self, method: &str, suffering: &Value) {
        match self {
            Self::Memory(_) => panic!("{NO_WIRE}"),
            Self::Emulated(world, platform) => fault(world, platform, Some(method), suffering),
        }
    }

    /// Connects once more, with one request under way at most.
    pub(crate) async fn one_by_one(&self, foresight: Foresight<'_>) -> Arc<dyn EmployeeProvider> {
        let Self::Emulated(world, platform) = self else {
            panic!("{NO_WIRE}");
        };
        let mut reach = reach(world, platform).await;
        reach.wiring.max_in_flight = Some(1);
        reach.connect(foresight).await.unwrap()
    }

    /// Makes every request suffer.
    pub(crate) fn slow_down(&self, suffering: &Value) {
        match self {
            Self::Memory(_) => panic!("{NO_WIRE}"),
            Self::Emulated(world, platform) => fault(world, platform, None, suffering),
        }
    }
}

const NO_WIRE: &str = "the provider in memory has no requests";

/// Makes the next request of a method suffer, or all requests of all methods.
fn fault(world: &World, platform: &Platform, method: Option<&str>, suffering: &Value) {
    let mut fault = json!({ "match": { "platform": platform.kind }, "do": suffering });
    if let Some(method) = method {
        fault["match"]["method"] = method.into();
        fault["when"] = json!({ "nth": 1 });
    }
    world.emulator.fault(serde_json::from_value(fault).unwrap());
}

/// Adds a record to a platform in memory behind everybody's back.
pub(crate) fn memory_row(
    memory: &Memory,
    email: &str,
    external_id: &str,
    suspended: bool,
) -> RemoteId {
    let id = memory.fresh_id();
    let row = Row {
        id: id.clone(),
        fields: Fields::from([
            (FieldName::Email, email.to_owned()),
            (FieldName::ExternalId, external_id.to_owned()),
        ]),
        access: if suspended {
            Access::Suspended
        } else {
            Access::Open
        },
        administrator: false,
        signer: false,
        grants: BTreeMap::new(),
    };
    memory.edit(|rows| rows.push(row));
    id
}
