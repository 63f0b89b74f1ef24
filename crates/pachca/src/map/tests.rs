use serde_json::{Value, json};

use super::*;

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
    let read = employee(&user(json!({})), ADMINISTRATOR);
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
}

#[test]
fn a_missing_email_is_empty_to_an_administrator_and_hidden_from_an_employee() {
    let hidden = user(json!({"email": null, "phone_number": null}));
    let seen = employee(&hidden, ADMINISTRATOR);
    assert_eq!(seen.profile.get(FieldName::Email), &Known::Empty);
    assert_eq!(seen.profile.get(FieldName::Phone), &Known::Empty);
    let seen = employee(&hidden, EMPLOYEE);
    assert_eq!(seen.profile.get(FieldName::Email), &Known::Hidden);
    assert_eq!(seen.profile.get(FieldName::Phone), &Known::Hidden);
    let own = employee(&user(json!({"id": 1, "phone_number": ""})), EMPLOYEE);
    assert_eq!(own.profile.get(FieldName::Phone), &Known::Empty);
}

#[test]
fn the_names_of_somebody_invited_are_hidden_while_they_are_null() {
    for (key, field, name) in [
        ("first_name", FieldName::FirstName, "Анна"),
        ("last_name", FieldName::LastName, "Примерова"),
    ] {
        let read = |changed| {
            let read = employee(&user(changed), ADMINISTRATOR);
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
    );
    assert_eq!(read.marks.administrator, Known::Value(false));
    assert_eq!(read.marks.registered, Known::Hidden);
    let bare = json!({"id": 3, "suspended": true, "bot": null});
    let bare = serde_json::from_value(bare).unwrap();
    let read = employee(&bare, ADMINISTRATOR);
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
        .map(|refusal| (refusal.field, refusal.reason.key))
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
