//! The report that `--report` writes: what programs read, or a page for people; of many people, also a table.
//!
//! Its place is looked at before anything is done. The file is there as a whole or not at all, and whatever hinders it takes nothing
//! back of what was done.

mod many;
mod page;
mod review;
mod rows;
mod together;
mod when;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use kadry_flow::Prepared;
use kadry_flow::intent::Intent;
use kadry_flow::many::Head;
use kadry_flow::report::Report;
use kadry_journal::RunSummary;
use kadry_tables::write::html::Page;
use kadry_tables::write::list::Format;
use serde::Serialize;
use tempfile::NamedTempFile;

use super::Screen;
use super::json::{Failed, Run};
use super::plan::Note;
use super::table::Tint;
use crate::commands::Command;
use crate::error::{Exit, Failure, bug, with_path};
use crate::words::Words;

pub(crate) use many::Subject;
pub(crate) use page::{came_to_nothing, fact};

/// The word for what is wrong with the report itself.
const OF_ITSELF: &str = "report_file";

/// Says that a report could not be written.
pub(crate) fn lament(screen: &Screen, lost: &Failure) {
    let mut sheet = screen.rest_sheet();
    sheet.paragraph(0, &lost.message, Tint::Bad);
    screen.complain(&sheet);
}

/// Where the report of a command goes, and what is known for it so far.
#[derive(Debug)]
pub(crate) struct ReportFile {
    path: PathBuf,
    form: Form,
    about: About,
    is_settled: AtomicBool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    For(Format),
}

/// What a page says of the command, however it ended.
#[derive(Debug, Default)]
struct About {
    /// The command as it was typed.
    typed: String,
    /// When it was typed, in milliseconds since the Unix epoch.
    began_ms: Option<i64>,
    organisation: OnceLock<String>,
    asked: OnceLock<Asked>,
}

impl About {
    /// The command as it was typed, but for the name of its report, which is the next that is free.
    fn again(&self, path: &Path) -> String {
        let named = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
        let mut names = (2..).map(|number| numbered(path, number));
        let free = names.find(|path| !path.exists());
        match (named(path), free.and_then(|path| named(&path))) {
            (Some(name), Some(free)) => self.typed.replace(&name, &free),
            _ => self.typed.clone(),
        }
    }
}

/// What was asked for, and by whom.
#[derive(Debug)]
struct Asked {
    flow: String,
    person: String,
    /// Whether that is the name of a file of people.
    is_file: bool,
    actor: String,
    reason: Option<String>,
}

impl Asked {
    fn of_run(run: &RunSummary) -> Self {
        Self {
            flow: run.flow.clone(),
            person: run.label.clone(),
            is_file: false,
            actor: run.actor.clone(),
            reason: run.reason.clone(),
        }
    }

    fn of_many(head: &Head) -> Self {
        Self {
            flow: head.flow.clone(),
            person: head.about.clone(),
            is_file: head.source.is_some(),
            actor: head.actor.clone(),
            reason: head.reason.clone(),
        }
    }
}

/// A run that has ended, as a report tells it.
#[derive(Debug)]
pub(crate) struct Ended<'a> {
    /// What became of it.
    pub(crate) report: &'a Report,
    /// What the plan said beside its steps.
    pub(crate) notes: &'a [Note],
    /// When the run began, in milliseconds since the Unix epoch, if the journal says it.
    pub(crate) began_ms: Option<i64>,
    /// How the command ends.
    pub(crate) exit: Exit,
}

impl ReportFile {
    /// Looks whether a report can be written into a file, and remembers the place.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 when the ending of the name says no form, or nothing can be written there.
    pub(crate) fn check(path: &Path, typed: &str, words: &Words) -> Result<Self, Failure> {
        let usage = |message, hint| Err(Failure::usage(OF_ITSELF, message, hint));
        let shown = || path.display().to_string();
        let Some(form) = form(path) else {
            let message = words.say_with("report-file-ending", &[("path", shown().into())]);
            return usage(message, Some(words.say("report-file-ending-hint")));
        };
        if path.is_dir() {
            let message = words.say_with("report-file-is-folder", &[("path", shown().into())]);
            return usage(message, None);
        }
        let folder = folder(path);
        if !folder.is_dir() {
            let folder = folder.display().to_string();
            let message = words.say_with("report-file-no-folder", &[("folder", folder.into())]);
            return usage(message, None);
        }
        // Only making a file proves that one can be made; this one goes at once.
        if let Err(cause) = beside(path) {
            return usage(with_path(words, "file-unwritable", path, &cause), None);
        }
        Ok(Self {
            path: path.to_owned(),
            form,
            about: About {
                typed: typed.to_owned(),
                began_ms: Some(when::now_ms()),
                ..About::default()
            },
            is_settled: AtomicBool::new(false),
        })
    }

    /// Looks whether the form is one for a single person, of whom there is no table to make.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 when it is not.
    pub(crate) fn must_suit_one(&self, words: &Words) -> Result<(), Failure> {
        match self.form {
            Form::Json | Form::For(Format::Html) => Ok(()),
            Form::For(Format::Csv | Format::Xlsx) => {
                let path = [("path", self.path.display().to_string().into())];
                let commands = [("commands", Command::TABULATING.join(", ").into())];
                Err(Failure::usage(
                    OF_ITSELF,
                    words.say_with("report-file-one", &path),
                    Some(words.say_with("report-file-one-hint", &commands)),
                ))
            }
        }
    }

    /// Looks whether the report would replace one of the files that the command works with.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 when it would.
    pub(crate) fn must_not_replace(&self, files: &[&Path], words: &Words) -> Result<(), Failure> {
        if files.iter().all(|file| !is_same(file, &self.path)) {
            return Ok(());
        }
        let path = [("path", self.path.display().to_string().into())];
        let message = words.say_with("report-file-in-use", &path);
        Err(Failure::usage(OF_ITSELF, message, None))
    }

    /// Returns the command that goes on, with a report of its own: this one is kept.
    pub(crate) fn again(&self) -> String {
        self.about.again(&self.path)
    }

    /// Remembers for which organisation the command works.
    ///
    /// # Repeats
    ///
    /// The first one stays.
    pub(crate) fn of_organisation(&self, name: &str) {
        self.about.organisation.get_or_init(|| name.to_owned());
    }

    /// Remembers what was asked for.
    ///
    /// # Repeats
    ///
    /// The first one stays.
    pub(crate) fn of_intent(&self, intent: &Intent) {
        self.about.asked.get_or_init(|| Asked {
            flow: intent.flow.name().to_owned(),
            person: intent.label(),
            is_file: false,
            actor: intent.actor.clone(),
            reason: intent.reason.clone(),
        });
    }

    /// Remembers what was asked for, where it is about many people.
    ///
    /// # Repeats
    ///
    /// The first one stays.
    pub(crate) fn of_many(&self, head: &Head) {
        self.about.asked.get_or_init(|| Asked::of_many(head));
    }

    /// Remembers what was asked for, where a run goes on.
    ///
    /// # Repeats
    ///
    /// The first one stays.
    pub(crate) fn of_run(&self, run: &RunSummary) {
        self.about.asked.get_or_init(|| Asked::of_run(run));
    }

    /// Writes a plan that is only shown.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 3 when it cannot be written.
    pub(crate) fn planned(&self, words: &Words, prepared: &Prepared) -> Result<(), Failure> {
        self.settle(
            words,
            "report-file-lost-plan",
            || text_of(&Run::planned(words, prepared)),
            || page::of_plan(words, &self.about, prepared),
        )
    }

    /// Writes what became of a run.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 3 when it cannot be written. The run stands.
    pub(crate) fn ended(&self, words: &Words, ended: &Ended<'_>) -> Result<(), Failure> {
        self.settle(
            words,
            "report-file-lost",
            || text_of(&Run::ended(words, ended.report, ended.exit)),
            || page::of_run(words, &self.about, ended, &self.again()),
        )
    }

    /// Writes the plans of several people whom one operation names.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 3 when it cannot be written.
    pub(crate) fn planned_together(
        &self,
        words: &Words,
        document: &Run,
        all: &[Prepared],
    ) -> Result<(), Failure> {
        let pages = || {
            let pages = all.iter();
            pages.map(|prepared| page::of_plan(words, &self.about, prepared))
        };
        self.settle(
            words,
            "report-file-lost-plan",
            || text_of(document),
            || together::page(pages().collect()),
        )
    }

    /// Writes what became of several people whom one operation names.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 3 when it cannot be written. The runs stand.
    pub(crate) fn ended_together(
        &self,
        words: &Words,
        document: &Run,
        all: &[Ended<'_>],
    ) -> Result<(), Failure> {
        let again = self.again();
        let pages = || {
            let pages = all.iter();
            pages.map(|ended| page::of_run(words, &self.about, ended, &again))
        };
        self.settle(
            words,
            "report-file-lost",
            || text_of(document),
            || together::page(pages().collect()),
        )
    }

    /// Writes what the journal tells of a run.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 3 when it cannot be written.
    pub(crate) fn told(
        &self,
        words: &Words,
        report: &Report,
        run: &RunSummary,
        exit: Exit,
    ) -> Result<(), Failure> {
        let about = About {
            typed: self.about.typed.clone(),
            began_ms: Some(run.started_ms),
            organisation: self.about.organisation.clone(),
            asked: OnceLock::from(Asked::of_run(run)),
        };
        let ended = Ended {
            report,
            notes: &[],
            began_ms: Some(run.started_ms),
            exit,
        };
        self.settle(
            words,
            "report-file-lost",
            || text_of(&Run::ended(words, report, exit)),
            || page::of_story(words, &about, &ended, run.ended_ms),
        )
    }

    /// Writes why a command did not do what it was asked, unless its report is there already.
    ///
    /// # Repeats
    ///
    /// Nothing is written a second time.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 3 when it cannot be written.
    pub(crate) fn failed(&self, words: &Words, failure: &Failure) -> Result<(), Failure> {
        if self.is_settled.load(Ordering::Relaxed) || failure.kind == OF_ITSELF {
            return Ok(());
        }
        self.is_settled.store(true, Ordering::Relaxed);
        let text = match self.form {
            Form::Json => text_of(&Failed::new(failure)).map_err(|error| bug(words, &error))?,
            Form::For(Format::Html) => page::of_failure(words, &self.about, failure)
                .to_html()
                .map_err(|error| bug(words, &error))?,
            Form::For(format @ (Format::Csv | Format::Xlsx)) => {
                let written = self.table_of_failure(words, format, failure);
                return written.map_err(|cause| self.lost(words, "report-file-lost", &cause));
            }
        };
        let put = rows::put(&self.path, text.as_bytes());
        put.map_err(|cause| self.lost(words, "report-file-lost", &cause))
    }

    fn settle(
        &self,
        words: &Words,
        lost: &str,
        document: impl FnOnce() -> serde_json::Result<String>,
        page: impl FnOnce() -> Page,
    ) -> Result<(), Failure> {
        self.must_suit_one(words)?;
        self.is_settled.store(true, Ordering::Relaxed);
        let text = match self.form {
            Form::Json => document().map_err(|error| bug(words, &error))?,
            Form::For(_) => page().to_html().map_err(|error| bug(words, &error))?,
        };
        let put = rows::put(&self.path, text.as_bytes());
        put.map_err(|cause| self.lost(words, lost, &cause))
    }

    /// Says that the report cannot be written.
    pub(crate) fn lost(&self, words: &Words, key: &str, cause: &io::Error) -> Failure {
        Failure {
            kind: OF_ITSELF,
            message: with_path(words, key, &self.path, cause),
            hint: None,
            exit: Exit::Partial,
        }
    }
}

/// Reports whether two paths lead to one file, which need not be there yet.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let found = path.canonicalize();
        found.or_else(|_| {
            let name = path.file_name().unwrap_or_default();
            folder(path).canonicalize().map(|folder| folder.join(name))
        })
    };
    match (whole(one), whole(other)) {
        (Ok(one), Ok(other)) => one == other,
        (_, _) => false,
    }
}

/// The path with a number before its ending, such as `report-2.html`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(path.file_stem()), part(path.extension()));
    path.with_file_name(format!("{stem}-{number}.{ending}"))
}

fn form(path: &Path) -> Option<Form> {
    let ending = path.extension()?.to_str()?;
    if ending.eq_ignore_ascii_case("json") {
        return Some(Form::Json);
    }
    Format::of(path).map(Form::For)
}

/// The document as it is printed on standard output.
fn text_of<T: Serialize>(document: &T) -> serde_json::Result<String> {
    serde_json::to_string_pretty(document).map(|text| text + "\n")
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Makes a file beside another one, for its owner alone; it goes when it is dropped.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".kadry-report-")
        .tempfile_in(folder(path))
}

#[cfg(test)]
mod tests;
