//! The report that `--report` writes: what programs read, or a page for people.
//!
//! Its place is looked at before anything is done. The file is there as a whole or not at all, and whatever hinders it takes nothing
//! back of what was done.

mod page;
mod when;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use kadry_flow::Prepared;
use kadry_flow::intent::Intent;
use kadry_flow::report::Report;
use kadry_journal::RunSummary;
use kadry_tables::write::html::Page;
use serde::Serialize;
use tempfile::NamedTempFile;

use super::Screen;
use super::json::{Failed, Run};
use super::plan::Note;
use super::table::Tint;
use crate::error::{Exit, Failure, bug, with_path};
use crate::words::Words;

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
    Html,
}

/// What a page says of the command, however it ended.
#[derive(Debug, Default)]
struct About {
    /// The command as it was typed.
    typed: String,
    /// When it was typed, in milliseconds since the Unix epoch.
    began_ms: i64,
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
    actor: String,
    reason: Option<String>,
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
        let usage = |message, hint| Err(Failure::usage("report_file", message, hint));
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
                began_ms: when::now_ms(),
                ..About::default()
            },
            is_settled: AtomicBool::new(false),
        })
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
            person: intent.who.to_string(),
            actor: intent.actor.clone(),
            reason: intent.reason.clone(),
        });
    }

    /// Remembers what was asked for, where a run goes on.
    ///
    /// # Repeats
    ///
    /// The first one stays.
    pub(crate) fn of_run(&self, run: &RunSummary) {
        self.about.asked.get_or_init(|| Asked {
            flow: run.flow.clone(),
            person: run.label.clone(),
            actor: run.actor.clone(),
            reason: run.reason.clone(),
        });
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
            began_ms: run.started_ms,
            organisation: self.about.organisation.clone(),
            asked: OnceLock::from(Asked {
                flow: run.flow.clone(),
                person: run.label.clone(),
                actor: run.actor.clone(),
                reason: run.reason.clone(),
            }),
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
        if self.is_settled.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.settle(
            words,
            "report-file-lost",
            || text_of(&Failed::new(failure)),
            || page::of_failure(words, &self.about, failure),
        )
    }

    fn settle(
        &self,
        words: &Words,
        lost: &str,
        document: impl FnOnce() -> serde_json::Result<String>,
        page: impl FnOnce() -> Page,
    ) -> Result<(), Failure> {
        self.is_settled.store(true, Ordering::Relaxed);
        let text = match self.form {
            Form::Json => document().map_err(|error| bug(words, &error))?,
            Form::Html => page().to_html().map_err(|error| bug(words, &error))?,
        };
        replace(&self.path, &text).map_err(|cause| Failure {
            kind: "report_file",
            message: with_path(words, lost, &self.path, &cause),
            hint: None,
            exit: Exit::Partial,
        })
    }
}

/// The path with a number before its ending, such as `report-2.html`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (part(path.file_stem()), part(path.extension()));
    path.with_file_name(format!("{stem}-{number}.{ending}"))
}

fn form(path: &Path) -> Option<Form> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "json" => Some(Form::Json),
        "html" => Some(Form::Html),
        _ => None,
    }
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

/// Replaces the file as a whole: a reader finds the old report or the new one, also after the power has gone.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder(path))?.sync_all()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::words::Lang;

    fn failure() -> Failure {
        Failure {
            kind: "refused",
            message: "refused".to_owned(),
            hint: None,
            exit: Exit::Refused,
        }
    }

    #[test]
    fn the_command_that_goes_on_does_not_replace_the_report_that_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let words = Words::new(Lang::En);
        let path = folder.path().join("r.html");
        let typed = format!("kadry offboard a@example.test --report {}", path.display());
        let file = ReportFile::check(&path, &typed, &words).unwrap();
        assert_eq!(file.again(), typed.replace("r.html", "r-2.html"));
        fs::write(folder.path().join("r-2.html"), "").unwrap();
        assert_eq!(file.again(), typed.replace("r.html", "r-3.html"));
    }

    #[test]
    fn only_two_endings_name_a_form_in_any_case() {
        for (name, is_one) in [
            ("a.json", true),
            ("a.HTML", true),
            ("folder.json/a.html", true),
            ("a.pdf", false),
            ("html", false),
            (".html", false),
            ("a.html.gz", false),
            ("", false),
        ] {
            assert_eq!(form(Path::new(name)).is_some(), is_one, "{name}");
        }
    }

    #[test]
    fn looking_at_the_place_leaves_nothing_there() {
        let folder = tempfile::tempdir().unwrap();
        let words = Words::new(Lang::En);
        ReportFile::check(&folder.path().join("a.json"), "kadry", &words).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        for (name, part) in [
            ("a.txt", ".html"),
            ("no/a.json", "There is no folder"),
            ("../", "nothing"),
        ] {
            let refused = ReportFile::check(&folder.path().join(name), "kadry", &words);
            let refused = refused.unwrap_err();
            assert_eq!((refused.kind, refused.exit), ("report_file", Exit::Usage));
            let said = format!("{} {}", refused.message, refused.hint.unwrap_or_default());
            assert!(said.contains(part), "{said}");
        }
        fs::create_dir(folder.path().join("b.html")).unwrap();
        let refused = ReportFile::check(&folder.path().join("b.html"), "kadry", &words);
        assert!(refused.unwrap_err().message.contains("is a folder"));
    }

    #[test]
    fn a_report_replaces_another_one_as_a_whole_and_is_for_our_eyes_only() {
        let folder = tempfile::tempdir().unwrap();
        let (path, words) = (folder.path().join("a.json"), Words::new(Lang::En));
        fs::write(&path, "of yesterday").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let file = ReportFile::check(&path, "kadry", &words).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "of yesterday");
        file.failed(&words, &failure()).unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.ends_with("\"exit\": 5\n}\n"), "{written}");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::write(&path, "settled").unwrap();
        file.failed(&words, &failure()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "settled");
    }

    #[test]
    fn a_folder_that_went_away_is_told_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let words = Words::new(Lang::Ru);
        let path = folder.path().join("sub/a.html");
        fs::create_dir(folder.path().join("sub")).unwrap();
        let file = ReportFile::check(&path, "kadry", &words).unwrap();
        fs::remove_dir(folder.path().join("sub")).unwrap();
        let lost = file.failed(&words, &failure()).unwrap_err();
        assert_eq!(lost.exit, Exit::Partial);
        assert!(lost.message.contains("остаётся в силе"), "{lost:?}");
    }
}
