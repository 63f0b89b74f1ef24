//! Tables for programs and spreadsheets.

/// Returns the table as CSV: a header, a line for each row, commas between the cells, UTF-8.
///
/// A cell that a spreadsheet would take for a formula begins with an apostrophe: names come from other people's systems.
///
/// # Errors
///
/// The writer's, which only a row of another length than the header's makes.
pub fn csv<H: AsRef<str>, C: AsRef<str>>(
    header: &[H],
    rows: impl IntoIterator<Item = Vec<C>>,
) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header.iter().map(|cell| harmless(cell.as_ref())))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell.as_ref())))?;
    }
    let bytes = writer.into_inner().map_err(|fault| fault.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
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
        for cell in ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            let written = csv(&["a"], [vec![cell]]).unwrap();
            let read = written.strip_prefix("a\n").unwrap().trim_start_matches('"');
            assert!(read.starts_with('\''), "{cell:?}: {written:?}");
        }
    }

    #[test]
    fn a_row_of_another_length_is_refused() {
        assert!(csv(&["a", "b"], [vec!["1"]]).is_err());
    }
}
