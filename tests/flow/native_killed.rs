//! What only one platform has, after an answer was lost, a run was killed, or somebody changed their mind.

use kadry_core::memory::Fault;
use kadry_core::{Access, KindName, State};
use kadry_flow::report::Outcome;
use kadry_flow::{FlowError, abandon, settle, undoing};

use crate::company::{Asked, offboard};
use crate::native::{ANNA, badge, has_tag, is_done, reasons, thing, with_anna, with_tags};

/// Every fault that loses an answer, and how often the request has to be sent.
const LOST: [(Fault, usize); 2] = [(Fault::LostBefore, 2), (Fault::LostAfter, 1)];

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_looked_for_and_nothing_happens_twice() {
    for (fault, sent) in LOST {
        let office = with_tags(&[]).await;
        // Two notes may say the same: what was there before tells which one is new.
        let note = thing("notes post", &[("text", "Привет")]);
        office.command(&note).await.unwrap();
        for (asked, writes) in [
            (thing("tags create", &[("name", "Юг")]), 1 + sent),
            (note, 1 + 2 * sent),
            (
                thing("tags rename", &[("id", "Юг"), ("name", "Север")]),
                1 + 3 * sent,
            ),
            (thing("tags delete", &[("id", "Север")]), 1 + 4 * sent),
        ] {
            office.company.at("messenger").fail_next([fault]);
            let report = office.command(&asked).await.unwrap();
            assert!(is_done(&report), "{fault:?} {report:#?}");
            assert_eq!(office.writes("messenger").len(), writes, "{fault:?}");
        }
        let board = office.company.at("messenger").board();
        assert_eq!(board, ["Привет", "Привет"]);
    }
}

/// What a run did that is killed between its request and its answer is known, whichever command goes on.
#[tokio::test(start_paused = true)]
async fn a_run_that_is_killed_is_settled_truly() {
    for hang in [Fault::HangBefore, Fault::HangAfter] {
        for resumes in [true, false] {
            let office = with_tags(&["Юг"]).await;
            let both = thing("tags create", &[("name", "Север"), ("name", "Восток")]);
            let run = office.interrupted(&both, "messenger", 1, hang).await;
            assert_eq!(office.states(&run).await, [State::Done, State::Started]);
            let report = if resumes {
                office.resume(&run).await.unwrap()
            } else {
                office.command(&both).await.unwrap()
            };
            assert!(is_done(&report), "{hang:?} {resumes} {report:#?}");
            assert!(has_tag(&office, "Север") && has_tag(&office, "Восток"));
            let effects = office.company.at("messenger").writes();
            let effects = effects.iter().filter(|write| write.took_effect).count();
            assert_eq!(effects, 2, "{hang:?} {resumes}");
            let open = office.journal.all_unfinished().await.unwrap();
            assert!(open.is_empty(), "{hang:?} {resumes} {open:#?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_note_that_was_on_its_way_when_the_run_was_killed_is_not_put_up_twice() {
    for hang in [Fault::HangBefore, Fault::HangAfter] {
        let office = with_tags(&[]).await;
        let note = thing("notes post", &[("text", "Привет")]);
        office.command(&note).await.unwrap();
        let run = office.interrupted(&note, "messenger", 0, hang).await;
        let report = office.resume(&run).await.unwrap();
        assert!(is_done(&report), "{hang:?} {report:#?}");
        assert_eq!(office.company.at("messenger").board().len(), 2, "{hang:?}");
        let report = office.undo(&run).await.unwrap();
        assert!(is_done(&report), "{hang:?} {report:#?}");
        assert_eq!(office.company.at("messenger").board().len(), 1, "{hang:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_changed_meanwhile_is_not_carried_out_by_a_resume() {
    let office = with_tags(&["Юг", "Север"]).await;
    let rename = thing("tags rename", &[("id", "Юг"), ("name", "Запад")]);
    let run = office
        .interrupted(&rename, "messenger", 0, Fault::HangBefore)
        .await;
    let messenger = office.company.at("messenger");
    let tag = messenger.offered(&KindName::TAG, "Юг").unwrap();
    messenger.rename(&KindName::TAG, &tag, "Восток");
    let report = office.resume(&run).await.unwrap();
    assert_eq!(office.states(&run).await, [State::Failed]);
    assert_eq!(report.outcome(), Outcome::Failed);
    assert!(has_tag(&office, "Восток"));
}

#[tokio::test(start_paused = true)]
async fn an_undo_gives_back_what_was_there() {
    let office = with_tags(&["Юг"]).await;
    for (asked, name) in [
        (
            thing("tags rename", &[("id", "Юг"), ("name", "Запад")]),
            "Юг",
        ),
        (thing("tags create", &[("name", "Север")]), "Юг"),
    ] {
        office.command(&asked).await.unwrap();
        let run = office.last().await;
        let report = office.undo(&run).await.unwrap();
        assert!(is_done(&report), "{report:#?}");
        assert!(has_tag(&office, name));
        let again = office.undo(&run).await.unwrap();
        assert!(reasons(&again).is_empty());
        assert_eq!((again.run, again.verified), (None, true));
    }
    assert!(!has_tag(&office, "Север"));
    office
        .command(&thing("tags delete", &[("id", "Юг")]))
        .await
        .unwrap();
    let run = office.last().await;
    let report = office.undo(&run).await.unwrap();
    assert_eq!(reasons(&report), ["undo-native"]);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_has_changed_since_is_not_taken_back() {
    let (office, anna) = with_anna().await;
    let messenger = office.company.at("messenger");
    messenger.wear(&anna, Some("silver"));
    office.command(&badge(ANNA, "gold")).await.unwrap();
    let run = office.last().await;
    messenger.wear(&anna, Some("bronze"));
    let report = office.undo(&run).await.unwrap();
    assert_eq!(reasons(&report), ["undo-changed"]);
    assert_eq!(messenger.badge(&anna).as_deref(), Some("bronze"));
    messenger.wear(&anna, Some("gold"));
    let report = office.undo(&run).await.unwrap();
    assert!(is_done(&report), "{report:#?}");
    assert_eq!(messenger.badge(&anna).as_deref(), Some("silver"));
}

#[tokio::test(start_paused = true)]
async fn an_undo_that_is_killed_goes_on() {
    for hang in [Fault::HangBefore, Fault::HangAfter] {
        let office = with_tags(&["Юг"]).await;
        let rename = thing("tags rename", &[("id", "Юг"), ("name", "Запад")]);
        office.command(&rename).await.unwrap();
        let run = office.last().await;
        let undo = undoing(&office.journal, run.as_str(), "tester", None, false);
        let undo = Asked(undo.await.unwrap());
        let run = office.interrupted(&undo, "messenger", 0, hang).await;
        let report = office.resume(&run).await.unwrap();
        assert!(is_done(&report), "{hang:?} {report:#?}");
        assert!(has_tag(&office, "Юг"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_leave_that_was_interrupted_is_not_ended_by_a_badge() {
    let (office, anna) = with_anna().await;
    let leave = office
        .interrupted(&offboard(ANNA), "messenger", 0, Fault::HangBefore)
        .await;
    let messenger = office.company.at("messenger");
    let given = office.command(&badge(ANNA, "gold")).await.unwrap();
    assert!(is_done(&given), "{given:#?}");
    assert_eq!(office.states(&leave).await, [State::Started]);
    let nothing = office.command(&badge(ANNA, "gold")).await.unwrap();
    assert_eq!(nothing.run, None);
    assert_eq!(office.states(&leave).await, [State::Started]);
    let report = office.resume(&leave).await.unwrap();
    assert!(matches!(report.outcome(), Outcome::Done | Outcome::Residue));
    assert_eq!(messenger.rows()[0].access, Access::Suspended);
    assert_eq!(messenger.badge(&anna).as_deref(), Some("gold"));
    let undo = undoing(&office.journal, leave.as_str(), "tester", None, false).await;
    assert!(undo.is_ok(), "a badge does not stand in the way");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_open_can_be_settled_and_ended_by_a_person() {
    let office = with_tags(&["Юг"]).await;
    let journal = &office.journal;
    let rename = thing("tags rename", &[("id", "Юг"), ("name", "Запад")]);
    let run = office
        .interrupted(&rename, "messenger", 0, Fault::HangAfter)
        .await;
    let found = kadry_flow::Found::Done;
    let story = settle(journal, run.as_str(), 1, found, "tester", None).await;
    assert_eq!(story.unwrap().steps[0].state, State::Done);
    let report = office.undo(&run).await;
    assert!(matches!(report, Err(FlowError::StillOpen { .. })));
    assert!(is_done(&office.resume(&run).await.unwrap()));
    let again = thing("tags rename", &[("id", "Запад"), ("name", "Север")]);
    let run = office
        .interrupted(&again, "messenger", 0, Fault::HangBefore)
        .await;
    tokio::time::advance(std::time::Duration::from_secs(300)).await;
    let ended = abandon(journal, run.as_str(), "tester", None).await;
    assert_eq!(ended.unwrap().steps[0].state, State::Superseded);
}
