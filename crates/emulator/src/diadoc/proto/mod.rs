//! The messages of Diadoc, each written once for both of its forms: protobuf goes by the numbers, JSON by the names.
//!
//! The numbers are those of the vendor's pages of data structures, <https://developer.kontur.ru/doc/diadoc-api>.
//! Checked 2026-11. Members that this emulator never has a value for are left out.

mod departments;
mod employees;
mod organizations;
mod powers;
pub(super) mod sent;

use prost::Message;
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

pub(super) use departments::{
    Address, Department, DepartmentList, ForeignAddress, OrganizationDepartment, Routing,
    RussianAddress,
};
pub(super) use employees::{
    AuthorizationPermission, Employee, EmployeeAction, EmployeeExternalIdentity, EmployeeList,
    EmployeePermissions, EmployeeSubscriptions, FullName, Subscription, User, UserV2,
};
pub(super) use organizations::{
    DiadocBox, InvoiceFormatVersion, Organization, OrganizationList, OrganizationType,
    OrganizationUser, OrganizationUserPermissions, OrganizationUsersList, ReadyForEpdStatus,
    Sociability,
};
pub(super) use powers::{
    AsyncMethodResult, Confidant, DateTimeOffset, EmployeePowerOfAttorney,
    EmployeePowerOfAttorneyList, Issuer, IssuerLegalEntity, IssuerType, Permissions,
    PermissionsInfo, PowerOfAttorney, PowerOfAttorneyFullId, PowerOfAttorneyOperationError,
    PowerOfAttorneyRegisterResult, PowerOfAttorneyStatus, Representative,
    RepresentativePhysicalEntity, RepresentativeType,
};

/// The ticks of 100 ns from the year 1 to 1970.
const EPOCH_TICKS: i64 = 621_355_968_000_000_000;

/// Returns the ticks of a moment.
pub(super) fn ticks(unix_ms: i64) -> i64 {
    EPOCH_TICKS.saturating_add(unix_ms.saturating_mul(10_000))
}

/// A moment; without ticks it is one that never was.
#[derive(Clone, Copy, PartialEq, Message, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Timestamp {
    #[prost(sfixed64, required, tag = "1")]
    pub(super) ticks: i64,
}

impl Timestamp {
    pub(super) fn at(unix_ms: i64) -> Self {
        Self {
            ticks: ticks(unix_ms),
        }
    }
}

/// A message that can be an answer.
pub(super) trait Told: std::fmt::Debug + Send {
    /// Writes the message as protobuf.
    fn protobuf(&self) -> Vec<u8>;

    /// Writes the message as JSON, without the members that have no value: Diadoc leaves those out.
    fn json(&self) -> Result<String, serde_json::Error>;
}

impl<M: Message + Serialize + std::fmt::Debug> Told for M {
    fn protobuf(&self) -> Vec<u8> {
        self.encode_to_vec()
    }

    fn json(&self) -> Result<String, serde_json::Error> {
        Ok(without_nulls(serde_json::to_value(self)?).to_string())
    }
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(without_nulls).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

/// Writes the number of an enumeration as its name, and a number without a name as it is.
fn name<E: TryFrom<i32> + Serialize, S: Serializer>(
    number: &i32,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match E::try_from(*number) {
        Ok(named) => named.serialize(serializer),
        Err(_) => serializer.serialize_i32(*number),
    }
}

/// Like [`name`], for a number that may be absent.
#[expect(clippy::ref_option, reason = "serde hands members over so")]
fn name_if_any<E: TryFrom<i32> + Serialize, S: Serializer>(
    number: &Option<i32>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => name::<E, S>(number, serializer),
        None => serializer.serialize_none(),
    }
}

/// Writes a moment that never was as no value: in protobuf it is required, in JSON it is left out.
fn unless_never<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    if moment.ticks == 0 {
        serializer.serialize_none()
    } else {
        moment.serialize(serializer)
    }
}
