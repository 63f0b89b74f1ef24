//! A plan as the operator reads it before saying yes: platform by platform, a sentence for each step, and what is to be known beside.

use std::collections::BTreeSet;

use kadry_core::{Access, Employee, FieldName, KindName, ProviderId, Step, Target};
use kadry_flow::Prepared;
use kadry_flow::observe::Seen;
use kadry_flow::plan::{Namesake, Remark, Said};

use super::branches;
use super::report::{left_undone, not_taken_back};
use super::steps::sentence;
use super::table::{Field, Sheet, Tint};
use super::time::of_day;
use crate::error::{newcomer, reason, step_error};
use crate::words::Words;

/// Something that is to be known beside the steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// On which platform.
    pub(crate) provider: ProviderId,
    /// What, as a sentence.
    pub(crate) text: String,
    pub(crate) tint: Tint,
}

impl Note {
    /// What matters less does not call out.
    fn mark(&self) -> &'static str {
        if self.tint == Tint::Faint { "·" } else { "!" }
    }
}

/// Returns what is to be known beside the steps, in sentences.
pub(crate) fn notes(words: &Words, prepared: &Prepared) -> Vec<Note> {
    let who = prepared.intent.label();
    notes_of(words, &prepared.plan.remarks, &who)
}

/// Returns what remarks say about somebody, in sentences.
pub(crate) fn notes_of(words: &Words, remarks: &[Remark], who: &str) -> Vec<Note> {
    let note = |remark: &Remark| Note {
        provider: remark.provider.clone(),
        text: said(words, who, remark),
        tint: tint(&remark.what),
    };
    remarks.iter().map(note).collect()
}

/// Writes the plan.
pub(crate) fn write(sheet: &mut Sheet, words: &Words, prepared: &Prepared) {
    let steps = &prepared.plan.steps;
    let unseen = steps.is_empty() && !prepared.snapshot.is_complete();
    let lanes: BTreeSet<&ProviderId> = steps.iter().map(|step| &step.provider).collect();
    let title = if unseen {
        "plan-title-unseen"
    } else {
        "plan-title"
    };
    sheet.heading(&words.say_with(
        title,
        &[
            ("flow", prepared.intent.flow.name().into()),
            ("person", prepared.intent.label().into()),
            ("steps", steps.len().into()),
            ("platforms", lanes.len().into()),
        ],
    ));
    write_lanes(sheet, words, prepared);
}

/// Writes what the plan says platform by platform, without its title.
pub(crate) fn write_lanes(sheet: &mut Sheet, words: &Words, prepared: &Prepared) {
    let steps = &prepared.plan.steps;
    let notes = notes(words, prepared);
    for (provider, seen) in &prepared.snapshot.seen {
        let answers = matches!(seen, Seen::Here(_));
        let lane: Vec<&Step> = steps
            .iter()
            .filter(|step| step.provider == *provider)
            .collect();
        let beside: Vec<&Note> = notes
            .iter()
            .filter(|note| note.provider == *provider)
            .collect();
        if lane.is_empty() && beside.is_empty() {
            continue;
        }
        sheet.gap();
        sheet.heading(&lane_name(words, provider, seen, &lane));
        sheet.list(
            2,
            lane.iter()
                .map(|step| (step.seq.to_string(), sentence(words, step, answers))),
        );
        sheet.list(
            2,
            beside.iter().map(|note| {
                (
                    note.mark().to_owned(),
                    Field::new(note.text.as_str(), note.tint),
                )
            }),
        );
    }
}

/// Names a platform, the record there, and whose it is: a key can match somebody else than the operator thinks of.
fn lane_name(words: &Words, provider: &ProviderId, seen: &Seen, lane: &[&Step]) -> String {
    let found = match seen {
        Seen::Here(here) => match here.matches.as_slice() {
            [employee] => Some(employee),
            [] | [_, _, ..] => None,
        },
        Seen::Silent(_) => None,
    };
    let known = lane.iter().find_map(|step| match &step.target {
        Target::Known(who) => Some(&who.id),
        Target::Nobody | Target::CreatedBy(_) | Target::Sought(_) => None,
    });
    let Some(record) = found.map(|employee| &employee.at.id).or(known) else {
        return provider.to_string();
    };
    let named = [
        ("provider", provider.as_str().into()),
        ("record", record.as_str().into()),
    ];
    match found.map(person).filter(|person| !person.is_empty()) {
        Some(person) => {
            let [provider, record] = named;
            words.say_with(
                "lane-of-person",
                &[provider, record, ("person", person.into())],
            )
        }
        None => words.say_with("lane-of-record", &named),
    }
}

/// Returns the name and the e-mail that stand on a record, as far as they are shown.
fn person(employee: &Employee) -> String {
    let name = employee.profile.full_name();
    let email = employee.profile.get(FieldName::Email).value().cloned();
    let email = email.or_else(|| employee.at.email().map(ToString::to_string));
    let shown = [Some(name), email].into_iter().flatten();
    shown
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn said(words: &Words, who: &str, remark: &Remark) -> String {
    match &remark.what {
        Said::NobodyThere => words.say("note-nobody-there"),
        Said::NoKey => words.say("note-no-key"),
        Said::Silent { error } => step_error(words, error),
        Said::CannotClose { reason: why } => {
            words.say_with("note-cannot-close", &[("why", reason(words, why).into())])
        }
        Said::Late { until_ms } => {
            words.say_with("note-late", &[("until", of_day(*until_ms).into())])
        }
        Said::MailGoesOut => words.say("note-mail-goes-out"),
        Said::NotWritten { field, reason: why } => words.say_with(
            "note-not-written",
            &[
                ("field", words.field(*field).into()),
                ("why", reason(words, why).into()),
            ],
        ),
        Said::NoWelcome { reason: why } => {
            words.say_with("note-no-welcome", &[("why", reason(words, why).into())])
        }
        Said::Keeps {
            kind,
            names,
            reason: why,
        } => words.say_with(
            "note-keeps",
            &[
                ("kind", words.kind(kind).into()),
                ("names", names.join(", ").into()),
                ("why", reason(words, why).into()),
            ],
        ),
        Said::ComesBack {
            kind,
            names: Some(names),
        } => words.say_with(
            "note-comes-back",
            &[
                ("kind", words.kind(kind).into()),
                ("names", names.join(", ").into()),
            ],
        ),
        Said::ComesBack { kind, names: None } => words.say_with(
            "note-comes-back-unseen",
            &[("kind", words.kind(kind).into())],
        ),
        Said::Consequence { reason: why } => reason(words, why),
        Said::Possible { people } => possible(words, &remark.provider, people, who),
        Said::Resembles {
            kind,
            name,
            nearest,
        } => words.say_with(
            "note-resembles",
            &[
                ("kind", words.kind(kind).into()),
                ("name", name.as_str().into()),
                ("nearest", nearest.as_str().into()),
            ],
        ),
        Said::Outvoted {
            kind,
            names,
            department,
        } => words.say_with(
            "note-outvoted",
            &[
                ("kind", words.kind(kind).into()),
                ("names", names.join(", ").into()),
                ("department", department.as_str().into()),
            ],
        ),
        Said::CannotRemove { reason: why } => {
            words.say_with("note-cannot-remove", &[("why", reason(words, why).into())])
        }
        Said::CannotHandOver { kind, reason: why } => words.say_with(
            "note-cannot-hand-over",
            &[
                ("kind", words.kind(kind).into()),
                ("why", reason(words, why).into()),
            ],
        ),
        Said::NothingToHandOver { to } => {
            words.say_with("note-nothing-to-hand-over", &[("who", to.as_str().into())])
        }
        Said::CannotRead {
            kind,
            reason: why,
            hidden,
        } => words.say_with(
            if *hidden {
                "note-cannot-read-hidden"
            } else {
                "note-cannot-read"
            },
            &[
                ("kind", words.kind(kind).into()),
                ("why", reason(words, why).into()),
            ],
        ),
        Said::TidiedLater { kind } => {
            words.say_with("note-tidied-later", &[("kind", words.kind(kind).into())])
        }
        Said::NotRead { kind } => {
            words.say_with("note-not-read", &[("kind", words.kind(kind).into())])
        }
        Said::NotTakenBack { step, reason } => {
            let what = not_taken_back(words, step, reason);
            words.say_with("note-not-taken-back", &[("what", what.into())])
        }
        Said::LeftUndone { .. } => left_undone(words, remark),
        Said::LeftElsewhere { run, tenant } => words.say_with(
            "note-left-elsewhere",
            &[
                ("run", run.as_str().into()),
                ("tenant", tenant.as_str().into()),
            ],
        ),
        Said::NotLimited { brake, window } => words.say_with(
            "note-not-limited",
            &[("limit", format!("{brake}.{}", window.as_str()).into())],
        ),
        Said::MoreThanApproved => words.say("open-more-than-approved"),
        Said::StaysClosed { .. } => stays_closed(words, who, &remark.provider),
        Said::MadeLater => words.say("note-made-later"),
        Said::NoTree
        | Said::Unlisted { .. }
        | Said::NotEmpty { .. }
        | Said::NotRemoved { .. }
        | Said::StaysWhereItIs { .. }
        | Said::NoExternalIds { .. } => branches::said(words, &remark.what),
        Said::StaysOpen => words.say_with(
            "note-stays-open",
            &[
                ("who", who.into()),
                ("provider", remark.provider.as_str().into()),
            ],
        ),
        Said::Beyond { kind, names, blind } => {
            let key = if *blind {
                "note-beyond-blind"
            } else {
                "note-beyond"
            };
            held(words, key, kind, names)
        }
        Said::GoesAlong { kind, names } => held(words, "note-goes-along", kind, names),
        Said::CannotTake {
            kind,
            names,
            reason: why,
        } => words.say_with(
            "note-cannot-take",
            &[
                ("kind", words.kind(kind).into()),
                ("names", names.join(", ").into()),
                ("why", reason(words, why).into()),
            ],
        ),
        Said::Stays {
            kind,
            names,
            reason: why,
        } => words.say_with(
            "note-stays",
            &[
                ("kind", words.kind(kind).into()),
                ("names", names.join(", ").into()),
                ("why", reason(words, why).into()),
            ],
        ),
    }
}

/// Says that a door stays closed, and which command opens it.
pub(crate) fn stays_closed(words: &Words, who: &str, provider: &ProviderId) -> String {
    let variables = [
        ("whom", newcomer(who).into()),
        ("provider", provider.as_str().into()),
    ];
    words.say_with("note-stays-closed", &variables)
}

fn held(words: &Words, key: &str, kind: &KindName, names: &[String]) -> String {
    let variables = [
        ("kind", words.kind(kind).into()),
        ("names", names.join(", ").into()),
    ];
    words.say_with(key, &variables)
}

/// Names who may be the person by nothing but their name, and what to type if one of them is.
fn possible(words: &Words, provider: &ProviderId, people: &[Namesake], who: &str) -> String {
    let one = |namesake: &Namesake| {
        let email = namesake.email.as_ref().map(ToString::to_string);
        let mut shown = vec![format!("{provider}:{}", namesake.record)];
        shown.extend(Some(namesake.name.clone()).filter(|name| !name.is_empty()));
        shown.extend(email);
        let access = match namesake.access {
            Access::Open => "access-open",
            Access::Suspended => "access-suspended",
        };
        shown.push(words.say(access));
        shown.join(", ")
    };
    let record = match people {
        [namesake] => namesake.record.as_str(),
        [] | [_, _, ..] => "ID",
    };
    let people: Vec<String> = people.iter().map(one).collect();
    words.say_with(
        "note-possible",
        &[
            ("people", people.join("; ").into()),
            ("who", who.into()),
            ("record", format!("{provider}:{record}").into()),
        ],
    )
}

const fn tint(said: &Said) -> Tint {
    match said {
        Said::NobodyThere
        | Said::Keeps { .. }
        | Said::TidiedLater { .. }
        | Said::NothingToHandOver { .. }
        | Said::NoTree
        | Said::StaysClosed { needed: false } => Tint::Faint,
        Said::Silent { .. }
        | Said::CannotClose { .. }
        | Said::CannotRemove { .. }
        | Said::CannotHandOver { .. }
        | Said::CannotRead { .. }
        | Said::CannotTake { .. }
        | Said::StaysClosed { needed: true }
        | Said::MadeLater
        | Said::NotRemoved { .. }
        | Said::StaysWhereItIs { .. }
        | Said::LeftUndone { .. }
        | Said::MoreThanApproved => Tint::Bad,
        Said::NoKey
        | Said::Late { .. }
        | Said::Consequence { .. }
        | Said::Possible { .. }
        | Said::Resembles { .. }
        | Said::Outvoted { .. }
        | Said::NotRead { .. }
        | Said::MailGoesOut
        | Said::NotWritten { .. }
        | Said::NoWelcome { .. }
        | Said::ComesBack { .. }
        | Said::NotTakenBack { .. }
        | Said::LeftElsewhere { .. }
        | Said::NotLimited { .. }
        | Said::StaysOpen
        | Said::Beyond { .. }
        | Said::GoesAlong { .. }
        | Said::Stays { .. }
        | Said::Unlisted { .. }
        | Said::NotEmpty { .. }
        | Said::NoExternalIds { .. } => Tint::Warning,
    }
}
