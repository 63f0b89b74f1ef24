//! The report of a command about many people: a table, or a document that was made elsewhere.

use std::fs::File;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use kadry_flow::many::Head;
use kadry_journal::BatchSummary;
use kadry_tables::write::html::Page;
use kadry_tables::write::list::{Column, Format, List, ListWriter, Separator};

use super::rows::{self, Rows};
use super::{About, Asked, Form, ReportFile, folder, page, when};
use crate::error::{Exit, Failure};
use crate::words::{Lang, Words};

/// What a report on many people is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// A plan that somebody has just asked for.
    Asked(&'a Head),
    /// A plan that was saved some time ago.
    Saved(&'a Head),
    /// A batch in the journal, and what was asked for.
    Batch(&'a BatchSummary, &'a Head),
}

impl ReportFile {
    /// Returns the form of the table that the report is; none where programs read it as a document.
    pub(crate) const fn format(&self) -> Option<Format> {
        match self.form {
            Form::Json => None,
            Form::For(format) => Some(format),
        }
    }

    /// Returns what is to be known of a command about many people, however it ended, without what came out.
    pub(crate) fn head(&self, words: &Words, subject: Subject<'_>, exit: Exit) -> Page {
        let (head, began_ms, ended_ms) = match subject {
            Subject::Asked(head) => (head, self.about.began_ms, Some(when::now_ms())),
            Subject::Saved(head) => (head, None, None),
            Subject::Batch(batch, head) => (head, Some(batch.started_ms), batch.ended_ms),
        };
        let about = About {
            typed: self.about.typed.clone(),
            began_ms,
            organisation: self.about.organisation.clone(),
            asked: OnceLock::from(Asked::of_many(head)),
        };
        let is_plan = !matches!(subject, Subject::Batch(..));
        page::of_many(words, &about, exit, ended_ms, is_plan)
    }

    /// Begins the table of a command about many people; each column is about as wide as it says, in letters.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// Nothing can be written there.
    pub(crate) fn begin(
        &self,
        words: &Words,
        format: Format,
        page: Page,
        columns: &[(String, u16)],
    ) -> io::Result<Rows> {
        self.is_settled.store(true, Ordering::Relaxed);
        Rows::begin(&self.path, format, listed(words, page, columns))
    }

    /// Writes the document of a command about many people.
    ///
    /// # Repeats
    ///
    /// The file is replaced.
    ///
    /// # Errors
    ///
    /// Nothing can be written there.
    pub(crate) async fn copy(&self, document: File) -> io::Result<()> {
        self.is_settled.store(true, Ordering::Relaxed);
        rows::copy(&self.path, document).await
    }

    /// Writes why nothing came of a command as a table of one line.
    ///
    /// # Errors
    ///
    /// Nothing can be written there.
    pub(super) fn table_of_failure(
        &self,
        words: &Words,
        format: Format,
        failure: &Failure,
    ) -> io::Result<()> {
        let page = page::of_failure(words, &self.about, failure);
        let columns = ["page-column-fault", "page-hint"].map(|key| (words.say(key), 80));
        let list = listed(words, page, &columns);
        let mut writer = ListWriter::begin(format, list, folder(&self.path), Vec::new())?;
        let hint = failure.hint.as_deref().unwrap_or_default();
        writer.row(&[failure.message.as_str().into(), hint.into()])?;
        rows::put(&self.path, &writer.finish()?)
    }
}

/// Returns what a table says beside its rows.
fn listed(words: &Words, page: Page, columns: &[(String, u16)]) -> List {
    let columns = columns.iter();
    List {
        lang: page.lang,
        title: page.title,
        result: page.result,
        facts: page.facts,
        columns: columns
            .map(|(name, letters)| Column::wide(name, *letters))
            .collect(),
        footer: page.footer,
        // As the spreadsheets of a Russian and of an English machine expect it.
        separator: match words.lang() {
            Lang::Ru => Separator::Semicolon,
            Lang::En => Separator::Comma,
        },
        sheet: words.say("list-sheet"),
        about: words.say("list-about"),
        made_ms: Some(when::now_ms()),
    }
}
