//! Making what a role needs and a platform does not have yet.

use kadry_core::{
    Action, Before, Definition, Grant, GrantKind, KindName, Offer, Stage, Target, fold, nearest,
};

use super::lane::Lane;
use super::{Guard, Said};

/// Between the names of a path, as people type it: `Контакт-центр / Первая линия`.
pub(super) const SEPARATOR: &str = " / ";

/// What is missing on one platform, parents first.
#[derive(Debug, Default)]
pub(super) struct Missing {
    things: Vec<(KindName, Definition)>,
    resembling: Vec<Said>,
}

impl Missing {
    /// Notes that a thing is missing, with everything above it that is missing too, and returns it as it will be granted.
    ///
    /// # Errors
    ///
    /// A guard when several things may be the one above.
    pub(super) fn note(
        &mut self,
        kind: &GrantKind,
        name: &str,
        offers: &[Offer],
    ) -> Result<Grant, Guard> {
        let typed: Vec<&str> = if kind.follows_department {
            // Only departments stand in a tree.
            name.split(SEPARATOR).map(str::trim).collect()
        } else {
            vec![name.trim()]
        };
        let (mut path, known) = deepest(kind, &typed, offers)?;
        let own_name = typed.last().copied().unwrap_or_default();
        if let Some(nearest) = nearest(own_name, offers.iter().map(|offer| offer.name.as_str())) {
            self.resembling.push(Said::Resembles {
                kind: kind.name.clone(),
                name: own_name.to_owned(),
                nearest: nearest.to_owned(),
            });
        }
        for part in &typed[known..] {
            path.push((*part).to_owned());
            let what = Definition { path: path.clone() };
            let same = |(other, known): &(KindName, Definition)| {
                *other == kind.name && folded(&known.path) == folded(&what.path)
            };
            if !self.things.iter().any(same) {
                self.things.push((kind.name.clone(), what));
            }
        }
        Ok(Grant::named(kind.name.clone(), own_name))
    }

    /// Adds the steps that make what is missing.
    pub(super) fn make(&self, lane: &mut Lane<'_>) {
        for said in &self.resembling {
            lane.say(said.clone());
        }
        for (kind, what) in &self.things {
            let (kind, what) = (kind.clone(), what.clone());
            lane.step(
                Stage::Define,
                Action::Define { kind, what },
                &Target::Nobody,
                Before::default(),
            );
        }
    }
}

/// Returns the path of the deepest thing above that exists, and how many of the typed names it covers.
///
/// # Errors
///
/// A guard when several things may be meant.
fn deepest(
    kind: &GrantKind,
    typed: &[&str],
    offers: &[Offer],
) -> Result<(Vec<String>, usize), Guard> {
    for known in (1..typed.len()).rev() {
        let wanted: Vec<String> = typed[..known].iter().map(|part| fold(part)).collect();
        if let Some(offer) = offers.iter().find(|offer| folded(&offer.path) == wanted) {
            return Ok((offer.path.clone(), known));
        }
        // A tree may have one root above everything, which nobody types.
        let ends = |offer: &&Offer| folded(&offer.path).ends_with(&wanted);
        match offers.iter().filter(ends).collect::<Vec<_>>().as_slice() {
            [] => {}
            [offer] => return Ok((offer.path.clone(), known)),
            several => {
                return Err(Guard::Ambiguous {
                    kind: kind.name.clone(),
                    name: typed[..known].join(SEPARATOR),
                    paths: several
                        .iter()
                        .map(|offer| offer.path.join(SEPARATOR))
                        .collect(),
                });
            }
        }
    }
    Ok((Vec::new(), 0))
}

fn folded(path: &[String]) -> Vec<String> {
    path.iter().map(|part| fold(part)).collect()
}

#[cfg(test)]
mod tests {
    use kadry_core::RemoteId;
    use kadry_core::memory::listed_by_id;

    use super::*;

    fn offer(path: &[&str]) -> Offer {
        Offer {
            id: RemoteId::new(path.join("/")),
            name: path.last().copied().unwrap_or_default().to_owned(),
            path: path.iter().map(|&part| part.to_owned()).collect(),
            holders: None,
            owner: None,
            through: Vec::new(),
        }
    }

    fn missing(name: &str, offers: &[Offer]) -> Result<Vec<String>, Guard> {
        let capability = listed_by_id();
        let mut missing = Missing::default();
        for kind in &capability.grants {
            missing.note(kind, name, offers)?;
        }
        let path = |(_, what): (KindName, Definition)| what.path.join(" / ");
        Ok(missing.things.into_iter().map(path).collect())
    }

    fn made(paths: &[&str]) -> Result<Vec<String>, Guard> {
        Ok(paths.iter().map(|&path| path.to_owned()).collect())
    }

    #[test]
    fn what_is_above_is_made_first_and_only_where_it_is_missing() {
        let tree = [offer(&["Центр"])];
        assert_eq!(
            missing("Центр / Учёт / Касса", &tree),
            made(&["Центр / Учёт", "Центр / Учёт / Касса"])
        );
        assert_eq!(missing("Склад", &tree), made(&["Склад"]));
    }

    #[test]
    fn a_root_that_nobody_types_is_above_everything() {
        let tree = [offer(&["Голова"]), offer(&["Голова", "Учёт"])];
        assert_eq!(
            missing("учет / Касса", &tree),
            made(&["Голова / Учёт / Касса"])
        );
    }

    #[test]
    fn two_that_may_be_the_one_above_are_a_stop() {
        let tree = [offer(&["Север", "Учёт"]), offer(&["Юг", "Учёт"])];
        assert_eq!(
            missing("Учёт / Касса", &tree),
            Err(Guard::Ambiguous {
                kind: KindName::UNIT,
                name: "Учёт".to_owned(),
                paths: vec!["Север / Учёт".to_owned(), "Юг / Учёт".to_owned()],
            })
        );
    }
}
