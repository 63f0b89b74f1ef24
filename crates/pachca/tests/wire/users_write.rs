use std::collections::BTreeMap;

use kadry_core::{
    Access, Change, Definition, Effect, ErrorKind, FieldName, Fields, Grant, GrantEdit, KindName,
    Known, Wish,
};
use serde_json::{Value, json};

use crate::script::{ADMINISTRATOR, Asked, Reply, employee, messenger, one, page, refusal, user};

fn tag(name: &str) -> Grant {
    Grant::named(KindName::TAG, name)
}

fn wish() -> Wish {
    Wish {
        fields: Fields::from([
            (FieldName::Email, "user9@example.test".to_owned()),
            (FieldName::LastName, "Примерова".to_owned()),
            (FieldName::FirstName, "Анна".to_owned()),
            (FieldName::Phone, "8 000 000-00-01".to_owned()),
            (FieldName::Title, "Бухгалтер".to_owned()),
            (FieldName::Department, "Бухгалтерия".to_owned()),
        ]),
        grants: BTreeMap::from([
            (
                KindName::ROLE,
                vec![Grant::with_id(KindName::ROLE, "user", "user")],
            ),
            (KindName::TAG, vec![tag("Бухгалтерия"), tag("Дежурные")]),
        ]),
        quiet: true,
    }
}

fn put(id: i64, fields: Value) -> Asked {
    Asked {
        line: format!("PUT /users/{id}"),
        body: json!({ "user": fields }),
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_is_made_with_everything_in_one_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    // The invited person's given name is not shown yet, and tags are known whatever their case.
    let made = json!({"first_name": null, "invite_status": "sent", "list_tags": ["дежурные", "Бухгалтерия"]});
    script.then(one(201, user(9, made)));
    let made = messenger.create(&wish()).await.unwrap();
    assert_eq!(made.profile.get(FieldName::FirstName), &Known::Hidden);
    let body = json!({
        "user": {
            "email": "user9@example.test", "first_name": "Анна", "last_name": "Примерова",
            "phone_number": "8 000 000-00-01", "department": "Бухгалтерия", "title": "Бухгалтер",
            "role": "user", "list_tags": ["Бухгалтерия", "Дежурные"],
        },
        "skip_email_notify": true,
    });
    let line = "POST /users".to_owned();
    assert_eq!(script.asked(), [Asked { line, body }]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_wished_is_not_sent() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(201, user(9, json!({}))));
    let wish = Wish {
        fields: Fields::from([(FieldName::Email, "user9@example.test".to_owned())]),
        ..Wish::default()
    };
    messenger.create(&wish).await.unwrap();
    let body = json!({"user": {"email": "user9@example.test"}, "skip_email_notify": false});
    assert_eq!(script.asked()[0].body, body);
}

#[tokio::test(start_paused = true)]
async fn an_email_that_is_taken_is_a_conflict_and_changes_nothing() {
    for (status, code) in [(409, "already_exists"), (422, "taken")] {
        let (script, messenger) = messenger(&ADMINISTRATOR).await;
        script.then(refusal(status, "email", code));
        let fault = messenger.create(&wish()).await.unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::Conflict);
        assert_eq!(fault.effect(), Effect::None);
        assert_eq!(script.asked().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_workspace_without_a_licence_left_is_a_matter_of_billing() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(refusal(422, "base", "licenses_limit"));
    let fault = messenger.create(&wish()).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Billing);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_creation_is_not_repeated() {
    for reply in [
        Reply::Lost,
        Reply::Text(502, "<html>"),
        Reply::Text(201, "{"),
    ] {
        let (script, messenger) = messenger(&ADMINISTRATOR).await;
        script.then(reply);
        let fault = messenger.create(&wish()).await.unwrap_err();
        assert_eq!(fault.effect(), Effect::Unknown);
        assert!(!fault.is_retryable());
        assert_eq!(script.asked().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_made_without_an_email() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let fault = messenger.create(&Wish::default()).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Invalid);
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn a_change_sends_what_changes_and_never_the_door() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let changed = json!({"title": "Главный бухгалтер", "department": "", "list_tags": ["А", "Б"]});
    script.then(one(200, user(9, changed)));
    let change = Change {
        fields: BTreeMap::from([
            (FieldName::Title, Some("Главный бухгалтер".to_owned())),
            (FieldName::Department, None),
        ]),
        grants: BTreeMap::from([(
            KindName::TAG,
            GrantEdit {
                keep: vec![tag("А")],
                add: vec![tag("Б")],
                drop: vec![tag("В")],
            },
        )]),
    };
    messenger.update(&employee(9), &change).await.unwrap();
    let fields = json!({"department": "", "title": "Главный бухгалтер", "list_tags": ["А", "Б"]});
    assert_eq!(script.asked(), [put(9, fields)]);
}

#[tokio::test(start_paused = true)]
async fn taking_the_last_tag_sends_an_empty_set() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(200, user(9, json!({}))));
    let edit = GrantEdit {
        drop: vec![tag("А")],
        ..GrantEdit::default()
    };
    let change = Change {
        grants: BTreeMap::from([(KindName::TAG, edit)]),
        ..Change::default()
    };
    messenger.update(&employee(9), &change).await.unwrap();
    assert_eq!(script.asked(), [put(9, json!({"list_tags": []}))]);
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_silently_ignores_is_noticed() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(
        200,
        user(9, json!({"list_tags": ["А"], "role": "multi_guest"})),
    ));
    let give = |grant: Grant| GrantEdit {
        add: vec![grant],
        ..GrantEdit::default()
    };
    let change = Change {
        fields: BTreeMap::from([(FieldName::Title, Some("Курьер".to_owned()))]),
        grants: BTreeMap::from([
            (KindName::TAG, give(tag("Б"))),
            (KindName::ROLE, give(Grant::named(KindName::ROLE, "user"))),
        ]),
    };
    let fault = messenger.update(&employee(9), &change).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Protocol);
    assert_eq!(fault.effect(), Effect::Applied);
    let named = ("fields", "title, role, tags".to_owned());
    assert!(fault.context().contains(&named), "{:?}", fault.context());
}

#[tokio::test(start_paused = true)]
async fn tags_for_a_guest_are_refused_before_any_request() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let guest = Grant::with_id(KindName::ROLE, "multi_guest", "multi_guest");
    let mut wish = wish();
    wish.grants.insert(KindName::ROLE, vec![guest.clone()]);
    let fault = messenger.create(&wish).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Invalid);
    assert_eq!(fault.effect(), Effect::None);

    let given = |grant: &Grant| GrantEdit {
        add: vec![grant.clone()],
        ..GrantEdit::default()
    };
    let kept = |grant: &Grant| GrantEdit {
        keep: vec![grant.clone()],
        ..GrantEdit::default()
    };
    for role in [given(&guest), kept(&guest)] {
        let tags = given(&tag("А"));
        let change = Change {
            grants: BTreeMap::from([(KindName::ROLE, role), (KindName::TAG, tags)]),
            ..Change::default()
        };
        let fault = messenger.update(&employee(9), &change).await.unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::Invalid);
    }
    assert_eq!(script.asked(), []);
}

#[tokio::test(start_paused = true)]
async fn somebody_becomes_a_guest_without_tags() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(200, user(9, json!({"role": "multi_guest"}))));
    let role = GrantEdit {
        add: vec![Grant::named(KindName::ROLE, "multi_guest")],
        drop: vec![Grant::named(KindName::ROLE, "user")],
        ..GrantEdit::default()
    };
    let tags = GrantEdit {
        drop: vec![tag("А")],
        ..GrantEdit::default()
    };
    let change = Change {
        grants: BTreeMap::from([(KindName::ROLE, role), (KindName::TAG, tags)]),
        ..Change::default()
    };
    messenger.update(&employee(9), &change).await.unwrap();
    let fields = json!({"role": "multi_guest", "list_tags": []});
    assert_eq!(script.asked(), [put(9, fields)]);
}

#[tokio::test(start_paused = true)]
async fn the_door_is_closed_and_opened_by_a_request_that_holds_nothing_else() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(one(200, user(9, json!({"suspended": true}))))
        .then(one(200, user(9, json!({"suspended": false}))));
    for access in [Access::Suspended, Access::Open] {
        let read = messenger.set_access(&employee(9), access).await.unwrap();
        assert_eq!(read.access, access);
    }
    assert_eq!(
        script.asked(),
        [
            put(9, json!({"suspended": true})),
            put(9, json!({"suspended": false})),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_door_that_stayed_open_is_noticed() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(one(200, user(9, json!({}))));
    let fault = messenger
        .set_access(&employee(9), Access::Suspended)
        .await
        .unwrap_err();
    assert_eq!(fault.effect(), Effect::Applied);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_closing_is_repeated_because_it_repeats_safely() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(Reply::Lost)
        .then(one(200, user(9, json!({"suspended": true}))));
    let closed = messenger.set_access(&employee(9), Access::Suspended).await;
    assert_eq!(closed.unwrap().access, Access::Suspended);
    assert_eq!(script.asked().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_protected_record_is_a_conflict() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(refusal(403, "base", "owner_protected"));
    let fault = messenger
        .set_access(&employee(9), Access::Suspended)
        .await
        .unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn removing_somebody_already_gone_is_quiet() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script
        .then(Reply::Text(204, ""))
        .then(refusal(404, "id", "not_found"));
    for _ in 0..2 {
        messenger.remove(&employee(9)).await.unwrap();
    }
    assert_eq!(script.lines(), ["DELETE /users/9", "DELETE /users/9"]);
}

#[tokio::test(start_paused = true)]
async fn tags_are_listed_and_made() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let listed = json!([{"id": 5, "name": "Дизайн", "users_count": 3}]);
    script.then(page(listed, "abc", false)).then(one(
        201,
        json!({"id": 6, "name": "Питер", "users_count": 0}),
    ));
    let offers = messenger.catalogue(&KindName::TAG, None).await.unwrap();
    assert_eq!(offers.items[0].id.as_str(), "5");
    assert_eq!(offers.next, None);
    let what = Definition {
        path: vec!["Питер".to_owned()],
    };
    let made = messenger.define(&KindName::TAG, &what).await.unwrap();
    assert_eq!((made.id.as_str(), made.name.as_str()), ("6", "Питер"));
    let asked = script.asked();
    assert_eq!(asked[0].line, "GET /group_tags?limit=50");
    assert_eq!(asked[1].line, "POST /group_tags");
    assert_eq!(asked[1].body, json!({"group_tag": {"name": "Питер"}}));
}

#[tokio::test(start_paused = true)]
async fn a_tag_that_exists_is_a_conflict() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    script.then(refusal(409, "name", "already_exists"));
    let what = Definition {
        path: vec!["Питер".to_owned()],
    };
    let fault = messenger.define(&KindName::TAG, &what).await.unwrap_err();
    assert_eq!(fault.kind(), ErrorKind::Conflict);
}

#[tokio::test(start_paused = true)]
async fn roles_are_known_without_a_request_and_never_name_administrators() {
    let (script, messenger) = messenger(&ADMINISTRATOR).await;
    let offers = messenger.catalogue(&KindName::ROLE, None).await.unwrap();
    let names: Vec<_> = offers
        .items
        .iter()
        .map(|offer| offer.name.as_str())
        .collect();
    assert_eq!(names, ["user", "multi_guest"]);
    assert_eq!(script.asked(), []);
}
