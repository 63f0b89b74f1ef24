//! Comparing what people type with what platforms hold.

use unicode_normalization::UnicodeNormalization as _;

use crate::employee::{Email, FieldName};

/// Returns the text in the form in which names are compared: composed, one blank between words, lower case, ё as е.
#[must_use]
pub fn fold(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
        .replace('ё', "е")
}

/// Returns the candidate that is nearest to what was typed, if it is near enough to be what was meant.
#[must_use]
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = fold(typed);
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&typed, &fold(candidate)), candidate))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Reports whether two values of a field mean the same: blanks are collapsed, e-mails fold their case, phones compare by digits.
#[must_use]
pub fn same_value(field: FieldName, one: &str, other: &str) -> bool {
    match field {
        FieldName::Email => Email::of_record(one) == Email::of_record(other),
        FieldName::Phone => digits(one) == digits(other),
        FieldName::ExternalId => one.trim() == other.trim(),
        FieldName::LastName
        | FieldName::FirstName
        | FieldName::MiddleName
        | FieldName::Title
        | FieldName::Department => words(one) == words(other),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.nfc().collect())
        .collect()
}

/// The digits of a Russian number, whether it was written with 8, with +7 or without either.
fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('8') {
        Some(rest) if digits.len() == 11 => format!("7{rest}"),
        Some(_) | None => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_blanks_case_yo_and_composition() {
        assert_eq!(fold("  ОТДЕЛ   Учёта "), "отдел учета");
        assert_eq!(fold("Уче\u{308}т"), fold("Учёт"));
    }

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        assert_eq!(
            nearest("Бухгалтрия", ["Продажи", "Бухгалтерия"]),
            Some("Бухгалтерия")
        );
        assert_eq!(nearest("Склад", ["Продажи", "Бухгалтерия"]), None);
    }

    #[test]
    fn phones_compare_by_digits_and_names_keep_their_case() {
        assert!(same_value(
            FieldName::Phone,
            "+7 (000) 000-00-01",
            "80000000001"
        ));
        assert!(same_value(
            FieldName::FirstName,
            "Анна  Сергеевна",
            "Анна Сергеевна "
        ));
        assert!(!same_value(FieldName::FirstName, "анна", "Анна"));
    }
}
