//! Moments on a page, which may be read far away and years later: the time zone stands with them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Returns the time of this machine, in milliseconds since the Unix epoch.
pub(super) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

fn written(unix_ms: i64, form: &str) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(
        |_| unix_ms.to_string(),
        |at| at.to_zoned(TimeZone::system()).strftime(form).to_string(),
    )
}

/// Returns a moment in the time zone of this machine, and how far that is from UTC.
pub(super) fn moment(unix_ms: i64) -> String {
    format!(
        "{} ({})",
        written(unix_ms, "%Y-%m-%d %H:%M:%S"),
        zone(unix_ms)
    )
}

/// Returns how far the time zone of this machine is from UTC at a moment.
pub(super) fn zone(unix_ms: i64) -> String {
    written(unix_ms, "UTC%:z")
}

/// Returns a moment near another one that is told in full elsewhere: on the same day its time will do.
pub(super) fn near(unix_ms: i64, other_ms: i64) -> String {
    let is_same_day = written(unix_ms, "%F") == written(other_ms, "%F");
    written(
        unix_ms,
        if is_same_day {
            "%H:%M:%S%.3f"
        } else {
            "%F %H:%M:%S%.3f"
        },
    )
}
