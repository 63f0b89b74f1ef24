//! Rows of a platform as cells: the values at the columns of a table.

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use crate::ui::shape::cell;
use crate::ui::table::{clean, shortened};

/// Between two columns.
const APART: &str = "  ";

/// No column needs to be narrower than this.
const NARROWEST: usize = 8;

/// Returns the text at a path whose parts are separated by dots. Where a list stands in its way, all of it is meant.
pub(super) fn at(row: &Value, path: &str) -> String {
    let mut found = vec![row];
    for part in path.split('.') {
        let below = found.into_iter().flat_map(|value| match value {
            Value::Array(items) => items.iter().filter_map(|item| item.get(part)).collect(),
            Value::Object(members) => members.get(part).into_iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
        });
        found = below.collect();
    }
    let texts = found.into_iter().map(cell).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(", ")
}

/// Returns the cells of a row.
pub(super) fn cells(row: &Value, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|path| at(row, path)).collect()
}

/// How wide the columns of a list are: as its first page needs it, so that every page can be printed before the next one has come.
#[derive(Debug)]
pub(super) struct Widths {
    columns: Vec<usize>,
    /// Whether what is wider is cut.
    cut: bool,
}

impl Widths {
    /// Measures a page; `room` is the width of the terminal.
    pub(super) fn of(header: &[&str], rows: &[Vec<String>], room: Option<usize>) -> Self {
        let widest = |(index, name): (usize, &&str)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            let widths = cells.map(|cell| one_line(cell).width());
            widths.chain([name.width()]).max().unwrap_or_default()
        };
        let mut columns: Vec<usize> = header.iter().enumerate().map(widest).collect();
        if let Some(room) = room {
            let apart = APART.width() * columns.len().saturating_sub(1);
            shrink(&mut columns, room.saturating_sub(apart));
        }
        Self {
            columns,
            cut: room.is_some(),
        }
    }

    /// Returns a row as a line.
    pub(super) fn line<T: AsRef<str>>(&self, cells: &[T]) -> String {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(&self.columns) {
            let whole = one_line(cell.as_ref());
            let text = if self.cut {
                shortened(&whole, *width)
            } else {
                whole
            };
            let blanks = width.saturating_sub(text.width());
            line.push_str(&text);
            line.extend(std::iter::repeat_n(' ', blanks));
            line.push_str(APART);
        }
        let mut line = line.trim_end().to_owned();
        line.push('\n');
        line
    }

    /// Returns the header, and the line below it.
    pub(super) fn header(&self, names: &[&str]) -> String {
        let apart = APART.width() * self.columns.len().saturating_sub(1);
        let wide = self.columns.iter().sum::<usize>() + apart;
        format!("{}{}\n", self.line(names), "─".repeat(wide))
    }
}

/// Takes from the widest columns until all fit, if they can.
fn shrink(columns: &mut [usize], room: usize) {
    while columns.iter().sum::<usize>() > room {
        let Some(widest) = columns.iter_mut().max() else {
            return;
        };
        if *widest <= NARROWEST {
            return;
        }
        *widest -= 1;
    }
}

/// A cell is one line, whatever stands in it.
fn one_line(cell: &str) -> String {
    clean(&cell.replace(['\n', '\r', '\t'], " "))
}
