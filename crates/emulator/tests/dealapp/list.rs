//! Listing users: filters, pages, order, related records.

use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::support::{Caller, SERVICE, USERS, options};

async fn staffed() -> Caller {
    let caller = Caller::signed_in().await;
    caller.seed(&json!({ "users": [
        { "email": "anna@example.test", "last_name": "Орлова", "first_name": "Анна Сергеевна", "integration_uid": "hr-1",
          "unit": "Первая линия", "accepted_invitation": true, "invitation_sent": true },
        { "email": "oleg@example.test", "last_name": "Ким", "unit": "Бухгалтерия", "role": "Супервизор",
          "invitation_sent": true, "level": "Эксперт" },
        { "email": "gone@example.test", "last_name": "Ушедшая", "active": false, "unit": "Бухгалтерия" },
    ] }));
    caller
}

#[tokio::test]
async fn a_user_is_a_kebab_case_resource() {
    let caller = staffed().await;
    let answer = caller.get(&format!("{USERS}?search=anna%40example")).await;
    assert_eq!(caller.violation(), None);
    let user = &answer.body["data"][0];
    assert_eq!(user["type"], "users");
    assert_eq!(
        user["attributes"],
        json!({
            "email": "anna@example.test", "name": "Орлова Анна Сергеевна", "first-name": "Анна Сергеевна",
            "last-name": "Орлова", "phone-number": null, "accepted-invitation": true, "integration-uid": "hr-1",
            "avatar-url": null, "active": true, "collisions-on-create": {}, "invitation-sent": true,
            "last-active-at": null, "prefered-locale": "ru",
        })
    );
    assert_eq!(
        user["relationships"],
        json!({
            "role": { "data": { "id": caller.id("roles", "Оператор"), "type": "roles" } },
            "unit": { "data": { "id": caller.id("units", "Первая линия"), "type": "units" } },
            "level": { "data": null }, "origin-integration": { "data": null },
        })
    );
    assert_eq!(
        answer.body["meta"],
        json!({ "page": 1, "total-pages": 1, "total-count": 1 })
    );
    assert!(answer.body.get("included").is_none());
}

#[tokio::test]
async fn the_name_is_not_trimmed() {
    let caller = staffed().await;
    let answer = caller.get(&format!("{USERS}?search=oleg")).await;
    assert_eq!(answer.column("name"), [&json!("Ким ")]);
}

#[tokio::test]
async fn inactive_users_are_listed_only_when_asked_for() {
    let caller = staffed().await;
    assert!(!caller.get(USERS).await.has("gone@example.test"));
    assert!(
        !caller
            .get(&format!("{USERS}?search=gone"))
            .await
            .has("gone@example.test")
    );
    for query in [
        "with_inactive=true",
        "filters%5Bwith_inactive%5D=true",
        "with_inactive=true&filters[with_inactive]=true",
    ] {
        let answer = caller.get(&format!("{USERS}?{query}")).await;
        assert!(
            answer.has("gone@example.test") && answer.has("anna@example.test"),
            "{query}"
        );
        assert_eq!(caller.violation(), None);
    }
    assert!(
        caller
            .get(&format!("{USERS}?filters[active]=false"))
            .await
            .column("email")
            .is_empty()
    );
    let leavers = caller
        .get(&format!("{USERS}?with_inactive=true&filters[active]=false"))
        .await;
    assert_eq!(leavers.column("email"), [&json!("gone@example.test")]);
}

#[tokio::test]
async fn filters_combine() {
    let caller = staffed().await;
    let (books, line) = (
        caller.id("units", "Бухгалтерия"),
        caller.id("units", "Первая линия"),
    );
    let (supervisor, expert) = (
        caller.id("roles", "Супервизор"),
        caller.id("levels", "Эксперт"),
    );
    let count = async |query: String| {
        let answer = caller.get(&format!("{USERS}?{query}")).await;
        assert_eq!(caller.violation(), None, "{query}");
        answer.body["meta"]["total-count"].as_u64().unwrap()
    };
    assert_eq!(count(format!("filters[units_ids]={books}")).await, 1);
    assert_eq!(count(format!("filters[units_ids]={books},{line}")).await, 2);
    assert_eq!(count(format!("units_ids={books},{line}")).await, 2);
    assert_eq!(
        count(format!("filters[units_ids]={books}&with_inactive=true")).await,
        2
    );
    assert_eq!(
        count(format!(
            "filters[roles_ids]={supervisor}&filters[units_ids]={books}"
        ))
        .await,
        1
    );
    assert_eq!(
        count(format!(
            "filters[roles_ids]={supervisor}&filters[units_ids]={line}"
        ))
        .await,
        0
    );
    assert_eq!(count(format!("filters[levels_ids]={expert}")).await, 1);
}

#[tokio::test]
async fn sub_departments_do_not_count_for_their_parent() {
    let caller = staffed().await;
    let root = caller.id("units", "Контакт-центр");
    let answer = caller
        .get(&format!("{USERS}?filters[units_ids]={root}"))
        .await;
    assert_eq!(answer.column("email"), [&json!(SERVICE)]);
}

#[tokio::test]
async fn invitation_status_follows_from_the_attributes() {
    let caller = staffed().await;
    caller.seed(&json!({ "users": [{ "email": "new@example.test" }] }));
    let emails = async |status: &str| {
        let query = format!("{USERS}?with_inactive=true&filters[invitation_status]={status}");
        let answer = caller.get(&query).await;
        answer
            .column("email")
            .into_iter()
            .cloned()
            .collect::<Vec<Value>>()
    };
    assert_eq!(
        emails("invitation_accepted").await,
        [SERVICE, "anna@example.test"]
    );
    assert_eq!(emails("invitation_sent").await, ["oleg@example.test"]);
    assert_eq!(emails("user_blocked").await, ["gone@example.test"]);
    assert!(
        emails("no_invitation_sent")
            .await
            .contains(&json!("new@example.test"))
    );
    assert!(emails("lost").await.is_empty());
    assert!(caller.violation().is_some());
}

#[tokio::test]
async fn search_is_a_part_of_name_or_email_in_any_case() {
    let caller = staffed().await;
    for text in [
        "%D0%BE%D1%80%D0%9B%D0%9E%D0%B2",
        "ANNA@",
        "%D0%B0%D0%BD%D0%BD%D0%B0",
    ] {
        assert_eq!(
            caller
                .get(&format!("{USERS}?search={text}"))
                .await
                .column("email"),
            [&json!("anna@example.test")]
        );
    }
    assert!(
        caller
            .get(&format!("{USERS}?search=hr-1"))
            .await
            .column("email")
            .is_empty()
    );
}

#[tokio::test]
async fn related_records_come_on_demand_and_once() {
    let caller = staffed().await;
    let answer = caller
        .get(&format!("{USERS}?include=unit,role&search=anna"))
        .await;
    assert_eq!(caller.violation(), None);
    let included = answer.body["included"].as_array().unwrap();
    assert_eq!(included.len(), 2);
    assert_eq!(included[0]["attributes"]["name"], "Первая линия");
    assert_eq!(
        included[1],
        json!({ "id": caller.id("roles", "Оператор"), "type": "roles", "attributes": { "name": "Оператор" } })
    );
    let nobody = caller
        .get(&format!("{USERS}?include=unit,role&search=zzz"))
        .await;
    assert!(nobody.body.get("included").is_none());
    let levels = caller
        .get(&format!("{USERS}?include=level&search=oleg"))
        .await;
    assert_eq!(levels.body["included"][0]["attributes"]["name"], "Эксперт");
    assert!(caller.violation().unwrap().contains("level"));
}

#[tokio::test]
async fn pages_are_numbered_and_empty_beyond_the_end() {
    let caller = Caller::with(Options {
        people: 80,
        ..options()
    })
    .await;
    let mut seen: Vec<Value> = Vec::new();
    let first = caller.get(&format!("{USERS}?with_inactive=true")).await;
    let pages = first.body["meta"]["total-pages"].as_u64().unwrap();
    let total = first.body["meta"]["total-count"].as_u64().unwrap();
    assert_eq!(pages, total.div_ceil(25));
    for page in 1..=pages {
        let answer = caller
            .get(&format!(
                "{USERS}?with_inactive=true&page%5Bnumber%5D={page}&sort=created_at"
            ))
            .await;
        assert_eq!(caller.violation(), None);
        assert_eq!(answer.body["meta"]["page"], page);
        seen.extend(answer.column("email").into_iter().cloned());
    }
    assert_eq!(seen.len() as u64, total);
    assert_eq!(seen[0], SERVICE);
    let beyond = caller
        .get(&format!(
            "{USERS}?with_inactive=true&page[number]={}",
            pages + 1
        ))
        .await;
    assert_eq!(
        (beyond.status.as_u16(), &beyond.body["data"]),
        (200, &json!([]))
    );
    assert_eq!(beyond.body["meta"]["total-count"], total);
    let huge = caller
        .get(&format!("{USERS}?page[number]=18446744073709551615"))
        .await;
    assert_eq!(huge.body["data"], json!([]));
}

#[tokio::test]
async fn an_empty_list_has_no_pages() {
    let answer = Caller::signed_in()
        .await
        .get(&format!("{USERS}?search=zzz"))
        .await;
    assert_eq!(
        answer.body,
        json!({ "data": [], "meta": { "page": 1, "total-pages": 0, "total-count": 0 } })
    );
}

#[tokio::test]
async fn undocumented_parameters_are_recorded() {
    let caller = staffed().await;
    for (query, named) in [
        ("page[size]=100", "page[size]"),
        ("page[number]=0", "page[number]"),
        ("page[number]=x", "page[number]"),
        ("with_inactive=1", "with_inactive"),
        ("filters[active]=yes", "filters[active]"),
        ("active=true", "active"),
        ("filter[active]=true", "filter[active]"),
        ("filters[email]=anna@example.test", "filters[email]"),
        ("sort=-created_at", "sort"),
        ("sort=last-name", "sort"),
        ("include=manager", "manager"),
    ] {
        assert_eq!(
            caller.get(&format!("{USERS}?{query}")).await.status,
            200,
            "{query}"
        );
        assert!(
            caller.violation().unwrap_or_default().contains(named),
            "{query}"
        );
    }
    assert!(
        !caller
            .get(&format!("{USERS}?with_inactive=1"))
            .await
            .has("gone@example.test")
    );
}

#[tokio::test]
async fn page_size_and_descending_order_are_obeyed() {
    let caller = staffed().await;
    let answer = caller
        .get(&format!("{USERS}?page[size]=2&sort=-email"))
        .await;
    assert_eq!(
        answer.column("email"),
        [&json!(SERVICE), &json!("oleg@example.test")]
    );
    assert_eq!(
        answer.body["meta"],
        json!({ "page": 1, "total-pages": 2, "total-count": 3 })
    );
}

#[tokio::test]
async fn people_of_the_start_carry_their_number() {
    let caller = Caller::with(Options {
        people: 40,
        ..options()
    })
    .await;
    let answer = caller
        .get(&format!("{USERS}?with_inactive=true&page[size]=100"))
        .await;
    let uids = answer.column("integration-uid");
    assert!(uids.len() > 1);
    assert!(
        uids.iter()
            .skip(1)
            .all(|uid| uid.as_str().is_some_and(|uid| uid.starts_with("hr-")))
    );
    assert_eq!(caller.user(SERVICE)["role"], "Администратор");
}
