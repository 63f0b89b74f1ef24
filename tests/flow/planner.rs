//! What the planner makes of what was asked and what was seen: the specification of the flows, as tables.

use crate::company::{Company, offboard, offboard_now, onboard};
use kadry_core::memory::{capable, delta_rights, listed_by_id};
use kadry_core::{Access, Capability, ErrorKind, FieldName, KindName, Reason, Support};
use kadry_flow::plan::{Guard, Said};

#[tokio::test]
async fn a_newcomer_is_created_with_everything_that_the_create_takes_and_the_rest_follows() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company.at("calls").offer(&KindName::UNIT, &["Бухгалтерия"]);
    let anna = onboard("anna@example.test")
        .field(FieldName::Phone, "+70000000001")
        .field(FieldName::Department, "Бухгалтерия")
        .section(
            "messenger",
            &[("tags", &["учет"]), ("chats", &["Общий"])],
            Some("Привет!"),
        )
        .section("calls", &[], None);
    assert_eq!(
        company.plan(&anna).await.unwrap(),
        [
            "1 calls create create email=anna@example.test external_id=7 last_name=Орлова unit:Бухгалтерия @nobody",
            "2 calls converge update phone=+70000000001 @created by 1",
            "3 messenger create create email=anna@example.test external_id=7 last_name=Орлова phone=+70000000001 department=Бухгалтерия tag:Учёт @nobody",
            "4 messenger converge set_grants +chat:Общий @created by 3",
            "5 messenger welcome notify Привет! @created by 3",
        ]
    );
}

#[tokio::test]
async fn somebody_known_in_another_letter_case_is_adopted_and_nothing_else_is_touched() {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.at("messenger").offer(&KindName::TAG, &["Клуб"]);
    company.person(
        "messenger",
        "Anna@Example.Test",
        Access::Open,
        &[(KindName::TAG, "Клуб")],
    );
    let anna =
        onboard("anna@example.test").section("messenger", &[("tags", &["Учёт"])], Some("Привет!"));
    assert_eq!(
        company.plan(&anna).await.unwrap(),
        ["1 messenger converge update external_id=7 last_name=Орлова =tag:Клуб +tag:Учёт @3"],
        "no welcome: the person was in already"
    );
}

#[tokio::test]
async fn a_suspended_person_loses_what_the_role_does_not_hold_before_the_door_opens() {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.at("messenger").offer(&KindName::TAG, &["Склад"]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company.person(
        "messenger",
        "anna@example.test",
        Access::Suspended,
        &[(KindName::TAG, "Склад"), (KindName::TAG, "Учёт")],
    );
    let anna = onboard("anna@example.test").section(
        "messenger",
        &[("tags", &["Учёт"]), ("chats", &["Общий"])],
        Some("С возвращением!"),
    );
    assert_eq!(
        company.plan(&anna).await.unwrap(),
        [
            "1 messenger prepare update external_id=7 last_name=Орлова =tag:Учёт -tag:Склад @4",
            "2 messenger reopen set_access open @4",
            "3 messenger converge set_grants +chat:Общий @4",
            "4 messenger welcome notify С возвращением! @4",
        ]
    );
    let said = company.remarks(&anna).await;
    let tag = Said::ComesBack {
        kind: KindName::TAG,
        names: Some(vec!["Учёт".to_owned()]),
    };
    let chats = Said::ComesBack {
        kind: KindName::CHAT,
        names: None,
    };
    assert_eq!(
        said,
        [tag, chats],
        "the plan names what comes back, and says what it cannot see"
    );
}

#[tokio::test]
async fn a_chat_that_comes_with_a_tag_of_the_role_is_not_given_twice() {
    let company = Company::new(&[("messenger", capable())]);
    let tag = company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    let chat = company.at("messenger").offer(&KindName::CHAT, &["Учёт"]);
    company.at("messenger").attach(&KindName::CHAT, &chat, &tag);
    let anna = onboard("anna@example.test").section(
        "messenger",
        &[("tags", &["Учёт"]), ("chats", &["Учёт"])],
        None,
    );
    assert_eq!(
        company.plan(&anna).await.unwrap(),
        [
            "1 messenger create create email=anna@example.test external_id=7 last_name=Орлова tag:Учёт @nobody"
        ]
    );
}

#[tokio::test]
async fn two_records_are_a_stop_everywhere_and_never_a_guess() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    company.person("calls", "anna@example.test", Access::Open, &[]);
    company.person("calls", "ANNA@example.test", Access::Suspended, &[]);
    let refused = company
        .plan(&offboard("anna@example.test"))
        .await
        .unwrap_err();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].provider.as_ref().unwrap().as_str(), "calls");
    assert!(matches!(&refused[0].guard, Guard::SeveralMatches { records } if records.len() == 2));
}

#[tokio::test]
async fn our_own_record_and_an_administrator_are_refused() {
    let company = Company::new(&[("messenger", capable())]);
    let own = company.person("messenger", "svc@example.test", Access::Open, &[]);
    company.at("messenger").own(&own);
    company.person("messenger", "chief@example.test", Access::Open, &[]);
    company
        .at("messenger")
        .edit(|rows| rows[1].administrator = true);
    company.person("messenger", "second@example.test", Access::Open, &[]);
    company
        .at("messenger")
        .edit(|rows| rows[2].administrator = true);
    let guard = async |who| {
        company
            .plan(&offboard(who))
            .await
            .unwrap_err()
            .remove(0)
            .guard
    };
    assert_eq!(guard("svc@example.test").await, Guard::ServiceAccount);
    assert_eq!(guard("chief@example.test").await, Guard::Administrator);
    assert_eq!(
        company
            .plan(&offboard("chief@example.test").privileged())
            .await
            .unwrap(),
        ["1 messenger close set_access suspended @2"]
    );
}

#[tokio::test]
async fn a_whole_name_in_the_field_of_the_family_name_is_the_same_name() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    company.person(
        "calls",
        "anna@example.test",
        Access::Open,
        &[(KindName::UNIT, "Учёт")],
    );
    company.at("calls").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::ExternalId, "7".to_owned());
        fields.insert(FieldName::LastName, "Орлова  Анна Сергеевна".to_owned());
    });
    let anna = |first: &str| {
        onboard("anna@example.test")
            .field(FieldName::FirstName, first)
            .section("calls", &[("unit", &["Учёт"])], None)
    };
    assert!(
        company
            .plan(&anna("Анна Сергеевна"))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(company.plan(&anna("Мария")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_external_id_under_another_email_and_another_name_is_somebody_else() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let id = company.person(
        "calls",
        "boris@example.test",
        Access::Open,
        &[(KindName::UNIT, "Учёт")],
    );
    let rename = |last: &'static str, first: &'static str| {
        company.at("calls").edit(move |rows| {
            let fields = &mut rows[0].fields;
            fields.insert(FieldName::ExternalId, "7".to_owned());
            fields.insert(FieldName::LastName, last.to_owned());
            fields.insert(FieldName::FirstName, first.to_owned());
        });
    };
    let anna = || {
        onboard("anna@example.test")
            .field(FieldName::FirstName, "Анна")
            .section("calls", &[("unit", &["Учёт"])], None)
    };
    rename("Громов", "Борис");
    assert_eq!(
        company.plan(&anna()).await.unwrap_err()[0].guard,
        Guard::BelongsToAnother { record: id }
    );
    // Who has married keeps the given name.
    rename("Иванова", "Анна");
    assert_eq!(company.plan(&anna()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_record_that_carries_another_external_id_is_somebody_else() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    let id = company.person("calls", "anna@example.test", Access::Open, &[]);
    company
        .at("calls")
        .edit(|rows| rows[0].fields.insert(FieldName::ExternalId, "8".to_owned()));
    let anna = onboard("anna@example.test").section("calls", &[("unit", &["Учёт"])], None);
    assert_eq!(
        company.plan(&anna).await.unwrap_err()[0].guard,
        Guard::BelongsToAnother { record: id }
    );
}

#[tokio::test]
async fn an_unknown_name_refuses_the_whole_plan_and_offers_the_nearest() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    company
        .at("messenger")
        .offer(&KindName::TAG, &["Бухгалтерия"]);
    company.at("calls").offer(&KindName::UNIT, &["Склад"]);
    let anna = onboard("anna@example.test")
        .section("messenger", &[("tags", &["Бухгалтрия"])], None)
        .section("calls", &[], None);
    let guards: Vec<Guard> = company
        .plan(&anna)
        .await
        .unwrap_err()
        .into_iter()
        .map(|refused| refused.guard)
        .collect();
    let name = "Бухгалтрия".to_owned();
    assert_eq!(
        guards,
        [
            Guard::Missing {
                kind: KindName::UNIT,
                role_key: "unit".into()
            },
            Guard::NotOffered {
                kind: KindName::TAG,
                name,
                nearest: Some("Бухгалтерия".to_owned())
            },
        ]
    );
}

#[tokio::test]
async fn a_calm_leave_takes_what_vanishes_before_the_door_and_the_rest_after_it() {
    let company = Company::leaving();
    assert_eq!(
        company.plan(&offboard("anna@example.test")).await.unwrap(),
        [
            "1 edo close set_access suspended @3",
            "2 edo tidy set_grants -subscription:Новости -subscription:Счета @3",
            "3 messenger release update -tag:Учёт @3",
            "4 messenger release set_grants -chat:Общий @3",
            "5 messenger close set_access suspended @3",
        ]
    );
}

#[tokio::test]
async fn a_leave_that_is_now_closes_every_door_first_and_names_what_stays() {
    let company = Company::leaving();
    let now = offboard_now("anna@example.test");
    assert_eq!(
        company.plan(&now).await.unwrap(),
        [
            "1 edo close set_access suspended @3",
            "2 edo tidy set_grants -subscription:Новости -subscription:Счета @3",
            "3 messenger close set_access suspended @3",
            "4 messenger tidy update -tag:Учёт @3",
        ]
    );
    let said = company.remarks(&now).await;
    assert!(said.iter().any(|said| matches!(said, Said::Stays { kind, names, .. } if *kind == KindName::CHAT && names == &["Общий"])));
}

#[tokio::test]
async fn a_closed_door_needs_nothing_more() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.person("messenger", "anna@example.test", Access::Suspended, &[]);
    assert_eq!(
        company.plan(&offboard("anna@example.test")).await.unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(
        company.remarks(&offboard("anna@example.test")).await,
        [Said::NobodyThere]
    );
}

#[tokio::test]
async fn a_silent_platform_is_a_close_by_key_and_stops_no_other() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    assert_eq!(
        company.plan(&offboard("anna@example.test")).await.unwrap(),
        [
            "1 edo close set_access suspended @sought anna@example.test",
            "2 messenger close set_access suspended @1",
        ]
    );
}

#[tokio::test]
async fn an_exempt_person_is_never_touched() {
    let mut company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "robot@example.test", Access::Open, &[]);
    company
        .protected
        .exempt
        .push(kadry_core::Email::of_record("robot@example.test"));
    let refused = company
        .plan(&offboard("robot@example.test"))
        .await
        .unwrap_err();
    assert_eq!(
        (refused[0].provider.clone(), refused[0].guard.clone()),
        (None, Guard::Exempt)
    );
}

#[tokio::test]
async fn somebody_whom_the_configuration_protects_is_touched_only_on_purpose() {
    let mut company = Company::new(&[("messenger", capable())]);
    company.person("messenger", "chief@example.test", Access::Open, &[]);
    company
        .protected
        .privileged
        .push(kadry_core::Email::of_record("chief@example.test"));
    let refused = company
        .plan(&offboard("chief@example.test"))
        .await
        .unwrap_err();
    assert_eq!(refused[0].guard, Guard::Privileged);
    assert_eq!(
        company
            .plan(&offboard("chief@example.test").privileged())
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn nobody_is_let_in_who_could_not_be_greeted_for_want_of_a_right() {
    let powerless = Capability {
        notify: Support::no("scope-missing"),
        ..capable()
    };
    let company = Company::new(&[("messenger", powerless)]);
    let anna = || onboard("anna@example.test");
    let greeted = anna().section("messenger", &[], Some("Привет!"));
    let refused = company.plan(&greeted).await.unwrap_err();
    let Guard::Impossible { what, reason } = &refused[0].guard else {
        panic!("{refused:?}")
    };
    assert_eq!(
        (what.as_ref(), reason.key.as_ref()),
        ("welcome", "scope-missing")
    );
    let silent = anna().section("messenger", &[], None);
    assert_eq!(company.plan(&silent).await.unwrap().len(), 1);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let there = company.plan(&greeted).await.unwrap();
    assert_eq!(
        there.len(),
        1,
        "who is in already is not greeted: {there:?}"
    );
}

#[tokio::test]
async fn what_a_missing_right_hides_is_said_to_stay_hidden_where_the_door_hides_it_too() {
    for (while_suspended, hidden) in [
        (Support::no("hidden-while-suspended"), true),
        (Support::Yes, false),
    ] {
        let mut powerless = capable();
        let chats = powerless.grants.last_mut().expect("the chats");
        chats.catalogue = Support::no("scope-missing");
        chats.while_suspended = while_suspended;
        let company = Company::new(&[("messenger", powerless)]);
        company.person("messenger", "anna@example.test", Access::Open, &[]);
        let said = Said::CannotRead {
            kind: KindName::CHAT,
            reason: Reason::new("scope-missing"),
            hidden,
        };
        let remarks = company.remarks(&offboard("anna@example.test")).await;
        assert!(remarks.contains(&said), "{remarks:?}");
    }
}
