//! When a failed request is sent again.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use jiff::fmt::rfc2822;
use kadry_core::{Clock, Error, ErrorKind};
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use tokio::time::Instant;

/// The longest pause that is waited for inside a call. A longer one is for the caller to come back after.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(60);

const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(8);

/// The first wait after a rate limit that does not say how long it lasts.
const FIRST_REST: Duration = Duration::from_secs(1);

/// How many such waits there are: asking on and on may turn the limit into a ban.
const RESTS: usize = 3;

/// What to do about a failed request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Send it again after this wait.
    Again(Duration),
    /// Give up, though the caller may come back after this wait.
    OutOfTime(Duration),
    /// Sending it again is of no use, or could do something twice.
    Final,
}

/// How much longer one call may be repeated.
#[derive(Debug)]
pub(crate) struct Patience {
    delays: ExponentialBackoff,
    rests: ExponentialBackoff,
    retry_for: Duration,
}

impl Patience {
    pub(crate) fn new(retry_for: Duration, seed: u64) -> Self {
        let doubling = ExponentialBuilder::new()
            .with_factor(2.0)
            .with_max_delay(LONGEST_DELAY)
            // The jitter only ever adds: nobody comes back sooner than the platform asked.
            .with_jitter()
            .with_jitter_seed(seed);
        Self {
            delays: doubling
                .with_min_delay(FIRST_DELAY)
                .without_max_times()
                .build(),
            rests: doubling
                .with_min_delay(FIRST_REST)
                .with_max_times(RESTS)
                .build(),
            retry_for,
        }
    }

    /// Decides about a failure of the call whose first request left at `first_left`.
    pub(crate) fn judge(&mut self, error: &Error, first_left: Instant) -> Verdict {
        if !error.is_retryable() {
            return Verdict::Final;
        }
        if error.kind() == ErrorKind::RateLimited && error.retry_after_ms().is_none() {
            return match self.rests.next() {
                Some(wait) => self.within_time(wait, first_left),
                None => Verdict::OutOfTime(LONGEST_DELAY),
            };
        }
        let asked = Duration::from_millis(error.retry_after_ms().unwrap_or(0));
        let wait = self.delays.next().unwrap_or(LONGEST_DELAY).max(asked);
        if asked > LONGEST_WAIT {
            return Verdict::OutOfTime(wait);
        }
        self.within_time(wait, first_left)
    }

    fn within_time(&self, wait: Duration, first_left: Instant) -> Verdict {
        if first_left.elapsed().saturating_add(wait) > self.retry_for {
            Verdict::OutOfTime(wait)
        } else {
            Verdict::Again(wait)
        }
    }
}

/// Returns how long the platform asks to wait: a number of seconds, or a date.
pub(crate) fn asked_wait_ms(headers: &HeaderMap, clock: &Clock) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds.saturating_mul(1_000));
    }
    let wait_ms = moment_ms(text)?.saturating_sub(clock.now_ms());
    Some(u64::try_from(wait_ms).unwrap_or(0))
}

/// Returns the time at which the platform says that it answered, in milliseconds since the Unix epoch.
pub(crate) fn date_ms(headers: &HeaderMap) -> Option<i64> {
    moment_ms(headers.get(DATE)?.to_str().ok()?.trim())
}

fn moment_ms(text: &str) -> Option<i64> {
    Some(rfc2822::parse(text).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use kadry_core::Effect;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn unavailable() -> Error {
        Error::new(ErrorKind::Unavailable, "down")
    }

    #[tokio::test(start_paused = true)]
    async fn waits_double_up_to_a_cap_and_jitter_only_adds() {
        let mut patience = Patience::new(HOUR, 7);
        for base_ms in [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000] {
            let verdict = patience.judge(&unavailable(), Instant::now());
            let Verdict::Again(wait) = verdict else {
                panic!("{verdict:?}");
            };
            let base = Duration::from_millis(base_ms);
            assert!(wait >= base && wait < base * 2, "{wait:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_happened_is_not_repeated() {
        let mut patience = Patience::new(HOUR, 7);
        let lost = unavailable().with_effect(Effect::Unknown);
        assert_eq!(patience.judge(&lost, Instant::now()), Verdict::Final);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_of_more_than_a_minute_is_left_to_the_caller() {
        let asked = |wait_ms| unavailable().with_retry_after_ms(Some(wait_ms));
        let mut patience = Patience::new(HOUR, 7);
        let verdict = patience.judge(&asked(60_000), Instant::now());
        assert_eq!(verdict, Verdict::Again(LONGEST_WAIT));
        let verdict = patience.judge(&asked(61_000), Instant::now());
        assert_eq!(verdict, Verdict::OutOfTime(Duration::from_secs(61)));
    }

    #[tokio::test(start_paused = true)]
    async fn the_wait_is_asked_for_in_seconds_or_as_a_date() {
        let asked = |text: &str, clock: &Clock| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            asked_wait_ms(&headers, clock)
        };
        // 1994-11-06 08:49:30 GMT.
        let clock = Clock::starting_at(784_111_770_000);
        assert_eq!(asked("20", &clock), Some(20_000));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", &clock), Some(7_000));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:00 GMT", &clock), Some(0));
        assert_eq!(asked("soon", &clock), None);
        assert_eq!(asked("-3", &clock), None);
    }
}
