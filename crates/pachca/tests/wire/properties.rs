use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{
    Change, Cursor, Effect, EmployeeProvider, ErrorKind, FieldName, Fields, Gate, Grant, GrantEdit,
    KindName, Result, Wish,
};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Asked, employee, messenger, one, refusal, user};

fn city(value: &str) -> Grant {
    Grant::with_id(KindName::PROPERTY, "1678", "Город").holding(value)
}

fn number(value: &str) -> Grant {
    Grant::with_id(KindName::PROPERTY, "1679", "Табельный номер").holding(value)
}

fn shown(city: &str, number: &str) -> Value {
    json!([
        {"id": 1678, "name": "Город", "data_type": "string", "value": city},
        {"id": 1679, "name": "Табельный номер", "data_type": "string", "value": number},
    ])
}

fn edit(keep: &[Grant], add: &[Grant], drop: &[Grant]) -> Change {
    let edit = GrantEdit {
        keep: keep.to_vec(),
        add: add.to_vec(),
        drop: drop.to_vec(),
    };
    Change {
        grants: BTreeMap::from([(KindName::PROPERTY, edit)]),
        ..Change::default()
    }
}

#[tokio::test(start_paused = true)]
async fn the_fields_that_can_hold_a_value_are_one_unpaged_list() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let known = json!([{"id": 1678, "name": "Город", "data_type": "string"}]);
    script.then(one(200, known));
    let kind = KindName::PROPERTY;
    let offers = messenger.catalogue(&kind, None).await.unwrap();
    assert_eq!(offers.items[0].id.as_str(), "1678");
    assert_eq!(offers.items[0].path, ["Город"]);
    assert_eq!(offers.next, None);
    let cursor = Cursor::new("2");
    let fault = messenger.catalogue(&kind, Some(&cursor)).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Invalid);
    assert_eq!(script.lines(), ["GET /custom_properties?entity_type=User"]);
}

#[tokio::test(start_paused = true)]
async fn values_are_given_with_a_new_record() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let properties = shown("Тверь", "00042");
    script.then(one(
        201,
        user(9, json!({ "custom_properties": properties })),
    ));
    let wish = Wish {
        fields: Fields::from([(FieldName::Email, "user9@example.test".to_owned())]),
        grants: BTreeMap::from([(KindName::PROPERTY, vec![number("00042"), city(" Тверь ")])]),
        quiet: true,
    };
    let made = messenger.create(&wish).await.unwrap();
    let held = [city("Тверь"), number("00042")];
    assert_eq!(made.granted(&KindName::PROPERTY), Some(&held[..]));
    let sent = json!([{"id": 1678, "value": "Тверь"}, {"id": 1679, "value": "00042"}]);
    let fields = json!({"email": "user9@example.test", "custom_properties": sent});
    let body = json!({"user": fields, "skip_email_notify": true});
    let line = "POST /users".to_owned();
    assert_eq!(script.asked(), [Asked { line, body }]);
}

#[tokio::test(start_paused = true)]
async fn a_new_value_takes_the_place_of_the_old_one_and_the_others_are_sent_as_they_are() {
    let sent = json!([{"id": 1678, "value": "Тула"}, {"id": 1679, "value": "00042"}]);
    for change in [
        edit(&[number("00042"), city("Тверь")], &[city("Тула")], &[]),
        edit(&[number("00042")], &[city("Тула")], &[city("Тверь")]),
    ] {
        let (script, messenger) = messenger(&ADMINISTRATOR).await;
        let properties = shown("Тула", "00042");
        script.then(one(
            200,
            user(9, json!({ "custom_properties": properties })),
        ));
        messenger.update(&employee(9), &change).await.unwrap();
        let line = "PUT /users/9".to_owned();
        let body = json!({"user": {"custom_properties": sent}});
        assert_eq!(script.asked(), [Asked { line, body }]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_documented_or_says_nothing_is_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let kind = |outcome: Result<_>| outcome.map(drop).unwrap_err().kind();
    let taken = edit(&[number("00042")], &[], &[city("Тверь")]);
    let gate = Gate::new(Arc::clone(&messenger));
    let fault = gate.update(&employee(9), &taken).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Unsupported);
    let reason = ("reason", "not-documented".to_owned());
    assert!(fault.context().contains(&reason), "{:?}", fault.context());

    let unnamed = Grant::named(KindName::PROPERTY, "Город").holding("Тверь");
    let empty = Grant::with_id(KindName::PROPERTY, "1678", "Город");
    for given in [unnamed, empty, city(" ")] {
        let change = edit(&[], &[given], &[]);
        let outcome = messenger.update(&employee(9), &change).await;
        assert_eq!(kind(outcome), ErrorKind::Invalid);
    }
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn a_field_that_is_gone_is_a_refused_value_and_changes_nothing() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(refusal(422, "custom_properties", "not_found"));
    let change = edit(&[], &[city("Тверь")], &[]);
    let fault = messenger.update(&employee(9), &change).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Invalid);
    assert_eq!(fault.effect(), Effect::None);
    assert_eq!(script.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_value_that_was_not_stored_is_noticed() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let properties = shown("Тверь", "00042");
    script.then(one(
        200,
        user(9, json!({ "custom_properties": properties })),
    ));
    let change = edit(&[], &[city("Тула")], &[]);
    let fault = messenger.update(&employee(9), &change).await.unwrap_err();
    assert_eq!(fault.effect(), Effect::Applied);
    let named = ("fields", "properties".to_owned());
    assert!(fault.context().contains(&named), "{:?}", fault.context());
    assert_eq!(script.asked().len(), 1);
}
