//! Methods of another day, which name the organisation and not its box, or put into the query what is a body now.

use super::call::{Answer, Call, Refusal, guid};
use super::company::Company;
use super::{departments, organizations, powers, proto};

pub(super) fn my_user(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = company
        .user(call.caller)
        .ok_or_else(|| Refusal::not_found("User is not found"))?;
    Ok(Answer::of(proto::User {
        id: Some(user.id.clone()),
        last_name: Some(user.name.last.clone()),
        first_name: Some(user.name.first.clone()),
        middle_name: user.name.middle.clone(),
    }))
}

pub(super) fn my_permissions(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    organization(company, call)?;
    company
        .employee(call.caller)
        .map(|employee| Answer::of(organizations::permissions(employee)))
        .ok_or_else(|| Refusal::not_found("Employee is not found"))
}

pub(super) fn organization_users(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    organization(company, call)?;
    organizations::users(company, call)
}

pub(super) fn department(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    organization(company, call)?;
    departments::one(company, call)
}

pub(super) fn attach(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = powers::subject(company, call)?;
    let power = power(company, call)?;
    powers::attach_one(company, call, user, power)
}

pub(super) fn update(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    call.message().only(&["IsDefaultPatch"])?;
    let user = powers::subject(company, call)?;
    let power = power(company, call)?;
    powers::update_one(company, call, user, power)
}

pub(super) fn detach(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = powers::subject(company, call)?;
    let power = power(company, call)?;
    powers::detach_one(company, user, power)
}

/// Checks that `orgId` is the organisation of the box, and that the caller may enter it.
fn organization(company: &Company, call: &Call) -> Result<(), Refusal> {
    let sent = call
        .query
        .get("orgId")
        .ok_or_else(|| Refusal::bad("Could not get orgId from query param"))?;
    let id = guid(sent)
        .ok_or_else(|| Refusal::bad(format!("OrgId field is not valid organization id: {sent}")))?;
    let is_inside = company
        .employee(call.caller)
        .is_some_and(|employee| !employee.blocked);
    if id == company.organization_id && is_inside {
        return Ok(());
    }
    Err(Refusal::new(
        axum::http::StatusCode::FORBIDDEN,
        format!("Access to Organization [{id}] is denied"),
    ))
}

/// Finds the power of attorney that the query names.
fn power(company: &Company, call: &Call) -> Result<usize, Refusal> {
    let given = |name: &str| {
        call.query
            .get(name)
            .ok_or_else(|| Refusal::bad(format!("Could not get {name} from query param")))
    };
    let number = guid(given("registrationNumber")?);
    let issuer = given("issuerInn")?;
    company
        .powers
        .iter()
        .position(|power| {
            number.as_ref() == Some(&power.registration_number)
                && power.issuer_inn == issuer
                && power.is_known(call.now_ms)
        })
        .ok_or_else(powers::not_found)
}
