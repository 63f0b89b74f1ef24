//! What one family of requests has used up. Pure: the time comes in.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as GovernorClock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{NotKeyed, StateStore};
use governor::{Quota, RateLimiter};

use super::Family;

/// Rates outside these bounds are brought within them, so that a mistaken one makes us slow and not fast.
const RATES_PER_SECOND: (f64, f64) = (0.001, 100_000.0);

/// In how many parts a rate is divided: the slowest after refusals is one of them.
const FULL: u64 = 8;

/// What is left of a burst when it is over: one request may be ahead of its time, so that a timer which wakes us up a little late, as
/// all of them do, costs nothing.
const SMOOTH: u32 = 2;

/// How long without a refusal it takes until one more part of the rate is used.
const RECOVERY: Duration = Duration::from_secs(5);

/// The longest pause that is kept. A platform that by mistake asks for a year is asked again before.
const LONGEST_HOLD: Duration = Duration::from_secs(3_600);

/// How far another process's clock may be ahead of ours. What was written later than that was written before our clock went back.
const LONGEST_LEAD: Duration = Duration::from_secs(2);

/// What a written tally begins with.
const BEGIN: &str = "kadry budget 2";

/// What it ends with: one that was cut off is none.
const END: &str = "end";

/// For how long whoever is in no hurry steps back for each request of whoever is: longer than an answer takes, after which the next one
/// leaves.
const PRECEDENCE: Duration = Duration::from_millis(500);

/// What one family of requests has used up. Times are nanoseconds on the clock of whoever counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// What each key has used up, by the hash of the key; keys at rest are left out.
    spent: BTreeMap<u64, Spent>,
    /// Until when the platform wants nothing of this family.
    held_until_ns: u64,
    /// Until when only those leave that come first.
    first_until_ns: u64,
    slowed: Slowed,
}

/// What one key has used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spent {
    /// Until when its budget is used up.
    due_ns: u64,
    /// When the last burst began.
    burst_ns: u64,
    /// How many requests have left in it ahead of their time.
    ahead: u32,
}

impl Spent {
    /// Reports whether a whole burst may begin: the one before is no longer counted by the platform, and nobody waited since then.
    ///
    /// A burst at the end of each stretch that a platform counts, and one at the beginning of the next, would be one too many.
    fn has_rested(self, family: &Family, now_ns: u64) -> bool {
        let idle_ns = now_ns.saturating_sub(self.due_ns);
        let since_ns = now_ns.saturating_sub(self.burst_ns);
        idle_ns > nanos(period(family).mul_f64(2.0))
            && since_ns > nanos(family.within.mul_f64(1.25))
    }
}

/// The last time that the platform was asked too fast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slowed {
    at_ns: u64,
    /// How many parts of the rate were left by that.
    parts: u64,
}

impl Tally {
    /// Takes one request of a key out of the budget, or says how long there is none.
    pub(super) fn spend(&mut self, family: &Family, key: u64, now_ns: u64) -> Result<(), Duration> {
        let spent = self.spent.get(&key).copied().unwrap_or_default();
        let spent = if spent.has_rested(family, now_ns) {
            Spent::default()
        } else {
            spent
        };
        let is_ahead = spent.due_ns > now_ns;
        let has_more = spent.ahead < family.burst.saturating_sub(1);
        let burst = if has_more {
            family.burst
        } else {
            family.burst.min(SMOOTH)
        };
        let due = Due(Cell::new(spent.due_ns.saturating_sub(now_ns)));
        let limiter = Limiter::new(quota(family, burst, self.parts(now_ns)), due, Now);
        limiter
            .check()
            .map_err(|early| early.wait_time_from(Now.now()))?;
        let due_ns = now_ns.saturating_add(limiter.into_state_store().0.get());
        let begins = is_ahead && spent.ahead == 0;
        let spent = Spent {
            due_ns,
            burst_ns: if begins { now_ns } else { spent.burst_ns },
            ahead: spent.ahead + u32::from(is_ahead),
        };
        self.spent
            .retain(|_, spent| !spent.has_rested(family, now_ns));
        self.spent.insert(key, spent);
        Ok(())
    }

    /// Notes that somebody is here who comes first.
    pub(super) fn put_first(&mut self, now_ns: u64) {
        self.first_until_ns = now_ns.saturating_add(nanos(PRECEDENCE));
    }

    /// Returns for how much longer only those leave that come first.
    pub(super) fn first_for(&self, now_ns: u64) -> Duration {
        Duration::from_nanos(self.first_until_ns.saturating_sub(now_ns))
    }

    /// Returns for how much longer the platform wants nothing.
    pub(super) fn held_for(&self, now_ns: u64) -> Duration {
        Duration::from_nanos(self.held_until_ns.saturating_sub(now_ns))
    }

    /// Notes that a request which left at `left_ns` was one too many, and that the platform wants nothing for a while.
    ///
    /// Those that left before we knew are the same mistake, and slow us down once.
    pub(super) fn slow_down(&mut self, left_ns: u64, wait: Duration, now_ns: u64) {
        if self.slowed.at_ns == 0 || left_ns > self.slowed.at_ns {
            self.slowed = Slowed {
                at_ns: now_ns.max(1),
                parts: (self.parts(now_ns) / 2).max(1),
            };
        }
        let until_ns = now_ns.saturating_add(nanos(wait.min(LONGEST_HOLD)));
        self.held_until_ns = self.held_until_ns.max(until_ns);
    }

    /// Returns how many parts of the rate are used now.
    fn parts(&self, now_ns: u64) -> u64 {
        if self.slowed.at_ns == 0 {
            return FULL;
        }
        // What was not sent during the pause proves nothing.
        let since_ns = now_ns.saturating_sub(self.slowed.at_ns.max(self.held_until_ns));
        FULL.min(self.slowed.parts + since_ns / nanos(RECOVERY))
    }

    /// Takes over what another count of the same budget knows better.
    pub(super) fn merge(&mut self, other: &Self) {
        for (key, theirs) in &other.spent {
            let ours = self.spent.entry(*key).or_default();
            if theirs.due_ns > ours.due_ns {
                *ours = *theirs;
            }
        }
        self.held_until_ns = self.held_until_ns.max(other.held_until_ns);
        self.first_until_ns = self.first_until_ns.max(other.first_until_ns);
        if other.slowed.at_ns > self.slowed.at_ns {
            self.slowed = other.slowed;
        }
    }

    /// Returns the tally as it is written.
    pub(super) fn to_text(&self, now_ns: u64) -> String {
        let Slowed { at_ns, parts } = self.slowed;
        let (held_ns, first_ns) = (self.held_until_ns, self.first_until_ns);
        let mut text = format!("{BEGIN}\n{now_ns} {held_ns} {first_ns} {at_ns} {parts}\n");
        for (key, spent) in &self.spent {
            let (due_ns, burst_ns, ahead) = (spent.due_ns, spent.burst_ns, spent.ahead);
            // Writing into a text cannot fail.
            writeln!(text, "{key} {due_ns} {burst_ns} {ahead}").ok();
        }
        text.push_str(END);
        text
    }

    /// Returns what was written; none if it is damaged, or if our clock went back since.
    pub(super) fn of_text(text: &str, now_ns: u64) -> Option<Self> {
        let text = text.strip_prefix(BEGIN)?.strip_prefix('\n')?;
        let mut lines = text.strip_suffix(END)?.split_terminator('\n');
        let [written_ns, held_until_ns, first_until_ns, at_ns, parts] = numbers(lines.next()?)?;
        let spent = lines.map(|line| {
            let [key, due_ns, burst_ns, ahead] = numbers(line)?;
            let ahead = u32::try_from(ahead).ok()?;
            let spent = Spent {
                due_ns,
                burst_ns,
                ahead,
            };
            Some((key, spent))
        });
        let is_past = written_ns <= now_ns.saturating_add(nanos(LONGEST_LEAD));
        (is_past && (at_ns == 0 || (1..=FULL).contains(&parts))).then_some(())?;
        Some(Self {
            spent: spent.collect::<Option<_>>()?,
            first_until_ns: first_until_ns.min(now_ns.saturating_add(nanos(PRECEDENCE))),
            held_until_ns: held_until_ns.min(now_ns.saturating_add(nanos(LONGEST_HOLD))),
            slowed: Slowed { at_ns, parts },
        })
    }
}

fn numbers<const N: usize>(line: &str) -> Option<[u64; N]> {
    let numbers: Option<Vec<u64>> = line.split(' ').map(|word| word.parse().ok()).collect();
    numbers?.try_into().ok()
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Returns how far apart the requests of a family leave.
fn period(family: &Family) -> Duration {
    let (slowest, fastest) = RATES_PER_SECOND;
    // `max` first: it turns what is not a number into the slowest rate.
    let per_second = family.per_second.max(slowest).min(fastest);
    Duration::from_secs_f64(per_second.recip())
}

/// Returns so many parts of a family's rate, with such a burst, as governor counts it.
fn quota(family: &Family, burst: u32, parts: u64) -> Quota {
    let burst = u64::from(burst) * parts / FULL;
    let burst = u32::try_from(burst).ok().and_then(NonZeroU32::new);
    Quota::with_period(period(family).mul_f64(FULL as f64 / parts as f64))
        .unwrap_or(Quota::per_second(NonZeroU32::MIN))
        .allow_burst(burst.unwrap_or(NonZeroU32::MIN))
}

/// Time as governor counts it here: from the look at the limiter, which is made for each look anew, because the quota changes and the
/// state lives elsewhere.
#[derive(Clone, Copy, Debug)]
struct Now;

impl GovernorClock for Now {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::new(0)
    }
}

type Limiter = RateLimiter<NotKeyed, Due, Now, NoOpMiddleware<Nanos>>;

/// How much longer a key's budget is used up, in nanoseconds from now.
#[derive(Debug)]
struct Due(Cell<u64>);

impl StateStore for Due {
    type Key = NotKeyed;

    fn measure_and_replace<T, F, E>(&self, _key: &NotKeyed, change: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (taken, due) = change(Some(self.0.get().into()))?;
        self.0.set(due.into());
        Ok(taken)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]
mod tests {
    use super::*;

    const SECOND_NS: u64 = 1_000_000_000;
    const ALL: u64 = 0;

    fn general(per_second: f64, burst: u32) -> Family {
        Family::of_operator("general", per_second, burst)
    }

    /// Returns how many requests leave within ten seconds if one is asked for each millisecond.
    fn in_ten_seconds(tally: &mut Tally, family: &Family, from_ns: u64) -> usize {
        (0..10_000)
            .filter(|ms| {
                let now_ns = from_ns + ms * 1_000_000;
                tally.held_for(now_ns).is_zero() && tally.spend(family, ALL, now_ns).is_ok()
            })
            .count()
    }

    #[test]
    fn a_rate_that_is_none_makes_us_slow() {
        for rate in [0.0, -5.0, f64::NAN] {
            let period = quota(&general(rate, 0), 0, FULL).replenish_interval();
            assert_eq!(period, Duration::from_secs(1_000));
        }
    }

    #[test]
    fn fifty_a_second_are_never_fifty_one_although_clocks_count_milliseconds() {
        let mut tally = Tally::default();
        let family = general(50.0, 1);
        assert_eq!(in_ten_seconds(&mut tally, &family, SECOND_NS), 500);
        // 3 a second are 333 333 333 nanoseconds each, and a third of one is lost to nobody.
        let mut tally = Tally::default();
        assert_eq!(in_ten_seconds(&mut tally, &general(3.0, 1), SECOND_NS), 30);
    }

    #[test]
    fn a_burst_is_paid_back_and_the_next_one_comes_after_a_rest() {
        let family = general(10.0, 4);
        let mut tally = Tally::default();
        let mut at_once = |ms: u64| {
            let now_ns = SECOND_NS + ms * 1_000_000;
            let spent = (0..9).filter(|_| tally.spend(&family, ALL, now_ns).is_ok());
            spent.count()
        };
        assert_eq!([0, 100, 200, 299].map(&mut at_once), [4, 0, 0, 0]);
        assert_eq!([300, 350, 400, 500, 600].map(&mut at_once), [1, 0, 1, 1, 1]);
        // A second later it is not counted any more, but nobody has rested.
        assert_eq!(
            [700, 800, 900, 1_000, 1_100, 1_200, 1_300, 1_400].map(&mut at_once),
            [1; 8]
        );
        assert_eq!([2_000, 2_300].map(&mut at_once), [4, 1]);
    }

    #[test]
    fn a_refusal_halves_the_rate_down_to_an_eighth_and_time_brings_it_back_bit_by_bit() {
        let mut tally = Tally::default();
        let mut now_ns = SECOND_NS;
        let mut parts = Vec::new();
        for _ in 0..5 {
            tally.slow_down(now_ns, Duration::ZERO, now_ns);
            parts.push(tally.parts(now_ns));
            now_ns += SECOND_NS;
        }
        assert_eq!(parts, [4, 2, 1, 1, 1]);
        let since_ns = now_ns - SECOND_NS;
        let after = |steps: u64| tally.parts(since_ns + steps * nanos(RECOVERY));
        assert_eq!([0, 1, 2, 6, 7, 8].map(after), [1, 2, 3, 7, 8, 8]);
    }

    #[test]
    fn a_slowed_family_leaves_at_its_share_of_the_rate_and_without_a_burst() {
        let mut tally = Tally::default();
        let family = general(8.0, 8);
        for at_ns in [1, 2, 3].map(|ns| SECOND_NS + ns) {
            tally.slow_down(at_ns, Duration::ZERO, at_ns);
        }
        // One a second for five seconds, then two.
        let sent = in_ten_seconds(&mut tally, &family, SECOND_NS);
        assert!((14..=16).contains(&sent), "{sent}");
    }

    #[test]
    fn requests_that_were_under_way_together_slow_us_down_once() {
        let mut tally = Tally::default();
        for _ in 0..4 {
            tally.slow_down(SECOND_NS, Duration::from_secs(1), 2 * SECOND_NS);
        }
        assert_eq!(tally.parts(2 * SECOND_NS), 4);
    }

    #[test]
    fn what_is_not_sent_during_a_pause_proves_nothing() {
        let mut tally = Tally::default();
        tally.slow_down(SECOND_NS, Duration::from_secs(600), SECOND_NS);
        assert_eq!(tally.parts(601 * SECOND_NS), 4);
    }

    #[test]
    fn a_tally_is_read_as_it_was_written() {
        let mut tally = Tally::default();
        tally.slow_down(SECOND_NS, Duration::from_secs(7), SECOND_NS);
        tally.spend(&general(1.0, 1), 7, SECOND_NS).unwrap();
        tally.spend(&general(1.0, 1), u64::MAX, SECOND_NS).unwrap();
        let text = tally.to_text(SECOND_NS);
        assert_eq!(Tally::of_text(&text, SECOND_NS), Some(tally));
    }

    #[test]
    fn what_is_damaged_or_from_the_future_is_nothing() {
        let mut tally = Tally::default();
        tally.slow_down(SECOND_NS, Duration::from_secs(7), SECOND_NS);
        tally.spend(&general(1.0, 1), 7, SECOND_NS).unwrap();
        let text = tally.to_text(10 * SECOND_NS);
        for end in 0..text.len() {
            assert_eq!(Tally::of_text(&text[..end], 10 * SECOND_NS), None);
        }
        for wrong in ["-1", "x", "", "99999999999999999999"] {
            let wrong = text.replacen("10000000000", wrong, 1);
            assert_eq!(Tally::of_text(&wrong, 10 * SECOND_NS), None, "{wrong}");
        }
        // A clock that lags a little is none that went back.
        assert!(Tally::of_text(&text, 9 * SECOND_NS).is_some());
        assert_eq!(Tally::of_text(&text, SECOND_NS), None);
    }

    #[test]
    fn the_count_of_two_processes_is_what_each_knows_better() {
        let (mut ours, mut theirs) = (Tally::default(), Tally::default());
        ours.spend(&general(1.0, 1), 1, SECOND_NS).unwrap();
        theirs.spend(&general(1.0, 1), 2, SECOND_NS).unwrap();
        theirs.slow_down(SECOND_NS, Duration::from_secs(1), SECOND_NS);
        ours.merge(&theirs);
        assert_eq!(ours.spent.len(), 2);
        assert_eq!((ours.parts(SECOND_NS), ours.slowed), (4, theirs.slowed));
    }
}
