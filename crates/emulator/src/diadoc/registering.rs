//! Registering powers of attorney (МЧД): telling Diadoc of one that the tax service has, which takes a while.

use axum::http::StatusCode;

use super::call::{Answer, Call, Refusal};
use super::company::{Company, Registration};
use super::{powers, proto};

/// For how long a wish waits, and how long it takes altogether. No page says; a client has to ask again.
const QUEUED_MS: i64 = 1_000;
const DONE_MS: i64 = 2_000;

/// Takes a wish. Asking again for what is known already is a new wish, which is granted at once.
pub(super) fn ask(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let body = call.message();
    body.only(&["FullId", "Content"])?;
    if body.has("FullId") == body.has("Content") {
        return Err(Refusal::bad("Either FullId or Content is required"));
    }
    let Some(id) = body.message("FullId")? else {
        return Err(Refusal::new(
            StatusCode::NOT_IMPLEMENTED,
            "This emulator registers powers of attorney only by their id",
        ));
    };
    let power = powers::full_id(company, &id)?;
    let found = power.and_then(|index| company.powers.get_mut(index));
    let mut done_ms = call.now_ms + DONE_MS;
    if let Some(found) = found {
        if found.is_known(call.now_ms) {
            done_ms = call.now_ms;
        } else {
            done_ms = found.known_ms.unwrap_or(done_ms).min(done_ms);
            found.known_ms = Some(done_ms);
        }
    }
    let task_id = company.mint();
    company.registrations.push(Registration {
        task: task_id.clone(),
        by: call.caller,
        power,
        asked_ms: call.now_ms,
        done_ms,
    });
    Ok(Answer::of(proto::AsyncMethodResult { task_id }))
}

/// Tells what became of a wish, to the one who had it and to administrators.
pub(super) fn result(company: &mut Company, call: &Call) -> Result<Answer, Refusal> {
    let task = call
        .query
        .get("taskId")
        .ok_or_else(|| Refusal::bad("Could not get taskId from query param"))?;
    let wish = company
        .registrations
        .iter()
        .find(|wish| wish.task.eq_ignore_ascii_case(task))
        .ok_or_else(|| Refusal::not_found(format!("Task [{task}] is not found")))?;
    let leads = company
        .employee(call.caller)
        .is_some_and(|employee| employee.administrator);
    if wish.by != call.caller && !leads {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "Only an administrator may ask about the task of another employee",
        ));
    }
    let said = |operation_status: &str| proto::PowerOfAttorneyRegisterResult {
        operation_status: operation_status.to_owned(),
        ..proto::PowerOfAttorneyRegisterResult::default()
    };
    if call.now_ms < wish.done_ms {
        let waits = call.now_ms < wish.asked_ms + QUEUED_MS;
        return Ok(Answer::of(said(if waits {
            "Queued"
        } else {
            "Processing"
        })));
    }
    let Some(power) = wish.power.and_then(|index| company.powers.get(index)) else {
        // Codes stand on no page: this one is made up. Checked 2026-11.
        let error = proto::PowerOfAttorneyOperationError {
            code: "PowerOfAttorneyNotFound".to_owned(),
            text: "Power of attorney not found".to_owned(),
        };
        return Ok(Answer::of(proto::PowerOfAttorneyRegisterResult {
            errors: vec![error],
            ..said("Error")
        }));
    };
    Ok(Answer::of(proto::PowerOfAttorneyRegisterResult {
        power_of_attorney: Some(powers::show_power(power)),
        status: Some(proto::PowerOfAttorneyStatus {
            status: power.status(call.now_ms).to_owned(),
            last_check_at: Some(proto::Timestamp::at(wish.done_ms)),
        }),
        ..said("Done")
    }))
}
