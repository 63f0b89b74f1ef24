//! Operations of one platform that concern people who may not be touched, or more of them than may be.

use serde_json::json;

use crate::native_world::ANNA;
use crate::support::Company;

const BORIS: &str = "boris@example.test";

/// Anna and Boris bear one tag, and nobody may touch Anna.
fn tagged() -> Company {
    let company = Company::open();
    company.configure(|settings| format!("{settings}\n[protect]\nexempt = [\"{ANNA}\"]\n"));
    let person = |email: &str| json!({ "email": email, "first_name": "Кто", "list_tags": ["Юг"] });
    let records = json!({
        "pachca": {
            "tags": ["Юг", "Север"],
            "users": [person(ANNA), person(BORIS)],
            "chats": [{ "name": "Обед" }],
        },
    });
    company.emulator.seed(&records).unwrap();
    company
}

#[test]
fn who_is_exempt_is_not_concerned_by_what_is_done_to_things() {
    let company = tagged();
    for line in [
        &["tags", "delete", "--id", "Юг"][..],
        &[
            "members",
            "add-tags",
            "--id",
            "Обед",
            "--group_tag_ids",
            "Юг",
        ],
        &[
            "chats",
            "create",
            "--name",
            "Новый",
            "--group_tag_ids",
            "Юг",
        ],
        &["chats", "create", "--name", "Новый", "--member_ids", ANNA],
        &[
            "messages",
            "send",
            "--entity_type",
            "user",
            "--entity_id",
            BORIS,
            "--entity_id",
            ANNA,
            "--content",
            "Привет",
        ],
    ] {
        let ended = company.kadry(&[&["pachca"], line, &["--privileged", "--yes"]].concat());
        assert_eq!(
            (ended.code, ended.out.as_str()),
            (5, ""),
            "{line:?} {ended:?}"
        );
        assert!(ended.err.contains("never touched"), "{line:?} {ended:?}");
        assert!(ended.err.contains(ANNA), "{line:?} {ended:?}");
    }
    assert_eq!(company.writes_since(0), []);
    for line in [
        &["tags", "delete", "--id", "Север"][..],
        &[
            "messages",
            "send",
            "--entity_id",
            "Обед",
            "--content",
            "Привет",
        ],
    ] {
        let ended = company.kadry(&[&["pachca"], line, &["--yes"]].concat());
        assert_eq!(ended.code, 0, "{line:?} {ended:?}");
    }
    assert_eq!(company.violations(), []);
}

#[test]
fn a_tag_that_many_bear_is_over_the_limit_of_people() {
    let company = tagged();
    company.configure(|settings| {
        let settings = settings.replace(ANNA, "nobody@example.test");
        format!("{settings}\n[limits]\nrevoke = {{ run = 1 }}\n")
    });
    let delete = ["pachca", "tags", "delete", "--id", "Юг", "--yes"];
    let ended = company.kadry(&delete);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.err.contains("--allow revoke=2"), "{ended:?}");
    assert_eq!(company.writes_since(0), []);
    let shown = ["--allow", "revoke=2", "--reason", "move", "--plan-only"];
    let shown = company.kadry(&[&delete[..5], &shown].concat());
    assert!(shown.out.contains("concerns 2 people"), "{shown:?}");
    let meant = ["--allow", "revoke=2", "--reason", "move"];
    let ended = company.kadry(&[&delete[..], &meant].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
}
