//! The plan of all, added up.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Brake, ProviderId, Step};
use kadry_flow::many::{Drafting, PlanFile, Planned, Verdict, Why, foreseen};
use kadry_flow::plan::{Remark, Said};
use serde_json::Value;

use crate::error::{guard, of_platform};
use crate::ui::plan::{Note, notes_of};
use crate::ui::steps::sentence;
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::Words;

/// So many of those who are refused or surplus are named.
const NAMED: usize = 20;

/// Of so many people the steps are shown.
const SHOWN: usize = 5;

/// What a plan of many comes to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    flow: String,
    about: String,
    people: BTreeMap<&'static str, usize>,
    /// How many steps there are.
    pub(crate) steps: usize,
    /// How many are there whom the file does not know.
    pub(crate) surplus: usize,
    /// The platforms of which anything is said.
    pub(super) platforms: BTreeSet<ProviderId>,
    changes: BTreeMap<(ProviderId, Brake), usize>,
    /// Of how many people the role outvotes the department.
    outvoted: usize,
    /// Of how many people something is read and taken when their door is closed.
    tidied_later: usize,
    refused: Vec<Planned>,
    first: Vec<Planned>,
    unread: Vec<(ProviderId, String)>,
}

impl Tally {
    /// Begins to add up what is planned over what was read.
    pub(crate) fn of(flow: &str, about: &str, drafting: &Drafting, words: &Words) -> Self {
        let unread = drafting.listings().unread();
        Self {
            flow: flow.to_owned(),
            about: about.to_owned(),
            unread: unread
                .map(|(provider, error)| (provider.clone(), of_platform(words, error)))
                .collect(),
            ..Self::default()
        }
    }

    /// Begins to add up a plan that was saved.
    pub(crate) fn of_plan(plan: &PlanFile) -> Self {
        Self {
            flow: plan.head.flow.clone(),
            about: plan.head.about.clone(),
            ..Self::default()
        }
    }

    /// Adds one person.
    pub(crate) fn add(&mut self, planned: &Planned) {
        let verdict = foreseen(planned);
        let key = match verdict {
            Verdict::Created => "created",
            Verdict::Updated => "updated",
            Verdict::Unchanged => "unchanged",
            Verdict::Surplus => "surplus",
            Verdict::Refused | Verdict::Failed | Verdict::Waiting => "refused",
        };
        *self.people.entry(key).or_default() += 1;
        if verdict == Verdict::Surplus {
            self.surplus += 1;
        }
        if planned.who.why.is_some() && self.refused.len() < NAMED {
            self.refused.push(planned.clone());
        }
        self.outvoted += usize::from(planned.who.remarks.iter().any(is_outvoted));
        self.tidied_later += usize::from(planned.who.remarks.iter().any(is_tidied_later));
        self.steps += planned.steps.len();
        let steps = planned.steps.iter().map(|step| &step.provider);
        let remarks = planned.who.remarks.iter().map(|remark| &remark.provider);
        for provider in steps.chain(remarks) {
            if !self.platforms.contains(provider) {
                self.platforms.insert(provider.clone());
            }
        }
        let mut kinds: Vec<(ProviderId, Brake)> = Vec::new();
        for step in &planned.steps {
            for brake in step.brakes() {
                let kind = (step.provider.clone(), brake);
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        for kind in kinds {
            *self.changes.entry(kind).or_default() += 1;
        }
        if !planned.steps.is_empty() && self.first.len() < SHOWN {
            self.first.push(planned.clone());
        }
    }

    fn count(&self, key: &str) -> usize {
        self.people.get(key).copied().unwrap_or_default()
    }

    /// Returns for how many people something is to be done.
    pub(crate) fn concerned(&self) -> usize {
        self.count("created") + self.count("updated")
    }

    /// Returns how many people nothing can be done for.
    pub(crate) fn stopped(&self) -> usize {
        self.count("refused")
    }

    /// Reports whether everybody is refused.
    pub(crate) fn is_refused(&self) -> bool {
        self.steps == 0 && self.stopped() > 0 && self.unchanged() == 0
    }

    /// Reports whether a platform could not be read.
    pub(crate) fn is_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Returns for how many people nothing has to be done.
    pub(crate) fn unchanged(&self) -> usize {
        self.count("unchanged")
    }

    /// Writes the plan in few lines.
    pub(crate) fn write(&self, sheet: &mut Sheet, words: &Words) {
        self.write_counts(sheet, words);
        for planned in &self.first {
            sheet.gap();
            person(sheet, words, planned);
        }
        let more = self.concerned().saturating_sub(self.first.len());
        if more > 0 {
            sheet.gap();
            sheet.text(
                0,
                &words.say_with("many-more-people", &[("people", more.into())]),
            );
        }
        self.write_refused(sheet, words);
    }

    /// Writes how many people are concerned, and how.
    pub(crate) fn write_counts(&self, sheet: &mut Sheet, words: &Words) {
        let variables = [
            ("flow", self.flow.as_str().into()),
            ("about", self.about.as_str().into()),
            ("people", self.people.values().sum::<usize>().into()),
        ];
        sheet.heading(&words.say_with("many-title", &variables));
        let counts = self.counts().into_iter().filter(|(_, people)| *people > 0);
        sheet.pairs(
            2,
            counts.map(|(key, people)| {
                let name = words.say(&format!("many-{key}"));
                (name, Field::from(people.to_string()))
            }),
        );
        let lanes = self.lanes(words);
        if !lanes.is_empty() {
            sheet.gap();
        }
        let lanes = lanes.into_iter();
        sheet.pairs(
            2,
            lanes.map(|(provider, said, tint)| (provider.to_string(), Field::new(said, tint))),
        );
        if self.outvoted > 0 {
            sheet.gap();
            let people = [("people", self.outvoted.into())];
            sheet.paragraph(2, &words.say_with("many-outvoted", &people), Tint::Warning);
        }
        if self.tidied_later > 0 {
            sheet.gap();
            let people = [("people", self.tidied_later.into())];
            sheet.paragraph(
                2,
                &words.say_with("many-tidied-later", &people),
                Tint::Plain,
            );
        }
    }

    /// Returns of which result how many people are.
    pub(super) fn counts(&self) -> Vec<(&'static str, usize)> {
        let counts = ["created", "updated", "unchanged", "refused", "surplus"];
        counts.map(|key| (key, self.count(key))).to_vec()
    }

    /// Says what changes on each platform, and for how many, and which ones were not read.
    pub(super) fn lanes(&self, words: &Words) -> Vec<(&ProviderId, String, Tint)> {
        let mut lanes: BTreeMap<&ProviderId, Vec<String>> = BTreeMap::new();
        for ((provider, brake), people) in &self.changes {
            let named = words.say(&format!("brake-{brake}"));
            let lane = lanes.entry(provider).or_default();
            lane.push(format!("{named}: {people}"));
        }
        let lanes = lanes
            .into_iter()
            .map(|(provider, changes)| (provider, changes.join("; "), Tint::Plain));
        let unread = self.unread.iter().map(|(provider, cause)| {
            let said = words.say_with("many-unread", &[("cause", cause.as_str().into())]);
            (provider, said, Tint::Warning)
        });
        lanes.chain(unread).collect()
    }

    fn write_refused(&self, sheet: &mut Sheet, words: &Words) {
        if self.refused.is_empty() {
            return;
        }
        sheet.gap();
        sheet.heading(&words.say("many-not-done"));
        for planned in &self.refused {
            let reason = planned.who.why.as_ref();
            let reason = reason.map(|reason| why(words, reason, &planned.who.person));
            let named = named(words, planned.who.line, &planned.who.person);
            let said = format!("{named}: {}", reason.unwrap_or_default());
            sheet.paragraph(2, &said, Tint::Plain);
        }
        let more = (self.stopped() + self.surplus).saturating_sub(self.refused.len());
        if more > 0 {
            sheet.text(2, &words.say_with("many-more", &[("people", more.into())]));
        }
    }
}

/// Names one of many.
pub(super) fn named(words: &Words, line: Option<u32>, person: &str) -> String {
    match line {
        Some(line) => {
            let variables = [("line", line.to_string().into()), ("person", person.into())];
            words.say_with("many-line", &variables)
        }
        None => person.to_owned(),
    }
}

/// Writes what is planned for one person.
pub(super) fn person(sheet: &mut Sheet, words: &Words, planned: &Planned) {
    sheet.heading(&named(words, planned.who.line, &planned.who.person));
    if let Some(reason) = &planned.who.why {
        let said = why(words, reason, &planned.who.person);
        sheet.paragraph(2, &said, Tint::Warning);
    }
    sheet.list(
        2,
        planned.steps.iter().map(|step| {
            let said = sentence(words, step, answers(planned, step));
            (step.seq.to_string(), format!("{}: {said}", step.provider))
        }),
    );
    let notes = outvoted(words, planned).map(|note| {
        let said = format!("{}: {}", note.provider, note.text);
        ("!".to_owned(), Field::new(said, note.tint))
    });
    sheet.list(2, notes);
}

/// Says where the role of somebody outvotes the department that they were given.
pub(super) fn outvoted(words: &Words, planned: &Planned) -> impl Iterator<Item = Note> + use<> {
    let remarks = planned.who.remarks.iter().filter(|one| is_outvoted(one));
    let remarks: Vec<Remark> = remarks.cloned().collect();
    notes_of(words, &remarks, &planned.who.person).into_iter()
}

/// Reports whether a remark says that something is taken when the door is closed.
fn is_tidied_later(remark: &Remark) -> bool {
    matches!(remark.what, Said::TidiedLater { .. })
}

/// Reports whether a remark says that a role outvotes a department.
fn is_outvoted(remark: &Remark) -> bool {
    matches!(remark.what, Said::Outvoted { .. })
}

/// Reports whether the platform of a step has answered when it was planned.
pub(super) fn answers(planned: &Planned, step: &Step) -> bool {
    planned.who.observed.contains_key(&step.provider)
}

/// Says why nothing is done for somebody.
pub(crate) fn why(words: &Words, why: &Why, who: &str) -> String {
    match why {
        Why::Line(Value::String(said)) => said.clone(),
        Why::Line(other) => other.to_string(),
        Why::Guards(refused) => {
            let said = refused.iter().map(|one| guard(words, one, who));
            said.collect::<Vec<_>>().join(" ")
        }
        Why::TwoPeople => words.say("many-why-two-people"),
        Why::Twice(line) => {
            let known = u8::from(line.is_some());
            let line = line.map(|line| line.to_string()).unwrap_or_default();
            words.say_with(
                "many-why-twice",
                &[("known", known.into()), ("line", line.into())],
            )
        }
        Why::AtWork => words.say("many-why-at-work"),
        Why::LeftOut => words.say("many-why-left-out"),
        Why::Moved(on) => {
            let on: Vec<&str> = on.iter().map(ProviderId::as_str).collect();
            let variables = [("on", on.len().into()), ("platforms", on.join(", ").into())];
            words.say_with("many-why-moved", &variables)
        }
        Why::Later => words.say("many-why-later"),
        Why::GivenUp { by, reason } => {
            let said = words.say_with("many-why-given-up", &[("actor", by.as_str().into())]);
            let reason = reason.as_deref().map(|reason| {
                let reason = [("reason", reason.into())];
                format!(" {}", words.say_with("event-reason", &reason))
            });
            said + &reason.unwrap_or_default()
        }
        Why::StillOpen(run) => {
            words.say_with("many-why-still-open", &[("run", run.as_str().into())])
        }
        Why::Surplus => words.say("many-why-surplus"),
        Why::Unread(platforms) => {
            let platforms: Vec<&str> = platforms.iter().map(ProviderId::as_str).collect();
            let platforms = platforms.join(", ");
            words.say_with("many-why-unread", &[("platforms", platforms.into())])
        }
        Why::Namesake(line) => {
            words.say_with("many-why-namesake", &[("line", line.to_string().into())])
        }
        Why::Unreadable(lines) => {
            let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
            let lines = lines.join(", ");
            words.say_with("many-why-unreadable", &[("lines", lines.into())])
        }
    }
}
