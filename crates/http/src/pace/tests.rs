use std::sync::atomic::{AtomicUsize, Ordering};

use futures::future::{join_all, poll_immediate};
use kadry_core::Clock;

use super::*;
use crate::ledger::{Ledger, Missed, Slate, Term};

const LONGEST: Duration = Duration::from_secs(30);

fn general(per_second: f64, burst: u32) -> Family {
    Family::of_operator("general", per_second, burst)
}

async fn leave(pace: &Pace, families: &[(&'static str, String)]) {
    drop(pace.acquire(families, LONGEST).await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn five_hundred_requests_at_five_a_second_take_ninety_nine_seconds() {
    let pace = Pace::new(vec![general(5.0, 5)], 4);
    let families = [("general", String::new())];
    let began = Instant::now();
    join_all((0..500).map(|_| leave(&pace, &families))).await;
    let took = began.elapsed().as_secs_f64();
    assert!((98.9..100.0).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_busy_recipient_holds_up_nobody_else() {
    let to_each = Family::of_operator("recipient", 1.0, 1);
    let pace = Pace::new(vec![to_each, general(100.0, 100)], 100);
    let to = |who: &str| [("general", String::new()), ("recipient", who.to_owned())];
    let (busy, idle) = (to("1"), to("2"));
    let began = Instant::now();
    let flood = join_all((0..20).map(|_| leave(&pace, &busy)));
    let other = async {
        tokio::task::yield_now().await;
        leave(&pace, &idle).await;
        began.elapsed()
    };
    let (_, waited) = futures::join!(flood, other);
    assert!(waited < Duration::from_millis(50), "{waited:?}");
    assert!(began.elapsed() >= Duration::from_secs(19));
}

#[tokio::test(start_paused = true)]
async fn no_more_than_the_cap_are_under_way() {
    let pace = Pace::new(Vec::new(), 0);
    let first = pace
        .acquire(&[("unheard of", String::new())], LONGEST)
        .await
        .unwrap();
    assert!(
        poll_immediate(pin(pace.acquire(&[], LONGEST)))
            .await
            .is_none()
    );
    drop(first);
    leave(&pace, &[]).await;
}

fn pin<F>(future: F) -> std::pin::Pin<Box<F>> {
    Box::pin(future)
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_back_the_whole_family_unless_it_is_too_long() {
    let pace = Pace::new(vec![general(5.0, 5)], 4);
    let families = [("general", String::new())];
    let began = Instant::now();
    pace.slow_down(&families, began, Duration::from_secs(20))
        .await;
    pace.slow_down(&families, began, Duration::from_secs(3))
        .await;
    leave(&pace, &families).await;
    assert_eq!(began.elapsed().as_secs(), 20);

    pace.slow_down(&families, began, Duration::from_secs(3_600))
        .await;
    let error = pace.acquire(&families, LONGEST).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after_ms(), Some(3_600_000));
    assert_eq!(began.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn keys_at_rest_are_forgotten() {
    let pace = Pace::new(vec![general(1.0, 1)], 4);
    let many = KEYS_BEFORE_SWEEP;
    for key in 0..many {
        leave(&pace, &[("general", key.to_string())]).await;
    }
    let kept = || pace.families["general"].lines.lock().unwrap().len();
    assert_eq!(kept(), many);
    tokio::time::advance(Duration::from_secs(2)).await;
    leave(&pace, &[("general", "one more".to_owned())]).await;
    assert_eq!(kept(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_refusal_one_family_slows_and_recovers_and_another_does_not() {
    let other = Family {
        name: "other",
        ..general(10.0, 1)
    };
    let pace = Pace::new(vec![general(10.0, 1), other], 100);
    let requests = |name| {
        let families = [(name, String::new())];
        let pace = &pace;
        async move {
            let began = Instant::now();
            for _ in 0..10 {
                leave(pace, &families).await;
            }
            began.elapsed().as_millis()
        }
    };
    leave(&pace, &[("general", String::new())]).await;
    assert_eq!(requests("general").await, 1_000);
    let families = [("general", String::new())];
    pace.slow_down(&families, Instant::now(), Duration::from_secs(1))
        .await;
    assert_eq!(requests("general").await, 1_000 + 9 * 200);
    leave(&pace, &[("other", String::new())]).await;
    assert_eq!(requests("other").await, 1_000);
    tokio::time::advance(Duration::from_secs(20)).await;
    leave(&pace, &families).await;
    assert_eq!(requests("general").await, 1_000);
}

fn process(slate: &Slate, precedence: Precedence) -> Budgets {
    let clock = Clock::starting_at(1_000_000);
    Budgets::shared(Arc::new(slate.clone()), &clock, precedence)
}

/// Two processes of one store.
fn two(slate: &Slate) -> [Budgets; 2] {
    [(), ()].map(|()| process(slate, Precedence::Usual))
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_leaves_at_the_full_rate_while_a_thousand_others_wait() {
    let slate = Slate::default();
    let [import, offboard] = [Precedence::Usual, Precedence::First]
        .map(|precedence| process(&slate, precedence))
        .map(|own| own.pace("api", vec![general(10.0, 1)], 4));
    let families = [("general", String::new())];
    let sent = AtomicUsize::new(0);
    let others = join_all((0..1_000).map(|_| async {
        leave(&import, &families).await;
        sent.fetch_add(1, Ordering::SeqCst);
    }));
    let first = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (began, before) = (Instant::now(), sent.load(Ordering::SeqCst));
        for _ in 0..20 {
            leave(&offboard, &families).await;
        }
        let passed_by = sent.load(Ordering::SeqCst) - before;
        let took = began.elapsed();
        tokio::time::sleep(Duration::from_secs(2)).await;
        (took, passed_by, sent.load(Ordering::SeqCst) - before)
    };
    let (took, passed_by, after) = tokio::select! {
        _ = others => panic!("a thousand take longer"),
        seen = first => seen,
    };
    assert!(took < Duration::from_millis(2_050), "{took:?}");
    assert!(passed_by <= 1, "{passed_by}");
    assert!(after > 10, "the others go on: {after}");
}

#[tokio::test(start_paused = true)]
async fn who_comes_first_gets_each_right_that_becomes_free() {
    let slate = Slate::default();
    let [import, offboard] = [Precedence::Usual, Precedence::First]
        .map(|precedence| process(&slate, precedence))
        .map(|own| own.pace("api", Vec::new(), 4));
    let under_way = AtomicUsize::new(0);
    let others = join_all([(); 10].map(|()| ten(&import, &under_way, 4)));
    let first = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let began = Instant::now();
        ten(&offboard, &under_way, 4).await;
        began.elapsed().as_secs_f64()
    };
    let took = tokio::select! {
        _ = others => panic!("a hundred take longer"),
        took = first => took,
    };
    // Half a second until the first becomes free, then ten of a second each, four at a time.
    assert!((3.5..3.7).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn a_documented_limit_is_used_up_to_a_fiftieth_and_never_passed_in_any_second() {
    let second = Duration::from_secs(1);
    let pace = Pace::new(vec![Family::documented("general", 50, second, 8)], 100);
    let families = [("general", String::new())];
    let began = Instant::now();
    let left = join_all((0..2_000).map(|_| async {
        leave(&pace, &families).await;
        began.elapsed()
    }));
    let left = left.await;
    let fullest = |from: &Duration| {
        let within = |at: &&Duration| *at >= from && **at < *from + second;
        left.iter().filter(within).count()
    };
    assert!(left.iter().map(fullest).max() <= Some(50));
    let share = 2_000.0 / left[1_999].as_secs_f64() / 50.0;
    assert!(share > 0.975, "{share}");
    assert_eq!(left.iter().filter(|at| at.is_zero()).count(), 8);
}

#[tokio::test(start_paused = true)]
async fn two_processes_spend_one_budget_and_hear_of_each_others_refusals() {
    let paces = two(&Slate::default()).map(|own| own.pace("api", vec![general(10.0, 1)], 4));
    let families = [("general", String::new())];
    let began = Instant::now();
    join_all((0..41).map(|number| leave(&paces[number % 2], &families))).await;
    assert_eq!(began.elapsed().as_millis(), 4_000);

    paces[0]
        .slow_down(&families, Instant::now(), Duration::from_secs(3_000))
        .await;
    let error = paces[1].acquire(&families, LONGEST).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(began.elapsed().as_millis(), 4_000);
}

#[tokio::test(start_paused = true)]
async fn a_long_pause_is_respected_by_the_next_process() {
    let [first, next] = two(&Slate::default());
    let families = [("general", String::new())];
    let pace = |own: Budgets| own.pace("api", vec![general(10.0, 1)], 4);
    pace(first)
        .slow_down(&families, Instant::now(), Duration::from_secs(40))
        .await;
    let began = Instant::now();
    leave(&pace(next), &families).await;
    assert_eq!(began.elapsed().as_secs(), 40);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_went_back_makes_nobody_wait() {
    let slate = Slate::default();
    let families = [("general", String::new())];
    for start_ms in [1_000_000_000, 1_000_000] {
        let clock = Clock::starting_at(start_ms);
        let own = Budgets::shared(Arc::new(slate.clone()), &clock, Precedence::Usual);
        let pace = own.pace("api", vec![general(0.01, 1)], 4);
        let began = Instant::now();
        leave(&pace, &families).await;
        assert!(began.elapsed().is_zero(), "{start_ms}");
    }
}

/// Sends ten requests at once, of a second each, and notes when each began; never more than `most` may be under way.
async fn ten(pace: &Pace, under_way: &AtomicUsize, most: usize) -> Vec<u64> {
    let zero = Instant::now();
    let one = |_| async move {
        let permit = pace.slot(LONGEST).await;
        let began = zero.elapsed().as_secs();
        assert!(under_way.fetch_add(1, Ordering::SeqCst) < most);
        tokio::time::sleep(Duration::from_secs(1)).await;
        under_way.fetch_sub(1, Ordering::SeqCst);
        drop(permit);
        began
    };
    join_all((0..10).map(one)).await
}

#[tokio::test(start_paused = true)]
async fn two_processes_have_four_requests_under_way_together_and_neither_waits_for_the_other_to_end()
 {
    let paces = two(&Slate::default()).map(|own| own.pace("api", Vec::new(), 4));
    let (under_way, began) = (AtomicUsize::new(0), Instant::now());
    let (first, second) =
        futures::join!(ten(&paces[0], &under_way, 4), ten(&paces[1], &under_way, 4));
    // Twenty requests of a second, four at a time; handing over takes milliseconds.
    let took = began.elapsed().as_secs_f64();
    assert!((5.0..5.2).contains(&took), "{took}");
    // The first has all four in the first second, and leaves the second its part afterwards.
    let within = |began: &[u64], second| began.iter().filter(|at| **at <= second).count();
    assert!(within(&second, 2) >= 3, "{first:?} {second:?}");
}

#[tokio::test(start_paused = true)]
async fn two_providers_of_one_credential_share_what_is_under_way_by_the_limit_of_each() {
    let own = Budgets::alone();
    let (wide, narrow) = (
        own.pace("api", Vec::new(), 4),
        own.pace("api", Vec::new(), 1),
    );
    let other = own.pace("identity", Vec::new(), 1);
    let all = join_all((0..4).map(|_| wide.slot(LONGEST))).await;
    assert!(poll_immediate(pin(wide.slot(LONGEST))).await.is_none());
    assert!(poll_immediate(pin(narrow.slot(LONGEST))).await.is_none());
    assert!(poll_immediate(pin(other.slot(LONGEST))).await.is_some());
    drop(all);
    let held = narrow.slot(LONGEST).await;
    assert!(poll_immediate(pin(narrow.slot(LONGEST))).await.is_none());
    assert!(poll_immediate(pin(wide.slot(LONGEST))).await.is_some());
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_hangs_keeps_another_out_for_one_request_and_no_longer() {
    for longest in [LONGEST, Duration::from_secs(1)] {
        let paces = two(&Slate::default()).map(|own| own.pace("api", Vec::new(), 1));
        let [hanging, other] = paces;
        let never_given_back = hanging.slot(longest).await;
        let began = Instant::now();
        drop(other.slot(longest).await);
        let waited = began.elapsed();
        let term = longest + Duration::from_secs(5);
        assert!(
            (term..term + Duration::from_millis(10)).contains(&waited),
            "{waited:?}"
        );
        drop(other.slot(longest).await);
        assert_eq!(began.elapsed(), waited);
        drop(never_given_back);
    }
}

/// A ledger that does nothing, for this reason.
#[derive(Debug)]
struct Missing(Missed);

impl Ledger for Missing {
    fn change(&self, _: &str, _: &mut dyn FnMut(&str) -> Option<String>) -> Result<(), Missed> {
        Err(self.0)
    }

    fn slot(&self, _: &str, _: usize, _: Term) -> Result<Box<dyn Send + Sync>, Missed> {
        Err(match self.0 {
            Missed::Nowhere => Missed::Nowhere,
            Missed::Busy | Missed::Broken => Missed::Broken,
        })
    }

    fn wait(&self, _: &str) -> Option<Box<dyn Send + Sync>> {
        None
    }

    fn is_awaited(&self, _: &str) -> bool {
        false
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_ledger_that_works_a_process_counts_by_itself_and_hardly_waits() {
    for missed in [Missed::Broken, Missed::Busy, Missed::Nowhere] {
        let ledger = Arc::new(Missing(missed));
        let own = Budgets::shared(ledger, &Clock::starting_at(1_000_000), Precedence::Usual);
        let pace = own.pace("api", vec![general(1.0, 1)], 1);
        let families = [("general", String::new())];
        let began = Instant::now();
        leave(&pace, &families).await;
        assert!(began.elapsed() <= Duration::from_millis(30), "{missed:?}");
        leave(&pace, &families).await;
        assert!(began.elapsed() >= Duration::from_secs(1), "{missed:?}");
        let held = pace.slot(LONGEST).await;
        assert!(poll_immediate(pin(pace.slot(LONGEST))).await.is_none());
        drop(held);
    }
}
