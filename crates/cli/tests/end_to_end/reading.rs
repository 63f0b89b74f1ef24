//! Commands that only read.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::json;

use crate::support::Company;

const ANNA: &str = "anna.novichkova@example.test";

#[test]
fn a_list_is_printed_as_csv_and_nothing_else_is() {
    let company = Company::open();
    let known = &company.on_calls()[0];
    let ended = company.kadry(&["people", &known.email, "-o", "csv", "--lang", "ru"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{ended:?}");
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(
        lines[0],
        "name,email,external_id,calls,calls_id,edo,edo_id,messenger,messenger_id"
    );
    assert_eq!(lines.len(), 2, "{ended:?}");
    assert!(
        lines[1].contains(&format!(",{},", known.email)),
        "{ended:?}"
    );
    assert!(lines[1].contains(",open,"), "{ended:?}");
    company.hire(ANNA);
    let runs = company.kadry(&["runs", "-o", "csv"]);
    let lines: Vec<&str> = runs.out.lines().collect();
    assert!(lines[0].starts_with("run,intent,person,"), "{runs:?}");
    assert!(lines[1].contains(",onboard,"), "{runs:?}");
    assert!(lines[1].contains(",done,"), "{runs:?}");
    company.lose_calls();
    let can = company.kadry(&["providers", "-o", "csv"]);
    assert_eq!(can.code, 3, "{can:?}");
    assert!(
        can.out
            .starts_with("provider,kind,reachable,what,yes,why\n")
    );
    assert!(can.out.contains("\ncalls,dealapp,false,,,"), "{can:?}");
    assert!(can.out.contains("\nmessenger,pachca,true,"), "{can:?}");
    let asked = company.emulator.log().len();
    let refused = company.kadry(&["show", &known.email, "-o", "csv"]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
    assert!(refused.err.contains("prints no list"), "{refused:?}");
    assert_eq!(company.emulator.log().len(), asked, "nobody was asked");
}

#[test]
fn people_are_a_matrix_that_can_be_searched_in_any_case() {
    let company = Company::open();
    company.hire(ANNA);
    let found = company.kadry(&["people", "ОБРАЗЦОВА анна"]);
    assert_eq!(found.code, 0, "{found:?}");
    assert!(found.out.contains(ANNA), "{found:?}");
    assert!(found.out.contains("1 person"), "{found:?}");
    let (suspended, _) = company.json(&["people", "--suspended", "--on", "messenger"]);
    let rows = suspended["people"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(
            row["records"]["messenger"][0]["access"], "suspended",
            "{row:#}"
        );
        assert_eq!(row["records"].as_object().unwrap().len(), 1);
    }
}

#[test]
fn people_of_a_silent_platform_are_missed_aloud() {
    let company = Company::open();
    company.lose_calls();
    let (document, code) = company.json(&["people"]);
    assert_eq!(code, 3);
    assert_eq!(document["silent"][0]["provider"], "calls");
    let text = company.kadry(&["people", "--on", "calls"]);
    assert_eq!(text.code, 1, "{text:?}");
    assert!(text.err.contains("cannot be reached"), "{text:?}");
}

#[test]
fn a_silent_platform_keeps_its_columns_and_its_cells_say_that_nothing_is_known() {
    let company = Company::open();
    let whole = company.kadry(&["people", "-o", "csv"]);
    assert!(!whole.out.contains("unknown"), "{whole:?}");
    let header = |out: &str| out.lines().next().map(str::to_owned);
    company.lose_calls();
    let ended = company.kadry(&["people", "-o", "csv"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(header(&ended.out), header(&whole.out));
    assert!(ended.out.lines().count() > 1, "{ended:?}");
    for line in ended.out.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells[3..5], ["unknown", ""], "{line}");
    }
    let alone = company.kadry(&["people", "--on", "calls", "-o", "csv"]);
    assert_eq!(alone.code, 1, "{alone:?}");
    assert_eq!(alone.out, "name,email,external_id,calls,calls_id\n");
}

#[test]
fn one_person_is_shown_everywhere() {
    let company = Company::open();
    company.hire(ANNA);
    let text = company.kadry(&["show", ANNA]);
    assert_eq!(text.code, 0, "{text:?}");
    for part in [
        "Образцова Анна",
        "messenger, record",
        "Бухгалтерия",
        "Last runs",
        "Seen before",
    ] {
        assert!(text.out.contains(part), "{part}: {text:?}");
    }
    let (document, _) = company.json(&["show", ANNA]);
    assert_eq!(document["records"].as_array().unwrap().len(), 3);
    assert_eq!(document["links"].as_array().unwrap().len(), 3);
    assert_eq!(document["runs"].as_array().unwrap().len(), 1);
    assert_eq!(company.json(&["show", "nobody@example.test"]).1, 5);
}

#[test]
fn every_no_of_a_platform_comes_with_its_reason() {
    let company = Company::open();
    let (document, code) = company.json(&["providers"]);
    assert_eq!(code, 0, "{document:#}");
    let providers = document["providers"].as_array().unwrap();
    assert_eq!(providers.len(), 3);
    for provider in providers {
        assert_eq!(provider["reachable"], true);
        for cell in provider["can"].as_array().unwrap() {
            assert!(cell["yes"] == true || cell["why"].is_string(), "{cell:#}");
        }
    }
    let text = company.kadry(&["providers", "--on", "calls"]);
    assert!(
        text.out
            .contains("No. The platform offers no way to do it."),
        "{text:?}"
    );
}

#[test]
fn a_platform_that_fails_is_not_called_reachable_because_a_session_is_kept() {
    let company = Company::open();
    company.configure(|settings| {
        settings.replace("kind = \"dealapp\"", "kind = \"dealapp\"\nretry_for = 0")
    });
    // The first one signs in, and from then on there is a session that is kept.
    assert_eq!(company.kadry(&["providers"]).code, 0);
    company.fault(json!({ "match": { "platform": "dealapp" }, "do": { "status": 500 } }));
    let (document, code) = company.json(&["providers"]);
    assert_eq!(code, 3, "{document:#}");
    for provider in document["providers"].as_array().unwrap() {
        let fails = provider["provider"] == "calls";
        assert_eq!(provider["reachable"], !fails, "{provider:#}");
        assert_eq!(provider["error"].is_object(), fails, "{provider:#}");
    }
    let list = company.kadry(&["providers", "-o", "csv"]);
    assert!(list.out.contains("\ncalls,dealapp,false,,,"), "{list:?}");
    let alone = company.kadry(&["providers", "--on", "calls"]);
    assert_eq!(alone.code, 1, "{alone:?}");
    assert!(!alone.out.contains("Reachable."), "{alone:?}");
    let check = company.kadry(&["check", "--on", "calls"]);
    assert_eq!(check.code, 1, "what one says the other says too: {check:?}");
}

#[test]
fn a_reader_who_goes_away_is_no_fault() {
    let company = Company::open();
    let mut command = company.command(&["people"]);
    let mut running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(running.stdout.take());
    let mut said = String::new();
    running
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(running.wait().unwrap().code(), Some(0), "{said}");
    assert!(!said.contains("panic"), "{said}");
}

#[test]
fn no_secret_is_in_any_output_however_loud() {
    let company = Company::open();
    let loud = |arguments: &[&str]| company.kadry(&[arguments, &["-vvv"]].concat());
    let mut said = vec![
        loud(&["providers"]),
        loud(&["show", "ceo@example.test"]),
        loud(&[
            "onboard",
            "--email",
            ANNA,
            "--last-name",
            "О",
            "--role",
            "accountant",
            "--yes",
        ]),
        loud(&["offboard", ANNA, "--yes"]),
        loud(&["runs"]),
    ];
    company.fault(json!({ "match": {}, "do": { "status": 401 } }));
    said.push(loud(&["providers"]));
    assert!(
        said[0].err.contains("TRACE") || said[0].err.contains("DEBUG"),
        "{:?}",
        said[0]
    );
    for ended in said {
        for (name, secret) in company.emulator.exports() {
            let leaks = ended.out.contains(&secret) || ended.err.contains(&secret);
            assert!(!leaks, "{name} is in the output");
        }
    }
}

#[test]
fn who_only_reads_can_read_where_no_file_takes_a_single_byte() {
    let company = Company::open();
    company.hire(ANNA);
    let (kept, _) = company.json(&["runs"]);
    let (runs, code) = company.json_on_a_full_disk(&["runs"]);
    assert_eq!((code, &runs), (0, &kept), "{runs:#}");
    let (shown, code) = company.json_on_a_full_disk(&["show", ANNA]);
    assert_eq!(code, 0, "{shown:#}");
    let (people, code) = company.json_on_a_full_disk(&["people"]);
    assert_eq!(code, 0, "{people:#}");
}

#[test]
fn a_run_that_cannot_be_written_down_leaves_no_empty_store_behind() {
    let company = Company::open();
    let run = ["offboard", ANNA, "--yes", "--store", "new.sqlite"];
    let ended = company.kadry_on_a_full_disk(&run);
    assert_eq!(ended.code, 1, "{ended:?}");
    for name in ["new.sqlite", "new.sqlite.owners", "new.sqlite-wal"] {
        assert!(!company.path(name).exists(), "{name}");
    }
}
