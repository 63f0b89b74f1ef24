#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::words::Lang;

fn failure() -> Failure {
    Failure {
        kind: "refused",
        message: "refused".to_owned(),
        hint: None,
        exit: Exit::Refused,
    }
}

#[test]
fn the_command_that_goes_on_does_not_replace_the_report_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::En);
    let path = folder.path().join("r.html");
    let typed = format!("kadry offboard a@example.test --report {}", path.display());
    let file = ReportFile::check(&path, &typed, &words).unwrap();
    assert_eq!(file.again(), typed.replace("r.html", "r-2.html"));
    fs::write(folder.path().join("r-2.html"), "").unwrap();
    assert_eq!(file.again(), typed.replace("r.html", "r-3.html"));
}

#[test]
fn four_endings_name_a_form_in_any_case() {
    for (name, is_one) in [
        ("a.json", true),
        ("a.HTML", true),
        ("a.csv", true),
        ("a.Xlsx", true),
        ("a.xls", false),
        ("folder.json/a.html", true),
        ("a.pdf", false),
        ("html", false),
        (".html", false),
        ("a.html.gz", false),
        ("", false),
    ] {
        assert_eq!(form(Path::new(name)).is_some(), is_one, "{name}");
    }
}

#[test]
fn looking_at_the_place_leaves_nothing_there() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::En);
    ReportFile::check(&folder.path().join("a.json"), "kadry", &words).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    for (name, part) in [
        ("a.txt", ".html"),
        ("no/a.json", "There is no folder"),
        ("../", "nothing"),
    ] {
        let refused = ReportFile::check(&folder.path().join(name), "kadry", &words);
        let refused = refused.unwrap_err();
        assert_eq!((refused.kind, refused.exit), ("report_file", Exit::Usage));
        let said = format!("{} {}", refused.message, refused.hint.unwrap_or_default());
        assert!(said.contains(part), "{said}");
    }
    fs::create_dir(folder.path().join("b.html")).unwrap();
    let refused = ReportFile::check(&folder.path().join("b.html"), "kadry", &words);
    assert!(refused.unwrap_err().message.contains("is a folder"));
}

#[test]
fn a_report_replaces_another_one_as_a_whole_and_is_for_our_eyes_only() {
    let folder = tempfile::tempdir().unwrap();
    let (path, words) = (folder.path().join("a.json"), Words::new(Lang::En));
    fs::write(&path, "of yesterday").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let file = ReportFile::check(&path, "kadry", &words).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "of yesterday");
    file.failed(&words, &failure()).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    assert!(written.ends_with("\"exit\": 5\n}\n"), "{written}");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    fs::write(&path, "settled").unwrap();
    file.failed(&words, &failure()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "settled");
}

#[test]
fn a_folder_that_went_away_is_told_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::Ru);
    let path = folder.path().join("sub/a.html");
    fs::create_dir(folder.path().join("sub")).unwrap();
    let file = ReportFile::check(&path, "kadry", &words).unwrap();
    fs::remove_dir(folder.path().join("sub")).unwrap();
    let lost = file.failed(&words, &failure()).unwrap_err();
    assert_eq!(lost.exit, Exit::Partial);
    assert!(lost.message.contains("остаётся в силе"), "{lost:?}");
}

#[test]
fn of_one_person_there_is_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::En);
    for (name, suits) in [
        ("a.json", true),
        ("a.html", true),
        ("a.csv", false),
        ("a.xlsx", false),
    ] {
        let file = ReportFile::check(&folder.path().join(name), "kadry", &words).unwrap();
        let suited = file.must_suit_one(&words);
        assert_eq!(suited.is_ok(), suits, "{name}");
        if let Err(refused) = suited {
            assert_eq!(refused.exit, Exit::Usage);
            assert!(refused.hint.unwrap().contains("plan show"));
        }
    }
}

#[test]
fn a_report_does_not_replace_what_the_command_works_with() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::En);
    let at = |name: &str| folder.path().join(name);
    fs::write(at("people.csv"), "").unwrap();
    std::os::unix::fs::symlink(at("people.csv"), at("linked.csv")).unwrap();
    fs::create_dir(at("sub")).unwrap();
    for (name, other, is_free) in [
        ("people.csv", "people.csv", false),
        ("sub/../people.csv", "people.csv", false),
        ("linked.csv", "people.csv", false),
        ("new.json", "sub/../new.json", false),
        ("new.json", "people.csv", true),
        ("sub/people.csv", "people.csv", true),
    ] {
        let file = ReportFile::check(&at(name), "kadry", &words).unwrap();
        let kept = file.must_not_replace(&[&at(other)], &words);
        assert_eq!(kept.is_ok(), is_free, "{name} {other}");
    }
}

#[test]
fn why_nothing_came_of_a_command_stands_in_a_table_of_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::En);
    let path = folder.path().join("a.csv");
    let file = ReportFile::check(&path, "kadry", &words).unwrap();
    let failure = Failure {
        hint: Some("=1".to_owned()),
        ..failure()
    };
    file.failed(&words, &failure).unwrap();
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(
        written,
        "\u{feff}What went wrong,What to do\r\nrefused,'=1\r\n"
    );
}

#[tokio::test]
async fn a_report_that_nobody_waits_for_any_more_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::new(Lang::En);
    let path = folder.path().join("a.xlsx");
    let file = ReportFile::check(&path, "kadry", &words).unwrap();
    let columns = [("Person".to_owned(), 20)];
    let begin = || {
        let page = Page::default();
        file.begin(&words, Format::Xlsx, page, &columns).unwrap()
    };
    let mut rows = begin();
    rows.row(&["anna".into()]).unwrap();
    drop(rows);
    let finishing = begin().finish();
    drop(finishing);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    begin().finish().await.unwrap();
    assert!(path.exists());
}
