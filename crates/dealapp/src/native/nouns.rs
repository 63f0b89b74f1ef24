//! What the operations are about, for the help.

use kadry_core::{Noun, Sentence};

/// What the operations are about.
pub static NOUNS: &[Noun] = &[
    noun(
        "users",
        "The people of the company: list them with the filters of the platform, and show one",
        "Сотрудники компании: список с фильтрами платформы и карточка",
    ),
    noun(
        "units",
        "The departments, as a tree: show, make, rename and move them",
        "Отделы деревом: показать, создать, переименовать, переместить",
    ),
    noun(
        "roles",
        "The roles that the platform has, to be named in roles of the configuration",
        "Роли платформы, которые можно назвать в ролях настроек",
    ),
];

/// A noun with its help in both languages.
const fn noun(name: &'static str, en: &'static str, ru: &'static str) -> Noun {
    Noun {
        name,
        help: Sentence { en, ru },
    }
}
