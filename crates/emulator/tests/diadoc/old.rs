//! Methods that were switched off, where they still answer.

use kadry_emulator::Options;
use kadry_emulator::diadoc::habits::Habits;
use serde_json::{Value, json};

use crate::asking::{Ask, NO_BODY, ask, in_json, in_protobuf, posted};
use crate::world::{DIRECTOR, SERVICE, World};

async fn revived() -> World {
    let world = World::with(Options {
        people: 0,
        diadoc: Habits { old_methods: true },
        ..Options::default()
    })
    .await;
    world.seed(&json!({ "powers_of_attorney": [{
        "registration_number": "11111111-2222-3333-4444-555555555555", "issuer_inn": "9600000016",
    }]}));
    world
}

async fn organization_id(world: &World) -> String {
    let ask = ask("GetBox", NO_BODY, "Box");
    let found = in_json(world, &ask).await;
    found["Organization"]["OrgIdGuid"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn of_director(
    world: &World,
    method: &str,
    body: Option<(&'static str, Value)>,
    answer: &'static str,
) -> Ask {
    let id = world.user_id(DIRECTOR);
    let power = "registrationNumber=11111111222233334444555555555555&issuerInn=9600000016";
    ask(format!("{method}?userId={id}&{power}"), body, answer)
}

#[tokio::test]
async fn the_old_readers_say_what_the_new_ones_say() {
    let world = revived().await;
    let organization = organization_id(&world).await;
    let department = world.department_id("Продажи");
    let user = in_json(&world, &ask("GetMyUser", NO_BODY, "User")).await;
    assert_eq!(user["Id"], world.user_id(SERVICE).as_str());
    assert_eq!(user["LastName"], "Служебная");

    let me = in_json(&world, &ask("GetMyEmployee", NO_BODY, "Employee")).await;
    let permissions = ask(
        format!("GetMyPermissions?orgId={organization}"),
        NO_BODY,
        "OrganizationUserPermissions",
    );
    let mine = in_json(&world, &permissions).await;
    assert_eq!(
        mine["IsAdministrator"],
        me["Permissions"]["IsAdministrator"]
    );

    let pairs = [
        (
            format!("GetOrganizationUsers?orgId={organization}"),
            "V2/GetOrganizationUsers".to_owned(),
            "OrganizationUsersList",
        ),
        (
            format!("GetDepartment?orgId={organization}&departmentId={department}"),
            format!("V2/GetDepartment?departmentId={department}"),
            "OrganizationDepartment",
        ),
    ];
    for (old, new, answer) in pairs {
        let old = in_json(&world, &ask(old, NO_BODY, answer)).await;
        assert_eq!(old, in_json(&world, &ask(new, NO_BODY, answer)).await);
    }
    let list = world.get("admin/GetDepartments").await.json();
    let one = ask(
        format!("admin/GetDepartment?departmentId={department}"),
        NO_BODY,
        "Department",
    );
    let one = in_json(&world, &one).await;
    assert!(list["Departments"].as_array().unwrap().contains(&one));
}

#[tokio::test(start_paused = true)]
async fn the_old_methods_say_and_do_the_same_in_both_forms() {
    let (one, other) = (revived().await, revived().await);
    let organization = organization_id(&one).await;
    let department = one.department_id("Продажи");
    let patch = json!({ "IsDefaultPatch": { "IsDefault": true } });
    let patch = Some(("EmployeePowerOfAttorneyToUpdate", patch));
    let attached = "EmployeePowerOfAttorney";
    let asks = [
        ask("GetMyUser", NO_BODY, "User"),
        ask(
            format!("GetMyPermissions?orgId={organization}"),
            NO_BODY,
            "OrganizationUserPermissions",
        ),
        ask(
            format!("GetOrganizationUsers?orgId={organization}"),
            NO_BODY,
            "OrganizationUsersList",
        ),
        ask(
            format!("GetDepartment?orgId={organization}&departmentId={department}"),
            NO_BODY,
            "OrganizationDepartment",
        ),
        ask(
            format!("admin/GetDepartment?departmentId={department}"),
            NO_BODY,
            "Department",
        ),
        posted(of_director(
            &one,
            "AddEmployeePowerOfAttorney",
            NO_BODY,
            attached,
        )),
        of_director(&one, "UpdateEmployeePowerOfAttorney", patch, attached),
    ];
    for ask in asks {
        let json = in_json(&one, &ask).await;
        assert_eq!(json, in_protobuf(&other, &ask).await, "{}", ask.path);
    }
    let held = &one.employee(DIRECTOR)["attached"][0];
    assert_eq!(
        held["registration_number"],
        "11111111-2222-3333-4444-555555555555"
    );
    assert_eq!(held["default"], true);
    let detach = of_director(&one, "DeleteEmployeePowerOfAttorney", NO_BODY, "");
    in_json(&one, &detach).await;
    in_protobuf(&other, &detach).await;
    assert_eq!(one.employee(DIRECTOR)["powers_of_attorney"], 0);
    assert_eq!(other.employee(DIRECTOR)["powers_of_attorney"], 0);
    assert_eq!(one.violations().len(), 8);
}

#[tokio::test]
async fn another_organisation_is_closed() {
    let world = revived().await;
    for (query, status) in [
        ("", 400),
        ("orgId=x", 400),
        ("orgId=11111111-2222-3333-4444-555555555555", 403),
    ] {
        let reply = world.get(&format!("GetMyPermissions?{query}")).await;
        assert_eq!(reply.status, status, "{query}");
    }
}

#[tokio::test]
async fn by_default_they_are_gone() {
    let world = World::faithful().await;
    for path in ["GetMyPermissions", "GetOrganizationUsers", "GetDepartment"] {
        let reply = world.get(path).await;
        reply.is_refused(410, "The method is not supported any more");
    }
}
