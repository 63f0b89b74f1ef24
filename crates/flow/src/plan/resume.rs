//! What of an approved plan still goes on, worked out from the steps that are open and a plan that was made anew. Pure.
//!
//! Planning again over what the platforms show now says what is still to be done; approval says what may be. What goes on is what both
//! hold: a step of the new plan that does no more than an approved one, about the same record, over values that nobody has changed.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{
    Action, Before, Change, EmployeeRef, Event, Grant, GrantEdit, Holds, KindName, NativeCall,
    ProviderId, Reshapes, Reshaping, Stage, State, Step, Target, Wish,
};
use kadry_journal::{RunStory, StepStory};

use super::Plan;
use super::native::means_the_same;
use crate::observe::{Held, Here, Seen, Snapshot};

/// What becomes of a step that was approved and not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is carried out as the new plan has it, under its own number.
    GoesOn(Box<Step>),
    /// There is nothing left to do for it.
    Needless,
    /// What it was about to take cannot be seen any more, and not be taken.
    Hidden,
    /// Somebody else has changed what it is about.
    Moved,
}

/// What becomes of the open steps of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fates {
    /// By number. A step that is not here stays as it is: its platform is silent, or a step before it is not settled.
    pub(crate) steps: BTreeMap<u32, Fate>,
    /// The platforms on which more is to be done than was approved.
    pub(crate) more: BTreeSet<ProviderId>,
}

/// Works out what becomes of the open steps of a run.
///
/// `doors_first` says that what is behind the doors was agreed to without being listed.
pub(crate) fn fates(
    story: &RunStory,
    again: &Plan,
    seen: &Snapshot,
    doors_first: bool,
    now_ms: i64,
) -> Fates {
    let mut fates = Fates::default();
    let lanes: BTreeSet<&ProviderId> = story.steps.iter().map(|step| &step.step.provider).collect();
    for provider in lanes {
        let Some(seen) = seen.seen.get(provider) else {
            continue;
        };
        let lane = Lane {
            story,
            provider,
            again: again
                .steps
                .iter()
                .filter(|step| step.provider == *provider)
                .collect(),
            here: match seen {
                Seen::Here(here) => Some(here),
                Seen::Silent(_) => None,
            },
        };
        lane.decide(doors_first, now_ms, &mut fates);
    }
    fates
}

/// One platform of a run.
struct Lane<'a> {
    story: &'a RunStory,
    provider: &'a ProviderId,
    again: Vec<&'a Step>,
    /// What it shows, unless it is silent.
    here: Option<&'a Here>,
}

impl Lane<'_> {
    fn decide(&self, doors_first: bool, now_ms: i64, fates: &mut Fates) {
        let mut used = BTreeSet::new();
        let mut numbers = BTreeMap::new();
        let mut is_blocked = false;
        for story in self.steps() {
            let step = &story.step;
            let is_ready = matches!(story.state, State::Waiting | State::Deferred);
            if is_blocked || !is_ready || waits(story, now_ms) {
                let passed = matches!(
                    story.state,
                    State::Done | State::Skipped | State::Superseded
                );
                is_blocked |= !passed && !step.stage.lane_goes_on();
                continue;
            }
            let fits = |new: &&&Step| !used.contains(&new.seq) && self.fits(step, new);
            let Some(here) = self.here else {
                // A silent platform is only asked again for what was approved by key.
                if let Some(new) = self.again.iter().find(fits)
                    && matches!((&step.target, &new.target), (Target::Sought(_), _))
                {
                    used.insert(new.seq);
                    fates
                        .steps
                        .insert(step.seq, Fate::GoesOn(Box::new(numbered(new, step.seq))));
                }
                continue;
            };
            let fate = match self.again.iter().find(fits) {
                Some(new) => {
                    used.insert(new.seq);
                    numbers.insert(new.seq, step.seq);
                    Fate::GoesOn(Box::new(renumbered(new, step.seq, &numbers)))
                }
                None if is_hidden(here, step) => Fate::Hidden,
                None if self.is_moved(step) => Fate::Moved,
                None => Fate::Needless,
            };
            is_blocked |= fate == Fate::Moved && !step.stage.lane_goes_on();
            fates.steps.insert(step.seq, fate);
        }
        let mut left = self.again.iter().filter(|new| !used.contains(&new.seq));
        let is_more = left.any(|new| !(doors_first && new.stage == Stage::Tidy));
        if is_more && !is_blocked && self.here.is_some() && !self.is_open_still(fates) {
            fates.more.insert(self.provider.clone());
        }
    }

    fn steps(&self) -> impl Iterator<Item = &StepStory> {
        let steps = self.story.steps.iter();
        steps.filter(|story| story.step.provider == *self.provider)
    }

    /// Whether a step is open about which nothing was decided.
    fn is_open_still(&self, fates: &Fates) -> bool {
        self.steps().any(|story| {
            let is_open = !story.state.is_final() || story.state == State::Parked;
            is_open && !fates.steps.contains_key(&story.step.seq)
        })
    }

    /// Reports whether a new step does no more than an approved one, about the same record, over values that nobody has changed.
    fn fits(&self, approved: &Step, new: &Step) -> bool {
        new.stage == approved.stage
            && self.aims_alike(approved, new)
            && does_no_more(&new.action, &approved.action)
            && self.before_holds(approved, new)
            && self.stands_as_it_did(approved, new)
    }

    fn aims_alike(&self, approved: &Step, new: &Step) -> bool {
        match (&approved.target, &new.target) {
            (Target::Nobody, Target::Nobody) | (Target::Sought(_), _) => true,
            (Target::Known(known), Target::Known(now)) => is_one_record(known, now),
            (Target::CreatedBy(_), Target::CreatedBy(_)) => true,
            (Target::CreatedBy(seq), Target::Known(now)) => {
                let mut steps = self.steps();
                let made = steps.find(|story| story.step.seq == *seq);
                made.is_some_and(|made| match made.record() {
                    Some(record) => is_one_record(record, now),
                    // Somebody said that it was made when several looked like it; there is but one by now.
                    None => made.state == State::Done,
                })
            }
            (Target::Nobody | Target::Known(_) | Target::CreatedBy(_), _) => false,
        }
    }

    /// A record that is about to be removed has lost what the run took from it, and nothing was known of one that was approved by key: there
    /// is nothing of earlier times to compare with.
    fn before_holds(&self, approved: &Step, new: &Step) -> bool {
        let is_by_key = matches!(approved.target, Target::Sought(_));
        let is_removed = approved.action == Action::Remove;
        let means_the_same = self
            .here
            .is_none_or(|here| means_the_same(here, approved, new));
        is_by_key || is_removed || (agree(&approved.before, &new.before) && means_the_same)
    }

    /// Whether what can be held only once is what was held when it was approved. Of what can be held many times over, a step says by
    /// itself what it gives and takes.
    fn stands_as_it_did(&self, approved: &Step, new: &Step) -> bool {
        let Some(here) = self.here else {
            return true;
        };
        let is_many = |kind: &KindName| {
            let known = here.provider.capability().kind(kind);
            known.is_none_or(|known| known.holds == Holds::Many)
        };
        let mut held = new.before.grants.iter();
        held.all(|(kind, held)| {
            let before = approved.before.grants.get(kind);
            is_many(kind)
                || before.is_none_or(|before| before.len() == held.len() && all_in(held, before))
        })
    }

    /// Reports whether the new plan still wants something like this step, but not what was approved.
    fn is_moved(&self, approved: &Step) -> bool {
        let creates = matches!(approved.action, Action::Create { .. });
        let alike = |new: &&Step| {
            new.stage == approved.stage && is_about_the_same(&new.action, &approved.action)
        };
        creates || self.again.iter().copied().any(|new| alike(&new))
    }
}

/// Reports whether a step is not to begin before some time that has not come.
fn waits(story: &StepStory, now_ms: i64) -> bool {
    story.retry_at_ms().is_some_and(|at_ms| at_ms > now_ms)
}

/// Reports whether what a step was about to take cannot be seen any more.
fn is_hidden(here: &Here, step: &Step) -> bool {
    let is_taken_or_handed = matches!(step.stage, Stage::HandOver | Stage::Release | Stage::Tidy);
    let kinds: Vec<&KindName> = match &step.action {
        Action::SetGrants { kind, .. } => vec![kind],
        Action::Update { change } => change.grants.keys().collect(),
        Action::Define { .. }
        | Action::Create { .. }
        | Action::SetAccess { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => Vec::new(),
    };
    let is_seen = |kind: &&&KindName| matches!(here.held.get(**kind), Some(Held::Seen(_)));
    is_taken_or_handed && !kinds.is_empty() && !kinds.iter().all(|kind| is_seen(&kind))
}

/// Whether both are one record. A platform may give another id to somebody who has registered meanwhile.
pub(crate) fn is_one_record(one: &EmployeeRef, other: &EmployeeRef) -> bool {
    let shares_a_key = || one.keys.iter().any(|key| other.keys.contains(key));
    one.id == other.id || (!one.settled && shares_a_key())
}

/// Reports whether an action does nothing that another one does not do.
pub(crate) fn does_no_more(new: &Action, approved: &Action) -> bool {
    match (new, approved) {
        (Action::Create { wish: new }, Action::Create { wish: approved }) => {
            is_same_wish(new, approved)
        }
        (Action::Update { change: new }, Action::Update { change: approved }) => {
            is_within(new, approved)
        }
        (
            Action::SetGrants { kind, add, drop },
            Action::SetGrants {
                kind: known,
                add: may_add,
                drop: may_drop,
            },
        ) => kind == known && all_in(add, may_add) && all_in(drop, may_drop),
        (
            Action::Native { call, reshapes, .. },
            Action::Native {
                call: approved,
                reshapes: may,
                ..
            },
        ) => is_same_call(call, reshapes.as_deref(), approved, may.as_deref()),
        (one, other) => one == other,
    }
}

/// Whether both make the same change. What an earlier step was to make has got its id meanwhile.
fn is_same_call(
    new: &NativeCall,
    does: Option<&Reshapes>,
    approved: &NativeCall,
    may: Option<&Reshapes>,
) -> bool {
    let (Some(does), Some(may)) = (does, may) else {
        return new == approved;
    };
    let Some((argument, place)) = may.later() else {
        return new == approved;
    };
    let mut rest = new.clone();
    rest.arguments.remove(argument);
    let stands_below = match &does.does {
        Reshaping::Make => does.path.split_last(),
        Reshaping::Move { to } => to.split_last(),
        Reshaping::Rename { .. } | Reshaping::Identify { .. } | Reshaping::Remove => None,
    };
    rest == *approved && stands_below.is_some_and(|(_, above)| above == place)
}

/// Whether both make the same record; a thing that was missing has got its id meanwhile.
fn is_same_wish(one: &Wish, other: &Wish) -> bool {
    let alike = |kind: &KindName, grants: &[Grant], others: &Wish| {
        let others = others.grants.get(kind).map_or(&[][..], Vec::as_slice);
        grants.len() == others.len() && all_in(grants, others)
    };
    one.fields == other.fields
        && one.quiet == other.quiet
        && one.grants.len() == other.grants.len()
        && one.grants.iter().all(|(kind, all)| alike(kind, all, other))
}

fn is_within(new: &Change, approved: &Change) -> bool {
    let fields = new
        .fields
        .iter()
        .all(|(field, value)| approved.fields.get(field) == Some(value));
    let edits = |(kind, edit): (&KindName, &GrantEdit)| {
        let approved = approved.grants.get(kind);
        approved.is_some_and(|may| all_in(&edit.add, &may.add) && all_in(&edit.drop, &may.drop))
    };
    fields && new.grants.iter().all(edits)
}

fn all_in(grants: &[Grant], among: &[Grant]) -> bool {
    let is_in = |grant: &Grant| among.iter().any(|other| other.same(grant));
    grants.iter().all(is_in)
}

/// Whether the values that a step is about to change are those that were seen when it was approved.
fn agree(approved: &Before, new: &Before) -> bool {
    let fields = |(field, value)| {
        let known = approved.fields.get(field);
        known.is_none_or(|known| known == value)
    };
    approved.access == new.access && new.fields.iter().all(fields)
}

/// Reports whether two actions change some one thing.
fn is_about_the_same(one: &Action, other: &Action) -> bool {
    match (one, other) {
        (Action::Update { change: one }, Action::Update { change: other }) => {
            let mut fields = one.fields.keys();
            let mut kinds = one.grants.keys();
            fields.any(|field| other.fields.contains_key(field))
                || kinds.any(|kind| other.grants.contains_key(kind))
        }
        (
            Action::SetGrants { kind, add, drop },
            Action::SetGrants {
                kind: known,
                add: others_added,
                drop: others_dropped,
            },
        ) => {
            let is_in = |grant: &Grant, all: &[Grant]| all.iter().any(|one| one.same(grant));
            kind == known
                && (add.iter().any(|grant| is_in(grant, others_added))
                    || drop.iter().any(|grant| is_in(grant, others_dropped)))
        }
        (Action::Native { call: one, .. }, Action::Native { call: other, .. }) => one == other,
        (one, other) => one.name() == other.name(),
    }
}

/// Returns a step of the new plan under the number that was approved.
fn numbered(new: &Step, seq: u32) -> Step {
    Step { seq, ..new.clone() }
}

/// Does the same, and lets it follow the approved number of the step that makes its record.
fn renumbered(new: &Step, seq: u32, numbers: &BTreeMap<u32, u32>) -> Step {
    let mut step = numbered(new, seq);
    if let Target::CreatedBy(made_by) = &mut step.target
        && let Some(known) = numbers.get(made_by)
    {
        *made_by = *known;
    }
    step
}

impl Fate {
    /// Returns what to write down of a step that does not go on.
    pub(crate) const fn event(&self) -> Option<Event> {
        match self {
            Self::GoesOn(_) => None,
            Self::Needless | Self::Hidden => Some(Event::Skipped),
            Self::Moved => Some(Event::Failed(kadry_core::ErrorKind::Conflict)),
        }
    }
}
