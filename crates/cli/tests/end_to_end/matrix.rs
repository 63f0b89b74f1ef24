//! What each kind of platform can do, as the binary says it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::support::{Company, document, join};

const FILE: &str = "capabilities.md";

const HOW: &str = "KADRY_WRITE_DOCS=1 cargo test -p kadry-cli --test end_to_end matrix";

const ANNA: &str = "anna.novichkova@example.test";

/// The members of a platform that say nothing about its kind: where it is, and when a credential happens to end.
const OF_ONE_INSTALLATION: [&str; 7] = [
    "provider",
    "kind",
    "reachable",
    "error",
    "administrator",
    "expires_at",
    "can",
];

/// How the answers about a kind of grant begin.
const GRANT: &str = "grant: ";

/// What the platforms of one kind answered, with all rights and with none that can be withheld.
struct Kind {
    full: Value,
    bare: Value,
}

/// One question with its answers.
struct Answer {
    yes: bool,
    why: Option<String>,
    /// Why not, once the rights are withheld.
    without: Option<String>,
}

#[test]
fn the_table_of_capabilities_is_what_the_binary_says() {
    let company = Company::open();
    let full = platforms(&company);
    let mut plan_only = join(ANNA);
    plan_only[9] = "--plan-only";
    let (coming, code) = company.json(&plan_only);
    assert_eq!(code, 0, "{coming:#}");
    company.hire(ANNA);
    let (leaving, code) = company.json(&["offboard", ANNA, "--plan-only"]);
    assert_eq!(code, 0, "{leaving:#}");

    let poor = Company::open();
    withhold_rights(&poor);
    let mut bare = platforms(&poor);
    let kinds = full
        .into_iter()
        .map(|(kind, full)| {
            let bare = bare.remove(&kind).unwrap();
            (kind, Kind { full, bare })
        })
        .collect();
    let mut text = heading();
    tell_questions(&kinds, &mut text);
    tell_grants(&kinds, &mut text);
    tell_the_rest(&kinds, &mut text);
    tell_sayings(&kinds, &coming, &leaving, &mut text);
    document(FILE, &text, HOW);
}

#[test]
fn an_answer_that_is_new_to_the_table_is_told_all_the_same() {
    let kind = |name: &str| {
        let full = json!({
            "kind": name,
            "can": [],
            "match_by": ["email", "external id"],
            "fields": [{ "field": "phone", "create": { "yes": false, "why": "Only later." }, "clear": null }],
        });
        let bare = Value::Null;
        (name.to_owned(), Kind { full, bare })
    };
    let mut text = String::new();
    tell_the_rest(&BTreeMap::from([kind("one")]), &mut text);
    let told = "
## Fields

### one

| Field | Clear | Create |
| --- | --- | --- |
| phone | – | No. Only later. |

## Match by

### one

- email
- external id
";
    assert_eq!(text, told);
}

fn heading() -> String {
    format!(
        "<!-- Made from what `kadry providers` answers, by a test; to write it anew: {HOW} -->\n\n\
         # What each kind of platform can do\n\n\
         A platform answers with the credential at hand. The tables show a credential that has every right, and, under “Needs”, \
         what is said when the right is missing. `kadry providers` shows the same for your own platforms.\n"
    )
}

/// Returns what is said of each kind of platform.
fn platforms(company: &Company) -> BTreeMap<String, Value> {
    let (document, code) = company.json(&["providers"]);
    assert_eq!(code, 0, "{document:#}");
    let rows = document["providers"].as_array().unwrap().iter();
    rows.map(|row| (word(&row["kind"]).to_owned(), row.clone()))
        .collect()
}

/// Takes every right from the credentials that can be without.
fn withhold_rights(company: &Company) {
    let service = json!({ "login": "svc@example.test", "administrator": false });
    let records = json!({
        "pachca": { "scopes": [] },
        "diadoc": { "employees": [service] },
    });
    company.emulator.seed(&records).unwrap();
}

impl Kind {
    fn answers(&self) -> Vec<(&str, Answer)> {
        let cells = self.full["can"].as_array().unwrap().iter();
        cells
            .map(|cell| {
                let what = word(&cell["what"]);
                let bare = self.bare["can"].as_array().unwrap().iter();
                let bare = bare.into_iter().find(|other| word(&other["what"]) == what);
                let without = bare.filter(|bare| bare["yes"] != cell["yes"]);
                let answer = Answer {
                    yes: cell["yes"].as_bool().unwrap(),
                    why: cell["why"].as_str().map(str::to_owned),
                    without: without.and_then(|bare| bare["why"].as_str().map(str::to_owned)),
                };
                (what, answer)
            })
            .collect()
    }
}

impl Answer {
    fn cell(&self) -> String {
        let short = if self.yes { "Yes." } else { "No." };
        let why = self.why.iter().map(String::as_str);
        let words: Vec<&str> = std::iter::once(short).chain(why).collect();
        words.join(" ")
    }
}

fn tell_questions(kinds: &BTreeMap<String, Kind>, text: &mut String) {
    let mut questions: Vec<String> = Vec::new();
    for (what, _) in kinds.values().flat_map(Kind::answers) {
        if !what.starts_with(GRANT) && !questions.iter().any(|known| known == what) {
            questions.push(what.to_owned());
        }
    }
    text.push_str("\n## At a glance\n\n");
    let mut header = vec![String::new()];
    header.extend(kinds.keys().cloned());
    head(text, &header);
    for question in &questions {
        let cells = kinds.values().map(|kind| {
            let answers = kind.answers();
            let answer = answers.iter().find(|(what, _)| what == question);
            answer.map_or_else(String::new, |(_, answer)| answer.cell())
        });
        let line: Vec<String> = std::iter::once(question.clone()).chain(cells).collect();
        row(text, &line);
    }
    text.push_str("\n## What a credential needs\n\n");
    head(text, &["Kind", "To", "Needs"].map(str::to_owned));
    for (name, kind) in kinds {
        for (what, answer) in kind.answers() {
            if let Some(without) = answer.without {
                row(text, &[name.clone(), what.to_owned(), without]);
            }
        }
    }
    text.push_str("\nA kind that is not in this table does not show the rights of its credential: what is missing is refused when it is asked for.\n");
}

fn tell_grants(kinds: &BTreeMap<String, Kind>, text: &mut String) {
    text.push_str("\n## Grants\n\nIn the order in which they are written.\n\n");
    head(
        text,
        &["Kind", "Grant", "Can it be given?"].map(str::to_owned),
    );
    for (name, kind) in kinds {
        for (what, answer) in kind.answers() {
            if let Some(grant) = what.strip_prefix(GRANT) {
                row(text, &[name.clone(), grant.to_owned(), answer.cell()]);
            }
        }
    }
}

/// Tells whatever else the binary says of a kind, so that a new answer is not overlooked here.
fn tell_the_rest(kinds: &BTreeMap<String, Kind>, text: &mut String) {
    let mut members: Vec<&String> = Vec::new();
    for kind in kinds.values() {
        let more = kind.full.as_object().unwrap().keys();
        let more = more.filter(|name| !OF_ONE_INSTALLATION.contains(&name.as_str()));
        members.extend(more);
    }
    members.sort();
    members.dedup();
    for member in members {
        write!(text, "\n## {}\n", title(member)).unwrap();
        for (name, kind) in kinds {
            write!(text, "\n### {name}\n\n").unwrap();
            tell_value(&kind.full[member], text);
        }
    }
}

fn tell_value(value: &Value, text: &mut String) {
    let rows: Vec<&Map<String, Value>> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    if let Some(first) = rows.first() {
        let mut names: Vec<&String> = first.keys().collect();
        // What the row is about stands before what is said of it.
        names.sort_by_key(|name| !first[*name].is_string());
        head(
            text,
            &names.iter().map(|name| title(name)).collect::<Vec<_>>(),
        );
        for one in &rows {
            let cells: Vec<String> = names.iter().map(|name| in_words(&one[*name])).collect();
            row(text, &cells);
        }
        return;
    }
    match value.as_array() {
        Some(items) if items.is_empty() => text.push_str("Nothing.\n"),
        Some(items) => bullets(items.iter().map(in_words), text),
        None => writeln!(text, "{}", in_words(value)).unwrap(),
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            // The answer first, then why.
            let (answers, words): (Vec<_>, Vec<_>) =
                members.values().partition(|value| value.is_boolean());
            let parts = answers.into_iter().chain(words);
            let parts = parts.filter(|value| !value.is_null()).map(in_words);
            parts.collect::<Vec<_>>().join(". ")
        }
    }
}

/// Tells what plans say of platforms: whom they tell, what closing brings about, and what nobody can ever show.
fn tell_sayings(
    kinds: &BTreeMap<String, Kind>,
    coming: &Value,
    leaving: &Value,
    text: &mut String,
) {
    let parts = [
        (
            "What making a record brings about",
            "As the plan of a newcomer with the role of the built-in example says it.",
            &coming["notes"],
        ),
        (
            "What closing a door brings about, and what stays",
            "As the plan of a leaver with that role says it.",
            &leaving["notes"],
        ),
        (
            "What can never be shown",
            "Every report on a leaver ends with these sentences, the same for everybody.",
            &leaving["caveats"],
        ),
    ];
    for (title, lead, sayings) in parts {
        write!(text, "\n## {title}\n\n{lead}\n\n").unwrap();
        head(text, &["Kind", "What is said"].map(str::to_owned));
        for (name, kind) in kinds {
            let prefix = format!("{}: ", word(&kind.full["provider"]));
            let sayings = sayings.as_array().unwrap().iter().map(word);
            for saying in sayings.filter_map(|saying| saying.strip_prefix(&prefix)) {
                row(text, &[name.clone(), saying.to_owned()]);
            }
        }
    }
}

fn bullets(items: impl IntoIterator<Item = String>, text: &mut String) {
    for item in items {
        writeln!(text, "- {item}").unwrap();
    }
}

fn head(text: &mut String, names: &[String]) {
    row(text, names);
    row(text, &vec!["---".to_owned(); names.len()]);
}

fn row(text: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    writeln!(text, "| {} |", cells.join(" | ")).unwrap();
}

/// Returns the name of a member as a heading.
fn title(member: &str) -> String {
    let words = member.replace('_', " ");
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap()
}
