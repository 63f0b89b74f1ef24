//! Whose turn it is among many. What was read of everybody does not tell who may be the last one to administer a platform or to sign
//! there: others go beside them.

use crate::organisation::Prepared;
use crate::powers::{Powers, powerful};

/// Who else is at work when a part begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Many,
    Few,
    Nobody,
}

/// Who comes after the many, so that nobody's requests stand before the look at them: those whom an earlier run left open, and then those
/// who stand in for each other, each of whom would take another for the one who stays.
pub(super) const AFTER_MANY: [(usize, Turn); 2] = [(4, Turn::Few), (1, Turn::Nobody)];

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
