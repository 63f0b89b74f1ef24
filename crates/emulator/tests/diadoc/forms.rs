//! The two forms of each message, JSON and protobuf, against each other.

use std::time::Duration;

use axum::body::Body;
use kadry_emulator::Options;
use serde_json::{Value, json};

use crate::asking::{Ask, NO_BODY, ask, in_json, in_protobuf, request, without_extras};
use crate::protobuf::{decode, encode};
use crate::world::{DIRECTOR, HEAD, Reply, SERVICE, World, to_create};

async fn company(seed: u64, people: u32) -> World {
    let world = World::with(Options {
        seed,
        people,
        strict: true,
        limits: false,
        ..Options::default()
    })
    .await;
    world.seed(&json!({
        "employees": [
            { "login": "olga@example.test", "last_name": "Образцова", "first_name": "Ольга", "external_id": "ext-1" },
            { "login": "anna@example.test", "last_name": "Примерова", "first_name": "Анна", "registered": false,
              "access_level": "SelectedDepartments", "selected_departments": ["Продажи", "Разработка"],
              "actions": ["UseGoskey", "SignDocuments"], "blocked": true, "comment": "", "powers_of_attorney": 2 },
        ],
        "powers_of_attorney": [{ "employee": "anna@example.test", "expired": true, "default": true }],
    }));
    world
}

fn reads(world: &World) -> Vec<Ask> {
    let state = world.state();
    let mut asks = vec![
        ask("V2/GetMyUser", NO_BODY, "UserV2"),
        ask(
            "GetMyOrganizations?autoRegister=false",
            NO_BODY,
            "OrganizationList",
        ),
        ask(
            format!("GetOrganization?boxId={}", world.box_id),
            NO_BODY,
            "Organization",
        ),
        ask("GetBox", NO_BODY, "Box"),
        ask("GetMyEmployee", NO_BODY, "Employee"),
        ask("GetEmployees", NO_BODY, "EmployeeList"),
        ask("GetEmployees?page=2&count=3", NO_BODY, "EmployeeList"),
        ask("GetEmployees?page=9", NO_BODY, "EmployeeList"),
        ask(
            "GetEmployeesByExternalId?externalId=ext-1",
            NO_BODY,
            "EmployeeList",
        ),
        ask("V2/GetOrganizationUsers", NO_BODY, "OrganizationUsersList"),
        ask("admin/GetDepartments", NO_BODY, "DepartmentList"),
        ask(
            format!("V2/GetDepartment?departmentId={HEAD}"),
            NO_BODY,
            "OrganizationDepartment",
        ),
    ];
    for department in state["departments"].as_array().unwrap() {
        let path = format!(
            "V2/GetDepartment?departmentId={}",
            department["id"].as_str().unwrap()
        );
        asks.push(ask(path, NO_BODY, "OrganizationDepartment"));
    }
    for employee in state["employees"].as_array().unwrap() {
        let query = format!("userId={}", employee["user_id"].as_str().unwrap());
        asks.extend([
            ask(format!("GetEmployee?{query}"), NO_BODY, "Employee"),
            ask(
                format!("GetSubscriptions?{query}"),
                NO_BODY,
                "EmployeeSubscriptions",
            ),
            ask(
                format!("GetEmployeePowersOfAttorney?{query}"),
                NO_BODY,
                "EmployeePowerOfAttorneyList",
            ),
        ]);
    }
    asks
}

/// One of each writing call; what the earlier ones made is read from the state.
const WRITES: [fn(&World) -> Ask; 18] = [
    |_| {
        let body = json!({
            "Name": "Отдел продаж Юг", "Abbreviation": "Юг", "Kpp": "960002002",
            "Address": { "RussianAddress": { "Region": "77", "City": "Примерск", "OtherInformation": "" } },
            "Routing": { "Kpp": true, "Address": true },
        });
        ask(
            "admin/CreateDepartment",
            Some(("DepartmentToCreate", body)),
            "Department",
        )
    },
    |world| {
        let body = json!({
            "ParentDepartment": { "ParentDepartmentId": world.department_id("Продажи") },
            "DepartmentNaming": { "Name": "Юг", "Abbreviation": "" },
            "Kpp": {},
            "Address": { "Address": { "ForeignAddress": { "Country": "112", "Address": "Минск" }, "AddressCode": "1" } },
            "Routing": { "Kpp": false, "Address": true },
        });
        let id = world.department_id("Отдел продаж Юг");
        let path = format!("admin/UpdateDepartment?departmentId={id}");
        ask(path, Some(("DepartmentToUpdate", body)), "Department")
    },
    |world| {
        let mut body = to_create("new@example.test");
        body["Permissions"]["UserDepartmentId"] = json!(world.department_id("Юг"));
        body["Permissions"]["AuthorizationPermission"] =
            json!({ "IsBlocked": true, "Comment": "Позже" });
        ask(
            "CreateEmployee",
            Some(("EmployeeToCreate", body)),
            "Employee",
        )
    },
    |world| {
        let body = json!({
            "Position": { "Position": "Главный бухгалтер" },
            "CanBeInvitedForChat": { "CanBeInvitedForChat": true },
            "Permissions": {
                "Department": { "DepartmentId": HEAD },
                "IsAdministrator": { "IsAdministrator": true },
                "DocumentAccessLevel": { "DocumentAccessLevel": "SelectedDepartments" },
                "SelectedDepartments": { "SelectedDepartmentIds": [world.department_id("Юг")] },
                "Actions": [{ "Name": "SignDocuments", "IsAllowed": true }, { "Name": "CreateDocuments", "IsAllowed": false }],
                "AuthorizationPermission": { "IsBlocked": false },
            },
        });
        of_new(
            world,
            "UpdateEmployee",
            Some(("EmployeeToUpdate", body)),
            "Employee",
        )
    },
    |world| {
        of_new(
            world,
            "UpdateEmployee",
            Some(("EmployeeToUpdate", json!({}))),
            "Employee",
        )
    },
    |world| {
        let body = json!({ "Subscriptions": [
            { "Id": "News", "IsSubscribed": true }, { "Id": "ChatMessages", "IsSubscribed": false },
        ]});
        let body = Some(("SubscriptionsToUpdate", body));
        of_new(world, "UpdateSubscriptions", body, "EmployeeSubscriptions")
    },
    |world| {
        let body = json!({ "FullId": loose(world) });
        ask(
            "RegisterPowerOfAttorney",
            Some(("PowerOfAttorneyToRegister", body)),
            "AsyncMethodResult",
        )
    },
    |_| {
        let id = json!({ "RegistrationNumber": HEAD, "IssuerInn": "0", "RepresentativeInn": "0" });
        let body = json!({ "FullId": id });
        ask(
            "RegisterPowerOfAttorney",
            Some(("PowerOfAttorneyToRegister", body)),
            "AsyncMethodResult",
        )
    },
    |world| ask(task(world, 0), NO_BODY, "PowerOfAttorneyRegisterResult"),
    |world| ask(task(world, 1), NO_BODY, "PowerOfAttorneyRegisterResult"),
    |world| {
        let body = Some(("PowerOfAttorneyFullId", loose(world)));
        of_new(
            world,
            "V2/AddEmployeePowerOfAttorney",
            body,
            "EmployeePowerOfAttorney",
        )
    },
    |world| {
        let body = json!({ "PowerOfAttorneyFullId": loose(world), "IsDefaultPatch": { "IsDefault": true } });
        let body = Some(("EmployeePowerOfAttorneyToUpdateV2", body));
        of_new(
            world,
            "V2/UpdateEmployeePowerOfAttorney",
            body,
            "EmployeePowerOfAttorney",
        )
    },
    |world| {
        let body = json!({ "PowerOfAttorneyFullId": loose(world) });
        let body = Some(("EmployeePowerOfAttorneyToUpdateV2", body));
        of_new(
            world,
            "V2/UpdateEmployeePowerOfAttorney",
            body,
            "EmployeePowerOfAttorney",
        )
    },
    |world| {
        let body = Some(("PowerOfAttorneyFullId", loose(world)));
        of_new(world, "V2/DeleteEmployeePowerOfAttorney", body, "")
    },
    |world| {
        let body = json!({ "Permissions": { "SelectedDepartments": { "SelectedDepartmentIds": [] },
            "DocumentAccessLevel": { "DocumentAccessLevel": "DepartmentOnly" } } });
        of_new(
            world,
            "UpdateEmployee",
            Some(("EmployeeToUpdate", body)),
            "Employee",
        )
    },
    |world| of_new(world, "DeleteEmployee", NO_BODY, ""),
    |world| {
        let id = world.department_id("Юг");
        ask(
            format!("admin/DeleteDepartment?departmentId={id}"),
            NO_BODY,
            "",
        )
    },
    |world| {
        let body = Some((
            "EmployeeToUpdate",
            json!({ "Position": { "Position": "" } }),
        ));
        let path = format!("UpdateEmployee?userId={}", world.user_id(DIRECTOR));
        ask(path, body, "Employee")
    },
];

fn task(world: &World, index: usize) -> String {
    let task = world.state()["registrations"][index]["task_id"].clone();
    format!(
        "RegisterPowerOfAttorneyResult?taskId={}",
        task.as_str().unwrap()
    )
}

fn of_new(
    world: &World,
    method: &str,
    body: Option<(&'static str, Value)>,
    answer: &'static str,
) -> Ask {
    let id = world.user_id("new@example.test");
    ask(format!("{method}?userId={id}"), body, answer)
}

fn loose(world: &World) -> Value {
    let state = world.state();
    let powers = state["powers_of_attorney"].as_array().unwrap();
    let held: Vec<Value> = state["employees"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["login"] != "new@example.test")
        .flat_map(|one| one["attached"].as_array().unwrap().clone())
        .map(|one| one["registration_number"].clone())
        .collect();
    let free = powers
        .iter()
        .find(|one| !held.contains(&one["registration_number"]))
        .unwrap();
    json!({
        "RegistrationNumber": free["registration_number"],
        "IssuerInn": free["issuer_inn"],
        "RepresentativeInn": free["representative_inn"],
    })
}

#[tokio::test]
async fn every_reading_method_says_the_same_in_both_forms() {
    for (seed, people) in [(1, 0), (2, 24), (3, 60)] {
        let world = company(seed, people).await;
        for ask in reads(&world) {
            let json = without_extras(in_json(&world, &ask).await);
            let protobuf = without_extras(in_protobuf(&world, &ask).await);
            assert_eq!(json, protobuf, "{}", ask.path);
        }
        assert!(world.violations().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn every_writing_method_does_the_same_in_both_forms() {
    for (seed, people) in [(4, 0), (5, 24)] {
        let one = company(seed, people).await;
        let other = company(seed, people).await;
        for write in WRITES {
            let (first, second) = (write(&one), write(&other));
            let json = without_extras(in_json(&one, &first).await);
            let protobuf = without_extras(in_protobuf(&other, &second).await);
            assert_eq!(json, protobuf, "{}", first.path);
            assert_eq!(one.state(), other.state(), "{}", first.path);
            // What takes a while is over by then.
            tokio::time::advance(Duration::from_secs(2)).await;
        }
    }
}

async fn post(world: &World, path: &str, kind: &str, body: Vec<u8>) -> Reply {
    let mut request = request(world, path, true).header("accept", "application/json");
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    world.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_body_without_a_type_is_protobuf_and_an_empty_one_is_an_empty_message() {
    let world = World::strict().await;
    let path = format!("UpdateSubscriptions?userId={}", world.user_id(SERVICE));
    let before = world.get(&path.replace("Update", "Get")).await.json();
    assert_eq!(post(&world, &path, "", Vec::new()).await.json(), before);

    let json = to_create("anna@example.test").to_string().into_bytes();
    let refused = "Can't deserialize request body into type: EmployeeToCreate";
    post(&world, "CreateEmployee", "", json)
        .await
        .is_refused(400, refused);
    assert!(world.violations().is_empty());
}

#[tokio::test]
async fn what_a_protobuf_body_lacks_or_has_too_much_is_a_violation() {
    let world = World::faithful().await;
    let mut said = to_create("anna@example.test");
    said.as_object_mut().unwrap().remove("CanBeInvitedForChat");
    let mut body = encode("EmployeeToCreate", &said);
    post(&world, "CreateEmployee", "", body.clone())
        .await
        .json();
    // A member with the number 9.
    body.extend([0x48, 1]);
    post(&world, "CreateEmployee", "", body)
        .await
        .is_refused(409, "Employee already exists in box");
    let missing = "EmployeeToCreate.CanBeInvitedForChat is required";
    let both = format!("EmployeeToCreate has more than its members; {missing}");
    assert_eq!(world.violations(), [missing, &both]);
}

#[tokio::test]
async fn the_level_of_old_clients_is_refused() {
    let world = World::strict().await;
    let mut said = to_create("anna@example.test");
    said["Permissions"]["DocumentAccessLevel"] = json!("UnknownDocumentAccessLevel");
    let body = encode("EmployeeToCreate", &said);
    assert_eq!(post(&world, "CreateEmployee", "", body).await.status, 400);
}

#[tokio::test]
async fn another_type_of_body_is_refused_and_another_accept_is_a_violation() {
    let world = World::faithful().await;
    let body = to_create("anna@example.test").to_string().into_bytes();
    for kind in ["text/plain", "application/x-protobuf"] {
        let reply = post(&world, "CreateEmployee", kind, body.clone()).await;
        assert_eq!(reply.status, 415);
    }
    assert!(world.employee("anna@example.test").is_null());
    let reply = post(
        &world,
        "CreateEmployee",
        "application/json charset=utf-8",
        body,
    )
    .await;
    assert_eq!(reply.status, 200);
    assert_eq!(world.violations().len(), 2);

    let me = |accept: &str| {
        let request = request(&world, "GetMyEmployee", false).header("accept", accept);
        world.send(request.body(Body::empty()).unwrap())
    };
    assert_eq!(
        decode("Employee", &me("*/*").await.bytes)["User"]["Login"],
        SERVICE
    );
    assert_eq!(
        me("text/html, application/json").await.json()["User"]["Login"],
        SERVICE
    );
    assert_eq!(world.violations().len(), 2);
    assert_eq!(
        decode("Employee", &me("text/html").await.bytes)["User"]["Login"],
        SERVICE
    );
    assert_eq!(world.violations().len(), 3);
}
