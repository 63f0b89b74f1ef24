//! Comparing what people type with what platforms hold.

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use crate::employee::{Email, FieldName};

/// Returns the text in the form in which names are compared: composed, one blank between words, lower case, ё as е.
#[must_use]
pub fn fold(text: &str) -> String {
    // Of the letters only sigma is written in another way at the end of a word.
    if is_composed(text) && !text.contains('Σ') {
        return fold_composed(text);
    }
    let composed: String = text.nfc().collect();
    composed
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
        .replace('ё', "е")
}

/// Reports whether a text is composed for certain. Latin and Cyrillic letters below the combining marks are, and names consist of them.
fn is_composed(text: &str) -> bool {
    let is_letter = |letter| matches!(letter, '\0'..'\u{300}' | '\u{400}'..='\u{482}');
    text.chars().all(is_letter) || is_nfc_quick(text.chars()) == IsNormalized::Yes
}

/// Folds what is composed already in one go: a hundred thousand people have names.
fn fold_composed(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for letter in word.chars().flat_map(char::to_lowercase) {
            folded.push(if letter == 'ё' { 'е' } else { letter });
        }
    }
    folded
}

/// Returns the candidate that is nearest to what was typed, if it is near enough to be what was meant.
#[must_use]
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = near(typed, candidates).into_iter();
    near.max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Returns the few candidates that are near enough to be what was meant, the nearest first.
#[must_use]
pub fn nearest_few<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    few: usize,
) -> Vec<&'a str> {
    let mut near = near(typed, candidates);
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut told: Vec<&str> = Vec::new();
    for (_, candidate) in near {
        if told.len() < few && !told.contains(&candidate) {
            told.push(candidate);
        }
    }
    told
}

fn near<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<(f64, &'a str)> {
    let typed = fold(typed);
    let scored = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&typed, &fold(candidate)), candidate));
    scored.filter(|(score, _)| *score > 0.75).collect()
}

/// Reports whether two values of a field mean the same: blanks are collapsed, e-mails fold their case, phones compare by digits.
#[must_use]
pub fn same_value(field: FieldName, one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
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
    fn what_is_composed_folds_as_what_is_not() {
        for text in [
            "",
            "  ",
            "ОТДЕЛ\u{a0}Учёта\t№1",
            "Straße ΟΔΟΣ",
            "İstanbul Ёлка ЁЖ",
            "E\u{301}te\u{301}",
            "Йод Ï",
        ] {
            let composed: String = text.nfc().collect();
            let words: Vec<&str> = composed.split_whitespace().collect();
            let expected = words.join(" ").to_lowercase().replace('ё', "е");
            assert_eq!(fold(text), expected, "{text}");
            let decomposed: String = text.nfd().collect();
            assert_eq!(fold(&decomposed), expected, "{text}");
        }
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
    fn of_several_names_the_nearest_come_first_and_each_once() {
        let names = ["Backend", "Back office", "Продажи", "Backend", "Band"];
        assert_eq!(nearest_few("Backnd", names, 2), ["Backend", "Band"]);
        assert!(nearest_few("Склад", names, 2).is_empty());
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
