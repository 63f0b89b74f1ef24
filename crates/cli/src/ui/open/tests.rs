use std::time::Duration;

use kadry_core::{Access, Before, ErrorKind, KindName, MatchKey, Reason, Step, Target};
use kadry_flow::plan::{Guard, Refused};
use kadry_journal::{RunId, StepError};

use super::*;
use crate::ui::report::write_short;
use crate::ui::table::Face;
use crate::words::Lang;

const PLAIN: Face = Face {
    width: None,
    color: false,
};

fn report(steps: Vec<StepReport>, remarks: Vec<Remark>) -> Report {
    Report {
        run: (!steps.is_empty()).then(|| RunId::new("abc")),
        flow: "onboard".to_owned(),
        person: "anna@example.test".to_owned(),
        state: RunState::Partial,
        steps,
        verified: false,
        doors: Vec::new(),
        residue: Vec::new(),
        caveats: Vec::new(),
        remarks,
        refused: Vec::new(),
    }
}

fn step(provider: &str, state: State) -> StepReport {
    let step = Step {
        seq: 1,
        person: "anna@example.test".to_owned(),
        provider: ProviderId::new(provider),
        stage: Stage::Close,
        action: Action::SetAccess {
            access: Access::Suspended,
        },
        target: Target::Sought(vec![MatchKey::ExternalId("7".to_owned())]),
        before: Before::default(),
    };
    StepReport {
        step,
        state,
        started_ms: None,
        took_ms: None,
        record: None,
        answer: None,
        error: None,
        retry_at_ms: None,
    }
}

fn remark(provider: &str, what: Said) -> Remark {
    Remark {
        provider: ProviderId::new(provider),
        what,
    }
}

fn silent() -> Said {
    let error = kadry_core::Error::no_answer(Duration::from_secs(30)).during("list");
    Said::Silent {
        error: StepError::from(&error),
    }
}

fn open(report: &Report) -> String {
    let mut sheet = Sheet::new(PLAIN);
    let again = Again::Command("kadry again");
    write(&mut sheet, &Words::new(Lang::En), report, again);
    sheet.as_str().to_owned()
}

#[test]
fn a_platform_for_which_nothing_was_planned_because_it_was_silent_is_told() {
    let told = open(&report(
        vec![step("messenger", State::Done)],
        vec![remark("calls", silent())],
    ));
    assert!(
        told.contains(
            "calls  Not done. The platform cannot be reached or is faulty (no answer within 30 s)."
        ),
        "{told}"
    );
    assert!(told.contains("  kadry again\n"), "{told}");
    let nothing = report(Vec::new(), vec![remark("calls", silent())]);
    assert!(open(&nothing).contains("when the platforms can be used"));
    let mut sheet = Sheet::new(PLAIN);
    write_short(&mut sheet, &Words::new(Lang::En), &nothing);
    assert!(sheet.as_str().contains("nothing was written\n"));
}

#[test]
fn a_platform_that_was_silent_and_has_steps_is_told_by_them_alone() {
    let remarks = vec![remark("calls", silent())];
    let closed = report(vec![step("calls", State::Done)], remarks.clone());
    assert!(!open(&closed).contains("calls"), "it is only not proven");
    let told = open(&report(vec![step("calls", State::Deferred)], remarks));
    assert!(
        told.contains("calls  Close access. The platform could not be used."),
        "{told}"
    );
    assert!(!told.contains("Not done."), "{told}");
}

#[test]
fn what_asking_again_does_not_help_is_to_be_mended() {
    let refused = kadry_core::Error::new(ErrorKind::Unauthenticated, "401");
    let close = StepReport {
        error: Some((&refused).into()),
        ..step("calls", State::Deferred)
    };
    let told = open(&report(vec![close], vec![remark("calls", silent())]));
    assert!(told.contains("does not accept the credential"), "{told}");
    assert!(told.contains("Mend what is named above"), "{told}");
    let cannot = Said::CannotClose {
        reason: Reason::new("owner-stays"),
    };
    let steps = vec![step("messenger", State::Done)];
    let told = open(&report(steps, vec![remark("calls", cannot)]));
    assert!(told.contains("calls  Access is not closed."), "{told}");
    assert!(told.contains("  kadry again\n"), "{told}");
}

#[test]
fn a_guard_that_spoke_late_is_to_be_minded_before_the_same_command_helps() {
    let refused = Refused {
        provider: Some(ProviderId::new("calls")),
        guard: Guard::Administrator,
    };
    let told = open(&Report {
        refused: vec![refused],
        ..report(vec![step("messenger", State::Done)], Vec::new())
    });
    assert!(told.contains("--privileged"), "{told}");
    assert!(told.contains("Mend what is named above"), "{told}");
}

#[test]
fn a_run_that_is_only_not_proven_names_the_command_too() {
    let told = open(&report(vec![step("calls", State::Done)], Vec::new()));
    assert!(!told.contains("Not everything is done"), "{told}");
    assert!(told.contains("  kadry again\n"), "{told}");
}

#[test]
fn what_no_right_brings_back_is_to_be_done_by_hand_and_not_again() {
    let chats = |hidden| Said::CannotRead {
        kind: KindName::CHAT,
        reason: Reason::new("scope-missing"),
        hidden,
    };
    let proven = |what| Report {
        verified: true,
        ..report(
            vec![step("messenger", State::Done)],
            vec![remark("messenger", what)],
        )
    };
    let told = open(&proven(chats(true)));
    assert!(told.contains("on the platform itself"), "{told}");
    assert!(!told.contains("kadry again"), "{told}");
    let told = open(&proven(chats(false)));
    assert!(told.contains("Mend what is named above"), "{told}");
}

#[test]
fn a_removal_that_waits_says_for_what_and_one_that_cannot_be_is_not_to_be_mended() {
    let mut removal = step("messenger", State::Waiting);
    removal.step.stage = Stage::Remove;
    removal.step.action = Action::Remove;
    let never = Said::CannotRemove {
        reason: Reason::new("no-such-call"),
    };
    let told = open(&report(vec![removal], vec![remark("calls", never)]));
    assert!(told.contains("it waits until every platform"), "{told}");
    assert!(told.contains("The same command goes on"), "{told}");
}

#[test]
fn a_late_close_that_is_open_is_not_told_as_silence() {
    let late = remark("calls", Said::Late { until_ms: 0 });
    let told = open(&report(vec![step("calls", State::Deferred)], vec![late]));
    assert!(
        told.contains("An interrupted request may still have taken effect"),
        "{told}"
    );
}
