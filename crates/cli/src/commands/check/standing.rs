//! What we are on a platform: which account, whose clock, and for how long.

use kadry_core::Standing;

use super::finding::Finding;
use crate::ui::time::local;
use crate::words::Words;

const PART: &str = "platform";

/// The platform writes its time in whole seconds, so that a second is within its word.
const AGREES_MS: i64 = 1_000;

/// A clock that is further off makes the order of what happened doubtful.
const DOUBTFUL_MS: i64 = 60_000;

/// A clock that is further off makes tokens end early or late.
const WRONG_MS: i64 = 5 * 60_000;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A credential that ends sooner leaves no time to get another one.
const SOON_DAYS: i64 = 7;

/// Tells whether the account is the one that the store remembers.
pub(super) fn tenant(words: &Words, standing: &Standing, known: Option<&str>) -> Finding {
    let now = ("tenant", standing.tenant.as_str().into());
    match known {
        None => {
            let said = words.say_with("check-tenant-first", &[now]);
            Finding::ok(PART, "tenant", said)
        }
        Some(known) if known == standing.tenant => {
            let said = words.say_with("check-tenant-known", &[now]);
            Finding::ok(PART, "tenant", said)
        }
        Some(known) => {
            let said = words.say_with("check-tenant-other", &[now, ("known", known.into())]);
            Finding::warning(PART, "tenant", said, words.say("check-hint-tenant"))
        }
    }
}

/// Tells whether the platform's clock and ours agree.
pub(super) fn clock(words: &Words, ahead_ms: Option<i64>) -> Finding {
    let Some(ahead_ms) = ahead_ms else {
        return Finding::ok(PART, "clock", words.say("check-clock-untold"));
    };
    let off_ms = ahead_ms.saturating_abs();
    if off_ms <= AGREES_MS {
        return Finding::ok(PART, "clock", words.say("check-clock-agrees"));
    }
    let side = if ahead_ms > 0 { "ahead" } else { "behind" };
    let seconds = (off_ms / 1_000).to_string();
    let off = [("side", side.into()), ("seconds", seconds.into())];
    let said = words.say_with("check-clock-off", &off);
    let hint = words.say("check-hint-clock");
    if off_ms > WRONG_MS {
        Finding::failure(PART, "clock", said, Some(hint))
    } else if off_ms > DOUBTFUL_MS {
        Finding::warning(PART, "clock", said, hint)
    } else {
        Finding::ok(PART, "clock", said)
    }
}

/// Tells how long the credential lasts.
pub(super) fn expiry(words: &Words, expires_at_ms: Option<i64>, now_ms: i64) -> Finding {
    let Some(at_ms) = expires_at_ms else {
        return Finding::ok(PART, "expiry", words.say("check-expiry-untold"));
    };
    let left_ms = at_ms.saturating_sub(now_ms);
    let days = left_ms.div_euclid(DAY_MS);
    let facts = [("days", days.max(0).into()), ("at", local(at_ms).into())];
    let hint = words.say("check-hint-expiry");
    if left_ms <= 0 {
        let said = words.say_with("check-expiry-ended", &facts[1..]);
        Finding::failure(PART, "expiry", said, Some(hint))
    } else {
        let said = words.say_with("check-expiry", &facts);
        if days < SOON_DAYS {
            Finding::warning(PART, "expiry", said, hint)
        } else {
            Finding::ok(PART, "expiry", said)
        }
    }
}
