//! Departments on both platforms that have them: shown, and brought to the shape of a file.

use serde_json::Value;

use crate::support::Company;

/// The tree of both platforms as the emulator seeds it, with its ids, and what a company adds.
const TEXT: &str = "Бухгалтерия [dep-3]
Контакт-центр [dep-1]
  Первая линия [dep-2]
  Вторая линия [dep-5]
    Ночная смена
Отдел продаж [dep-4]
Продажи
  Отдел продаж Север
Разработка
";

fn shown(company: &Company, on: &str) -> Vec<String> {
    let (shown, code) = company.json(&["departments", "show", "--on", on]);
    assert_eq!(code, 0, "{shown:#}");
    let rows = shown["departments"].as_array().unwrap();
    let path = |row: &Value| {
        let path = row["path"].as_str().unwrap();
        path.trim_start_matches("Головное подразделение / ")
            .to_owned()
    };
    rows.iter().map(path).collect()
}

/// Brings the departments to the shape of a file and returns the sentence of each step; a second command has nothing to do.
fn sync(company: &Company, file: &str, more: &[&str]) -> Vec<String> {
    let command = [&["departments", "sync", file, "--yes"], more].concat();
    let (report, code) = company.json(&command);
    assert_eq!((code, &report["verified"]), (0, &true.into()), "{report:#}");
    let steps = report["steps"].as_array().unwrap();
    let steps = steps.iter().map(|step| {
        assert_eq!(step["state"], "done", "{report:#}");
        format!(
            "{} {}",
            step["provider"].as_str().unwrap(),
            step["person"].as_str().unwrap()
        )
    });
    let steps = steps.collect();
    let written = writes(company);
    let (again, code) = company.json(&command);
    assert_eq!((code, &again["run"]), (0, &Value::Null), "{again:#}");
    assert_eq!(writes(company), written);
    steps
}

fn writes(company: &Company) -> usize {
    let log = company.emulator.log();
    let is_write = |path: &str| path.contains("Department") && !path.contains("GetDepartment");
    let units = |method: &str, path: &str| method != "GET" && path.ends_with("/units");
    log.iter()
        .filter(|entry| is_write(&entry.path) || units(&entry.method, &entry.path))
        .count()
}

#[test]
fn a_text_gives_both_platforms_their_tree_and_an_undo_takes_it_back() {
    let company = Company::open();
    let (calls, edo) = (shown(&company, "calls"), shown(&company, "edo"));
    company.write("tree.txt", TEXT);
    let steps = sync(&company, "tree.txt", &[]);
    let head = "Головное подразделение / ";
    let expected = [
        "calls Контакт-центр / Вторая линия".to_owned(),
        "calls Контакт-центр / Вторая линия / Ночная смена".to_owned(),
        "calls Продажи".to_owned(),
        "calls Продажи / Отдел продаж Север".to_owned(),
        "calls Разработка".to_owned(),
        format!("edo {head}Контакт-центр"),
        format!("edo {head}Контакт-центр / Первая линия"),
        format!("edo {head}Контакт-центр / Вторая линия"),
        format!("edo {head}Контакт-центр / Вторая линия / Ночная смена"),
        format!("edo {head}Отдел продаж"),
    ];
    assert_eq!(steps, expected);
    let night = "Контакт-центр / Вторая линия / Ночная смена".to_owned();
    assert!(shown(&company, "calls").contains(&night));
    assert!(shown(&company, "edo").contains(&night));
    let (runs, _) = company.json(&["runs", "list"]);
    let run = runs["runs"][0]["run"]
        .as_str()
        .or(runs["runs"][0]["id"].as_str())
        .unwrap();
    let (undone, code) = company.json(&["runs", "undo", run, "--yes"]);
    assert_eq!(code, 3, "{undone:#}");
    // One platform deletes nothing.
    assert_eq!(shown(&company, "edo"), edo);
    assert_eq!(shown(&company, "calls").len(), calls.len() + 5);
    assert_eq!(company.violations(), []);
}

#[test]
fn a_table_renames_by_id_and_moves_and_what_it_leaves_out_goes_when_it_is_empty() {
    let company = Company::open();
    company.write(
        "tree.csv",
        "название;родитель;внешний id\nПервая линия;Служба заботы;dep-2\nСлужба заботы;Продажи;dep-1\n\
         Бухгалтерия;;dep-3\nОтдел продаж;Продажи;dep-4\nПродажи;;\nРазработка;Продажи;\n",
    );
    let steps = sync(&company, "tree.csv", &["--on", "calls"]);
    let expected = [
        "calls Продажи",
        "calls Контакт-центр",
        "calls Продажи / Контакт-центр",
        "calls Отдел продаж",
        "calls Продажи / Разработка",
    ];
    let mut sorted = steps.clone();
    sorted.sort();
    let mut wanted = expected.to_vec();
    wanted.sort_unstable();
    assert_eq!(sorted, wanted);
    let expected = [
        "Бухгалтерия",
        "Продажи",
        "Продажи / Отдел продаж",
        "Продажи / Разработка",
        "Продажи / Служба заботы",
        "Продажи / Служба заботы / Первая линия",
    ];
    assert_eq!(shown(&company, "calls"), expected);
    // The other platform keeps no ids: what is renamed is made anew, and the old one goes only when nobody is in it.
    let ended = company.kadry(&[
        "departments",
        "sync",
        "tree.csv",
        "--on",
        "edo",
        "--plan-only",
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.out.contains("The ids of the file are of no use here"),
        "{ended:?}"
    );
    let steps = sync(&company, "tree.csv", &["--on", "edo", "--remove-empty"]);
    let removed = "edo Головное подразделение / Продажи / Отдел продаж Север".to_owned();
    assert_eq!(steps.last(), Some(&removed));
    assert!(!shown(&company, "edo").contains(&"Продажи / Отдел продаж Север".to_owned()));
    assert!(shown(&company, "edo").contains(&"Продажи / Разработка".to_owned()));
    // What is shown is a file that changes nothing.
    let list = company.kadry(&["departments", "show", "--on", "calls", "-o", "csv"]);
    company.write("shown.csv", &list.out);
    let (report, code) =
        company.json(&["departments", "sync", "shown.csv", "--on", "calls", "--yes"]);
    assert_eq!((code, &report["run"]), (0, &Value::Null), "{report:#}");
    assert_eq!(company.violations(), []);
}

#[test]
fn what_one_platform_cannot_remove_is_said_and_is_not_success() {
    let company = Company::open();
    company.write("tree.txt", "Контакт-центр\n  Первая линия\nОтдел продаж\n");
    let command = ["departments", "sync", "tree.txt", "--on", "calls", "--yes"];
    let ended = company.kadry(&command);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.err.contains("Not in the file; it stays"), "{ended:?}");
    let ended = company.kadry(&[&command[..], &["--remove-empty"]].concat());
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(
        ended.err.contains("it cannot be removed: Бухгалтерия"),
        "{ended:?}"
    );
    assert_eq!(company.violations(), []);
}

#[test]
fn the_column_of_a_roster_is_a_tree_under_the_names_of_each_platform() {
    let company = Company::open();
    company.configure(|settings| {
        format!("{settings}\n[departments.\"Склад\"]\ncalls = {{ unit = \"Контакт-центр / Склад юг\" }}\n")
    });
    company.write(
        "people.csv",
        "ФИО;Почта;Отдел\nИванова Анна;anna@example.test;Контакт-центр / Первая линия\n\
         Петров Пётр;petr@example.test;Склад\n",
    );
    let steps = sync(&company, "people.csv", &[]);
    let expected = [
        "calls Контакт-центр / Склад юг",
        "edo Головное подразделение / Контакт-центр",
        "edo Головное подразделение / Контакт-центр / Первая линия",
        "edo Головное подразделение / Склад",
    ];
    assert_eq!(steps, expected);
    assert_eq!(company.violations(), []);
}

#[test]
fn a_file_that_cannot_be_told_apart_is_refused_with_its_lines_before_anything_is_asked() {
    let company = Company::open();
    for (text, told) in [
        ("A\n B\n", "line 2: an odd number of blanks"),
        ("A\n    B\n", "line 2: more than one level deeper"),
        ("Учёт\nУчет\n", "line 2: spelled “Учёт” in line 1"),
        ("A [1]\nB [1]\n", "line 2: line 1 has the same id"),
        (
            "name;parent\nA;B\nB;A\n",
            "line 2: the department stands above itself",
        ),
        (
            "name;parent\nA;B\n",
            "line 2: no line is the department “B”",
        ),
        (
            "ФИО;Почта\nИванова Анна;anna@example.test\n",
            "No column of",
        ),
    ] {
        company.write("tree.txt", text);
        let ended = company.kadry(&["departments", "sync", "tree.txt"]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains(told), "{told} in {ended:?}");
    }
    assert_eq!(company.emulator.log(), []);
    let ended = company.kadry(&["departments", "show", "--on", "messenger"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("no departments: messenger"), "{ended:?}");
}

#[test]
fn another_id_under_the_same_name_is_refused_with_its_line() {
    let company = Company::open();
    company.write("tree.txt", "Бухгалтерия\nКонтакт-центр [77]\n");
    let command = ["departments", "sync", "tree.txt", "--on", "calls", "--yes"];
    let ended = company.kadry(&command);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.err.contains("Line 2, “Контакт-центр”"), "{ended:?}");
    assert_eq!(writes(&company), 0);
    let ended = company.kadry(&["departments", "show"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(
        ended.out.contains("    Первая линия [dep-2] – "),
        "{ended:?}"
    );
}
