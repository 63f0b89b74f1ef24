//! A company in which everything is there that the examples of the tables name.

use std::fs;

use kadry_core::Operation;
use kadry_emulator::log::Entry;
use serde_json::{Value, json};

use crate::support::{Company, Ended};

/// Somebody of the examples, who is on every platform.
pub(crate) const ANNA: &str = "anna@example.test";

/// The chat of the examples that everybody is in.
pub(crate) const EVERYBODY: &str = "Общий";

/// The tables, by the kinds of platform.
pub(crate) fn tables() -> [(&'static str, &'static [Operation]); 3] {
    [
        ("pachca", kadry_pachca::OPERATIONS),
        ("dealapp", kadry_dealapp::OPERATIONS),
        ("diadoc", kadry_diadoc::OPERATIONS),
    ]
}

/// Returns the rows of a kind that write, or those that read.
pub(crate) fn rows(kind: &str, writes: bool) -> Vec<&'static Operation> {
    let mut tables = tables().into_iter();
    let (_, rows) = tables.find(|(name, _)| *name == kind).unwrap();
    rows.iter().filter(|row| row.writes() == writes).collect()
}

/// Returns the words of an example, without the name of the program.
pub(crate) fn words(row: &Operation) -> Vec<String> {
    words_of(row.example)
}

/// Returns the words of a line, as a shell takes them apart.
pub(crate) fn words_of(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in line.chars() {
        match (letter, quote) {
            ('\'' | '"', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            (' ', None) => words.push(String::new()),
            (letter, _) => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

/// Returns a company that has whatever the examples name, and whatever this operation needs to change something.
pub(crate) fn prepared(row: &Operation) -> Company {
    let company = Company::open();
    // Whatever looks like a picture is one.
    for name in ["photo.png", "anna.png"] {
        fs::write(company.path(name), b"\x89PNG\r\n\x1a\n").unwrap();
    }
    // The id of the one task of a box is as the emulator's seed has it only where nothing else was made.
    if row.verb != "registration" {
        company.emulator.seed(&everything()).unwrap();
    }
    for needed in needed(row) {
        match needed {
            Needed::Records(records) => company.emulator.seed(&records).unwrap(),
            Needed::Command(line) => {
                let ended = company.kadry(line);
                assert_eq!(ended.code, 0, "{line:?} {ended:?}");
            }
        }
    }
    company
}

enum Needed {
    Records(Value),
    Command(&'static [&'static str]),
}

fn everything() -> Value {
    json!({
        "pachca": {
            "users": [{
                "email": ANNA, "first_name": "Анна", "last_name": "Примерова", "title": "Бухгалтер",
                "department": "Бухгалтерия", "list_tags": ["Бухгалтерия"],
            }],
            "chats": [{ "name": "Заказчик Ромашка" }, { "name": "Заказчик Лютик" }],
            "messages": [{ "chat": EVERYBODY, "from": ANNA, "content": "Кому нужен доступ к отчётам?" }],
        },
        "dealapp": { "users": [{ "email": ANNA, "last_name": "Примерова", "integration_uid": "hr-10421" }] },
        "diadoc": {
            "employees": [{
                "login": ANNA, "last_name": "Примерова", "first_name": "Анна", "external_id": "10421",
                "actions": ["SignDocuments"],
            }],
        },
    })
}

fn needed(row: &Operation) -> Vec<Needed> {
    let records = |records: Value| vec![Needed::Records(records)];
    let chat = |chat: Value| records(json!({ "pachca": { "chats": [chat] } }));
    let status = |email: &str| {
        let status = json!({ "emoji": "🏖️", "title": "В отпуске" });
        records(json!({ "pachca": { "users": [{ "email": email, "status": status }] } }))
    };
    match (row.noun, row.verb) {
        ("tags", "delete") => records(json!({ "pachca": { "tags": ["Склад"] } })),
        ("chats", "search" | "archive") => chat(json!({ "name": "Клиент Ромашка" })),
        ("chats", "unarchive") => chat(json!({ "name": "Клиент Ромашка", "archived": true })),
        ("members", "remove" | "set-role") => chat(json!({ "name": EVERYBODY, "members": [ANNA] })),
        ("members", "list") => chat(json!({ "name": EVERYBODY, "admins": [ANNA] })),
        ("members", "remove-tags") => chat(json!({ "name": EVERYBODY, "tags": ["Бухгалтерия"] })),
        ("reactions", "list" | "remove") => vec![Needed::Command(&[
            "pachca",
            "reactions",
            "add",
            "--id",
            MESSAGE,
            "--code",
            "👍",
            "--yes",
        ])],
        ("status", "show" | "clear") => status(ANNA),
        ("profile", "status" | "clear-status") => status("svc@example.test"),
        ("avatar", "delete") => vec![Needed::Command(&[
            "pachca",
            "avatar",
            "set",
            "--user_id",
            ANNA,
            "--image",
            "anna.png",
            "--yes",
        ])],
        ("profile", "delete-avatar") => vec![Needed::Command(&[
            "pachca",
            "profile",
            "set-avatar",
            "--image",
            "photo.png",
            "--yes",
        ])],
        ("units", "update") => records(json!({
            "dealapp": { "units": [{ "name": "Вторая линия", "parent": "Контакт-центр" }] }
        })),
        ("departments", "update" | "delete") => records(json!({
            "diadoc": { "departments": [{ "name": "Касса", "parent": "Бухгалтерия" }] }
        })),
        ("poa", "list" | "set-default" | "detach") => vec![Needed::Command(&[
            "diadoc",
            "poa",
            "attach",
            "--userId",
            ANNA,
            "--RegistrationNumber",
            POWER,
            "--IssuerInn",
            "9600000016",
            "--RepresentativeInn",
            "960000000000",
            "--yes",
        ])],
        ("poa", "registration") => vec![Needed::Command(&[
            "diadoc",
            "poa",
            "register",
            "--RegistrationNumber",
            POWER,
            "--IssuerInn",
            "9600000016",
            "--RepresentativeInn",
            "960000000000",
            "--yes",
        ])],
        _ => Vec::new(),
    }
}

/// The power of attorney of the examples, which is attached to nobody at the start.
const POWER: &str = "24426b02-d608-4be9-baca-ea660dbf6be9";

/// The message of the examples: the first one that anybody writes.
const MESSAGE: &str = "256081";

impl Company {
    /// Runs the example of a row with more flags.
    pub(crate) fn example(&self, row: &Operation, flags: &[&str]) -> Ended {
        let words = words(row);
        let mut line: Vec<&str> = words.iter().map(String::as_str).collect();
        line.extend(flags);
        self.kadry(&line)
    }

    /// Lists the requests that changed something, from the nth request on.
    pub(crate) fn writes_since(&self, nth: usize) -> Vec<Entry> {
        let log = self.emulator.log().into_iter().skip(nth);
        let signs_in =
            |path: &str| path.ends_with("/auth/sign_in") || path.ends_with("/connect/token");
        log.filter(|entry| entry.method != "GET" && !signs_in(&entry.path))
            .collect()
    }
}
