//! Records from outside: what the control routes and tests put into the box.

use serde::Deserialize;

use serde_json::Value;

use super::call::guid;
use super::company::{ACTIONS, Attached, Company, Employee, FullName, HEAD, Level, UserKey};

const DAY_MS: i64 = 86_400_000;

/// Records to add; every list may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Records {
    departments: Vec<DepartmentRecord>,
    /// Global users, who need not be employees of this box.
    users: Vec<UserRecord>,
    employees: Vec<EmployeeRecord>,
    /// Logins that confirm their e-mail now.
    registered: Vec<String>,
    powers_of_attorney: Vec<PowerRecord>,
    /// Refresh tokens that people got in the vendor's cabinet.
    pub(super) sign_ins: Vec<SignIn>,
    /// Ends the organisation's subscription to the API, or begins it anew.
    subscription_ended: Option<bool>,
    /// Ends every access token.
    pub(super) expire_tokens: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    pub(super) login: String,
    pub(super) refresh_token: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DepartmentRecord {
    name: String,
    abbreviation: String,
    /// The name of the department above; the head department if empty.
    parent: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct UserRecord {
    login: String,
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    registered: Option<bool>,
}

/// An employee to add, or changes to one whose login is there already.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct EmployeeRecord {
    login: String,
    /// Makes somebody new who signs in only with a certificate.
    without_login: bool,
    last_name: String,
    first_name: String,
    middle_name: Option<String>,
    registered: Option<bool>,
    position: Option<String>,
    department: Option<String>,
    administrator: Option<bool>,
    blocked: Option<bool>,
    comment: Option<String>,
    /// The id with the organisation's own sign-in provider, through which the person registered.
    external_id: Option<String>,
    access_level: Option<String>,
    /// The names of the departments that are selected to be seen.
    selected_departments: Option<Vec<String>>,
    /// The names of all actions that are allowed.
    actions: Option<Vec<String>>,
    /// How many powers of attorney to attach.
    powers_of_attorney: usize,
}

/// A power of attorney to make known and, if an employee is named, to attach.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PowerRecord {
    registration_number: Option<String>,
    issuer_inn: Option<String>,
    representative_inn: Option<String>,
    /// The login of the employee to attach it to.
    employee: Option<String>,
    expired: bool,
    /// Begins to be in force only in 30 days.
    future: bool,
    revoked: bool,
    /// The tax service has it, and Diadoc was not told of it.
    unregistered: bool,
    default: bool,
}

impl Records {
    pub(super) fn read(json: &Value) -> Result<Self, String> {
        Self::deserialize(json).map_err(|error| format!("The records of diadoc: {error}."))
    }
}

impl Company {
    /// Adds records up to the first one that makes no sense.
    pub(super) fn add(&mut self, records: &Records, now_ms: i64) -> Result<(), String> {
        self.subscription_ended = records
            .subscription_ended
            .unwrap_or(self.subscription_ended);
        for record in &records.departments {
            self.seed_department(record, now_ms)?;
        }
        for record in &records.users {
            let name = full_name(
                &record.last_name,
                &record.first_name,
                record.middle_name.as_ref(),
            );
            self.seed_user(&record.login, name, record.registered)?;
        }
        for record in &records.employees {
            self.seed_employee(record, now_ms)?;
        }
        for login in &records.registered {
            let user = self
                .user_by_login(login)
                .ok_or_else(|| format!("Nobody has the login `{login}`."))?;
            self.register(user);
        }
        for record in &records.powers_of_attorney {
            self.seed_power(record, now_ms)?;
        }
        for sign_in in &records.sign_ins {
            let login = &sign_in.login;
            if self.user_by_login(login).is_none() {
                return Err(format!("Nobody has the login `{login}`."));
            }
        }
        Ok(())
    }

    fn seed_department(&mut self, record: &DepartmentRecord, now_ms: i64) -> Result<(), String> {
        if record.name.trim().is_empty() {
            return Err("A department needs a name.".to_owned());
        }
        let parent = match record.parent.as_str() {
            "" => HEAD.to_owned(),
            parent => self.department_named(parent)?,
        };
        let abbreviation = match record.abbreviation.as_str() {
            "" => &record.name,
            given => given,
        };
        self.add_department(&parent, &record.name, abbreviation, now_ms);
        Ok(())
    }

    /// Adds an employee, or changes the given fields of one who is there already. No mail is sent.
    fn seed_employee(&mut self, record: &EmployeeRecord, now_ms: i64) -> Result<(), String> {
        let name = full_name(
            &record.last_name,
            &record.first_name,
            record.middle_name.as_ref(),
        );
        let user = match (record.without_login, record.login.as_str()) {
            (true, "") => self.add_user(None, name, true),
            (true, login) => return Err(format!("`{login}` is a login.")),
            (false, login) => self.seed_user(login, name, record.registered)?,
        };
        let mut employee = match self.employee(user) {
            Some(employee) => employee.clone(),
            None => Employee::new(user, now_ms),
        };
        if let Some(position) = &record.position {
            employee.position.clone_from(position);
        }
        if let Some(department) = &record.department {
            employee.department = self.department_named(department)?;
        }
        if let Some(level) = &record.access_level {
            employee.level = Level::named(level)
                .ok_or_else(|| format!("There is no access level `{level}`."))?;
        }
        if let Some(names) = &record.selected_departments {
            let ids = names.iter().map(|name| self.department_named(name));
            employee.selected = ids.collect::<Result<_, _>>()?;
        }
        if employee.level == Level::SelectedDepartments && employee.selected.is_empty() {
            return Err("The access level SelectedDepartments needs departments.".to_owned());
        }
        if let Some(allowed) = &record.actions {
            if let Some(unknown) = allowed
                .iter()
                .find(|name| !ACTIONS.contains(&name.as_str()))
            {
                return Err(format!("There is no action `{unknown}`."));
            }
            employee.allow(allowed);
        }
        employee.administrator = record.administrator.unwrap_or(employee.administrator);
        employee.blocked = record.blocked.unwrap_or(employee.blocked);
        if record.comment.is_some() {
            employee.comment.clone_from(&record.comment);
        }
        if record.external_id.is_some() {
            if !self.user(user).is_some_and(|user| user.registered) {
                return Err(format!(
                    "`{}` is not registered anywhere yet.",
                    record.login
                ));
            }
            employee.external_id.clone_from(&record.external_id);
        }
        for _ in 0..record.powers_of_attorney {
            let power = self.add_power(Some(user), false, now_ms);
            employee.attach(Attached {
                power,
                default: false,
            });
        }
        match self.employee_mut(user) {
            Some(known) => *known = employee,
            None => self.employees.push(employee),
        }
        Ok(())
    }

    fn seed_power(&mut self, record: &PowerRecord, now_ms: i64) -> Result<(), String> {
        let holder = match &record.employee {
            None => None,
            Some(login) => Some(
                self.user_by_login(login)
                    .filter(|user| self.employee(*user).is_some())
                    .ok_or_else(|| format!("No employee has the login `{login}`."))?,
            ),
        };
        let number = match &record.registration_number {
            None => None,
            Some(sent) => Some(
                guid(sent)
                    .ok_or_else(|| format!("The registration number `{sent}` is no GUID."))?,
            ),
        };
        if record.expired && record.future {
            return Err("A power of attorney is either expired or of the future.".to_owned());
        }
        if record.unregistered && holder.is_some() {
            return Err("What Diadoc does not know cannot be attached.".to_owned());
        }
        let index = self.add_power(holder, record.expired, now_ms);
        if let Some(power) = self.powers.get_mut(index) {
            power.revoked = record.revoked;
            if record.future {
                let later_ms = now_ms + 30 * DAY_MS - power.start_ms;
                power.start_ms += later_ms;
                power.expire_ms += later_ms;
                power.known_ms = Some(now_ms);
            }
            if record.unregistered {
                power.known_ms = None;
            }
            if let Some(number) = number {
                power.registration_number = number;
            }
            if let Some(inn) = &record.issuer_inn {
                power.issuer_inn.clone_from(inn);
            }
            if let Some(inn) = &record.representative_inn {
                power.representative_inn.clone_from(inn);
            }
        }
        if let Some(employee) = holder.and_then(|user| self.employee_mut(user)) {
            employee.attach(Attached {
                power: index,
                default: record.default,
            });
        }
        Ok(())
    }

    /// Finds a global user or adds one, who is registered unless the record says otherwise.
    fn seed_user(
        &mut self,
        login: &str,
        name: FullName,
        registered: Option<bool>,
    ) -> Result<UserKey, String> {
        if login.trim().is_empty() {
            return Err("An employee needs a login.".to_owned());
        }
        let Some(user) = self.user_by_login(login) else {
            return Ok(self.add_user(Some(login), name, registered.unwrap_or(true)));
        };
        match (
            registered,
            self.user(user).is_some_and(|user| user.registered),
        ) {
            (Some(false), true) => {
                return Err(format!(
                    "`{login}` is registered, and nobody can undo that."
                ));
            }
            (Some(true), false) => self.register(user),
            (Some(true) | None, true) | (Some(false) | None, false) => {}
        }
        Ok(user)
    }

    fn department_named(&self, name: &str) -> Result<String, String> {
        if name == Self::HEAD_NAME {
            return Ok(HEAD.to_owned());
        }
        self.departments
            .iter()
            .find(|department| department.name == name)
            .map(|department| department.id.clone())
            .ok_or_else(|| format!("There is no department `{name}`."))
    }
}

fn full_name(last: &str, first: &str, middle: Option<&String>) -> FullName {
    FullName {
        last: last.to_owned(),
        first: first.to_owned(),
        middle: middle.cloned(),
    }
}
