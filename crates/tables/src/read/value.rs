//! From a cell to a value: what a cell may hold in a column of some meaning, and what it may not.

use std::borrow::Cow;

use jiff::civil::Date;
use kadry_core::Email;

use super::fault::Fault;
use super::grid::{Cell, Shown};
use super::sheet::loses_digits;
use super::text::{clean, is_invisible, is_letter};

type Value<'a> = Result<Option<Cow<'a, str>>, Fault>;

/// Words by which programs say that they have no value. `Null` in the case of a name is not among them: people are called so.
const PLACEHOLDERS: [&str; 10] = [
    "NULL",
    "null",
    "(null)",
    "None",
    "nan",
    "NaN",
    "undefined",
    "N/A",
    "n/a",
    "[object Object]",
];

/// Returns the text of a cell; none if it is empty or holds only dashes.
pub(super) fn plain<'a>(cell: &'a Cell<'_>) -> Value<'a> {
    match cell {
        Cell::Empty => Ok(None),
        Cell::Merged => Err(Fault::Merged),
        Cell::Formula => Err(Fault::Formula),
        Cell::Bool(_) => Err(Fault::Boolean),
        Cell::Date(_) | Cell::NoDate => Err(Fault::DateHere),
        Cell::Error(error) => Err(Fault::ErrorValue(error.clone())),
        Cell::Number(number, shown) => {
            number_text(*number, *shown).map(|text| Some(Cow::Owned(text)))
        }
        Cell::Text(text) => plain_text(text),
    }
}

fn plain_text(text: &str) -> Value<'_> {
    let text = match clean(text) {
        Cow::Borrowed(text) => Cow::Borrowed(kept(text)),
        Cow::Owned(text) => Cow::Owned(kept(&text).to_owned()),
    };
    let first = text.chars().next();
    if text
        .chars()
        .all(|char| matches!(char, '-' | '–' | '—' | '−' | ' '))
    {
        return Ok(None);
    }
    if first == Some('=') {
        return Err(Fault::Formula);
    }
    if is_error(&text) {
        return Err(Fault::ErrorValue(text.into_owned()));
    }
    if PLACEHOLDERS.contains(&text.as_ref()) {
        return Err(Fault::Placeholder(text.into_owned()));
    }
    if text.contains("??")
        && text
            .chars()
            .all(|char| matches!(char, '?' | ' ' | '.' | '-'))
    {
        return Err(Fault::LettersLost);
    }
    Ok(Some(text))
}

/// Returns what a cell holds that was written so that a spreadsheet keeps its zeros, `="00042"`, or takes it for no formula, `'+7`.
fn kept(text: &str) -> &str {
    let quoted = text
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    let quoted = quoted.filter(|inner| !inner.contains('"'));
    let marked = text
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    quoted.or(marked).unwrap_or(text)
}

fn is_error(text: &str) -> bool {
    let spelt = |char: char| {
        char.is_uppercase() || char.is_ascii_digit() || matches!(char, '#' | '/' | '!' | '?' | '_')
    };
    let hash = text.starts_with('#')
        && text.chars().nth(2).is_some()
        && text.chars().all(spelt)
        && text.chars().any(char::is_alphabetic);
    hash || text
        .strip_prefix("Err:")
        .is_some_and(|code| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()))
}

fn number_text(number: f64, shown: Shown) -> Result<String, Fault> {
    let text = format!("{number}");
    match shown {
        Shown::Padded(width) if is_digits(&text) => Ok(format!("{text:0>width$}")),
        Shown::Padded(_) | Shown::Plain | Shown::Otherwise | Shown::Unseen => Ok(text),
    }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Refuses what a spreadsheet makes of a long number: scientific notation, a fraction, lost digits.
fn check_number(cell: &Cell<'_>, text: &str) -> Result<(), Fault> {
    if let Cell::Number(..) = cell {
        if !is_digits(text) {
            return Err(Fault::NotWhole);
        }
        return if loses_digits(text) {
            Err(Fault::DigitsLost)
        } else {
            Ok(())
        };
    }
    let number = |part: &str| is_digits(part.trim_start_matches(['+', '-']));
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
        let whole = mantissa.split_once([',', '.']);
        let is_number = whole.map_or_else(
            || number(mantissa),
            |(whole, fraction)| number(whole) && is_digits(fraction),
        );
        let signed = exponent.starts_with(['+', '-']) || whole.is_some();
        if is_number && signed && number(exponent) {
            return Err(Fault::Scientific);
        }
    }
    match text.split_once([',', '.']) {
        Some((whole, fraction))
            if is_digits(whole) && fraction.bytes().all(|byte| byte == b'0') =>
        {
            Err(Fault::NotWhole)
        }
        Some(_) | None => Ok(()),
    }
}

/// Returns the id of a person; whether its zeros may be lost is told elsewhere, from all the ids together.
pub(super) fn id<'a>(cell: &'a Cell<'_>) -> Value<'a> {
    let Some(text) = plain(cell)? else {
        return Ok(None);
    };
    check_number(cell, &text)?;
    if let Cell::Number(_, Shown::Otherwise) = cell {
        return Err(Fault::ShownOtherwise);
    }
    if let Cell::Text(raw) = cell {
        let visible: String = raw
            .trim()
            .chars()
            .filter(|char| !is_invisible(*char))
            .collect();
        if clean(&visible) != kept_len(&visible) {
            return Err(Fault::NotAnId);
        }
    }
    let odd = |char: char| {
        !char.is_alphanumeric()
            && !matches!(
                char,
                '-' | '_' | '.' | '/' | '\\' | ':' | ' ' | '#' | '@' | '+' | '{' | '}' | '|' | '№'
            )
    };
    if text.chars().any(odd) || !text.chars().any(char::is_alphanumeric) {
        return Err(Fault::NotAnId);
    }
    Ok(Some(text))
}

/// Returns the text with every odd space made plain, but with as many of them as there were.
fn kept_len(text: &str) -> String {
    let composed: String = unicode_normalization::UnicodeNormalization::nfc(text).collect();
    composed
        .chars()
        .map(|char| if char.is_whitespace() { ' ' } else { char })
        .collect()
}

/// Returns the e-mail address, spelt as it stands there.
pub(super) fn email<'a>(cell: &'a Cell<'_>) -> Value<'a> {
    let Some(text) = plain(cell)? else {
        return Ok(None);
    };
    if text.to_lowercase().contains("mailto:") || text.contains(['<', '>', '"']) {
        return Err(Fault::Decorated);
    }
    if text.matches('@').count() > 1
        || text.contains([';', '/'])
        || text.trim_end_matches(',').contains(',')
    {
        return Err(Fault::Several);
    }
    if text.contains(char::is_whitespace) {
        return Err(Fault::SpaceInside);
    }
    let Some((local, domain)) = text.split_once('@') else {
        return Err(Fault::NotAnEmail);
    };
    let mixed = domain.split(['.', '-']).any(is_mixed) || is_mixed(local);
    let foreign = local.chars().any(is_cyrillic) && !domain.chars().any(is_cyrillic);
    if mixed || foreign {
        return Err(Fault::MixedAlphabets);
    }
    let odd = |char: char| !char.is_ascii() && !char.is_alphanumeric();
    if text.ends_with(['.', ',']) || text.chars().any(odd) || Email::parse(&text).is_err() {
        return Err(Fault::NotAnEmail);
    }
    Ok(Some(text))
}

pub(super) const fn is_cyrillic(char: char) -> bool {
    matches!(char, '\u{400}'..='\u{52f}')
}

/// Reports whether a word has letters of more than one alphabet.
pub(super) fn is_mixed(word: &str) -> bool {
    let alphabet = |char: char| match char {
        'А'..='я' => Some(2),
        _ if !is_letter(char) => None,
        '\u{370}'..='\u{3ff}' => Some(1),
        '\u{400}'..='\u{52f}' => Some(2),
        '\u{530}'..='\u{58f}' => Some(3),
        '\u{10a0}'..='\u{10ff}' => Some(4),
        '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(0),
        _ => Some(5),
    };
    let mut alphabets = word.chars().filter_map(alphabet);
    let first = alphabets.next();
    alphabets.any(|alphabet| Some(alphabet) != first)
}

/// Returns the phone number as it stands there.
pub(super) fn phone<'a>(cell: &'a Cell<'_>) -> Value<'a> {
    let Some(text) = plain(cell)? else {
        return Ok(None);
    };
    check_number(cell, &text)?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.contains([',', ';', '/', '|'])
        || text.matches('+').count() > 1
        || (digits > 15 && !text.contains(char::is_alphabetic))
    {
        return Err(Fault::Several);
    }
    let known = |char: char| {
        char.is_ascii_digit() || matches!(char, '+' | ' ' | '(' | ')' | '-' | '–' | '‑' | '−' | '.')
    };
    if !text.chars().all(known) || digits < 3 || text.rfind('+').is_some_and(|at| at > 1) {
        return Err(Fault::NotAPhone);
    }
    Ok(Some(text))
}

/// Returns the date of a cell. The first day of the calendar is how 1С writes that there is none.
pub(super) fn date(cell: &Cell<'_>) -> Result<Option<Date>, Fault> {
    match cell {
        Cell::Date(date) => Ok(Some(*date)),
        Cell::NoDate => Err(Fault::NotADate),
        Cell::Number(..) => Err(Fault::NotADate),
        Cell::Empty
        | Cell::Text(_)
        | Cell::Bool(_)
        | Cell::Error(_)
        | Cell::Formula
        | Cell::Merged => {
            let Some(text) = plain(cell)? else {
                return Ok(None);
            };
            if text
                .chars()
                .all(|char| matches!(char, '.' | ' ' | ':' | '0'))
            {
                return Ok(None);
            }
            let date = read_date(&text).ok_or(Fault::NotADate)?;
            Ok(Some(date).filter(|date| date.year() > 1))
        }
    }
}

/// Returns the date that a text is, if it can be read in one way only.
pub(super) fn read_date(text: &str) -> Option<Date> {
    let text = text.trim_end_matches("г.").trim_end_matches(" г").trim();
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let known = |char: char| char.is_ascii_digit() || matches!(char, ':' | '.' | 'Z' | '+');
    if !time.chars().all(known) {
        return None;
    }
    let delimiter = day.chars().find(|char| !char.is_ascii_digit())?;
    let parts: Vec<&str> = day.split(delimiter).collect();
    let &[one, two, three] = parts.as_slice() else {
        return None;
    };
    if !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    let (year, month, day) = match (delimiter, one.len(), three.len()) {
        ('-' | '/' | '.', 4, 1..=2) => (one, two, three),
        ('.' | '-', 1..=2, 4) => (three, two, one),
        ('/', 1..=2, 4) => {
            // Britons and Americans write these in two orders.
            let (first, second): (i8, i8) = (one.parse().ok()?, two.parse().ok()?);
            match (first > 12, second > 12) {
                (true, false) => (three, two, one),
                (false, true) => (three, one, two),
                (false, false) if first == second => (three, two, one),
                (false, false) | (true, true) => return None,
            }
        }
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(Cow::Borrowed(text))
    }

    fn number(number: f64) -> Cell<'static> {
        Cell::Number(number, Shown::Plain)
    }

    fn good(value: &str) -> Result<Option<Cow<'_, str>>, Fault> {
        Ok(Some(Cow::Borrowed(value)))
    }

    #[test]
    fn what_is_no_value_is_nothing_or_a_fault() {
        for empty in ["", " \u{a0} ", "-", "—", "– –"] {
            assert_eq!(plain(&text(empty)), Ok(None), "{empty:?}");
        }
        assert_eq!(plain(&text("=A1")), Err(Fault::Formula));
        assert_eq!(plain(&Cell::Formula), Err(Fault::Formula));
        assert_eq!(plain(&text("?????? ????")), Err(Fault::LettersLost));
        assert_eq!(
            plain(&text("NULL")),
            Err(Fault::Placeholder("NULL".to_owned()))
        );
        assert_eq!(plain(&text("Null")), good("Null"));
        for error in ["#REF!", "#Н/Д", "#N/A", "#ЗНАЧ!", "#ИМЯ?", "Err:502"] {
            assert_eq!(
                plain(&text(error)),
                Err(Fault::ErrorValue(error.to_owned()))
            );
        }
        assert_eq!(plain(&Cell::Bool(true)), Err(Fault::Boolean));
        assert_eq!(plain(&Cell::Merged), Err(Fault::Merged));
    }

    #[test]
    fn ids_keep_their_zeros_and_their_letters() {
        for (cell, value) in [
            (text("00042"), "00042"),
            (text("=\"00042\""), "00042"),
            (text("ОП-000\u{200b}42"), "ОП-00042"),
            (text("12E5"), "12E5"),
            (number(42.0), "42"),
            (Cell::Number(42.0, Shown::Padded(5)), "00042"),
        ] {
            assert_eq!(id(&cell), good(value));
        }
        for (cell, fault) in [
            (text("7,90012E+10"), Fault::Scientific),
            (text("1E+05"), Fault::Scientific),
            (text("42.0"), Fault::NotWhole),
            (number(42.5), Fault::NotWhole),
            (number(-1.0), Fault::NotWhole),
            (number(1e17), Fault::DigitsLost),
            (text("1  2"), Fault::NotAnId),
            (text("'42"), Fault::NotAnId),
            (text("1;2"), Fault::NotAnId),
            (Cell::Number(42.0, Shown::Otherwise), Fault::ShownOtherwise),
        ] {
            assert_eq!(id(&cell), Err(fault), "{cell:?}");
        }
    }

    #[test]
    fn an_address_is_one_bare_address_in_one_alphabet() {
        for address in [
            "anna@example.test",
            "Anna.K@Example.TEST",
            "анна@почта.рф",
            "anna@почта.рф",
        ] {
            assert_eq!(email(&text(&format!(" {address}\u{a0}"))), good(address));
        }
        for (address, fault) in [
            ("mailto:anna@example.test", Fault::Decorated),
            ("Анна <anna@example.test>", Fault::Decorated),
            ("a@example.test, b@example.test", Fault::Several),
            ("a@example.test;b@example.test", Fault::Several),
            ("a@example.test b@example.test", Fault::Several),
            ("anna @example.test", Fault::SpaceInside),
            ("аnna@example.test", Fault::MixedAlphabets),
            ("anna@eхample.test", Fault::MixedAlphabets),
            ("сос@example.test", Fault::MixedAlphabets),
            ("anna@example.test.", Fault::NotAnEmail),
            ("anna@example.test,", Fault::NotAnEmail),
            ("anna@example", Fault::NotAnEmail),
            ("нет", Fault::NotAnEmail),
        ] {
            assert_eq!(email(&text(address)), Err(fault), "{address}");
        }
    }

    #[test]
    fn a_phone_number_stands_as_it_is_written() {
        for phone_number in ["+7 (000) 000-00-01", "80000000001", "8 000 000-00-01"] {
            assert_eq!(phone(&text(phone_number)), good(phone_number));
        }
        assert_eq!(phone(&number(79_001_234_567.0)), good("79001234567"));
        assert_eq!(phone(&text("'+70000000001")), good("+70000000001"));
        for (told, fault) in [
            ("+70000000001, +70000000002", Fault::Several),
            ("80000000001 80000000002", Fault::Several),
            ("8 000 000 00 01 доб. 5", Fault::NotAPhone),
            ("7,90012E+10", Fault::Scientific),
            ("79001234567.0", Fault::NotWhole),
            ("нет", Fault::NotAPhone),
        ] {
            assert_eq!(phone(&text(told)), Err(fault), "{told}");
        }
    }

    #[test]
    fn a_date_is_read_only_if_it_can_be_read_in_one_way() {
        let day = Date::new(2026, 11, 1).ok();
        for told in [
            "01.11.2026",
            "1.11.2026",
            "2026-11-01",
            "2026-11-01T00:00:00",
            "01.11.2026 0:00:00",
            "01.11.2026 г.",
        ] {
            assert_eq!(date(&text(told)), Ok(day), "{told}");
        }
        assert_eq!(date(&text("13/11/2026")), Ok(Date::new(2026, 11, 13).ok()));
        for empty in ["", "  .  .    ", "01.01.0001", "01.01.0001 0:00:00"] {
            assert_eq!(date(&text(empty)), Ok(None), "{empty}");
        }
        for told in ["01/11/2026", "31.02.2026", "01.11.26", "вчера", "45992"] {
            assert_eq!(date(&text(told)), Err(Fault::NotADate), "{told}");
        }
        assert_eq!(date(&number(45992.0)), Err(Fault::NotADate));
    }
}
