//! The real binary, killed by SIGKILL, against emulated platforms on real sockets.
//!
//! Each point is a story, the command of it that is killed, and where: before the n-th call of the system by which it writes, sends or
//! receives (`strace` injects the signal), once the n-th request that is no `GET` has arrived or was carried out, or at moments of the
//! clock. Then only what an operator types afterwards is typed, without a flag, and everything must be as if nothing had happened:
//! the platforms hold the same, nobody is made, told or greeted twice, every request that changes something was a step of an approved
//! plan under way, no run is left open, and the same command once more writes nothing.
//!
//! `KADRY_POINTS=500` tries more points and `KADRY_POINTS=all` all of them, `KADRY_SEED=2` draws others, `KADRY_POINT=NAME` replays one.
//! `strace` counts the calls of each thread by itself: a point is the n-th call of whichever thread comes to its n-th first.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and the setting that excuses tests does not cover their helpers"
)]

mod approved;
#[path = "../../../../tests/support/asked.rs"]
mod asked;
mod draw;
mod end;
mod holdings;
mod play;
mod point;
mod story;
#[path = "../end_to_end/support.rs"]
#[expect(dead_code, reason = "another target uses the rest of it")]
mod support;
mod tally;
mod trace;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::draw::Wanted;
use crate::play::Played;
use crate::point::Point;
use crate::tally::Tally;

/// How many points are tried unless somebody asks for more.
const POINTS: usize = 200;

/// How many points are tried at a time: most of the time of each is waiting.
const THREADS: usize = 4;

#[expect(
    clippy::print_stdout,
    reason = "whoever replays a run needs its seed, and figures are what a long run is for"
)]
fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let threads = *arguments.test_threads.get_or_insert(THREADS);
    trace::demand_strace();
    let wanted = wanted();
    let played: Vec<Arc<Played>> = play::undisturbed(&wanted, threads.max(1));
    let (points, of) = draw::points(&wanted, &played);
    println!("{wanted}: {} of {of} points", points.len());
    let tally = Tally::default();
    let trials = points.into_iter().map(|point| {
        let story = played.iter().find(|one| one.story.name == point.story);
        let played = Arc::clone(story.unwrap_or_else(|| panic!("{point} is of no story")));
        let tally = tally.clone();
        Trial::test(point.to_string(), move || {
            replayable(&point, || play::check(&point, &played, &tally))
        })
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    println!("{tally}");
    conclusion.exit_code()
}

/// Reads what is to be tried.
fn wanted() -> Wanted {
    let said = |variable| env::var(variable).ok();
    if let Some(name) = said("KADRY_POINT") {
        let point = name.parse::<Point>();
        return Wanted::One(point.unwrap_or_else(|fault| panic!("{fault}")));
    }
    let count = match said("KADRY_POINTS") {
        Some(all) if all == "all" => usize::MAX,
        Some(text) => number("KADRY_POINTS", &text),
        None => POINTS,
    };
    let seed = said("KADRY_SEED").map_or(1, |text| number("KADRY_SEED", &text));
    Wanted::Drawn { count, seed }
}

fn number<T: FromStr>(variable: &str, text: &str) -> T {
    let parsed = text.parse();
    parsed.unwrap_or_else(|_| panic!("{variable} is no number: {text:?}"))
}

/// Says how to see a failure again.
fn replayable(point: &Point, check: impl FnOnce()) -> Result<(), Failed> {
    catch_unwind(AssertUnwindSafe(check)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let said = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let said = said.unwrap_or("something that is no text");
        Failed::from(format!(
            "{said}\n\nSee it again: KADRY_POINT={point} cargo test -p kadry-cli --test killed"
        ))
    })
}
