//! What goes, what goes along with it, and what stays although nobody asks for it.

use kadry_core::{
    Action, Before, Change, Employee, Grant, GrantKind, Holds, ProviderId, Reason, Stage, Target,
    Wish, Write,
};

use super::super::lane::{Given, Lane};
use super::super::onboard::Asked;
use super::super::resolve::{self, Targets, comes_with};
use super::super::{Said, diff};
use crate::intent::{RoleSection, Transfer};
use crate::observe::{Held, Here, can_be_taken};

/// What is taken from somebody on one platform, and what is to be said about it.
#[derive(Debug, Default)]
pub(super) struct Parting {
    /// What goes in the same request in which other grants of its kind come: the platform takes them as one set.
    pub(super) together: Targets,
    /// What goes when everything new has come.
    apart: Targets,
    /// What is asked for and may go along with what is taken, so that it is given once more.
    again: Targets,
    /// What stays or comes of the kinds that others come with.
    kept: Targets,
    said: Vec<Said>,
}

/// What can be told of one kind.
struct Kind<'a> {
    kind: &'a GrantKind,
    /// Those that were asked for until now and are not from now on, or all that are not where nothing else shall be left.
    goes: Vec<Grant>,
    /// Those that nobody asks for and that stay all the same.
    beyond: Vec<Grant>,
}

struct Leaving<'a> {
    transfer: &'a Transfer,
    asked: &'a Asked<'a>,
    employee: &'a Employee,
    here: &'a Here,
    old: RoleSection,
    blind: bool,
}

impl Parting {
    /// Works out what goes and what stays.
    pub(super) fn of(
        transfer: &Transfer,
        asked: &Asked<'_>,
        employee: &Employee,
        here: &Here,
        on: &ProviderId,
    ) -> Self {
        let leaving = Leaving {
            transfer,
            asked,
            employee,
            here,
            old: transfer.former.get(on).cloned().unwrap_or_default(),
            blind: transfer.is_blind(on),
        };
        let mut parting = Self::default();
        let kinds = here.provider.capability().grants.iter();
        for kind in kinds.filter(|kind| kind.holds == Holds::Many) {
            leaving.part(kind, &mut parting);
        }
        parting.decide_on_requests(here);
        parting
    }

    /// Takes the sets apart whose order matters: what is lost along with them might still be asked for.
    fn decide_on_requests(&mut self, here: &Here) {
        let grants = &here.provider.capability().grants;
        for kind in grants
            .iter()
            .filter(|kind| kind.on_update == Write::WholeSet)
        {
            let gone = self.apart.get(&kind.name);
            let brings = |later: &&GrantKind| {
                later.after.contains(&kind.name) && here.offers.contains_key(&later.name)
            };
            let these: Targets = gone
                .map(|gone| (kind.name.clone(), gone.clone()))
                .into_iter()
                .collect();
            let matters = grants.iter().filter(brings).any(|later| {
                let offers = here
                    .offers
                    .get(&later.name)
                    .into_iter()
                    .flat_map(|offers| offers.iter());
                let mut as_grants = offers.map(|offer| {
                    Grant::with_id(later.name.clone(), offer.id.as_str(), offer.name.clone())
                });
                as_grants.any(|grant| comes_with(later, &grant, &these, here))
            });
            if !matters && let Some(gone) = self.apart.remove(&kind.name) {
                self.together.insert(kind.name.clone(), gone);
            }
        }
    }

    /// Adds the steps that take what goes last, and says what there is to say.
    pub(super) fn take(self, asked: &Asked<'_>, employee: &Employee, lane: &mut Lane<'_>) {
        let target = Target::Known(employee.at.clone());
        let capability = asked.capability();
        let (mut change, mut before) = (Change::default(), Before::default());
        for kind in &capability.grants {
            let with_record = !matches!(kind.on_update, Write::No(_));
            if let Some(gone) = self.apart.get(&kind.name).filter(|_| with_record) {
                let held = asked.then_held(kind);
                let seen = Held::Seen(held.clone());
                let edit = diff::without(None, Some(&seen), gone);
                change
                    .grants
                    .extend(edit.map(|edit| (kind.name.clone(), edit)));
                before.grants.insert(kind.name.clone(), held);
            }
        }
        if !change.is_empty() {
            lane.step(Stage::Tidy, Action::Update { change }, &target, before);
        }
        for kind in &capability.grants {
            let by_itself = matches!(kind.on_update, Write::No(_));
            if let Some(gone) = self.apart.get(&kind.name).filter(|_| by_itself) {
                lane.grants(Stage::Tidy, kind, Given::Drop(gone), &target);
            }
            if let Some(lost) = self.again.get(&kind.name) {
                let given = Given::Add {
                    new: lost,
                    old: lost,
                };
                lane.grants(Stage::Converge, kind, given, &target);
            }
        }
        for said in self.said {
            lane.say(said);
        }
    }
}

impl Leaving<'_> {
    fn part(&self, kind: &GrantKind, parting: &mut Parting) {
        let Some(Held::Seen(held)) = self.here.held.get(&kind.name) else {
            self.keep(kind, parting);
            if self.is_asked_to_take(kind)
                && let Some(reason) = kind.lacks_to_see()
            {
                parting.said.push(Said::CannotRead {
                    kind: kind.name.clone(),
                    reason: reason.clone(),
                    hidden: false,
                });
            }
            return;
        };
        let old = resolve::named(&self.old, kind, &self.here.offers);
        let wanted = self.asked.wanted(kind);
        let is_in = |grant: &Grant, some: &[Grant]| some.iter().any(|one| one.same(grant));
        let surplus = held.iter().filter(|grant| {
            !is_in(grant, wanted) && !comes_with(kind, grant, &parting.kept, self.here)
        });
        let (goes, beyond) = surplus
            .cloned()
            .partition(|grant| self.transfer.strict || is_in(grant, &old));
        let mut parted = Kind { kind, goes, beyond };
        self.leave_what_must_stay(&mut parted, parting);
        self.say_what_goes_along(&mut parted, held, parting);
        let names = |grants: &[Grant]| grants.iter().map(|grant| grant.name.clone()).collect();
        let is_of_interest = self.blind || self.asked.wants(kind) || !old.is_empty();
        if self.transfer.role && is_of_interest && !parted.beyond.is_empty() {
            parting.said.push(Said::Beyond {
                kind: kind.name.clone(),
                names: names(&parted.beyond),
                blind: self.blind,
            });
        }
        if !parted.goes.is_empty() {
            parting.apart.insert(kind.name.clone(), parted.goes.clone());
        }
        let mut kept: Vec<Grant> = held
            .iter()
            .filter(|grant| !is_in(grant, &parted.goes))
            .cloned()
            .collect();
        kept.extend(wanted.iter().filter(|grant| !is_in(grant, held)).cloned());
        parting.kept.insert(kind.name.clone(), kept);
    }

    /// Notes that what is held of a kind about which nothing is asked stays.
    fn keep(&self, kind: &GrantKind, parting: &mut Parting) {
        let held = self.employee.granted(&kind.name).unwrap_or_default();
        let wanted = self.asked.wanted(kind);
        let kept = held.iter().chain(wanted).cloned().collect();
        parting.kept.insert(kind.name.clone(), kept);
    }

    fn is_asked_to_take(&self, kind: &GrantKind) -> bool {
        let is_left = self.old.grants.get(kind.role_key);
        let is_left = is_left.is_some_and(|names| !names.is_empty());
        is_left || (self.transfer.strict && kind.holds == Holds::Many)
    }

    /// Leaves what cannot be taken: what the person owns, what the platform or our rights do not allow, and what would make no sense
    /// without it.
    fn leave_what_must_stay(&self, parted: &mut Kind<'_>, parting: &mut Parting) {
        let kind = parted.kind;
        let (owned, goes): (Vec<Grant>, Vec<Grant>) = std::mem::take(&mut parted.goes)
            .into_iter()
            .partition(|grant| self.owns(grant));
        parting.stays(kind, &owned, &Reason::new("owner-stays"));
        if goes.is_empty() {
            return;
        }
        match self.hindrance(kind, &goes) {
            Some(reason) => parting.stays(kind, &goes, &reason),
            None => parted.goes = goes,
        }
    }

    fn owns(&self, grant: &Grant) -> bool {
        let mut offers = self
            .here
            .offers
            .get(&grant.kind)
            .into_iter()
            .flat_map(|offers| offers.iter());
        offers.any(|offer| {
            grant.id.as_ref() == Some(&offer.id)
                && offer.owner.as_ref() == Some(&self.employee.at.id)
        })
    }

    /// Why grants of a kind cannot be taken.
    fn hindrance(&self, kind: &GrantKind, goes: &[Grant]) -> Option<Reason> {
        let capability = self.here.provider.capability();
        if can_be_taken(kind) {
            let with_record = !matches!(kind.on_update, Write::No(_));
            let cannot = capability.update.reason().filter(|_| with_record);
            return cannot.cloned().or_else(|| self.refusal(kind, goes));
        }
        let written = match &kind.on_update {
            Write::No(reason) => Some(reason),
            Write::WholeSet | Write::Delta => None,
        };
        // The right that is missing says more than that there is another way.
        let mut reasons = written.into_iter().chain(kind.alone.reason());
        let right = reasons.clone().find(|why| why.lacks_a_right());
        right.or_else(|| reasons.next_back()).cloned()
    }

    /// Why the platform would refuse what is left when grants are taken, where it would not refuse it with them.
    fn refusal(&self, kind: &GrantKind, goes: &[Grant]) -> Option<Reason> {
        let all = &self.here.provider.capability().grants;
        let then = |known: &GrantKind| {
            let wanted = self.asked.wanted(known);
            let is_replaced = matches!(known.holds, Holds::One { .. }) && !wanted.is_empty();
            let held = self.employee.granted(&known.name).unwrap_or_default();
            let stays = held.iter().filter(|_| !is_replaced);
            let whole = stays.chain(wanted).cloned().collect::<Vec<Grant>>();
            (known.name.clone(), whole)
        };
        let refusals = |grants: Targets| {
            let wish = Wish {
                grants,
                quiet: true,
                ..Wish::default()
            };
            self.here.provider.review(&wish).refused_grants
        };
        let mut whole: Targets = all.iter().map(then).collect();
        whole.retain(|_, grants| !grants.is_empty());
        let before = refusals(whole.clone());
        if let Some(grants) = whole.get_mut(&kind.name) {
            grants.retain(|one| !goes.iter().any(|gone| gone.same(one)));
        }
        let mut after = refusals(whole).into_iter();
        after
            .find(|refused| !before.contains(refused))
            .map(|refused| refused.reason)
    }

    /// Says what the platform may take along with what goes of an earlier kind, and gives what is asked for once more.
    fn say_what_goes_along(&self, parted: &mut Kind<'_>, held: &[Grant], parting: &mut Parting) {
        let kind = parted.kind;
        let along = |grant: &&Grant| {
            comes_with(kind, grant, &parting.apart, self.here)
                && !comes_with(kind, grant, &parting.kept, self.here)
        };
        let is_in = |grant: &Grant, some: &[Grant]| some.iter().any(|one| one.same(grant));
        let lost: Vec<Grant> = held.iter().filter(along).cloned().collect();
        let wanted = self.asked.wanted(kind);
        let (again, lost): (Vec<Grant>, Vec<Grant>) =
            lost.into_iter().partition(|grant| is_in(grant, wanted));
        if !again.is_empty() && kind.alone.is_yes() {
            parting.again.insert(kind.name.clone(), again);
        }
        let lost: Vec<Grant> = lost
            .into_iter()
            .filter(|grant| !is_in(grant, &parted.goes))
            .collect();
        parted.beyond.retain(|grant| !is_in(grant, &lost));
        if !lost.is_empty() {
            parting.said.push(Said::GoesAlong {
                kind: kind.name.clone(),
                names: lost.into_iter().map(|grant| grant.name).collect(),
            });
        }
    }
}

impl Parting {
    fn stays(&mut self, kind: &GrantKind, grants: &[Grant], reason: &Reason) {
        if grants.is_empty() {
            return;
        }
        let names = grants.iter().map(|grant| grant.name.clone()).collect();
        let (kind, reason) = (kind.name.clone(), reason.clone());
        self.said.push(if reason.lacks_a_right() {
            Said::CannotTake {
                kind,
                names,
                reason,
            }
        } else {
            Said::Stays {
                kind,
                names,
                reason,
            }
        });
    }
}
