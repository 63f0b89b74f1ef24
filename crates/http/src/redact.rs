//! What must not reach a log or an error.

use reqwest::header::HeaderMap;

/// Headers that say who we are.
const SECRET_HEADERS: [&str; 7] = [
    "authorization",
    "proxy-authorization",
    "access-token",
    "client",
    "uid",
    "cookie",
    "set-cookie",
];

/// A run of digits of this length may be a telephone number or the number of a document.
const SHORTEST_NUMBER: usize = 10;

/// A run of letters and digits of this length may be a token.
const SHORTEST_SECRET: usize = 24;

/// A shorter word after “token:” is a word of the sentence.
const SHORTEST_ANNOUNCED: usize = 6;

const UUID_LENGTH: usize = 36;

/// What is shown in place of a secret.
pub(crate) const SECRET: &str = "[secret]";

/// Marks the headers that say who we are, so that nothing prints them or puts them into a table of compressed headers.
pub(crate) fn hide(headers: &mut HeaderMap) {
    for (name, value) in headers.iter_mut() {
        if SECRET_HEADERS.contains(&name.as_str()) {
            value.set_sensitive(true);
        }
    }
}

/// Returns the text without anything that looks like an e-mail, a telephone number, a token or another secret.
///
/// Ids stay: short numbers and UUIDs.
///
/// # Examples
///
/// ```
/// let said = "anna@example.test is taken by 12345";
/// assert_eq!(kadry_http::scrub(said), "[e-mail] is taken by 12345");
/// ```
#[must_use]
pub fn scrub(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = Before::default();
    while let Some(first) = rest.chars().next() {
        if let Some(tail) = rest.strip_prefix(SECRET) {
            clean.push_str(SECRET);
            before = Before::default();
            rest = tail;
            continue;
        }
        let (length, shown) = if let Some(length) = uuid_length(rest) {
            (length, None)
        } else if let Some(length) = number_length(rest) {
            (length, Some("[number]"))
        } else if is_delimiter(first) {
            (first.len_utf8(), None)
        } else {
            let length = rest.find(is_delimiter).unwrap_or(rest.len());
            let shown = replacement(&rest[..length], before.announces_secret());
            (length, shown)
        };
        let (piece, tail) = rest.split_at(length);
        clean.push_str(shown.unwrap_or(piece));
        if is_delimiter(first) {
            before.assigned |= matches!(first, ':' | '=');
        } else {
            before = Before {
                word: piece,
                assigned: false,
            };
        }
        rest = tail;
    }
    clean
}

/// What stands before a word.
#[derive(Default)]
struct Before<'a> {
    word: &'a str,
    assigned: bool,
}

impl Before<'_> {
    /// Reports whether the next word is a secret, whatever it looks like.
    fn announces_secret(&self) -> bool {
        let word = self.word.to_ascii_lowercase();
        if word.starts_with("invalid_") {
            // The code of an error (RFC 6750, section 3.1), which a sentence follows.
            return false;
        }
        let is_name = ["token", "secret", "password"]
            .iter()
            .any(|name| word.ends_with(name));
        word == "bearer" || (is_name && self.assigned)
    }
}

fn is_delimiter(symbol: char) -> bool {
    symbol.is_whitespace() || "\"'`<>()[]{},:;|/?&=".contains(symbol)
}

/// Returns what to show in place of a word, or nothing if it may be shown.
fn replacement(word: &str, announced: bool) -> Option<&'static str> {
    if word.contains('@') || word.contains("%40") {
        return Some("[e-mail]");
    }
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let long = word.len() >= SHORTEST_SECRET && digits > 0 && letters > 0;
    if (announced && word.len() >= SHORTEST_ANNOUNCED) || long {
        return Some(SECRET);
    }
    (digits >= SHORTEST_NUMBER && letters == 0).then_some("[number]")
}

fn uuid_length(text: &str) -> Option<usize> {
    let candidate = text.as_bytes().get(..UUID_LENGTH)?;
    let shaped = candidate.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ended = text
        .as_bytes()
        .get(UUID_LENGTH)
        .is_none_or(|byte| !byte.is_ascii_alphanumeric() && !b"@-_%".contains(byte));
    (shaped && ended).then_some(UUID_LENGTH)
}

/// Returns the length of a number that begins here and is written with blanks, brackets or dashes, if it is long enough.
fn number_length(text: &str) -> Option<usize> {
    let mut digits = 0;
    let mut end = 0;
    let mut between = 0;
    for (at, symbol) in text.char_indices() {
        if symbol.is_ascii_digit() {
            digits += 1;
            between = 0;
            end = at + 1;
        } else if matches!(symbol, ' ' | '\u{a0}' | '-' | '(' | ')' | '.' | '+') && between < 2 {
            between += 1;
        } else {
            break;
        }
    }
    let goes_on = text[end..].starts_with(|symbol: char| symbol.is_alphanumeric() || symbol == '@');
    let begins = text.starts_with(|symbol: char| symbol.is_ascii_digit() || "+(".contains(symbol));
    (begins && digits >= SHORTEST_NUMBER && !goes_on).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_secrets_are_taken_out() {
        for (text, clean) in [
            ("anna@example.test", "[e-mail]"),
            ("<анна@пример.test>", "<[e-mail]>"),
            ("login=anna%40example.test&page=2", "login=[e-mail]&page=2"),
            (
                "phone +7 (999) 123-45-67 is taken",
                "phone [number] is taken",
            ),
            ("89991234567", "[number]"),
            (
                "Authorization: Bearer abcdef",
                "Authorization: Bearer [secret]",
            ),
            ("{\"password\":\"qwerty\"}", "{\"password\":\"[secret]\"}"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[secret]"),
            ("0123456789abcdef0123456789abcdef", "[secret]"),
        ] {
            assert_eq!(scrub(text), clean);
        }
    }

    #[test]
    fn ids_and_words_stay() {
        for text in [
            "",
            "no such tag 12345, see 678",
            "the access token expired, the password is wrong",
            "invalid_token: Access token is missing or invalid",
            "/boxes/11111111-2222-3333-4444-555555555555/employees/42",
            "data/attributes/phone is invalid",
            "Отдел продаж не найден",
        ] {
            assert_eq!(scrub(text), text);
        }
    }

    #[test]
    fn what_was_taken_out_already_stays_as_it_is() {
        for text in [
            "Bearer [secret] is wrong",
            "token=[secret]&password: [secret]",
            "<[e-mail]>, [number]",
        ] {
            assert_eq!(scrub(text), text);
        }
    }

    #[test]
    fn headers_that_say_who_we_are_are_hidden() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "access-token",
            reqwest::header::HeaderValue::from_static("qwerty"),
        );
        hide(&mut headers);
        assert!(!format!("{headers:?}").contains("qwerty"));
    }
}
