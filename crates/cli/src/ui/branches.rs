//! What is said of departments.

use kadry_core::{Reshapes, Reshaping};
use kadry_flow::plan::{BranchFault, Said};

use crate::error::reason;
use crate::words::{Value, Words};

/// Between the names of a place.
const APART: &str = " / ";

/// Says what becomes of a department.
pub(crate) fn reshaped(words: &Words, reshapes: &Reshapes) -> String {
    let path = reshapes.path.join(APART);
    let (key, to) = match &reshapes.does {
        Reshaping::Make => ("step-branch-make", String::new()),
        Reshaping::Rename { name } => ("step-branch-rename", name.clone()),
        Reshaping::Move { to } => ("step-branch-move", to.join(APART)),
        Reshaping::Identify { external_id } => ("step-branch-identify", external_id.clone()),
        Reshaping::Remove => ("step-branch-remove", String::new()),
    };
    let variables: [(&str, Value<'_>); 3] = [
        ("kind", words.kind(&reshapes.kind).into()),
        ("path", path.into()),
        ("to", to.into()),
    ];
    words.say_with(key, &variables)
}

/// Says what a plan says of departments.
pub(crate) fn said(words: &Words, said: &Said) -> String {
    let (key, places, why) = if let Said::Unlisted { places, .. } = said {
        ("note-departments-unlisted", places.join("; "), None)
    } else if let Said::NotEmpty { places, .. } = said {
        ("note-departments-not-empty", places.join("; "), None)
    } else if let Said::NotRemoved { places, reason, .. } = said {
        let places = places.join("; ");
        ("note-departments-not-removed", places, Some(reason))
    } else if let Said::StaysWhereItIs { place, reason, .. } = said {
        ("note-department-stays", place.clone(), Some(reason))
    } else if let Said::NoExternalIds { reason } = said {
        ("note-departments-without-ids", String::new(), Some(reason))
    } else {
        ("note-no-departments", String::new(), None)
    };
    let why = why.map(|why| reason(words, why)).unwrap_or_default();
    let variables: [(&str, Value<'_>); 2] = [("places", places.into()), ("why", why.into())];
    words.say_with(key, &variables)
}

/// Says what is wrong with a department of the file on one platform.
pub(crate) fn fault(words: &Words, line: u32, place: &str, fault: &BranchFault) -> String {
    let (key, what) = match fault {
        BranchFault::Several { places } => ("department-several", places.join("; ")),
        BranchFault::OtherId { external_id } => ("department-other-id", external_id.clone()),
        BranchFault::TooDeep { most } => ("department-too-deep", most.to_string()),
        BranchFault::NoParent => ("department-no-parent", String::new()),
    };
    let variables: [(&str, Value<'_>); 3] = [
        ("line", line.to_string().into()),
        ("place", place.into()),
        ("what", what.into()),
    ];
    words.say_with(key, &variables)
}
