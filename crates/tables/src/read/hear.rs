//! What the words of a header say.

use kadry_core::{FieldName, fold, nearest};
use strsim::osa_distance;

use super::header::Meaning;
use super::words;

/// Whose address or number a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Unsaid,
    Work,
    Personal,
}

/// What one header cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) meaning: Meaning,
    pub(super) whose: Whose,
    /// Whether it may also stand for a first name: in English, `Name` beside `Surname` does.
    pub(super) bare_name: bool,
}

/// Returns the words of a header: folded, without marks such as `*` and without what only says that it must be filled in.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text).replace('№', " номер ");
    folded
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty() && !words::NOISE.contains(word))
        .map(str::to_owned)
        .collect()
}

/// Returns what a header says, if it is known.
pub(super) fn hear(text: &str) -> Option<Heard> {
    // No header that is known has a digit: most cells of a table need no longer look.
    if text.chars().count() > 60 || text.contains(|char: char| char.is_ascii_digit() || char == '@')
    {
        return None;
    }
    let words = tokens(text);
    let whole = words.concat();
    let heard = |meaning, whose| Heard {
        meaning,
        whose,
        bare_name: whole == "name",
    };
    if let Some(meaning) = words::meaning(&whole) {
        return Some(heard(meaning, Whose::Unsaid));
    }
    let without: String = words
        .iter()
        .filter(|word| !words::OWNER.contains(&word.as_str()))
        .map(String::as_str)
        .collect();
    if let Some(meaning) = words::meaning(&without) {
        return Some(heard(meaning, Whose::Unsaid));
    }
    let whose = whose(&words);
    let without = words.iter().filter(|word| {
        words::whose(word) == Whose::Unsaid && !words::OWNER.contains(&word.as_str())
    });
    let without: String = without.map(String::as_str).collect();
    let meaning = words::meaning(&without)?;
    let may = matches!(meaning, Meaning::Field(FieldName::Email | FieldName::Phone));
    Some(heard(meaning, whose)).filter(|_| may && whose != Whose::Unsaid)
}

fn whose(words: &[String]) -> Whose {
    let mut said = words
        .iter()
        .map(|word| words::whose(word))
        .filter(|whose| *whose != Whose::Unsaid);
    said.next().unwrap_or(Whose::Unsaid)
}

/// Returns what a column says whose header has another one above it.
pub(super) fn hear_below(parent: &str, child: &str) -> Option<Heard> {
    let above = tokens(parent);
    if above
        .iter()
        .any(|word| words::OTHERS.iter().any(|other| word.starts_with(other)))
    {
        return None;
    }
    let heard = hear(child).or_else(|| hear(&format!("{parent} {child}")))?;
    let whose = match heard.whose {
        Whose::Unsaid => whose(&above),
        Whose::Work | Whose::Personal => heard.whose,
    };
    Some(Heard { whose, ..heard })
}

/// Returns the header that is known and that was almost written.
pub(super) fn almost(text: &str) -> Option<(&'static str, Meaning)> {
    let words = tokens(text);
    let join = |keep: &dyn Fn(&str) -> bool| -> String {
        words
            .iter()
            .map(String::as_str)
            .filter(|word| keep(word))
            .collect()
    };
    let whole = join(&|_| true);
    if words::ignored(&whole) {
        return None;
    }
    let bare = join(&|word| !words::OWNER.contains(&word) && words::whose(word) == Whose::Unsaid);
    [whole, bare].iter().find_map(|typed| {
        let near: Vec<_> = words::all()
            .filter(|(known, _)| slipped(typed, known))
            .collect();
        let meant = nearest(typed, near.iter().map(|(known, _)| *known));
        let meant = meant.or_else(|| near.first().map(|(known, _)| *known))?;
        near.into_iter().find(|(known, _)| *known == meant)
    })
}

/// Reports whether two words differ by a slip of the finger or two. Short words differ by one letter too easily to say so, unless two
/// letters only changed places or one is doubled.
fn slipped(typed: &str, known: &str) -> bool {
    let length = known.chars().count();
    let distance = osa_distance(typed, known);
    match length {
        0..=2 => false,
        3 => distance == 1 && sorted(typed) == sorted(known),
        4..=7 => distance == 1 || (distance == 2 && sorted(typed) == sorted(known)),
        _ => distance <= 2,
    }
}

fn sorted(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().collect();
    chars.sort_unstable();
    chars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_heard_in_both_languages_and_any_dress() {
        let field = Meaning::Field;
        for (meaning, texts) in [
            (
                Meaning::FullName,
                &[
                    "ФИО",
                    "Ф.И.О.",
                    "Фамилия Имя Отчество",
                    "Фамилия, имя, отчество",
                    "Сотрудник",
                    "Физическое лицо",
                    "Full name",
                    "ФИО сотрудника",
                ][..],
            ),
            (
                field(FieldName::LastName),
                &[
                    "Фамилия*",
                    "Last name",
                    "LAST_NAME",
                    "Surname",
                    "Family name:",
                ],
            ),
            (
                field(FieldName::FirstName),
                &["Имя", "First name", "given-name", "Имя (обязательно)"],
            ),
            (
                field(FieldName::MiddleName),
                &["Отчество", "Middle name", "Patronymic"],
            ),
            (
                field(FieldName::Email),
                &[
                    "email",
                    "E-mail",
                    "Почта",
                    "Электронная\nпочта",
                    "Эл. почта",
                    "Адрес электронной почты",
                    "Рабочая почта",
                    "E-mail (рабочий)",
                    "Корпоративная почта",
                    "Work email",
                ],
            ),
            (
                field(FieldName::Phone),
                &[
                    "Телефон",
                    "Мобильный",
                    "Моб. телефон",
                    "Phone",
                    "Mobile",
                    "Рабочий телефон",
                ],
            ),
            (
                field(FieldName::Title),
                &[
                    "Должность",
                    "Job title",
                    "Title",
                    "Position",
                    "Должность сотрудника",
                ],
            ),
            (
                field(FieldName::Department),
                &[
                    "Отдел",
                    "Подразделение",
                    "Department",
                    "Структурное подразделение",
                ],
            ),
            (Meaning::Role, &["Роль", "Role"]),
            (
                field(FieldName::ExternalId),
                &[
                    "id",
                    "ID сотрудника",
                    "Табельный номер",
                    "Таб. №",
                    "Таб. номер",
                    "Таб.№",
                    "Employee ID",
                    "Personnel number",
                    "external_id",
                ],
            ),
            (Meaning::LeftOn, &["Дата увольнения", "Termination date"]),
            (Meaning::HasLeft, &["Уволен"]),
            (Meaning::Active, &["Активен", "Active"]),
            (Meaning::Status, &["Состояние", "Статус", "Status"]),
        ] {
            for text in texts {
                assert_eq!(
                    hear(text).map(|heard| heard.meaning),
                    Some(meaning),
                    "{text}"
                );
            }
        }
        for text in [
            "№ п/п",
            "№",
            "Дата приёма",
            "Логин",
            "Login",
            "ФИО руководителя",
            "Список сотрудников на 01.11.2026",
            "Дата рождения",
            "Руководитель",
        ] {
            assert_eq!(hear(text), None, "{text}");
        }
    }
}
