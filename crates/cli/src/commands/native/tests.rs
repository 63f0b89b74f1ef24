#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ffi::OsString;
use std::fs;

use kadry_core::memory::OPERATIONS;
use serde_json::json;

use super::columns::{Widths, at, cells};
use super::*;
use crate::arguments::Arguments;
use crate::commands::Command;
use crate::help;
use crate::help::tests::lacks_a_file;
use crate::words::Lang;

fn read(line: &[&str]) -> Result<Native, String> {
    let typed = [&["kadry", "memory"], line].concat();
    let typed: Vec<OsString> = typed.into_iter().map(OsString::from).collect();
    let arguments = Arguments::read(&typed).map_err(|fault| fault.to_string())?;
    if let Command::Native(native) = arguments.command {
        return Ok(native);
    }
    Err(format!("{:?}", arguments.command))
}

#[test]
fn what_is_typed_is_the_call_of_a_row() {
    let native = read(&[
        "tags",
        "delete",
        "--id",
        "Юг",
        "--id",
        "7",
        "--provider",
        "m",
    ])
    .unwrap();
    assert_eq!(
        (native.kind, native.row.name()),
        ("memory", "tags delete".to_owned())
    );
    assert_eq!(native.call.to_string(), "tags delete --id Юг --id 7");
    assert_eq!(native.provider.as_deref(), Some("m"));
    assert!(native.writes() && !native.lists());
    let native = read(&["tags", "list", "--all"]).unwrap();
    assert!(native.all && native.lists());
    let native = read(&[
        "badges",
        "set",
        "--user_id",
        "a@b.test",
        "--badge",
        "gold",
        "--privileged",
    ]);
    assert!(native.unwrap().privileged);
}

#[test]
fn a_value_that_does_not_fit_is_refused_before_anything_is_sent() {
    for line in [
        &["notes", "delete", "--id", "five"][..],
        &["badges", "set", "--user_id", "1", "--badge", "bronze"],
        &["tags", "rename", "--id", "1"],
        &["tags", "show", "--id", "1", "--id", "2"],
        &["tags", "show", "--id", "1", "--all"],
        &["tags", "shw"],
        &["tag", "show"],
    ] {
        assert!(read(line).is_err(), "{line:?}");
    }
    let native = read(&["notes", "delete", "--id", "-5"]).unwrap();
    assert_eq!(native.call.one("id"), Some("-5"));
}

#[test]
fn numbers_moments_and_files_are_checked() {
    assert_eq!(check::number(" 007 ").unwrap(), "7");
    assert!(matches!(check::number("7.5"), Err(Unfit::Number)));
    let moment = "2026-12-31T18:00:00+03:00";
    assert_eq!(check::moment(moment).unwrap(), moment);
    for typed in ["2026-12-31", "tomorrow", "2026-12-31T18:00:00"] {
        assert!(
            matches!(check::moment(typed), Err(Unfit::Moment)),
            "{typed}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.png");
    fs::write(&path, "face").unwrap();
    let read = check::file(path.to_str().unwrap()).unwrap();
    assert!(read.ends_with("/face.png"), "{read}");
    for missing in [folder.path().join("no.png"), folder.path().to_owned()] {
        let typed = missing.to_str().unwrap();
        assert!(matches!(check::file(typed), Err(Unfit::File(_))), "{typed}");
    }
}

#[test]
fn the_help_of_a_kind_leads_to_every_operation_in_two_steps() {
    let mut command = help::command(&Words::new(Lang::En));
    let kind = command.find_subcommand_mut("memory").unwrap();
    let help = kind.render_help().to_string();
    for noun in ["tags", "badges", "notes"] {
        assert!(help.contains(&format!("  {noun} ")), "{help}");
        let verbs = kind.find_subcommand_mut(noun).unwrap();
        let help = verbs.render_help().to_string();
        for row in OPERATIONS.iter().filter(|row| row.noun == noun) {
            assert!(help.contains(&format!("kadry {}", row.example)), "{help}");
            assert!(help.contains(row.help.en), "{help}");
        }
    }
}

#[test]
fn every_example_of_a_table_is_a_command_of_its_row() {
    for (kind, rows) in kinds() {
        for row in rows {
            let typed = shlex(row.example);
            let typed = std::iter::once("kadry".to_owned()).chain(typed);
            let typed: Vec<OsString> = typed.map(OsString::from).collect();
            let parsed = match Arguments::read(&typed) {
                Err(fault) if lacks_a_file(&fault) => continue,
                parsed => parsed.unwrap_or_else(|fault| panic!("{kind} {}: {fault}", row.name())),
            };
            let Command::Native(native) = parsed.command else {
                panic!("{kind} {}", row.name())
            };
            assert_eq!((native.kind, native.row), (kind, row));
        }
    }
}

/// The words of a line, those in quotes together.
fn shlex(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' | '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

#[test]
fn a_name_without_a_mark_is_a_record_of_the_platform() {
    let on = ProviderId::new("messenger");
    let (config, words) = (Config::default(), Words::new(Lang::En));
    let whom = |typed: &str| whom(typed, &on, &config, &words);
    assert_eq!(whom(" 17 ").unwrap().to_string(), "messenger:17");
    assert_eq!(
        whom("Anna@example.test").unwrap().to_string(),
        "anna@example.test"
    );
    assert_eq!(whom("person:7").unwrap().to_string(), "person:7");
    assert!(whom("").is_err() && whom("nowhere:7").is_err());
}

#[test]
fn a_column_is_a_path_into_a_row() {
    let row = json!({
        "id": 7,
        "name": null,
        "user": { "email": "anna@example.test" },
        "tags": ["Юг", "Север"],
        "chats": [{ "id": 1 }, { "id": 2 }],
    });
    let columns = [
        "id",
        "name",
        "user.email",
        "tags",
        "chats.id",
        "chats",
        "no.such",
    ];
    assert_eq!(
        cells(&row, &columns),
        [
            "7",
            "",
            "anna@example.test",
            "Юг, Север",
            "1, 2",
            "id: 1; id: 2",
            ""
        ]
    );
    assert_eq!(at(&row, "user"), "email: anna@example.test");
}

#[test]
fn a_table_is_cut_to_the_terminal_and_to_nothing_else() {
    let header = ["id", "name"];
    let rows = [vec!["1".to_owned(), "Очень\nдлинное название".to_owned()]];
    let whole = Widths::of(&header, &rows, None);
    assert_eq!(whole.line(&rows[0]), "1   Очень длинное название\n");
    let cut = Widths::of(&header, &rows, Some(16));
    assert_eq!(cut.line(&rows[0]), "1   Очень длинн…\n");
    assert_eq!(cut.header(&header), "id  name\n────────────────\n");
    // A later page is cut to what the first one needed, and never torn where nobody looks at a terminal.
    let later = ["200000", "Имя"];
    assert_eq!(cut.line(&later), "2…  Имя\n");
    assert_eq!(whole.line(&later), "200000  Имя\n");
}
