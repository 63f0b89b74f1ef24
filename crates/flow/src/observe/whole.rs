//! Everything that one record holds, looked up in what was read of everybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use kadry_core::{Employee, GrantKind, KindName, ReadBy, Reason};
use kadry_journal::StepError;
use serde::{Deserialize, Serialize};

use super::look::{in_rows, is_hidden, named};
use super::{Held, Here, Listing, Offers};

/// Why it is not known what somebody holds of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// The platform does not show it, or a right of ours is missing.
    Reason(Reason),
    /// It could not be read.
    Error(StepError),
    /// The record does not show it to us.
    Hidden,
}

/// What can be granted on a platform, and what of it could not be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(crate) offers: Offers,
    pub(crate) unread: BTreeMap<KindName, Hindrance>,
}

/// A platform on which one record was looked at, and what of it is not known.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) here: Here,
    pub(crate) unread: BTreeMap<KindName, Hindrance>,
}

/// Returns every list of a platform. One that cannot be read leaves the others.
pub(crate) async fn lists(listing: &Listing) -> Lists {
    let kinds = &listing.provider().capability().grants;
    let read = kinds.iter().map(|kind| async move {
        if let Some(reason) = kind.catalogue.reason() {
            return Err(Hindrance::Reason(reason.clone()));
        }
        let offers = listing.offers(&kind.name).await;
        offers.map_err(|error| Hindrance::Error(StepError::from(&error)))
    });
    let mut lists = Lists::default();
    for (kind, read) in kinds.iter().zip(join_all(read).await) {
        match read {
            Ok(offers) => {
                lists.offers.insert(kind.name.clone(), offers);
            }
            Err(why) => {
                lists.unread.insert(kind.name.clone(), why);
            }
        }
    }
    lists
}

/// Returns what a record holds of every kind. What is read person by person is asked of the platform.
pub(crate) async fn whole(listing: &Listing, lists: &Lists, employee: Employee) -> Whole {
    let provider = listing.provider();
    let employee = named(employee, &lists.offers);
    let kinds = &provider.capability().grants;
    let read = kinds
        .iter()
        .map(|kind| held(listing, lists, kind, &employee));
    let (mut seen, mut unread) = (BTreeMap::new(), BTreeMap::new());
    for (kind, held) in kinds.iter().zip(join_all(read).await) {
        let held = held.unwrap_or_else(|why| {
            unread.insert(kind.name.clone(), why);
            Held::Unseen
        });
        seen.insert(kind.name.clone(), held);
    }
    let standing = Arc::clone(listing.standing());
    let mut here = Here::without(Arc::clone(provider), standing, lists.offers.clone());
    here.held = seen;
    here.matches = vec![employee];
    Whole { here, unread }
}

/// Returns what somebody holds of a kind. What a closed door hides is unseen, and nobody can be blamed for it.
///
/// # Errors
///
/// Why it is not known.
async fn held(
    listing: &Listing,
    lists: &Lists,
    kind: &GrantKind,
    employee: &Employee,
) -> Result<Held, Hindrance> {
    let not_listed = || lists.unread.get(&kind.name).cloned();
    match kind.read {
        ReadBy::WithEmployee => employee
            .granted(&kind.name)
            .map(|grants| Held::Seen(grants.to_vec()))
            .ok_or(Hindrance::Hidden),
        ReadBy::Catalogue | ReadBy::EachPerson if is_hidden(kind, employee) => Ok(Held::Unseen),
        ReadBy::Catalogue => {
            let offers = lists.offers.get(&kind.name);
            offers
                .map(|offers| in_rows(kind, employee, offers))
                .ok_or_else(|| not_listed().unwrap_or(Hindrance::Hidden))
        }
        ReadBy::EachPerson => {
            let held = listing.provider().held(&kind.name, &employee.at).await;
            held.map(Held::Seen)
                .map_err(|error| Hindrance::Error(StepError::from(&error)))
        }
    }
}
