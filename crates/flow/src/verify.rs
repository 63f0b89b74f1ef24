//! Reading everything once more: a new plan must be empty.

use std::sync::Arc;

use kadry_core::{Connect, RunState, State};
use kadry_journal::{PersonId, RunId};
use serde_json::json;

use crate::error::FlowError;
use crate::intent::Flow;
use crate::observe::{Snapshot, observe};
use crate::organisation::{Organisation, Prepared};
use crate::plan::{Inherited, plan};
use crate::report::{Caveat, Report, Residue, StepReport, caveats, residue, state_of, steps_of};

impl Organisation {
    /// Looks and plans once more, and says what became of the run.
    pub(crate) async fn verify(
        &self,
        prepared: &Prepared,
        person: &PersonId,
        run: RunId,
    ) -> Result<Report, FlowError> {
        let intent = &prepared.intent;
        let steps = steps_of(&self.journal.story(run.as_str()).await?);
        // A platform that was silent until now is not waited for once more.
        let silent = |connect: &Arc<dyn Connect>| {
            let mut on = steps
                .iter()
                .filter(|step| step.step.provider == *connect.id());
            on.any(|step| step.state == State::Deferred)
        };
        let (silent, connects): (Vec<_>, Vec<_>) = self.connects.iter().cloned().partition(silent);
        let sought = &prepared.sought;
        let after = observe(&connects, &intent.flow, sought, self.deadline(intent)).await;
        let again = plan(
            intent,
            &sought.all(),
            &after,
            &Inherited::default(),
            &self.protected,
        );
        let verified = silent.is_empty()
            && after.is_complete()
            && again.is_ok_and(|plan| plan.steps.is_empty());
        let undone = steps
            .iter()
            .filter(|step| step.state != State::Done)
            .map(|step| &step.step);
        let undone = undone
            .chain(&prepared.interrupted.undone)
            .cloned()
            .collect::<Vec<_>>();
        let (residue, caveats) = prepared.left(&undone, &after);
        let state = state_of(&steps, prepared.snapshot.is_complete());
        self.remember_links(person, &after).await?;
        let ending = json!({ "verified": verified, "residue": residue.len() });
        self.journal.finish(&run, state, &ending).await?;
        Ok(Report {
            run: Some(run),
            state,
            steps,
            verified,
            residue,
            caveats,
            ..prepared.report()
        })
    }
}

impl Prepared {
    /// Returns the report of a plan that has no steps.
    #[must_use]
    pub fn nothing_to_do(&self) -> Report {
        let (residue, caveats) = self.left(&self.interrupted.undone, &self.snapshot);
        let state = match (self.snapshot.is_complete(), self.snapshot.here().next()) {
            (true, _) => RunState::Done,
            (false, Some(_)) => RunState::Partial,
            (false, None) => RunState::Failed,
        };
        let verified = self.snapshot.is_complete();
        Report {
            state,
            verified,
            residue,
            caveats,
            ..self.report()
        }
    }

    fn report(&self) -> Report {
        Report {
            run: None,
            flow: self.intent.flow.name(),
            person: self.intent.who.to_string(),
            state: RunState::Running,
            steps: Vec::<StepReport>::new(),
            verified: false,
            residue: Vec::new(),
            caveats: Vec::new(),
            remarks: self.plan.remarks.clone(),
        }
    }

    /// What is still open or attached, and what can never be shown; only a leaver leaves anything.
    fn left(&self, undone: &[kadry_core::Step], seen: &Snapshot) -> (Vec<Residue>, Vec<Caveat>) {
        match self.intent.flow {
            Flow::Offboard(_) => (residue(&self.plan, undone, seen), caveats(seen)),
            Flow::Onboard(_) => (Vec::new(), Vec::new()),
        }
    }
}
