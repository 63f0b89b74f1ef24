//! Reading a plan piece by piece: no more of the file is in memory than a block and the piece that is being taken.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use serde::de::{DeserializeOwned, Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{BLOCK, PlanFileError};

/// An item of which nothing is left over when it is read: what says more than we know was not written by us.
pub(super) struct Whole<T> {
    pub(super) item: T,
    /// The item as we write it.
    pub(super) text: String,
}

impl<'de, T: DeserializeOwned + Serialize> Deserialize<'de> for Whole<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        let said = Box::<RawValue>::deserialize(json)?;
        let said = said.get();
        let item: T = serde_json::from_str(said).map_err(D::Error::custom)?;
        let text = serde_json::to_string(&item).map_err(D::Error::custom)?;
        // As we write it, or laid out anew.
        if text != said {
            let known: Value = serde_json::from_str(&text).map_err(D::Error::custom)?;
            let said: Value = serde_json::from_str(said).map_err(D::Error::custom)?;
            if known != said {
                return Err(D::Error::custom("it says more than a plan does"));
            }
        }
        Ok(Self { item, text })
    }
}

/// The pieces of a file, from some place on.
pub(super) struct Pieces {
    file: Arc<File>,
    /// Where the first byte is that was not taken yet, from the beginning of the file.
    at: u64,
    read: Vec<u8>,
    /// How much was taken of what was read.
    taken: usize,
}

impl Pieces {
    pub(super) const fn from(file: Arc<File>, at: u64) -> Self {
        Self {
            file,
            at,
            read: Vec::new(),
            taken: 0,
        }
    }

    /// Returns where in the file the next piece is looked for.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    fn rest(&self) -> &[u8] {
        self.read.get(self.taken..).unwrap_or_default()
    }

    const fn take(&mut self, length: usize) {
        self.at += length as u64;
        self.taken += length;
    }

    /// Reads another block, and reports whether there was one.
    fn fill(&mut self) -> io::Result<bool> {
        self.read.drain(..self.taken);
        self.taken = 0;
        let known = self.read.len();
        // What is longer than a block is begun anew each time: at least as much again is read then.
        self.read.resize(known + BLOCK.max(known), 0);
        let into = self.read.get_mut(known..).unwrap_or_default();
        let read = self.file.read_at(into, self.at + known as u64);
        self.read
            .truncate(known + read.as_ref().copied().unwrap_or(0));
        Ok(read? > 0)
    }

    /// Returns the next sign that is no space, without taking it; none at the end of the file.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\t' | b'\r');
            let rest = self.rest();
            let spaces = rest.iter().take_while(|byte| is_space(byte)).count();
            let next = rest.get(spaces).copied();
            self.take(spaces);
            if next.is_some() || !self.fill()? {
                return Ok(next);
            }
        }
    }

    /// Takes a sign.
    pub(super) fn sign(&mut self, sign: u8) -> Result<(), PlanFileError> {
        match self.peek()? {
            Some(found) if found == sign => {
                self.take(1);
                Ok(())
            }
            Some(_) => Err(self.wrong(format!("expected `{}`", char::from(sign)))),
            None => Err(self.cut_off()),
        }
    }

    /// Reports whether a list or an object goes on, up to the value or the key that comes next; its last sign is taken with it.
    pub(super) fn goes_on(&mut self, is_first: bool, end: u8) -> Result<bool, PlanFileError> {
        if self.peek()? == Some(end) {
            self.take(1);
            return Ok(false);
        }
        if !is_first {
            self.sign(b',')?;
        }
        Ok(true)
    }

    /// Takes a value that has an end of its own: a text, a list or an object.
    pub(super) fn value<T: DeserializeOwned>(&mut self) -> Result<T, PlanFileError> {
        // A fault is told by its place in the value, so that this begins with it.
        self.peek()?;
        loop {
            let mut values = serde_json::Deserializer::from_slice(self.rest()).into_iter();
            match values.next() {
                Some(Ok(value)) => {
                    let length = values.byte_offset();
                    self.take(length);
                    return Ok(value);
                }
                Some(Err(fault)) if !fault.is_eof() => return Err(self.fault(&fault)),
                Some(Err(_)) | None if self.fill()? => {}
                Some(Err(_)) | None => return Err(self.cut_off()),
            }
        }
    }

    /// Says no where anything but space is left.
    pub(super) fn end(&mut self) -> Result<(), PlanFileError> {
        match self.peek()? {
            Some(_) => Err(self.wrong("trailing characters".to_owned())),
            None => Ok(()),
        }
    }

    /// Returns what is wrong with the next piece, and where in the file that is.
    pub(super) fn wrong(&self, message: String) -> PlanFileError {
        let (line, column) = self.place();
        PlanFileError::NotAPlan {
            line,
            column,
            message,
        }
    }

    fn cut_off(&self) -> PlanFileError {
        let (line, _) = self.place();
        let more = self.rest().iter().filter(|byte| **byte == b'\n').count();
        PlanFileError::CutOff { line: line + more }
    }

    /// Returns a fault that is told by its place in a piece.
    fn fault(&self, fault: &serde_json::Error) -> PlanFileError {
        let (line, column) = (fault.line(), fault.column());
        let message = fault.to_string();
        let told = format!(" at line {line} column {column}");
        let (first, before) = self.place();
        PlanFileError::NotAPlan {
            line: first + line.saturating_sub(1),
            column: column.max(1) + if line > 1 { 0 } else { before - 1 },
            message: message.strip_suffix(&told).unwrap_or(&message).to_owned(),
        }
    }

    /// Returns the line and the column of the next piece, from 1. Only a fault asks for them, so that nobody counts before.
    fn place(&self) -> (usize, usize) {
        let (mut line, mut column, mut at) = (1, 1, 0);
        let mut block = vec![0; BLOCK];
        while let Ok(read @ 1..) = self.file.read_at(&mut block, at) {
            let before = usize::try_from(self.at - at).unwrap_or(usize::MAX);
            let text = block.get(..read.min(before)).unwrap_or_default();
            line += text.iter().filter(|byte| **byte == b'\n').count();
            column = match text.iter().rposition(|byte| *byte == b'\n') {
                Some(last) => text.len() - last,
                None => column + text.len(),
            };
            if before <= read {
                break;
            }
            at += read as u64;
        }
        (line, column)
    }
}

/// A list, item by item.
pub(super) struct List {
    pieces: Pieces,
    /// How many items were taken; none when the list is over.
    taken: Option<usize>,
}

impl List {
    /// Returns the list that begins at a place.
    pub(super) const fn at(file: Arc<File>, at: u64) -> Self {
        Self {
            pieces: Pieces::from(file, at),
            taken: Some(0),
        }
    }

    /// Takes the next item; there is none behind the last.
    pub(super) fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, PlanFileError> {
        let Some(taken) = self.taken else {
            return Ok(None);
        };
        if taken == 0 {
            self.pieces.sign(b'[')?;
        }
        if !self.pieces.goes_on(taken == 0, b']')? {
            self.taken = None;
            return Ok(None);
        }
        self.taken = Some(taken + 1);
        self.pieces.value().map(Some)
    }

    /// Passes over a list, and returns how to go on behind it.
    pub(super) fn pass(pieces: Pieces) -> Result<Pieces, PlanFileError> {
        let mut list = Self {
            pieces,
            taken: Some(0),
        };
        while list.next::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(list.pieces)
    }
}
