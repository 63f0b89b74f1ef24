//! What this platform alone can do, row by row, and every endpoint that is called.

use kadry_core::{Endpoint, Evidence, Operation};

use super::{employees, organizations, permissions, powers, rows, subscriptions};

/// What this platform alone can do.
pub static OPERATIONS: &[Operation] = &[
    employees::LIST,
    employees::SHOW,
    employees::FIND,
    employees::FIND_EXTERNAL,
    rows::LIST,
    rows::SHOW,
    rows::CREATE,
    rows::UPDATE,
    rows::DELETE,
    subscriptions::SHOW,
    subscriptions::SET,
    permissions::SHOW,
    permissions::SET,
    powers::LIST,
    powers::ATTACH,
    powers::SET_DEFAULT,
    powers::DETACH,
    powers::REGISTER,
    powers::REGISTRATION,
    organizations::ME,
    organizations::MY_EMPLOYEE,
    organizations::LIST,
    organizations::SHOW,
    organizations::USERS,
    organizations::BOXES,
    organizations::BOX,
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

/// Every endpoint that is called.
pub static ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: "POST /connect/token",
        used_for: "renews the access token",
        source: "https://developer.kontur.ru/doc/diadoc-api, OpenID Connect",
        evidence: Evidence::Observed,
        test: "crates/diadoc/tests/wire/session.rs::connecting_signs_in_and_looks_who_we_are",
    },
    documented(
        "GET /V2/GetMyUser",
        "shows the user that we are",
        "https://developer.kontur.ru/doc/diadoc-api, GetMyUser (V2)",
        "crates/diadoc/tests/emulated/reads.rs::we_see_who_and_where_we_are",
    ),
    documented(
        "GET /GetMyEmployee",
        "shows the employee that we are, with our rights",
        "https://developer.kontur.ru/doc/diadoc-api, GetMyEmployee",
        "crates/diadoc/tests/wire/session.rs::connecting_signs_in_and_looks_who_we_are",
    ),
    documented(
        "GET /GetMyOrganizations",
        "lists our organisations and their boxes, registering nobody",
        "https://developer.kontur.ru/doc/diadoc-api, GetMyOrganizations",
        "crates/diadoc/tests/emulated/reads.rs::we_see_who_and_where_we_are",
    ),
    documented(
        "GET /GetOrganization",
        "shows an organisation of the directory",
        "https://developer.kontur.ru/doc/diadoc-api, GetOrganization",
        "crates/diadoc/tests/wire/native.rs::an_organization_is_looked_up_by_exactly_one_key",
    ),
    documented(
        "GET /GetBox",
        "shows a box",
        "https://developer.kontur.ru/doc/diadoc-api, GetBox",
        "crates/diadoc/tests/emulated/reads.rs::we_see_who_and_where_we_are",
    ),
    documented(
        "GET /V2/GetOrganizationUsers",
        "lists registered users and their rights",
        "https://developer.kontur.ru/doc/diadoc-api, GetOrganizationUsers (V2)",
        "crates/diadoc/tests/emulated/reads.rs::we_see_who_and_where_we_are",
    ),
    documented(
        "GET /GetEmployees",
        "lists everybody, and finds somebody by login",
        "https://developer.kontur.ru/doc/diadoc-api, GetEmployees",
        "crates/diadoc/tests/wire/native.rs::employees_are_listed_page_by_page_in_the_vendors_own_numbers",
    ),
    documented(
        "GET /GetEmployee",
        "reads one employee",
        "https://developer.kontur.ru/doc/diadoc-api, GetEmployee",
        "crates/diadoc/tests/wire/employees.rs::a_settled_record_is_read_by_id",
    ),
    documented(
        "GET /GetEmployeesByExternalId",
        "finds employees by the id of the organisation's sign-in provider",
        "https://developer.kontur.ru/doc/diadoc-api, GetEmployeesByExternalId",
        "crates/diadoc/tests/wire/native.rs::somebody_is_found_by_login_and_by_the_id_of_the_sign_in_provider",
    ),
    documented(
        "POST /CreateEmployee",
        "lets somebody into the box",
        "https://developer.kontur.ru/doc/diadoc-api, CreateEmployee",
        "crates/diadoc/tests/wire/employees.rs::creating_sends_one_complete_body",
    ),
    documented(
        "POST /UpdateEmployee",
        "changes an employee and their rights, closes and opens the door",
        "https://developer.kontur.ru/doc/diadoc-api, UpdateEmployee",
        "crates/diadoc/tests/wire/rights.rs::rights_that_are_not_named_are_not_sent",
    ),
    documented(
        "POST /DeleteEmployee",
        "takes somebody out of the box",
        "https://developer.kontur.ru/doc/diadoc-api, DeleteEmployee",
        "crates/diadoc/tests/wire/employees.rs::removing_looks_for_powers_of_attorney_first_and_sends_no_body",
    ),
    documented(
        "GET /GetSubscriptions",
        "reads which mails an employee gets",
        "https://developer.kontur.ru/doc/diadoc-api, GetSubscriptions",
        "crates/diadoc/tests/wire/grants.rs::subscriptions_are_read_and_changed_together",
    ),
    documented(
        "POST /UpdateSubscriptions",
        "turns mails of an employee on and off",
        "https://developer.kontur.ru/doc/diadoc-api, UpdateSubscriptions",
        "crates/diadoc/tests/wire/rights.rs::mails_are_turned_by_name_for_each_employee",
    ),
    documented(
        "GET /admin/GetDepartments",
        "lists the departments",
        "https://developer.kontur.ru/doc/diadoc-api, GetDepartments",
        "crates/diadoc/tests/wire/grants.rs::departments_are_offered_with_their_paths",
    ),
    documented(
        "GET /V2/GetDepartment",
        "shows a department",
        "https://developer.kontur.ru/doc/diadoc-api, GetDepartment (V2)",
        "crates/diadoc/tests/wire/native.rs::a_department_is_shown_by_its_path",
    ),
    documented(
        "POST /admin/CreateDepartment",
        "makes a department",
        "https://developer.kontur.ru/doc/diadoc-api, CreateDepartment",
        "crates/diadoc/tests/wire/native.rs::a_department_is_made_below_the_one_that_a_name_means",
    ),
    documented(
        "POST /admin/UpdateDepartment",
        "renames or moves a department, and sets its КПП",
        "https://developer.kontur.ru/doc/diadoc-api, UpdateDepartment",
        "crates/diadoc/tests/wire/native.rs::a_department_is_renamed_with_its_short_name",
    ),
    documented(
        "POST /admin/DeleteDepartment",
        "deletes a department",
        "https://developer.kontur.ru/doc/diadoc-api, DeleteDepartment",
        "crates/diadoc/tests/emulated/writes.rs::a_department_is_made_changed_taken_back_and_deleted",
    ),
    documented(
        "GET /GetEmployeePowersOfAttorney",
        "lists the powers of attorney of an employee",
        "https://developer.kontur.ru/doc/diadoc-api, GetEmployeePowersOfAttorney",
        "crates/diadoc/tests/wire/grants.rs::powers_of_attorney_are_read_and_detached_with_the_id_of_their_holder",
    ),
    documented(
        "POST /V2/AddEmployeePowerOfAttorney",
        "attaches a power of attorney",
        "https://developer.kontur.ru/doc/diadoc-api, AddEmployeePowerOfAttorney (V2)",
        "crates/diadoc/tests/wire/grants.rs::a_power_is_attached_once_with_its_full_id_and_the_employee_always_named",
    ),
    documented(
        "POST /V2/UpdateEmployeePowerOfAttorney",
        "makes a power of attorney the default one, or no longer",
        "https://developer.kontur.ru/doc/diadoc-api, UpdateEmployeePowerOfAttorney (V2)",
        "crates/diadoc/tests/wire/rights.rs::a_power_of_attorney_is_known_by_its_number_and_sent_by_its_full_id",
    ),
    documented(
        "POST /V2/DeleteEmployeePowerOfAttorney",
        "detaches a power of attorney",
        "https://developer.kontur.ru/doc/diadoc-api, DeleteEmployeePowerOfAttorney (V2)",
        "crates/diadoc/tests/wire/grants.rs::powers_of_attorney_are_read_and_detached_with_the_id_of_their_holder",
    ),
    documented(
        "POST /RegisterPowerOfAttorney",
        "tells the platform of a power of attorney, so that it can be attached",
        "https://developer.kontur.ru/doc/diadoc-api, RegisterPowerOfAttorney",
        "crates/diadoc/tests/wire/rights.rs::a_registration_is_asked_for_and_followed",
    ),
    documented(
        "GET /RegisterPowerOfAttorneyResult",
        "tells how far a registration has come",
        "https://developer.kontur.ru/doc/diadoc-api, RegisterPowerOfAttorneyResult",
        "crates/diadoc/tests/wire/rights.rs::a_registration_is_asked_for_and_followed",
    ),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::path::Path;

    use kadry_core::{Takes, table_faults};

    use super::*;
    use crate::KIND;
    use crate::names::{ACTIONS, SUBSCRIPTIONS};

    #[test]
    fn commands_can_be_made_from_the_table() {
        let faults = table_faults(KIND, OPERATIONS, ENDPOINTS);
        assert!(faults.is_empty(), "{faults:?}");
    }

    #[test]
    fn every_right_and_every_mail_can_be_named() {
        for (operation, names) in [
            (permissions::SET, &ACTIONS[..]),
            (subscriptions::SET, &SUBSCRIPTIONS),
        ] {
            for name in names {
                let flags = operation.parameters.iter();
                let mut flags = flags.filter(|known| known.takes == Takes::Flag);
                assert!(flags.any(|known| known.name == *name), "{name}");
            }
        }
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
