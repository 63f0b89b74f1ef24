//! What the operations are about, for the help.

use kadry_core::{Noun, Sentence};

/// What the operations are about.
pub static NOUNS: &[Noun] = &[
    noun(
        "employees",
        "The employees of the box: list, find and show them, blocked ones too",
        "Сотрудники ящика, включая заблокированных: список, поиск и карточка",
    ),
    noun(
        "departments",
        "The departments of the box, to which documents and employees belong",
        "Подразделения ящика, к которым относятся документы и сотрудники",
    ),
    noun(
        "subscriptions",
        "The mails that an employee gets about documents and news",
        "Письма о документах и новостях, которые получает сотрудник",
    ),
    noun(
        "permissions",
        "What an employee may do with documents: see, create, approve, sign",
        "Что сотруднику можно делать с документами: видеть, создавать, согласовывать, подписывать",
    ),
    noun(
        "poa",
        "The powers of attorney (МЧД) with which employees sign for the organisation",
        "Машиночитаемые доверенности (МЧД), по которым сотрудники подписывают документы",
    ),
    noun(
        "me",
        "The account that kadry works with, and its record in the box",
        "Учётная запись, под которой работает kadry, и её карточка в ящике",
    ),
    noun(
        "organizations",
        "The organisations that we are in, and one of the directory by its ИНН or id",
        "Наши организации и любая из справочника по ИНН или идентификатору",
    ),
    noun(
        "boxes",
        "The boxes in which organisations keep their documents",
        "Ящики, в которых организации хранят документы",
    ),
];

/// A noun with its help in both languages.
const fn noun(name: &'static str, en: &'static str, ru: &'static str) -> Noun {
    Noun {
        name,
        help: Sentence { en, ru },
    }
}
