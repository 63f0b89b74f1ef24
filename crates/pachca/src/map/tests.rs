use kadry_core::{Grant, Reason, Wish};
use serde_json::{Value, json};

use super::body::differing;
use super::*;
use crate::wire::property::PropertyValue;
use crate::wire::user::UserFields;

/// 2026-11-21T10:00:00Z.
const NOW_MS: i64 = 1_795_255_200_000;

const ADMINISTRATOR: Viewer = Viewer {
    id: 1,
    administrator: true,
};

const EMPLOYEE: Viewer = Viewer {
    id: 1,
    administrator: false,
};

#[expect(
    clippy::needless_pass_by_value,
    reason = "fixtures are written in place"
)]
fn user(changed: Value) -> User {
    let mut user = json!({
        "id": 2_637_266_155_i64, "first_name": "Анна", "last_name": "Примерова", "nickname": "anna",
        "email": "Anna@Example.test", "phone_number": "+7 000 000-00-01", "department": "", "title": "Бухгалтер",
        "role": "user", "suspended": false, "invite_status": "confirmed", "inviter_id": null,
        "list_tags": ["Учёт"], "custom_properties": [{"id": 1, "name": "Город", "data_type": "string", "value": null}],
        "user_status": {"emoji": "🏖", "title": "Отпуск", "expires_at": null, "is_away": true, "away_message": null},
        "bot": false, "sso": false, "created_at": "2026-11-01T10:00:00.000Z", "last_activity_at": null,
        "time_zone": null, "image_url": null, "of_a_later_edition": {},
    });
    for (key, value) in changed.as_object().unwrap() {
        user[key] = value.clone();
    }
    serde_json::from_value(user).unwrap()
}

fn text(text: &str) -> Known<String> {
    Known::Value(text.to_owned())
}

#[test]
fn a_record_is_read_with_its_key_its_marks_and_its_grants() {
    let read = employee(&user(json!({})), ADMINISTRATOR, NOW_MS);
    assert_eq!(read.at.id.as_str(), "2637266155");
    assert!(read.at.settled);
    let email = MatchKey::Email(Email::of_record("anna@example.test"));
    assert_eq!(read.at.keys, [email]);
    assert_eq!(read.profile.get(FieldName::LastName), &text("Примерова"));
    assert_eq!(read.profile.get(FieldName::FirstName), &text("Анна"));
    assert_eq!(read.profile.get(FieldName::MiddleName), &Known::Hidden);
    assert_eq!(read.profile.get(FieldName::Department), &Known::Empty);
    assert_eq!(read.access, Access::Open);
    assert_eq!(read.marks.administrator, Known::Value(false));
    assert_eq!(read.marks.registered, Known::Value(true));
    assert_eq!(read.marks.signer, Known::Value(false));
    assert!(!read.marks.automaton);
    let role = Grant::with_id(KindName::ROLE, "user", "user");
    assert_eq!(read.granted(&KindName::ROLE), Some(&[role][..]));
    let tag = Grant::named(KindName::TAG, "Учёт");
    assert_eq!(read.granted(&KindName::TAG), Some(&[tag][..]));
    assert_eq!(read.granted(&KindName::CHAT), None);
    assert_eq!(read.granted(&KindName::PROPERTY), Some(&[][..]));
    let status = Grant::named(KindName::STATUS, "🏖 Отпуск");
    assert_eq!(read.granted(&KindName::STATUS), Some(&[status][..]));
}

#[test]
fn a_property_without_a_value_is_not_held_and_a_bare_number_is_its_text() {
    let properties = json!([
        {"id": 1, "name": "Город", "data_type": "string", "value": " Тверь"},
        {"id": 2, "name": "Ставка", "data_type": "number", "value": 1.5},
        {"id": 3, "name": "Дата", "data_type": "date", "value": ""},
        {"id": 4, "data_type": "string", "value": "x"},
    ]);
    let read = employee(
        &user(json!({"custom_properties": properties})),
        EMPLOYEE,
        NOW_MS,
    );
    let property = |id, name, value| Grant::with_id(KindName::PROPERTY, id, name).holding(value);
    let held = [
        property("1", "Город", "Тверь"),
        property("2", "Ставка", "1.5"),
        property("4", "4", "x"),
    ];
    assert_eq!(read.granted(&KindName::PROPERTY), Some(&held[..]));
    for unshown in [json!(null), json!("?")] {
        let unshown = user(json!({"custom_properties": unshown}));
        let read = employee(&unshown, EMPLOYEE, NOW_MS);
        assert_eq!(read.grants[&KindName::PROPERTY], Known::Hidden);
    }
}

#[test]
fn a_status_that_is_over_is_not_held() {
    let held = |status: Value| {
        let read = employee(&user(json!({"user_status": status})), EMPLOYEE, NOW_MS);
        read.granted(&KindName::STATUS).map(<[Grant]>::len)
    };
    let until = |moment: &str| json!({"emoji": "🎮", "title": "x", "expires_at": moment});
    assert_eq!(held(json!(null)), Some(0));
    assert_eq!(held(until("2026-11-21T10:00:00.000Z")), Some(0));
    assert_eq!(held(until("2026-11-21T13:00:00.001+03:00")), Some(1));
    assert_eq!(held(until("soon")), Some(1));
    assert_eq!(held(json!("?")), None);
}

#[test]
fn a_missing_email_is_empty_to_an_administrator_and_hidden_from_an_employee() {
    let hidden = user(json!({"email": null, "phone_number": null}));
    let seen = employee(&hidden, ADMINISTRATOR, NOW_MS);
    assert_eq!(seen.profile.get(FieldName::Email), &Known::Empty);
    assert_eq!(seen.profile.get(FieldName::Phone), &Known::Empty);
    let seen = employee(&hidden, EMPLOYEE, NOW_MS);
    assert_eq!(seen.profile.get(FieldName::Email), &Known::Hidden);
    assert_eq!(seen.profile.get(FieldName::Phone), &Known::Hidden);
    let own = employee(
        &user(json!({"id": 1, "phone_number": ""})),
        EMPLOYEE,
        NOW_MS,
    );
    assert_eq!(own.profile.get(FieldName::Phone), &Known::Empty);
}

#[test]
fn the_names_of_somebody_invited_are_hidden_while_they_are_null() {
    for (key, field, name) in [
        ("first_name", FieldName::FirstName, "Анна"),
        ("last_name", FieldName::LastName, "Примерова"),
    ] {
        let read = |changed| {
            let read = employee(&user(changed), ADMINISTRATOR, NOW_MS);
            read.profile.get(field).clone()
        };
        let invited = json!({key: null, "invite_status": "sent"});
        assert_eq!(read(invited), Known::Hidden, "{key}");
        let shown = json!({key: name, "invite_status": "sent"});
        assert_eq!(read(shown), text(name));
        let registered = json!({key: null});
        assert_eq!(read(registered), Known::Empty, "{key}");
    }
}

#[test]
fn a_word_of_a_later_edition_is_not_guessed() {
    let read = employee(
        &user(json!({"role": "auditor", "invite_status": "expired"})),
        ADMINISTRATOR,
        NOW_MS,
    );
    assert_eq!(read.marks.administrator, Known::Value(false));
    assert_eq!(read.marks.registered, Known::Hidden);
    let bare = json!({"id": 3, "suspended": true, "bot": null});
    let bare = serde_json::from_value(bare).unwrap();
    let read = employee(&bare, ADMINISTRATOR, NOW_MS);
    assert_eq!(read.access, Access::Suspended);
    assert_eq!(read.marks.administrator, Known::Hidden);
    assert_eq!(read.grants[&KindName::TAG], Known::Hidden);
}

fn wish(fields: &[(FieldName, &str)]) -> Wish {
    Wish {
        fields: fields
            .iter()
            .map(|(field, value)| (*field, (*value).to_owned()))
            .collect(),
        ..Wish::default()
    }
}

#[test]
fn a_wish_is_kept_without_what_the_platform_has_no_place_for() {
    let review = review(&wish(&[
        (FieldName::Email, "anna@example.test"),
        (FieldName::ExternalId, "T-1"),
        (FieldName::FirstName, " Анна "),
        (FieldName::MiddleName, "Сергеевна"),
        (FieldName::Title, "  "),
    ]));
    let kept = wish(&[
        (FieldName::Email, "anna@example.test"),
        (FieldName::FirstName, "Анна"),
    ]);
    assert_eq!(review.stored, kept.fields);
    assert_eq!(review.refused, []);
}

#[test]
fn a_text_is_counted_in_characters_and_a_title_has_no_limit() {
    let (fits, long) = ("ё".repeat(255), "ё".repeat(256));
    let review = review(&wish(&[
        (FieldName::LastName, &fits),
        (FieldName::Department, &long),
        (FieldName::Title, &long),
        (FieldName::Email, "anna"),
    ]));
    let refused: Vec<_> = review
        .refused
        .iter()
        .map(|refusal| (refusal.field, refusal.reason.key.as_ref()))
        .collect();
    assert_eq!(
        refused,
        [
            (FieldName::Email, "bad-email"),
            (FieldName::Department, "too-long")
        ]
    );
    assert_eq!(review.stored.len(), 2);
}

#[test]
fn a_grant_that_would_be_refused_is_told_before_it_is_sent() {
    let tag = Grant::named(KindName::TAG, "Учёт");
    let property = |value: &str| Grant::named(KindName::PROPERTY, "Город").holding(value);
    let status = |name: &str| Grant::named(KindName::STATUS, name);
    let with = |grants: &[Grant]| {
        let mut wish = Wish::default();
        for grant in grants {
            let of_kind = wish.grants.entry(grant.kind.clone()).or_default();
            of_kind.push(grant.clone());
        }
        let refused = review(&wish).refused_grants.into_iter();
        let refused = refused.map(|refused| (refused.grant, refused.reason));
        refused.collect::<Vec<_>>()
    };
    let (fits, long) = (property(&"ё".repeat(768)), property(&"ё".repeat(769)));
    let nameless = Grant::named(KindName::PROPERTY, "Город");
    let user = Grant::named(KindName::ROLE, "user");
    assert_eq!(with(&[tag.clone(), user, fits, status("🎮 Играю")]), []);
    let too_long = Reason::about("too-long", "768");
    assert_eq!(with(std::slice::from_ref(&long)), [(long, too_long)]);
    for empty in [nameless, property(" ")] {
        let missing = Reason::new("value-missing");
        assert_eq!(with(std::slice::from_ref(&empty)), [(empty, missing)]);
    }
    let plain = status("Играю");
    let bad = Reason::new("bad-status");
    assert_eq!(with(std::slice::from_ref(&plain)), [(plain, bad)]);
    let guest = Grant::named(KindName::ROLE, " Multi_Guest");
    let tagless = Reason::new("guests-have-no-tags");
    assert_eq!(with(&[guest, tag.clone()]), [(tag, tagless)]);
}

#[test]
fn a_number_or_a_date_may_be_spelled_anew_and_a_text_may_not() {
    let sent = UserFields {
        custom_properties: Some(vec![
            PropertyValue {
                id: 1,
                value: "Тверь",
            },
            PropertyValue {
                id: 2,
                value: "2026-11-01",
            },
        ]),
        ..UserFields::default()
    };
    let stored = |text: Value, date: Value| {
        user(json!({"custom_properties": [
            {"id": 1, "name": "Город", "data_type": "string", "value": text},
            {"id": 2, "name": "Дата", "data_type": "date", "value": date},
        ]}))
    };
    let spelled = json!("2026-11-01T00:00:00.000Z");
    let kept = stored(json!("Тверь"), spelled.clone());
    assert_eq!(differing(&sent, &kept, ADMINISTRATOR), [""; 0]);
    let hidden = user(json!({"custom_properties": null}));
    assert_eq!(differing(&sent, &hidden, ADMINISTRATOR), [""; 0]);
    for lost in [
        stored(json!("Тула"), spelled),
        stored(json!("Тверь"), json!(null)),
        user(json!({"custom_properties": []})),
    ] {
        assert_eq!(differing(&sent, &lost, ADMINISTRATOR), ["properties"]);
    }
}

#[test]
fn values_are_compared_as_people_mean_them() {
    let sent = UserFields {
        email: Some("anna@example.test"),
        first_name: Some("Анна"),
        last_name: Some(" Примерова"),
        phone_number: Some("8 (000) 000-00-01"),
        department: Some(""),
        title: Some("Бухгалтер"),
        role: Some("user"),
        list_tags: Some(vec!["учет"]),
        custom_properties: None,
    };
    assert_eq!(differing(&sent, &user(json!({})), ADMINISTRATOR), [""; 0]);
    let other = json!({"last_name": null, "title": "Курьер", "list_tags": ["Учёт", "Питер"], "role": "guest"});
    assert_eq!(
        differing(&sent, &user(other), ADMINISTRATOR),
        ["last_name", "title", "role", "tags"]
    );
    let unshown =
        json!({"email": null, "first_name": null, "last_name": null, "invite_status": "sent"});
    assert_eq!(differing(&sent, &user(unshown), EMPLOYEE), [""; 0]);
}

#[test]
fn a_role_is_one_and_a_chat_is_not_written_with_the_record() {
    let role = |name| Grant::named(KindName::ROLE, name);
    let mut body = UserFields::default();
    let two = [role("user"), role("multi_guest")];
    assert!(put_grants(&mut body, &KindName::ROLE, two.iter()).is_err());
    assert!(put_grants(&mut body, &KindName::ROLE, [].iter()).is_err());
    assert!(put_grants(&mut body, &KindName::CHAT, two.iter()).is_err());
    assert!(put(&mut body, FieldName::MiddleName, "Сергеевна").is_err());
    assert_eq!(body, UserFields::default());
}
