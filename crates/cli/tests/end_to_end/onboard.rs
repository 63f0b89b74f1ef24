//! Bringing people in.

use serde_json::{Value, json};

use crate::support::{Company, join};

const ANNA: &str = "anna.novichkova@example.test";

#[test]
fn onboard_writes_the_plan_and_the_same_command_again_writes_nothing() {
    let company = Company::open();
    let (report, code) = company.json(&join(ANNA));
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["state"], "done");
    assert_eq!(report["verified"], true);
    assert!(report["run"].is_string());
    let steps = report["steps"].as_array().unwrap();
    assert!(
        steps.iter().all(|step| step["state"] == "done"),
        "{report:#}"
    );

    let before = company.records();
    let (again, code) = company.json(&join(ANNA));
    assert_eq!(code, 0);
    assert_eq!(again["run"], Value::Null);
    assert_eq!(again["steps"], json!([]));
    assert!(company.records() == before, "something was written");
    assert_eq!(company.violations(), []);
}

#[test]
fn the_document_of_a_run_has_the_agreed_keys_in_the_agreed_order() {
    let company = Company::open();
    let ended = company.kadry(&[&join(ANNA)[..], &["--output=json"]].concat());
    let in_order = |text: &str, keys: &[&str]| {
        let places: Vec<usize> = keys
            .iter()
            .map(|key| text.find(&format!("\"{key}\":")).unwrap())
            .collect();
        assert!(places.is_sorted(), "{text}");
    };
    let run = [
        "run", "intent", "person", "state", "steps", "verified", "residue", "caveats", "exit",
    ];
    let (head, tail) = ended.out.split_once("\"steps\"").unwrap();
    in_order(head, &run[..4]);
    let (steps, tail) = tail.split_once(']').unwrap();
    in_order(tail, &run[5..]);
    let step = [
        "seq",
        "person",
        "stage",
        "provider",
        "action",
        "target",
        "state",
        "started_ms",
        "took_ms",
        "error",
    ];
    in_order(steps, &step);
    let document = ended.json();
    assert_eq!(document.as_object().unwrap().len(), run.len());
    assert_eq!(document["steps"][0].as_object().unwrap().len(), step.len());
}

#[test]
fn a_plan_that_is_only_shown_writes_nothing() {
    let company = Company::open();
    let before = company.records();
    let mut command = join(ANNA).to_vec();
    command.pop();
    command.push("--plan-only");
    let shown = company.kadry(&command);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.out.contains("Create a record: Образцова Анна"),
        "{shown:?}"
    );
    assert!(
        shown
            .out
            .contains("Send the welcome: “Добро пожаловать, Анна!”"),
        "{shown:?}"
    );
    assert!(
        shown
            .out
            .contains("The platform sends the person an e-mail"),
        "{shown:?}"
    );
    let (plan, _) = company.json(&command);
    assert_eq!(plan["run"], Value::Null);
    assert_eq!(plan["verified"], false);
    assert_eq!(plan["steps"][0]["state"], "waiting");
    assert!(!plan["caveats"].as_array().unwrap().is_empty());
    assert!(company.records() == before, "something was written");
}

#[test]
fn without_a_terminal_and_without_yes_nothing_is_written() {
    let company = Company::open();
    let before = company.records();
    let command = &join(ANNA)[..9];
    let ended = company.kadry(command);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("--yes"), "{ended:?}");
    let (document, code) = company.json(command);
    assert_eq!(code, 2);
    assert_eq!(document["error"]["kind"], "nobody_to_ask");
    assert!(company.records() == before, "something was written");
    // Nothing is claimed any more: the same person can be worked on.
    company.hire(ANNA);
}

#[test]
fn a_record_in_other_letter_case_is_the_same_person() {
    let company = Company::open();
    let records = json!({ "pachca": { "users": [
        { "email": "Anna.Novichkova@Example.TEST", "last_name": "Образцова", "first_name": "Анна" }
    ] } });
    company.emulator.seed(&records).unwrap();
    let (report, code) = company.json(&[&join(ANNA)[..], &["--on", "messenger"]].concat());
    assert_eq!(code, 0, "{report:#}");
    let actions: Vec<&Value> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["action"])
        .collect();
    assert!(!actions.contains(&&json!("create")), "{report:#}");
    assert!(!actions.contains(&&json!("notify")), "{report:#}");
}

#[test]
fn two_records_that_match_are_a_refusal_and_nothing_is_written_anywhere() {
    let company = Company::open();
    let people = company.on_calls();
    let external_id = format!("hr-{}", people[1].number);
    let command = [
        &join(&people[0].email)[..],
        &["--external-id", &external_id],
    ]
    .concat();
    let before = company.records();
    let (document, code) = company.json(&command);
    assert_eq!(code, 5, "{document:#}");
    assert_eq!(document["error"]["kind"], "refused");
    let text = company.kadry(&command);
    assert!(text.err.contains("Several records match"), "{text:?}");
    assert!(company.records() == before, "something was written");
}

#[test]
fn a_step_that_fails_is_reported_with_the_command_that_goes_on() {
    let company = Company::open();
    company.fault(json!({
        "match": { "platform": "diadoc", "method": "POST", "path": "*/CreateEmployee" },
        "do": { "status": 403, "body": "no" },
    }));
    let command = join(ANNA);
    let ended = company.kadry(&command);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.out.contains("failed"), "{ended:?}");
    let again = "kadry onboard --email anna.novichkova@example.test --last-name Образцова \
                 --first-name Анна --role accountant --yes";
    assert!(ended.err.contains(again), "{ended:?}");

    company.emulator.clear_faults();
    let (report, code) = company.json(&command);
    assert_eq!(code, 0, "{report:#}");
    let welcomes = report["steps"].as_array().unwrap().iter();
    assert_eq!(
        welcomes.filter(|step| step["action"] == "notify").count(),
        0,
        "{report:#}"
    );
}

#[test]
fn a_platform_that_is_down_is_named_and_the_same_command_goes_on_there() {
    let company = Company::open();
    company.lose_calls();
    let shown = company.kadry(&[&join(ANNA)[..9], &["--plan-only"]].concat());
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.out.contains("The platform cannot be reached"),
        "{shown:?}"
    );
    let ended = company.kadry(&join(ANNA));
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        ended
            .err
            .contains("calls  Not done. The platform cannot be reached or is faulty (there is no connection to it)"),
        "{ended:?}"
    );
    let (again, code) = company.json(&join(ANNA));
    assert_eq!(code, 3, "{again:#}");
    assert_eq!(again["steps"], json!([]));
    let note = again["caveats"][0].as_str().unwrap();
    assert!(note.starts_with("calls: Not done"), "{again:#}");

    let alone = company.kadry(&[&join(ANNA)[..], &["--on", "calls"]].concat());
    assert_eq!(alone.code, 1, "{alone:?}");
    assert!(alone.out.contains("nothing was written"), "{alone:?}");

    company.configure(|settings| settings);
    let (report, code) = company.json(&join(ANNA));
    assert_eq!(code, 0, "{report:#}");
    let mut lanes = report["steps"].as_array().unwrap().iter();
    assert!(lanes.all(|step| step["provider"] == "calls"), "{report:#}");
}

#[test]
fn a_run_that_was_killed_is_told_and_the_same_command_creates_nobody_twice() {
    let company = Company::open();
    // How long a lost request may still take effect, and so how long the next run waits for it.
    company.configure(|settings| settings.replace("base_url", "timeout = 0.5\nbase_url"));
    company.kill_during(&join(ANNA), "diadoc", "*/CreateEmployee");

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
    let (report, code) = company.json(&join(ANNA));
    assert_eq!(code, 0, "{report:#}");
    let log = company.emulator.log();
    let creates = log
        .iter()
        .filter(|entry| entry.path.ends_with("/CreateEmployee"));
    assert_eq!(creates.count(), 1, "{log:#?}");
}

#[test]
fn a_file_of_a_person_is_read_and_flags_win_over_it() {
    let company = Company::open();
    company.write(
        "anna.toml",
        "email = \"anna.novichkova@example.test\"\nlast_name = \"Образцова\"\nfirst_name = \"Анна\"\n\
         title = \"Из файла\"\nrole = \"accountant\"\n",
    );
    let plan = ["onboard", "anna.toml", "--title", "Из флага", "--plan-only"];
    let shown = company.kadry(&plan);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains("title: Из флага"), "{shown:?}");
}
