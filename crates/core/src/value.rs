//! What a value of a person must be like before it is asked of any platform.

use crate::employee::FieldName;

/// The longest value, in letters, where no platform documents a smaller limit.
const LONGEST: usize = 255;

/// How many digits a phone number has: from the shortest that is dialled inside an organisation to the longest with an extension.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=20;

/// What is wrong with a value that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadValue {
    /// It holds a line break or another character that cannot be seen.
    #[error("the value holds a line break or another character that cannot be seen")]
    Unseen,
    /// It is longer than any name, title or id.
    #[error("the value is longer than {most} characters")]
    TooLong {
        /// The longest that is taken.
        most: usize,
    },
    /// It is no phone number.
    #[error("the value is no phone number")]
    NoPhone,
}

impl FieldName {
    /// Checks a value that somebody asks for this field. What a platform refuses beyond that is the platform's to say; an e-mail
    /// address is judged where it is parsed.
    ///
    /// # Errors
    ///
    /// [`BadValue`] for a value that would be written although nobody can mean it.
    pub fn check(self, value: &str) -> Result<(), BadValue> {
        if value.chars().any(is_unseen) {
            return Err(BadValue::Unseen);
        }
        if self != Self::Email && value.chars().count() > LONGEST {
            return Err(BadValue::TooLong { most: LONGEST });
        }
        if self == Self::Phone && !is_phone(value) {
            return Err(BadValue::NoPhone);
        }
        Ok(())
    }
}

/// Reports whether a letter ends a line, commands a terminal or turns the direction of writing.
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

fn is_phone(value: &str) -> bool {
    let value = value.trim();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let beside = |letter: char| letter.is_whitespace() || "-‐‑–().".contains(letter);
    let rest = value.strip_prefix('+').unwrap_or(value);
    let is_dialled = |letter: char| letter.is_ascii_digit() || beside(letter);
    DIGITS.contains(&digits) && rest.chars().all(is_dialled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_digits_and_what_people_write_between_them() {
        for phone in [
            "+7 (900) 000-00-01",
            "88005553535",
            "8.800.000.00.00",
            "12345",
            "+7 900 000‑00‑01",
        ] {
            assert_eq!(FieldName::Phone.check(phone), Ok(()), "{phone}");
        }
        for phone in [
            "abc",
            "",
            "1234",
            "7+900",
            "+7 900 x",
            "123456789012345678901",
        ] {
            assert_eq!(
                FieldName::Phone.check(phone),
                Err(BadValue::NoPhone),
                "{phone}"
            );
        }
        assert_eq!(FieldName::Title.check("abc"), Ok(()));
    }

    #[test]
    fn a_value_that_breaks_a_line_or_commands_a_terminal_is_refused_in_every_field() {
        for value in [
            "Анна\nОрлова",
            "Анна\tО",
            "\u{1b}[2J",
            "a\u{202e}b",
            "a\u{2028}b",
        ] {
            for field in FieldName::ALL {
                assert_eq!(field.check(value), Err(BadValue::Unseen), "{value:?}");
            }
        }
        assert_eq!(
            FieldName::LastName.check("Римская\u{2011}Корсакова"),
            Ok(())
        );
    }

    #[test]
    fn a_value_has_an_upper_bound_that_is_counted_in_letters() {
        let most = "Ю".repeat(LONGEST);
        assert_eq!(FieldName::Title.check(&most), Ok(()));
        assert_eq!(
            FieldName::Title.check(&format!("{most}Ю")),
            Err(BadValue::TooLong { most: LONGEST })
        );
    }
}
