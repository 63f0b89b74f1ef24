//! Limits that a script cannot pass one person at a time.

use serde_json::json;

use crate::support::Company;

const ANNA: &str = "anna.novichkova@example.test";
const BORIS: &str = "boris.novichkov@example.test";

fn one_leaver_a_day() -> Company {
    let company = Company::open();
    company.hire(ANNA);
    company.hire(BORIS);
    company.configure(|settings| format!("{settings}\n[limits]\nsuspend = {{ day = 1 }}\n"));
    company
}

#[test]
fn the_second_leaver_of_a_day_is_refused_with_the_flag_that_lets_them_go() {
    let company = one_leaver_a_day();
    let first = company.kadry(&["offboard", ANNA, "--yes"]);
    assert_eq!(first.code, 0, "{first:?}");
    let before = company.records();
    let refused = company.kadry(&["offboard", BORIS, "--yes"]);
    assert_eq!(refused.code, 5, "{refused:?}");
    let flag = "--allow suspend=2 --reason";
    assert!(refused.err.contains(flag), "{refused:?}");
    let shown = company.kadry(&["offboard", BORIS, "--plan-only"]);
    assert_eq!(shown.code, 5, "{shown:?}");
    assert_eq!(company.records(), before);
    let unsaid = company.kadry(&["offboard", BORIS, "--yes", "--allow", "suspend=2"]);
    assert_eq!(unsaid.code, 2, "{unsaid:?}");
    assert!(unsaid.err.contains("--reason"), "{unsaid:?}");
    let allowed = ["--allow", "suspend=2", "--reason", "the shop closes"];
    let arguments = [&["offboard", BORIS, "--yes"][..], &allowed].concat();
    let (report, code) = company.json(&arguments);
    assert_eq!((code, &report["state"]), (0, &json!("done")), "{report:#}");
    let (story, _) = company.json(&["runs", "show", report["run"].as_str().unwrap()]);
    let command = story["command"].as_str().unwrap();
    assert!(command.contains("--allow suspend=2"), "{story:#}");
    assert_eq!(story["reason"], "the shop closes");
    assert_eq!(company.violations(), []);
}

#[test]
fn an_allowance_that_says_nothing_is_told_before_anything_is_asked() {
    let company = Company::open();
    let before = company.emulator.log().len();
    for (typed, said) in [
        ("suspend", "suspend=40"),
        ("suspend=many", "suspend=40"),
        ("suspnd=4", "suspend"),
    ] {
        let wrong = ["offboard", ANNA, "--allow", typed, "--reason", "x"];
        let wrong = company.kadry(&wrong);
        assert_eq!(wrong.code, 2, "{wrong:?}");
        assert!(wrong.err.contains(said), "{wrong:?}");
    }
    assert_eq!(company.emulator.log().len(), before);
}

#[test]
fn check_tells_the_limits_that_hold_and_the_one_that_does_not() {
    let company = Company::open();
    let limits = |company: &Company| company.kadry(&["check"]).out.replace('\n', " ");
    assert!(limits(&company).contains("The built-in ones hold"));
    company.configure(|settings| format!("{settings}\n[limits]\nsuspend = {{ day = 1 }}\n"));
    assert!(limits(&company).contains("suspend.day = 1"));
    company.configure(|settings| format!("{settings}\n[limits]\nsuspend = {{ day = \"5%\" }}\n"));
    assert!(limits(&company).contains("Until the first count the built-in number holds"));
}
