//! What the operations are about, for the help.

use kadry_core::{Noun, Sentence};

/// What the operations are about.
pub static NOUNS: &[Noun] = &[
    noun(
        "users",
        "The people of the workspace: list, find and show them",
        "Сотрудники пространства: список, поиск и карточка",
    ),
    noun(
        "tags",
        "Tags group people; whoever carries a tag is in every chat that has it",
        "Теги объединяют сотрудников: кто с тегом, тот во всех чатах с этим тегом",
    ),
    noun(
        "chats",
        "Chats and channels: find, make, rename and archive them",
        "Чаты и каналы: найти, создать, переименовать, архивировать",
    ),
    noun(
        "members",
        "Who is in a chat: people, whole tags, and the roles that people have there",
        "Состав чата: сотрудники, целые теги и роли участников",
    ),
    noun(
        "messages",
        "Messages: read those of a chat, search them, and write to people and chats",
        "Сообщения: прочитать в чате, найти, написать людям и в чаты",
    ),
    noun(
        "reactions",
        "The emoji under a message: who reacted, and our own reaction",
        "Реакции на сообщение: кто поставил, и наша собственная",
    ),
    noun(
        "status",
        "What people show under their names: an emoji, a text, and that they are away",
        "Статус под именем сотрудника: эмодзи, текст и «Нет на месте»",
    ),
    noun(
        "avatar",
        "The pictures of people: give them one, or take it away",
        "Фотографии сотрудников: поставить или убрать",
    ),
    noun(
        "profile",
        "The account that kadry works with: its record, status and picture",
        "Учётная запись, под которой работает kadry: карточка, статус и фотография",
    ),
    noun(
        "properties",
        "The additional fields that the workspace has for people, to be named in roles",
        "Дополнительные поля сотрудников, которые можно назвать в ролях",
    ),
];

/// A noun with its help in both languages.
const fn noun(name: &'static str, en: &'static str, ru: &'static str) -> Noun {
    Noun {
        name,
        help: Sentence { en, ru },
    }
}
