//! Trees of departments: given the shape that was asked for, parents first, nothing guessed, nothing removed unasked.

use std::collections::BTreeMap;

use kadry_core::memory::{Fault, listed_by_id};
use kadry_core::{Access, Action, KindName, Known, ProviderId, RemoteId, Support};
use kadry_flow::intent::{Departments, Flow, Intent, Who, Wished};
use kadry_flow::plan::{BranchFault, Guard, Said};
use kadry_flow::report::{Outcome, Report};
use kadry_flow::{FlowError, Purpose};
use kadry_journal::RunId;

use crate::company::{Asked, Company};
use crate::office::Office;

const CALLS: &str = "calls";

/// The tree of an indented text, with ids behind a `#`.
fn tree(text: &str) -> Vec<Wished> {
    let mut tree: Vec<Wished> = Vec::new();
    let mut above: Vec<usize> = Vec::new();
    for (line, written) in (1..).zip(text.lines()) {
        let level = (written.len() - written.trim_start().len()) / 2;
        above.truncate(level);
        let (name, id) = match written.split_once('#') {
            Some((name, id)) => (name, Some(id.trim().to_owned())),
            None => (written, None),
        };
        tree.push(Wished {
            line,
            name: name.trim().to_owned(),
            above: above.last().copied(),
            external_id: id,
        });
        above.push(tree.len() - 1);
    }
    tree
}

fn sync(text: &str) -> Asked {
    asked(text, false)
}

fn asked(text: &str, remove_empty: bool) -> Asked {
    Asked(Intent {
        flow: Flow::Departments(Departments {
            file: String::new(),
            trees: BTreeMap::from([(ProviderId::new(CALLS), tree(text))]),
            remove_empty,
        }),
        who: Who::Thing("departments".to_owned()),
        actor: "tester".to_owned(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    })
}

async fn with(places: &[&[&str]]) -> Office {
    let company = Company::new(&[(CALLS, listed_by_id())]);
    for place in places {
        company.at(CALLS).offer(&KindName::UNIT, place);
    }
    Office::of(company).await
}

fn id(office: &Office, name: &str) -> RemoteId {
    let calls = office.company.at(CALLS);
    calls.offered(&KindName::UNIT, name).unwrap()
}

fn places(office: &Office) -> Vec<String> {
    office.company.at(CALLS).places()
}

/// What is said beside the steps.
fn said(report: &Report) -> Vec<&Said> {
    report.remarks.iter().map(|remark| &remark.what).collect()
}

/// Brings the tree to a shape, and proves that a second command has nothing to do.
async fn brings(office: &Office, asked: &Asked) -> Report {
    let report = office.command(asked).await.unwrap();
    assert!(report.verified, "{report:#?}");
    assert_eq!(report.outcome(), Outcome::Done, "{report:#?}");
    let writes = office.writes(CALLS).len();
    let again = office.command(asked).await.unwrap();
    assert_eq!((again.run, again.verified), (None, true));
    assert_eq!(office.writes(CALLS).len(), writes);
    report
}

async fn faults(office: &Office, asked: &Asked) -> Vec<(u32, BranchFault)> {
    let refused = match office.command(asked).await {
        Err(FlowError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    };
    let fault = |guard| {
        let Guard::Department { line, fault, .. } = guard else {
            panic!("{guard:?}")
        };
        (line, fault)
    };
    assert_eq!(office.writes(CALLS), [""; 0]);
    refused.into_iter().map(|one| fault(one.guard)).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_missing_is_made_below_what_is_made_before_it() {
    let office = with(&[&["Склад"]]).await;
    let text = "Центр #1\n  Линия\n    Смена #2\nсклад\n  Приёмка";
    let report = brings(&office, &sync(text)).await;
    let expected = [
        "Склад",
        "Склад / Приёмка",
        "Центр",
        "Центр / Линия",
        "Центр / Линия / Смена",
    ];
    assert_eq!(places(&office), expected);
    let about: Vec<&str> = report
        .steps
        .iter()
        .map(|one| one.step.person.as_str())
        .collect();
    let made = [
        "Центр",
        "Центр / Линия",
        "Центр / Линия / Смена",
        "Склад / Приёмка",
    ];
    assert_eq!(about, made);
}

#[tokio::test(start_paused = true)]
async fn an_id_tells_a_rename_and_a_move_even_below_what_is_made() {
    let office = with(&[
        &["Юг"],
        &["Юг", "Касса"],
        &["Юг", "Касса", "Ночь"],
        &["Склад"],
    ])
    .await;
    office
        .company
        .at(CALLS)
        .identify(&id(&office, "Касса"), "7");
    let report = brings(&office, &sync("Юг\nСклад\nСевер #9\n  Приём #7\n    Ночь")).await;
    let expected = [
        "Север",
        "Север / Приём",
        "Север / Приём / Ночь",
        "Склад",
        "Юг",
    ];
    assert_eq!(places(&office), expected);
    assert_eq!(report.steps.len(), 3, "{report:#?}");
    let run = report.run.unwrap();
    let back = office.undo(&run).await.unwrap();
    assert_eq!(back.outcome(), Outcome::Done, "{back:#?}");
    let expected = ["Склад", "Юг", "Юг / Касса", "Юг / Касса / Ночь"];
    assert_eq!(places(&office), expected);
}

#[tokio::test(start_paused = true)]
async fn what_was_known_by_its_name_gets_the_id_of_the_file_once() {
    let office = with(&[&["Юг"]]).await;
    let report = brings(&office, &sync("Юг #7")).await;
    assert_eq!(report.steps.len(), 1);
    brings(&office, &sync("Запад #7")).await;
    assert_eq!(places(&office), ["Запад"]);
}

#[tokio::test(start_paused = true)]
async fn without_ids_a_rename_is_not_known_and_that_is_said() {
    let office = with(&[&["Юг"]]).await;
    let calls = office.company.at(CALLS);
    calls.tree_rules(|rules| rules.external_ids = Support::no("no-such-field"));
    let report = brings(&office, &sync("Запад #7")).await;
    assert_eq!(places(&office), ["Запад", "Юг"]);
    let said = said(&report);
    assert!(matches!(said[0], Said::NoExternalIds { .. }), "{said:?}");
    let unlisted = Said::Unlisted {
        kind: KindName::UNIT,
        places: vec!["Юг".to_owned()],
    };
    assert_eq!(*said[1], unlisted);
}

#[tokio::test(start_paused = true)]
async fn a_name_that_exists_once_has_moved_and_one_that_exists_twice_has_not() {
    let office = with(&[&["Юг"], &["Юг", "Касса"], &["Север"]]).await;
    brings(&office, &sync("Юг\nСевер\n  Касса")).await;
    assert_eq!(places(&office), ["Север", "Север / Касса", "Юг"]);
    // Two of the file may be the one.
    brings(&office, &sync("Юг\n  Касса\nСевер\nВосток\n  Касса")).await;
    let expected = [
        "Восток",
        "Восток / Касса",
        "Север",
        "Север / Касса",
        "Юг",
        "Юг / Касса",
    ];
    assert_eq!(places(&office), expected);
}

#[tokio::test(start_paused = true)]
async fn two_departments_change_places() {
    let office = with(&[&["A"], &["A", "B"]]).await;
    brings(&office, &sync("B\n  A")).await;
    assert_eq!(places(&office), ["B", "B / A"]);
    let calls = office.company.at(CALLS);
    calls.tree_rules(|rules| rules.to_top = Support::no("not-documented"));
    let asked = sync("A\n  B");
    let report = office.command(&asked).await.unwrap();
    assert_eq!(places(&office), ["B", "B / A"]);
    let why: Vec<&str> = said(&report)
        .into_iter()
        .filter_map(|said| {
            let Said::StaysWhereItIs { reason, .. } = said else {
                return None;
            };
            Some(reason.key.as_ref())
        })
        .collect();
    assert_eq!(why, ["not-documented", "would-be-a-circle"]);
    assert_eq!(report.outcome(), Outcome::Partial);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_asked_for_goes_only_when_it_is_empty_and_that_is_asked_for() {
    let office = with(&[
        &["Юг"],
        &["Старое"],
        &["Старое", "Пустое"],
        &["Живое"],
        &["Живое", "Люди"],
    ])
    .await;
    let held = [(KindName::UNIT, "Люди")];
    let calls = office.company.at(CALLS);
    office
        .company
        .person(CALLS, "anna@example.test", Access::Suspended, &held);
    brings(&office, &sync("Юг")).await;
    assert_eq!(places(&office).len(), 5);
    calls.tree_rules(|rules| rules.remove = Support::no("no-such-call"));
    let report = office.command(&asked("Юг", true)).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Partial);
    assert!(matches!(said(&report)[0], Said::NotRemoved { .. }));
    calls.tree_rules(|rules| rules.remove = Support::Yes);
    let report = brings(&office, &asked("Юг", true)).await;
    assert_eq!(places(&office), ["Живое", "Живое / Люди", "Юг"]);
    let not_empty = Said::NotEmpty {
        kind: KindName::UNIT,
        places: vec!["Живое".to_owned(), "Живое / Люди".to_owned()],
    };
    assert_eq!(said(&report), [&not_empty]);
}

#[tokio::test(start_paused = true)]
async fn the_one_above_all_others_may_be_left_out_and_is_never_touched() {
    let office = with(&[&["Ромашка"], &["Ромашка", "Юг"]]).await;
    brings(&office, &sync("Юг\nСклад")).await;
    let expected = ["Ромашка", "Ромашка / Склад", "Ромашка / Юг"];
    assert_eq!(places(&office), expected);
    brings(&office, &sync("Ромашка\n  Юг\n  Склад")).await;
    let head = id(&office, "Ромашка");
    let calls = office.company.at(CALLS);
    calls.tree_rules(|rules| rules.head = Some(head));
    brings(&office, &sync("ромашка\n  Юг\nСевер")).await;
    brings(&office, &asked("Юг", true)).await;
    assert_eq!(places(&office), ["Ромашка", "Ромашка / Юг"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_told_apart_is_refused_with_its_line() {
    let office = with(&[&["Юг"], &["юг"], &["Склад"], &["Центр"]]).await;
    let several = BranchFault::Several {
        places: vec!["Юг".to_owned(), "юг".to_owned()],
    };
    assert_eq!(faults(&office, &sync("Склад\nЮг")).await, [(2, several)]);
    let calls = office.company.at(CALLS);
    calls.identify(&id(&office, "Склад"), "7");
    let other = BranchFault::OtherId {
        external_id: "7".to_owned(),
    };
    assert_eq!(faults(&office, &sync("Склад #8")).await, [(1, other)]);
    calls.identify(&id(&office, "Центр"), "7");
    let several = BranchFault::Several {
        places: vec!["Склад".to_owned(), "Центр".to_owned()],
    };
    assert_eq!(faults(&office, &sync("Склад #7")).await, [(1, several)]);
    calls.tree_rules(|rules| rules.depth = Some(2));
    let deep = BranchFault::TooDeep { most: 2 };
    assert_eq!(faults(&office, &sync("A\n  B\n    C")).await, [(3, deep)]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_makes_nothing_twice_and_a_kill_goes_on() {
    let text = "Центр #1\n  Линия\n    Смена\nЮг\n  Касса";
    let expected = [
        "Центр",
        "Центр / Линия",
        "Центр / Линия / Смена",
        "Юг",
        "Юг / Касса",
    ];
    for nth in 0..4 {
        let office = with(&[&["Юг"], &["Касса"]]).await;
        let lost = std::iter::repeat_n(Fault::Nothing, nth).chain([Fault::LostAfter]);
        office.company.at(CALLS).fail_next(lost);
        brings(&office, &sync(text)).await;
        assert_eq!(places(&office), expected, "{nth}");
        for hang in [Fault::HangBefore, Fault::HangAfter] {
            let office = with(&[&["Юг"], &["Касса"]]).await;
            let run = office.interrupted(&sync(text), CALLS, nth, hang).await;
            let report = office.resume(&run).await.unwrap();
            assert_eq!(
                report.outcome(),
                Outcome::Done,
                "{nth} {hang:?} {report:#?}"
            );
            assert_eq!(places(&office), expected, "{nth} {hang:?}");
            undone(&office, &run).await;
        }
    }
}

async fn undone(office: &Office, run: &RunId) {
    let report = office.undo(run).await.unwrap();
    assert_eq!(report.outcome(), Outcome::Done, "{report:#?}");
    // What stood at the top was moved from there.
    assert_eq!(places(office), ["Касса", "Юг"]);
}

#[tokio::test(start_paused = true)]
async fn a_later_command_takes_over_what_an_earlier_one_left() {
    let office = with(&[]).await;
    let text = "Центр\n  Линия";
    let run = office
        .interrupted(&sync(text), CALLS, 0, Fault::HangAfter)
        .await;
    brings(&office, &sync("Центр\n  Смена")).await;
    assert_eq!(places(&office), ["Центр", "Центр / Смена"]);
    let ended = office.resume(&run).await;
    assert!(matches!(ended, Err(FlowError::Ended { .. })), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_is_only_shown_writes_nothing() {
    let office = with(&[]).await;
    let organisation = office
        .company
        .organisation(office.journal.clone(), &office.clock);
    let intent = office.company.intent(&sync("Юг #7"));
    let prepared = organisation
        .prepare(&intent, Purpose::Show, &kadry_flow::Unwatched)
        .await
        .unwrap();
    let [step] = prepared.plan.steps.as_slice() else {
        panic!("{:#?}", prepared.plan)
    };
    let Action::Native { call, .. } = &step.action else {
        panic!("{step:#?}")
    };
    assert_eq!(call.to_string(), "units create --external_id 7 --name Юг");
    assert_eq!(office.writes(CALLS), [""; 0]);
    let trees = organisation.departments(&[ProviderId::new(CALLS)]).await;
    let tree = &trees.trees[&ProviderId::new(CALLS)];
    assert_eq!(tree.branches.len(), 0);
    office.company.at(CALLS).offer(&KindName::UNIT, &["Юг"]);
    let held = [(KindName::UNIT, "Юг")];
    office
        .company
        .person(CALLS, "anna@example.test", Access::Open, &held);
    let trees = organisation.departments(&[ProviderId::new(CALLS)]).await;
    let tree = &trees.trees[&ProviderId::new(CALLS)];
    let unit = id(&office, "Юг");
    assert_eq!(tree.people, Some(BTreeMap::from([(unit, 1)])));
    assert_eq!(tree.branches[0].external_id, Known::Empty);
}
