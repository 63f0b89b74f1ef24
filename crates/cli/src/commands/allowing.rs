//! What one run may do beyond the limits.

use std::collections::BTreeMap;

use clap::Args;
use kadry_core::Brake;

use crate::error::{Failure, did_you_mean};
use crate::words::Words;

/// The flag that lifts limits for one run.
#[derive(Debug, Args)]
pub(crate) struct Allowing {
    /// Let this run concern more people than the limits say, such as suspend=40; give the reason too
    #[arg(long, value_name = "LIMIT", value_delimiter = ',', requires = "reason")]
    allow: Vec<String>,
}

impl Allowing {
    /// Returns how many people each kind of change may concern.
    ///
    /// # Errors
    ///
    /// A value that names no kind of change or no number.
    pub(super) fn read(&self, words: &Words) -> Result<BTreeMap<Brake, u32>, Failure> {
        let read = self.allow.iter().map(|typed| {
            let unusable = |nearest: Option<&str>| {
                let kinds = Brake::ALL.map(Brake::as_str).join(", ");
                Failure::usage(
                    "usage",
                    words.say_with("allow-unusable", &[("typed", typed.as_str().into())]),
                    Some(match nearest {
                        Some(nearest) => did_you_mean(words, nearest),
                        None => words.say_with("allow-unusable-hint", &[("kinds", kinds.into())]),
                    }),
                )
            };
            let (kind, people) = typed.split_once('=').ok_or_else(|| unusable(None))?;
            let Some(brake) = Brake::named(kind.trim()) else {
                let kinds = Brake::ALL.map(Brake::as_str);
                return Err(unusable(kadry_core::nearest(kind.trim(), kinds)));
            };
            let people = people.trim().parse().map_err(|_| unusable(None))?;
            Ok((brake, people))
        });
        read.collect()
    }
}
