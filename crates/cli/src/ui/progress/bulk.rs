//! How a command about many people is going: how many are through, at which rate, and how long the rest will take.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use kadry_core::{ProviderId, State, Step};
use kadry_flow::Watch;
use tokio::task::JoinHandle;

use super::{TICK, style};
use crate::ui::{Screen, canvas};
use crate::words::Words;

/// How often a line is said where none can be drawn over.
const EVERY: Duration = Duration::from_secs(10);

/// Shows how many people are through.
#[derive(Debug)]
pub(crate) struct Bulk {
    state: Arc<Mutex<Going>>,
    line: Option<ProgressBar>,
    said: Option<JoinHandle<()>>,
}

/// How far it is.
#[derive(Debug)]
struct Going {
    words: Words,
    read: BTreeMap<ProviderId, u64>,
    people: Option<(u32, u32)>,
    /// When the first people were counted, and how many were through then.
    began: Option<(Instant, u32)>,
    verifying: bool,
}

impl Bulk {
    /// Begins to show it: in a line that is drawn over, or in lines from time to time.
    pub(crate) fn begin(screen: &Screen) -> Self {
        let state = Arc::new(Mutex::new(Going {
            words: Words::new(screen.words.lang()),
            read: BTreeMap::new(),
            people: None,
            began: None,
            verifying: false,
        }));
        let line = screen.can_draw().then(|| {
            let line = ProgressBar::with_draw_target(None, canvas::target())
                .with_style(style("{spinner} {wide_msg}"))
                .with_message(screen.words.say("progress-reading"));
            line.enable_steady_tick(TICK);
            line
        });
        let said = (line.is_none() && screen.is_heard()).then(|| {
            let state = Arc::clone(&state);
            let say = Screen::speaker();
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(EVERY).await;
                    let text = lock(&state).text(Instant::now());
                    say(&text);
                }
            })
        });
        Self { state, line, said }
    }

    fn change(&self, change: impl FnOnce(&mut Going)) {
        let mut state = lock(&self.state);
        change(&mut state);
        if let Some(line) = &self.line {
            line.set_message(state.text(Instant::now()));
        }
    }
}

fn lock(state: &Mutex<Going>) -> MutexGuard<'_, Going> {
    // A line that is half changed is written anew with the next change.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Going {
    fn text(&self, now: Instant) -> String {
        let words = &self.words;
        let Some((done, of)) = self.people else {
            let read = self.read.iter();
            let read: Vec<String> = read.map(|(id, rows)| format!("{id} {rows}")).collect();
            if read.is_empty() {
                return words.say("progress-reading");
            }
            return words.say_with("progress-listing", &[("read", read.join(", ").into())]);
        };
        if self.verifying {
            return words.say("progress-verifying");
        }
        let people = [("done", done.into()), ("of", of.into())];
        let Some((began, before)) = self.began else {
            return words.say_with("progress-people", &people);
        };
        let passed = now.saturating_duration_since(began).as_secs_f64();
        let rate = f64::from(done.saturating_sub(before)) / passed.max(0.001);
        if rate < 0.01 || passed < 1.0 {
            return words.say_with("progress-people", &people);
        }
        let left = Duration::from_secs_f64(f64::from(of.saturating_sub(done)) / rate);
        let [done, of] = people;
        let variables = [
            done,
            of,
            ("rate", format!("{rate:.1}").into()),
            ("left", duration(words, left).into()),
        ];
        words.say_with("progress-people-rate", &variables)
    }
}

/// Says a duration in its two largest units.
fn duration(words: &Words, left: Duration) -> String {
    let seconds = left.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let key = match (hours, minutes) {
        (0, 0) => "duration-seconds",
        (0, _) => "duration-minutes",
        (_, _) => "duration-hours",
    };
    words.say_with(
        key,
        &[
            ("hours", hours.to_string().into()),
            ("minutes", minutes.to_string().into()),
            ("seconds", seconds.to_string().into()),
        ],
    )
}

impl Watch for Bulk {
    fn step(&self, _step: &Step, _state: State) {}

    fn settling(&self, _step: &Step) {}

    fn reading(&self, _awaited: &[&ProviderId]) {}

    fn verifying(&self, _provider: &ProviderId) {
        self.change(|going| going.verifying = true);
    }

    fn listing(&self, provider: &ProviderId, rows: u64) {
        self.change(|going| {
            going.read.insert(provider.clone(), rows);
        });
    }

    fn people(&self, done: u32, of: u32) {
        self.change(|going| {
            going.people = Some((done, of));
            going.began.get_or_insert((Instant::now(), done));
        });
    }
}

impl Drop for Bulk {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            line.finish_and_clear();
        }
        if let Some(said) = &self.said {
            said.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    fn going() -> Going {
        Going {
            words: Words::new(Lang::En),
            read: BTreeMap::new(),
            people: None,
            began: None,
            verifying: false,
        }
    }

    #[test]
    fn what_is_read_is_counted_by_platform() {
        let mut going = going();
        let now = Instant::now();
        assert_eq!(going.text(now), "reading the platforms");
        going.read.insert(ProviderId::new("messenger"), 1_200);
        going.read.insert(ProviderId::new("calls"), 40);
        let text = going.text(now);
        assert!(
            text.contains("messenger 1200") && text.contains("calls 40"),
            "{text}"
        );
    }

    #[test]
    fn the_rate_and_the_time_that_is_left_are_of_this_command_alone() {
        let mut going = going();
        let began = Instant::now();
        // So many were through before the run was resumed.
        going.began = Some((began, 50));
        going.people = Some((60, 160));
        let text = going.text(began + Duration::from_secs(5));
        assert!(text.contains("60 of 160"), "{text}");
        assert!(text.contains("2.0 a second"), "{text}");
        assert!(text.contains("50 s"), "{text}");
        going.people = Some((50, 160));
        let text = going.text(began + Duration::from_secs(5));
        assert!(!text.contains("a second"), "no rate without a step: {text}");
    }

    #[test]
    fn a_duration_is_said_in_its_two_largest_units() {
        let words = Words::new(Lang::En);
        let said = |seconds| duration(&words, Duration::from_secs(seconds));
        assert_eq!(said(59), "59 s");
        assert_eq!(said(75), "1 min 15 s");
        assert_eq!(said(7_320), "2 h 2 min");
    }
}
