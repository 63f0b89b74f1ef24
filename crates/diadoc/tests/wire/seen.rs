//! The departments whose documents somebody sees.

use kadry_core::{
    Change, Effect, EmployeeRef, ErrorKind, FieldName, Grant, GrantEdit, KindName, RemoteId, Wish,
};
use serde_json::{Value, json};

use crate::script::{ANNA, HEAD, Reply, Script, employee};

const STORE: &str = "b0000000-0000-0000-0000-000000000003";

fn who() -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(ANNA),
        settled: true,
        keys: Vec::new(),
    }
}

fn anna(level: &str, selected: &[&str]) -> Value {
    let mut anna = employee(ANNA, "anna@example.test");
    anna["Permissions"]["DocumentAccessLevel"] = json!(level);
    anna["Permissions"]["SelectedDepartmentIds"] = json!(selected);
    anna
}

fn seen(id: &str) -> Grant {
    Grant::with_id(KindName::SEEN_DEPARTMENT, id, id)
}

fn level(name: &str) -> Grant {
    Grant::with_id(KindName::ACCESS_LEVEL, name, name)
}

fn change(edits: &[GrantEdit]) -> Change {
    let kind = |edit: &GrantEdit| edit.whole().next().unwrap().kind.clone();
    Change {
        grants: edits
            .iter()
            .map(|edit| (kind(edit), edit.clone()))
            .collect(),
        ..Change::default()
    }
}

fn add(grants: &[Grant]) -> GrantEdit {
    GrantEdit {
        add: grants.to_vec(),
        ..GrantEdit::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_employee_gets_the_level_and_the_departments_in_one_call() {
    let script =
        Script::new(|_, _| Reply::Json(anna("SelectedDepartments", &[&STORE.to_uppercase()])));
    let mut wish = Wish::default();
    for (field, value) in [
        (FieldName::Email, "anna@example.test"),
        (FieldName::LastName, "Примерова"),
        (FieldName::FirstName, "Анна"),
    ] {
        wish.fields.insert(field, value.to_owned());
    }
    for grant in [level("SelectedDepartments"), seen(STORE)] {
        wish.grants.insert(grant.kind.clone(), vec![grant]);
    }
    let right = Grant::named(KindName::PERMISSION, "CreateDocuments");
    wish.grants.insert(right.kind.clone(), vec![right]);
    let made = script.connect().await.create(&wish).await.unwrap();
    assert_eq!(
        made.granted(&KindName::SEEN_DEPARTMENT),
        Some(&[seen(STORE)][..])
    );
    let log = script.after_connecting();
    assert_eq!(log.len(), 1);
    let permissions = &log[0].json()["Permissions"];
    assert_eq!(permissions["DocumentAccessLevel"], "SelectedDepartments");
    assert_eq!(permissions["SelectedDepartmentIds"], json!([STORE]));
}

#[tokio::test(start_paused = true)]
async fn the_departments_on_the_record_go_beside_a_level_that_comes_alone() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployee" => Reply::Json(anna("AllDocuments", &[HEAD, STORE])),
        _ => Reply::Json(anna("SelectedDepartments", &[STORE, HEAD])),
    });
    let provider = script.connect().await;
    let change = change(&[add(&[level("SelectedDepartments")])]);
    provider.update(&who(), &change).await.unwrap();
    assert_eq!(script.paths(), ["GET /GetEmployee", "POST /UpdateEmployee"]);
    assert_eq!(
        script.after_connecting()[1].json(),
        json!({"Permissions": {
            "DocumentAccessLevel": {"DocumentAccessLevel": "SelectedDepartments"},
            "SelectedDepartments": {"SelectedDepartmentIds": [HEAD, STORE]},
        }})
    );
}

#[tokio::test(start_paused = true)]
async fn a_level_without_any_department_is_not_sent() {
    let script = Script::new(|_, _| Reply::Json(anna("AllDocuments", &[])));
    let provider = script.connect().await;
    let change = change(&[add(&[level("SelectedDepartments")])]);
    let error = provider.update(&who(), &change).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.effect(), Effect::None);
    assert_eq!(script.paths(), ["GET /GetEmployee"]);
}

#[tokio::test(start_paused = true)]
async fn departments_that_did_not_change_as_asked_are_an_error() {
    let script = Script::new(|_, _| Reply::Json(anna("SelectedDepartments", &[HEAD])));
    let provider = script.connect().await;
    let edit = GrantEdit {
        keep: vec![seen(HEAD)],
        ..add(&[seen(STORE)])
    };
    let error = provider.update(&who(), &change(&[edit])).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Applied);
    assert_eq!(error.context(), [("fields", "seen-department".to_owned())]);
    assert_eq!(script.paths(), ["POST /UpdateEmployee"]);
    assert_eq!(
        script.after_connecting()[0].json(),
        json!({"Permissions": {"SelectedDepartments": {"SelectedDepartmentIds": [HEAD, STORE]}}})
    );
}

#[tokio::test(start_paused = true)]
async fn the_departments_that_can_be_seen_are_those_of_the_box() {
    let script = Script::new(|_, _| {
        let head = json!({"Id": HEAD, "Name": "Головное подразделение"});
        let store = json!({"Id": STORE, "ParentDepartmentId": HEAD, "Name": "Склад"});
        Reply::Json(json!({"Departments": [head, store], "TotalCount": 2}))
    });
    let provider = script.connect().await;
    let offers = provider.catalogue(&KindName::SEEN_DEPARTMENT, None).await;
    let offers = offers.unwrap().items;
    assert_eq!(offers[1].path, ["Головное подразделение", "Склад"]);
    assert_eq!(script.paths(), ["GET /admin/GetDepartments"]);
}
