//! Organisations, their boxes and their registered users.

use prost::{Enumeration, Message};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{Address, AuthorizationPermission, OrganizationDepartment, name, name_if_any};
use crate::diadoc::call::guid;
use crate::diadoc::company::Level;

/// With whom an organisation exchanges documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(crate) enum Sociability {
    AllOrganizations = 0,
    CounteragentsOnly = 1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(crate) enum OrganizationType {
    Individual = 1,
    Juridical = 2,
    PhysicalPerson = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(crate) enum ReadyForEpdStatus {
    UnknownEpdStatus = 0,
    UndefinedEpdStatus = 1,
    Ready = 2,
    NotReady = 3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(crate) enum InvoiceFormatVersion {
    #[serde(rename = "v5_01")]
    V501 = 1,
    #[serde(rename = "v5_02")]
    V502 = 2,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DiadocBox {
    #[prost(string, required, tag = "1")]
    pub(crate) box_id: String,
    #[prost(string, required, tag = "2")]
    pub(crate) title: String,
    #[prost(message, optional, tag = "3")]
    pub(crate) organization: Option<Organization>,
    #[prost(enumeration = "InvoiceFormatVersion", optional, tag = "4")]
    #[serde(serialize_with = "name_if_any::<InvoiceFormatVersion, _>")]
    pub(crate) invoice_format_version: Option<i32>,
    #[prost(bool, optional, tag = "5")]
    pub(crate) encrypted_documents_allowed: Option<bool>,
    #[prost(string, required, tag = "6")]
    pub(crate) box_id_guid: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Organization {
    /// Without hyphens.
    #[prost(string, required, tag = "1")]
    #[serde(flatten, serialize_with = "org_id")]
    pub(crate) org_id: String,
    #[prost(string, required, tag = "2")]
    pub(crate) inn: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) kpp: Option<String>,
    #[prost(string, required, tag = "4")]
    pub(crate) full_name: String,
    #[prost(string, optional, tag = "5")]
    pub(crate) short_name: Option<String>,
    #[prost(message, repeated, tag = "7")]
    pub(crate) boxes: Vec<DiadocBox>,
    #[prost(string, optional, tag = "8")]
    pub(crate) ogrn: Option<String>,
    #[prost(string, optional, tag = "9")]
    pub(crate) fns_participant_id: Option<String>,
    #[prost(message, optional, tag = "10")]
    pub(crate) address: Option<Address>,
    #[prost(message, repeated, tag = "12")]
    pub(crate) departments: Vec<OrganizationDepartment>,
    #[prost(string, optional, tag = "13")]
    pub(crate) ifns_code: Option<String>,
    #[prost(bool, optional, tag = "14")]
    pub(crate) is_pilot: Option<bool>,
    #[prost(bool, optional, tag = "15")]
    pub(crate) is_active: Option<bool>,
    #[prost(bool, optional, tag = "16")]
    pub(crate) is_test: Option<bool>,
    #[prost(bool, optional, tag = "17")]
    pub(crate) is_branch: Option<bool>,
    #[prost(bool, optional, tag = "18")]
    pub(crate) is_roaming: Option<bool>,
    #[prost(bool, optional, tag = "19")]
    pub(crate) is_employee: Option<bool>,
    #[prost(int32, optional, tag = "20")]
    pub(crate) invitation_count: Option<i32>,
    #[prost(int32, optional, tag = "21")]
    pub(crate) search_count: Option<i32>,
    #[prost(enumeration = "Sociability", required, tag = "22")]
    #[serde(serialize_with = "name::<Sociability, _>")]
    pub(crate) sociability: i32,
    #[prost(bool, optional, tag = "25")]
    pub(crate) is_foreign: Option<bool>,
    #[prost(bool, optional, tag = "26")]
    pub(crate) has_certificate_to_sign: Option<bool>,
    #[prost(enumeration = "OrganizationType", required, tag = "27")]
    #[serde(serialize_with = "name::<OrganizationType, _>")]
    pub(crate) organization_type: i32,
    #[prost(enumeration = "ReadyForEpdStatus", required, tag = "30")]
    #[serde(serialize_with = "name::<ReadyForEpdStatus, _>")]
    pub(crate) ready_for_epd_status: i32,
}

/// Writes the id, and what stands in JSON answers and in no contract: the id with hyphens, and a treaty.
fn org_id<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut members = serializer.serialize_map(Some(3))?;
    members.serialize_entry("OrgId", digits)?;
    members.serialize_entry("OrgIdGuid", &guid(digits))?;
    members.serialize_entry("JoinedDiadocTreaty", &true)?;
    members.end()
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationList {
    #[prost(message, repeated, tag = "1")]
    pub(crate) organizations: Vec<Organization>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationUserPermissions {
    #[prost(string, required, tag = "1")]
    pub(crate) user_department_id: String,
    #[prost(bool, required, tag = "2")]
    pub(crate) is_administrator: bool,
    #[prost(enumeration = "Level", optional, tag = "3")]
    #[serde(serialize_with = "name_if_any::<Level, _>")]
    pub(crate) document_access_level: Option<i32>,
    #[prost(bool, required, tag = "4")]
    pub(crate) can_sign_documents: bool,
    #[prost(bool, required, tag = "6")]
    pub(crate) can_manage_counteragents: bool,
    #[prost(bool, required, tag = "7")]
    pub(crate) can_add_resolutions: bool,
    #[prost(bool, required, tag = "8")]
    pub(crate) can_request_resolutions: bool,
    #[prost(string, repeated, tag = "9")]
    pub(crate) selected_department_ids: Vec<String>,
    #[prost(string, optional, tag = "10")]
    pub(crate) job_title: Option<String>,
    #[prost(bool, required, tag = "11")]
    pub(crate) can_create_documents: bool,
    #[prost(message, required, tag = "12")]
    pub(crate) authorization_permission: AuthorizationPermission,
    #[prost(bool, required, tag = "13")]
    pub(crate) can_delete_restore_documents: bool,
    #[prost(bool, required, tag = "14")]
    pub(crate) can_attach_universal_messages: bool,
    #[prost(bool, optional, tag = "15")]
    #[serde(rename = "CanUseGoskeyFL")]
    pub(crate) can_use_goskey_fl: Option<bool>,
    #[prost(bool, optional, tag = "16")]
    pub(crate) can_create_payment_orders: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationUser {
    #[prost(string, required, tag = "1")]
    pub(crate) id: String,
    #[prost(string, required, tag = "2")]
    pub(crate) name: String,
    #[prost(message, required, tag = "3")]
    pub(crate) permissions: OrganizationUserPermissions,
    #[prost(string, required, tag = "4")]
    pub(crate) position: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationUsersList {
    #[prost(message, repeated, tag = "1")]
    pub(crate) users: Vec<OrganizationUser>,
    #[prost(string, required, tag = "2")]
    pub(crate) current_user_id: String,
}
