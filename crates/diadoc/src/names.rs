//! The names that the vendor's contract fixes. All are open sets on reading.

use kadry_core::{KindName, Offer, RemoteId};

/// The rights. <https://developer.kontur.ru/doc/diadoc-api>, `EmployeeAction`. Checked 2026-11.
pub(crate) const ACTIONS: [&str; 9] = [
    "CreateDocuments",
    "DeleteRestoreDocuments",
    "SignDocuments",
    "AddResolutions",
    "RequestResolutions",
    "ManageCounteragents",
    "AttachUniversalMessages",
    "UseGoskey",
    "CreatePaymentOrders",
];

/// The rights of which one signs legally binding documents with any; the second with a certificate that a person has in Госключ.
pub(crate) const SIGNING: [&str; 2] = ["SignDocuments", "UseGoskey"];

/// The access levels. <https://developer.kontur.ru/doc/diadoc-api>, `DocumentAccessLevel`. Checked 2026-11.
pub(crate) const LEVELS: [&str; 4] = [
    NARROWEST_LEVEL,
    "DepartmentAndSubdepartments",
    SELECTED_DEPARTMENTS,
    "AllDocuments",
];

/// The access level that means nothing without a list of departments beside it.
pub(crate) const SELECTED_DEPARTMENTS: &str = "SelectedDepartments";

/// The narrowest access level; there is none that shows no documents at all.
pub(crate) const NARROWEST_LEVEL: &str = "DepartmentOnly";

/// The e-mail subscriptions. <https://developer.kontur.ru/doc/diadoc-api>, `Subscription`. Checked 2026-11.
pub(crate) const SUBSCRIPTIONS: [&str; 10] = [
    "CounteragentInvitation",
    "CounteragentInvitationResponses",
    "NewIncomingDocuments",
    "CounteragentSignatures",
    "CounteragentSignatureDenials",
    "ResolutionRequests",
    "ResolutionResults",
    "EmployeeRequests",
    "News",
    "ChatMessages",
];

/// Returns the offers of a kind whose names are fixed, or none for another kind.
pub(crate) fn offers(kind: &KindName) -> Option<Vec<Offer>> {
    let names: &[&str] = if *kind == KindName::ACCESS_LEVEL {
        &LEVELS
    } else if *kind == KindName::PERMISSION {
        &ACTIONS
    } else if *kind == KindName::SUBSCRIPTION {
        &SUBSCRIPTIONS
    } else {
        return None;
    };
    Some(names.iter().map(|name| offer(name)).collect())
}

fn offer(name: &str) -> Offer {
    Offer {
        id: RemoteId::new(name),
        name: name.to_owned(),
        path: vec![name.to_owned()],
        holders: None,
        owner: None,
        through: Vec::new(),
    }
}
