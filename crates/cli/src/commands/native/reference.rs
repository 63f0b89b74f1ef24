//! The page of each kind of platform in the documentation, made from its tables and held against what is stored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use kadry_core::{
    Does, Endpoint, Evidence, Operation, Parameter, Sentence, Takes, memory, noun_faults,
};

use crate::setup::KINDS;

/// How the pages are written anew.
const HOW: &str = "KADRY_WRITE_DOCS=1 cargo test -p kadry-cli --bin kadry reference";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Documented => "documented",
        Evidence::Observed => "observed",
        Evidence::Inferred => "inferred, opt-in",
    }
}

fn takes(takes: Takes) -> String {
    match takes {
        Takes::Text => "text".to_owned(),
        Takes::Number => "number".to_owned(),
        Takes::Flag => "`true`, `false`".to_owned(),
        Takes::Moment => "moment".to_owned(),
        Takes::Person => "person".to_owned(),
        Takes::PersonIf { argument, is } => {
            format!("text; person where `--{argument}` is `{is}`")
        }
        Takes::File => "file".to_owned(),
        Takes::OneOf(words) => {
            let words = words.iter().map(|word| format!("`{word}`"));
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

fn does(does: Does) -> String {
    match does {
        Does::Lists { .. } => "lists".to_owned(),
        Does::Shows => "shows".to_owned(),
        Does::Writes { brakes: [] } => "writes".to_owned(),
        Does::Writes { brakes } => {
            let brakes = brakes.iter().map(|brake| brake.as_str());
            format!(
                "writes, counts as {}",
                brakes.collect::<Vec<_>>().join(", ")
            )
        }
    }
}

/// The page of a kind.
fn page(kind: &str, rows: &[Operation], endpoints: &[Endpoint]) -> String {
    let mut text = format!(
        "<!-- Made from the tables of {kind} by a test; to write it anew: {HOW} -->\n\n# {kind}\n"
    );
    text.push_str("\n## Endpoints\n\n| Endpoint | Used for | Evidence | Vendor's page | Test |\n| --- | --- | --- | --- | --- |\n");
    for endpoint in endpoints {
        let Endpoint {
            name,
            used_for,
            source,
            test,
            ..
        } = endpoint;
        let evidence = evidence(endpoint.evidence);
        writeln!(
            text,
            "| `{name}` | {used_for} | {evidence} | <{source}> | `{test}` |"
        )
        .unwrap();
    }
    text.push_str("\n## Operations\n");
    for row in rows {
        operation(kind, row, &mut text);
    }
    text
}

fn operation(kind: &str, row: &Operation, text: &mut String) {
    let Operation {
        help,
        example,
        endpoint,
        ..
    } = row;
    writeln!(
        text,
        "\n### {kind} {}\n\n{}. `{endpoint}`; {}.\n",
        row.name(),
        help.en,
        does(row.does)
    )
    .unwrap();
    if !row.parameters.is_empty() {
        text.push_str("| Parameter | Takes | |\n| --- | --- | --- |\n");
        for parameter in row.parameters {
            let mut marks = Vec::new();
            marks.extend(parameter.required.then_some("required"));
            marks.extend(parameter.many.then_some("may be repeated"));
            let marks = if marks.is_empty() {
                String::new()
            } else {
                format!(" ({})", marks.join(", "))
            };
            let (name, takes, help) = (parameter.name, takes(parameter.takes), parameter.help.en);
            writeln!(text, "| `--{name}` | {takes} | {help}{marks} |").unwrap();
        }
        text.push('\n');
    }
    writeln!(text, "```sh\nkadry {example}\n```").unwrap();
}

/// Reports whether a test stands where an endpoint says: a file of the tree, and its name in it.
fn exists(test: &str) -> bool {
    let Some((file, name)) = test.split_once("::") else {
        return false;
    };
    let function = name.rsplit("::").next().unwrap_or(name);
    let text = fs::read_to_string(root().join(file)).unwrap_or_default();
    text.contains(&format!("fn {function}("))
}

#[test]
fn the_pages_of_the_kinds_are_what_their_tables_say() {
    for kind in KINDS {
        let path = root().join(format!("docs/providers/{}.md", kind.name));
        if kind.operations.is_empty() && kind.endpoints.is_empty() {
            assert!(!path.exists(), "{} has no tables", kind.name);
            continue;
        }
        let text = page(kind.name, kind.operations, kind.endpoints);
        if env::var_os("KADRY_WRITE_DOCS").is_some_and(|set| set == "1") {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            continue;
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == text,
            "{} is stale; to write it anew: {HOW}",
            path.display()
        );
    }
}

#[test]
fn every_endpoint_is_covered_by_a_test_and_every_operation_calls_one() {
    for kind in KINDS {
        for endpoint in kind.endpoints {
            let test = endpoint.test;
            assert!(
                exists(test),
                "{}: {} names {test}",
                kind.name,
                endpoint.name
            );
        }
        let known = |row: &&Operation| {
            let mut endpoints = kind.endpoints.iter();
            endpoints.any(|endpoint| endpoint.name == row.endpoint)
        };
        for row in kind.operations {
            let (name, endpoint) = (row.name(), row.endpoint);
            assert!(known(&row), "{} {name}: no {endpoint}", kind.name);
        }
    }
}

#[test]
fn every_noun_says_what_it_is() {
    for kind in KINDS {
        assert_eq!(
            noun_faults(kind.nouns, kind.operations),
            [""; 0],
            "{}",
            kind.name
        );
    }
    assert_eq!(noun_faults(memory::NOUNS, memory::OPERATIONS), [""; 0]);
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    let here = "crates/cli/src/commands/native/reference.rs";
    assert!(exists(&format!(
        "{here}::a_test_that_is_not_there_is_missed"
    )));
    for test in ["::nothing", "nowhere.rs::page", here] {
        assert!(!exists(test), "{test}");
    }
    assert!(!exists(&format!("{here}::{}_such", "no")));
}

#[test]
fn a_page_tells_of_each_endpoint_and_each_operation() {
    let endpoint = Endpoint {
        name: "POST /tags",
        used_for: "making a tag",
        source: "https://example.test/tags",
        evidence: Evidence::Observed,
        test: "tests/tags.rs::made",
    };
    let row = Operation {
        parameters: &[Parameter {
            name: "name",
            takes: Takes::OneOf(&["a", "b"]),
            required: true,
            many: true,
            help: Sentence {
                en: "Its name",
                ru: "Имя",
            },
        }],
        ..memory::OPERATIONS[2]
    };
    let page = page("memory", &[row], &[endpoint]);
    for line in [
        "| `POST /tags` | making a tag | observed | <https://example.test/tags> | `tests/tags.rs::made` |",
        "### memory tags create",
        "Make tags. `POST /tags`; writes.",
        "| `--name` | `a`, `b` | Its name (required, may be repeated) |",
        "kadry memory tags create --name Юг --name Север",
    ] {
        assert!(page.lines().any(|told| told == line), "{line}\n{page}");
    }
}
