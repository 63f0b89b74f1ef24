//! One command of the operator, as one process of ours.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Connect, Email, FieldName, Fields, ProviderId, Random};
use kadry_flow::intent::{Flow, Intent, Offboard, Onboard, RoleSection, Who};
use kadry_flow::plan::Protected;
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{FlowError, Organisation, Purpose, Timing, Unwatched};
use kadry_journal::Journal;

use crate::scenario::{Asked, EMAIL};
use crate::support::world::{Reach, World};

/// How a command ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Everything is done and seen to be done.
    Done,
    /// A leaver is known nowhere.
    KnownNowhere,
    /// Something is still open.
    Open(Box<Report>),
    /// The process was killed.
    Killed,
}

impl Ended {
    /// Returns what is left to do, if anything is.
    pub(crate) fn left(&self) -> Option<String> {
        match self {
            Self::Done | Self::KnownNowhere => None,
            Self::Open(report) => Some(format!("{report:#?}")),
            Self::Killed => Some("everything, for the process was killed".to_owned()),
        }
    }
}

/// Gives one command, and kills the process after a while if it is not done by then.
pub(crate) async fn command(
    world: &World,
    store: &Path,
    asked: &Asked,
    number: u64,
    killed_after_ms: Option<u64>,
) -> Ended {
    let whole = carried_out(world, store, asked, number);
    match killed_after_ms {
        None => whole.await,
        Some(moment_ms) => tokio::time::timeout(Duration::from_millis(moment_ms), whole)
            .await
            .unwrap_or(Ended::Killed),
    }
}

async fn carried_out(world: &World, store: &Path, asked: &Asked, number: u64) -> Ended {
    let random = Random::seeded(number);
    let opened = Journal::open(store, world.clock.clone(), random)
        .await
        .unwrap();
    let reaches = world.reaches().await;
    let intent = intent(asked, &reaches, world);
    let organisation = Organisation {
        journal: opened.journal,
        connects: reaches
            .into_iter()
            .map(|reach| Arc::new(reach) as Arc<dyn Connect>)
            .collect(),
        protected: Protected::default(),
        timing: Timing::default(),
        clock: world.clock.clone(),
    };
    let prepared = match organisation
        .prepare(&intent, Purpose::CarryOut, &Unwatched)
        .await
    {
        Ok(prepared) => prepared,
        Err(FlowError::KnownNowhere) => return Ended::KnownNowhere,
        Err(error) => panic!("{asked:?} was not even planned: {error:?}"),
    };
    let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
    if matches!(report.outcome(), Outcome::Done | Outcome::Residue) && report.verified {
        Ended::Done
    } else {
        Ended::Open(Box::new(report))
    }
}

fn intent(asked: &Asked, reaches: &[Reach], world: &World) -> Intent {
    let role = world.settings["roles"]["accountant"].as_table().unwrap();
    let flow = match asked {
        Asked::Onboard {
            fields,
            on,
            welcome,
        } => {
            let covered = reaches.iter().zip(on).filter(|(_, covered)| **covered);
            let section = |reach: &Reach| {
                let keys = role[reach.id().as_str()].as_table().unwrap();
                (reach.id().clone(), section(keys, *welcome))
            };
            Flow::Onboard(Onboard {
                fields: with_the_role(fields, role),
                sections: covered.map(|(reach, _)| section(reach)).collect(),
                privileged: false,
            })
        }
        Asked::Offboard { now } => Flow::Offboard(Offboard {
            now: *now,
            remove: false,
            successor: None,
            on: reaches
                .iter()
                .map(Connect::id)
                .cloned()
                .collect::<Vec<ProviderId>>(),
            privileged: false,
        }),
    };
    Intent {
        flow,
        who: Who::Email(Email::of_record(EMAIL)),
        actor: "tester".to_owned(),
        reason: None,
    }
}

fn with_the_role(fields: &Fields, role: &toml::Table) -> Fields {
    let mut fields = fields.clone();
    for field in [FieldName::Title, FieldName::Department] {
        let value = role[field.as_str()].as_str().unwrap();
        fields.insert(field, value.to_owned());
    }
    fields
}

/// Reads a role's section as the command line does.
fn section(keys: &toml::Table, welcome: bool) -> RoleSection {
    let names = |value: &toml::Value| -> Option<Vec<String>> {
        let one = |value: &toml::Value| Some(value.as_str()?.to_owned());
        match value.as_array() {
            Some(names) => names.iter().map(one).collect(),
            None => Some(vec![one(value)?]),
        }
    };
    let grants: BTreeMap<_, _> = keys
        .iter()
        .filter(|(key, _)| *key != "welcome")
        .filter_map(|(key, value)| Some((key.clone(), names(value)?)))
        .collect();
    let text = keys.get("welcome").and_then(toml::Value::as_str);
    RoleSection {
        values: BTreeMap::new(),
        create_missing: false,
        grants,
        quiet: keys.get("invite").and_then(toml::Value::as_bool) == Some(false),
        welcome: text.filter(|_| welcome).map(str::to_owned),
    }
}
