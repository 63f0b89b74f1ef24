//! The methods of the API, and which of them a request means.

use axum::http::{Method, StatusCode};

use super::body::Kind;
use super::call::{Answer, Call, Refusal};
use super::company::Company;
use super::habits::Habits;
use super::proto::sent;
use super::{
    departments, employees, old, organizations, patch, powers, registering, subscriptions,
};
use crate::wire::Wire;

/// What a method does, once the caller is admitted.
type Run = fn(&mut Company, &Call) -> Result<Answer, Refusal>;

/// Who may make a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody who is signed in; there is no box, or it need not be the caller's.
    SignedIn,
    /// Employees of the box who are not blocked.
    Employee,
    /// Administrators of the box who are not blocked.
    Administrator,
}

/// One method.
#[derive(Debug)]
pub(super) struct Endpoint {
    method: Method,
    pub(super) path: &'static str,
    pub(super) query: &'static [&'static str],
    /// The body, for methods that take one.
    pub(super) body: Option<Kind>,
    pub(super) access: Access,
    pub(super) run: Run,
}

const fn get(
    path: &'static str,
    query: &'static [&'static str],
    access: Access,
    run: Run,
) -> Endpoint {
    Endpoint {
        method: Method::GET,
        path,
        query,
        body: None,
        access,
        run,
    }
}

const fn post(
    path: &'static str,
    query: &'static [&'static str],
    body: Option<Kind>,
    access: Access,
    run: Run,
) -> Endpoint {
    Endpoint {
        method: Method::POST,
        path,
        query,
        body,
        access,
        run,
    }
}

const BOX: &[&str] = &["boxId"];
const USER: &[&str] = &["boxId", "userId"];
const DEPARTMENT: &[&str] = &["boxId", "departmentId"];
const POWER: &[&str] = &["boxId", "userId", "registrationNumber", "issuerInn"];
const PAGE: &[&str] = &["boxId", "page", "count"];

use Access::{Administrator, Employee, SignedIn};

static ENDPOINTS: [Endpoint; 25] = [
    get("/V2/GetMyUser", &[], SignedIn, organizations::my_user),
    get(
        "/GetMyOrganizations",
        &["autoRegister"],
        SignedIn,
        organizations::mine,
    ),
    get(
        "/GetOrganization",
        &["boxId", "orgId", "fnsParticipantId", "inn", "kpp"],
        SignedIn,
        organizations::one,
    ),
    get("/GetBox", BOX, SignedIn, organizations::the_box),
    get("/GetMyEmployee", BOX, Employee, employees::mine),
    get("/GetEmployees", PAGE, Administrator, employees::list),
    get("/GetEmployee", USER, Administrator, employees::one),
    get(
        "/GetEmployeesByExternalId",
        &["boxId", "externalId"],
        Administrator,
        employees::by_external_id,
    ),
    post(
        "/CreateEmployee",
        BOX,
        Some(Kind::of::<sent::EmployeeToCreate>("EmployeeToCreate")),
        Administrator,
        employees::create,
    ),
    post(
        "/UpdateEmployee",
        USER,
        Some(Kind::of::<sent::EmployeeToUpdate>("EmployeeToUpdate")),
        Administrator,
        patch::update,
    ),
    post(
        "/DeleteEmployee",
        USER,
        None,
        Administrator,
        employees::delete,
    ),
    get("/GetSubscriptions", USER, Employee, subscriptions::list),
    post(
        "/UpdateSubscriptions",
        USER,
        Some(Kind::of::<sent::SubscriptionsToUpdate>(
            "SubscriptionsToUpdate",
        )),
        Employee,
        subscriptions::update,
    ),
    get("/V2/GetDepartment", DEPARTMENT, Employee, departments::one),
    get(
        "/V2/GetOrganizationUsers",
        BOX,
        Employee,
        organizations::users,
    ),
    get(
        "/admin/GetDepartments",
        PAGE,
        Administrator,
        departments::list,
    ),
    post(
        "/admin/CreateDepartment",
        BOX,
        Some(Kind::of::<sent::DepartmentToCreate>("DepartmentToCreate")),
        Administrator,
        departments::create,
    ),
    post(
        "/admin/UpdateDepartment",
        DEPARTMENT,
        Some(Kind::of::<sent::DepartmentToUpdate>("DepartmentToUpdate")),
        Administrator,
        departments::update,
    ),
    post(
        "/admin/DeleteDepartment",
        DEPARTMENT,
        None,
        Administrator,
        departments::delete,
    ),
    post(
        "/RegisterPowerOfAttorney",
        BOX,
        Some(Kind::of::<sent::PowerOfAttorneyToRegister>(
            "PowerOfAttorneyToRegister",
        )),
        Employee,
        registering::ask,
    ),
    get(
        "/RegisterPowerOfAttorneyResult",
        &["boxId", "taskId"],
        Employee,
        registering::result,
    ),
    get(
        "/GetEmployeePowersOfAttorney",
        &["boxId", "userId", "onlyActual"],
        Employee,
        powers::list,
    ),
    post(
        "/V2/AddEmployeePowerOfAttorney",
        USER,
        Some(Kind::of::<sent::PowerOfAttorneyFullId>(
            "PowerOfAttorneyFullId",
        )),
        Employee,
        powers::attach,
    ),
    post(
        "/V2/UpdateEmployeePowerOfAttorney",
        USER,
        Some(Kind::of::<sent::PowerOfAttorneyToUpdate>(
            "EmployeePowerOfAttorneyToUpdateV2",
        )),
        Employee,
        powers::update,
    ),
    post(
        "/V2/DeleteEmployeePowerOfAttorney",
        USER,
        Some(Kind::of::<sent::PowerOfAttorneyFullId>(
            "PowerOfAttorneyFullId",
        )),
        Employee,
        powers::detach,
    ),
];

/// Methods that Diadoc has switched off, or no longer describes. Checked 2026-11.
static OLD: [Endpoint; 8] = [
    get("/GetMyUser", &[], SignedIn, old::my_user),
    get(
        "/GetMyPermissions",
        &["orgId"],
        SignedIn,
        old::my_permissions,
    ),
    get(
        "/GetOrganizationUsers",
        &["orgId"],
        SignedIn,
        old::organization_users,
    ),
    get(
        "/GetDepartment",
        &["orgId", "departmentId"],
        SignedIn,
        old::department,
    ),
    get(
        "/admin/GetDepartment",
        DEPARTMENT,
        Administrator,
        departments::admin_one,
    ),
    post(
        "/AddEmployeePowerOfAttorney",
        POWER,
        None,
        Employee,
        old::attach,
    ),
    post(
        "/UpdateEmployeePowerOfAttorney",
        POWER,
        Some(Kind::of::<sent::OldPowerOfAttorneyToUpdate>(
            "EmployeePowerOfAttorneyToUpdate",
        )),
        Employee,
        old::update,
    ),
    post(
        "/DeleteEmployeePowerOfAttorney",
        POWER,
        None,
        Employee,
        old::detach,
    ),
];

/// Finds the method that a request means. Axum's own routing is not used: Diadoc's paths are case-insensitive.
pub(super) fn find(
    wire: &Wire,
    habits: Habits,
    method: &Method,
    path: &str,
) -> Result<&'static Endpoint, Refusal> {
    let is_here = |endpoint: &&Endpoint| endpoint.path.eq_ignore_ascii_case(path);
    let is_old = OLD.iter().any(|endpoint| is_here(&endpoint));
    if is_old {
        wire.undocumented(format!("{path} was switched off"))?;
        if !habits.old_methods {
            return Err(Refusal::new(
                StatusCode::GONE,
                "The method is not supported any more",
            ));
        }
    }
    let all = ENDPOINTS.iter().chain(&OLD);
    let mut at_path = all.filter(is_here).peekable();
    if at_path.peek().is_none() {
        wire.undocumented(format!("there is no {method} {path}"))?;
        return Err(Refusal::not_found("Not found"));
    }
    if let Some(endpoint) = at_path.find(|endpoint| endpoint.method == method) {
        return Ok(endpoint);
    }
    wire.undocumented(format!("{path} does not answer {method}"))?;
    Err(Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method not allowed",
    ))
}

#[cfg(test)]
mod tests {
    use super::{ENDPOINTS, OLD};

    #[test]
    fn every_method_is_asked_for_in_both_forms() {
        let asked = concat!(
            include_str!("../../tests/diadoc/forms.rs"),
            include_str!("../../tests/diadoc/old.rs"),
        );
        for endpoint in ENDPOINTS.iter().chain(&OLD) {
            let path = endpoint.path.trim_start_matches('/');
            let starts = [format!("\"{path}\""), format!("\"{path}?")];
            assert!(starts.iter().any(|start| asked.contains(start)), "{path}");
        }
    }
}
