//! Powers of attorney (МЧД) of employees: attaching and detaching, never issuing or revoking.

use super::body::Message;
use super::call::{Answer, Call, Refusal, guid};
use super::company::{Attached, Company, Employee, Power, UserKey};
use super::{proto, show};

/// How many powers of attorney that are or will be in force an employee may have.
const MOST_ATTACHED: usize = 100;
/// How many attachments an employee may get in a day.
const MOST_PER_DAY: usize = 50;

const HOUR_MS: i64 = 3_600_000;
/// Moscow's distance from UTC: the days of a power of attorney are Moscow's.
const MOSCOW_MS: i64 = 3 * HOUR_MS;

pub(super) fn list(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = subject(company, call)?;
    let only_actual = call.query.flag("onlyActual")?.unwrap_or_default();
    let powers_of_attorney = company
        .employee(user)
        .into_iter()
        .flat_map(|employee| &employee.attached)
        .filter_map(|attached| Some((attached, company.powers.get(attached.power)?)))
        .filter(|(_, power)| !only_actual || power.is_actual(call.now_ms))
        .map(|(attached, power)| show_attached(power, attached.default))
        .collect();
    Ok(Answer::of(proto::EmployeePowerOfAttorneyList {
        powers_of_attorney,
    }))
}

/// Attaches a power of attorney that Diadoc knows; one that is attached already stays so.
pub(super) fn attach(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = subject(company, call)?;
    let power = known(company, &call.message(), call.now_ms)?;
    attach_one(company, call, user, power)
}

pub(super) fn attach_one(
    company: &mut Company,
    call: &Call,
    user: UserKey,
    power: usize,
) -> Result<Answer, Refusal> {
    let known = holder(company, user)?;
    if let Some(attached) = find(known, power) {
        return shown(company, attached);
    }
    let in_force = known
        .attached
        .iter()
        .filter_map(|attached| company.powers.get(attached.power))
        .filter(|power| power.is_actual(call.now_ms))
        .count();
    let today = known
        .attachments_ms
        .iter()
        .filter(|at_ms| moscow_day(**at_ms) == moscow_day(call.now_ms))
        .count();
    if in_force >= MOST_ATTACHED || today >= MOST_PER_DAY {
        return Err(Refusal::conflict(
            "Limit of employee powers of attorney is exceeded",
        ));
    }
    let attached = Attached {
        power,
        default: false,
    };
    if let Some(employee) = company.employee_mut(user) {
        employee.attach(attached);
        employee.attachments_ms.push(call.now_ms);
    }
    shown(company, attached)
}

/// Makes a power of attorney the default one in place of the one before, or takes that mark away.
pub(super) fn update(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = subject(company, call)?;
    let body = call.message();
    body.only(&["PowerOfAttorneyFullId", "IsDefaultPatch"])?;
    let id = body
        .message("PowerOfAttorneyFullId")?
        .ok_or_else(|| Refusal::bad("PowerOfAttorneyFullId is required"))?;
    let power = known(company, &id, call.now_ms)?;
    update_one(company, call, user, power)
}

pub(super) fn update_one(
    company: &mut Company,
    call: &Call,
    user: UserKey,
    power: usize,
) -> Result<Answer, Refusal> {
    let body = call.message();
    let default = match body.message("IsDefaultPatch")? {
        Some(patch) => {
            patch.only(&["IsDefault"])?;
            Some(patch.required_flag("IsDefault")?)
        }
        None => None,
    };
    let mut attached = find(holder(company, user)?, power).ok_or_else(not_found)?;
    if let Some(default) = default {
        attached.default = default;
        for other in company
            .employee_mut(user)
            .into_iter()
            .flat_map(|employee| &mut employee.attached)
        {
            if other.power == power {
                other.default = default;
            } else if default {
                other.default = false;
            }
        }
    }
    shown(company, attached)
}

/// Takes a power of attorney off an employee; a second time changes nothing.
pub(super) fn detach(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = subject(company, call)?;
    let power = known(company, &call.message(), call.now_ms)?;
    detach_one(company, user, power)
}

pub(super) fn detach_one(
    company: &mut Company,
    user: UserKey,
    power: usize,
) -> Result<Answer, Refusal> {
    let known = holder(company, user)?;
    if find(known, power).is_none() && !known.detached.contains(&power) {
        return Err(not_found());
    }
    if let Some(employee) = company.employee_mut(user) {
        employee.attached.retain(|attached| attached.power != power);
        employee.detached.insert(power);
    }
    Ok(Answer::Nothing)
}

/// Finds whose powers of attorney are meant: without a `userId` the caller's own.
pub(super) fn subject(company: &Company, call: &Call) -> Result<UserKey, Refusal> {
    if call.query.get("userId").is_none() {
        return Ok(call.caller);
    }
    call.subject_in_reach(company)
}

pub(super) fn not_found() -> Refusal {
    Refusal::not_found("Power of attorney not found")
}

fn holder(company: &Company, user: UserKey) -> Result<&Employee, Refusal> {
    company.employee(user).ok_or_else(not_found)
}

fn find(employee: &Employee, power: usize) -> Option<Attached> {
    employee
        .attached
        .iter()
        .find(|attached| attached.power == power)
        .copied()
}

/// Finds the power of attorney that a `PowerOfAttorneyFullId` names, if Diadoc knows it.
fn known(company: &Company, sent: &Message<'_>, now_ms: i64) -> Result<usize, Refusal> {
    full_id(company, sent)?
        .filter(|index| {
            let power = company.powers.get(*index);
            power.is_some_and(|power| power.is_known(now_ms))
        })
        .ok_or_else(not_found)
}

/// Finds the power of attorney that a `PowerOfAttorneyFullId` names in the registry.
pub(super) fn full_id(company: &Company, sent: &Message<'_>) -> Result<Option<usize>, Refusal> {
    sent.only(&["RegistrationNumber", "IssuerInn", "RepresentativeInn"])?;
    let number = guid(sent.required_text("RegistrationNumber")?);
    let issuer = sent.required_text("IssuerInn")?;
    // The pages demand it, the vendor's own contract does not, and without it the rest decides.
    let representative = sent.text("RepresentativeInn")?;
    if representative.is_none() {
        sent.missing("RepresentativeInn")?;
    }
    Ok(company.powers.iter().position(|power| {
        number.as_ref() == Some(&power.registration_number)
            && power.issuer_inn == issuer
            && representative.is_none_or(|inn| inn == power.representative_inn)
    }))
}

fn moscow_day(unix_ms: i64) -> i64 {
    (unix_ms + MOSCOW_MS).div_euclid(24 * HOUR_MS)
}

fn shown(company: &Company, attached: Attached) -> Result<Answer, Refusal> {
    company
        .powers
        .get(attached.power)
        .map(|power| Answer::of(show_attached(power, attached.default)))
        .ok_or_else(not_found)
}

fn show_attached(power: &Power, is_default: bool) -> proto::EmployeePowerOfAttorney {
    proto::EmployeePowerOfAttorney {
        power_of_attorney: show_power(power),
        is_default,
    }
}

pub(super) fn show_power(power: &Power) -> proto::PowerOfAttorney {
    let person_name = show::full_name(&power.representative);
    let inn = power.representative_inn.clone();
    proto::PowerOfAttorney {
        full_id: proto::PowerOfAttorneyFullId {
            registration_number: power.registration_number.clone(),
            issuer_inn: power.issuer_inn.clone(),
            representative_inn: Some(inn.clone()),
        },
        issuer: proto::Issuer {
            r#type: Some(proto::IssuerType::LegalEntity.into()),
            legal_entity: Some(proto::IssuerLegalEntity {
                inn: power.issuer_inn.clone(),
                kpp: Company::KPP.to_owned(),
                organization_name: Company::FULL_NAME.to_owned(),
            }),
        },
        confidant: proto::Confidant {
            person_name: person_name.clone(),
            inn: inn.clone(),
        },
        start_at: proto::Timestamp::at(power.start_ms),
        expire_at: proto::Timestamp::at(power.expire_ms),
        delegation_chain: Vec::new(),
        permissions_info: proto::PermissionsInfo {
            permissions: vec![proto::Permissions {
                r#type: "text".to_owned(),
                text_permission: Some("Подписание первичных документов".to_owned()),
                machine_readable_permission: Vec::new(),
            }],
            joint_permissions: "personal".to_owned(),
        },
        representatives: vec![proto::Representative {
            r#type: Some(proto::RepresentativeType::RepresentativePhysicalEntity.into()),
            physical_entity: Some(proto::RepresentativePhysicalEntity {
                inn: Some(inn),
                person_name,
            }),
        }],
        start_at_by_moscow: by_moscow(power.start_ms),
        expire_at_by_moscow: by_moscow(power.expire_ms),
    }
}

fn by_moscow(unix_ms: i64) -> proto::DateTimeOffset {
    proto::DateTimeOffset {
        utc_ticks: proto::ticks(unix_ms),
        offset_ticks: MOSCOW_MS * 10_000,
    }
}
