//! Protobuf as the vendor's pages number it, written down a second time: the emulator's own numbers are not asked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// Each message with its members: `!` is required, `?` optional, `*` repeated; what has no type is a string.
const MESSAGES: &str = "
Timestamp: Ticks!1:sfixed64
DateTimeOffset: UtcTicks!1:sfixed64 OffsetTicks!2:sfixed64
FullName: LastName!1 FirstName!2 MiddleName?3
UserV2: UserId!1 Login?2 FullName?3:FullName IsRegistered!4:bool
EmployeeAction: Name!1 IsAllowed!2:bool
AuthorizationPermission: IsBlocked!1:bool Comment?2
EmployeePermissions: UserDepartmentId!1 IsAdministrator!2:bool DocumentAccessLevel!3:DocumentAccessLevel SelectedDepartmentIds*4 Actions*5:EmployeeAction AuthorizationPermission?6:AuthorizationPermission
Employee: User!1:UserV2 Permissions!2:EmployeePermissions Position!3 CanBeInvitedForChat!4:bool CreationTimestamp?5:Timestamp ExternalIdentity?6:EmployeeExternalIdentity
EmployeeExternalIdentity: ExternalId?1 Email?2
EmployeeList: Employees*1:Employee TotalCount!2:int32
EmployeeToCreate: Credentials!1:EmployeeToCreateCredentials Position?2 CanBeInvitedForChat!3:bool Permissions!4:EmployeePermissions
EmployeeToCreateCredentials: Login?1:EmployeeToCreateByLogin Certificate?2:EmployeeToCreateByCertificate
EmployeeToCreateByCertificate: Content!1:bytes AccessBasis?2 Email?3
EmployeeToCreateByLogin: Login!1 FullName?2:FullName
EmployeeToUpdate: Permissions?1:EmployeePermissionsPatch Position?2:EmployeePositionPatch CanBeInvitedForChat?3:EmployeeCanBeInvitedForChatPatch
EmployeePermissionsPatch: Department?1:EmployeeDepartmentPatch IsAdministrator?2:EmployeeIsAdministratorPatch DocumentAccessLevel?3:EmployeeDocumentAccessLevelPatch SelectedDepartments?4:EmployeeSelectedDepartmentsPatch Actions*5:EmployeeAction AuthorizationPermission?6:AuthorizationPermission
EmployeeDepartmentPatch: DepartmentId!1
EmployeeIsAdministratorPatch: IsAdministrator!1:bool
EmployeeDocumentAccessLevelPatch: DocumentAccessLevel!1:DocumentAccessLevel
EmployeeSelectedDepartmentsPatch: SelectedDepartmentIds*1
EmployeePositionPatch: Position?1
EmployeeCanBeInvitedForChatPatch: CanBeInvitedForChat!1:bool
Subscription: Id!1 IsSubscribed!2:bool
EmployeeSubscriptions: Subscriptions*1:Subscription
SubscriptionsToUpdate: Subscriptions*1:Subscription
RussianAddress: ZipCode?1 Region!2 Territory?3 City?4 Locality?5 Street?6 Building?7 Block?8 Apartment?9 OtherInformation?10
ForeignAddress: Country!1 Address!2
Address: RussianAddress?1:RussianAddress ForeignAddress?2:ForeignAddress AddressCode?3
Routing: Kpp!1:bool Address!2:bool
Department: Id!1 ParentDepartmentId?2 Name!3 Abbreviation!4 Kpp?5 Address?6:Address Routing!7:Routing CreationTimestamp!8:Timestamp
DepartmentList: Departments*1:Department TotalCount!2:int32
DepartmentToCreate: ParentDepartmentId?1 Name!2 Abbreviation!3 Kpp?4 Address?5:Address Routing!6:Routing
DepartmentToUpdate: ParentDepartment?1:ParentDepartmentPatch DepartmentNaming?2:DepartmentNamingPatch Kpp?3:DepartmentKppPatch Address?4:DepartmentAddressPatch Routing?5:Routing
ParentDepartmentPatch: ParentDepartmentId!1
DepartmentNamingPatch: Name!1 Abbreviation!2
DepartmentKppPatch: Kpp?1
DepartmentAddressPatch: Address?1:Address
OrganizationDepartment: DepartmentId!1 ParentDepartmentId!2 Name!3 Abbreviation?4 Kpp?5 Address?6:Address IsDisabled?7:bool
Box: BoxId!1 Title!2 Organization?3:Organization InvoiceFormatVersion?4:InvoiceFormatVersion EncryptedDocumentsAllowed?5:bool BoxIdGuid!6
Organization: OrgId!1 Inn!2 Kpp?3 FullName!4 ShortName?5 Boxes*7:Box Ogrn?8 FnsParticipantId?9 Address?10:Address Departments*12:OrganizationDepartment IfnsCode?13 IsPilot?14:bool IsActive?15:bool IsTest?16:bool IsBranch?17:bool IsRoaming?18:bool IsEmployee?19:bool InvitationCount?20:int32 SearchCount?21:int32 Sociability!22:Sociability IsForeign?25:bool HasCertificateToSign?26:bool OrganizationType!27:OrganizationType ReadyForEpdStatus!30:ReadyForEpdStatus
OrganizationList: Organizations*1:Organization
OrganizationUserPermissions: UserDepartmentId!1 IsAdministrator!2:bool DocumentAccessLevel?3:DocumentAccessLevel CanSignDocuments!4:bool CanManageCounteragents!6:bool CanAddResolutions!7:bool CanRequestResolutions!8:bool SelectedDepartmentIds*9 JobTitle?10 CanCreateDocuments!11:bool AuthorizationPermission!12:AuthorizationPermission CanDeleteRestoreDocuments!13:bool CanAttachUniversalMessages!14:bool CanUseGoskeyFL?15:bool CanCreatePaymentOrders?16:bool
OrganizationUser: Id!1 Name!2 Permissions!3:OrganizationUserPermissions Position!4
OrganizationUsersList: Users*1:OrganizationUser CurrentUserId!2
PowerOfAttorneyFullId: RegistrationNumber!1 IssuerInn!2 RepresentativeInn?3
PowerOfAttorneyIssuer: Type?1:IssuerType LegalEntity?2:PowerOfAttorneyIssuerLegalEntity
PowerOfAttorneyIssuerLegalEntity: Inn!1 Kpp!2 OrganizationName!3
PowerOfAttorneyConfidant: PersonName!1:FullName Inn!2
PowerOfAttorneyPermissionsInfo: Permissions*1:PowerOfAttorneyPermissions TransferPermissionLoss?2 JointPermissions!3
PowerOfAttorneyPermissions: Type!1 TextPermission?2 MachineReadablePermission*3:MachineReadablePermission
MachineReadablePermission: Mnemonic?1 Code!2 Name!3
PowerOfAttorneyRepresentative: Type?1:RepresentativeType PhysicalEntity?4:RepresentativePhysicalEntity
RepresentativePhysicalEntity: Inn?1 PersonName!2:FullName
PowerOfAttorney: FullId!1:PowerOfAttorneyFullId Issuer!2:PowerOfAttorneyIssuer Confidant!3:PowerOfAttorneyConfidant StartAt!4:Timestamp ExpireAt!5:Timestamp DelegationChain*8:PowerOfAttorney PermissionsInfo!9:PowerOfAttorneyPermissionsInfo Representatives*11:PowerOfAttorneyRepresentative StartAtByMoscow!12:DateTimeOffset ExpireAtByMoscow!13:DateTimeOffset
EmployeePowerOfAttorney: PowerOfAttorney!1:PowerOfAttorney IsDefault!2:bool
EmployeePowerOfAttorneyList: PowersOfAttorney*1:EmployeePowerOfAttorney
EmployeePowerOfAttorneyToUpdateV2: PowerOfAttorneyFullId!1:PowerOfAttorneyFullId IsDefaultPatch?2:IsDefaultPatch
IsDefaultPatch: IsDefault!1:bool
EmployeePowerOfAttorneyToUpdate: IsDefaultPatch?1:IsDefaultPatch
User: Id?1 LastName?2 FirstName?3 MiddleName?4
PowerOfAttorneyToRegister: FullId?1:PowerOfAttorneyFullId
AsyncMethodResult: TaskId!1
PowerOfAttorneyRegisterResult: OperationStatus!1 PowerOfAttorney?2:PowerOfAttorney Status?3:PowerOfAttorneyStatus Errors*4:PowerOfAttorneyOperationError
PowerOfAttorneyStatus: Status!1 LastCheckAt?2:Timestamp
PowerOfAttorneyOperationError: Code!1 Text!2
";

const ENUMS: &str = "
DocumentAccessLevel: UnknownDocumentAccessLevel=-1 DepartmentOnly=0 DepartmentAndSubdepartments=1 AllDocuments=2 SelectedDepartments=3
InvoiceFormatVersion: v5_01=1 v5_02=2
Sociability: AllOrganizations=0 CounteragentsOnly=1
OrganizationType: UnknownOrganizationType=0 Individual=1 Juridical=2 PhysicalPerson=3
ReadyForEpdStatus: UnknownEpdStatus=0 UndefinedEpdStatus=1 Ready=2 NotReady=3
IssuerType: UnknownIssuerType=0 LegalEntity=1 ForeignEntity=2 IndividualEntity=3 PhysicalEntity=4 LegalEntitySubsidiary=5
RepresentativeType: UnknownRepresentativeType=0 RepresentativeLegalEntity=1 RepresentativeIndividualEntity=2 RepresentativePhysicalEntity=3
";

#[derive(Clone, Copy)]
struct Member {
    name: &'static str,
    label: char,
    number: u64,
    kind: &'static str,
}

fn line(table: &'static str, name: &str) -> Option<&'static str> {
    let mut lines = table.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(known, _)| *known == name)
        .map(|(_, rest)| rest)
}

fn members(message: &str) -> Vec<Member> {
    let line = line(MESSAGES, message).unwrap_or_else(|| panic!("no message {message}"));
    line.split(' ')
        .map(|member| {
            let at = member.find(['!', '?', '*']).unwrap();
            let (number, kind) = member[at + 1..]
                .split_once(':')
                .unwrap_or((&member[at + 1..], "string"));
            Member {
                name: &member[..at],
                label: char::from(member.as_bytes()[at]),
                number: number.parse().unwrap(),
                kind,
            }
        })
        .collect()
}

fn numbers(kind: &str) -> Option<Vec<(&'static str, i64)>> {
    let pairs = line(ENUMS, kind)?.split(' ').map(|pair| {
        let (name, number) = pair.split_once('=').unwrap();
        (name, number.parse().unwrap())
    });
    Some(pairs.collect())
}

/// Reads a message into the JSON that says the same.
pub(crate) fn decode(message: &str, mut bytes: &[u8]) -> Value {
    let known = members(message);
    let mut read = Map::new();
    for member in known.iter().filter(|member| member.label == '*') {
        read.insert(member.name.to_owned(), json!([]));
    }
    while !bytes.is_empty() {
        let key = take_varint(&mut bytes);
        let member = known
            .iter()
            .find(|member| member.number == key >> 3)
            .unwrap_or_else(|| panic!("{message} has no member {}", key >> 3));
        let value = decode_value(member.kind, key & 7, &mut bytes);
        if member.label == '*' {
            read[member.name].as_array_mut().unwrap().push(value);
        } else {
            assert!(read.insert(member.name.to_owned(), value).is_none());
        }
    }
    for member in known.iter().filter(|member| member.label == '!') {
        assert!(read.contains_key(member.name), "{message}.{}", member.name);
    }
    Value::Object(read)
}

fn decode_value(kind: &str, wire_type: u64, bytes: &mut &[u8]) -> Value {
    match (kind, wire_type) {
        ("bool", 0) => json!(take_varint(bytes) == 1),
        ("int32", 0) => json!(take_varint(bytes).cast_signed()),
        ("sfixed64", 1) => json!(i64::from_le_bytes(take(bytes, 8).try_into().unwrap())),
        ("string", 2) => {
            let length = take_varint(bytes);
            json!(std::str::from_utf8(take(bytes, length)).unwrap())
        }
        (kind, 0) => {
            let number = take_varint(bytes).cast_signed();
            let named = numbers(kind).unwrap();
            json!(named.iter().find(|(_, known)| *known == number).unwrap().0)
        }
        (kind, 2) => {
            let length = take_varint(bytes);
            decode(kind, take(bytes, length))
        }
        (kind, wire_type) => panic!("{kind} has the wire type {wire_type}"),
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(usize::try_from(length).unwrap());
    *bytes = rest;
    taken
}

fn take_varint(bytes: &mut &[u8]) -> u64 {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let byte = take(bytes, 1)[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    number
}

/// Writes what a JSON object says as a message.
pub(crate) fn encode(message: &str, said: &Value) -> Vec<u8> {
    let known = members(message);
    for name in said.as_object().unwrap().keys() {
        assert!(
            known.iter().any(|member| member.name == name),
            "{message}.{name}"
        );
    }
    let mut bytes = Vec::new();
    for member in known {
        match &said[member.name] {
            Value::Null => {}
            Value::Array(values) => {
                for value in values {
                    encode_value(member, value, &mut bytes);
                }
            }
            value @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                encode_value(member, value, &mut bytes);
            }
        }
    }
    bytes
}

fn encode_value(member: Member, value: &Value, bytes: &mut Vec<u8>) {
    let mut number = |number: i64| {
        put_varint(member.number << 3, bytes);
        put_varint(number.cast_unsigned(), bytes);
    };
    match member.kind {
        "bool" => number(i64::from(value.as_bool().unwrap())),
        "bytes" => put_block(
            member,
            &STANDARD.decode(value.as_str().unwrap()).unwrap(),
            bytes,
        ),
        "string" => put_block(member, value.as_str().unwrap().as_bytes(), bytes),
        kind => match numbers(kind) {
            Some(named) => number(named.iter().find(|(name, _)| value == name).unwrap().1),
            None => put_block(member, &encode(kind, value), bytes),
        },
    }
}

fn put_block(member: Member, block: &[u8], bytes: &mut Vec<u8>) {
    put_varint(member.number << 3 | 2, bytes);
    put_varint(block.len() as u64, bytes);
    bytes.extend(block);
}

fn put_varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}
