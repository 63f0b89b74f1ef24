//! One command of the operator, as one process of ours.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Connect, Email, FieldName, Fields, ProviderId, Random, State};
use kadry_flow::intent::{Flow, Intent, Offboard, Onboard, RoleSection, Who};
use kadry_flow::plan::{Guard, Limits, Protected, Refused, Said};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{CancellationToken, FlowError, Organisation, Purpose, Timing, Watch};
use kadry_journal::{Journal, JournalError, StepStory};

use crate::approved::Guarded;
use crate::scenario::{Asked, Beyond, EMAIL, NEW_TAG, SUCCESSOR, place_of};
use crate::support::world::{Reach, World};

/// How a command ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Everything is done and seen to be done.
    Done,
    /// Somebody who leaves or changes places is known nowhere.
    KnownNowhere,
    /// Nothing is left to do but to remove a record from a platform that cannot, or what waits for a door that stays closed.
    AllThatCanBe,
    /// Nothing may be written: the last one who signs would leave.
    Refused,
    /// Something is still open.
    Open(Box<Report>),
    /// Another process is at work on the person, or has taken over.
    Met,
    /// The process was killed.
    Killed,
}

impl Ended {
    /// Returns what is left to do, if anything is.
    pub(crate) fn left(&self) -> Option<String> {
        match self {
            Self::Done | Self::KnownNowhere | Self::AllThatCanBe | Self::Refused => None,
            Self::Open(report) => Some(format!("{report:#?}")),
            Self::Met => Some("whatever the other process leaves".to_owned()),
            Self::Killed => Some("everything, for the process was killed".to_owned()),
        }
    }
}

/// One process of ours, and what it is told.
#[derive(Clone, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) asked: &'a Asked,
    /// Whether nobody is asked to agree to the plan.
    pub(crate) unasked: bool,
    /// What its ids come from.
    pub(crate) number: u64,
    pub(crate) killed_after_ms: Option<u64>,
}

/// Gives one command, and kills the process after a while if it is not done by then.
pub(crate) async fn command(
    world: &World,
    store: &Path,
    reaches: Vec<Reach>,
    told: &Told<'_>,
) -> Ended {
    let watch = Guarded { world };
    let whole = carried_out(world, store, reaches, told, &watch);
    match told.killed_after_ms {
        None => whole.await,
        Some(moment_ms) => tokio::time::timeout(Duration::from_millis(moment_ms), whole)
            .await
            .unwrap_or(Ended::Killed),
    }
}

/// Gives one command, and lets somebody see how it goes.
pub(crate) async fn carried_out(
    world: &World,
    store: &Path,
    reaches: Vec<Reach>,
    told: &Told<'_>,
    watch: &dyn Watch,
) -> Ended {
    let asked = told.asked;
    let mut intent = intent(asked, &reaches, world);
    let organisation = organisation(world, store, reaches, told.number).await;
    if let Asked::Transfer(moving) = asked {
        moving.remember(&organisation, &mut intent).await;
    }
    let purpose = if told.unasked {
        Purpose::CarryOutUnasked
    } else {
        Purpose::CarryOut
    };
    let mut prepared = organisation.prepare(&intent, purpose, watch).await;
    if let Ok(overtaken) = &prepared
        && overtaken.takes_over()
    {
        // As the operator's agreement does it: what was seen before is old.
        organisation.overtake(overtaken).await.unwrap();
        prepared = organisation.prepare(&intent, purpose, watch).await;
    }
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(FlowError::KnownNowhere) => return Ended::KnownNowhere,
        Err(FlowError::Refused(guards)) if guards.iter().all(is_about_the_last) => {
            return Ended::Refused;
        }
        Err(error) if is_about_another(&error) => return Ended::Met,
        Err(error) => panic!("{asked:?} was not even planned: {error:?}"),
    };
    let report = match organisation.carry_out(prepared, watch).await {
        Ok(report) => report,
        Err(error) if is_about_another(&error) => return Ended::Met,
        Err(error) => panic!("{asked:?} broke off: {error:?}"),
    };
    if matches!(report.outcome(), Outcome::Done | Outcome::Residue) && report.verified {
        Ended::Done
    } else if asked.is_too_much() && is_all_that_can_be(&report) {
        Ended::AllThatCanBe
    } else {
        Ended::Open(Box::new(report))
    }
}

/// Goes on with every run that is not finished and holds no close by key, the latest first, and returns what each came to.
pub(crate) async fn resumed(
    world: &World,
    store: &Path,
    reaches: Vec<Reach>,
    number: u64,
) -> Vec<Result<Report, FlowError>> {
    let watch = Guarded { world };
    let organisation = organisation(world, store, reaches, number).await;
    let open = organisation.journal.all_unfinished().await.unwrap();
    let mut came = Vec::new();
    for run in open.iter().rev() {
        let story = organisation.journal.story(run.id.as_str()).await.unwrap();
        // What was approved for a platform that could not be read is to close its door and nothing else: what goes before a door then
        // stays behind it, and the same command is the better way.
        let is_by_key = |step: &StepStory| step.state == State::Deferred;
        if !story.steps.iter().any(is_by_key) {
            came.push(organisation.resume(run.id.as_str(), &watch).await);
        }
    }
    came
}

async fn organisation(
    world: &World,
    store: &Path,
    reaches: Vec<Reach>,
    number: u64,
) -> Organisation {
    let random = Random::seeded(number);
    let opened = Journal::open(store, world.clock.clone(), random)
        .await
        .unwrap();
    let connects = reaches.into_iter();
    Organisation {
        journal: opened.journal,
        connects: connects
            .map(|reach| Arc::new(reach) as Arc<dyn Connect>)
            .collect(),
        protected: Protected::default(),
        limits: Limits::default(),
        timing: Timing::default(),
        clock: world.clock.clone(),
        halt: CancellationToken::new(),
    }
}

fn is_about_another(error: &FlowError) -> bool {
    matches!(
        error,
        FlowError::Journal(JournalError::Claimed { .. } | JournalError::TakenOver)
    )
}

fn is_about_the_last(refused: &Refused) -> bool {
    matches!(refused.guard, Guard::LastSigner)
}

/// Reports whether nothing had to be written although not everything that was asked for is there: a record cannot be removed, or a
/// door stays closed.
fn is_all_that_can_be(report: &Report) -> bool {
    let is_silent = |said: &Said| matches!(said, Said::Silent { .. } | Said::CannotClose { .. });
    let said = || report.remarks.iter().map(|remark| &remark.what);
    report.run.is_none()
        && said().any(|said| {
            matches!(
                said,
                Said::CannotRemove { .. } | Said::StaysClosed { needed: true }
            )
        })
        && !said().any(is_silent)
}

fn intent(asked: &Asked, reaches: &[Reach], world: &World) -> Intent {
    let role = world.settings["roles"]["accountant"].as_table().unwrap();
    let flow = match asked {
        Asked::Onboard {
            fields,
            on,
            welcome,
            beyond,
        } => {
            let is_on = |reach: &&Reach| on[place_of(reach.platform)];
            let covered = reaches.iter().filter(is_on);
            let section = |reach: &Reach| {
                let keys = role[reach.id().as_str()].as_table().unwrap();
                let section = section(keys, *welcome);
                (reach.id().clone(), with_more(section, beyond))
            };
            Flow::Onboard(Onboard {
                fields: with_the_role(fields, role),
                sections: covered.map(section).collect(),
                privileged: false,
                stays_out: false,
            })
        }
        Asked::Offboard {
            now,
            remove,
            successor,
        } => Flow::Offboard(Offboard {
            now: *now,
            remove: *remove,
            successor: successor.then(|| Who::Email(Email::of_record(SUCCESSOR))),
            on: reaches
                .iter()
                .map(Connect::id)
                .cloned()
                .collect::<Vec<ProviderId>>(),
            privileged: false,
        }),
        Asked::Transfer(moving) => moving.flow(reaches, role),
    };
    Intent {
        flow,
        who: Who::Email(Email::of_record(EMAIL)),
        actor: "tester".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
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
pub(crate) fn section(keys: &toml::Table, welcome: bool) -> RoleSection {
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
        outvoted: None,
    }
}

/// Adds what is asked for beyond the role, where the role speaks of such a thing at all.
fn with_more(mut section: RoleSection, beyond: &Beyond) -> RoleSection {
    if let Some(department) = beyond.department {
        section.create_missing = true;
        for place in ["unit", "department"] {
            if let Some(names) = section.grants.get_mut(place) {
                *names = vec![department.to_owned()];
            }
        }
        if let Some(tags) = section.grants.get_mut("tags") {
            tags.push(NEW_TAG.to_owned());
        }
    }
    if section.grants.contains_key("tags") {
        if beyond.property {
            let city = ("Город".to_owned(), "Примерск".to_owned());
            section.values = BTreeMap::from([("properties".to_owned(), BTreeMap::from([city]))]);
        }
        if beyond.status {
            let line = vec!["👋 Знакомлюсь".to_owned()];
            section.grants.insert("status".to_owned(), line);
        }
    }
    section
}
