//! What stands in the body of a refusal.

use std::collections::BTreeSet;

use kadry_core::ErrorKind;
use kadry_http::{Answer, Explained};
use serde_json::Value;

/// Returns what a refusal says beyond its status: codes and the names of members, never its texts, which are localised and quote values.
pub(crate) fn explain(answer: &Answer) -> Explained {
    // A fault of the server and of its proxy comes as an HTML page, whatever was asked for.
    if answer.status.is_server_error() {
        return Explained {
            kind: None,
            message: None,
        };
    }
    let refusal = Refusal::read(&answer.body);
    Explained {
        kind: refusal.kind(answer.status.as_u16()),
        message: refusal.message(),
    }
}

#[derive(Debug, Default)]
struct Refusal {
    codes: BTreeSet<String>,
    members: BTreeSet<String>,
}

impl Refusal {
    /// Reads `errors`, whose rows are objects from the API and texts from the sign-in.
    fn read(body: &[u8]) -> Self {
        let mut refusal = Self::default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let rows = body.get("errors").and_then(Value::as_array);
        for row in rows.into_iter().flatten() {
            refusal
                .codes
                .extend(row.get("code").and_then(Value::as_str).and_then(word));
            let fields = row.get("fields").and_then(Value::as_object);
            refusal.members.extend(
                fields
                    .into_iter()
                    .flatten()
                    .filter_map(|(name, _)| word(name)),
            );
            let pointer = row
                .pointer("/source/pointer")
                .and_then(Value::as_str)
                .and_then(|pointer| pointer.rsplit('/').next());
            refusal.members.extend(pointer.and_then(word));
        }
        refusal
    }

    /// Both keys are checked for their form before they are sent, so that a complaint about one of them means that it is taken.
    fn kind(&self, status: u16) -> Option<ErrorKind> {
        let named = |name: &str| self.members.contains(name);
        let about_a_key = named("email") || named("integration_uid");
        (matches!(status, 400 | 409 | 422) && about_a_key).then_some(ErrorKind::Conflict)
    }

    fn message(&self) -> Option<String> {
        let join = |words: &BTreeSet<String>| {
            words
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match (self.codes.is_empty(), self.members.is_empty()) {
            (true, true) => None,
            (false, true) => Some(join(&self.codes)),
            (true, false) => Some(format!("about {}", join(&self.members))),
            (false, false) => Some(format!(
                "{} about {}",
                join(&self.codes),
                join(&self.members)
            )),
        }
    }
}

/// Returns an identifier in snake case, or nothing for a text that is none.
fn word(text: &str) -> Option<String> {
    let is_word = !text.is_empty()
        && text.len() <= 60
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
        });
    is_word.then(|| text.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> (Option<ErrorKind>, Option<String>) {
        let refusal = Refusal::read(body.as_bytes());
        (refusal.kind(422), refusal.message())
    }

    #[test]
    fn a_taken_key_is_a_conflict_in_any_language() {
        let body = r#"{"errors":[{"status":422,"code":"unprocessable_entity","title":"…","detail":" Уже занят",
            "fields":{"integration_uid":["Уже занят"]}}]}"#;
        assert_eq!(
            read(body),
            (
                Some(ErrorKind::Conflict),
                Some("unprocessable_entity about integration_uid".to_owned())
            )
        );
    }

    #[test]
    fn other_complaints_are_left_to_the_status() {
        let body = r#"{"errors":[{"status":"422","fields":{"base":["…"],"unit-id":["…"]}}]}"#;
        assert_eq!(read(body), (None, Some("about base, unit_id".to_owned())));
    }

    #[test]
    fn texts_html_and_nothing_say_nothing() {
        for body in [
            r#"{"success":false,"errors":["anna@example.test is unknown"]}"#,
            "<html>502</html>",
            "",
            "[]",
            r#"{"errors":{"email":["taken"]}}"#,
        ] {
            assert_eq!(read(body), (None, None), "{body}");
        }
    }

    #[test]
    fn what_is_no_identifier_never_enters_a_message() {
        let body = r#"{"errors":[{"code":"anna@example.test","fields":{"Анна":["…"]}}]}"#;
        assert_eq!(read(body), (None, None));
    }
}
