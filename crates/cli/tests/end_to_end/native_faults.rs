//! Operations of one platform that go wrong: what was typed, what is there, what we may, and how busy the platform is.

use serde_json::json;

use crate::native_world::ANNA;
use crate::support::Company;

fn with_anna() -> Company {
    let company = Company::open();
    let anna = json!({ "email": ANNA, "first_name": "Анна", "last_name": "Примерова" });
    let records = json!({
        "pachca": { "users": [anna], "chats": [{ "name": "Обед" }] },
        "diadoc": { "employees": [{ "login": ANNA, "last_name": "Примерова", "first_name": "Анна" }] },
    });
    company.emulator.seed(&records).unwrap();
    company
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_asked() {
    let company = with_anna();
    for (line, says) in [
        (
            &["pachca", "reactions", "list", "--id", "пять"][..],
            "whole number",
        ),
        (
            &[
                "pachca",
                "avatar",
                "set",
                "--user_id",
                ANNA,
                "--image",
                "no.png",
                "--yes",
            ],
            "no such file",
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
                "завтра",
                "--yes",
            ],
            "moment",
        ),
        (
            &[
                "pachca",
                "members",
                "set-role",
                "--id",
                "Обед",
                "--user_id",
                ANNA,
                "--role",
                "boss",
                "--yes",
            ],
            "admin, editor, member",
        ),
        (
            &["dealapp", "users", "list", "--active", "да"],
            "true, false",
        ),
        (
            &["diadoc", "employees", "list", "--count", "много"],
            "whole number",
        ),
        (&["pachca", "users", "list", "--limit", "5"], "--limit"),
        (&["pachca", "tags", "rename", "--id", "Обед"], "--name"),
        (&["pachca", "users", "shw"], "shw"),
    ] {
        let ended = company.kadry(line);
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (2, ""),
            "{line:?} {ended:?}"
        );
        assert!(ended.err.contains(says), "{line:?} {ended:?}");
    }
    assert!(company.emulator.log().is_empty());
}

#[test]
fn a_name_that_nothing_bears_is_refused_and_nothing_is_written() {
    let company = with_anna();
    for line in [
        &["pachca", "tags", "delete", "--id", "Нет такого"][..],
        &["pachca", "chats", "archive", "--id", "Нет такого"],
        &[
            "pachca",
            "members",
            "add",
            "--id",
            "Нет такого",
            "--member_ids",
            ANNA,
        ],
        &[
            "pachca",
            "members",
            "add",
            "--id",
            "Обед",
            "--member_ids",
            "nobody@example.test",
        ],
        &[
            "pachca",
            "members",
            "add-tags",
            "--id",
            "Обед",
            "--group_tag_ids",
            "Нет такого",
        ],
        &[
            "dealapp",
            "units",
            "update",
            "--id",
            "Нет такого",
            "--name",
            "Есть",
        ],
        &[
            "dealapp",
            "units",
            "create",
            "--name",
            "Новый",
            "--parent_id",
            "Нет такого",
        ],
        &[
            "diadoc",
            "departments",
            "delete",
            "--departmentId",
            "Нет такого",
        ],
        &[
            "diadoc",
            "poa",
            "detach",
            "--userId",
            ANNA,
            "--RegistrationNumber",
            "нет",
        ],
        &[
            "diadoc",
            "permissions",
            "set",
            "--userId",
            "nobody@example.test",
            "--SignDocuments",
            "true",
        ],
    ] {
        let ended = company.kadry(&[line, &["--yes"]].concat());
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (5, ""),
            "{line:?} {ended:?}"
        );
        assert!(
            [line[line.len() - 1], "Нет такого", "nobody@example.test"]
                .iter()
                .any(|named| ended.err.contains(named)),
            "{ended:?}"
        );
    }
    assert_eq!(company.writes_since(0), []);
    assert_eq!(company.violations(), []);
}

#[test]
fn of_two_chats_of_one_name_none_is_touched() {
    let company = with_anna();
    let second = company.kadry(&["pachca", "chats", "create", "--name", "Обед", "--yes"]);
    assert_eq!(second.code, 0, "{second:?}");
    let start = company.emulator.log().len();
    let archive = ["pachca", "chats", "archive", "--id", "Обед", "--yes"];
    let ended = company.kadry(&archive);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(
        ended.err.contains("Several chats are called “Обед”: "),
        "{ended:?}"
    );
    assert_eq!(company.writes_since(start), []);
    let chats = company.kadry(&["pachca", "chats", "search", "--query", "Обед", "-o", "json"]);
    let chats = chats.json();
    let ids = chats
        .as_array()
        .unwrap()
        .iter()
        .map(|chat| chat["id"].to_string());
    let ids: Vec<String> = ids.collect();
    assert_eq!(ids.len(), 2);
    let one = company.kadry(&["pachca", "chats", "archive", "--id", &ids[0], "--yes"]);
    assert_eq!(one.code, 0, "{one:?}");
    assert_eq!(company.writes_since(start).len(), 1);
    assert_eq!(company.violations(), []);
}

/// A reading and a writing command of a platform, and where the latter writes.
struct Pair {
    platform: &'static str,
    reads: [&'static str; 3],
    writes: [&'static str; 5],
    path: &'static str,
}

const PAIRS: [Pair; 3] = [
    Pair {
        platform: "pachca",
        reads: ["pachca", "tags", "list"],
        writes: ["pachca", "tags", "create", "--name", "Склад"],
        path: "*/group_tags",
    },
    Pair {
        platform: "dealapp",
        reads: ["dealapp", "units", "list"],
        writes: ["dealapp", "units", "create", "--name", "Склад"],
        path: "*/organization/units",
    },
    Pair {
        platform: "diadoc",
        reads: ["diadoc", "departments", "list"],
        writes: ["diadoc", "departments", "create", "--Name", "Склад"],
        path: "*/CreateDepartment",
    },
];

#[test]
fn a_right_that_is_missing_is_told_and_nothing_else_is_tried() {
    for pair in PAIRS {
        let Pair {
            platform,
            reads,
            writes,
            path,
        } = pair;
        let company = with_anna();
        let at = |method: &str, path: &str| {
            let at = json!({ "platform": platform, "method": method, "path": path });
            json!({ "match": at, "do": { "status": 403 } })
        };
        company.fault(at("POST", path));
        let records = company.records();
        let ended = company.kadry(&[&writes[..], &["--yes"]].concat());
        assert_eq!(ended.code, 1, "{platform} {ended:?}");
        assert!(ended.err.contains("lacks a right"), "{ended:?}");
        assert_eq!(company.writes_since(0).len(), 1, "{platform}");
        assert_eq!(company.records(), records);

        company.fault(at("GET", "*"));
        let ended = company.kadry(&reads);
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (1, ""),
            "{platform} {ended:?}"
        );
        assert!(ended.err.contains("lacks a right"), "{ended:?}");
    }
}

#[test]
fn a_token_without_a_scope_says_which_one_is_missing() {
    let company = with_anna();
    let scopes = json!({ "pachca": { "scopes": ["users:read", "group_tags:read"] } });
    company.emulator.seed(&scopes).unwrap();
    let create = company.kadry(&["pachca", "tags", "create", "--name", "Склад", "--yes"]);
    assert_eq!(create.code, 1, "{create:?}");
    assert!(create.err.contains("group_tags:write"), "{create:?}");
    let list = company.kadry(&["pachca", "chats", "list"]);
    assert_eq!(list.code, 1, "{list:?}");
    assert!(list.err.contains("chats:read"), "{list:?}");
    assert_eq!(company.violations(), []);
}

#[test]
fn a_platform_that_is_busy_is_waited_for_and_written_to_once() {
    for pair in PAIRS {
        let Pair {
            platform,
            reads,
            writes,
            path,
        } = pair;
        let company = with_anna();
        let busy = |method: &str, path: &str| {
            json!({
                "match": { "platform": platform, "method": method, "path": path },
                "when": { "nth": 1 },
                "do": { "status": 429, "retry_after": 1 },
            })
        };
        company.fault(busy("POST", path));
        let ended = company.kadry(&[&writes[..], &["--yes"]].concat());
        assert_eq!(ended.code, 0, "{platform} {ended:?}");
        let sent: Vec<Option<u16>> = company
            .writes_since(0)
            .iter()
            .map(|entry| entry.status)
            .collect();
        assert_eq!((sent.len(), sent[0]), (2, Some(429)), "{platform} {sent:?}");
        let made = company.kadry(&[&reads[..], &["--all", "-o", "csv"]].concat());
        assert_eq!(
            made.out.matches("Склад").count(),
            1 + usize::from(platform == "diadoc"),
            "{made:?}"
        );

        company.emulator.clear_faults();
        company.fault(busy("GET", "*"));
        let ended = company.kadry(&[&reads[..], &["-o", "csv"]].concat());
        assert_eq!(
            (ended.code, &ended.out),
            (0, &made.out),
            "{platform} {ended:?}"
        );
        let log = company.emulator.log();
        assert!(
            log.iter()
                .any(|entry| entry.method == "GET" && entry.status == Some(429))
        );
        assert_eq!(company.violations(), []);
    }
}
