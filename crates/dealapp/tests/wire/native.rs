//! What only this platform has: its own filters, its tree of units, and changes of single units.

use std::sync::Arc;

use kadry_core::{
    Cursor, Effect, EmployeeProvider, ErrorKind, Look, Native, NativeCall, Page, Result, every,
};
use serde_json::{Value, json};

use crate::script::{
    Reply, SENIOR, Script, connected, connected_with_levels, page, record, single,
};

const UNITS: &str = "/api/v1/organization/units";
const CENTRE: &str = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92200";
const FIRST: &str = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92202";
const OPERATOR: &str = "b8f0c7a2-65d4-4f0e-8f55-2d9d6a3c1101";

/// A platform and the call of an operation with these arguments.
struct Desk {
    platform: Arc<dyn EmployeeProvider>,
    script: Script,
}

impl Desk {
    async fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let (platform, script) = connected(replies).await;
        Self { platform, script }
    }

    fn native(&self) -> &dyn Native {
        self.platform.native().unwrap()
    }

    async fn read(&self, call: &NativeCall, from: Option<&Cursor>) -> Result<Page<Value>> {
        self.native().read(call, from).await
    }

    async fn all(&self, call: &NativeCall) -> Result<Vec<Value>> {
        every(async |from: Option<Cursor>| self.read(call, from.as_ref()).await).await
    }

    async fn refusal(&self, call: &NativeCall) -> ErrorKind {
        self.native().resolve(call).await.unwrap_err().kind()
    }

    /// The only single change that a call stands for.
    async fn resolved(&self, call: &NativeCall) -> NativeCall {
        let [one] = self
            .native()
            .resolve(call)
            .await
            .unwrap()
            .try_into()
            .unwrap();
        one
    }
}

fn call(operation: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(operation);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}

fn unit(id: &str, name: &str, above: Option<&str>) -> Value {
    json!({"id": id, "type": "units", "attributes": {
        "name": name, "integration-uid": null, "parent-id": above, "parent-integration-uid": null
    }})
}

fn list(rows: &[Value]) -> Reply {
    let meta = json!({"page": 1, "total-pages": 1, "total-count": rows.len()});
    Reply::ok(json!({"data": rows, "meta": meta}))
}

fn tree() -> Reply {
    list(&[
        unit(FIRST, "Первая линия", Some(CENTRE)),
        unit(CENTRE, "Контакт-центр", None),
    ])
}

fn decoded(line: &str) -> String {
    line.replace("%5B", "[")
        .replace("%5D", "]")
        .replace("%2C", ",")
}

#[tokio::test(start_paused = true)]
async fn people_are_listed_with_every_filter_of_the_platform() {
    let roles =
        list(&[json!({"id": OPERATOR, "type": "roles", "attributes": {"name": "Оператор"}})]);
    let rows = |id: &str| record(id, &json!({"active": false}));
    let (platform, script) = connected_with_levels([
        tree(),
        roles,
        Reply::ok(page(&[rows("a")], 1, 2, 2)),
        Reply::ok(page(&[rows("b")], 2, 2, 2)),
    ])
    .await;
    let desk = Desk { platform, script };
    let call = call(
        "users list",
        &[
            ("search", "vera"),
            ("active", "false"),
            ("units_ids", "контакт-центр / первая линия"),
            ("units_ids", CENTRE),
            ("roles_ids", "оператор"),
            ("levels_ids", "старший"),
            ("invitation_status", "invitation_sent"),
        ],
    );
    let people = desk.all(&call).await.unwrap();
    assert_eq!(people.len(), 2);
    assert_eq!(
        people[0]["relationships"]["unit"]["data"]["attributes"]["name"],
        "Первая линия"
    );
    let lines: Vec<String> = desk
        .script
        .lines()
        .iter()
        .map(|line| decoded(line))
        .collect();
    let asked = |number: u8| {
        format!(
            "GET /api/v1/users?include=unit,role&with_inactive=true&filters[with_inactive]=true&filters[active]=false\
             &filters[units_ids]={FIRST},{CENTRE}&filters[roles_ids]={OPERATOR}&filters[levels_ids]={SENIOR}\
             &filters[invitation_status]=invitation_sent&search=vera&sort=created_at&page[number]={number}"
        )
    };
    let names = [
        format!("GET {UNITS}"),
        "GET /api/v1/organization/roles".to_owned(),
    ];
    // Names are looked up once, and not again with every page.
    assert_eq!(lines, [&names[..], &[asked(1), asked(2)]].concat());
}

#[tokio::test(start_paused = true)]
async fn a_list_without_filters_asks_for_nothing_but_its_page() {
    let active = record("a", &json!({}));
    let desk = Desk::new([Reply::ok(page(std::slice::from_ref(&active), 1, 1, 1))]).await;
    let people = desk.all(&call("users list", &[])).await.unwrap();
    assert_eq!(people[0]["attributes"], active["attributes"]);
    assert_eq!(
        decoded(&desk.script.lines()[0]),
        "GET /api/v1/users?include=unit,role&sort=created_at&page[number]=1"
    );
}

#[tokio::test(start_paused = true)]
async fn an_order_of_ones_own_is_sent_and_a_downward_one_is_not() {
    let desk = Desk::new([Reply::ok(page(&[], 1, 1, 0))]).await;
    desk.all(&call("users list", &[("sort", "email")]))
        .await
        .unwrap();
    assert!(desk.script.lines()[0].contains("&sort=email&"));
    let downwards = desk.all(&call("users list", &[("sort", "-email")])).await;
    assert_eq!(downwards.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(desk.script.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn people_of_the_other_kind_are_left_out_whatever_the_platform_lists() {
    let rows = [
        record("a", &json!({"active": true})),
        record("b", &json!({"active": false})),
    ];
    let desk = Desk::new([Reply::ok(page(&rows, 1, 1, 2))]).await;
    let people = desk
        .all(&call("users list", &[("active", "false")]))
        .await
        .unwrap();
    assert_eq!(people.len(), 1);
    assert_eq!(people[0]["id"], "b");
}

#[tokio::test(start_paused = true)]
async fn an_empty_filter_asks_for_nobody() {
    let desk = Desk::new([]).await;
    for (operation, name) in [
        ("users list", "search"),
        ("users list", "units_ids"),
        ("users list", "sort"),
        ("users show", "integration_uid"),
        ("units list", "name"),
    ] {
        let call = call(operation, &[(name, " ")]);
        let error = desk.all(&call).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{operation} {name}");
    }
    assert!(desk.script.lines().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_name_that_nothing_or_several_bear_asks_for_no_people() {
    let twins = list(&[
        unit("1", "Продажи", None),
        unit("2", "Линия", Some("1")),
        unit("3", "Склад", None),
        unit("4", "Линия", Some("3")),
    ]);
    for (typed, kind) in [
        ("линия", ErrorKind::Conflict),
        ("Касса", ErrorKind::NotFound),
    ] {
        let desk = Desk::new([twins.clone()]).await;
        let error = desk
            .all(&call("users list", &[("units_ids", typed)]))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        let told = |key| error.context().iter().find(|(known, _)| *known == key);
        assert!(told("argument").is_some_and(|(_, name)| name == "units_ids"));
        assert!(told("typed").is_some_and(|(_, name)| name == typed));
        let ids = told("ids").map(|(_, ids)| ids.as_str());
        assert_eq!(ids, (kind == ErrorKind::Conflict).then_some("2, 4"));
        assert_eq!(desk.script.lines(), [format!("GET {UNITS}")]);
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_is_shown_by_e_mail_and_by_the_id_of_ones_own_system() {
    let vera = record(
        "a",
        &json!({"email": "Vera@example.test", "integration-uid": "hr-1"}),
    );
    let veras = record(
        "b",
        &json!({"email": "nevera@example.test", "integration-uid": "hr-11"}),
    );
    let both = || Reply::ok(page(&[vera.clone(), veras.clone()], 1, 1, 2));
    let none = Reply::ok(page(&[], 1, 1, 0));
    let desk = Desk::new([both(), none, both(), both(), both()]).await;
    let shown = async |name: &str, value: &str| {
        let call = call("users show", &[(name, value)]);
        let page = desk.read(&call, None).await?;
        Ok::<_, kadry_core::Error>(page.items[0]["id"].clone())
    };
    assert_eq!(shown("email", "vera@example.test").await.unwrap(), "a");
    assert!(
        desk.script
            .last()
            .line
            .contains("&search=vera%40example.test&")
    );
    // The search may mind the case: nobody is proven by the whole list alone.
    assert_eq!(shown("email", "vera@example.test").await.unwrap(), "a");
    assert!(!desk.script.last().line.contains("search"));
    assert_eq!(shown("integration_uid", "hr-11").await.unwrap(), "b");
    let nobody = shown("integration_uid", "hr-2").await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::NotFound);
    for arguments in [
        &[][..],
        &[("email", "a@example.test"), ("integration_uid", "1")],
    ] {
        let unclear = desk.read(&call("users show", arguments), None).await;
        assert_eq!(unclear.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert!(
        desk.script
            .lines()
            .iter()
            .all(|line| line.contains("with_inactive=true"))
    );
}

#[tokio::test(start_paused = true)]
async fn units_are_filtered_here_and_the_tree_shows_paths() {
    let desk = Desk::new([tree(), tree(), tree()]).await;
    let below = desk
        .all(&call("units list", &[("parent_id", "контакт-центр")]))
        .await
        .unwrap();
    assert_eq!(below, [unit(FIRST, "Первая линия", Some(CENTRE))]);
    let tree = desk.all(&call("units tree", &[])).await.unwrap();
    let paths: Vec<&Value> = tree.iter().map(|row| &row["path"]).collect();
    assert_eq!(paths, ["Контакт-центр", "Контакт-центр / Первая линия"]);
    assert_eq!(desk.script.lines(), vec![format!("GET {UNITS}"); 3]);
}

#[tokio::test(start_paused = true)]
async fn roles_are_listed_as_they_came() {
    let role = json!({"id": OPERATOR, "type": "roles", "attributes": {"name": "Оператор"}});
    let desk = Desk::new([list(std::slice::from_ref(&role))]).await;
    assert_eq!(desk.all(&call("roles list", &[])).await.unwrap(), [role]);
}

#[tokio::test(start_paused = true)]
async fn a_unit_is_made_under_the_one_that_a_path_names() {
    let night = unit("9", "Ночная смена", Some(FIRST));
    let after = list(&[unit(FIRST, "Первая линия", Some(CENTRE)), night.clone()]);
    let desk = Desk::new([tree(), tree(), Reply::ok(single(&night)), after]).await;
    let typed = call(
        "units create",
        &[
            ("name", " Ночная смена"),
            ("parent_id", "Контакт-центр/Первая линия"),
        ],
    );
    let one = desk.resolved(&typed).await;
    assert_eq!(
        one,
        call(
            "units create",
            &[("name", "Ночная смена"), ("parent_id", FIRST)]
        )
    );
    let native = desk.native();
    let before = native.look(&one).await.unwrap();
    assert_eq!(before, json!([]));
    assert_eq!(native.stands(&one, None, &before), Look::Absent);
    assert_eq!(native.write(&one).await.unwrap(), night);
    let sent = desk.script.last();
    assert_eq!(sent.line, format!("POST {UNITS}"));
    assert_eq!(
        sent.body,
        Some(json!({"name": "Ночная смена", "parent_id": FIRST}))
    );
    let now = native.look(&one).await.unwrap();
    assert_eq!(native.stands(&one, Some(&before), &now), Look::Found);
    assert_eq!(native.stands(&one, None, &now), Look::Found);
    // One that was there before is no proof that this call made it.
    assert_eq!(native.stands(&one, Some(&now), &now), Look::Absent);
    assert_eq!(
        native.back(&one, &before, &now),
        kadry_core::Back::default()
    );
}

#[tokio::test(start_paused = true)]
async fn a_unit_is_renamed_and_moved_by_what_changes_alone() {
    let moved = |name| {
        list(&[
            unit(FIRST, name, Some(CENTRE)),
            unit(CENTRE, "Контакт-центр", None),
        ])
    };
    let desk = Desk::new([tree(), tree(), Reply::new(204, ""), moved("первая линия")]).await;
    let typed = call(
        "units update",
        &[("id", "Первая линия"), ("name", "первая линия")],
    );
    let one = desk.resolved(&typed).await;
    assert_eq!(
        one,
        call("units update", &[("id", FIRST), ("name", "первая линия")])
    );
    let native = desk.native();
    let before = native.look(&one).await.unwrap();
    assert_eq!(
        native.stands(&one, None, &before),
        Look::Absent,
        "another letter case"
    );
    // An empty answer is a possible answer.
    assert_eq!(native.write(&one).await.unwrap(), Value::Null);
    let sent = desk.script.last();
    assert_eq!(sent.line, format!("PUT {UNITS}/{FIRST}"));
    assert_eq!(sent.body, Some(json!({"name": "первая линия"})));
    let now = native.look(&one).await.unwrap();
    assert_eq!(native.stands(&one, Some(&before), &now), Look::Found);
    let back = call("units update", &[("id", FIRST), ("name", "Первая линия")]);
    assert_eq!(native.back(&one, &before, &now), back.into());
    let move_it = call("units update", &[("id", FIRST), ("parent_id", "2")]);
    assert_eq!(native.stands(&move_it, None, &now), Look::Absent);
    let back = call("units update", &[("id", FIRST), ("parent_id", CENTRE)]);
    assert_eq!(native.back(&move_it, &before, &now), back.into());
    // At the top there is nothing to move it back to.
    let from_the_top = unit(CENTRE, "Контакт-центр", None);
    assert_eq!(
        native.back(&move_it, &from_the_top, &now),
        kadry_core::Back::default().except(&["parent_id"])
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_asked_for_is_refused_before_anything_is_sent() {
    let desk = Desk::new(std::iter::repeat_with(tree).take(6)).await;
    for (operation, arguments, kind) in [
        ("units create", &[("name", "  ")][..], ErrorKind::Invalid),
        (
            "units create",
            &[("name", "x"), ("parent_id", "Склад")],
            ErrorKind::NotFound,
        ),
        ("units update", &[("id", FIRST)], ErrorKind::Invalid),
        (
            "units update",
            &[("id", "Склад"), ("name", "x")],
            ErrorKind::NotFound,
        ),
        (
            "units update",
            &[("id", FIRST), ("parent_id", "")],
            ErrorKind::Unsupported,
        ),
        (
            "units update",
            &[("id", CENTRE), ("parent_id", FIRST)],
            ErrorKind::Invalid,
        ),
        (
            "units update",
            &[("id", FIRST), ("integration_uid", "")],
            ErrorKind::Invalid,
        ),
        (
            "units create",
            &[("name", "x"), ("integration_uid", " ")],
            ErrorKind::Invalid,
        ),
        (
            "units create",
            &[
                ("name", "x"),
                ("parent_id", "00000000-0000-4000-8000-00000000dead"),
            ],
            ErrorKind::NotFound,
        ),
        ("users list", &[], ErrorKind::Unsupported),
    ] {
        let call = call(operation, arguments);
        assert_eq!(desk.refusal(&call).await, kind, "{call}");
    }
    assert!(
        desk.script
            .lines()
            .iter()
            .all(|line| line.starts_with("GET "))
    );
}

#[tokio::test(start_paused = true)]
async fn a_unit_that_was_kept_otherwise_is_an_error_that_changed_something() {
    for (one, answer) in [
        // What is not permitted is dropped without a word: then the unit stands at the top.
        (
            call("units create", &[("name", "x"), ("parent_id", FIRST)]),
            unit("9", "x", None),
        ),
        (call("units create", &[("name", "x")]), unit("9", "y", None)),
        (
            call("units update", &[("id", FIRST), ("parent_id", "2")]),
            unit(FIRST, "x", Some(CENTRE)),
        ),
        (
            call("units update", &[("id", FIRST), ("integration_uid", "7")]),
            unit(FIRST, "x", None),
        ),
    ] {
        let desk = Desk::new([Reply::ok(single(&answer))]).await;
        let error = desk.native().write(&one).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect()),
            (ErrorKind::Protocol, Effect::Applied),
            "{one}"
        );
    }
    let partial = json!({"id": FIRST, "attributes": {"name": "x"}});
    let one = call("units update", &[("id", FIRST), ("integration_uid", "7")]);
    let desk = Desk::new([Reply::ok(single(&partial))]).await;
    assert_eq!(desk.native().write(&one).await.unwrap(), partial);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_to_a_new_unit_is_not_sent_again() {
    let desk = Desk::new([Reply::lost()]).await;
    let error = desk
        .native()
        .write(&call("units create", &[("name", "x")]))
        .await
        .unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(desk.script.lines().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_unit_whose_place_is_not_shown_cannot_be_told_to_have_moved() {
    let desk = Desk::new([]).await;
    let placeless = json!({"id": FIRST, "attributes": {"name": "Первая линия"}});
    let move_it = call("units update", &[("id", FIRST), ("parent_id", CENTRE)]);
    let native = desk.native();
    assert_eq!(native.stands(&move_it, None, &placeless), Look::CannotTell);
    assert_eq!(native.stands(&move_it, None, &Value::Null), Look::Absent);
}
