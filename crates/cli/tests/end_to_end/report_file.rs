//! The report that `--report` writes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use crate::support::{Company, Ended, join};

const ANNA: &str = "anna.novichkova@example.test";

/// Runs a command with a JSON report, and demands that it is the very document that is printed.
fn reported(company: &Company, arguments: &[&str]) -> Value {
    let ended = company.kadry(&[arguments, &["-o", "json", "--report", "r.json"]].concat());
    let written = fs::read_to_string(company.path("r.json")).unwrap();
    assert_eq!(written, ended.out, "{ended:?}");
    assert_eq!(ended.json()["exit"], ended.code, "{ended:?}");
    fs::remove_file(company.path("r.json")).unwrap();
    ended.json()
}

fn page(company: &Company, arguments: &[&str]) -> (String, Ended) {
    let ended = company.kadry(&[arguments, &["--report", "r.html"]].concat());
    let html = fs::read_to_string(company.path("r.html"))
        .unwrap_or_else(|fault| panic!("{fault}: {ended:?}"));
    (html, ended)
}

#[test]
fn the_json_report_is_the_document_that_is_printed_however_it_ends() {
    let company = Company::open();
    let plan = reported(&company, &[&join(ANNA)[..], &["--plan-only"]].concat());
    assert_eq!(plan["run"], Value::Null);
    assert_eq!(reported(&company, &join(ANNA))["state"], "done");
    let leave = ["offboard", ANNA, "--yes"];
    company.lose_calls();
    assert_eq!(reported(&company, &leave)["exit"], 3);
    company.configure(|settings| settings);
    assert_eq!(reported(&company, &leave)["exit"], 0);
    assert_eq!(
        reported(&company, &leave)["run"],
        Value::Null,
        "nothing to do"
    );
    let refused = reported(&company, &["offboard", "ceo@example.test", "--yes"]);
    assert_eq!(refused["error"]["kind"], "refused");
    let unknown = reported(&company, &["onboard", "--email", ANNA, "--role", "none"]);
    assert_eq!(unknown["exit"], 2);
    let nobody = reported(
        &company,
        &[
            "onboard",
            "--email",
            ANNA,
            "--role",
            "accountant",
            "--last-name",
            "О",
        ],
    );
    assert_eq!(nobody["error"]["kind"], "nobody_to_ask");
}

#[test]
fn the_page_tells_all_of_a_run_in_both_languages() {
    let company = Company::open();
    let mut command = company.command(&join(ANNA));
    command.args([
        "--report",
        "r.html",
        "--reason",
        "first day",
        "--actor",
        "hr",
    ]);
    let ended = Ended::from(command.env("TZ", "MSK-3").output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    let html = fs::read_to_string(company.path("r.html")).unwrap();
    let run = &company.kadry(&["runs", "-o", "json"]).json()["runs"][0];
    for part in [
        "<html lang=\"en\">",
        "<h1>Onboarding anna.novichkova@example.test</h1>",
        "Everything is done, and it is proven",
        "<dd>hr</dd>",
        "<dd>first day</dd>",
        "(UTC+03:00)",
        "<dd>0 – done, also when nothing was to do</dd>",
        "<h3>calls</h3>",
        "<h3>messenger</h3>",
        "Remarks of the plan",
        run["run"].as_str().unwrap(),
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("a new one"), "every record is known: {html}");
    let (html, ended) = page(&company, &["offboard", ANNA, "--yes", "--lang", "ru"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for part in [
        "<html lang=\"ru\">",
        "<h1>Закрытие доступа — anna.novichkova@example.test</h1>",
        "Всё сделано и проверено",
        "причина не указана",
        "Закрыть доступ",
        "Чего платформы не покажут никогда",
        "Ничего открытого или прикреплённого",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn the_page_names_what_is_not_done_and_what_goes_on() {
    let company = Company::open();
    company.hire(ANNA);
    company.lose_calls();
    let (html, ended) = page(&company, &["offboard", ANNA, "--yes"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    for part in [
        "class=\"result bad\"",
        "Not everything is done or proven.",
        "<th scope=\"col\">What went wrong</th>",
        "<dd>kadry offboard anna.novichkova@example.test --yes --report r.html</dd>",
        "<dd>3 – ",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn the_page_of_a_plan_and_of_a_refusal_say_that_nothing_was_written() {
    let company = Company::open();
    let (html, ended) = page(&company, &[&join(ANNA)[..], &["--plan-only"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(html.contains("<h1>Plan: onboarding"), "{html}");
    assert!(html.contains("This is a plan. Nothing was written."));
    assert!(html.contains("a new one"), "{html}");
    let before = company.records();
    let (html, ended) = page(&company, &["offboard", "ceo@example.test", "--yes"]);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(html.contains("refused, nothing was written"), "{html}");
    assert!(html.contains("<li>edo: This record administers"), "{html}");
    assert!(company.records() == before, "something was written");
}

#[test]
fn a_name_on_the_page_is_never_markup() {
    let company = Company::open();
    let mut evil = join(ANNA);
    evil[4] = "<script>alert(1)</script>";
    let (html, ended) = page(&company, &[&evil[..], &["--plan-only"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(html.contains("&#60;script&#62;"), "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn what_a_run_left_open_can_be_told_again_from_the_journal() {
    let company = Company::open();
    company.hire(ANNA);
    company.give_chat(ANNA, "Личный проект");
    let (report, code) = company.json(&["offboard", ANNA, "--yes"]);
    assert_eq!(code, 6, "{report:#}");
    let id = report["run"].as_str().unwrap();
    let (story, code) = company.json(&["runs", "show", id]);
    assert_eq!(code, 0);
    for key in ["steps", "residue", "caveats", "verified"] {
        assert_eq!(story[key], report[key], "{key}");
    }
    let text = company.kadry(&["runs", "show", id]);
    assert!(text.out.contains("Личный проект"), "{text:?}");
    let (html, ended) = page(&company, &["runs", "show", id]);
    assert_eq!(ended.code, 0, "{ended:?}");
    for part in [
        ANNA,
        "Личный проект",
        "What can never be shown",
        "messenger",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("To go on"), "{html}");
}

#[test]
fn a_report_that_cannot_be_made_is_told_before_anything_is_asked() {
    let company = Company::open();
    let leave = ["offboard", ANNA, "--yes", "--report"];
    for (path, part) in [
        ("r.pdf", "--report report.html"),
        ("report", "--report report.html"),
        ("missing/r.html", "There is no folder missing"),
    ] {
        let ended = company.kadry(&[&leave[..], &[path]].concat());
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(part), "{ended:?}");
    }
    let people = company.kadry(&["people", "--report", "r.html"]);
    assert_eq!(people.code, 2, "{people:?}");
    assert!(people.err.contains("onboard, import"), "{people:?}");
    assert!(!company.path("r.html").exists());
    assert_eq!(company.emulator.log(), [], "nobody was asked");
}

#[test]
fn a_report_that_is_lost_in_the_end_takes_nothing_back_and_is_no_success() {
    let company = Company::open();
    // The store makes its folder after the place of the report was looked at, and where the report shall be.
    let command = [
        &join(ANNA)[..],
        &["--store", "r.html/k.sqlite", "--report", "r.html"],
    ]
    .concat();
    let (document, code) = company.json(&command);
    assert_eq!(code, 3, "{document:#}");
    assert_eq!(
        (&document["state"], &document["verified"]),
        (&json!("done"), &json!(true))
    );
    let ended = company.kadry(&[&command[..], &["--lang", "ru"]].concat());
    assert_eq!(ended.code, 2, "{ended:?}");
    let names = fs::read_dir(company.path("")).unwrap();
    let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.any(|name| name.starts_with(".kadry-report")));
}

#[test]
fn a_report_is_for_our_eyes_only_and_replaces_the_one_before() {
    let company = Company::open();
    company.write("r.html", "of yesterday");
    let (html, _) = page(&company, &["offboard", "nobody@example.test", "--yes"]);
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
    let mode = fs::metadata(company.path("r.html"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
