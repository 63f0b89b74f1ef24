//! Names: what a name may look like, and how a full name comes apart.
//!
//! Nothing is put in order here. A name that stands in another order than its column says is a fault, not a guess.

use super::fault::Fault;
use super::given;
use super::text::is_letter;
use super::value::{is_cyrillic, is_mixed};

/// A name, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) last: String,
    pub(super) first: String,
    pub(super) middle: Option<String>,
}

/// The words that end a Turkic patronymic.
const PARTICLES: [&str; 12] = [
    "оглы",
    "оглу",
    "огли",
    "оглий",
    "улы",
    "уулу",
    "угли",
    "кызы",
    "кизи",
    "гызы",
    "кзы",
    "қызы",
];

/// Returns a name with one kind of hyphen and no space around it.
fn tidy(text: &str) -> String {
    if !text.contains(['-', '‐', '‑', '–', '—', '−']) {
        return text.to_owned();
    }
    let dashed: String = text
        .chars()
        .map(|char| {
            if matches!(char, '‐' | '‑' | '–' | '—' | '−') {
                '-'
            } else {
                char
            }
        })
        .collect();
    dashed.replace(" -", "-").replace("- ", "-")
}

/// Refuses what no name looks like.
fn check(text: &str) -> Result<(), Fault> {
    let marks = |char: char| matches!(char, ' ' | '-' | '\'' | '’' | '`' | 'ʼ' | '.');
    // Namesakes are numbered here and there; a number alone is no name.
    let allowed = |char: char| is_letter(char) || marks(char) || char.is_ascii_digit();
    if let Some(odd) = text.chars().find(|char| !allowed(*char)) {
        return Err(Fault::NotInAName(odd));
    }
    let mut begins = text
        .split([' ', '-'])
        .filter_map(|word| word.chars().next());
    if let Some(odd) = begins.find(char::is_ascii_digit) {
        return Err(Fault::NotInAName(odd));
    }
    let mut words = text.split([' ', '-']);
    if words
        .any(|word| word.is_empty() || word.starts_with(['\'', '.']) || !word.contains(is_letter))
    {
        let odd = text.chars().find(|char| !is_letter(*char));
        return Err(Fault::NotInAName(odd.unwrap_or(' ')));
    }
    let words = || {
        text.split([' ', '-', '\'', '’', '`', 'ʼ', '.'])
            .filter(|word| !word.is_empty())
    };
    if words().any(is_mixed) {
        return Err(Fault::MixedAlphabets);
    }
    // A whole word of Latin letters that look Cyrillic, among Cyrillic ones.
    let looks = |word: &str| {
        word.chars()
            .all(|char| "ABCEHKMOPTXYaceopxy".contains(char))
    };
    if words().any(looks) && words().any(|word| word.chars().any(is_cyrillic)) {
        return Err(Fault::MixedAlphabets);
    }
    if words().any(|word| word.chars().count() < 2) && text.contains('.')
        || text.split(' ').any(is_initial)
    {
        return Err(Fault::Initials);
    }
    Ok(())
}

/// Reports whether a word is one letter or several with dots: `И.`, `И.И.`, `А.-М.`.
fn is_initial(word: &str) -> bool {
    let mut letters = word.split(['.', '-']).filter(|part| !part.is_empty());
    letters.all(|part| part.chars().count() == 1)
}

/// Returns one name as it may stand in a column of its own.
pub(super) fn single(text: &str) -> Result<String, Fault> {
    let text = tidy(text);
    check(&text)?;
    Ok(text)
}

/// Takes a full name apart; the column says that the last name comes first.
///
/// `english` tells that the header is English, where the first name commonly comes first.
pub(super) fn split(text: &str, english: bool) -> Result<Name, Fault> {
    let text = tidy(text);
    // In «Иванова, Анна» the comma says which is the last name.
    let told = text
        .split_once(',')
        .map(|(last, rest)| (last.trim(), rest.trim()));
    if let Some((last, rest)) = told {
        check(last)?;
        check(rest)?;
        let words = joined(rest);
        return match words.as_slice() {
            [first] => name(last, first, None),
            [first, middle] => name(last, first, Some(middle)),
            _ => Err(Fault::ManyWords),
        };
    }
    check(&text)?;
    let words = joined(&text);
    match words.as_slice() {
        [] | [_] => Err(Fault::OneWord),
        [last, first] => {
            if is_patronymic(first) {
                return Err(Fault::Patronymic);
            }
            if are_swapped(last, first) {
                return Err(Fault::SwappedNames);
            }
            if english && !text.chars().any(is_cyrillic) && !is_surname(last) {
                return Err(Fault::OrderUnknown);
            }
            name(last, first, None)
        }
        [last, first, middle] => {
            let ends_in_patronymic = is_patronymic(middle);
            let early = is_patronymic(first) || (is_patronymic(last) && !ends_in_patronymic);
            if early && !ends_in_patronymic {
                return Err(Fault::SwappedNames);
            }
            if are_swapped(last, first)
                || (!ends_in_patronymic && is_surname(middle) && !is_surname(last))
            {
                return Err(Fault::SwappedNames);
            }
            if english && !text.chars().any(is_cyrillic) && !ends_in_patronymic && !is_surname(last)
            {
                return Err(Fault::OrderUnknown);
            }
            name(last, first, Some(middle))
        }
        _ => Err(Fault::ManyWords),
    }
}

fn name(last: &str, first: &str, middle: Option<&str>) -> Result<Name, Fault> {
    Ok(Name {
        last: last.to_owned(),
        first: first.to_owned(),
        middle: middle.map(str::to_owned),
    })
}

/// Returns the words of a name, a particle together with the word before it.
fn joined(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let particle = PARTICLES.contains(&word.to_lowercase().as_str());
        match words.last_mut() {
            Some(last) if particle => {
                last.push(' ');
                last.push_str(word);
            }
            Some(_) | None => words.push(word.to_owned()),
        }
    }
    words
}

/// Takes a full name apart as the vendor's file has it: the first word is the last name, all the rest the first.
pub(super) fn split_in_two(text: &str) -> Result<Name, Fault> {
    let text = tidy(text);
    check(&text)?;
    let Some((last, first)) = text.split_once(' ') else {
        return Err(Fault::OneWord);
    };
    let words = joined(first);
    match words.as_slice() {
        [only] if is_patronymic(only) => return Err(Fault::Patronymic),
        [second, rest @ ..] => {
            let early = !rest.is_empty()
                && is_patronymic(second)
                && !rest.iter().any(|word| is_patronymic(word));
            if early || are_swapped(last, second) {
                return Err(Fault::SwappedNames);
            }
        }
        [] => return Err(Fault::OneWord),
    }
    name(last, first, None)
}

/// Reports whether a word ends as patronymics do. Some surnames do, too.
pub(super) fn is_patronymic(word: &str) -> bool {
    let word = word.to_lowercase();
    let ends = ["вич", "вна", "ична", "ьич", "инична"]
        .iter()
        .any(|end| word.ends_with(end));
    let short = [
        "ильич",
        "кузьмич",
        "фомич",
        "лукич",
        "никитич",
        "саввич",
        "фокич",
    ]
    .contains(&word.as_str());
    let particle = word
        .rsplit_once([' ', '-'])
        .is_some_and(|(_, last)| PARTICLES.contains(&last));
    (ends && word.chars().count() > 5) || short || particle
}

/// Reports whether a patronymic stands in the column of last names. A surname such as «Войнович» is none: women's patronymics are no
/// surnames, and men's are made of a given name that is known.
pub(super) fn is_misplaced_patronymic(last: &str, middle: Option<&str>) -> bool {
    if !is_patronymic(last) || middle.is_some_and(is_patronymic) {
        return false;
    }
    let word = last.to_lowercase();
    if word.ends_with("вна") || word.ends_with("ична") || word.contains(' ') {
        return true;
    }
    let stem = ["ьевич", "иевич", "евич", "ович", "вич", "ич"]
        .iter()
        .find_map(|end| word.strip_suffix(end));
    stem.is_some_and(given::begins)
}

/// Reports whether a word ends as surnames do and is no given name that is known.
fn is_surname(word: &str) -> bool {
    const ENDS: [&str; 30] = [
        "ов", "ев", "ёв", "ин", "ын", "ова", "ева", "ёва", "ина", "ына", "ский", "цкий", "ская",
        "цкая", "ской", "енко", "чук", "щук", "юк", "ых", "их", "ov", "ev", "ova", "eva", "sky",
        "skiy", "skaya", "enko", "chuk",
    ];
    let word = word.to_lowercase();
    let last = word.rsplit('-').next().unwrap_or_default();
    last.chars().count() > 3
        && !given::is(&word)
        && !given::is(last)
        && ENDS.iter().any(|end| last.ends_with(end))
}

/// Reports whether a given name that is known stands where the last name should, and what looks like a surname where the first should.
pub(super) fn are_swapped(last: &str, first: &str) -> bool {
    given::is(&last.to_lowercase()) && is_surname(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        split(text, false).map_or_else(
            |fault| format!("{fault:?}"),
            |name| {
                format!(
                    "{}|{}|{}",
                    name.last,
                    name.first,
                    name.middle.unwrap_or_default()
                )
            },
        )
    }

    #[test]
    fn full_names_come_apart() {
        for (text, parts) in [
            ("Иванова Анна Петровна", "Иванова|Анна|Петровна"),
            ("Иванова Анна", "Иванова|Анна|"),
            (
                "Салтыков - Щедрин Михаил Евграфович",
                "Салтыков-Щедрин|Михаил|Евграфович",
            ),
            ("Салтыков–Щедрин Михаил", "Салтыков-Щедрин|Михаил|"),
            ("Мамедов Али Гасан оглы", "Мамедов|Али|Гасан оглы"),
            ("Мамедова Лейла Гасан-кызы", "Мамедова|Лейла|Гасан-кызы"),
            ("Абрамович Роман Аркадьевич", "Абрамович|Роман|Аркадьевич"),
            ("Кузнецова Анна Ильинична", "Кузнецова|Анна|Ильинична"),
            ("Ким Чен Ир", "Ким|Чен|Ир"),
            ("О'Коннор Шон", "О'Коннор|Шон|"),
            ("Иванова2 Анна Петровна", "Иванова2|Анна|Петровна"),
            ("Petrov Ivan", "Petrov|Ivan|"),
            ("Мартынова Марина", "Мартынова|Марина|"),
            ("Иванова, Анна Петровна", "Иванова|Анна|Петровна"),
        ] {
            assert_eq!(told(text), parts, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_told_apart_is_a_fault() {
        for (text, fault) in [
            ("Анна Петровна Иванова", "SwappedNames"),
            ("Анна Иванова", "SwappedNames"),
            ("Анна Иванова Петровна", "SwappedNames"),
            ("Анна Мария Иванова", "SwappedNames"),
            ("Роман Аркадьевич", "Patronymic"),
            ("Иванов И. И.", "Initials"),
            ("Иванов И.И.", "Initials"),
            ("Иванов И", "Initials"),
            ("Иванова", "OneWord"),
            ("Гарсия Лопес Мария Хосе Кармен", "ManyWords"),
            ("Иванова 2 Анна", "NotInAName('2')"),
            ("1042 Иванова Анна", "NotInAName('1')"),
            ("anna@example.test Анна", "NotInAName('@')"),
            ("Иванова (Петрова) Анна", "NotInAName('(')"),
            ("Иванов Cергей", "MixedAlphabets"),
            ("Сор Анна", "Сор|Анна|"),
            ("Cop Анна", "MixedAlphabets"),
        ] {
            assert_eq!(told(text), fault, "{text}");
        }
    }

    #[test]
    fn an_english_header_does_not_say_which_name_comes_first() {
        assert_eq!(split("John Smith", true), Err(Fault::OrderUnknown));
        assert_eq!(split("Anna Ivanova", true), Err(Fault::SwappedNames));
        for text in ["Smith, John", "Ivanova Anna", "Иванова Анна"] {
            assert!(split(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_vendors_file_has_two_names() {
        let name =
            split_in_two("Иванова Анна Петровна").map(|name| (name.last, name.first, name.middle));
        assert_eq!(
            name,
            Ok(("Иванова".to_owned(), "Анна Петровна".to_owned(), None))
        );
        assert_eq!(
            split_in_two("Анна Петровна Иванова"),
            Err(Fault::SwappedNames)
        );
        assert_eq!(split_in_two("Иванова"), Err(Fault::OneWord));
    }

    #[test]
    fn a_patronymic_in_the_column_of_last_names_is_noticed_and_a_surname_is_not() {
        for (last, middle, misplaced) in [
            ("Петровна", None, true),
            ("Аркадьевич", None, true),
            ("Войнович", None, false),
            ("Абрамович", Some("Аркадьевич"), false),
            ("Иванова", None, false),
        ] {
            assert_eq!(is_misplaced_patronymic(last, middle), misplaced, "{last}");
        }
        assert!(
            are_swapped("Анна", "Иванова")
                && !are_swapped("Иванова", "Анна")
                && !are_swapped("Марина", "Полина")
        );
    }
}
