//! Departments, in the shape that administrators see.

use serde::{Deserialize, Serialize};

use super::list;

/// One page of departments.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentList {
    #[serde(default, deserialize_with = "list")]
    pub(crate) departments: Vec<Department>,
    pub(crate) total_count: Option<u64>,
}

/// One department as read.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Department {
    pub(crate) id: String,
    pub(crate) parent_department_id: Option<String>,
    #[serde(default)]
    pub(crate) name: String,
}

/// A department to be made.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentToCreate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent_department_id: Option<String>,
    pub(crate) name: String,
    pub(crate) abbreviation: String,
    pub(crate) routing: Routing,
}

/// By what incoming documents are brought to the department.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Routing {
    pub(crate) kpp: bool,
    pub(crate) address: bool,
}
