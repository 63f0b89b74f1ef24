//! Moving somebody to another place on one platform: what is new comes first, what they leave goes last.

mod parting;
mod person;

use kadry_core::{Access, Employee, FieldName, Fields, MatchKey, Notice};

use super::lane::Lane;
use super::offboard::nobody;
use super::onboard::Asked;
use super::{Guard, Looked, Said, guards, say_possible};
use crate::intent::{Flow, Intent, RoleSection, Transfer};
use crate::observe::{Here, Snapshot};
use crate::powers::Powers;
use parting::Parting;

pub(super) use person::person;

/// What is known beside the platform itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left<'a> {
    /// Who the person is, for a record that has to be made; none while that is not known.
    pub(super) person: Option<&'a Fields>,
    /// The greeting that an interrupted run owes.
    pub(super) welcome: Option<&'a Notice>,
}

/// Plans one lane.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn lane(
    transfer: &Transfer,
    here: &Here,
    looked: Looked<'_>,
    left: Left<'_>,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let section = transfer.sections.get(lane.provider());
    let found = guards::the_one_here(here, looked.keys, looked.rules);
    let found = found.and_then(|found| match found.and_then(|it| stranger(it, transfer)) {
        Some(guard) => Err(vec![guard]),
        None => Ok(found),
    });
    match (found, section) {
        (Ok(None), Some(section)) if transfer.role && left.person.is_some() => {
            let nothing = Fields::new();
            let person = left.person.unwrap_or(&nothing);
            join(section, person, here, lane)
        }
        (Ok(None), section) => {
            let is_wanted = transfer.role && section.is_some();
            lane.say(if is_wanted {
                Said::MadeLater
            } else {
                nobody(looked.keys)
            });
            say_possible(here, lane);
            Ok(())
        }
        (Ok(Some(employee)), _) if employee.access == Access::Suspended => {
            // Whoever closed the door did so on purpose.
            lane.say(Said::StaysClosed {
                needed: transfer.role && section.is_some(),
            });
            Ok(())
        }
        (found, section) => stay(transfer, section, found, here, left, lane),
    }
}

/// Returns the intent with what the platforms show of the person, so that a run that goes on makes the records that were approved.
pub(crate) fn settled(intent: &Intent, keys: &[MatchKey], snapshot: &Snapshot) -> Intent {
    let person = person(&intent.flow, keys, snapshot);
    let mut intent = intent.clone();
    if let Flow::Transfer(transfer) = &mut intent.flow {
        transfer.person = person;
    }
    intent
}

/// Says no when a record carries another external id than the one by which the person is known.
fn stranger(employee: &Employee, transfer: &Transfer) -> Option<Guard> {
    let id = transfer.known.get(&FieldName::ExternalId)?;
    let known = Fields::from([(FieldName::ExternalId, id.clone())]);
    guards::same_person(employee, &known)
}

/// Lets the person in where they are not yet.
///
/// # Errors
///
/// Every guard that says no.
fn join(
    section: &RoleSection,
    person: &Fields,
    here: &Here,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let (asked, _) = Asked::on(section, person, Ok(None), here)?;
    asked.missing.make(lane);
    say_possible(here, lane);
    asked
        .create(lane)
        .map_err(|guards| guards.into_iter().map(not_known).collect())
}

/// What is not given on the command line of a newcomer is not known of somebody who is here already.
fn not_known(guard: Guard) -> Guard {
    if let Guard::MissingField { field } = guard {
        return Guard::NotKnown { field };
    }
    guard
}

/// Gives what is new on a platform where the person is, and takes then what they leave.
///
/// # Errors
///
/// Every guard that says no.
fn stay(
    transfer: &Transfer,
    section: Option<&RoleSection>,
    found: Result<Option<&Employee>, Vec<Guard>>,
    here: &Here,
    left: Left<'_>,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let nothing = (RoleSection::default(), Fields::new());
    // Of a platform of which nothing is asked nothing is changed but what is left there.
    let (section, fields) = match section {
        Some(section) => (section, &transfer.fields),
        None => (&nothing.0, &nothing.1),
    };
    let (mut asked, employee) = Asked::on(section, fields, found, here)?;
    let Some(employee) = employee else {
        return Ok(());
    };
    let parting = Parting::of(transfer, &asked, employee, here, lane.provider());
    asked.gone.clone_from(&parting.together);
    asked.missing.make(lane);
    asked.converge(employee, left.welcome, lane)?;
    parting.take(&asked, employee, lane);
    let lost = Powers::lost_by(lane.steps(), here.provider.as_ref());
    if let Some(guard) = guards::the_last_with(&here.standing, employee, &here.others, lost) {
        return Err(vec![guard]);
    }
    if transfer.role && !transfer.sections.contains_key(lane.provider()) {
        lane.say(Said::StaysOpen);
    }
    Ok(())
}
