//! Every operation that reads, as its example says it, in every form of output.

use kadry_core::{Does, Operation};
use serde_json::Value;

use crate::native_world::{prepared, rows};

#[test]
fn every_example_of_pachca_that_reads_shows_something() {
    read_all("pachca");
}

#[test]
fn every_example_of_dealapp_that_reads_shows_something() {
    read_all("dealapp");
}

#[test]
fn every_example_of_diadoc_that_reads_shows_something() {
    read_all("diadoc");
}

fn read_all(kind: &str) {
    for row in rows(kind, false) {
        let company = prepared(row);
        let before = company.emulator.log().len();
        let shown = company.example(row, &["-o", "json"]);
        assert_eq!(shown.code, 0, "{} {shown:?}", row.example);
        let text = company.example(row, &[]);
        assert_eq!(text.code, 0, "{} {text:?}", row.example);
        match row.does {
            Does::Lists { columns } => {
                let rows = shown.json();
                let rows = rows.as_array().unwrap();
                assert!(!rows.is_empty(), "{} {shown:?}", row.example);
                same_rows(row, rows, columns, &text.out);
                let lines = company.example(row, &["-o", "ndjson"]);
                let lines: Vec<Value> = lines.out.lines().map(read).collect();
                assert_eq!(&lines, rows, "{}", row.example);
                let csv = company.example(row, &["-o", "csv"]);
                let mut csv = csv.out.trim_start_matches('\u{feff}').lines();
                let header = csv.next().unwrap();
                assert_eq!(header.split([',', ';']).count(), columns.len(), "{header}");
                assert_eq!(csv.count(), rows.len(), "{}", row.example);
            }
            Does::Shows => {
                let shown = shown.json();
                assert!(!shown.is_null(), "{}", row.example);
                let members = shown.as_object().into_iter().flatten();
                for (name, _) in members {
                    assert!(text.out.contains(name.as_str()), "{name}: {}", text.out);
                    assert!(!text.out.contains("{\""), "{}", text.out);
                }
            }
            Does::Writes { .. } => unreachable!("{}", row.example),
        }
        assert_eq!(company.writes_since(before), []);
        assert_eq!(company.violations(), [], "{}", row.example);
    }
}

fn read(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

/// Demands a header, and one line for each row that shows what stands in its columns.
fn same_rows(row: &Operation, rows: &[Value], columns: &[&str], text: &str) {
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    for column in columns {
        assert!(header.contains(column), "{}: {header}", row.example);
    }
    let lines: Vec<&str> = lines.skip(1).collect();
    assert_eq!(lines.len(), rows.len(), "{} {text}", row.example);
    for (line, shown) in lines.iter().zip(rows) {
        for column in columns {
            let path = format!("/{}", column.replace('.', "/"));
            let value = shown.pointer(&path).and_then(Value::as_str);
            let value = value.unwrap_or_default().lines().next().unwrap_or_default();
            assert!(line.contains(value), "{}: {column} {line}", row.example);
        }
    }
}
