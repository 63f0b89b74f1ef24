//! What kadry takes beside what it has to take: `cargo bench`, or `cargo bench -- listing planning` for some of it.
//!
//! Each bench measures ours and a floor by turns in one process: the floor does what cannot be avoided, and nothing else. So a busy
//! machine slows both, and what is judged is their ratio. The platforms, and whatever needs a peak of its own, are other processes.
//!
//! Without `--bench`, as `cargo test --bench measure` starts it, everything is tiny and each bench must bring its rows.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench that cannot go on has failed, and what it found is printed"
)]

#[path = "../tests/support/backends.rs"]
mod backends;
mod children;
mod company;
mod crowd;
mod floor;
mod import;
mod journal;
mod limit;
mod listing;
mod lockout;
mod measure;
mod planning;
mod report;
#[path = "../tests/support/section.rs"]
mod section;
mod start;
#[expect(
    dead_code,
    unused_imports,
    reason = "only some of it is read here, and none of its tests run"
)]
mod wire;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::report::{Report, Row};

/// Measure kadry beside what it has to take
#[derive(Debug, Parser)]
struct Arguments {
    /// Only these benches; all of them if none is named
    names: Vec<String>,
    /// How often each is measured
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Measure less of everything: a look, not a figure
    #[arg(long)]
    quick: bool,
    /// Write the figures down as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Name the benches, and measure nothing
    #[arg(long)]
    list: bool,
    /// Play this part in a bench of another process
    #[arg(long, hide = true)]
    child: Option<String>,
    /// What cargo says when it measures
    #[arg(long, hide = true)]
    bench: bool,
}

/// That of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// What the figures are about.
    Whole,
    /// Enough to see where it goes.
    Quick,
    /// Enough to see that it works.
    Tiny,
}

impl Size {
    /// Returns the one of three that is meant.
    pub(crate) fn pick<T>(self, whole: T, quick: T, tiny: T) -> T {
        match self {
            Self::Whole => whole,
            Self::Quick => quick,
            Self::Tiny => tiny,
        }
    }
}

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) size: Size,
    pub(crate) runs: u32,
}

impl Plan {
    /// Returns the plan of a bench that takes so long that it is measured less often.
    pub(crate) fn at_most(self, runs: u32) -> Self {
        Self {
            runs: self.runs.min(runs),
            ..self
        }
    }
}

/// One bench.
struct Bench {
    name: &'static str,
    run: fn(Plan) -> Vec<Row>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "listing",
        run: listing::run,
    },
    Bench {
        name: "import",
        run: import::run,
    },
    Bench {
        name: "limit",
        run: limit::run,
    },
    Bench {
        name: "lockout",
        run: lockout::run,
    },
    Bench {
        name: "planning",
        run: planning::run,
    },
    Bench {
        name: "journal",
        run: journal::run,
    },
    Bench {
        name: "start",
        run: start::run,
    },
];

/// Returns the runtime that the command line has.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    let builder = tokio::runtime::Builder::new_multi_thread();
    { builder }.worker_threads(2).enable_all().build().unwrap()
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(part) = &arguments.child {
        children::play(part);
        return ExitCode::SUCCESS;
    }
    if arguments.list {
        for bench in BENCHES {
            println!("{}", bench.name);
        }
        return ExitCode::SUCCESS;
    }
    let known = |name: &String| BENCHES.iter().any(|bench| bench.name == name);
    if let Some(unknown) = arguments.names.iter().find(|name| !known(name)) {
        eprintln!("There is no bench `{unknown}`; `--list` names them.");
        return ExitCode::from(2);
    }
    let plan = arguments.plan();
    let mut report = Report::new(plan);
    for bench in BENCHES {
        if !arguments.names.is_empty() && !arguments.names.iter().any(|name| name == bench.name) {
            continue;
        }
        eprintln!("{} …", bench.name);
        let rows = (bench.run)(plan);
        assert!(!rows.is_empty(), "{} measured nothing", bench.name);
        for row in rows {
            assert!(
                row.is_sound(),
                "{} measured no numbers: {row:?}",
                bench.name
            );
            report.add(bench.name, row);
        }
    }
    println!("{}", report.table());
    if let Some(path) = &arguments.json {
        std::fs::write(path, report.json()).unwrap();
    }
    ExitCode::SUCCESS
}

impl Arguments {
    fn plan(&self) -> Plan {
        match (self.bench, self.quick) {
            (false, _) => Plan {
                size: Size::Tiny,
                runs: 1,
            },
            (true, true) => Plan {
                size: Size::Quick,
                runs: self.runs.min(3),
            },
            (true, false) => Plan {
                size: Size::Whole,
                runs: self.runs,
            },
        }
    }
}
