//! Files of many people, as other systems export them: text with delimiters, or a sheet of a workbook.
//!
//! A roster opens doors and closes them, so it is read right or refused, with the line and the column. Nothing is guessed: names in
//! another order, an id that may have lost its zeros, an address with a letter of another alphabet are faults of their row, and a file
//! that was cut off, encoded twice or glued from two is refused as a whole.
//!
//! One thing cannot be told: a text that was cut exactly between two records, and that says nowhere how many people it holds, is a
//! shorter text. And a last record without a line end may always be cut, so that its person is refused if the last cell is read at all.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use kadry_core::{Email, FieldName, fold};
use sha2::{Digest as _, Sha256};

use super::fault::{At, CellFault, Fault, RosterError};
use super::find::{Found, find, split};
use super::grid::{Cell, Grid, Mark, Record, Records};
use super::header::{Column, Layout, Meaning};
use super::kinds::{self, kind};
use super::name;
use super::row::{Ids, Row, Rules, email_key};
use super::sheet::{Sheet, read_sheets};
use super::sniff::{Kind, markup, sniff};
use super::text::decode;
use super::value;

/// The longest file that is read.
const LONGEST: u64 = 256 * 1024 * 1024;

/// Whose columns a roster has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// Any columns with headers that are known, in any order.
    #[default]
    Common,
    /// The file that DealApp's own import takes: exactly `ФИО`, `id`, `email`, `Отдел` and `Роль`. The first word of a name is the last
    /// name, and all the rest is the first.
    DealApp,
}

impl Preset {
    /// The names of those that have one.
    pub const NAMES: [&'static str; 1] = ["dealapp"];

    /// Returns the preset of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        (name == "dealapp").then_some(Self::DealApp)
    }
}

/// A file of many people, checked as a whole. Its rows are read when they are asked for.
#[derive(Debug)]
pub struct Roster {
    grid: Grid,
    body: Mark,
    rules: Rules,
    ignored: Vec<At>,
    sheet: Option<String>,
    unread: Vec<String>,
    sha256: String,
    len: usize,
}

/// Reads a file of many people. What it is, is told by its content and never by its name.
///
/// `sheet` names the sheet of a workbook; without it the only visible one that is a roster is read.
///
/// # Errors
///
/// [`RosterError`] if nothing of the file can be trusted. What is wrong with single people stands in their rows.
pub fn open_roster(
    path: &Path,
    preset: Preset,
    sheet: Option<&str>,
) -> Result<Roster, RosterError> {
    let file = File::open(path).map_err(RosterError::Unreadable)?;
    let mut bytes = Vec::new();
    // The length of a file may be told wrongly, and it may grow.
    file.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(RosterError::Unreadable)?;
    read_roster(&bytes, preset, sheet)
}

/// Reads the bytes of a file of many people, see [`open_roster`].
///
/// # Errors
///
/// [`RosterError`] if nothing of the file can be trusted.
pub fn read_roster(
    bytes: &[u8],
    preset: Preset,
    sheet: Option<&str>,
) -> Result<Roster, RosterError> {
    if bytes.len() as u64 > LONGEST {
        return Err(RosterError::TooLarge);
    }
    let kind = sniff(bytes)?;
    let (table, unread) = if kind == Kind::Text {
        (read_text(bytes, preset, sheet)?, Vec::new())
    } else {
        choose(read_sheets(bytes, kind, sheet)?, preset, sheet.is_some())?
    };
    let rules = Rules {
        preset,
        counts_cells: table.grid.counts_cells(),
        unheaded: unheaded(&table),
        columns: table.layout.columns,
        header: table.found.header,
        ids: Ids::default(),
        same: HashMap::new(),
        ends_whole: false,
    };
    let mut roster = Roster {
        grid: table.grid,
        body: table.found.body,
        rules,
        ignored: table.layout.ignored,
        sheet: table.sheet,
        unread,
        sha256: hex(&Sha256::digest(bytes)),
        len: 0,
    };
    roster.survey()?;
    Ok(roster)
}

/// A table whose header was found.
struct Table {
    grid: Grid,
    found: Found,
    layout: Layout,
    sheet: Option<String>,
}

fn read_text(bytes: &[u8], preset: Preset, sheet: Option<&str>) -> Result<Table, RosterError> {
    if let Some(asked) = sheet {
        return Err(RosterError::NoSuchSheet {
            asked: asked.to_owned(),
            sheets: Vec::new(),
        });
    }
    // What a page or another format declares about itself is plain in any encoding that is left.
    let head = bytes.get(..4096).unwrap_or(bytes);
    if let Some(disguise) = markup(&String::from_utf8_lossy(
        head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head),
    )) {
        return Err(RosterError::NotATable(disguise));
    }
    let text = decode(bytes)?;
    if text.trim().is_empty() {
        return Err(RosterError::Blank);
    }
    if let Some(disguise) = markup(&text) {
        return Err(RosterError::NotATable(disguise));
    }
    let (grid, found) = split(text, preset)?;
    let layout = found.layout(preset)?;
    Ok(Table {
        grid,
        found,
        layout,
        sheet: None,
    })
}

/// Chooses the one sheet that is a roster, and names those that hold something and are none.
fn choose(
    sheets: Vec<(String, Sheet)>,
    preset: Preset,
    asked: bool,
) -> Result<(Table, Vec<String>), RosterError> {
    let mut rosters = Vec::new();
    let mut unread = Vec::new();
    let mut fault = None;
    for (name, sheet) in sheets.into_iter().filter(|(_, sheet)| !sheet.is_blank()) {
        let grid = Grid::Sheet(sheet);
        let read = find(&grid, preset)
            .and_then(|found| found.layout(preset).map(|layout| (found, layout)));
        match read {
            Ok((found, layout)) => rosters.push(Table {
                grid,
                found,
                layout,
                sheet: Some(name),
            }),
            // Only a sheet without any header is surely something else.
            Err(RosterError::NoHeader) if !asked => unread.push(name),
            Err(told) => {
                fault = fault.or(Some(told));
                unread.push(name);
            }
        }
    }
    let names = || {
        rosters
            .iter()
            .filter_map(|table| table.sheet.clone())
            .collect()
    };
    if rosters.len() > 1 {
        return Err(RosterError::SeveralSheets(names()));
    }
    match (rosters.pop(), fault) {
        (Some(table), None) => Ok((table, unread)),
        // A sheet that would be a roster but for a fault is told of, or half of the people would be missing.
        (Some(table), Some(RosterError::NoKeyColumn { .. } | RosterError::NoNameColumn { .. })) => {
            Ok((table, unread))
        }
        (_, Some(fault)) => Err(fault),
        (None, None) if unread.is_empty() => Err(RosterError::Blank),
        (None, None) => Err(RosterError::NoHeader),
    }
}

/// Returns the columns without a header in which a value would mean that it belongs elsewhere.
fn unheaded(table: &Table) -> Vec<usize> {
    let header = &table.found.header;
    let bare = (0..header.width())
        .filter(|column| header.texts.get(*column).is_some_and(String::is_empty));
    if table.grid.counts_cells() {
        return bare.collect();
    }
    // In a sheet only what lies below a merged header may belong to it.
    let below = |column: usize| {
        let known = table
            .layout
            .columns
            .iter()
            .map(|known| known.at.number as usize - 1);
        let mut merged = known.flat_map(|known| {
            let rows = (0..2).filter_map(move |row| table.grid.merged(header.line + row, known));
            rows.map(move |(_, last)| (known, last))
        });
        merged.any(|(known, last)| known < column && column <= last)
    };
    let widest = (0..header.texts.len().max(header.width()) + 64)
        .filter(|column| header.texts.get(*column).is_none_or(String::is_empty));
    widest.filter(|column| below(*column)).collect()
}

/// Returns what many cells of a column have in common at their end; none for what every person has for themselves.
fn ending(meaning: Meaning, text: &str) -> Option<String> {
    match meaning {
        Meaning::Field(FieldName::Email) => text.rsplit_once('@').map(|(_, domain)| fold(domain)),
        Meaning::Field(FieldName::Title | FieldName::Department)
        | Meaning::Role
        | Meaning::HasLeft
        | Meaning::Active
        | Meaning::Status => Some(fold(text)),
        Meaning::Field(
            FieldName::ExternalId
            | FieldName::LastName
            | FieldName::FirstName
            | FieldName::MiddleName
            | FieldName::Phone,
        )
        | Meaning::FullName
        | Meaning::LeftOn => None,
    }
}

fn hex(digest: &[u8]) -> String {
    digest
        .iter()
        .fold(String::with_capacity(digest.len() * 2), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl Roster {
    /// Returns the columns that are understood.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.rules.columns
    }

    /// Returns the columns with a header that is not understood, or that another column makes needless; nothing in them is read.
    #[must_use]
    pub fn ignored(&self) -> &[At] {
        &self.ignored
    }

    /// Returns the name of the sheet, if the file is a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Returns the visible sheets that hold something and are not read.
    #[must_use]
    pub fn unread_sheets(&self) -> &[String] {
        &self.unread
    }

    /// Returns the SHA-256 of the bytes of the file, in hexadecimal digits.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Returns the number of people, those with faults among them.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Reports whether nobody is in the roster, which is never so: a file without people is refused.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the people in the order of the file. Each row is read when it is asked for.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        self.people().map(|record| self.rules.read(&record))
    }

    fn people(&self) -> People<'_> {
        People {
            records: self.grid.records(self.body),
            roster: self,
        }
    }

    /// Looks at all rows once: at what only all of them together tell.
    fn survey(&mut self) -> Result<(), RosterError> {
        let mut survey = Survey::default();
        for record in self.grid.records(self.body) {
            let record = record?;
            self.check_end(&record)?;
            match kind(&record, &self.rules.header) {
                kinds::Kind::Nothing => {}
                kinds::Kind::Header => return Err(RosterError::HeaderAgain { line: record.line }),
                kinds::Kind::Total(said) => survey.total(record.line, said)?,
                kinds::Kind::Person => survey.person(&record, &self.rules),
            }
        }
        if survey.len == 0 {
            return Err(RosterError::Nobody);
        }
        if let (Some((_, last)), Some((_, first))) = (
            self.rules.column(Meaning::Field(FieldName::LastName)),
            self.rules.column(Meaning::Field(FieldName::FirstName)),
        ) && survey.swapped > 1
            && survey.swapped * 2 > survey.len
        {
            return Err(RosterError::ColumnsSwapped {
                last: last.clone(),
                first: first.clone(),
            });
        }
        self.len = survey.len;
        self.rules.ends_whole = survey.ends_whole();
        self.rules.ids = survey.ids;
        self.rules.same = survey.same;
        Ok(())
    }

    /// Refuses a text whose last record is cut off.
    fn check_end(&self, record: &Record<'_>) -> Result<(), RosterError> {
        let found = record.cells.len();
        let expected = self.rules.header.width();
        let footer = found == 1 && kind(record, &self.rules.header) != kinds::Kind::Person;
        if record.ended || found >= expected || footer {
            return Ok(());
        }
        Err(RosterError::CutInRecord {
            line: record.line,
            found,
            expected,
        })
    }
}

/// The records that are people.
struct People<'a> {
    records: Records<'a>,
    roster: &'a Roster,
}

impl<'a> Iterator for People<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        // Every record was read once when the roster was opened, so none is broken.
        let mut good = self.records.by_ref().filter_map(Result::ok);
        good.find(|record| kind(record, &self.roster.rules.header) == kinds::Kind::Person)
    }
}

/// What all rows together tell.
#[derive(Default)]
struct Survey {
    len: usize,
    since_total: usize,
    swapped: usize,
    ids: Ids,
    same: HashMap<u32, Vec<CellFault>>,
    /// How the last column ends in the records that have a line end.
    endings: HashSet<String>,
    /// How it ends in the one that has none.
    last: Option<String>,
    seen_ids: HashMap<String, u32>,
    seen_emails: HashMap<Email, u32>,
}

impl Survey {
    fn total(&mut self, line: u32, said: Option<u64>) -> Result<(), RosterError> {
        let read = self.len as u64;
        let part = self.since_total as u64;
        self.since_total = 0;
        match said {
            Some(said) if said != read && said != part => {
                Err(RosterError::TotalDiffers { line, said, read })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn person(&mut self, record: &Record<'_>, rules: &Rules) {
        self.len += 1;
        self.since_total += 1;
        let cell = |column: usize| record.cells.get(column).unwrap_or(&Cell::Empty);
        if let Some((column, at)) = rules.column(Meaning::Field(FieldName::ExternalId))
            && let Ok(Some(id)) = value::id(cell(column))
        {
            self.ids.see(cell(column), &id);
            let first = *self.seen_ids.entry(id.into_owned()).or_insert(record.line);
            self.repeated(record.line, first, at);
        }
        if let Some((column, at)) = rules.column(Meaning::Field(FieldName::Email))
            && let Some(email) = email_key(cell(column))
        {
            let first = *self.seen_emails.entry(email).or_insert(record.line);
            self.repeated(record.line, first, at);
        }
        if let (Some((last, _)), Some((first, _))) = (
            rules.column(Meaning::Field(FieldName::LastName)),
            rules.column(Meaning::Field(FieldName::FirstName)),
        ) && let (Some(last), Some(first)) = (cell(last).text(), cell(first).text())
        {
            self.swapped += usize::from(name::are_swapped(&last, &first));
        }
        self.end(record, rules);
    }

    /// Reports whether the cell at the end of the text is one that others have, too, and that nothing could be cut off from.
    fn ends_whole(&self) -> bool {
        let longer = |last: &str| {
            let mut endings = self.endings.iter();
            endings.any(|ending| ending.len() > last.len() && ending.starts_with(last))
        };
        let last = self.last.as_deref();
        last.is_some_and(|last| self.endings.contains(last) && !longer(last))
    }

    /// Notes how the last column ends. A cell that was cut off ends as none of the others does.
    fn end(&mut self, record: &Record<'_>, rules: &Rules) {
        let width = rules.header.width();
        let mut columns = rules.columns.iter();
        let last = columns.find(|column| column.at.number as usize == width);
        let cell = record.cells.get(width.saturating_sub(1));
        let text = cell
            .and_then(Cell::text)
            .filter(|_| record.cells.len() == width);
        let (Some(last), Some(text)) = (last, text) else {
            return;
        };
        let Some(ending) = ending(last.meaning, &text) else {
            return;
        };
        if record.ended {
            self.endings.insert(ending);
        } else {
            self.last = Some(ending);
        }
    }

    fn repeated(&mut self, line: u32, first: u32, at: &At) {
        if first != line {
            self.same.entry(line).or_default().push(CellFault {
                column: Some(at.clone()),
                what: Fault::SameAs {
                    line: first,
                    column: at.clone(),
                },
            });
        }
    }
}
