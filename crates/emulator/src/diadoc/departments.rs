//! Departments: the tree under the head department.

use serde_json::{Value, json};

use super::body::Message;
use super::call::{Answer, Call, Refusal, guid};
use super::company::{Company, Department, HEAD};
use super::show;

pub(super) fn list(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let page = call.query.number("page", 1..=usize::MAX, 1)?;
    let count = call.query.number("count", 1..=100, 100)?;
    let others = company.departments.iter().map(show::admin_department);
    let departments: Vec<Value> = std::iter::once(show::admin_head())
        .chain(others)
        .skip((page - 1).saturating_mul(count))
        .take(count)
        .collect();
    Ok(Answer::Json(json!({
        "Departments": departments,
        "TotalCount": company.departments.len() + 1,
    })))
}

/// Shows one department as a part of the organisation; the head department is its own parent.
pub(super) fn one(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let id = target(company, call)?;
    Ok(Answer::Json(match company.department(&id) {
        Some(department) => show::department(department),
        None => json!({
            "DepartmentId": HEAD,
            "ParentDepartmentId": HEAD,
            "Name": Company::HEAD_NAME,
            "Abbreviation": Company::HEAD_NAME,
            "IsDisabled": false,
        }),
    }))
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
    Ok(Answer::Json(shown))
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
    Ok(Answer::Json(shown))
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

/// Reads an address, of which everything is kept as it was sent.
fn address(sent: &Message<'_>) -> Result<Option<Value>, Refusal> {
    let Some(address) = sent.message("Address")? else {
        return Ok(None);
    };
    address.only(&[
        "RussianAddress",
        "ForeignAddress",
        "AddressCode",
        "GarAddress",
    ])?;
    let russian = address.message("RussianAddress")?;
    let foreign = address.message("ForeignAddress")?;
    if russian.is_some() == foreign.is_some() {
        return Err(Refusal::bad(
            "Address is either RussianAddress or ForeignAddress",
        ));
    }
    if let Some(russian) = russian {
        russian.only(&[
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
        russian.required_text("Region")?;
    }
    if let Some(foreign) = foreign {
        foreign.only(&["Country", "Address"])?;
        foreign.required_text("Country")?;
        foreign.required_text("Address")?;
    }
    Ok(Some(address.as_sent()))
}
