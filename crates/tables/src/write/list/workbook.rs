//! A workbook for Excel: the rows on one sheet, or on as many as they need, and everything else on the last one.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Worksheet,
    XlsxError,
};

use super::List;
use super::guard::{Once, guarded};
use super::sheets::{cell_text, sheet_name};
use crate::write::html::{Cell, Tone};

/// How many rows a sheet can hold, the header included.
const ROWS: u32 = 1_048_576;

/// The first day that the archive can tell which a workbook is, in seconds since the Unix epoch.
const FIRST_DAY: i64 = 315_532_800;

/// The paper of every printer in the country, as workbooks number it: A4.
const PAPER: u8 = 9;

pub(super) struct Workbook<W> {
    list: List,
    looks: Looks,
    book: rust_xlsxwriter::Workbook,
    /// The sheet that takes the rows.
    sheet: Worksheet,
    /// The sheets that can take no more.
    full: Vec<Worksheet>,
    names: Vec<String>,
    /// Where the next row goes.
    next: u32,
    most: u32,
    out: W,
}

impl<W: Write + Send> Workbook<W> {
    pub(super) fn begin(list: List, scratch: &Path, out: W) -> io::Result<Self> {
        Self::begin_small(list, scratch, out, ROWS)
    }

    /// Begins a workbook whose sheets hold fewer rows than a sheet can.
    pub(super) fn begin_small(list: List, scratch: &Path, out: W, most: u32) -> io::Result<Self> {
        let looks = Looks::new();
        let mut names = Vec::new();
        let (book, sheet) = guarded(|| {
            let made = list.made_ms.map_or(FIRST_DAY, |ms| ms.div_euclid(1000));
            let properties = DocProperties::new()
                .set_title(cell_text(&list.title))
                .set_creation_datetime(&ExcelDateTime::from_timestamp(made)?);
            let mut book = rust_xlsxwriter::Workbook::new();
            book.set_properties(&properties);
            book.set_tempdir(scratch)?;
            let sheet = begin_sheet(&mut book, &list, &looks, &mut names)?;
            Ok((book, sheet))
        })?;
        Ok(Self {
            list,
            looks,
            book,
            sheet,
            full: Vec::new(),
            names,
            next: 1,
            most,
            out,
        })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        guarded(|| {
            if self.next >= self.most {
                self.turn()?;
            }
            for (column, cell) in (0..).zip(cells) {
                let text = cell_text(&cell.text);
                let look = self.looks.of(cell.tone, text.contains('\n'));
                self.sheet
                    .write_string_with_format(self.next, column, text, look)?;
            }
            self.next += 1;
            Ok(())
        })
    }

    /// Goes on on another sheet.
    fn turn(&mut self) -> Result<(), XlsxError> {
        end_sheet(&mut self.sheet, &self.list, self.next)?;
        let next = begin_sheet(&mut self.book, &self.list, &self.looks, &mut self.names)?;
        self.full.push(std::mem::replace(&mut self.sheet, next));
        self.next = 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let mut out = BufWriter::new(Once::new(self.out));
        guarded(|| {
            end_sheet(&mut self.sheet, &self.list, self.next)?;
            for sheet in self.full.into_iter().chain([self.sheet]) {
                self.book.push_worksheet(sheet);
            }
            let about = self.book.add_worksheet();
            about.set_name(sheet_name(&self.list.about, &self.names))?;
            write_about(about, &self.list, &self.looks)?;
            self.book.save_to_writer(&mut out)
        })?;
        out.flush()?;
        let out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(out.into_inner())
    }
}

/// Makes a sheet that keeps its rows in the folder, with everything but the rows.
fn begin_sheet(
    book: &mut rust_xlsxwriter::Workbook,
    list: &List,
    looks: &Looks,
    names: &mut Vec<String>,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = book.new_worksheet_with_constant_memory()?;
    let name = sheet_name(&list.sheet, names);
    sheet.set_name(&name)?;
    names.push(name);
    for (at, column) in (0..).zip(&list.columns) {
        // Every column is text by itself, so that a row that somebody adds is no number either.
        sheet.set_column_format(at, &looks.plain)?;
        sheet.set_column_width(at, column.letters())?;
        sheet.write_string_with_format(0, at, cell_text(&column.name), &looks.header)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet
        .set_paper_size(PAPER)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(sheet)
}

/// Adds what depends on how many rows there are.
fn end_sheet(sheet: &mut Worksheet, list: &List, next: u32) -> Result<(), XlsxError> {
    let (row, column) = (next - 1, list.columns.len() - 1);
    let column = u16::try_from(column).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.autofilter(0, 0, row, column)?;
    // An id is no number that somebody forgot to make one.
    sheet.ignore_error_range(0, 0, row, column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// Writes what is no row: what the list is about, what came out, what is to be known, and who made it.
fn write_about(sheet: &mut Worksheet, list: &List, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 32)?;
    sheet.set_column_width(1, 96)?;
    let mut lines = vec![
        (cell_text(&list.title), &looks.title),
        ("".into(), &looks.plain),
    ];
    if let Some(result) = &list.result {
        let look = looks.of(result.tone, false);
        let texts = result.text.lines().map(|text| (cell_text(text), look));
        lines.extend(texts);
        let items = result.items.iter();
        lines.extend(items.map(|item| (format!("• {}", cell_text(item)).into(), &looks.plain)));
        lines.push(("".into(), &looks.plain));
    }
    let mut row = 0;
    for (text, look) in lines {
        sheet.write_string_with_format(row, 0, text, look)?;
        row += 1;
    }
    for fact in &list.facts {
        let faint = looks.of(Tone::Faint, true);
        let plain = looks.of(Tone::Plain, true);
        sheet.write_string_with_format(row, 0, cell_text(&fact.label), faint)?;
        sheet.write_string_with_format(row, 1, cell_text(&fact.value), plain)?;
        row += 1;
    }
    if !list.footer.is_empty() {
        let faint = looks.of(Tone::Faint, false);
        sheet.write_string_with_format(row + 1, 0, cell_text(&list.footer), faint)?;
    }
    let last = row + 1;
    sheet.ignore_error_range(0, 0, last, 1, IgnoreError::NumberStoredAsText)?;
    sheet
        .set_paper_size(PAPER)
        .set_landscape()
        .set_print_fit_to_pages(1, 0);
    Ok(())
}

/// How cells look. All of them are marked as text: else Excel makes a formula of one that somebody has only opened for editing.
struct Looks {
    header: Format,
    title: Format,
    plain: Format,
    /// A look for each tone, for one line and for more.
    tones: Vec<(Tone, [Format; 2])>,
}

impl Looks {
    fn new() -> Self {
        let text = || {
            Format::new()
                .set_num_format("@")
                .set_align(FormatAlign::Top)
        };
        let both = |look: Format| [look.clone(), look.set_text_wrap()];
        let filled = |colour: u32| both(text().set_background_color(colour));
        let faint = text().set_font_color(0x005d_6670);
        Self {
            header: text()
                .set_bold()
                .set_text_wrap()
                .set_border_bottom(FormatBorder::Thin),
            title: text().set_bold().set_font_size(14),
            plain: text(),
            tones: vec![
                (Tone::Plain, both(text())),
                (Tone::Good, filled(0x00e2_f0d9)),
                (Tone::Warning, filled(0x00ff_f2cc)),
                (Tone::Bad, filled(0x00f8_d7da)),
                (Tone::Faint, both(faint.set_background_color(0x00f2_f2f2))),
            ],
        }
    }

    fn of(&self, tone: Tone, has_lines: bool) -> &Format {
        let known = self.tones.iter().find(|(other, _)| *other == tone);
        known.map_or(&self.plain, |(_, looks)| &looks[usize::from(has_lines)])
    }
}
