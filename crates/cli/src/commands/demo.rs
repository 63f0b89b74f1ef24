//! The whole story on emulated platforms, through the same code as every other command.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use kadry_core::{Email, FieldName, Fields, ProviderId};
use kadry_emulator::{ALL, Clock, Emulator, Options, serve};
use kadry_flow::intent::{Flow, Intent, Offboard, Onboard, Who};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{Organisation, People, Purpose};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::emulate::now_ms;
use super::{Session, end_asked_for, flow, people};
use crate::error::{Exit, Failure};
use crate::setup::{self, Given, Setup};
use crate::ui::{json, plan, report};
use crate::words::Words;

/// See the whole story on emulated platforms: somebody joins, somebody leaves, and it is proven
///
/// Needs no configuration, uses no environment and leaves nothing behind.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry demo
  kadry demo --lang ru")]
pub(crate) struct Demo {}

/// The role that the emulator's configuration has.
const ROLE: &str = "accountant";

/// Somebody who does not exist.
const PERSON: [(FieldName, &str); 5] = [
    (FieldName::Email, "anna.novichkova@example.test"),
    (FieldName::ExternalId, "demo-1"),
    (FieldName::LastName, "Новичкова"),
    (FieldName::FirstName, "Анна"),
    (FieldName::MiddleName, "Олеговна"),
];

/// How many invented people the platforms have.
const PEOPLE: u32 = 24;

#[derive(Debug, Serialize)]
struct Document {
    runs: Vec<json::Run>,
    requests: usize,
    violations: usize,
    exit: u8,
}

impl Demo {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot begin or does not end as it should. Nothing is left behind then either.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let ending = end_asked_for();
        let folder = tempfile::Builder::new()
            .prefix("kadry-demo-")
            .tempdir()
            .map_err(|fault| cannot_begin(words, &fault))?;
        let path = folder.path().to_owned();
        // What an interruption leaves at work could make the folder anew, so that it outlives the command. Nobody else has set it.
        session.scratch.set(folder).ok();
        tokio::select! {
            ended = tell(session, &path) => ended,
            () = ending => Err(Failure {
                kind: "interrupted",
                message: words.say("demo-interrupted"),
                hint: None,
                exit: Exit::Failed,
            }),
        }
    }
}

async fn tell(session: &Session, folder: &Path) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let options = Options {
        people: PEOPLE,
        ..Options::default()
    };
    let emulator = Emulator::new(options, Clock::starting_at(now_ms()));
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(|fault| cannot_begin(words, &fault))?;
    let address = listener
        .local_addr()
        .map_err(|fault| cannot_begin(words, &fault))?;
    let address = format!("http://{address}");
    let (_serving, stopped) = oneshot::channel::<()>();
    tokio::spawn(serve(listener, emulator.clone(), async {
        // The sender is never used: it is dropped with the story.
        stopped.await.ok();
    }));
    let setup = open(session, folder, &emulator, &address).await?;
    let mut story = Story {
        session,
        emulator: &emulator,
        organisation: &setup.organisation,
        on: setup.config.on(None, words)?,
        runs: Vec::new(),
    };
    story.begin(&address)?;
    story.join(&setup).await?;
    story.leave().await?;
    story.end()
}

async fn open(
    session: &Session,
    folder: &Path,
    emulator: &Emulator,
    address: &str,
) -> Result<Setup, Failure> {
    let exports: BTreeMap<&str, String> = emulator.exports().into_iter().collect();
    let environment = move |name: &str| exports.get(name).cloned();
    let given = Given {
        text: &emulator.settings(address),
        config_path: &folder.join("kadry.toml"),
        store: &folder.join("demo.sqlite"),
    };
    setup::open_with(given, &environment, &session.screen.words).await
}

fn cannot_begin(words: &Words, fault: &std::io::Error) -> Failure {
    Failure {
        kind: "demo",
        message: words.say_with("demo-cannot-begin", &[("fault", fault.to_string().into())]),
        hint: None,
        exit: Exit::Failed,
    }
}

/// The story so far.
#[derive(Debug)]
struct Story<'a> {
    session: &'a Session,
    emulator: &'a Emulator,
    organisation: &'a Organisation,
    on: Vec<ProviderId>,
    runs: Vec<Report>,
}

impl Story<'_> {
    fn begin(&self, address: &str) -> Result<(), Failure> {
        let words = &self.session.screen.words;
        self.explain(&words.say("demo-title"), None)?;
        let platforms = words.say_with(
            "demo-platforms",
            &[
                ("platforms", ALL.len().into()),
                ("people", PEOPLE.into()),
                ("address", address.into()),
            ],
        );
        self.explain(&platforms, None)
    }

    async fn join(&mut self, setup: &Setup) -> Result<(), Failure> {
        let words = &self.session.screen.words;
        let given: Fields = PERSON
            .iter()
            .map(|(field, value)| (*field, (*value).to_owned()))
            .collect();
        let fields = setup.config.fields(Some(ROLE), &given, words)?;
        let sections = setup.config.sections(Some(ROLE), None, &fields, words)?;
        let intent = self.intent(Flow::Onboard(Onboard {
            fields,
            sections,
            privileged: false,
            stays_out: false,
        }));
        let [last, first] = [PERSON[2].1, PERSON[3].1];
        let command = format!(
            "kadry onboard --email {} --external-id {} --last-name {last} --first-name {first} --middle-name {} --role {ROLE}",
            PERSON[0].1, PERSON[1].1, PERSON[4].1
        );
        let name = format!("{last} {first}");
        let joins = words.say_with("demo-onboard", &[("name", name.into())]);
        self.explain(&joins, Some(&command))?;
        self.twice(&intent, "demo-again", &command).await?;
        self.matrix().await
    }

    async fn leave(&mut self) -> Result<(), Failure> {
        let words = &self.session.screen.words;
        let intent = self.intent(Flow::Offboard(Offboard {
            now: false,
            remove: false,
            successor: None,
            on: self.on.clone(),
            privileged: false,
        }));
        let command = format!("kadry offboard {}", PERSON[0].1);
        self.explain(&words.say("demo-offboard"), Some(&command))?;
        self.twice(&intent, "demo-offboard-again", &command).await?;
        self.matrix().await
    }

    fn end(self) -> Result<Exit, Failure> {
        let (screen, words) = (&self.session.screen, &self.session.screen.words);
        let log = self.emulator.log();
        let violations = log.iter().filter(|entry| entry.violation.is_some()).count();
        if violations > 0 {
            return Err(went_wrong(words, "demo-undocumented"));
        }
        if screen.is_json() {
            let ended = self
                .runs
                .iter()
                .map(|run| json::Run::ended(words, run, Exit::from(run.outcome())));
            screen.document(&Document {
                runs: ended.collect(),
                requests: log.len(),
                violations,
                exit: Exit::Done.code(),
            })?;
            return Ok(Exit::Done);
        }
        let counted = [
            ("requests", log.len().into()),
            ("violations", violations.into()),
        ];
        self.explain(&words.say_with("demo-proof", &counted), None)?;
        self.explain(&words.say("demo-end"), None)?;
        let mut sheet = screen.data_sheet();
        sheet.text(0, &words.say("demo-next"));
        screen.data(&sheet)?;
        Ok(Exit::Done)
    }

    fn intent(&self, flow: Flow) -> Intent {
        Intent {
            flow,
            who: Who::Email(Email::of_record(PERSON[0].1)),
            actor: "demo".to_owned(),
            reason: None,
            allow: BTreeMap::new(),
            command: None,
        }
    }

    /// Carries an intent out, and does the same again, which must change nothing anywhere.
    async fn twice(&mut self, intent: &Intent, again: &str, command: &str) -> Result<(), Failure> {
        let words = &self.session.screen.words;
        self.carry_out(intent).await?;
        let before = self.emulator.state();
        self.explain(&words.say(again), Some(command))?;
        self.carry_out(intent).await?;
        let idle = self.runs.last().is_some_and(|run| run.run.is_none());
        if idle && self.emulator.state() == before {
            Ok(())
        } else {
            Err(went_wrong(words, "demo-changed-again"))
        }
    }

    async fn carry_out(&mut self, intent: &Intent) -> Result<(), Failure> {
        let (screen, words) = (&self.session.screen, &self.session.screen.words);
        let prepared =
            flow::prepare(self.session, self.organisation, intent, Purpose::CarryOut).await?;
        let mut sheet = screen.data_sheet();
        if !prepared.plan.steps.is_empty() && !screen.is_json() {
            plan::write(&mut sheet, words, &prepared);
            sheet.gap();
            screen.data(&sheet)?;
        }
        let report = flow::carry_out(self.session, self.organisation, prepared).await?;
        if !screen.is_json() {
            let mut sheet = screen.data_sheet();
            if report.run.is_some() {
                report::write(&mut sheet, words, &report);
            } else {
                report::write_short(&mut sheet, words, &report);
            }
            sheet.gap();
            screen.data(&sheet)?;
        }
        let done = report.outcome() == Outcome::Done && report.verified;
        self.runs.push(report);
        if done {
            Ok(())
        } else {
            Err(went_wrong(words, "demo-not-done"))
        }
    }

    /// Shows the row of the person.
    async fn matrix(&self) -> Result<(), Failure> {
        let (screen, words) = (&self.session.screen, &self.session.screen.words);
        if screen.is_json() {
            return Ok(());
        }
        let mut everybody: People = self.organisation.people(&self.on).await;
        let email = Email::of_record(PERSON[0].1);
        everybody
            .rows
            .retain(|row| row.email.as_ref() == Some(&email));
        self.explain(&words.say("demo-matrix"), None)?;
        let mut sheet = screen.data_sheet();
        people::matrix(&mut sheet, words, &everybody, &self.on);
        sheet.gap();
        screen.data(&sheet)
    }

    /// Says what comes next, and the command that does it.
    fn explain(&self, text: &str, command: Option<&str>) -> Result<(), Failure> {
        let screen = &self.session.screen;
        if screen.is_json() {
            return Ok(());
        }
        let mut sheet = screen.data_sheet();
        sheet.heading(text);
        sheet.list(2, command.map(|command| ("$".to_owned(), command)));
        sheet.gap();
        screen.data(&sheet)
    }
}

fn went_wrong(words: &Words, what: &str) -> Failure {
    Failure {
        kind: "demo",
        message: words.say_with("demo-went-wrong", &[("what", words.say(what).into())]),
        hint: None,
        exit: Exit::Bug,
    }
}
