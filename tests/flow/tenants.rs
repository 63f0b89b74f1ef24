//! A platform that is another tenant by now: what is there says nothing of what was begun elsewhere.

use kadry_core::memory::{Fault, capable};
use kadry_core::{Access, ErrorKind, KindName, RunState, State};
use kadry_flow::FlowError;
use kadry_flow::plan::Said;
use kadry_flow::report::Report;

use crate::company::{Asked, Company, offboard, onboard};
use crate::office::Office;

fn arrival() -> Asked {
    onboard("anna@example.test").section("messenger", &[], None)
}

/// The office of a company whose messenger may be another tenant by now.
async fn office() -> Office {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    Office::of(company).await
}

/// Stands in another tenant, where somebody else has the same e-mail.
fn leave_for(office: &Office, tenant: &str) {
    let messenger = office.company.at("messenger");
    messenger.stand_in(tenant);
    messenger.edit(Vec::clear);
    let company = &office.company;
    company.person("messenger", "anna@example.test", Access::Open, &[]);
}

/// What is said about other tenants.
fn elsewhere(report: &Report) -> Vec<(&str, &str)> {
    let remarks = report.remarks.iter();
    let left = remarks.filter_map(|remark| {
        let Said::LeftElsewhere { run, tenant } = &remark.what else {
            return None;
        };
        Some((run.as_str(), tenant.as_str()))
    });
    left.collect()
}

#[tokio::test(start_paused = true)]
async fn a_lost_step_is_not_settled_by_what_another_tenant_shows() {
    let office = office().await;
    let run = office
        .interrupted(&arrival(), "messenger", 0, Fault::HangBefore)
        .await;
    leave_for(&office, "another");
    let refused = office.resume(&run).await;
    let Err(FlowError::AnotherTenant { was, now, .. }) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!((was.as_str(), now.as_str()), ("messenger", "another"));
    assert_eq!(office.states(&run).await, [State::Unsure]);
    office.company.at("messenger").stand_in("messenger");
    office.company.at("messenger").edit(Vec::clear);
    office.resume(&run).await.unwrap();
    assert_eq!(office.states(&run).await, [State::Done]);
    assert_eq!(office.writes("messenger"), ["create", "create"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_in_another_tenant_leaves_open_what_was_begun_elsewhere_and_says_so() {
    for asked in [arrival(), offboard("anna@example.test")] {
        let office = office().await;
        let run = office
            .interrupted(&arrival(), "messenger", 0, Fault::HangBefore)
            .await;
        leave_for(&office, "another");
        let report = office.command(&asked).await.unwrap();
        assert_eq!(elsewhere(&report), [(run.as_str(), "messenger")]);
        assert!(report.verified, "{report:#?}");
        let story = office.journal.story(run.as_str()).await.unwrap();
        assert_eq!(story.run.state, RunState::Running);
        assert!(!story.steps[0].state.is_final());
        // Back there, what a later run did elsewhere is no reason to end this one.
        office.company.at("messenger").stand_in("messenger");
        office.company.at("messenger").edit(Vec::clear);
        office.resume(&run).await.unwrap();
        assert_eq!(office.states(&run).await, [State::Done]);
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_nowhere_in_another_tenant_is_not_thereby_gone_where_the_run_began() {
    let office = office().await;
    let company = &office.company;
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let leaves = offboard("anna@example.test");
    let run = office
        .interrupted(&leaves, "messenger", 0, Fault::HangBefore)
        .await;
    office.company.at("messenger").stand_in("another");
    let rows = office.company.at("messenger").rows();
    office.company.at("messenger").edit(Vec::clear);
    let refused = office.resume(&run).await;
    assert!(
        matches!(refused, Err(FlowError::AnotherTenant { .. })),
        "{refused:?}"
    );
    let nowhere = office.command(&leaves).await;
    assert!(
        matches!(nowhere, Err(FlowError::KnownNowhere)),
        "{nowhere:?}"
    );
    office.company.at("messenger").stand_in("messenger");
    office.company.at("messenger").edit(|known| *known = rows);
    office.resume(&run).await.unwrap();
    assert_eq!(office.states(&run).await, [State::Done]);
}

#[tokio::test(start_paused = true)]
async fn what_was_done_in_one_tenant_is_not_taken_back_in_another() {
    let office = office().await;
    office.command(&arrival()).await.unwrap();
    let run = office.last().await;
    let rows = office.company.at("messenger").rows();
    // The ids of both tenants may well be the same numbers.
    office.company.at("messenger").stand_in("another");
    let report = office.undo(&run).await.unwrap();
    assert_eq!(office.company.at("messenger").rows(), rows);
    let named = report.remarks.iter().any(|remark| {
        matches!(&remark.what, Said::NotTakenBack { reason, .. }
            if reason.key == "undo-elsewhere" && reason.detail.as_deref() == Some("messenger"))
    });
    assert!(named, "{:#?}", report.remarks);
}

#[tokio::test(start_paused = true)]
async fn what_was_done_elsewhere_since_keeps_nobody_from_taking_back_what_was_done_here() {
    let office = office().await;
    office.command(&arrival()).await.unwrap();
    let run = office.last().await;
    let rows = office.company.at("messenger").rows();
    leave_for(&office, "another");
    office
        .command(&offboard("anna@example.test"))
        .await
        .unwrap();
    office.company.at("messenger").stand_in("messenger");
    office.company.at("messenger").edit(|known| *known = rows);
    office.undo(&run).await.unwrap();
    let access = office.company.at("messenger").rows()[0].access;
    assert_eq!(access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn a_close_that_waits_for_a_silent_platform_closes_nobody_elsewhere() {
    let office = office().await;
    office.command(&arrival()).await.unwrap();
    let messenger = office.company.at("messenger");
    messenger.set_down(Some(ErrorKind::Unavailable));
    let leaves = offboard("anna@example.test");
    office.command(&leaves).await.unwrap();
    let run = office.last().await;
    messenger.set_down(None);
    leave_for(&office, "another");
    let refused = office.resume(&run).await;
    assert!(
        matches!(refused, Err(FlowError::AnotherTenant { .. })),
        "{refused:?}"
    );
    assert_eq!(messenger.rows()[0].access, Access::Open);
}
