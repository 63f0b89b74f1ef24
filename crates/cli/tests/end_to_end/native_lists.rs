//! Lists of one platform over many pages: read once each, and printed as they come.

use std::collections::BTreeSet;

use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::Company;

/// So many people that every platform has several pages of them.
const PEOPLE: u32 = 400;

/// Each list, how many of its rows a page holds, and what of a row nothing else has.
const LISTS: [(&[&str], usize, &str); 6] = [
    (&["pachca", "users", "list"], 50, "/id"),
    (&["pachca", "chats", "list"], 50, "/id"),
    (&["pachca", "tags", "list"], 50, "/id"),
    (&["pachca", "members", "list", "--id", "Общий"], 50, "/id"),
    (
        &["dealapp", "users", "list", "--with_inactive", "true"],
        25,
        "/id",
    ),
    (&["diadoc", "employees", "list"], 50, "/User/UserId"),
];

fn large() -> Company {
    let company = Company::open_like(&Options {
        people: PEOPLE,
        ..Options::default()
    });
    let tags: Vec<String> = (1..=120).map(|number| format!("Тег {number}")).collect();
    let chat = |number| json!({ "name": format!("Чат {number}"), "public": true });
    let chats: Vec<Value> = (1..=120).map(chat).collect();
    let records = json!({ "pachca": { "tags": tags, "chats": chats } });
    company.emulator.seed(&records).unwrap();
    company
}

/// How many requests of the last command read the list itself, which is the path that was asked last.
fn pages(company: &Company, start: usize) -> usize {
    let log = company.emulator.log();
    let path = log.last().unwrap().path.clone();
    let log = log.into_iter().skip(start);
    let mut asked = BTreeSet::new();
    let mut pages = 0;
    for entry in log.filter(|entry| entry.path == path) {
        assert!(asked.insert(entry.query.clone()), "asked twice: {entry:?}");
        pages += 1;
    }
    pages
}

#[test]
fn a_list_takes_as_many_requests_as_it_has_pages() {
    let company = large();
    for (list, most, key) in LISTS {
        let start = company.emulator.log().len();
        let all = company.kadry(&[list, &["--all", "-o", "ndjson"]].concat());
        assert_eq!((all.code, all.err.as_str()), (0, ""), "{list:?} {all:?}");
        let rows: Vec<Value> = all
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let keys: BTreeSet<String> = rows
            .iter()
            .map(|row| row.pointer(key).unwrap().to_string())
            .collect();
        assert_eq!(keys.len(), rows.len(), "{list:?}");
        assert!(rows.len() > 2 * most, "{list:?}: {} rows", rows.len());
        assert_eq!(
            pages(&company, start),
            rows.len().div_ceil(most),
            "{list:?}"
        );

        let start = company.emulator.log().len();
        let first = company.kadry(&[list, &["-o", "ndjson"]].concat());
        assert_eq!(first.code, 0, "{first:?}");
        let shown: Vec<&str> = first.out.lines().collect();
        assert_eq!(shown, all.out.lines().take(most).collect::<Vec<_>>());
        assert_eq!(pages(&company, start), 1, "{list:?}");
        assert!(first.err.contains("--all"), "{first:?}");
    }
    assert_eq!(company.violations(), []);
}

#[test]
fn every_form_of_a_long_list_holds_the_same_rows() {
    let company = large();
    for (list, most, key) in LISTS {
        let all = |output: &str| company.kadry(&[list, &["--all", "-o", output]].concat());
        let rows = all("json").json();
        let rows = rows.as_array().unwrap();
        assert!(rows.len() > 2 * most);
        let lines = all("ndjson");
        assert_eq!(lines.out.lines().count(), rows.len(), "{list:?}");
        let (csv, table) = (all("csv"), all("text"));
        assert_eq!(csv.out.lines().count(), rows.len() + 1, "{list:?}");
        assert_eq!(table.out.lines().count(), rows.len() + 2, "{list:?}");
        let shown = csv.out.lines().skip(1).zip(table.out.lines().skip(2));
        for (row, (csv, line)) in rows.iter().zip(shown) {
            let key = row.pointer(key).unwrap().to_string();
            let key = key.trim_matches('"');
            assert!(csv.starts_with(&format!("{key},")), "{csv}");
            assert!(line.starts_with(key), "{line}");
        }
    }
    assert_eq!(company.violations(), []);
}

#[test]
fn a_list_that_breaks_off_keeps_what_was_printed() {
    let company = large();
    let fault = json!({
        "match": { "platform": "pachca", "method": "GET", "path": "*/users" },
        "when": { "nth": 3 },
        "do": { "status": 403 },
    });
    company.fault(fault);
    let ended = company.kadry(&["pachca", "users", "list", "--all", "-o", "json"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert_eq!(ended.json().as_array().unwrap().len(), 100);
    assert!(ended.err.contains("lacks a right"), "{ended:?}");
}

#[test]
fn only_what_fits_a_filter_is_read() {
    let company = large();
    for (list, key, wanted) in [
        (
            &["pachca", "users", "list", "--query", "Примерова"][..],
            "/last_name",
            json!("Примерова"),
        ),
        (
            &["pachca", "tags", "list", "--names", "Продажи"],
            "/name",
            json!("Продажи"),
        ),
        (
            &["dealapp", "users", "list", "--units_ids", "Отдел продаж"],
            "/relationships/unit/data/attributes/name",
            json!("Отдел продаж"),
        ),
        (
            &["dealapp", "users", "list", "--roles_ids", "Супервизор"],
            "/relationships/role/data/attributes/name",
            json!("Супервизор"),
        ),
        (
            &["dealapp", "users", "list", "--active", "false"],
            "/attributes/active",
            json!(false),
        ),
    ] {
        let found = company.kadry(&[list, &["--all", "-o", "json"]].concat());
        let rows = found.json();
        let rows = rows.as_array().unwrap();
        assert!(!rows.is_empty(), "{list:?} {found:?}");
        for row in rows {
            assert_eq!(row.pointer(key), Some(&wanted), "{list:?}");
        }
    }
    assert_eq!(company.violations(), []);
}
