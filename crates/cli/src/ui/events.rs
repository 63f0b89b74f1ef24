//! What happened in a run, moment by moment, with what was known before and after each write.

use std::collections::BTreeMap;

use kadry_core::{Access, Before, Event};
use kadry_journal::{EventRow, RunStory, StepStory};
use serde::Serialize;

use super::steps::{names, short};
use super::table::Sheet;
use super::time::{exact, of_day};
use crate::error::step_error;
use crate::words::Words;

/// One thing that happened, as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct Moment {
    number: u32,
    at: Option<String>,
    seq: u32,
    provider: String,
    action: &'static str,
    event: &'static str,
    before: Option<Image>,
    after: Option<Image>,
    record: Option<String>,
    said_by: Option<String>,
    reason: Option<String>,
    retry_at: Option<String>,
    error: Option<String>,
}

/// What was known of what a step is about.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Image {
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<&'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'static str, Option<String>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    grants: BTreeMap<String, Vec<String>>,
}

/// Returns everything that happened in a run, in the order in which it did.
pub(crate) fn moments(words: &Words, story: &RunStory) -> Vec<Moment> {
    in_order(story)
        .map(|(step, event)| moment(words, step, event))
        .collect()
}

/// Writes everything that happened in a run, in the order in which it did.
pub(crate) fn write(sheet: &mut Sheet, words: &Words, story: &RunStory) {
    let lines: Vec<_> = in_order(story)
        .map(|(step, event)| (of_day(event.at_ms), sentence(words, step, event)))
        .collect();
    if lines.is_empty() {
        return;
    }
    sheet.gap();
    sheet.heading(&words.say("events-title"));
    sheet.pairs(2, lines);
}

fn in_order(story: &RunStory) -> impl Iterator<Item = (&StepStory, &EventRow)> {
    let rows = story
        .steps
        .iter()
        .flat_map(|step| step.events.iter().map(move |event| (step, event)));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(_, event)| event.seq);
    rows.into_iter()
}

fn moment(words: &Words, step: &StepStory, event: &EventRow) -> Moment {
    let note = &event.note;
    let leaves = event.event == Event::Started;
    Moment {
        number: event.seq,
        at: exact(event.at_ms),
        seq: step.step.seq,
        provider: step.step.provider.to_string(),
        action: step.step.action.name(),
        event: word(event.event),
        before: Image::of(&step.step.before).filter(|_| leaves),
        after: note.after.as_ref().and_then(Image::of),
        record: note.record.as_ref().map(|record| record.id.to_string()),
        said_by: note.said_by.clone(),
        reason: note.reason.clone(),
        retry_at: note.retry_at_ms.and_then(exact),
        error: note.error.as_ref().map(|error| step_error(words, error)),
    }
}

fn sentence(words: &Words, step: &StepStory, event: &EventRow) -> String {
    let note = &event.note;
    let key = match (event.event, &note.said_by) {
        (Event::FoundDone | Event::FoundUndone | Event::Superseded, Some(_)) => {
            format!("event-said-{}", word(event.event))
        }
        (event, _) => format!("event-{}", word(event)),
    };
    let happened = words.say_with(
        &key.replace('_', "-"),
        &[("actor", note.said_by.as_deref().unwrap_or_default().into())],
    );
    let step_name = words.say_with(
        "event-of-step",
        &[
            ("step", step.step.seq.to_string().into()),
            ("provider", step.step.provider.as_str().into()),
            ("what", short(words, &step.step).into()),
            ("happened", happened.into()),
        ],
    );
    let mut said = vec![step_name];
    let before = Some(&step.step.before).filter(|_| event.event == Event::Started);
    let images = [
        ("event-before", before),
        ("event-after", note.after.as_ref()),
    ];
    for (key, image) in images {
        let told = image.map(|image| told(words, image));
        if let Some(told) = told.filter(|told| !told.is_empty()) {
            said.push(words.say_with(key, &[("image", told.into())]));
        }
    }
    if let Some(reason) = &note.reason {
        said.push(words.say_with("event-reason", &[("reason", reason.as_str().into())]));
    }
    said.extend(note.error.as_ref().map(|error| step_error(words, error)));
    if let Some(at) = note.retry_at_ms {
        said.push(words.say_with("event-not-before", &[("at", of_day(at).into())]));
    }
    said.join(" ")
}

/// Says what was known of what a step is about.
fn told(words: &Words, image: &Before) -> String {
    let labelled = |label: String, value: String| {
        words.say_with(
            "labelled",
            &[("label", label.into()), ("value", value.into())],
        )
    };
    let or_empty = |value: Option<&str>| match value.filter(|value| !value.is_empty()) {
        Some(value) => value.to_owned(),
        None => words.say("empty-value"),
    };
    let access = image.access.map(|access| {
        let value = words.say(match access {
            Access::Open => "access-open",
            Access::Suspended => "access-suspended",
        });
        labelled(words.say("column-access"), value)
    });
    let fields = image
        .fields
        .iter()
        .map(|(field, value)| labelled(words.field(*field), or_empty(value.as_deref())));
    let grants = image
        .grants
        .iter()
        .map(|(kind, held)| labelled(words.kind(kind), or_empty(Some(&names(held)))));
    let parts: Vec<String> = access.into_iter().chain(fields).chain(grants).collect();
    parts.join("; ")
}

/// Returns the word of an event that JSON uses.
const fn word(event: Event) -> &'static str {
    match event {
        Event::Started => "started",
        Event::Done => "done",
        Event::Failed(_) => "failed",
        Event::Held => "held",
        Event::Lost => "lost",
        Event::FoundDone => "found_done",
        Event::FoundUndone => "found_undone",
        Event::Ambiguous => "ambiguous",
        Event::Skipped => "skipped",
        Event::Superseded => "superseded",
    }
}

impl Image {
    /// Returns what is known; none where nothing is.
    fn of(before: &Before) -> Option<Self> {
        let image = Self {
            access: before.access.map(|access| match access {
                Access::Open => "open",
                Access::Suspended => "suspended",
            }),
            fields: before
                .fields
                .iter()
                .map(|(field, value)| (field.as_str(), value.clone()))
                .collect(),
            grants: before
                .grants
                .iter()
                .map(|(kind, held)| {
                    let held = held.iter().map(ToString::to_string);
                    (kind.to_string(), held.collect())
                })
                .collect(),
        };
        let knows = image.access.is_some() || !image.fields.is_empty() || !image.grants.is_empty();
        knows.then_some(image)
    }
}
