#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use kadry_core::memory::{capable, listed_by_id, presets};
use kadry_core::{FieldName, KindName, OnLeave};
use serde_json::{Value, json};

use super::*;
use crate::words::Lang;

fn words() -> Words {
    Words::new(Lang::En)
}

fn missing(scope: &'static str) -> Reason {
    Reason::about("scope-missing", scope)
}

/// Returns a kind of grant that is written by itself.
fn chats() -> GrantKind {
    capable().kind(&KindName::CHAT).unwrap().clone()
}

/// Returns a kind of grant that is written with the record.
fn tags() -> GrantKind {
    capable().kind(&KindName::TAG).unwrap().clone()
}

fn why(kind: &GrantKind) -> String {
    let cell = granting(&words(), kind);
    assert!(!cell.yes, "{cell:?}");
    cell.why.unwrap()
}

fn told(words: &Words, capability: &Capability) -> Value {
    serde_json::to_value(Answers::of(words, capability)).unwrap()
}

#[test]
fn a_kind_that_is_written_by_itself_names_the_right_that_is_missing() {
    let mut kind = chats();
    kind.alone = Support::No(missing("chat_members:write"));
    assert_eq!(why(&kind), "The token lacks the scope chat_members:write.");
}

#[test]
fn a_kind_that_is_written_with_the_record_names_the_right_that_is_missing() {
    let mut kind = tags();
    kind.on_create = Support::No(missing("users:create"));
    kind.on_update = Write::No(missing("users:update"));
    assert_eq!(why(&kind), "The token lacks the scope users:update.");
}

#[test]
fn a_right_that_only_the_creation_lacks_is_named_when_nothing_else_tells() {
    let mut kind = tags();
    kind.on_create = Support::No(missing("users:create"));
    kind.on_update = Write::No(Reason::new("written-by-itself"));
    assert_eq!(why(&kind), "The token lacks the scope users:create.");
}

#[test]
fn a_platform_that_answers_in_circles_is_given_a_reason_all_the_same() {
    let mut kind = chats();
    kind.alone = Support::no("written-with-the-record");
    let said = why(&kind);
    assert_eq!(said, "It is written with the record and not by itself.");
}

#[test]
fn every_answer_is_either_a_yes_or_a_no_with_its_reason() {
    let told = told(&words(), &listed_by_id());
    assert_eq!(told["create"], json!({ "supported": true }));
    let no = json!({
        "supported": false,
        "reason": "no-such-call",
        "why": "The platform offers no way to do it.",
    });
    assert_eq!(told["remove"], no);
    let phone = &told["fields"]["phone"];
    assert_eq!(phone["create"]["reason"], "update-only");
    assert_eq!(phone["update"], json!({ "supported": true }));
    let keys = json!([
        { "key": "external_id", "found_by": "listing" },
        { "key": "email", "found_by": "asking_then_listing" },
    ]);
    assert_eq!(told["match_by"], keys);
    assert_eq!(told["required"], json!(["email"]));
    assert_eq!(told["create_notice"], "never");
    let forgets = json!([{
        "reason": "memory-forgets",
        "why": "What is kept in memory is forgotten when the program ends.",
    }]);
    assert_eq!(told["caveats"], forgets);
    assert_eq!(told["on_remove"], forgets);
    assert_eq!(told["on_suspend"], json!([]));
}

#[test]
fn a_missing_right_is_named_beside_its_sentence() {
    let mut poor = capable();
    poor.list = Support::No(missing("users:read"));
    let no = json!({
        "supported": false,
        "reason": "scope-missing",
        "detail": "users:read",
        "why": "The token lacks the scope users:read.",
    });
    assert_eq!(told(&words(), &poor)["list"], no);
}

#[test]
fn every_question_about_a_kind_of_grant_is_answered() {
    let mut chat = chats();
    chat.hand_over = Support::Yes;
    chat.on_leave = OnLeave::Keep(Reason::new("status-stays"));
    let mut messenger = capable();
    messenger.grants = vec![chat];
    let by_itself = json!({
        "supported": false,
        "reason": "written-by-itself",
        "why": "It is written by itself and not with the record.",
    });
    let expected = json!({
        "kind": "chat",
        "role_key": "chats",
        "holds": "many",
        "on_create": by_itself,
        "on_update": by_itself,
        "clear": { "supported": true },
        "alone": { "supported": true },
        "together": false,
        "read": "catalogue",
        "catalogue": { "supported": true },
        "define": {
            "supported": false,
            "reason": "no-such-call",
            "why": "The platform offers no way to do it.",
        },
        "while_suspended": {
            "supported": false,
            "reason": "hidden-while-suspended",
            "why": "The platform does not show it while the person is suspended.",
        },
        "on_leave": {
            "does": "keep",
            "reason": "status-stays",
            "why": "The status stays on the record.",
        },
        "hand_over": { "supported": true },
        "after": ["tag"],
        "follows_department": false,
    });
    assert_eq!(told(&words(), &messenger)["grants"], json!([expected]));
}

#[test]
fn words_for_programs_are_told_apart_and_stay_the_same_in_every_language() {
    let mut holds = BTreeSet::new();
    let mut sends = BTreeSet::new();
    for (name, capability) in presets() {
        let english = told(&words(), &capability);
        let mut russian = told(&Words::new(Lang::Ru), &capability);
        assert_eq!(
            english["fields"].as_object().unwrap().len(),
            FieldName::ALL.len()
        );
        for kind in english["grants"].as_array().unwrap() {
            holds.insert(kind["holds"].as_str().unwrap().to_owned());
            sends.extend(kind["on_update"]["sends"].as_str().map(str::to_owned));
            let leaving = &kind["on_leave"];
            assert_eq!(leaving["does"] == "keep", leaving["why"].is_string());
        }
        let mut english = english;
        forget_sentences(&mut english);
        forget_sentences(&mut russian);
        assert_eq!(english, russian, "{name}");
    }
    let holds: Vec<_> = holds.iter().map(String::as_str).collect();
    assert_eq!(holds, ["at_most_one", "exactly_one", "many", "values"]);
    let sends: Vec<_> = sends.iter().map(String::as_str).collect();
    assert_eq!(sends, ["delta", "whole_set"]);
}

fn forget_sentences(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(why) = members.remove("why") {
                assert!(why.as_str().unwrap().ends_with('.'), "{why}");
            }
            members.values_mut().for_each(forget_sentences);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_sentences),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
