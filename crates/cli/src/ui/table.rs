//! Text that fits its place: paragraphs, lists and tables, measured in columns of the terminal and not in letters.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle, Table,
    TableStyle, Width,
};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What a stream is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Face {
    /// How many columns a line has; none where lines may be as long as they like.
    pub(crate) width: Option<u16>,
    /// Whether colours can be seen.
    pub(crate) color: bool,
}

/// A terminal that does not tell its width.
const USUAL_WIDTH: u16 = 80;

/// Wider lines are hard to read.
const WIDEST: u16 = 120;

impl Face {
    /// Returns how a stream is written to.
    pub(crate) fn of(terminal: bool, color: bool) -> Self {
        let width = || {
            let mut probe = Table::new();
            // A width of zero means that the terminal does not know it.
            let known = |width: &u16| *width > 0;
            let seen = probe.width().filter(known);
            let seen = seen.or_else(|| probe.use_stderr().width().filter(known));
            seen.unwrap_or(USUAL_WIDTH).clamp(20, WIDEST)
        };
        Self {
            width: terminal.then(width),
            color: terminal && color,
        }
    }

    fn table(self) -> Table {
        let mut table = Table::new();
        table
            .load_style(TableStyle::new())
            .force_no_tty()
            .set_content_arrangement(ContentArrangement::Dynamic);
        if let Some(width) = self.width {
            table.set_width(width);
        }
        if self.color {
            table.enforce_styling();
        }
        table
    }
}

/// How a piece of text stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tint {
    /// It does not.
    #[default]
    Plain,
    /// It is a heading.
    Strong,
    /// It went well.
    Good,
    /// Somebody should look at it.
    Warning,
    /// It went wrong.
    Bad,
    /// It matters less.
    Faint,
}

/// Returns the text without what would command the terminal or turn the direction of writing: names come from other people's systems.
pub(crate) fn clean(text: &str) -> String {
    let commands = |letter: char| {
        letter.is_control() && letter != '\n'
            || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(commands, "\u{fffd}")
}

/// Returns the text if it fits into so many columns, else as much of it as fits before an ellipsis.
pub(crate) fn shortened(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub("…".width());
    let mut kept = String::new();
    for letter in text.chars() {
        let Some(rest) = left.checked_sub(letter.width().unwrap_or_default()) else {
            break;
        };
        left = rest;
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

fn cell(text: &str, tint: Tint) -> Cell {
    let cell = Cell::new_owned(clean(text));
    match tint {
        Tint::Plain => cell,
        Tint::Strong => cell.add_attribute(Attribute::Bold),
        Tint::Good => cell.fg(Color::Green),
        Tint::Warning => cell.fg(Color::Yellow),
        Tint::Bad => cell.fg(Color::Red),
        Tint::Faint => cell.add_attribute(Attribute::Dim),
    }
}

/// One cell of a [`Sheet::table`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    text: String,
    tint: Tint,
}

impl Field {
    /// Returns a cell that stands out.
    pub(crate) fn new(text: impl Into<String>, tint: Tint) -> Self {
        Self {
            text: text.into(),
            tint,
        }
    }
}

impl<T: Into<String>> From<T> for Field {
    fn from(text: T) -> Self {
        Self::new(text, Tint::Plain)
    }
}

/// Text for one stream, built from top to bottom.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    face: Face,
    text: String,
}

impl Sheet {
    /// Returns an empty sheet.
    pub(crate) const fn new(face: Face) -> Self {
        Self {
            face,
            text: String::new(),
        }
    }

    /// Reports whether the rows of a table fit into lines, each row into one.
    pub(crate) fn has_room(&self, header: &[String], rows: &[Vec<Field>]) -> bool {
        let widest = |(index, name): (usize, &String)| {
            let cells = rows.iter().filter_map(|row| row.get(index));
            cells
                .map(|cell| cell.text.width())
                .chain([name.width()])
                .max()
        };
        let columns = header.iter().enumerate().filter_map(widest);
        let apart = 2 * header.len().saturating_sub(1);
        let needed = columns.sum::<usize>() + apart;
        self.face
            .width
            .is_none_or(|width| needed <= usize::from(width))
    }

    /// Returns the text so far.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Leaves a line empty, unless it would be the first.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Writes a heading.
    pub(crate) fn heading(&mut self, text: &str) {
        self.paragraph(0, text, Tint::Strong);
    }

    /// Writes a paragraph.
    pub(crate) fn text(&mut self, indent: u16, text: &str) {
        self.paragraph(indent, text, Tint::Plain);
    }

    /// Writes a paragraph that stands out.
    pub(crate) fn paragraph(&mut self, indent: u16, text: &str, tint: Tint) {
        let mut table = self.face.table();
        table.add_row([cell(text, tint)]);
        pad(&mut table, indent, 0);
        self.put(&table);
    }

    /// Writes a sentence. If it does not fit and ends with a command, the command stands on a line of its own, where it can be copied.
    pub(crate) fn advice(&mut self, text: &str) {
        let fits = self
            .face
            .width
            .is_none_or(|width| text.width() <= usize::from(width));
        match text.rsplit_once(": kadry ") {
            Some((why, command)) if !fits && !command.contains(['–', '—', ';']) => {
                self.text(0, &format!("{why}:"));
                self.verbatim(&format!("  kadry {command}"));
            }
            _ => self.text(0, text),
        }
    }

    /// Writes text exactly as it is, such as a command to type.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.text.push_str(&clean(text));
        self.text.push('\n');
    }

    /// Writes rows of a mark, aligned to the right, and a text that hangs beside it.
    pub(crate) fn list<T: Into<Field>>(
        &mut self,
        indent: u16,
        rows: impl IntoIterator<Item = (String, T)>,
    ) {
        let mut table = self.face.table();
        for (mark, row) in rows {
            let row: Field = row.into();
            table.add_row([
                cell(&mark, row.tint).set_alignment(CellAlignment::Right),
                cell(&row.text, row.tint),
            ]);
        }
        if table.is_empty() {
            return;
        }
        pad(&mut table, indent, 2);
        if let Some(marks) = table.column_mut(0) {
            marks.set_constraint(ColumnConstraint::ContentWidth);
        }
        self.put(&table);
    }

    /// Writes rows of a name and a text that hangs beside it.
    pub(crate) fn pairs<T: Into<Field>>(
        &mut self,
        indent: u16,
        rows: impl IntoIterator<Item = (String, T)>,
    ) {
        let mut table = self.face.table();
        for (name, row) in rows {
            let row: Field = row.into();
            table.add_row([cell(&name, Tint::Plain), cell(&row.text, row.tint)]);
        }
        if table.is_empty() {
            return;
        }
        pad(&mut table, indent, 2);
        if let Some(names) = table.column_mut(0) {
            names.set_constraint(ColumnConstraint::UpperBoundary(Width::Percentage(40)));
        }
        self.put(&table);
    }

    /// Writes a table under a header. Columns in `whole` are never broken into lines.
    pub(crate) fn table(&mut self, header: &[String], rows: Vec<Vec<Field>>, whole: &[usize]) {
        let mut table = self.face.table();
        table.load_style(
            TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')),
        );
        table.set_header(header.iter().map(|name| cell(name, Tint::Strong)));
        let words = longest_words(header, &rows);
        for row in rows {
            table.add_row(row.into_iter().map(|field| cell(&field.text, field.tint)));
        }
        // The junction of the line below the header stands between the columns of every row.
        pad(&mut table, 0, 1);
        for (index, longest) in words.into_iter().enumerate() {
            if let Some(column) = table.column_mut(index) {
                column.set_constraint(if whole.contains(&index) {
                    ColumnConstraint::ContentWidth
                } else {
                    // The first column has no blanks before it.
                    let apart = if index == 0 { 0 } else { 1 };
                    ColumnConstraint::LowerBoundary(Width::Fixed(longest + apart))
                });
            }
        }
        self.put(&table);
    }

    fn put(&mut self, table: &Table) {
        for line in table.lines() {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }
}

/// A word that is longer than this may be broken.
const LONGEST_WORD: u16 = 24;

/// How wide the longest word of each column is: a table that is too wide for its terminal can be read, one that stands in single
/// letters below each other cannot.
fn longest_words(header: &[String], rows: &[Vec<Field>]) -> Vec<u16> {
    let width = |text: &str| text.split_whitespace().map(str::width).max();
    let longest = |(index, name): (usize, &String)| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let words = cells
            .filter_map(|cell| width(&cell.text))
            .chain(width(name));
        let longest = words.max().unwrap_or_default();
        u16::try_from(longest).map_or(LONGEST_WORD, |longest| longest.min(LONGEST_WORD))
    };
    header.iter().enumerate().map(longest).collect()
}

/// Sets the first column in by so much, and the others apart by so much.
fn pad(table: &mut Table, indent: u16, apart: u16) {
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((if index == 0 { indent } else { apart }, 0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NARROW: Face = Face {
        width: Some(24),
        color: false,
    };

    #[test]
    fn cyrillic_is_measured_in_columns_and_wrapped_at_words() {
        let mut sheet = Sheet::new(NARROW);
        sheet.list(
            2,
            [
                ("1".to_owned(), "Закрыть доступ на платформе"),
                ("12".to_owned(), "Ёж"),
            ],
        );
        let lines: Vec<&str> = sheet.as_str().lines().collect();
        assert_eq!(
            lines,
            ["   1  Закрыть доступ на", "      платформе", "  12  Ёж"]
        );
    }

    #[test]
    fn a_table_keeps_its_columns_in_line() {
        let mut sheet = Sheet::new(Face {
            width: None,
            color: false,
        });
        let header = ["Кто".to_owned(), "Где".to_owned()];
        sheet.table(&header, vec![vec!["Анна".into(), "здесь".into()]], &[]);
        let lines: Vec<&str> = sheet.as_str().lines().collect();
        assert_eq!(lines, ["Кто   Где", "───────────", "Анна  здесь"]);
    }

    #[test]
    fn a_table_is_rather_too_wide_than_broken_into_letters() {
        let mut sheet = Sheet::new(NARROW);
        let header = ["Имя".to_owned(), "Почта".to_owned(), "Где".to_owned()];
        let row = || -> Vec<Field> {
            vec![
                "Орлова Анна".into(),
                "anna@example.test".into(),
                "открыт".into(),
            ]
        };
        assert!(!sheet.has_room(&header, &[row()]));
        sheet.table(&header, vec![row()], &[1, 2]);
        let lines: Vec<&str> = sheet.as_str().lines().skip(2).collect();
        assert_eq!(lines, ["Орлова  anna@example.test  открыт", "Анна"]);
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        let mut sheet = Sheet::new(NARROW);
        sheet.text(0, "Анна\u{1b}[2J\u{202e}");
        assert_eq!(sheet.as_str(), "Анна\u{fffd}[2J\u{fffd}\n");
    }

    #[test]
    fn nothing_is_written_for_a_list_without_rows() {
        let mut sheet = Sheet::new(NARROW);
        sheet.list(2, Vec::<(String, String)>::new());
        sheet.gap();
        assert_eq!(sheet.as_str(), "");
    }
}
