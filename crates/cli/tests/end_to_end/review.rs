//! Access reviews over the real binary: what is told, in every form, and how it ends.

use std::fs;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::{Company, Ended, join};

const ANNA: &str = "anna.novichkova@example.test";

/// Begins as a formula does, and is an address all the same.
const FORMULA: &str = "+1-1@example.test";

/// A chat beyond any role, whose name would be markup.
const CHAT: &str = "<b>Тайный</b>";

/// Anna, somebody who is nowhere, and somebody without a role.
const ROSTER: &str = "\
last name,first name,email,role
Образцова,Анна,anna.novichkova@example.test,accountant
Формулин,Семён,+1-1@example.test,accountant
Безролев,Пётр,petr.bezrolev@example.test,
";

/// A company in which Anna has a chat beyond her role.
fn company() -> Company {
    let company = Company::open();
    company.hire(ANNA);
    company.give_chat(ANNA, CHAT);
    company.write("people.csv", ROSTER);
    company
}

fn check(company: &Company, more: &[&str]) -> (Value, i32) {
    company.json(&[&["roles", "check"], more].concat())
}

/// What is told of somebody, or of one platform of theirs.
fn person<'a>(document: &'a Value, who: &str) -> &'a Value {
    let people = document["people"].as_array().unwrap();
    let found = people.iter().find(|one| one["person"] == who);
    found.unwrap_or_else(|| panic!("{who} is not in {document:#}"))
}

fn place<'a>(document: &'a Value, who: &str, on: &str) -> &'a Value {
    let places = person(document, who)["platforms"].as_array().unwrap();
    let found = places.iter().find(|one| one["provider"] == on);
    found.unwrap_or_else(|| panic!("{who} has no {on} in {document:#}"))
}

fn writes(company: &Company) -> usize {
    let log = company.emulator.log();
    let is_write = |entry: &&kadry_emulator::log::Entry| {
        entry.method != "GET"
            && !entry.path.ends_with("/sign_in")
            && !entry.path.ends_with("/connect/token")
    };
    log.iter().filter(is_write).count()
}

#[test]
fn everybody_is_held_against_the_file_and_nobody_is_left_out() {
    let company = company();
    let before = writes(&company);
    let (document, code) = check(&company, &["people.csv"]);
    assert_eq!(code, 4, "{document:#}");
    let anna = person(&document, ANNA);
    assert_eq!(
        (&anna["verdict"], &anna["role"]),
        (&json!("differs"), &json!("accountant"))
    );
    let messenger = place(&document, ANNA, "messenger");
    assert_eq!(
        messenger["beyond"],
        json!([{ "kind": "chat", "name": CHAT }])
    );
    assert_eq!(messenger["lacks"], json!([]));
    for on in ["calls", "edo", "messenger"] {
        let nowhere = place(&document, FORMULA, on);
        assert_eq!(
            nowhere["lacks"],
            json!([{ "kind": "record", "name": null }])
        );
        assert_eq!(place(&document, ANNA, on)["covered"], true);
    }
    assert_eq!(
        person(&document, "petr.bezrolev@example.test")["verdict"],
        "no_access"
    );
    let ceo = place(&document, "ceo@example.test", "edo");
    assert_eq!(
        (&ceo["administrator"], &ceo["signer"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        person(&document, "ceo@example.test")["verdict"],
        "unaccounted"
    );
    assert_eq!(
        person(&document, "svc@example.test")["verdict"],
        "set_apart"
    );
    let (everybody, _) = company.json(&["people"]);
    let records = |rows: &Value, of: fn(&Value) -> usize| -> usize {
        rows["people"].as_array().unwrap().iter().map(of).sum()
    };
    let seen = records(&everybody, |row| {
        let records = row["records"].as_object().unwrap().values();
        records.map(|some| some.as_array().unwrap().len()).sum()
    });
    let told = records(&document, |one| {
        let places = one["platforms"].as_array().unwrap().iter();
        places.filter(|place| !place["record"].is_null()).count()
    });
    assert_eq!(told, seen);
    assert_eq!(writes(&company), before);
    assert_eq!(company.violations(), []);
}

#[test]
fn without_a_file_the_runs_say_who_has_which_role() {
    let company = company();
    let (document, code) = check(&company, &["--on", "calls,messenger"]);
    assert_eq!(code, 4, "{document:#}");
    let anna = person(&document, ANNA);
    assert_eq!(anna["role"], "accountant", "{document:#}");
    let messenger = place(&document, ANNA, "messenger");
    assert_eq!(
        messenger["beyond"],
        json!([{ "kind": "chat", "name": CHAT }])
    );
    // Who has left has no role any more, and no access.
    let ended = company.kadry(&["offboard", ANNA, "--yes"]);
    assert!(matches!(ended.code, 0 | 6), "{ended:?}");
    let (document, _) = check(&company, &["--on", "calls,messenger"]);
    let anna = person(&document, ANNA);
    assert_eq!(
        (&anna["basis"], &anna["verdict"]),
        (&json!("left"), &json!("no_access"))
    );
}

#[test]
fn where_nothing_differs_it_ends_well() {
    let company = Company::open_like(&Options {
        people: 0,
        ..Options::default()
    });
    company
        .configure(|settings| format!("{settings}\n[protect]\nexempt = [\"ceo@example.test\"]\n"));
    let on = ["--on", "calls,messenger"];
    let ended = company.kadry(&[&join(ANNA)[..], &on].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let (document, code) = check(&company, &on);
    assert_eq!(code, 0, "{document:#}");
    assert_eq!(person(&document, "ceo@example.test")["exempt"], true);
    let shown = company.kadry(&[&["roles", "check"], &on[..]].concat());
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(!shown.out.contains(ANNA), "{}", shown.out);
    let shown = company.kadry(&[&["roles", "check", "--all"], &on[..]].concat());
    assert!(shown.out.contains(ANNA), "{}", shown.out);
}

#[test]
fn a_platform_that_cannot_be_read_is_named_and_nobody_is_clean() {
    let company = company();
    company.lose_calls();
    let (document, code) = check(&company, &["people.csv"]);
    assert_eq!(code, 3, "{document:#}");
    assert_eq!(document["silent"][0]["provider"], "calls");
    assert_eq!(document["review"]["counts"]["as_role"], 0);
    assert_eq!(document["review"]["counts"]["no_access"], 0);
    for one in document["people"].as_array().unwrap() {
        let places = one["platforms"].as_array().unwrap();
        let calls = places.iter().find(|place| place["provider"] == "calls");
        assert!(
            !calls.unwrap()["doubts"].as_array().unwrap().is_empty(),
            "{one:#}"
        );
    }
    let shown = company.kadry(&["roles", "check", "people.csv"]);
    assert_eq!(shown.code, 3, "{shown:?}");
    assert!(shown.err.contains("calls"), "{shown:?}");
}

#[test]
fn a_line_that_cannot_be_read_is_no_proof() {
    let company = company();
    company.write(
        "people.csv",
        &format!("{ROSTER}Кривой,Иван,ivan at home,accountant\n"),
    );
    let (document, code) = check(&company, &["people.csv"]);
    assert_eq!(code, 3, "{document:#}");
    let people = document["people"].as_array().unwrap();
    let bad = people.iter().find(|one| one["line"] == 5).unwrap();
    assert_eq!(
        (&bad["basis"], &bad["verdict"]),
        (&json!("unclear"), &json!("unsure"))
    );
    assert!(bad["why"].as_str().unwrap().contains("email"), "{bad:#}");
}

/// Who is listed.
fn listed(document: &Value) -> Vec<&str> {
    let people = document["people"].as_array().unwrap().iter();
    people.map(|one| one["person"].as_str().unwrap()).collect()
}

#[test]
fn a_list_can_be_narrowed_and_the_end_stays_the_same() {
    let company = company();
    let (document, code) = check(&company, &["people.csv", "--lacks"]);
    assert_eq!((listed(&document), code), (vec![FORMULA], 4));
    let (document, code) = check(&company, &["people.csv", "--rights"]);
    assert_eq!(code, 4);
    let listed = listed(&document);
    assert!(
        listed.contains(&"ceo@example.test") && !listed.contains(&ANNA),
        "{listed:?}"
    );
    let ended = company.kadry(&["roles", "check", "people.csv", "--beyond", "-o", "csv"]);
    assert_eq!(ended.code, 4, "{ended:?}");
    let mut lines = ended.out.lines();
    let header = lines.next().unwrap();
    assert!(header.starts_with("line,person,name,email,external_id,role,basis,verdict,platform,"));
    let anna = lines.find(|line| line.contains(ANNA) && line.contains(",messenger,"));
    assert!(
        anna.unwrap().contains(&format!("chat:{CHAT}")),
        "{}",
        ended.out
    );
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_asked() {
    let company = company();
    let asked = company.emulator.log().len();
    for arguments in [
        &["--role", "accountant"][..],
        &["people.csv", "--all", "--rights"],
        &["people.csv", "--role", "acountant"],
        &["people.csv", "--on", "mesenger"],
        &["people.csv", "--shrunk"],
        &["nobody.csv"],
        &["people.csv", "--report", "people.csv"],
    ] {
        let ended = company.kadry(&[&["roles", "check"], arguments].concat());
        assert_eq!(ended.code, 2, "{arguments:?}: {ended:?}");
    }
    assert_eq!(company.emulator.log().len(), asked);
}

fn report(company: &Company, name: &str, more: &[&str]) -> Ended {
    let command = ["roles", "check", "people.csv", "--report", name];
    let ended = company.kadry(&[&command, more].concat());
    assert_eq!(ended.code, 4, "{ended:?}");
    ended
}

#[test]
fn the_page_says_who_when_and_what_was_read_and_stands_alone() {
    let company = company();
    for (lang, told) in [
        (
            "en",
            [
                "Access review",
                "Who asked",
                "Platforms that were read",
                "Administrators",
                "differs from the role",
            ],
        ),
        (
            "ru",
            [
                "Проверка доступа",
                "Кто просил",
                "Прочитанные платформы",
                "Администраторы",
                "не так, как велит роль",
            ],
        ),
    ] {
        report(
            &company,
            "r.html",
            &["--lang", lang, "--actor", "hr & co", "--reason", "quarter"],
        );
        let html = fs::read_to_string(company.path("r.html")).unwrap();
        assert!(html.contains(&format!("<html lang=\"{lang}\">")));
        for text in told
            .into_iter()
            .chain(["hr &#38; co", "quarter", ANNA, "Тайный", "emulated"])
        {
            assert!(html.contains(text), "{text} in {html}");
        }
        assert!(
            html.contains("&#60;b&#62;Тайный") && !html.contains("<b>"),
            "{html}"
        );
        for outside in [
            "<script", "<link", "<img", "url(", "http:", "https:", "src=",
        ] {
            assert!(!html.contains(outside), "{outside}");
        }
    }
}

#[test]
fn a_spreadsheet_takes_no_cell_for_a_formula() {
    let company = company();
    report(&company, "r.csv", &[]);
    let text = fs::read_to_string(company.path("r.csv")).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(
        text.starts_with("Line,Person,Name,Role,Result,Platform,Record,Access,Beyond the role,")
    );
    assert!(text.contains(&format!(",'{FORMULA},")), "{text}");
    let russian = ["--lang", "ru"];
    report(&company, "r.csv", &russian);
    let text = fs::read_to_string(company.path("r.csv")).unwrap();
    assert!(text.contains("Строка;Человек;"), "{text}");
    report(&company, "r.xlsx", &[]);
    let mut book: Xlsx<_> = open_workbook(company.path("r.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["People", "About this report"]);
    let people = book.worksheet_range("People").unwrap();
    for cell in people.cells().map(|(_, _, cell)| cell) {
        assert!(matches!(cell, Data::String(_) | Data::Empty), "{cell:?}");
    }
    let mut rows = people.rows();
    assert!(rows.any(|row| row[1] == Data::String(FORMULA.to_owned())));
    let formulas = book.worksheet_formula("People").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
}

#[test]
fn the_report_for_programs_is_the_document_and_a_failure_is_one_too() {
    let company = company();
    let ended = report(&company, "r.json", &["-o", "json"]);
    let written: Value =
        serde_json::from_slice(&fs::read(company.path("r.json")).unwrap()).unwrap();
    assert_eq!(written["people"], ended.json()["people"]);
    assert_eq!(written["review"]["by"], "operator");
    assert_eq!(written["review"]["sha256"].as_str().unwrap().len(), 64);
    let ended = company.kadry(&[
        "roles",
        "check",
        "--role",
        "no",
        "people.csv",
        "--report",
        "f.json",
    ]);
    assert_eq!(ended.code, 2, "{ended:?}");
    let written: Value =
        serde_json::from_slice(&fs::read(company.path("f.json")).unwrap()).unwrap();
    assert_eq!(written["exit"], 2);
}

#[test]
fn a_right_that_is_missing_is_told_once_and_makes_nobody_clean() {
    let company = Company::open_like(&Options {
        people: 0,
        ..Options::default()
    });
    let on = ["--on", "messenger"];
    company.kadry(&[&join(ANNA)[..], &on].concat());
    let scopes = ["users:read", "profile:read", "group_tags:read"];
    let scopes = json!({ "pachca": { "scopes": scopes } });
    company.emulator.seed(&scopes).unwrap();
    let (document, code) = check(&company, &on);
    assert_eq!(code, 3, "{document:#}");
    assert_eq!(
        place(&document, ANNA, "messenger")["unseen"],
        json!(["chat"])
    );
    let hidden = document["review"]["hidden"].as_array().unwrap();
    assert!(
        hidden
            .iter()
            .any(|one| one["message"].as_str().unwrap().contains("chats:read"))
    );
}

#[test]
fn a_role_without_a_file_is_looked_up_before_the_file_is_asked_for() {
    let company = Company::open();
    let check = |role, lang| company.kadry(&["roles", "check", "--role", role, "--lang", lang]);
    let unknown = check("acountant", "en");
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("accountant"), "{unknown:?}");
    for (lang, says) in [("en", "no file is given"), ("ru", "файла нет")] {
        let known = check("accountant", lang);
        assert_eq!(known.code, 2, "{known:?}");
        assert!(
            known.err.contains(says) && known.err.contains("roles check --help"),
            "{known:?}"
        );
    }
    assert!(company.emulator.log().is_empty());
}
