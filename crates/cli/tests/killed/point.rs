//! Where a command is killed, and the name of that.

use std::fmt;
use std::str::FromStr;

/// One command of a story, and where it is killed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Point {
    /// The name of the story.
    pub(crate) story: String,
    /// The first word of the command.
    pub(crate) command: String,
    pub(crate) way: Way,
}

/// Where a command is killed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    /// When so many thousandths of the time have passed that it takes when nobody kills it.
    Moment(u32),
    /// The same, and what is typed first afterwards is killed as well.
    Moments(u32, u32),
    /// Before the n-th call of a kind in one of its threads.
    Call { name: String, nth: u32 },
    /// Once the n-th request of a platform with a method has come there. It is carried out a while later.
    Arrived(Asked),
    /// Once that request was carried out. Its answer never comes.
    CarriedOut(Asked),
}

/// The n-th request of a platform with a method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Asked {
    pub(crate) platform: String,
    pub(crate) method: String,
    pub(crate) nth: u32,
}

impl Way {
    /// Returns the kind by which points are counted.
    pub(crate) fn kind(&self) -> String {
        match self {
            Self::Moment(_) => "moment".to_owned(),
            Self::Moments(..) => "two moments".to_owned(),
            Self::Call { name, .. } => name.clone(),
            Self::Arrived(_) => "request arrived".to_owned(),
            Self::CarriedOut(_) => "request carried out".to_owned(),
        }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            story,
            command,
            way,
        } = self;
        write!(f, "{story}::{command}_killed_{way}")
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(moment) => write!(f, "at_moment_{moment}"),
            Self::Moments(one, other) => write!(f, "at_moments_{one}_and_{other}"),
            Self::Call { name, nth } => write!(f, "at_{name}_{nth}"),
            Self::Arrived(asked) => write!(f, "once_{asked}_arrived"),
            Self::CarriedOut(asked) => write!(f, "once_{asked}_was_carried_out"),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method.to_lowercase();
        write!(f, "{}_{method}_{}", self.platform, self.nth)
    }
}

impl FromStr for Point {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let parts = || {
            let (story, rest) = name.split_once("::")?;
            let (command, way) = rest.split_once("_killed_")?;
            Some(Self {
                story: story.to_owned(),
                command: command.to_owned(),
                way: way_of(way)?,
            })
        };
        parts().ok_or_else(|| format!("{name:?} is no name of a point"))
    }
}

fn way_of(text: &str) -> Option<Way> {
    if let Some(moments) = text.strip_prefix("at_moments_") {
        let (one, other) = moments.split_once("_and_")?;
        return Some(Way::Moments(one.parse().ok()?, other.parse().ok()?));
    }
    if let Some(moment) = text.strip_prefix("at_moment_") {
        return Some(Way::Moment(moment.parse().ok()?));
    }
    if let Some(call) = text.strip_prefix("at_") {
        let (name, nth) = call.rsplit_once('_')?;
        return Some(Way::Call {
            name: name.to_owned(),
            nth: nth.parse().ok()?,
        });
    }
    let text = text.strip_prefix("once_")?;
    match text.strip_suffix("_was_carried_out") {
        Some(asked) => asked_of(asked).map(Way::CarriedOut),
        None => asked_of(text.strip_suffix("_arrived")?).map(Way::Arrived),
    }
}

fn asked_of(text: &str) -> Option<Asked> {
    let mut parts = text.split('_');
    let asked = Asked {
        platform: parts.next()?.to_owned(),
        method: parts.next()?.to_uppercase(),
        nth: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(asked)
}
