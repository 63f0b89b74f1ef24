//! The words of a review: what somebody has and lacks, which rights they hold, and why something is not certain.

use kadry_core::{Access, Known};
use kadry_flow::observe::Hindrance;
use kadry_flow::plan::Refused;
use kadry_flow::review::{Basis, Doubt, Place, Reviewed, Thing, Verdict};

use crate::error::{guard, reason, step_error};
use crate::words::Words;

/// Says what somebody has or lacks: the names of each kind together.
pub(super) fn things(words: &Words, things: &[Thing]) -> String {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for thing in things {
        let (kind, name) = match thing {
            Thing::Record => (words.say("review-thing-record"), None),
            Thing::Access => (words.say("review-thing-access"), None),
            Thing::Grant { kind, name } => (words.kind(kind), Some(name.as_str())),
        };
        match said.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, names)) => names.extend(name),
            None => said.push((kind, name.into_iter().collect())),
        }
    }
    let line = |(kind, names): (String, Vec<&str>)| {
        if names.is_empty() {
            kind
        } else {
            format!("{kind}: {}", names.join(", "))
        }
    };
    said.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Says the role of somebody, or why there is none.
pub(super) fn role(words: &Words, basis: &Basis) -> String {
    let key = match basis {
        Basis::Role(Some(name)) => return name.clone(),
        Basis::Role(None) => "review-role-given",
        Basis::NoRole => "review-role-none",
        Basis::Left => "review-role-left",
        Basis::Unknown => "review-role-unknown",
        Basis::Unclear(_) | Basis::TwoPeople => "review-role-unclear",
    };
    words.say(key)
}

/// Says what the review comes to for somebody.
pub(super) fn verdict(words: &Words, verdict: Verdict) -> String {
    let key = match verdict {
        Verdict::AsRole => "review-as-role",
        Verdict::NoAccess => "review-no-access",
        Verdict::SetApart => "review-set-apart",
        Verdict::Differs => "review-differs",
        Verdict::Unaccounted => "review-unaccounted",
        Verdict::Unsure => "review-unsure",
    };
    words.say(key)
}

/// Says whether somebody can get in.
pub(super) fn access(words: &Words, place: &Place) -> String {
    let key = match (place.access, &place.silent) {
        (_, Some(_)) => "review-access-unread",
        (Some(Access::Open), None) => "access-open",
        (Some(Access::Suspended), None) => "access-suspended",
        (None, None) => "review-access-none",
    };
    words.say(key)
}

/// Says which rights a record holds, and what is special about whose it is.
pub(super) fn rights(words: &Words, one: &Reviewed, place: &Place) -> Vec<String> {
    let is_idle = place.registered == Known::Value(false);
    let marks = [
        (place.administers(), "review-administrator"),
        (place.signs(), "review-signer"),
        (place.own, "review-own"),
        (one.exempt, "review-exempt"),
        (one.privileged, "review-privileged"),
        (is_idle, "review-not-registered"),
    ];
    let marks = marks.into_iter().filter(|(is, _)| *is);
    marks.map(|(_, key)| words.say(key)).collect()
}

/// Says why what is told of somebody as a whole is not certain.
pub(super) fn why(words: &Words, basis: &Basis) -> Option<String> {
    match basis {
        Basis::Unclear(text) => Some(text.clone()),
        Basis::TwoPeople => Some(words.say("review-two-people")),
        Basis::Role(_) | Basis::NoRole | Basis::Left | Basis::Unknown => None,
    }
}

/// Says why what is told of somebody on one platform is not certain.
pub(super) fn doubts(words: &Words, one: &Reviewed, place: &Place) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    said.extend(place.silent.iter().map(|error| step_error(words, error)));
    said.extend(place.unseen.iter().map(|(kind, why)| {
        let kind = [("kind", words.kind(kind).into())];
        let short = words.say_with("review-unseen", &kind);
        match why {
            // It is the same for everybody, and told once.
            Hindrance::Reason(_) => short,
            Hindrance::Error(_) | Hindrance::Hidden => {
                format!("{short}. {}", hindrance(words, why))
            }
        }
    }));
    said.extend(place.doubts.iter().map(|doubt| match doubt {
        Doubt::Guard(of) => {
            let refused = Refused {
                provider: Some(place.provider.clone()),
                guard: of.clone(),
            };
            guard(words, &refused, &one.person)
        }
        Doubt::Twice(None) => words.say("review-twice"),
        Doubt::Twice(Some(line)) => {
            words.say_with("review-twice-line", &[("line", line.to_string().into())])
        }
        Doubt::OtherKey(record) => {
            words.say_with("review-other-key", &[("record", record.as_str().into())])
        }
    }));
    said
}

/// Says why it is not known what somebody has.
pub(super) fn hindrance(words: &Words, why: &Hindrance) -> String {
    match why {
        Hindrance::Reason(why) => reason(words, why),
        Hindrance::Error(error) => step_error(words, error),
        Hindrance::Hidden => words.say("review-hidden"),
    }
}
