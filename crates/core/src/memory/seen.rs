//! What tests see and change behind everybody's back of what only the platform in memory has.

use super::provider::Memory;
use crate::employee::RemoteId;

impl Memory {
    /// Returns the badge that somebody wears.
    #[must_use]
    pub fn badge(&self, who: &RemoteId) -> Option<String> {
        self.world().badges.get(who).cloned()
    }

    /// Changes a badge behind everybody's back.
    pub fn wear(&self, who: &RemoteId, badge: Option<&str>) {
        let mut world = self.world();
        match badge {
            Some(badge) => world.badges.insert(who.clone(), badge.to_owned()),
            None => world.badges.remove(who),
        };
    }

    /// Returns the texts of the notes on the board, the oldest first.
    #[must_use]
    pub fn board(&self) -> Vec<String> {
        let world = self.world();
        world.notes.iter().map(|(_, said)| said.clone()).collect()
    }
}
