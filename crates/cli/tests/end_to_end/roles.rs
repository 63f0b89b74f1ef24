//! What roles say, and how leavers are taken out with what they leave behind.

use serde_json::Value;

use crate::support::{Company, join};

const ANNA: &str = "anna.novichkova@example.test";

/// The emulator's role with something else in its place.
fn with(company: &Company, from: &str, to: &str) {
    company.configure(|settings| {
        assert!(settings.contains(from), "{from}");
        settings.replacen(from, to, 1)
    });
}

fn plan(company: &Company, more: &[&str]) -> (Value, i32) {
    company.json(&[&join(ANNA)[..9], more, &["--plan-only"]].concat())
}

#[test]
fn what_a_role_cannot_say_is_told_with_its_line_before_anything_is_asked() {
    let company = Company::open();
    let from = "invite = true";
    for (to, told) in [
        ("properties = \"Москва\"", "a table"),
        ("properties = { \"Город\" = 7 }", "text in quotes"),
        ("create_missing = \"yes\"", "true or false"),
        ("statsu = \"👋\"", "status"),
    ] {
        company.configure(|settings| settings);
        with(&company, from, to);
        let ended = company.kadry(&["people"]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.err.contains("kadry.toml:"), "{ended:?}");
        assert!(ended.err.contains(told), "{told} in {ended:?}");
    }
    assert_eq!(company.emulator.log(), []);
}

#[test]
fn the_names_of_a_typed_department_win_over_the_role() {
    let company = Company::open();
    company.configure(|settings| {
        format!("{settings}\n[departments.\"Продажи\"]\ncalls = {{ unit = \"Отдел продаж\" }}\nedo = {{ department = \"Продажи\" }}\n")
    });
    let shown = |more: &[&str]| {
        let command = [&join(ANNA)[..9], more, &["--plan-only"]].concat();
        let shown = company.kadry(&command);
        assert_eq!(shown.code, 0, "{shown:?}");
        shown.out
    };
    let of_role = shown(&[]);
    assert!(of_role.contains("unit: Бухгалтерия"), "{of_role}");
    assert!(!of_role.contains("Отдел продаж"), "{of_role}");
    let typed = shown(&["--department", "продажи"]);
    assert!(typed.contains("unit: Отдел продаж"), "{typed}");
    assert!(typed.contains("department: продажи"), "{typed}");
    assert!(!typed.contains("unit: Бухгалтерия"), "{typed}");
    assert!(!typed.contains("department: Бухгалтерия"), "{typed}");
    // The same in a person's file.
    company.write("anna.toml", "department = \"Продажи\"\n");
    assert!(shown(&["anna.toml"]).contains("unit: Отдел продаж"));
}

#[test]
fn values_and_a_status_of_a_role_are_part_of_its_plan() {
    let company = Company::open();
    let from = "invite = true";
    with(
        &company,
        from,
        "invite = true, status = \"👋 Новый сотрудник\", properties = { \"Табельный номер\" = \"77\" }",
    );
    let (document, code) = plan(&company, &["--on", "messenger"]);
    assert_eq!(code, 0, "{document:#}");
    let (report, code) = company.json(&[&join(ANNA)[..], &["--on", "messenger"]].concat());
    assert_eq!(code, 0, "{report:#}");
    let state = company.emulator.state().to_string();
    assert!(state.contains("Новый сотрудник"), "{state}");
    assert_eq!(company.violations(), []);
}

#[test]
fn a_successor_is_named_like_anybody_and_is_never_the_leaver() {
    let company = Company::open();
    company.hire(ANNA);
    let upper = ANNA.to_uppercase();
    for (successor, kind) in [
        (upper.as_str(), "own_successor"),
        ("boris@", "bad_email"),
        ("boris", "bad_who"),
        ("mesenger:7", "usage"),
    ] {
        let command = ["offboard", ANNA, "--successor", successor, "--yes"];
        let (document, code) = company.json(&command);
        assert_eq!(code, 2, "{document:#}");
        assert_eq!(document["error"]["kind"], kind, "{document:#}");
    }
    let command = [
        "offboard",
        ANNA,
        "--successor",
        "ceo@example.test",
        "--plan-only",
    ];
    let (document, code) = company.json(&command);
    assert_eq!(code, 0, "{document:#}");
}

#[test]
fn removing_is_part_of_the_plan_only_when_it_is_asked_for() {
    let company = Company::open();
    company.hire(ANNA);
    let removes = |more: &[&str]| {
        let command = [
            &["offboard", ANNA, "--on", "messenger", "--plan-only"],
            more,
        ]
        .concat();
        let (document, code) = company.json(&command);
        assert_eq!(code, 0, "{document:#}");
        let steps = document["steps"].as_array().unwrap();
        steps.iter().any(|step| step["action"] == "remove")
    };
    assert!(!removes(&[]));
    assert!(removes(&["--remove"]));
}

#[test]
fn a_department_of_the_file_that_the_role_outvotes_is_told_in_the_plan() {
    let company = Company::open();
    company.write(
        "people.csv",
        "email,last name,first name,department\n\
         anna.novichkova@example.test,Новичкова,Анна,Продажи\n\
         ivan.novichkov@example.test,Новичков,Иван,Бухгалтерия\n",
    );
    let import = [
        "import",
        "people.csv",
        "--role",
        "accountant",
        "--plan-only",
    ];
    for (lang, says) in [
        ("en", "The department “Продажи” was given"),
        ("ru", "Указан отдел «Продажи»"),
    ] {
        let ended = company.kadry(&[&import[..], &["--lang", lang]].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        // On the two platforms that have departments, of the one person whose department differs.
        assert_eq!(ended.out.matches(says).count(), 2, "{ended:?}");
        assert!(ended.out.contains("Бухгалтерия."), "{ended:?}");
    }
    let (plan, _) = company.json(&import);
    let notes = plan["people"].as_array().unwrap().iter();
    let notes = notes.filter(|one| one.to_string().contains("Продажи"));
    assert_eq!(notes.count(), 1, "{plan:#}");
}
