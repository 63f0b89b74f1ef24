//! Single changes of what one employee has: rights, mails and powers of attorney.

use kadry_core::{Effect, ErrorKind, Look, Native, NativeCall};
use serde_json::{Value, json};

use crate::native::call;
use crate::script::{ANNA, BOX, Reply, Script, administrator, employee};

const OTHER: &str = "0d0f7c52-6f0e-4c53-9c41-0a4d2a1f9b11";
const BOOKS: &str = "b0000000-0000-0000-0000-000000000002";
const NUMBER: &str = "5c2f1a34-0000-4000-8000-00000000000a";
const SECOND: &str = "5c2f1a34-0000-4000-8000-00000000000b";

/// The only single change that a call stands for.
async fn resolved(native: &dyn Native, call: &NativeCall) -> NativeCall {
    let [one] = native.resolve(call).await.unwrap().try_into().unwrap();
    one
}

/// A platform where Anna has these rights, and which changes what it is told to and nothing else.
fn rights(level: &'static str, seen: &'static [&'static str]) -> Script {
    Script::new(move |request, _| {
        let mut anna = employee(ANNA, "anna@example.test");
        anna["Permissions"]["DocumentAccessLevel"] = json!(level);
        anna["Permissions"]["SelectedDepartmentIds"] = json!(seen);
        match request.what.as_str() {
            "POST api.test/UpdateEmployee" => {
                let patch = &request.json()["Permissions"];
                for action in patch["Actions"].as_array().into_iter().flatten() {
                    let rows = anna["Permissions"]["Actions"].as_array_mut().unwrap();
                    rows.retain(|row| row["Name"] != action["Name"]);
                    rows.push(action.clone());
                }
                let patched = &mut anna["Permissions"];
                for wrapper in ["DocumentAccessLevel", "SelectedDepartments"] {
                    for (name, value) in patch[wrapper].as_object().into_iter().flatten() {
                        patched[name] = value.clone();
                    }
                }
                Reply::Json(anna)
            }
            "GET api.test/GetEmployee" => Reply::Json(anna),
            _ => Reply::Json(json!({"TotalCount": 1, "Departments": [
                {"Id": BOOKS, "Name": "Бухгалтерия", "Abbreviation": "Бух"},
            ]})),
        }
    })
}

#[tokio::test(start_paused = true)]
async fn rights_that_are_not_named_are_not_sent() {
    let script = rights("DepartmentOnly", &[]);
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let typed = call(
        "permissions set",
        &[
            ("userId", ANNA),
            ("SignDocuments", "true"),
            ("UseGoskey", "false"),
        ],
    );
    let one = resolved(native, &typed).await;
    assert_eq!(one, typed);
    let before = native.look(&one).await.unwrap();
    assert_eq!(native.stands(&one, None, &before), Look::Absent);
    let after = native.write(&one).await.unwrap();
    let sent = script.log().pop().unwrap();
    assert_eq!(sent.what, "POST api.test/UpdateEmployee");
    assert_eq!(
        (sent.query("boxId"), sent.query("userId")),
        (Some(BOX), Some(ANNA))
    );
    assert_eq!(
        sent.json(),
        json!({"Permissions": {"Actions": [
            {"Name": "SignDocuments", "IsAllowed": true},
            {"Name": "UseGoskey", "IsAllowed": false},
        ]}})
    );
    let kept = json!({"Name": "CreateDocuments", "IsAllowed": true});
    assert!(
        after["Permissions"]["Actions"]
            .as_array()
            .unwrap()
            .contains(&kept)
    );
    assert_eq!(
        native.stands(&one, Some(&before), &after["Permissions"]),
        Look::Found
    );
    let back = native.back(&one, &before, &after).calls.remove(0);
    assert_eq!(
        back,
        call(
            "permissions set",
            &[
                ("userId", ANNA),
                ("SignDocuments", "false"),
                ("UseGoskey", "false")
            ]
        )
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_other_rights_or_of_somebody_else_is_an_error_that_changed_something() {
    for (answer, right) in [
        (employee(ANNA, "anna@example.test"), "SignDocuments"),
        (employee(OTHER, "anna@example.test"), "CreateDocuments"),
        (json!({}), "CreateDocuments"),
    ] {
        let script = Script::new(move |_, _| Reply::Json(answer.clone()));
        let provider = script.connect().await;
        let one = call("permissions set", &[("userId", ANNA), (right, "true")]);
        let error = provider.native().unwrap().write(&one).await.unwrap_err();
        let expected = (ErrorKind::Protocol, Effect::Applied);
        assert_eq!((error.kind(), error.effect()), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn an_access_level_and_its_departments_go_together() {
    let script = rights("DepartmentOnly", &[]);
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let typed = call(
        "permissions set",
        &[
            ("userId", ANNA),
            ("DocumentAccessLevel", "SelectedDepartments"),
            ("SelectedDepartmentIds", "бухгалтерия"),
        ],
    );
    let one = resolved(native, &typed).await;
    let before = native.look(&one).await.unwrap();
    native.write(&one).await.unwrap();
    assert_eq!(
        script.log().pop().unwrap().json(),
        json!({"Permissions": {
            "DocumentAccessLevel": {"DocumentAccessLevel": "SelectedDepartments"},
            "SelectedDepartments": {"SelectedDepartmentIds": [BOOKS]},
        }})
    );
    let back = native.back(&one, &before, &Value::Null);
    let before = call(
        "permissions set",
        &[("userId", ANNA), ("DocumentAccessLevel", "DepartmentOnly")],
    );
    assert_eq!(
        back,
        before.into(),
        "with another level the list means nothing"
    );

    let script = rights("SelectedDepartments", &[BOOKS]);
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let level = call(
        "permissions set",
        &[
            ("userId", ANNA),
            ("DocumentAccessLevel", "SelectedDepartments"),
        ],
    );
    let one = resolved(native, &level).await;
    assert_eq!(
        one.all("SelectedDepartmentIds"),
        [BOOKS],
        "those on the record go along"
    );
    let list = call(
        "permissions set",
        &[("userId", ANNA), ("SelectedDepartmentIds", BOOKS)],
    );
    assert_eq!(resolved(native, &list).await, list);
}

#[tokio::test(start_paused = true)]
async fn rights_that_do_not_go_together_and_our_own_are_refused() {
    let script = rights("DepartmentOnly", &[]);
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let own = administrator()["User"]["UserId"]
        .as_str()
        .unwrap()
        .to_owned();
    for (arguments, kind) in [
        (&[("userId", ANNA)][..], ErrorKind::Invalid),
        (
            &[("userId", ANNA), ("SelectedDepartmentIds", BOOKS)],
            ErrorKind::Invalid,
        ),
        (
            &[
                ("userId", ANNA),
                ("DocumentAccessLevel", "SelectedDepartments"),
            ],
            ErrorKind::Invalid,
        ),
        (
            &[
                ("userId", ANNA),
                ("DocumentAccessLevel", "AllDocuments"),
                ("SelectedDepartmentIds", BOOKS),
            ],
            ErrorKind::Invalid,
        ),
        (
            &[("userId", ANNA), ("SelectedDepartmentIds", "Склад")],
            ErrorKind::NotFound,
        ),
        (
            &[("userId", &own), ("SignDocuments", "true")],
            ErrorKind::Conflict,
        ),
        (&[("SignDocuments", "true")], ErrorKind::Invalid),
    ] {
        let call = call("permissions set", arguments);
        assert_eq!(
            native.resolve(&call).await.unwrap_err().kind(),
            kind,
            "{call}"
        );
    }
    assert!(
        script
            .after_connecting()
            .iter()
            .all(|seen| seen.what.starts_with("GET "))
    );
}

#[tokio::test(start_paused = true)]
async fn the_rights_of_somebody_who_is_gone_are_not_found_and_stand_nowhere() {
    let script = Script::new(|_, _| Reply::Status(404, "Employee is not found"));
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let gone = native
        .read(&call("permissions show", &[("userId", ANNA)]), None)
        .await;
    assert_eq!(gone.unwrap_err().kind(), ErrorKind::NotFound);
    for (operation, argument) in [
        ("permissions set", "SignDocuments"),
        ("subscriptions set", "News"),
    ] {
        let one = call(operation, &[("userId", ANNA), (argument, "false")]);
        let now = native.look(&one).await.unwrap();
        assert_eq!(
            (&now, native.stands(&one, None, &now)),
            (&Value::Null, Look::Absent)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn mails_are_turned_by_name_for_each_employee() {
    let mails = |news: bool| {
        json!({"Subscriptions": [
            {"Id": "News", "IsSubscribed": news}, {"Id": "ChatMessages", "IsSubscribed": "true"},
        ]})
    };
    let script = Script::new(move |seen, _| Reply::Json(mails(!seen.what.starts_with("POST"))));
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let typed = call(
        "subscriptions set",
        &[
            ("userId", ANNA),
            ("userId", OTHER),
            ("userId", ANNA),
            ("News", "false"),
            ("ChatMessages", "true"),
        ],
    );
    let singles = native.resolve(&typed).await.unwrap();
    let users: Vec<_> = singles
        .iter()
        .map(|one| one.all("userId").to_vec())
        .collect();
    assert_eq!(users, [[ANNA], [OTHER]]);
    let one = &singles[1];
    let before = native.look(one).await.unwrap();
    assert_eq!(native.stands(one, None, &before), Look::Absent);
    let after = native.write(one).await.unwrap();
    let sent = script.log().pop().unwrap();
    assert_eq!(sent.query("userId"), Some(OTHER));
    assert_eq!(
        sent.json(),
        json!({"Subscriptions": [{"Id": "News", "IsSubscribed": false}, {"Id": "ChatMessages", "IsSubscribed": true}]})
    );
    assert_eq!(native.stands(one, Some(&before), &after), Look::Found);
    // Only what was otherwise before goes back.
    let back = call("subscriptions set", &[("userId", OTHER), ("News", "true")]);
    assert_eq!(native.back(one, &before, &after), back.into());
    assert_eq!(
        native.back(one, &after, &after),
        kadry_core::Back::default()
    );
    let nothing = call("subscriptions set", &[("userId", ANNA)]);
    assert_eq!(
        native.resolve(&nothing).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
}

fn power(number: &str, is_default: bool) -> Value {
    json!({"IsDefault": is_default, "PowerOfAttorney": {"FullId": {
        "RegistrationNumber": number, "IssuerInn": "9600000009", "RepresentativeInn": "960000000009",
    }}})
}

fn with_id(operation: &str, number: &str) -> NativeCall {
    call(
        operation,
        &[
            ("userId", ANNA),
            ("RegistrationNumber", number),
            ("IssuerInn", "9600000009"),
            ("RepresentativeInn", "960000000009"),
        ],
    )
}

#[tokio::test(start_paused = true)]
async fn a_power_of_attorney_is_known_by_its_number_and_sent_by_its_full_id() {
    let held = || json!({"PowersOfAttorney": [power(NUMBER, false), power(SECOND, true)]});
    let script = Script::new(move |seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployeePowersOfAttorney" => Reply::Json(held()),
        _ => Reply::Json(power(NUMBER, true)),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let typed = call(
        "poa set-default",
        &[
            ("userId", ANNA),
            ("RegistrationNumber", &NUMBER.to_uppercase()),
        ],
    );
    let one = resolved(native, &typed).await;
    let whole = with_id("poa set-default", NUMBER).with("IsDefault", "true");
    assert_eq!(one, whole);
    let before = native.look(&one).await.unwrap();
    assert_eq!(native.stands(&one, None, &before), Look::Absent);
    let after = native.write(&one).await.unwrap();
    let sent = script.log().pop().unwrap();
    assert_eq!(sent.what, "POST api.test/V2/UpdateEmployeePowerOfAttorney");
    assert_eq!(sent.query("userId"), Some(ANNA));
    let id = &power(NUMBER, false)["PowerOfAttorney"]["FullId"];
    assert_eq!(
        sent.json(),
        json!({"PowerOfAttorneyFullId": id, "IsDefaultPatch": {"IsDefault": true}})
    );
    // The one that was the default becomes it again.
    let back = with_id("poa set-default", SECOND).with("IsDefault", "true");
    assert_eq!(native.back(&one, &before, &after), back.into());
    let none = json!({"PowersOfAttorney": [power(NUMBER, false)]});
    let back = with_id("poa set-default", NUMBER).with("IsDefault", "false");
    assert_eq!(native.back(&one, &none, &after), back.into());
    let unset = with_id("poa set-default", SECOND).with("IsDefault", "false");
    let back = with_id("poa set-default", SECOND).with("IsDefault", "true");
    assert_eq!(native.stands(&unset, None, &before), Look::Absent);
    assert_eq!(native.back(&unset, &before, &after), back.into());
    assert_eq!(
        native.back(&with_id("poa set-default", SECOND), &before, &after),
        kadry_core::Back::default(),
        "nothing changed"
    );
}

#[tokio::test(start_paused = true)]
async fn attaching_and_detaching_take_each_other_back() {
    let held = || json!({"PowersOfAttorney": [power(NUMBER, false)]});
    let script = Script::new(move |seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployeePowersOfAttorney" => Reply::Json(held()),
        "POST api.test/V2/DeleteEmployeePowerOfAttorney" => Reply::Status(200, ""),
        _ => Reply::Json(power(SECOND, false)),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let attach = resolved(native, &with_id("poa attach", SECOND)).await;
    let detach = call(
        "poa detach",
        &[("userId", ANNA), ("RegistrationNumber", NUMBER)],
    );
    let detach = resolved(native, &detach).await;
    let before = native.look(&attach).await.unwrap();
    for (one, path, undone) in [
        (
            attach,
            "/V2/AddEmployeePowerOfAttorney",
            with_id("poa detach", SECOND),
        ),
        (
            detach,
            "/V2/DeleteEmployeePowerOfAttorney",
            with_id("poa attach", NUMBER),
        ),
    ] {
        assert_eq!(native.stands(&one, None, &before), Look::Absent, "{one}");
        let after = native.write(&one).await.unwrap();
        let sent = script.log().pop().unwrap();
        assert_eq!(sent.what, format!("POST api.test{path}"));
        assert_eq!(sent.query("userId"), Some(ANNA));
        let id = |number| power(number, false)["PowerOfAttorney"]["FullId"].clone();
        assert_eq!(sent.json(), id(one.one("RegistrationNumber").unwrap()));
        assert_eq!(native.back(&one, &before, &after), undone.into());
    }
    let now = json!({"PowersOfAttorney": [power(SECOND, false)]});
    assert_eq!(
        native.stands(&with_id("poa attach", SECOND), Some(&before), &now),
        Look::Found
    );
    assert_eq!(
        native.stands(&with_id("poa detach", NUMBER), Some(&before), &now),
        Look::Found
    );
    let missing = call(
        "poa attach",
        &[
            ("userId", ANNA),
            ("RegistrationNumber", NUMBER),
            ("IssuerInn", "1"),
        ],
    );
    assert_eq!(
        native.resolve(&missing).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    let detach = |number| {
        call(
            "poa detach",
            &[("userId", ANNA), ("RegistrationNumber", number)],
        )
    };
    // It is detached already; what is no number at all was mistyped.
    let again = resolved(native, &detach(SECOND)).await;
    assert_eq!(native.stands(&again, None, &before), Look::Found);
    let mistyped = native.resolve(&detach("5c2f1a34")).await.unwrap_err();
    assert_eq!(mistyped.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_lost_attaching_is_not_sent_again() {
    let script = Script::new(|_, _| Reply::Lost);
    let provider = script.connect().await;
    let one = with_id("poa attach", NUMBER);
    let error = provider.native().unwrap().write(&one).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(!error.is_retryable());
    assert_eq!(script.after_connecting().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_registration_is_asked_for_and_followed() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "POST api.test/RegisterPowerOfAttorney" => Reply::Json(json!({"TaskId": "t-1"})),
        _ => Reply::Json(json!({"OperationStatus": "Processing"})),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let mut typed = with_id("poa register", NUMBER);
    typed.arguments.remove("userId");
    let one = resolved(native, &typed).await;
    let before = native.look(&one).await.unwrap();
    assert_eq!(native.stands(&one, None, &before), Look::Absent);
    let after = native.write(&one).await.unwrap();
    let sent = script.log().pop().unwrap();
    assert_eq!(sent.query, [("boxId".to_owned(), BOX.to_owned())]);
    assert_eq!(
        sent.json(),
        json!({"FullId": power(NUMBER, false)["PowerOfAttorney"]["FullId"]})
    );
    assert_eq!(
        native.stands(&one, Some(&before), &before),
        Look::CannotTell
    );
    assert_eq!(
        native.back(&one, &before, &after),
        kadry_core::Back::default()
    );
    let task = call(
        "poa registration",
        &[("taskId", after["TaskId"].as_str().unwrap())],
    );
    let told = native.read(&task, None).await.unwrap();
    assert_eq!(told.items, [json!({"OperationStatus": "Processing"})]);
    assert_eq!(script.log().pop().unwrap().query("taskId"), Some("t-1"));
}
