//! The reports on many people that `--report` writes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::Value;

use crate::support::{Company, Ended};

const ANNA: &str = "anna.novichkova@example.test";
const BORIS: &str = "boris.novichkov@example.test";

/// Begins as a formula does, and is an address all the same.
const FORMULA: &str = "+1-1@example.test";

/// Somebody who is new, somebody who is there already, and somebody with a role that is none, and markup.
const ROSTER: &str = "\
last name,first name,email,role,title
Новичкова,Анна,anna.novichkova@example.test,accountant,<b>Бухгалтер</b>
Новичков,Борис,boris.novichkov@example.test,accountant,
Формулин,Семён,+1-1@example.test,<b>none</b>,
";

/// A company in which Boris is as the roster wants him.
fn company() -> Company {
    let company = Company::open();
    company.write("people.csv", ROSTER);
    let lines: Vec<&str> = ROSTER.lines().collect();
    company.write("boris.csv", &format!("{}\n{}\n", lines[0], lines[2]));
    let ended = company.kadry(&["import", "boris.csv", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    company
}

fn import(company: &Company, more: &[&str]) -> Ended {
    company.kadry(&[&["import", "people.csv", "--yes"], more].concat())
}

fn read(company: &Company, name: &str) -> String {
    fs::read_to_string(company.path(name)).unwrap()
}

/// The rows of a CSV report without its header, and the header.
fn cells(text: &str, separator: char) -> (Vec<String>, Vec<Vec<String>>) {
    let text = text.strip_prefix('\u{feff}').unwrap();
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    for letter in text.chars() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' => is_quoted = !is_quoted,
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            letter if letter == separator && !is_quoted => row.push(String::new()),
            letter => row.last_mut().unwrap().push(letter),
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]));
    let header = rows.remove(0);
    assert!(rows.iter().all(|row| row.len() == header.len()), "{rows:?}");
    (header, rows)
}

#[test]
fn a_csv_report_has_a_row_for_every_line() {
    let company = company();
    let ended = import(&company, &["--report", "r.csv"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let (header, rows) = cells(&read(&company, "r.csv"), ',');
    assert_eq!(header[..4], ["Line", "Person", "Result", "Why"]);
    assert_eq!(header[4..], ["calls", "edo", "messenger", "Run"]);
    let told: Vec<_> = rows.iter().map(|row| &row[..3]).collect();
    assert_eq!(
        told,
        [
            ["2", ANNA, "created"],
            ["3", BORIS, "unchanged"],
            ["4", &format!("'{FORMULA}"), "refused"],
        ]
    );
    assert!(rows[0][4].contains(" – done"), "{rows:?}");
    assert!(!rows[0][7].is_empty() && rows[1][7].is_empty(), "{rows:?}");
    assert!(!rows[2][3].is_empty(), "{rows:?}");
    let mode = fs::metadata(company.path("r.csv")).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
}

#[test]
fn a_workbook_has_the_rows_as_text_and_all_else_on_a_sheet_of_its_own() {
    let company = company();
    let more = ["--report", "r.xlsx", "--reason", "=2+2", "--actor", "hr"];
    let ended = import(&company, &more);
    assert_eq!(ended.code, 3, "{ended:?}");
    let mut book: Xlsx<_> = open_workbook(company.path("r.xlsx")).unwrap();
    assert_eq!(book.sheet_names(), ["People", "About this report"]);
    let people = book.worksheet_range("People").unwrap();
    assert_eq!(people.height(), 4);
    for cell in people.cells().map(|(_, _, cell)| cell) {
        assert!(matches!(cell, Data::String(_) | Data::Empty), "{cell:?}");
    }
    let at = |row, column| people.get((row, column)).unwrap().to_string();
    assert_eq!(at(1, 2), "created");
    assert_eq!(at(3, 1), FORMULA);
    let formulas = book.worksheet_formula("People").unwrap();
    assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
    let about = book.worksheet_range("About this report").unwrap();
    let facts: Vec<(String, String)> = about
        .rows()
        .map(|row| (row[0].to_string(), row[1].to_string()))
        .collect();
    for (label, value) in [
        ("The file", "people.csv"),
        ("Who asked", "hr"),
        ("Why", "=2+2"),
        ("People", "3"),
        ("created", "1"),
        ("unchanged", "1"),
        ("refused", "1"),
    ] {
        let fact = (label.to_owned(), value.to_owned());
        assert!(facts.contains(&fact), "{fact:?}: {facts:?}");
    }
}

#[test]
fn a_page_tells_everybody_and_no_name_is_markup() {
    let company = company();
    let ended = import(&company, &["--report", "r.html"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let html = read(&company, "r.html");
    for part in [
        "<html lang=\"en\">",
        "<h1>Import of people.csv</h1>",
        "class=\"result bad\"",
        ANNA,
        BORIS,
        "<td class=\"good\">created</td>",
        "<td>unchanged</td>",
        "<td class=\"warning\">refused</td>",
        FORMULA,
        "&#60;b&#62;none&#60;/b&#62;",
        "<dt>People</dt><dd>3</dd>",
        "kadry import people.csv --yes --report r.html",
        "<dt>Run</dt>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<b>") && !html.contains("<script"), "{html}");
}

#[test]
fn the_json_report_is_the_document_that_is_printed() {
    let company = company();
    for more in [&["--plan-only"][..], &[], &["--shrunk", "--reason", "x"]] {
        let ended = import(
            &company,
            &[more, &["-o", "json", "--report", "r.json"]].concat(),
        );
        assert_eq!(read(&company, "r.json"), ended.out, "{ended:?}");
        assert_eq!(ended.json()["exit"], ended.code, "{ended:?}");
        assert_eq!(ended.json()["people"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn the_page_of_a_saved_plan_has_everybody_and_every_step() {
    let company = company();
    let ended = company.kadry(&["plan", "import", "people.csv", "--save", "plan.json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let shown = company.kadry(&["plan", "show", "plan.json", "--report", "plan.html"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let html = read(&company, "plan.html");
    let plan: Value = serde_json::from_str(&read(&company, "plan.json")).unwrap();
    let steps = plan["steps"].as_array().unwrap();
    assert!(!steps.is_empty());
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let on_screen = squeezed(&shown.out);
    let mut found = 0;
    for cell in html.split("<td>").skip(1) {
        let cell = cell.split("</td>").next().unwrap();
        for sentence in cell.lines() {
            let plain = sentence.replace("&#34;", "\"").replace("&#38;", "&");
            if on_screen.contains(&format!(":{}", squeezed(&plain))) {
                found += 1;
            }
        }
    }
    assert!(found >= steps.len(), "{found} of {steps:?} in {html}");
    for part in [
        "<h1>Plan: import of people.csv</h1>",
        "This is a plan. Nothing was written.",
        plan["plan_hash"].as_str().unwrap(),
        "&#60;b&#62;Бухгалтер&#60;/b&#62;",
        "to be created",
        "nothing to do",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<dt>Begun</dt>"), "{html}");
    for name in ["plan.csv", "plan.xlsx", "again.json"] {
        let shown = company.kadry(&["plan", "show", "plan.json", "--report", name]);
        assert_eq!(shown.code, 0, "{shown:?}");
        assert!(company.path(name).exists(), "{name}");
    }
    let mut book: Xlsx<_> = open_workbook(company.path("plan.xlsx")).unwrap();
    assert_eq!(book.worksheet_range("People").unwrap().height(), 4);
    let again: Value = serde_json::from_str(&read(&company, "again.json")).unwrap();
    assert_eq!(again["steps"].as_array().unwrap().len(), steps.len());
}

#[test]
fn applying_a_plan_and_bringing_into_line_are_reported_too() {
    let company = company();
    company.kadry(&["plan", "import", "people.csv", "--save", "plan.json"]);
    let applied = company.kadry(&["apply", "plan.json", "--yes", "--report", "r.html"]);
    assert_eq!(applied.code, 3, "{applied:?}");
    assert!(read(&company, "r.html").contains("<td class=\"good\">created</td>"));
    let check = ["reconcile", "people.csv", "--check", "--report", "r.csv"];
    let checked = company.kadry(&check);
    assert_eq!(checked.code, 4, "{checked:?}");
    let (header, rows) = cells(&read(&company, "r.csv"), ',');
    assert_eq!(header[2], "Planned");
    let surplus = |row: &&Vec<String>| row[2] == "not in the file" && row[0].is_empty();
    assert!(rows.iter().filter(surplus).count() > 10, "{rows:?}");
}

#[test]
fn a_russian_report_is_for_a_russian_spreadsheet() {
    let company = company();
    let ended = import(&company, &["--report", "r.csv", "--lang", "ru"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let (header, rows) = cells(&read(&company, "r.csv"), ';');
    assert_eq!(header[..4], ["Строка", "Человек", "Итог", "Почему"]);
    let results: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(results, ["заведён", "без изменений", "отказано"]);
    assert!(rows[0][4].contains(" — "), "{rows:?}");
    let more = ["--plan-only", "--report", "r.html", "--lang", "ru"];
    assert_eq!(import(&company, &more).code, 0);
    let html = read(&company, "r.html");
    for part in [
        "<html lang=\"ru\">",
        "<h1>План: импорт — people.csv</h1>",
        "делать нечего",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn a_place_that_is_wrong_fails_before_anything_is_done() {
    let company = company();
    let asked = company.emulator.log().len();
    for (path, part) in [
        ("missing/r.xlsx", "There is no folder missing"),
        ("r.pdf", "report.xlsx"),
        ("people.csv", "Name another file"),
        ("./people.csv", "Name another file"),
    ] {
        let ended = import(&company, &["--report", path]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(part), "{ended:?}");
    }
    let save = ["--save", "r.json", "--report", "r.json"];
    let ended = company.kadry(&[&["plan", "import", "people.csv"][..], &save].concat());
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(read(&company, "people.csv"), ROSTER);
    assert_eq!(company.emulator.log().len(), asked, "somebody was asked");
}

#[test]
fn a_command_about_one_person_makes_no_table() {
    let company = company();
    company.hire(ANNA);
    let (runs, _) = company.json(&["runs", "list"]);
    let run = runs["runs"][0]["run"].as_str().unwrap();
    let asked = company.emulator.log().len();
    for command in [
        &["offboard", ANNA, "--yes"][..],
        &["plan", "offboard", ANNA],
        &["runs", "show", run],
        &["runs", "resume", run],
        &["runs", "undo", run, "--yes"],
    ] {
        for name in ["r.csv", "r.xlsx"] {
            let ended = company.kadry(&[command, &["--report", name]].concat());
            assert_eq!(ended.code, 2, "{ended:?}");
            assert!(ended.err.contains("import, reconcile"), "{ended:?}");
            assert!(!company.path(name).exists());
        }
    }
    assert_eq!(company.emulator.log().len(), asked, "somebody was asked");
}

#[test]
fn what_stands_in_the_way_of_all_is_in_the_report() {
    let company = company();
    company.write("limits.csv", ROSTER);
    company.configure(|settings| format!("{settings}\n[limits.create]\nrun = 0\n"));
    for name in ["r.html", "r.csv", "r.xlsx", "r.json"] {
        let ended = company.kadry(&["import", "limits.csv", "--yes", "--report", name]);
        assert_eq!(ended.code, 5, "{ended:?}");
        assert!(company.path(name).exists(), "{name}");
    }
    let html = read(&company, "r.html");
    assert!(
        html.contains("class=\"result bad\"") && html.contains(ANNA),
        "{html}"
    );
    company.configure(|settings| settings);
    company.write("empty.csv", "");
    for name in ["e.html", "e.csv", "e.xlsx"] {
        let ended = company.kadry(&["import", "empty.csv", "--yes", "--report", name]);
        assert_eq!(ended.code, 2, "{ended:?}");
    }
    let (_, rows) = cells(&read(&company, "e.csv"), ',');
    assert!(
        rows.len() == 1 && rows[0][0].contains("empty.csv"),
        "{rows:?}"
    );
}

#[test]
fn the_journal_tells_everybody_once_more() {
    let company = company();
    let run = import(&company, &["-o", "json"]).json()["run"].clone();
    let run = run.as_str().unwrap();
    for (command, code) in [("show", 0), ("resume", 3)] {
        for name in ["r.csv", "r.xlsx", "r.html", "r.json"] {
            let name = format!("{command}-{name}");
            let told = company.kadry(&["runs", command, run, "--report", &name]);
            assert_eq!(told.code, code, "{told:?}");
            assert!(company.path(&name).exists(), "{name}");
        }
        let (_, rows) = cells(&read(&company, &format!("{command}-r.csv")), ',');
        let results: Vec<&str> = rows.iter().map(|row| row[2].as_str()).collect();
        assert_eq!(results, ["created", "unchanged", "refused"]);
        let html = read(&company, &format!("{command}-r.html"));
        assert!(html.contains("<h1>Import of people.csv</h1>") && html.contains(run));
    }
}

#[test]
fn a_report_that_is_lost_in_the_end_takes_nothing_back() {
    let company = company();
    // The store makes its folder after the place of the report was looked at, and where the report shall be.
    for name in ["r.csv", "r.xlsx", "r.html", "r.json"] {
        let store = format!("{name}/k.sqlite");
        let ended = company.kadry(&[
            "import",
            "boris.csv",
            "--yes",
            "--store",
            &store,
            "--report",
            name,
            "-o",
            "json",
        ]);
        assert_eq!(ended.code, 3, "{ended:?}");
        assert!(ended.err.contains("could not be written"), "{ended:?}");
    }
    let names = fs::read_dir(company.path("")).unwrap();
    let mut names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!names.any(|name| name.starts_with(".kadry-report")));
}
