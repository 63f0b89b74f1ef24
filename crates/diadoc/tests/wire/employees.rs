use std::sync::Arc;

use kadry_core::{
    Access, Change, Effect, Email, EmployeeProvider, EmployeeRef, ErrorKind, FieldName, Grant,
    GrantEdit, KindName, MatchKey, RemoteId, Wish, every,
};
use serde_json::{Value, json};

use crate::script::{ANNA, BOX, Reply, Script, Seen, employee, page};

fn who(settled: bool) -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(ANNA),
        settled,
        keys: vec![key("anna@example.test")],
    }
}

fn key(email: &str) -> MatchKey {
    MatchKey::Email(Email::parse(email).unwrap())
}

fn anna() -> Value {
    employee(ANNA, "anna@example.test")
}

fn blocked(mut employee: Value) -> Value {
    employee["Permissions"]["AuthorizationPermission"]["IsBlocked"] = json!(true);
    employee
}

fn wish() -> Wish {
    let mut wish = Wish::default();
    for (field, value) in [
        (FieldName::Email, "anna@example.test"),
        (FieldName::LastName, "Примерова"),
        (FieldName::FirstName, "Анна"),
        (FieldName::Title, "Бухгалтер"),
    ] {
        wish.fields.insert(field, value.to_owned());
    }
    wish.grants.insert(
        KindName::PERMISSION,
        vec![Grant::named(KindName::PERMISSION, "CreateDocuments")],
    );
    wish
}

fn promotion() -> Change {
    Change {
        fields: [(FieldName::Title, Some("Главный бухгалтер".to_owned()))].into(),
        ..Change::default()
    }
}

async fn everybody(provider: Arc<dyn EmployeeProvider>) -> Vec<String> {
    let rows = every(|from| {
        let provider = Arc::clone(&provider);
        async move { provider.list(from.as_ref()).await }
    })
    .await
    .unwrap();
    rows.into_iter().map(|row| row.at.id.to_string()).collect()
}

fn pages_of(script: &Script) -> Vec<String> {
    let seen = script.after_connecting();
    let number = |seen: &Seen| seen.query("page").unwrap().to_owned();
    seen.iter().map(number).collect()
}

#[tokio::test(start_paused = true)]
async fn everybody_is_listed_page_by_page() {
    let script = Script::new(|seen, _| match seen.query("page") {
        Some("1") => page(
            3,
            &[
                employee("a", "a@example.test"),
                blocked(employee("b", "b@example.test")),
            ],
        ),
        _ => page(3, &[employee("c", "")]),
    });
    let provider = script.connect().await;
    assert_eq!(everybody(provider).await, ["a", "b", "c"]);
    let log = script.after_connecting();
    assert_eq!(log.len(), 2);
    assert_eq!(log[0].what, "GET api.test/GetEmployees");
    assert_eq!(
        log[0].query,
        [("boxId", BOX), ("page", "1"), ("count", "50")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(log[0].content_type, None);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_shifts_between_pages_is_read_again() {
    // Somebody on page 1 is deleted after it was read: "c" moves there and would be missed.
    let script = Script::new(|seen, nth| match (seen.query("page"), nth) {
        (Some("1"), 0) => page(3, &[employee("a", ""), employee("b", "")]),
        (Some("1"), _) => page(2, &[employee("b", ""), employee("c", "")]),
        _ => page(2, &[]),
    });
    let provider = script.connect().await;
    assert_eq!(everybody(provider).await, ["b", "c"]);
    assert_eq!(pages_of(&script), ["1", "2", "1"]);
}

#[tokio::test(start_paused = true)]
async fn a_person_is_found_by_login_whatever_its_case_and_suspended_too() {
    let script = Script::new(|_, _| {
        page(
            3,
            &[
                employee("a", "other.anna@example.test"),
                blocked(employee(ANNA, " Anna@Example.TEST")),
                json!({"User": {"UserId": "c", "IsRegistered": true}, "Permissions": {}}),
            ],
        )
    });
    let provider = script.connect().await;
    let found = provider
        .find(&key("anna@example.test"), None)
        .await
        .unwrap();
    assert_eq!(found.next, None);
    assert_eq!(found.items.len(), 1);
    assert_eq!(found.items[0].at.id.as_str(), ANNA);
    assert_eq!(found.items[0].access, Access::Suspended);
    let id = MatchKey::ExternalId("42".into());
    let by_id = provider.find(&id, None);
    assert_eq!(by_id.await.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[tokio::test(start_paused = true)]
async fn a_settled_record_is_read_by_id() {
    let script = Script::new(|_, _| Reply::Json(anna()));
    let provider = script.connect().await;
    assert!(provider.get(&who(true)).await.unwrap().is_some());
    let log = script.after_connecting();
    assert_eq!(log[0].what, "GET api.test/GetEmployee");
    assert_eq!(
        log[0].query,
        [("boxId", BOX), ("userId", ANNA)].map(|(n, v)| (n.to_owned(), v.to_owned()))
    );
}

#[tokio::test(start_paused = true)]
async fn an_id_that_leads_nowhere_is_looked_for_by_login_once() {
    for settled in [true, false] {
        let script = Script::new(|seen, _| match seen.what.as_str() {
            "GET api.test/GetEmployee" => Reply::Status(404, ""),
            _ => page(1, &[employee("new-id", "anna@example.test")]),
        });
        let provider = script.connect().await;
        let found = provider.get(&who(settled)).await.unwrap().unwrap();
        assert_eq!(found.at.id.as_str(), "new-id");
        assert_eq!(script.paths(), ["GET /GetEmployee", "GET /GetEmployees"]);
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_is_gone_is_none() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployee" => Reply::Status(404, ""),
        _ => page(0, &[]),
    });
    let provider = script.connect().await;
    assert_eq!(provider.get(&who(true)).await.unwrap(), None);
    assert_eq!(provider.get(&who(false)).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn creating_sends_one_complete_body() {
    let script = Script::new(|_, _| Reply::Json(anna()));
    let provider = script.connect().await;
    let made = provider.create(&wish()).await.unwrap();
    assert_eq!(made.at.id.as_str(), ANNA);
    let log = script.after_connecting();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].what, "POST api.test/CreateEmployee");
    assert_eq!(log[0].query, [("boxId".to_owned(), BOX.to_owned())]);
    assert_eq!(
        log[0].content_type.as_deref(),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(log[0].accept.as_deref(), Some("application/json"));
    let body = log[0].json();
    assert_eq!(
        body["Credentials"]["Login"]["FullName"],
        json!({"LastName": "Примерова", "FirstName": "Анна"})
    );
    assert_eq!(body["Permissions"]["Actions"].as_array().unwrap().len(), 9);
}

#[tokio::test(start_paused = true)]
async fn a_new_record_that_names_no_login_can_be_found_again_by_the_one_asked_for() {
    for login in [json!(null), json!(" ")] {
        let script = Script::new(move |_, _| {
            let mut row = anna();
            row["User"]["Login"] = login.clone();
            row["User"]["IsRegistered"] = json!(false);
            Reply::Json(row)
        });
        let made = script.connect().await.create(&wish()).await;
        assert_eq!(made.unwrap().at, who(false));
    }
}

#[tokio::test(start_paused = true)]
async fn an_existing_user_keeps_their_name_and_that_is_no_error() {
    let script = Script::new(|_, _| {
        let mut row = anna();
        row["User"]["FullName"]["LastName"] = json!("Девичья");
        Reply::Json(row)
    });
    let made = script.connect().await.create(&wish()).await.unwrap();
    assert_eq!(made.profile.full_name(), "Девичья Анна");
}

#[tokio::test(start_paused = true)]
async fn somebody_who_exists_is_a_conflict_and_nothing_changed() {
    let script = Script::new(|_, _| Reply::Status(409, "Employee already exists in box"));
    let error = script.connect().await.create(&wish()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.effect(), Effect::None);
    assert!(error.message().contains("Employee already exists in box"));
}

#[tokio::test(start_paused = true)]
async fn a_lost_create_is_unknown_and_is_never_sent_twice() {
    for reply in [
        || Reply::Lost,
        || Reply::Status(500, ""),
        || Reply::Status(200, ""),
    ] {
        let script = Script::new(move |_, _| reply());
        let error = script.connect().await.create(&wish()).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown);
        assert!(!error.is_retryable());
        assert_eq!(script.paths(), ["POST /CreateEmployee"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_made_otherwise_than_asked_is_named_by_its_fields() {
    let script = Script::new(|_, _| {
        let mut row = anna();
        row["Position"] = json!("");
        row["Permissions"]["DocumentAccessLevel"] = json!("AllDocuments");
        row["Permissions"]["Actions"][1]["IsAllowed"] = json!(true);
        Reply::Json(row)
    });
    let error = script.connect().await.create(&wish()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.effect(), Effect::Applied);
    assert_eq!(
        error.context(),
        [("fields", "title, access-level, permission".to_owned())]
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_is_a_patch_of_what_changes() {
    let script = Script::new(|_, _| {
        let mut row = anna();
        row["Position"] = json!("Главный бухгалтер");
        row["Permissions"]["Actions"][0]["IsAllowed"] = json!(false);
        Reply::Json(row)
    });
    let mut change = promotion();
    change.grants.insert(
        KindName::PERMISSION,
        GrantEdit {
            drop: vec![Grant::named(KindName::PERMISSION, "CreateDocuments")],
            ..GrantEdit::default()
        },
    );
    let provider = script.connect().await;
    provider.update(&who(true), &change).await.unwrap();
    let log = script.after_connecting();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].what, "POST api.test/UpdateEmployee");
    assert_eq!(log[0].query("userId"), Some(ANNA));
    assert_eq!(
        log[0].json(),
        json!({
            "Position": {"Position": "Главный бухгалтер"},
            "Permissions": {"Actions": [{"Name": "CreateDocuments", "IsAllowed": false}]},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_that_did_not_happen_is_an_error() {
    let script = Script::new(|_, _| Reply::Json(anna()));
    let provider = script.connect().await;
    let error = provider.update(&who(true), &promotion()).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Applied);
    let error = provider
        .set_access(&who(true), Access::Suspended)
        .await
        .unwrap_err();
    assert_eq!(error.context(), [("fields", "access".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn the_door_is_closed_and_opened_by_one_flag() {
    let script = Script::new(|seen, _| {
        let patch = &seen.json()["Permissions"]["AuthorizationPermission"];
        Reply::Json(if patch["IsBlocked"] == true {
            blocked(anna())
        } else {
            anna()
        })
    });
    let provider = script.connect().await;
    for access in [Access::Suspended, Access::Open] {
        let row = provider.set_access(&who(true), access).await.unwrap();
        assert_eq!(row.access, access);
    }
    assert_eq!(
        script.after_connecting()[0].json(),
        json!({"Permissions": {"AuthorizationPermission": {"IsBlocked": true}}})
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_administrator_is_a_conflict() {
    let script = Script::new(|_, _| Reply::Status(409, ""));
    let provider = script.connect().await;
    let close = provider.set_access(&who(true), Access::Suspended).await;
    assert_eq!(close.unwrap_err().kind(), ErrorKind::Conflict);
    let remove = provider.remove(&who(true)).await;
    assert_eq!(remove.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn an_unsettled_record_is_found_again_before_it_is_written() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployees" => page(1, &[employee("new-id", "anna@example.test")]),
        _ => Reply::Json(blocked(employee("new-id", "anna@example.test"))),
    });
    let provider = script.connect().await;
    let row = provider
        .set_access(&who(false), Access::Suspended)
        .await
        .unwrap();
    assert_eq!(row.at.id.as_str(), "new-id");
    let log = script.after_connecting();
    assert_eq!(log[1].query("userId"), Some("new-id"));
}

#[tokio::test(start_paused = true)]
async fn an_unsettled_record_that_is_gone_is_not_written() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployee" => Reply::Status(404, ""),
        _ => page(0, &[]),
    });
    let provider = script.connect().await;
    let error = provider
        .update(&who(false), &promotion())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.effect(), Effect::None);
    assert_eq!(script.paths(), ["GET /GetEmployee", "GET /GetEmployees"]);
}

#[tokio::test(start_paused = true)]
async fn removing_looks_for_powers_of_attorney_first_and_sends_no_body() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "POST api.test/DeleteEmployee" => Reply::Status(200, ""),
        "GET api.test/GetEmployees" => page(0, &[]),
        _ => Reply::Json(json!({"PowersOfAttorney": []})),
    });
    let provider = script.connect().await;
    provider.remove(&who(true)).await.unwrap();
    assert_eq!(
        script.paths(),
        [
            "GET /GetEmployeePowersOfAttorney",
            "POST /DeleteEmployee",
            "GET /GetEmployees"
        ]
    );
    let delete = &script.after_connecting()[1];
    assert_eq!(delete.query("userId"), Some(ANNA));
    assert_eq!(delete.content_type, None);
    assert_eq!(delete.body, "");
}

#[tokio::test(start_paused = true)]
async fn we_do_not_remove_ourselves() {
    let script = Script::new(|_, _| Reply::Status(500, ""));
    let provider = script.connect().await;
    let own = provider.whoami().await.unwrap().own.unwrap();
    let error = provider.remove(&own).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.effect(), Effect::None);
    assert!(script.after_connecting().is_empty());
}

#[tokio::test(start_paused = true)]
async fn somebody_with_a_power_of_attorney_is_not_removed() {
    let script = Script::new(|_, _| {
        let id = json!({"RegistrationNumber": "n", "IssuerInn": "i", "RepresentativeInn": "r"});
        Reply::Json(
            json!({"PowersOfAttorney": [{"PowerOfAttorney": {"FullId": id}, "IsDefault": false}]}),
        )
    });
    let provider = script.connect().await;
    let error = provider.remove(&who(true)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(script.paths(), ["GET /GetEmployeePowersOfAttorney"]);
}

#[tokio::test(start_paused = true)]
async fn removing_somebody_who_is_gone_is_quiet() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployees" => page(0, &[]),
        _ => Reply::Status(404, ""),
    });
    let provider = script.connect().await;
    provider.remove(&who(true)).await.unwrap();
    provider.remove(&who(false)).await.unwrap();
    assert_eq!(
        script.paths(),
        [
            "GET /GetEmployeePowersOfAttorney",
            "POST /DeleteEmployee",
            "GET /GetEmployees",
            "GET /GetEmployees"
        ]
    );
}
