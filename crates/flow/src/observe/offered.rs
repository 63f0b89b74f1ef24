//! What can be granted of one kind, and how something is found in it: for a hundred thousand people the list is looked through once.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::OnceLock;

use kadry_core::{Offer, RemoteId, fold};

/// What can be granted of one kind.
#[derive(Debug, Default)]
pub struct Offered {
    offers: Vec<Offer>,
    /// Whether many are looked for in it.
    is_for_many: bool,
    folded: OnceLock<Folded>,
    by_holder: OnceLock<HashMap<RemoteId, Vec<usize>>>,
}

/// Ids, names and paths as they are compared.
#[derive(Debug, Default)]
struct Folded {
    by_id: HashMap<RemoteId, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    paths: Vec<Vec<String>>,
}

impl From<Vec<Offer>> for Offered {
    fn from(offers: Vec<Offer>) -> Self {
        Self {
            offers,
            ..Self::default()
        }
    }
}

impl Deref for Offered {
    type Target = Vec<Offer>;

    fn deref(&self) -> &Self::Target {
        &self.offers
    }
}

impl Offered {
    /// Returns a list in which many people are looked for.
    pub(crate) fn for_many(offers: Vec<Offer>) -> Self {
        Self {
            is_for_many: true,
            ..Self::from(offers)
        }
    }

    /// Returns what has this id.
    pub(crate) fn with_id(&self, id: &str) -> Vec<&Offer> {
        let found = self.folded().by_id.get(id);
        let found = found.into_iter().flatten();
        found.filter_map(|at| self.offers.get(*at)).collect()
    }

    /// Returns what has this name, however it is written.
    pub(crate) fn named(&self, name: &str) -> Vec<&Offer> {
        let found = self.folded().by_name.get(&fold(name));
        let found = found.into_iter().flatten();
        found.filter_map(|at| self.offers.get(*at)).collect()
    }

    /// Returns what has a path that fits; the parts of a path are folded.
    pub(crate) fn at_paths(&self, fits: impl Fn(&[String]) -> bool) -> Vec<&Offer> {
        let all = self.folded().paths.iter().zip(&self.offers);
        let fitting = all.filter(|(path, _)| fits(path));
        fitting.map(|(_, offer)| offer).collect()
    }

    /// Returns what somebody holds, where the rows tell their holders.
    pub(crate) fn held_by(&self, who: &RemoteId) -> Vec<&Offer> {
        if self.is_for_many {
            let held = self.by_holder().get(who).into_iter().flatten();
            return held.filter_map(|at| self.offers.get(*at)).collect();
        }
        let holds = |offer: &&Offer| {
            let holders = offer.holders.as_ref();
            holders.is_some_and(|holders| holders.contains(who))
        };
        self.offers.iter().filter(holds).collect()
    }

    fn folded(&self) -> &Folded {
        self.folded.get_or_init(|| {
            let mut folded = Folded::default();
            for (at, offer) in self.offers.iter().enumerate() {
                let same = folded.by_id.entry(offer.id.clone()).or_default();
                same.push(at);
                let alike = folded.by_name.entry(fold(&offer.name)).or_default();
                alike.push(at);
                let path = offer.path.iter().map(|part| fold(part));
                folded.paths.push(path.collect());
            }
            folded
        })
    }

    fn by_holder(&self) -> &HashMap<RemoteId, Vec<usize>> {
        self.by_holder.get_or_init(|| {
            let mut by_holder: HashMap<RemoteId, Vec<usize>> = HashMap::new();
            for (at, offer) in self.offers.iter().enumerate() {
                for holder in offer.holders.iter().flatten() {
                    let held = by_holder.entry(holder.clone()).or_default();
                    // One who stands there twice holds it once.
                    if held.last() != Some(&at) {
                        held.push(at);
                    }
                }
            }
            by_holder
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(id: &str, path: &[&str], holders: &[&str]) -> Offer {
        let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        Offer {
            id: RemoteId::new(id),
            name: path.last().cloned().unwrap_or_default(),
            path,
            holders: Some(holders.iter().map(|one| RemoteId::new(*one)).collect()),
            owner: None,
            through: Vec::new(),
        }
    }

    fn list() -> Vec<Offer> {
        vec![
            offer("1", &["Центр", "Учёт"], &["a", "b", "a"]),
            offer("2", &["Склад", "учет"], &["b"]),
            offer("3", &["Склад"], &[]),
        ]
    }

    fn ids(found: &[&Offer]) -> Vec<String> {
        found.iter().map(|offer| offer.id.to_string()).collect()
    }

    #[test]
    fn things_are_found_by_name_path_and_holder_however_many_look() {
        for offered in [Offered::from(list()), Offered::for_many(list())] {
            assert_eq!(ids(&offered.named(" УЧЕТ ")), ["1", "2"]);
            assert_eq!(ids(&offered.named("Касса")), [""; 0]);
            assert_eq!(ids(&offered.with_id("2")), ["2"]);
            assert_eq!(ids(&offered.with_id("4")), [""; 0]);
            let store = ["склад".to_owned()];
            assert_eq!(
                ids(&offered.at_paths(|path| path.starts_with(&store))),
                ["2", "3"]
            );
            assert_eq!(ids(&offered.held_by(&RemoteId::new("a"))), ["1"]);
            assert_eq!(ids(&offered.held_by(&RemoteId::new("b"))), ["1", "2"]);
            assert_eq!(ids(&offered.held_by(&RemoteId::new("c"))), [""; 0]);
            assert_eq!(offered.len(), 3);
        }
    }
}
