//! What was measured, as a table and as JSON.

use comfy_table::{Table, presets};
use serde::Serialize;

use crate::Plan;
use crate::measure::Figure;

/// What a figure must be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

/// What is held against the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Judged {
    /// Ours divided by the floor.
    Ratio,
    /// Ours alone.
    Ours,
    /// How much ours is above the floor.
    Above,
}

/// One measured thing.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    what: String,
    unit: &'static str,
    ours: Figure,
    floor: Option<Figure>,
    /// Of each pair of measurements, the one divided by the other: the median of that.
    ratio: Option<f64>,
    judged: Judged,
    target: Option<Target>,
    met: Option<bool>,
    note: Option<String>,
}

impl Row {
    /// Returns a row without a floor.
    pub(crate) fn alone(what: impl Into<String>, unit: &'static str, ours: &[f64]) -> Self {
        Self {
            what: what.into(),
            unit,
            ours: Figure::of(ours),
            floor: None,
            ratio: None,
            judged: Judged::Ours,
            target: None,
            met: None,
            note: None,
        }
    }

    /// Returns a row of what was measured in pairs: ours, and the floor.
    pub(crate) fn pair(
        what: impl Into<String>,
        unit: &'static str,
        (ours, floor): (Vec<f64>, Vec<f64>),
    ) -> Self {
        let ratios: Vec<f64> = ours.iter().zip(&floor).map(|(a, b)| a / b).collect();
        Self {
            floor: Some(Figure::of(&floor)),
            ratio: Some(Figure::of(&ratios).median),
            judged: Judged::Ratio,
            ..Self::alone(what, unit, &ours)
        }
    }

    /// Holds the row against a target.
    pub(crate) fn target(mut self, judged: Judged, target: Target) -> Self {
        let value = match judged {
            Judged::Ratio => self.ratio,
            Judged::Ours => Some(self.ours.median),
            Judged::Above => self
                .floor
                .as_ref()
                .map(|floor| self.ours.median - floor.median),
        };
        self.judged = judged;
        self.target = Some(target);
        self.met = value.map(|value| target.is_met(value));
        self
    }

    /// Says something that the numbers do not.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Reports whether there are numbers in it, and none that cannot be.
    pub(crate) fn is_sound(&self) -> bool {
        let figures = [Some(&self.ours), self.floor.as_ref()];
        figures.into_iter().flatten().all(|figure| {
            let all = &figure.samples;
            !all.is_empty() && all.iter().all(|value| value.is_finite() && *value >= 0.0)
        })
    }

    fn cells(&self, bench: &str) -> [String; 8] {
        let target = match (self.target, self.judged) {
            (None, _) => String::new(),
            (Some(target), judged) => {
                let (sign, value) = match target {
                    Target::AtMost(most) => ("≤", most),
                    Target::AtLeast(least) => ("≥", least),
                };
                match judged {
                    Judged::Ratio => format!("{sign} {value} ×"),
                    Judged::Ours => format!("{sign} {value} {}", self.unit),
                    Judged::Above => format!("{sign} {value} {} above", self.unit),
                }
            }
        };
        let met = match self.met {
            None => "",
            Some(true) => "met",
            Some(false) => "missed",
        };
        [
            bench.to_owned(),
            self.what.clone(),
            shown(&self.ours, self.unit),
            self.floor
                .as_ref()
                .map(|floor| shown(floor, self.unit))
                .unwrap_or_default(),
            self.ratio
                .map(|ratio| format!("{ratio:.2} ×"))
                .unwrap_or_default(),
            target,
            met.to_owned(),
            self.note.clone().unwrap_or_default(),
        ]
    }
}

fn shown(figure: &Figure, unit: &str) -> String {
    let one = |value: f64| {
        if value.abs() >= 100.0 {
            format!("{value:.0}")
        } else if value.abs() >= 10.0 {
            format!("{value:.1}")
        } else {
            format!("{value:.2}")
        }
    };
    if figure.samples.len() < 2 {
        return format!("{} {unit}", one(figure.median));
    }
    let (low, high) = (one(figure.p10), one(figure.p90));
    format!("{} {unit} [{low}..{high}]", one(figure.median))
}

#[derive(Serialize)]
struct Measured {
    bench: &'static str,
    #[serde(flatten)]
    row: Row,
}

/// Everything that was measured.
#[derive(Serialize)]
pub(crate) struct Report {
    size: String,
    runs: u32,
    cores: usize,
    rows: Vec<Measured>,
}

impl Report {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            size: format!("{:?}", plan.size).to_lowercase(),
            runs: plan.runs,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            rows: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, bench: &'static str, row: Row) {
        self.rows.push(Measured { bench, row });
    }

    pub(crate) fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::ASCII_MARKDOWN);
        table.set_header([
            "bench", "what", "ours", "floor", "ratio", "target", "", "note",
        ]);
        for measured in &self.rows {
            table.add_row(measured.row.cells(measured.bench));
        }
        table
    }

    pub(crate) fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap()
    }
}
