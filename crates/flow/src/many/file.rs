//! The file of a plan: one JSON document, written and read person by person, so that it may be longer than the memory.
//!
//! People and steps are two lists side by side. Whoever reads takes both at once, each from its own place in the file. The hash is one of
//! what the file says and not of how it is laid out: a file that a tool has indented is the same plan, an edited one is none.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};
use std::marker::PhantomData;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use kadry_core::{Brake, ProviderId, Step};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::{Person, Planned};

/// What marks a file as a plan, and says how it is written.
const FORMAT: &str = "kadry-plan-1";

/// How many people or steps are read ahead.
const AHEAD: usize = 256;

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
}

impl Sum {
    fn of(head: &Head) -> Result<Self, serde_json::Error> {
        let mut sum = Self {
            plan: Sha256::new(),
            observed: Sha256::new(),
        };
        sum.plan.update(FORMAT);
        // Who made it is told, and makes no other plan of it.
        let said = (&head.flow, &head.about, &head.source, &head.on, &head.allow);
        sum.plan.update(serde_json::to_vec(&said)?);
        Ok(sum)
    }

    fn person(&mut self, person: &Person, text: &[u8]) -> Result<(), serde_json::Error> {
        self.plan.update(b"\n");
        self.plan.update(text);
        self.observed.update(serde_json::to_vec(&person.observed)?);
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

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a plan, person by person.
pub struct PlanWriter {
    path: PathBuf,
    people: BufWriter<File>,
    steps: BufWriter<File>,
    out: NamedTempFile,
    head: Head,
    sum: Sum,
    any_person: bool,
    any_step: bool,
}

impl fmt::Debug for PlanWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanWriter")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl PlanWriter {
    /// Begins a plan. Nothing is at its place before it is whole; only its owner may read it.
    ///
    /// # Errors
    ///
    /// Nothing can be written there.
    pub fn begin(path: &Path, head: &Head) -> Result<Self, PlanFileError> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            Some(_) | None => Path::new("."),
        };
        Ok(Self {
            path: path.to_owned(),
            people: BufWriter::with_capacity(BLOCK, tempfile::tempfile_in(folder)?),
            steps: BufWriter::with_capacity(BLOCK, tempfile::tempfile_in(folder)?),
            out: NamedTempFile::new_in(folder)?,
            head: head.clone(),
            sum: Sum::of(head)?,
            any_person: false,
            any_step: false,
        })
    }

    /// Adds what is planned for one person.
    ///
    /// # Errors
    ///
    /// Nothing can be written there any more.
    pub fn add(&mut self, planned: &Planned) -> Result<(), PlanFileError> {
        let text = serde_json::to_vec(&planned.who)?;
        self.sum.person(&planned.who, &text)?;
        put(&mut self.people, &mut self.any_person, &text)?;
        for step in &planned.steps {
            let text = serde_json::to_vec(step)?;
            self.sum.step(&text);
            put(&mut self.steps, &mut self.any_step, &text)?;
        }
        Ok(())
    }

    /// Ends the plan and puts it where it belongs.
    ///
    /// # Errors
    ///
    /// Nothing can be written there any more.
    pub fn finish(self) -> Result<Written, PlanFileError> {
        let written = self.sum.end();
        let mut out = BufWriter::with_capacity(BLOCK, self.out);
        let head = serde_json::to_string(&self.head)?;
        write!(
            out,
            "{{\"format\":\"{FORMAT}\",\n\"intent\":{head},\n\"people\":["
        )?;
        copy(self.people, &mut out)?;
        out.write_all(b"],\n\"steps\":[")?;
        copy(self.steps, &mut out)?;
        let Written {
            observed_hash,
            plan_hash,
        } = &written;
        writeln!(
            out,
            "],\n\"observed_hash\":\"{observed_hash}\",\n\"plan_hash\":\"{plan_hash}\"}}"
        )?;
        let out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        out.as_file().sync_all()?;
        out.persist(&self.path).map_err(|fault| fault.error)?;
        Ok(written)
    }
}

fn put(list: &mut impl Write, any: &mut bool, text: &[u8]) -> io::Result<()> {
    list.write_all(if *any { b",\n" } else { b"\n" })?;
    *any = true;
    list.write_all(text)
}

fn copy(list: BufWriter<File>, out: &mut impl Write) -> io::Result<()> {
    let mut list = list.into_inner().map_err(io::IntoInnerError::into_error)?;
    list.seek(SeekFrom::Start(0))?;
    io::copy(&mut list, out).map(drop)
}

/// A plan that was written.
#[derive(Clone, Debug)]
pub struct PlanFile {
    file: Arc<File>,
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
        let frame: Frame = serde_json::from_reader(At::begin(&file)).or_else(|fault| {
            // A file of another format may lack what ours has.
            let format: Format = serde_json::from_reader(At::begin(&file)).map_err(|_| fault)?;
            Err(PlanFileError::AnotherFormat {
                found: format.format,
            })
        })?;
        if frame.format != FORMAT {
            return Err(PlanFileError::AnotherFormat {
                found: frame.format,
            });
        }
        let mut plan = Self {
            file,
            head: frame.intent,
            written: Written {
                observed_hash: frame.observed_hash,
                plan_hash: frame.plan_hash,
            },
            people: 0,
            steps: 0,
        };
        let mut sum = Sum::of(&plan.head)?;
        let (mut people, mut steps) = (0, 0);
        for planned in plan.planned() {
            let planned = planned?;
            people += 1;
            steps += planned.steps.len();
            sum.person(&planned.who, &serde_json::to_vec(&planned.who)?)?;
            for step in &planned.steps {
                sum.step(&serde_json::to_vec(step)?);
            }
        }
        let found = sum.end();
        if found != plan.written {
            return Err(PlanFileError::Edited {
                found: found.plan_hash,
                said: plan.written.plan_hash,
            });
        }
        (plan.people, plan.steps) = (people, steps);
        Ok(plan)
    }

    /// Returns what is planned, person by person.
    pub fn planned(&self) -> impl Iterator<Item = Result<Planned, PlanFileError>> + Send + use<> {
        Pairs {
            people: stream(&self.file, "people"),
            steps: stream(&self.file, "steps"),
            over: false,
        }
    }
}

/// A plan without its lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    format: String,
    intent: Head,
    #[serde(rename = "people")]
    _people: IgnoredAny,
    #[serde(rename = "steps")]
    _steps: IgnoredAny,
    observed_hash: String,
    plan_hash: String,
}

#[derive(Deserialize)]
struct Format {
    format: String,
}

/// People with their steps.
struct Pairs {
    people: Receiver<Result<Person, PlanFileError>>,
    steps: Receiver<Result<Step, PlanFileError>>,
    over: bool,
}

impl Pairs {
    fn pair(&mut self, who: Person) -> Result<Planned, PlanFileError> {
        let mut steps = Vec::new();
        for _ in 0..who.steps {
            match self.steps.recv() {
                Ok(step) => steps.push(step?),
                Err(_) => return Err(miscounted()),
            }
        }
        Ok(Planned { who, steps })
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
        if self.over {
            return None;
        }
        let next = match self.people.recv() {
            Ok(who) => Some(who.and_then(|who| self.pair(who))),
            Err(_) => self.steps.recv().ok().map(|left| match left {
                Ok(_) => Err(miscounted()),
                Err(fault) => Err(fault),
            }),
        };
        self.over = !matches!(next, Some(Ok(_)));
        next
    }
}

/// Reads one of the two lists in a thread of its own, a little ahead of whoever takes from it.
fn stream<T: DeserializeOwned + Send + 'static>(
    file: &Arc<File>,
    key: &'static str,
) -> Receiver<Result<T, PlanFileError>> {
    let (give, take) = sync_channel(AHEAD);
    let at = At::begin(file);
    drop(std::thread::spawn(move || {
        let mut json = serde_json::Deserializer::from_reader(at);
        let list = List { key, give: &give };
        if let Err(fault) = json.deserialize_map(list) {
            // Whoever has gone away does not want to know.
            give.send(Err(fault.into())).ok();
        }
    }));
    take
}

/// A place in a file that several read from.
struct At {
    file: Arc<File>,
    at: u64,
}

impl At {
    fn begin(file: &Arc<File>) -> BufReader<Self> {
        let file = Arc::clone(file);
        BufReader::with_capacity(BLOCK, Self { file, at: 0 })
    }
}

impl Read for At {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(into, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// One list of a document, given away item by item.
struct List<'a, T> {
    key: &'static str,
    give: &'a SyncSender<Result<T, PlanFileError>>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                map.next_value_seed(Items(self.give, PhantomData))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Items<'a, T>(&'a SyncSender<Result<T, PlanFileError>>, PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Items<'_, T> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Items<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            if self.0.send(Ok(item)).is_err() {
                return Err(serde::de::Error::custom("nobody reads on"));
            }
        }
        Ok(())
    }
}
