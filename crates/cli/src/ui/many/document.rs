//! The documents that programs read of a command about many people. They are written person by person.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write};

use kadry_flow::many::{PlanFile, Results, foreseen};
use kadry_journal::{BatchSummary, Journal};
use serde::Serialize;
use serde_json::{Value, json};

use super::ending::{key, reason};
use super::tally::{outvoted, why};
use crate::error::{Exit, Failure, of_flow, of_plan_file};
use crate::ui::json::{RunStep, beside_the_steps, still_open};
use crate::ui::{Screen, unprintable};
use crate::words::Words;

/// One of many, as programs read it.
#[derive(Debug, Serialize)]
struct Person {
    line: Option<u32>,
    person: String,
    result: &'static str,
    why: Option<String>,
    /// What is to be known beside the steps, where that is anything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// A document that is being written: its lists lie in files of their own until it is whole.
struct Draft {
    steps: List,
    residue: List,
    caveats: List,
    people: List,
}

/// A list of a document.
struct List {
    out: BufWriter<File>,
    any: bool,
}

impl List {
    fn new() -> io::Result<Self> {
        Ok(Self {
            out: BufWriter::new(tempfile::tempfile()?),
            any: false,
        })
    }

    fn add(&mut self, item: &impl Serialize) -> io::Result<()> {
        self.out
            .write_all(if self.any { b",\n    " } else { b"\n    " })?;
        self.any = true;
        serde_json::to_writer(&mut self.out, item).map_err(io::Error::from)
    }

    fn copy_to(self, out: &mut impl Write) -> io::Result<()> {
        let end: &[u8] = if self.any { b"\n  ]" } else { b"]" };
        let mut list = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        list.seek(SeekFrom::Start(0))?;
        out.write_all(b"[")?;
        io::copy(&mut BufReader::new(list), out)?;
        out.write_all(end)
    }
}

/// A document that is whole.
pub(crate) struct Document(File);

impl Document {
    /// Returns the file without a name in which it stands, from its beginning.
    pub(super) fn into_file(self) -> File {
        self.0
    }
}

impl Draft {
    fn new() -> io::Result<Self> {
        Ok(Self {
            steps: List::new()?,
            residue: List::new()?,
            caveats: List::new()?,
            people: List::new()?,
        })
    }

    /// Puts the document together. Keys, and their order, are a contract.
    fn finish(self, head: &Value, verified: bool, exit: Exit) -> io::Result<Document> {
        let mut file = tempfile::tempfile()?;
        let mut out = BufWriter::new(&mut file);
        out.write_all(b"{")?;
        for key in ["run", "intent", "person", "state"] {
            write!(
                out,
                "\n  \"{key}\": {},",
                head.get(key).unwrap_or(&Value::Null)
            )?;
        }
        out.write_all(b"\n  \"steps\": ")?;
        self.steps.copy_to(&mut out)?;
        write!(out, ",\n  \"verified\": {verified},\n  \"residue\": ")?;
        self.residue.copy_to(&mut out)?;
        out.write_all(b",\n  \"caveats\": ")?;
        self.caveats.copy_to(&mut out)?;
        out.write_all(b",\n  \"people\": ")?;
        self.people.copy_to(&mut out)?;
        write!(out, ",\n  \"exit\": {}\n}}\n", exit.code())?;
        out.flush()?;
        drop(out);
        file.seek(SeekFrom::Start(0))?;
        Ok(Document(file))
    }
}

/// Returns the document of a plan that is only shown, or that has nothing to do.
pub(super) fn planned(words: &Words, plan: &PlanFile, exit: Exit) -> Result<Document, Failure> {
    let lost = |cause: io::Error| unprintable(words, &cause);
    let mut draft = Draft::new().map_err(lost)?;
    for planned in plan.planned() {
        let planned = planned.map_err(|error| of_plan_file(words, &error, &plan.head.about))?;
        let person = Person {
            line: planned.who.line,
            result: key(foreseen(&planned)),
            notes: outvoted(words, &planned).map(|note| note.text).collect(),
            why: planned
                .who
                .why
                .as_ref()
                .map(|reason| why(words, reason, &planned.who.person)),
            person: planned.who.person,
        };
        draft.people.add(&person).map_err(lost)?;
        for step in &planned.steps {
            draft.steps.add(&RunStep::planned(step)).map_err(lost)?;
        }
    }
    let head = json!({
        "run": null,
        "intent": plan.head.flow,
        "person": plan.head.about,
        "state": match (exit, plan.steps) {
            (Exit::Refused, _) => "refused",
            (Exit::Partial, _) => "partial",
            (_, 0) => "done",
            (_, _) => "running",
        },
    });
    let verified = plan.steps == 0 && exit == Exit::Done;
    draft.finish(&head, verified, exit).map_err(lost)
}

/// Returns the document of what became of a batch.
pub(super) async fn ended(
    words: &Words,
    journal: &Journal,
    batch: &BatchSummary,
    exit: Exit,
) -> Result<Result<Document, Failure>, Failure> {
    let lost = |cause: io::Error| unprintable(words, &cause);
    let mut draft = Draft::new().map_err(lost)?;
    let mut results = Results::of(journal, batch.id.clone());
    let (mut verified, mut caveats) = (true, Vec::new());
    loop {
        let page = results.next().await;
        let page = page.map_err(|error| of_flow(words, &error, batch.id.as_str()))?;
        if page.is_empty() {
            break;
        }
        for one in page {
            let person = Person {
                line: one.line,
                result: key(one.result),
                notes: Vec::new(),
                why: reason(words, &one),
                person: one.person.clone(),
            };
            draft.people.add(&person).map_err(lost)?;
            let Some(report) = &one.report else {
                continue;
            };
            verified &= report.verified;
            for step in &report.steps {
                draft.steps.add(&RunStep::of(words, step)).map_err(lost)?;
            }
            for left in still_open(words, report) {
                draft.residue.add(&left).map_err(lost)?;
            }
            for said in beside_the_steps(words, report) {
                if !caveats.contains(&said) {
                    draft.caveats.add(&said).map_err(lost)?;
                    caveats.push(said);
                }
            }
        }
    }
    let head = json!({
        "run": batch.id.as_str(),
        "intent": batch.flow,
        "person": batch.label,
        "state": batch.state.as_str(),
    });
    Ok(draft.finish(&head, verified, exit).map_err(lost))
}

/// Prints a document.
///
/// # Errors
///
/// That it could not be made, or cannot be printed.
pub(super) fn print(screen: &Screen, document: Result<Document, Failure>) -> Result<(), Failure> {
    let Document(mut file) = document?;
    screen.stream(&mut file as &mut dyn Read)
}
