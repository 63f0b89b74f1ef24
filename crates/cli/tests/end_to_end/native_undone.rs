//! Operations of one platform that are taken back: what comes back, and what cannot.

use serde_json::{Value, json};

use crate::native_world::ANNA;
use crate::support::{Company, Ended};

/// What must never stand above something that is not as it should be.
pub(crate) const ALL_IS_WELL: [&str; 2] =
    ["everything is as it should be", "nothing is left to do"];

pub(crate) fn company(records: &Value) -> Company {
    let company = Company::open();
    company.emulator.seed(records).unwrap();
    company
}

pub(crate) fn anna() -> Value {
    json!({ "email": ANNA, "first_name": "Анна", "last_name": "Примерова" })
}

impl Company {
    /// Runs a writing command, which must be done.
    pub(crate) fn does(&self, line: &[&str]) -> String {
        let (told, code) = self.json(&[line, &["--yes"]].concat());
        assert_eq!(code, 0, "{line:?} {told:#}");
        told["run"].as_str().unwrap().to_owned()
    }

    pub(crate) fn chat(&self, name: &str) -> Value {
        let records = self.records();
        let chats = records["pachca"]["chats"].as_array().unwrap();
        chats
            .iter()
            .find(|chat| chat["name"] == name)
            .unwrap()
            .clone()
    }

    fn json_list(&self, line: &[&str]) -> Value {
        self.kadry(&[line, &["-o", "json"]].concat()).json()
    }

    fn undo(&self, run: &str) -> Ended {
        self.kadry(&["runs", "undo", run, "--yes"])
    }
}

#[test]
fn an_archived_chat_comes_back_with_its_tags_and_says_who_is_in_it_by_hand_now() {
    let company = company(&json!({ "pachca": {
        "users": [anna()],
        "tags": ["Склад", "Продажи"],
        "chats": [{ "name": "Обед", "tags": ["Склад", "Продажи"] }],
    } }));
    let before = company.chat("Обед");
    let run = company.does(&["pachca", "chats", "archive", "--id", "Обед"]);
    assert_ne!(
        company.chat("Обед")["group_tag_ids"],
        before["group_tag_ids"]
    );
    let shown = company.kadry(&["runs", "undo", &run, "--plan-only"]);
    let undone = company.undo(&run);
    assert_eq!(undone.code, 3, "{undone:?}");
    for told in [&shown.out, &undone.out] {
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("stays in it by hand as well"), "{told}");
    }
    assert!(!ALL_IS_WELL.iter().any(|said| undone.out.contains(said)));
    let after = company.chat("Обед");
    assert_eq!(after["archived"], false);
    assert_eq!(after["group_tag_ids"], before["group_tag_ids"]);
    assert_eq!(company.violations(), []);
}

#[test]
fn whoever_was_taken_out_of_a_chat_comes_back_with_the_role_there() {
    let company = company(&json!({ "pachca": {
        "users": [anna()],
        "chats": [{ "name": "Обед", "admins": [ANNA] }],
    } }));
    let before = company.chat("Обед");
    let run = company.does(&[
        "pachca",
        "members",
        "remove",
        "--id",
        "Обед",
        "--user_id",
        ANNA,
    ]);
    assert_ne!(company.chat("Обед"), before);
    let shown = company.kadry(&["runs", "undo", &run, "--plan-only"]);
    assert!(shown.out.contains("set-role"), "{shown:?}");
    let undone = company.undo(&run);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(company.chat("Обед"), before);
    assert_eq!(company.violations(), []);
}

#[test]
fn a_power_of_attorney_that_was_the_default_one_is_so_again() {
    let company = company(&json!({ "diadoc": {
        "employees": [{ "login": ANNA, "last_name": "Примерова", "first_name": "Анна" }],
    } }));
    let number = "24426b02-d608-4be9-baca-ea660dbf6be9";
    let of = |verb: &'static str| {
        [
            "diadoc",
            "poa",
            verb,
            "--userId",
            ANNA,
            "--RegistrationNumber",
            number,
        ]
    };
    let whole = [
        "--IssuerInn",
        "9600000016",
        "--RepresentativeInn",
        "960000000000",
    ];
    company.does(&[&of("attach")[..], &whole].concat());
    company.does(&of("set-default"));
    let list = ["diadoc", "poa", "list", "--userId", ANNA];
    let before = company.json_list(&list);
    let run = company.does(&of("detach"));

    // A second time nothing is to be done.
    let again = company.kadry(&[&of("detach")[..], &["--yes"]].concat());
    assert_eq!(again.code, 0, "{again:?}");

    let undone = company.undo(&run);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(company.json_list(&list), before);
    assert_eq!(company.violations(), []);
}

#[test]
fn of_several_rights_those_that_nobody_has_changed_since_go_back() {
    let company = company(&json!({ "diadoc": {
        "employees": [{ "login": ANNA, "last_name": "Примерова", "first_name": "Анна" }],
    } }));
    let set = ["diadoc", "permissions", "set", "--userId", ANNA];
    let run = company.does(
        &[
            &set[..],
            &["--CreateDocuments", "true", "--AddResolutions", "true"],
        ]
        .concat(),
    );
    // Somebody takes one of them away and gives another.
    company.does(
        &[
            &set[..],
            &[
                "--CreateDocuments",
                "false",
                "--DocumentAccessLevel",
                "AllDocuments",
            ],
        ]
        .concat(),
    );
    let shown = company.kadry(&["runs", "undo", &run, "--plan-only"]);
    assert!(shown.out.contains("--AddResolutions false"), "{shown:?}");
    assert!(!shown.out.contains("--CreateDocuments false"), "{shown:?}");
    let undone = company.undo(&run);
    assert_eq!(undone.code, 0, "{undone:?}");
    let rights = company.json_list(&["diadoc", "permissions", "show", "--userId", ANNA]);
    assert_eq!(rights["DocumentAccessLevel"], "AllDocuments");
    let given = rights["Actions"].as_array().unwrap();
    assert!(given.iter().all(|right| right["IsAllowed"] == false));
}

#[test]
fn what_cannot_be_taken_back_is_said_before_and_after_and_is_not_all_well() {
    let company = company(&json!({ "pachca": { "tags": ["Склад"], "users": [anna()] } }));
    let delete = company.does(&["pachca", "tags", "delete", "--id", "Склад"]);
    let create = company.does(&["pachca", "chats", "create", "--name", "Новый"]);
    let status = [
        "pachca",
        "status",
        "set",
        "--user_id",
        ANNA,
        "--emoji",
        "🎓",
        "--title",
        "x",
    ];
    company.does(&status);
    let end = ["--expires_at", "2099-12-31T18:00:00Z"];
    let status = company.does(&[&status[..], &end].concat());
    for (run, says, code) in [
        (delete, "has no way back", 1),
        (create, "nothing that deletes one", 3),
        (status, "expires_at", 1),
    ] {
        let shown = company.kadry(&["runs", "undo", &run, "--plan-only"]);
        assert!(shown.out.contains(says), "{shown:?}");
        let undone = company.undo(&run);
        assert_eq!(undone.code, code, "{undone:?}");
        assert!(undone.out.contains(says), "{undone:?}");
        assert!(undone.out.contains("Not taken back"), "{undone:?}");
        assert!(
            !ALL_IS_WELL.iter().any(|said| undone.out.contains(said)),
            "{undone:?}"
        );
        let title = undone.out.lines().next().unwrap_or_default();
        assert!(!title.contains("nothing to do"), "{undone:?}");
    }
}

#[test]
fn an_undo_that_was_killed_in_the_middle_of_one_change_gives_the_rest_back() {
    for (records, change, path, code) in [
        (
            json!({ "tags": ["Склад", "Продажи"], "chats": [{ "name": "Обед", "tags": ["Склад", "Продажи"] }] }),
            &["pachca", "chats", "archive", "--id", "Обед"][..],
            "*/group_tags",
            3,
        ),
        (
            json!({ "users": [anna()], "chats": [{ "name": "Обед", "admins": [ANNA] }] }),
            &[
                "pachca",
                "members",
                "remove",
                "--id",
                "Обед",
                "--user_id",
                ANNA,
            ],
            "*/members",
            0,
        ),
    ] {
        let company = company(&json!({ "pachca": records }));
        let before = company.chat("Обед");
        let run = company.does(change);
        company.kill_during(&["runs", "undo", &run, "--yes"], "pachca", path);
        assert_ne!(company.chat("Обед"), before);
        let resumed = company.kadry(&["runs", "resume", "--all", "--yes"]);
        assert_eq!(resumed.code, code, "{change:?} {resumed:?}");
        let after = company.chat("Обед");
        for name in ["archived", "group_tag_ids", "member_ids"] {
            assert_eq!(after[name], before[name], "{name} {resumed:?}");
        }
        assert!(code != 0 || after == before, "{resumed:?}");
        assert_eq!(company.violations(), []);
    }
}
