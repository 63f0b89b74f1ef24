//! How a run is going, while it goes: a line for each platform on a terminal, plain lines where lines cannot be drawn over.

mod bulk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use kadry_core::{ProviderId, State, Step};
use kadry_flow::Watch;
use unicode_width::UnicodeWidthStr as _;

pub(crate) use bulk::Bulk;

use super::Screen;
use super::canvas;
use super::steps::short;
use super::table::{clean, shortened};
use crate::words::Words;

/// How often a line shows that it is alive.
const TICK: Duration = Duration::from_millis(120);

/// A line that shows that something is being waited for; gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    screen: &'a Screen,
    line: Option<ProgressBar>,
}

impl<'a> Waiting<'a> {
    /// Shows what is being waited for, where lines can be drawn over.
    pub(crate) fn show(screen: &'a Screen, what: String) -> Self {
        let line = screen.can_draw().then(|| {
            let line = ProgressBar::with_draw_target(None, canvas::target())
                .with_style(style("{spinner} {wide_msg}"))
                .with_message(what);
            line.enable_steady_tick(TICK);
            line
        });
        Self { screen, line }
    }
}

impl Watch for Waiting<'_> {
    fn step(&self, _step: &Step, _state: State) {}

    /// An absence counts only after a while, so this is said even where no line can be drawn over.
    fn settling(&self, step: &Step) {
        let named = format!("{}: ", step.provider);
        let text = |room: usize| {
            let room = room.saturating_sub(named.width());
            let text = beside(&self.screen.words, step, "progress-settling", room);
            format!("{named}{text}")
        };
        match &self.line {
            Some(line) => line.set_message(text(beside_spinner())),
            None => self.screen.say(&text(usize::MAX)),
        }
    }

    fn reading(&self, awaited: &[&ProviderId]) {
        if let (Some(line), false) = (&self.line, awaited.is_empty()) {
            let text = awaiting(&self.screen.words, awaited);
            line.set_message(shortened(&text, beside_spinner()));
        }
    }

    fn verifying(&self, _provider: &ProviderId) {}
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
    }
}

/// A line for each platform, drawn over while its steps go on.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    words: &'a Words,
    /// Where else something may be said meanwhile.
    screen: Option<&'a Screen>,
    all: MultiProgress,
    lanes: Mutex<BTreeMap<ProviderId, Lane>>,
    /// How wide the widest name of a platform is.
    widest: usize,
}

#[derive(Debug)]
struct Lane {
    line: ProgressBar,
    /// The steps that are known, which may become more when a door was closed.
    steps: BTreeSet<u32>,
    /// Those that have come to their end.
    ended: BTreeSet<u32>,
}

impl<'a> Lines<'a> {
    /// Draws a line for each platform that has steps.
    pub(crate) fn draw(screen: &'a Screen, steps: &[Step]) -> Self {
        let mut lines = Self::on(&screen.words, steps, canvas::target());
        lines.screen = Some(screen);
        screen.draws(Some(lines.all.clone()));
        lines
    }

    fn on(words: &'a Words, steps: &[Step], target: ProgressDrawTarget) -> Self {
        let names = steps.iter().map(|step| step.provider.as_str().width());
        let lines = Self {
            words,
            screen: None,
            all: MultiProgress::with_draw_target(target),
            lanes: Mutex::default(),
            widest: names.max().unwrap_or_default(),
        };
        let lanes: BTreeSet<&ProviderId> = steps.iter().map(|step| &step.provider).collect();
        for provider in lanes {
            let lane = steps.iter().filter(|step| step.provider == *provider);
            lines.begin(provider);
            lines.on_line(provider, |line| {
                line.steps.extend(lane.map(|step| step.seq));
            });
        }
        lines
    }

    /// Draws the line of a platform, if there is none: one that had nothing to do may have it later.
    fn begin(&self, provider: &ProviderId) {
        self.lanes().entry(provider.clone()).or_insert_with(|| {
            let style = style(&format!(
                "{{spinner}} {{prefix:{}}}  {{pos}}/{{len}}  {{wide_msg}}",
                self.widest
            ));
            let line = ProgressBar::new(0)
                .with_style(style)
                .with_prefix(provider.to_string());
            let line = self.all.add(line);
            line.enable_steady_tick(TICK);
            Lane {
                line,
                steps: BTreeSet::new(),
                ended: BTreeSet::new(),
            }
        });
    }

    /// Changes the line of a platform, if it has one.
    fn on_line(&self, provider: &ProviderId, change: impl FnOnce(&mut Lane)) {
        if let Some(lane) = self.lanes().get_mut(provider) {
            change(lane);
            lane.line.set_length(lane.steps.len() as u64);
            lane.line.set_position(lane.ended.len() as u64);
        }
    }

    fn lanes(&self) -> MutexGuard<'_, BTreeMap<ProviderId, Lane>> {
        // A line that is half changed is drawn anew with the next change.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, step: &Step, key: &str) {
        self.on_line(&step.provider, |lane| {
            let text = beside(self.words, step, key, self.room(lane));
            lane.line.set_message(text);
        });
    }

    /// How many columns are left beside the name of a platform and its count.
    fn room(&self, lane: &Lane) -> usize {
        let steps = lane.steps.len().to_string().len();
        let around = "⠒   /    ".width() + self.widest + 2 * steps;
        usize::from(canvas::room()).saturating_sub(around)
    }
}

impl Watch for Lines<'_> {
    fn step(&self, step: &Step, state: State) {
        self.begin(&step.provider);
        self.on_line(&step.provider, |lane| {
            lane.steps.insert(step.seq);
            if state.is_final() {
                lane.ended.insert(step.seq);
            }
        });
        self.show(step, &format!("state-{state}"));
    }

    fn settling(&self, step: &Step) {
        self.show(step, "progress-settling");
    }

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, provider: &ProviderId) {
        let text = self.words.say("progress-verifying");
        self.on_line(provider, |lane| lane.line.set_message(text));
    }
}

impl Drop for Lines<'_> {
    fn drop(&mut self) {
        for lane in self.lanes().values() {
            lane.line.finish_and_clear();
        }
        // A terminal that is gone needs no clearing.
        self.all.clear().ok();
        if let Some(screen) = self.screen {
            screen.draws(None);
        }
    }
}

/// One plain line for each thing that happens.
#[derive(Debug)]
pub(crate) struct Plain<'a>(pub(crate) &'a Screen);

impl Plain<'_> {
    fn line(&self, step: &Step, key: &str) {
        let text = beside(&self.0.words, step, key, usize::MAX);
        self.0
            .say(&format!("{} {}: {text}", step.seq, step.provider));
    }
}

impl Watch for Plain<'_> {
    fn step(&self, step: &Step, state: State) {
        self.line(step, &format!("state-{state}"));
    }

    fn settling(&self, step: &Step) {
        self.line(step, "progress-settling");
    }

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, provider: &ProviderId) {
        let text = self.0.words.say("progress-verifying");
        self.0.say(&clean(&format!("{provider}: {text}")));
    }
}

fn awaiting(words: &Words, awaited: &[&ProviderId]) -> String {
    let names: Vec<&str> = awaited.iter().map(|id| id.as_str()).collect();
    clean(&words.say_with("progress-awaiting", &[("names", names.join(", ").into())]))
}

/// How many columns are left beside a spinner.
fn beside_spinner() -> usize {
    usize::from(canvas::room()).saturating_sub("⠒ ".width())
}

/// What a step does and how far it is. Where there is no room for both, what it does is shortened: how far it is cannot be guessed.
fn beside(words: &Words, step: &Step, key: &str, room: usize) -> String {
    let state = words.say(key);
    let said = |step: &str| {
        let variables = [("step", step.into()), ("state", state.as_str().into())];
        clean(&words.say_with("progress-step", &variables))
    };
    let step = short(words, step);
    let around = said("").width();
    shortened(&said(&shortened(&step, room.saturating_sub(around))), room)
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use kadry_core::{Access, Action, Before, Grant, KindName, Stage, Target};

    use super::*;
    use crate::words::Lang;

    fn step(seq: u32, provider: &str, action: Action) -> Step {
        Step {
            seq,
            person: "anna@example.test".to_owned(),
            provider: ProviderId::new(provider),
            stage: Stage::Close,
            action,
            target: Target::Nobody,
            before: Before::default(),
        }
    }

    fn close(seq: u32, provider: &str) -> Step {
        let access = Access::Suspended;
        step(seq, provider, Action::SetAccess { access })
    }

    fn counts(lines: &Lines<'_>, provider: &str) -> Option<(u64, Option<u64>)> {
        let lanes = lines.lanes();
        let line = &lanes.get(&ProviderId::new(provider))?.line;
        Some((line.position(), line.length()))
    }

    #[test]
    fn a_step_that_comes_later_is_counted_in_the_whole() {
        let words = Words::new(Lang::En);
        let first = [close(1, "messenger")];
        let lines = Lines::on(&words, &first, ProgressDrawTarget::hidden());
        lines.step(&first[0], State::Done);
        assert_eq!(counts(&lines, "messenger"), Some((1, Some(1))));
        let second = close(2, "messenger");
        lines.step(&second, State::Started);
        assert_eq!(counts(&lines, "messenger"), Some((1, Some(2))));
        lines.step(&second, State::Done);
        lines.step(&second, State::Done);
        assert_eq!(counts(&lines, "messenger"), Some((2, Some(2))));
    }

    #[test]
    fn a_platform_has_a_line_as_soon_as_it_has_a_step() {
        let words = Words::new(Lang::En);
        let lines = Lines::on(&words, &[], ProgressDrawTarget::hidden());
        lines.verifying(&ProviderId::new("edo"));
        assert_eq!(counts(&lines, "edo"), None);
        lines.step(&close(1, "edo"), State::Started);
        assert_eq!(counts(&lines, "edo"), Some((0, Some(1))));
    }

    #[test]
    fn what_does_not_fit_is_shortened_and_how_far_it_is_stays() {
        let words = Words::new(Lang::En);
        let kind = KindName::TAG;
        let name = "Бухгалтерия и расчёты с персоналом".to_owned();
        let add = vec![Grant::with_id(kind.clone(), "1", name)];
        let drop = Vec::new();
        let step = step(1, "messenger", Action::SetGrants { kind, add, drop });
        assert_eq!(
            beside(&words, &step, "state-started", 34),
            "Add tags: Бухгалтерия… – under way"
        );
        let whole = beside(&words, &step, "state-started", 200);
        assert!(whole.ends_with("персоналом – under way"), "{whole}");
    }
}
