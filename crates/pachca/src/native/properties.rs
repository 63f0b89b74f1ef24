//! The fields that the workspace added.

use kadry_core::{Does, Operation, Takes};

use super::row::{required, say, takes};

pub(super) const LIST: Operation = Operation {
    noun: "properties",
    verb: "list",
    parameters: &[required(takes(
        "entity_type",
        Takes::OneOf(&["User", "Task"]),
        "The fields of people or of tasks",
        "Поля сотрудников или напоминаний",
    ))],
    help: say("List custom properties", "Список дополнительных полей"),
    example: "pachca properties list --entity_type User",
    endpoint: "GET /custom_properties",
    does: Does::Lists {
        columns: &["id", "name", "data_type"],
    },
};
