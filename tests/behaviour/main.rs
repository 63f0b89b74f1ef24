//! What every platform has to do, asked of all of them: the provider in memory under many capabilities, and each real backend
//! against its strict emulator.
//!
//! A case asks the capability first. What a platform cannot do is tested as well: the call must be refused before any request leaves.
//! No case names a platform. One that would have to has found a question that the capability does not ask. Cases about what lies
//! between us and a platform (`WIRE`) leave out the provider in memory, which has nothing there.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

mod accept;
mod doors;
mod far;
mod faults;
mod grants;
mod notices;
mod offers;
mod people;
mod records;
mod stage;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use futures::future::BoxFuture;
use kadry_core::{Capability, GrantKind, Support};
use libtest_mimic::{Arguments, Failed, Trial};

use crate::stage::{Ground, Stage};

type Check = for<'a> fn(&'a Stage) -> BoxFuture<'a, ()>;
type GrantCheck = for<'a> fn(&'a Stage, &'a GrantKind) -> BoxFuture<'a, ()>;

/// Something that every platform has to do, or to refuse.
struct Case {
    name: &'static str,
    needs: fn(&Capability) -> Support,
    holds: Check,
    refused: Check,
}

/// Returns a case that asks for nothing that a platform could lack.
const fn always(name: &'static str, holds: Check) -> Case {
    Case {
        name,
        needs: |_| Support::Yes,
        holds,
        refused: holds,
    }
}

/// The same of one kind of grants.
struct GrantCase {
    name: &'static str,
    needs: fn(&GrantKind) -> Support,
    holds: GrantCheck,
    refused: GrantCheck,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("every_emulated_platform_has_a_row", || {
        stage::check_rows();
        Ok(())
    })];
    for ground in Ground::all() {
        let capability = run(async { ground.open().await.provider.capability().clone() });
        trials.extend(cases().map(|case| trial(ground, case, &capability)));
        for kind in &capability.grants {
            let cases = grants::CASES.iter().chain(offers::CASES);
            trials.extend(cases.map(|case| grant_trial(ground, case, kind)));
        }
        if ground.has_wire() {
            let cases = faults::WIRE.iter().chain(notices::WIRE);
            trials.extend(cases.map(|case| trial(ground, case, &capability)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [
        people::CASES,
        records::CASES,
        doors::CASES,
        notices::CASES,
        faults::CASES,
    ]
    .into_iter()
    .flatten()
}

fn trial(ground: Ground, case: &'static Case, capability: &Capability) -> Trial {
    match (case.needs)(capability) {
        Support::Yes => of(ground, "holds", case.name, case.holds),
        Support::No(_) => of(ground, "refused", case.name, case.refused),
    }
}

fn of(ground: Ground, kind: &str, name: &str, check: Check) -> Trial {
    let name = format!("{}::{name}", ground.name());
    Trial::test(name, move || {
        played(ground, async |stage| check(stage).await)
    })
    .with_kind(kind)
}

fn grant_trial(ground: Ground, case: &'static GrantCase, kind: &GrantKind) -> Trial {
    let (label, check) = match (case.needs)(kind) {
        Support::Yes => ("holds", case.holds),
        Support::No(_) => ("refused", case.refused),
    };
    let name = format!("{}::{}::{}", ground.name(), kind.name, case.name);
    let kind = kind.clone();
    Trial::test(name, move || {
        played(ground, async |stage| check(stage, &kind).await)
    })
    .with_kind(label)
}

fn played(ground: Ground, check: impl AsyncFnOnce(&Stage)) -> Result<(), Failed> {
    run(async {
        let stage = ground.open().await;
        check(&stage).await;
        match stage.far.violations().as_slice() {
            [] => Ok(()),
            violations => Err(format!("not in the documents: {violations:#?}").into()),
        }
    })
}

/// Runs on a clock that moves only while everybody waits.
fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}
