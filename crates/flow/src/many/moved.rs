//! Whether somebody is still as they were when their plan was approved. Pure.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Action, ProviderId, Step, Target};

use super::things::is_making;
use super::{Planned, Why};
use crate::plan::resume::{does_no_more, is_one_record};

impl Planned {
    /// Returns the platforms on which a new plan is another one, or what was seen is something else; none where it is the same. Platforms
    /// that `read` leaves out are not compared, nor those on which nothing had been seen.
    pub(super) fn differs(
        &self,
        now: &Self,
        read: impl Fn(&ProviderId) -> bool,
    ) -> Option<Vec<ProviderId>> {
        let mut on = BTreeSet::new();
        for (provider, seen) in self.who.observed.iter().filter(|(id, _)| read(id)) {
            if now.who.why.is_none() && now.who.observed.get(provider) != Some(seen) {
                on.insert(provider.clone());
            }
        }
        let providers: BTreeSet<&ProviderId> = self
            .steps
            .iter()
            .chain(&now.steps)
            .map(|step| &step.provider)
            .filter(|id| read(id) && self.who.observed.contains_key(*id))
            .collect();
        for provider in providers {
            let lane = |planned: &Self| -> Vec<Step> {
                let steps = planned.steps.iter();
                let makes_nothing = |step: &&Step| !matches!(step.action, Action::Define { .. });
                steps
                    .filter(|step| step.provider == *provider)
                    .filter(makes_nothing)
                    .cloned()
                    .collect()
            };
            let (approved, now) = (lane(self), lane(now));
            let same = approved.len() == now.len();
            if !same
                || !approved
                    .iter()
                    .zip(&now)
                    .all(|(one, other)| alike(one, other))
            {
                on.insert(provider.clone());
            }
        }
        // A platform that is silent now moves nobody: what is planned there waits for it.
        let why = now.who.why.as_ref();
        let is_refused = why.is_some_and(|why| *why != Why::LeftOut);
        (is_refused || !on.is_empty()).then(|| on.into_iter().collect())
    }
}

/// Whether two steps do the same; a thing that was missing may have got its id meanwhile.
fn alike(one: &Step, other: &Step) -> bool {
    let aims = match (&one.target, &other.target) {
        (Target::Known(one), Target::Known(other)) => is_one_record(one, other),
        (Target::CreatedBy(_), Target::CreatedBy(_)) => true,
        (one, other) => one == other,
    };
    one.stage == other.stage
        && aims
        && one.before == other.before
        && does_no_more(&one.action, &other.action)
        && does_no_more(&other.action, &one.action)
}

/// Returns what was approved as it is planned now, where both come to the same, under the approved numbers: by now it may be known what a
/// platform calls a thing that was missing. Where nothing is planned it stays as it was approved.
pub(super) fn approved(steps: Vec<Step>, now: &[Step]) -> Vec<Step> {
    let mut now: Vec<&Step> = now.iter().filter(|step| !is_making(step)).collect();
    let lanes: BTreeSet<&ProviderId> = now.iter().map(|step| &step.provider).collect();
    let mut numbers = BTreeMap::new();
    let mut taken = Vec::with_capacity(steps.len());
    for step in steps {
        let is_by_key = matches!(step.target, Target::Sought(_));
        let is_planned = !is_making(&step) && !is_by_key && lanes.contains(&step.provider);
        let at = now.iter().position(|now| now.provider == step.provider);
        let Some(at) = at.filter(|_| is_planned) else {
            taken.push(step);
            continue;
        };
        let mut now = now.remove(at).clone();
        numbers.insert(now.seq, step.seq);
        now.seq = step.seq;
        if let Target::CreatedBy(made_by) = &mut now.target
            && let Some(known) = numbers.get(made_by)
        {
            *made_by = *known;
        }
        taken.push(now);
    }
    taken
}

#[cfg(test)]
mod tests {
    use kadry_core::{
        Access, Before, Definition, EmployeeRef, Grant, KindName, MatchKey, RemoteId, Stage, Wish,
    };

    use super::*;
    use crate::many::Person;

    fn on(name: &str) -> ProviderId {
        ProviderId::new(name)
    }

    fn step(seq: u32, provider: &str, target: Target, action: Action) -> Step {
        Step {
            seq,
            person: "p".to_owned(),
            provider: on(provider),
            stage: match action {
                Action::Define { .. } => Stage::Define,
                Action::Create { .. } => Stage::Create,
                Action::Update { .. }
                | Action::SetAccess { .. }
                | Action::SetGrants { .. }
                | Action::Notify { .. }
                | Action::Remove
                | Action::Native { .. } => Stage::Converge,
            },
            action,
            target,
            before: Before::default(),
        }
    }

    fn wish(tag: Option<&str>) -> Action {
        let mut grant = Grant::named(KindName::TAG, "Учёт");
        grant.id = tag.map(RemoteId::new);
        let mut wish = Wish::default();
        wish.grants.insert(KindName::TAG, vec![grant]);
        Action::Create { wish }
    }

    fn define() -> Action {
        Action::Define {
            kind: KindName::TAG,
            what: Definition {
                path: vec!["Учёт".to_owned()],
            },
        }
    }

    fn opens() -> Action {
        Action::SetAccess {
            access: Access::Open,
        }
    }

    fn planned(seen: &[(&str, &str)], steps: Vec<Step>) -> Planned {
        let mut who = Person::new(None, "p".to_owned());
        let seen = seen
            .iter()
            .map(|(name, hash)| (on(name), (*hash).to_owned()));
        who.observed = seen.collect();
        Planned { who, steps }
    }

    fn differs(approved: &Planned, now: &Planned) -> Option<Vec<ProviderId>> {
        approved.differs(now, |_| true)
    }

    #[test]
    fn whoever_is_as_they_were_has_not_moved_under_whatever_numbers_they_are_planned() {
        let made = |seq, by| step(seq, "calls", Target::CreatedBy(by), opens());
        let approved = planned(
            &[("calls", "a")],
            vec![step(7, "calls", Target::Nobody, wish(None)), made(8, 7)],
        );
        let now = planned(
            &[("calls", "a")],
            vec![
                step(1, "calls", Target::Nobody, wish(Some("5"))),
                made(2, 1),
            ],
        );
        assert_eq!(
            differs(&approved, &now),
            None,
            "what was missing has an id by now"
        );
    }

    #[test]
    fn what_was_seen_and_what_is_planned_are_both_compared_platform_by_platform() {
        let create = || step(1, "calls", Target::Nobody, wish(None));
        let approved = planned(&[("calls", "a"), ("edo", "b")], vec![create()]);
        let seen = planned(&[("calls", "a"), ("edo", "other")], vec![create()]);
        assert_eq!(differs(&approved, &seen), Some(vec![on("edo")]));
        let unread = planned(&[("calls", "a")], vec![create()]);
        assert_eq!(differs(&approved, &unread), Some(vec![on("edo")]));
        assert_eq!(approved.differs(&unread, |id| *id != on("edo")), None);
        let done = planned(&[("calls", "a"), ("edo", "b")], Vec::new());
        assert_eq!(differs(&approved, &done), Some(vec![on("calls")]));
        let mut changed = create();
        changed.before.access = Some(Access::Suspended);
        let before = planned(&[("calls", "a"), ("edo", "b")], vec![changed]);
        assert_eq!(differs(&approved, &before), Some(vec![on("calls")]));
    }

    #[test]
    fn whoever_is_left_out_where_nobody_answers_has_not_moved() {
        let create = step(1, "calls", Target::Nobody, wish(None));
        let approved = planned(&[("calls", "a")], vec![create]);
        let mut now = planned(&[], Vec::new());
        now.who.why = Some(Why::LeftOut);
        assert_eq!(approved.differs(&now, |_| false), None);
        assert_eq!(
            approved.differs(&now, |_| true),
            Some(vec![on("calls")]),
            "where it was read there is something else"
        );
    }

    #[test]
    fn a_platform_on_which_nothing_had_been_seen_cannot_have_moved() {
        let create = || step(1, "calls", Target::Nobody, wish(None));
        let approved = planned(&[("calls", "a")], vec![create()]);
        let now = planned(
            &[("calls", "a"), ("edo", "b")],
            vec![create(), step(2, "edo", Target::Nobody, wish(None))],
        );
        assert_eq!(differs(&approved, &now), None);
    }

    #[test]
    fn what_is_made_for_others_is_not_compared_and_a_guard_is_on_no_platform() {
        let create = |seq| step(seq, "calls", Target::Nobody, wish(None));
        let makes = step(1, "calls", Target::Nobody, define());
        let approved = planned(&[("calls", "a")], vec![makes, create(2)]);
        let mut now = planned(&[("calls", "a")], vec![create(1)]);
        assert_eq!(differs(&approved, &now), None);
        now.who.why = Some(Why::TwoPeople);
        assert_eq!(differs(&approved, &now), Some(Vec::new()));
    }

    #[test]
    fn another_record_or_another_grant_is_a_move() {
        let key = MatchKey::ExternalId("7".to_owned());
        let known = |id: &str, settled| {
            let record = EmployeeRef {
                id: RemoteId::new(id),
                settled,
                keys: vec![key.clone()],
            };
            planned(
                &[("calls", "a")],
                vec![step(1, "calls", Target::Known(record), opens())],
            )
        };
        assert_eq!(
            differs(&known("1", true), &known("2", true)),
            Some(vec![on("calls")])
        );
        assert_eq!(
            differs(&known("1", false), &known("2", true)),
            None,
            "it has registered"
        );
        let gives = |tag| {
            let steps = vec![step(1, "calls", Target::Nobody, wish(Some(tag)))];
            planned(&[("calls", "a")], steps)
        };
        assert_eq!(differs(&gives("1"), &gives("2")), Some(vec![on("calls")]));
    }

    #[test]
    fn what_was_approved_is_sent_as_it_is_known_now_under_its_own_number() {
        let steps = vec![
            step(4, "calls", Target::Nobody, define()),
            step(5, "calls", Target::Nobody, wish(None)),
            step(6, "calls", Target::CreatedBy(5), opens()),
            step(7, "edo", Target::Sought(Vec::new()), opens()),
        ];
        let now = [
            step(1, "calls", Target::Nobody, wish(Some("12"))),
            step(2, "calls", Target::CreatedBy(1), opens()),
            step(3, "edo", Target::Nobody, opens()),
        ];
        let mut expected = steps.clone();
        expected[1].action = wish(Some("12"));
        assert_eq!(approved(steps, &now), expected);
    }
}
