//! What only this platform has: its lists, its directory and its tree of departments.

use kadry_core::{Cursor, Effect, ErrorKind, Look, NativeCall, every};
use serde_json::{Value, json};

use crate::script::{ANNA, BOX, HEAD, Reply, Script, employee, page};

const BOOKS: &str = "b0000000-0000-0000-0000-000000000002";
const DESK: &str = "c0000000-0000-0000-0000-000000000003";

pub(crate) fn call(operation: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(operation);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}

fn department(id: &str, parent: &str, name: &str, short: &str) -> Value {
    json!({
        "Id": id, "ParentDepartmentId": parent, "Name": name, "Abbreviation": short,
        "Routing": {"Kpp": false, "Address": false},
    })
}

fn departments() -> Reply {
    Reply::Json(json!({"TotalCount": 3, "Departments": [
        {"Id": HEAD, "Name": "Головное подразделение", "Abbreviation": "ГП"},
        department(BOOKS, HEAD, "Бухгалтерия", "Бух"),
        department(DESK, BOOKS, "Касса", "Касса"),
    ]}))
}

#[tokio::test(start_paused = true)]
async fn employees_are_listed_page_by_page_in_the_vendors_own_numbers() {
    let script = Script::new(|seen, _| match seen.query("page") {
        Some("1") => page(
            3,
            &[
                employee("a", "a@example.test"),
                employee("b", "b@example.test"),
            ],
        ),
        _ => page(3, &[employee("c", "c@example.test")]),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let list = call("employees list", &[("count", "2")]);
    let rows = every(async |from: Option<Cursor>| native.read(&list, from.as_ref()).await);
    let rows = rows.await.unwrap();
    assert_eq!(rows[2], employee("c", "c@example.test"));
    let seen = script.after_connecting();
    let pages: Vec<_> = seen.iter().map(|seen| seen.query.clone()).collect();
    let query = |page: &str| {
        [("boxId", BOX), ("page", page), ("count", "2")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    assert_eq!(pages, [query("1"), query("2")]);
    for (name, value) in [("count", "51"), ("page", "0"), ("count", "x")] {
        let refused = native
            .read(&call("employees list", &[(name, value)]), None)
            .await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert_eq!(script.after_connecting().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn somebody_is_found_by_login_and_by_the_id_of_the_sign_in_provider() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/GetEmployeesByExternalId" if seen.query("externalId") == Some("17") => {
            page(1, &[employee(ANNA, "Anna@example.test")])
        }
        "GET api.test/GetEmployeesByExternalId" => Reply::Status(404, "Employee is not found"),
        _ => page(
            2,
            &[
                employee("b", "b@example.test"),
                employee(ANNA, "Anna@example.test"),
            ],
        ),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let anna = employee(ANNA, "Anna@example.test");
    for found in [
        call("employees find", &[("login", "anna@EXAMPLE.test")]),
        call("employees find-external", &[("externalId", "17")]),
    ] {
        let page = native.read(&found, None).await.unwrap();
        assert_eq!(
            (page.items, page.next),
            (vec![anna.clone()], None),
            "{found}"
        );
    }
    for nobody in [
        call("employees find", &[("login", "nobody@example.test")]),
        call("employees find-external", &[("externalId", "18")]),
    ] {
        let error = native.read(&nobody, None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{nobody}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_organization_is_looked_up_by_exactly_one_key() {
    let script = Script::new(|_, _| Reply::Json(json!({"OrgId": "o", "Inn": "9600000009"})));
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let show = |arguments: &[(&str, &str)]| call("organizations show", arguments);
    for (arguments, query) in [
        (&[][..], vec![("boxId", BOX)]),
        (
            &[("inn", "9600000009"), ("kpp", "960001001")],
            vec![("inn", "9600000009"), ("kpp", "960001001")],
        ),
        (&[("orgId", "o")], vec![("orgId", "o")]),
    ] {
        native.read(&show(arguments), None).await.unwrap();
        let seen = script.log().pop().unwrap();
        assert_eq!(seen.what, "GET api.test/GetOrganization");
        let sent: Vec<_> = seen
            .query
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(sent, query);
    }
    let asked = script.log().len();
    for arguments in [
        &[("inn", "9600000009"), ("boxId", BOX)][..],
        &[("kpp", "960001001")],
        &[("orgId", "o"), ("kpp", "960001001")],
    ] {
        let refused = native.read(&show(arguments), None).await;
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert_eq!(script.log().len(), asked);
}

#[tokio::test(start_paused = true)]
async fn a_department_is_shown_by_its_path() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "GET api.test/V2/GetDepartment" => {
            Reply::Json(json!({"DepartmentId": seen.query("departmentId")}))
        }
        _ => departments(),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    for (typed, id) in [
        ("Бухгалтерия / Касса", DESK),
        ("головное подразделение/бухгалтерия", BOOKS),
        ("касса", DESK),
        ("бух", BOOKS),
        ("Головное подразделение", HEAD),
        ("B0000000000000000000000000000002", BOOKS),
    ] {
        let shown = native
            .read(&call("departments show", &[("departmentId", typed)]), None)
            .await;
        assert_eq!(
            shown.unwrap().items,
            [json!({ "DepartmentId": id })],
            "{typed}"
        );
    }
    let unknown = native
        .read(
            &call("departments show", &[("departmentId", "Склад")]),
            None,
        )
        .await;
    let error = unknown.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let told = error.context();
    assert!(told.contains(&("argument", "departmentId".to_owned())));
    assert!(told.contains(&("typed", "Склад".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_department_is_made_below_the_one_that_a_name_means() {
    let made = || department("d0", BOOKS, "Расчёты", "Расчёты");
    let script = Script::new(move |seen, _| match seen.what.as_str() {
        "POST api.test/admin/CreateDepartment" => Reply::Json(made()),
        _ => departments(),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    let typed = call(
        "departments create",
        &[
            ("Name", "Расчёты"),
            ("ParentDepartmentId", "Бухгалтерия"),
            ("Kpp", "960001001"),
            ("Routing.Kpp", "true"),
        ],
    );
    let one = native.resolve(&typed).await.unwrap().remove(0);
    assert_eq!(one.one("ParentDepartmentId"), Some(BOOKS));
    let before = native.look(&one).await.unwrap();
    assert_eq!(native.stands(&one, None, &before), Look::Absent);
    let after = native.write(&one).await.unwrap();
    let sent = script.log().pop().unwrap();
    assert_eq!(sent.query, [("boxId".to_owned(), BOX.to_owned())]);
    assert_eq!(
        sent.json(),
        json!({
            "Name": "Расчёты", "Abbreviation": "Расчёты", "Kpp": "960001001", "ParentDepartmentId": BOOKS,
            "Routing": {"Kpp": true, "Address": false},
        })
    );
    let now = json!([made()]);
    assert_eq!(native.stands(&one, Some(&before), &now), Look::Found);
    // Names are not unique: one that was there before is no proof.
    assert_eq!(native.stands(&one, Some(&now), &now), Look::Absent);
    let back = call("departments delete", &[("departmentId", "d0")]);
    for after in [&after, &now] {
        assert_eq!(native.back(&one, &before, after), back.clone().into());
    }
    assert_eq!(
        native.back(&one, &before, &Value::Null),
        kadry_core::Back::default()
    );
}

#[tokio::test(start_paused = true)]
async fn a_department_made_elsewhere_is_an_error_that_changed_something() {
    let script = Script::new(|_, _| Reply::Json(department("d0", HEAD, "Расчёты", "Расчёты")));
    let provider = script.connect().await;
    let one = call(
        "departments create",
        &[("Name", "Расчёты"), ("ParentDepartmentId", BOOKS)],
    );
    let error = provider.native().unwrap().write(&one).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Protocol, Effect::Applied)
    );
}

#[tokio::test(start_paused = true)]
async fn a_department_is_renamed_with_its_short_name() {
    let script = Script::new(|seen, _| match seen.what.as_str() {
        "POST api.test/admin/UpdateDepartment" => {
            let body = seen.json();
            let mut row = department(DESK, BOOKS, "Касса", "Касса");
            for (wrapper, members) in body.as_object().unwrap() {
                match wrapper.as_str() {
                    "Routing" => row["Routing"] = members.clone(),
                    _ => members
                        .as_object()
                        .unwrap()
                        .iter()
                        .for_each(|(name, value)| row[name] = value.clone()),
                }
            }
            Reply::Json(row)
        }
        _ => departments(),
    });
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    for (arguments, body, back) in [
        (
            // The short name was the name, and goes with it.
            &[("departmentId", "Касса"), ("Name", "Расчёты")][..],
            json!({"DepartmentNaming": {"Name": "Расчёты", "Abbreviation": "Расчёты"}}),
            Some(vec![("Abbreviation", "Касса"), ("Name", "Касса")]),
        ),
        (
            &[("departmentId", DESK), ("Abbreviation", "Ксс")],
            json!({"DepartmentNaming": {"Name": "Касса", "Abbreviation": "Ксс"}}),
            Some(vec![("Abbreviation", "Касса"), ("Name", "Касса")]),
        ),
        (
            &[
                ("departmentId", DESK),
                ("ParentDepartmentId", "Головное подразделение"),
            ],
            json!({"ParentDepartment": {"ParentDepartmentId": HEAD}}),
            Some(vec![("ParentDepartmentId", BOOKS)]),
        ),
        (
            &[("departmentId", DESK), ("Routing.Address", "true")],
            json!({"Routing": {"Kpp": false, "Address": true}}),
            Some(vec![("Routing.Address", "false"), ("Routing.Kpp", "false")]),
        ),
        // Nothing is documented to clear a КПП or an address again.
        (
            &[("departmentId", DESK), ("Kpp", "960001001")],
            json!({"Kpp": {"Kpp": "960001001"}}),
            None,
        ),
        (
            &[
                ("departmentId", DESK),
                ("Address", r#"{"RussianAddress": {"Region": "66"}}"#),
            ],
            json!({"Address": {"Address": {"RussianAddress": {"Region": "66"}}}}),
            None,
        ),
    ] {
        let one = native
            .resolve(&call("departments update", arguments))
            .await
            .unwrap()
            .remove(0);
        let before = native.look(&one).await.unwrap();
        assert_eq!(native.stands(&one, None, &before), Look::Absent, "{one}");
        let after = native.write(&one).await.unwrap();
        let sent = script.log().pop().unwrap();
        assert_eq!(sent.query("departmentId"), Some(DESK));
        assert_eq!(sent.json(), body);
        assert_eq!(
            native.stands(&one, Some(&before), &after),
            Look::Found,
            "{one}"
        );
        let back = back.map(|back| call("departments update", &back).with("departmentId", DESK));
        let given = native.back(&one, &before, &after);
        // Nothing is documented to clear what was empty.
        assert_eq!(given.stays.is_empty(), back.is_some(), "{one}");
        assert_eq!(given.calls, back.into_iter().collect::<Vec<_>>(), "{one}");
    }
    let own = json!([{"Id": BOOKS, "Name": "Бухгалтерия", "Abbreviation": "Бух"}]);
    let renamed = call(
        "departments update",
        &[("departmentId", BOOKS), ("Name", "Учёт")],
    );
    let one = native.resolve(&renamed).await.unwrap().remove(0);
    assert_eq!(
        one.one("Abbreviation"),
        own[0]["Abbreviation"].as_str(),
        "a short name of its own stays"
    );
}

#[tokio::test(start_paused = true)]
async fn a_change_of_a_department_that_cannot_be_sent_is_refused() {
    let script = Script::new(|_, _| departments());
    let provider = script.connect().await;
    let native = provider.native().unwrap();
    for (operation, arguments, kind) in [
        (
            "departments create",
            &[("Name", " ")][..],
            ErrorKind::Invalid,
        ),
        (
            "departments create",
            &[("Name", "x"), ("Routing.Kpp", "true")],
            ErrorKind::Invalid,
        ),
        (
            "departments create",
            &[("Name", "x"), ("Address", "Екатеринбург")],
            ErrorKind::Invalid,
        ),
        (
            "departments create",
            &[("Name", "x"), ("ParentDepartmentId", "Склад")],
            ErrorKind::NotFound,
        ),
        (
            "departments update",
            &[("departmentId", DESK)],
            ErrorKind::Invalid,
        ),
        (
            "departments update",
            &[("departmentId", DESK), ("Kpp", "")],
            ErrorKind::Invalid,
        ),
        (
            "departments update",
            &[("departmentId", BOOKS), ("ParentDepartmentId", DESK)],
            ErrorKind::Invalid,
        ),
        (
            "departments update",
            &[("departmentId", BOOKS), ("ParentDepartmentId", "бух")],
            ErrorKind::Invalid,
        ),
        (
            "departments create",
            &[("Name", "x"), ("ParentDepartmentId", ANNA)],
            ErrorKind::NotFound,
        ),
        (
            "departments update",
            &[("departmentId", HEAD), ("Name", "x")],
            ErrorKind::Conflict,
        ),
        (
            "departments delete",
            &[("departmentId", HEAD)],
            ErrorKind::Conflict,
        ),
        (
            "departments delete",
            &[("departmentId", ANNA)],
            ErrorKind::NotFound,
        ),
        ("employees list", &[], ErrorKind::Unsupported),
    ] {
        let call = call(operation, arguments);
        let error = native.resolve(&call).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{call}");
    }
    let sent = script.after_connecting();
    assert!(sent.iter().all(|seen| seen.what.starts_with("GET ")));
}
