//! The starting data of the box.

use super::company::{ACTIONS, Attached, Company, Employee, FullName, HEAD, Level};
use crate::seed::{People, Person};

/// The login of the service account that the settings belong to.
pub(super) const SERVICE_LOGIN: &str = "svc@example.test";

/// The login of the other administrator.
const DIRECTOR_LOGIN: &str = "ceo@example.test";

const HOUR_MS: i64 = 3_600_000;

/// The box was opened this long before the emulator's start; everybody came an hour after the one before.
const AGE_MS: i64 = 400 * 24 * HOUR_MS;

/// Returns the box with its departments, two administrators and those of the people who are on this platform.
pub(super) fn company(seed: u64, people: &People, now_ms: i64) -> Company {
    let mut company = Company::new(seed);
    let opened_ms = now_ms - AGE_MS;
    company.add_department(HEAD, "Бухгалтерия", "Бух", opened_ms);
    let sales = company.add_department(HEAD, "Продажи", "Прод", opened_ms);
    company.add_department(&sales, "Отдел продаж Север", "Север", opened_ms);
    company.add_department(HEAD, "Разработка", "Разр", opened_ms);

    add_administrator(
        &mut company,
        SERVICE_LOGIN,
        &["Служебная", "Запись"],
        "Интеграция",
        opened_ms,
    );
    add_administrator(
        &mut company,
        DIRECTOR_LOGIN,
        &["Директоров", "Пример"],
        "Генеральный директор",
        opened_ms + HOUR_MS,
    );
    if let Some(director) = company.employees.last_mut() {
        director.allow(&ACTIONS);
    }
    let mut came_ms = opened_ms + HOUR_MS;
    for person in people.on(super::KIND) {
        came_ms += HOUR_MS;
        add_person(&mut company, person, came_ms, now_ms);
    }
    // One that is known and attached to nobody, to be attached.
    company.add_power(None, false, now_ms);
    company
}

fn add_administrator(
    company: &mut Company,
    login: &str,
    [last, first]: &[&str; 2],
    position: &str,
    created_ms: i64,
) {
    let name = FullName {
        last: (*last).to_owned(),
        first: (*first).to_owned(),
        middle: None,
    };
    let user = company.add_user(Some(login), name, true);
    company.employees.push(Employee {
        administrator: true,
        level: Level::AllDocuments,
        position: position.to_owned(),
        ..Employee::new(user, created_ms)
    });
}

fn add_person(company: &mut Company, person: &Person, created_ms: i64, now_ms: i64) {
    let name = FullName {
        last: person.last_name.clone(),
        first: person.first_name.clone(),
        middle: Some(person.middle_name.clone()),
    };
    let user = company.add_user(Some(&person.email), name, is_registered(person));
    let department = company
        .departments
        .iter()
        .find(|department| department.name == person.department)
        .map_or(HEAD, |department| &department.id)
        .to_owned();
    let mut employee = Employee {
        department,
        position: person.title.clone(),
        blocked: person.suspended,
        comment: person.suspended.then(|| "Длительный отпуск".to_owned()),
        ..Employee::new(user, created_ms)
    };
    if signs(person) {
        employee.allow(&["CreateDocuments", "SignDocuments"]);
        let power = company.add_power(Some(user), false, now_ms);
        employee.attach(Attached {
            power,
            default: true,
        });
        if person.number.is_multiple_of(2) {
            let power = company.add_power(Some(user), true, now_ms);
            employee.attach(Attached {
                power,
                default: false,
            });
        }
    } else {
        employee.allow(&["CreateDocuments"]);
    }
    company.employees.push(employee);
}

/// Every fourth person has not confirmed the e-mail yet.
fn is_registered(person: &Person) -> bool {
    person.number % 4 != 3
}

/// Every fourth person signs documents, and one in eight more has an old power of attorney besides.
fn signs(person: &Person) -> bool {
    person.number % 4 == 1 || person.number % 8 == 2
}
