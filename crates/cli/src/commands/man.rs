//! The manual pages, made from the same words as the help.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, roman};
use kadry_core::nearest;
use serde::Serialize;

use super::Session;
use crate::error::{Exit, Failure, bug, hint_to_write, with_path};
use crate::help::{self, HELP};
use crate::setup;
use crate::words::Words;

/// Print the manual page of kadry or of one command, for man to show
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry man | man -l -
  kadry man runs show | man -l -
  kadry man --all ~/.local/share/man/man1
  kadry man --lang ru --all ~/.local/share/man/ru/man1")]
pub(crate) struct Man {
    /// The command, word by word; the whole program if none is named
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    all: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Printed {
    command: String,
    page: String,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Written {
    pages: Vec<String>,
    exit: u8,
}

/// What the library writes before every part, and what has to stand only once.
const PREAMBLE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// The section of the manual in which commands are.
const SECTION: &str = "1";

impl Man {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A command that is not there, and a folder that cannot be written.
    pub(crate) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let program = help::command(words);
        match &self.all {
            Some(folder) => write_all(session, &program, folder),
            None => print(session, find(&program, &self.command, words)?),
        }
    }
}

fn print(session: &Session, command: &Command) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let page = page(command, words).map_err(|error| bug(words, &error))?;
    if screen.is_json() {
        screen.document(&Printed {
            command: typed(command),
            page,
            exit: Exit::Done.code(),
        })?;
    } else {
        let mut sheet = screen.data_sheet();
        sheet.verbatim(page.trim_end());
        screen.data(&sheet)?;
    }
    Ok(Exit::Done)
}

/// Writes every page.
///
/// # Repeats
///
/// The pages are replaced.
fn write_all(session: &Session, program: &Command, folder: &Path) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let unwritable = |path: &Path, cause: &io::Error| {
        let message = with_path(words, "file-unwritable", path, cause);
        Failure::usage("man", message, Some(hint_to_write(words, cause)))
    };
    fs::create_dir_all(folder).map_err(|cause| unwritable(folder, &cause))?;
    let mut pages = Vec::new();
    for command in all(program) {
        let page = page(command, words).map_err(|error| bug(words, &error))?;
        let path = folder.join(format!("{}.{SECTION}", named(command)));
        setup::replace(&path, &page).map_err(|cause| unwritable(&path, &cause))?;
        pages.push(path.display().to_string());
    }
    if screen.is_json() {
        screen.document(&Written {
            pages,
            exit: Exit::Done.code(),
        })?;
    } else {
        let mut sheet = screen.data_sheet();
        let written = [
            ("pages", pages.len().into()),
            ("folder", folder.display().to_string().into()),
        ];
        sheet.text(0, &words.say_with("man-written", &written));
        screen.data(&sheet)?;
    }
    Ok(Exit::Done)
}

/// The command that these words name.
fn find<'a>(program: &'a Command, path: &[String], words: &Words) -> Result<&'a Command, Failure> {
    let mut at = program;
    for name in path {
        let Some(below) = at.find_subcommand(name) else {
            let known = below(at).map(Command::get_name);
            let hint = nearest(name, known)
                .map(|near| words.say_with("hint-nearest", &[("nearest", near.into())]));
            let message = words.say_with(
                "usage-unknown-command",
                &[("command", name.as_str().into())],
            );
            let hint = hint.unwrap_or_else(|| words.say("usage-hint"));
            return Err(Failure::usage("usage", message, Some(hint)));
        };
        at = below;
    }
    Ok(at)
}

fn below(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|below| below.get_name() != HELP && !below.is_hide_set())
}

/// The command and all below it.
fn all(command: &Command) -> Vec<&Command> {
    let mut found = vec![command];
    found.extend(below(command).flat_map(all));
    found
}

/// How the command is typed.
fn typed(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    name.to_owned()
}

/// What the page of the command is called.
fn named(command: &Command) -> String {
    let name = command.get_display_name().unwrap_or(command.get_name());
    name.to_owned()
}

/// The page of one command.
fn page(command: &Command, words: &Words) -> io::Result<String> {
    let usage = command.clone().render_usage().to_string();
    let usage = usage
        .split_once(": ")
        .map_or(usage.as_str(), |(_, usage)| usage);
    let man = Page::new(command.clone().override_usage(usage.to_owned()));
    let mut text = title(command, words);
    let mut section = |heading, render: &dyn Fn(&mut Vec<u8>) -> io::Result<()>| {
        let mut rendered = Vec::new();
        render(&mut rendered)?;
        let rendered = String::from_utf8(rendered).map_err(io::Error::other)?;
        text.push_str(&under(&words.say(heading), &rendered));
        io::Result::Ok(())
    };
    section("man-name", &|out| man.render_name_section(out))?;
    section("man-synopsis", &|out| man.render_synopsis_section(out))?;
    section("man-description", &|out| {
        man.render_description_section(out)
    })?;
    let mut rest = Vec::new();
    man.render_options_section(&mut rest)?;
    if below(command).next().is_some() {
        commands(command, words).to_writer(&mut rest)?;
    }
    if let Some(after) = command.get_after_help() {
        ending(&after.to_string()).to_writer(&mut rest)?;
    }
    let rest = String::from_utf8(rest).map_err(io::Error::other)?;
    Ok(format!(
        "{PREAMBLE}{}",
        (text + &rest).replace(PREAMBLE, "")
    ))
}

/// The line that names the page. An empty date has to stand there, which the library leaves out.
fn title(command: &Command, words: &Words) -> String {
    let manual = words.say("man-manual");
    let version = env!("CARGO_PKG_VERSION");
    format!(
        ".TH \"{}\" \"{SECTION}\" \"\" \"kadry {version}\" \"{manual}\"\n",
        named(command)
    )
}

/// A rendered section under another heading: the library writes them in English.
fn under(heading: &str, rendered: &str) -> String {
    let mut roff = Roff::new();
    roff.control("SH", [heading]);
    let body = rendered.split_once(".SH ");
    let body = body.and_then(|(_, rest)| rest.split_once('\n'));
    format!("{}{}", roff.to_roff(), body.map_or("", |(_, body)| body))
}

/// The commands below this one, each with the name of its page.
fn commands(command: &Command, words: &Words) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [words.say("man-commands").as_str()]);
    for below in below(command) {
        roff.control("TP", []);
        roff.text([roman(format!("{}({SECTION})", named(below)))]);
        if let Some(about) = below.get_about() {
            roff.text([roman(about.to_string())]);
        }
    }
    roff
}

/// What the help says last: blocks with a heading, whose lines stay lines.
fn ending(after: &str) -> Roff {
    let mut roff = Roff::new();
    for block in after.split("\n\n") {
        let (heading, lines) = block.split_once('\n').unwrap_or((block, ""));
        let heading = heading.trim().trim_end_matches(':').to_uppercase();
        roff.control("SH", [heading.as_str()]);
        roff.control("nf", []);
        for line in lines.lines() {
            let line = line.strip_prefix("  ").unwrap_or(line);
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    roff
}
