//! Cold starts of the command, beside a program that does nothing, and the size of it.
//!
//! CPU is that of the whole process from its start to its end. The system tells it for ended children together, rounded to a hundredth of
//! a second, so that many are started for each figure.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::report::{Judged, Row, Target};
use crate::world::{Asked, World};
use crate::{Plan, Size, runtime};

/// How often a program is started for one figure.
const STARTS: u32 = 40;

pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let Some((kadry, empty)) = built(plan.size) else {
        let none = Row::alone(
            "the command is not built where only the benches are tried",
            "",
            &[0.0],
        );
        return vec![none];
    };
    let starts = plan.size.pick(STARTS, STARTS / 2, 1);
    let _entered = runtime();
    let world = World::serve(Asked::unlimited(0));
    let folder = tempfile::tempdir().unwrap();
    world.configure(folder.path());
    let version = || quiet(&kadry, &["--version"]);
    let providers = || {
        let mut command = quiet(&kadry, &["providers"]);
        command.current_dir(folder.path()).envs(world.exports());
        command
    };
    let nothing = || quiet(&empty, &[]);
    // Once before anything is measured: the programs are in memory then, and the store is made.
    for mut command in [version(), providers(), nothing()] {
        assert!(command.status().unwrap().success(), "{command:?}");
    }
    let pairs = |ours: &dyn Fn() -> Command| {
        let both = (0..plan.runs).map(|_| (cpu_ms(starts, ours), cpu_ms(starts, &nothing)));
        both.unzip()
    };
    let size_mb = kadry.metadata().unwrap().len() as f64 / 1e6;
    vec![
        Row::pair("kadry --version, CPU", "ms", pairs(&version))
            .target(Judged::Above, Target::AtMost(5.0))
            .note(format!("{starts} starts for each figure")),
        Row::pair("kadry providers, CPU", "ms", pairs(&providers))
            .target(Judged::Above, Target::AtMost(20.0))
            .note("three platforms answer at once"),
        Row::alone("size of the release binary", "MB", &[size_mb])
            .target(Judged::Ours, Target::AtMost(25.0)),
    ]
}

/// Returns a command that says nothing to anybody.
fn quiet(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Builds the command and a program that does nothing as they are released.
fn built(size: Size) -> Option<(PathBuf, PathBuf)> {
    if size == Size::Tiny {
        return None;
    }
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    for what in [
        ["--package", "kadry-cli", "--bin", "kadry"],
        ["--package", "kadry-workspace", "--example", "empty"],
    ] {
        let built = Command::new(&cargo)
            .args(["build", "--release", "--locked", "--quiet"])
            .args(what)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(built.unwrap().success());
    }
    // The benches are two folders below the one that a release is in.
    let program = std::env::current_exe().unwrap();
    let release = program.ancestors().nth(2)?;
    Some((release.join("kadry"), release.join("examples/empty")))
}

/// Returns the CPU that one start of a command takes: of many, one after the other.
fn cpu_ms(starts: u32, command: &dyn Fn() -> Command) -> f64 {
    let before = children_ms();
    for _ in 0..starts {
        assert!(command().status().unwrap().success());
    }
    (children_ms() - before) / f64::from(starts)
}

/// Returns the CPU that all children of this process took which have ended.
fn children_ms() -> f64 {
    let stat = std::fs::read_to_string(Path::new("/proc/self/stat")).unwrap();
    // The name of the program may hold anything, but no bracket comes after it; the system counts in hundredths of a second.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let ticks = fields[13..15]
        .iter()
        .map(|field| field.parse::<f64>().unwrap());
    ticks.sum::<f64>() * 10.0
}
