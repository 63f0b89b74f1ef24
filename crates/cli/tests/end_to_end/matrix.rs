//! What each kind of platform can do, as the binary says it.

mod cells;
mod page;
mod rights;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::rights::{Rights, add_lacks};
use crate::support::{Company, document};

const FILE: &str = "capabilities.md";

const HOW: &str = "KADRY_WRITE_DOCS=1 cargo test -p kadry-cli --test end_to_end matrix";

/// How the answers about a kind of grant begin.
const GRANT: &str = "grant: ";

/// What the platforms of one kind answered with every right, and what each right is needed for.
struct Kind {
    full: Value,
    rights: Rights,
}

#[test]
fn the_table_of_capabilities_is_what_the_binary_says() {
    let mut kinds: BTreeMap<String, Kind> = platforms(&Company::open())
        .into_iter()
        .map(|(name, full)| {
            let rights = Rights::new();
            (name, Kind { full, rights })
        })
        .collect();
    learn_rights(&mut kinds);
    document(FILE, &page::of(&kinds), HOW);
}

#[test]
fn a_grant_that_a_right_would_open_names_the_right() {
    let company = Company::open();
    withhold(&company, &[]);
    let mut refused = 0;
    for row in platforms(&company).into_values() {
        for cell in row["can"].as_array().unwrap() {
            if word(&cell["what"]).starts_with(GRANT) && cell["yes"] == false {
                let why = word(&cell["why"]);
                let names = why.contains("scope") || why.contains("administer");
                assert!(names, "{cell:#}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn every_no_of_a_capability_has_a_key_and_a_sentence_in_both_languages() {
    let company = Company::open();
    let said = |lang: &str| {
        let (document, code) = company.json(&["providers", "--lang", lang]);
        assert_eq!(code, 0, "{document:#}");
        let mut noes = Vec::new();
        for row in document["providers"].as_array().unwrap() {
            add_noes(&row["capability"], &mut noes);
        }
        noes
    };
    let (english, russian) = (said("en"), said("ru"));
    assert!(!english.is_empty());
    assert_eq!(english.len(), russian.len());
    for (english, russian) in english.iter().zip(&russian) {
        assert_eq!(english["reason"], russian["reason"]);
        let (here, there) = (word(&english["why"]), word(&russian["why"]));
        assert!(here.contains(' ') && there.contains(' '), "{english:#}");
        assert_ne!(here, there);
    }
}

#[test]
fn a_platform_that_cannot_be_reached_answers_nothing() {
    let company = Company::open();
    company.lose_calls();
    let (document, code) = company.json(&["providers"]);
    assert_eq!(code, 3, "{document:#}");
    for row in document["providers"].as_array().unwrap() {
        assert_eq!(row["reachable"], row["capability"].is_object(), "{row:#}");
        assert_eq!(row["reachable"], row["kind"] != "dealapp", "{row:#}");
    }
}

#[test]
fn an_answer_that_is_new_to_the_page_is_told_all_the_same() {
    let full = json!({
        "kind": "one",
        "capability": { "sees": [{ "what": "phone", "of": { "supported": false, "reason": "no-such-field", "why": "No such field." } }] },
        "speaks": ["HTTP", "XML"],
    });
    let rights = Rights::new();
    let mut text = String::new();
    page::tell_the_rest(
        &BTreeMap::from([("one".to_owned(), Kind { full, rights })]),
        &mut text,
    );
    let told = "
## Sees

### one

| What | Of |
| --- | --- |
| phone | No. No such field. |

## Speaks

### one

- HTTP
- XML
";
    assert_eq!(text, told);
}

/// Returns what is said of each kind of platform.
fn platforms(company: &Company) -> BTreeMap<String, Value> {
    let (document, code) = company.json(&["providers"]);
    assert_eq!(code, 0, "{document:#}");
    let rows = document["providers"].as_array().unwrap().iter();
    rows.map(|row| (word(&row["kind"]).to_owned(), row.clone()))
        .collect()
}

/// Learns what each right is needed for. An answer names one missing right at a time, so what was named is given until nothing is
/// missing, and then each right is withheld alone.
fn learn_rights(kinds: &mut BTreeMap<String, Kind>) {
    let company = Company::open();
    let mut given: Vec<String> = Vec::new();
    loop {
        let mut named = learn_without(&company, &given, kinds);
        named.retain(|right| !given.contains(right));
        if named.is_empty() {
            break;
        }
        given.append(&mut named);
    }
    for right in &given {
        let others = given.iter().filter(|other| *other != right);
        let others: Vec<String> = others.cloned().collect();
        learn_without(&company, &others, kinds);
    }
}

/// Learns what is a no with these rights alone, and returns the rights that were named.
fn learn_without(
    company: &Company,
    given: &[String],
    kinds: &mut BTreeMap<String, Kind>,
) -> Vec<String> {
    withhold(company, given);
    let mut bare = platforms(company);
    let mut named = Vec::new();
    for (name, kind) in kinds {
        let bare = bare.remove(name).unwrap();
        named.extend(add_lacks(&kind.full, &bare, &mut kind.rights));
    }
    named
}

/// Takes from the credentials every right that they can be without, except what is given.
fn withhold(company: &Company, scopes: &[String]) {
    let service = json!({ "login": "svc@example.test", "administrator": false });
    let records = json!({
        "pachca": { "scopes": scopes },
        "diadoc": { "employees": [service] },
    });
    company.emulator.seed(&records).unwrap();
}

fn add_noes(value: &Value, noes: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            if value["supported"] == false || value["does"] == "keep" {
                noes.push(value.clone());
            }
            members.values().for_each(|value| add_noes(value, noes));
        }
        Value::Array(items) => items.iter().for_each(|value| add_noes(value, noes)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

impl Kind {
    /// Lists the short answers that are not about grants.
    fn questions(&self) -> impl Iterator<Item = (&str, &Value)> {
        let cells = self.full["can"].as_array().unwrap().iter();
        let cells = cells.map(|cell| (word(&cell["what"]), cell));
        cells.filter(|(what, _)| !what.starts_with(GRANT))
    }

    /// Lists the kinds of grants with their names for people.
    fn grants(&self) -> impl Iterator<Item = (&str, &Value)> {
        let grants = self.full["capability"]["grants"].as_array().unwrap().iter();
        grant_names(&self.full).zip(grants)
    }
}

/// Lists the kinds of grants of a platform as people call them, in the order of its answers.
fn grant_names(row: &Value) -> impl Iterator<Item = &str> {
    let cells = row["can"].as_array().unwrap().iter();
    cells.filter_map(|cell| word(&cell["what"]).strip_prefix(GRANT))
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}
