//! One command about many people.
//!
//! Each is planned as if the command were about them alone, over what was read of everybody at once. The plan of all is a file that
//! streams. What is approved stands in the journal, person by person, before the first request leaves.
//!
//! The way is the same as for one person: [`Drafting`] observes and plans, [`PlanWriter`] keeps the plan, [`Organisation::begin_batch`]
//! journals it, and [`Organisation::work`] executes it, reads everybody once more and concludes each person's run.
//!
//! [`Organisation::begin_batch`]: crate::Organisation::begin_batch
//! [`Organisation::work`]: crate::Organisation::work

mod begin;
mod conclude;
mod decide;
mod draft;
mod earlier;
mod file;
mod health;
mod known;
mod limits;
mod lockout;
mod looked;
mod moved;
mod not_begun;
mod part;
mod result;
mod resume;
mod send;
mod surplus;
mod things;
mod work;

use std::collections::BTreeMap;

use kadry_core::{EmployeeRef, Fields, KindName, MatchKey, ProviderId, Step};
use kadry_journal::{PartId, RunId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::observe::{Snapshot, is_read_aside};
use crate::organisation::Prepared;
use crate::plan::{Refused, Remark, hexadecimal};
use crate::tenants::Tenants;

pub use begin::{Batch, Moved};
pub use decide::{Undoing, abandon, can_end, restate, settle};
pub use draft::{Counted, Drafting};
pub use file::{Head, PlanFile, PlanFileError, PlanWriter, Written as PlanWritten};
pub use limits::shrank;
pub(crate) use looked::{goes_by_another_id, hint, seen, sought};
pub use result::{PersonResult, Results, Verdict, foreseen};
pub use surplus::Surplus;

/// Somebody whom a command about many people names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The line of the file that names them.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub label: String,
    /// What is known of the person, also where nothing can be done for them.
    pub fields: Fields,
    /// Whether the file says that they are there; whoever has left is not.
    pub is_there: bool,
    /// What is to be done, or why nothing is.
    pub what: Result<Intent, Why>,
}

/// Whether a command is about one person alone. One about many is held against the limits as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Among {
    /// It is.
    #[default]
    Alone,
    /// It is about others, too; the part of a batch that this one is, once there is a batch.
    Many(Option<PartId>),
}

/// Why nothing is done for one of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The line of the file is wrong; whoever has read it says how.
    Line(Value),
    /// Guards say no.
    Guards(Vec<Refused>),
    /// The keys that were given are two people's.
    TwoPeople,
    /// Somebody earlier is the same person, in this line where a line names them.
    Twice(Option<u32>),
    /// Another process is at work on the person.
    AtWork,
    /// A platform was silent or lacks what is asked for, and nothing else is to be done: what the plan says beside the steps tells which.
    LeftOut,
    /// What was seen of the person has changed since it was approved, on these platforms.
    Moved(Vec<ProviderId>),
    /// A later command has been at work on the person.
    Later,
    /// Somebody has ended the batch before it was done.
    GivenUp {
        /// Who.
        by: String,
        /// Why, where they said so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// This run of the person may still do something, so that it cannot be taken back yet.
    StillOpen(RunId),
    /// The file does not know the person.
    Surplus,
    /// The file does not know the person, but these platforms could not be read, where a record of theirs may carry a key of the file.
    Unread(Vec<ProviderId>),
    /// The file does not know the person, but this line of it has the name.
    Namesake(u32),
    /// The file does not know the person, but lines of it cannot be read: these.
    Unreadable(Vec<u32>),
}

/// What is planned for one of many, without the steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The line of the file that names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub person: String,
    /// How many steps are planned.
    pub steps: u32,
    /// Why nothing is planned, where something stands in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Whether only the doors are planned: what is behind them is read and taken when they are closed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doors_first: bool,
    /// What is to be done; none where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<Box<Intent>>,
    /// What the plan says beside the steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// The steps of others that make a tag, unit or department which these steps give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Step>,
    /// The hash of what was seen of the person, by platform.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub observed: BTreeMap<ProviderId, String>,
    /// In which tenants that was.
    #[serde(default, skip_serializing_if = "Tenants::is_empty")]
    pub tenants: Tenants,
    /// The keys of the person, where it is beyond doubt whose they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<MatchKey>,
    /// The records that were seen as theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<(ProviderId, String, EmployeeRef)>,
}

/// What is planned for one of many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The person.
    #[serde(flatten)]
    pub who: Person,
    /// The steps, numbered through the whole plan.
    #[serde(rename = "approved", default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

impl Person {
    /// Returns somebody for whom nothing is planned yet.
    pub(crate) fn new(line: Option<u32>, label: String) -> Self {
        Self {
            line,
            person: label,
            steps: 0,
            why: None,
            doors_first: false,
            intent: None,
            remarks: Vec::new(),
            after: Vec::new(),
            observed: BTreeMap::new(),
            tenants: Tenants::default(),
            keys: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Returns somebody for whom nothing is done.
    pub(crate) fn aside(line: Option<u32>, label: String, why: Why) -> Planned {
        let who = Self {
            why: Some(why),
            ..Self::new(line, label)
        };
        Planned {
            who,
            steps: Vec::new(),
        }
    }
}

/// Returns what is planned for the only person of a plan, to be saved.
///
/// # Errors
///
/// The serialiser's, which is our own fault.
pub fn planned_alone(prepared: &Prepared) -> Result<Planned, FlowError> {
    let steps = prepared.plan.steps.clone();
    let who = Person {
        steps: u32::try_from(steps.len()).unwrap_or(u32::MAX),
        intent: (!steps.is_empty()).then(|| Box::new(prepared.intent.clone().asked_by_nobody())),
        remarks: prepared.plan.remarks.clone(),
        observed: observed(&prepared.snapshot, &prepared.intent.flow)?,
        tenants: Tenants::seen(&prepared.snapshot),
        keys: prepared.sought.keys.clone(),
        ..Person::new(None, prepared.intent.who.to_string())
    };
    Ok(Planned { who, steps })
}

/// Returns the hash of what was seen of a person, by platform: what it is made of is all that the steps of a plan are made of. What is
/// only told of where it is read in time is no part of it, since a slow answer moves nobody.
fn observed(
    snapshot: &Snapshot,
    flow: &Flow,
) -> Result<BTreeMap<ProviderId, String>, serde_json::Error> {
    /// So many bytes of a hash tell one state of a record from another.
    const LONG: usize = 8;
    let mut hashes = BTreeMap::new();
    let mut packed = Vec::new();
    for (provider, here) in snapshot.here() {
        let told_of = |name: &KindName| {
            let kind = here.provider.capability().kind(name);
            kind.is_some_and(|kind| is_read_aside(flow, kind))
        };
        let held = here.held.iter().filter(|(kind, _)| !told_of(kind));
        let held: Vec<_> = held.collect();
        let state = (&here.standing.tenant, &here.matches, &here.strayed, &held);
        packed.clear();
        rmp_serde::encode::write(&mut packed, &state).map_err(serde::ser::Error::custom)?;
        let hash = Sha256::digest(&packed);
        let hash = hexadecimal(hash.get(..LONG).unwrap_or_default());
        hashes.insert(provider.clone(), hash);
    }
    Ok(hashes)
}
