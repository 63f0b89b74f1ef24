//! The box as tests see it: names that read like the seed records, and nothing that Diadoc would hide.

use serde_json::{Value, json};

use super::company::{Attached, Company, Employee, HEAD, Power, SUBSCRIPTIONS};

/// Shows everything, each list in its order of creation.
pub(super) fn show(company: &Company) -> Value {
    let employees: Vec<Value> = company
        .employees
        .iter()
        .filter_map(|one| employee(company, one))
        .collect();
    let departments: Vec<Value> = company
        .departments
        .iter()
        .map(|one| {
            json!({
                "id": one.id,
                "name": one.name,
                "abbreviation": one.abbreviation,
                "parent": (one.parent != HEAD).then(|| company.department_name(&one.parent)),
                "kpp": one.kpp,
            })
        })
        .collect();
    let users: Vec<Value> = company
        .users
        .iter()
        .map(|one| {
            json!({
                "user_id": one.id,
                "login": one.login,
                "last_name": one.name.last,
                "first_name": one.name.first,
                "middle_name": one.name.middle,
                "registered": one.registered,
            })
        })
        .collect();
    let mails: Vec<Value> = company
        .mails
        .iter()
        .map(|mail| json!({ "to": mail.to, "about": mail.about, "at_ms": mail.at_ms }))
        .collect();
    let powers: Vec<Value> = company.powers.iter().map(power).collect();
    let registrations: Vec<Value> = company
        .registrations
        .iter()
        .map(|one| json!({ "task_id": one.task, "done_ms": one.done_ms }))
        .collect();
    json!({
        "box_id": company.box_id,
        "employees": employees,
        "departments": departments,
        "users": users,
        "powers_of_attorney": powers,
        "registrations": registrations,
        "mails": mails,
    })
}

fn employee(company: &Company, one: &Employee) -> Option<Value> {
    let user = company.user(one.user)?;
    let allowed: Vec<&str> = one
        .actions
        .iter()
        .filter(|(_, allowed)| **allowed)
        .map(|(name, _)| *name)
        .collect();
    let subscriptions: Vec<&str> = SUBSCRIPTIONS
        .into_iter()
        .filter(|id| one.subscriptions.get(id) == Some(&true))
        .collect();
    let selected: Vec<&str> = one
        .selected
        .iter()
        .map(|id| company.department_name(id))
        .collect();
    let attached: Vec<Value> = one
        .attached
        .iter()
        .filter_map(|attached| show_attached(company, attached))
        .collect();
    Some(json!({
        "user_id": user.id,
        "login": user.login,
        "last_name": user.name.last,
        "first_name": user.name.first,
        "middle_name": user.name.middle,
        "registered": user.registered,
        "position": one.position,
        "department": company.department_name(&one.department),
        "administrator": one.administrator,
        "blocked": one.blocked,
        "comment": one.comment,
        "external_id": one.external_id,
        "access_level": one.level.name(),
        "selected_departments": selected,
        "actions": allowed,
        "can_be_invited_for_chat": one.chat,
        "subscriptions": subscriptions,
        "powers_of_attorney": attached.len(),
        "attached": attached,
        "created_ms": one.created_ms,
    }))
}

fn show_attached(company: &Company, attached: &Attached) -> Option<Value> {
    let mut shown = power(company.powers.get(attached.power)?);
    if let Value::Object(members) = &mut shown {
        members.insert("default".to_owned(), Value::Bool(attached.default));
    }
    Some(shown)
}

fn power(power: &Power) -> Value {
    json!({
        "registration_number": power.registration_number,
        "issuer_inn": power.issuer_inn,
        "representative_inn": power.representative_inn,
        "expire_ms": power.expire_ms,
        "revoked": power.revoked,
        "known_ms": power.known_ms,
    })
}
