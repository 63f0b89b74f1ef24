use kadry_core::{Definition, Effect, EmployeeRef, ErrorKind, Grant, KindName, Notice, RemoteId};
use serde_json::{Value, json};

use crate::script::{ANNA, HEAD, Reply, Script, employee};

const BOOKKEEPING: &str = "b0000000-0000-0000-0000-000000000002";

fn who() -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(ANNA),
        settled: true,
        keys: Vec::new(),
    }
}

fn departments() -> Reply {
    Reply::Json(json!({"Departments": [
        {"Id": HEAD, "Name": "Головное подразделение", "CreationTimestamp": null},
        {"Id": BOOKKEEPING, "ParentDepartmentId": HEAD, "Name": "Бухгалтерия"},
    ], "TotalCount": 2}))
}

fn power() -> Value {
    json!({"RegistrationNumber": "n-1", "IssuerInn": "0000000000", "RepresentativeInn": "000000000000"})
}

#[tokio::test(start_paused = true)]
async fn departments_are_offered_with_their_paths() {
    let script = Script::new(|_, _| departments());
    let provider = script.connect().await;
    let offers = provider
        .catalogue(&KindName::DEPARTMENT, None)
        .await
        .unwrap();
    assert_eq!(offers.next, None);
    assert_eq!(offers.items[1].id.as_str(), BOOKKEEPING);
    assert_eq!(
        offers.items[1].path,
        ["Головное подразделение", "Бухгалтерия"]
    );
    let log = script.after_connecting();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].what, "GET api.test/admin/GetDepartments");
    assert_eq!(log[0].query("page"), Some("1"));
    assert_eq!(log[0].query("count"), Some("100"));
}

#[tokio::test(start_paused = true)]
async fn lists_that_are_fixed_need_no_request() {
    let script = Script::new(|_, _| Reply::Status(500, ""));
    let provider = script.connect().await;
    for (kind, count) in [
        (KindName::ACCESS_LEVEL, 4),
        (KindName::PERMISSION, 9),
        (KindName::SUBSCRIPTION, 10),
    ] {
        let offers = provider.catalogue(&kind, None).await.unwrap();
        assert_eq!(offers.items.len(), count);
    }
    let none = provider.catalogue(&KindName::POWER_OF_ATTORNEY, None).await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::Unsupported);
    let notice = Notice::new("x");
    let sent = provider.notify(&who(), &notice).await;
    assert_eq!(sent.unwrap_err().kind(), ErrorKind::Unsupported);
    assert!(script.after_connecting().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_missing_department_is_made_below_its_parent() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "POST api.test/admin/CreateDepartment" => Reply::Json(
            json!({"Id": "C0", "ParentDepartmentId": BOOKKEEPING, "Name": "Касса", "Abbreviation": "Касса"}),
        ),
        _ => departments(),
    });
    let provider = script.connect().await;
    let what = Definition {
        path: vec!["Бухгалтерия".into(), "Касса".into()],
    };
    let made = provider.define(&KindName::DEPARTMENT, &what).await.unwrap();
    assert_eq!(made.id.as_str(), "c0");
    assert_eq!(
        made.path,
        ["Головное подразделение", "Бухгалтерия", "Касса"]
    );
    assert_eq!(
        script.after_connecting()[1].json(),
        json!({
            "ParentDepartmentId": BOOKKEEPING,
            "Name": "Касса",
            "Abbreviation": "Касса",
            "Routing": {"Kpp": false, "Address": false},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_department_made_elsewhere_or_otherwise_is_an_error_that_changed_something() {
    for answer in [
        json!({"Id": "c0", "ParentDepartmentId": HEAD, "Name": "Касса"}),
        json!({"Id": "c0", "ParentDepartmentId": BOOKKEEPING, "Name": "Склад"}),
    ] {
        let script = Script::new(move |seen, _| match seen.what.as_str() {
            "POST api.test/admin/CreateDepartment" => Reply::Json(answer.clone()),
            _ => departments(),
        });
        let what = Definition {
            path: vec!["Бухгалтерия".into(), "Касса".into()],
        };
        let provider = script.connect().await;
        let made = provider.define(&KindName::DEPARTMENT, &what).await;
        assert_eq!(made.unwrap_err().effect(), Effect::Applied);
    }
}

#[tokio::test(start_paused = true)]
async fn a_department_that_exists_is_not_made_again() {
    let script = Script::new(|_, _| departments());
    let provider = script.connect().await;
    let what = Definition {
        path: vec!["бухгалтерия".into()],
    };
    let made = provider.define(&KindName::DEPARTMENT, &what).await;
    assert_eq!(made.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(script.paths(), ["GET /admin/GetDepartments"]);
}

#[tokio::test(start_paused = true)]
async fn subscriptions_are_read_and_changed_together() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetSubscriptions" => Reply::Json(json!({"Subscriptions": [
            {"Id": "News", "IsSubscribed": true},
            {"Id": "ChatMessages", "IsSubscribed": false},
        ]})),
        _ => Reply::Json(json!({"Subscriptions": [
            {"Id": "News", "IsSubscribed": false},
            {"Id": "ChatMessages", "IsSubscribed": false},
        ]})),
    });
    let provider = script.connect().await;
    let held = provider
        .held(&KindName::SUBSCRIPTION, &who())
        .await
        .unwrap();
    assert_eq!(
        held,
        [Grant::with_id(KindName::SUBSCRIPTION, "News", "News")]
    );
    provider
        .set_grants(&who(), &KindName::SUBSCRIPTION, &[], &held)
        .await
        .unwrap();
    let add = [Grant::named(KindName::SUBSCRIPTION, "ChatMessages")];
    let refused = provider
        .set_grants(&who(), &KindName::SUBSCRIPTION, &add, &[])
        .await
        .unwrap_err();
    assert_eq!(refused.effect(), Effect::Applied);
    let log = script.after_connecting();
    assert_eq!(log[0].query("userId"), Some(ANNA));
    assert_eq!(log[1].what, "POST api.test/UpdateSubscriptions");
    assert_eq!(log[1].query("userId"), Some(ANNA));
    assert_eq!(
        log[1].json(),
        json!({"Subscriptions": [{"Id": "News", "IsSubscribed": false}]})
    );
}

#[tokio::test(start_paused = true)]
async fn powers_of_attorney_are_read_and_detached_with_the_id_of_their_holder() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployeePowersOfAttorney" => Reply::Json(
            json!({"PowersOfAttorney": [{"PowerOfAttorney": {"FullId": power()}, "IsDefault": true}]}),
        ),
        _ => Reply::Status(200, ""),
    });
    let provider = script.connect().await;
    let kind = KindName::POWER_OF_ATTORNEY;
    let held = provider.held(&kind, &who()).await.unwrap();
    assert_eq!(
        held,
        [Grant::with_id(
            kind.clone(),
            "n-1/0000000000/000000000000",
            "n-1"
        )]
    );
    provider
        .set_grants(&who(), &kind, &[], &held)
        .await
        .unwrap();
    let log = script.after_connecting();
    assert_eq!(log[0].query("onlyActual"), None);
    for seen in &log {
        assert_eq!(seen.query("userId"), Some(ANNA));
    }
    assert_eq!(
        log[1].what,
        "POST api.test/V2/DeleteEmployeePowerOfAttorney"
    );
    assert_eq!(log[1].json(), power());
}

#[tokio::test(start_paused = true)]
async fn detaching_what_is_not_attached_is_quiet_while_the_employee_is_there() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployee" => Reply::Json(employee(ANNA, "anna@example.test")),
        _ => Reply::Status(404, "Power of attorney not found"),
    });
    let provider = script.connect().await;
    let kind = KindName::POWER_OF_ATTORNEY;
    let held = [Grant::with_id(kind.clone(), "n/i/r", "n")];
    provider
        .set_grants(&who(), &kind, &[], &held)
        .await
        .unwrap();
    assert_eq!(
        script.paths(),
        ["POST /V2/DeleteEmployeePowerOfAttorney", "GET /GetEmployee"]
    );
    assert_eq!(script.after_connecting()[1].query("userId"), Some(ANNA));
}

#[tokio::test(start_paused = true)]
async fn neither_reading_nor_detaching_is_quiet_about_somebody_who_is_gone() {
    let script = Script::new(|_, _| Reply::Status(404, "Employee is not found"));
    let provider = script.connect().await;
    let kind = KindName::POWER_OF_ATTORNEY;
    let held = [Grant::with_id(kind.clone(), "n/i/r", "n")];
    let detached = provider.set_grants(&who(), &kind, &[], &held).await;
    let detached = detached.unwrap_err();
    assert_eq!(detached.kind(), ErrorKind::NotFound);
    assert_eq!(detached.effect(), Effect::None);
    let error = provider.held(&kind, &who()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_power_is_attached_once_with_its_full_id_and_the_employee_always_named() {
    let script = Script::new(|seen, nth| match seen.what.as_str() {
        "GET api.test/GetEmployeePowersOfAttorney" if nth == 0 => {
            Reply::Json(json!({"PowersOfAttorney": []}))
        }
        "GET api.test/GetEmployeePowersOfAttorney" => Reply::Json(json!({"PowersOfAttorney": [
            {"PowerOfAttorney": {"FullId": power()}, "IsDefault": false}
        ]})),
        "POST api.test/V2/AddEmployeePowerOfAttorney" => {
            assert_eq!(seen.json(), power());
            assert_eq!(seen.query("userId"), Some(ANNA));
            Reply::Json(json!({"PowerOfAttorney": {"FullId": power()}, "IsDefault": false}))
        }
        other => panic!("{other}"),
    });
    let provider = script.connect().await;
    let kind = KindName::POWER_OF_ATTORNEY;
    let power = [Grant::with_id(
        kind.clone(),
        "n-1/0000000000/000000000000",
        "a",
    )];
    provider
        .set_grants(&who(), &kind, &power, &[])
        .await
        .unwrap();
    provider
        .set_grants(&who(), &kind, &power, &[])
        .await
        .unwrap();
    assert_eq!(
        script.paths(),
        [
            "GET /GetEmployeePowersOfAttorney",
            "POST /V2/AddEmployeePowerOfAttorney",
            "GET /GetEmployeePowersOfAttorney"
        ]
    );
}
