//! Departments, in both structures that the vendor calls so, and addresses.

use prost::Message;
use serde::Serialize;

use super::{Timestamp, unless_never};

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RussianAddress {
    #[prost(string, optional, tag = "1")]
    pub(crate) zip_code: Option<String>,
    #[prost(string, required, tag = "2")]
    pub(crate) region: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) territory: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) city: Option<String>,
    #[prost(string, optional, tag = "5")]
    pub(crate) locality: Option<String>,
    #[prost(string, optional, tag = "6")]
    pub(crate) street: Option<String>,
    #[prost(string, optional, tag = "7")]
    pub(crate) building: Option<String>,
    #[prost(string, optional, tag = "8")]
    pub(crate) block: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub(crate) apartment: Option<String>,
    #[prost(string, optional, tag = "10")]
    pub(crate) other_information: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ForeignAddress {
    #[prost(string, required, tag = "1")]
    pub(crate) country: String,
    #[prost(string, required, tag = "2")]
    pub(crate) address: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Address {
    #[prost(message, optional, tag = "1")]
    pub(crate) russian_address: Option<RussianAddress>,
    #[prost(message, optional, tag = "2")]
    pub(crate) foreign_address: Option<ForeignAddress>,
    #[prost(string, optional, tag = "3")]
    pub(crate) address_code: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Routing {
    #[prost(bool, required, tag = "1")]
    pub(crate) kpp: bool,
    #[prost(bool, required, tag = "2")]
    pub(crate) address: bool,
}

/// A department as the `/admin/` methods show it.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Department {
    #[prost(string, required, tag = "1")]
    pub(crate) id: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) parent_department_id: Option<String>,
    #[prost(string, required, tag = "3")]
    pub(crate) name: String,
    #[prost(string, required, tag = "4")]
    pub(crate) abbreviation: String,
    #[prost(string, optional, tag = "5")]
    pub(crate) kpp: Option<String>,
    #[prost(message, optional, tag = "6")]
    pub(crate) address: Option<Address>,
    #[prost(message, required, tag = "7")]
    pub(crate) routing: Routing,
    #[prost(message, required, tag = "8")]
    #[serde(serialize_with = "unless_never")]
    pub(crate) creation_timestamp: Timestamp,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentList {
    #[prost(message, repeated, tag = "1")]
    pub(crate) departments: Vec<Department>,
    #[prost(int32, required, tag = "2")]
    pub(crate) total_count: i32,
}

/// A department as a part of its organisation.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationDepartment {
    #[prost(string, required, tag = "1")]
    pub(crate) department_id: String,
    #[prost(string, required, tag = "2")]
    pub(crate) parent_department_id: String,
    #[prost(string, required, tag = "3")]
    pub(crate) name: String,
    #[prost(string, optional, tag = "4")]
    pub(crate) abbreviation: Option<String>,
    #[prost(string, optional, tag = "5")]
    pub(crate) kpp: Option<String>,
    #[prost(message, optional, tag = "6")]
    pub(crate) address: Option<Address>,
    #[prost(bool, optional, tag = "7")]
    pub(crate) is_disabled: Option<bool>,
}
