//! The doctor.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Company, Ended, bare};

const ANNA: &str = "anna.novichkova@example.test";

/// The finding with this part and name, on this platform or on none.
fn finding<'a>(report: &'a Value, provider: Option<&str>, part: &str, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap();
    let is_it = |check: &&Value| {
        check["part"] == part && check["name"] == name && check["provider"].as_str() == provider
    };
    let found: Vec<&Value> = checks.iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{part} {name} {provider:?}: {report:#}");
    found[0]
}

fn state<'a>(report: &'a Value, provider: Option<&str>, part: &str, name: &str) -> &'a str {
    finding(report, provider, part, name)["state"]
        .as_str()
        .unwrap()
}

/// The files beside the store whose names end like this.
fn kept(company: &Company, end: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(company.path("state/kadry"))
        .into_iter()
        .flatten();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .filter(|path| path.to_str().unwrap().ends_with(end))
        .collect()
}

fn chmod(path: &PathBuf, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn where_all_is_well_nothing_fails_and_nothing_is_written() {
    let company = Company::open();
    let before = company.records();
    let (report, code) = company.json(&["check"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(report["state"], "ok", "{report:#}");
    assert!(company.records() == before, "something was written");
    assert_eq!(company.violations(), []);
    assert_eq!(kept(&company, ".sqlite"), Vec::<PathBuf>::new());
    for provider in ["messenger", "calls", "edo"] {
        for name in ["reachable", "credential", "tenant", "clock", "expiry"] {
            finding(&report, Some(provider), "platform", name);
        }
        for name in ["onboard", "offboard", "remove", "successor"] {
            finding(&report, Some(provider), "rights", name);
        }
        finding(&report, Some(provider), "roles", "accountant");
    }
    let text = company.kadry(&["check"]);
    assert!(text.out.contains("Everything is in order."), "{text:?}");
    assert!(
        text.out
            .contains("ok  No [limits] are set. The built-in ones hold"),
        "{text:?}"
    );
    assert_eq!(state(&report, None, "configuration", "limits"), "ok");
    assert_eq!(company.kadry(&["check", "--strict"]).code, 0);
}

#[test]
fn the_document_has_the_agreed_keys_and_words_that_stay() {
    let company = Company::open();
    // The first one signs in, and from then on there is a session that is kept.
    assert_eq!(company.kadry(&["check"]).code, 0);
    let (report, _) = company.json(&["check", "--on", "calls"]);
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(keys(&report), ["checks", "exit", "state"]);
    for check in report["checks"].as_array().unwrap() {
        let agreed = ["hint", "message", "name", "part", "provider", "state"];
        assert_eq!(keys(check), agreed);
        let is_ours = check["provider"] == "calls" || check["provider"].is_null();
        assert!(is_ours, "{check:#}");
    }
    let (russian, _) = company.json(&["check", "--on", "calls", "--lang", "ru"]);
    let words = |report: &Value| -> Vec<(Value, Value)> {
        let checks = report["checks"].as_array().unwrap();
        let word = |check: &Value| (check["part"].clone(), check["name"].clone());
        checks.iter().map(word).collect()
    };
    assert_eq!(words(&report), words(&russian));
}

#[test]
fn a_name_in_a_role_that_the_platform_does_not_know_fails_with_the_nearest() {
    let company = Company::open();
    company.configure(|settings| {
        let role = "[roles.clerk]\nmessenger = { tags = [\"Бухгалтерая\"] }\ncalls = { unit = \"Бухгалтерия\", role = \"Оператор\" }\n";
        format!("{settings}\n{role}")
    });
    let (report, code) = company.json(&["check"]);
    assert_eq!(code, 3, "{report:#}");
    let wrong = finding(&report, Some("messenger"), "roles", "clerk");
    assert_eq!(wrong["state"], "failure");
    assert!(
        wrong["message"].as_str().unwrap().contains("“Бухгалтерия”"),
        "{wrong:#}"
    );
    assert!(wrong["hint"].is_string());
    assert_eq!(state(&report, Some("calls"), "roles", "clerk"), "ok");
    assert_eq!(
        state(&report, Some("messenger"), "roles", "accountant"),
        "ok"
    );
}

#[test]
fn a_platform_that_cannot_be_reached_does_not_keep_the_others_from_being_told() {
    let company = Company::open();
    company.lose_calls();
    let (report, code) = company.json(&["check"]);
    assert_eq!(code, 3, "{report:#}");
    assert_eq!(
        state(&report, Some("calls"), "platform", "reachable"),
        "failure"
    );
    assert_eq!(
        state(&report, Some("messenger"), "rights", "offboard"),
        "ok"
    );
    assert_eq!(state(&report, Some("edo"), "rights", "offboard"), "ok");
    let (alone, code) = company.json(&["check", "--on", "calls"]);
    assert_eq!(code, 1, "{alone:#}");
}

#[test]
fn a_credential_that_is_refused_is_told_from_a_platform_that_is_silent() {
    let company = Company::open();
    let mut command = company.command(&["check", "--on", "messenger,edo", "-o", "json"]);
    let ended = Ended::from(
        command
            .env("PACHCA_TOKEN", "no-such-token")
            .output()
            .unwrap(),
    );
    assert_eq!(ended.code, 3, "{ended:?}");
    let report = ended.json();
    assert_eq!(
        state(&report, Some("messenger"), "platform", "reachable"),
        "ok"
    );
    assert_eq!(
        state(&report, Some("messenger"), "platform", "credential"),
        "failure"
    );
    assert!(!ended.out.contains("no-such-token"), "{ended:?}");
}

#[test]
fn a_missing_secret_is_told_and_the_other_platforms_are_looked_at() {
    let company = Company::open();
    let mut command = company.command(&["check", "-o", "json"]);
    let ended = Ended::from(command.env_remove("DEALAPP_PASSWORD").output().unwrap());
    assert_eq!(ended.code, 3, "{ended:?}");
    let report = ended.json();
    let missing = finding(&report, Some("calls"), "secrets", "password");
    assert_eq!(missing["state"], "failure");
    assert_eq!(missing["hint"], "export DEALAPP_PASSWORD='…'");
    assert_eq!(
        state(&report, Some("messenger"), "platform", "credential"),
        "ok"
    );
}

#[test]
fn a_scope_that_is_missing_is_named_in_the_flow_that_fails_for_it() {
    let company = Company::open();
    let scopes = [
        "users:read",
        "users:update",
        "group_tags:read",
        "chats:read",
        "profile:read",
    ];
    company
        .emulator
        .seed(&json!({ "pachca": { "scopes": scopes } }))
        .unwrap();
    let (report, code) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(code, 3, "{report:#}");
    let on = Some("messenger");
    for (flow, expected, scope) in [
        ("onboard", "failure", "users:create"),
        ("offboard", "warning", "chat_members:write"),
        ("remove", "warning", "users:delete"),
        ("welcome", "warning", "messages:create"),
        ("lost_welcome", "warning", "messages:read"),
    ] {
        let told = finding(&report, on, "rights", flow);
        assert_eq!(told["state"], expected, "{told:#}");
        assert!(
            told["message"].as_str().unwrap().contains(scope),
            "{told:#}"
        );
    }
}

#[test]
fn without_a_configuration_the_store_can_still_be_told() {
    let company = Company::open();
    company.hire(ANNA);
    let store = kept(&company, ".sqlite").remove(0);
    let mut command = bare(
        &company.path("tmp"),
        &["check", "-o", "json", "--store", store.to_str().unwrap()],
    );
    let ended = Ended::from(command.output().unwrap());
    assert_eq!(ended.code, 2, "{ended:?}");
    let report = ended.json();
    assert_eq!(state(&report, None, "configuration", "file"), "failure");
    assert_eq!(state(&report, None, "store", "file"), "ok");
    assert_eq!(state(&report, None, "store", "integrity"), "ok");
}

#[test]
fn a_configuration_that_others_can_change_is_not_used() {
    let company = Company::open();
    chmod(&company.path("kadry.toml"), 0o666);
    let (report, code) = company.json(&["check"]);
    assert_eq!(code, 2, "{report:#}");
    let told = finding(&report, None, "configuration", "permissions");
    assert_eq!(told["state"], "failure");
    assert!(told["hint"].as_str().unwrap().starts_with("chmod go-w "));
    assert!(company.emulator.log().is_empty(), "a platform was asked");
}

#[test]
fn a_warning_changes_the_exit_code_only_when_that_is_asked_for() {
    let company = Company::open();
    let nobody = "nobody.here@example.test";
    company.configure(|settings| format!("{settings}\n[protect]\nexempt = [\"{nobody}\"]\n"));
    let (report, code) = company.json(&["check"]);
    assert_eq!(
        (code, &report["state"]),
        (0, &json!("warning")),
        "{report:#}"
    );
    assert!(report.to_string().contains(nobody), "{report:#}");
    assert_eq!(company.json(&["check", "--strict"]).1, 3);
}

#[test]
fn a_store_that_others_could_read_and_a_token_that_they_still_can_are_told() {
    let company = Company::open();
    company.hire(ANNA);
    for path in kept(&company, ".sqlite")
        .iter()
        .chain(&kept(&company, ".token"))
    {
        chmod(path, 0o644);
    }
    let (report, code) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(code, 3, "{report:#}");
    assert_eq!(state(&report, None, "store", "permissions"), "warning");
    let tokens = report["checks"].as_array().unwrap().iter();
    let tokens: Vec<&Value> = tokens.filter(|check| check["name"] == "kept").collect();
    assert_eq!(tokens.len(), 2, "{report:#}");
    for told in tokens {
        assert_eq!(told["state"], "failure");
        assert!(told["hint"].as_str().unwrap().starts_with("chmod 600 "));
    }
    // Who looks changes nothing; whoever writes closes it.
    let (again, _) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(state(&again, None, "store", "permissions"), "warning");
    assert_eq!(company.kadry(&["offboard", ANNA, "--yes"]).code, 0);
    let (after, _) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(state(&after, None, "store", "permissions"), "ok");
}

#[test]
fn a_run_that_has_not_come_to_its_end_is_told() {
    let company = Company::open();
    company.hire(ANNA);
    company.lose_calls();
    let left = company.kadry(&["offboard", ANNA, "--yes"]);
    assert_eq!(left.code, 3, "{left:?}");
    let (report, code) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(code, 0, "{report:#}");
    let told = finding(&report, None, "store", "runs");
    assert_eq!(
        (&told["state"], &told["hint"]),
        (&json!("warning"), &json!("kadry runs resume --all"))
    );
}

#[test]
fn another_account_than_the_store_remembers_is_told() {
    let company = Company::open();
    company.hire(ANNA);
    let (known, _) = company.json(&["check", "--on", "messenger"]);
    let told = finding(&known, Some("messenger"), "platform", "tenant");
    assert_eq!(told["state"], "ok");
    assert!(told["message"].as_str().unwrap().contains("remembers"));
    company.configure(|settings| settings.replace("http://127.0.0.1:", "http://localhost:"));
    let (other, code) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(code, 0, "{other:#}");
    assert_eq!(
        state(&other, Some("messenger"), "platform", "tenant"),
        "warning"
    );
}

#[test]
fn an_address_that_protects_nobody_is_told_once_every_platform_was_read() {
    let company = Company::open();
    company.configure(|settings| {
        let protect =
            "[protect]\nexempt = [\"svc@example.test\"]\nprivileged = [\"boss@example.test\"]\n";
        format!("{settings}\n{protect}")
    });
    let (report, code) = company.json(&["check"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(state(&report, None, "protect", "exempt"), "ok");
    assert_eq!(state(&report, None, "protect", "privileged"), "warning");
    let (narrowed, _) = company.json(&["check", "--on", "calls"]);
    assert_eq!(state(&narrowed, None, "protect", "privileged"), "ok");
}

#[test]
fn a_role_that_can_be_used_nowhere_is_told_once() {
    let company = Company::open();
    company.configure(|settings| format!("{settings}\n[roles.idle]\ntitle = \"Клерк\"\n"));
    let (report, code) = company.json(&["check"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(state(&report, None, "roles", "idle"), "warning");
}

#[test]
fn a_platform_that_is_not_configured_is_a_slip_of_whoever_types() {
    let company = Company::open();
    let (document, code) = company.json(&["check", "--on", "mesenger"]);
    assert_eq!((code, &document["error"]["kind"]), (2, &json!("usage")));
}

/// Every file below a folder with what is in it; folders have nothing in them.
fn everything_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_below(&path));
        }
        found.insert(path.clone(), fs::read(&path).unwrap_or_default());
    }
    found
}

#[test]
fn a_check_with_a_wrong_secret_leaves_nothing_behind() {
    let company = Company::open();
    let before = everything_below(&company.path("."));
    for store in [None, Some(["--store", "a/b/kadry.sqlite"])] {
        let given: Vec<&str> = store.into_iter().flatten().collect();
        let arguments = [&["check", "--on", "calls,edo"][..], &given].concat();
        let mut command = company.command(&arguments);
        command.env("DEALAPP_PASSWORD", "wrong");
        command.env("DIADOC_CLIENT_SECRET", "wrong");
        let ended = Ended::from(command.output().unwrap());
        assert_eq!(ended.code, 1, "{ended:?}");
        let after = everything_below(&company.path("."));
        assert!(after == before, "{store:?}: {:?}", after.keys());
    }
}

#[test]
fn a_check_changes_nothing_of_a_store_that_is_there() {
    let company = Company::open();
    company.hire(ANNA);
    let all_but_budgets = || {
        let mut found = everything_below(&company.path("state"));
        // Its requests count like any others.
        found.retain(|path, _| !path.to_str().unwrap().contains(".sqlite.budgets/"));
        found
    };
    let before = all_but_budgets();
    let (report, code) = company.json(&["check", "--on", "messenger"]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(state(&report, None, "store", "writable"), "ok");
    let after = all_but_budgets();
    assert!(after == before, "{:?}", after.keys());
}

#[test]
fn a_store_that_the_next_run_could_not_make_fails_with_a_way_out() {
    let company = Company::open();
    company.write("file", "in the way");
    for (store, hint) in [
        ("file/kadry.sqlite", "--store"),
        ("/proc/kadry/kadry.sqlite", "--store"),
    ] {
        let given = ["--on", "messenger", "--store", store];
        let (report, code) = company.json(&[&["check"][..], &given].concat());
        assert_eq!(code, 3, "{report:#}");
        let told = finding(&report, None, "store", "file");
        assert_eq!(told["state"], "failure", "{told:#}");
        assert!(told["hint"].as_str().unwrap().contains(hint), "{told:#}");
        let run = company.kadry(&["offboard", ANNA, "--yes", "--store", store]);
        assert_eq!(run.code, 2, "{run:?}");
    }
}

#[test]
fn a_disk_that_takes_nothing_more_fails_before_a_run_does() {
    let company = Company::open();
    let (report, code) = company.json_on_a_full_disk(&["check", "--on", "messenger"]);
    assert_eq!(code, 3, "{report:#}");
    assert_eq!(state(&report, None, "store", "file"), "failure");
    company.hire(ANNA);
    let (report, code) = company.json_on_a_full_disk(&["check", "--on", "messenger"]);
    assert_eq!(code, 3, "{report:#}");
    assert_eq!(state(&report, None, "store", "file"), "ok");
    assert_eq!(state(&report, None, "store", "writable"), "failure");
}

#[test]
fn a_token_that_could_not_be_kept_is_not_exchanged() {
    let company = Company::open();
    let (report, code) = company.json_on_a_full_disk(&["check", "--on", "edo"]);
    assert_eq!(code, 1, "{report:#}");
    let told = finding(&report, Some("edo"), "platform", "settings");
    assert_eq!(told["state"], "failure", "{told:#}");
    let asked = company.emulator.log();
    assert!(
        asked.iter().all(|one| !one.path.contains("token")),
        "{asked:#?}"
    );
    assert_eq!(company.kadry(&["check", "--on", "edo"]).code, 0);
}

#[test]
fn platforms_stand_in_the_order_of_their_names_whoever_answers_first() {
    let company = Company::open();
    company.fault(json!({
        "match": { "platform": "dealapp" },
        "when": { "every": 1 },
        "do": { "delay_ms": 200 },
    }));
    let ended = company.kadry(&["check"]);
    let place = |title: &str| ended.out.find(title).unwrap_or_else(|| panic!("{ended:?}"));
    assert!(place("calls (dealapp)") < place("edo (diadoc)"));
    assert!(place("edo (diadoc)") < place("messenger (pachca)"));
}
