//! Employees and departments as Diadoc's answers show them.

use serde_json::{Value, json};

use super::company::{ACTIONS, Company, Department, Employee, FullName, HEAD, User};

/// The ticks of 100 ns from the year 1 to 1970.
const EPOCH_TICKS: i64 = 621_355_968_000_000_000;

/// Returns the ticks of a moment.
pub(super) fn ticks(unix_ms: i64) -> i64 {
    EPOCH_TICKS.saturating_add(unix_ms.saturating_mul(10_000))
}

/// Shows a `Timestamp`.
pub(super) fn timestamp(unix_ms: i64) -> Value {
    json!({ "Ticks": ticks(unix_ms) })
}

/// Shows an object without its members that have no value: Diadoc leaves those out.
pub(super) fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(members) = &mut value {
        members.retain(|_, value| !value.is_null());
    }
    value
}

/// Shows a `FullName`.
pub(super) fn full_name(name: &FullName) -> Value {
    without_nulls(json!({
        "LastName": name.last,
        "FirstName": name.first,
        "MiddleName": name.middle,
    }))
}

/// Shows a `UserV2`.
pub(super) fn user(user: &User) -> Value {
    json!({
        "UserId": user.id,
        "Login": user.login,
        "FullName": full_name(&user.name),
        "IsRegistered": user.registered,
    })
}

/// Shows an `Employee`.
pub(super) fn employee(company: &Company, employee: &Employee) -> Option<Value> {
    let account = company.user(employee.user)?;
    let actions: Vec<Value> = ACTIONS
        .iter()
        .map(|name| json!({ "Name": name, "IsAllowed": employee.actions.get(name) == Some(&true) }))
        .collect();
    Some(json!({
        "User": user(account),
        "Permissions": {
            "UserDepartmentId": employee.department,
            "IsAdministrator": employee.administrator,
            "DocumentAccessLevel": employee.level.name(),
            "SelectedDepartmentIds": employee.selected,
            "Actions": actions,
            "AuthorizationPermission": authorization(employee),
        },
        "Position": employee.position,
        "CanBeInvitedForChat": employee.chat,
        "CreationTimestamp": timestamp(employee.created_ms),
    }))
}

/// Shows an `AuthorizationPermission`.
pub(super) fn authorization(employee: &Employee) -> Value {
    without_nulls(json!({ "IsBlocked": employee.blocked, "Comment": employee.comment }))
}

/// Shows a department as the `/admin/` methods do.
pub(super) fn admin_department(department: &Department) -> Value {
    without_nulls(json!({
        "Id": department.id,
        "ParentDepartmentId": department.parent,
        "Name": department.name,
        "Abbreviation": department.abbreviation,
        "Kpp": department.kpp,
        "Address": department.address,
        "Routing": { "Kpp": department.routes_by_kpp, "Address": department.routes_by_address },
        "CreationTimestamp": timestamp(department.created_ms),
    }))
}

/// Shows the head department, which has neither a parent nor a time of creation.
pub(super) fn admin_head() -> Value {
    json!({
        "Id": HEAD,
        "Name": Company::HEAD_NAME,
        "Abbreviation": Company::HEAD_NAME,
        "Routing": { "Kpp": false, "Address": false },
    })
}

/// Shows a department as a part of its organisation.
pub(super) fn department(department: &Department) -> Value {
    without_nulls(json!({
        "DepartmentId": department.id,
        "ParentDepartmentId": department.parent,
        "Name": department.name,
        "Abbreviation": department.abbreviation,
        "Kpp": department.kpp,
        "Address": department.address,
        "IsDisabled": false,
    }))
}
