use serde_json::{Value, json};

use crate::world::{HEAD, World};

const NOWHERE: &str = "11111111-2222-3333-4444-555555555555";

type Spoil = fn(&mut Value);

fn to_create(name: &str) -> Value {
    json!({
        "Name": name,
        "Abbreviation": name,
        "Routing": { "Kpp": false, "Address": false },
    })
}

async fn create(world: &World, body: Value) -> String {
    let created = world.post("admin/CreateDepartment", body).await.json();
    created["Id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_list_begins_with_the_head_department() {
    let world = World::strict().await;
    let list = world.get("admin/GetDepartments").await.json();
    assert_eq!(list["TotalCount"], 5);
    let rows = list["Departments"].as_array().unwrap();
    let names: Vec<&Value> = rows.iter().map(|row| &row["Name"]).collect();
    assert_eq!(
        names,
        [
            "Головное подразделение",
            "Бухгалтерия",
            "Продажи",
            "Отдел продаж Север",
            "Разработка"
        ]
    );
    assert_eq!(rows[0]["Id"], HEAD);
    assert!(rows[0].get("CreationTimestamp").is_none());
    assert!(rows[0].get("ParentDepartmentId").is_none());
    assert_eq!(rows[1]["ParentDepartmentId"], HEAD);
    assert_eq!(rows[3]["ParentDepartmentId"], rows[2]["Id"]);
    assert!(rows[1]["CreationTimestamp"]["Ticks"].is_i64());
    assert!(rows[1].get("Kpp").is_none());

    let page = world
        .get("admin/GetDepartments?page=3&count=2")
        .await
        .json();
    assert_eq!(page["Departments"].as_array().unwrap().len(), 1);
    for query in ["page=0", "count=101"] {
        let reply = world.get(&format!("admin/GetDepartments?{query}")).await;
        assert_eq!(reply.status, 400);
    }
}

#[tokio::test]
async fn a_department_is_created_under_its_parent() {
    let world = World::strict().await;
    let sales = world.department_id("Продажи");
    let mut body = to_create("Отдел продаж Юг");
    body["ParentDepartmentId"] = json!(sales);
    body["Kpp"] = json!("960002002");
    body["Address"] = json!({ "RussianAddress": { "Region": "77", "City": "Примерск" } });
    body["Routing"] = json!({ "Kpp": true, "Address": true });
    let id = create(&world, body).await;
    let one = world
        .get(&format!("V2/GetDepartment?departmentId={id}"))
        .await;
    let one = one.json();
    assert_eq!(one["DepartmentId"], id.as_str());
    assert_eq!(one["ParentDepartmentId"], sales.as_str());
    assert_eq!(one["Kpp"], "960002002");
    assert_eq!(one["IsDisabled"], false);
    // Names need not be unique.
    create(&world, to_create("Отдел продаж Юг")).await;
}

#[tokio::test]
async fn senseless_departments_are_refused() {
    let world = World::faithful().await;
    let mut taken = to_create("Первый");
    taken["Kpp"] = json!("960002002");
    create(&world, taken.clone()).await;
    let cases: [(Spoil, u16); 7] = [
        (|_| (), 409),
        (|body| body["Name"] = json!(" "), 400),
        (|body| body["ParentDepartmentId"] = json!(NOWHERE), 404),
        (|body| body["Routing"]["Address"] = json!(true), 400),
        (|body| body["Address"] = json!({}), 400),
        (
            |body| {
                body["Kpp"] = Value::Null;
                body["Routing"]["Kpp"] = json!(true);
            },
            400,
        ),
        (|body| body["Routing"] = json!("Kpp"), 400),
    ];
    let before = world.state()["departments"].clone();
    for (spoil, status) in cases {
        let mut body = taken.clone();
        spoil(&mut body);
        let reply = world.post("admin/CreateDepartment", body.clone()).await;
        assert_eq!(reply.status, status, "{body}");
    }
    assert_eq!(world.state()["departments"], before);
}

#[tokio::test]
async fn a_patch_changes_only_what_it_names() {
    let world = World::strict().await;
    let id = world.department_id("Бухгалтерия");
    let update = format!("admin/UpdateDepartment?departmentId={id}");
    let after = world.post(&update, json!({ "Kpp": { "Kpp": "960002002" } }));
    let after = after.await.json();
    assert_eq!(after["Kpp"], "960002002");
    assert_eq!(after["Name"], "Бухгалтерия");
    let patch = json!({
        "DepartmentNaming": { "Name": "Учёт", "Abbreviation": "Уч" },
        "ParentDepartment": { "ParentDepartmentId": world.department_id("Разработка") },
        "Kpp": { "Kpp": "" },
    });
    let after = world.post(&update, patch).await.json();
    assert_eq!(after["Name"], "Учёт");
    assert_eq!(after["Abbreviation"], "Уч");
    assert!(after.get("Kpp").is_none());
}

#[tokio::test]
async fn the_tree_stays_a_tree() {
    let world = World::faithful().await;
    let sales = world.department_id("Продажи");
    let north = world.department_id("Отдел продаж Север");
    let update = format!("admin/UpdateDepartment?departmentId={sales}");
    for parent in [&sales, &north] {
        let patch = json!({ "ParentDepartment": { "ParentDepartmentId": parent } });
        assert_eq!(world.post(&update, patch).await.status, 409);
    }
    let patch = json!({ "ParentDepartment": { "ParentDepartmentId": NOWHERE } });
    assert_eq!(world.post(&update, patch).await.status, 404);
    let head = format!("admin/UpdateDepartment?departmentId={HEAD}");
    let naming = json!({ "DepartmentNaming": { "Name": "А", "Abbreviation": "А" } });
    assert_eq!(world.post(&head, naming).await.status, 409);
}

#[tokio::test]
async fn only_an_empty_leaf_can_be_deleted() {
    let world = World::faithful().await;
    world.seed(&json!({ "employees": [
        { "login": "anna@example.test", "department": "Бухгалтерия", "blocked": true },
    ]}));
    let delete = |id: &str| format!("admin/DeleteDepartment?departmentId={id}");
    for name in ["Продажи", "Бухгалтерия"] {
        let id = world.department_id(name);
        assert_eq!(world.post_empty(&delete(&id)).await.status, 409, "{name}");
    }
    assert_eq!(world.post_empty(&delete(HEAD)).await.status, 409);
    let leaf = world.department_id("Отдел продаж Север");
    world.post_empty(&delete(&leaf)).await.is_empty_success();
    let again = world.post_empty(&delete(&leaf)).await;
    again.is_refused(404, &format!("Department [{leaf}] is not found"));
    let one = world
        .get(&format!("V2/GetDepartment?departmentId={leaf}"))
        .await;
    assert_eq!(one.status, 404);
    assert_eq!(world.post_empty(&delete("x")).await.status, 400);
    assert_eq!(world.post_empty("admin/DeleteDepartment").await.status, 400);
}
