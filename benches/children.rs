//! Processes of their own: what they hold and take is not counted as somebody else's.

use std::process::{Command, Stdio};

use crate::{planning, world};

/// Plays a part that another process has asked for, and says on standard output what came of it.
pub(crate) fn play(part: &str) {
    match part.split_once(' ') {
        Some(("emulator", asked)) => world::child(asked),
        Some(("planning", people)) => planning::child(people.parse().unwrap()),
        _ => panic!("nobody plays {part:?} here"),
    }
}

/// Has a part played, and returns what came of it.
pub(crate) fn played<T: serde::de::DeserializeOwned>(part: &str) -> T {
    let output = this_program()
        .args(["--child", part])
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success(), "{part} failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Returns this program, to be started once more.
pub(crate) fn this_program() -> Command {
    Command::new(std::env::current_exe().unwrap())
}
