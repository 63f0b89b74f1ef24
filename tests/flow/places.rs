//! Somebody changes places: where they are not yet, not any more, or may not be touched.

use kadry_core::memory::{capable, delta_rights, listed_by_id};
use kadry_core::{Access, Capability, ErrorKind, FieldName, KindName};
use kadry_flow::plan::{Guard, Said};
use kadry_flow::report::Outcome;
use kadry_flow::{Purpose, Unwatched};

use crate::company::{Asked, Company, clock_and_random, onboard};
use crate::doors::journal;
use crate::transfer::{ANNA, renamed, transfer};

#[tokio::test]
async fn somebody_who_is_not_there_yet_is_made_as_the_other_records_show_them() {
    let more = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    more.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    more.person("messenger", ANNA, Access::Open, &[]);
    more.at("messenger").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::LastName, "Орлова".to_owned());
        fields.insert(FieldName::FirstName, "Анна".to_owned());
        fields.insert(FieldName::Phone, "+70000000001".to_owned());
    });
    let moving = transfer(ANNA)
        .to("messenger", &[])
        .to("calls", &[("unit", &["Продажи"])])
        .known(&[
            (FieldName::ExternalId, "7"),
            (FieldName::LastName, "Орлова"),
            (FieldName::FirstName, "Анна"),
            (FieldName::MiddleName, "Сергеевна"),
        ])
        .asked();
    assert_eq!(
        more.plan(&moving).await.unwrap(),
        [
            "1 calls create create email=anna@example.test external_id=7 last_name=Орлова first_name=Анна middle_name=Сергеевна unit:Продажи @nobody",
            "2 calls converge update phone=+70000000001 @created by 1",
        ]
    );
}

#[tokio::test]
async fn a_name_that_has_changed_since_is_told_by_the_records() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    company.person("messenger", ANNA, Access::Open, &[]);
    company.at("messenger").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::LastName, "Соколова".to_owned());
        fields.insert(FieldName::FirstName, "Анна".to_owned());
    });
    let moving = transfer(ANNA)
        .to("calls", &[("unit", &["Продажи"])])
        .from("messenger", &[])
        .known(&[
            (FieldName::LastName, "Орлова"),
            (FieldName::FirstName, "Анна"),
            (FieldName::MiddleName, "Сергеевна"),
        ])
        .asked();
    let plan = company.plan(&moving).await.unwrap();
    assert!(
        plan[0].contains("last_name=Соколова first_name=Анна unit"),
        "{plan:?}"
    );
}

#[tokio::test]
async fn what_is_not_known_of_somebody_who_has_to_be_made_is_a_refusal() {
    let mut demanding = delta_rights();
    demanding.required.push(FieldName::LastName);
    let company = Company::new(&[("messenger", capable()), ("edo", demanding)]);
    company.person("messenger", ANNA, Access::Open, &[]);
    let moving = transfer(ANNA).to("messenger", &[]).to("edo", &[]).asked();
    let refused = company.plan(&moving).await.unwrap_err();
    let field = FieldName::LastName;
    assert_eq!(refused[0].guard, Guard::NotKnown { field });
}

#[tokio::test]
async fn whoever_is_let_in_by_a_new_role_is_greeted_and_nobody_else() {
    let company = Company::new(&[("messenger", capable()), ("office", capable())]);
    company.person("office", ANNA, Access::Open, &[]);
    let moving = transfer(ANNA)
        .to("messenger", &[])
        .to("office", &[])
        .welcome("Привет!");
    assert_eq!(
        company.plan(&moving.asked()).await.unwrap(),
        [
            "1 messenger create create email=anna@example.test @nobody",
            "2 messenger welcome notify Привет! @created by 1",
        ]
    );
}

#[tokio::test]
async fn a_closed_door_stays_closed_and_the_run_is_not_whole() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    let held = [(KindName::TAG, "Учёт")];
    company.person("messenger", ANNA, Access::Suspended, &held);
    company.person("edo", ANNA, Access::Open, &[]);
    let moving = transfer(ANNA)
        .from("messenger", &[("tags", &["Учёт"])])
        .to("messenger", &[("tags", &[])])
        .to("edo", &[]);
    assert_eq!(company.plan(&moving.asked()).await.unwrap(), [""; 0]);
    let said = company.remarks(&moving.asked()).await;
    assert_eq!(said, [Said::StaysClosed { needed: true }]);
    assert!(said[0].leaves_something_out());
    let title = renamed(ANNA).to("messenger", &[]).asked();
    let said = company.remarks(&title).await;
    assert_eq!(said, [Said::StaysClosed { needed: false }]);
    assert!(!said[0].leaves_something_out());
}

#[tokio::test]
async fn a_silent_platform_is_left_and_stops_no_other() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.person("messenger", ANNA, Access::Open, &[]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let moving = transfer(ANNA)
        .to("messenger", &[("tags", &["Учёт"])])
        .to("edo", &[])
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        ["1 messenger converge update +tag:Учёт @2"]
    );
    let said = company.remarks(&moving).await;
    assert!(matches!(&said[..], [Said::Silent { .. }, ..]), "{said:?}");
}

#[tokio::test]
async fn nobody_is_made_while_they_have_been_seen_nowhere() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let moving = transfer(ANNA).to("messenger", &[]).to("edo", &[]).asked();
    assert_eq!(company.plan(&moving).await.unwrap(), [""; 0]);
    assert!(company.remarks(&moving).await.contains(&Said::MadeLater));
}

#[tokio::test]
async fn nobody_is_made_while_a_platform_is_silent_that_may_tell_the_name() {
    let company = Company::new(&[
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
        ("messenger", capable()),
    ]);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    company.person("messenger", ANNA, Access::Open, &[]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let moving = transfer(ANNA)
        .to("calls", &[("unit", &["Продажи"])])
        .to("edo", &[])
        .to("messenger", &[])
        .asked();
    assert_eq!(company.plan(&moving).await.unwrap(), [""; 0]);
    let said = company.remarks(&moving).await;
    assert!(said.contains(&Said::MadeLater), "{said:?}");
    company.at("edo").set_down(None);
    assert_eq!(company.plan(&moving).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_title_alone_changes_the_field_and_makes_nobody() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.person("messenger", ANNA, Access::Open, &[]);
    let moving = renamed(ANNA)
        .to("messenger", &[])
        .to("edo", &[])
        .field(FieldName::Title, "Старший бухгалтер")
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        ["1 messenger converge update title=Старший бухгалтер @1"]
    );
    assert_eq!(company.remarks(&moving).await, [Said::NobodyThere]);
}

#[tokio::test]
async fn a_department_alone_moves_the_unit_and_is_set_once() {
    let company = Company::new(&[("calls", listed_by_id())]);
    for unit in ["Учёт", "Продажи"] {
        company.at("calls").offer(&KindName::UNIT, &[unit]);
    }
    company.person("calls", ANNA, Access::Open, &[(KindName::UNIT, "Учёт")]);
    let moving = |unit: &str| {
        renamed(ANNA)
            .to("calls", &[])
            .field(FieldName::Department, unit)
            .asked()
    };
    assert_eq!(
        company.plan(&moving("Продажи")).await.unwrap(),
        ["1 calls converge update +unit:Продажи -unit:Учёт @3"]
    );
    assert_eq!(company.plan(&moving("Учёт")).await.unwrap(), [""; 0]);
    // The same holds for whoever is brought in again.
    let again = onboard(ANNA)
        .field(FieldName::Department, "Учёт")
        .section("calls", &[], None);
    let plan = company.plan(&again).await.unwrap();
    assert!(!plan.iter().any(|line| line.contains("unit:")), "{plan:?}");
}

#[tokio::test]
async fn an_administrator_is_moved_only_on_purpose_and_the_last_one_keeps_the_role() {
    let company = Company::new(&[("messenger", with_roles())]);
    for role in ["user", "admin"] {
        company.at("messenger").offer(&KindName::ROLE, &[role]);
    }
    company.person(
        "messenger",
        ANNA,
        Access::Open,
        &[(KindName::ROLE, "admin")],
    );
    company
        .at("messenger")
        .edit(|rows| rows[0].administrator = true);
    let moving = transfer(ANNA).to("messenger", &[("role", &["user"])]);
    let guard = async |asked: &Asked| company.plan(asked).await.unwrap_err()[0].guard.clone();
    assert_eq!(guard(&moving.asked()).await, Guard::Administrator);
    assert_eq!(
        guard(&moving.asked().privileged()).await,
        Guard::LastAdministrator
    );
    company.person("messenger", "vera@example.test", Access::Open, &[]);
    company
        .at("messenger")
        .edit(|rows| rows[1].administrator = true);
    assert_eq!(
        company.plan(&moving.asked().privileged()).await.unwrap(),
        ["1 messenger converge update +role:user -role:admin @3"]
    );
}

#[tokio::test]
async fn of_two_administrators_who_are_moved_at_once_one_keeps_the_role() {
    let company = Company::new(&[("messenger", with_roles())]);
    for role in ["user", "admin"] {
        company.at("messenger").offer(&KindName::ROLE, &[role]);
    }
    let both = [ANNA, "vera@example.test"];
    let admin = [(KindName::ROLE, "admin")];
    for email in both {
        company.person("messenger", email, Access::Open, &admin);
    }
    let messenger = company.at("messenger");
    messenger.edit(|rows| rows.iter_mut().for_each(|row| row.administrator = true));
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let mut prepared = Vec::new();
    for email in both {
        let moving = transfer(email).to("messenger", &[("role", &["user"])]);
        let intent = company.intent(&moving.asked().privileged());
        let planned = organisation.prepare(&intent, Purpose::CarryOut, &Unwatched);
        prepared.push(planned.await.unwrap());
    }
    let mut outcomes = Vec::new();
    for prepared in prepared {
        let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
        outcomes.push(report.outcome());
        // The platform makes of the role what it says.
        messenger.edit(|rows| {
            for row in rows.iter_mut() {
                let mut roles = row.grants.values().flatten();
                row.administrator = roles.any(|grant| grant.name == "admin");
            }
        });
    }
    assert_eq!(outcomes, [Outcome::Done, Outcome::Failed]);
    let administrators = messenger.rows().into_iter().filter(|row| row.administrator);
    assert_eq!(administrators.count(), 1);
}

fn with_roles() -> Capability {
    let mut messenger = capable();
    let mut role = messenger.grants[0].clone();
    role.name = KindName::ROLE;
    role.role_key = "role";
    role.holds = kadry_core::Holds::One { required: false };
    messenger.grants.insert(0, role);
    messenger
}

#[tokio::test]
async fn an_unknown_name_and_somebody_elses_external_id_are_refusals() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    let id = company.person("calls", ANNA, Access::Open, &[(KindName::UNIT, "Продажи")]);
    company
        .at("calls")
        .edit(|rows| rows[0].fields.insert(FieldName::ExternalId, "8".to_owned()));
    let moving = transfer(ANNA).to("calls", &[("unit", &["Продажы"])]);
    let refused = company.plan(&moving.asked()).await.unwrap_err();
    let nearest = Some("Продажи".to_owned());
    assert!(
        matches!(&refused[0].guard, Guard::NotOffered { nearest: known, .. } if *known == nearest)
    );
    let moving = moving.known(&[(FieldName::ExternalId, "7")]).asked();
    let refused = company.plan(&moving).await.unwrap_err();
    let guards: Vec<_> = refused.into_iter().map(|one| one.guard).collect();
    assert!(
        guards.contains(&Guard::BelongsToAnother { record: id }),
        "{guards:?}"
    );
}
