//! One operation about several people: told as one, done for each, and nothing of it lost when it is cut short.

use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::native_world::ANNA;
use crate::support::{Company, Ended};

const BORIS: &str = "boris@example.test";
const VERA: &str = "vera@example.test";

fn three() -> Company {
    let company = Company::open();
    let person = |email: &str| json!({ "email": email, "first_name": "Кто" });
    let users = [ANNA, BORIS, VERA].map(person);
    let records = json!({ "pachca": { "users": users } });
    company.emulator.seed(&records).unwrap();
    company
}

/// The command that gives people a status.
fn status<'a>(people: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let mut line = vec![
        "pachca",
        "status",
        "set",
        "--emoji",
        "🎓",
        "--title",
        "Учёба",
    ];
    line.extend(people.iter().flat_map(|who| ["--user_id", who]));
    line.extend(more);
    line
}

/// Begins the command and comes back when its first change is under way, which then takes a second.
fn begun(company: &Company, line: &[&str]) -> Child {
    let slow = json!({ "platform": "pachca", "method": "PUT", "path": "*/status" });
    let slow = json!({ "match": slow, "when": { "nth": 1 }, "do": { "delay_ms": 1000 } });
    company.fault(slow);
    let mut command = company.command(line);
    let running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    while company.writes_since(0).is_empty() {
        std::thread::yield_now();
    }
    running.unwrap()
}

fn of_people<'a>(document: &'a Value, key: &str) -> Vec<&'a Value> {
    let people = document["people"].as_array().unwrap();
    people.iter().map(|one| &one[key]).collect()
}

#[test]
fn the_document_of_several_people_is_that_of_one_with_the_steps_of_all() {
    let company = three();
    let planned = company.json(&status(&[ANNA, BORIS], &["--plan-only"])).0;
    assert_eq!(planned["state"], "running", "{planned:#}");
    assert_eq!(planned["run"], Value::Null);
    assert_eq!(of_people(&planned, "person"), [ANNA, BORIS]);
    assert_eq!(company.writes_since(0), []);

    let one = company.json(&status(&[VERA], &["--yes"])).0;
    let more = ["--yes", "--report", "status.json"];
    let both = company.json(&status(&[ANNA, BORIS], &more)).0;
    for key in one.as_object().unwrap().keys() {
        assert!(both.get(key).is_some(), "{key}: {both:#}");
    }
    assert_eq!(both["steps"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&both["state"], &both["verified"]),
        (&json!("done"), &json!(true))
    );
    assert_eq!(of_people(&both, "state"), ["done", "done"]);
    let people: Vec<&Value> = both["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["person"])
        .collect();
    assert_eq!(of_people(&both, "person"), people);
    for run in of_people(&both, "run") {
        let told = company.kadry(&["runs", "show", run.as_str().unwrap()]);
        assert_eq!(told.code, 0, "{told:?}");
    }
    let kept = std::fs::read_to_string(company.path("status.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&kept).unwrap(), both);
    let more = ["--yes", "--report", "status.html"];
    let clear = [
        "pachca",
        "status",
        "clear",
        "--user_id",
        ANNA,
        "--user_id",
        BORIS,
    ];
    let ended = company.kadry(&[&clear[..], &more].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let page = std::fs::read_to_string(company.path("status.html")).unwrap();
    for step in both["steps"].as_array().unwrap() {
        let id = step["target"].as_str().unwrap();
        assert!(page.contains(&format!("--user_id {id}")), "{page}");
    }
}

#[test]
fn who_is_named_twice_is_done_once() {
    let company = three();
    let found = company.kadry(&["pachca", "users", "find", "--query", ANNA, "-o", "json"]);
    let id = found.json()[0]["id"].to_string();
    let ended = company.kadry(&status(&[ANNA, &id], &["--yes"]));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("the same person"), "{ended:?}");
    assert_eq!(company.writes_since(0).len(), 1);
}

#[test]
fn an_interruption_tells_what_was_done_and_who_was_not_begun() {
    let company = three();
    let running = begun(&company, &status(&[ANNA, BORIS, VERA], &["--yes"]));
    kill_process(Pid::from_child(&running), Signal::INT).unwrap();
    let ended = Ended::from(running.wait_with_output().unwrap());
    assert_eq!(ended.code, 3, "{ended:?}");
    let left = format!("Not begun: {BORIS}, {VERA}.");
    assert!(ended.err.contains(&left), "{ended:?}");
    assert!(ended.err.contains("kadry pachca status set"), "{ended:?}");
    assert!(
        ended.out.contains(ANNA) || ended.err.contains(ANNA),
        "{ended:?}"
    );
    assert_eq!(company.writes_since(0).len(), 1);
    company.emulator.clear_faults();
    let again = company.kadry(&status(&[ANNA, BORIS, VERA], &["--yes"]));
    assert_eq!(again.code, 0, "{again:?}");
    assert_eq!(company.writes_since(0).len(), 3);
}

#[test]
fn whoever_is_taken_away_meanwhile_stops_nobody_else() {
    let company = three();
    let line = status(&[ANNA, BORIS, VERA], &["--yes", "-o", "json"]);
    let running = begun(&company, &line);
    let left = company.kadry(&["offboard", BORIS, "--now", "--yes"]);
    assert!(matches!(left.code, 0 | 6), "{left:?}");
    let ended = Ended::from(running.wait_with_output().unwrap());
    assert_eq!(ended.code, 3, "{ended:?}");
    let document = ended.json();
    assert_eq!(document["exit"], 3);
    assert_eq!(document["state"], "partial");
    assert_eq!(
        of_people(&document, "state"),
        [&json!("done"), &Value::Null, &json!("done")],
        "{document:#}"
    );
    assert!(ended.err.contains(BORIS), "{ended:?}");
}
