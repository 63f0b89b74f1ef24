//! The table against itself, and against the tests that it names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use kadry_core::{Brake, Evidence, Parameter, Takes};

use super::*;

/// Splits a command as a shell does, as far as examples need it.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('\'').enumerate();
    parts
        .flat_map(|(at, part)| {
            if at % 2 == 1 {
                vec![part.to_owned()]
            } else {
                part.split_whitespace().map(str::to_owned).collect()
            }
        })
        .collect()
}

#[test]
fn names_are_unique_and_every_row_says_what_it_is() {
    let names: BTreeSet<String> = OPERATIONS.iter().map(Operation::name).collect();
    assert_eq!(names.len(), OPERATIONS.len());
    for row in OPERATIONS {
        let helps = row.parameters.iter().map(|parameter| parameter.help);
        for help in helps.chain([row.help]) {
            assert!(!help.en.is_empty() && !help.ru.is_empty(), "{}", row.name());
            assert!(
                !help.en.ends_with('.') && !help.ru.ends_with('.'),
                "{}",
                row.name()
            );
        }
        let known: BTreeSet<&str> = row.parameters.iter().map(|known| known.name).collect();
        assert_eq!(known.len(), row.parameters.len(), "{}", row.name());
        if let Does::Lists { columns } = row.does {
            assert!(!columns.is_empty(), "{}", row.name());
        }
    }
}

#[test]
fn every_endpoint_of_a_row_is_in_the_list_of_endpoints_with_its_ids_in_the_row() {
    let known: BTreeSet<&str> = ENDPOINTS.iter().map(|endpoint| endpoint.name).collect();
    assert_eq!(known.len(), ENDPOINTS.len());
    for row in OPERATIONS {
        assert!(known.contains(row.endpoint), "{}", row.name());
        let reads = row.endpoint.starts_with("GET ");
        assert_eq!(reads, !row.writes(), "{}", row.name());
        let ids = row.endpoint.split('{').skip(1);
        for id in ids.filter_map(|rest| rest.split('}').next()) {
            let named = |parameter: &Parameter| parameter.name == id;
            assert!(row.parameters.iter().any(named), "{} {id}", row.name());
        }
    }
    for endpoint in ENDPOINTS {
        assert_eq!(endpoint.evidence, Evidence::Documented);
    }
}

#[test]
fn every_endpoint_is_covered_by_the_test_that_it_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for endpoint in ENDPOINTS {
        let covers = endpoint.test.split_once("::").is_some_and(|(file, name)| {
            let text = fs::read_to_string(root.join(file));
            text.is_ok_and(|text| text.contains(&format!("fn {name}(")))
        });
        assert!(covers, "{} names {}", endpoint.name, endpoint.test);
    }
}

#[test]
fn every_example_is_a_call_of_its_own_row() {
    for row in OPERATIONS {
        let words = words(row.example);
        let [platform, noun, verb, arguments @ ..] = words.as_slice() else {
            panic!("{} has no example", row.name());
        };
        assert_eq!(
            (platform.as_str(), noun.as_str(), verb.as_str()),
            ("pachca", row.noun, row.verb)
        );
        let mut call = NativeCall::new(row.name());
        for pair in arguments.chunks(2) {
            let name = pair[0].strip_prefix("--");
            call = call.with(
                name.unwrap_or_default(),
                pair.get(1).cloned().unwrap_or_default(),
            );
        }
        let checked = check::checked(row, &call);
        assert!(checked.is_ok(), "{}: {checked:?}", row.example);
    }
}

#[test]
fn whatever_gives_or_takes_rights_counts_and_names_at_most_one_person() {
    let counted = |name: &str| {
        let row = OPERATIONS.iter().find(|row| row.name() == name);
        match row.map(|row| row.does) {
            Some(Does::Writes { brakes }) => brakes,
            _ => &[],
        }
    };
    assert_eq!(counted("members add"), [Brake::Grant]);
    assert_eq!(counted("members remove"), [Brake::Revoke]);
    assert_eq!(counted("members set-role"), [Brake::Grant, Brake::Revoke]);
    assert_eq!(counted("members add-tags"), [Brake::Grant]);
    assert_eq!(counted("members remove-tags"), [Brake::Revoke]);
    assert_eq!(counted("tags delete"), [Brake::Revoke]);
    assert_eq!(counted("chats archive"), [Brake::Revoke]);
    assert_eq!(counted("chats unarchive"), []);
    assert_eq!(counted("status set"), [Brake::Update]);
    for row in OPERATIONS.iter().filter(|row| row.writes()) {
        let is_person = |parameter: &&Parameter| {
            matches!(parameter.takes, Takes::Person | Takes::PersonIf { .. })
        };
        assert!(
            row.parameters.iter().filter(is_person).count() <= 1,
            "{}",
            row.name()
        );
    }
}

#[test]
fn every_writing_row_can_be_looked_at_and_no_reading_one_is_a_change() {
    for row in OPERATIONS {
        assert_eq!(Topic::of(row).is_ok(), row.writes(), "{}", row.name());
    }
    let unknown = NativeCall::new("tags paint");
    assert_eq!(stands(&unknown, None, &Value::Null), Look::CannotTell);
    assert_eq!(
        back(&unknown, &Value::Null, &Value::Null),
        kadry_core::Back::default()
    );
    let kind = row::of(&unknown).map_err(|fault| fault.kind());
    assert_eq!(kind, Err(ErrorKind::Unsupported));
}

#[test]
fn a_call_about_many_becomes_one_for_each_and_nobody_comes_twice() {
    let call = |ids: &[&str]| {
        let call = NativeCall::new("status clear");
        ids.iter().fold(call, |call, id| call.with("user_id", *id))
    };
    assert_eq!(
        single(&call(&["9", "10", "9"]), "user_id"),
        [call(&["9"]), call(&["10"])]
    );
    let own = NativeCall::new("profile clear-status");
    assert_eq!(single(&own, "user_id"), [own]);
}

#[test]
fn what_is_done_to_one_chat_or_tag_is_about_the_same_thing() {
    let of = |operation: &str, arguments: &[(&str, &str)]| {
        let call = NativeCall::new(operation);
        let call = arguments
            .iter()
            .fold(call, |call, (name, value)| call.with(*name, *value));
        thing(&call)
    };
    let archive = of("chats archive", &[("id", "3")]);
    assert_eq!(
        of("members add-tags", &[("id", "3"), ("group_tag_ids", "5")]),
        archive
    );
    assert_eq!(
        of("chats rename", &[("id", "3"), ("name", "Обед")]),
        archive
    );
    assert_ne!(of("chats archive", &[("id", "5")]), archive);
    assert_ne!(of("tags delete", &[("id", "3")]), archive);
    let create = |name| of("tags create", &[("name", name)]);
    assert_eq!(create("Юг"), create("юг"));
    assert_ne!(create("Юг"), create("Север"));
}
