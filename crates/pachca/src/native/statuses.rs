//! What people show under their names, and whether they are away.

use jiff::Timestamp;
use kadry_core::{Back, Brake, Does, Look, NativeCall, Operation, Parameter, Result, Takes};
use serde_json::Value;

use super::row::{WHO, WHOM, required, say, takes, text};
use super::{check, single};
use crate::Pachca;
use crate::map;
use crate::wire;

/// The longest message of the away mode, in characters. <https://dev.pachca.com/api/users/update-status> Checked 2026-11.
const LONGEST_MESSAGE: usize = 1024;

/// The emoji and the title are always asked for: whether either may be left out is told differently in the vendor's documents.
/// <https://dev.pachca.com/api/users/update-status> Checked 2026-11.
pub(super) const EMOJI: Parameter = required(text("emoji", "Exactly one emoji", "Один эмодзи"));
pub(super) const TITLE: Parameter = required(text(
    "title",
    "The text, 50 characters at most",
    "Текст, не больше 50 знаков",
));
pub(super) const EXPIRES_AT: Parameter = takes(
    "expires_at",
    Takes::Moment,
    "When it ends",
    "Когда закончится",
);
pub(super) const IS_AWAY: Parameter = takes(
    "is_away",
    Takes::Flag,
    "Whether it says that the person is away",
    "Включить режим «Нет на месте»",
);
pub(super) const AWAY_MESSAGE: Parameter = text(
    "away_message",
    "What those read who write to a person who is away",
    "Что увидит тот, кто пишет отсутствующему",
);

pub(super) const SHOW: Operation = Operation {
    noun: "status",
    verb: "show",
    parameters: &[WHO],
    help: say("Show somebody's status", "Показать статус сотрудника"),
    example: "pachca status show --user_id anna@example.test",
    endpoint: "GET /users/{user_id}/status",
    does: Does::Shows,
};

pub(super) const SET: Operation = Operation {
    noun: "status",
    verb: "set",
    parameters: &[WHOM, EMOJI, TITLE, EXPIRES_AT, IS_AWAY, AWAY_MESSAGE],
    help: say(
        "Give people a status, with away mode where asked",
        "Поставить сотрудникам статус, при желании «Нет на месте»",
    ),
    example: "pachca status set --user_id anna@example.test --emoji 🏖️ --title 'В отпуске' \
              --expires_at 2026-12-31T21:00:00Z --is_away true --away_message 'Вернусь в январе'",
    endpoint: "PUT /users/{user_id}/status",
    does: Does::Writes {
        brakes: &[Brake::Update],
    },
};

pub(super) const CLEAR: Operation = Operation {
    noun: "status",
    verb: "clear",
    parameters: &[WHOM],
    help: say("Take people's status away", "Снять статус сотрудников"),
    example: "pachca status clear --user_id anna@example.test",
    endpoint: "DELETE /users/{user_id}/status",
    does: Does::Writes {
        brakes: &[Brake::Update],
    },
};

/// Returns the single changes of a call whose names have become ids.
pub(super) fn resolve(call: &NativeCall) -> Result<Vec<NativeCall>> {
    if let (Some(emoji), Some(title)) = (call.one("emoji"), call.one("title")) {
        if !map::is_one_emoji(emoji) {
            return Err(check::wrong("a status is exactly one emoji", "emoji"));
        }
        check::not_longer("title", title, map::LONGEST_TITLE)?;
    }
    if let Some(message) = call.one("away_message") {
        check::not_longer("away_message", message, LONGEST_MESSAGE)?;
    }
    Ok(single(call, "user_id"))
}

/// Returns what takes a status away, or puts the one back that was there.
pub(super) fn back(call: &NativeCall, before: &Value, after: &Value) -> Back {
    // What is left out of a status stays as it is, so no single call takes an end or a message off again.
    // https://dev.pachca.com/api/users/update-status Checked 2026-11.
    let gained = |name: &&str| !before.is_null() && has(after, name) && !has(before, name);
    let gained = ["expires_at", "away_message"].into_iter().filter(gained);
    Back::from(the_old(call, before, after)).except(&gained.collect::<Vec<_>>())
}

fn the_old(call: &NativeCall, before: &Value, after: &Value) -> Option<NativeCall> {
    let of_same_person = |set: bool| {
        let operation = match (call.operation.split_once(' ')?.0, set) {
            ("status", true) => "status set",
            ("status", false) => "status clear",
            (_, true) => "profile set-status",
            (_, false) => "profile clear-status",
        };
        let other = NativeCall::new(operation);
        Some(match call.one("user_id") {
            Some(user) => other.with("user_id", user),
            None => other,
        })
    };
    if before.is_null() {
        return if after.is_null() {
            None
        } else {
            of_same_person(false)
        };
    }
    let mut set = of_same_person(true)?;
    for name in ["emoji", "title", "expires_at"] {
        if let Some(text) = member(before, name) {
            set = set.with(name, text);
        }
    }
    if let Some(away) = before.get("is_away").and_then(Value::as_bool) {
        set = set.with("is_away", away.to_string());
    }
    if let Some(message) = away_message(before) {
        set = set.with("away_message", message);
    }
    Some(set)
}

/// Says whether the status is as the call wants it; what the call leaves out is not compared.
pub(super) fn stands(call: &NativeCall, now: &Value) -> Look {
    let Some(emoji) = call.one("emoji") else {
        return check::found_if(now.is_null());
    };
    let plain = |emoji: &str| emoji.trim().replace(map::EMOJI_STYLE, "");
    let is_emoji = member(now, "emoji").is_some_and(|now| plain(now) == plain(emoji));
    let same = |name: &str, now: Option<&str>| {
        call.one(name)
            .is_none_or(|wanted| now.map(str::trim) == Some(wanted))
    };
    let away = now.get("is_away").and_then(Value::as_bool);
    let away = away.map(|away| away.to_string());
    let ends = call.one("expires_at").is_none_or(|wanted| {
        let now = member(now, "expires_at").and_then(moment_ms);
        now.is_some() && now == moment_ms(wanted)
    });
    check::found_if(
        is_emoji
            && ends
            && same("title", member(now, "title"))
            && same("is_away", away.as_deref())
            && same("away_message", away_message(now)),
    )
}

fn moment_ms(text: &str) -> Option<i64> {
    wire::moment_ms(text)
}

fn has(status: &Value, name: &str) -> bool {
    status.get(name).is_some_and(|member| !member.is_null())
}

fn member<'a>(status: &'a Value, name: &str) -> Option<&'a str> {
    status.get(name).and_then(Value::as_str)
}

/// It is written as a text and read as an object. <https://dev.pachca.com/api/users/update-status> Checked 2026-11.
fn away_message(status: &Value) -> Option<&str> {
    member(status.get("away_message")?, "text")
}

impl Pachca {
    /// Returns the status that a call is about; null where there is none, or where it is over and still shown.
    /// <https://dev.pachca.com/api/users/get-status> Checked 2026-11.
    pub(super) async fn look_at_status(&self, call: &NativeCall) -> Result<Value> {
        let path = match call.one("user_id") {
            Some(_) => format!("/users/{}/status", check::id(call, "user_id")?),
            None => "/profile/status".to_owned(),
        };
        let status = self.shown(&path).await?;
        let ends_ms = member(&status, "expires_at").and_then(moment_ms);
        let is_over = ends_ms.is_some_and(|ends_ms| ends_ms <= self.api.line.now_ms());
        Ok(if is_over { Value::Null } else { status })
    }
}

/// Refuses a status that would be over before it is seen.
///
/// # Errors
///
/// `Invalid` for one that ends in the past.
pub(super) fn refuse_past(call: &NativeCall, now_ms: i64) -> Result<()> {
    let ends: Option<Timestamp> = call.one("expires_at").and_then(|text| text.parse().ok());
    match ends {
        Some(ends) if ends.as_millisecond() <= now_ms => Err(check::wrong(
            "the status would be over at once",
            "expires_at",
        )),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use kadry_core::ErrorKind;
    use serde_json::json;

    use super::*;

    fn holiday() -> NativeCall {
        NativeCall::new("status set")
            .with("user_id", "9")
            .with("emoji", "🏖")
            .with("title", "В отпуске")
            .with("expires_at", "2026-12-31T21:00:00Z")
            .with("is_away", "true")
            .with("away_message", "Вернусь")
    }

    fn shown() -> Value {
        json!({
            "emoji": "🏖️", "title": "В отпуске", "expires_at": "2026-12-31T21:00:00.000Z", "is_away": true,
            "away_message": {"text": "Вернусь"},
        })
    }

    #[test]
    fn everybody_gets_the_status_in_a_change_of_their_own() {
        let calls = resolve(&holiday().with("user_id", "10")).unwrap();
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0], holiday());
        assert_eq!(calls[1].all("user_id"), ["10"]);
        for (name, value) in [
            ("emoji", "отпуск"),
            ("title", &*"я".repeat(51)),
            ("away_message", &*"я".repeat(1025)),
        ] {
            let mut call = holiday();
            call.arguments
                .insert(name.to_owned(), vec![value.to_owned()]);
            assert_eq!(
                resolve(&call).unwrap_err().kind(),
                ErrorKind::Invalid,
                "{name}"
            );
        }
    }

    #[test]
    fn a_status_stands_with_everything_that_was_asked_for() {
        assert_eq!(stands(&holiday(), &shown()), Look::Found);
        assert_eq!(stands(&holiday(), &Value::Null), Look::Absent);
        for (name, value) in [
            ("emoji", json!("🎮")),
            ("title", json!("Здесь")),
            ("expires_at", json!(null)),
            ("is_away", json!(false)),
            ("away_message", json!(null)),
        ] {
            let mut other = shown();
            other[name] = value;
            assert_eq!(stands(&holiday(), &other), Look::Absent, "{name}");
        }
        let clear = NativeCall::new("status clear").with("user_id", "9");
        assert_eq!(stands(&clear, &Value::Null), Look::Found);
        assert_eq!(stands(&clear, &shown()), Look::Absent);
    }

    #[test]
    fn the_old_status_comes_back_as_far_as_one_call_can_bring_it() {
        let clear = NativeCall::new("status clear").with("user_id", "9");
        assert_eq!(
            back(&holiday(), &Value::Null, &shown()),
            clear.clone().into()
        );
        let mut again = holiday();
        again
            .arguments
            .insert("emoji".to_owned(), vec!["🏖️".to_owned()]);
        again.arguments.insert(
            "expires_at".to_owned(),
            vec!["2026-12-31T21:00:00.000Z".to_owned()],
        );
        assert_eq!(back(&clear, &shown(), &Value::Null), again.into());
        assert_eq!(back(&clear, &Value::Null, &Value::Null), Back::default());
        let plain = json!({"emoji": "🎮", "title": "Здесь", "expires_at": null, "is_away": false, "away_message": null});
        let part = back(&holiday(), &plain, &shown());
        let old = NativeCall::new("status set")
            .with("user_id", "9")
            .with("emoji", "🎮")
            .with("title", "Здесь")
            .with("is_away", "false");
        assert_eq!(
            part,
            Back::from(old).except(&["expires_at", "away_message"])
        );
        let own = NativeCall::new("profile set-status")
            .with("emoji", "🎮")
            .with("title", "Здесь");
        let undo = back(&own, &Value::Null, &plain);
        assert_eq!(undo, NativeCall::new("profile clear-status").into());
    }

    #[test]
    fn a_status_that_is_over_at_once_is_refused() {
        let ends_ms = moment_ms("2026-12-31T21:00:00Z").unwrap();
        assert!(refuse_past(&holiday(), ends_ms - 1).is_ok());
        assert!(refuse_past(&holiday(), ends_ms).is_err());
    }
}
