//! What is played: who is there at first, and what is typed.

use serde_json::json;

use crate::support::Company;

/// Whom every story is about.
pub(crate) const ANNA: &str = "anna.novichkova@example.test";

/// Who comes into what the person alone keeps.
const SUCCESSOR: &str = "boris.preemnik@example.test";

/// What is typed after a kill before the same command. Nothing of it is asked for, so it may leave something to that one.
pub(crate) const AFTER_A_KILL: &[&[&str]] = &[&["runs", "resume", "--all"]];

const ONBOARD: &[&str] = &[
    "onboard",
    "--email",
    ANNA,
    "--last-name",
    "Новичкова",
    "--first-name",
    "Анна",
    "--external-id",
    "10421",
    "--role",
    "accountant",
    "--yes",
];
const OFFBOARD: &[&str] = &["offboard", ANNA, "--yes", "--reason", "last day"];
const OFFBOARD_NOW: &[&str] = &["offboard", ANNA, "--now", "--yes"];
const REMOVE: &[&str] = &[
    "offboard",
    ANNA,
    "--remove",
    "--on",
    "messenger,edo",
    "--yes",
];
const IMPORT: &[&str] = &["import", "staff.csv", "--role", "accountant", "--yes"];
const HAND_OVER: &[&str] = &["offboard", ANNA, "--successor", SUCCESSOR, "--yes"];
const TAGS: &[&str] = &[
    "pachca",
    "tags",
    "create",
    "--name",
    "Склад",
    "--name",
    "Ночная смена",
    "--yes",
];
const MEMBERS: &[&str] = &[
    "pachca",
    "members",
    "add",
    "--id",
    "Обед",
    "--member_ids",
    ANNA,
    "--member_ids",
    SUCCESSOR,
    "--yes",
];
const UNIT: &[&str] = &["dealapp", "units", "create", "--name", "Склад", "--yes"];

/// A company, and commands that are given to it one after the other.
#[derive(Debug)]
pub(crate) struct Story {
    pub(crate) name: &'static str,
    set_up: fn(&Company),
    pub(crate) commands: &'static [&'static [&'static str]],
    /// Whether only the first command is killed, and the others follow it at once.
    pub(crate) goes_on: bool,
}

/// All the stories. No two commands of one have the same first word.
pub(crate) const STORIES: &[Story] = &[
    Story {
        name: "newcomer",
        set_up: |_| {},
        commands: &[ONBOARD],
        goes_on: false,
    },
    Story {
        name: "newcomer_for_whom_much_is_made",
        set_up: make_what_is_missing,
        commands: &[ONBOARD],
        goes_on: false,
    },
    Story {
        name: "comes_back",
        set_up: |company| {
            // Two greetings of the same words within the time by which clocks may differ are one to whoever looks for the second.
            configure(company, &[("Добро пожаловать", "Здравствуйте")]);
            hire(company);
            done(company, OFFBOARD);
            configure(company, &[]);
        },
        commands: &[ONBOARD],
        goes_on: false,
    },
    Story {
        name: "leaves_calmly",
        set_up: hire,
        commands: &[OFFBOARD],
        goes_on: false,
    },
    Story {
        name: "leaves_at_once",
        set_up: |company| {
            hire(company);
            company.give_chat(ANNA, "Личный проект");
        },
        commands: &[OFFBOARD_NOW],
        goes_on: false,
    },
    Story {
        name: "leaves_to_a_successor",
        set_up: |company| {
            hire(company);
            let users = json!([{
                "email": SUCCESSOR, "last_name": "Преемник", "first_name": "Борис",
            }]);
            let records = json!({ "pachca": { "users": users } });
            company.emulator.seed(&records).unwrap();
            company.give_chat(ANNA, "Личный проект");
        },
        commands: &[HAND_OVER],
        goes_on: false,
    },
    Story {
        name: "is_removed",
        set_up: hire,
        commands: &[REMOVE],
        goes_on: false,
    },
    Story {
        name: "comes_and_goes",
        set_up: |_| {},
        commands: &[ONBOARD, OFFBOARD_NOW],
        goes_on: false,
    },
    Story {
        name: "several_come_by_a_list",
        set_up: |company| {
            make_what_is_missing(company);
            company.write(
                "staff.csv",
                "Фамилия;Имя;Почта;Табельный номер\n\
                 Новичкова;Анна;anna.novichkova@example.test;10421\n\
                 Второв;Глеб;gleb.vtorov@example.test;10423\n",
            );
        },
        commands: &[IMPORT],
        goes_on: false,
    },
    Story {
        name: "tags_are_made",
        set_up: |_| {},
        commands: &[TAGS],
        goes_on: false,
    },
    Story {
        name: "several_join_a_chat",
        set_up: |company| {
            let person = |email: &str| json!({ "email": email, "last_name": "Обедов" });
            let users = [ANNA, SUCCESSOR].map(person);
            let chats = [json!({ "name": "Обед" })];
            let records = json!({ "pachca": { "users": users, "chats": chats } });
            company.emulator.seed(&records).unwrap();
        },
        commands: &[MEMBERS],
        goes_on: false,
    },
    Story {
        name: "a_unit_is_made",
        set_up: |_| {},
        commands: &[UNIT],
        goes_on: false,
    },
    Story {
        name: "is_sent_away_at_once",
        set_up: |_| {},
        commands: &[ONBOARD, OFFBOARD_NOW],
        goes_on: true,
    },
];

impl Story {
    /// Opens the company as it is before the first command.
    pub(crate) fn open(&self) -> Company {
        let company = Company::open();
        configure(&company, &[]);
        (self.set_up)(&company);
        company
    }
}

fn hire(company: &Company) {
    done(company, ONBOARD);
}

fn done(company: &Company, line: &[&str]) {
    let ended = company.kadry(line);
    assert_eq!(ended.code, 0, "{ended:?}");
}

/// Lets the role name a tag, a unit and a department that no platform has, and make them.
fn make_what_is_missing(company: &Company) {
    configure(
        company,
        &[
            (
                "[roles.accountant]",
                "[roles.accountant]\ncreate_missing = true",
            ),
            ("tags = [\"Бухгалтерия\"]", "tags = [\"Новенькие\"]"),
            ("unit = \"Бухгалтерия\"", "unit = \"Склад\""),
            (
                "edo = { department = \"Бухгалтерия\"",
                "edo = { department = \"Архив / Хранилище\"",
            ),
        ],
    );
}

/// Writes the emulator's configuration with some words in the place of others.
fn configure(company: &Company, words: &[(&str, &str)]) {
    // A request that is given up sooner is waited for less.
    let sooner = ("kind = ", "timeout = \"1s\"\nkind = ");
    company.configure(|settings| {
        let all = [sooner].into_iter().chain(words.iter().copied());
        all.fold(settings, |settings, (from, to)| {
            assert!(settings.contains(from), "the emulator has no {from:?}");
            settings.replace(from, to)
        })
    });
}
