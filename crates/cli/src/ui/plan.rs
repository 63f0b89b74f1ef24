//! A plan as the operator reads it before saying yes: platform by platform, a sentence for each step, and what is to be known beside.

use std::collections::BTreeSet;

use kadry_core::{ProviderId, Step, Target};
use kadry_flow::Prepared;
use kadry_flow::observe::Seen;
use kadry_flow::plan::{Remark, Said};

use super::steps::sentence;
use super::table::{Field, Sheet, Tint};
use crate::error::{of_platform, reason};
use crate::words::Words;

/// Something that is to be known beside the steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// On which platform.
    pub(crate) provider: ProviderId,
    /// What, as a sentence.
    pub(crate) text: String,
    tint: Tint,
}

impl Note {
    /// What matters less does not call out.
    fn mark(&self) -> &'static str {
        if self.tint == Tint::Faint { "·" } else { "!" }
    }
}

/// Returns what is to be known beside the steps, in sentences.
pub(crate) fn notes(words: &Words, prepared: &Prepared) -> Vec<Note> {
    prepared
        .plan
        .remarks
        .iter()
        .map(|remark| Note {
            provider: remark.provider.clone(),
            text: said(words, prepared, remark),
            tint: tint(&remark.what),
        })
        .collect()
}

/// Writes the plan.
pub(crate) fn write(sheet: &mut Sheet, words: &Words, prepared: &Prepared) {
    let steps = &prepared.plan.steps;
    let lanes: BTreeSet<&ProviderId> = steps.iter().map(|step| &step.provider).collect();
    sheet.heading(&words.say_with(
        "plan-title",
        &[
            ("flow", prepared.intent.flow.name().into()),
            ("person", prepared.intent.who.to_string().into()),
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
    for provider in prepared.snapshot.seen.keys() {
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
        sheet.heading(&lane_name(words, provider, &lane));
        sheet.list(
            2,
            lane.iter()
                .map(|step| (step.seq.to_string(), sentence(words, step))),
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

fn lane_name(words: &Words, provider: &ProviderId, lane: &[&Step]) -> String {
    let record = lane.iter().find_map(|step| match &step.target {
        Target::Known(who) => Some(who.id.as_str()),
        Target::Nobody | Target::CreatedBy(_) | Target::Sought(_) => None,
    });
    match record {
        Some(record) => words.say_with(
            "lane-of-record",
            &[
                ("provider", provider.as_str().into()),
                ("record", record.into()),
            ],
        ),
        None => provider.to_string(),
    }
}

fn said(words: &Words, prepared: &Prepared, remark: &Remark) -> String {
    match &remark.what {
        Said::NobodyThere => words.say("note-nobody-there"),
        Said::Silent { error } => {
            let why = match prepared.snapshot.seen.get(&remark.provider) {
                Some(Seen::Silent(error)) => of_platform(words, error),
                Some(Seen::Here(_)) | None => error.clone(),
            };
            words.say_with("note-silent", &[("why", why.into())])
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

const fn tint(said: &Said) -> Tint {
    match said {
        Said::NobodyThere | Said::Keeps { .. } => Tint::Faint,
        Said::Silent { .. } => Tint::Bad,
        Said::MailGoesOut
        | Said::NotWritten { .. }
        | Said::NoWelcome { .. }
        | Said::ComesBack { .. }
        | Said::Stays { .. } => Tint::Warning,
    }
}
