//! What only one platform has: changed once, proven, settled, braked, guarded and taken back like everything else.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::memory::{Fault, Row, capable};
use kadry_core::{
    Access, Action, Brake, Email, ErrorKind, KindName, NativeCall, ProviderId, RemoteId, State,
};
use kadry_flow::intent::{Flow, Intent, Native, Who};
use kadry_flow::plan::{Guard, Most, Refused, Said, Window};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{FlowError, Purpose, Unwatched};
use kadry_journal::{Journal, JournalError};

use crate::company::{Asked, Company, by_email, clock_and_random};
use crate::office::Office;

pub(crate) const ANNA: &str = "anna@example.test";

pub(crate) fn call(operation: &str, arguments: &[(&str, &str)]) -> NativeCall {
    let call = NativeCall::new(operation);
    arguments
        .iter()
        .fold(call, |call, (name, value)| call.with(*name, *value))
}

pub(crate) fn asked(who: Option<Who>, call: NativeCall) -> Asked {
    let native = Native {
        kind: String::new(),
        on: ProviderId::new("messenger"),
        call,
        about: who.as_ref().map(|_| "user_id".to_owned()),
        singles: None,
        untried: false,
        things: BTreeSet::new(),
        named: Vec::new(),
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
pub(crate) fn thing(operation: &str, arguments: &[(&str, &str)]) -> Asked {
    asked(None, call(operation, arguments))
}

pub(crate) fn badge(who: &str, badge: &str) -> Asked {
    let arguments = [("user_id", who), ("badge", badge)];
    asked(Some(by_email(who)), call("badges set", &arguments))
}

pub(crate) fn no_badge(who: &str) -> Asked {
    asked(
        Some(by_email(who)),
        call("badges clear", &[("user_id", who)]),
    )
}

pub(crate) fn messenger() -> Company {
    Company::new(&[("messenger", capable())])
}

pub(crate) async fn with_tags(names: &[&str]) -> Office {
    let company = messenger();
    for name in names {
        company.at("messenger").offer(&KindName::TAG, &[name]);
    }
    Office::of(company).await
}

pub(crate) async fn with_anna() -> (Office, RemoteId) {
    let company = messenger();
    let anna = company.person("messenger", ANNA, Access::Open, &[]);
    (Office::of(company).await, anna)
}

pub(crate) fn has_tag(office: &Office, name: &str) -> bool {
    let messenger = office.company.at("messenger");
    messenger.offered(&KindName::TAG, name).is_some()
}

pub(crate) fn is_done(report: &Report) -> bool {
    (report.outcome(), report.verified) == (Outcome::Done, true)
}

pub(crate) fn reasons(report: &Report) -> Vec<&str> {
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
    assert!(matches!(read, Err(FlowError::NobodyThere { .. })));
    let written = office.command(&badge("nobody@example.test", "gold")).await;
    assert!(matches!(written, Err(FlowError::NobodyThere { .. })));
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
async fn several_people_of_one_command_are_braked_together() {
    let mut company = messenger();
    let people = [
        "anna@example.test",
        "boris@example.test",
        "vera@example.test",
    ];
    for email in people {
        let id = company.person("messenger", email, Access::Open, &[]);
        company.at("messenger").wear(&id, Some("gold"));
    }
    for (window, most) in [(Window::Run, 2), (Window::Day, 3)] {
        company
            .limits
            .set(Brake::Revoke, window, Most::People(most));
    }
    let office = Office::of(company).await;
    assert!(is_done(
        &office.command(&no_badge(people[2])).await.unwrap()
    ));
    let organisation = office
        .company
        .organisation(office.journal.clone(), &office.clock);
    let mut prepared = Vec::new();
    for email in &people[..2] {
        let intent = office.company.intent(&no_badge(email));
        let purpose = Purpose::CarryOut;
        prepared.push(
            organisation
                .prepare(&intent, purpose, &Unwatched)
                .await
                .unwrap(),
        );
        organisation.keep_together(&prepared).await.unwrap();
    }
    let id = office.company.at("messenger").rows()[2].id.clone();
    office.company.at("messenger").wear(&id, Some("silver"));
    let intent = office.company.intent(&no_badge(people[2]));
    let third = organisation.prepare(&intent, Purpose::CarryOut, &Unwatched);
    prepared.push(third.await.unwrap());
    let over = organisation.keep_together(&prepared).await;
    let Err(FlowError::Refused(refused)) = over else {
        panic!("{over:#?}")
    };
    // Who was concerned before is not counted twice in a day, and three are too many for one run.
    assert!(
        matches!(
            refused.as_slice(),
            [Refused {
                guard: Guard::OverLimit {
                    window: Window::Run,
                    people: 3,
                    ..
                },
                ..
            }]
        ),
        "{refused:#?}"
    );
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
    // Whatever it is called, it is the same thing.
    company.at("messenger").offer(&KindName::TAG, &["Запад"]);
    let id = company.at("messenger").offered(&KindName::TAG, "Запад");
    let id = id.unwrap();
    let by_name = thing("tags rename", &[("id", "Запад"), ("name", "Закат")]);
    let by_id = thing("tags delete", &[("id", id.as_str())]);
    let by_name = company.intent(&by_name);
    let held = processes[0].prepare(&by_name, purpose, &Unwatched).await;
    let held = held.unwrap();
    let by_id = company.intent(&by_id);
    let refused = processes[1].prepare(&by_id, purpose, &Unwatched).await;
    assert!(
        matches!(
            refused,
            Err(FlowError::Journal(JournalError::Claimed { .. }))
        ),
        "{refused:#?}"
    );
    processes[0].decline(&held).await.unwrap();
    let free = processes[1].prepare(&by_id, purpose, &Unwatched).await;
    processes[1].decline(&free.unwrap()).await.unwrap();
    let other = company.intent(&thing("tags create", &[("name", "Север")]));
    let other = processes[1].prepare(&other, purpose, &Unwatched).await;
    processes[1].decline(&other.unwrap()).await.unwrap();
    let report = processes[0].carry_out(first.unwrap(), &Unwatched).await;
    assert!(is_done(&report.unwrap()));
    let late = processes[1].prepare(&intent, purpose, &Unwatched).await;
    assert!(late.unwrap().plan.steps.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_last_who_signs_keeps_what_they_sign_with() {
    let (office, _) = with_anna().await;
    let messenger = office.company.at("messenger");
    let boris = "boris@example.test";
    office.company.person("messenger", boris, Access::Open, &[]);
    messenger.edit(|rows| rows[0].signer = true);
    for who in [ANNA, boris] {
        office.command(&badge(who, "gold")).await.unwrap();
    }
    let refused = office.command(&no_badge(ANNA)).await;
    let Err(FlowError::Refused(refused)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refused[0].guard, Guard::LastSigner);
    // Who does not sign is not asked about.
    assert!(is_done(&office.command(&no_badge(boris)).await.unwrap()));
    messenger.edit(|rows| rows[1].signer = true);
    assert!(is_done(&office.command(&no_badge(ANNA)).await.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn of_two_who_lose_it_at_once_one_goes_on_signing() {
    let (office, _) = with_anna().await;
    let messenger = office.company.at("messenger");
    let boris = "boris@example.test";
    office.company.person("messenger", boris, Access::Open, &[]);
    messenger.edit(|rows| rows.iter_mut().for_each(|row| row.signer = true));
    for who in [ANNA, boris] {
        office.command(&badge(who, "gold")).await.unwrap();
    }
    let (clock, _) = clock_and_random(1);
    let organisation = office.company.organisation(office.journal.clone(), &clock);
    let mut prepared = Vec::new();
    for who in [ANNA, boris] {
        let intent = office.company.intent(&no_badge(who));
        let planned = organisation.prepare(&intent, Purpose::CarryOut, &Unwatched);
        prepared.push(planned.await.unwrap());
    }
    let mut outcomes = Vec::new();
    for (prepared, number) in prepared.into_iter().zip(0..) {
        let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
        outcomes.push(report.outcome());
        if number == 0 {
            messenger.edit(|rows| rows[0].signer = false);
        }
    }
    assert_eq!(outcomes, [Outcome::Done, Outcome::Failed]);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_signs_with_is_not_taken_back_from_the_last() {
    let (office, _) = with_anna().await;
    office.command(&badge(ANNA, "gold")).await.unwrap();
    let given = office.last().await;
    let messenger = office.company.at("messenger");
    messenger.edit(|rows| rows[0].signer = true);
    let refused = office.undo(&given).await;
    let Err(FlowError::Refused(refused)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(refused[0].guard, Guard::LastSigner);
}
