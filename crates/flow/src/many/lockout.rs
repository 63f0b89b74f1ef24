//! Who may be the last one to administer a platform or to sign there. What was read of everybody does not tell: others go beside them.

use crate::organisation::Prepared;
use crate::powers::{Powers, powerful};

/// Reports whether somebody stops administering a platform or signing there, who may be the last to do so.
pub(super) fn may_be_the_last(prepared: &Prepared) -> bool {
    let powerful = powerful(&prepared.snapshot);
    let here = prepared.snapshot.here();
    let mut here = here.filter(|(id, _)| powerful.contains(id));
    here.any(|(id, here)| {
        let steps = prepared.plan.steps.iter();
        let steps = steps.filter(|step| step.provider == *id);
        Powers::lost_by(steps, here.provider.as_ref()).any()
    })
}
