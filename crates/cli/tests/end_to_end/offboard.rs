//! Taking people out.

use std::process::Stdio;

use kadry_emulator::log::Entry;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::{Company, Ended};

const ANNA: &str = "anna.novichkova@example.test";

#[test]
fn offboard_closes_every_door_and_the_same_command_again_writes_nothing() {
    let company = Company::open();
    company.hire(ANNA);
    let (report, code) = company.json(&["offboard", ANNA, "--yes", "--reason", "last day"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["verified"], true);
    assert_eq!(report["residue"], json!([]));
    let caveats = report["caveats"].as_array().unwrap();
    assert!(
        caveats
            .iter()
            .any(|caveat| caveat.as_str().unwrap().starts_with("calls: "))
    );
    let closed = report["steps"].as_array().unwrap().iter();
    assert_eq!(
        closed.filter(|step| step["stage"] == "close").count(),
        3,
        "{report:#}"
    );

    let before = company.records();
    let again = company.kadry(&["offboard", ANNA]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.contains("nothing to do"), "{again:?}");
    assert!(company.records() == before, "something was written");
    assert_eq!(company.violations(), []);
}

#[test]
fn a_plan_says_whose_door_is_meant() {
    let company = Company::open();
    company.hire(ANNA);
    let people = company.kadry(&["people", ANNA, "-o", "json"]).json();
    let id = people["people"][0]["records"]["messenger"][0]["id"]
        .as_str()
        .unwrap();
    let who = format!("messenger:{id}");
    let shown = company.kadry(&["offboard", &who, "--plan-only"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let lane = format!("messenger, record {id} – Образцова Анна, {ANNA}\n");
    assert!(shown.out.contains(&lane), "{shown:?}");
}

#[test]
fn a_platform_that_is_down_keeps_no_other_door_open() {
    let company = Company::open();
    company.hire(ANNA);
    company.lose_calls();
    let ended = company.kadry(&["offboard", ANNA, "--now", "--yes"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        ended
            .err
            .contains("kadry offboard anna.novichkova@example.test --now --yes")
    );
    assert_eq!(
        accesses(&company.kadry(&["people", ANNA, "-o", "json"])),
        ["edo", "messenger"]
    );

    company.configure(|settings| settings);
    let other = company.kadry(&[
        "offboard",
        "ceo@example.test",
        "--plan-only",
        "--privileged",
    ]);
    assert!(
        other.err.contains("An unfinished run is in the store"),
        "{other:?}"
    );
    let (report, code) = company.json(&["offboard", ANNA, "--now", "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    let steps = report["steps"].as_array().unwrap();
    assert!(
        steps.iter().all(|step| step["provider"] == "calls"),
        "{report:#}"
    );
}

/// Returns the platforms on which the one person of a matrix is suspended.
fn accesses(ended: &Ended) -> Vec<String> {
    let document = ended.json();
    let records = document["people"][0]["records"].as_object().unwrap();
    let suspended = records
        .iter()
        .filter(|(_, records)| records[0]["access"] == "suspended");
    suspended.map(|(provider, _)| provider.clone()).collect()
}

#[test]
fn what_cannot_be_taken_is_residue_and_shows_in_the_exit_code() {
    let company = Company::open();
    company.hire(ANNA);
    company.give_chat(ANNA, "Личный проект");
    let (report, code) = company.json(&["offboard", ANNA, "--yes"]);
    assert_eq!(code, 6, "{report:#}");
    assert_eq!(report["state"], "done");
    assert_eq!(report["residue"][0]["provider"], "messenger");
    assert!(
        report["residue"][0]["what"]
            .as_str()
            .unwrap()
            .contains("Личный проект")
    );
    assert!(report["residue"][0]["advice"].is_string());
}

#[test]
fn the_service_account_and_administrators_are_refused_with_a_way_out() {
    let company = Company::open();
    let service = company.kadry(&["offboard", "svc@example.test", "--yes"]);
    assert_eq!(service.code, 5, "{service:?}");
    assert!(service.err.contains("service account"), "{service:?}");
    let (document, code) = company.json(&["offboard", "ceo@example.test", "--plan-only"]);
    assert_eq!(code, 5);
    assert!(
        document["error"]["message"]
            .as_str()
            .unwrap()
            .contains("--privileged")
    );
    let asked = [
        "offboard",
        "ceo@example.test",
        "--plan-only",
        "--privileged",
    ];
    let last = company.kadry(&asked);
    assert_eq!(last.code, 5, "{last:?}");
    assert!(last.err.contains("--on"), "{last:?}");
    let second = "second@example.test";
    let more = json!({
        "pachca": { "users": [{ "email": second, "role": "admin", "invite_status": "confirmed" }] },
        "diadoc": { "employees": [{
            "login": second, "last_name": "Второв", "first_name": "Пример", "registered": true,
            "administrator": true, "actions": ["SignDocuments"]
        }] },
    });
    company.emulator.seed(&more).unwrap();
    let allowed = company.kadry(&asked);
    assert_eq!(allowed.code, 0, "{allowed:?}");
}

#[test]
fn somebody_whom_nobody_knows_is_a_refusal() {
    let company = Company::open();
    let (document, code) = company.json(&["offboard", "nobody@example.test", "--yes"]);
    assert_eq!(code, 5);
    assert_eq!(document["error"]["kind"], "known_nowhere");
}

#[test]
fn a_person_can_be_named_by_a_record() {
    let company = Company::open();
    company.hire(ANNA);
    let people = company.kadry(&["people", ANNA, "-o", "json"]).json();
    let id = people["people"][0]["records"]["messenger"][0]["id"]
        .as_str()
        .unwrap();
    let who = format!("messenger:{id}");
    let (report, code) = company.json(&["offboard", &who, "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["person"], json!(who));
    let closed = report["steps"].as_array().unwrap().iter();
    assert_eq!(
        closed.filter(|step| step["stage"] == "close").count(),
        3,
        "{report:#}"
    );
}

#[test]
fn a_run_is_told_from_the_journal_alone() {
    let company = Company::open();
    company.hire(ANNA);
    let (report, _) = company.json(&[
        "offboard", ANNA, "--yes", "--reason", "last day", "--actor", "hr",
    ]);
    company.write("kadry.toml", "organisation = \"emulated\"\n");

    let (list, code) = company.json(&["runs"]);
    assert_eq!(code, 0);
    assert_eq!(list["runs"].as_array().unwrap().len(), 2);
    assert_eq!(list["runs"][0]["run"], report["run"]);
    assert_eq!(list["runs"][0]["reason"], "last day");
    assert_eq!(list["runs"][0]["actor"], "hr");
    assert!(!list["runs"][1]["actor"].as_str().unwrap().is_empty());

    let id = &report["run"].as_str().unwrap()[..6];
    let (story, code) = company.json(&["runs", "show", id]);
    assert_eq!(code, 0);
    assert_eq!(story["steps"], report["steps"]);
    assert_eq!(story["verified"], true);
    let text = company.kadry(&["runs", "show", id, "--lang", "ru"]);
    assert!(
        text.out
            .contains("Закрытие доступа — anna.novichkova@example.test. Запуск")
    );
    let (missing, code) = company.json(&["runs", "show", "zzz"]);
    assert_eq!((code, &missing["exit"]), (2, &Value::from(2)));
    let message = missing["error"]["message"].as_str().unwrap();
    assert!(message.contains("zzz"), "{missing:#}");
}

#[test]
fn an_answer_that_cannot_be_printed_does_not_say_that_nothing_was_changed() {
    let company = Company::open();
    let leaver = &company.on_calls()[0].email;
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for output in ["json", "text"] {
        let mut command = company.command(&["offboard", leaver, "--yes", "-o", output]);
        let ended = command.stdout(full()).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(3), "{said}");
        assert!(said.contains("cannot be printed"), "{said}");
    }
    let people = company.kadry(&["people", leaver, "-o", "json"]);
    assert!(people.out.contains("suspended"), "{people:?}");
}

/// What ends a command: the operator with Ctrl-C, and the system that stops a service or a container.
const ENDS: [Signal; 2] = [Signal::INT, Signal::TERM];

/// Sends a signal to a command as soon as a request was seen that it may not outlive, and returns how it ended.
fn ended_by(
    signal: Signal,
    company: &Company,
    line: &[&str],
    is_it: fn(&Entry) -> bool,
) -> std::process::Output {
    let seen = company.emulator.log().len();
    let mut command = company.command(line);
    let running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !company.emulator.log().iter().skip(seen).any(is_it) {
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&running), signal).unwrap();
    running.wait_with_output().unwrap()
}

#[test]
fn who_ends_a_command_while_platforms_are_read_hears_that_nothing_was_changed() {
    for (signal, command) in ENDS
        .into_iter()
        .flat_map(|signal| [(signal, "people"), (signal, "offboard")])
    {
        // A company each: what an ended command had sent may still arrive.
        let company = Company::open();
        let leaver = company.on_calls()[0].email.clone();
        let reading = json!({ "platform": "dealapp", "method": "GET" });
        company.fault(json!({ "match": reading, "do": { "hang": true, "effect": "before" } }));
        let line = match command {
            "people" => vec!["people", "-o", "json"],
            _ => vec!["offboard", &leaver, "--yes", "-o", "json"],
        };
        let ended = Ended::from(ended_by(signal, &company, &line, |_| true));
        assert_eq!(ended.code, 1, "{signal:?}: {ended:?}");
        let document = ended.json();
        assert_eq!(document["error"]["kind"], "interrupted", "{document:#}");
        let written = company.emulator.log();
        assert!(written.iter().all(|entry| entry.method != "PUT"));
    }
}

#[test]
fn a_run_that_is_ended_midway_is_told_by_what_the_journal_holds_of_it() {
    for signal in ENDS {
        let company = Company::open();
        let leaver = &company.on_calls()[0].email;
        let closing = json!({ "platform": "dealapp", "method": "PUT" });
        company.fault(json!({ "match": closing, "do": { "hang": true, "effect": "before" } }));
        let line = [
            "offboard",
            leaver,
            "--now",
            "--yes",
            "-o",
            "json",
            "--report",
            "left.json",
        ];
        let is_closing =
            |entry: &Entry| entry.method == "PUT" && entry.path.starts_with("/dealapp");
        let ended = Ended::from(ended_by(signal, &company, &line, is_closing));
        assert_eq!(ended.code, 3, "{signal:?}: {ended:?}");
        let document = ended.json();
        assert_eq!(document["exit"], 3);
        assert!(document["run"].is_string(), "{document:#}");
        assert_eq!(document["intent"], "offboard");
        assert_eq!(document["verified"], false);
        assert!(!ended.err.is_empty());
        let report = std::fs::read(company.path("left.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        assert_eq!(report["run"], document["run"], "{report:#}");
    }
}
