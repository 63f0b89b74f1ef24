//! What has changed between a plan and its end is found, by name, and nothing is written about it.

use std::time::Duration;

use kadry_core::{Access, Action, FieldName, Grant, KindName};
use kadry_flow::many::{Asked, Verdict, Why};
use kadry_flow::plan::{Guard, Remark, Said};

use crate::crowd::{Crowd, email, lift_limits, person, row};
use crate::many::three_platforms;
use crate::recorder::Pretence;

/// Something that somebody else does to the second of three people, who has a record everywhere, or to what all are given.
struct Drift {
    name: &'static str,
    happens: fn(&Crowd),
    /// Whom it concerns: the second, or everybody.
    concerns: Concerns,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Concerns {
    Second,
    Everybody,
}

const DRIFTS: [Drift; 12] = [
    Drift {
        name: "a field",
        happens: |crowd| {
            crowd.edit("messenger", &email(1), |row| {
                row.fields.insert(FieldName::Phone, "+7".to_owned());
            });
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "the door",
        happens: |crowd| {
            crowd.edit("calls", &email(1), |row| row.access = Access::Suspended);
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "a grant that goes",
        happens: |crowd| crowd.edit("messenger", &email(1), |row| row.grants.clear()),
        concerns: Concerns::Second,
    },
    Drift {
        name: "a grant that is read person by person",
        happens: |crowd| {
            let news = crowd
                .company
                .at("edo")
                .offered(&KindName::SUBSCRIPTION, "Счета");
            let news = Grant::with_id(KindName::SUBSCRIPTION, news.unwrap().as_str(), "Счета");
            crowd.edit("edo", &email(1), |row| {
                row.grants.insert(KindName::SUBSCRIPTION, vec![news]);
            });
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "a removed record",
        happens: |crowd| {
            crowd.company.at("edo").edit(|rows| {
                rows.retain(|row| row.fields[&FieldName::Email] != email(1));
            });
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "a second record with the key",
        happens: |crowd| {
            crowd.record("messenger", Access::Open, &[(FieldName::Email, &email(1))]);
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "another e-mail on the record",
        happens: |crowd| {
            crowd.edit("messenger", &email(1), |row| {
                row.fields
                    .insert(FieldName::Email, "new@example.test".to_owned());
            });
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "an administrator",
        happens: |crowd| crowd.edit("messenger", &email(1), |row| row.administrator = true),
        concerns: Concerns::Second,
    },
    Drift {
        name: "somebody else's id on the record",
        happens: |crowd| {
            crowd.edit("calls", &email(1), |row| {
                row.fields.insert(FieldName::ExternalId, "777".to_owned());
            });
        },
        concerns: Concerns::Second,
    },
    Drift {
        name: "a renamed tag",
        happens: |crowd| rename(crowd, "messenger", &KindName::TAG, "Учёт", "Прочее"),
        concerns: Concerns::Everybody,
    },
    Drift {
        name: "a renamed unit",
        happens: |crowd| rename(crowd, "calls", &KindName::UNIT, "Север", "Юг"),
        concerns: Concerns::Everybody,
    },
    Drift {
        name: "another tenant",
        happens: |crowd| crowd.company.at("edo").stand_in("another box"),
        concerns: Concerns::Everybody,
    },
];

/// Gives a thing another name, as if another one had been made: names lead to ids, and these change.
fn rename(crowd: &Crowd, on: &str, kind: &KindName, old: &str, new: &str) {
    let memory = crowd.company.at(on);
    let id = memory.offered(kind, old).unwrap();
    memory.rename(kind, &id, new);
}

/// Three people who are everywhere, and of each of whom something is to change everywhere.
async fn company() -> (Crowd, Vec<Asked>) {
    let mut company = three_platforms();
    lift_limits(&mut company);
    company.at("calls").offer(&KindName::UNIT, &["Север"]);
    company.at("edo").offer(&KindName::SUBSCRIPTION, &["Счета"]);
    let crowd = Crowd::of(company).await;
    let mut asked = Vec::new();
    for number in 0..3 {
        let tag = [(KindName::TAG, "Склад")];
        crowd
            .company
            .person("messenger", &email(number), Access::Open, &tag);
        let unit = [(KindName::UNIT, "Центр")];
        crowd
            .company
            .person("calls", &email(number), Access::Open, &unit);
        crowd
            .company
            .person("edo", &email(number), Access::Open, &[]);
        let rights: &[(&str, &[&str])] = &[
            ("permissions", &["Подпись"]),
            ("subscriptions", &["Новости"]),
        ];
        let one = person(number, &[])
            .section("messenger", &[("tags", &["Учёт"])], None)
            .section("calls", &[("unit", &["Север"])], None)
            .section("edo", rights, None);
        asked.push(row(u32::try_from(number).unwrap() + 2, one));
    }
    (crowd, asked)
}

fn concerned(drift: &Drift) -> Vec<String> {
    match drift.concerns {
        Concerns::Second => vec![email(1)],
        Concerns::Everybody => (0..3).map(email).collect(),
    }
}

#[tokio::test(start_paused = true)]
async fn every_drift_between_a_plan_and_its_approval_is_found_by_name_and_the_others_stay() {
    for drift in &DRIFTS {
        let (crowd, asked) = company().await;
        let made = crowd.plan(asked).await;
        assert_eq!(
            made.planned.iter().filter(|one| one.who.steps > 0).count(),
            3
        );
        (drift.happens)(&crowd);
        let (held, moved) = crowd.hold(&made.plan).await;
        let who: Vec<&str> = moved.iter().map(|one| one.person.as_str()).collect();
        assert_eq!(who, concerned(drift), "{}", drift.name);
        for (before, after) in made.planned.iter().zip(&held.planned) {
            let has_moved = who.contains(&before.who.person.as_str());
            assert_eq!(after.steps.is_empty(), has_moved, "{}", drift.name);
            assert!(
                has_moved || before == after,
                "{}: the others are as approved",
                drift.name
            );
        }
        crowd.carry_out(&held).await.unwrap();
        let told = crowd.told();
        let is_touched = told
            .iter()
            .any(|(_, (whose, _))| who.contains(&whose.as_str()));
        assert!(!is_touched, "{}: {told:?}", drift.name);
    }
}

#[tokio::test(start_paused = true)]
async fn every_drift_between_approval_and_work_sets_aside_whom_it_concerns_and_nobody_else() {
    for drift in &DRIFTS {
        let (crowd, asked) = company().await;
        let made = crowd.plan(asked).await;
        let batch = crowd.begin(&made).await.unwrap().unwrap();
        (drift.happens)(&crowd);
        tokio::time::advance(Duration::from_secs(61)).await;
        let listings = Some(std::sync::Arc::clone(made.drafting.listings()));
        let organisation = crowd.organisation();
        let worked = organisation.work(&batch, listings, &kadry_flow::Unwatched);
        worked.await.unwrap();
        for (who, verdict) in crowd.verdicts(&batch).await {
            let expected = if concerned(drift).contains(&who) {
                Verdict::Refused
            } else {
                Verdict::Updated
            };
            assert_eq!(verdict, expected, "{}: {who}", drift.name);
        }
        let told = crowd.told();
        let touched = |who: &String| told.iter().any(|(_, (whose, _))| whose == who);
        assert!(!concerned(drift).iter().any(touched), "{}", drift.name);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_is_set_aside_is_told_on_which_platform_or_by_which_guard() {
    let (crowd, asked) = company().await;
    let batch = crowd
        .begin(&crowd.plan(asked).await)
        .await
        .unwrap()
        .unwrap();
    crowd.edit("calls", &email(0), |row| {
        row.fields.insert(FieldName::Phone, "+7".to_owned());
    });
    crowd.edit("edo", &email(1), |row| row.administrator = true);
    tokio::time::advance(Duration::from_secs(61)).await;
    crowd.work(&batch).await.unwrap();
    let calls = kadry_core::ProviderId::new("calls");
    let first = crowd.why(&batch, &email(0)).await;
    assert_eq!(first, Some(Why::Moved(vec![calls])));
    let second = crowd.why(&batch, &email(1)).await;
    let Some(Why::Guards(guards)) = second else {
        panic!("{second:?}");
    };
    assert_eq!(guards[0].guard, Guard::Administrator);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_silent_by_now_moves_nobody_and_its_steps_wait() {
    let (crowd, asked) = company().await;
    let made = crowd.plan(asked).await;
    crowd.at("edo").pretend(Pretence::Breaks(0));
    let (held, moved) = crowd.hold(&made.plan).await;
    assert_eq!(moved, []);
    let silent = |remark: &Remark| {
        remark.provider.as_str() == "edo" && matches!(remark.what, Said::Silent { .. })
    };
    for one in &held.planned {
        assert_eq!(one.who.remarks.iter().filter(|it| silent(it)).count(), 1);
    }
    let came = crowd.carry_out(&held).await.unwrap().unwrap();
    let on_edo = |told: &(String, _)| told.0 == "edo";
    let told = crowd.told();
    assert!(!told.is_empty() && !told.iter().any(on_edo), "{told:?}");
    crowd.at("edo").pretend(Pretence::Honest);
    let state = crowd.work(&came.batch).await.unwrap();
    assert_eq!(state, kadry_core::RunState::Done);
    assert!(crowd.told().iter().all(on_edo));
}

#[tokio::test(start_paused = true)]
async fn a_thing_that_somebody_else_makes_meanwhile_is_given_and_moves_nobody() {
    let crowd = Crowd::of(three_platforms()).await;
    let new = |number| {
        person(number, &[])
            .section("calls", &[("unit", &["Новый"])], None)
            .with(|section| section.create_missing = true)
    };
    let made = crowd.plan(crate::many::rows((0..3).map(new))).await;
    let unit = crowd.company.at("calls").offer(&KindName::UNIT, &["Новый"]);
    let (held, moved) = crowd.hold(&made.plan).await;
    assert_eq!(moved, []);
    crowd.carry_out(&held).await.unwrap();
    let told = crowd.told();
    let makes = |(_, (_, action)): &&(String, (String, Action))| action.name() == "define";
    assert_eq!(told.iter().filter(makes).count(), 0);
    for row in crowd.company.at("calls").rows() {
        assert_eq!(row.grants[&KindName::UNIT][0].id, Some(unit.clone()));
    }
}

#[tokio::test(start_paused = true)]
async fn limits_hold_against_whom_is_left_of_a_plan() {
    let (crowd, asked) = company().await;
    let mut crowd = crowd;
    let made = crowd.plan(asked).await;
    // All are out by now: nobody may be let in again, and nobody is.
    for number in 0..2 {
        crowd.edit("messenger", &email(number), |row| {
            row.access = Access::Suspended;
        });
    }
    let limits = &mut crowd.company.limits;
    for window in kadry_flow::plan::Window::ALL {
        let none = kadry_flow::plan::Most::People(0);
        limits.set(kadry_core::Brake::Reactivate, window, none);
    }
    let (held, moved) = crowd.hold(&made.plan).await;
    assert_eq!(moved.len(), 2);
    let came = crowd.carry_out(&held).await.unwrap().unwrap();
    assert_eq!(
        crowd.verdicts(&came.batch).await[&email(2)],
        Verdict::Updated
    );
}
