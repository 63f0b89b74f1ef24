//! Employees: reading, creating, deleting.

use std::collections::BTreeMap;

use super::body::Message;
use super::call::{Answer, Call, Refusal, guid, no_employee, user_id};
use super::company::{ACTIONS, Company, Employee, Level, Mail, User, UserKey};
use super::newcomer::Newcomer;
use super::{proto, show};

/// The longest comment to a block.
const LONGEST_COMMENT: usize = 500;

pub(super) fn mine(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    shown(company, call.caller)
}

pub(super) fn one(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = call.subject(company)?;
    shown(company, user)
}

pub(super) fn list(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let page = call.query.number("page", 1..=usize::MAX, 1)?;
    let count = call.query.number("count", 1..=50, 50)?;
    let employees = company
        .employees_in_order()
        .into_iter()
        .skip((page - 1).saturating_mul(count))
        .take(count)
        .filter_map(|employee| show::employee(company, employee))
        .collect();
    Ok(Answer::of(proto::EmployeeList {
        employees,
        total_count: show::count(company.employees.len()),
    }))
}

/// Finds by the id with the organisation's own sign-in provider; without such a provider nobody is ever found.
pub(super) fn by_external_id(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let Some(wanted) = call.query.get("externalId") else {
        return Err(Refusal::bad("Could not get externalId from query param"));
    };
    let employees: Vec<proto::Employee> = company
        .employees_in_order()
        .into_iter()
        .filter(|employee| employee.external_id.as_deref() == Some(wanted))
        .filter_map(|employee| show::employee(company, employee))
        .collect();
    if employees.is_empty() {
        return Err(Refusal::not_found("Employees are not found"));
    }
    Ok(Answer::of(proto::EmployeeList {
        total_count: show::count(employees.len()),
        employees,
    }))
}

pub(super) fn create(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let body = call.message();
    body.only(&[
        "Credentials",
        "Position",
        "CanBeInvitedForChat",
        "Permissions",
    ])?;
    let newcomer = Newcomer::read(company, &body)?;
    let user = newcomer.known.unwrap_or_else(|| company.next_user());
    let mut employee = Employee::new(user, call.now_ms);
    employee.position = body.text("Position")?.unwrap_or_default().to_owned();
    employee.chat = body.required_flag("CanBeInvitedForChat")?;
    let permissions = body
        .message("Permissions")?
        .ok_or_else(|| Refusal::bad("Permissions are required"))?;
    read_permissions(company, &permissions, &mut employee)?;
    if company.employee(user).is_some() {
        return Err(Refusal::conflict("Employee already exists in box"));
    }

    let mail = newcomer.settle(company);
    company.employees.push(employee);
    company.mails.extend(mail.map(|to| Mail {
        to,
        about: "employee created",
        at_ms: call.now_ms,
    }));
    shown(company, user)
}

/// Removes the membership of this box only: the user, and what the user is elsewhere, stays.
pub(super) fn delete(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let Some(sent) = call.query.get("userId") else {
        return Err(Refusal::bad("Could not get userId from query param"));
    };
    let id = user_id(sent)?;
    let user = company
        .user_by_id(&id)
        .ok_or_else(|| no_employee(company, &id))?;
    let Some(employee) = company.employee(user) else {
        return if company.gone.contains(&user) {
            Ok(Answer::Nothing)
        } else {
            Err(no_employee(company, &id))
        };
    };
    if employee.administrator && !company.led_without(user) {
        return Err(Refusal::conflict("Can't delete last administrator of box"));
    }
    company.employees.retain(|employee| employee.user != user);
    company.gone.insert(user);
    Ok(Answer::Nothing)
}

/// Answers with one employee as they are now.
pub(super) fn shown(company: &Company, user: UserKey) -> Result<Answer, Refusal> {
    company
        .employee(user)
        .and_then(|employee| show::employee(company, employee))
        .map(Answer::of)
        .ok_or_else(|| {
            no_employee(
                company,
                company.user(user).map_or("", |user: &User| &user.id),
            )
        })
}

/// Reads the full set of permissions that a new employee comes with.
fn read_permissions(
    company: &Company,
    sent: &Message<'_>,
    employee: &mut Employee,
) -> Result<(), Refusal> {
    sent.only(&[
        "UserDepartmentId",
        "IsAdministrator",
        "DocumentAccessLevel",
        "SelectedDepartmentIds",
        "Actions",
        "AuthorizationPermission",
    ])?;
    employee.department = department_id(company, sent.required_text("UserDepartmentId")?)?;
    employee.administrator = sent.required_flag("IsAdministrator")?;
    employee.level = sent.level()?;
    employee.selected = department_ids(company, &sent.texts("SelectedDepartmentIds")?)?;
    if employee.level == Level::SelectedDepartments && employee.selected.is_empty() {
        return Err(Refusal::bad("SelectedDepartmentIds are required"));
    }
    employee.actions.extend(actions(sent)?);
    if let Some(sent) = sent.message("AuthorizationPermission")? {
        (employee.blocked, employee.comment) = block(&sent)?;
    }
    Ok(())
}

/// Reads `Actions`, leaving out names that Diadoc does not know.
pub(super) fn actions(sent: &Message<'_>) -> Result<BTreeMap<&'static str, bool>, Refusal> {
    let mut actions = BTreeMap::new();
    for action in sent.messages("Actions")? {
        action.only(&["Name", "IsAllowed"])?;
        let name = action.required_text("Name")?;
        let allowed = action.required_flag("IsAllowed")?;
        match ACTIONS.into_iter().find(|known| *known == name) {
            Some(known) => {
                actions.insert(known, allowed);
            }
            None => action.undocumented("an unknown name of an action")?,
        }
    }
    Ok(actions)
}

/// Reads a block or the end of one, with its comment.
pub(super) fn block(sent: &Message<'_>) -> Result<(bool, Option<String>), Refusal> {
    sent.only(&["IsBlocked", "Comment"])?;
    let blocked = sent.required_flag("IsBlocked")?;
    let comment = sent.text("Comment")?;
    if comment.is_some_and(|comment| comment.chars().count() > LONGEST_COMMENT) {
        return Err(Refusal::bad(format!(
            "Comment is longer than {LONGEST_COMMENT} characters"
        )));
    }
    Ok((blocked, comment.map(str::to_owned)))
}

/// Reads the id of a department of the box.
pub(super) fn department_id(company: &Company, sent: &str) -> Result<String, Refusal> {
    guid(sent)
        .filter(|id| company.has_department(id))
        .ok_or_else(|| Refusal::bad(format!("Department [{sent}] is not found")))
}

pub(super) fn department_ids(company: &Company, sent: &[&str]) -> Result<Vec<String>, Refusal> {
    sent.iter()
        .map(|sent| department_id(company, sent))
        .collect()
}
