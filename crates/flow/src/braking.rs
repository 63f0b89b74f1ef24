//! Whether a plan keeps within the limits: what the journal has counted, held against what may be.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Brake, ProviderId};
use kadry_journal::{Ceiling, JournalError, PersonId};

use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::organisation::{Organisation, Prepared, covered};
use crate::plan::brakes::{self, Most, Window};
use crate::plan::{Guard, Plan, Refused, Remark, Said};

impl Organisation {
    /// Returns what the run of a plan may not pass.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when the plan would pass it already, and the errors of the journal.
    pub(crate) async fn keep_within(
        &self,
        intent: &Intent,
        plan: &mut Plan,
        person: Option<&PersonId>,
        doors_first: bool,
    ) -> Result<Vec<Kept>, FlowError> {
        let mut ceilings = Vec::new();
        let mut refused = Vec::new();
        let mut uncounted = Vec::new();
        let beside = self.journal.concerned_by(&plan.steps).await?;
        for (provider, brake) in concerned(intent, plan, doors_first) {
            let of_things = beside.get(&(provider.clone(), brake));
            for window in Window::ALL {
                if let Some(Most::Percent(_)) = self.limits.most(brake, window)
                    && self.journal.heads(&provider).await?.is_none()
                {
                    uncounted.push(Remark {
                        provider: provider.clone(),
                        what: Said::NotLimited { brake, window },
                    });
                }
                let kept = self.kept(&provider, brake, window, &intent.allow, None);
                let Some(kept) = kept.await? else {
                    continue;
                };
                let people = match (of_things, window) {
                    (Some(people), _) => self.with_these(&kept, people).await?,
                    (None, Window::Run) => 1,
                    (None, Window::Day | Window::Month) => {
                        let others = self.journal.concerned(&kept.ceiling, person).await?;
                        others.saturating_add(1)
                    }
                };
                if people > kept.ceiling.people {
                    refused.push(kept.over(people));
                } else if window != Window::Run {
                    ceilings.push(kept);
                }
            }
        }
        plan.say(uncounted);
        if refused.is_empty() {
            Ok(ceilings)
        } else {
            Err(FlowError::Refused(refused))
        }
    }

    /// How many people it would be with these, whom changes of things concern.
    async fn with_these(
        &self,
        kept: &Kept,
        people: &BTreeSet<PersonId>,
    ) -> Result<u32, JournalError> {
        let mut all = match kept.window {
            Window::Run => BTreeSet::new(),
            Window::Day | Window::Month => self.journal.concerned_people(&kept.ceiling).await?,
        };
        all.extend(people.iter().cloned());
        Ok(u32::try_from(all.len()).unwrap_or(u32::MAX))
    }

    /// Says whether what was prepared for several people keeps within the limits when it is counted together.
    ///
    /// # Errors
    ///
    /// [`FlowError::Refused`] when it does not, and the errors of the journal.
    pub async fn keep_together(&self, all: &[Prepared]) -> Result<(), FlowError> {
        let mut concerned: BTreeMap<(ProviderId, Brake), Vec<&Prepared>> = BTreeMap::new();
        for one in all {
            for (provider, kinds) in brakes::kinds(&one.plan.steps) {
                for brake in kinds {
                    let people = concerned.entry((provider.clone(), brake)).or_default();
                    people.push(one);
                }
            }
        }
        let mut refused = Vec::new();
        for ((provider, brake), people) in &concerned {
            for window in Window::ALL {
                let Some(first) = people.first() else {
                    continue;
                };
                let allow = &first.intent.allow;
                let Some(kept) = self.kept(provider, *brake, window, allow, None).await? else {
                    continue;
                };
                let people = self.together(&kept, people).await?;
                if people > kept.ceiling.people {
                    refused.push(kept.over(people));
                }
            }
        }
        if refused.is_empty() {
            Ok(())
        } else {
            Err(FlowError::Refused(refused))
        }
    }

    /// How many people it would be: those who were concerned before, and those who would be for the first time.
    async fn together(&self, kept: &Kept, people: &[&Prepared]) -> Result<u32, JournalError> {
        if kept.window == Window::Run {
            return Ok(u32::try_from(people.len()).unwrap_or(u32::MAX));
        }
        let before = self.journal.concerned(&kept.ceiling, None).await?;
        let mut all = before;
        for one in people {
            let others = match &one.person {
                Some(person) => self.journal.concerned(&kept.ceiling, Some(person)).await?,
                None => before,
            };
            if others == before {
                all = all.saturating_add(1);
            }
        }
        Ok(all)
    }

    /// Returns the limit of a kind of change in a window; none where there is none. A percentage is of these people, where they were
    /// counted just now.
    pub(crate) async fn kept(
        &self,
        provider: &ProviderId,
        brake: Brake,
        window: Window,
        allow: &BTreeMap<Brake, u32>,
        counted: Option<u32>,
    ) -> Result<Option<Kept>, FlowError> {
        let heads = match self.limits.most(brake, window) {
            Some(Most::Percent(_)) if counted.is_none() => self.journal.heads(provider).await?,
            Some(Most::Percent(_) | Most::People(_)) | None => None,
        };
        let heads = counted.or(heads.map(|(people, _)| people));
        let Some(limit) = self.limits.people(brake, window, heads) else {
            return Ok(None);
        };
        let allowed = allow.get(&brake).copied();
        Ok(Some(Kept {
            window,
            limit,
            ceiling: Ceiling {
                provider: provider.clone(),
                brake,
                since_ms: self.since_ms(window),
                people: limit.max(allowed.unwrap_or(0)),
            },
        }))
    }

    fn since_ms(&self, window: Window) -> i64 {
        let now_ms = self.clock.now_ms();
        window
            .length_ms()
            .map_or(now_ms, |length_ms| now_ms.saturating_sub(length_ms))
    }
}

/// A limit within which a plan keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    window: Window,
    /// As the configuration says it.
    limit: u32,
    /// As it is for this run.
    pub(crate) ceiling: Ceiling,
}

impl Kept {
    pub(crate) fn over(&self, people: u32) -> Refused {
        Refused {
            provider: Some(self.ceiling.provider.clone()),
            guard: Guard::OverLimit {
                brake: self.ceiling.brake,
                window: self.window,
                limit: self.limit,
                people,
            },
        }
    }
}

/// Says which limit was passed by somebody else between the plan and its beginning.
pub(crate) fn passed(error: JournalError, kept: &[Kept]) -> FlowError {
    let JournalError::OverCeiling { ceiling, people } = &error else {
        return error.into();
    };
    match kept.iter().find(|kept| kept.ceiling == **ceiling) {
        Some(kept) => FlowError::Refused(vec![kept.over(*people)]),
        None => error.into(),
    }
}

/// What a plan changes, by platform. One that holds only doors takes what is behind them, too.
fn concerned(intent: &Intent, plan: &Plan, doors_first: bool) -> Vec<(ProviderId, Brake)> {
    let kinds = brakes::kinds(&plan.steps).into_iter();
    let mut concerned: Vec<(ProviderId, Brake)> = kinds
        .flat_map(|(provider, kinds)| {
            kinds
                .into_iter()
                .map(move |brake| (provider.clone(), brake))
        })
        .collect();
    if doors_first && matches!(intent.flow, Flow::Offboard(_)) {
        for provider in covered(intent) {
            let is_planned = plan.steps.iter().any(|step| step.provider == provider);
            let revokes = (provider, Brake::Revoke);
            if is_planned && !concerned.contains(&revokes) {
                concerned.push(revokes);
            }
        }
    }
    concerned
}
