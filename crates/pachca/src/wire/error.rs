//! What a refusal means.

use kadry_core::ErrorKind;
use kadry_http::{Answer, Explained};
use serde_json::Value;

/// Reads the body of a refusal. Only codes and names of fields are taken: values and texts may hold personal data.
///
/// Two shapes are documented, `{"errors": [{"key", "value", "message", "code", "payload"}]}` and
/// `{"error", "error_description"}`, and a 403 can be either; a 429 is plain text, and a gateway's 5xx can be anything.
/// <https://dev.pachca.com/api/errors> Checked 2026-11.
pub(crate) fn explain(answer: &Answer) -> Explained {
    let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
        return Explained::default();
    };
    if let Some(items) = body.get("errors").and_then(Value::as_array) {
        let codes: Vec<&str> = items.iter().filter_map(|item| text(item, "code")).collect();
        return Explained {
            kind: codes.iter().find_map(|code| meaning(code)),
            message: Some(
                items
                    .iter()
                    .filter_map(sentence)
                    .collect::<Vec<_>>()
                    .join(", "),
            )
            .filter(|message| !message.is_empty()),
        };
    }
    match (text(&body, "error"), text(&body, "error_description")) {
        (Some(error), Some(description)) => Explained {
            kind: None,
            message: Some(format!("{error}: {description}")),
        },
        (Some(error), None) => Explained {
            kind: None,
            message: Some(error.to_owned()),
        },
        (None, _) => Explained::default(),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn sentence(item: &Value) -> Option<String> {
    let code = text(item, "code")?;
    Some(match text(item, "key") {
        Some(key) => format!("{code} ({key})"),
        None => code.to_owned(),
    })
}

/// What a code says beyond its status. The enumeration is open: an unknown code leaves the meaning to the status.
fn meaning(code: &str) -> Option<ErrorKind> {
    match code {
        // The status of a duplicate was 422 and is 409 since 2026-08. <https://dev.pachca.com/api/users/create> Checked 2026-11.
        "already_exists" | "taken" => Some(ErrorKind::Conflict),
        "owner_protected" | "self_update" | "cannot_kick_owner" | "already_assigned" => {
            Some(ErrorKind::Conflict)
        }
        "licenses_limit" | "daily_invites_limit" | "payment_required" => Some(ErrorKind::Billing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use kadry_http::{HeaderMap, StatusCode};

    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::new(
            StatusCode::from_u16(status).unwrap_or_default(),
            HeaderMap::new(),
            body.to_owned().into(),
        )
    }

    fn explained(status: u16, body: &str) -> (Option<ErrorKind>, Option<String>) {
        let Explained { kind, message } = explain(&answer(status, body));
        (kind, message)
    }

    #[test]
    fn a_duplicate_is_a_conflict_under_both_of_its_statuses() {
        for (status, code) in [(409, "already_exists"), (422, "taken")] {
            let body = format!(
                r#"{{"errors":[{{"key":"email","value":"a@example.test","message":"…","code":"{code}","payload":null}}]}}"#
            );
            assert_eq!(
                explained(status, &body),
                (Some(ErrorKind::Conflict), Some(format!("{code} (email)")))
            );
        }
    }

    #[test]
    fn a_limit_of_the_plan_is_a_matter_of_billing() {
        for code in ["licenses_limit", "daily_invites_limit", "payment_required"] {
            let body =
                format!(r#"{{"errors":[{{"code":"{code}","message":"…","payload":{{}}}}]}}"#);
            assert_eq!(
                explained(422, &body),
                (Some(ErrorKind::Billing), Some(code.to_owned()))
            );
        }
    }

    #[test]
    fn a_protected_owner_is_a_conflict_and_a_policy_refusal_is_left_to_its_status() {
        let owner = r#"{"errors":[{"key":"base","code":"owner_protected","message":"…"}]}"#;
        assert_eq!(explained(403, owner).0, Some(ErrorKind::Conflict));
        let policy = r#"{"errors":[{"key":"base","code":"not_authorized","message":"…"}]}"#;
        assert_eq!(explained(403, policy).0, None);
    }

    #[test]
    fn a_missing_scope_is_named() {
        let body = r#"{"error":"insufficient_scope","error_description":"Insufficient scope. Required: users:create"}"#;
        assert_eq!(
            explained(403, body),
            (
                None,
                Some("insufficient_scope: Insufficient scope. Required: users:create".to_owned())
            )
        );
    }

    #[test]
    fn what_is_not_json_or_has_another_shape_explains_nothing() {
        for body in [
            "Too many requests",
            "<html>",
            "null",
            r#"{"errors":"?"}"#,
            r#"{"errors":[]}"#,
        ] {
            assert_eq!(explained(429, body), (None, None), "{body}");
        }
    }
}
