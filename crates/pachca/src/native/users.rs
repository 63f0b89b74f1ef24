//! People, as the platform lists them. They are made, changed and removed by the flows.

use kadry_core::{Does, Email, NativeCall, Operation, Parameter, Result, Takes, fold};
use serde_json::Value;

use super::check;
use super::row::{IN_ORDER, many, required, say, takes, text};

/// The columns of everything that lists people.
pub(super) const COLUMNS: &[&str] = &[
    "id",
    "last_name",
    "first_name",
    "email",
    "department",
    "title",
    "role",
    "suspended",
    "list_tags",
];

const CREATED_FROM: Parameter = takes(
    "created_from",
    Takes::Moment,
    "Made at this moment or later",
    "Созданы не раньше этого момента",
);
const CREATED_TO: Parameter = takes(
    "created_to",
    Takes::Moment,
    "Made at this moment or earlier",
    "Созданы не позже этого момента",
);

pub(super) const LIST: Operation = Operation {
    noun: "users",
    verb: "list",
    parameters: &[text(
        "query",
        "A part of the name, e-mail, phone or nickname",
        "Часть имени, фамилии, почты, телефона или никнейма",
    )],
    help: say(
        "List people, suspended ones included",
        "Список сотрудников вместе с деактивированными",
    ),
    example: "pachca users list --query Примерова",
    endpoint: "GET /users",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SHOW: Operation = Operation {
    noun: "users",
    verb: "show",
    parameters: &[required(takes(
        "id",
        Takes::Person,
        "Who, by id or e-mail",
        "Кто: id или e-mail",
    ))],
    help: say("Show one person", "Показать сотрудника"),
    example: "pachca users show --id anna@example.test",
    endpoint: "GET /users/{id}",
    does: Does::Shows,
};

pub(super) const FIND: Operation = Operation {
    noun: "users",
    verb: "find",
    parameters: &[required(text(
        "query",
        "A whole e-mail, or words of a name",
        "Почта целиком или слова из имени",
    ))],
    help: say(
        "Find people by e-mail or name",
        "Найти сотрудников по почте или имени",
    ),
    example: "pachca users find --query 'Анна Примерова'",
    endpoint: "GET /users",
    does: Does::Lists { columns: COLUMNS },
};

pub(super) const SEARCH: Operation = Operation {
    noun: "users",
    verb: "search",
    parameters: &[
        text("query", "Words to look for", "Что искать"),
        takes(
            "sort",
            Takes::OneOf(&["by_score", "alphabetical", "creation"]),
            "What to sort by",
            "По чему сортировать",
        ),
        IN_ORDER,
        CREATED_FROM,
        CREATED_TO,
        many(takes(
            "company_roles",
            Takes::OneOf(&["admin", "user", "multi_guest", "guest"]),
            "Only people with this role",
            "Только сотрудники с этой ролью",
        )),
    ],
    help: say(
        "Search people by name, title or department",
        "Поиск сотрудников по имени, должности или отделу",
    ),
    example: "pachca users search --query бухгалтер --company_roles user --sort alphabetical",
    endpoint: "GET /search/users",
    does: Does::Lists { columns: COLUMNS },
};

/// What is looked for, when somebody is sought by e-mail or name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sought {
    /// Whoever has exactly this e-mail.
    Email(Email),
    /// Whoever's name has all of these words, each folded.
    Words(Vec<String>),
}

impl Sought {
    /// Returns what a call looks for, and the list that it is looked for in. The platform compares each field by itself, so that of a
    /// whole name only the longest word is asked for. <https://dev.pachca.com/api/users/list> Checked 2026-11.
    pub(super) fn of(call: &NativeCall) -> Result<(Self, NativeCall)> {
        let text = call.required("query")?.trim();
        let list = |query: &str| NativeCall::new("users list").with("query", query);
        if let Ok(email) = Email::parse(text) {
            let asked = list(&email.to_string());
            return Ok((Self::Email(email), asked));
        }
        let words = text.split_whitespace();
        let longest = words.max_by_key(|word| word.chars().count());
        let longest = longest.ok_or_else(|| check::wrong("nobody is named", "query"))?;
        let words = fold(text).split(' ').map(str::to_owned).collect();
        Ok((Self::Words(words), list(longest)))
    }

    /// Reports whether this is somebody who is looked for.
    pub(super) fn fits(&self, row: &Value) -> bool {
        let member = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        match self {
            Self::Email(email) => Email::of_record(member("email")) == *email,
            Self::Words(words) => {
                let name = ["last_name", "first_name", "nickname"].map(member);
                let name = fold(&name.join(" "));
                let begins = |word: &String| name.split(' ').any(|part| part.starts_with(word));
                words.iter().all(begins)
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use kadry_core::ErrorKind;
    use serde_json::json;

    use super::*;

    fn sought(text: &str) -> (Sought, NativeCall) {
        Sought::of(&NativeCall::new("users find").with("query", text)).unwrap()
    }

    #[test]
    fn somebody_is_sought_by_the_whole_email() {
        let (sought, list) = sought(" Anna@Example.test ");
        assert_eq!(list.to_string(), "users list --query anna@example.test");
        assert!(sought.fits(&json!({"email": "ANNA@example.test"})));
        assert!(!sought.fits(&json!({"email": "joanna@example.test"})));
        assert!(!sought.fits(&json!({"email": null})));
    }

    #[test]
    fn somebody_is_sought_by_every_word_of_the_name_in_any_order() {
        let (sought, list) = sought("семёнова  Анна");
        assert_eq!(list.to_string(), "users list --query семёнова");
        assert!(sought.fits(&json!({"first_name": "Анна", "last_name": "Семенова"})));
        assert!(!sought.fits(&json!({"first_name": "Жанна", "last_name": "Семёнова"})));
        let nobody = Sought::of(&NativeCall::new("users find").with("query", " "));
        assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Invalid);
    }
}
