//! Moments, as people and as programs read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Returns a moment in the time zone of this machine.
pub(crate) fn local(unix_ms: i64) -> String {
    written(unix_ms, "%Y-%m-%d %H:%M:%S")
}

/// Returns a moment in the time zone of this machine, to the minute.
pub(crate) fn to_the_minute(unix_ms: i64) -> String {
    written(unix_ms, "%Y-%m-%d %H:%M")
}

/// Returns the time of day of a moment that is near, in the time zone of this machine.
pub(crate) fn of_day(unix_ms: i64) -> String {
    written(unix_ms, "%H:%M:%S")
}

fn written(unix_ms: i64, form: &str) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(
        |_| unix_ms.to_string(),
        |at| at.to_zoned(TimeZone::system()).strftime(form).to_string(),
    )
}

/// Returns a moment in the form that programs exchange.
pub(crate) fn exact(unix_ms: i64) -> Option<String> {
    Timestamp::from_millisecond(unix_ms)
        .ok()
        .map(|at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_is_near_has_no_date() {
        let at_ms = 1_795_255_200_000;
        assert!(local(at_ms).starts_with(&to_the_minute(at_ms)));
        assert!(local(at_ms).ends_with(&format!(" {}", of_day(at_ms))));
        assert_eq!(of_day(at_ms).len(), "10:00:00".len());
    }

    #[test]
    fn a_moment_is_exact_in_utc() {
        assert_eq!(
            exact(1_795_255_200_000).as_deref(),
            Some("2026-11-21T10:00:00Z")
        );
        assert_eq!(exact(i64::MAX), None);
    }
}
