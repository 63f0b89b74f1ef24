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
fn only_two_endings_name_a_form_in_any_case() {
    for (name, is_one) in [
        ("a.json", true),
        ("a.HTML", true),
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
