//! Rows as they come, page by page: nothing is kept but the page.

use serde_json::Value;

use super::columns::{Widths, cells};
use crate::arguments::Output;
use crate::error::{Failure, bug};
use crate::ui::Screen;

/// Prints the pages of a list.
#[derive(Debug)]
pub(super) struct Printer<'a> {
    screen: &'a Screen,
    columns: &'static [&'static str],
    widths: Option<Widths>,
    /// How many rows were printed.
    rows: u64,
}

impl<'a> Printer<'a> {
    pub(super) const fn new(screen: &'a Screen, columns: &'static [&'static str]) -> Self {
        Self {
            screen,
            columns,
            widths: None,
            rows: 0,
        }
    }

    /// Returns how many rows were printed.
    pub(super) const fn rows(&self) -> u64 {
        self.rows
    }

    /// Prints a page, and reports whether anybody still reads.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be written.
    pub(super) fn page(&mut self, rows: &[Value]) -> Result<bool, Failure> {
        let text = match self.screen.output {
            Output::Text => self.table(rows),
            Output::Csv => self.csv(rows)?,
            Output::Json => self.elements(rows)?,
            Output::Ndjson => {
                let lines = rows.iter().map(|row| format!("{row}\n"));
                lines.collect()
            }
        };
        self.rows += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        self.screen.feed(&text)
    }

    /// Ends the list.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be written.
    pub(super) fn end(&self) -> Result<(), Failure> {
        if self.screen.output == Output::Json {
            let end = if self.rows == 0 { "[]\n" } else { "\n]\n" };
            self.screen.feed(end)?;
        }
        Ok(())
    }

    fn table(&mut self, rows: &[Value]) -> String {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| cells(row, self.columns)).collect();
        if rows.is_empty() {
            return String::new();
        }
        let room = self.screen.room();
        let mut text = String::new();
        let widths = self.widths.get_or_insert_with(|| {
            let widths = Widths::of(self.columns, &rows, room);
            text.push_str(&widths.header(self.columns));
            widths
        });
        rows.iter().for_each(|row| text.push_str(&widths.line(row)));
        text
    }

    fn csv(&self, rows: &[Value]) -> Result<String, Failure> {
        let cells = rows.iter().map(|row| cells(row, self.columns));
        let text = kadry_tables::write::csv(self.columns, cells);
        let text = text.map_err(|fault| bug(&self.screen.words, &fault))?;
        // Only the first page has a header.
        let below = text.split_once('\n').filter(|_| self.rows > 0);
        Ok(below.map_or(text.clone(), |(_, below)| below.to_owned()))
    }

    fn elements(&self, rows: &[Value]) -> Result<String, Failure> {
        let mut text = String::new();
        for (nth, row) in rows.iter().enumerate() {
            let row = serde_json::to_string_pretty(row);
            let row = row.map_err(|fault| bug(&self.screen.words, &fault))?;
            let is_first = self.rows == 0 && nth == 0;
            text.push_str(if is_first { "[\n" } else { ",\n" });
            let lines: Vec<String> = row.lines().map(|line| format!("  {line}")).collect();
            text.push_str(&lines.join("\n"));
        }
        Ok(text)
    }
}
