//! Operations of one platform that are done in part or not at all: what is told is what is.

use std::process::Stdio;
use std::thread::yield_now;

use serde_json::{Value, json};

use crate::native_undone::{ALL_IS_WELL, anna, company};
use crate::native_world::ANNA;
use crate::support::Ended;

#[test]
fn a_chat_that_somebody_was_left_out_of_is_not_told_as_done() {
    let company = company(&json!({ "pachca": { "users": [anna()] } }));
    let late = json!({ "platform": "pachca", "method": "POST", "path": "*/chats" });
    company.fault(json!({ "match": late, "do": { "delay_ms": 500 } }));
    let create = [
        "pachca",
        "chats",
        "create",
        "--name",
        "Новый",
        "--member_ids",
        ANNA,
        "--yes",
    ];
    let mut command = company.command(&create);
    let running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let running = running.unwrap();
    let is_asked = || {
        let log = company.emulator.log();
        log.iter()
            .any(|entry| entry.method == "POST" && entry.path.ends_with("/chats"))
    };
    while !is_asked() {
        yield_now();
    }
    // The platform leaves out without a word whoever is suspended by then.
    let suspended = json!({ "users": [{ "email": ANNA, "suspended": true }] });
    company
        .emulator
        .seed(&json!({ "pachca": suspended }))
        .unwrap();
    let ended: Ended = running.wait_with_output().unwrap().into();
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        !ALL_IS_WELL.iter().any(|said| ended.out.contains(said)),
        "{ended:?}"
    );
    let people = company.records();
    let people = people["pachca"]["users"].as_array().unwrap();
    let anna = people.iter().find(|user| user["email"] == ANNA).unwrap();
    let chat = company.chat("Новый")["id"].to_string();
    let command = format!(
        "kadry pachca members add --id {chat} --member_ids {} --provider messenger",
        anna["id"]
    );
    let told = ended.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(&command), "{ended:?}");
    let run = company.json(&["runs", "list"]).0;
    let run = run["runs"][0]["run"].as_str().unwrap_or_default();
    let shown = company.kadry(&["runs", "show", run]);
    assert!(shown.out.contains("members add"), "{shown:?}");

    let back = json!({ "users": [{ "email": ANNA, "suspended": false }] });
    company.emulator.seed(&json!({ "pachca": back })).unwrap();
    let rest: Vec<&str> = command.split_whitespace().skip(1).collect();
    company.does(&rest);
    assert!(
        company.chat("Новый")["member_ids"]
            .to_string()
            .contains(&anna["id"].to_string())
    );
}

#[test]
fn an_id_that_the_platform_does_not_know_is_told_as_such() {
    let company =
        company(&json!({ "pachca": { "users": [anna()], "chats": [{ "name": "Обед" }] } }));
    for (line, says) in [
        (
            &["pachca", "tags", "delete", "--id", "999999"][..],
            "There is no tag “999999”",
        ),
        (
            &["pachca", "tags", "rename", "--id", "999999", "--name", "x"],
            "There is no tag “999999”",
        ),
        (
            &["pachca", "chats", "archive", "--id", "999999"],
            "There is no chat “999999”",
        ),
        (
            &["pachca", "chats", "rename", "--id", "999999", "--name", "x"],
            "There is no chat “999999”",
        ),
        (
            &[
                "pachca",
                "members",
                "remove",
                "--id",
                "999999",
                "--user_id",
                ANNA,
            ],
            "There is no chat “999999”",
        ),
        (
            &[
                "pachca",
                "members",
                "add",
                "--id",
                "999999",
                "--member_ids",
                ANNA,
            ],
            "There is no chat “999999”",
        ),
        (
            &[
                "pachca",
                "messages",
                "send",
                "--entity_id",
                "999999",
                "--content",
                "x",
            ],
            "There is no chat “999999”",
        ),
        (
            &[
                "pachca",
                "members",
                "remove-tags",
                "--id",
                "Обед",
                "--tag_id",
                "999999",
            ],
            "There is no tag “999999”",
        ),
        (
            &[
                "diadoc",
                "departments",
                "delete",
                "--departmentId",
                "00000000-0000-4000-8000-00000000dead",
            ],
            "There is no department",
        ),
        (
            &[
                "dealapp",
                "units",
                "create",
                "--name",
                "x",
                "--parent_id",
                "00000000-0000-4000-8000-00000000dead",
            ],
            "There is no unit",
        ),
    ] {
        for flag in ["--yes", "--plan-only"] {
            let ended = company.kadry(&[line, &[flag]].concat());
            assert_eq!(
                (ended.code, ended.out.as_str()),
                (5, ""),
                "{line:?} {ended:?}"
            );
            assert!(ended.err.contains(says), "{line:?} {ended:?}");
        }
    }
    for (line, says) in [
        (["tags", "show", "--id"], "There is no tag “999999”"),
        (["tags", "users", "--id"], "There is no tag “999999”"),
        (["chats", "show", "--id"], "There is no chat “999999”"),
        (["members", "list", "--id"], "There is no chat “999999”"),
        (
            ["messages", "list", "--chat_id"],
            "There is no chat “999999”",
        ),
    ] {
        let ended = company.kadry(&[&["pachca"], &line[..], &["999999"]].concat());
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (5, ""),
            "{line:?} {ended:?}"
        );
        assert!(ended.err.contains(says), "{line:?} {ended:?}");
    }
    assert_eq!(company.writes_since(0), []);
    assert_eq!(company.violations(), []);
}

#[test]
fn a_name_that_nothing_bears_tells_the_nearest_ones_and_what_lists_them() {
    let company = company(&json!({
        "pachca": { "tags": ["Backend", "Склад"], "chats": [{ "name": "Обед" }, { "name": "Обеды" }] },
        "diadoc": { "departments": [{ "name": "Логистика" }] },
    }));
    for (line, near, command) in [
        (
            &["pachca", "tags", "users", "--id", "Backnd"][..],
            "Near: Backend.",
            "kadry pachca tags list --all --provider messenger",
        ),
        (
            &["pachca", "tags", "delete", "--id", "Backnd", "--yes"],
            "Near: Backend.",
            "kadry pachca tags list --all --provider messenger",
        ),
        (
            &["pachca", "members", "list", "--id", "Обе"],
            "Near: Обед, Обеды.",
            "kadry pachca chats list --all --provider messenger",
        ),
        (
            &[
                "diadoc",
                "departments",
                "show",
                "--departmentId",
                "Логистка",
            ],
            "Near: Логистика.",
            "kadry diadoc departments list --all --provider edo",
        ),
        (
            &["dealapp", "users", "list", "--units_ids", "Контактцентр"],
            "Near: Контакт-центр",
            "kadry dealapp units tree --provider calls",
        ),
    ] {
        let ended = company.kadry(line);
        assert_eq!(ended.code, 5, "{line:?} {ended:?}");
        let told = ended.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(near) && told.contains(command), "{ended:?}");
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        assert_eq!(company.kadry(&words).code, 0, "{command}");
        let russian = company.kadry(&[line, &["--lang", "ru"]].concat());
        assert!(russian.err.contains("Похожие: "), "{russian:?}");
    }
}

#[test]
fn whom_a_tag_holds_in_a_chat_is_told_with_the_tag_and_the_command_that_helps() {
    let mut held = anna();
    held["list_tags"] = json!(["Склад"]);
    let company = company(&json!({ "pachca": {
        "users": [held],
        "chats": [{ "name": "Обед", "tags": ["Склад"] }],
    } }));
    let remove = [
        "pachca",
        "members",
        "remove",
        "--id",
        "Обед",
        "--user_id",
        ANNA,
        "--yes",
    ];
    let start = company.emulator.log().len();
    let ended = company.kadry(&remove);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert_eq!(company.writes_since(start), []);
    let told = ended.err.split_whitespace().collect::<Vec<_>>().join(" ");
    let chat = company.chat("Обед");
    let command = format!(
        "kadry pachca members remove-tags --id {} --tag_id {} --provider messenger",
        chat["id"], chat["group_tag_ids"][0]
    );
    assert!(
        told.contains("Склад (") && told.contains(&command),
        "{ended:?}"
    );
    let words: Vec<&str> = command.split_whitespace().skip(1).collect();
    company.does(&words);
    assert_eq!(company.kadry(&remove).code, 0);
}

#[test]
fn somebody_whom_another_platform_knows_is_not_said_to_be_known_nowhere() {
    let company = company(&json!({ "pachca": { "users": [anna()] } }));
    for line in [
        &["diadoc", "permissions", "show", "--userId", ANNA][..],
        &[
            "diadoc",
            "permissions",
            "set",
            "--userId",
            ANNA,
            "--CreateDocuments",
            "true",
            "--yes",
        ],
    ] {
        let ended = company.kadry(line);
        assert_eq!(ended.code, 5, "{ended:?}");
        assert!(
            ended.err.contains(&format!("edo has no record of {ANNA}")),
            "{ended:?}"
        );
        assert!(!ended.err.contains("none of them"), "{ended:?}");
    }
}

#[test]
fn two_thousand_chats_are_renamed_from_the_list_that_found_them() {
    let chats = (0..2_000).map(|nth| json!({ "name": format!("Заказчик {nth}") }));
    let chats: Vec<Value> = chats.collect();
    let company = company(&json!({ "pachca": { "chats": chats } }));
    let start = company.emulator.log().len();
    let rename = [
        "pachca",
        "chats",
        "rename",
        "--pattern",
        "^Заказчик",
        "--to",
        "Клиент",
    ];
    let shown = company.kadry(&[&rename[..], &["--plan-only"]].concat());
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert_eq!(shown.out.matches("chats rename --id").count(), 2_000);
    let log = company.emulator.log().into_iter().skip(start);
    let asked = log.filter(|entry| entry.platform == "pachca");
    let (mut lists, mut rest) = (0, 0);
    for entry in asked {
        match entry.path.ends_with("/chats") {
            true => lists += 1,
            false => rest += 1,
        }
    }
    // One listing of fifty to a page, beside signing in and reading who we are.
    assert!((40..=42).contains(&lists), "{lists}");
    assert!(rest < 10, "{rest}");
}

#[test]
fn a_chat_is_found_by_name_with_one_look_at_the_lists() {
    let company = company(&json!({ "pachca": { "chats": [{ "name": "Обед" }] } }));
    let start = company.emulator.log().len();
    let list = company.kadry(&["pachca", "members", "list", "--id", "Обед"]);
    assert_eq!(list.code, 0, "{list:?}");
    let log = company.emulator.log().into_iter().skip(start);
    let mut lists: Vec<String> = log
        .filter(|entry| entry.path.ends_with("/chats"))
        .map(|entry| entry.query)
        .collect();
    lists.sort();
    lists.dedup();
    let log = company.emulator.log();
    let all = log
        .iter()
        .skip(start)
        .filter(|entry| entry.path.ends_with("/chats"));
    assert_eq!(all.count(), lists.len(), "{lists:?}");
}
