//! People who have not registered: how few requests reach them, and what proves that they are reached.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::join_all;
use kadry_core::{
    Change, Effect, EmployeeProvider, EmployeeRef, ErrorKind, FieldName, Grant, GrantEdit,
    KindName, Wish,
};
use serde_json::{Value, json};

use crate::script::{HEAD, Reply, Script, Seen, employee};

const CREATE: &str = "POST /CreateEmployee";
const ONE: &str = "GET /GetEmployee";
const LIST: &str = "GET /GetEmployees";
const SUBSCRIBE: &str = "POST /UpdateSubscriptions";
const UPDATE: &str = "POST /UpdateEmployee";

/// A box whose people have ids of their names, and `new-` before them once they have registered.
#[derive(Clone, Default)]
struct Office {
    /// The records by id.
    people: Arc<Mutex<BTreeMap<String, Value>>>,
    /// Whether somebody is made whenever a page is read.
    restless: bool,
}

fn login(name: &str) -> String {
    format!("{name}@example.test")
}

/// Returns whoever has not registered.
fn newcomer(name: &str) -> Value {
    let mut row = employee(&format!("id-{name}"), &login(name));
    row["User"]["IsRegistered"] = json!(false);
    row
}

impl Office {
    fn restless() -> Self {
        Self {
            restless: true,
            ..Self::default()
        }
    }

    fn put(&self, row: Value) {
        let id = row["User"]["UserId"].as_str().unwrap().to_owned();
        self.people.lock().unwrap().insert(id, row);
    }

    fn remove(&self, name: &str) {
        let mut people = self.people.lock().unwrap();
        people.remove(&format!("id-{name}")).unwrap();
    }

    /// Lets somebody register.
    fn register(&self, name: &str) {
        self.remove(name);
        let id = format!("new-{name}");
        self.put(employee(&id, &login(name)));
    }

    fn script(&self) -> Script {
        let office = self.clone();
        Script::new(move |seen, nth| office.play(seen, nth))
    }

    fn play(&self, seen: &Seen, nth: usize) -> Reply {
        let path = seen.what.split_once("api.test/").unwrap().1;
        match path {
            "CreateEmployee" => self.create(seen),
            "GetEmployees" => self.page(seen, nth),
            _ => {
                let mut people = self.people.lock().unwrap();
                match people.get_mut(seen.query("userId").unwrap()) {
                    Some(row) => about(row, path, seen),
                    None => Reply::Status(404, "Employee is not found"),
                }
            }
        }
    }

    fn create(&self, seen: &Seen) -> Reply {
        let body = seen.json();
        let login = body["Credentials"]["Login"]["Login"].as_str().unwrap();
        let mut row = newcomer(login.split_once('@').unwrap().0);
        row["Permissions"] = body["Permissions"].clone();
        row["Position"] = json!("");
        self.put(row.clone());
        Reply::Json(row)
    }

    fn page(&self, seen: &Seen, nth: usize) -> Reply {
        let rows: Vec<Value> = self.people.lock().unwrap().values().cloned().collect();
        let number: usize = seen.query("page").unwrap().parse().unwrap();
        let total = rows.len();
        let rows: Vec<_> = rows.into_iter().skip((number - 1) * 50).take(50).collect();
        if self.restless {
            self.put(newcomer(&format!("zz-{nth}")));
        }
        Reply::Json(json!({"Employees": rows, "TotalCount": total}))
    }
}

/// The answer to a request about somebody who is there.
fn about(row: &mut Value, path: &str, seen: &Seen) -> Reply {
    match path {
        "GetEmployee" => Reply::Json(row.clone()),
        "GetSubscriptions" => Reply::Json(json!({"Subscriptions": []})),
        "UpdateSubscriptions" => Reply::Json(seen.json()),
        "GetEmployeePowersOfAttorney" => Reply::Json(json!({"PowersOfAttorney": []})),
        "UpdateEmployee" => {
            let patch = seen.json();
            if let Some(position) = patch["Position"].get("Position") {
                row["Position"] = position.clone();
            }
            if let Some(actions) = patch["Permissions"].get("Actions") {
                row["Permissions"]["Actions"] = actions.clone();
            }
            Reply::Json(row.clone())
        }
        _ => Reply::Status(404, "Power of attorney not found"),
    }
}

fn wish(name: &str) -> Wish {
    let mut wish = Wish::default();
    for (field, value) in [
        (FieldName::Email, login(name)),
        (FieldName::LastName, "Примерова".to_owned()),
        (FieldName::FirstName, "Анна".to_owned()),
    ] {
        wish.fields.insert(field, value);
    }
    let head = Grant::with_id(KindName::DEPARTMENT, HEAD, HEAD);
    wish.grants.insert(KindName::DEPARTMENT, vec![head]);
    wish
}

async fn create(provider: &dyn EmployeeProvider, name: &str) -> EmployeeRef {
    let made = provider.create(&wish(name)).await.unwrap().at;
    assert!(!made.settled);
    made
}

async fn subscribe(provider: &dyn EmployeeProvider, who: &EmployeeRef) -> kadry_core::Result<()> {
    let news = [Grant::named(KindName::SUBSCRIPTION, "News")];
    let kind = KindName::SUBSCRIPTION;
    provider.set_grants(who, &kind, &news, &[]).await
}

/// Lets somebody sign, and returns the id of the record that was changed.
async fn permit(provider: &dyn EmployeeProvider, who: &EmployeeRef) -> kadry_core::Result<String> {
    let edit = GrantEdit {
        add: vec![Grant::named(KindName::PERMISSION, "SignDocuments")],
        ..GrantEdit::default()
    };
    let change = Change {
        grants: [(KindName::PERMISSION, edit)].into(),
        ..Change::default()
    };
    let row = provider.update(who, &change).await?;
    Ok(row.at.id.to_string())
}

async fn onboard(provider: &dyn EmployeeProvider, name: &str) {
    let anna = create(provider, name).await;
    subscribe(provider, &anna).await.unwrap();
    permit(provider, &anna).await.unwrap();
}

/// The ids that writes went to.
fn written(script: &Script) -> Vec<String> {
    let seen = script.after_connecting().into_iter();
    seen.filter(|seen| seen.what.starts_with("POST") && seen.query("userId").is_some())
        .map(|seen| seen.query("userId").unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_is_reached_without_a_list() {
    let script = Office::default().script();
    onboard(script.connect().await.as_ref(), "anna").await;
    assert_eq!(script.paths(), [CREATE, ONE, SUBSCRIBE, UPDATE]);
}

#[tokio::test(start_paused = true)]
async fn twenty_newcomers_at_once_cost_twenty_times_as_much_as_one() {
    let script = Office::restless().script();
    let provider = script.connect().await;
    let names: Vec<String> = (0..20).map(|number| format!("anna-{number}")).collect();
    join_all(names.iter().map(|name| onboard(provider.as_ref(), name))).await;
    let paths = script.paths();
    for once in [CREATE, ONE, SUBSCRIBE, UPDATE] {
        assert_eq!(paths.iter().filter(|path| **path == once).count(), 20);
    }
    assert_eq!(paths.len(), 80);
}

#[tokio::test(start_paused = true)]
async fn an_id_from_long_ago_is_proven_by_one_request_and_not_by_a_list() {
    let script = Office::restless().script();
    let provider = script.connect().await;
    let anna = create(provider.as_ref(), "anna").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    permit(provider.as_ref(), &anna).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(provider.get(&anna).await.unwrap().is_some());
    // What was just shown is known again.
    provider.held(&KindName::SUBSCRIPTION, &anna).await.unwrap();
    permit(provider.as_ref(), &anna).await.unwrap();
    assert_eq!(
        script.paths(),
        [CREATE, ONE, UPDATE, ONE, "GET /GetSubscriptions", UPDATE]
    );
}

#[tokio::test(start_paused = true)]
async fn somebody_who_registers_between_is_looked_for_on_one_list() {
    let office = Office::default();
    let script = office.script();
    let provider = script.connect().await;
    let anna = create(provider.as_ref(), "anna").await;
    office.register("anna");
    subscribe(provider.as_ref(), &anna).await.unwrap();
    assert_eq!(permit(provider.as_ref(), &anna).await.unwrap(), "new-anna");
    assert_eq!(script.paths(), [CREATE, ONE, LIST, SUBSCRIBE, UPDATE]);
    assert_eq!(written(&script), ["new-anna", "new-anna"]);

    let office = Office::default();
    let script = office.script();
    let provider = script.connect().await;
    let anna = create(provider.as_ref(), "anna").await;
    office.register("anna");
    assert_eq!(permit(provider.as_ref(), &anna).await.unwrap(), "new-anna");
    assert_eq!(script.paths(), [CREATE, UPDATE, LIST, UPDATE]);
}

#[tokio::test(start_paused = true)]
async fn an_id_that_leads_to_somebody_else_is_not_written_to() {
    let office = Office::default();
    let script = office.script();
    let provider = script.connect().await;
    let anna = create(provider.as_ref(), "anna").await;
    office.register("anna");
    office.put(employee("id-anna", &login("boris")));
    subscribe(provider.as_ref(), &anna).await.unwrap();
    assert_eq!(script.paths(), [CREATE, ONE, LIST, SUBSCRIBE]);
    assert_eq!(written(&script), ["new-anna"]);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_met_somebody_else_is_no_success() {
    let office = Office::default();
    let script = office.script();
    let provider = script.connect().await;
    let anna = create(provider.as_ref(), "anna").await;
    office.put(employee("id-anna", &login("boris")));
    let error = permit(provider.as_ref(), &anna).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.effect(), Effect::Applied);
    assert_eq!(script.paths(), [CREATE, UPDATE]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_always_moves_shows_whoever_is_on_it_each_time() {
    let office = Office::restless();
    let script = office.script();
    let provider = script.connect().await;
    for number in 0..60 {
        office.put(newcomer(&format!("b-{number}")));
    }
    let anna = create(provider.as_ref(), "anna").await;
    office.register("anna");
    assert_eq!(permit(provider.as_ref(), &anna).await.unwrap(), "new-anna");
    let mut expected = vec![CREATE, UPDATE];
    expected.extend([LIST; 4]);
    // There is nobody else of that login under the id that was known.
    expected.extend([ONE, UPDATE]);
    assert_eq!(script.paths(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_always_moves_does_not_show_who_is_gone() {
    let office = Office::restless();
    let script = office.script();
    let provider = script.connect().await;
    for number in 0..60 {
        office.put(newcomer(&format!("b-{number}")));
    }
    let anna = create(provider.as_ref(), "anna").await;
    office.remove("anna");
    let error = subscribe(provider.as_ref(), &anna).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.effect(), Effect::None);
    let read = provider.get(&anna).await.unwrap_err();
    assert_eq!(read.kind(), ErrorKind::Protocol);
    let removed = provider.remove(&anna).await.unwrap_err();
    assert_eq!(removed.kind(), ErrorKind::Protocol);
    assert!(written(&script).is_empty());
}

#[tokio::test(start_paused = true)]
async fn of_two_people_of_one_login_a_list_that_moves_does_not_choose() {
    // The one who is meant is overlooked by every walk.
    let script = Script::new(move |seen, nth| match seen.what.as_str() {
        "GET api.test/GetEmployees" => {
            let twin = employee("twin", "Anna@example.test");
            let rows = [twin, employee("c", "c@example.test")];
            let number = usize::from(seen.query("page") != Some("1"));
            Reply::Json(json!({"Employees": [rows[number]], "TotalCount": 2 + nth}))
        }
        "POST api.test/DeleteEmployee" => Reply::Status(409, ""),
        "GET api.test/GetEmployee" => Reply::Json(newcomer("anna")),
        _ => Reply::Json(json!({"PowersOfAttorney": []})),
    });
    let provider = script.connect().await;
    let anna = EmployeeRef {
        id: kadry_core::RemoteId::new("id-anna"),
        settled: false,
        keys: vec![kadry_core::MatchKey::Email(
            kadry_core::Email::parse("anna@example.test").unwrap(),
        )],
    };
    let error = provider.remove(&anna).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(written(&script), ["id-anna"]);
}

#[tokio::test(start_paused = true)]
async fn a_power_of_attorney_that_nobody_knows_costs_no_list() {
    let script = Office::default().script();
    let provider = script.connect().await;
    let anna = create(provider.as_ref(), "anna").await;
    let kind = KindName::POWER_OF_ATTORNEY;
    let power = [Grant::with_id(kind.clone(), "n/i/r", "n")];
    let error = provider.set_grants(&anna, &kind, &power, &[]).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(
        script.paths(),
        [
            CREATE,
            ONE,
            "GET /GetEmployeePowersOfAttorney",
            "POST /V2/AddEmployeePowerOfAttorney",
            ONE
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_others_are_changed_to_makes_nobody_unknown() {
    let office = Office::default();
    office.put(newcomer("anna"));
    office.put(newcomer("boris"));
    let script = office.script();
    let provider = script.connect().await;
    let everybody = provider.list(None).await.unwrap().items;
    for somebody in &everybody {
        permit(provider.as_ref(), &somebody.at).await.unwrap();
    }
    assert_eq!(script.paths(), [LIST, UPDATE, UPDATE]);
}
