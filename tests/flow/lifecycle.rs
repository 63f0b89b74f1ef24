//! What a role may ask for beyond what is there, and who may be the person by name alone.

use kadry_core::memory::{capable, listed_by_id, valued};
use kadry_core::{Access, FieldName, Grant, KindName, State};
use kadry_flow::plan::{Guard, Said};

use crate::company::{Asked, Company, offboard, onboard};
use crate::doors::{journal, run};

fn anna_with_city(city: &str) -> Asked {
    onboard("anna@example.test")
        .section("messenger", &[], None)
        .with(|section| {
            let city = ("Город".to_owned(), city.to_owned());
            let values = section.values.entry("properties".to_owned());
            values.or_default().extend([city]);
        })
}

#[tokio::test]
async fn a_value_takes_the_place_of_the_old_one_and_other_values_stay() {
    let company = Company::new(&[("messenger", valued())]);
    let messenger = company.at("messenger");
    for name in ["Город", "Размер"] {
        messenger.offer(&KindName::PROPERTY, &[name]);
    }
    let values = [("Город", "Казань"), ("Размер", "M")];
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let grant = |(name, value): (&str, &str)| {
        let id = messenger.offered(&KindName::PROPERTY, name).unwrap();
        Grant::with_id(KindName::PROPERTY, id.as_str(), name).holding(value)
    };
    let held = values.map(grant).to_vec();
    messenger.edit(|rows| rows[0].grants.insert(KindName::PROPERTY, held));
    assert_eq!(
        company.plan(&anna_with_city("Москва")).await.unwrap(),
        [
            "1 messenger converge update external_id=7 last_name=Орлова =property:Размер: M \
             +property:Город: Москва -property:Город: Казань @3"
        ]
    );
    let report = run(&company, &journal().await, &anna_with_city("Москва")).await;
    assert!(report.unwrap().verified);
    let held = messenger.rows()[0].grants[&KindName::PROPERTY].clone();
    let held: Vec<String> = held.iter().map(ToString::to_string).collect();
    assert_eq!(held, ["Размер: M", "Город: Москва"]);
}

#[tokio::test]
async fn a_status_replaces_another_and_undo_would_know_it() {
    let company = Company::new(&[("messenger", valued())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let old = vec![Grant::named(KindName::STATUS, "🏖️ Отпуск")];
    company
        .at("messenger")
        .edit(|rows| rows[0].grants.insert(KindName::STATUS, old.clone()));
    let anna =
        onboard("anna@example.test").section("messenger", &[("status", &["👋 Новенькая"])], None);
    let report = run(&company, &journal().await, &anna).await.unwrap();
    let set = report.steps.last().unwrap();
    assert_eq!(set.step.action.name(), "set_grants");
    assert_eq!(set.step.before.grants[&KindName::STATUS], old);
    assert!(report.verified);
}

#[tokio::test]
async fn what_is_missing_is_made_only_when_the_role_says_so() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Центр"]);
    let anna =
        || onboard("anna@example.test").section("calls", &[("unit", &["Центр / Учёт"])], None);
    let refused = company.plan(&anna()).await.unwrap_err();
    assert!(matches!(&refused[0].guard, Guard::NotOffered { .. }));
    let made = anna().with(|section| section.create_missing = true);
    assert_eq!(
        company.plan(&made).await.unwrap(),
        [
            "1 calls define define Центр / Учёт @nobody",
            "2 calls create create email=anna@example.test external_id=7 last_name=Орлова unit:Учёт @nobody",
        ]
    );
    let report = run(&company, &journal().await, &made).await.unwrap();
    assert!(report.verified, "{report:?}");
    let unit = company
        .at("calls")
        .offered(&KindName::UNIT, "Учёт")
        .unwrap();
    let held = &company.at("calls").rows()[0].grants[&KindName::UNIT];
    assert_eq!(held[0].id.as_ref(), Some(&unit));
    // The role still says so, and nothing is missing any more.
    assert!(company.plan(&made).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_made_meanwhile_is_used_and_not_made_again() {
    let company = Company::new(&[("calls", listed_by_id())]);
    let anna = onboard("anna@example.test")
        .section("calls", &[("unit", &["Учёт"])], None)
        .with(|section| section.create_missing = true);
    let (clock, _) = crate::company::clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let intent = company.intent(&anna);
    let prepared = organisation
        .prepare(
            &intent,
            kadry_flow::Purpose::CarryOut,
            &kadry_flow::Unwatched,
        )
        .await
        .unwrap();
    let unit = company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let report = organisation
        .carry_out(prepared, &kadry_flow::Unwatched)
        .await
        .unwrap();
    assert!(report.steps.iter().all(|step| step.state == State::Done));
    let held = &company.at("calls").rows()[0].grants[&KindName::UNIT];
    assert_eq!(held[0].id.as_ref(), Some(&unit));
}

#[tokio::test]
async fn a_name_much_like_one_that_exists_is_pointed_out_before_it_is_made() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company
        .at("calls")
        .offer(&KindName::UNIT, &["Контакт-центр"]);
    let anna = onboard("anna@example.test")
        .section("calls", &[("unit", &["Контакт-центер"])], None)
        .with(|section| section.create_missing = true);
    let said = company.remarks(&anna).await;
    let resembles = said
        .iter()
        .any(|said| matches!(said, Said::Resembles { nearest, .. } if nearest == "Контакт-центр"));
    assert!(resembles, "{said:?}");
}

#[tokio::test]
async fn somebody_with_the_name_and_without_the_keys_is_shown_and_not_touched() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    for (on, email) in [
        ("messenger", "anna@example.test"),
        ("calls", "a.orlova@example.test"),
    ] {
        company.person(on, email, Access::Open, &[]);
        company.at(on).edit(|rows| {
            let fields = &mut rows[0].fields;
            fields.insert(FieldName::LastName, "Орлова".to_owned());
            fields.insert(FieldName::FirstName, "Анна".to_owned());
        });
    }
    let leaver = offboard("anna@example.test");
    let said = company.remarks(&leaver).await;
    let possible = said.iter().find_map(|said| {
        if let Said::Possible { people } = said {
            Some(people)
        } else {
            None
        }
    });
    let [namesake] = possible.unwrap().as_slice() else {
        panic!("one namesake: {said:?}");
    };
    assert_eq!(
        namesake.email.as_ref().map(ToString::to_string).as_deref(),
        Some("a.orlova@example.test")
    );
    let lines = company.plan(&leaver).await.unwrap();
    assert!(
        lines.iter().all(|line| line.contains("messenger")),
        "{lines:?}"
    );
}
