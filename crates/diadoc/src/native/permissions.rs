//! What an employee may do with legally binding documents.
//!
//! A change is a patch by name: a right that is not named stays as it is, and is not sent, so that what somebody else has changed
//! meanwhile is not undone. <https://developer.kontur.ru/doc/diadoc-api>, `EmployeeToUpdate`. Checked 2026-11.

use std::collections::BTreeSet;

use kadry_core::{
    Back, Brake, Does, Error, ErrorKind, Look, NativeCall, Operation, Repeat, Result, Takes,
};
use serde_json::{Map, Value, json};

use super::departments::department_id;
use super::parameter::{USER, USERS, flag, help, many, taking, text};
use super::{as_asked, each_user, invalid, is_true};
use crate::names::{ACTIONS, LEVELS, SELECTED_DEPARTMENTS, SIGNING};
use crate::provider::Diadoc;

const LEVEL: &str = "DocumentAccessLevel";
const SELECTED: &str = "SelectedDepartmentIds";

pub(super) const SHOW: Operation = Operation {
    noun: "permissions",
    verb: "show",
    parameters: &[USER],
    help: help(
        "Show what an employee may do and which documents are seen",
        "Показать права сотрудника и доступные ему документы",
    ),
    example: "diadoc permissions show --userId anna@example.test",
    endpoint: "GET /GetEmployee",
    does: Does::Shows,
};

pub(super) const SET: Operation = Operation {
    noun: "permissions",
    verb: "set",
    parameters: &[
        USERS,
        flag(
            "CreateDocuments",
            "Create and edit documents",
            "Создание и редактирование документов",
        ),
        flag(
            "DeleteRestoreDocuments",
            "Delete and restore documents",
            "Удаление и восстановление документов",
        ),
        flag("SignDocuments", "Sign documents", "Подписание документов"),
        flag(
            "AddResolutions",
            "Approve documents",
            "Согласование документов",
        ),
        flag(
            "RequestResolutions",
            "Send documents for signing and approval",
            "Отправка на подписание и согласование",
        ),
        flag(
            "ManageCounteragents",
            "See and manage counteragents",
            "Работа с контрагентами",
        ),
        flag(
            "AttachUniversalMessages",
            "Send universal messages",
            "Отправка универсальных сообщений",
        ),
        flag(
            "UseGoskey",
            "Sign with a certificate of Госключ",
            "Подписание сертификатом Госключа",
        ),
        flag(
            "CreatePaymentOrders",
            "Create and send payment orders",
            "Создание и отправка платёжных поручений",
        ),
        taking(
            Takes::OneOf(&LEVELS),
            LEVEL,
            help("Whose documents are seen", "Какие документы доступны"),
        ),
        many(text(
            SELECTED,
            help(
                "All the departments whose documents are seen, by id or path, in place of those before",
                "Все подразделения, документы которых доступны, вместо прежних: id или путь",
            ),
        )),
    ],
    help: help(
        "Give and take rights of an employee; those that are not named stay as they are",
        "Дать или отнять права сотрудника; неназванные не меняются",
    ),
    example: "diadoc permissions set --userId anna@example.test --SignDocuments false --CreateDocuments true",
    endpoint: "POST /UpdateEmployee",
    does: Does::Writes {
        brakes: &[Brake::Grant, Brake::Revoke],
    },
};

/// Each right is given and taken for itself; the departments go with the level.
pub(super) const APART: &[&[&str]] = &[
    &["CreateDocuments"],
    &["DeleteRestoreDocuments"],
    &["SignDocuments"],
    &["AddResolutions"],
    &["RequestResolutions"],
    &["ManageCounteragents"],
    &["AttachUniversalMessages"],
    &["UseGoskey"],
    &["CreatePaymentOrders"],
    &[LEVEL, SELECTED],
];

/// Returns the rights that a call names, and whether each is given.
fn named(call: &NativeCall) -> Result<Vec<(&'static str, bool)>> {
    let given = ACTIONS
        .into_iter()
        .filter_map(|name| call.flag(name).map(|may| Some((name, may?))).transpose());
    given.collect()
}

/// Refuses a call that changes no right, and departments to see beside a level that shows other ones.
pub(super) fn check(call: &NativeCall) -> Result<()> {
    let (level, listed) = (call.one(LEVEL), !call.all(SELECTED).is_empty());
    if named(call)?.is_empty() && level.is_none() && !listed {
        let message = "no right to give or take was named";
        return Err(invalid(message).with("argument", ACTIONS[0]));
    }
    match level {
        Some(level) if listed && level != SELECTED_DEPARTMENTS => Err(needs_level()),
        Some(_) | None => Ok(()),
    }
}

fn needs_level() -> Error {
    invalid("departments to see need the access level SelectedDepartments")
        .with("argument", SELECTED)
        .with("reason", "departments-need-level")
}

impl Diadoc {
    /// Returns the rights of an employee; null if there is no such employee.
    pub(super) async fn rights(&self, user: &str) -> Result<Value> {
        let query = [("userId", user)];
        let mut employee = self.api.raw_if_there("/GetEmployee", &query).await?;
        let rights = employee.get_mut("Permissions").map(Value::take);
        Ok(rights.unwrap_or_default())
    }

    /// Returns what an employee may do, each right under its own name, as a change names it.
    pub(super) async fn rights_by_name(&self, user: &str) -> Result<Value> {
        let rights = self.rights(user).await?;
        let Value::Object(mut members) = rights else {
            return Ok(Value::Null);
        };
        let listed = Value::Object(members.clone());
        members.retain(|name, _| [LEVEL, SELECTED].contains(&name.as_str()));
        for name in ACTIONS {
            members.insert(name.to_owned(), may(&listed, name).into());
        }
        Ok(Value::Object(members))
    }

    pub(super) async fn show_rights(&self, call: &NativeCall) -> Result<Value> {
        let rights = self.rights(call.required("userId")?).await?;
        if rights.is_null() {
            return Err(Error::new(ErrorKind::NotFound, "the employee is not there"));
        }
        Ok(rights)
    }

    /// Returns one change for each employee, with the ids of departments.
    pub(super) async fn resolve_rights(&self, call: &NativeCall) -> Result<Vec<NativeCall>> {
        check(call)?;
        let mut call = call.clone();
        if let Some(typed) = call.arguments.get_mut(SELECTED) {
            let rows = self.api.raw_departments().await?;
            for typed in typed.iter_mut() {
                *typed = department_id(&rows, typed, SELECTED)?;
            }
            let mut known = BTreeSet::new();
            typed.retain(|id| known.insert(id.clone()));
        }
        let mut singles = Vec::new();
        for single in each_user(&call)? {
            let user = single.required("userId")?;
            if user.eq_ignore_ascii_case(&self.own_id) {
                return Err(
                    Error::new(ErrorKind::Conflict, "we do not change our own rights")
                        .with("reason", "own-record")
                        .with("employee.id", user),
                );
            }
            singles.push(self.fitting(single).await?);
        }
        Ok(singles)
    }

    /// Sees to it that the access level and the list of departments go together. What the platform makes of them otherwise is not
    /// documented. Checked 2026-11.
    async fn fitting(&self, mut call: NativeCall) -> Result<NativeCall> {
        let listed = !call.all(SELECTED).is_empty();
        let level = call.one(LEVEL).map(str::to_owned);
        match level.as_deref() {
            None if !listed => {}
            Some(SELECTED_DEPARTMENTS) if listed => {}
            Some(level) if level != SELECTED_DEPARTMENTS => {
                if listed {
                    return Err(needs_level());
                }
            }
            level => {
                let rights = self.rights(call.required("userId")?).await?;
                if level.is_none() {
                    if !has_level(&rights, SELECTED_DEPARTMENTS) {
                        return Err(needs_level());
                    }
                    return Ok(call);
                }
                let kept: Vec<String> = selected(&rights).into_iter().collect();
                if kept.is_empty() {
                    return Err(invalid(
                        "the access level SelectedDepartments needs the departments to see",
                    )
                    .with("argument", LEVEL)
                    .with("reason", "level-needs-departments"));
                }
                call.arguments.insert(SELECTED.to_owned(), kept);
            }
        }
        Ok(call)
    }

    /// Changes the rights of one employee and returns the employee.
    ///
    /// # Repeats
    ///
    /// Values are absolute: the same change again changes nothing.
    pub(super) async fn write_rights(&self, call: &NativeCall) -> Result<Value> {
        let user = call.required("userId")?;
        let body = json!({ "Permissions": patch(call)? });
        let answer = self
            .api
            .raw_write(
                "/UpdateEmployee",
                Repeat::Safe,
                &[("userId", user)],
                Some(&body),
            )
            .await?;
        let shown = answer.pointer("/User/UserId").and_then(Value::as_str);
        let is_theirs = shown.is_none_or(|id| id.eq_ignore_ascii_case(user));
        let look = match answer.get("Permissions").filter(|_| is_theirs) {
            Some(rights) => stands(call, rights),
            None => Look::Absent,
        };
        as_asked(look)?;
        Ok(answer)
    }
}

/// Returns what is sent: exactly what was named.
fn patch(call: &NativeCall) -> Result<Value> {
    let mut patch = Map::new();
    let actions = named(call)?;
    if !actions.is_empty() {
        let actions = actions.into_iter();
        let rows: Vec<Value> = actions
            .map(|(name, may)| json!({"Name": name, "IsAllowed": may}))
            .collect();
        patch.insert("Actions".to_owned(), Value::Array(rows));
    }
    if let Some(level) = call.one(LEVEL) {
        patch.insert(LEVEL.to_owned(), json!({ LEVEL: level }));
    }
    let selected = call.all(SELECTED);
    if !selected.is_empty() {
        let selected = json!({ SELECTED: selected });
        patch.insert("SelectedDepartments".to_owned(), selected);
    }
    Ok(Value::Object(patch))
}

pub(super) fn stands(call: &NativeCall, now: &Value) -> Look {
    let Ok(named) = named(call) else {
        return Look::CannotTell;
    };
    let asked = call.all(SELECTED).iter().map(|id| id.to_lowercase());
    let asked: BTreeSet<String> = asked.collect();
    let stands = !now.is_null()
        && named.iter().all(|(name, given)| may(now, name) == *given)
        && call.one(LEVEL).is_none_or(|level| has_level(now, level))
        && (asked.is_empty() || asked == selected(now));
    if stands { Look::Found } else { Look::Absent }
}

/// Reports whether nothing is left after a change that one signs with.
pub(super) fn takes_signing(call: &NativeCall, now: Option<&Value>) -> bool {
    let named = named(call).unwrap_or_default();
    let given = |right: &str| named.iter().find(|(name, _)| *name == right);
    let takes = |right: &&str| given(right).is_some_and(|(_, may)| !may);
    let stays = |right: &&str| match (given(right), now) {
        (Some((_, may)), _) => *may,
        (None, Some(now)) => may(now, right),
        (None, None) => false,
    };
    SIGNING.iter().any(takes) && !SIGNING.iter().any(stays)
}

/// Returns the change that gives the rights back as they were, as far as they are known.
pub(super) fn back(call: &NativeCall, before: &Value) -> Back {
    let (Some(user), Ok(named)) = (call.one("userId"), named(call)) else {
        return Back::default();
    };
    let mut back = NativeCall::new(&call.operation).with("userId", user);
    let mut stays = Vec::new();
    for (name, _) in named {
        back = back.with(name, may(before, name).to_string());
    }
    let level = before.get(LEVEL).and_then(Value::as_str);
    match level {
        Some(level) if call.one(LEVEL).is_some() => back = back.with(LEVEL, level),
        None if call.one(LEVEL).is_some() => stays.push(LEVEL),
        Some(_) | None => {}
    }
    let is_about_places = call.one(LEVEL).is_some() || !call.all(SELECTED).is_empty();
    // With another level the list means nothing.
    if is_about_places && level == Some(SELECTED_DEPARTMENTS) {
        let before = selected(before);
        if before.is_empty() {
            stays.push(SELECTED);
        }
        back = before
            .into_iter()
            .fold(back, |back, id| back.with(SELECTED, id));
    }
    let changes_any = back.arguments.len() > 1;
    Back::from(changes_any.then_some(back)).except(&stays)
}

/// Reports whether a right is given; one that is not listed is not.
fn may(rights: &Value, name: &str) -> bool {
    if let Some(flag) = rights.get(name) {
        return is_true(Some(flag));
    }
    let listed = rights.get("Actions").and_then(Value::as_array);
    let row = listed
        .into_iter()
        .flatten()
        .find(|row| row.get("Name").and_then(Value::as_str) == Some(name));
    is_true(row.and_then(|row| row.get("IsAllowed")))
}

fn has_level(rights: &Value, level: &str) -> bool {
    rights.get(LEVEL).and_then(Value::as_str) == Some(level)
}

fn selected(rights: &Value) -> BTreeSet<String> {
    let listed = rights.get(SELECTED).and_then(Value::as_array);
    let ids = listed.into_iter().flatten().filter_map(Value::as_str);
    ids.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_can_be_taken_back_for_itself() {
        let names = APART.iter().flat_map(|group| group.iter().copied());
        let names: Vec<&str> = names.collect();
        assert_eq!(names, [&ACTIONS[..], &[LEVEL, SELECTED]].concat());
    }

    #[test]
    fn what_was_not_shown_before_stays_and_the_rest_goes_back() {
        let call = NativeCall::new("permissions set")
            .with("userId", "u")
            .with("SignDocuments", "true")
            .with(LEVEL, "AllDocuments");
        let sign = NativeCall::new("permissions set")
            .with("userId", "u")
            .with("SignDocuments", "false");
        let before = json!({ "SignDocuments": false });
        let part = Back::from(sign.clone()).except(&[LEVEL]);
        assert_eq!(back(&call, &before), part);
        let before =
            json!({ "SignDocuments": false, LEVEL: SELECTED_DEPARTMENTS, SELECTED: ["d"] });
        let whole = sign.with(LEVEL, SELECTED_DEPARTMENTS).with(SELECTED, "d");
        assert_eq!(back(&call, &before), whole.into());
    }

    #[test]
    fn a_change_takes_signing_when_nothing_is_left_to_sign_with() {
        let set = |name: &str, may: &str| NativeCall::new("permissions set").with(name, may);
        let (signs, both) = (
            json!({ "SignDocuments": true, "UseGoskey": false }),
            json!({ "SignDocuments": true, "UseGoskey": true }),
        );
        let none = set("SignDocuments", "false");
        assert!(takes_signing(&none, None) && takes_signing(&none, Some(&signs)));
        assert!(!takes_signing(&none, Some(&both)));
        assert!(takes_signing(&none.with("UseGoskey", "false"), Some(&both)));
        assert!(!takes_signing(&set("SignDocuments", "true"), Some(&signs)));
        assert!(!takes_signing(
            &set("CreateDocuments", "false"),
            Some(&signs)
        ));
    }
}
