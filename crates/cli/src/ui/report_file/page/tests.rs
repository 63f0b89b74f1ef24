use kadry_core::{Access, Action, Before, ErrorKind, KindName, Reason, RemoteId, Stage, State};
use kadry_flow::plan::{Remark, Said};
use kadry_flow::report::{Caveat, Door, Left, Residue};
use kadry_journal::RunId;

use super::*;
use crate::ui::report_file::Asked;
use crate::words::Lang;

fn provider(name: &str) -> ProviderId {
    ProviderId::new(name)
}

fn step(seq: u32, state: State, target: Target) -> StepReport {
    StepReport {
        step: Step {
            seq,
            person: "anna@example.test".to_owned(),
            provider: provider("messenger"),
            stage: Stage::Close,
            action: Action::SetAccess {
                access: Access::Suspended,
            },
            target,
            before: Before::default(),
        },
        state,
        started_ms: Some(0),
        took_ms: Some(48),
        record: None,
        answer: None,
        error: None,
        retry_at_ms: None,
    }
}

fn report(state: RunState, verified: bool) -> Report {
    let made = StepReport {
        record: Some(RemoteId::new("1042")),
        ..step(1, State::Done, Target::Nobody)
    };
    Report {
        run: Some(RunId::new("4f2a")),
        flow: "offboard".to_owned(),
        person: "anna@example.test".to_owned(),
        state,
        steps: vec![made, step(2, State::Done, Target::CreatedBy(1))],
        verified,
        doors: Vec::new(),
        residue: Vec::new(),
        caveats: Vec::new(),
        remarks: Vec::new(),
        refused: Vec::new(),
    }
}

fn shown(words: &Words, report: &Report, exit: Exit) -> Page {
    let about = About {
        typed: "kadry offboard anna@example.test".to_owned(),
        ..About::default()
    };
    about.organisation.get_or_init(|| "romashka".to_owned());
    about.asked.get_or_init(|| Asked {
        flow: "offboard".to_owned(),
        person: "anna@example.test".to_owned(),
        actor: "hr".to_owned(),
        reason: None,
        is_file: false,
    });
    let ended = Ended {
        report,
        notes: &[],
        began_ms: Some(1_795_255_200_000),
        exit,
    };
    of_run(words, &about, &ended, &about.typed)
}

fn told(page: &Page) -> String {
    page.to_html().unwrap_or_default()
}

#[test]
fn what_was_seen_still_open_is_told_with_what_to_do_about_it() {
    let words = Words::new(Lang::En);
    let mut report = report(RunState::Done, true);
    report.residue.push(Residue {
        provider: provider("messenger"),
        left: Left::Attached {
            kind: KindName::CHAT,
            names: vec!["Общий".to_owned()],
        },
        by_hand: false,
    });
    report.caveats.push(Caveat {
        provider: provider("messenger"),
        reason: Reason::new("owner-stays"),
    });
    let page = shown(&words, &report, Exit::Residue);
    let result = page.result.clone().unwrap_or_default();
    assert_eq!(result.tone, Tone::Warning);
    let html = told(&page);
    for part in [
        "Общий",
        &words.say("residue-attached-advice"),
        &words.say("page-caveats"),
        "romashka",
        "6 – done, and something was seen",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains(&words.say("report-no-residue")), "{html}");
}

#[test]
fn a_step_on_a_record_that_the_run_made_names_that_record() {
    let words = Words::new(Lang::En);
    let page = shown(&words, &report(RunState::Done, true), Exit::Done);
    let html = told(&page);
    assert_eq!(html.matches(">1042</td>").count(), 2, "{html}");
    assert!(!html.contains(&words.say("page-column-fault")), "{html}");
}

#[test]
fn every_platform_says_by_name_whether_the_person_gets_in() {
    let words = Words::new(Lang::En);
    let mut report = report(RunState::Partial, false);
    let record = |access| Sight::Record {
        id: RemoteId::new("77"),
        name: "Образцова Анна".to_owned(),
        access,
    };
    let sights = [
        ("calls", Sight::Unread),
        ("edo", Sight::Nobody),
        ("mail", record(Access::Open)),
        ("messenger", record(Access::Suspended)),
    ];
    report.doors = sights
        .into_iter()
        .map(|(name, sight)| Door {
            provider: provider(name),
            sight,
        })
        .collect();
    let section = doors_section(&words, &report).unwrap_or_default();
    let rows: Vec<_> = section.tables[0]
        .rows
        .iter()
        .map(|row| {
            (
                row[0].text.as_str(),
                row[2].text.as_str(),
                row[3].text.as_str(),
                row[3].tone,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("calls", "", "could not be read", Tone::Bad),
            ("edo", "", "no record", Tone::Plain),
            ("mail", "Образцова Анна", "open", Tone::Bad),
            ("messenger", "Образцова Анна", "suspended", Tone::Good),
        ]
    );
    assert!(told(&shown(&words, &report, Exit::Partial)).contains(&section.heading));
}

#[test]
fn a_step_that_is_not_done_says_why_and_the_page_how_to_go_on() {
    let words = Words::new(Lang::En);
    let refused = kadry_core::Error::new(ErrorKind::Unauthenticated, "401");
    let mut report = report(RunState::Partial, false);
    report.steps.push(StepReport {
        error: Some((&refused).into()),
        ..step(3, State::Failed, Target::Nobody)
    });
    report.steps.push(step(4, State::Waiting, Target::Nobody));
    report.remarks.push(Remark {
        provider: provider("calls"),
        what: Said::Silent {
            error: (&kadry_core::Error::no_answer(std::time::Duration::from_secs(30))
                .during("list"))
                .into(),
        },
    });
    let html = told(&shown(&words, &report, Exit::Partial));
    for part in [
        "does not accept the credential",
        &words.say("open-waiting"),
        "no answer within 30 s",
        &words.say("page-not-done"),
        &words.say("page-again"),
        "Not everything is done or proven.",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn every_ending_has_its_sentence_in_both_languages() {
    for words in [Lang::Ru, Lang::En].map(Words::new) {
        for (state, verified) in [
            (RunState::Done, true),
            (RunState::Done, false),
            (RunState::Partial, false),
            (RunState::Failed, false),
            (RunState::Refused, false),
            (RunState::Running, false),
            (RunState::Superseded, false),
        ] {
            for run in [None, Some(RunId::new("4f2a"))] {
                let report = Report {
                    run,
                    ..report(state, verified)
                };
                let (key, _) = came(&report);
                assert!(words.try_say(key, &[]).is_some(), "{key}");
            }
        }
    }
}

#[test]
fn a_moment_on_another_day_is_told_with_its_day() {
    let began_ms = 1_795_255_200_000;
    assert_eq!(near(began_ms, began_ms).len(), "10:00:00.000".len());
    let days_later = began_ms + 3 * 24 * 3_600_000;
    assert_eq!(
        near(days_later, began_ms).len(),
        "2026-11-24 10:00:00.000".len()
    );
}
