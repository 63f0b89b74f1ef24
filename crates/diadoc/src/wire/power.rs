//! Machine-readable powers of attorney (МЧД) that are attached to an employee.

use serde::{Deserialize, Serialize};

use super::list;

/// The powers of attorney of one employee.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AttachedPowers {
    #[serde(default, deserialize_with = "list")]
    pub(crate) powers_of_attorney: Vec<AttachedPower>,
}

/// One attached power of attorney.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AttachedPower {
    pub(crate) power_of_attorney: Power,
}

/// The power of attorney itself.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Power {
    pub(crate) full_id: FullId,
}

/// What names a power of attorney.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct FullId {
    pub(crate) registration_number: String,
    pub(crate) issuer_inn: String,
    // Required by the pages, optional in the vendor's contract; always sent when it was read. Checked 2026-11.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) representative_inn: Option<String>,
}
