//! The doctor: what stands in the way of the next run, told before it begins.

mod configuration;
mod finding;
mod names;
mod platform;
mod protect;
mod rights;
mod standing;
mod store;

use clap::Args;
use futures::StreamExt as _;
use futures::stream::FuturesOrdered;
use kadry_core::ProviderId;
use serde::Serialize;

use super::Session;
use crate::error::{Exit, Failure, of_setup};
use crate::setup::{self, Examined};
use crate::ui::progress::Waiting;
use crate::ui::table::{Field, Sheet, Tint};
use crate::words::Words;
use finding::{Finding, State};
use platform::{Looked, Subject};

/// Look for whatever would stand in the way of the next run; nothing is changed on any platform
///
/// Reads the configuration, the secrets, the store and every platform. A platform that is silent is told after 30 seconds and delays no
/// other. Made for a timer: the exit code is 0 when nothing fails, 3 when a part fails, 1 when no platform can be worked with, and 2 when
/// the configuration cannot be used.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry check
  kadry check --on messenger --strict
  kadry check -o json")]
pub(crate) struct Check {
    /// Only these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// Let warnings change the exit code too
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    state: State,
    checks: &'a [Finding],
    exit: u8,
}

/// What was found out so far.
#[derive(Debug, Default)]
struct Report {
    findings: Vec<Finding>,
    /// How many platforms were looked at, and how many of them cannot be worked with.
    platforms: usize,
    useless: usize,
    /// Whether the configuration can be used.
    configured: bool,
}

impl Check {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A platform that is not used, named by `--on`. Whatever else is wrong is what the report is about.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let examined = setup::examine(&session.global, self.on.as_deref()).await;
        let examined = examined.map_err(|fault| of_setup(words, &fault))?;
        let mut report = Report {
            configured: configuration::is_usable(&examined),
            ..Report::default()
        };
        let mut page = Page::new(session);
        let configuration = configuration::check(words, &examined);
        page.section(&words.say("check-configuration"), &configuration)?;
        report.findings.extend(configuration);
        let store = store::check(words, &examined).await;
        page.section(&words.say("check-store"), &store)?;
        report.findings.extend(store);
        self.platforms(&examined, &mut page, &mut report).await?;
        let exit = report.exit(self.strict);
        page.end(&report, exit)?;
        Ok(exit)
    }

    /// Looks at every platform.
    async fn platforms(
        &self,
        examined: &Examined,
        page: &mut Page<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let Ok(known) = &examined.config else {
            return Ok(());
        };
        let words = &page.session.screen.words;
        let journal = store::journal(examined);
        // All are asked at once and told by their names: what two checks say can be compared.
        let mut looks: FuturesOrdered<_> = examined
            .connects
            .iter()
            .map(|(id, connect)| {
                let subject = Subject::of(known, id, connect, words);
                async move { (id, platform::look(words, &subject, journal).await) }
            })
            .collect();
        let mut all: Vec<(&ProviderId, Looked)> = Vec::new();
        loop {
            let next = {
                let _waiting = page.wait();
                looks.next().await
            };
            let Some((id, looked)) = next else { break };
            let kind = known.config.providers.get(id);
            let title = [
                ("provider", id.as_str().into()),
                (
                    "kind",
                    kind.map_or("", |provider| provider.kind.name).into(),
                ),
            ];
            page.section(&words.say_with("provider-title", &title), &looked.findings)?;
            all.push((id, looked));
        }
        drop(looks);
        report.platforms = all.len();
        report.useless = all.iter().filter(|(_, looked)| !looked.works).count();
        let whole = self.on.is_none();
        let protect = protect::check(words, &known.config, whole, all.iter().map(|(_, one)| one));
        for (_, looked) in all {
            report.findings.extend(looked.findings);
        }
        page.section(&words.say("check-protect"), &protect)?;
        report.findings.extend(protect);
        Ok(())
    }
}

impl Report {
    fn state(&self) -> State {
        let states = self.findings.iter().map(|finding| finding.state);
        states.max().unwrap_or(State::Ok)
    }

    fn exit(&self, strict: bool) -> Exit {
        match self.state() {
            _ if !self.configured => Exit::Usage,
            State::Failure if self.platforms > 0 && self.useless == self.platforms => Exit::Failed,
            State::Failure => Exit::Partial,
            State::Warning if strict => Exit::Partial,
            State::Warning | State::Ok | State::Note => Exit::Done,
        }
    }

    fn count(&self, state: State) -> usize {
        let of_state = |finding: &&Finding| finding.state == state;
        self.findings.iter().filter(of_state).count()
    }
}

/// What the operator reads, section by section; programs get one document at the end.
struct Page<'a> {
    session: &'a Session,
    is_begun: bool,
}

impl<'a> Page<'a> {
    const fn new(session: &'a Session) -> Self {
        Self {
            session,
            is_begun: false,
        }
    }

    fn wait(&self) -> Waiting<'a> {
        let screen = &self.session.screen;
        Waiting::show(screen, screen.words.say("progress-reading"))
    }

    fn section(&mut self, title: &str, findings: &[Finding]) -> Result<(), Failure> {
        let screen = &self.session.screen;
        if screen.is_json() || findings.is_empty() {
            return Ok(());
        }
        let mut sheet = screen.data_sheet();
        if self.is_begun {
            // A sheet leaves no gap before its first line.
            sheet.verbatim("");
        }
        self.is_begun = true;
        sheet.heading(title);
        list(&mut sheet, &screen.words, findings);
        screen.data(&sheet)
    }

    fn end(&self, report: &Report, exit: Exit) -> Result<(), Failure> {
        let screen = &self.session.screen;
        if screen.is_json() {
            return screen.document(&Document {
                state: report.state(),
                checks: &report.findings,
                exit: exit.code(),
            });
        }
        let counted = [
            ("failures", report.count(State::Failure).into()),
            ("warnings", report.count(State::Warning).into()),
        ];
        let (said, tint) = match report.state() {
            State::Ok | State::Note => (screen.words.say("check-all-well"), Tint::Good),
            State::Warning => (
                screen.words.say_with("check-counted", &counted),
                Tint::Warning,
            ),
            State::Failure => (screen.words.say_with("check-counted", &counted), Tint::Bad),
        };
        let mut sheet = screen.data_sheet();
        sheet.verbatim("");
        sheet.paragraph(0, &said, tint);
        screen.data(&sheet)
    }
}

fn list(sheet: &mut Sheet, words: &Words, findings: &[Finding]) {
    let rows = finding::shown(words, findings).into_iter();
    let rows = rows.map(|(state, text)| {
        let tint = match state {
            State::Ok | State::Note => Tint::Plain,
            State::Warning => Tint::Warning,
            State::Failure => Tint::Bad,
        };
        (words.say(state.key()), Field::new(text, tint))
    });
    sheet.pairs(2, rows);
}

#[cfg(test)]
mod tests;
