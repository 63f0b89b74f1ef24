//! Trees of departments: indented text, a table of departments, or the column of a roster.
//!
//! A tree says what platforms should have, so it is read right or refused as a whole, with the lines of all that is wrong.

mod build;

use std::fs;
use std::path::Path;

use kadry_core::{FieldName, fold};

use self::build::{Builder, Entry, SEPARATOR};
pub use self::build::{ListedDepartment, TreeFault, TreeMistake};
use super::csv::{DELIMITERS, Text};
use super::fault::RosterError;
use super::find::texts_of;
use super::grid::{Cell, Grid, Record};
use super::header::Meaning;
use super::leaves::Leaves;
use super::roster::{Preset, Roster, read_roster};
use super::sheet::read_sheets;
use super::sniff::{Kind, sniff};
use super::text::decode;

/// How many blanks are one level of an indented text; a tab is one level too.
const BLANKS: usize = 2;

const NAMES: [&str; 10] = [
    "название",
    "наименование",
    "подразделение",
    "отдел",
    "департамент",
    "путь",
    "department",
    "unit",
    "name",
    "path",
];
const PARENTS: [&str; 8] = [
    "родитель",
    "вышестоящее",
    "вышестоящее подразделение",
    "вышестоящий отдел",
    "родительское подразделение",
    "входит в",
    "parent",
    "parent department",
];
const IDS: [&str; 8] = [
    "внешний id",
    "внешний код",
    "id",
    "код",
    "идентификатор",
    "external_id",
    "external id",
    "code",
];

/// What stands beside departments where kadry itself lists them.
const BESIDE: [&str; 3] = ["provider", "people", "remote_id"];

/// Why a tree of departments cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TreeError {
    /// The file cannot be read as a text or a table.
    #[error(transparent)]
    File(#[from] RosterError),
    /// The file is a roster, and no column holds departments.
    #[error("no column of the roster holds departments")]
    NoDepartments,
    /// Lines of it are wrong.
    #[error("{} lines are wrong", .0.len())]
    Lines(Vec<TreeFault>),
}

/// Reads a tree of departments; what is above comes before what is below. What the file is, is told by its content.
///
/// # Errors
///
/// [`TreeError`] if anything of the file cannot be trusted.
pub fn open_tree(path: &Path, sheet: Option<&str>) -> Result<Vec<ListedDepartment>, TreeError> {
    let bytes = fs::read(path).map_err(RosterError::Unreadable)?;
    read_tree(&bytes, sheet)
}

/// Reads the bytes of a tree of departments, see [`open_tree`].
///
/// # Errors
///
/// [`TreeError`] if anything of the file cannot be trusted.
pub fn read_tree(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<ListedDepartment>, TreeError> {
    let kind = sniff(bytes)?;
    if kind != Kind::Text {
        for (_, rows) in read_sheets(bytes, kind, sheet)? {
            if let Some(tree) = of_table(&Grid::Sheet(rows))? {
                return Ok(tree);
            }
        }
        return of_roster(&read_roster(bytes, Preset::Common, sheet)?);
    }
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(RosterError::Blank.into());
    }
    let mut split = Text::new(text.clone(), b';');
    for delimiter in DELIMITERS {
        let grid = Grid::Text(split.with(delimiter));
        if let Some(tree) = of_table(&grid)? {
            return Ok(tree);
        }
        let Grid::Text(back) = grid else {
            return Err(RosterError::NoHeader.into());
        };
        split = back;
    }
    if is_table(&text) {
        return of_roster(&read_roster(bytes, Preset::Common, sheet)?);
    }
    of_indented(&text)
}

/// Reports whether every line has the same delimiter.
fn is_table(text: &str) -> bool {
    DELIMITERS.into_iter().any(|delimiter| {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.all(|line| line.contains(char::from(delimiter)))
    })
}

/// The columns of a table of departments.
struct Columns {
    name: usize,
    parent: Option<usize>,
    id: Option<usize>,
}

/// Returns the columns, if this is the header of a table of departments.
fn columns(record: &Record<'_>) -> Option<Columns> {
    let texts: Vec<String> = texts_of(record).iter().map(|text| fold(text)).collect();
    let find = |known: &[&str]| {
        let mut texts = texts.iter();
        texts.position(|text| known.iter().any(|known| fold(known) == *text))
    };
    let columns = Columns {
        name: find(&NAMES)?,
        parent: find(&PARENTS),
        id: find(&IDS),
    };
    let named = texts.iter().filter(|text| !text.is_empty()).count();
    let beside = texts.iter().filter(|text| BESIDE.contains(&text.as_str()));
    let known = 1
        + beside.count()
        + usize::from(columns.parent.is_some())
        + usize::from(columns.id.is_some());
    // A roster has names and addresses beside a department.
    (columns.parent.is_some() || named == known).then_some(columns)
}

fn of_table(grid: &Grid) -> Result<Option<Vec<ListedDepartment>>, TreeError> {
    let mut records = grid.records(grid.start());
    let header = loop {
        match records.next() {
            // What is wrong with it as a table does not matter before it is known to be one.
            None | Some(Err(_)) => return Ok(None),
            Some(Ok(record)) if record.cells.iter().all(Cell::is_blank) => {}
            Some(Ok(record)) => break record,
        }
    };
    let Some(columns) = columns(&header) else {
        return Ok(None);
    };
    let mut entries = Vec::new();
    for record in records {
        let record = record?;
        if record.cells.iter().all(Cell::is_blank) {
            continue;
        }
        let text = |column: usize| record.cells.get(column).map(value).unwrap_or_default();
        entries.push(Entry {
            line: record.line,
            name: text(columns.name),
            parent: columns.parent.map(text).unwrap_or_default(),
            id: columns.id.map(text).unwrap_or_default(),
        });
    }
    let mut builder = Builder::default();
    builder.add_entries(&entries);
    builder.finish().map(Some)
}

/// Returns the text of a cell; a whole number is one that was typed as an id.
fn value(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Number(number, _) if number.fract() == 0.0 => format!("{number:.0}"),
        Cell::Text(_)
        | Cell::Number(..)
        | Cell::Empty
        | Cell::Date(_)
        | Cell::NoDate
        | Cell::Bool(_)
        | Cell::Error(_)
        | Cell::Formula
        | Cell::Merged => cell.text().unwrap_or_default().into_owned(),
    }
}

/// Reads the column of departments. Whoever has left says nothing of what departments there are.
fn of_roster(roster: &Roster) -> Result<Vec<ListedDepartment>, TreeError> {
    let is_department =
        |meaning: &Meaning| matches!(meaning, Meaning::Field(FieldName::Department));
    let mut columns = roster.columns().iter();
    let Some(column) = columns.find(|column| is_department(&column.meaning)) else {
        return Err(TreeError::NoDepartments);
    };
    let mut builder = Builder::default();
    for row in roster.rows() {
        if matches!(row.leaves, Some(Leaves::Left { .. } | Leaves::Inactive)) {
            continue;
        }
        let mut faults = row.faults.iter();
        if faults.any(|fault| fault.column.as_ref() == Some(&column.at)) {
            builder.refuse(row.line, TreeMistake::Cell);
        } else if let Some(name) = row.fields.get(&FieldName::Department) {
            builder.mention(row.line, name);
        }
    }
    builder.finish()
}

fn of_indented(text: &str) -> Result<Vec<ListedDepartment>, TreeError> {
    let mut builder = Builder::default();
    // The paths of the lines above, each below the one before it.
    let mut above: Vec<Vec<String>> = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let written = line.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let width: usize = indent
            .chars()
            .map(|char| if char == '\t' { BLANKS } else { 1 })
            .sum();
        let level = width / BLANKS;
        if !width.is_multiple_of(BLANKS) {
            builder.refuse(number, TreeMistake::Indent);
            continue;
        }
        if level > above.len() {
            builder.refuse(number, TreeMistake::Jump);
            continue;
        }
        above.truncate(level);
        let (name, id) = with_id(written);
        let mut path = above.last().cloned().unwrap_or_default();
        path.extend(name.split(SEPARATOR).map(build::tidy));
        builder.add(number, &path, id);
        above.push(path);
    }
    builder.finish()
}

/// Takes the id in square brackets off the end of a line.
fn with_id(line: &str) -> (&str, Option<&str>) {
    let parts = line
        .strip_suffix(']')
        .and_then(|line| line.rsplit_once('['));
    match parts {
        Some((name, id)) if !name.trim().is_empty() && !id.trim().is_empty() => {
            (name.trim(), Some(id.trim()))
        }
        Some(_) | None => (line, None),
    }
}

#[cfg(test)]
mod tests;
