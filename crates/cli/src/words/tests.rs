#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// The variables of every message of a language, by key.
fn messages(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in lang.files() {
        let mut key = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let text = match line.split_once(" =") {
                Some((name, text)) if !line.starts_with([' ', '}', '[', '*']) => {
                    key = name.to_owned();
                    let twice = messages.insert(key.clone(), BTreeSet::new());
                    assert_eq!(twice, None, "{key} stands twice in {lang:?}");
                    text
                }
                Some(_) | None => line,
            };
            let variables = messages.entry(key.clone()).or_default();
            variables.extend(text.split('$').skip(1).map(identifier));
        }
        messages.remove("");
    }
    messages
}

fn identifier(text: &str) -> String {
    let fits = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '-' || *letter == '_';
    text.chars().take_while(fits).collect()
}

/// The text of every source file below a folder, without the tests.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_stem().is_some_and(|stem| stem != "tests")
        {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
            found.push((path, code.to_owned()));
        }
    }
    found
}

/// The string literals that follow any of these openings, blanks and line ends between them left aside.
fn literals(code: &str, openings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for opening in openings {
        for after in code.split(opening).skip(1) {
            if let Some(literal) = after.trim_start().strip_prefix('"') {
                found.extend(literal.split('"').next().map(str::to_owned));
            }
        }
    }
    found
}

fn rooms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

#[test]
fn every_file_parses_and_every_message_can_be_said() {
    for lang in [Lang::Ru, Lang::En] {
        for file in lang.files() {
            let parsed = FluentResource::try_new((*file).to_owned());
            assert!(
                parsed.is_ok(),
                "{:?}",
                parsed.err().map(|(_, faults)| faults)
            );
        }
        let words = Words::new(lang);
        for (key, variables) in messages(lang) {
            let filled: Vec<_> = variables
                .iter()
                .map(|name| (name.as_str(), Value::from(2)))
                .collect();
            let said = words.try_say(&key, &filled);
            let said = said.unwrap_or_else(|| panic!("{lang:?} does not say {key}"));
            assert!(!said.contains("{$"), "{lang:?} {key}: {said}");
            assert!(!said.contains('\u{2068}'), "{lang:?} {key}: {said}");
        }
    }
}

#[test]
fn both_languages_say_the_same_keys_with_the_same_variables() {
    assert_eq!(messages(Lang::Ru), messages(Lang::En));
}

#[test]
fn every_key_that_the_code_names_is_worded() {
    let known = messages(Lang::En);
    for (path, code) in sources(&rooms().join("cli/src")) {
        for key in literals(&code, &[".say(", ".say_with("]) {
            assert!(known.contains_key(&key), "{key} in {}", path.display());
        }
    }
}

#[test]
fn every_reason_that_any_room_gives_is_worded() {
    let known = messages(Lang::En);
    let openings = [
        "Support::no(",
        "Reason::new(",
        "Reason::about(",
        "FieldRule::never(",
        "unsupported(",
        "at_creation(",
        ".with(\"reason\",",
    ];
    let (mut met, mut missing) = (BTreeSet::new(), Vec::new());
    for room in fs::read_dir(rooms()).unwrap() {
        let folder = room.unwrap().path().join("src");
        let is_test_double = |path: &Path| path.ends_with("cli/src");
        if !folder.is_dir() || is_test_double(&folder) {
            continue;
        }
        for (path, code) in sources(&folder) {
            let keys = literals(&code, &openings);
            // Some rooms refuse with a sentence of their own, which is no key.
            for key in keys
                .into_iter()
                .filter(|key| key.contains('-') && !key.contains(' '))
            {
                let worded = known.contains_key(&format!("reason-{key}"));
                if !worded {
                    missing.push(format!("{key} in {}", path.display()));
                }
                met.insert(key);
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(met.contains("owner-stays"), "{met:?}");
}

#[test]
fn a_locale_chooses_the_language() {
    for (locale, lang) in [
        ("ru_RU.UTF-8", Some(Lang::Ru)),
        ("ru", Some(Lang::Ru)),
        ("en-GB", Some(Lang::En)),
        ("EN_us@euro", Some(Lang::En)),
        ("C.UTF-8", None),
        ("de_DE", None),
        ("", None),
    ] {
        assert_eq!(Lang::from_locale(locale), lang, "{locale}");
    }
}

#[test]
fn kinds_and_fields_have_words_and_a_new_kind_is_called_by_its_name() {
    let words = Words::new(Lang::Ru);
    assert_eq!(words.kind(&KindName::TAG), "тег");
    assert_eq!(words.kind(&KindName::known("badge")), "badge");
    for field in FieldName::ALL {
        assert!(!words.field(field).starts_with("field-"), "{field}");
    }
}
