//! Whether commands, steps and documents can be made from a table.

use std::collections::BTreeSet;

use super::{Endpoint, Noun, Operation, Parameter};

/// Returns what is wrong with the table of a backend, a sentence each; nothing for one from which commands can be made.
#[must_use]
pub fn table_faults(kind: &str, operations: &[Operation], endpoints: &[Endpoint]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    for operation in operations {
        let name = operation.name();
        if !endpoints
            .iter()
            .any(|known| known.name == operation.endpoint)
        {
            faults.push(format!("{name}: its endpoint is not in the list"));
        }
        if !operation.example.starts_with(&format!("{kind} {name}")) {
            faults.push(format!("{name}: its example is of another command"));
        }
        faults.extend(parameter_faults(operation));
        if !names.insert(name.clone()) {
            faults.push(format!("{name}: there are two"));
        }
    }
    let mut known = BTreeSet::new();
    for Endpoint { name, test, .. } in endpoints {
        if !known.insert(name) {
            faults.push(format!("{name}: there are two"));
        }
        if !test.contains(".rs::") {
            faults.push(format!("{name}: no test is named"));
        }
    }
    faults
}

/// Returns what is wrong with the nouns of a table, a sentence each: each noun that an operation is about has its help, once.
#[must_use]
pub fn noun_faults(nouns: &[Noun], operations: &[Operation]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut known = BTreeSet::new();
    for Noun { name, help } in nouns {
        if !known.insert(*name) {
            faults.push(format!("{name}: there are two"));
        }
        if !operations.iter().any(|operation| operation.noun == *name) {
            faults.push(format!("{name}: no operation is about it"));
        }
        if [help.en, help.ru].iter().any(|said| said.is_empty()) {
            faults.push(format!("{name}: it has no help"));
        }
    }
    let missing = operations.iter().map(|operation| operation.noun);
    let missing: BTreeSet<&str> = missing.filter(|noun| !known.contains(noun)).collect();
    faults.extend(missing.iter().map(|noun| format!("{noun}: it has no help")));
    faults
}

fn parameter_faults(operation: &Operation) -> Vec<String> {
    let mut faults = Vec::new();
    let typed: Vec<&str> = operation
        .example
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("--"))
        .collect();
    let times = |name: &str| typed.iter().filter(|typed| **typed == name).count();
    for name in &typed {
        if !operation.parameters.iter().any(|known| known.name == *name) {
            faults.push(format!("{}: its example has --{name}", operation.name()));
        }
    }
    for (at, parameter) in operation.parameters.iter().enumerate() {
        let Parameter { name, .. } = parameter;
        if parameter.required && times(name) == 0 || !parameter.many && times(name) > 1 {
            faults.push(format!("{}: its example and --{name}", operation.name()));
        }
        if operation.parameters[..at]
            .iter()
            .any(|other| other.name == *name)
        {
            faults.push(format!("{}: there are two --{name}", operation.name()));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native::{Does, Evidence, Sentence, Takes};

    const HELP: Sentence = Sentence { en: "", ru: "" };
    const ID: Parameter = Parameter {
        name: "id",
        takes: Takes::Number,
        required: true,
        many: false,
        help: HELP,
    };
    const ROW: Operation = Operation {
        noun: "tags",
        verb: "delete",
        parameters: &[ID],
        help: HELP,
        example: "vendor tags delete --id 5",
        endpoint: "DELETE /tags/{id}",
        does: Does::Writes { brakes: &[] },
    };

    #[test]
    fn a_table_that_commands_cannot_be_made_from_is_told() {
        let endpoint = Endpoint {
            name: "DELETE /tags/{id}",
            used_for: "",
            source: "",
            evidence: Evidence::Documented,
            test: "crates/vendor/tests/tags.rs::a_tag_goes",
        };
        let faults = |row, endpoint| table_faults("vendor", &[row], &[endpoint]).len();
        assert_eq!(faults(ROW, endpoint), 0);
        for example in [
            "tags delete --id 5",
            "vendor tags delete",
            "vendor tags delete --id 5 --id 6",
            "vendor tags delete --id 5 --name x",
        ] {
            assert_eq!(
                faults(Operation { example, ..ROW }, endpoint),
                1,
                "{example}"
            );
        }
        let parameters = &[ID, ID];
        assert_eq!(faults(Operation { parameters, ..ROW }, endpoint), 1);
        let name = "DELETE /tags";
        assert_eq!(faults(ROW, Endpoint { name, ..endpoint }), 1);
        assert_eq!(
            faults(
                ROW,
                Endpoint {
                    test: "",
                    ..endpoint
                }
            ),
            1
        );
        let twice = table_faults("vendor", &[ROW, ROW], &[endpoint, endpoint]);
        assert_eq!(twice.len(), 2);
    }

    #[test]
    fn every_noun_has_one_help() {
        let noun = |name: &'static str, en: &'static str| Noun {
            name,
            help: Sentence { en, ru: "Теги" },
        };
        let faults = |nouns: &[Noun]| noun_faults(nouns, &[ROW]).len();
        assert_eq!(faults(&[noun("tags", "Tags")]), 0);
        assert_eq!(faults(&[]), 1);
        assert_eq!(faults(&[noun("tags", "")]), 1);
        assert_eq!(faults(&[noun("tags", "Tags"), noun("tags", "Tags")]), 1);
        assert_eq!(faults(&[noun("tags", "Tags"), noun("chats", "Chats")]), 1);
    }
}
