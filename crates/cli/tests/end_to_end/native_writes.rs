//! Every operation that writes, as its example says it: shown, done, not done again, and taken back.

use std::collections::BTreeSet;

use kadry_core::Operation;
use serde_json::{Map, Value};

use crate::native_world::{prepared, rows, words_of};
use crate::support::Company;

/// What a second run does again: each time something new is made or asked for, and no name of it is its own.
const AGAIN: [&str; 5] = [
    "chats create",
    "messages send",
    "avatar set",
    "profile set-avatar",
    "poa register",
];

/// What nothing takes back.
const FOR_GOOD: [&str; 7] = [
    "tags delete",
    "messages send",
    "avatar delete",
    "profile delete-avatar",
    "units create",
    "departments delete",
    "poa register",
];

/// What is taken back, and leaves traces: a chat that is archived.
const WITH_TRACES: [&str; 1] = ["chats create"];

/// What changes something that has been there, of which the plan tells the old and the new.
const FROM_TO: [&str; 8] = [
    "tags rename",
    "chats rename",
    "members set-role",
    "units update",
    "departments update",
    "permissions set",
    "subscriptions set",
    "poa set-default",
];

#[test]
fn every_example_of_pachca_that_writes_is_shown_done_once_and_taken_back() {
    write_all("pachca");
}

#[test]
fn every_example_of_dealapp_that_writes_is_shown_done_once_and_taken_back() {
    write_all("dealapp");
}

#[test]
fn every_example_of_diadoc_that_writes_is_shown_done_once_and_taken_back() {
    write_all("diadoc");
}

#[test]
fn what_the_platform_answered_is_told_by_the_run() {
    let mut rows = rows("diadoc", true).into_iter();
    let row = rows.find(|row| row.name() == "poa register").unwrap();
    let company = prepared(row);
    let report = company.example(row, &["--yes", "-o", "json"]).json();
    let task = report["steps"][0]["answer"]["TaskId"].as_str().unwrap();
    let shown = company.kadry(&["diadoc", "poa", "registration", "--taskId", task]);
    assert_eq!(shown.code, 0, "{report:#} {shown:?}");
    assert!(shown.out.contains("Done"), "{shown:?}");
    let run = report["run"].as_str().unwrap();
    let told = company.kadry(&["runs", "show", run, "-o", "json"]).json();
    assert_eq!(told["steps"][0]["answer"]["TaskId"], *task);
}

fn write_all(kind: &str) {
    for row in rows(kind, true) {
        let company = prepared(row);
        let at_first = records(row, &company);
        let (steps, run) = done(row, &company);
        let changed = records(row, &company);
        // Where a second run makes a second thing, only what the first one made is taken back.
        let is_again = AGAIN.contains(&row.name().as_str());
        if !is_again {
            done_again(row, &company, &changed);
        }
        let start = company.emulator.log().len();
        let undone = company.kadry(&["runs", "undo", &run, "--yes", "-o", "json"]);
        let name = row.name();
        let expected = match name.as_str() {
            name if FOR_GOOD.contains(&name) => 1,
            name if WITH_TRACES.contains(&name) => 3,
            _ => 0,
        };
        assert_eq!(undone.code, expected, "{} {undone:?}", row.example);
        let (writes, told) = (company.writes_since(start).len(), undone.json());
        if FOR_GOOD.contains(&row.name().as_str()) {
            assert_eq!(writes, 0, "{}", row.example);
            same(row, &records(row, &company), &changed);
            let told = told["caveats"].as_array().unwrap();
            assert!(!told.is_empty(), "{undone:?}");
        } else {
            assert_eq!(writes, steps, "{} {undone:?}", row.example);
            if !WITH_TRACES.contains(&row.name().as_str()) {
                same(row, &records(row, &company), &at_first);
            }
        }
        if is_again {
            done_again(row, &company, &changed);
        }
        assert_eq!(company.violations(), [], "{}", row.example);
    }
}

/// Shows what would be done, and does it. Returns how many steps it took, and the run.
fn done(row: &Operation, company: &Company) -> (usize, String) {
    let (start, at_first) = (company.emulator.log().len(), records(row, company));
    let shown = company.example(row, &["--plan-only"]);
    assert_eq!(shown.code, 0, "{} {shown:?}", row.example);
    assert!(shown.out.contains(&row.name()), "{shown:?}");
    assert!(!shown.out.contains(['{', '[']), "{shown:?}");
    typed_back(row, company, &shown.out);
    let is_told = shown.out.contains('→');
    assert_eq!(is_told, FROM_TO.contains(&row.name().as_str()), "{shown:?}");
    let unasked = company.example(row, &[]);
    assert_eq!(unasked.code, 2, "{} {unasked:?}", row.example);
    assert_eq!(company.writes_since(start), []);
    same(row, &records(row, company), &at_first);

    let ended = company.example(row, &["--yes", "-o", "json"]);
    assert_eq!(ended.code, 0, "{} {ended:?}", row.example);
    let report = ended.json();
    let steps = report["steps"].as_array().unwrap();
    assert!(!steps.is_empty(), "{} {report:#}", row.example);
    assert!(
        steps.iter().all(|step| step["state"] == "done"),
        "{report:#}"
    );
    assert_eq!(
        company.writes_since(start).len(),
        steps.len(),
        "{}",
        row.example
    );
    assert_eq!(company.violations(), [], "{}", row.example);
    (steps.len(), report["run"].as_str().unwrap().to_owned())
}

/// The title of a plan is the command that was typed.
fn typed_back(row: &Operation, company: &Company, shown: &str) {
    let title = shown.lines().next().unwrap();
    let command = title.strip_prefix("Operation ").unwrap();
    let (command, _) = command.rsplit_once(": ").unwrap();
    let mut words = words_of(command);
    words.push("--plan-only".to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let again = company.kadry(&words);
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, shown),
        "{} {again:?}",
        row.example
    );
}

fn done_again(row: &Operation, company: &Company, changed: &Value) {
    let start = company.emulator.log().len();
    let again = company.example(row, &["--yes", "-o", "json"]);
    let writes = company.writes_since(start).len();
    if AGAIN.contains(&row.name().as_str()) {
        assert_eq!((again.code, writes), (0, 1), "{} {again:?}", row.example);
        return;
    }
    // What has got another name, or is gone, is not found by the old one any more.
    let is_found = !matches!(row.verb, "rename" | "update" | "delete" | "detach");
    assert!(again.code == 0 || !is_found, "{} {again:?}", row.example);
    assert_eq!(writes, 0, "{}", row.example);
    same(row, &records(row, company), changed);
}

/// The records of all platforms. Whom only a tag held in a chat leaves it a moment after the tag, so that they are not looked at there.
fn records(row: &Operation, company: &Company) -> Value {
    let mut records = company.records();
    if row.verb.ends_with("-tags") {
        let chats = records["pachca"]["chats"].as_array_mut().unwrap();
        for chat in chats {
            let chat = chat.as_object_mut().unwrap();
            chat.retain(|name, _| !matches!(name.as_str(), "members" | "member_ids"));
        }
    }
    records
}

fn same(row: &Operation, now: &Value, expected: &Value) {
    let mut differences = Vec::new();
    compare("", now, expected, &mut differences);
    assert!(
        differences.is_empty(),
        "{}\n{}",
        row.example,
        differences.join("\n")
    );
}

/// Lists where two documents differ, and what stands there.
fn compare(path: &str, now: &Value, expected: &Value, differences: &mut Vec<String>) {
    match (now, expected) {
        (Value::Object(now), Value::Object(expected)) => {
            let names: BTreeSet<&String> = now.keys().chain(expected.keys()).collect();
            // What is put back was made later.
            for name in names.into_iter().filter(|name| *name != "created_at") {
                let of = |members: &Map<String, Value>| members.get(name).cloned();
                let (now, expected) = (
                    of(now).unwrap_or_default(),
                    of(expected).unwrap_or_default(),
                );
                compare(&format!("{path}/{name}"), &now, &expected, differences);
            }
        }
        (Value::Array(now), Value::Array(expected)) if now.len() == expected.len() => {
            for (nth, (now, expected)) in now.iter().zip(expected).enumerate() {
                compare(&format!("{path}/{nth}"), now, expected, differences);
            }
        }
        (now, expected) if now != expected => {
            differences.push(format!("{path}: {now}, not {expected}"));
        }
        _ => {}
    }
}
