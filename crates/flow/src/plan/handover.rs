//! Letting a successor into what the leaver alone keeps.

use kadry_core::{
    Access, Action, Before, Employee, Grant, GrantKind, Offer, Stage, Support, Target,
};

use super::lane::Lane;
use super::{Guard, Said};
use crate::intent::Who;
use crate::observe::Here;

/// Plans the steps that let the successor in.
///
/// # Errors
///
/// A guard when there is something to hand over and nobody to take it.
pub(super) fn hand_over(
    successor: &Who,
    here: &Here,
    leaver: &Employee,
    left: &[Grant],
    lane: &mut Lane<'_>,
) -> Result<(), Guard> {
    let mut is_looked_over = false;
    let mut is_nothing = leaver.access == Access::Open;
    for kind in &here.provider.capability().grants {
        is_looked_over |= kind.hand_over.is_yes() && here.offers.contains_key(&kind.name);
        let kept = kept_alone(kind, here, leaver, left);
        if kept.is_empty() {
            continue;
        }
        is_nothing = false;
        if let Support::No(reason) = &kind.hand_over {
            lane.say(Said::CannotHandOver {
                kind: kind.name.clone(),
                reason: reason.clone(),
            });
            continue;
        }
        let heir = the_heir(here, leaver)?;
        for offer in kept.into_iter().filter(|offer| !is_in(offer, heir)) {
            let grant = Grant::with_id(kind.name.clone(), offer.id.as_str(), offer.name.clone());
            let mut before = Before::default();
            before.grants.insert(kind.name.clone(), Vec::new());
            lane.step_of(
                &successor.to_string(),
                Stage::HandOver,
                Action::SetGrants {
                    kind: kind.name.clone(),
                    add: vec![grant],
                    drop: Vec::new(),
                },
                &Target::Known(heir.at.clone()),
                before,
            );
        }
    }
    if is_looked_over && is_nothing {
        lane.say(Said::NothingToHandOver {
            to: successor.to_string(),
        });
    }
    Ok(())
}

/// The things of which the leaver is the owner or the only one who keeps them beside the owner, and those that an interrupted run has
/// left: once the door is closed, nobody can be seen to keep them.
fn kept_alone<'a>(
    kind: &GrantKind,
    here: &'a Here,
    leaver: &Employee,
    left: &[Grant],
) -> Vec<&'a Offer> {
    let id = &leaver.at.id;
    let alone = |offer: &Offer| {
        let keepers = here.keepers.iter().find(|keepers| {
            keepers.what.kind == kind.name && keepers.what.id.as_ref() == Some(&offer.id)
        });
        keepers.is_some_and(|keepers| keepers.who == std::slice::from_ref(id))
    };
    let offers = here
        .offers
        .get(&kind.name)
        .map_or(&[][..], |offers| offers.as_slice());
    let is_left = |offer: &Offer| {
        let mut left = left.iter().filter(|grant| grant.kind == kind.name);
        left.any(|grant| grant.id.as_ref() == Some(&offer.id))
    };
    let kept = |offer: &&Offer| offer.owner.as_ref() == Some(id) || alone(offer) || is_left(offer);
    offers.iter().filter(kept).collect()
}

fn is_in(offer: &Offer, who: &Employee) -> bool {
    let holders = offer.holders.iter().flatten();
    holders.into_iter().any(|holder| *holder == who.at.id)
}

fn the_heir<'a>(here: &'a Here, leaver: &Employee) -> Result<&'a Employee, Guard> {
    match here.heir.as_slice() {
        [heir] if heir.at.id == leaver.at.id => Err(Guard::OwnSuccessor),
        [heir] if heir.access == Access::Open => Ok(heir),
        several => Err(Guard::NoSuccessor {
            records: several.iter().map(|one| one.at.id.clone()).collect(),
            suspended: several.len() == 1,
        }),
    }
}
