//! Moments as Pachca reads and writes them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Returns the milliseconds since the UNIX epoch of an ISO-8601 moment; without an offset it is UTC.
pub(super) fn read(text: &str) -> Option<i64> {
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let plain: DateTime = text.parse().ok()?;
        Offset::UTC.to_timestamp(plain).ok()
    })?;
    Some(moment.as_millisecond())
}

/// Returns a moment as `YYYY-MM-DDThh:mm:ss.sssZ`.
pub(super) fn write(unix_ms: i64) -> String {
    let moment = Timestamp::from_millisecond(unix_ms).unwrap_or(Timestamp::MAX);
    format!("{moment:.3}")
}

#[cfg(test)]
mod tests {
    use super::{read, write};

    #[test]
    fn moments_are_read_with_and_without_offset() {
        assert_eq!(read("2026-11-21T10:00:00.000Z"), Some(1_795_255_200_000));
        assert_eq!(read("2026-11-21T13:00:00+03:00"), Some(1_795_255_200_000));
        assert_eq!(read("2026-11-21T10:00:00"), Some(1_795_255_200_000));
        assert_eq!(read("tomorrow"), None);
    }

    #[test]
    fn moments_are_written_in_milliseconds() {
        assert_eq!(write(1_795_255_200_000), "2026-11-21T10:00:00.000Z");
        assert_eq!(write(1_795_255_200_007), "2026-11-21T10:00:00.007Z");
    }
}
