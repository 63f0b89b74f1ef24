//! The bodies of requests, in which nothing is demanded of the sender: what is missing is for the method to say.
//!
//! A protobuf body is turned into the JSON that would have said the same, so that one reader sees both.

use prost::Message;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::name_if_any;
use crate::diadoc::company::Level;

/// A body read from protobuf.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) members: Map<String, Value>,
    /// Whether something was in it that the message does not have; Diadoc skips that.
    pub(crate) has_more: bool,
}

/// Reads a message from protobuf, or returns nothing if it is none.
pub(crate) fn read<M: Message + Default + Serialize>(bytes: &[u8]) -> Option<Read> {
    let message = M::decode(bytes).ok()?;
    let Ok(Value::Object(members)) = serde_json::to_value(&message) else {
        return None;
    };
    Some(Read {
        members,
        has_more: message.encoded_len() != bytes.len(),
    })
}

#[expect(clippy::ref_option, reason = "serde hands members over so")]
fn base64<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    use ::base64::Engine as _;
    match bytes {
        Some(bytes) => {
            serializer.serialize_str(&::base64::engine::general_purpose::STANDARD.encode(bytes))
        }
        None => serializer.serialize_none(),
    }
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FullName {
    #[prost(string, optional, tag = "1")]
    last_name: Option<String>,
    #[prost(string, optional, tag = "2")]
    first_name: Option<String>,
    #[prost(string, optional, tag = "3")]
    middle_name: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ByLogin {
    #[prost(string, optional, tag = "1")]
    login: Option<String>,
    #[prost(message, optional, tag = "2")]
    full_name: Option<FullName>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ByCertificate {
    #[prost(bytes = "vec", optional, tag = "1")]
    #[serde(serialize_with = "base64")]
    content: Option<Vec<u8>>,
    #[prost(string, optional, tag = "2")]
    access_basis: Option<String>,
    #[prost(string, optional, tag = "3")]
    email: Option<String>,
}

/// Its members stand on no page that could be read. Checked 2026-11.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BySsoProvider {}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Credentials {
    #[prost(message, optional, tag = "1")]
    login: Option<ByLogin>,
    #[prost(message, optional, tag = "2")]
    certificate: Option<ByCertificate>,
    #[prost(message, optional, tag = "3")]
    sso_provider: Option<BySsoProvider>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Action {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(bool, optional, tag = "2")]
    is_allowed: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Authorization {
    #[prost(bool, optional, tag = "1")]
    is_blocked: Option<bool>,
    #[prost(string, optional, tag = "2")]
    comment: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Permissions {
    #[prost(string, optional, tag = "1")]
    user_department_id: Option<String>,
    #[prost(bool, optional, tag = "2")]
    is_administrator: Option<bool>,
    #[prost(enumeration = "Level", optional, tag = "3")]
    #[serde(serialize_with = "name_if_any::<Level, _>")]
    document_access_level: Option<i32>,
    #[prost(string, repeated, tag = "4")]
    selected_department_ids: Vec<String>,
    #[prost(message, repeated, tag = "5")]
    actions: Vec<Action>,
    #[prost(message, optional, tag = "6")]
    authorization_permission: Option<Authorization>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeToCreate {
    #[prost(message, optional, tag = "1")]
    credentials: Option<Credentials>,
    #[prost(string, optional, tag = "2")]
    position: Option<String>,
    #[prost(bool, optional, tag = "3")]
    can_be_invited_for_chat: Option<bool>,
    #[prost(message, optional, tag = "4")]
    permissions: Option<Permissions>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentPatch {
    #[prost(string, optional, tag = "1")]
    department_id: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AdministratorPatch {
    #[prost(bool, optional, tag = "1")]
    is_administrator: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LevelPatch {
    #[prost(enumeration = "Level", optional, tag = "1")]
    #[serde(serialize_with = "name_if_any::<Level, _>")]
    document_access_level: Option<i32>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SelectedPatch {
    #[prost(string, repeated, tag = "1")]
    selected_department_ids: Vec<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PermissionsPatch {
    #[prost(message, optional, tag = "1")]
    department: Option<DepartmentPatch>,
    #[prost(message, optional, tag = "2")]
    is_administrator: Option<AdministratorPatch>,
    #[prost(message, optional, tag = "3")]
    document_access_level: Option<LevelPatch>,
    #[prost(message, optional, tag = "4")]
    selected_departments: Option<SelectedPatch>,
    #[prost(message, repeated, tag = "5")]
    actions: Vec<Action>,
    #[prost(message, optional, tag = "6")]
    authorization_permission: Option<Authorization>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PositionPatch {
    #[prost(string, optional, tag = "1")]
    position: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChatPatch {
    #[prost(bool, optional, tag = "1")]
    can_be_invited_for_chat: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmployeeToUpdate {
    #[prost(message, optional, tag = "1")]
    permissions: Option<PermissionsPatch>,
    #[prost(message, optional, tag = "2")]
    position: Option<PositionPatch>,
    #[prost(message, optional, tag = "3")]
    can_be_invited_for_chat: Option<ChatPatch>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Subscription {
    #[prost(string, optional, tag = "1")]
    id: Option<String>,
    #[prost(bool, optional, tag = "2")]
    is_subscribed: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SubscriptionsToUpdate {
    #[prost(message, repeated, tag = "1")]
    subscriptions: Vec<Subscription>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RussianAddress {
    #[prost(string, optional, tag = "1")]
    zip_code: Option<String>,
    #[prost(string, optional, tag = "2")]
    region: Option<String>,
    #[prost(string, optional, tag = "3")]
    territory: Option<String>,
    #[prost(string, optional, tag = "4")]
    city: Option<String>,
    #[prost(string, optional, tag = "5")]
    locality: Option<String>,
    #[prost(string, optional, tag = "6")]
    street: Option<String>,
    #[prost(string, optional, tag = "7")]
    building: Option<String>,
    #[prost(string, optional, tag = "8")]
    block: Option<String>,
    #[prost(string, optional, tag = "9")]
    apartment: Option<String>,
    #[prost(string, optional, tag = "10")]
    other_information: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ForeignAddress {
    #[prost(string, optional, tag = "1")]
    country: Option<String>,
    #[prost(string, optional, tag = "2")]
    address: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Address {
    #[prost(message, optional, tag = "1")]
    russian_address: Option<RussianAddress>,
    #[prost(message, optional, tag = "2")]
    foreign_address: Option<ForeignAddress>,
    #[prost(string, optional, tag = "3")]
    address_code: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Routing {
    #[prost(bool, optional, tag = "1")]
    kpp: Option<bool>,
    #[prost(bool, optional, tag = "2")]
    address: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentToCreate {
    #[prost(string, optional, tag = "1")]
    parent_department_id: Option<String>,
    #[prost(string, optional, tag = "2")]
    name: Option<String>,
    #[prost(string, optional, tag = "3")]
    abbreviation: Option<String>,
    #[prost(string, optional, tag = "4")]
    kpp: Option<String>,
    #[prost(message, optional, tag = "5")]
    address: Option<Address>,
    #[prost(message, optional, tag = "6")]
    routing: Option<Routing>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ParentPatch {
    #[prost(string, optional, tag = "1")]
    parent_department_id: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NamingPatch {
    #[prost(string, optional, tag = "1")]
    name: Option<String>,
    #[prost(string, optional, tag = "2")]
    abbreviation: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KppPatch {
    #[prost(string, optional, tag = "1")]
    kpp: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AddressPatch {
    #[prost(message, optional, tag = "1")]
    address: Option<Address>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DepartmentToUpdate {
    #[prost(message, optional, tag = "1")]
    parent_department: Option<ParentPatch>,
    #[prost(message, optional, tag = "2")]
    department_naming: Option<NamingPatch>,
    #[prost(message, optional, tag = "3")]
    kpp: Option<KppPatch>,
    #[prost(message, optional, tag = "4")]
    address: Option<AddressPatch>,
    #[prost(message, optional, tag = "5")]
    routing: Option<Routing>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyFullId {
    #[prost(string, optional, tag = "1")]
    registration_number: Option<String>,
    #[prost(string, optional, tag = "2")]
    issuer_inn: Option<String>,
    #[prost(string, optional, tag = "3")]
    representative_inn: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DefaultPatch {
    #[prost(bool, optional, tag = "1")]
    is_default: Option<bool>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyToUpdate {
    #[prost(message, optional, tag = "1")]
    power_of_attorney_full_id: Option<PowerOfAttorneyFullId>,
    #[prost(message, optional, tag = "2")]
    is_default_patch: Option<DefaultPatch>,
}

/// A file with its signature; what either consists of is not looked at.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SignedContent {
    #[prost(message, optional, tag = "1")]
    content: Option<Content>,
    #[prost(message, optional, tag = "2")]
    signature: Option<Content>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Content {
    #[prost(bytes = "vec", optional, tag = "1")]
    #[serde(serialize_with = "base64")]
    content: Option<Vec<u8>>,
    #[prost(string, optional, tag = "2")]
    name_on_shelf: Option<String>,
}

#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PowerOfAttorneyToRegister {
    #[prost(message, optional, tag = "1")]
    full_id: Option<PowerOfAttorneyFullId>,
    #[prost(message, optional, tag = "2")]
    content: Option<SignedContent>,
}

/// The first version, whose query names the power of attorney.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OldPowerOfAttorneyToUpdate {
    #[prost(message, optional, tag = "1")]
    is_default_patch: Option<DefaultPatch>,
}
