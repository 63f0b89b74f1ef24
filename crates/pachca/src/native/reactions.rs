//! What people answered to a message with one sign.

use kadry_core::{Cursor, Does, Look, NativeCall, Operation, Parameter, Result, Takes, every_page};
use serde_json::Value;

use super::check;
use super::row::{required, say, takes, text};
use crate::Pachca;
use crate::map;

const ID: Parameter = required(takes(
    "id",
    Takes::Number,
    "The id of the message",
    "id сообщения",
));
const CODE: Parameter = required(text("code", "The emoji itself", "Сам эмодзи"));
const NAME: Parameter = text(
    "name",
    "Its name, such as :+1:, where it has one",
    "Его имя, например :+1:, если оно есть",
);

pub(super) const LIST: Operation = Operation {
    noun: "reactions",
    verb: "list",
    parameters: &[ID],
    help: say("List the reactions to a message", "Реакции на сообщение"),
    example: "pachca reactions list --id 256081",
    endpoint: "GET /messages/{id}/reactions",
    does: Does::Lists {
        columns: &["user_id", "code", "name", "created_at"],
    },
};

pub(super) const ADD: Operation = Operation {
    noun: "reactions",
    verb: "add",
    parameters: &[ID, CODE, NAME],
    help: say(
        "React to a message as the token's owner",
        "Поставить реакцию от имени владельца токена",
    ),
    example: "pachca reactions add --id 256081 --code 👍",
    endpoint: "POST /messages/{id}/reactions",
    does: Does::Writes { brakes: &[] },
};

pub(super) const REMOVE: Operation = Operation {
    noun: "reactions",
    verb: "remove",
    parameters: &[ID, CODE, NAME],
    help: say(
        "Take back a reaction of the token's owner",
        "Снять реакцию владельца токена",
    ),
    example: "pachca reactions remove --id 256081 --code 👍",
    endpoint: "DELETE /messages/{id}/reactions",
    does: Does::Writes { brakes: &[] },
};

/// Returns the single change of a call. A name in colons is refused where the sign itself belongs.
/// <https://dev.pachca.com/api/reactions/add> Checked 2026-11.
pub(super) fn resolve(call: &NativeCall) -> Result<Vec<NativeCall>> {
    if map::is_one_emoji(call.required("code")?) {
        Ok(vec![call.clone()])
    } else {
        Err(check::wrong("a reaction is exactly one emoji", "code"))
    }
}

/// Says whether our reaction is as the call wants it.
pub(super) fn stands(verb: &str, now: &Value) -> Look {
    check::found_if((verb == "add") != now.is_null())
}

/// Returns what takes the change back.
pub(super) fn back(verb: &str, call: &NativeCall, before: &Value) -> Option<NativeCall> {
    let (other, changed) = match verb {
        "add" => ("reactions remove", before.is_null()),
        _ => ("reactions add", !before.is_null()),
    };
    changed.then(|| NativeCall {
        operation: other.to_owned(),
        arguments: call.arguments.clone(),
    })
}

impl Pachca {
    /// Returns our reaction to a message; null where there is none.
    pub(super) async fn look_at_reaction(&self, call: &NativeCall) -> Result<Value> {
        let list = NativeCall::new("reactions list").with("id", call.required("id")?);
        let code = call.required("code")?;
        let ours = |row: &Value| {
            row.get("user_id").and_then(Value::as_i64) == Some(self.api.viewer.id)
                && row.get("code").and_then(Value::as_str).map(str::trim) == Some(code)
        };
        let mut found = None;
        let list = &list;
        let page =
            |from: Option<Cursor>| async move { self.turn(&LIST, list, from.as_ref()).await };
        every_page(page, |rows| {
            if found.is_none() {
                found = rows.into_iter().find(ours);
            }
        })
        .await?;
        Ok(found.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reaction_is_one_sign() {
        let of = |code: &str| {
            let call = NativeCall::new("reactions add").with("id", "1");
            resolve(&call.with("code", code)).is_ok()
        };
        assert!(of("👍") && of("❤️"));
        assert!(!of(":+1:") && !of("👍👍") && !of("да"));
    }

    #[test]
    fn adding_and_removing_take_each_other_back() {
        let ours = json!({"user_id": 1, "code": "👍"});
        let add = NativeCall::new("reactions add")
            .with("id", "1")
            .with("code", "👍");
        let undo = back("add", &add, &Value::Null).unwrap_or_default();
        assert_eq!(undo.to_string(), "reactions remove --code 👍 --id 1");
        assert_eq!(back("remove", &undo, &ours), Some(add.clone()));
        assert_eq!(back("add", &add, &ours), None);
        assert_eq!(back("remove", &undo, &Value::Null), None);
        assert_eq!(stands("add", &ours), Look::Found);
        assert_eq!(stands("add", &Value::Null), Look::Absent);
        assert_eq!(stands("remove", &ours), Look::Absent);
        assert_eq!(stands("remove", &Value::Null), Look::Found);
    }
}
