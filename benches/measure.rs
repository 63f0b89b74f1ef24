//! Time, CPU and memory, and what many measurements amount to.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// What something took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    pub(crate) wall_s: f64,
    /// The CPU of all threads of this process.
    pub(crate) cpu_s: f64,
}

impl Took {
    pub(crate) fn wall_ms(self) -> f64 {
        self.wall_s * 1e3
    }

    pub(crate) fn cpu_ms(self) -> f64 {
        self.cpu_s * 1e3
    }
}

/// A watch that was started.
#[derive(Debug)]
pub(crate) struct Watch {
    started: Instant,
    cpu: Duration,
}

impl Watch {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu(),
        }
    }

    pub(crate) fn stop(&self) -> Took {
        Took {
            wall_s: self.started.elapsed().as_secs_f64(),
            cpu_s: (cpu() - self.cpu).as_secs_f64(),
        }
    }
}

/// Returns the CPU that this process has taken so far.
pub(crate) fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap()
}

/// Returns the most memory that this process ever held, in megabytes.
pub(crate) fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.unwrap().trim().trim_end_matches(" kB");
    kb.parse::<f64>().unwrap() / 1024.0
}

/// The middle of many measurements, and how far they are spread.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) median: f64,
    pub(crate) p10: f64,
    pub(crate) p90: f64,
    pub(crate) samples: Vec<f64>,
}

impl Figure {
    pub(crate) fn of(samples: &[f64]) -> Self {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self {
            median: quantile(&sorted, 0.5),
            p10: quantile(&sorted, 0.1),
            p90: quantile(&sorted, 0.9),
            samples: samples.to_vec(),
        }
    }
}

/// Returns the value below which this share of the sorted samples is, between two of them where it falls there.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = share * last as f64;
    let below = at.floor();
    let (low, high) = (
        sorted[below as usize],
        sorted[(at.ceil() as usize).min(last)],
    );
    low + (high - low) * (at - below)
}

/// Two things that were measured by turns.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) ours: Vec<Took>,
    pub(crate) floor: Vec<Took>,
}

impl Pairs {
    /// Measures both so often, and lets the other one begin each time.
    pub(crate) async fn measured<E>(
        runs: u32,
        stage: &mut E,
        ours: impl AsyncFn(&mut E) -> Took,
        floor: impl AsyncFn(&mut E) -> Took,
    ) -> Self {
        let mut pairs = Self::default();
        for run in 0..runs {
            if run % 2 == 0 {
                pairs.ours.push(ours(stage).await);
                pairs.floor.push(floor(stage).await);
            } else {
                pairs.floor.push(floor(stage).await);
                pairs.ours.push(ours(stage).await);
            }
        }
        pairs
    }

    pub(crate) fn both(&self, of: impl Fn(Took) -> f64) -> (Vec<f64>, Vec<f64>) {
        let all = |took: &[Took]| took.iter().map(|took| of(*took)).collect();
        (all(&self.ours), all(&self.floor))
    }
}
