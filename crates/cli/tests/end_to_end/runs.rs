//! Going on with runs, deciding about them, taking them back, and telling them.

use std::fs;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::support::{Company, Ended, join};

const ANNA: &str = "anna.novichkova@example.test";

/// Answers to everything that a lost request can leave, in a tenth of the usual time.
fn hurried() -> Company {
    let company = Company::open();
    company.configure(|settings| settings.replace("base_url", "timeout = 0.5\nbase_url"));
    company
}

/// Brings somebody in, and kills the command while a request to a platform is on its way.
fn killed_at(company: &Company, platform: &str, path: &'static str) {
    company.kill_during(&join(ANNA), platform, path);
}

fn count(company: &Company, end: &str) -> usize {
    let log = company.emulator.log();
    let posts = log.iter().filter(|entry| entry.method == "POST");
    posts.filter(|entry| entry.path.ends_with(end)).count()
}

fn last_run(company: &Company) -> String {
    let (runs, _) = company.json(&["runs", "list"]);
    runs["runs"][0]["run"].as_str().unwrap().to_owned()
}

#[test]
fn a_killed_run_goes_on_and_the_same_command_then_has_nothing_to_do() {
    let company = hurried();
    killed_at(&company, "diadoc", "*/CreateEmployee");
    let listed = company.kadry(&["runs"]);
    assert!(listed.out.contains("unfinished"), "{listed:?}");
    assert!(listed.out.contains("kadry runs resume --all"), "{listed:?}");
    let (resumed, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!(code, 0, "{resumed:#}");
    let [run] = resumed["runs"].as_array().unwrap().as_slice() else {
        panic!("{resumed:#}");
    };
    assert_eq!(
        (&run["state"], &run["verified"]),
        (&json!("done"), &json!(true))
    );
    assert_eq!(count(&company, "/CreateEmployee"), 1);
    assert_eq!(count(&company, "/messages"), 1);
    let (again, code) = company.json(&join(ANNA));
    assert_eq!((code, &again["run"]), (0, &Value::Null), "{again:#}");
    let (nothing, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!((code, &nothing["runs"]), (0, &json!([])));
    assert_eq!(company.violations(), []);
}

#[test]
fn what_one_run_lacks_stands_in_no_other_ones_way() {
    let company = hurried();
    let boris = [
        &join("boris.novichkov@example.test")[..],
        &["--on", "messenger"],
    ]
    .concat();
    company.kill_during(&boris, "pachca", "*/messages");
    killed_at(&company, "diadoc", "*/CreateEmployee");
    let mut resume = company.command(&["runs", "resume", "--all", "-o", "json"]);
    resume.env_remove("DIADOC_CLIENT_SECRET");
    let ended: Ended = resume.output().unwrap().into();
    let told = ended.json();
    assert_eq!((ended.code, &told["exit"]), (3, &json!(3)), "{told:#}");
    let [anna, boris] = told["runs"].as_array().unwrap().as_slice() else {
        panic!("{told:#}");
    };
    assert_eq!(boris["state"], "done", "{told:#}");
    assert!(anna["error"]["message"].is_string(), "{told:#}");
    let (rest, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!(code, 0, "{rest:#}");
}

#[test]
fn a_run_that_has_ended_is_not_resumed_and_that_is_no_failure() {
    let company = Company::open();
    company.hire(ANNA);
    let run = last_run(&company);
    let before = company.emulator.log().len();
    let told = company.kadry(&["runs", "resume", &run]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("nothing to go on with"), "{told:?}");
    assert_eq!(company.emulator.log().len(), before);
    let unknown = company.kadry(&["runs", "resume", "zzz"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    let neither = company.kadry(&["runs", "resume"]);
    assert_eq!(neither.code, 2, "{neither:?}");
    assert!(neither.err.contains("--all"), "{neither:?}");
    let page = company.path("told.html");
    let kept = company.kadry(&["runs", "resume", &run, "--report", page.to_str().unwrap()]);
    assert_eq!(kept.code, 0, "{kept:?}");
    assert!(fs::read_to_string(page).unwrap().contains(ANNA));
}

/// Somebody whose welcome was lost where nobody may look for it, and the run.
fn with_a_welcome_in_doubt() -> (Company, String) {
    let company = Company::open();
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
    company
        .emulator
        .seed(&json!({ "pachca": { "scopes": scopes } }))
        .unwrap();
    let match_ = json!({ "platform": "pachca", "method": "POST", "path": "*/messages" });
    company.fault(json!({ "match": match_, "do": { "drop": "after" } }));
    let (report, code) = company.json(&join(ANNA));
    assert_eq!(code, 3, "{report:#}");
    company.emulator.clear_faults();
    let run = last_run(&company);
    (company, run)
}

/// The step that nobody can tell about.
fn parked(company: &Company, run: &str) -> Value {
    let (story, _) = company.json(&["runs", "show", run]);
    let steps = story["steps"].as_array().unwrap();
    let mut parked = steps.iter().filter(|step| step["state"] == "parked");
    parked.next().unwrap_or_else(|| panic!("{story:#}")).clone()
}

#[test]
fn what_kadry_cannot_tell_is_asked_with_the_command_that_answers() {
    let (company, run) = with_a_welcome_in_doubt();
    let step = parked(&company, &run)["seq"].to_string();
    let told = company.kadry(&["runs", "show", &run]);
    let answer = format!("\n  kadry runs settle {run} {step} done\n");
    assert!(
        told.out
            .contains("Has the person got this message: “Добро пожаловать, Анна!”?"),
        "{told:?}"
    );
    assert!(told.out.contains(&answer), "{told:?}");
    let resumed = company.kadry(&["runs", "resume", &run]);
    assert_eq!(resumed.code, 3, "{resumed:?}");
    assert_eq!(count(&company, "/messages"), 1, "nobody is told twice");
    assert!(!resumed.err.contains("same command"), "{resumed:?}");
    let waits = company.kadry(&["check"]);
    assert!(waits.out.contains("1 run waits"), "{waits:?}");
    let next = company.kadry(&["offboard", "ivan@example.test", "--plan-only"]);
    assert!(
        next.err.contains("A run asks what became of a step"),
        "{next:?}"
    );
    let all = company.kadry(&["runs", "resume", "--all"]);
    assert_eq!(all.code, 3, "{all:?}");
    assert!(all.out.contains("asks what became of a step"), "{all:?}");
    let settled = company.kadry(&["runs", "settle", &run, &step, "done", "--actor", "olga"]);
    assert_eq!(settled.code, 0, "{settled:?}");
    let (resumed, code) = company.json(&["runs", "resume", &run]);
    assert_eq!(
        (code, &resumed["state"]),
        (0, &json!("done")),
        "{resumed:#}"
    );
    assert_eq!(count(&company, "/messages"), 1);
    let told = company.kadry(&["runs", "show", &run]);
    assert!(
        told.out
            .contains("olga looked and says that it took effect"),
        "{told:?}"
    );
    let again = company.kadry(&["runs", "settle", &run, &step, "undone"]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.err.contains("is not in doubt"), "{again:?}");
}

#[test]
fn a_message_that_somebody_says_was_not_sent_is_sent() {
    let (company, run) = with_a_welcome_in_doubt();
    let step = parked(&company, &run)["seq"].to_string();
    let settled = company.kadry(&["runs", "settle", &run, &step, "undone"]);
    assert_eq!(settled.code, 0, "{settled:?}");
    let resumed = company.kadry(&["runs", "resume", &run]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    assert_eq!(count(&company, "/messages"), 2);
}

/// The same command on another store.
fn elsewhere<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let store = ["--config", "kadry.toml", "--store", "my store.sqlite"];
    [&store, arguments].concat()
}

#[test]
fn a_platform_that_was_silent_when_somebody_joined_is_not_forgotten() {
    let company = Company::open();
    company.lose_calls();
    let (report, code) = company.json(&join(ANNA));
    assert_eq!(
        (code, &report["state"]),
        (3, &json!("partial")),
        "{report:#}"
    );
    company.configure(|settings| settings);
    let run = last_run(&company);
    let waits = company.kadry(&["check"]);
    assert!(waits.out.contains("1 run waits"), "{waits:?}");
    // Nothing was approved there, so that nothing can go on; the command that plans it is named, however often one asks.
    let command = format!("\n  kadry onboard --email {ANNA}");
    for asked in [&["runs", "resume", "--all"][..], &["runs", "resume", &run]] {
        let told = company.kadry(asked);
        assert_eq!(told.code, 3, "{told:?}");
        assert!(told.out.contains("calls"), "{told:?}");
        assert!(told.out.contains(&command), "{told:?}");
    }
    let told = company.kadry(&["runs", "show", &run]);
    assert!(told.out.contains("calls"), "{told:?}");
    let (done, code) = company.json(&join(ANNA));
    assert_eq!((code, &done["state"]), (0, &json!("done")), "{done:#}");
    let nothing = company.kadry(&["runs", "resume", "--all"]);
    assert_eq!(nothing.code, 0, "{nothing:?}");
}

#[test]
fn what_no_command_can_do_is_nothing_to_be_reminded_of() {
    let company = Company::open();
    company.hire(ANNA);
    let left = company.kadry(&["offboard", ANNA, "--remove", "--on", "calls", "--yes"]);
    assert_eq!(left.code, 3, "the platform deletes no records: {left:?}");
    let nothing = company.kadry(&["runs", "resume", "--all"]);
    assert_eq!(nothing.code, 0, "{nothing:?}");
    let well = company.kadry(&["check"]);
    assert!(well.out.contains("No run waits for anybody"), "{well:?}");
}

#[test]
fn a_command_that_is_named_meets_the_same_store() {
    let company = hurried();
    let match_ = json!({ "platform": "pachca", "method": "POST", "path": "*/messages" });
    company.fault(json!({ "match": match_, "do": { "status": 422 } }));
    let report = company.kadry(&elsewhere(&join(ANNA)));
    assert_eq!(report.code, 3, "{report:?}");
    let (runs, _) = company.json(&elsewhere(&["runs", "list"]));
    let run = runs["runs"][0]["run"].as_str().unwrap();
    let abandon = elsewhere(&["runs", "abandon", run, "--yes"]);
    assert_eq!(company.kadry(&abandon).code, 0);
    let ended = company.kadry(&abandon);
    assert!(
        ended.err.contains(&format!(
            "kadry runs show {run} --config kadry.toml --store 'my store.sqlite'"
        )),
        "{ended:?}"
    );
}

#[test]
fn a_run_that_a_guard_stops_by_now_names_the_command_that_began_it() {
    let company = hurried();
    killed_at(&company, "diadoc", "*/CreateEmployee");
    company.configure(|settings| {
        let settings = settings.replace("base_url", "timeout = 0.5\nbase_url");
        format!("{settings}\n[protect]\nexempt = [\"{ANNA}\"]\n")
    });
    let refused = company.kadry(&["runs", "resume", &last_run(&company)]);
    assert_eq!(refused.code, 5, "{refused:?}");
    let command = format!("\n  kadry {}", join(ANNA)[..2].join(" "));
    assert!(refused.err.contains(&command), "{refused:?}");
}

#[test]
fn a_run_is_taken_back_as_a_plan_that_names_what_stays() {
    let company = Company::open();
    company.hire(ANNA);
    let run = last_run(&company);
    let before = company.records();
    let shown = company.kadry(&["runs", "undo", &run, "--plan-only"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(
        shown.out.contains("What was sent cannot be called back"),
        "{shown:?}"
    );
    assert_eq!(company.records(), before);
    let asked = company.kadry(&["runs", "undo", &run]);
    assert_eq!(asked.code, 2, "nobody is there to agree: {asked:?}");
    let (undone, code) = company.json(&["runs", "undo", &run, "--yes", "--reason", "wrong person"]);
    assert_eq!(code, 0, "{undone:#}");
    assert_eq!(
        (&undone["intent"], &undone["verified"]),
        (&json!("undo"), &json!(true))
    );
    let people = company.kadry(&["people", ANNA]);
    assert!(!people.out.contains("open"), "{people:?}");
    let (told, _) = company.json(&["runs", "show", undone["run"].as_str().unwrap()]);
    for document in [&undone, &told] {
        let said = document["caveats"].to_string();
        assert!(
            said.contains("What was sent cannot be called back"),
            "{document:#}"
        );
    }
    let shown = company.kadry(&["runs", "show", undone["run"].as_str().unwrap()]);
    assert!(shown.out.contains("Not taken back"), "{shown:?}");
    let (again, code) = company.json(&["runs", "undo", &run, "--yes"]);
    assert_eq!((code, &again["run"]), (0, &Value::Null), "{again:#}");
}

#[test]
fn a_run_that_is_open_is_ended_before_it_is_taken_back() {
    let company = Company::open();
    let match_ = json!({ "platform": "pachca", "method": "POST", "path": "*/messages" });
    company.fault(json!({ "match": match_, "do": { "status": 429, "retry_after": 600 } }));
    let (report, code) = company.json(&join(ANNA));
    assert_eq!(code, 3, "{report:#}");
    company.emulator.clear_faults();
    let run = last_run(&company);
    let steps = report["steps"].as_array().unwrap();
    let held = steps.iter().filter(|step| step.get("not_before").is_some());
    assert_eq!(held.count(), 1, "{report:#}");
    let told = company.kadry(&["runs", "show", &run]);
    assert!(told.out.contains("Not before"), "{told:?}");
    let refused = company.kadry(&["runs", "undo", &run, "--yes"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(refused.err.contains("kadry runs abandon"), "{refused:?}");
    let asked = company.kadry(&["runs", "abandon", &run]);
    assert_eq!(asked.code, 2, "nobody is there to agree: {asked:?}");
    assert!(
        asked.err.contains("whether the run should end"),
        "{asked:?}"
    );
    assert!(!asked.err.contains("--plan-only"), "{asked:?}");
    let ended = company.kadry(&["runs", "abandon", &run, "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let (nothing, code) = company.json(&["runs", "resume", "--all"]);
    assert_eq!((code, &nothing["runs"]), (0, &json!([])));
    let undone = company.kadry(&["runs", "undo", &run, "--yes"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    let again = company.kadry(&["runs", "abandon", &run, "--yes"]);
    assert_eq!(again.code, 2, "{again:?}");
    let unasked = company.kadry(&["runs", "abandon", &run]);
    assert_eq!(
        unasked.err, again.err,
        "nobody is asked about what has ended"
    );
}

#[test]
fn a_run_is_told_in_the_order_in_which_it_happened_with_what_was_before_and_after() {
    let company = Company::open();
    company.hire(ANNA);
    let (report, code) = company.json(&["offboard", ANNA, "--yes"]);
    assert_eq!(code, 0, "{report:#}");
    let (story, _) = company.json(&["runs", "show", &last_run(&company)]);
    let events = story["events"].as_array().unwrap();
    let numbers: Vec<u64> = events
        .iter()
        .filter_map(|one| one["number"].as_u64())
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    let of_the_close = |event: &str| {
        let mut all = events.iter().filter(|one| one["provider"] == "calls");
        all.find(|one| one["event"] == event && one["action"] == "set_access")
            .unwrap_or_else(|| panic!("{story:#}"))
            .clone()
    };
    assert_eq!(
        of_the_close("started")["before"],
        json!({ "access": "open" })
    );
    assert_eq!(
        of_the_close("done")["after"],
        json!({ "access": "suspended" })
    );
    let told = company.kadry(&["runs", "show", &last_run(&company)]);
    assert!(told.out.contains("What happened, in order:"), "{told:?}");
    assert!(told.out.contains("Before: Access: open."), "{told:?}");
}

#[test]
fn who_ends_a_command_waits_for_the_request_under_way_and_no_other_leaves() {
    for signal in [Signal::INT, Signal::TERM] {
        let company = Company::open();
        let match_ = json!({ "platform": "pachca", "method": "POST", "path": "*/users" });
        company.fault(json!({ "match": match_, "do": { "delay_ms": 1000 } }));
        let line = [&join(ANNA)[..], &["--on", "messenger"]].concat();
        let mut command = company.command(&line);
        let running = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while count(&company, "/users") == 0 {
            std::thread::yield_now();
        }
        kill_process(Pid::from_child(&running), signal).unwrap();
        let ended = Ended::from(running.wait_with_output().unwrap());
        assert_eq!(ended.code, 3, "{signal:?}: {ended:?}");
        assert!(ended.err.contains("kadry runs resume --all"), "{ended:?}");
        let (story, _) = company.json(&["runs", "show", &last_run(&company)]);
        let states: Vec<&str> = story["steps"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|step| step["state"].as_str())
            .collect();
        assert_eq!(states[0], "done", "{story:#}");
        assert!(
            states[1..].iter().all(|state| *state == "waiting"),
            "{story:#}"
        );
        company.emulator.clear_faults();
        let resumed = company.kadry(&["runs", "resume", "--all"]);
        assert_eq!(resumed.code, 0, "{resumed:?}");
    }
}

#[test]
fn what_makes_no_plan_is_not_done_where_only_a_plan_is_wanted() {
    let company = hurried();
    killed_at(&company, "diadoc", "*/CreateEmployee");
    let run = last_run(&company);
    let before = company.emulator.log().len();
    for line in [
        vec!["runs", "resume", "--all"],
        vec!["runs", "resume", &run],
        vec!["runs", "settle", &run, "1", "done"],
        vec!["runs", "abandon", &run, "--yes"],
        vec!["runs", "salvage", "saved.sqlite"],
    ] {
        let refused = company.kadry(&[&line[..], &["--plan-only"]].concat());
        assert_eq!(refused.code, 2, "{line:?}: {refused:?}");
    }
    assert_eq!(company.emulator.log().len(), before);
    let too_soon = company.kadry(&["runs", "abandon", &run, "--yes"]);
    assert_eq!(too_soon.code, 5, "{too_soon:?}");
    assert!(
        too_soon.err.contains("may still take effect"),
        "{too_soon:?}"
    );
}
