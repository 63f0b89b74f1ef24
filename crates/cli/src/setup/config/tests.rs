#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::super::registry::KINDS;
use super::*;

/// The names of vendors stand in the file alone.
const ROMASHKA: &str = include_str!("romashka.toml");

fn romashka() -> Config {
    Config::parse(ROMASHKA, Path::new("romashka.toml")).unwrap()
}

/// The mistake that the file has once `from` was replaced.
fn with(from: &str, to: &str) -> (Option<usize>, What) {
    assert!(ROMASHKA.contains(from), "{from}");
    match Config::parse(&ROMASHKA.replacen(from, to, 1), Path::new("romashka.toml")) {
        Err(Fault::Mistake { line, what, .. }) => (line, what),
        other => panic!("{other:?}"),
    }
}

fn line_of(text: &str) -> Option<usize> {
    let at = ROMASHKA.lines().position(|line| line.contains(text));
    at.map(|at| at + 1)
}

fn unknown(key: &str, nearest: &str) -> What {
    What::UnknownKey {
        key: key.to_owned(),
        nearest: Some(nearest.to_owned()),
    }
}

fn id(name: &str) -> ProviderId {
    ProviderId::new(name)
}

#[test]
fn everything_in_the_file_is_read() {
    let config = romashka();
    assert_eq!(config.organisation.as_deref(), Some("romashka"));
    let rows: Vec<_> = config
        .providers()
        .into_iter()
        .map(|row| (row.id.to_string(), row.enabled))
        .collect();
    let rows: Vec<_> = rows.iter().map(|(id, on)| (id.as_str(), *on)).collect();
    assert_eq!(
        rows,
        [
            ("calls", true),
            ("messenger", true),
            ("north", true),
            ("south", false)
        ]
    );
    let messenger = &config.providers[&id("messenger")].shared;
    assert_eq!(messenger.timeout, Duration::from_secs(10));
    assert_eq!(messenger.retry_for, Duration::from_secs(60));
    let calls = &config.providers[&id("calls")].shared;
    assert_eq!(calls.max_in_flight, Some(4));
    assert_eq!(calls.requests_per_second, Some(2.5));
    assert_eq!(config.retry_for(), Some(Duration::from_secs(60)));
    assert_eq!(config.exempt, [Email::of_record("svc@example.test")]);
}

#[test]
fn boxes_of_one_service_user_share_a_credential() {
    let config = romashka();
    let credential = |name| config.providers[&id(name)].credential();
    assert_eq!(credential("north"), credential("south"));
    assert_ne!(credential("north"), credential("calls"));
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_the_nearest_key() {
    for (from, to, key, nearest) in [
        (
            "organisation =",
            "organization =",
            "organization",
            "organisation",
        ),
        ("[roles.accountant]", "[role.accountant]", "role", "roles"),
        ("token =", "tokn =", "tokn", "token"),
        ("timeout =", "timout =", "timout", "timeout"),
        ("box_id =", "boxid =", "boxid", "box_id"),
        ("exempt =", "exempts =", "exempts", "exempt"),
        ("suspend =", "suspends =", "suspends", "suspend"),
        ("month =", "months =", "months", "month"),
        ("tags =", "tag =", "tag", "tags"),
        ("invite =", "invites =", "invites", "invite"),
        ("{ unit = \"Отдел", "{ units = \"Отдел", "units", "unit"),
        ("status =", "statuses =", "statuses", "status"),
        ("properties =", "property =", "property", "properties"),
        (
            "selected_departments =",
            "departments =",
            "departments",
            "department",
        ),
        (
            "create_missing = false",
            "create = false",
            "create",
            "create_missing",
        ),
    ] {
        assert_eq!(
            with(from, to),
            (line_of(from), unknown(key, nearest)),
            "{to}"
        );
    }
}

#[test]
fn an_unknown_kind_and_an_unknown_place_are_told_with_the_nearest() {
    let kind = KINDS[0].name;
    let (line, what) = with(
        &format!("kind = \"{kind}\""),
        &format!("kind = \"{kind}x\""),
    );
    let unknown_kind = What::UnknownKind {
        kind: format!("{kind}x"),
        nearest: Some(kind.to_owned()),
    };
    assert_eq!((line, what), (Some(4), unknown_kind));

    let (line, what) = with("messenger = {", "mesenger = {");
    let unknown_place = What::UnknownPlace {
        name: "mesenger".to_owned(),
        nearest: Some("messenger".to_owned()),
    };
    assert_eq!((line, what), (line_of("messenger = {"), unknown_place));
}

#[test]
fn an_inline_secret_is_refused_without_being_repeated() {
    let what = What::InlineSecret("token".to_owned());
    let (line, found) = with("{ env = \"MESSENGER_TOKEN\" }", "\"s3cret\"");
    assert_eq!((line, &found), (Some(5), &what));
    assert!(!format!("{found:?}").contains("s3cret"));

    let proxy = "timeout = 10\nproxy = \"http://anna:s3cret@proxy.example.test\"";
    let (line, found) = with("timeout = 10", proxy);
    assert_eq!(found, What::InlineSecret("proxy".to_owned()));
    assert_eq!(line, line_of("timeout = 10").map(|line| line + 1));
}

#[test]
fn values_of_the_wrong_kind_are_told_with_their_line() {
    for (from, to, wanted) in [
        ("enabled = false", "enabled = \"no\"", Wanted::Flag),
        ("timeout = 10", "timeout = \"soon\"", Wanted::Duration),
        ("timeout = 10", "timeout = 0", Wanted::Duration),
        ("max_in_flight = 4", "max_in_flight = 0", Wanted::Positive),
        ("per_second = 2.5", "per_second = -1", Wanted::Positive),
        ("month = \"15%\"", "month = \"115%\"", Wanted::Ceiling),
        ("\"SVC@example.test\"", "\"svc\"", Wanted::Email),
        ("tags = [\"Бухгалтерия\"]", "tags = [1]", Wanted::Names),
        ("{ env = \"MESSENGER_TOKEN\" }", "7", Wanted::Source),
        ("{ env = \"MESSENGER_TOKEN\" }", "{}", Wanted::Source),
        ("title = \"Бухгалтер\"", "title = 1", Wanted::Text),
        ("\"Город\" = \"Москва\"", "\"Город\" = 7", Wanted::Text),
        ("{ \"Город\" = \"Москва\" }", "\"Москва\"", Wanted::Table),
        ("\"👋 Новый сотрудник\"", "{ text = \"👋\" }", Wanted::Names),
        (
            "create_missing = true",
            "create_missing = \"yes\"",
            Wanted::Flag,
        ),
        ("create_missing = false", "create_missing = 0", Wanted::Flag),
        ("client_id = \"romashka\"", "client_id = 1", Wanted::Text),
    ] {
        assert_eq!(with(from, to), (line_of(from), What::Wrong(wanted)), "{to}");
    }
}

#[test]
fn what_is_missing_and_what_cannot_be_a_name_is_told() {
    let missing = |key: &str| What::MissingKey(key.to_owned());
    assert_eq!(with("token = {", "#").1, missing("token"));
    assert_eq!(with("box_id", "#").1, missing("box_id"));
    for name in ["person", "a:b", "title", "create_missing"] {
        let table = format!("[providers.\"{name}\"]");
        let (line, what) = with("[providers.messenger]", &table);
        assert_eq!((line, what), (Some(3), What::BadName(name.to_owned())));
    }
    assert_eq!(
        with("\"romashka\"", "\"../romashka\"").1,
        What::BadName("../romashka".to_owned())
    );
}

#[test]
fn a_welcome_names_only_what_can_be_filled_in() {
    let what = What::UnknownBlank {
        name: "firstname".to_owned(),
        nearest: Some("first_name".to_owned()),
    };
    assert_eq!(with("{first_name}", "{firstname}").1, what);
}

#[test]
fn a_role_gives_what_it_says_by_name_else_by_kind() {
    let config = romashka();
    let given = Fields::from([(FieldName::FirstName, "Анна".to_owned())]);
    let fields = config.find_role("accountant").unwrap().fill(&given);
    assert_eq!(fields[&FieldName::Title], "Бухгалтер");
    let sections = config
        .find_sections(Some("accountant"), None, &fields)
        .unwrap();
    let names: Vec<_> = sections.keys().map(ProviderId::as_str).collect();
    assert_eq!(
        names,
        ["calls", "messenger", "north"],
        "not what is switched off"
    );
    let messenger = &sections[&id("messenger")];
    assert_eq!(messenger.grants["tags"], ["Бухгалтерия"]);
    assert_eq!(messenger.grants["role"], ["user"]);
    assert!(messenger.quiet);
    assert_eq!(
        messenger.welcome.as_deref(),
        Some("Добро пожаловать, Анна!")
    );
    assert_eq!(
        sections[&id("north")].grants["access_level"],
        ["SelectedDepartments"]
    );
    assert_eq!(
        sections[&id("north")].grants["selected_departments"],
        ["Бухгалтерия", "Архив"]
    );
}

#[test]
fn a_section_by_name_stands_before_one_by_kind() {
    let config = romashka();
    let sections = config.find_sections(Some("seller"), None, &Fields::new());
    let north = &sections.unwrap()[&id("north")];
    assert_eq!(north.grants["department"], ["Продажи"]);
}

#[test]
fn a_department_has_other_names_on_other_platforms_unless_the_role_names_one() {
    let config = romashka();
    let fields = Fields::from([(FieldName::Department, " ПРОДАЖИ ".to_owned())]);
    let sections = config.find_sections(Some("seller"), None, &fields).unwrap();
    assert_eq!(sections[&id("calls")].grants["unit"], ["Отдел продаж"]);
    assert_eq!(sections[&id("north")].grants["department"], ["Продажи"]);

    let on = ["north".to_owned()];
    let sections = config.find_sections(None, Some(&on), &fields).unwrap();
    assert_eq!(sections[&id("north")].grants["department"], ["Коммерция"]);
}

#[test]
fn a_role_gives_values_and_says_whether_what_is_missing_is_made() {
    let config = romashka();
    let sections = config.find_sections(Some("accountant"), None, &Fields::new());
    let sections = sections.unwrap();
    let messenger = &sections[&id("messenger")];
    assert_eq!(messenger.values["properties"]["Город"], "Москва");
    assert_eq!(messenger.grants["status"], ["👋 Новый сотрудник"]);
    assert!(!messenger.grants.contains_key("properties"));
    let makes = |name| sections[&id(name)].create_missing;
    assert!(makes("messenger") && makes("north"), "the role says it");
    assert!(!makes("calls"), "a section wins over its role");
    let sections = config.find_sections(Some("seller"), None, &Fields::new());
    assert!(!sections.unwrap()[&id("calls")].create_missing);
}

#[test]
fn values_are_no_names_of_a_department() {
    let from = "calls = { unit = \"Отдел продаж\" }";
    let to = "messenger = { properties = { \"Город\" = \"Москва\" } }";
    let (line, what) = with(from, to);
    assert_eq!(line, line_of(from));
    assert!(matches!(what, What::UnknownKey { key, .. } if key == "properties"));
}

#[test]
fn the_names_of_another_department_than_the_roles_win_over_the_role() {
    let config = romashka();
    let section = |role, department: Option<&str>| {
        let given = department
            .map(|name| (FieldName::Department, name.to_owned()))
            .into_iter()
            .collect();
        let sections = config.find_sections(Some(role), None, &given).unwrap();
        let named = |name, key: &str| sections[&id(name)].grants[key].clone();
        let place = named("north", "department");
        (named("calls", "unit"), place)
    };
    let seller = (vec!["Отдел продаж".to_owned()], vec!["Продажи".to_owned()]);
    assert_eq!(section("seller", None), seller);
    assert_eq!(
        section("seller", Some("продажи")),
        seller,
        "it is the role's own"
    );

    let given = Fields::from([(FieldName::Department, "Продажи".to_owned())]);
    let fields = config.find_role("accountant").unwrap().fill(&given);
    assert_eq!(fields[&FieldName::Department], "Продажи");
    let (unit, place) = section("accountant", Some("Продажи"));
    assert_eq!(unit, ["Отдел продаж"], "not what the role says");
    assert_eq!(place, ["Коммерция"]);
}

#[test]
fn what_a_person_has_of_their_own_wins_over_the_role() {
    let own = Fields::from([(FieldName::Title, "Главный бухгалтер".to_owned())]);
    let config = romashka();
    let fields = config.find_role("accountant").unwrap().fill(&own);
    assert_eq!(fields[&FieldName::Title], "Главный бухгалтер");
    assert_eq!(fields[&FieldName::Department], "Бухгалтерия");
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let config = romashka();
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let on = |given: &[&str]| config.find_on(Some(&names(given)));
    let nearest = |fault| match fault {
        Err(Fault::UnknownProvider { nearest, .. }) => nearest,
        _ => None,
    };
    assert_eq!(nearest(on(&["mesenger"])), Some("messenger".to_owned()));
    assert!(matches!(on(&["south"]), Err(Fault::SwitchedOff(_))));
    let twice = on(&["north", "calls", "north"]).unwrap();
    assert_eq!(twice, [id("calls"), id("north")]);
    let role = config.find_role("acountant").map(|_| ());
    assert!(
        matches!(role, Err(Fault::UnknownRole { nearest: Some(near), .. }) if near == "accountant")
    );
}

#[test]
fn asking_for_nothing_is_a_mistake() {
    let config = romashka();
    let asked = |role, on: Option<&[String]>| config.find_sections(role, on, &Fields::new());
    assert!(matches!(asked(None, None), Err(Fault::NothingAsked)));
    let messenger = ["messenger".to_owned()];
    assert!(matches!(
        asked(Some("seller"), Some(&messenger)),
        Err(Fault::RoleWithout { .. })
    ));
    assert!(matches!(
        Config::default().find_on(None),
        Err(Fault::NoProviders)
    ));
}

#[test]
fn plain_http_leaves_this_machine_only_where_that_is_meant() {
    let from = "email = \"svc@example.test\"";
    let at = |address: &str| format!("base_url = \"{address}\"\n{from}");
    let what = What::PlainHttp("calls".to_owned());
    let (line, found) = with(from, &at("http://calls.example.test"));
    assert_eq!((line, found), (line_of("[providers.calls]"), what));
    for harmless in [
        at("http://127.0.0.1:8100/calls"),
        at("https://calls.example.test"),
        format!("insecure = true\n{}", at("http://calls.example.test")),
    ] {
        let text = ROMASHKA.replacen(from, &harmless, 1);
        let read = Config::parse(&text, Path::new("romashka.toml"));
        assert!(read.is_ok(), "{harmless}: {read:?}");
    }
}

#[test]
fn a_role_makes_no_administrator() {
    let what = What::AdministratorRole("Admin".to_owned());
    let (line, found) = with("role = \"user\"", "role = \"Admin\"");
    assert_eq!((line, found), (line_of("role = \"user\""), what));
}
