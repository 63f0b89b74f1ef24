//! What a call carries that must not come back in what is said about it.

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap};
use secrecy::{ExposeSecret as _, SecretString};

use crate::redact::SECRET;

/// A text with fewer letters hides nothing, and taking it out would tear other words apart.
const SHORTEST: usize = 4;

/// The secrets of one call, known exactly: unlike [`crate::scrub`] this does not depend on what they look like.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Adds a secret, unless it is too short to be one.
    pub(crate) fn add(&mut self, secret: &str) {
        let secret = secret.trim();
        let is_known = self.0.iter().any(|known| known.expose_secret() == secret);
        if secret.chars().count() >= SHORTEST && !is_known {
            self.0.push(SecretString::from(secret));
        }
    }

    /// Adds what stands in the headers that are marked as sensitive.
    pub(crate) fn add_sensitive(&mut self, headers: &HeaderMap) {
        for (name, value) in headers.iter().filter(|(_, value)| value.is_sensitive()) {
            let Ok(text) = std::str::from_utf8(value.as_bytes()) else {
                continue;
            };
            if name == AUTHORIZATION {
                // The scheme before the blank is no secret.
                self.add(text.split_once(' ').map_or(text, |(_, secret)| secret));
            } else if name == COOKIE {
                let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
                pairs.for_each(|(_, secret)| self.add(secret));
            } else {
                self.add(text);
            }
        }
    }

    /// Reports whether one of the secrets stands in a text.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.without(text.as_bytes()).is_some()
    }

    /// Returns the text without the secrets.
    pub(crate) fn conceal(&self, text: &str) -> String {
        match self.without(text.as_bytes()) {
            Some(clean) => String::from_utf8_lossy(&clean).into_owned(),
            None => text.to_owned(),
        }
    }

    /// Returns the body without the secrets.
    pub(crate) fn conceal_body(&self, body: &Bytes) -> Bytes {
        self.without(body).map_or_else(|| body.clone(), Bytes::from)
    }

    /// Returns the text without the secrets, if there are any in it.
    fn without(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.0.is_empty() {
            return None;
        }
        let mut clean = Vec::new();
        let mut rest = text;
        while let Some((first, tail)) = rest.split_first() {
            if let Some(length) = self.longest_at_start(rest) {
                clean.extend_from_slice(SECRET.as_bytes());
                rest = &rest[length..];
            } else {
                clean.push(*first);
                rest = tail;
            }
        }
        (clean != text).then_some(clean)
    }

    fn longest_at_start(&self, text: &[u8]) -> Option<usize> {
        let secrets = self.0.iter().map(|secret| secret.expose_secret());
        let lengths = secrets.filter_map(|secret| length_of(secret.as_bytes(), text));
        lengths.max()
    }
}

/// Returns the length of the secret at the start of a text, as it is or as an address, a form or JSON writes it, in any case: what
/// passes through other hands may change its case.
fn length_of(secret: &[u8], text: &[u8]) -> Option<usize> {
    // Nearly no place in a text is the start of a secret.
    lengths_of(*secret.first()?, text).next()?;
    // A secret with a percent sign or a backslash in it can be read in more than one way.
    let mut ends = vec![0];
    for expected in secret {
        ends = ends
            .iter()
            .flat_map(|begin| {
                lengths_of(*expected, &text[*begin..]).map(move |length| begin + length)
            })
            .collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.is_empty() {
            return None;
        }
    }
    ends.into_iter().max()
}

/// Returns the lengths with which one byte of a secret may be written at the start of a text.
fn lengths_of(expected: u8, text: &[u8]) -> impl Iterator<Item = usize> {
    let plain = text.first().map(|byte| (*byte, 1));
    let encoded = match text {
        [b'%', high, low, ..] => of_digits(*high, *low).map(|byte| (byte, 3)),
        [b'\\', b'u', b'0', b'0', high, low, ..] => of_digits(*high, *low).map(|byte| (byte, 6)),
        [b'\\', escaped, ..] => Some((*escaped, 2)),
        [b'+', ..] => Some((b' ', 1)),
        _ => None,
    };
    let spellings = plain.into_iter().chain(encoded);
    spellings
        .filter(move |(byte, _)| byte.eq_ignore_ascii_case(&expected))
        .map(|(_, length)| length)
}

fn of_digits(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(secrets: &[&str]) -> Secrets {
        let mut all = Secrets::default();
        secrets.iter().for_each(|secret| all.add(secret));
        all
    }

    #[test]
    fn the_longest_of_several_secrets_is_taken_out() {
        let secrets = of(&["kanareyka", "kanareyka-vtoraya", "synitsa"]);
        assert_eq!(
            secrets.conceal("Kanareyka-vtoraya, kanareyka-2 и synitsasynitsa"),
            "[secret], [secret]-2 и [secret][secret]"
        );
    }

    #[test]
    fn a_secret_with_signs_of_an_encoding_in_it_is_found_as_it_is_and_encoded() {
        let secrets = of(&["100%25+\\\"б"]);
        for text in [
            "100%25+\\\"б",
            "100%2525%2B%5C%22%D0%B1",
            "100%25+\\\\\\\"б",
        ] {
            assert_eq!(secrets.conceal(text), "[secret]", "{text}");
        }
        assert_eq!(secrets.conceal("100%25 %"), "100%25 %");
    }

    #[test]
    fn a_text_without_secrets_stays_byte_for_byte() {
        let secrets = of(&["qwerty", "да!"]);
        for text in ["", "%", "%zz \\u00", "qwert", "да! но нет"] {
            assert!(!secrets.are_in(text));
            assert_eq!(secrets.conceal(text), text);
        }
        assert!(secrets.are_in("id-qwertY-1"));
    }
}
