//! Workbooks of spreadsheet programs.
//!
//! Hidden sheets are not looked at. A number keeps what is known of how it is shown; only `.xlsx` tells it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Cursor, Read as _};

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, OdsError, Range, Reader, SheetType,
    SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};
use jiff::civil::Date;
use zip::ZipArchive;
use zip::result::ZipError;

use super::fault::RosterError;
use super::grid::{Cell, Record, Shown};
use super::sniff::Kind;
use crate::guard::fenced;

/// The most cells of a sheet; more would be an archive that unpacks to fill the memory.
const MOST_CELLS: usize = 20_000_000;

/// The most bytes that a workbook unpacks to.
const MOST_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The most columns of a sheet that a stray cell may be in.
const MOST_COLUMNS: u32 = 1024;

/// The most digits that a spreadsheet keeps of a number.
const MOST_DIGITS: usize = 15;

/// The rows of a sheet that hold anything.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rows: Vec<(u32, Vec<Cell<'static>>)>,
    merged: Vec<Dimensions>,
}

impl Sheet {
    pub(super) fn row(&self, at: usize) -> Option<Record<'_>> {
        let (row, cells) = self.rows.get(at)?;
        Some(Record {
            line: row + 1,
            cells: cells.iter().map(borrowed).collect(),
            ended: true,
        })
    }

    pub(super) const fn is_blank(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the last row and column of the merged cell that begins here.
    pub(super) fn merged(&self, line: u32, column: usize) -> Option<(u32, usize)> {
        let start = (line.checked_sub(1)?, u32::try_from(column).ok()?);
        let merged = self.merged.iter().find(|merged| merged.start == start)?;
        Some((merged.end.0 + 1, merged.end.1 as usize))
    }

    fn put(&mut self, (row, column): (u32, u32), cell: Cell<'static>) {
        if cell == Cell::Empty {
            return;
        }
        if self.rows.last().is_none_or(|(last, _)| *last < row) {
            self.rows.push((row, Vec::new()));
        }
        let at = self.rows.binary_search_by_key(&row, |(row, _)| *row);
        let at = match at {
            Ok(at) => at,
            Err(at) => {
                self.rows.insert(at, (row, Vec::new()));
                at
            }
        };
        let column = column as usize;
        let Some((_, cells)) = self.rows.get_mut(at) else {
            return;
        };
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
    }

    /// Marks the cells that a merged one covers.
    fn cover(&mut self, merged: Vec<Dimensions>) {
        let width = self
            .rows
            .iter()
            .map(|(_, cells)| cells.len())
            .max()
            .unwrap_or(0);
        for region in &merged {
            let first = self.rows.partition_point(|(row, _)| *row < region.start.0);
            let rows = self.rows.iter_mut().skip(first);
            for (row, cells) in rows.take_while(|(row, _)| *row <= region.end.0) {
                for column in
                    region.start.1 as usize..=(region.end.1 as usize).min(width.saturating_sub(1))
                {
                    if (*row, column) == (region.start.0, region.start.1 as usize) {
                        continue;
                    }
                    if cells.len() <= column {
                        cells.resize(column + 1, Cell::Empty);
                    }
                    if let Some(cell @ Cell::Empty) = cells.get_mut(column) {
                        *cell = Cell::Merged;
                    }
                }
            }
        }
        self.merged = merged;
    }
}

fn borrowed<'a>(cell: &'a Cell<'static>) -> Cell<'a> {
    match cell {
        Cell::Text(text) => Cell::Text(Cow::Borrowed(text.as_ref())),
        Cell::Empty => Cell::Empty,
        Cell::Number(number, shown) => Cell::Number(*number, *shown),
        Cell::Date(date) => Cell::Date(*date),
        Cell::NoDate => Cell::NoDate,
        Cell::Bool(said) => Cell::Bool(*said),
        Cell::Error(error) => Cell::Error(error.clone()),
        Cell::Formula => Cell::Formula,
        Cell::Merged => Cell::Merged,
    }
}

type Bytes<'a> = Cursor<&'a [u8]>;

/// Reads the visible sheets of a workbook, in their order, or the one with this name, which may be hidden.
///
/// # Errors
///
/// [`RosterError`]: the workbook has a password, is damaged, is too large or has no such sheet.
pub(super) fn read_sheets(
    bytes: &[u8],
    kind: Kind,
    asked: Option<&str>,
) -> Result<Vec<(String, Sheet)>, RosterError> {
    if kind != Kind::Xls {
        check_sums(bytes)?;
    }
    // The reader indexes into what it reads: a damaged file can make it panic, which is told like any other damage.
    fenced(|| sheets(bytes, kind, asked)).unwrap_or_else(|| Err(damaged(&"the reader stopped")))
}

/// Unpacks all of a workbook once: its reader stops before the check sums, and a byte that fell over would change an address.
fn check_sums(bytes: &[u8]) -> Result<(), RosterError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|fault| damaged(&fault))?;
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let part = match archive.by_index(at) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(RosterError::Password);
            }
            Err(fault) => return Err(damaged(&fault)),
        };
        let unpacked = io::copy(&mut part.take(left + 1), &mut io::sink());
        left = left
            .checked_sub(unpacked.map_err(|fault| damaged(&fault))?)
            .ok_or(RosterError::TooLarge)?;
    }
    Ok(())
}

fn damaged(why: &impl ToString) -> RosterError {
    RosterError::Damaged(why.to_string())
}

fn xlsx_fault(fault: &XlsxError) -> RosterError {
    told(matches!(fault, XlsxError::Password), fault)
}

fn told(locked: bool, fault: &impl ToString) -> RosterError {
    if locked {
        RosterError::Password
    } else {
        damaged(fault)
    }
}

fn sheets(
    bytes: &[u8],
    kind: Kind,
    asked: Option<&str>,
) -> Result<Vec<(String, Sheet)>, RosterError> {
    let reader = Cursor::new(bytes);
    match kind {
        Kind::Text => Ok(Vec::new()),
        Kind::Xlsx => {
            let mut book = Xlsx::new(reader).map_err(|fault| xlsx_fault(&fault))?;
            let names = wanted(&book, asked)?;
            each(names, |name| {
                xlsx(&mut book, name).map_err(|fault| xlsx_fault(&fault))?
            })
        }
        Kind::Xls => {
            let mut book: Xls<Bytes<'_>> = Xls::new(reader)
                .map_err(|fault| told(matches!(fault, XlsError::Password), &fault))?;
            let names = wanted(&book, asked)?;
            each(names, |name| {
                let range = book
                    .worksheet_range(name)
                    .map_err(|fault| damaged(&fault))?;
                let merged = book.merge_cells_by_sheet_name(name);
                let mut sheet = plain(&range, &HashSet::new())?;
                sheet.cover(merged.map_err(|fault| damaged(&fault))?);
                Ok(sheet)
            })
        }
        Kind::Xlsb => {
            let mut book: Xlsb<Bytes<'_>> = Xlsb::new(reader)
                .map_err(|fault| told(matches!(fault, XlsbError::Password), &fault))?;
            let names = wanted(&book, asked)?;
            each(names, |name| {
                let range = book
                    .worksheet_range(name)
                    .map_err(|fault| damaged(&fault))?;
                plain(&range, &HashSet::new())
            })
        }
        Kind::Ods => {
            let mut book: Ods<Bytes<'_>> = Ods::new(reader)
                .map_err(|fault| told(matches!(fault, OdsError::Password), &fault))?;
            let names = wanted(&book, asked)?;
            each(names, |name| {
                let range = book
                    .worksheet_range(name)
                    .map_err(|fault| damaged(&fault))?;
                let formulas = book
                    .worksheet_formula(name)
                    .map_err(|fault| damaged(&fault))?;
                let start = formulas.start().unwrap_or_default();
                let used = formulas
                    .used_cells()
                    .filter(|(_, _, formula)| !formula.is_empty());
                let formulas = used.map(|(row, column, _)| place(start, row, column));
                plain(&range, &formulas.collect())
            })
        }
    }
}

fn each(
    names: Vec<String>,
    mut read: impl FnMut(&str) -> Result<Sheet, RosterError>,
) -> Result<Vec<(String, Sheet)>, RosterError> {
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        let sheet = read(&name)?;
        sheets.push((name, sheet));
    }
    Ok(sheets)
}

fn wanted<'a, R: Reader<Bytes<'a>>>(
    book: &R,
    asked: Option<&str>,
) -> Result<Vec<String>, RosterError> {
    let sheets = book.sheets_metadata();
    let sheets = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let Some(asked) = asked else {
        let visible = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
        return Ok(visible.map(|sheet| sheet.name.clone()).collect());
    };
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    if names.iter().any(|name| name == asked) {
        return Ok(vec![asked.to_owned()]);
    }
    Err(RosterError::NoSuchSheet {
        asked: asked.to_owned(),
        sheets: names,
    })
}

const fn place(start: (u32, u32), row: usize, column: usize) -> (u32, u32) {
    (start.0 + row as u32, start.1 + column as u32)
}

fn xlsx(book: &mut Xlsx<Bytes<'_>>, name: &str) -> Result<Result<Sheet, RosterError>, XlsxError> {
    let mut formulas = HashSet::new();
    let mut cells = book.worksheet_cells_reader(name)?;
    while let Some(cell) = cells.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && cell.value == DataRef::Empty {
            formulas.insert(cell.pos);
        }
    }
    drop(cells);
    let mut cells = book.worksheet_cells_reader(name)?;
    let styles: Vec<Shown> = cells.styles().iter().map(shown).collect();
    let mut sheet = Sheet::default();
    let mut count = 0;
    while let Some((cell, style)) = cells.next_cell_with_style_id()? {
        count += 1;
        let at = cell.get_position();
        if count > MOST_CELLS || at.1 >= MOST_COLUMNS {
            return Ok(Err(RosterError::TooLarge));
        }
        let shown = styles.get(style).copied().unwrap_or(Shown::Plain);
        let value = if formulas.contains(&at) {
            Cell::Formula
        } else {
            one(Data::from(cell.get_value().clone()), shown)
        };
        sheet.put(at, value);
    }
    drop(cells);
    sheet.cover(book.merge_cells_by_sheet_name(name)?);
    Ok(Ok(sheet))
}

/// Returns how a style shows a whole number.
fn shown(style: &calamine::Style) -> Shown {
    let Some(format) = &style.number_format else {
        return Shown::Plain;
    };
    let code = format.format_code.as_str();
    // What stands behind the first semicolon is for other numbers; a backslash or a pair of quotes only marks plain text.
    let code = code.split(';').next().unwrap_or_default();
    match code {
        "" | "@" | "#" | "#,##0" | "0.00" | "#,##0.00" => Shown::Plain,
        code if code.eq_ignore_ascii_case("general") => Shown::Plain,
        code if code.bytes().all(|byte| byte == b'0') => Shown::Padded(code.len()),
        _ => Shown::Otherwise,
    }
}

fn plain(range: &Range<Data>, formulas: &HashSet<(u32, u32)>) -> Result<Sheet, RosterError> {
    let (rows, columns) = range.get_size();
    if rows.saturating_mul(columns) > MOST_CELLS {
        return Err(RosterError::TooLarge);
    }
    let start = range.start().unwrap_or_default();
    let mut sheet = Sheet::default();
    for (row, column, value) in range.cells() {
        let at = place(start, row, column);
        if *value == Data::Empty && formulas.contains(&at) {
            sheet.put(at, Cell::Formula);
        } else {
            sheet.put(at, one(value.clone(), Shown::Unseen));
        }
    }
    Ok(sheet)
}

fn one(value: Data, shown: Shown) -> Cell<'static> {
    match value {
        Data::Empty => Cell::Empty,
        Data::String(text) if text.is_empty() => Cell::Empty,
        Data::String(text) => Cell::Text(Cow::Owned(text)),
        #[expect(
            clippy::cast_precision_loss,
            reason = "digits that are lost are told by their number"
        )]
        Data::Int(number) => Cell::Number(number as f64, shown),
        Data::Float(number) => Cell::Number(number, shown),
        Data::Bool(value) => Cell::Bool(value),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::DateTime(serial) => date(&serial).map_or(Cell::NoDate, Cell::Date),
        Data::DateTimeIso(text) => {
            let day = text.split('T').next().unwrap_or_default();
            day.parse().map_or(Cell::NoDate, Cell::Date)
        }
        Data::DurationIso(_) => Cell::NoDate,
    }
}

fn date(serial: &ExcelDateTime) -> Option<Date> {
    if !serial.is_datetime() || serial.as_f64() < 1.0 {
        return None;
    }
    let (year, month, day, ..) = serial.to_ymd_hms_milli();
    let (year, month, day) = (
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    );
    Date::new(year, month, day).ok()
}

/// Reports whether a number has more digits than a spreadsheet keeps.
pub(super) fn loses_digits(digits: &str) -> bool {
    digits.len() > MOST_DIGITS
}
