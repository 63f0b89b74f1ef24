//! The caller, the organisation and its box.

use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, box_id, guid};
use super::company::{ACTIONS, Company, Employee};
use super::show;

pub(super) fn my_user(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    company
        .user(call.caller)
        .map(|user| Answer::Json(show::user(user)))
        .ok_or_else(|| Refusal::not_found("User is not found"))
}

/// Lists the organisation to its employees, blocked ones included.
pub(super) fn mine(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    // Left to its default this read can create an organisation or an employee for the caller.
    // https://developer.kontur.ru/doc/diadoc-api. Checked 2026-11.
    if call.query.flag("autoRegister")? != Some(false) {
        call.wire.undocumented(
            "GetMyOrganizations without autoRegister=false may register the caller",
        )?;
    }
    let mut found = Vec::new();
    if company.employee(call.caller).is_some() {
        let mut organization = organization(company);
        if let Value::Object(members) = &mut organization {
            members.insert("IsEmployee".to_owned(), Value::Bool(true));
        }
        found.push(organization);
    }
    Ok(Answer::Json(json!({ "Organizations": found })))
}

/// Looks an organisation up in the directory, which only knows this one.
pub(super) fn one(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let query = &call.query;
    let selectors = ["boxId", "orgId", "fnsParticipantId", "inn"];
    let given = selectors
        .iter()
        .filter(|name| query.get(name).is_some())
        .count();
    if given != 1 || (query.get("kpp").is_some() && query.get("inn").is_none()) {
        return Err(Refusal::bad(
            "Exactly one of boxId, orgId, fnsParticipantId and inn is required",
        ));
    }
    let mut found = true;
    if let Some(sent) = query.get("boxId") {
        found &= box_id(&call.wire, sent, false)? == company.box_id;
    }
    if let Some(sent) = query.get("orgId") {
        found &= guid(sent).as_ref() == Some(&company.organization_id);
    }
    if let Some(sent) = query.get("fnsParticipantId") {
        found &= sent == fns_participant_id(company);
    }
    if let Some(sent) = query.get("inn") {
        found &= sent == Company::INN;
    }
    if let Some(sent) = query.get("kpp") {
        found &= sent == Company::KPP;
    }
    if !found {
        return Err(Refusal::not_found("Organization is not found"));
    }
    Ok(Answer::Json(organization(company)))
}

pub(super) fn the_box(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let sent = call
        .query
        .get("boxId")
        .ok_or_else(|| Refusal::bad("Could not get boxId from query param"))?;
    let id = box_id(&call.wire, sent, false)?;
    if id != company.box_id {
        return Err(Refusal::not_found(format!("Box [{id}] is not found")));
    }
    let mut shown = show_box(company);
    if let Value::Object(members) = &mut shown {
        members.insert("Organization".to_owned(), organization(company));
    }
    Ok(Answer::Json(shown))
}

/// Lists registered employees only, in one page and without logins.
pub(super) fn users(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let users: Vec<Value> = company
        .employees_in_order()
        .into_iter()
        .filter_map(|employee| Some((employee, company.user(employee.user)?)))
        .filter(|(_, user)| user.registered)
        .map(|(employee, user)| {
            let name = &user.name;
            let parts = [&name.last, &name.first]
                .into_iter()
                .chain(&name.middle)
                .map(String::as_str);
            json!({
                "Id": user.id,
                "Name": parts.collect::<Vec<_>>().join(" "),
                "Permissions": user_permissions(employee),
                "Position": employee.position,
            })
        })
        .collect();
    let current = company.user(call.caller).map(|user| &user.id);
    Ok(Answer::Json(
        json!({ "Users": users, "CurrentUserId": current }),
    ))
}

fn user_permissions(employee: &Employee) -> Value {
    let mut permissions = serde_json::Map::new();
    permissions.insert("UserDepartmentId".into(), json!(employee.department));
    permissions.insert("IsAdministrator".into(), json!(employee.administrator));
    permissions.insert("DocumentAccessLevel".into(), json!(employee.level.name()));
    permissions.insert("SelectedDepartmentIds".into(), json!(employee.selected));
    permissions.insert("JobTitle".into(), json!(employee.position));
    for action in ACTIONS {
        let name = match action {
            "UseGoskey" => "CanUseGoskeyFL".to_owned(),
            other => format!("Can{other}"),
        };
        let allowed = employee.actions.get(action) == Some(&true);
        permissions.insert(name, json!(allowed));
    }
    permissions.insert(
        "AuthorizationPermission".into(),
        show::authorization(employee),
    );
    Value::Object(permissions)
}

fn organization(company: &Company) -> Value {
    let departments: Vec<Value> = company.departments.iter().map(show::department).collect();
    json!({
        "OrgIdGuid": company.organization_id,
        "OrgId": company.organization_id.replace('-', ""),
        "Inn": Company::INN,
        "Kpp": Company::KPP,
        "FullName": Company::FULL_NAME,
        "ShortName": Company::FULL_NAME,
        "Boxes": [show_box(company)],
        "Ogrn": Company::OGRN,
        "FnsParticipantId": fns_participant_id(company),
        "Address": { "RussianAddress": {
            "ZipCode": "000000", "Region": "77", "Territory": "", "City": "", "Locality": "",
            "Street": "улица Примерная", "Building": "1", "Block": "", "Apartment": "",
        }},
        "Departments": departments,
        "IfnsCode": "9600",
        "IsPilot": false,
        "IsActive": true,
        "IsTest": true,
        "IsBranch": false,
        "IsRoaming": false,
        "IsEmployee": false,
        "InvitationCount": 0,
        "SearchCount": 0,
        "Sociability": "AllOrganizations",
        "IsForeign": false,
        "HasCertificateToSign": true,
        "OrganizationType": "Juridical",
        "JoinedDiadocTreaty": true,
        "ReadyForEpdStatus": "UndefinedEpdStatus",
    })
}

fn show_box(company: &Company) -> Value {
    let digits = company.box_id.replace('-', "");
    json!({
        "BoxId": format!("{digits}@diadoc.ru"),
        "BoxIdGuid": company.box_id,
        "Title": Company::FULL_NAME,
        "InvoiceFormatVersion": "v5_02",
        "EncryptedDocumentsAllowed": false,
    })
}

/// Returns the id of the organisation as a participant of the exchange: `2BM-` is Diadoc's mark.
fn fns_participant_id(company: &Company) -> String {
    format!("2BM-{}-{}", Company::INN, company.organization_id)
}
