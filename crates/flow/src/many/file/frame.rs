//! A plan without what is in its lists.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::stream::{List, Pieces, Whole};
use super::{FORMAT, Head, PlanFileError, Written};

/// Where the two lists of a plan begin, in bytes from the beginning of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lists {
    pub(super) people: u64,
    pub(super) steps: u64,
}

/// What a plan says beside its lists.
pub(super) struct Frame {
    pub(super) head: Head,
    pub(super) written: Written,
    pub(super) lists: Lists,
}

#[derive(Deserialize)]
struct Format {
    format: String,
}

impl Frame {
    /// Reads a file from its beginning to its end.
    pub(super) fn read(file: &Arc<File>, path: &Path) -> Result<Self, PlanFileError> {
        let fault = match Said::read(file).and_then(Said::whole) {
            Ok((format, frame)) if format == FORMAT => return Ok(frame),
            Ok((found, _)) => return Err(PlanFileError::AnotherFormat { found }),
            Err(fault) => fault,
        };
        // A file of another format may lack what ours has.
        match serde_json::from_reader(BufReader::new(File::open(path)?)) {
            Ok(Format { format }) if format != FORMAT => {
                Err(PlanFileError::AnotherFormat { found: format })
            }
            Ok(_) | Err(_) => Err(fault),
        }
    }
}

/// What was read of a frame so far.
struct Said {
    pieces: Pieces,
    format: Option<String>,
    head: Option<Whole<Head>>,
    people: Option<u64>,
    steps: Option<u64>,
    observed_hash: Option<String>,
    plan_hash: Option<String>,
}

impl Said {
    fn read(file: &Arc<File>) -> Result<Self, PlanFileError> {
        let mut said = Self {
            pieces: Pieces::from(Arc::clone(file), 0),
            format: None,
            head: None,
            people: None,
            steps: None,
            observed_hash: None,
            plan_hash: None,
        };
        said.pieces.sign(b'{')?;
        let mut is_first = true;
        while said.pieces.goes_on(is_first, b'}')? {
            is_first = false;
            said = said.entry()?;
        }
        said.pieces.end()?;
        Ok(said)
    }

    /// Reads a key and its value.
    fn entry(mut self) -> Result<Self, PlanFileError> {
        let key: String = self.pieces.value()?;
        self.pieces.sign(b':')?;
        let is_known = match key.as_str() {
            "format" => self.format.replace(self.pieces.value()?).is_some(),
            "intent" => self.head.replace(self.pieces.value()?).is_some(),
            "observed_hash" => self.observed_hash.replace(self.pieces.value()?).is_some(),
            "plan_hash" => self.plan_hash.replace(self.pieces.value()?).is_some(),
            "people" | "steps" => {
                let list = match key.as_str() {
                    "people" => &mut self.people,
                    _ => &mut self.steps,
                };
                let is_known = list.replace(self.pieces.at()).is_some();
                self.pieces = List::pass(self.pieces)?;
                is_known
            }
            _ => return Err(self.pieces.wrong(format!("unknown field `{key}`"))),
        };
        if is_known {
            return Err(self.pieces.wrong(format!("duplicate field `{key}`")));
        }
        Ok(self)
    }

    /// Returns the format and the frame if nothing is missing.
    fn whole(self) -> Result<(String, Frame), PlanFileError> {
        let pieces = &self.pieces;
        let missing = |key: &str| pieces.wrong(format!("missing field `{key}`"));
        let frame = Frame {
            head: self.head.ok_or_else(|| missing("intent"))?.item,
            written: Written {
                observed_hash: self.observed_hash.ok_or_else(|| missing("observed_hash"))?,
                plan_hash: self.plan_hash.ok_or_else(|| missing("plan_hash"))?,
            },
            lists: Lists {
                people: self.people.ok_or_else(|| missing("people"))?,
                steps: self.steps.ok_or_else(|| missing("steps"))?,
            },
        };
        let format = self.format.ok_or_else(|| missing("format"))?;
        Ok((format, frame))
    }
}
