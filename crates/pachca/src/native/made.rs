//! Whom the platform left out of a chat that was made.

use kadry_core::{NativeCall, Rest};
use serde_json::Value;

use super::fresh;

/// Returns whom the platform left out of a chat that was made: those whom it does not know or does not let in, of whom it says nothing.
/// <https://dev.pachca.com/api/chats/create> Checked 2026-11.
pub(super) fn rest(call: &NativeCall, before: &Value, after: &Value) -> Option<Rest> {
    let (id, left) = match after.get("id").and_then(Value::as_i64) {
        Some(id) => (id, left_out(call, after)),
        None => fresh::made(before, after)?,
    };
    let add = NativeCall::new("members add").with("id", id.to_string());
    let call = left.iter().fold(add, |add, id| add.with("member_ids", id));
    (!left.is_empty()).then_some(Rest { left, call })
}

pub(super) fn left_out(call: &NativeCall, chat: &Value) -> Vec<String> {
    let members = chat.get("member_ids").and_then(Value::as_array);
    let is_in = |id: &&String| {
        let id: Option<i64> = id.parse().ok();
        members.is_some_and(|members| members.iter().any(|member| member.as_i64() == id))
    };
    let asked = call.all("member_ids").iter();
    asked.filter(|id| !is_in(id)).cloned().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_was_left_out_of_a_new_chat_is_named() {
        let call = NativeCall::new("chats create")
            .with("member_ids", "9")
            .with("member_ids", "10");
        let made = |ids: Value| json!({"id": 5, "member_ids": ids});
        let of = |after: &Value| rest(&call, &Value::Null, after);
        assert_eq!(of(&made(json!([1, 9, 10]))), None);
        let left = of(&made(json!([1, 9]))).unwrap();
        assert_eq!(left.left, ["10"]);
        assert_eq!(left.call.to_string(), "members add --id 5 --member_ids 10");
    }

    #[test]
    fn whoever_was_left_out_is_named_by_a_look_too() {
        let call = NativeCall::new("chats create").with("member_ids", "9");
        let before = json!({"same": [4], "newest": 4, "oldest": 4, "more": false});
        let mut now = json!({"same": [5, 4], "newest": 5, "oldest": 4, "more": false,
            "without": {"5": ["9"], "4": ["9"]}});
        let left = rest(&call, &before, &now).unwrap();
        assert_eq!(left.call.to_string(), "members add --id 5 --member_ids 9");
        now["without"] = json!({"4": ["9"]});
        assert_eq!(rest(&call, &before, &now), None);
    }
}
