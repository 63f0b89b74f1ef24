//! What becomes of a command about many people that did not come to its end: told, gone on with, ended, taken back.

use std::collections::BTreeSet;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::{Company, Ended};

const PEOPLE: usize = 8;

/// More than are worked on beside each other.
const MORE: usize = 70;

const IMPORT: [&str; 7] = [
    "import",
    "staff.csv",
    "--role",
    "accountant",
    "--on",
    "messenger",
    "--yes",
];

/// A company, and a file of so many people who are to come in.
fn company(people: usize) -> Company {
    let company = Company::open();
    let lines = (0..people).map(|at| format!("{};Образцова;Анна\n", whom(at)));
    let lines: String = lines.collect();
    company.write("staff.csv", &format!("email;last name;first name\n{lines}"));
    company
}

fn whom(at: usize) -> String {
    format!("many.{at}@example.test")
}

fn sent(company: &Company, end: &str) -> usize {
    let log = company.emulator.log();
    let posts = log.iter().filter(|entry| entry.method == "POST");
    posts.filter(|entry| entry.path.ends_with(end)).count()
}

/// Runs the import, and interrupts it while the first requests are under way: these come to their end, and no other leaves.
fn interrupted(people: usize) -> (Company, String) {
    let company = company(people);
    let match_ = json!({ "platform": "pachca", "method": "POST", "path": "*/users" });
    company.fault(json!({ "match": match_, "do": { "delay_ms": 1000 } }));
    let mut command = company.command(&IMPORT);
    let running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let running = running.unwrap();
    while sent(&company, "/users") == 0 {
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&running), Signal::INT).unwrap();
    let ended = Ended::from(running.wait_with_output().unwrap());
    company.emulator.clear_faults();
    let batch = last(&company);
    assert_eq!(ended.code, 3, "{ended:?}");
    let next = format!("runs resume {batch}");
    assert!(ended.err.contains(&next), "{ended:?}");
    assert!(sent(&company, "/users") < people, "{ended:?}");
    (company, batch)
}

/// The last line of the list.
fn newest(company: &Company) -> Value {
    let (runs, _) = company.json(&["runs", "list"]);
    runs["runs"][0].clone()
}

fn last(company: &Company) -> String {
    newest(company)["run"].as_str().unwrap().to_owned()
}

/// Every line once, and with which result.
fn results(document: &Value) -> Vec<(u64, String)> {
    let people = document["people"].as_array();
    let people = people.unwrap_or_else(|| panic!("{document:#}"));
    let result = |one: &Value| {
        let line = one["line"].as_u64().unwrap();
        (line, one["result"].as_str().unwrap().to_owned())
    };
    people.iter().map(result).collect()
}

fn all(result: &str) -> Vec<(u64, String)> {
    let lines = 2..2 + PEOPLE as u64;
    lines.map(|line| (line, result.to_owned())).collect()
}

/// Everybody was made, and nobody twice.
fn everybody_is_there_once(company: &Company, people: usize) {
    assert_eq!(sent(company, "/users"), people);
    let (shown, _) = company.json(&["people", "many.", "--on", "messenger"]);
    let rows = shown["people"].as_array().unwrap();
    assert_eq!(rows.len(), people, "{shown:#}");
    assert_eq!(company.violations(), []);
}

/// The run of one of the people.
fn part_of(company: &Company, who: &str) -> String {
    let (shown, _) = company.json(&["show", who, "--on", "messenger"]);
    shown["runs"][0]["run"].as_str().unwrap().to_owned()
}

#[test]
fn an_interrupted_import_is_listed_and_goes_on_without_making_anybody_twice() {
    let (company, batch) = interrupted(PEOPLE);
    let row = newest(&company);
    assert_eq!(
        (
            &row["intent"],
            &row["person"],
            &row["state"],
            &row["people"]
        ),
        (
            &json!("import"),
            &json!("staff.csv"),
            &json!("running"),
            &json!(PEOPLE)
        ),
        "{row:#}"
    );
    let list = company.kadry(&["runs"]);
    let what = format!("import staff.csv, {PEOPLE} people");
    assert!(
        list.out.contains(&what) && list.out.contains("unfinished"),
        "{list:?}"
    );
    assert!(list.out.contains("kadry runs resume --all"), "{list:?}");
    let csv = company.kadry(&["runs", "list", "-o", "csv"]);
    assert!(
        csv.out.contains(&format!("{batch},import,staff.csv")),
        "{csv:?}"
    );
    let next = company.kadry(&["offboard", "ivan@example.test", "--plan-only"]);
    let command = format!("kadry runs resume {batch}");
    assert!(
        next.err.contains("for many people") && next.err.contains(&command),
        "{next:?}"
    );
    let waits = company.kadry(&["check"]);
    assert!(waits.out.contains("1 run waits"), "{waits:?}");
    let shown = company.kadry(&["runs", "show", &batch]);
    assert!(
        shown.out.contains("Not begun") && shown.out.contains(&command),
        "{shown:?}"
    );
    let refused = company.kadry(&["runs", "undo", &batch, "--yes"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    let (resumed, code) = company.json(&["runs", "resume", &batch[..6]]);
    assert_eq!(
        (code, &resumed["state"]),
        (0, &json!("done")),
        "{resumed:#}"
    );
    assert_eq!(results(&resumed), all("created"));
    everybody_is_there_once(&company, PEOPLE);
    let (told, code) = company.json(&["runs", "show", &batch]);
    assert_eq!((code, &told), (0, &resumed));
    let again = company.kadry(&["runs", "resume", &batch]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.contains("nothing to go on with"), "{again:?}");
}

#[test]
fn what_was_cut_off_goes_on_with_all_that_is_open() {
    let company = company(PEOPLE);
    // Answers to everything that a lost request can leave, in a tenth of the usual time.
    company.configure(|settings| settings.replace("base_url", "timeout = 0.5\nbase_url"));
    company.kill_during(&IMPORT, "pachca", "*/users");
    let batch = last(&company);
    let row = newest(&company);
    assert_eq!(row["state"], "running", "{row:#}");
    let list = company.kadry(&["runs"]);
    assert!(list.out.contains("unfinished"), "{list:?}");
    let too_soon = company.kadry(&["runs", "abandon", &batch, "--yes"]);
    assert_eq!(too_soon.code, 5, "{too_soon:?}");
    assert!(
        too_soon.err.contains("may still take effect"),
        "{too_soon:?}"
    );
    let (resumed, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!((code, &resumed["runs"]), (0, &json!([])), "{resumed:#}");
    let [one] = resumed["batches"].as_array().unwrap().as_slice() else {
        panic!("{resumed:#}");
    };
    assert_eq!(
        (&one["run"], &one["state"], &one["people"]),
        (&json!(batch), &json!("done"), &json!({ "created": PEOPLE })),
        "{resumed:#}"
    );
    everybody_is_there_once(&company, PEOPLE);
    let (nothing, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!((code, &nothing["batches"]), (0, &json!([])));
}

#[test]
fn a_part_is_a_run_that_names_its_batch() {
    let company = company(PEOPLE);
    let (done, code) = company.json(&IMPORT);
    assert_eq!(code, 0, "{done:#}");
    let batch = done["run"].as_str().unwrap();
    let (shown, _) = company.json(&["show", &whom(0), "--on", "messenger"]);
    assert_eq!(shown["runs"][0]["batch"], batch, "{shown:#}");
    let shown = company.kadry(&["show", &whom(0), "--on", "messenger"]);
    assert!(shown.out.contains(&format!("part of {batch}")), "{shown:?}");
    let part = part_of(&company, &whom(0));
    let (told, code) = company.json(&["runs", "show", &part]);
    assert_eq!((code, &told["batch"]), (0, &json!(batch)), "{told:#}");
    let told = company.kadry(&["runs", "show", &part]);
    assert!(
        told.out.contains("part of") && told.out.contains(batch),
        "{told:?}"
    );
    let (runs, _) = company.json(&["runs", "list"]);
    assert_eq!(runs["runs"].as_array().unwrap().len(), 1, "{runs:#}");
    let whole = company.kadry(&["runs", "show", batch]);
    assert!(
        whole.out.contains("import staff.csv, 8 people, done"),
        "{whole:?}"
    );
    assert!(whole.out.contains("kadry import staff.csv"), "{whole:?}");
}

#[test]
fn a_run_for_many_people_is_ended_for_good_and_every_line_says_why() {
    let (company, batch) = interrupted(MORE);
    let asked = company.kadry(&["runs", "abandon", &batch]);
    assert_eq!(asked.code, 2, "nobody is there to agree: {asked:?}");
    let reason = ["--reason", "wrong file", "--actor", "olga"];
    let (ended, code) =
        company.json(&[&["runs", "abandon", &batch, "--yes"][..], &reason].concat());
    assert_eq!(
        (code, &ended["state"]),
        (0, &json!("superseded")),
        "{ended:#}"
    );
    assert_eq!(results(&ended).len(), MORE, "{ended:#}");
    let told = company.kadry(&["runs", "show", &batch]);
    assert!(told.out.contains("given up"), "{told:?}");
    assert!(
        told.out.contains("olga has ended the run") && told.out.contains("wrong file"),
        "{told:?}"
    );
    let before = company.emulator.log().len();
    let (nothing, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!((code, &nothing["batches"]), (0, &json!([])));
    let nothing = company.kadry(&["runs", "resume", &batch]);
    assert_eq!(nothing.code, 0, "{nothing:?}");
    assert_eq!(company.emulator.log().len(), before);
    let again = company.kadry(&["runs", "abandon", &batch, "--yes"]);
    assert_eq!(again.code, 2, "{again:?}");
    let waits = company.kadry(&["check"]);
    assert!(waits.out.contains("No run waits"), "{waits:?}");
    // The same file brings everybody in who is not there yet.
    let (rest, code) = company.json(&IMPORT);
    assert_eq!(code, 0, "{rest:#}");
    everybody_is_there_once(&company, MORE);
}

#[test]
fn an_import_is_taken_back_by_one_plan_but_for_whom_a_later_command_was_about() {
    let company = company(PEOPLE);
    let (done, code) = company.json(&IMPORT);
    assert_eq!(code, 0, "{done:#}");
    let batch = done["run"].as_str().unwrap();
    let moved = company.kadry(&["offboard", &whom(3), "--on", "messenger", "--yes"]);
    assert!(matches!(moved.code, 0 | 6), "{moved:?}");
    let before = company.records();
    let shown = company.kadry(&["runs", "undo", batch, "--plan-only"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains(&format!("Undo {batch}")), "{shown:?}");
    assert_eq!(company.records(), before);
    let (undone, code) = company.json(&["runs", "undo", batch, "--yes", "--reason", "wrong file"]);
    assert_eq!(
        (code, &undone["intent"], &undone["person"], &undone["state"]),
        (3, &json!("undo"), &json!(batch), &json!("partial")),
        "{undone:#}"
    );
    let mut expected = all("updated");
    expected[3].1 = "refused".to_owned();
    assert_eq!(results(&undone), expected, "{undone:#}");
    let people = company.kadry(&["people", "many.", "--on", "messenger"]);
    assert!(!people.out.contains("open"), "{people:?}");
    let row = newest(&company);
    assert_eq!(
        (&row["run"], &row["done"], &row["refused"], &row["open"]),
        (&undone["run"], &json!(PEOPLE - 1), &json!(1), &json!(0)),
        "{row:#}"
    );
    let list = company.kadry(&["runs"]);
    assert!(
        list.out.contains(&format!("undo {batch}, 8 people")),
        "{list:?}"
    );
}

#[test]
fn a_step_is_settled_by_its_number_in_the_whole_run() {
    let company = company(PEOPLE);
    let scopes = [
        "users:read",
        "users:create",
        "users:update",
        "group_tags:read",
        "group_tags:write",
        "chats:read",
        "chat_members:read",
        "chat_members:write",
        "messages:create",
        "profile:read",
    ];
    let scopes = json!({ "pachca": { "scopes": scopes } });
    company.emulator.seed(&scopes).unwrap();
    let match_ = json!({ "platform": "pachca", "method": "POST", "path": "*/messages" });
    company.fault(json!({ "match": match_, "when": { "nth": 2 }, "do": { "drop": "after" } }));
    let (done, code) = company.json(&IMPORT);
    assert_eq!(code, 3, "{done:#}");
    company.emulator.clear_faults();
    let batch = done["run"].as_str().unwrap();
    let steps = done["steps"].as_array().unwrap();
    let parked: Vec<String> = steps
        .iter()
        .filter(|step| step["state"] == "parked")
        .map(|step| step["seq"].to_string())
        .collect();
    let [parked] = parked.as_slice() else {
        panic!("{done:#}");
    };
    let next = company.kadry(&["offboard", "ivan@example.test", "--plan-only"]);
    assert!(
        next.err.contains("A run asks what became of a step"),
        "{next:?}"
    );
    let nobody = company.kadry(&["runs", "settle", batch, "9999", "done"]);
    assert_eq!(nobody.code, 2, "{nobody:?}");
    let settled = company.kadry(&["runs", "settle", batch, parked, "done"]);
    assert_eq!(settled.code, 0, "{settled:?}");
    assert!(
        settled.out.contains(&format!("kadry runs resume {batch}")),
        "{settled:?}"
    );
    let (resumed, code) = company.json(&["runs", "resume", batch]);
    assert_eq!(
        (code, &resumed["state"]),
        (0, &json!("done")),
        "{resumed:#}"
    );
    assert_eq!(results(&resumed), all("created"));
    assert_eq!(sent(&company, "/messages"), PEOPLE);
    let numbers: BTreeSet<u64> = steps
        .iter()
        .filter_map(|step| step["seq"].as_u64())
        .collect();
    assert_eq!(numbers.len(), steps.len(), "{done:#}");
}

#[test]
fn whoever_is_only_told_of_counts_as_refused_by_nobody() {
    let company = company(1);
    let reconcile = [&["reconcile"], &IMPORT[1..]].concat();
    let (document, code) = company.json(&reconcile);
    let told = document["people"].as_array().unwrap().iter();
    let told = told.filter(|one| one["result"] == "surplus").count();
    assert!(told > 5 && code == 0, "{document:#}");
    let (runs, _) = company.json(&["runs", "list"]);
    let run = &runs["runs"][0];
    assert_eq!(
        (&run["refused"], &run["failed"]),
        (&json!(0), &json!(0)),
        "{runs:#}"
    );
    let listed = company.kadry(&["runs", "list"]);
    assert!(!listed.out.contains("refused"), "{listed:?}");
    let shown = company
        .json(&["runs", "show", run["run"].as_str().unwrap()])
        .0;
    let people = shown["people"].as_array().unwrap().iter();
    assert_eq!(
        people.filter(|one| one["result"] == "surplus").count(),
        told,
        "{shown:#}"
    );
}
