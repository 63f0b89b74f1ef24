//! The manual pages.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Ended, bare};

fn kadry(folder: &Path, arguments: &[&str]) -> Ended {
    bare(folder, arguments).output().unwrap().into()
}

/// What a reader sees of a page, if there is a program to read it with.
fn rendered(path: &Path) -> Option<Ended> {
    let mut man = Command::new("man");
    man.args(["--warnings=all", "--local-file"])
        .arg(path)
        .env("LC_ALL", "C.UTF-8")
        .env("MANPAGER", "cat")
        .env("MANWIDTH", "80")
        .stdin(Stdio::null());
    Some(man.output().ok()?.into())
}

#[test]
fn every_command_has_a_page_in_both_languages_that_man_can_show() {
    for (lang, headings) in [
        ("en", ["NAME", "SYNOPSIS", "OPTIONS", "EXAMPLE"]),
        ("ru", ["НАЗВАНИЕ", "КАК ВЫЗЫВАТЬ", "КЛЮЧИ", "ПРИМЕР"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let all = ["man", "--all", "new/pages", "--lang", lang, "-o", "json"];
        let written = kadry(folder.path(), &all);
        assert_eq!(written.code, 0, "{written:?}");
        let document = written.json();
        let pages = document["pages"].as_array().unwrap();
        let names: Vec<&str> = pages.iter().filter_map(|page| page.as_str()).collect();
        for name in [
            "kadry.1",
            "kadry-onboard.1",
            "kadry-runs-show.1",
            "kadry-man.1",
        ] {
            assert!(
                names.contains(&format!("new/pages/{name}").as_str()),
                "{names:?}"
            );
        }
        for name in names {
            let path = folder.path().join(name);
            let page = fs::read_to_string(&path).unwrap();
            assert_eq!(page.matches("\n.TH ").count(), 1, "{page}");
            for heading in headings {
                let quoted = page.contains(&format!("\n.SH \"{heading}"));
                assert!(
                    quoted || page.contains(&format!("\n.SH {heading}")),
                    "{heading}: {page}"
                );
            }
            if lang == "ru" {
                for word in [
                    "NAME",
                    "SYNOPSIS",
                    "DESCRIPTION",
                    "OPTIONS",
                    "Print",
                    "[default",
                ] {
                    assert!(!page.contains(word), "{word}: {page}");
                }
            }
        }
        let Some(shown) = rendered(&folder.path().join("new/pages/kadry-offboard.1")) else {
            continue;
        };
        assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{shown:?}");
        for part in [
            "kadry-offboard(1)",
            "--plan-only",
            "kadry offboard anna@example.test",
        ] {
            assert!(shown.out.contains(part), "{part}: {shown:?}");
        }
    }
}

#[test]
fn one_page_is_printed_and_a_command_that_is_not_there_is_told_with_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let page = kadry(folder.path(), &["man", "runs", "show"]);
    assert_eq!(page.code, 0, "{page:?}");
    assert!(
        page.out.contains(".TH \"kadry-runs-show\" \"1\""),
        "{page:?}"
    );
    assert!(page.out.contains("kadry runs show 4f2a"), "{page:?}");
    let whole = kadry(folder.path(), &["man", "-o", "json"]).json();
    assert_eq!(whole["command"], "kadry");
    assert!(whole["page"].as_str().unwrap().contains("EXIT CODES"));
    let unknown = kadry(folder.path(), &["man", "peopel"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("“people”"), "{unknown:?}");
    let nowhere = kadry(folder.path(), &["man", "--all", "/dev/null/pages"]);
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
}
