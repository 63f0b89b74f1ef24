//! How a run is going, while it goes: a line for each platform on a terminal, plain lines where lines cannot be drawn over.

use std::collections::BTreeMap;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use kadry_core::{ProviderId, State, Step};
use kadry_flow::Watch;

use super::Screen;
use super::steps::short;
use super::table::clean;
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
            let line = ProgressBar::new_spinner()
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
        let text = beside(&self.screen.words, step, "progress-settling");
        match &self.line {
            Some(line) => line.set_message(format!("{}: {text}", step.provider)),
            None => self.screen.say(&format!("{}: {text}", step.provider)),
        }
    }

    fn reading(&self, awaited: &[&ProviderId]) {
        if let (Some(line), false) = (&self.line, awaited.is_empty()) {
            line.set_message(awaiting(&self.screen.words, awaited));
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
    all: MultiProgress,
    by_provider: BTreeMap<ProviderId, ProgressBar>,
}

impl<'a> Lines<'a> {
    /// Draws a line for each platform that has steps.
    pub(crate) fn draw(words: &'a Words, steps: &[Step]) -> Self {
        let mut lanes: BTreeMap<&ProviderId, u64> = BTreeMap::new();
        for step in steps {
            *lanes.entry(&step.provider).or_default() += 1;
        }
        let longest = lanes.keys().map(|id| id.as_str().chars().count()).max();
        let style = style(&format!(
            "{{spinner}} {{prefix:{}}}  {{pos}}/{{len}}  {{wide_msg}}",
            longest.unwrap_or_default()
        ));
        let all = MultiProgress::new();
        let by_provider = lanes.into_iter().map(|(id, steps)| {
            let line = ProgressBar::new(steps)
                .with_style(style.clone())
                .with_prefix(id.to_string());
            let line = all.add(line);
            line.enable_steady_tick(TICK);
            (id.clone(), line)
        });
        Self {
            words,
            by_provider: by_provider.collect(),
            all,
        }
    }

    fn show(&self, step: &Step, key: &str) {
        if let Some(line) = self.by_provider.get(&step.provider) {
            line.set_message(beside(self.words, step, key));
        }
    }
}

impl Watch for Lines<'_> {
    fn step(&self, step: &Step, state: State) {
        if let Some(line) = self.by_provider.get(&step.provider)
            && state.is_final()
        {
            line.inc(1);
        }
        self.show(step, &format!("state-{state}"));
    }

    fn settling(&self, step: &Step) {
        self.show(step, "progress-settling");
    }

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, provider: &ProviderId) {
        if let Some(line) = self.by_provider.get(provider) {
            line.set_message(self.words.say("progress-verifying"));
        }
    }
}

impl Drop for Lines<'_> {
    fn drop(&mut self) {
        for line in self.by_provider.values() {
            line.finish_and_clear();
        }
        // A terminal that is gone needs no clearing.
        self.all.clear().ok();
    }
}

/// One plain line for each thing that happens.
#[derive(Debug)]
pub(crate) struct Plain<'a>(pub(crate) &'a Screen);

impl Plain<'_> {
    fn line(&self, step: &Step, key: &str) {
        let text = beside(&self.0.words, step, key);
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

fn beside(words: &Words, step: &Step, key: &str) -> String {
    clean(&words.say_with(
        "progress-step",
        &[
            ("step", short(words, step).into()),
            ("state", words.say(key).into()),
        ],
    ))
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_are_well_formed() {
        for template in [
            "{spinner} {wide_msg}",
            "{spinner} {prefix:9}  {pos}/{len}  {wide_msg}",
        ] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
