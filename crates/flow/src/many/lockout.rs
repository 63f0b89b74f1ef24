//! Who may be the last one to administer a platform or to sign there. What was read of everybody does not tell: others go beside them.

use kadry_core::{Action, KindName, Stage, Step};

use crate::carry_out::powerful;
use crate::organisation::Prepared;

/// Reports whether somebody stops administering a platform or signing there, who may be the last to do so.
pub(super) fn may_be_the_last(prepared: &Prepared) -> bool {
    let powerful = powerful(&prepared.snapshot);
    let loses_power = |step: &Step| match &step.action {
        Action::SetAccess { .. } => step.stage == Stage::Close,
        Action::Update { change } => {
            let role = change.grants.get(&KindName::ROLE);
            role.is_some_and(|edit| !edit.drop.is_empty())
        }
        Action::Define { .. }
        | Action::Create { .. }
        | Action::SetGrants { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => false,
    };
    let mut steps = prepared.plan.steps.iter();
    steps.any(|step| powerful.contains(&step.provider) && loses_power(step))
}
