//! The caller, the organisation and its box.

use super::call::{Answer, Call, Refusal, box_id, guid};
use super::company::{Company, Employee};
use super::{proto, show};

pub(super) fn my_user(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    company
        .user(call.caller)
        .map(|user| Answer::of(show::user(user)))
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
    let employed = company.employee(call.caller).map(|_| proto::Organization {
        is_employee: Some(true),
        ..organization(company)
    });
    Ok(Answer::of(proto::OrganizationList {
        organizations: employed.into_iter().collect(),
    }))
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
    Ok(Answer::of(organization(company)))
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
    Ok(Answer::of(proto::DiadocBox {
        organization: Some(organization(company)),
        ..show_box(company)
    }))
}

/// Lists registered employees only, in one page and without logins.
pub(super) fn users(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let users = company
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
            proto::OrganizationUser {
                id: user.id.clone(),
                name: parts.collect::<Vec<_>>().join(" "),
                permissions: permissions(employee),
                position: employee.position.clone(),
            }
        })
        .collect();
    Ok(Answer::of(proto::OrganizationUsersList {
        users,
        current_user_id: company
            .user(call.caller)
            .map(|user| user.id.clone())
            .unwrap_or_default(),
    }))
}

pub(super) fn permissions(employee: &Employee) -> proto::OrganizationUserPermissions {
    proto::OrganizationUserPermissions {
        user_department_id: employee.department.clone(),
        is_administrator: employee.administrator,
        document_access_level: Some(employee.level.into()),
        can_sign_documents: employee.may("SignDocuments"),
        can_manage_counteragents: employee.may("ManageCounteragents"),
        can_add_resolutions: employee.may("AddResolutions"),
        can_request_resolutions: employee.may("RequestResolutions"),
        selected_department_ids: employee.selected.clone(),
        job_title: Some(employee.position.clone()),
        can_create_documents: employee.may("CreateDocuments"),
        authorization_permission: show::authorization(employee),
        can_delete_restore_documents: employee.may("DeleteRestoreDocuments"),
        can_attach_universal_messages: employee.may("AttachUniversalMessages"),
        can_use_goskey_fl: Some(employee.may("UseGoskey")),
        can_create_payment_orders: Some(employee.may("CreatePaymentOrders")),
    }
}

fn organization(company: &Company) -> proto::Organization {
    let departments = company.departments.iter().map(show::department).collect();
    let empty = Some(String::new());
    proto::Organization {
        org_id: company.organization_id.replace('-', ""),
        inn: Company::INN.to_owned(),
        kpp: Some(Company::KPP.to_owned()),
        full_name: Company::FULL_NAME.to_owned(),
        short_name: Some(Company::FULL_NAME.to_owned()),
        boxes: vec![show_box(company)],
        ogrn: Some(Company::OGRN.to_owned()),
        fns_participant_id: Some(fns_participant_id(company)),
        address: Some(proto::Address {
            russian_address: Some(proto::RussianAddress {
                zip_code: Some("000000".to_owned()),
                region: "77".to_owned(),
                territory: empty.clone(),
                city: empty.clone(),
                locality: empty.clone(),
                street: Some("улица Примерная".to_owned()),
                building: Some("1".to_owned()),
                block: empty.clone(),
                apartment: empty,
                other_information: None,
            }),
            foreign_address: None,
            address_code: None,
        }),
        departments,
        ifns_code: Some("9600".to_owned()),
        is_pilot: Some(false),
        is_active: Some(true),
        is_test: Some(true),
        is_branch: Some(false),
        is_roaming: Some(false),
        is_employee: Some(false),
        invitation_count: Some(0),
        search_count: Some(0),
        sociability: proto::Sociability::AllOrganizations.into(),
        is_foreign: Some(false),
        has_certificate_to_sign: Some(true),
        organization_type: proto::OrganizationType::Juridical.into(),
        ready_for_epd_status: proto::ReadyForEpdStatus::UndefinedEpdStatus.into(),
    }
}

fn show_box(company: &Company) -> proto::DiadocBox {
    let digits = company.box_id.replace('-', "");
    proto::DiadocBox {
        box_id: format!("{digits}@diadoc.ru"),
        title: Company::FULL_NAME.to_owned(),
        organization: None,
        invoice_format_version: Some(proto::InvoiceFormatVersion::V502.into()),
        encrypted_documents_allowed: Some(false),
        box_id_guid: company.box_id.clone(),
    }
}

/// Returns the id of the organisation as a participant of the exchange: `2BM-` is Diadoc's mark.
fn fns_participant_id(company: &Company) -> String {
    format!("2BM-{}-{}", Company::INN, company.organization_id)
}
