//! Subscriptions: which mails an employee gets.

use std::collections::BTreeMap;

use super::call::{Answer, Call, Refusal};
use super::company::{Company, SUBSCRIPTIONS, UserKey};
use super::proto;

pub(super) fn list(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = call.subject_in_reach(company)?;
    Ok(shown(company, user))
}

pub(super) fn update(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = call.subject_in_reach(company)?;
    let body = call.message();
    body.only(&["Subscriptions"])?;
    let mut changes = BTreeMap::new();
    for subscription in body.messages("Subscriptions")? {
        subscription.only(&["Id", "IsSubscribed"])?;
        let id = subscription.required_text("Id")?;
        let on = subscription.required_flag("IsSubscribed")?;
        match SUBSCRIPTIONS.into_iter().find(|known| *known == id) {
            Some(known) => {
                changes.insert(known, on);
            }
            None => subscription.undocumented("an unknown id of a subscription")?,
        }
    }
    if let Some(employee) = company.employee_mut(user) {
        employee.subscriptions.extend(changes);
    }
    Ok(shown(company, user))
}

fn shown(company: &Company, user: UserKey) -> Answer {
    let subscriptions = SUBSCRIPTIONS
        .iter()
        .map(|id| proto::Subscription {
            id: (*id).to_owned(),
            is_subscribed: company
                .employee(user)
                .is_some_and(|employee| employee.subscriptions.get(id) == Some(&true)),
        })
        .collect();
    Answer::of(proto::EmployeeSubscriptions { subscriptions })
}
