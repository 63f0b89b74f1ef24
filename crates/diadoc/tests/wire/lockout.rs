//! How few round trips stand between a command and a closed door.

use std::time::Duration;

use kadry_core::{
    Access, Change, Email, Employee, EmployeeProvider, ErrorKind, FieldName, MatchKey, seek,
};
use kadry_http::InMemory;
use serde_json::{Value, json};

use crate::script::{NOW_MS, Reply, Script, Seen, administrator, employee, grant};

const TOKEN: &str = "POST identity.test/connect/token";
const ME: &str = "GET /GetMyEmployee";
const BLOCK: &str = "POST /UpdateEmployee";
const WAIT: Duration = Duration::from_millis(200);

fn anna() -> MatchKey {
    MatchKey::Email(Email::parse("anna@example.test").unwrap())
}

fn page(number: usize) -> String {
    format!("GET /GetEmployees {number}")
}

/// A row of a box, in which Anna is the last and has registered or not.
fn row(number: usize, last: usize, registered: bool) -> Value {
    let mut row = if number == last {
        employee("anna", "anna@example.test")
    } else {
        employee(&format!("{number}"), &format!("{number}@example.test"))
    };
    row["User"]["IsRegistered"] = json!(registered || number != last);
    row
}

/// A box of so many people that takes its time for every answer.
fn slow(people: usize, registered: bool) -> Script {
    Script::bare(move |seen, nth| {
        let last = people - 1;
        let answer = match seen.what.as_str() {
            TOKEN => grant(&format!("access-{nth}"), "seed"),
            "GET api.test/GetMyEmployee" => administrator(),
            "GET api.test/GetEmployees" => {
                let number: usize = seen.query("page").unwrap().parse().unwrap();
                let rows = ((number - 1) * 50..people.min(number * 50))
                    .map(|number| row(number, last, registered));
                json!({"Employees": rows.collect::<Vec<_>>(), "TotalCount": people})
            }
            _ => return changed(seen, row(last, last, registered)),
        };
        Reply::Slow(WAIT, answer)
    })
}

/// The answer to a patch of this row; to anybody else's id it is a 404.
fn changed(seen: &Seen, mut row: Value) -> Reply {
    if seen.query("userId") != row["User"]["UserId"].as_str() {
        return Reply::Status(404, "Employee is not found");
    }
    let patch = seen.json();
    if let Some(position) = patch["Position"].get("Position") {
        row["Position"] = position.clone();
    } else {
        row["Permissions"]["AuthorizationPermission"] =
            patch["Permissions"]["AuthorizationPermission"].clone();
    }
    Reply::Slow(WAIT, row)
}

/// Finds Anna as a lockout does.
async fn find(provider: &dyn EmployeeProvider) -> Employee {
    let keys = [anna()];
    let (standing, sighting) =
        futures::try_join!(provider.whoami(), seek(provider, &keys)).unwrap();
    assert!(standing.own.is_some());
    let [anna] = sighting.matches.try_into().unwrap();
    anna
}

async fn lock_out(script: &Script, keep: InMemory) {
    let provider = script.connect_for(&[anna()], keep, "seed").await.unwrap();
    let anna = find(provider.as_ref()).await;
    let closed = provider.set_access(&anna.at, Access::Suspended).await;
    assert_eq!(closed.unwrap().access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn somebody_is_locked_out_in_three_round_trips() {
    for registered in [true, false] {
        let script = slow(50, registered);
        lock_out(&script, InMemory::default()).await;
        assert_eq!(
            script.rounds(),
            [
                vec![TOKEN.to_owned()],
                vec![ME.to_owned(), page(1)],
                vec![BLOCK.to_owned()],
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_is_locked_out_in_two_while_an_access_token_serves_however_old_it_is() {
    let script = Script::bare(|seen, _| match seen.what.as_str() {
        TOKEN => {
            let mut grant = grant("access", "seed");
            grant["expires_in"] = json!(10 * 24 * 60 * 60);
            Reply::Json(grant)
        }
        "GET api.test/GetMyEmployee" => Reply::Slow(WAIT, administrator()),
        "GET api.test/GetEmployees" => {
            let rows = [row(0, 0, true)];
            Reply::Slow(WAIT, json!({"Employees": rows, "TotalCount": 1}))
        }
        _ => changed(seen, row(0, 0, true)),
    });
    let keep = InMemory::default();
    script.connect_keeping(keep.clone(), "seed").await.unwrap();
    let before = script.rounds().len();
    tokio::time::sleep(Duration::from_secs(3 * 24 * 60 * 60)).await;
    lock_out(&script, keep).await;
    assert_eq!(
        script.rounds()[before..],
        [vec![ME.to_owned(), page(1)], vec![BLOCK.to_owned()]]
    );
}

#[tokio::test(start_paused = true)]
async fn the_pages_after_the_first_leave_at_once_four_at_most() {
    let script = slow(150, true);
    lock_out(&script, InMemory::default()).await;
    assert_eq!(
        script.rounds(),
        [
            vec![TOKEN.to_owned()],
            vec![ME.to_owned(), page(1)],
            vec![page(2), page(3)],
            vec![BLOCK.to_owned()],
        ]
    );
    let script = slow(300, true);
    lock_out(&script, InMemory::default()).await;
    assert_eq!(
        script.rounds()[2..],
        [
            vec![page(2), page(3), page(4), page(5)],
            vec![page(6)],
            vec![BLOCK.to_owned()],
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_read_ahead_is_given_out_once_and_is_never_old() {
    let script = slow(1, true);
    let asked = || script.rounds().concat();
    let count = |what: &str| asked().iter().filter(|asked| *asked == what).count();
    let provider = script
        .connect_for(&[anna()], InMemory::default(), "seed")
        .await
        .unwrap();
    for times in 1..=2 {
        provider.whoami().await.unwrap();
        provider.find(&anna(), None).await.unwrap();
        assert_eq!((count(ME), count(&page(1))), (times, times));
    }

    let provider = script
        .connect_for(&[anna()], InMemory::default(), "seed")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    provider.whoami().await.unwrap();
    provider.list(None).await.unwrap();
    assert_eq!((count(ME), count(&page(1))), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn nothing_read_ahead_outlives_a_write() {
    let script = slow(1, true);
    let provider = script
        .connect_for(&[anna()], InMemory::default(), "seed")
        .await
        .unwrap();
    let found = provider.find(&anna(), None).await.unwrap();
    let provider = script
        .connect_for(&[anna()], InMemory::default(), "seed")
        .await
        .unwrap();
    let change = Change {
        fields: [(FieldName::Title, Some("Кассир".to_owned()))].into(),
        ..Change::default()
    };
    provider.update(&found.items[0].at, &change).await.unwrap();
    provider.list(None).await.unwrap();
    assert_eq!(script.rounds().last().unwrap(), &[page(1)]);
}

#[tokio::test(start_paused = true)]
async fn nobody_is_read_ahead_for_a_key_that_is_not_matched_by() {
    let script = slow(1, true);
    let by_id = [MatchKey::ExternalId("42".into())];
    for whom in [&by_id[..], &[]] {
        let keep = InMemory::default();
        script.connect_for(whom, keep, "seed").await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(
        script.rounds().concat(),
        [TOKEN, ME, TOKEN, ME].map(str::to_owned)
    );
}

#[tokio::test(start_paused = true)]
async fn a_box_that_keeps_us_out_says_so_whatever_the_list_says() {
    let script = Script::bare(|seen, _| match seen.what.as_str() {
        TOKEN => Reply::Json(grant("access", "seed")),
        "GET api.test/GetMyEmployee" => Reply::Status(403, "Access to Box is denied"),
        _ => Reply::Slow(WAIT, json!({"Employees": [], "TotalCount": 0})),
    });
    let whom = [anna()];
    let connected = script.connect_for(&whom, InMemory::default(), "seed");
    assert_eq!(connected.await.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_could_not_be_read_ahead_is_the_lists_error() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN => Reply::Json(grant("access", "seed")),
        "GET api.test/GetMyEmployee" => Reply::Json(administrator()),
        _ if nth == 0 => Reply::Status(402, ""),
        _ => Reply::Json(json!({"Employees": [], "TotalCount": 0})),
    });
    let provider = script
        .connect_for(&[anna()], InMemory::default(), "seed")
        .await
        .unwrap();
    let error = provider.list(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Billing);
    assert!(provider.list(None).await.unwrap().items.is_empty());
}

#[tokio::test(start_paused = true)]
async fn somebody_who_registers_just_before_the_block_is_looked_for_again() {
    let script = Script::bare(|seen, nth| match seen.what.as_str() {
        TOKEN => Reply::Json(grant("access", "seed")),
        "GET api.test/GetMyEmployee" => Reply::Json(administrator()),
        "GET api.test/GetEmployees" => {
            let mut row = row(0, 0, nth > 0);
            row["User"]["UserId"] = json!(if nth > 0 { "new" } else { "old" });
            Reply::Json(json!({"Employees": [row], "TotalCount": 1}))
        }
        _ => {
            let mut row = row(0, 0, true);
            row["User"]["UserId"] = json!("new");
            changed(seen, row)
        }
    });
    lock_out(&script, InMemory::default()).await;
    assert_eq!(
        script.paths(),
        ["GET /GetEmployees", BLOCK, "GET /GetEmployees", BLOCK]
    );
}

#[tokio::test(start_paused = true)]
async fn people_without_a_login_keep_nobody_from_being_proven_absent() {
    let script = Script::bare(|seen, _| match seen.what.as_str() {
        TOKEN => Reply::Json(grant("access", "seed")),
        "GET api.test/GetMyEmployee" => Reply::Json(administrator()),
        _ => {
            let mut by_certificate = employee("c", "");
            by_certificate["User"]["Login"] = json!(null);
            Reply::Json(json!({"Employees": [by_certificate], "TotalCount": 1}))
        }
    });
    let provider = script.connect().await;
    let sighting = seek(provider.as_ref(), &[anna()]).await.unwrap();
    assert_eq!(sighting.matches, []);
    assert_eq!(sighting.everybody.unwrap().len(), 1);
    assert!(provider.whoami().await.unwrap().expires_at_ms > Some(NOW_MS));
}
