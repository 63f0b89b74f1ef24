//! Many people in one command, over the real binary: files, plans that are kept, and whoever is not in the file.

use std::collections::BTreeSet;
use std::fs;

use kadry_emulator::Options;
use kadry_emulator::log::Entry;
use serde_json::{Value, json};

use crate::support::{Company, Ended};

/// The requests that change something, signing in left aside.
fn writes(company: &Company) -> Vec<Entry> {
    let mut log = company.emulator.log();
    log.retain(|entry| {
        entry.method != "GET"
            && !entry.path.ends_with("/sign_in")
            && !entry.path.ends_with("/connect/token")
    });
    log
}

/// What became of everybody: line, person, result.
fn people(document: &Value) -> Vec<(u64, String, String)> {
    let people = document["people"].as_array().unwrap().iter();
    people
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            (
                one["line"].as_u64().unwrap_or(0),
                text("person"),
                text("result"),
            )
        })
        .collect()
}

fn results(document: &Value) -> Vec<String> {
    let people = people(document).into_iter();
    people.map(|(_, _, result)| result).collect()
}

/// So many new people, in the columns of an export.
fn newcomers(number: usize) -> String {
    let mut file = "Табельный номер;Фамилия;Имя;Отчество;Почта\n".to_owned();
    for at in 0..number {
        file += &format!("{:05};Пробнов;Иван;Петрович;new{at}@example.test\n", at + 1);
    }
    file
}

/// A company with a file of newcomers.
fn awaiting(number: usize) -> Company {
    let company = Company::open();
    company.write("people.csv", &newcomers(number));
    company
}

/// Saves the plan of bringing them in.
const SAVE: [&str; 7] = [
    "plan",
    "import",
    "people.csv",
    "--role",
    "accountant",
    "--save",
    "plan.json",
];

const IMPORT: [&str; 5] = ["import", "people.csv", "--role", "accountant", "--yes"];

#[test]
fn the_vendors_own_file_goes_in_with_one_command_and_the_second_run_writes_nothing() {
    let company = Company::open();
    let mut file = "ФИО,id,email,Отдел,Роль\r\n".to_owned();
    for at in 0..60 {
        file +=
            &format!("Пробнов{at} Иван Петрович,D{at},d{at}@example.test,Бухгалтерия,Оператор\r\n");
    }
    file += "Пробнов Пётр Петрович,D900,not-an-address,Бухгалтерия,Оператор\r\n";
    file += "Пробнов Пётр Петрович,D901,d901@example.test,Нет такого отдела,Оператор\r\n";
    company.write("dealapp.csv", &file);
    let import = ["import", "dealapp.csv", "--preset", "dealapp", "--yes"];
    let (document, code) = company.json(&import);
    assert_eq!(code, 3, "two lines are not done");
    let mut expected = vec!["created"; 60];
    expected.extend(["refused"; 2]);
    assert_eq!(results(&document), expected, "{:#}", document["people"]);
    assert_eq!(document["people"][60]["line"], 62);
    assert!(document["people"][60]["why"].is_string() && document["people"][61]["why"].is_string());
    let writes_before = writes(&company).len();
    assert_eq!(writes_before, 60, "each a single request");
    assert_eq!(document["steps"].as_array().unwrap().len(), 60);
    assert_eq!(document["verified"], true, "what was begun is proven");
    let (again, code) = company.json(&import);
    assert_eq!(code, 3);
    assert!(
        again["run"].is_null() && again["steps"] == json!([]),
        "{again:#}"
    );
    assert_eq!(results(&again)[..60], ["unchanged"; 60]);
    assert_eq!(writes(&company).len(), writes_before);
    assert_eq!(company.violations(), []);
}

#[test]
fn what_is_sent_is_what_the_saved_plan_says_and_nothing_else() {
    let company = awaiting(3);
    let made = company.kadry(&SAVE);
    assert_eq!(made.code, 0, "{made:?}");
    assert_eq!(writes(&company), [], "a plan writes nothing");
    let plan: Value =
        serde_json::from_str(&fs::read_to_string(company.path("plan.json")).unwrap()).unwrap();
    let keys: BTreeSet<&str> = plan
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for key in ["format", "intent", "steps", "observed_hash", "plan_hash"] {
        assert!(keys.contains(key), "{keys:?}");
    }
    let steps = plan["steps"].as_array().unwrap().len();
    let again = company.kadry(&[
        "plan",
        "import",
        "people.csv",
        "--role",
        "accountant",
        "--save",
        "again.json",
    ]);
    assert_eq!(again.code, 0, "{again:?}");
    let read = |name: &str| fs::read(company.path(name)).unwrap();
    assert_eq!(
        read("plan.json"),
        read("again.json"),
        "the same input gives the same plan"
    );
    let shown = company.kadry(&["plan", "show", "plan.json"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    for person in [
        "new0@example.test",
        "new1@example.test",
        "new2@example.test",
    ] {
        assert!(shown.out.contains(person), "{shown:?}");
    }
    let (document, code) = company.json(&["apply", "plan.json", "--yes"]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(results(&document), ["created"; 3]);
    assert_eq!(writes(&company).len(), steps, "one request for each step");
    let (again, code) = company.json(&["apply", "plan.json", "--yes"]);
    assert_eq!(code, 5, "everybody has moved: {again:#}");
    assert_eq!(writes(&company).len(), steps);
    assert_eq!(company.violations(), []);
}

#[test]
fn an_edited_plan_is_refused_and_one_that_a_tool_has_indented_is_not() {
    let company = awaiting(2);
    assert_eq!(company.kadry(&SAVE).code, 0);
    let text = fs::read_to_string(company.path("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&text).unwrap();
    company.write(
        "edited.json",
        &text.replace("new0@example.test", "new9@example.test"),
    );
    let refused = company.kadry(&["apply", "edited.json", "--yes"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    company.write("cut.json", &text[..text.len() / 2]);
    let cut = company.kadry(&["apply", "cut.json", "--yes"]);
    assert_eq!(cut.code, 2, "{cut:?}");
    assert_eq!(writes(&company), []);
    company.write(
        "indented.json",
        &serde_json::to_string_pretty(&plan).unwrap(),
    );
    let (document, code) = company.json(&["apply", "indented.json", "--yes"]);
    assert_eq!(code, 0, "{document:#}");
}

#[test]
fn whoever_has_moved_since_the_plan_is_named_and_the_others_go_on_if_that_is_asked() {
    let company = awaiting(3);
    assert_eq!(company.kadry(&SAVE).code, 0);
    company.hire("new1@example.test");
    let before = writes(&company).len();
    let refused: Ended = company.kadry(&["apply", "plan.json", "--yes"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.err.contains("new1@example.test"), "{refused:?}");
    assert!(!refused.err.contains("new0@example.test"), "{refused:?}");
    assert_eq!(writes(&company).len(), before);
    let (document, code) = company.json(&["apply", "plan.json", "--yes", "--skip-moved"]);
    assert_eq!(code, 3, "{document:#}");
    assert_eq!(results(&document), ["created", "refused", "created"]);
}

#[test]
fn a_plan_of_one_person_is_saved_and_applied_as_well() {
    let company = Company::open();
    company.hire("anna.novichkova@example.test");
    let plan = [
        "plan",
        "offboard",
        "anna.novichkova@example.test",
        "--save",
        "anna.json",
    ];
    let made = company.kadry(&plan);
    assert_eq!(made.code, 0, "{made:?}");
    let before = writes(&company).len();
    let (document, code) = company.json(&["apply", "anna.json", "--yes", "--reason", "last day"]);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(document["intent"], "offboard");
    assert!(writes(&company).len() > before);
    let again = company.kadry(&["offboard", "anna.novichkova@example.test", "--yes"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(company.violations(), []);
}

#[test]
fn a_stale_list_lets_nobody_in_again_unless_that_is_said() {
    let company = awaiting(2);
    let (first, code) = company.json(&IMPORT);
    assert_eq!(code, 0, "{first:#}");
    let left = company.kadry(&["offboard", "new1@example.test", "--yes"]);
    assert_eq!(left.code, 0, "{left:?}");
    let before = writes(&company).len();
    let (stale, code) = company.json(&IMPORT);
    assert_eq!(code, 3, "{stale:#}");
    assert_eq!(results(&stale), ["unchanged", "refused"]);
    assert_eq!(writes(&company).len(), before);
    let (back, code) = company.json(&[&IMPORT[..], &["--reactivate"]].concat());
    assert_eq!(code, 0, "{back:#}");
    assert_eq!(results(&back), ["unchanged", "updated"]);
}

#[test]
fn a_broken_platform_stops_nothing_else_and_resume_finishes_it() {
    let company = awaiting(6);
    let fault = json!({
        "match": { "platform": "dealapp", "method": "POST", "path": "*/users" },
        "do": { "status": 503, "effect": "before" },
    });
    company.fault(fault);
    company.configure(|settings| {
        settings.replace("kind = \"dealapp\"", "kind = \"dealapp\"\nretry_for = 0")
    });
    let (document, code) = company.json(&IMPORT);
    assert_eq!(code, 3, "{document:#}");
    assert_eq!(results(&document), ["failed"; 6]);
    let done = document["steps"].as_array().unwrap().iter();
    let elsewhere = |step: &&Value| step["provider"] != "calls";
    assert!(
        done.filter(elsewhere).all(|step| step["state"] == "done"),
        "{document:#}"
    );
    company.emulator.clear_faults();
    let run = document["run"].as_str().unwrap();
    let resumed = company.kadry(&["runs", "resume", run, "--yes"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    let (again, code) = company.json(&IMPORT);
    assert_eq!(
        (code, results(&again)),
        (0, vec!["unchanged".to_owned(); 6])
    );
    let made = |entry: &&Entry| entry.path.ends_with("/api/v1/users") && entry.status == Some(200);
    let log = writes(&company);
    assert_eq!(log.iter().filter(made).count(), 6, "nobody is made twice");
}

#[test]
fn whoever_is_not_in_the_file_is_named_and_shut_out_only_within_the_limits() {
    let company = awaiting(3);
    assert_eq!(company.json(&IMPORT).1, 0);
    let reconcile = ["reconcile", "people.csv", "--role", "accountant"];
    let check = [&reconcile[..], &["--check"]].concat();
    let before = writes(&company).len();
    let (drift, code) = company.json(&check);
    assert_eq!(code, 4, "{drift:#}");
    let surplus = results(&drift)
        .iter()
        .filter(|result| *result == "surplus")
        .count();
    assert!(
        surplus > 10,
        "the invented people are in no file: {drift:#}"
    );
    let act = [&reconcile[..], &["--suspend-surplus", "--yes"]].concat();
    let (refused, code) = company.json(&act);
    assert_eq!(code, 5, "{refused:#}");
    let hint = refused["error"]["message"].as_str().unwrap();
    assert!(hint.contains("--allow suspend="), "{hint}");
    assert_eq!(
        writes(&company).len(),
        before,
        "nothing is written over a limit"
    );
}

#[test]
fn of_all_who_leave_now_every_door_closes_before_anything_behind_it_is_read() {
    let company = awaiting(3);
    assert_eq!(company.json(&IMPORT).1, 0);
    let leaving = [
        "reconcile",
        "people.csv",
        "--role",
        "accountant",
        "--suspend-surplus",
        "--now",
        "--yes",
        "--reason",
        "audit",
    ];
    let refused = company.kadry(&leaving);
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(
        refused.err.contains("more than is listed here is read"),
        "{refused:?}"
    );
    let before = company.emulator.log().len();
    let allowing = ["--allow", "suspend=100", "--allow", "revoke=100"];
    let (document, code) = company.json(&[&leaving[..], &allowing].concat());
    let ended = results(&document);
    let known = ["unchanged", "updated", "refused"];
    let is_known = |result: &String| known.contains(&result.as_str());
    assert!(ended.iter().all(is_known), "{code} {ended:?}");
    let out = ended.iter().filter(|result| *result == "updated");
    assert!(out.count() > 5, "{ended:?}");
    let mut closed = BTreeSet::new();
    for entry in company.emulator.log().split_off(before) {
        let of = |call: &str| entry.path.ends_with(call).then(|| entry.query.clone());
        closed.extend(of("/UpdateEmployee"));
        let behind = of("/GetEmployeePowersOfAttorney");
        assert!(
            behind.is_none_or(|whose| closed.contains(&whose)),
            "{closed:?}"
        );
    }
    assert!(closed.len() > 5, "{closed:?}");
}

#[test]
fn a_file_that_shrank_or_cannot_be_read_is_refused_as_a_whole() {
    let company = awaiting(10);
    let plan_only = [
        "import",
        "people.csv",
        "--role",
        "accountant",
        "--plan-only",
    ];
    assert_eq!(company.json(&IMPORT).1, 0);
    let before = writes(&company).len();
    company.write("people.csv", &newcomers(5));
    let shrunk = company.kadry(&IMPORT);
    assert_eq!(shrunk.code, 5, "{shrunk:?}");
    assert!(shrunk.err.contains("--shrunk"), "{shrunk:?}");
    let accepted = [
        &IMPORT[..],
        &["--shrunk", "--reason", "the branch is closed"],
    ]
    .concat();
    assert_eq!(company.kadry(&accepted).code, 0);
    for broken in [
        "",
        "Фамилия;Имя\nПробнов;Иван\n",
        "ФИО;Почта\n\"Пробнов Иван;new0@example.test\n",
    ] {
        company.write("people.csv", broken);
        let refused = company.kadry(&plan_only);
        assert_eq!(refused.code, 2, "{broken:?}: {refused:?}");
    }
    assert_eq!(
        company
            .kadry(&["import", "missing.csv", "--role", "accountant"])
            .code,
        2
    );
    assert_eq!(writes(&company).len(), before);
}

#[test]
fn a_plan_that_has_no_folder_is_refused_before_anything_is_asked() {
    let company = awaiting(1);
    let save = [
        "plan",
        "import",
        "people.csv",
        "--role",
        "accountant",
        "--save",
        "gone/plan.json",
    ];
    let refused = company.kadry(&save);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("gone"), "{refused:?}");
    assert!(company.emulator.log().is_empty());
}

#[test]
fn whoever_has_the_name_of_a_line_is_named_and_not_shut_out() {
    let company = Company::open_like(&Options {
        people: 1,
        ..Options::default()
    });
    company.write("people.csv", &newcomers(3));
    assert_eq!(company.json(&IMPORT).1, 0);
    let slip = newcomers(3)
        .replace("00001;", "00901;")
        .replace("new0@", "typing.slip@");
    company.write("people.csv", &slip);
    let reconcile = [
        "reconcile",
        "people.csv",
        "--role",
        "accountant",
        "--suspend-surplus",
        "--plan-only",
    ];
    let (plan, code) = company.json(&reconcile);
    assert_eq!(code, 0, "{plan:#}");
    let old = "new0@example.test";
    let told = plan["people"].as_array().unwrap().iter();
    let told: Vec<&Value> = told.filter(|one| one["person"] == old).collect();
    assert_eq!(told.len(), 1, "{plan:#}");
    assert_eq!(told[0]["result"], "surplus");
    assert!(
        told[0]["why"].as_str().unwrap().contains("line 2"),
        "{plan:#}"
    );
    let steps = plan["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["person"] != old), "{plan:#}");
}

#[test]
fn nobody_is_shut_out_as_surplus_while_a_platform_cannot_be_read() {
    let company = Company::open_like(&Options {
        people: 3,
        ..Options::default()
    });
    company.write("people.csv", &newcomers(2));
    assert_eq!(company.json(&IMPORT).1, 0);
    company.lose_calls();
    let before = writes(&company).len();
    let reconcile = [
        "reconcile",
        "people.csv",
        "--role",
        "accountant",
        "--on",
        "messenger",
    ];
    let act = [&reconcile[..], &["--suspend-surplus", "--yes"]].concat();
    let (document, _) = company.json(&act);
    assert_eq!(writes(&company).len(), before, "{document:#}");
    let surplus = document["people"].as_array().unwrap().iter();
    let why: Vec<&str> = surplus
        .filter(|one| one["result"] == "surplus")
        .map(|one| one["why"].as_str().unwrap())
        .collect();
    assert!(
        !why.is_empty() && why.iter().all(|why| why.contains("calls")),
        "{document:#}"
    );
    let check = [&reconcile[..], &["--check"]].concat();
    assert_eq!(company.kadry(&check).code, 4, "what can be read differs");
}

#[test]
fn a_file_of_whom_everybody_is_refused_ends_alike_with_and_without_its_plan_alone() {
    let company = Company::open();
    company.write(
        "people.csv",
        "ФИО;Почта\nПробнов Иван;new0 at example\nПробнова Анна;new1@\n",
    );
    for alone in [true, false] {
        let ended = company.kadry(&[
            "import",
            "people.csv",
            "--role",
            "accountant",
            if alone { "--plan-only" } else { "--yes" },
        ]);
        assert_eq!(ended.code, 5, "{ended:?}");
    }
    assert!(writes(&company).is_empty());
}
