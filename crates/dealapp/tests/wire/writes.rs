//! Making and changing employees.

use kadry_core::{
    Access, Change, Effect, Email, EmployeeRef, ErrorKind, FieldName, Grant, GrantEdit, KindName,
    MatchKey, RemoteId, Wish,
};
use serde_json::{Value, json};

use crate::script::{LIST, OWN, Reply, connected, listing, record, single};

fn wish() -> Wish {
    let text = |text: &str| text.to_owned();
    Wish {
        fields: [
            (FieldName::Email, text("vera@example.test")),
            (FieldName::ExternalId, text("hr-1")),
            (FieldName::LastName, text("Примерова")),
            (FieldName::FirstName, text("Вера Тестовна")),
        ]
        .into(),
        grants: [
            (
                KindName::UNIT,
                vec![Grant::with_id(KindName::UNIT, "u-1", "Первая линия")],
            ),
            (
                KindName::ROLE,
                vec![Grant::with_id(KindName::ROLE, "r-1", "Оператор")],
            ),
        ]
        .into(),
        quiet: false,
    }
}

/// The record that the wish makes.
fn vera() -> Value {
    let shown = json!({
        "email": "vera@example.test", "integration-uid": "hr-1", "last-name": "Примерова",
        "first-name": "Вера Тестовна"
    });
    record("e-1", &shown)
}

fn who() -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new("e-1"),
        settled: true,
        keys: vec![MatchKey::Email(Email::of_record("vera@example.test"))],
    }
}

fn refusal(fields: &Value) -> Reply {
    let error = json!({"status": 422, "code": "unprocessable_entity", "title": "…", "detail": " …", "fields": fields});
    Reply::new(422, json!({ "errors": [error] }))
}

#[tokio::test(start_paused = true)]
async fn a_record_is_made_with_one_flat_body() {
    let (platform, script) = connected([Reply::ok(single(&vera()))]).await;
    let made = platform.create(&wish()).await.unwrap();
    assert_eq!(made.at.id.as_str(), "e-1");
    assert_eq!(
        made.granted(&KindName::ROLE).unwrap()[0].name,
        "Оператор",
        "the answer to a write includes no names"
    );
    let [post] = script.seen().try_into().unwrap();
    assert_eq!(post.line, "POST /api/v1/users");
    assert_eq!(
        post.body,
        Some(json!({
            "email": "vera@example.test", "last_name": "Примерова", "first_name": "Вера Тестовна",
            "unit_id": "u-1", "role_id": "r-1", "integration_uid": "hr-1"
        }))
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_a_conflict_only_about_a_key() {
    let (platform, _) = connected([
        refusal(&json!({"email": ["…"]})),
        refusal(&json!({"integration_uid": ["…"]})),
        refusal(&json!({"unit_id": ["…"]})),
        Reply::new(409, ""),
        Reply::new(
            404,
            r#"{"errors": [{"status": "404", "code": "not_found"}]}"#,
        ),
    ])
    .await;
    for kind in [
        ErrorKind::Conflict,
        ErrorKind::Conflict,
        ErrorKind::Invalid,
        ErrorKind::Conflict,
        ErrorKind::Invalid,
    ] {
        let error = platform.create(&wish()).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (kind, Effect::None));
    }
}

#[tokio::test(start_paused = true)]
async fn a_collision_is_a_conflict_that_left_a_record() {
    let mut made = vera();
    made["attributes"]["collisions-on-create"] = json!({"integration-uid": ["hr-1"]});
    let (platform, _) = connected([Reply::ok(single(&made))]).await;
    let error = platform.create(&wish()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Conflict, Effect::Applied)
    );
    assert_eq!(error.context(), [("employee.id", "e-1".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_creation_is_not_asked_for_again() {
    for reply in [Reply::lost(), Reply::new(500, "<html>")] {
        let (platform, script) = connected([reply]).await;
        let error = platform.create(&wish()).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Unavailable, Effect::Unknown)
        );
        assert!(!error.is_retryable());
        assert_eq!(script.lines().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_answer_to_a_creation_is_looked_up_by_email() {
    let (platform, script) = connected([Reply::new(201, ""), Reply::ok(listing(&[vera()]))]).await;
    assert_eq!(
        platform.create(&wish()).await.unwrap().at.id.as_str(),
        "e-1"
    );
    assert_eq!(
        script.last().line,
        format!("{LIST}1&search=vera%40example.test")
    );
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_cannot_be_looked_up_is_in_doubt_and_not_repeated() {
    let lists = [
        Reply::ok(listing(&[])),
        Reply::new(403, ""),
        Reply::new(429, "").with("retry-after", 50),
    ];
    for list in lists {
        let (platform, _) = connected([Reply::ok("{}"), list]).await;
        let error = platform.create(&wish()).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown);
        assert!(!error.is_retryable());
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_dropped_without_a_word_is_named() {
    let mut made = vera();
    made["attributes"]["last-name"] = json!("Другая");
    made["attributes"]["integration-uid"] = json!(null);
    let (platform, _) = connected([
        Reply::ok(single(&made)),
        // What the answer does not show is looked for once more.
        Reply::ok(listing(&[made])),
    ])
    .await;
    let error = platform.create(&wish()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Protocol, Effect::Applied)
    );
    assert!(error.message().ends_with(": external_id, last_name"));
}

#[tokio::test(start_paused = true)]
async fn a_change_sends_only_what_changes() {
    let mut changed = vera();
    changed["attributes"]["phone-number"] = json!("+70000000001");
    changed["relationships"]["unit"]["data"]["id"] = json!("u-2");
    let (platform, script) = connected([Reply::ok(single(&changed))]).await;
    let unit = |id: &str, name: &str| Grant::with_id(KindName::UNIT, id, name);
    let change = Change {
        fields: [(FieldName::Phone, Some("+7 000 000-00-01".to_owned()))].into(),
        grants: [(
            KindName::UNIT,
            GrantEdit {
                keep: Vec::new(),
                add: vec![unit("u-2", "Продажи")],
                drop: vec![unit("u-1", "Первая линия")],
            },
        )]
        .into(),
    };
    let after = platform.update(&who(), &change).await.unwrap();
    assert_eq!(
        after.granted(&KindName::UNIT),
        Some([unit("u-2", "Продажи")].as_slice())
    );
    let [put] = script.seen().try_into().unwrap();
    assert_eq!(put.line, "PUT /api/v1/users/e-1");
    assert_eq!(
        put.body,
        Some(json!({"phone_number": "+7 000 000-00-01", "unit_id": "u-2"}))
    );
}

#[tokio::test(start_paused = true)]
async fn the_door_is_closed_by_a_flag_and_seen_to_be_closed() {
    let mut closed = vera();
    closed["attributes"]["active"] = json!(false);
    let partial = json!({"data": {"id": "e-1", "type": "users", "attributes": {}}});
    let (platform, script) = connected([
        Reply::ok(single(&closed)),
        Reply::ok(partial),
        Reply::ok(listing(&[closed])),
    ])
    .await;
    for _ in 0..2 {
        let employee = platform.set_access(&who(), Access::Suspended).await;
        assert_eq!(employee.unwrap().access, Access::Suspended);
    }
    let seen = script.seen();
    assert_eq!(seen[0].line, "PUT /api/v1/users/e-1");
    assert_eq!(seen[0].body, Some(json!({"active": false})));
    assert_eq!(seen.len(), 3, "a partial answer is looked up");
}

#[tokio::test(start_paused = true)]
async fn a_door_that_stays_open_is_an_error_that_may_be_repeated() {
    let (platform, _) = connected([Reply::ok(single(&vera()))]).await;
    let error = platform
        .set_access(&who(), Access::Suspended)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Protocol, Effect::Applied)
    );
    assert!(error.message().ends_with(": active"));
}

#[tokio::test(start_paused = true)]
async fn a_change_is_repeated_when_its_answer_is_lost_but_not_one_that_opens_a_door() {
    let (platform, script) = connected([Reply::lost(), Reply::ok(single(&vera()))]).await;
    let renamed = Change {
        fields: [(FieldName::LastName, Some("Примерова".to_owned()))].into(),
        ..Change::default()
    };
    platform.update(&who(), &renamed).await.unwrap();
    assert_eq!(script.lines(), ["PUT /api/v1/users/e-1"; 2]);
    let (platform, script) = connected([Reply::lost()]).await;
    let lost = platform.set_access(&who(), Access::Open).await;
    assert_eq!(lost.unwrap_err().effect(), Effect::Unknown);
    assert_eq!(script.lines(), ["PUT /api/v1/users/e-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_gone_is_not_found_and_an_id_is_one_segment() {
    let (platform, script) = connected([Reply::new(404, "")]).await;
    let odd = EmployeeRef {
        id: RemoteId::new("a/b?c"),
        ..who()
    };
    let error = platform.set_access(&odd, Access::Open).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(script.lines(), ["PUT /api/v1/users/a%2Fb%3Fc"]);
}

#[tokio::test(start_paused = true)]
async fn the_service_account_is_never_locked_out() {
    let own = EmployeeRef {
        keys: vec![MatchKey::Email(Email::of_record(OWN))],
        ..who()
    };
    let keyless = EmployeeRef {
        keys: Vec::new(),
        ..who()
    };
    let (platform, script) =
        connected([Reply::ok(listing(&[record("e-1", &json!({"email": OWN}))]))]).await;
    let rename = Change {
        fields: [(FieldName::Email, Some("new@example.test".to_owned()))].into(),
        ..Change::default()
    };
    for error in [
        platform
            .set_access(&own, Access::Suspended)
            .await
            .unwrap_err(),
        platform.update(&own, &rename).await.unwrap_err(),
        platform
            .set_access(&keyless, Access::Suspended)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Conflict, Effect::None)
        );
    }
    assert!(script.lines().iter().all(|line| line.starts_with("GET ")));
}
