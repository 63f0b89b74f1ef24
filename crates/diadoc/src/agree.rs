//! Whether the platform did what it was asked: what a write sent against what it answered. Pure.

use std::collections::BTreeSet;

use kadry_core::{Effect, Email, Error, ErrorKind, FieldName, Result, same_value};

use crate::map::may;
use crate::names::SELECTED_DEPARTMENTS;
use crate::wire::Action;
use crate::wire::employee::{Employee, EmployeeToCreate, EmployeeToUpdate};
use crate::wire::subscription::{Subscription, Subscriptions};

/// Checks a new record.
///
/// The name may differ: a login that the platform already knows from another box keeps its own.
pub(crate) fn created(asked: &EmployeeToCreate, answer: &Employee) -> Result<()> {
    let mut differ = Differ::default();
    if let Some(login) = answer.login() {
        let asked = Email::of_record(&asked.credentials.login.login);
        differ.unless("email", login == asked);
    }
    if let Some(position) = &asked.position {
        differ.unless("title", has_position(answer, position));
    }
    let permissions = &asked.permissions;
    differ.unless(
        "department",
        has_department(answer, &permissions.user_department_id),
    );
    differ.unless(
        "access-level",
        has_level(answer, &permissions.document_access_level),
    );
    differ.unless(
        "seen-department",
        has_selected(answer, &permissions.selected_department_ids),
    );
    differ.unless("permission", has_actions(answer, &permissions.actions));
    differ.unless("administrator", answer.administrator() != Some(true));
    differ.result()
}

/// Checks a changed record.
pub(crate) fn updated(asked: &EmployeeToUpdate, answer: &Employee) -> Result<()> {
    let mut differ = Differ::default();
    if let Some(patch) = &asked.position {
        differ.unless("title", has_position(answer, &patch.position));
    }
    if let Some(permissions) = &asked.permissions {
        if let Some(patch) = &permissions.department {
            differ.unless("department", has_department(answer, &patch.department_id));
        }
        if let Some(patch) = &permissions.document_access_level {
            differ.unless(
                "access-level",
                has_level(answer, &patch.document_access_level),
            );
        }
        if let Some(patch) = &permissions.selected_departments {
            differ.unless(
                "seen-department",
                has_selected(answer, &patch.selected_department_ids),
            );
        }
        differ.unless("permission", has_actions(answer, &permissions.actions));
        if let Some(patch) = &permissions.authorization_permission {
            differ.unless("access", answer.blocked() == patch.is_blocked);
        }
    }
    differ.result()
}

/// Checks subscriptions after a change; one that is not listed is off.
pub(crate) fn subscribed(asked: &Subscriptions, answer: &Subscriptions) -> Result<()> {
    let is_on = |id: &str| {
        answer
            .subscriptions
            .iter()
            .any(|subscription| subscription.id == id && subscription.on())
    };
    let as_asked = |asked: &Subscription| is_on(&asked.id) == asked.on();
    let mut differ = Differ::default();
    differ.unless("subscription", asked.subscriptions.iter().all(as_asked));
    differ.result()
}

fn has_position(answer: &Employee, position: &str) -> bool {
    let answered = answer.position.as_deref().unwrap_or_default();
    same_value(FieldName::Title, answered, position)
}

fn has_department(answer: &Employee, id: &str) -> bool {
    let answered = answer
        .permissions
        .as_ref()
        .and_then(|permissions| permissions.user_department_id.as_deref());
    answered.is_some_and(|answered| answered.eq_ignore_ascii_case(id))
}

fn has_level(answer: &Employee, level: &str) -> bool {
    let answered = answer
        .permissions
        .as_ref()
        .and_then(|permissions| permissions.document_access_level.as_deref());
    answered == Some(level)
}

fn has_selected(answer: &Employee, asked: &[String]) -> bool {
    // With another level the list means nothing, and whether the platform keeps it then is not documented.
    let folded =
        |ids: &[String]| -> BTreeSet<String> { ids.iter().map(|id| id.to_lowercase()).collect() };
    !has_level(answer, SELECTED_DEPARTMENTS) || folded(answer.selected()) == folded(asked)
}

fn has_actions(answer: &Employee, asked: &[Action]) -> bool {
    asked
        .iter()
        .all(|action| may(answer.actions(), &action.name) == action.allowed())
}

/// The names of what is not as it was asked.
#[derive(Default)]
pub(crate) struct Differ(Vec<&'static str>);

impl Differ {
    /// Notes a name unless the two agree.
    pub(crate) fn unless(&mut self, name: &'static str, agree: bool) {
        if !agree {
            self.0.push(name);
        }
    }

    /// Returns an error that names everything noted.
    pub(crate) fn result(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Protocol,
            "the platform answered with other values than it was asked for",
        )
        .with_effect(Effect::Applied)
        .with("fields", self.0.join(", ")))
    }
}
