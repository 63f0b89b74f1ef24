#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kadry_core::Email;
use serde_json::{Value, json};

use super::*;

const BOOKKEEPING: &str = "b0000000-0000-0000-0000-000000000002";

fn read(json: Value) -> Employee {
    employee(&serde_json::from_value(json).unwrap())
}

fn anna() -> Value {
    json!({
        "User": {
            "UserId": "0d0f7c52-6f0e-4c53-9c41-0a4d2a1f9b10",
            "Login": "Anna@Example.test ",
            "FullName": {"LastName": "Примерова", "FirstName": "Анна"},
            "IsRegistered": true,
        },
        "Permissions": {
            "UserDepartmentId": wire::HEAD_DEPARTMENT,
            "IsAdministrator": false,
            "DocumentAccessLevel": "DepartmentOnly",
            "SelectedDepartmentIds": [],
            "Actions": [
                {"Name": "CreateDocuments", "IsAllowed": true},
                {"Name": "SignDocuments", "IsAllowed": false},
                {"Name": "NotKnownYet", "IsAllowed": true},
            ],
            "AuthorizationPermission": {"IsBlocked": false},
        },
        "Position": "Бухгалтер",
        "CanBeInvitedForChat": false,
        "CreationTimestamp": {"Ticks": 638_833_410_546_481_606_i64},
        "ExternalIdentity": {"ExternalId": "42"},
    })
}

fn named(kind: &KindName, names: &[&str]) -> Vec<Grant> {
    let grant = |name: &&str| Grant::with_id(kind.clone(), *name, *name);
    names.iter().map(grant).collect()
}

#[test]
fn a_record_is_read() {
    let anna = read(anna());
    assert_eq!(
        anna.at,
        EmployeeRef {
            id: RemoteId::new("0d0f7c52-6f0e-4c53-9c41-0a4d2a1f9b10"),
            settled: true,
            keys: vec![MatchKey::Email(Email::parse("anna@example.test").unwrap())],
        }
    );
    let shown = |field| anna.profile.get(field).clone();
    assert_eq!(shown(FieldName::LastName), Known::Value("Примерова".into()));
    assert_eq!(shown(FieldName::MiddleName), Known::Empty);
    assert_eq!(shown(FieldName::Title), Known::Value("Бухгалтер".into()));
    assert_eq!(shown(FieldName::Phone), Known::Hidden);
    assert_eq!(shown(FieldName::ExternalId), Known::Hidden);
    assert_eq!(anna.access, Access::Open);
    assert_eq!(anna.marks.administrator, Known::Value(false));
    assert_eq!(anna.marks.signer, Known::Value(false));
    assert_eq!(
        anna.granted(&KindName::PERMISSION).unwrap(),
        named(&KindName::PERMISSION, &["CreateDocuments", "NotKnownYet"])
    );
    assert_eq!(
        anna.granted(&KindName::ACCESS_LEVEL).unwrap(),
        named(&KindName::ACCESS_LEVEL, &["DepartmentOnly"])
    );
    assert_eq!(
        anna.granted(&KindName::DEPARTMENT).unwrap(),
        [Grant::with_id(
            KindName::DEPARTMENT,
            wire::HEAD_DEPARTMENT,
            HEAD_DEPARTMENT_NAME
        )]
    );
}

#[test]
fn somebody_who_has_not_registered_has_an_id_that_is_not_final() {
    let mut json = anna();
    json["User"]["IsRegistered"] = json!(false);
    let record = read(json);
    assert!(!record.at.settled);
    assert_eq!(record.marks.registered, Known::Value(false));
}

#[test]
fn a_blocked_signer_in_a_department_is_read() {
    let mut json = anna();
    json["Permissions"]["Actions"][1]["IsAllowed"] = json!("true");
    json["Permissions"]["AuthorizationPermission"] = json!({"IsBlocked": true, "Comment": "x"});
    json["Permissions"]["UserDepartmentId"] = json!(BOOKKEEPING.to_uppercase());
    json["Permissions"]["DocumentAccessLevel"] = json!(3);
    json["Permissions"]["SelectedDepartmentIds"] = json!([wire::HEAD_DEPARTMENT, BOOKKEEPING]);
    let record = read(json);
    assert_eq!(record.access, Access::Suspended);
    assert_eq!(record.marks.signer, Known::Value(true));
    assert_eq!(
        record.granted(&KindName::DEPARTMENT).unwrap(),
        named(&KindName::DEPARTMENT, &[BOOKKEEPING])
    );
    assert_eq!(
        record.granted(&KindName::ACCESS_LEVEL).unwrap(),
        named(&KindName::ACCESS_LEVEL, &["SelectedDepartments"])
    );
    let head = Grant::with_id(
        KindName::SEEN_DEPARTMENT,
        wire::HEAD_DEPARTMENT,
        HEAD_DEPARTMENT_NAME,
    );
    let [bookkeeping] = &named(&KindName::SEEN_DEPARTMENT, &[BOOKKEEPING])[..] else {
        panic!("one")
    };
    assert_eq!(
        record.granted(&KindName::SEEN_DEPARTMENT).unwrap(),
        [head, bookkeeping.clone()]
    );
}

#[test]
fn whoever_may_sign_in_either_way_is_a_signer() {
    for (right, signer) in [
        ("SignDocuments", true),
        ("UseGoskey", true),
        ("AddResolutions", false),
    ] {
        let mut json = anna();
        json["Permissions"]["Actions"] = json!([{"Name": right, "IsAllowed": true}]);
        assert_eq!(read(json).marks.signer, Known::Value(signer), "{right}");
    }
}

#[test]
fn nobody_who_signs_in_by_certificate_alone_hides_a_login() {
    for login in [json!(null), json!(""), json!(" ")] {
        let mut json = anna();
        json["User"]["Login"] = login;
        let record = read(json);
        assert!(!record.hides(kadry_core::KeyName::Email));
        assert!(record.at.keys.is_empty());
    }
}

#[test]
fn no_department_is_selected_in_any_spelling_of_an_empty_list() {
    for list in [json!(null), json!([])] {
        let mut json = anna();
        json["Permissions"]["SelectedDepartmentIds"] = list;
        assert_eq!(
            read(json).granted(&KindName::SEEN_DEPARTMENT),
            Some(&[][..])
        );
    }
}

#[test]
fn missing_members_are_hidden_and_nobody_is_taken_for_blocked() {
    for permissions in [
        json!(null),
        json!({}),
        json!({"Actions": null, "AuthorizationPermission": null, "DocumentAccessLevel": null}),
    ] {
        let record = read(json!({"User": {"UserId": "u"}, "Permissions": &permissions}));
        assert_eq!(record.access, Access::Open);
        assert_eq!(record.marks.administrator, Known::Hidden);
        assert_eq!(record.marks.registered, Known::Hidden);
        assert!(!record.at.settled && record.at.keys.is_empty());
        assert_eq!(record.profile.get(FieldName::LastName), &Known::Hidden);
        assert_eq!(record.profile.get(FieldName::Email), &Known::Empty);
        assert_eq!(record.granted(&KindName::DEPARTMENT), None);
        let signer = if permissions.is_null() {
            Known::Hidden
        } else {
            Known::Value(false)
        };
        assert_eq!(record.marks.signer, signer);
    }
}

fn wish(fields: &[(FieldName, &str)], grants: Vec<Grant>) -> Wish {
    let mut wish = Wish::default();
    for (field, value) in fields {
        wish.fields.insert(*field, (*value).to_owned());
    }
    for grant in grants {
        let of_kind = wish.grants.entry(grant.kind.clone()).or_default();
        of_kind.push(grant);
    }
    wish
}

#[test]
fn a_new_employee_gets_every_right_named_and_only_the_asked_ones_given() {
    let body = new_employee(&wish(
        &[
            (FieldName::Email, "anna@example.test"),
            (FieldName::LastName, "Примерова"),
            (FieldName::FirstName, "Анна"),
            (FieldName::MiddleName, "Игоревна"),
            (FieldName::Title, "Бухгалтер"),
        ],
        [
            named(&KindName::DEPARTMENT, &[BOOKKEEPING]),
            named(&KindName::ACCESS_LEVEL, &["AllDocuments"]),
            named(&KindName::PERMISSION, &["CreateDocuments", "NotKnownYet"]),
        ]
        .concat(),
    ))
    .unwrap();
    assert_eq!(
        serde_json::to_value(body).unwrap(),
        json!({
            "Credentials": {"Login": {
                "Login": "anna@example.test",
                "FullName": {"LastName": "Примерова", "FirstName": "Анна", "MiddleName": "Игоревна"},
            }},
            "Position": "Бухгалтер",
            "CanBeInvitedForChat": false,
            "Permissions": {
                "UserDepartmentId": BOOKKEEPING,
                "IsAdministrator": false,
                "DocumentAccessLevel": "AllDocuments",
                "Actions": [
                    {"Name": "CreateDocuments", "IsAllowed": true},
                    {"Name": "DeleteRestoreDocuments", "IsAllowed": false},
                    {"Name": "SignDocuments", "IsAllowed": false},
                    {"Name": "AddResolutions", "IsAllowed": false},
                    {"Name": "RequestResolutions", "IsAllowed": false},
                    {"Name": "ManageCounteragents", "IsAllowed": false},
                    {"Name": "AttachUniversalMessages", "IsAllowed": false},
                    {"Name": "UseGoskey", "IsAllowed": false},
                    {"Name": "CreatePaymentOrders", "IsAllowed": false},
                    {"Name": "NotKnownYet", "IsAllowed": true},
                ],
            },
        })
    );
}

#[test]
fn a_new_employee_of_whom_little_is_asked_gets_the_head_department_and_the_narrowest_level() {
    let body = new_employee(&wish(&[(FieldName::Email, "anna@example.test")], vec![])).unwrap();
    let json = serde_json::to_value(body).unwrap();
    assert_eq!(
        json["Credentials"],
        json!({"Login": {"Login": "anna@example.test"}})
    );
    assert_eq!(json.get("Position"), None);
    assert_eq!(
        json["Permissions"]["UserDepartmentId"],
        wire::HEAD_DEPARTMENT
    );
    assert_eq!(json["Permissions"]["DocumentAccessLevel"], "DepartmentOnly");
}

#[test]
fn departments_to_see_bring_the_level_that_shows_them() {
    for level in [&[][..], &["SelectedDepartments"]] {
        let grants = [
            named(&KindName::ACCESS_LEVEL, level),
            named(&KindName::SEEN_DEPARTMENT, &[BOOKKEEPING]),
        ];
        let login = (FieldName::Email, "anna@example.test");
        let body = new_employee(&wish(&[login], grants.concat())).unwrap();
        let json = serde_json::to_value(body).unwrap();
        assert_eq!(
            json["Permissions"]["DocumentAccessLevel"],
            "SelectedDepartments"
        );
        assert_eq!(
            json["Permissions"]["SelectedDepartmentIds"],
            json!([BOOKKEEPING])
        );
    }
}

#[test]
fn a_wish_that_cannot_be_made_is_refused_before_anything_is_sent() {
    let login = (FieldName::Email, "anna@example.test");
    let kind = |wish: &Wish| new_employee(wish).err().unwrap().kind();
    assert_eq!(kind(&wish(&[], vec![])), ErrorKind::Invalid);
    assert_eq!(
        kind(&wish(&[login, (FieldName::LastName, "Примерова")], vec![])),
        ErrorKind::Invalid
    );
    for grants in [
        named(&KindName::ACCESS_LEVEL, &["SelectedDepartments"]),
        [
            named(&KindName::ACCESS_LEVEL, &["AllDocuments"]),
            named(&KindName::SEEN_DEPARTMENT, &[BOOKKEEPING]),
        ]
        .concat(),
    ] {
        assert_eq!(kind(&wish(&[login], grants)), ErrorKind::Invalid);
    }
    assert_eq!(
        kind(&wish(
            &[login],
            named(&KindName::ACCESS_LEVEL, &["Everything"])
        )),
        ErrorKind::Unsupported
    );
    assert_eq!(
        kind(&wish(&[login], named(&KindName::SUBSCRIPTION, &["News"]))),
        ErrorKind::Unsupported
    );
    let unknown = Grant::named(KindName::DEPARTMENT, "Бухгалтерия");
    assert_eq!(kind(&wish(&[login], vec![unknown])), ErrorKind::Invalid);
}

#[test]
fn a_change_sends_only_what_changes_each_in_its_wrapper() {
    let edit = |kind, add: &[&str], drop: &[&str]| {
        let edit = GrantEdit {
            keep: named(&KindName::PERMISSION, &["AddResolutions"]),
            add: named(&kind, add),
            drop: named(&kind, drop),
        };
        (kind, edit)
    };
    let change = Change {
        fields: [(FieldName::Title, Some("Главный бухгалтер".to_owned()))].into(),
        grants: [
            edit(
                KindName::DEPARTMENT,
                &[BOOKKEEPING],
                &[wire::HEAD_DEPARTMENT],
            ),
            edit(
                KindName::ACCESS_LEVEL,
                &["AllDocuments"],
                &["DepartmentOnly"],
            ),
            edit(
                KindName::PERMISSION,
                &["CreateDocuments"],
                &["SignDocuments"],
            ),
        ]
        .into(),
    };
    assert_eq!(
        serde_json::to_value(patch(&change).unwrap()).unwrap(),
        json!({
            "Position": {"Position": "Главный бухгалтер"},
            "Permissions": {
                "Department": {"DepartmentId": BOOKKEEPING},
                "DocumentAccessLevel": {"DocumentAccessLevel": "AllDocuments"},
                "Actions": [
                    {"Name": "CreateDocuments", "IsAllowed": true},
                    {"Name": "SignDocuments", "IsAllowed": false},
                ],
            },
        })
    );
}

fn held(kind: KindName, [keep, add, drop]: [&[&str]; 3]) -> (KindName, GrantEdit) {
    let edit = GrantEdit {
        keep: named(&kind, keep),
        add: named(&kind, add),
        drop: named(&kind, drop),
    };
    (kind, edit)
}

const ALL: &str = "AllDocuments";
const SELECTED: &str = "SelectedDepartments";

#[test]
fn departments_to_see_go_as_a_whole_list_and_beside_a_level_that_needs_them() {
    let level = || held(KindName::ACCESS_LEVEL, [&[], &[SELECTED], &[ALL]]);
    let seen = |edit| held(KindName::SEEN_DEPARTMENT, edit);
    let list = json!({"SelectedDepartmentIds": ["kept", "new"]});
    let alone = [seen([&["kept"], &["new"], &["old"]])].into();
    let both = [level(), seen([&["kept"], &["new"], &[]])].into();
    let unchanged = [level(), seen([&["kept", "new"], &[], &[]])].into();
    let none = [seen([&[], &[], &["old"]])].into();
    for (grants, permissions) in [
        (alone, json!({"SelectedDepartments": list})),
        (
            both,
            json!({"DocumentAccessLevel": {"DocumentAccessLevel": SELECTED}, "SelectedDepartments": list}),
        ),
        (
            unchanged,
            json!({"DocumentAccessLevel": {"DocumentAccessLevel": SELECTED}, "SelectedDepartments": list}),
        ),
        (
            none,
            json!({"SelectedDepartments": {"SelectedDepartmentIds": []}}),
        ),
    ] {
        let change = Change {
            grants,
            ..Change::default()
        };
        let body = patch(&change).unwrap();
        assert!(!lacks_departments(&body));
        let json = serde_json::to_value(body).unwrap();
        assert_eq!(json, json!({"Permissions": permissions}));
    }
}

#[test]
fn a_level_and_a_list_that_do_not_go_together_are_never_sent() {
    for (level, seen) in [
        (SELECTED, [&[][..], &[], &["old"]]),
        (ALL, [&[], &["new"], &[]]),
    ] {
        let change = Change {
            grants: [
                held(KindName::ACCESS_LEVEL, [&[], &[level], &[]]),
                held(KindName::SEEN_DEPARTMENT, seen),
            ]
            .into(),
            ..Change::default()
        };
        assert_eq!(patch(&change).err().unwrap().kind(), ErrorKind::Invalid);
    }
}

#[test]
fn a_title_alone_is_sent_alone_and_is_never_cleared() {
    let change = |title: Option<&str>| Change {
        fields: [(FieldName::Title, title.map(str::to_owned))].into(),
        ..Change::default()
    };
    assert_eq!(
        serde_json::to_value(patch(&change(Some("Кассир"))).unwrap()).unwrap(),
        json!({"Position": {"Position": "Кассир"}})
    );
    for cleared in [change(None), change(Some(" "))] {
        assert_eq!(
            patch(&cleared).err().unwrap().kind(),
            ErrorKind::Unsupported
        );
    }
}

#[test]
fn a_door_is_a_patch_of_one_flag() {
    for (access, blocked) in [(Access::Suspended, true), (Access::Open, false)] {
        assert_eq!(
            serde_json::to_value(door(access)).unwrap(),
            json!({"Permissions": {"AuthorizationPermission": {"IsBlocked": blocked}}})
        );
    }
}
