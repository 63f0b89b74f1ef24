//! Lists whose rows move while they are read, and ids that change.

use std::collections::BTreeSet;

use kadry_core::{
    Access, Change, Effect, Email, EmployeeRef, ErrorKind, FieldName, Grant, KindName, MatchKey,
    RemoteId,
};
use serde_json::{Value, json};

use crate::script::{Reply, Script, Seen, employee, page};

const OLD: &str = "0d000000-0000-4000-8000-000000000001";
const NEW: &str = "0d000000-0000-4000-8000-000000000002";

fn anna(id: &str) -> Value {
    employee(id, "anna@example.test")
}

fn key() -> MatchKey {
    MatchKey::Email(Email::parse("anna@example.test").unwrap())
}

fn unsettled() -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new(OLD),
        settled: false,
        keys: vec![key()],
    }
}

fn settled() -> EmployeeRef {
    EmployeeRef {
        settled: true,
        ..unsettled()
    }
}

/// A list of four on pages of two, which is these pages at first and those when it is read again.
fn list_of_four(first: [[&'static str; 2]; 2], again: [[&'static str; 2]; 2]) -> Script {
    let row = |id: &str| match id.strip_prefix("anna/") {
        Some(id) => anna(id),
        None => employee(id, &format!("{id}@example.test")),
    };
    Script::new(move |seen, nth| {
        let walk = if nth < 2 { first } else { again };
        let number: usize = seen.query("page").unwrap().parse().unwrap();
        page(4, &walk[number - 1].map(row))
    })
}

async fn found(script: &Script) -> Result<Vec<String>, ErrorKind> {
    let found = script.connect().await.find(&key(), None).await;
    let found = found.map_err(|error| error.kind())?;
    assert_eq!(found.next, None);
    let ids = found.items.iter().map(|row| row.at.id.to_string());
    Ok(ids.collect())
}

#[tokio::test(start_paused = true)]
async fn somebody_whose_row_moved_up_when_two_others_registered_is_found() {
    // Registered people come first: two register after page 1 was read, Anna one of them, and the count stays.
    let first = [["boris", "vera"], ["galina", "vera"]];
    let again = [["boris", "anna/new"], ["galina", "vera"]];
    let script = list_of_four(first, again);
    assert_eq!(found(&script).await, Ok(vec!["new".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn somebody_who_came_under_the_old_and_the_new_id_is_one_person() {
    let first = [["anna/old", "boris"], ["vera", "anna/new"]];
    let again = [["boris", "galina"], ["vera", "anna/new"]];
    let script = list_of_four(first, again);
    assert_eq!(found(&script).await, Ok(vec!["new".to_owned()]));
    let everybody = script.connect().await.list(None).await.unwrap();
    assert_eq!(everybody.items.len(), 4);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_missing_from_a_list_that_never_stands_still() {
    let walk = [["boris", "vera"], ["galina", "vera"]];
    let script = list_of_four(walk, walk);
    assert_eq!(found(&script).await, Err(ErrorKind::Protocol));
    let everybody = script.connect().await.list(None).await;
    assert_eq!(everybody.unwrap_err().kind(), ErrorKind::Protocol);
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_people_are_read_four_pages_at_a_time_and_each_page_once() {
    let script = Script::new(|seen, _| {
        let number: usize = seen.query("page").unwrap().parse().unwrap();
        let rows: Vec<_> = (0..50)
            .map(|row| employee(&format!("{number}-{row}"), ""))
            .collect();
        let list = json!({"Employees": rows, "TotalCount": 10_000});
        Reply::Slow(std::time::Duration::from_millis(200), list)
    });
    let provider = script.connect().await;
    let began = tokio::time::Instant::now();
    let everybody = provider.list(None).await.unwrap();
    assert_eq!(everybody.items.len(), 10_000);
    assert_eq!(script.after_connecting().len(), 200);
    // One after another would take 40 seconds.
    let took = began.elapsed().as_secs();
    assert!(took < 12, "{took}");
}

/// A platform on which somebody registers between our look at the list and the request after it.
fn registering(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Script {
    Script::new(move |seen, nth| match seen.what.as_str() {
        "GET api.test/GetEmployees" if nth == 0 => page(1, &[anna(OLD)]),
        "GET api.test/GetEmployees" => page(1, &[anna(NEW)]),
        _ if seen.query("userId") == Some(OLD) => Reply::Status(404, "Employee is not found"),
        _ => answer(seen),
    })
}

/// The ids that requests of this path went to.
fn asked(script: &Script, path: &str) -> Vec<String> {
    let seen = script.after_connecting().into_iter();
    seen.filter(|seen| seen.what.ends_with(path))
        .map(|seen| seen.query("userId").unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_write_that_met_an_id_that_has_just_changed_is_sent_to_the_new_one() {
    let changed = |_: &Seen| {
        let mut row = anna(NEW);
        row["Position"] = json!("Кассир");
        row["Permissions"]["AuthorizationPermission"]["IsBlocked"] = json!(true);
        Reply::Json(row)
    };
    let script = registering(changed);
    let change = Change {
        fields: [(FieldName::Title, Some("Кассир".to_owned()))].into(),
        ..Change::default()
    };
    let provider = script.connect().await;
    let row = provider.update(&unsettled(), &change).await.unwrap();
    assert_eq!(row.at.id.as_str(), NEW);
    assert_eq!(asked(&script, "/UpdateEmployee"), [OLD, NEW]);

    let script = registering(changed);
    let provider = script.connect().await;
    let row = provider
        .set_access(&unsettled(), Access::Suspended)
        .await
        .unwrap();
    assert_eq!(row.at.id.as_str(), NEW);
    assert_eq!(asked(&script, "/UpdateEmployee"), [OLD, NEW]);
}

#[tokio::test(start_paused = true)]
async fn grants_that_met_an_id_that_has_just_changed_are_those_of_the_new_one() {
    let news = || Reply::Json(json!({"Subscriptions": [{"Id": "News", "IsSubscribed": true}]}));
    let id = || json!({"RegistrationNumber": "n", "IssuerInn": "i", "RepresentativeInn": "r"});
    let powers =
        move || Reply::Json(json!({"PowersOfAttorney": [{"PowerOfAttorney": {"FullId": id()}}]}));
    let answer = move |seen: &Seen| match seen.what.as_str() {
        "POST api.test/V2/DeleteEmployeePowerOfAttorney" => Reply::Status(200, ""),
        "GET api.test/GetEmployeePowersOfAttorney" => powers(),
        _ => news(),
    };
    let cases = [
        (
            Grant::named(KindName::SUBSCRIPTION, "News"),
            "/GetSubscriptions",
            "/UpdateSubscriptions",
            true,
        ),
        (
            Grant::with_id(KindName::POWER_OF_ATTORNEY, "n/i/r", "n"),
            "/GetEmployeePowersOfAttorney",
            "/V2/DeleteEmployeePowerOfAttorney",
            false,
        ),
    ];
    for (grant, read, write, gives) in cases {
        let script = registering(answer);
        let held = script.connect().await.held(&grant.kind, &unsettled()).await;
        assert!(held.unwrap()[0].same(&grant));
        assert_eq!(asked(&script, read), [OLD, NEW]);

        let script = registering(answer);
        let kind = grant.kind.clone();
        let grants = [grant];
        let (add, drop) = if gives {
            (&grants[..], &[][..])
        } else {
            (&[][..], &grants[..])
        };
        let provider = script.connect().await;
        provider
            .set_grants(&unsettled(), &kind, add, drop)
            .await
            .unwrap();
        assert_eq!(asked(&script, write), [OLD, NEW]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_has_nothing_to_do_with_the_id_is_not_asked_for_twice() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployees" => page(1, &[anna(OLD)]),
        _ => Reply::Status(404, "Department is not found"),
    });
    let provider = script.connect().await;
    for who in [unsettled(), settled()] {
        let error = provider.set_access(&who, Access::Open).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.effect(), Effect::None);
    }
    assert_eq!(asked(&script, "/UpdateEmployee"), [OLD, OLD]);
}

#[tokio::test(start_paused = true)]
async fn whoever_is_still_listed_is_not_reported_as_removed() {
    for status in [200, 404] {
        let script = Script::new(move |seen, _| match seen.what.as_str() {
            "GET api.test/GetEmployees" => page(1, &[anna(OLD)]),
            "POST api.test/DeleteEmployee" => Reply::Status(status, ""),
            _ => Reply::Json(json!({"PowersOfAttorney": []})),
        });
        let provider = script.connect().await;
        for who in [settled(), unsettled()] {
            let error = provider.remove(&who).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol);
            assert_eq!(error.effect(), Effect::Unknown);
        }
        assert_eq!(asked(&script, "/DeleteEmployee"), [OLD, OLD]);
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_who_registers_while_being_removed_is_removed_under_the_new_id() {
    for status in [200, 404] {
        let script = Script::new(move |seen, nth| match seen.what.as_str() {
            "GET api.test/GetEmployees" => match nth {
                0 => page(1, &[anna(OLD)]),
                1 => page(1, &[anna(NEW)]),
                _ => page(0, &[]),
            },
            "POST api.test/DeleteEmployee" if seen.query("userId") == Some(OLD) => {
                Reply::Status(status, "")
            }
            "POST api.test/DeleteEmployee" => Reply::Status(200, ""),
            _ if seen.query("userId") == Some(OLD) => Reply::Status(404, ""),
            _ => Reply::Json(json!({"PowersOfAttorney": []})),
        });
        let provider = script.connect().await;
        provider.remove(&unsettled()).await.unwrap();
        assert_eq!(asked(&script, "/DeleteEmployee"), [OLD, NEW]);
        assert_eq!(asked(&script, "/GetEmployeePowersOfAttorney"), [OLD, NEW]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_removal_that_cannot_be_proven_is_in_doubt() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployees" => Reply::Status(500, ""),
        "POST api.test/DeleteEmployee" => Reply::Status(200, ""),
        _ => Reply::Json(json!({"PowersOfAttorney": []})),
    });
    let error = script.connect().await.remove(&settled()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn the_removal_of_somebody_without_a_login_is_proven_by_id() {
    let without_login = EmployeeRef {
        keys: Vec::new(),
        ..settled()
    };
    for gone in [true, false] {
        let script = Script::new(move |seen, _| match seen.what.as_str() {
            "GET api.test/GetEmployee" if gone => Reply::Status(404, ""),
            "GET api.test/GetEmployee" => Reply::Json(employee(OLD, "")),
            "POST api.test/DeleteEmployee" => Reply::Status(200, ""),
            _ => Reply::Json(json!({"PowersOfAttorney": []})),
        });
        let removed = script.connect().await.remove(&without_login).await;
        assert_eq!(removed.is_ok(), gone);
    }
}

#[tokio::test(start_paused = true)]
async fn every_request_asks_for_json_exactly_once() {
    let script = registering(|seen| match seen.what.as_str() {
        "GET api.test/admin/GetDepartments" => {
            Reply::Json(json!({"Departments": [], "TotalCount": 0}))
        }
        "POST api.test/DeleteEmployee" => Reply::Status(200, ""),
        _ => Reply::Json(json!({})),
    });
    let provider = script.connect().await;
    let who = settled();
    let change = Change {
        fields: [(FieldName::Title, Some("Кассир".to_owned()))].into(),
        ..Change::default()
    };
    provider.catalogue(&KindName::DEPARTMENT, None).await.ok();
    provider.get(&who).await.ok();
    provider.update(&who, &change).await.ok();
    provider.held(&KindName::SUBSCRIPTION, &who).await.ok();
    provider.remove(&who).await.ok();
    let log = script.log();
    let paths: BTreeSet<_> = log.iter().map(|seen| seen.what.as_str()).collect();
    assert_eq!(paths.len(), 9);
    for seen in log {
        assert_eq!(seen.accept.as_deref(), Some("application/json"), "{seen:?}");
    }
}

/// A box in which two logins differ in case only, and no record is found by its id.
fn twins() -> Script {
    Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployee" => Reply::Status(404, ""),
        _ => {
            let twin = employee("twin", "Anna@example.test");
            page(3, &[employee("c", "c@example.test"), anna(OLD), twin])
        }
    })
}

#[tokio::test(start_paused = true)]
async fn logins_that_differ_in_case_only_stop_their_own_people_and_nobody_else() {
    assert_eq!(found(&twins()).await.unwrap(), [OLD, "twin"]);
    let other = MatchKey::Email(Email::parse("c@example.test").unwrap());
    let other = twins().connect().await.find(&other, None).await.unwrap();
    assert_eq!(other.items.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_two_people_with_one_login_the_one_with_the_id_is_meant_or_nobody() {
    let provider = twins().connect().await;
    let meant = provider.get(&unsettled()).await.unwrap().unwrap();
    assert_eq!(meant.at.id.as_str(), OLD);
    let moved = EmployeeRef {
        id: RemoteId::new(NEW),
        ..unsettled()
    };
    for who in [
        moved.clone(),
        EmployeeRef {
            settled: true,
            ..moved
        },
    ] {
        let error = provider.get(&who).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
    }
}
