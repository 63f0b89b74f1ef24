//! What operations of one platform say: of slips, before anybody is asked, and of what is not there.

use crate::native_world::ANNA;
use crate::support::Company;

/// Somebody's id in the box.
const VERA: &str = "4adcee20-7ead-41b7-a4fa-d43df32854f4";

/// What is typed, the option that does not fit, and what is said of it in both languages.
type Slip = (&'static [&'static str], &'static str, [&'static str; 2]);

const SLIPS: [Slip; 16] = [
    (
        &["pachca", "users", "show", "--id", "Анна"],
        "--id",
        [
            "by their id on the platform or by e-mail",
            "по id на платформе или по почте",
        ],
    ),
    (
        &[
            "pachca",
            "users",
            "search",
            "--query",
            "x",
            "--sort",
            "возраст",
        ],
        "--sort",
        ["Possible values", "Возможные значения"],
    ),
    (
        &["pachca", "reactions", "add", "--id", "0", "--code", "👍"],
        "--id",
        ["above zero", "больше нуля"],
    ),
    (
        &["pachca", "reactions", "add", "--id", "5", "--code", ":+1:"],
        "--code",
        ["exactly one emoji", "ровно один эмодзи"],
    ),
    (
        &["pachca", "tags", "create", "--name", "here"],
        "--name",
        ["neither here nor all", "не here и не all"],
    ),
    (
        &[
            "pachca",
            "chats",
            "rename",
            "--id",
            "Общий",
            "--name",
            "Все",
            "--pattern",
            "x",
        ],
        "--pattern",
        ["--pattern and --to", "--pattern и --to"],
    ),
    (
        &[
            "pachca",
            "chats",
            "rename",
            "--pattern",
            "Клиент",
            "--to",
            "$2",
        ],
        "--to",
        ["the group 2", "группа 2"],
    ),
    (
        &[
            "pachca",
            "status",
            "set",
            "--user_id",
            ANNA,
            "--emoji",
            "🎓",
            "--title",
            "x",
            "--expires_at",
            "2020-01-01T00:00:00Z",
        ],
        "--expires_at",
        ["still to come", "ещё не наступил"],
    ),
    (
        &[
            "pachca",
            "chats",
            "list",
            "--last_message_at_after",
            "2026-11-21",
        ],
        "--last_message_at_after",
        ["a moment with its offset", "момент"],
    ),
    (
        &["dealapp", "users", "list", "--sort=-name"],
        "--sort",
        ["upwards only", "по возрастанию"],
    ),
    (
        &["dealapp", "users", "show"],
        "--email",
        [
            "either --integration_uid or --email",
            "либо --integration_uid, либо --email",
        ],
    ),
    (
        &["dealapp", "units", "update", "--id", "Контакт-центр"],
        "--name",
        ["what to change", "что изменить"],
    ),
    (
        &["diadoc", "employees", "list", "--count", "51"],
        "--count",
        ["from 1 to 50", "от 1 до 50"],
    ),
    (
        &["diadoc", "subscriptions", "set", "--userId", VERA],
        "--CounteragentInvitation",
        ["at least one mail", "хотя бы одно письмо"],
    ),
    (
        &[
            "diadoc",
            "permissions",
            "set",
            "--userId",
            VERA,
            "--DocumentAccessLevel",
            "AllDocuments",
            "--SelectedDepartmentIds",
            "Бухгалтерия",
        ],
        "--SelectedDepartmentIds",
        [
            "--DocumentAccessLevel SelectedDepartments",
            "--DocumentAccessLevel SelectedDepartments",
        ],
    ),
    (
        &[
            "diadoc",
            "organizations",
            "show",
            "--inn",
            "9600000016",
            "--orgId",
            VERA,
        ],
        "--inn",
        ["one of --boxId", "одно из --boxId"],
    ),
];

#[test]
fn a_slip_is_told_in_the_operators_language_before_anybody_is_asked() {
    let company = Company::open();
    for (line, option, says) in SLIPS {
        let help = format!("kadry {} --help", line[..3].join(" "));
        let index = line.iter().position(|word| *word == option);
        let value = index.and_then(|index| line.get(index + 1));
        for (lang, said) in ["en", "ru"].into_iter().zip(says) {
            let ended = company.kadry(&[line, &["--lang", lang]].concat());
            assert_eq!(
                (ended.code, ended.out.as_str()),
                (2, ""),
                "{line:?} {ended:?}"
            );
            for part in [option, said, &help].into_iter().chain(value.copied()) {
                assert!(ended.err.contains(part), "{part}: {line:?} {ended:?}");
            }
            let is_russian = ended.err.contains("Ключи");
            assert_eq!(is_russian, lang == "ru", "{ended:?}");
        }
    }
    assert!(company.emulator.log().is_empty());
}

#[test]
fn a_slip_that_only_a_look_shows_is_told_as_one() {
    let company = Company::open();
    let line = [
        "diadoc",
        "permissions",
        "set",
        "--userId",
        "vera.skazkina@example.test",
        "--SelectedDepartmentIds",
        "Бухгалтерия",
        "--yes",
        "--lang",
        "ru",
    ];
    let ended = company.kadry(&line);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{ended:?}");
    for part in [
        "--SelectedDepartmentIds",
        "--DocumentAccessLevel SelectedDepartments",
        "kadry diadoc permissions set --help",
    ] {
        assert!(ended.err.contains(part), "{part}: {ended:?}");
    }
    assert_eq!(company.writes_since(0), []);
}

#[test]
fn that_nothing_is_set_is_said_in_words() {
    let company = Company::open();
    let vera = "vera.skazkina@example.test";
    let show = ["pachca", "status", "show", "--user_id", vera];
    for (lang, says) in [("en", "Nothing is set"), ("ru", "ничего не задано")] {
        let ended = company.kadry(&[&show[..], &["--lang", lang]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (0, ""), "{ended:?}");
        let command = format!("pachca status show --user_id {vera} --provider messenger");
        for part in [says, command.as_str()] {
            assert!(ended.err.contains(part), "{ended:?}");
        }
    }
    let shown = company.kadry(&[&show[..], &["-o", "json"]].concat());
    assert_eq!((shown.code, shown.out.trim()), (0, "null"));
}

#[test]
fn a_status_is_told_by_what_it_was_and_what_it_becomes() {
    let company = Company::open();
    let set = |title: &str, flag: &str| {
        let line = [
            "pachca",
            "status",
            "set",
            "--user_id",
            "vera.skazkina@example.test",
            "--emoji",
            "🎓",
        ];
        company.kadry(&[&line[..], &["--title", title, flag, "--lang", "ru"]].concat())
    };
    assert_eq!(set("Учусь", "--yes").code, 0);
    let shown = set("Отдыхаю", "--plan-only").out;
    assert!(shown.contains("(title: Учусь → Отдыхаю)"), "{shown}");
}

#[test]
fn what_cannot_be_printed_or_reported_names_the_commands_that_can() {
    let company = Company::open();
    for (line, says) in [
        (
            &["pachca", "tags", "create", "--name", "Склад", "-o", "csv"][..],
            "pachca tags list, pachca tags users.",
        ),
        (
            &["pachca", "status", "show", "--user_id", "7", "-o", "csv"],
            "pachca users list",
        ),
        (
            &["diadoc", "me", "show", "-o", "ndjson"],
            "diadoc employees list",
        ),
        (
            &["pachca", "tags", "list", "--report", "a.html"],
            "pachca tags create, pachca tags rename, pachca tags delete.",
        ),
        (
            &["check", "-o", "csv"],
            "people, providers, departments show, runs list, roles check, pachca users list",
        ),
        (
            &["people", "-o", "ndjson"],
            "pachca users list, dealapp users list, diadoc employees list.",
        ),
        (&["people", "--report", "a.html"], "pachca tags create"),
    ] {
        let ended = company.kadry(line);
        assert_eq!(ended.code, 2, "{line:?} {ended:?}");
        assert!(ended.err.contains(says), "{line:?} {ended:?}");
    }
    assert!(company.emulator.log().is_empty());
}

#[test]
fn a_name_that_is_nearly_one_is_told_with_that_one() {
    let company = Company::open();
    for (line, meant) in [
        (
            ["pachca", "tags", "show", "--id", "Бухгалтерея"],
            "Бухгалтерия",
        ),
        (["pachca", "chats", "show", "--id", "Обший"], "Общий"),
        (
            [
                "diadoc",
                "departments",
                "show",
                "--departmentId",
                "Бухгалтерея",
            ],
            "Бухгалтерия",
        ),
    ] {
        for (lang, asks) in [("en", "Near: "), ("ru", "Похожие: ")] {
            let ended = company.kadry(&[&line[..], &["--lang", lang]].concat());
            assert_eq!(ended.code, 5, "{ended:?}");
            assert!(
                ended.err.contains(asks) && ended.err.contains(meant),
                "{ended:?}"
            );
        }
    }
    assert_eq!(company.violations(), []);
}
