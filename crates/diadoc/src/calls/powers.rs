//! Machine-readable powers of attorney (МЧД) that are attached to an employee.
//!
//! The id of the employee is always sent. The platform takes a missing one for the caller's own.

use kadry_core::{Repeat, Result};

use super::{BoxApi, found};
use crate::wire::power::{AttachedPowers, FullId};

impl BoxApi {
    /// Returns everything that is attached to one employee; none if there is no such employee.
    pub(crate) async fn powers(&self, id: &str) -> Result<Option<AttachedPowers>> {
        // Without onlyActual the expired ones are listed too. Whether "actual" counts those that begin later is not documented,
        // and one that was missed could be used tomorrow.
        // https://developer.kontur.ru/doc/diadoc-api, GetEmployeePowersOfAttorney. Checked 2026-11.
        let call = self
            .read("/GetEmployeePowersOfAttorney")
            .query("userId", id);
        let answer = self.send(call).await;
        found(answer)?.map(|answer| answer.json()).transpose()
    }

    /// Attaches one to an employee.
    ///
    /// # Repeats
    ///
    /// What a second attaching does is not documented: look first.
    pub(crate) async fn attach_power(&self, id: &str, power: &FullId) -> Result<()> {
        let call = self
            .write("/V2/AddEmployeePowerOfAttorney", Repeat::Once)
            .query("userId", id)
            .json(power);
        self.send(call).await.map(|_| ())
    }

    /// Detaches one from an employee; the tax service's register is not told.
    ///
    /// # Repeats
    ///
    /// Detaching again is a success; detaching what was never attached is `NotFound`.
    pub(crate) async fn detach_power(&self, id: &str, power: &FullId) -> Result<()> {
        let call = self
            .write("/V2/DeleteEmployeePowerOfAttorney", Repeat::Safe)
            .query("userId", id)
            .json(power);
        self.send(call).await.map(|_| ())
    }
}
