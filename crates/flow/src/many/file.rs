//! The file of a plan: one JSON document, written and read person by person, so that it may be longer than the memory.
//!
//! People and steps are two lists side by side. Whoever reads takes both at once, each from its own place in the file. The hash is one of
//! what the file says and not of how it is laid out: a file that a tool has indented is the same plan, an edited one is none.

mod frame;
mod stream;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
mod writer;

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use kadry_core::{Brake, ProviderId, Step};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Person, Planned};
use crate::plan::hexadecimal;
use frame::{Frame, Lists};
use stream::{List, Whole};

pub use writer::PlanWriter;

/// What marks a file as a plan, and says how it is written.
const FORMAT: &str = "kadry-plan-1";

/// How much of a file is read at once, in bytes.
const BLOCK: usize = 1 << 18;

/// What a plan is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which flow it executes, such as `import`.
    pub flow: String,
    /// What it is about as the operator knows it: the name of a file, or a person.
    pub about: String,
    /// The hash of the file that it was made from, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The platforms that are covered.
    pub on: Vec<ProviderId>,
    /// How many people may be concerned by a kind of change where the limits allow fewer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub allow: BTreeMap<Brake, u32>,
    /// Who asked for the plan.
    pub actor: String,
    /// Why, in the operator's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How many lines the file has that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u32>,
}

impl Head {
    /// Returns what tells the kind of file that the plan was made from. A file that names everybody on some platforms is the same under
    /// whatever name it is exported.
    #[must_use]
    pub fn file(&self) -> String {
        if self.flow == "reconcile" {
            let on: Vec<&str> = self.on.iter().map(ProviderId::as_str).collect();
            format!("reconcile on {}", on.join(","))
        } else {
            format!("{} {}", self.flow, self.about)
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The hash of what was seen, in hexadecimal.
    pub observed_hash: String,
    /// The hash of the plan, in hexadecimal. It shows edits; it is no signature.
    pub plan_hash: String,
}

/// Why a file is not a plan that can be applied.
#[derive(Debug, thiserror::Error)]
pub enum PlanFileError {
    /// The file cannot be read or written.
    #[error("the file cannot be read or written")]
    Io(#[from] io::Error),
    /// The file is not a plan.
    #[error("line {line}, column {column}: the file is not a plan: {message}")]
    NotAPlan {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The file ends too early.
    #[error("the file ends in line {line}, before its plan does")]
    CutOff {
        /// The last line.
        line: usize,
    },
    /// Another version has written the file.
    #[error("the file is written as {found}, and this program reads {FORMAT}")]
    AnotherFormat {
        /// How it is written.
        found: String,
    },
    /// The hash says that the file is not as it was written.
    #[error("the file was edited: its hash is {found}, and it says {said}")]
    Edited {
        /// The hash of what stands in it.
        found: String,
        /// The hash that stands in it.
        said: String,
    },
}

impl From<serde_json::Error> for PlanFileError {
    fn from(fault: serde_json::Error) -> Self {
        if fault.is_io() {
            return Self::Io(fault.into());
        }
        if fault.is_eof() {
            return Self::CutOff { line: fault.line() };
        }
        Self::NotAPlan {
            line: fault.line(),
            column: fault.column(),
            message: fault.to_string(),
        }
    }
}

/// Adds up what a plan says.
struct Sum {
    plan: Sha256,
    observed: Sha256,
    /// What is added next.
    text: Vec<u8>,
}

impl Sum {
    fn of(head: &Head) -> Result<Self, serde_json::Error> {
        let mut sum = Self {
            plan: Sha256::new(),
            observed: Sha256::new(),
            text: Vec::new(),
        };
        sum.plan.update(FORMAT);
        // Who made it is told, and makes no other plan of it.
        let file = (&head.source, &head.lines);
        let said = (&head.flow, &head.about, file, &head.on, &head.allow);
        sum.plan.update(serde_json::to_vec(&said)?);
        Ok(sum)
    }

    fn person(&mut self, person: &Person, text: &[u8]) -> Result<(), serde_json::Error> {
        self.plan.update(b"\n");
        self.plan.update(text);
        self.text.clear();
        serde_json::to_writer(&mut self.text, &person.observed)?;
        self.observed.update(&self.text);
        Ok(())
    }

    fn step(&mut self, text: &[u8]) {
        self.plan.update(b"\n");
        self.plan.update(text);
    }

    fn end(mut self) -> Written {
        let observed_hash = hexadecimal(&self.observed.finalize());
        self.plan.update(&observed_hash);
        Written {
            plan_hash: hexadecimal(&self.plan.finalize()),
            observed_hash,
        }
    }
}

/// A plan that was written.
#[derive(Clone, Debug)]
pub struct PlanFile {
    file: Arc<File>,
    lists: Lists,
    /// What it is of.
    pub head: Head,
    /// Its hashes.
    pub written: Written,
    /// How many people are in it.
    pub people: usize,
    /// How many steps.
    pub steps: usize,
}

impl PlanFile {
    /// Opens a plan, and reads all of it to see that nobody has edited it.
    ///
    /// # Errors
    ///
    /// [`PlanFileError`].
    pub fn open(path: &Path) -> Result<Self, PlanFileError> {
        let file = Arc::new(File::open(path)?);
        let frame = Frame::read(&file, path)?;
        let mut plan = Self {
            file,
            lists: frame.lists,
            head: frame.head,
            written: frame.written,
            people: 0,
            steps: 0,
        };
        let (mut people, mut steps) = (0, 0);
        for planned in plan.planned() {
            people += 1;
            steps += planned?.steps.len();
        }
        (plan.people, plan.steps) = (people, steps);
        Ok(plan)
    }

    /// Returns what is planned, person by person. The last item is an error when somebody has edited the file since it was opened.
    pub fn planned(&self) -> impl Iterator<Item = Result<Planned, PlanFileError>> + Send + use<> {
        Pairs {
            people: List::at(Arc::clone(&self.file), self.lists.people),
            steps: List::at(Arc::clone(&self.file), self.lists.steps),
            sum: Some(Sum::of(&self.head)),
            said: self.written.clone(),
        }
    }
}

/// People with their steps, which are added up on the way.
struct Pairs {
    people: List,
    steps: List,
    /// None when it is over.
    sum: Option<Result<Sum, serde_json::Error>>,
    said: Written,
}

impl Pairs {
    /// Takes the next person with their steps.
    fn pair(&mut self, sum: &mut Sum) -> Result<Option<Planned>, PlanFileError> {
        let Some(Whole { item: who, text }) = self.people.next::<Whole<Person>>()? else {
            return Ok(None);
        };
        sum.person(&who, text.as_bytes())?;
        let mut steps = Vec::new();
        for _ in 0..who.steps {
            let step = self.steps.next::<Whole<Step>>()?;
            let Whole { item: step, text } = step.ok_or_else(miscounted)?;
            sum.step(text.as_bytes());
            steps.push(step);
        }
        Ok(Some(Planned { who, steps }))
    }

    /// # Errors
    ///
    /// Steps that belong to nobody, and a sum that is another one than the file says.
    fn end(&mut self, sum: Sum) -> Result<(), PlanFileError> {
        if self.steps.next::<IgnoredAny>()?.is_some() {
            return Err(miscounted());
        }
        let found = sum.end();
        if found == self.said {
            return Ok(());
        }
        Err(PlanFileError::Edited {
            found: found.plan_hash,
            said: self.said.plan_hash.clone(),
        })
    }
}

/// People and steps do not belong to each other: somebody has taken one out.
fn miscounted() -> PlanFileError {
    PlanFileError::NotAPlan {
        line: 1,
        column: 1,
        message: "the steps are not those of the people".to_owned(),
    }
}

impl Iterator for Pairs {
    type Item = Result<Planned, PlanFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut sum = match self.sum.take()? {
            Ok(sum) => sum,
            Err(fault) => return Some(Err(fault.into())),
        };
        match self.pair(&mut sum) {
            Ok(Some(planned)) => {
                self.sum = Some(Ok(sum));
                Some(Ok(planned))
            }
            Ok(None) => self.end(sum).err().map(Err),
            Err(fault) => Some(Err(fault)),
        }
    }
}
