//! `UpdateEmployee`: a patch in which what is absent stays as it is.

use super::body::Message;
use super::call::{Answer, Call, Refusal};
use super::company::{Company, Employee, Level};
use super::employees::{actions, block, department_id, department_ids, shown};

/// Changes an employee, or refuses the patch as a whole.
pub(super) fn update(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let user = call.subject(company)?;
    let Some(before) = company.employee(user) else {
        return shown(company, user);
    };
    let after = patched(company, before, &call.message())?;
    if before.leads() && !after.leads() && !company.led_without(user) {
        return Err(Refusal::conflict(
            "Can't block or revoke last administrator of box",
        ));
    }
    if let Some(employee) = company.employee_mut(user) {
        *employee = after;
    }
    shown(company, user)
}

fn patched(company: &Company, before: &Employee, body: &Message<'_>) -> Result<Employee, Refusal> {
    body.only(&["Permissions", "Position", "CanBeInvitedForChat"])?;
    let mut after = before.clone();
    if let Some(position) = body.message("Position")? {
        position.only(&["Position"])?;
        if !position.has("Position") {
            position.missing("Position")?;
        }
        after.position = position.text("Position")?.unwrap_or_default().to_owned();
    }
    if let Some(chat) = body.message("CanBeInvitedForChat")? {
        chat.only(&["CanBeInvitedForChat"])?;
        after.chat = chat.required_flag("CanBeInvitedForChat")?;
    }
    if let Some(permissions) = body.message("Permissions")? {
        patch_permissions(company, &permissions, &mut after)?;
    }
    Ok(after)
}

fn patch_permissions(
    company: &Company,
    sent: &Message<'_>,
    after: &mut Employee,
) -> Result<(), Refusal> {
    sent.only(&[
        "Department",
        "IsAdministrator",
        "DocumentAccessLevel",
        "SelectedDepartments",
        "Actions",
        "AuthorizationPermission",
    ])?;
    if let Some(department) = sent.message("Department")? {
        department.only(&["DepartmentId"])?;
        after.department = department_id(company, department.required_text("DepartmentId")?)?;
    }
    if let Some(administrator) = sent.message("IsAdministrator")? {
        administrator.only(&["IsAdministrator"])?;
        after.administrator = administrator.required_flag("IsAdministrator")?;
    }
    if let Some(selected) = sent.message("SelectedDepartments")? {
        selected.only(&["SelectedDepartmentIds"])?;
        after.selected = department_ids(company, &selected.texts("SelectedDepartmentIds")?)?;
    }
    if let Some(level) = sent.message("DocumentAccessLevel")? {
        level.only(&["DocumentAccessLevel"])?;
        after.level = level.level()?;
        if after.level == Level::SelectedDepartments && after.selected.is_empty() {
            return Err(Refusal::bad("SelectedDepartmentIds are required"));
        }
    }
    after.actions.extend(actions(sent)?);
    if let Some(authorization) = sent.message("AuthorizationPermission")? {
        (after.blocked, after.comment) = block(&authorization)?;
    }
    Ok(())
}
