//! Subscriptions: which mails an employee gets.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal};
use super::company::{Company, SUBSCRIPTIONS, UserKey};

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
    let subscriptions: Vec<Value> = SUBSCRIPTIONS
        .iter()
        .map(|id| {
            let on = company
                .employee(user)
                .is_some_and(|employee| employee.subscriptions.get(id) == Some(&true));
            json!({ "Id": id, "IsSubscribed": on })
        })
        .collect();
    Answer::Json(json!({ "Subscriptions": subscriptions }))
}
