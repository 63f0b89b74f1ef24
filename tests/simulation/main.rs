//! The real flows over the real backends against the emulators, all in one process, with everything going wrong that a seed draws.
//!
//! A seed draws a person, who is absent, there or suspended on each platform, one or two commands, and what befalls them: the end of the
//! whole process at some moment, a network that goes away, platforms that are down, answers that are lost, that come late, in half or
//! never, limits, sessions that end, and somebody else who gives the same command, or asks for the opposite, at the same time over the
//! same store. Then the same command is given until it is done. What the emulators hold then must be what they hold when nothing goes
//! wrong, and what the story alone tells; nothing may have been sent to them that was not a step of an approved plan, and no record may
//! go while a door is open. Of two who were at odds what is held must lie between the stories in which they come one after the other. Of
//! every three seeds one has a single request under way at most, so that a right to one that is held for nothing is missed at once.
//!
//! The table at the end tells how often each kind of fault was met, and after how many of those tries a step was left to a person: none
//! but those that the documents name, and seldom.
//!
//! `crash` is the same without chance: the process ends at each event of each story on each platform.
//!
//! `KADRY_SEEDS=1000` tries more seeds, `KADRY_SEED=17` replays one, and both together try that many from there on. For a long run:
//! `KADRY_SEEDS=100000 cargo test --release --test simulation -- --quiet`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![expect(
    clippy::print_stdout,
    reason = "the table of the tries is what a long run is for"
)]

mod approved;
#[path = "../support/asked.rs"]
mod asked;
mod command;
mod compare;
mod crash;
mod furnish;
mod moving;
mod oracle;
mod play;
mod scenario;
#[path = "../support/mod.rs"]
mod support;
mod tally;
mod trouble;

use std::any::Any;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::play::Ending;
use crate::scenario::Scenario;

/// How many seeds are tried unless somebody asks for more.
const SEEDS: u64 = 200;

/// Of how many seeds, besides, one is tried twice.
const REPEATED: u64 = 20;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let seeds: Vec<u64> = match (number("KADRY_SEED"), number("KADRY_SEEDS")) {
        (Some(seed), None) => vec![seed],
        (first, seeds) => {
            let seeds = usize::try_from(seeds.unwrap_or(SEEDS)).unwrap();
            (first.unwrap_or(1)..).take(seeds).collect()
        }
    };
    let stories = seeds.iter().map(|&seed| {
        Trial::test(
            format!("seed_{seed}_ends_as_if_nothing_had_gone_wrong"),
            move || replayable(seed, || tally::add(&play::check(seed))),
        )
    });
    let repeated = seeds
        .iter()
        .filter(|&seed| seeds.len() == 1 || seed.is_multiple_of(REPEATED))
        .filter(|&&seed| !Scenario::drawn(seed).has_two_at_work());
    let repeats = repeated.map(|&seed| {
        Trial::test(format!("seed_{seed}_takes_the_same_way_twice"), move || {
            replayable(seed, || same_way_twice(seed))
        })
    });
    let mut trials: Vec<Trial> = stories.chain(repeats).collect();
    if number("KADRY_SEED").is_none() {
        trials.extend(crash::trials());
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    let Some(tally) = tally::take() else {
        return conclusion.exit_code();
    };
    println!("{tally}");
    let exceeded = tally.exceeded();
    if exceeded.is_empty() {
        return conclusion.exit_code();
    }
    println!("too much is left to people after: {}", exceeded.join(", "));
    ExitCode::FAILURE
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text:?}")),
    )
}

fn same_way_twice(seed: u64) {
    let [one, other]: [Ending; 2] = [(); 2].map(|()| play::disturbed(&Scenario::drawn(seed)));
    assert_eq!(one, other);
}

/// Says how to see a failure again.
fn replayable(seed: u64, check: impl FnOnce()) -> Result<(), Failed> {
    catch_unwind(AssertUnwindSafe(check)).map_err(|panic| {
        let scenario = Scenario::drawn(seed);
        let said = said(panic.as_ref());
        Failed::from(format!(
            "{said}\n\n{scenario:#?}\n\nSee it again: KADRY_SEED={seed} cargo test --test simulation"
        ))
    })
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("something that is no text")
        .to_owned()
}
