//! Employees and departments as Diadoc's answers show them.

use super::company::{ACTIONS, Company, Department, Employee, FullName, HEAD, User};
use super::proto;

/// Shows a `FullName`.
pub(super) fn full_name(name: &FullName) -> proto::FullName {
    proto::FullName {
        last_name: name.last.clone(),
        first_name: name.first.clone(),
        middle_name: name.middle.clone(),
    }
}

/// Shows a `UserV2`.
pub(super) fn user(user: &User) -> proto::UserV2 {
    proto::UserV2 {
        user_id: user.id.clone(),
        login: user.login.clone(),
        full_name: Some(full_name(&user.name)),
        is_registered: user.registered,
    }
}

/// Shows an `Employee`.
pub(super) fn employee(company: &Company, employee: &Employee) -> Option<proto::Employee> {
    let account = company.user(employee.user)?;
    let actions = ACTIONS.iter().map(|name| proto::EmployeeAction {
        name: (*name).to_owned(),
        is_allowed: employee.may(name),
    });
    Some(proto::Employee {
        user: user(account),
        permissions: proto::EmployeePermissions {
            user_department_id: employee.department.clone(),
            is_administrator: employee.administrator,
            document_access_level: employee.level.into(),
            selected_department_ids: employee.selected.clone(),
            actions: actions.collect(),
            authorization_permission: Some(authorization(employee)),
        },
        position: employee.position.clone(),
        can_be_invited_for_chat: employee.chat,
        creation_timestamp: Some(proto::Timestamp::at(employee.created_ms)),
        external_identity: employee.external_id.as_ref().map(|id| {
            proto::EmployeeExternalIdentity {
                external_id: Some(id.clone()),
                email: account.login.clone(),
            }
        }),
    })
}

/// Shows an `AuthorizationPermission`.
pub(super) fn authorization(employee: &Employee) -> proto::AuthorizationPermission {
    proto::AuthorizationPermission {
        is_blocked: employee.blocked,
        comment: employee.comment.clone(),
    }
}

/// Shows a department as the `/admin/` methods do.
pub(super) fn admin_department(department: &Department) -> proto::Department {
    proto::Department {
        id: department.id.clone(),
        parent_department_id: Some(department.parent.clone()),
        name: department.name.clone(),
        abbreviation: department.abbreviation.clone(),
        kpp: department.kpp.clone(),
        address: department.address.clone(),
        routing: proto::Routing {
            kpp: department.routes_by_kpp,
            address: department.routes_by_address,
        },
        creation_timestamp: proto::Timestamp::at(department.created_ms),
    }
}

/// Shows the head department, which has neither a parent nor a time of creation.
pub(super) fn admin_head() -> proto::Department {
    proto::Department {
        id: HEAD.to_owned(),
        name: Company::HEAD_NAME.to_owned(),
        abbreviation: Company::HEAD_NAME.to_owned(),
        ..proto::Department::default()
    }
}

/// Shows a department as a part of its organisation.
pub(super) fn department(department: &Department) -> proto::OrganizationDepartment {
    proto::OrganizationDepartment {
        department_id: department.id.clone(),
        parent_department_id: department.parent.clone(),
        name: department.name.clone(),
        abbreviation: Some(department.abbreviation.clone()),
        kpp: department.kpp.clone(),
        address: department.address.clone(),
        is_disabled: Some(false),
    }
}

/// Shows the head department as a part of its organisation: it is its own parent.
pub(super) fn head() -> proto::OrganizationDepartment {
    proto::OrganizationDepartment {
        department_id: HEAD.to_owned(),
        parent_department_id: HEAD.to_owned(),
        name: Company::HEAD_NAME.to_owned(),
        abbreviation: Some(Company::HEAD_NAME.to_owned()),
        is_disabled: Some(false),
        ..proto::OrganizationDepartment::default()
    }
}

/// Shows a number of rows.
pub(super) fn count(rows: usize) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX)
}
