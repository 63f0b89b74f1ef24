//! Tables for programs and spreadsheets.

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula; some read the wide ones of East Asia, too.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What a spreadsheet takes for the end of a cell: which one of them depends on the machine, and not on the file.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Returns the table as CSV: a header, a line for each row, commas between the cells, UTF-8.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe: names come from other people's systems. So does a
/// number of a telephone, `+7 900 ...`, for nobody can tell it from a formula.
///
/// # Errors
///
/// The writer's, which only a row of another length than the header's makes.
pub fn csv<H: AsRef<str>, C: AsRef<str>>(
    header: &[H],
    rows: impl IntoIterator<Item = Vec<C>>,
) -> Result<String, csv::Error> {
    let plain = |cell: &str| harmless(cell, ',').into_owned();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header.iter().map(|cell| plain(cell.as_ref())))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| plain(cell.as_ref())))?;
    }
    let bytes = writer.into_inner().map_err(|fault| fault.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Returns the text of a cell with an apostrophe wherever a spreadsheet could see a formula begin.
///
/// That is where the cell begins, but not only there. On a machine with another separator than the file's, `Orlov;=1+1` is two
/// cells, whatever quotes stand around it; and a line of such a cell is a row.
pub(super) fn harmless(cell: &str, separator: char) -> Cow<'_, str> {
    let ends = |c: char| matches!(c, '\n' | '\r') || (c != separator && SEPARATORS.contains(&c));
    let parts = || cell.split_inclusive(ends);
    let begins_with_sign = |part: &str| part.trim_start_matches(is_blank).starts_with(SIGNS);
    let begins_with_end = cell.starts_with(['\t', '\r', '\n']);
    if !begins_with_end && !parts().any(begins_with_sign) {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len() + 1);
    for (nth, part) in parts().enumerate() {
        if begins_with_sign(part) || (nth == 0 && begins_with_end) {
            text.push('\'');
        }
        text.push_str(part);
    }
    Cow::Owned(text)
}

/// Whether somebody may take a letter for nothing: blanks, controls, and marks without a width.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn cells_are_quoted_where_a_comma_a_quote_or_a_line_would_break_them() {
        let rows = [vec!["Орлова, Анна", "a\"b"], vec!["c\nd", ""]];
        assert_eq!(
            csv(&["name", "what"], rows).unwrap(),
            "name,what\n\"Орлова, Анна\",\"a\"\"b\"\n\"c\nd\",\n"
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        let evil = [
            "=1+1",
            "+7",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "＝1",
            "＋1",
            "－1",
            "＠A1",
            " =1",
            "\u{a0}=1",
            "\u{feff}=1",
            "\u{3000}＝1",
            "+7 900 000-00-00",
        ];
        for cell in evil {
            let written = csv(&["a"], [vec![cell]]).unwrap();
            let read = written.strip_prefix("a\n").unwrap().trim_start_matches('"');
            assert!(read.starts_with('\''), "{cell:?}: {written:?}");
        }
    }

    #[test]
    fn no_part_of_a_cell_becomes_a_formula_where_another_separator_is_the_custom() {
        for (cell, written) in [
            ("Орлов;=1+1", "Орлов;'=1+1"),
            ("Орлов; =1;x", "Орлов;' =1;x"),
            ("Орлов\t@A1", "Орлов\t'@A1"),
            ("Орлов\n=1\n", "Орлов\n'=1\n"),
            ("Орлов, +7 900", "Орлов, +7 900"),
        ] {
            assert_eq!(harmless(cell, ','), written);
        }
        assert_eq!(harmless("Орлов, =1", ';'), "Орлов,' =1");
        assert_eq!(harmless("Орлов;=1", ';'), "Орлов;=1");
    }

    #[test]
    fn what_is_no_formula_stays_as_it_is() {
        for cell in [
            "",
            "Орлова Анна",
            "anna@example.test",
            "a-b",
            "00042",
            "1 + 1 = 2",
            "— нет —",
            "'",
        ] {
            assert!(matches!(harmless(cell, ','), Cow::Borrowed(same) if same == cell));
        }
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        assert!(csv(&["a", "b"], [vec!["1"]]).is_err());
    }
}
