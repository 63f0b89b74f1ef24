//! Powers of attorney (МЧД).

use prost::{Enumeration, Message};
use serde::Serialize;

use super::{FullName, Timestamp, name_if_any};

/// A moment with the distance of its zone from UTC.
#[derive(Clone, Copy, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DateTimeOffset {
    #[prost(sfixed64, required, tag = "1")]
    pub(crate) utc_ticks: i64,
    #[prost(sfixed64, required, tag = "2")]
    pub(crate) offset_ticks: i64,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyFullId {
    #[prost(string, required, tag = "1")]
    pub(crate) registration_number: String,
    #[prost(string, required, tag = "2")]
    pub(crate) issuer_inn: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) representative_inn: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(crate) enum IssuerType {
    UnknownIssuerType = 0,
    LegalEntity = 1,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct IssuerLegalEntity {
    #[prost(string, required, tag = "1")]
    pub(crate) inn: String,
    #[prost(string, required, tag = "2")]
    pub(crate) kpp: String,
    #[prost(string, required, tag = "3")]
    pub(crate) organization_name: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Issuer {
    #[prost(enumeration = "IssuerType", optional, tag = "1")]
    #[serde(serialize_with = "name_if_any::<IssuerType, _>")]
    pub(crate) r#type: Option<i32>,
    #[prost(message, optional, tag = "2")]
    pub(crate) legal_entity: Option<IssuerLegalEntity>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Confidant {
    #[prost(message, required, tag = "1")]
    pub(crate) person_name: FullName,
    #[prost(string, required, tag = "2")]
    pub(crate) inn: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Permissions {
    #[prost(string, required, tag = "1")]
    pub(crate) r#type: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) text_permission: Option<String>,
    #[prost(message, repeated, tag = "3")]
    pub(crate) machine_readable_permission: Vec<MachineReadablePermission>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MachineReadablePermission {
    #[prost(string, required, tag = "2")]
    pub(crate) code: String,
    #[prost(string, required, tag = "3")]
    pub(crate) name: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PermissionsInfo {
    #[prost(message, repeated, tag = "1")]
    pub(crate) permissions: Vec<Permissions>,
    #[prost(string, required, tag = "3")]
    pub(crate) joint_permissions: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration, Serialize)]
#[repr(i32)]
pub(crate) enum RepresentativeType {
    UnknownRepresentativeType = 0,
    RepresentativePhysicalEntity = 3,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RepresentativePhysicalEntity {
    #[prost(string, optional, tag = "1")]
    pub(crate) inn: Option<String>,
    #[prost(message, required, tag = "2")]
    pub(crate) person_name: FullName,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Representative {
    #[prost(enumeration = "RepresentativeType", optional, tag = "1")]
    #[serde(serialize_with = "name_if_any::<RepresentativeType, _>")]
    pub(crate) r#type: Option<i32>,
    #[prost(message, optional, tag = "4")]
    pub(crate) physical_entity: Option<RepresentativePhysicalEntity>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorney {
    #[prost(message, required, tag = "1")]
    pub(crate) full_id: PowerOfAttorneyFullId,
    #[prost(message, required, tag = "2")]
    pub(crate) issuer: Issuer,
    #[prost(message, required, tag = "3")]
    pub(crate) confidant: Confidant,
    #[prost(message, required, tag = "4")]
    pub(crate) start_at: Timestamp,
    #[prost(message, required, tag = "5")]
    pub(crate) expire_at: Timestamp,
    #[prost(message, repeated, tag = "8")]
    pub(crate) delegation_chain: Vec<Self>,
    #[prost(message, required, tag = "9")]
    pub(crate) permissions_info: PermissionsInfo,
    #[prost(message, repeated, tag = "11")]
    pub(crate) representatives: Vec<Representative>,
    #[prost(message, required, tag = "12")]
    pub(crate) start_at_by_moscow: DateTimeOffset,
    #[prost(message, required, tag = "13")]
    pub(crate) expire_at_by_moscow: DateTimeOffset,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeePowerOfAttorney {
    #[prost(message, required, tag = "1")]
    pub(crate) power_of_attorney: PowerOfAttorney,
    #[prost(bool, required, tag = "2")]
    pub(crate) is_default: bool,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeePowerOfAttorneyList {
    #[prost(message, repeated, tag = "1")]
    pub(crate) powers_of_attorney: Vec<EmployeePowerOfAttorney>,
}

/// The number under which a lasting method can be asked for its result.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AsyncMethodResult {
    #[prost(string, required, tag = "1")]
    pub(crate) task_id: String,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyRegisterResult {
    #[prost(string, required, tag = "1")]
    pub(crate) operation_status: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) power_of_attorney: Option<PowerOfAttorney>,
    #[prost(message, optional, tag = "3")]
    pub(crate) status: Option<PowerOfAttorneyStatus>,
    #[prost(message, repeated, tag = "4")]
    pub(crate) errors: Vec<PowerOfAttorneyOperationError>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyStatus {
    #[prost(string, required, tag = "1")]
    pub(crate) status: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) last_check_at: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyOperationError {
    #[prost(string, required, tag = "1")]
    pub(crate) code: String,
    #[prost(string, required, tag = "2")]
    pub(crate) text: String,
}
