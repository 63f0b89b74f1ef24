//! How commands come to their end, or are brought to it.

use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kadry_emulator::log::Entry;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::play::Figures;
use crate::point::{Asked, Way};
use crate::support::{Company, Ended};
use crate::trace;

/// No command takes that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How long a request that has arrived is on its way inside the platform: less than kadry waits for it, more than the next command
/// takes to look.
const ON_ITS_WAY_MS: u64 = 1_500;

/// How long each request takes while the clock decides when to kill: long enough that some are on their way then.
const LATENCY_MS: u64 = 10;

/// Lets every request take its time.
pub(crate) fn slow_down(company: &Company) {
    company.fault(json!({ "do": { "delay_ms": LATENCY_MS } }));
}

/// Runs a command, and returns how it ended unless that took too long.
pub(crate) fn ended_within(time: Duration, mut command: Command) -> Option<Ended> {
    let child = spawned(&mut command);
    let pid = Pid::from_child(&child);
    let (ended, end) = mpsc::channel();
    let waiting = thread::spawn(move || ended.send(child.wait_with_output()));
    let output = end.recv_timeout(time);
    if output.is_err() {
        kill_process(pid, Signal::KILL).ok();
    }
    waiting.join().ok();
    output.ok().map(|output| output.unwrap().into())
}

/// Runs a command to its end, which must be its own.
pub(crate) fn ended(company: &Company, line: &[&str]) -> Ended {
    let ended = ended_within(PATIENCE, company.command(line));
    ended.unwrap_or_else(|| panic!("{line:?} does not come to its end"))
}

/// Runs a command and kills it on the way, and reports whether there was time for that.
pub(crate) fn killed(company: &Company, line: &[&str], way: &Way, figures: &Figures) -> bool {
    let mut command = company.command(line);
    match way {
        Way::Call { name, nth } => {
            let ended = ended_within(PATIENCE, trace::killed_at(&command, name, *nth));
            // Killed by a signal there is no code.
            ended.unwrap_or_else(|| panic!("{line:?} hangs")).code == -1
        }
        Way::Moment(moment) | Way::Moments(moment, _) => {
            slow_down(company);
            let child = spawned(&mut command);
            // Any moment will do: this is the one place where the clock decides.
            thread::sleep(figures.length * *moment / 1_000);
            dead(child)
        }
        Way::Arrived(asked) => {
            let late = json!({ "delay_ms": ON_ITS_WAY_MS, "effect": "before" });
            killed_once(company, &mut command, asked, &late)
        }
        Way::CarriedOut(asked) => {
            let lost = json!({ "hang": true, "effect": "after" });
            killed_once(company, &mut command, asked, &lost)
        }
    }
}

/// Kills a command as soon as a request is seen, which suffers something.
fn killed_once(company: &Company, command: &mut Command, asked: &Asked, suffers: &Value) -> bool {
    let which = json!({ "platform": asked.platform, "method": asked.method });
    company.fault(json!({ "match": which, "when": { "nth": asked.nth }, "do": suffers }));
    let before = company.emulator.log().len();
    let mut child = spawned(command);
    let is_it = |entry: &&Entry| entry.platform == asked.platform && entry.method == asked.method;
    let has_come = || {
        let log = company.emulator.log();
        let come = log.iter().skip(before).filter(is_it).count();
        come >= usize::try_from(asked.nth).unwrap()
    };
    let began = Instant::now();
    while !has_come() && child.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < PATIENCE, "no such request comes");
        thread::yield_now();
    }
    dead(child)
}

fn spawned(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Kills a process, and reports whether it was still there.
fn dead(mut child: Child) -> bool {
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}
