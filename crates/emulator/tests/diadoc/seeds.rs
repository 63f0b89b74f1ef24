use kadry_emulator::{Clock, Emulator, Options};
use serde_json::json;

use crate::world::{NOW_MS, SERVICE, World, export};

#[tokio::test]
async fn the_starting_data_has_every_kind_of_person() {
    let world = World::with(Options {
        people: 40,
        ..Options::default()
    })
    .await;
    let state = world.state();
    let employees = state["employees"].as_array().unwrap();
    let count = |holds: &dyn Fn(&serde_json::Value) -> bool| {
        employees.iter().filter(|one| holds(one)).count()
    };
    assert_eq!(count(&|one| one["administrator"] == true), 2);
    assert!(count(&|one| one["registered"] == false) > 2);
    assert!(count(&|one| one["powers_of_attorney"] != 0) > 2);
    assert!(count(&|one| one["blocked"] == true) > 0);
    assert!(count(&|one| one["department"] == "Бухгалтерия") > 0);
    assert_eq!(state["mails"], json!([]));
}

#[tokio::test(start_paused = true)]
async fn whatever_the_seed_there_are_two_more_signers_and_somebody_with_a_power_of_attorney() {
    for seed in 0..100 {
        let options = Options {
            seed,
            ..Options::default()
        };
        let state = Emulator::new(options, Clock::starting_at(NOW_MS)).state()["diadoc"].clone();
        let employees = state["employees"].as_array().unwrap();
        let signs = |one: &&serde_json::Value| {
            let actions = one["actions"].as_array().unwrap();
            one["login"] != SERVICE && actions.contains(&json!("SignDocuments"))
        };
        let holds = |one: &&serde_json::Value| one["powers_of_attorney"] != 0;
        assert!(employees.iter().filter(signs).count() >= 2, "{seed}");
        assert!(employees.iter().any(|one| holds(&one)), "{seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn everything_follows_from_the_seed() {
    let emulator = |seed| {
        let options = Options {
            seed,
            ..Options::default()
        };
        Emulator::new(options, Clock::starting_at(NOW_MS))
    };
    let one = emulator(1);
    assert_eq!(one.state()["diadoc"], emulator(1).state()["diadoc"]);
    assert_ne!(one.state()["diadoc"], emulator(2).state()["diadoc"]);
    assert_eq!(one.exports(), emulator(1).exports());
}

#[test]
fn settings_name_the_box_and_keep_the_secrets_out() {
    let emulator = Emulator::new(Options::default(), Clock::starting_at(NOW_MS));
    let settings = emulator.settings("http://127.0.0.1:8100");
    for line in [
        "base_url = \"http://127.0.0.1:8100/diadoc\"",
        "identity_url = \"http://127.0.0.1:8100/identity\"",
        "client_secret = { env = \"DIADOC_CLIENT_SECRET\" }",
        "refresh_token = { env = \"DIADOC_REFRESH_TOKEN\" }",
    ] {
        assert!(settings.contains(line), "{line}");
    }
    let debug = format!("{emulator:?}");
    for name in ["DIADOC_CLIENT_SECRET", "DIADOC_REFRESH_TOKEN"] {
        assert!(!debug.contains(&export(&emulator, name)));
    }
}

#[tokio::test]
async fn a_record_changes_the_given_fields_of_an_employee_who_is_there() {
    let world = World::faithful().await;
    world.seed(&json!({
        "departments": [{ "name": "Склад", "abbreviation": "Скл", "parent": "Продажи" }],
        "employees": [{
            "login": "anna@example.test", "last_name": "Примерова", "registered": false, "position": "Кладовщик",
            "department": "Склад", "access_level": "SelectedDepartments",
            "selected_departments": ["Склад", "Головное подразделение"], "actions": ["SignDocuments"],
        }],
    }));
    world.seed(&json!({ "employees": [{ "login": "Anna@example.test", "blocked": true }] }));
    let employee = world.employee("anna@example.test");
    assert_eq!(employee["blocked"], true);
    assert_eq!(employee["position"], "Кладовщик");
    assert_eq!(employee["department"], "Склад");
    assert_eq!(employee["access_level"], "SelectedDepartments");
    assert_eq!(
        employee["selected_departments"],
        json!(["Склад", "Головное подразделение"])
    );
    assert_eq!(employee["actions"], json!(["SignDocuments"]));
    assert_eq!(employee["last_name"], "Примерова");
}

#[tokio::test]
async fn senseless_records_add_nothing() {
    let world = World::faithful().await;
    let before = world.state();
    let good = json!({ "login": "good@example.test" });
    for (records, sentence) in [
        (
            json!({ "employees": [good, { "login": "" }] }),
            "An employee needs a login.",
        ),
        (
            json!({ "employees": [good, { "login": "a@example.test", "department": "Луна" }] }),
            "There is no department `Луна`.",
        ),
        (
            json!({ "employees": [good, { "login": "a@example.test", "actions": ["MakeTea"] }] }),
            "There is no action `MakeTea`.",
        ),
        (
            json!({ "employees": [good, { "login": "a@example.test", "access_level": "SelectedDepartments" }] }),
            "The access level SelectedDepartments needs departments.",
        ),
        (
            json!({ "registered": ["nobody@example.test"] }),
            "Nobody has the login `nobody@example.test`.",
        ),
        (
            json!({ "powers_of_attorney": [{ "employee": "nobody@example.test" }] }),
            "No employee has the login `nobody@example.test`.",
        ),
        (
            json!({ "departments": [{ "name": "" }] }),
            "A department needs a name.",
        ),
    ] {
        let error = world.emulator.seed(&json!({ "diadoc": records }));
        assert_eq!(error.unwrap_err(), sentence);
    }
    let unknown = json!({ "diadoc": { "people": [] } });
    assert!(world.emulator.seed(&unknown).is_err());
    assert_eq!(world.state(), before);
}
