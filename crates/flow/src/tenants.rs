//! In which tenant of each platform a run stands. A step of one tenant says nothing of another, where its record is somebody else's.

use std::collections::BTreeMap;

use kadry_core::ProviderId;
use kadry_journal::{RunId, RunStory};
use serde::{Deserialize, Serialize};

use crate::error::FlowError;
use crate::observe::Snapshot;
use crate::written::Written;

/// The tenants that somebody stands in, by platform. A platform that was silent is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tenants(BTreeMap<ProviderId, String>);

impl Tenants {
    /// Returns the tenants for which a run was approved. One that another version wrote down in another way tells none.
    pub(crate) fn of(story: &RunStory) -> Self {
        Written::of(story).map_or_else(|_| Self::default(), |written| written.tenants)
    }

    /// Returns the tenants in which the platforms were read.
    pub(crate) fn seen(snapshot: &Snapshot) -> Self {
        let here = snapshot.here();
        Self(
            here.map(|(id, here)| (id.clone(), here.standing.tenant.clone()))
                .collect(),
        )
    }

    /// Reports whether no platform has told its tenant.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the tenant on a platform, where it is known.
    pub(crate) fn on(&self, provider: &ProviderId) -> Option<&str> {
        self.0.get(provider).map(String::as_str)
    }

    /// Adds what is known of a platform that has not told its tenant itself.
    pub(crate) fn suppose(&mut self, provider: &ProviderId, tenant: String) {
        self.0.entry(provider.clone()).or_insert(tenant);
    }

    /// # Errors
    ///
    /// [`FlowError::AnotherTenant`] when a platform stands in another tenant than the one for which a run was approved.
    pub(crate) fn must_be(&self, approved: &Self, run: &RunId) -> Result<(), FlowError> {
        let mut both = approved
            .0
            .iter()
            .filter_map(|(id, was)| Some((id, was.as_str(), self.on(id)?)));
        match both.find(|(_, was, now)| was != now) {
            Some((provider, was, now)) => Err(FlowError::AnotherTenant {
                run: run.clone(),
                provider: provider.clone(),
                was: was.to_owned(),
                now: now.to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Reports whether both know platforms in common, and each of those in two tenants.
    pub(crate) fn differ_everywhere(&self, other: &Self) -> bool {
        let mut common = self.0.keys().filter(|id| other.on(id).is_some()).peekable();
        common.peek().is_some() && common.all(|provider| self.differ(other, provider))
    }

    /// Reports whether a platform is known in two tenants.
    pub(crate) fn differ(&self, other: &Self, provider: &ProviderId) -> bool {
        match (self.on(provider), other.on(provider)) {
            (Some(one), Some(other)) => one != other,
            (None, _) | (_, None) => false,
        }
    }
}
