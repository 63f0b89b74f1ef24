//! One person's steps on one provider, as they are being planned.

use kadry_core::{Action, Before, Grant, GrantKind, ProviderId, Stage, Step, Target};

use super::{Plan, Remark, Said};

/// A lane that is being planned.
#[derive(Debug)]
pub(super) struct Lane<'a> {
    provider: &'a ProviderId,
    person: &'a str,
    first: usize,
    steps: Vec<Step>,
    said: Vec<Said>,
}

impl<'a> Lane<'a> {
    /// Returns an empty lane whose steps are numbered after the `before` steps of the plan.
    pub(super) const fn new(provider: &'a ProviderId, person: &'a str, before: usize) -> Self {
        Self {
            provider,
            person,
            first: before,
            steps: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Returns the platform of the lane.
    pub(super) const fn provider(&self) -> &ProviderId {
        self.provider
    }

    /// Adds a step about another person than the lane's, and returns its number.
    pub(super) fn step_of(
        &mut self,
        person: &str,
        stage: Stage,
        action: Action,
        target: &Target,
        before: Before,
    ) -> u32 {
        let seq = self.step(stage, action, target, before);
        if let Some(step) = self.steps.last_mut() {
            person.clone_into(&mut step.person);
        }
        seq
    }

    /// Adds a step and returns its number.
    pub(super) fn step(
        &mut self,
        stage: Stage,
        action: Action,
        target: &Target,
        before: Before,
    ) -> u32 {
        let seq = u32::try_from(self.first + self.steps.len() + 1).unwrap_or(u32::MAX);
        self.steps.push(Step {
            seq,
            person: self.person.to_owned(),
            provider: self.provider.clone(),
            stage,
            action,
            target: target.clone(),
            before,
        });
        seq
    }

    /// Adds the steps that give or take grants by themselves: one for all where the platform takes them together, else one for each.
    pub(super) fn grants(
        &mut self,
        stage: Stage,
        kind: &GrantKind,
        edit: Given<'_>,
        target: &Target,
    ) {
        let (grants, giving, replaced) = match edit {
            Given::Add { new, old } => (new, true, old),
            Given::Drop(grants) => (grants, false, &[][..]),
        };
        let size = if kind.together { grants.len() } else { 1 };
        for some in grants.chunks(size.max(1)) {
            let (add, drop) = if giving {
                (some.to_vec(), Vec::new())
            } else {
                (Vec::new(), some.to_vec())
            };
            let mut before = Before::default();
            let held = if giving { replaced } else { &drop };
            before.grants.insert(kind.name.clone(), held.to_vec());
            self.step(
                stage,
                Action::SetGrants {
                    kind: kind.name.clone(),
                    add,
                    drop,
                },
                target,
                before,
            );
        }
    }

    /// Returns what is planned so far.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Says something beside the steps.
    pub(super) fn say(&mut self, said: Said) {
        self.said.push(said);
    }

    /// Ends the lane.
    pub(super) fn into_plan(self, plan: &mut Plan) {
        let remark = |what| Remark {
            provider: self.provider.clone(),
            what,
        };
        plan.remarks.extend(self.said.into_iter().map(remark));
        plan.steps.extend(self.steps);
    }
}

/// Grants that are given or taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'a> {
    /// They are given, in the place of others where an employee has one of the kind.
    Add {
        /// What is given.
        new: &'a [Grant],
        /// What was held.
        old: &'a [Grant],
    },
    /// They are taken.
    Drop(&'a [Grant]),
}
