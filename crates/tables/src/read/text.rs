//! From bytes to a text that can be trusted.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};
use unicode_normalization::UnicodeNormalization as _;

use super::fault::{Garble, RosterError, Spot};

/// Returns the text of a file: UTF-8 with or without a mark, UTF-16 with one, or else Windows-1251.
///
/// # Errors
///
/// [`RosterError`] with the place where the text shows that it is none of these, or that it was spoiled before it was saved.
pub(super) fn decode(bytes: &[u8]) -> Result<String, RosterError> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => match std::str::from_utf8(rest) {
            Ok(text) => text.to_owned(),
            Err(fault) => return Err(not_utf8(rest, &fault)),
        },
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(fault) if fault.error_len().is_none() || mostly_utf8(bytes) => {
                return Err(not_utf8(bytes, &fault));
            }
            Err(_) => windows_1251(bytes)?,
        },
    };
    check(&text)?;
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, RosterError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut units = pairs.iter().map(|pair| unit(*pair)).peekable();
    for decoded in char::decode_utf16(std::iter::from_fn(|| units.next())) {
        match decoded {
            Ok(char) => text.push(char),
            Err(_) => {
                let at = spot(&text, text.len());
                return Err(RosterError::CutInCharacter(at));
            }
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        Err(RosterError::CutInCharacter(spot(&text, text.len())))
    }
}

fn not_utf8(bytes: &[u8], fault: &std::str::Utf8Error) -> RosterError {
    let good = bytes.get(..fault.valid_up_to()).unwrap_or_default();
    let good = String::from_utf8_lossy(good);
    let at = spot(&good, good.len());
    match fault.error_len() {
        None => RosterError::CutInCharacter(at),
        Some(_) => RosterError::Garbled {
            at,
            how: Garble::UnknownEncoding,
        },
    }
}

/// Reports whether the bytes are UTF-8 that was damaged: in Windows-1251 hardly two bytes in a row happen to be UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk
            .valid()
            .chars()
            .filter(|char| !char.is_ascii())
            .count();
        bad += chunk.invalid().len();
    }
    good > bad
}

fn windows_1251(bytes: &[u8]) -> Result<String, RosterError> {
    let (text, _) = WINDOWS_1251.decode_without_bom_handling(bytes);
    // Letters that no Slavic language of ours uses: the other Cyrillic encodings have their letters in these places.
    let (mut letters, mut strange, mut first) = (0_usize, 0_usize, None);
    let (mut words, mut inverted) = (0_usize, 0_usize);
    for (at, char) in text.char_indices().filter(|(_, char)| !char.is_ascii()) {
        letters += 1;
        if matches!(char, 'А'..='я') {
            continue;
        }
        if "ЂЃѓ‡€‰ЉЊЌЋЏђљњќћџЎўЈ¤¦¬\u{ad}®Ѕѕј\u{98}‚".contains(char)
        {
            strange += 1;
            first = first.or(Some(at));
        }
    }
    // KOI8-R has its letters where Windows-1251 has them, with the case turned round.
    for word in text.split(|char: char| !is_letter(char)) {
        let mut chars = word.chars();
        if word.is_ascii() || word.chars().count() < 3 {
            continue;
        }
        words += 1;
        if chars.next().is_some_and(char::is_lowercase) && chars.all(char::is_uppercase) {
            inverted += 1;
        }
    }
    let at = if strange * 50 > letters {
        first
    } else if inverted * 2 > words {
        text.find(|char: char| !char.is_ascii())
    } else {
        None
    };
    match at {
        Some(at) => Err(RosterError::Garbled {
            at: spot(&text, at),
            how: Garble::UnknownEncoding,
        }),
        None => Ok(text.into_owned()),
    }
}

/// Refuses a text that was spoiled before it was saved.
fn check(text: &str) -> Result<(), RosterError> {
    let mut run = None;
    for (at, char) in text.char_indices() {
        if char.is_ascii() {
            if char.is_ascii_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}') {
                let at = spot(text, at);
                return Err(match char {
                    '\0' => RosterError::Nul(at),
                    _ => garbled(at, Garble::Control),
                });
            }
            if let Some(start) = run.take() {
                check_run(text, start, at)?;
            }
            continue;
        }
        run = run.or(Some(at));
        match char {
            '\u{fffd}' => return Err(garbled(spot(text, at), Garble::Lost)),
            '\u{80}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                // C1 controls are also what UTF-8 read as Latin-1 leaves.
                return Err(garbled(spot(text, at), Garble::Control));
            }
            _ => {}
        }
    }
    run.map_or(Ok(()), |start| check_run(text, start, text.len()))
}

fn garbled(at: Spot, how: Garble) -> RosterError {
    RosterError::Garbled { at, how }
}

fn check_run(text: &str, start: usize, end: usize) -> Result<(), RosterError> {
    let run = text.get(start..end).unwrap_or_default();
    let twice = match run.chars().next() {
        Some('Р' | 'С') => undoes(run, WINDOWS_1251),
        Some('Ð' | 'Ñ') => undoes(run, WINDOWS_1252),
        Some('À'..='ÿ') => {
            run.chars().count() > 3 && run.chars().all(|char| matches!(char, 'À'..='ÿ'))
        }
        Some(_) | None => false,
    };
    if twice {
        return Err(garbled(spot(text, start), Garble::TwiceEncoded));
    }
    Ok(())
}

/// Reports whether the text is Russian in UTF-8 that was read in this encoding: written back in it, it is UTF-8 again.
fn undoes(run: &str, encoding: &'static Encoding) -> bool {
    // A single letter may be chance: «Рё» begins a surname. Two in a row are not.
    if run.chars().nth(3).is_none() {
        return false;
    }
    let (bytes, _, unmappable) = encoding.encode(run);
    let Ok(undone) = std::str::from_utf8(&bytes) else {
        return false;
    };
    !unmappable
        && undone
            .chars()
            .filter(|char| matches!(char, 'А'..='я' | 'Ё' | 'ё'))
            .count()
            > 1
}

/// Returns the line and the character of a byte of the text.
pub(super) fn spot(text: &str, at: usize) -> Spot {
    let before = text.get(..at).unwrap_or(text);
    let mut place = Spot { line: 1, column: 1 };
    let mut chars = before.chars().peekable();
    while let Some(char) = chars.next() {
        let ends = char == '\n' || (char == '\r' && chars.peek() != Some(&'\n'));
        if ends {
            place.line += 1;
            place.column = 1;
        } else if char != '\r' {
            place.column += 1;
        }
    }
    place
}

/// Returns the text composed, without invisible characters, trimmed, and with one plain space wherever there was any space.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let plain = |char: char| match char {
        ' ' | 'А'..='я' => true,
        _ if char.is_ascii() => !char.is_ascii_control(),
        _ => !char.is_whitespace() && !is_invisible(char) && !is_combining(char),
    };
    let trimmed = text.trim();
    if trimmed.chars().all(plain) && !trimmed.contains("  ") {
        return Cow::Borrowed(trimmed);
    }
    let mut cleaned = String::with_capacity(text.len());
    for char in text.nfc().filter(|char| !is_invisible(*char)) {
        if !char.is_whitespace() {
            cleaned.push(char);
        } else if !cleaned.ends_with(' ') {
            cleaned.push(' ');
        }
    }
    Cow::Owned(cleaned.trim().to_owned())
}

/// Reports whether a character is a letter, quickly for those that most names are made of.
pub(super) fn is_letter(char: char) -> bool {
    match char {
        'А'..='я' | 'a'..='z' | 'A'..='Z' => true,
        _ if char.is_ascii() => false,
        _ => char.is_alphabetic(),
    }
}

const fn is_combining(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}')
}

pub(super) const fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ФИО;Почта\nРёмина Анна «Ё» №1 – ©;anna@example.test\n";

    fn told(bytes: &[u8]) -> String {
        decode(bytes).unwrap_or_else(|fault| format!("{fault:?}"))
    }

    #[test]
    fn every_encoding_reads_the_same() {
        let (cp1251, _, _) = WINDOWS_1251.encode(TEXT);
        let le: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(TEXT.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let be: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(TEXT.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        let marked = format!("\u{feff}{TEXT}");
        for bytes in [TEXT.as_bytes(), marked.as_bytes(), &cp1251, &le, &be] {
            assert_eq!(told(bytes), TEXT);
        }
    }

    #[test]
    fn other_encodings_are_refused_with_a_place() {
        let words = "ФИО;Почта\nИванова Анна Петровна;anna@example.test\n";
        for label in ["ibm866", "koi8-r", "x-mac-cyrillic"] {
            let encoding = Encoding::for_label(label.as_bytes());
            let (bytes, _, _) = encoding.unwrap_or(WINDOWS_1251).encode(words);
            let told = told(&bytes);
            assert!(told.contains("line: 1"), "{label}: {told}");
            assert!(
                told.contains("UnknownEncoding") || told.contains("Control"),
                "{label}: {told}"
            );
        }
    }

    #[test]
    fn what_was_encoded_twice_is_refused_and_a_name_is_not() {
        for encoding in [WINDOWS_1251, WINDOWS_1252] {
            let (twice, _) = encoding.decode_without_bom_handling("Почта".as_bytes());
            let told = told(format!("id\n1;{twice}").as_bytes());
            assert_eq!(
                told,
                "Garbled { at: Spot { line: 2, column: 3 }, how: TwiceEncoded }".to_owned()
            );
        }
        let (latin, _) = WINDOWS_1252.decode_without_bom_handling(b"\xc8\xe2\xe0\xed\xee\xe2");
        assert!(told(latin.as_bytes()).contains("TwiceEncoded"));
        for name in ["Сірко", "Рёмер", "Müller", "Сёмина", "Ðorđe"] {
            assert_eq!(told(name.as_bytes()), name);
        }
    }

    #[test]
    fn spoiled_text_is_told_with_its_place() {
        for (bytes, text) in [
            (&b"a\r\nb\0"[..], "Nul(Spot { line: 2, column: 2 })"),
            (
                "a\rb\u{fffd}".as_bytes(),
                "Garbled { at: Spot { line: 2, column: 2 }, how: Lost }",
            ),
            (
                b"a\n\x07",
                "Garbled { at: Spot { line: 2, column: 1 }, how: Control }",
            ),
            (
                b"\xd0\x90\n\xd0",
                "CutInCharacter(Spot { line: 2, column: 1 })",
            ),
            (
                b"\xff\xfea\0b",
                "CutInCharacter(Spot { line: 1, column: 2 })",
            ),
            (
                b"\xef\xbb\xbfab\xc8\xc2c",
                "Garbled { at: Spot { line: 1, column: 3 }, how: UnknownEncoding }",
            ),
        ] {
            assert_eq!(told(bytes), text);
        }
    }

    #[test]
    fn odd_spaces_and_invisible_characters_are_cleaned() {
        assert_eq!(clean(" Анна\u{a0}\u{2009} Мария\r\n"), "Анна Мария");
        assert_eq!(clean("\u{feff}ан\u{ad}на\u{200b}"), "анна");
        assert_eq!(clean("Андреи\u{306}"), "Андрей");
        assert!(matches!(clean(" а б "), Cow::Borrowed("а б")));
    }
}
