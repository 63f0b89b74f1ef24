//! What this platform alone can do, row by row, and every endpoint that is called.

use kadry_core::{Does, Endpoint, Evidence, Operation, Parameter, Sentence, Takes};

const fn help(en: &'static str, ru: &'static str) -> Sentence {
    Sentence { en, ru }
}

const fn text(name: &'static str, help: Sentence) -> Parameter {
    Parameter {
        name,
        takes: Takes::Text,
        required: false,
        many: false,
        help,
    }
}

const fn required(parameter: Parameter) -> Parameter {
    Parameter {
        required: true,
        ..parameter
    }
}

const fn many(parameter: Parameter) -> Parameter {
    Parameter {
        many: true,
        ..parameter
    }
}

const fn takes(takes: Takes, parameter: Parameter) -> Parameter {
    Parameter { takes, ..parameter }
}

const LIST_USERS: &str = "GET /api/v1/users";
const LIST_UNITS: &str = "GET /api/v1/organization/units";

const NAME: Parameter = text("name", help("The name of the unit", "Название отдела"));
const PARENT: Parameter = text(
    "parent_id",
    help(
        "The unit above, by its id or its path",
        "Вышестоящий отдел: id или путь",
    ),
);
const UID: Parameter = text(
    "integration_uid",
    help(
        "The id of it in your own system",
        "Идентификатор в вашей системе",
    ),
);
const PARENT_UID: Parameter = text(
    "parent_integration_uid",
    help(
        "The id of the unit above in your own system",
        "Идентификатор вышестоящего отдела в вашей системе",
    ),
);

/// What this platform alone can do.
pub static OPERATIONS: &[Operation] = &[
    Operation {
        noun: "users",
        verb: "list",
        parameters: &[
            text(
                "search",
                help(
                    "A part of the name or of the e-mail",
                    "Часть имени или почты",
                ),
            ),
            takes(
                Takes::Flag,
                text(
                    "with_inactive",
                    help(
                        "Inactive people too; without it only active ones are listed",
                        "Вместе с неактивными; без этого показаны только активные",
                    ),
                ),
            ),
            takes(
                Takes::Flag,
                text(
                    "active",
                    help(
                        "Only people who are active, or only those who are not",
                        "Только активные или только неактивные",
                    ),
                ),
            ),
            many(text(
                "units_ids",
                help(
                    "Only people of these units, each by its id or its path",
                    "Только люди этих отделов: id или путь каждого",
                ),
            )),
            many(text(
                "roles_ids",
                help(
                    "Only people with these roles, each by its id or its name",
                    "Только люди с этими ролями: id или название каждой",
                ),
            )),
            many(text(
                "levels_ids",
                help(
                    "Only people of these levels, each by its id or its name in the configuration",
                    "Только люди этих уровней: id или название из настроек",
                ),
            )),
            takes(
                Takes::OneOf(&[
                    "no_invitation_sent",
                    "invitation_sent",
                    "invitation_accepted",
                    "user_blocked",
                ]),
                text(
                    "invitation_status",
                    help("How far their invitation has come", "Состояние приглашения"),
                ),
            ),
            text(
                "sort",
                help(
                    "The attribute to sort by, such as created_at",
                    "Поле сортировки, например created_at",
                ),
            ),
        ],
        help: help(
            "List people, with the platform's own filters",
            "Список людей с фильтрами самой платформы",
        ),
        example: "dealapp users list --units_ids 'Контакт-центр / Первая линия' --active true",
        endpoint: LIST_USERS,
        does: Does::Lists {
            columns: &[
                "id",
                "attributes.email",
                "attributes.last-name",
                "attributes.first-name",
                "attributes.integration-uid",
                "relationships.unit.data.attributes.name",
                "relationships.role.data.attributes.name",
                "attributes.active",
            ],
        },
    },
    Operation {
        noun: "users",
        verb: "show",
        parameters: &[
            UID,
            text("email", help("The e-mail of the person", "Почта человека")),
        ],
        help: help(
            "Show one person, found by the id in your own system or by e-mail",
            "Показать одного человека по идентификатору в вашей системе или по почте",
        ),
        example: "dealapp users show --integration_uid hr-10421",
        endpoint: LIST_USERS,
        does: Does::Shows,
    },
    Operation {
        noun: "units",
        verb: "list",
        parameters: &[NAME, PARENT, UID, PARENT_UID],
        help: help("List the units", "Список отделов"),
        example: "dealapp units list --parent_id Контакт-центр",
        endpoint: LIST_UNITS,
        does: Does::Lists {
            columns: &[
                "id",
                "attributes.name",
                "attributes.parent-id",
                "attributes.integration-uid",
            ],
        },
    },
    Operation {
        noun: "units",
        verb: "tree",
        parameters: &[],
        help: help(
            "List the units with their paths, each below the one above it",
            "Дерево отделов с полными путями",
        ),
        example: "dealapp units tree",
        endpoint: LIST_UNITS,
        does: Does::Lists {
            columns: &["path", "attributes.integration-uid", "id"],
        },
    },
    Operation {
        noun: "units",
        verb: "create",
        parameters: &[required(NAME), PARENT, UID],
        help: help("Make a unit", "Создать отдел"),
        example: "dealapp units create --name 'Вторая линия' --parent_id Контакт-центр",
        endpoint: "POST /api/v1/organization/units",
        does: Does::Writes { brakes: &[] },
    },
    Operation {
        noun: "units",
        verb: "update",
        parameters: &[
            required(text(
                "id",
                help("The unit, by its id or its path", "Отдел: id или путь"),
            )),
            NAME,
            PARENT,
            UID,
        ],
        help: help(
            "Rename a unit, move it below another, or give it an id of your own system",
            "Переименовать отдел, перенести его или задать идентификатор вашей системы",
        ),
        example: "dealapp units update --id 'Контакт-центр / Вторая линия' --name 'Ночная линия'",
        endpoint: "PUT /api/v1/organization/units/:id",
        does: Does::Writes { brakes: &[] },
    },
    Operation {
        noun: "roles",
        verb: "list",
        parameters: &[],
        help: help("List the roles", "Список ролей"),
        example: "dealapp roles list",
        endpoint: "GET /api/v1/organization/roles",
        does: Does::Lists {
            columns: &["id", "attributes.name"],
        },
    },
];

const fn documented(
    name: &'static str,
    used_for: &'static str,
    source: &'static str,
    test: &'static str,
) -> Endpoint {
    Endpoint {
        name,
        used_for,
        source,
        evidence: Evidence::Documented,
        test,
    }
}

const ACCESS_PAGE: &str = "Qolio knowledge base, access to the API";
const USERS_PAGE: &str = "Qolio knowledge base, adding and configuring users through the API";

/// Every endpoint that is called.
pub static ENDPOINTS: &[Endpoint] = &[
    documented(
        "POST /auth/sign_in",
        "opens the session of the service account",
        ACCESS_PAGE,
        "crates/dealapp/tests/wire/session.rs::signing_in_sends_email_and_password_and_calls_send_three_headers",
    ),
    documented(
        LIST_USERS,
        "finds and lists people",
        USERS_PAGE,
        "crates/dealapp/tests/wire/native.rs::people_are_listed_with_every_filter_of_the_platform",
    ),
    documented(
        "POST /api/v1/users",
        "makes a record",
        USERS_PAGE,
        "crates/dealapp/tests/wire/writes.rs::a_record_is_made_with_one_flat_body",
    ),
    documented(
        "PUT /api/v1/users/:user_id",
        "changes a record, and opens and closes its door",
        USERS_PAGE,
        "crates/dealapp/tests/wire/writes.rs::a_change_sends_only_what_changes",
    ),
    documented(
        LIST_UNITS,
        "lists the units and finds one by its path",
        USERS_PAGE,
        "crates/dealapp/tests/wire/units.rs::units_have_paths_over_several_pages",
    ),
    documented(
        "POST /api/v1/organization/units",
        "makes a unit",
        USERS_PAGE,
        "crates/dealapp/tests/wire/native.rs::a_unit_is_made_under_the_one_that_a_path_names",
    ),
    documented(
        "PUT /api/v1/organization/units/:id",
        "renames or moves a unit",
        USERS_PAGE,
        "crates/dealapp/tests/wire/native.rs::a_unit_is_renamed_and_moved_by_what_changes_alone",
    ),
    documented(
        "GET /api/v1/organization/roles",
        "lists the roles",
        USERS_PAGE,
        "crates/dealapp/tests/wire/units.rs::a_role_is_named_by_a_path_of_one",
    ),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use std::path::Path;

    use kadry_core::table_faults;

    use super::*;
    use crate::KIND;

    #[test]
    fn commands_can_be_made_from_the_table() {
        let faults = table_faults(KIND, OPERATIONS, ENDPOINTS);
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn every_endpoint_names_a_test_that_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for endpoint in ENDPOINTS {
            let (file, name) = endpoint.test.split_once("::").unwrap();
            let text = std::fs::read_to_string(root.join(file)).unwrap();
            assert!(text.contains(&format!("fn {name}(")), "{}", endpoint.name);
        }
    }
}
