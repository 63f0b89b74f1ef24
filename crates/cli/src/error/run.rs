//! Why nothing can be decided about a run, or nothing more be done of it.

use kadry_flow::FlowError;

use super::{Exit, Failure, bug};
use crate::ui::time::of_day;
use crate::words::{Value, Words};

/// The word of JSON for a command that was told to end.
pub(crate) const HALTED: &str = "interrupted";

/// Says why a run does not go on, is not taken back, or has nothing to be decided.
pub(crate) fn of_run(words: &Words, error: &FlowError) -> Failure {
    let about = |kind, exit, run: &str, more: (&'static str, String)| {
        let key = format!("run-error-{}", kind).replace('_', "-");
        let variables: [(&str, Value<'_>); 2] = [("run", run.into()), (more.0, more.1.into())];
        Failure {
            kind,
            message: words.say_with(&key, &variables),
            hint: Some(words.say_with(&format!("{key}-hint"), &variables)),
            exit,
        }
    };
    match error {
        FlowError::Ended { run, state, .. } => about(
            "run_ended",
            Exit::Usage,
            run.as_str(),
            ("state", words.say(&format!("run-{state}"))),
        ),
        FlowError::LaterFirst { later } => about(
            "later_run_first",
            Exit::Refused,
            later.as_str(),
            ("later", later.to_string()),
        ),
        FlowError::AnotherTenant {
            run,
            provider,
            was,
            now,
        } => {
            let variables: [(&str, Value<'_>); 4] = [
                ("run", run.as_str().into()),
                ("provider", provider.as_str().into()),
                ("was", was.as_str().into()),
                ("now", now.as_str().into()),
            ];
            Failure {
                kind: "another_tenant",
                message: words.say_with("run-error-another-tenant", &variables),
                hint: Some(words.say_with("run-error-another-tenant-hint", &variables)),
                exit: Exit::Refused,
            }
        }
        FlowError::StillOpen { run } => about(
            "run_still_open",
            Exit::Refused,
            run.as_str(),
            ("open", String::new()),
        ),
        FlowError::LaterDid { later } => about(
            "later_run_did",
            Exit::Refused,
            later.as_str(),
            ("later", later.to_string()),
        ),
        FlowError::MayStillLand { run, until_ms } => about(
            "may_still_land",
            Exit::Refused,
            run.as_str(),
            ("until", of_day(*until_ms)),
        ),
        FlowError::NothingDone { run } => about(
            "run_did_nothing",
            Exit::Refused,
            run.as_str(),
            ("open", String::new()),
        ),
        FlowError::NoSuchStep { run, seq } => about(
            "no_such_step",
            Exit::Usage,
            run.as_str(),
            ("step", seq.to_string()),
        ),
        FlowError::NotInDoubt { run, seq, state } => {
            let mut failure = about(
                "step_not_in_doubt",
                Exit::Usage,
                run.as_str(),
                ("step", seq.to_string()),
            );
            let variables: [(&str, Value<'_>); 3] = [
                ("run", run.as_str().into()),
                ("step", seq.to_string().into()),
                ("state", words.say(&format!("state-{state}")).into()),
            ];
            failure.message = words.say_with("run-error-step-not-in-doubt", &variables);
            failure
        }
        FlowError::Halted => Failure {
            kind: HALTED,
            message: words.say("interrupted"),
            hint: None,
            exit: Exit::Partial,
        },
        FlowError::Refused(_)
        | FlowError::KnownNowhere
        | FlowError::NobodyThere { .. }
        | FlowError::NoSuchRecord { .. }
        | FlowError::Unread { .. }
        | FlowError::PlanFile(_)
        | FlowError::Journal(_)
        | FlowError::Json(_) => bug(words, error),
    }
}
