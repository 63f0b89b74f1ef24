//! The real flows over the real backends against the emulators, all in one process, with everything going wrong that a seed draws.
//!
//! A seed draws a person, who is absent, there or suspended on each platform, one or two commands, and what befalls them: lost
//! answers, faults, limits, platforms that are down, and the end of the whole process at some moment. Then the same command is given
//! until it is done. What the emulators hold then must be what they hold when nothing goes wrong, and what the story alone tells;
//! nothing may have been sent to them that was not a step of an approved plan, and no record may go while a door is open.
//!
//! `KADRY_SEEDS=1000` tries more seeds, `KADRY_SEED=17` replays one, and both together try that many from there on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod approved;
mod command;
mod oracle;
mod play;
mod scenario;
#[path = "../support/mod.rs"]
mod support;

use std::any::Any;
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use crate::play::Ending;
use crate::scenario::Scenario;

/// How many seeds are tried unless somebody asks for more.
const SEEDS: u64 = 100;

/// Of how many seeds, besides, one is tried twice.
const REPEATED: u64 = 10;

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
            move || replayable(seed, || play::check(seed)),
        )
    });
    let repeated = seeds
        .iter()
        .filter(|&seed| seeds.len() == 1 || seed.is_multiple_of(REPEATED));
    let repeats = repeated.map(|&seed| {
        Trial::test(format!("seed_{seed}_takes_the_same_way_twice"), move || {
            replayable(seed, || same_way_twice(seed))
        })
    });
    let trials = stories.chain(repeats).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
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
