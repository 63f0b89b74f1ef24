//! What a workbook allows in the name of a sheet and in a cell.

use std::borrow::Cow;

/// How long the name of a sheet can be, in units of UTF-16.
const NAME_UNITS: usize = 31;

/// How long the text of a cell can be, in units of UTF-16.
const CELL_UNITS: usize = 32_767;

/// Returns a name for a sheet: as it is wished, as far as a workbook allows it, and with a number if it is taken.
pub(super) fn sheet_name(wish: &str, taken: &[String]) -> String {
    let allowed = |c: char| match c {
        '[' | ']' | '*' | '?' | ':' | '/' | '\\' => '_',
        c if c.is_control() || is_no_letter(c) => '_',
        c => c,
    };
    let name: String = wish.chars().map(allowed).collect();
    let name = bare(&name);
    let name = match name.to_lowercase().as_str() {
        "" => "-".to_owned(),
        // Excel keeps this one for itself.
        "history" => format!("{name}_"),
        _ => name.to_owned(),
    };
    let is_free = |name: &String| {
        taken
            .iter()
            .all(|other| other.to_lowercase() != name.to_lowercase())
    };
    let numbered = (2..).map(|number: u32| {
        let ending = format!(" {number}");
        let room = NAME_UNITS.saturating_sub(ending.len());
        format!("{}{ending}", bare(start(&name, room)))
    });
    let mut names = std::iter::once(bare(start(&name, NAME_UNITS)).to_owned()).chain(numbered);
    names.find(is_free).unwrap_or(name)
}

/// Without what must not stand at either end.
fn bare(name: &str) -> &str {
    name.trim_matches(|c: char| c == '\'' || c.is_whitespace())
}

/// Returns a text that a cell can hold: its line ends as Excel writes them, without controls, and cut where it is too long.
pub(super) fn cell_text(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || is_no_letter(c);
    let mut text = Cow::Borrowed(text);
    if text.contains(is_odd) {
        let text = text.to_mut();
        *text = text.replace("\r\n", "\n").replace('\r', "\n");
        text.retain(|c| !is_odd(c));
    }
    // A letter is never shorter in UTF-8 than in UTF-16.
    if text.len() > CELL_UNITS && units(&text) > CELL_UNITS {
        text = Cow::Owned(format!("{}…", start(&text, CELL_UNITS - 1)));
    }
    text
}

/// What XML has no room for, though Unicode has.
const fn is_no_letter(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Returns as much of the beginning as so many units of UTF-16 hold.
fn start(text: &str, most: usize) -> &str {
    let mut room = most;
    for (at, letter) in text.char_indices() {
        match room.checked_sub(letter.len_utf16()) {
            Some(left) => room = left,
            None => return &text[..at],
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_sheet_is_one_that_excel_opens() {
        let long = "Люди, у которых остался доступ к чему-нибудь";
        for (wish, name) in [
            ("Люди", "Люди"),
            ("a/b\\c:d*e?f[g]h\n", "a_b_c_d_e_f_g_h_"),
            ("'Люди' ", "Люди"),
            ("", "-"),
            ("''", "-"),
            ("History", "History_"),
            (long, "Люди, у которых остался доступ"),
            (&"😀".repeat(20), &"😀".repeat(15)),
        ] {
            assert_eq!(sheet_name(wish, &[]), name);
            assert!(
                rust_xlsxwriter::utility::check_sheet_name(name).is_ok(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut taken = vec!["Люди".to_owned()];
        for name in ["люди 2", "люди 3"] {
            let free = sheet_name("люди", &taken);
            assert_eq!(free, name);
            taken.push(free);
        }
        let long = "x".repeat(40);
        let taken = [sheet_name(&long, &[])];
        assert_eq!(sheet_name(&long, &taken), format!("{} 2", "x".repeat(29)));
    }

    #[test]
    fn a_cell_holds_what_excel_can_hold() {
        assert!(matches!(cell_text("Орлова\n\tАнна"), Cow::Borrowed(_)));
        assert_eq!(cell_text("a\0\u{1b}[31mb\u{7f}\u{ffff}\u{85}c"), "a[31mbc");
        assert_eq!(cell_text("a\r\nb\rc"), "a\nb\nc");
        let whole = "я".repeat(CELL_UNITS);
        assert_eq!(cell_text(&whole), whole);
        for long in [
            "я".repeat(CELL_UNITS + 1),
            "😀".repeat(CELL_UNITS),
            format!("a{}", "😀".repeat(CELL_UNITS)),
        ] {
            let cut = cell_text(&long);
            assert!(
                cut.ends_with('…') && units(&cut) <= CELL_UNITS && units(&cut) + 2 > CELL_UNITS
            );
        }
    }
}
