//! Employees.

use kadry_core::{Access, Email, Repeat};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Action, flag, list};

/// The head department, in which everybody is who is in no other.
pub(crate) const HEAD_DEPARTMENT: &str = "00000000-0000-0000-0000-000000000000";

/// One page of employees.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeList {
    #[serde(default, deserialize_with = "list")]
    pub(crate) employees: Vec<Employee>,
    pub(crate) total_count: Option<u64>,
}

/// One employee as read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Employee {
    pub(crate) user: User,
    pub(crate) permissions: Option<Permissions>,
    pub(crate) position: Option<String>,
}

impl Employee {
    /// Returns the employee's login. One who signs in by certificate alone has none.
    pub(crate) fn login(&self) -> Option<Email> {
        let login = self.user.login.as_deref().map(Email::of_record);
        login.filter(|login| !login.as_str().is_empty())
    }

    /// Reports whether this is the employee's login.
    pub(crate) fn has_login(&self, login: &Email) -> bool {
        self.login().as_ref() == Some(login)
    }

    /// Returns the rights that are listed, given or not.
    pub(crate) fn actions(&self) -> &[Action] {
        self.permissions
            .as_ref()
            .map_or(&[], |permissions| &permissions.actions)
    }

    /// Returns the departments that were selected for the employee to see.
    pub(crate) fn selected(&self) -> &[String] {
        self.permissions
            .as_ref()
            .map_or(&[], |permissions| &permissions.selected_department_ids)
    }

    /// Reports whether the employee is locked out of the box.
    pub(crate) fn blocked(&self) -> bool {
        self.permissions
            .as_ref()
            .and_then(|permissions| permissions.authorization_permission.as_ref())
            .is_some_and(|authorization| authorization.is_blocked == Some(true))
    }

    /// Reports whether the employee administers the box; none when it is not said.
    pub(crate) fn administrator(&self) -> Option<bool> {
        self.permissions
            .as_ref()
            .and_then(|permissions| permissions.is_administrator)
    }
}

/// The user behind an employee, the same one in every box.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct User {
    pub(crate) user_id: String,
    pub(crate) login: Option<String>,
    pub(crate) full_name: Option<FullName>,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) is_registered: Option<bool>,
}

/// A person's name.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FullName {
    pub(crate) last_name: Option<String>,
    pub(crate) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) middle_name: Option<String>,
}

/// What an employee may do, as read.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Permissions {
    pub(crate) user_department_id: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    pub(crate) is_administrator: Option<bool>,
    #[serde(default, deserialize_with = "level")]
    pub(crate) document_access_level: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) selected_department_ids: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) actions: Vec<Action>,
    pub(crate) authorization_permission: Option<AuthorizationPermission>,
}

/// Whether the door is closed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthorizationPermission {
    #[serde(default, deserialize_with = "flag")]
    pub(crate) is_blocked: Option<bool>,
}

/// Reads an access level, by name or by the number that the vendor's contract gives it.
fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Spelled {
        Name(String),
        Number(i64),
    }
    Ok(Option::deserialize(deserializer)?.map(|level| match level {
        Spelled::Name(name) => name,
        Spelled::Number(0) => "DepartmentOnly".to_owned(),
        Spelled::Number(1) => "DepartmentAndSubdepartments".to_owned(),
        Spelled::Number(2) => "AllDocuments".to_owned(),
        Spelled::Number(3) => "SelectedDepartments".to_owned(),
        Spelled::Number(number) => number.to_string(),
    }))
}

/// An employee to be made.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeToCreate {
    pub(crate) credentials: Credentials,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<String>,
    pub(crate) can_be_invited_for_chat: bool,
    pub(crate) permissions: FullPermissions,
}

/// By what the platform knows the new employee's user.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Credentials {
    pub(crate) login: ByLogin,
}

/// A user known by login.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ByLogin {
    pub(crate) login: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) full_name: Option<FullName>,
}

/// Everything that a new employee may and may not do.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FullPermissions {
    pub(crate) user_department_id: String,
    pub(crate) is_administrator: bool,
    pub(crate) document_access_level: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) selected_department_ids: Vec<String>,
    pub(crate) actions: Vec<Action>,
}

/// A change to an employee; what is absent stays as it is.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeToUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) permissions: Option<PermissionsPatch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<PositionPatch>,
}

impl EmployeeToUpdate {
    /// Returns whether the same change may be sent again at once when its answer is lost.
    pub(crate) fn repeat(&self) -> Repeat {
        let permissions = self.permissions.as_ref();
        let door = permissions.and_then(|may| may.authorization_permission.as_ref());
        match door.map(|door| door.is_blocked) {
            Some(false) => Access::Open.repeat(),
            Some(true) | None => Repeat::Safe,
        }
    }
}

/// A change to what an employee may do.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PermissionsPatch {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) department: Option<DepartmentPatch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document_access_level: Option<LevelPatch>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) selected_departments: Option<SelectedPatch>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) actions: Vec<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authorization_permission: Option<AuthorizationPatch>,
}

/// Another department.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentPatch {
    pub(crate) department_id: String,
}

/// Another access level.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LevelPatch {
    pub(crate) document_access_level: String,
}

/// Another list of departments whose documents are seen; it replaces the one before.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelectedPatch {
    pub(crate) selected_department_ids: Vec<String>,
}

/// Another job title.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PositionPatch {
    pub(crate) position: String,
}

/// Another state of the door.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthorizationPatch {
    pub(crate) is_blocked: bool,
}
