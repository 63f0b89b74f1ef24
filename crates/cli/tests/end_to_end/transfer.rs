//! Moving people to another place.

use serde_json::{Value, json};

use crate::support::{Company, Ended};

const ANNA: &str = "anna.novichkova@example.test";

/// Another role than the emulator's own.
const SELLER: &str = r#"
[roles.seller]
title = "Менеджер"
department = "Продажи"
messenger = { tags = ["Продажи"], chats = ["Общий", "Новости"], role = "user" }
calls = { unit = "Отдел продаж", role = "Супервизор" }
edo = { department = "Продажи", permissions = ["SignDocuments"], subscriptions = ["CounteragentSignatures"] }

[roles.courier]
messenger = { tags = ["Поддержка"] }

[departments."Разработка"]
calls = { unit = "Первая линия" }
edo = { department = "Продажи" }
"#;

/// A company with two roles, in which somebody has the first.
fn company() -> Company {
    let company = with_roles();
    company.hire(ANNA);
    company
}

fn with_roles() -> Company {
    let company = Company::open();
    company.configure(|settings| format!("{settings}{SELLER}"));
    company
}

fn to(role: &str) -> [&str; 5] {
    ["transfer", ANNA, "--role", role, "--yes"]
}

fn named<'a>(rows: &'a Value, member: &str, value: &str) -> &'a Value {
    let mut rows = rows.as_array().unwrap().iter();
    let found = rows.find(|row| row[member] == value);
    found.unwrap_or_else(|| panic!("{value} is missing"))
}

fn on_messenger(company: &Company) -> Value {
    named(&company.records()["pachca"]["users"], "email", ANNA).clone()
}

fn on_calls(company: &Company) -> Value {
    named(&company.records()["dealapp"]["users"], "email", ANNA).clone()
}

fn on_edo(company: &Company) -> Value {
    named(&company.records()["diadoc"]["employees"], "login", ANNA).clone()
}

/// The chats that somebody is in, by name.
fn chats(company: &Company) -> Vec<String> {
    let id = on_messenger(company)["id"].clone();
    let records = company.records();
    let chats = records["pachca"]["chats"].as_array().unwrap().iter();
    let inside = chats.filter(|chat| {
        let members = chat["member_ids"].as_array().unwrap();
        members.contains(&id) && chat["name"] != ""
    });
    let mut names: Vec<String> = inside
        .map(|chat| chat["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn tags(company: &Company) -> Value {
    on_messenger(company)["list_tags"].clone()
}

fn subscriptions(company: &Company) -> Vec<String> {
    let record = on_edo(company);
    let all = record["subscriptions"].as_array().unwrap().iter();
    all.map(|one| one.as_str().unwrap().to_owned()).collect()
}

fn run_of(report: &Value) -> &str {
    report["run"].as_str().unwrap()
}

#[test]
fn a_new_role_takes_the_place_of_the_old_one_on_all_platforms() {
    let company = company();
    let (report, code) = company.json(&to("seller"));
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["intent"], "transfer");
    assert_eq!(
        (&report["state"], &report["verified"]),
        (&json!("done"), &json!(true))
    );
    let record = on_messenger(&company);
    assert_eq!(record["title"], "Менеджер", "{record:#}");
    assert_eq!(record["department"], "Продажи");
    assert_eq!(tags(&company), json!(["Продажи"]));
    assert_eq!(chats(&company), ["Новости", "Общий", "Продажи"]);
    let record = on_calls(&company);
    assert_eq!(
        (&record["unit"], &record["role"]),
        (&json!("Отдел продаж"), &json!("Супервизор"))
    );
    let record = on_edo(&company);
    assert_eq!(record["department"], "Продажи", "{record:#}");
    assert_eq!(record["actions"], json!(["SignDocuments"]));
    assert_eq!(record["position"], "Менеджер");
    let subscribed = subscriptions(&company);
    assert!(!subscribed.contains(&"NewIncomingDocuments".to_owned()));
    assert!(
        subscribed.contains(&"ChatMessages".to_owned()),
        "what neither role names stays"
    );

    let before = company.records();
    let again = company.kadry(&["transfer", ANNA, "--role", "seller"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.contains("nothing to do"), "{again:?}");
    assert!(company.records() == before, "something was written");
    assert_eq!(company.violations(), []);
}

#[test]
fn what_is_new_is_given_before_anything_is_taken() {
    let company = company();
    let (report, _) = company.json(&to("seller"));
    let steps = report["steps"].as_array().unwrap();
    for platform in ["messenger", "edo"] {
        let lane = steps.iter().filter(|step| step["provider"] == platform);
        let stages: Vec<&str> = lane.map(|step| step["stage"].as_str().unwrap()).collect();
        let first = stages.iter().position(|stage| *stage == "tidy").unwrap();
        assert!(
            first > 0 && stages[first..].iter().all(|stage| *stage == "tidy"),
            "{stages:?}"
        );
    }
}

#[test]
fn a_plan_names_what_stays_and_writes_nothing() {
    let company = company();
    let before = company.records();
    let shown = company.kadry(&["transfer", ANNA, "--role", "seller", "--plan-only"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for part in [
        "Transfer of anna.novichkova@example.test: ",
        "Take away tags: Бухгалтерия",
        "Kept, because neither the old role nor the new one names it",
        "May go along with what is taken away",
    ] {
        assert!(shown.out.contains(part), "{part} in {shown:?}");
    }
    let (plan, code) = company.json(&["transfer", ANNA, "--role", "seller", "--plan-only"]);
    assert_eq!((code, &plan["run"]), (0, &Value::Null));
    assert!(company.records() == before, "something was written");
    let russian = [
        "transfer",
        ANNA,
        "--role",
        "seller",
        "--plan-only",
        "--lang",
        "ru",
    ];
    let shown = company.kadry(&russian);
    assert!(shown.out.contains("Перевод — anna.novichkova"), "{shown:?}");
    assert!(
        shown.out.contains("С --strict это будет снято"),
        "{shown:?}"
    );
}

#[test]
fn strict_leaves_what_the_new_role_names_and_nothing_else() {
    let company = company();
    let (report, code) = company.json(&[&to("seller")[..], &["--strict"]].concat());
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(subscriptions(&company), ["CounteragentSignatures"]);
    assert_eq!(on_edo(&company)["actions"], json!(["SignDocuments"]));
    assert_eq!(tags(&company), json!(["Продажи"]));
    assert_eq!(chats(&company), ["Новости", "Общий", "Продажи"]);
    assert_eq!(company.violations(), []);
}

#[test]
fn without_an_old_role_nothing_is_taken_and_the_ways_out_are_named() {
    let company = company();
    // Another store knows nothing of what was given.
    let store = ["--store", "other.sqlite"];
    let command = |more: &[&'static str]| [&to("seller")[..], &store, more].concat();
    let shown = company.kadry(&command(&["--plan-only"]));
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown
            .out
            .contains("Held beyond the new one – tag: Бухгалтерия"),
        "{shown:?}"
    );
    assert!(
        shown.out.contains("--from ROLE") && shown.out.contains("--strict"),
        "{shown:?}"
    );
    let (report, code) = company.json(&command(&[]));
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(tags(&company), json!(["Бухгалтерия", "Продажи"]));
    assert!(chats(&company).contains(&"Бухгалтерия".to_owned()));
    // The old role may be named.
    let (report, code) = company.json(&command(&["--from", "accountant"]));
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(tags(&company), json!(["Продажи"]));
    assert_eq!(on_edo(&company)["actions"], json!(["SignDocuments"]));
}

#[test]
fn a_platform_that_the_new_role_leaves_out_keeps_its_door() {
    let company = company();
    let shown = company.kadry(&["transfer", ANNA, "--role", "courier", "--plan-only"]);
    let way = format!("kadry offboard {ANNA} --on edo");
    assert!(shown.out.contains(&way), "{shown:?}");
    let (report, code) = company.json(&to("courier"));
    assert_eq!(code, 0, "{report:#}");
    let record = on_edo(&company);
    assert_eq!(
        (&record["blocked"], &record["actions"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(
        record["position"], "Бухгалтер",
        "nothing else is asked there"
    );
    assert_eq!(tags(&company), json!(["Поддержка"]));
    assert_eq!(on_calls(&company)["active"], true);
}

#[test]
fn somebody_is_brought_in_where_the_new_role_wants_them() {
    let company = with_roles();
    let first = [&crate::support::join(ANNA)[..], &["--on", "messenger"]].concat();
    assert_eq!(company.kadry(&first).code, 0);
    let (report, code) = company.json(&to("seller"));
    assert_eq!(code, 0, "{report:#}");
    let record = on_edo(&company);
    assert_eq!(
        (&record["last_name"], &record["first_name"]),
        (&json!("Образцова"), &json!("Анна"))
    );
    assert_eq!(record["department"], "Продажи");
    assert_eq!(on_calls(&company)["unit"], "Отдел продаж");
    assert_eq!(tags(&company), json!(["Продажи"]));
    assert_eq!(company.violations(), []);
}

#[test]
fn a_closed_door_stays_closed_and_the_way_in_is_named() {
    let company = company();
    let ended = company.kadry(&["offboard", ANNA, "--on", "messenger", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let ended = company.kadry(&to("seller"));
    assert_eq!(ended.code, 3, "{ended:?}");
    let way = format!("kadry onboard --email {ANNA} --role … --on messenger");
    assert!(ended.err.contains(&way), "{ended:?}");
    assert_eq!(on_messenger(&company)["suspended"], true);
    assert_eq!(on_edo(&company)["department"], "Продажи");
}

#[test]
fn a_platform_that_is_down_is_done_by_the_same_command_later() {
    let company = company();
    company.lose_calls();
    let settings = std::fs::read_to_string(company.path("kadry.toml")).unwrap();
    company.write("kadry.toml", &format!("{settings}{SELLER}"));
    let ended = company.kadry(&to("seller"));
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.err.contains("kadry transfer"), "{ended:?}");
    assert_eq!(tags(&company), json!(["Продажи"]));
    company.configure(|settings| format!("{settings}{SELLER}"));
    let (report, code) = company.json(&to("seller"));
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(on_calls(&company)["unit"], "Отдел продаж");
}

#[test]
fn what_was_moved_is_taken_back() {
    let company = company();
    let (before, inside) = ((tags(&company), on_calls(&company)), chats(&company));
    let (report, _) = company.json(&to("seller"));
    let (undone, code) = company.json(&["runs", "undo", run_of(&report), "--yes"]);
    assert_eq!(code, 0, "{undone:#}");
    assert_eq!((tags(&company), on_calls(&company)), before);
    assert_eq!(chats(&company), inside);
    let record = on_edo(&company);
    assert_eq!(record["actions"], json!(["CreateDocuments"]));
    assert_eq!(record["position"], "Бухгалтер");
    assert!(subscriptions(&company).contains(&"NewIncomingDocuments".to_owned()));
    let shown = company.kadry(&["runs", "show", run_of(&report)]);
    assert!(shown.out.contains("Transfer of"), "{shown:?}");
}

#[test]
fn a_title_and_a_department_change_without_a_role() {
    let company = company();
    let (report, code) = company.json(&["transfer", ANNA, "--title", "Старший бухгалтер", "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(on_messenger(&company)["title"], "Старший бухгалтер");
    assert_eq!(on_edo(&company)["position"], "Старший бухгалтер");
    assert_eq!(
        tags(&company),
        json!(["Бухгалтерия"]),
        "what the role gave stays"
    );
    let moved = ["transfer", ANNA, "--department", "разработка", "--yes"];
    let (report, code) = company.json(&moved);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(on_messenger(&company)["department"], "разработка");
    assert_eq!(on_calls(&company)["unit"], "Первая линия");
    assert_eq!(on_edo(&company)["department"], "Продажи");
    // What the role gave is not forgotten over that.
    let (report, code) = company.json(&to("courier"));
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(tags(&company), json!(["Поддержка"]));
}

#[test]
fn what_cannot_be_meant_is_a_refusal_with_a_way_out() {
    let company = company();
    let before = company.records();
    let nobody = company.kadry(&[
        "transfer",
        "nobody@example.test",
        "--role",
        "seller",
        "--yes",
    ]);
    assert_eq!(nobody.code, 5, "{nobody:?}");
    assert!(
        nobody
            .err
            .contains("kadry onboard --email nobody@example.test"),
        "{nobody:?}"
    );
    let usage: [(&[&str], &str); 6] = [
        (&["transfer", ANNA], "--role, --department or --title"),
        (&["transfer", ANNA, "--strict", "--title", "x"], "--role"),
        (&["transfer", ANNA, "--role", "seler"], "seller"),
        (
            &["transfer", ANNA, "--role", "seller", "--from", "acountant"],
            "accountant",
        ),
        (
            &[
                "transfer", ANNA, "--role", "courier", "--from", "courier", "--on", "edo",
            ],
            "edo",
        ),
        (&["transfer", "anna", "--role", "seller"], "person:1042"),
    ];
    for (typed, told) in usage {
        let ended: Ended = company.kadry(typed);
        assert_eq!(ended.code, 2, "{typed:?} {ended:?}");
        assert!(ended.err.contains(told), "{typed:?} {ended:?}");
    }
    for who in ["svc@example.test", "ceo@example.test"] {
        let ended = company.kadry(&["transfer", who, "--role", "seller", "--yes"]);
        assert_eq!(ended.code, 5, "{ended:?}");
    }
    assert!(company.records() == before, "something was written");
}

#[test]
fn a_report_of_it_is_kept_and_says_what_was_asked() {
    let company = company();
    let page = company.path("anna.html");
    let typed = [&to("seller")[..], &["--report", page.to_str().unwrap()]].concat();
    assert_eq!(company.kadry(&typed).code, 0);
    let text = std::fs::read_to_string(page).unwrap();
    assert!(
        text.contains("Transfer of") && text.contains(ANNA),
        "{text}"
    );
}

#[test]
fn a_person_is_named_in_every_way() {
    let company = with_roles();
    let joined = [&crate::support::join(ANNA)[..], &["--external-id", "1042"]].concat();
    assert_eq!(company.kadry(&joined).code, 0);
    let record = format!("messenger:{}", on_messenger(&company)["id"]);
    for (who, role) in [(record.as_str(), "seller"), ("person:1042", "accountant")] {
        let (report, code) = company.json(&["transfer", who, "--role", role, "--yes"]);
        assert_eq!((code, &report["person"]), (0, &json!(who)), "{report:#}");
        let tag = if role == "seller" {
            "Продажи"
        } else {
            "Бухгалтерия"
        };
        assert_eq!(tags(&company), json!([tag]));
    }
    assert_eq!(on_edo(&company)["actions"], json!(["CreateDocuments"]));
    assert_eq!(company.violations(), []);
}

#[test]
fn a_run_that_was_killed_goes_on_within_what_was_approved() {
    let company = company();
    company.configure(|settings| {
        let settings = settings.replace("base_url", "timeout = 0.5\nbase_url");
        format!("{settings}{SELLER}")
    });
    company.kill_during(&to("seller"), "diadoc", "*/UpdateEmployee");
    let (resumed, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!(code, 0, "{resumed:#}");
    assert_eq!(tags(&company), json!(["Продажи"]));
    assert_eq!(chats(&company), ["Новости", "Общий", "Продажи"]);
    let (again, code) = company.json(&to("seller"));
    assert_eq!((code, &again["run"]), (0, &Value::Null), "{again:#}");
    assert_eq!(company.violations(), []);
}
