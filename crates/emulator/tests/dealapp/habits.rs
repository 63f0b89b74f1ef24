//! What the vendor leaves open, and an emulator may be told.

use std::time::Duration;

use kadry_emulator::Options;
use kadry_emulator::dealapp::habits::{
    Blocked, Changed, Created, EmailClash, Habits, Parent, Spelling, UnknownId,
};
use serde_json::{Value, json};
use tokio::time::advance;

use crate::support::{Caller, ROLES, SERVICE, UNITS, USERS, options};

const ANNA: &str = "anna@example.test";

async fn with(habits: Habits) -> Caller {
    let caller = Caller::with(Options {
        dealapp: habits,
        ..options()
    })
    .await;
    caller.seed(&json!({ "users": [
        { "email": ANNA, "last_name": "Орлова", "first_name": "Анна", "integration_uid": "hr-1" },
    ] }));
    caller
}

fn members(value: &Value) -> Vec<&str> {
    let members = value.as_object().unwrap();
    members.keys().map(String::as_str).collect()
}

#[tokio::test]
async fn a_sign_in_shows_the_account_flat_and_in_snake_case() {
    let caller = Caller::stranger(options());
    let answer = caller.sign_in(SERVICE, &caller.password()).await;
    let data = &answer.body["data"];
    assert_eq!(data["id"], caller.user(SERVICE)["id"]);
    assert_eq!(
        (&data["email"], &data["uid"]),
        (&json!(SERVICE), &json!(SERVICE))
    );
    assert_eq!(data["last_name"], "Интеграция");
    assert_eq!(data["active"], true);
    assert_eq!(data.get("password"), None);
}

#[tokio::test]
async fn a_sign_in_may_show_nothing_but_its_headers() {
    let caller = with(Habits {
        sign_in_shows_account: false,
        ..Habits::default()
    })
    .await;
    let answer = caller.sign_in(SERVICE, &caller.password()).await;
    assert_eq!((answer.status.as_u16(), &answer.body), (200, &json!({})));
    assert!(!answer.header("access-token").is_empty());
}

#[tokio::test]
async fn a_creation_may_be_answered_with_201() {
    let caller = with(Habits {
        created: Created::Created,
        ..Habits::default()
    })
    .await;
    let user = caller.hire("oleg@example.test");
    assert_eq!(caller.post(USERS, &user).await.status, 201);
    let unit = json!({ "name": "Ночная смена" });
    assert_eq!(caller.post(UNITS, &unit).await.status, 201);
    let change = json!({ "active": false });
    assert_eq!(caller.put(&caller.path(ANNA), &change).await.status, 200);
}

#[tokio::test]
async fn answers_may_be_spelt_in_snake_case() {
    let caller = with(Habits {
        spelling: Spelling::Snake,
        ..Habits::default()
    })
    .await;
    for path in [USERS, UNITS, ROLES] {
        let answer = caller.get(path).await;
        assert!(!answer.body.to_string().contains("-uid\":"), "{path}");
        assert_eq!(
            members(&answer.body["meta"]),
            ["page", "total_count", "total_pages"]
        );
    }
    let user = &caller.get(USERS).await.body["data"][1];
    assert_eq!(user["attributes"]["last_name"], "Орлова");
    assert_eq!(user["attributes"].get("last-name"), None);
    assert_eq!(
        members(&user["relationships"]),
        ["level", "origin_integration", "role", "unit"]
    );
    let made = caller.post(USERS, &caller.hire("oleg@example.test")).await;
    assert_eq!(made.body["data"]["attributes"]["last_name"], "Орлова");
}

#[tokio::test]
async fn a_change_may_be_answered_in_part_or_not_at_all() {
    for (changed, status) in [(Changed::Partial, 200), (Changed::Empty, 204)] {
        let caller = with(Habits {
            changed,
            ..Habits::default()
        })
        .await;
        let path = caller.path(ANNA);
        let answer = caller.put(&path, &json!({ "active": false })).await;
        assert_eq!(answer.status, status);
        assert_eq!(caller.user(ANNA)["active"], false);
        if changed == Changed::Partial {
            let data = &answer.body["data"];
            assert_eq!(members(data), ["attributes", "id", "type"]);
            assert_eq!(data["attributes"], json!({ "name": "Орлова Анна" }));
        } else {
            assert_eq!(answer.body, "");
        }
    }
}

#[tokio::test]
async fn a_clash_of_emails_has_several_answers() {
    for (email_clash, status) in [
        (EmailClash::Invalid, 422),
        (EmailClash::Conflict, 409),
        (EmailClash::Broken, 500),
    ] {
        let caller = with(Habits {
            email_clash,
            ..Habits::default()
        })
        .await;
        let before = caller.state()["users"].clone();
        let answer = caller.post(USERS, &caller.hire(ANNA)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        let change = json!({ "email": ANNA });
        let answer = caller.put(&caller.path(SERVICE), &change).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(caller.state()["users"], before);
        if email_clash == EmailClash::Broken {
            assert!(answer.body.as_str().unwrap().starts_with("<!DOCTYPE html>"));
            assert_eq!(
                answer.header("client"),
                "",
                "a broken action stamps nothing"
            );
        }
    }
}

#[tokio::test]
async fn other_complaints_come_before_a_clash_that_only_the_database_sees() {
    let caller = with(Habits {
        email_clash: EmailClash::Broken,
        ..Habits::default()
    })
    .await;
    let mut body = caller.hire(ANNA);
    body["last_name"] = json!(" ");
    let answer = caller.post(USERS, &body).await;
    assert_eq!(answer.complaint("last_name")[0], "Last name can't be blank");
    assert_eq!(answer.complaint("email"), &Value::Null);
}

#[tokio::test]
async fn a_clash_may_create_a_second_record_that_says_so() {
    let caller = with(Habits {
        email_clash: EmailClash::Collision,
        ..Habits::default()
    })
    .await;
    let answer = caller.post(USERS, &caller.hire(ANNA)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let made = &answer.body["data"]["attributes"];
    assert_eq!(
        made["collisions-on-create"],
        json!({ "email": ["Email has already been taken"] })
    );
    let anna = json!(ANNA);
    let listed = caller.get(USERS).await;
    let twins = listed
        .column("email")
        .into_iter()
        .filter(|email| **email == anna);
    assert_eq!(twins.count(), 2);
    let change = json!({ "email": ANNA });
    let answer = caller.put(&caller.path(SERVICE), &change).await;
    assert_eq!(answer.complaint("email")[0], "Email has already been taken");
}

#[tokio::test]
async fn units_and_roles_may_come_at_once_on_every_page() {
    let caller = with(Habits {
        unpaged_structure: true,
        ..Habits::default()
    })
    .await;
    let units: Vec<Value> = (0..30)
        .map(|number| json!({ "name": format!("Отдел {number}") }))
        .collect();
    caller.seed(&json!({ "units": units }));
    for (path, rows) in [(UNITS, 34), (ROLES, 3)] {
        for page in ["", "?page%5Bnumber%5D=2"] {
            let answer = caller.get(&format!("{path}{page}")).await;
            assert_eq!(members(&answer.body), ["data"]);
            assert_eq!(answer.body["data"].as_array().unwrap().len(), rows);
        }
    }
    let users = caller.get(USERS).await;
    assert_eq!(users.body["meta"]["total-count"], 2);
}

async fn rows(caller: &Caller, query: &str) -> usize {
    let answer = caller.get(&format!("{USERS}?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn pages_may_have_other_sizes() {
    let users: Vec<Value> = (0..40)
        .map(|number| json!({ "email": format!("u{number}@example.test") }))
        .collect();
    for (habits, sizes) in [
        (Habits::default(), [25, 10, 42]),
        (
            Habits {
                page_size: 7,
                largest_page: 9,
                ..Habits::default()
            },
            [7, 9, 9],
        ),
        (
            Habits {
                obeys_page_size: false,
                ..Habits::default()
            },
            [25, 25, 25],
        ),
    ] {
        let caller = with(habits).await;
        caller.seed(&json!({ "users": users }));
        for (query, size) in ["", "page%5Bsize%5D=10", "page%5Bsize%5D=1000"]
            .iter()
            .zip(sizes)
        {
            assert_eq!(rows(&caller, query).await, size, "{query}");
        }
        let units = caller.get(UNITS).await;
        assert_eq!(units.column("name").len(), 4);
    }
}

#[tokio::test]
async fn asking_for_the_inactive_may_be_enough_to_see_them() {
    for (active_filter_is_enough, count) in [(false, 0), (true, 1)] {
        let caller = with(Habits {
            active_filter_is_enough,
            ..Habits::default()
        })
        .await;
        let gone = json!({ "users": [{ "email": "gone@example.test", "active": false }] });
        caller.seed(&gone);
        assert_eq!(rows(&caller, "filters%5Bactive%5D=false").await, count);
        assert_eq!(rows(&caller, "filters%5Bactive%5D=true").await, 2);
        assert_eq!(rows(&caller, "").await, 2);
    }
}

#[tokio::test]
async fn a_unit_may_stand_for_those_below_it() {
    for (units_with_those_below, count) in [(false, 2), (true, 3)] {
        let caller = with(Habits {
            units_with_those_below,
            ..Habits::default()
        })
        .await;
        caller
            .seed(&json!({ "users": [{ "email": "line@example.test", "unit": "Первая линия" }] }));
        let root = format!(
            "filters%5Bunits_ids%5D={}",
            caller.id("units", "Контакт-центр")
        );
        assert_eq!(rows(&caller, &root).await, count);
        let line = format!(
            "filters%5Bunits_ids%5D={}",
            caller.id("units", "Первая линия")
        );
        assert_eq!(rows(&caller, &line).await, 1);
    }
}

#[tokio::test]
async fn blocked_may_be_something_else_than_inactive() {
    for (blocked, email) in [
        (Blocked::Inactive, "gone@example.test"),
        (Blocked::Apart, "locked@example.test"),
    ] {
        let caller = with(Habits {
            blocked,
            ..Habits::default()
        })
        .await;
        caller.seed(&json!({ "users": [
            { "email": "gone@example.test", "active": false },
            { "email": "locked@example.test", "locked_out": true },
        ]}));
        let query = "with_inactive=true&filters%5Binvitation_status%5D=user_blocked";
        let answer = caller.get(&format!("{USERS}?{query}")).await;
        assert_eq!(answer.column("email"), [email]);
    }
}

#[tokio::test]
async fn what_does_not_exist_may_be_not_found() {
    const NOBODY: &str = "11111111-2222-4333-8444-555555555555";
    for (unknown_id, status) in [(UnknownId::Invalid, 422), (UnknownId::NotFound, 404)] {
        let caller = with(Habits {
            unknown_id,
            ..Habits::default()
        })
        .await;
        let before = caller.state();
        for field in ["unit_id", "role_id", "level_id"] {
            let answer = caller
                .put(&caller.path(ANNA), &json!({ field: NOBODY }))
                .await;
            assert_eq!(answer.status, status, "{field}");
        }
        let mut hire = caller.hire("oleg@example.test");
        hire["unit_id"] = json!(NOBODY);
        assert_eq!(caller.post(USERS, &hire).await.status, status);
        let unit = json!({ "name": "Ночная смена", "parent_id": NOBODY });
        assert_eq!(caller.post(UNITS, &unit).await.status, status);
        assert_eq!(caller.state(), before);
        let nameless = caller.post(UNITS, &json!({ "name": "" })).await;
        assert_eq!(nameless.status, 422);
    }
}

#[tokio::test]
async fn a_unit_may_name_its_parent_in_a_relationship() {
    let caller = with(Habits {
        parent: Parent::Relationship,
        ..Habits::default()
    })
    .await;
    let units = caller.get(UNITS).await;
    let root = &units.body["data"][0];
    let line = &units.body["data"][1];
    assert_eq!(root["relationships"]["parent"]["data"], Value::Null);
    assert_eq!(
        line["relationships"]["parent"]["data"],
        json!({ "id": root["id"], "type": "units" })
    );
    assert_eq!(members(&line["attributes"]), ["integration-uid", "name"]);
}

#[tokio::test]
async fn bodies_may_be_unwrapped() {
    for (unwraps_bodies, status) in [(false, 422), (true, 200)] {
        let caller = with(Habits {
            unwraps_bodies,
            ..Habits::default()
        })
        .await;
        let wraps: [fn(Value) -> Value; 2] = [
            |body| json!({ "user": body }),
            |body| json!({ "data": { "type": "users", "attributes": body } }),
        ];
        for (number, wrap) in wraps.iter().enumerate() {
            let body = caller.hire(&format!("oleg{number}@example.test"));
            let answer = caller.post(USERS, &wrap(body)).await;
            assert_eq!(answer.status, status, "{}", answer.body);
            assert!(caller.violation().is_some());
        }
        let unit = json!({ "unit": { "name": "Ночная смена" } });
        assert_eq!(caller.post(UNITS, &unit).await.status, status);
        let flat = caller.hire("ivan@example.test");
        assert_eq!(caller.post(USERS, &flat).await.status, 200);
        assert_eq!(caller.violation(), None);
    }
}

#[tokio::test(start_paused = true)]
async fn the_token_before_the_latest_may_be_accepted_only_for_a_while() {
    for (accepts_previous_token, status) in [(true, 200), (false, 401)] {
        let caller = with(Habits {
            accepts_previous_token,
            ..Habits::default()
        })
        .await;
        advance(Duration::from_secs(20)).await;
        let rotated = caller.get(ROLES).await;
        assert!(rotated.header("access-token").len() > 1);
        advance(Duration::from_secs(2)).await;
        assert_eq!(caller.get(ROLES).await.status, 200);
        advance(Duration::from_secs(20)).await;
        assert_eq!(caller.get(ROLES).await.status, status);
    }
}
