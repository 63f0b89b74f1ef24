//! Moments, as people and as programs read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Returns a moment in the time zone of this machine.
pub(crate) fn local(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(
        |_| unix_ms.to_string(),
        |at| {
            at.to_zoned(TimeZone::system())
                .strftime("%Y-%m-%d %H:%M:%S")
                .to_string()
        },
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
    fn a_moment_is_exact_in_utc() {
        assert_eq!(
            exact(1_795_255_200_000).as_deref(),
            Some("2026-11-21T10:00:00Z")
        );
        assert_eq!(exact(i64::MAX), None);
    }
}
