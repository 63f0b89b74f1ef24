//! Which points are tried.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kadry_core::Random;

use crate::play::{Figures, Played};
use crate::point::{Asked, Point, Way};

/// How many moments of each command are among all the points, and how many pairs of them.
const MOMENTS: usize = 60;
const PAIRS: usize = 30;

/// What somebody wants to be tried.
#[derive(Debug)]
pub(crate) enum Wanted {
    /// One point.
    One(Point),
    /// At most so many, spread over all stories and kinds as a seed draws them.
    Drawn { count: usize, seed: u64 },
}

impl Wanted {
    /// Reports whether points of a story may be wanted.
    pub(crate) fn covers(&self, story: &str) -> bool {
        match self {
            Self::One(point) => point.story == story,
            Self::Drawn { count, .. } => *count > 0,
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(point) => write!(f, "KADRY_POINT={point}"),
            Self::Drawn {
                count: usize::MAX,
                seed,
            } => write!(f, "KADRY_POINTS=all KADRY_SEED={seed}"),
            Self::Drawn { count, seed } => write!(f, "KADRY_POINTS={count} KADRY_SEED={seed}"),
        }
    }
}

/// Returns the points that are tried, and how many there are.
pub(crate) fn points(wanted: &Wanted, played: &[Arc<Played>]) -> (Vec<Point>, usize) {
    let (count, seed) = match wanted {
        Wanted::One(point) => return (vec![point.clone()], 1),
        Wanted::Drawn { count, seed } => (*count, *seed),
    };
    let dice = Random::seeded(seed);
    let mut groups: BTreeMap<(String, String, String), Vec<Point>> = BTreeMap::new();
    for point in played.iter().flat_map(|played| all(played, &dice)) {
        let group = (point.way.kind(), point.story.clone(), point.command.clone());
        groups.entry(group).or_default().push(point);
    }
    let of = groups.values().map(Vec::len).sum();
    let mut groups: Vec<Vec<Point>> = groups.into_values().collect();
    groups.iter_mut().for_each(|group| shuffle(group, &dice));
    shuffle(&mut groups, &dice);
    let mut drawn = Vec::new();
    // One of each kind of each command after the other, so that a few points are spread over all of them.
    while drawn.len() < count && groups.iter().any(|group| !group.is_empty()) {
        drawn.extend(groups.iter_mut().filter_map(Vec::pop));
    }
    drawn.truncate(count);
    (drawn, of)
}

/// Lists the points of a story, with moments as the dice fall.
fn all(played: &Played, dice: &Random) -> Vec<Point> {
    let mut all = Vec::new();
    let commands = played.story.commands.iter().zip(&played.figures);
    let killed = if played.story.goes_on { 1 } else { usize::MAX };
    for (command, figures) in commands.take(killed) {
        let point = |way| Point {
            story: played.story.name.to_owned(),
            command: command[0].to_owned(),
            way,
        };
        all.extend(ways(figures, dice).into_iter().map(point));
    }
    all
}

fn ways(figures: &Figures, dice: &Random) -> Vec<Way> {
    let moment = || u32::try_from(dice.next_u64() % 1_000).unwrap();
    let mut ways: Vec<Way> = (0..MOMENTS).map(|_| Way::Moment(moment())).collect();
    ways.extend((0..PAIRS).map(|_| Way::Moments(moment(), moment())));
    ways.sort();
    ways.dedup();
    for (name, &times) in &figures.calls {
        let call = |nth| Way::Call {
            name: name.clone(),
            nth,
        };
        ways.extend((1..=times).map(call));
    }
    for ((platform, method), &times) in &figures.requests {
        for nth in 1..=times {
            let asked = Asked {
                platform: platform.clone(),
                method: method.clone(),
                nth,
            };
            ways.extend([Way::Arrived(asked.clone()), Way::CarriedOut(asked)]);
        }
    }
    ways
}

fn shuffle<T>(list: &mut [T], dice: &Random) {
    for end in (1..list.len()).rev() {
        let other = dice.next_u64() % (u64::try_from(end).unwrap() + 1);
        list.swap(end, usize::try_from(other).unwrap());
    }
}
