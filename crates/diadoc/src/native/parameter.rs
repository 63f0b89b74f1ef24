//! How the arguments of the operations are written down.

use kadry_core::{Parameter, Sentence, Takes};

pub(super) const fn help(en: &'static str, ru: &'static str) -> Sentence {
    Sentence { en, ru }
}

/// Returns an argument that takes any text.
pub(super) const fn text(name: &'static str, help: Sentence) -> Parameter {
    taking(Takes::Text, name, help)
}

/// Returns an argument that is true or false.
pub(super) const fn flag(name: &'static str, en: &'static str, ru: &'static str) -> Parameter {
    taking(Takes::Flag, name, help(en, ru))
}

pub(super) const fn taking(takes: Takes, name: &'static str, help: Sentence) -> Parameter {
    Parameter {
        name,
        takes,
        required: false,
        many: false,
        help,
    }
}

pub(super) const fn required(parameter: Parameter) -> Parameter {
    Parameter {
        required: true,
        ..parameter
    }
}

pub(super) const fn many(parameter: Parameter) -> Parameter {
    Parameter {
        many: true,
        ..parameter
    }
}

/// The employee whom something is about.
pub(super) const USER: Parameter = required(taking(
    Takes::Person,
    "userId",
    help(
        "The employee, by id or login",
        "Сотрудник: идентификатор или логин",
    ),
));

/// The employees whom something is about, each for himself.
pub(super) const USERS: Parameter = many(USER);

/// The page to begin with.
pub(super) const PAGE: Parameter = taking(
    Takes::Number,
    "page",
    help("The page to begin with", "Страница, с которой начать"),
);

/// How many rows a page has.
pub(super) const COUNT: Parameter = taking(
    Takes::Number,
    "count",
    help("How many rows a page has", "Сколько строк на странице"),
);
