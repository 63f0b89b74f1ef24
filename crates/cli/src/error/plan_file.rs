//! The file of a plan: why it cannot be applied, and what helps.

use kadry_core::ProviderId;
use kadry_flow::many::{Moved, PlanFileError};

use super::files::{hint_to_read, hint_to_write};
use super::{Exit, Failure, io_word, of_io};
use crate::words::{Value, Words};

/// Says what is wrong with the file of a plan.
pub(crate) fn of_plan_file(words: &Words, error: &PlanFileError, path: &str) -> Failure {
    let failure = |kind, message, hint: &str| Failure {
        kind,
        message,
        hint: Some(words.say(hint)),
        exit: Exit::Usage,
    };
    let say = |key, more: &[(&str, Value<'_>)]| {
        let mut variables = vec![("path", Value::from(path))];
        variables.extend_from_slice(more);
        words.say_with(key, &variables)
    };
    match error {
        PlanFileError::Io(cause) => {
            let is_write = matches!(io_word(cause), "full" | "too-large" | "read-only");
            let hint = if is_write {
                hint_to_write(words, cause)
            } else {
                hint_to_read(words, path.as_ref(), cause)
            };
            Failure {
                kind: "plan_file",
                message: say("plan-file-io", &[("cause", of_io(words, cause).into())]),
                hint: Some(hint),
                exit: Exit::Usage,
            }
        }
        PlanFileError::NotAPlan {
            line,
            column,
            message,
        } => {
            let (line, column) = (line.to_string(), column.to_string());
            let more = [
                ("line", line.as_str().into()),
                ("column", column.as_str().into()),
                ("fault", message.as_str().into()),
            ];
            failure(
                "plan_file",
                say("plan-file-no-plan", &more),
                "hint-plan-anew",
            )
        }
        PlanFileError::CutOff { line } => {
            let line = line.to_string();
            let said = say("plan-file-cut-off", &[("line", line.as_str().into())]);
            failure("plan_file", said, "hint-plan-anew")
        }
        PlanFileError::AnotherFormat { found } => {
            let said = say("plan-file-format", &[("found", found.as_str().into())]);
            failure("plan_file", said, "hint-plan-anew")
        }
        PlanFileError::Edited { .. } => Failure {
            exit: Exit::Refused,
            ..failure(
                "plan_edited",
                say("plan-file-edited", &[]),
                "hint-plan-anew",
            )
        },
    }
}

/// Names everybody of whom something has changed.
pub(crate) fn has_moved(words: &Words, path: &str, moved: &[Moved]) -> Failure {
    /// So many are named in a message.
    const NAMED: usize = 50;
    let line = |one: &Moved| {
        let on: Vec<&str> = one.on.iter().map(ProviderId::as_str).collect();
        let on = if on.is_empty() {
            words.say("plan-moved-refused")
        } else {
            on.join(", ")
        };
        format!("\n- {}: {on}", one.person)
    };
    let mut message = words.say_with(
        "plan-moved",
        &[("path", path.into()), ("people", moved.len().into())],
    );
    message.extend(moved.iter().take(NAMED).map(line));
    if let Some(more) = moved.len().checked_sub(NAMED).filter(|more| *more > 0) {
        message.push_str(&words.say_with("plan-moved-more", &[("people", more.into())]));
    }
    Failure {
        kind: "plan_moved",
        message,
        hint: Some(words.say("plan-moved-hint")),
        exit: Exit::Refused,
    }
}
