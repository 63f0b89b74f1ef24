//! The mails that an employee gets.

use kadry_core::{Brake, Does, Look, NativeCall, Operation, Repeat, Result};
use serde_json::{Value, json};

use super::parameter::{USER, USERS, flag, help};
use super::{as_asked, each_user, invalid, is_true};
use crate::names::SUBSCRIPTIONS;
use crate::provider::Diadoc;

pub(super) const SHOW: Operation = Operation {
    noun: "subscriptions",
    verb: "show",
    parameters: &[USER],
    help: help(
        "Show which mails an employee gets",
        "Показать, какие письма получает сотрудник",
    ),
    example: "diadoc subscriptions show --userId anna@example.test",
    endpoint: "GET /GetSubscriptions",
    does: Does::Shows,
};

pub(super) const SET: Operation = Operation {
    noun: "subscriptions",
    verb: "set",
    parameters: &[
        USERS,
        flag(
            "CounteragentInvitation",
            "Invitations of counteragents",
            "Приглашения контрагентов",
        ),
        flag(
            "CounteragentInvitationResponses",
            "Answers of counteragents to invitations",
            "Ответы контрагентов на приглашения",
        ),
        flag(
            "NewIncomingDocuments",
            "New incoming documents",
            "Новые входящие документы",
        ),
        flag(
            "CounteragentSignatures",
            "Signatures of counteragents",
            "Подписи контрагентов",
        ),
        flag(
            "CounteragentSignatureDenials",
            "Counteragents that refuse to sign",
            "Отказы контрагентов в подписи",
        ),
        flag(
            "ResolutionRequests",
            "Documents to sign or approve",
            "Документы на подписание и согласование",
        ),
        flag(
            "ResolutionResults",
            "Results of approval",
            "Результаты согласования",
        ),
        flag(
            "EmployeeRequests",
            "New people who ask for access",
            "Запросы доступа новых пользователей",
        ),
        flag("News", "News of the service", "Новости сервиса"),
        flag("ChatMessages", "Messages of the chat", "Сообщения чата"),
    ],
    help: help(
        "Turn mails of an employee on and off; those that are not named stay as they are",
        "Включить или выключить письма сотрудника; неназванные не меняются",
    ),
    example: "diadoc subscriptions set --userId anna@example.test --News true --ChatMessages false",
    endpoint: "POST /UpdateSubscriptions",
    does: Does::Writes {
        brakes: &[Brake::Grant, Brake::Revoke],
    },
};

/// Each mail is turned on and off for itself.
pub(super) const APART: &[&[&str]] = &[
    &["CounteragentInvitation"],
    &["CounteragentInvitationResponses"],
    &["NewIncomingDocuments"],
    &["CounteragentSignatures"],
    &["CounteragentSignatureDenials"],
    &["ResolutionRequests"],
    &["ResolutionResults"],
    &["EmployeeRequests"],
    &["News"],
    &["ChatMessages"],
];

/// Returns the mails that a call names, and whether each should go out.
fn named(call: &NativeCall) -> Result<Vec<(&'static str, bool)>> {
    let given = SUBSCRIPTIONS
        .into_iter()
        .filter_map(|name| call.flag(name).map(|on| Some((name, on?))).transpose());
    given.collect()
}

/// Refuses a call that names no mail.
pub(super) fn check(call: &NativeCall) -> Result<()> {
    if named(call)?.is_empty() {
        let message = "no mail to turn on or off was named";
        return Err(invalid(message).with("argument", SUBSCRIPTIONS[0]));
    }
    Ok(())
}

pub(super) fn resolve(call: &NativeCall) -> Result<Vec<NativeCall>> {
    check(call)?;
    each_user(call)
}

pub(super) fn stands(call: &NativeCall, now: &Value) -> Look {
    let Ok(named) = named(call) else {
        return Look::CannotTell;
    };
    let as_asked = |(name, on): &(&str, bool)| is_on(now, name) == *on;
    if !now.is_null() && named.iter().all(as_asked) {
        Look::Found
    } else {
        Look::Absent
    }
}

/// Reports whether a mail goes out; one that is not listed does not.
fn is_on(shown: &Value, name: &str) -> bool {
    let listed = shown.get("Subscriptions").and_then(Value::as_array);
    let row = listed
        .into_iter()
        .flatten()
        .find(|row| row.get("Id").and_then(Value::as_str) == Some(name));
    is_true(row.and_then(|row| row.get("IsSubscribed")))
}

pub(super) fn back(call: &NativeCall, before: &Value) -> Option<NativeCall> {
    let mut back = NativeCall::new(&call.operation).with("userId", call.one("userId")?);
    let changed = named(call)
        .ok()?
        .into_iter()
        .filter(|(name, on)| is_on(before, name) != *on);
    let mut any = false;
    for (name, on) in changed {
        back = back.with(name, (!on).to_string());
        any = true;
    }
    any.then_some(back)
}

impl Diadoc {
    /// Turns mails of one employee on and off and returns all of them.
    ///
    /// # Repeats
    ///
    /// Values are absolute: the same change again changes nothing.
    pub(super) async fn write_subscriptions(&self, call: &NativeCall) -> Result<Value> {
        let named = named(call)?.into_iter();
        let rows: Vec<Value> = named
            .map(|(name, on)| json!({"Id": name, "IsSubscribed": on}))
            .collect();
        let user = call.required("userId")?;
        let answer = self
            .api
            .raw_write(
                "/UpdateSubscriptions",
                Repeat::Safe,
                &[("userId", user)],
                Some(&json!({ "Subscriptions": rows })),
            )
            .await?;
        as_asked(stands(call, &answer))?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_can_be_taken_back_for_itself() {
        let names: Vec<&str> = APART
            .iter()
            .flat_map(|group| group.iter().copied())
            .collect();
        assert_eq!(names, SUBSCRIPTIONS);
    }
}
