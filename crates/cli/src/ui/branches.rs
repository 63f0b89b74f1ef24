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

/// Says what a plan says of departments; nothing of what is about something else.
pub(crate) fn said(words: &Words, said: &Said) -> String {
    let of = |key: &str, places: &[String], why: Option<String>| {
        let variables: [(&str, Value<'_>); 2] = [
            ("places", places.join("; ").into()),
            ("why", why.unwrap_or_default().into()),
        ];
        words.say_with(key, &variables)
    };
    match said {
        Said::NoTree => words.say("note-no-departments"),
        Said::Unlisted { places, .. } => of("note-departments-unlisted", places, None),
        Said::NotEmpty { places, .. } => of("note-departments-not-empty", places, None),
        Said::NotRemoved {
            places,
            reason: why,
            ..
        } => of(
            "note-departments-not-removed",
            places,
            Some(reason(words, why)),
        ),
        Said::StaysWhereItIs {
            place, reason: why, ..
        } => of(
            "note-department-stays",
            std::slice::from_ref(place),
            Some(reason(words, why)),
        ),
        Said::NoExternalIds { reason: why } => of(
            "note-departments-without-ids",
            &[],
            Some(reason(words, why)),
        ),
        _ => String::new(),
    }
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
