//! Departments: the tree under the head department.

use super::body::Message;
use super::call::{Answer, Call, Refusal, guid};
use super::company::{Company, Department, HEAD};
use super::{proto, show};

pub(super) fn list(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let page = call.query.number("page", 1..=usize::MAX, 1)?;
    let count = call.query.number("count", 1..=100, 100)?;
    let others = company.departments.iter().map(show::admin_department);
    let departments = std::iter::once(show::admin_head())
        .chain(others)
        .skip((page - 1).saturating_mul(count))
        .take(count)
        .collect();
    Ok(Answer::of(proto::DepartmentList {
        departments,
        total_count: show::count(company.departments.len() + 1),
    }))
}

/// Shows one department as a part of the organisation.
pub(super) fn one(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let id = target(company, call)?;
    Ok(Answer::of(
        company
            .department(&id)
            .map_or_else(show::head, show::department),
    ))
}

/// Shows one department as the list does.
pub(super) fn admin_one(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let id = target(company, call)?;
    Ok(Answer::of(
        company
            .department(&id)
            .map_or_else(show::admin_head, show::admin_department),
    ))
}

pub(super) fn create(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let body = call.message();
    body.only(&[
        "ParentDepartmentId",
        "Name",
        "Abbreviation",
        "Kpp",
        "Address",
        "Routing",
    ])?;
    let mut department = Department {
        id: String::new(),
        parent: parent(company, body.text("ParentDepartmentId")?.unwrap_or(HEAD))?,
        name: name(&body)?,
        abbreviation: body.required_text("Abbreviation")?.to_owned(),
        kpp: kpp(&body)?,
        address: address(&body)?,
        routes_by_kpp: false,
        routes_by_address: false,
        created_ms: call.now_ms,
    };
    match body.message("Routing")? {
        Some(sent) => routing(&sent, &mut department)?,
        None => body.missing("Routing")?,
    }
    check(company, &department)?;
    department.id = company.mint();
    let shown = show::admin_department(&department);
    company.departments.push(department);
    Ok(Answer::of(shown))
}

/// Changes a department, or refuses the patch as a whole.
pub(super) fn update(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let id = target(company, call)?;
    let body = call.message();
    body.only(&[
        "ParentDepartment",
        "DepartmentNaming",
        "Kpp",
        "Address",
        "Routing",
    ])?;
    let Some(at) = company.departments.iter().position(|one| one.id == id) else {
        return Err(Refusal::conflict("Can't change head department"));
    };
    let mut department = company.departments[at].clone();
    if let Some(sent) = body.message("ParentDepartment")? {
        sent.only(&["ParentDepartmentId"])?;
        department.parent = parent(company, sent.required_text("ParentDepartmentId")?)?;
        if is_within(company, &department.parent, &id) {
            return Err(Refusal::conflict(
                "Parent is the department itself or its descendant",
            ));
        }
    }
    if let Some(sent) = body.message("DepartmentNaming")? {
        sent.only(&["Name", "Abbreviation"])?;
        department.name = name(&sent)?;
        department.abbreviation = sent.required_text("Abbreviation")?.to_owned();
    }
    if let Some(sent) = body.message("Kpp")? {
        sent.only(&["Kpp"])?;
        department.kpp = kpp(&sent)?;
    }
    if let Some(sent) = body.message("Address")? {
        sent.only(&["Address"])?;
        department.address = address(&sent)?;
    }
    if let Some(sent) = body.message("Routing")? {
        routing(&sent, &mut department)?;
    }
    check(company, &department)?;
    let shown = show::admin_department(&department);
    company.departments[at] = department;
    Ok(Answer::of(shown))
}

pub(super) fn delete(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let id = target(company, call)?;
    let children = company.departments.iter().any(|one| one.parent == id);
    let employees = company.employees.iter().any(|one| one.department == id);
    let why = if id == HEAD {
        "Can't delete head department"
    } else if children {
        "Can't delete department with subdepartments"
    } else if employees {
        "Can't delete department with employees or documents"
    } else {
        company.departments.retain(|one| one.id != id);
        for employee in &mut company.employees {
            employee.selected.retain(|selected| *selected != id);
        }
        return Ok(Answer::Nothing);
    };
    Err(Refusal::conflict(why))
}

/// Finds the department that `departmentId` names; the head department has no record of its own.
fn target(company: &Company, call: &Call) -> Result<String, Refusal> {
    let Some(sent) = call.query.get("departmentId") else {
        return Err(Refusal::bad("Could not get departmentId from query param"));
    };
    let id = guid(sent).ok_or_else(|| {
        Refusal::bad(format!(
            "DepartmentId field is not valid department id: {sent}"
        ))
    })?;
    if company.has_department(&id) {
        Ok(id)
    } else {
        Err(not_found(&id))
    }
}

fn parent(company: &Company, sent: &str) -> Result<String, Refusal> {
    guid(sent)
        .filter(|id| company.has_department(id))
        .ok_or_else(|| not_found(sent))
}

fn not_found(id: &str) -> Refusal {
    Refusal::not_found(format!("Department [{id}] is not found"))
}

/// Reports whether `id` is `ancestor` or lies somewhere under it.
fn is_within(company: &Company, id: &str, ancestor: &str) -> bool {
    let mut at = Some(id);
    while let Some(id) = at {
        if id == ancestor {
            return true;
        }
        at = company.department(id).map(|one| one.parent.as_str());
    }
    false
}

/// Refuses a department whose КПП is taken, or whose routing has nothing to go by.
fn check(company: &Company, department: &Department) -> Result<(), Refusal> {
    if department.routes_by_kpp && department.kpp.is_none() {
        return Err(Refusal::bad("Kpp is required for routing by Kpp"));
    }
    if department.routes_by_address && department.address.is_none() {
        return Err(Refusal::bad("Address is required for routing by Address"));
    }
    let taken = company.departments.iter().any(|other| {
        other.id != department.id && other.kpp.is_some() && other.kpp == department.kpp
    });
    if taken {
        return Err(Refusal::conflict("Kpp is used by another department"));
    }
    Ok(())
}

fn name(sent: &Message<'_>) -> Result<String, Refusal> {
    let name = sent.required_text("Name")?.trim();
    if name.is_empty() {
        return Err(Refusal::bad("Name is required"));
    }
    Ok(name.to_owned())
}

fn kpp(sent: &Message<'_>) -> Result<Option<String>, Refusal> {
    let kpp = sent.text("Kpp")?.filter(|kpp| !kpp.is_empty());
    Ok(kpp.map(str::to_owned))
}

fn routing(sent: &Message<'_>, department: &mut Department) -> Result<(), Refusal> {
    sent.only(&["Kpp", "Address"])?;
    department.routes_by_kpp = sent.required_flag("Kpp")?;
    department.routes_by_address = sent.required_flag("Address")?;
    Ok(())
}

/// Reads an address. The one in the state's register of addresses is not kept.
fn address(sent: &Message<'_>) -> Result<Option<proto::Address>, Refusal> {
    let Some(address) = sent.message("Address")? else {
        return Ok(None);
    };
    address.only(&["RussianAddress", "ForeignAddress", "AddressCode"])?;
    let russian = address.message("RussianAddress")?;
    let foreign = address.message("ForeignAddress")?;
    if russian.is_some() == foreign.is_some() {
        return Err(Refusal::bad(
            "Address is either RussianAddress or ForeignAddress",
        ));
    }
    Ok(Some(proto::Address {
        russian_address: russian.as_ref().map(russian_address).transpose()?,
        foreign_address: foreign.as_ref().map(foreign_address).transpose()?,
        address_code: address.text("AddressCode")?.map(str::to_owned),
    }))
}

fn russian_address(sent: &Message<'_>) -> Result<proto::RussianAddress, Refusal> {
    sent.only(&[
        "ZipCode",
        "Region",
        "Territory",
        "City",
        "Locality",
        "Street",
        "Building",
        "Block",
        "Apartment",
        "OtherInformation",
    ])?;
    let text = |name: &str| Ok::<_, Refusal>(sent.text(name)?.map(str::to_owned));
    Ok(proto::RussianAddress {
        zip_code: text("ZipCode")?,
        region: sent.required_text("Region")?.to_owned(),
        territory: text("Territory")?,
        city: text("City")?,
        locality: text("Locality")?,
        street: text("Street")?,
        building: text("Building")?,
        block: text("Block")?,
        apartment: text("Apartment")?,
        other_information: text("OtherInformation")?,
    })
}

fn foreign_address(sent: &Message<'_>) -> Result<proto::ForeignAddress, Refusal> {
    sent.only(&["Country", "Address"])?;
    Ok(proto::ForeignAddress {
        country: sent.required_text("Country")?.to_owned(),
        address: sent.required_text("Address")?.to_owned(),
    })
}
