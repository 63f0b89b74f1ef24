//! Employees, their users and their subscriptions.

use prost::Message;
use serde::Serialize;

use super::{Timestamp, name};
use crate::diadoc::company::Level;

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FullName {
    #[prost(string, required, tag = "1")]
    pub(crate) last_name: String,
    #[prost(string, required, tag = "2")]
    pub(crate) first_name: String,
    #[prost(string, optional, tag = "3")]
    pub(crate) middle_name: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserV2 {
    #[prost(string, required, tag = "1")]
    pub(crate) user_id: String,
    #[prost(string, optional, tag = "2")]
    pub(crate) login: Option<String>,
    #[prost(message, optional, tag = "3")]
    pub(crate) full_name: Option<FullName>,
    #[prost(bool, required, tag = "4")]
    pub(crate) is_registered: bool,
}

/// A user as the first version of the structure shows one.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct User {
    #[prost(string, optional, tag = "1")]
    pub(crate) id: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) last_name: Option<String>,
    #[prost(string, optional, tag = "3")]
    pub(crate) first_name: Option<String>,
    #[prost(string, optional, tag = "4")]
    pub(crate) middle_name: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeAction {
    #[prost(string, required, tag = "1")]
    pub(crate) name: String,
    #[prost(bool, required, tag = "2")]
    pub(crate) is_allowed: bool,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AuthorizationPermission {
    #[prost(bool, required, tag = "1")]
    pub(crate) is_blocked: bool,
    #[prost(string, optional, tag = "2")]
    pub(crate) comment: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeePermissions {
    #[prost(string, required, tag = "1")]
    pub(crate) user_department_id: String,
    #[prost(bool, required, tag = "2")]
    pub(crate) is_administrator: bool,
    #[prost(enumeration = "Level", required, tag = "3")]
    #[serde(serialize_with = "name::<Level, _>")]
    pub(crate) document_access_level: i32,
    #[prost(string, repeated, tag = "4")]
    pub(crate) selected_department_ids: Vec<String>,
    #[prost(message, repeated, tag = "5")]
    pub(crate) actions: Vec<EmployeeAction>,
    #[prost(message, optional, tag = "6")]
    pub(crate) authorization_permission: Option<AuthorizationPermission>,
}

/// The account with the organisation's own sign-in provider.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeExternalIdentity {
    #[prost(string, optional, tag = "1")]
    pub(crate) external_id: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(crate) email: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Employee {
    #[prost(message, required, tag = "1")]
    pub(crate) user: UserV2,
    #[prost(message, required, tag = "2")]
    pub(crate) permissions: EmployeePermissions,
    #[prost(string, required, tag = "3")]
    pub(crate) position: String,
    #[prost(bool, required, tag = "4")]
    pub(crate) can_be_invited_for_chat: bool,
    #[prost(message, optional, tag = "5")]
    pub(crate) creation_timestamp: Option<Timestamp>,
    #[prost(message, optional, tag = "6")]
    pub(crate) external_identity: Option<EmployeeExternalIdentity>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeList {
    #[prost(message, repeated, tag = "1")]
    pub(crate) employees: Vec<Employee>,
    #[prost(int32, required, tag = "2")]
    pub(crate) total_count: i32,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Subscription {
    #[prost(string, required, tag = "1")]
    pub(crate) id: String,
    #[prost(bool, required, tag = "2")]
    pub(crate) is_subscribed: bool,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeSubscriptions {
    #[prost(message, repeated, tag = "1")]
    pub(crate) subscriptions: Vec<Subscription>,
}
