//! Writing a plan: people and steps go into a file each, and both into one when all are there.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::frame::Lists;
use super::{BLOCK, FORMAT, Head, PlanFile, PlanFileError, Planned, Sum, Written};

/// Writes a plan, person by person.
pub struct PlanWriter {
    path: PathBuf,
    people: BufWriter<File>,
    steps: BufWriter<File>,
    out: NamedTempFile,
    head: Head,
    sum: Sum,
    /// How many people and steps were added.
    counts: (usize, usize),
    /// What is written next.
    text: Vec<u8>,
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
            counts: (0, 0),
            text: Vec::new(),
        })
    }

    /// Adds what is planned for one person.
    ///
    /// # Errors
    ///
    /// Nothing can be written there any more.
    pub fn add(&mut self, planned: &Planned) -> Result<(), PlanFileError> {
        self.text.clear();
        serde_json::to_writer(&mut self.text, &planned.who)?;
        self.sum.person(&planned.who, &self.text)?;
        put(&mut self.people, &mut self.counts.0, &self.text)?;
        for step in &planned.steps {
            self.text.clear();
            serde_json::to_writer(&mut self.text, step)?;
            self.sum.step(&self.text);
            put(&mut self.steps, &mut self.counts.1, &self.text)?;
        }
        Ok(())
    }

    /// Ends the plan, puts it where it belongs, and returns it as if it had been opened.
    ///
    /// # Errors
    ///
    /// Nothing can be written there any more.
    pub fn finish(self) -> Result<PlanFile, PlanFileError> {
        let written = self.sum.end();
        let mut out = BufWriter::with_capacity(BLOCK, self.out);
        let head = serde_json::to_string(&self.head)?;
        write!(
            out,
            "{{\"format\":\"{FORMAT}\",\n\"intent\":{head},\n\"people\":"
        )?;
        let people = out.stream_position()?;
        copy(self.people, &mut out)?;
        out.write_all(b",\n\"steps\":")?;
        let steps = out.stream_position()?;
        copy(self.steps, &mut out)?;
        let Written {
            observed_hash,
            plan_hash,
        } = &written;
        writeln!(
            out,
            ",\n\"observed_hash\":\"{observed_hash}\",\n\"plan_hash\":\"{plan_hash}\"}}"
        )?;
        let out = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        out.as_file().sync_all()?;
        let file = out.persist(&self.path).map_err(|fault| fault.error)?;
        Ok(PlanFile {
            file: Arc::new(file),
            lists: Lists { people, steps },
            head: self.head,
            written,
            people: self.counts.0,
            steps: self.counts.1,
        })
    }
}

fn put(list: &mut impl Write, count: &mut usize, text: &[u8]) -> io::Result<()> {
    list.write_all(if *count > 0 { b",\n" } else { b"\n" })?;
    *count += 1;
    list.write_all(text)
}

fn copy(list: BufWriter<File>, out: &mut impl Write) -> io::Result<()> {
    let mut list = list.into_inner().map_err(io::IntoInnerError::into_error)?;
    list.seek(SeekFrom::Start(0))?;
    out.write_all(b"[")?;
    io::copy(&mut list, out)?;
    out.write_all(b"]")
}
