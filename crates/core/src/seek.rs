//! Looking for a person so that finding nobody proves something.

use std::collections::BTreeSet;

use futures::future::try_join_all;

use crate::capability::FoundBy;
use crate::employee::{Employee, MatchKey};
use crate::error::{Error, ErrorKind, Result};
use crate::page::every;
use crate::provider::EmployeeProvider;

/// What looking for a person showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// The records that carry one of the keys, each once.
    pub matches: Vec<Employee>,
    /// Every person on the platform, if all had to be read.
    pub everybody: Option<Vec<Employee>>,
}

/// Returns every record that carries one of the keys; that there is none is proven. Keys that the platform does not match by are passed
/// over.
///
/// # Errors
///
/// `Forbidden` when nobody matches and the platform hides from us what would have to be compared, and the errors of any request.
pub async fn seek(provider: &dyn EmployeeProvider, keys: &[MatchKey]) -> Result<Sighting> {
    let found_by = |key: &MatchKey| provider.capability().found_by(key.name());
    let known: Vec<&MatchKey> = keys.iter().filter(|key| found_by(key).is_some()).collect();
    let any = |wanted: FoundBy| known.iter().any(|key| found_by(key) == Some(wanted));
    if any(FoundBy::Listing) {
        return among_everybody(provider, &known).await;
    }
    let searches = known
        .iter()
        .map(|key| every(move |from| async move { provider.find(key, from.as_ref()).await }));
    let found = try_join_all(searches).await?.into_iter().flatten();
    let matches = each_once(found);
    if matches.is_empty() && any(FoundBy::AskingThenListing) {
        return among_everybody(provider, &known).await;
    }
    Ok(Sighting {
        matches,
        everybody: None,
    })
}

async fn among_everybody(provider: &dyn EmployeeProvider, keys: &[&MatchKey]) -> Result<Sighting> {
    let rows = every(|from| async move { provider.list(from.as_ref()).await }).await?;
    let people = rows.into_iter().filter(|row| !row.marks.automaton);
    let everybody = each_once(people);
    let fits = |row: &&Employee| keys.iter().any(|key| row.matches(key));
    let matches: Vec<Employee> = everybody.iter().filter(fits).cloned().collect();
    let hides = |key: &&MatchKey| everybody.iter().any(|row| row.hides(key.name()));
    if matches.is_empty() && keys.iter().any(hides) {
        return Err(Error::new(
            ErrorKind::Forbidden,
            "the platform hides from us what people are matched by, so nobody is proven to be absent",
        )
        .with("reason", "keys-hidden"));
    }
    Ok(Sighting {
        matches,
        everybody: Some(everybody),
    })
}

/// Leaves out what came a second time: pages may slip.
fn each_once(rows: impl IntoIterator<Item = Employee>) -> Vec<Employee> {
    let mut seen = BTreeSet::new();
    rows.into_iter()
        .filter(|row| seen.insert(row.at.id.clone()))
        .collect()
}
