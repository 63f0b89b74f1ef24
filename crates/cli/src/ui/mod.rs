//! What the operator sees: data on standard output, everything else on the error stream.

pub(crate) mod branches;
pub(crate) mod canvas;
pub(crate) mod events;
pub(crate) mod failure;
pub(crate) mod json;
pub(crate) mod many;
pub(crate) mod open;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod prompt;
pub(crate) mod report;
pub(crate) mod report_file;
pub(crate) mod review;
pub(crate) mod shape;
pub(crate) mod steps;
pub(crate) mod table;
pub(crate) mod time;

use std::io::{self, ErrorKind, IsTerminal as _, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::MultiProgress;
use serde::Serialize;

use crate::arguments::{Flags, Output};
use crate::error::{Exit, Failure, bug, of_io};
use crate::words::Words;
use table::{Face, Sheet};

/// The two streams of the operator, and the language that is spoken on them.
#[derive(Debug)]
pub(crate) struct Screen {
    /// The sentences.
    pub(crate) words: Words,
    /// How data is printed.
    pub(crate) output: Output,
    /// How much is said on the error stream: nothing but errors and questions, the usual, or more.
    loudness: Loudness,
    data: Face,
    rest: Face,
    /// What is being drawn on the error stream: whatever else is said there stands above it.
    drawn: Mutex<Option<MultiProgress>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loudness {
    Quiet,
    Usual,
    Loud,
}

impl Screen {
    /// Returns the streams of this process, as the flags want them.
    pub(crate) fn new(words: Words, flags: &Flags) -> Self {
        let colourless =
            flags.no_color || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
        let loudness = match (flags.quiet, flags.verbose) {
            (true, _) => Loudness::Quiet,
            (false, 0) => Loudness::Usual,
            (false, _) => Loudness::Loud,
        };
        Self {
            words,
            output: flags.output,
            loudness,
            data: Face::of(io::stdout().is_terminal(), !colourless),
            rest: Face::of(io::stderr().is_terminal(), !colourless),
            drawn: Mutex::default(),
        }
    }

    /// Reports whether data is printed as JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.output == Output::Json
    }

    /// Reports whether a list is printed as CSV.
    pub(crate) fn is_csv(&self) -> bool {
        self.output == Output::Csv
    }

    /// Reports whether the rows of a list are printed line by line.
    pub(crate) fn is_ndjson(&self) -> bool {
        self.output == Output::Ndjson
    }

    /// Returns how many columns a line of data has; none where lines may be as long as they like.
    pub(crate) fn room(&self) -> Option<usize> {
        self.data.width.map(usize::from)
    }

    /// Prints a part of a long answer, and reports whether anybody still reads.
    ///
    /// # Errors
    ///
    /// As [`Screen::data`].
    pub(crate) fn feed(&self, text: &str) -> Result<bool, Failure> {
        let mut out = io::stdout().lock();
        let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        let is_read = !matches!(&printed, Err(fault) if fault.kind() == ErrorKind::BrokenPipe);
        self.printed(printed).map(|()| is_read)
    }

    /// Reports whether more than the usual is said.
    pub(crate) fn is_loud(&self) -> bool {
        self.loudness == Loudness::Loud
    }

    /// Reports whether lines on the error stream can be drawn over.
    pub(crate) fn can_draw(&self) -> bool {
        self.rest.width.is_some() && self.loudness == Loudness::Usual && !self.is_json()
    }

    /// Returns an empty sheet for standard output.
    pub(crate) fn data_sheet(&self) -> Sheet {
        Sheet::new(self.data)
    }

    /// Returns an empty sheet for the error stream.
    pub(crate) fn rest_sheet(&self) -> Sheet {
        Sheet::new(self.rest)
    }

    /// Prints a sheet on standard output.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be written. A reader who went away is no failure.
    pub(crate) fn data(&self, sheet: &Sheet) -> Result<(), Failure> {
        self.put(sheet.as_str())
    }

    /// Prints the one document of a command that speaks JSON.
    ///
    /// # Errors
    ///
    /// As [`Screen::data`].
    pub(crate) fn document<T: Serialize>(&self, document: &T) -> Result<(), Failure> {
        let mut text = serde_json::to_string_pretty(document).map_err(|fault| Failure {
            kind: "bug",
            message: self
                .words
                .say_with("no-document", &[("fault", fault.to_string().into())]),
            hint: None,
            exit: Exit::Bug,
        })?;
        text.push('\n');
        self.put(&text)
    }

    /// Prints what is read from somewhere.
    ///
    /// # Errors
    ///
    /// As [`Screen::data`].
    pub(crate) fn stream(&self, from: &mut dyn Read) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let copied = io::copy(from, &mut out).and_then(|_| out.flush());
        self.printed(copied)
    }

    /// Prints a list as CSV, under a header of names that no language changes.
    ///
    /// # Errors
    ///
    /// As [`Screen::data`].
    pub(crate) fn csv<H: AsRef<str>>(
        &self,
        header: &[H],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Result<(), Failure> {
        let text =
            kadry_tables::write::csv(header, rows).map_err(|fault| bug(&self.words, &fault))?;
        self.put(&text)
    }

    /// Prints a sheet on the error stream, unless the operator wants quiet.
    pub(crate) fn tell(&self, sheet: &Sheet) {
        if self.loudness > Loudness::Quiet {
            self.complain(sheet);
        }
    }

    /// Prints one sentence on the error stream, unless the operator wants quiet.
    pub(crate) fn say(&self, sentence: &str) {
        let mut sheet = self.rest_sheet();
        sheet.text(0, sentence);
        self.tell(&sheet);
    }

    /// Prints a sheet on the error stream, even if the operator wants quiet.
    pub(crate) fn complain(&self, sheet: &Sheet) {
        let write = || {
            let mut rest = io::stderr().lock();
            // Nobody is left to be told when the error stream is gone.
            rest.write_all(sheet.as_str().as_bytes()).ok();
        };
        match &*self.drawn() {
            Some(drawn) => drawn.suspend(write),
            None => write(),
        }
    }

    /// Reports whether more than errors is said.
    pub(crate) fn is_heard(&self) -> bool {
        self.loudness > Loudness::Quiet
    }

    /// Returns what says a sentence on the error stream from anywhere.
    pub(crate) fn speaker() -> impl Fn(&str) + Send + 'static {
        |sentence| {
            let text = format!("{}\n", table::clean(sentence));
            // Nobody is left to be told when the error stream is gone.
            io::stderr().lock().write_all(text.as_bytes()).ok();
        }
    }

    /// Notes what is drawn on the error stream from now on, if anything is.
    pub(crate) fn draws(&self, drawn: Option<MultiProgress>) {
        *self.drawn() = drawn;
    }

    fn drawn(&self) -> MutexGuard<'_, Option<MultiProgress>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        self.printed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    fn printed(&self, printed: io::Result<()>) -> Result<(), Failure> {
        match printed {
            Err(fault) if fault.kind() != ErrorKind::BrokenPipe => Err(Failure {
                hint: Some(self.words.say("no-output-hint")),
                ..unprintable(&self.words, &fault)
            }),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Says that nothing can be printed.
pub(crate) fn unprintable(words: &Words, fault: &io::Error) -> Failure {
    Failure {
        kind: "output",
        message: words.say_with("no-output", &[("fault", of_io(words, fault).into())]),
        hint: None,
        exit: Exit::Failed,
    }
}
