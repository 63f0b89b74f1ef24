//! Carrying out: what the platforms see, what the journal keeps, and what the report says.

use kadry_core::memory::{Fault, bare, capable, delta_rights, listed_by_id};
use kadry_core::{Access, ErrorKind, FieldName, KindName, ProviderId, RunState, State};
use kadry_flow::report::{Left, Outcome, Report};
use kadry_flow::{FlowError, Purpose, Unwatched};
use kadry_journal::{Journal, JournalError};

use crate::company::{Asked, Company, clock_and_random, offboard, offboard_now, onboard};

async fn journal() -> Journal {
    let (clock, random) = clock_and_random(1);
    Journal::in_memory(clock, random).await.unwrap()
}

async fn run(company: &Company, journal: &Journal, asked: &Asked) -> Report {
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal.clone(), &clock);
    let prepared = organisation
        .prepare(&company.intent(asked), Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();
    organisation.carry_out(prepared, &Unwatched).await.unwrap()
}

fn states(report: &Report) -> Vec<State> {
    report.steps.iter().map(|step| step.state).collect()
}

#[tokio::test(start_paused = true)]
async fn the_same_command_again_writes_nothing() {
    let company = Company::new(&[("messenger", capable())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    let anna =
        onboard("anna@example.test").section("messenger", &[("tags", &["Учёт"])], Some("Привет!"));
    let journal = journal().await;
    let first = run(&company, &journal, &anna).await;
    assert_eq!((first.outcome(), first.verified), (Outcome::Done, true));
    let written = company.at("messenger").writes();
    let second = run(&company, &journal, &anna).await;
    assert_eq!(
        (second.run.clone(), second.outcome(), second.verified),
        (None, Outcome::Done, true)
    );
    assert_eq!(company.at("messenger").writes(), written);
    assert_eq!(company.at("messenger").notices().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_leaver_is_closed_everywhere_and_what_is_seen_open_is_said() {
    let company = Company::leaving();
    let report = run(&company, &journal().await, &offboard("anna@example.test")).await;
    assert_eq!(
        (report.outcome(), report.verified, report.residue.len()),
        (Outcome::Done, true, 0)
    );
    for platform in company.names() {
        assert_eq!(
            company.at(&platform).rows()[0].access,
            Access::Suspended,
            "{platform}"
        );
        assert!(
            company.at(&platform).rows()[0]
                .grants
                .values()
                .all(Vec::is_empty),
            "{platform}"
        );
    }
    assert_eq!(report.caveats.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_chat_that_can_no_longer_be_seen_is_residue() {
    let company = Company::leaving();
    let report = run(
        &company,
        &journal().await,
        &offboard_now("anna@example.test"),
    )
    .await;
    assert_eq!(report.outcome(), Outcome::Residue);
    let left = Left::Attached {
        kind: KindName::CHAT,
        names: vec!["Общий".to_owned()],
    };
    assert_eq!(
        report
            .residue
            .iter()
            .map(|residue| residue.left.clone())
            .collect::<Vec<_>>(),
        [left]
    );
}

#[tokio::test(start_paused = true)]
async fn every_other_door_closes_when_one_platform_is_down() {
    for down in ["edo", "messenger"] {
        for kind in [ErrorKind::Unavailable, ErrorKind::Unauthenticated] {
            let company = Company::leaving();
            company.at(down).set_down(Some(kind));
            let journal = journal().await;
            let report = run(&company, &journal, &offboard("anna@example.test")).await;
            assert_eq!(
                (report.outcome(), report.verified),
                (Outcome::Partial, false),
                "{down}"
            );
            for platform in company.names().iter().filter(|platform| *platform != down) {
                assert_eq!(
                    company.at(platform).rows()[0].access,
                    Access::Suspended,
                    "{down} is down, {platform} must close"
                );
            }
            company.at(down).set_down(None);
            let again = run(&company, &journal, &offboard("anna@example.test")).await;
            assert_eq!(
                (again.outcome(), again.verified),
                (Outcome::Done, true),
                "{down}"
            );
            assert_eq!(
                company.at(down).rows()[0].access,
                Access::Suspended,
                "{down}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_close_that_was_approved_by_key_is_done_when_the_platform_comes_back() {
    let company = Company::leaving();
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let intent = company.intent(&offboard("anna@example.test"));
    let prepared = organisation
        .prepare(&intent, Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();
    company.at("edo").set_down(None);
    let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
    assert_eq!(company.at("edo").rows()[0].access, Access::Suspended);
    assert!(
        !report.verified,
        "what hung on the record was not in the plan and is still there"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_release_never_stops_the_close() {
    let company = Company::leaving();
    company.at("messenger").fail_next([
        Fault::Refused(ErrorKind::Forbidden),
        Fault::Refused(ErrorKind::Forbidden),
    ]);
    let report = run(&company, &journal().await, &offboard("anna@example.test")).await;
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
    assert_eq!(
        states(&report),
        [
            State::Done,
            State::Done,
            State::Failed,
            State::Failed,
            State::Done
        ]
    );
    assert_eq!(report.outcome(), Outcome::Partial);
    assert_eq!(report.residue.len(), 2, "the tag and the chat");
}

#[tokio::test(start_paused = true)]
async fn a_release_that_hangs_holds_the_door_for_thirty_seconds_and_no_longer() {
    let company = Company::leaving();
    company.at("messenger").fail_next([Fault::HangBefore]);
    let (clock, _) = clock_and_random(1);
    let began = clock.now_ms();
    let organisation = company.organisation(journal().await, &clock);
    let prepared = organisation
        .prepare(
            &company.intent(&offboard("anna@example.test")),
            Purpose::CarryOut,
            &Unwatched,
        )
        .await
        .unwrap();
    let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
    assert!(
        (30_000..31_000).contains(&(clock.now_ms() - began)),
        "{}",
        clock.now_ms() - began
    );
    assert_eq!(report.outcome(), Outcome::Partial);
}

#[tokio::test(start_paused = true)]
async fn a_failed_step_stops_its_lane_and_no_other() {
    let company = Company::new(&[("messenger", capable()), ("other", bare())]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company
        .at("messenger")
        .fail_next([Fault::Nothing, Fault::Refused(ErrorKind::Forbidden)]);
    let anna = onboard("anna@example.test")
        .section("messenger", &[("chats", &["Общий"])], Some("Привет!"))
        .section("other", &[], None);
    let journal = journal().await;
    let report = run(&company, &journal, &anna).await;
    assert_eq!(
        states(&report),
        [State::Done, State::Failed, State::Waiting, State::Done]
    );
    assert_eq!(
        (report.state, report.outcome()),
        (RunState::Partial, Outcome::Partial)
    );
    let again = run(&company, &journal, &anna).await;
    assert_eq!((again.outcome(), again.verified), (Outcome::Done, true));
    assert_eq!(
        company.at("messenger").notices().len(),
        1,
        "the greeting that was still owed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_is_lost_is_looked_for_and_never_repeated_blindly() {
    for fault in [Fault::LostBefore, Fault::LostAfter] {
        let company = Company::new(&[("edo", delta_rights())]);
        company.at("edo").fail_next([fault]);
        let anna = onboard("anna@example.test").section("edo", &[], None);
        let report = run(&company, &journal().await, &anna).await;
        assert_eq!(
            (report.outcome(), report.verified),
            (Outcome::Done, true),
            "{fault:?}"
        );
        assert_eq!(company.at("edo").rows().len(), 1, "{fault:?}");
        assert_eq!(company.at("edo").invitations().len(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_greeting_whose_answer_is_lost_is_sent_once() {
    for fault in [Fault::LostBefore, Fault::LostAfter] {
        let company = Company::new(&[("messenger", capable())]);
        company.at("messenger").fail_next([Fault::Nothing, fault]);
        let anna = onboard("anna@example.test").section("messenger", &[], Some("Привет!"));
        let report = run(&company, &journal().await, &anna).await;
        assert_eq!(report.outcome(), Outcome::Done, "{fault:?}");
        assert_eq!(company.at("messenger").notices().len(), 1, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_only_shares_the_key_is_parked_for_a_person() {
    let company = Company::new(&[("messenger", capable())]);
    let anna = onboard("anna@example.test").section("messenger", &[], None);
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let prepared = organisation
        .prepare(&company.intent(&anna), Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();
    company.at("messenger").fail_next([Fault::LostBefore]);
    company.person("messenger", "anna@example.test", Access::Open, &[]);
    let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
    assert_eq!(states(&report), [State::Parked]);
    assert_eq!(report.outcome(), Outcome::Partial);
}

#[tokio::test(start_paused = true)]
async fn a_leaver_whom_nobody_knows_is_said_to_be_unknown() {
    let company = Company::new(&[("messenger", capable())]);
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal().await, &clock);
    let refused = organisation
        .prepare(
            &company.intent(&offboard("nobody@example.test")),
            Purpose::CarryOut,
            &Unwatched,
        )
        .await;
    assert!(matches!(refused, Err(FlowError::KnownNowhere)));
}

#[tokio::test(start_paused = true)]
async fn showing_a_plan_writes_nothing_anywhere() {
    let company = Company::leaving();
    let journal = journal().await;
    let (clock, _) = clock_and_random(1);
    let organisation = company.organisation(journal.clone(), &clock);
    let prepared = organisation
        .prepare(
            &company.intent(&offboard("anna@example.test")),
            Purpose::Show,
            &Unwatched,
        )
        .await
        .unwrap();
    assert_eq!(prepared.plan.steps.len(), 5);
    assert!(journal.runs(10).await.unwrap().is_empty());
    assert!(
        company
            .names()
            .iter()
            .all(|platform| company.at(platform).writes().is_empty())
    );
}

#[tokio::test(start_paused = true)]
async fn a_narrower_command_leaves_open_what_it_does_not_cover_and_greets_once() {
    let company = Company::new(&[("messenger", capable()), ("other", bare())]);
    company
        .at("messenger")
        .fail_next([Fault::Nothing, Fault::LostBefore, Fault::LostBefore]);
    company
        .at("other")
        .fail_next([Fault::Refused(ErrorKind::Unavailable)]);
    let journal = journal().await;
    let both = || {
        onboard("anna@example.test")
            .section("messenger", &[], Some("Привет!"))
            .section("other", &[], None)
    };
    let first = run(&company, &journal, &both()).await;
    assert_eq!(states(&first), [State::Done, State::Unsure, State::Waiting]);
    let one = onboard("anna@example.test").section("messenger", &[], Some("Привет!"));
    let second = run(&company, &journal, &one).await;
    assert_eq!(
        (states(&second), second.outcome()),
        (vec![State::Done], Outcome::Done)
    );
    assert_eq!(
        journal.all_unfinished().await.unwrap().len(),
        1,
        "the create on the other platform"
    );
    let third = run(&company, &journal, &both()).await;
    assert_eq!((third.steps.len(), third.outcome()), (1, Outcome::Done));
    assert_eq!(company.at("messenger").notices().len(), 1);
    assert!(journal.all_unfinished().await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_leaver_is_taken_over_from_a_process_that_is_still_at_work() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let company = Company::leaving();
    let (clock, random) = clock_and_random(1);
    let first = Journal::open(&store, clock.clone(), random)
        .await
        .unwrap()
        .journal;
    let organisation = company.organisation(first, &clock);
    let anna = onboard("anna@example.test").section("messenger", &[], None);
    let prepared = organisation
        .prepare(&company.intent(&anna), Purpose::CarryOut, &Unwatched)
        .await
        .unwrap();

    let (_, random) = clock_and_random(2);
    let second = Journal::open(&store, clock.clone(), random)
        .await
        .unwrap()
        .journal;
    let again = company.organisation(second.clone(), &clock);
    let refused = again
        .prepare(&company.intent(&anna), Purpose::CarryOut, &Unwatched)
        .await;
    assert!(matches!(
        refused,
        Err(FlowError::Journal(JournalError::Claimed { .. }))
    ));
    let report = run(&company, &second, &offboard("anna@example.test")).await;
    assert_eq!(report.outcome(), Outcome::Done);

    let late = organisation.carry_out(prepared, &Unwatched).await;
    assert!(matches!(
        late,
        Err(FlowError::Journal(JournalError::TakenOver))
    ));
    assert_eq!(company.at("messenger").rows()[0].access, Access::Suspended);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_joins_two_keys_makes_one_person_of_two_rows() {
    let company = Company::new(&[
        ("a", capable()),
        ("b", listed_by_id()),
        ("c", listed_by_id()),
    ]);
    company.person("a", "anna@example.test", Access::Open, &[]);
    for (on, email) in [("b", None), ("c", Some("anna@example.test"))] {
        company.person(on, email.unwrap_or_default(), Access::Open, &[]);
        company.at(on).edit(|rows| {
            rows[0].fields.insert(FieldName::ExternalId, "7".to_owned());
            if email.is_none() {
                rows[0].fields.remove(&FieldName::Email);
            }
        });
    }
    let (clock, _) = clock_and_random(1);
    let everywhere: Vec<ProviderId> = company.names().into_iter().map(ProviderId::new).collect();
    let people = company
        .organisation(journal().await, &clock)
        .people(&everywhere)
        .await;
    assert_eq!(people.rows.len(), 1);
    assert_eq!(people.rows[0].records.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_an_interrupted_run_was_about_to_take_is_no_residue_when_it_was_seen_gone() {
    let company = Company::leaving();
    let messenger = company.at("messenger");
    messenger.fail_next([Fault::Nothing, Fault::HangBefore]);
    let journal = journal().await;
    let leaver = offboard("anna@example.test");
    let cut_short = run(&company, &journal, &leaver);
    let cut_short = tokio::time::timeout(std::time::Duration::from_secs(5), cut_short).await;
    assert!(cut_short.is_err(), "the chat was on its way");
    messenger.edit(|rows| rows[0].grants.clear());
    let again = run(&company, &journal, &leaver).await;
    assert_eq!(again.residue, []);
    assert_eq!((again.outcome(), again.verified), (Outcome::Done, true));
}

#[tokio::test(start_paused = true)]
async fn the_journal_tells_the_ending_of_a_run_when_the_report_is_gone() {
    let company = Company::leaving();
    let journal = journal().await;
    let report = run(&company, &journal, &offboard_now("anna@example.test")).await;
    assert!(!report.residue.is_empty() && !report.caveats.is_empty());
    let id = report.run.clone().expect("a run");
    let told = kadry_flow::told(&journal.story(id.as_str()).await.unwrap());
    assert_eq!(told.residue, report.residue);
    assert_eq!(told.caveats, report.caveats);
    assert_eq!(
        (told.outcome(), told.verified),
        (report.outcome(), report.verified)
    );
    assert_eq!(told.doors.len(), report.doors.len());
    let text = format!("{:?}", journal.story(id.as_str()).await.unwrap().ending);
    assert!(!text.contains("Орлова"), "no name of a person: {text}");
}
