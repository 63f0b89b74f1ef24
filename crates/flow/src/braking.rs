//! Whether a plan keeps within the limits: what the journal has counted, held against what may be.

use kadry_core::{Brake, ProviderId};
use kadry_journal::{Ceiling, JournalError, PersonId};

use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::organisation::{Organisation, covered};
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
    ) -> Result<Vec<Ceiling>, FlowError> {
        let mut ceilings = Vec::new();
        let mut refused = Vec::new();
        let mut uncounted = Vec::new();
        for (provider, brake) in concerned(intent, plan, doors_first) {
            for window in Window::ALL {
                let Some(most) = self.limits.most(brake, window) else {
                    continue;
                };
                let Most::People(limit) = most else {
                    uncounted.push(Remark {
                        provider: provider.clone(),
                        what: Said::NotLimited { brake, window },
                    });
                    continue;
                };
                let allowed = intent.allow.get(&brake).copied();
                let ceiling = Ceiling {
                    provider: provider.clone(),
                    brake,
                    since_ms: self.since_ms(window),
                    people: limit.max(allowed.unwrap_or(0)),
                };
                let others = match window.length_ms() {
                    Some(_) => self.journal.concerned(&ceiling, person).await?,
                    None => 0,
                };
                let people = others.saturating_add(1);
                if people > ceiling.people {
                    refused.push(over(&ceiling, window, people));
                } else if window != Window::Run {
                    ceilings.push(ceiling);
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

    fn since_ms(&self, window: Window) -> i64 {
        let now_ms = self.clock.now_ms();
        window
            .length_ms()
            .map_or(now_ms, |length_ms| now_ms.saturating_sub(length_ms))
    }
}

/// Says which limit was passed by somebody else between the plan and its beginning.
pub(crate) fn passed(error: JournalError, now_ms: i64) -> FlowError {
    let JournalError::OverCeiling { ceiling, people } = error else {
        return error.into();
    };
    let is_day = |window: &Window| {
        let length_ms = window.length_ms().unwrap_or(0);
        now_ms.saturating_sub(ceiling.since_ms) <= length_ms
    };
    let mut windows = [Window::Day, Window::Month].into_iter();
    let window = windows.find(is_day).unwrap_or(Window::Month);
    FlowError::Refused(vec![over(&ceiling, window, people)])
}

fn over(ceiling: &Ceiling, window: Window, people: u32) -> Refused {
    Refused {
        provider: Some(ceiling.provider.clone()),
        guard: Guard::OverLimit {
            brake: ceiling.brake,
            window,
            limit: ceiling.people,
            people,
        },
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
