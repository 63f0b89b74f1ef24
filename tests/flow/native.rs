//! What only one platform has: changed once, proven, settled, braked, guarded and taken back like everything else.

use std::collections::BTreeMap;

use kadry_core::memory::{Fault, Row, capable};
use kadry_core::{
    Access, Action, Brake, Email, ErrorKind, KindName, NativeCall, ProviderId, RemoteId, State,
};
use kadry_flow::intent::{Flow, Intent, Native, Who};
use kadry_flow::plan::{Guard, Most, Refused, Said, Window};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{FlowError, Purpose, Unwatched, abandon, settle, undoing};
use kadry_journal::{Journal, JournalError};

use crate::company::{Asked, Company, by_email, clock_and_random, offboard};
use crate::office::Office;

const ANNA: &str = "anna@example.test";

fn call(operation: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(operation);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}

fn asked(who: Option<Who>, call: NativeCall) -> Asked {
    let native = Native {
        on: ProviderId::new("messenger"),
        call,
        about: who.as_ref().map(|_| "user_id".to_owned()),
        singles: None,
        privileged: false,
    };
    Asked(Intent {
        who: who.unwrap_or_else(|| Who::Thing(native.to_string())),
        flow: Flow::Native(native),
        actor: "tester".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    })
}

/// A change of a thing.
fn thing(operation: &str, arguments: &[(&str, &str)]) -> Asked {
    asked(None, call(operation, arguments))
}

fn badge(who: &str, badge: &str) -> Asked {
    let arguments = [("user_id", who), ("badge", badge)];
    asked(Some(by_email(who)), call("badges set", &arguments))
}

fn no_badge(who: &str) -> Asked {
    asked(
        Some(by_email(who)),
        call("badges clear", &[("user_id", who)]),
    )
}

fn messenger() -> Company {
    Company::new(&[("messenger", capable())])
}

async fn with_tags(names: &[&str]) -> Office {
    let company = messenger();
    for name in names {
        company.at("messenger").offer(&KindName::TAG, &[name]);
    }
    Office::of(company).await
}

async fn with_anna() -> (Office, RemoteId) {
    let company = messenger();
    let anna = company.person("messenger", ANNA, Access::Open, &[]);
    (Office::of(company).await, anna)
}

fn has_tag(office: &Office, name: &str) -> bool {
    let messenger = office.company.at("messenger");
    messenger.offered(&KindName::TAG, name).is_some()
}

fn is_done(report: &Report) -> bool {
    (report.outcome(), report.verified) == (Outcome::Done, true)
}

fn reasons(report: &Report) -> Vec<&str> {
    let reasons = report.remarks.iter().filter_map(|remark| {
        let Said::NotTakenBack { reason, .. } = &remark.what else {
            return None;
        };
        Some(reason.key.as_ref())
    });
    reasons.collect()
}

#[tokio::test(start_paused = true)]
async fn a_thing_is_made_once_and_what_stands_is_left_alone() {
    let office = with_tags(&["Юг"]).await;
    let both = thing("tags create", &[("name", "юг"), ("name", "Север")]);
    let report = office.command(&both).await.unwrap();
    assert!(is_done(&report), "{report:#?}");
    assert_eq!(
        report.person,
        "messenger tags create --name юг --name Север"
    );
    let [step] = report.steps.as_slice() else {
        panic!("{:#?}", report.steps)
    };
    let Action::Native { call, .. } = &step.step.action else {
        panic!("{step:#?}")
    };
    assert_eq!(call.to_string(), "tags create --name Север");
    assert_eq!(step.step.before.native, Some(serde_json::Value::Null));
    let again = office.command(&both).await.unwrap();
    assert_eq!((again.run, again.verified), (None, true));
    assert_eq!(office.writes("messenger"), ["native"]);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_a_change_takes_away_is_not_looked_for_again() {
    let office = with_tags(&["Юг", "Восток"]).await;
    let rename = thing("tags rename", &[("id", "юг"), ("name", "Запад")]);
    let report = office.command(&rename).await.unwrap();
    assert!(is_done(&report), "{report:#?}");
    let delete = thing("tags delete", &[("id", "Восток")]);
    let report = office.command(&delete).await.unwrap();
    assert!(is_done(&report), "{report:#?}");
    assert!(has_tag(&office, "Запад") && !has_tag(&office, "Восток"));
}

#[tokio::test(start_paused = true)]
async fn a_name_that_nothing_bears_stops_before_anything_is_written() {
    let office = with_tags(&["Юг", "Север", "север"]).await;
    for (name, kind) in [
        ("Запад", ErrorKind::NotFound),
        ("Север", ErrorKind::Conflict),
    ] {
        let error = office
            .command(&thing("tags delete", &[("id", "Юг"), ("id", name)]))
            .await
            .unwrap_err();
        let FlowError::Unread { source, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(source.kind(), kind);
    }
    assert!(office.writes("messenger").is_empty());
    assert!(office.journal.runs(9).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_change_that_is_refused_does_not_stop_the_others() {
    let office = with_tags(&["Юг", "Север"]).await;
    let refused = Fault::Refused(ErrorKind::Forbidden);
    office.company.at("messenger").fail_next([refused]);
    let both = thing("tags delete", &[("id", "Юг"), ("id", "Север")]);
    let report = office.command(&both).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    let states: Vec<State> = report.steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [State::Failed, State::Done]);
    let again = office.command(&thing("tags delete", &[("id", "Юг")])).await;
    assert!(is_done(&again.unwrap()));
}

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
async fn somebody_is_meant_by_an_address_an_own_id_a_link_or_a_record() {
    let (office, anna) = with_anna().await;
    let messenger = office.company.at("messenger");
    let organisation = office
        .company
        .organisation(office.journal.clone(), &office.clock);
    let on = ProviderId::new("messenger");
    office.command(&badge(ANNA, "gold")).await.unwrap();
    assert_eq!(messenger.badge(&anna).as_deref(), Some("gold"));
    let record = Who::Record(on.clone(), anna.clone());
    let typed = call("badges clear", &[("user_id", anna.as_str())]);
    let report = office.command(&asked(Some(record.clone()), typed)).await;
    assert!(is_done(&report.unwrap()));
    assert_eq!(messenger.badge(&anna), None);
    for who in [by_email(ANNA), record] {
        assert_eq!(organisation.record_of(&who, &on).await.unwrap(), anna);
    }
    let nobody = by_email("nobody@example.test");
    let read = organisation.record_of(&nobody, &on).await;
    assert!(matches!(read, Err(FlowError::KnownNowhere)));
    let written = office.command(&badge("nobody@example.test", "gold")).await;
    assert!(matches!(written, Err(FlowError::KnownNowhere)));
}

async fn refused(office: &Office, asked: &Asked) -> Vec<Guard> {
    match office.command(asked).await {
        Err(FlowError::Refused(refused)) => refused
            .into_iter()
            .map(|Refused { guard, .. }| guard)
            .collect(),
        other => panic!("{other:#?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_protected_is_protected_here_too() {
    let (mut office, anna) = with_anna().await;
    let anna_row = |change: fn(&mut Row)| {
        let messenger = office.company.at("messenger");
        messenger.edit(|rows| change(&mut rows[0]));
    };
    anna_row(|row| row.administrator = true);
    assert_eq!(
        refused(&office, &badge(ANNA, "gold")).await,
        [Guard::Administrator]
    );
    let privileged = badge(ANNA, "gold").privileged();
    assert!(is_done(&office.command(&privileged).await.unwrap()));
    anna_row(|row| row.administrator = false);
    office.company.at("messenger").own(&anna);
    assert_eq!(
        refused(&office, &no_badge(ANNA)).await,
        [Guard::ServiceAccount]
    );
    office.company.protected.exempt = vec![Email::of_record(ANNA)];
    let guards = refused(&office, &no_badge(ANNA)).await;
    assert_eq!(guards, [Guard::Exempt, Guard::ServiceAccount]);
    let run = office.last().await;
    let undo = office.undo(&run).await;
    assert!(matches!(undo, Err(FlowError::Refused(_))), "{undo:#?}");
    assert_eq!(office.writes("messenger"), ["native"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_from_people_is_braked() {
    let mut company = messenger();
    let people = ["anna@example.test", "boris@example.test"];
    for email in people {
        let id = company.person("messenger", email, Access::Open, &[]);
        company.at("messenger").wear(&id, Some("gold"));
    }
    company
        .limits
        .set(Brake::Revoke, Window::Day, Most::People(1));
    let office = Office::of(company).await;
    let first = office.command(&no_badge(people[0])).await.unwrap();
    assert!(is_done(&first));
    assert!(matches!(
        refused(&office, &no_badge(people[1])).await.as_slice(),
        [Guard::OverLimit {
            brake: Brake::Revoke,
            people: 2,
            ..
        }]
    ));
    let allowed = no_badge(people[1]).allow(Brake::Revoke, 2);
    assert!(is_done(&office.command(&allowed).await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn two_of_the_same_at_once_meet_before_anything_is_sent() {
    let company = messenger();
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let mut processes = Vec::new();
    for seed in [1, 2] {
        let (clock, random) = clock_and_random(seed);
        let opened = Journal::open(&store, clock.clone(), random).await.unwrap();
        processes.push(company.organisation(opened.journal, &clock));
    }
    let asked = thing("tags create", &[("name", "Юг")]);
    let intent = company.intent(&asked);
    let purpose = Purpose::CarryOut;
    let first = processes[0].prepare(&intent, purpose, &Unwatched).await;
    let second = processes[1].prepare(&intent, purpose, &Unwatched).await;
    assert!(
        matches!(
            second,
            Err(FlowError::Journal(JournalError::Claimed { .. }))
        ),
        "{second:#?}"
    );
    let other = company.intent(&thing("tags create", &[("name", "Север")]));
    let other = processes[1].prepare(&other, purpose, &Unwatched).await;
    processes[1].decline(&other.unwrap()).await.unwrap();
    let report = processes[0].carry_out(first.unwrap(), &Unwatched).await;
    assert!(is_done(&report.unwrap()));
    let late = processes[1].prepare(&intent, purpose, &Unwatched).await;
    assert!(late.unwrap().plan.steps.is_empty());
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
