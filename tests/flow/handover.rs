//! What a leaver leaves to others: things that they alone keep, the last rights, and the record itself.

use kadry_core::memory::{capable, delta_rights, listed_by_id};
use kadry_core::{Access, Capability, ErrorKind, KindName, RunState, State, Support};
use kadry_flow::plan::{Guard, Said};
use kadry_flow::report::Outcome;
use kadry_flow::{Purpose, Unwatched};

use crate::company::{Asked, Company, offboard, offboard_now};
use crate::doors::{journal, run};

fn with_hand_over() -> Capability {
    let mut capability = capable();
    for kind in capability
        .grants
        .iter_mut()
        .filter(|kind| kind.name == KindName::CHAT)
    {
        kind.hand_over = Support::Yes;
    }
    capability
}

/// Anna owns one chat, alone manages another, and is in a third one; Boris is in none.
fn keeping() -> Company {
    let company = Company::new(&[("messenger", with_hand_over())]);
    let messenger = company.at("messenger");
    let chats = ["Своя", "Ведёт", "Общая"].map(|name| messenger.offer(&KindName::CHAT, &[name]));
    let held = ["Своя", "Ведёт", "Общая"].map(|name| (KindName::CHAT, name));
    let anna = company.person("messenger", "anna@example.test", Access::Open, &held);
    let boris = company.person("messenger", "boris@example.test", Access::Open, &[]);
    messenger.give(&KindName::CHAT, &chats[0], &anna);
    messenger.keep(&KindName::CHAT, &chats[1], &anna);
    for who in [&anna, &boris] {
        messenger.keep(&KindName::CHAT, &chats[2], who);
    }
    company
}

async fn plan(company: &Company, asked: Asked) -> Vec<String> {
    company.plan(&asked).await.unwrap()
}

#[tokio::test]
async fn a_successor_comes_into_what_the_leaver_alone_keeps_before_the_leaver_goes() {
    let company = keeping();
    let leaver = || offboard("anna@example.test").successor("boris@example.test");
    assert_eq!(
        plan(&company, leaver()).await,
        [
            "1 messenger hand_over set_grants +chat:Своя @5",
            "2 messenger hand_over set_grants +chat:Ведёт @5",
            "3 messenger release set_grants -chat:Ведёт @4",
            "4 messenger release set_grants -chat:Общая @4",
            "5 messenger close set_access suspended @4",
        ]
    );
    let report = run(&company, &journal().await, &leaver()).await.unwrap();
    assert!(report.verified);
    assert_eq!(report.steps[0].step.person, "boris@example.test");
    assert_eq!(
        company.at("messenger").rows()[1].grants[&KindName::CHAT].len(),
        2
    );
}

#[tokio::test]
async fn no_door_that_must_close_now_waits_for_the_successor() {
    let lines = plan(
        &keeping(),
        offboard_now("anna@example.test").successor("boris@example.test"),
    )
    .await;
    assert_eq!(
        lines,
        [
            "1 messenger close set_access suspended @4",
            "2 messenger hand_over set_grants +chat:Своя @5",
            "3 messenger hand_over set_grants +chat:Ведёт @5",
        ]
    );
}

#[tokio::test]
async fn a_successor_who_cannot_come_in_is_a_stop_where_there_is_something_to_take() {
    let company = keeping();
    let guard = async |successor: &str| {
        let leaver = offboard("anna@example.test").successor(successor);
        company.plan(&leaver).await.unwrap_err().remove(0).guard
    };
    assert_eq!(guard("nobody@example.test").await, Guard::UnknownSuccessor);
    assert_eq!(guard("anna@example.test").await, Guard::OwnSuccessor);
    company
        .at("messenger")
        .edit(|rows| rows[1].access = Access::Suspended);
    assert!(matches!(
        guard("boris@example.test").await,
        Guard::NoSuccessor {
            suspended: true,
            ..
        }
    ));
}

#[tokio::test]
async fn a_successor_needs_a_record_only_where_there_is_something_to_take() {
    for keeps in [true, false] {
        let company = Company::new(&[("messenger", with_hand_over()), ("edo", delta_rights())]);
        let chat = company.at("messenger").offer(&KindName::CHAT, &["Своя"]);
        let held = [(KindName::CHAT, "Своя")];
        let anna = company.person("messenger", "anna@example.test", Access::Open, &held);
        company.person("edo", "boris@example.test", Access::Open, &[]);
        if keeps {
            company.at("messenger").give(&KindName::CHAT, &chat, &anna);
        }
        let leaver = offboard("anna@example.test").successor("boris@example.test");
        let planned = company.plan(&leaver).await;
        if keeps {
            assert!(matches!(
                planned.unwrap_err()[0].guard,
                Guard::NoSuccessor {
                    suspended: false,
                    ..
                }
            ));
        } else {
            let lines = planned.unwrap();
            let hands_over = lines.iter().any(|line| line.contains("hand_over"));
            assert!(!hands_over, "{lines:?}");
        }
    }
}

#[tokio::test]
async fn a_successor_for_whom_there_is_nothing_is_told_where_something_could_be() {
    let company = keeping();
    let messenger = company.at("messenger");
    company.person("messenger", "vera@example.test", Access::Open, &[]);
    messenger.edit(|rows| rows[1].access = Access::Suspended);
    let to = "boris@example.test".to_owned();
    let nothing = Said::NothingToHandOver { to };
    for leaver in [
        offboard("vera@example.test"),
        offboard_now("vera@example.test"),
    ] {
        let remarks = company
            .remarks(&leaver.successor("boris@example.test"))
            .await;
        assert!(remarks.contains(&nothing), "{remarks:?}");
    }
    messenger.edit(|rows| rows[1].access = Access::Open);
    let leaver = offboard("anna@example.test").successor("boris@example.test");
    let remarks = company.remarks(&leaver).await;
    assert!(!remarks.contains(&nothing), "{remarks:?}");
    let remarks = company.remarks(&offboard("vera@example.test")).await;
    assert!(!remarks.contains(&nothing), "{remarks:?}");
}

#[tokio::test]
async fn the_last_signer_and_the_last_administrator_stay_whoever_asks() {
    let company = Company::new(&[("edo", delta_rights())]);
    let edo = company.at("edo");
    for (email, administrator, signer) in [
        ("svc@example.test", true, true),
        ("chief@example.test", true, false),
        ("anna@example.test", false, true),
        ("boris@example.test", true, true),
    ] {
        let id = company.person("edo", email, Access::Open, &[]);
        edo.edit(|rows| {
            let row = rows.iter_mut().find(|row| row.id == id).unwrap();
            (row.administrator, row.signer) = (administrator, signer);
        });
    }
    let own = edo.rows()[0].id.clone();
    edo.own(&own);
    let ask = async |who: &str| company.plan(&offboard(who).privileged()).await;
    assert_eq!(ask("anna@example.test").await.unwrap().len(), 1);
    edo.edit(|rows| rows[3].access = Access::Suspended);
    assert_eq!(
        ask("anna@example.test").await.unwrap_err()[0].guard,
        Guard::LastSigner
    );
    assert_eq!(
        ask("chief@example.test").await.unwrap_err()[0].guard,
        Guard::LastAdministrator
    );
    assert!(ask("boris@example.test").await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn records_are_removed_at_the_end_and_the_same_command_again_has_nothing_to_do() {
    let company = Company::leaving();
    let leaver = || offboard("anna@example.test").remove();
    let stages: Vec<String> = plan(&company, leaver())
        .await
        .iter()
        .map(|line| line.split(' ').nth(2).unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        stages,
        [
            "close", "tidy", "remove", "release", "release", "close", "remove"
        ]
    );
    let journal = journal().await;
    let report = run(&company, &journal, &leaver()).await.unwrap();
    assert_eq!((report.outcome(), report.verified), (Outcome::Done, true));
    for platform in company.names() {
        assert!(company.at(&platform).rows().is_empty(), "{platform}");
    }
    let again = run(&company, &journal, &leaver()).await.unwrap();
    assert_eq!((again.outcome(), again.verified), (Outcome::Done, true));
    assert!(again.steps.is_empty(), "{:?}", again.steps);
}

#[tokio::test(start_paused = true)]
async fn where_records_cannot_be_removed_the_doors_close_all_the_same() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    for on in ["messenger", "calls"] {
        company.person(on, "anna@example.test", Access::Open, &[]);
    }
    let leaver = offboard("anna@example.test").remove();
    let said = company.remarks(&leaver).await;
    assert!(
        said.iter()
            .any(|said| matches!(said, Said::CannotRemove { .. }))
    );
    let report = run(&company, &journal().await, &leaver).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    assert_eq!(company.at("calls").rows()[0].access, Access::Suspended);
    assert!(company.at("messenger").rows().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_is_removed_while_a_door_is_open() {
    let company = Company::leaving();
    company
        .at("edo")
        .fail_next([kadry_core::memory::Fault::Refused(ErrorKind::Conflict)]);
    let journal = journal().await;
    let leaver = offboard("anna@example.test").remove();
    let report = run(&company, &journal, &leaver).await.unwrap();
    assert_eq!(report.state, RunState::Partial);
    let removals = report
        .steps
        .iter()
        .filter(|step| step.step.action.name() == "remove");
    for removal in removals {
        assert_eq!(removal.state, State::Waiting, "{removal:?}");
    }
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
    let again = run(&company, &journal, &leaver).await.unwrap();
    assert_eq!(again.outcome(), Outcome::Done);
    assert!(
        company
            .names()
            .iter()
            .all(|on| company.at(on).rows().is_empty())
    );
}

#[tokio::test(start_paused = true)]
async fn two_commands_at_once_do_not_close_the_last_two_signers() {
    let company = Company::new(&[("edo", delta_rights())]);
    let edo = company.at("edo");
    for email in ["anna@example.test", "boris@example.test"] {
        company.person("edo", email, Access::Open, &[]);
    }
    edo.edit(|rows| rows.iter_mut().for_each(|row| row.signer = true));
    let (clock, _) = crate::company::clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let mut prepared = Vec::new();
    for email in ["anna@example.test", "boris@example.test"] {
        let intent = company.intent(&offboard(email));
        let planned = organisation
            .prepare(&intent, Purpose::CarryOut, &Unwatched)
            .await;
        prepared.push(planned.unwrap());
    }
    let mut outcomes = Vec::new();
    for prepared in prepared {
        let report = organisation.carry_out(prepared, &Unwatched).await;
        outcomes.push(report.unwrap().outcome());
    }
    assert_eq!(outcomes, [Outcome::Done, Outcome::Failed]);
    let doors: Vec<Access> = edo.rows().iter().map(|row| row.access).collect();
    assert_eq!(doors, [Access::Suspended, Access::Open]);
}
