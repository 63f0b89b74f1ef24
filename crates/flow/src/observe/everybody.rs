//! Everybody on a platform, and one record by its id.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{
    Connect, Cursor, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, Foresight, Grant,
    RemoteId, Result, every,
};

use super::Here;
use super::look::named;

/// Returns the record with this id. Not every platform reads by id, but every one lists everybody.
///
/// # Errors
///
/// The errors of any request.
pub(crate) async fn by_id(connect: &dyn Connect, id: &RemoteId) -> Result<Option<Employee>> {
    let provider = connect.connect(Foresight::default()).await?;
    by_id_at(provider.as_ref(), id).await
}

/// As [`by_id`], on a platform that is at hand.
pub(super) async fn by_id_at(
    provider: &dyn EmployeeProvider,
    id: &RemoteId,
) -> Result<Option<Employee>> {
    let who = EmployeeRef {
        id: id.clone(),
        settled: true,
        keys: Vec::new(),
    };
    if let Some(employee) = provider.get(&who).await? {
        return Ok(Some(employee));
    }
    let everybody = everybody_at(provider).await?;
    Ok(everybody.into_iter().find(|employee| employee.at.id == *id))
}

/// Returns every person on a platform, programs left out.
///
/// # Errors
///
/// `Protocol` when a platform on which we have a record lists nobody, and the errors of any request.
pub(crate) async fn everybody(connect: &dyn Connect) -> Result<Vec<Employee>> {
    let provider = connect.connect(Foresight::default()).await?;
    everybody_at(provider.as_ref()).await
}

async fn everybody_at(provider: &dyn EmployeeProvider) -> Result<Vec<Employee>> {
    let rows = every(|from| async move { provider.list(from.as_ref()).await }).await?;
    if rows.is_empty() && provider.whoami().await?.own.is_some() {
        // We are on the list ourselves, so an empty one is no answer.
        let error = Error::new(ErrorKind::Protocol, "the platform lists nobody");
        return Err(error.with("provider.id", provider.id()));
    }
    Ok(rows
        .into_iter()
        .filter(|employee| !employee.marks.automaton)
        .collect())
}

/// Puts names to grants of which records show only the id, asking for the lists that are missing. A
/// list that cannot be read leaves the ids.
pub(crate) async fn name_grants(here: &mut Here) {
    let provider = Arc::clone(&here.provider);
    for kind in provider
        .capability()
        .grants
        .iter()
        .filter(|kind| kind.catalogue.is_yes())
    {
        let mut grants = here
            .matches
            .iter()
            .filter_map(|one| one.granted(&kind.name))
            .flatten();
        if !grants.any(Grant::is_nameless) {
            continue;
        }
        let list = async |from: Option<Cursor>| provider.catalogue(&kind.name, from.as_ref()).await;
        let Ok(offers) = every(list).await else {
            continue;
        };
        let offers = BTreeMap::from([(kind.name.clone(), Arc::new(offers.into()))]);
        let matches = std::mem::take(&mut here.matches);
        here.matches = matches
            .into_iter()
            .map(|employee| named(employee, &offers))
            .collect();
    }
}
