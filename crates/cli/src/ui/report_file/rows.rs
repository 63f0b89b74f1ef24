//! A report that comes row by row, or from a file: it is written beside its place, and takes its place when it is whole.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kadry_tables::write::html::Cell;
use kadry_tables::write::list::{Format, List, ListWriter};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;

use super::{beside, folder};

/// A report that is being written row by row.
#[derive(Debug)]
pub(crate) struct Rows {
    path: PathBuf,
    writer: ListWriter<Draft>,
    stop: Stop,
}

/// The file beside the place, until nobody waits for it any more.
#[derive(Debug)]
struct Draft {
    file: NamedTempFile,
    is_left: Arc<AtomicBool>,
}

/// Whoever waits for a report. Nothing ends a thread: it is told that it works for nobody.
#[derive(Debug)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Draft {
    fn begin(path: &Path) -> io::Result<(Self, Stop)> {
        let is_left = Arc::new(AtomicBool::new(false));
        let stop = Stop(Arc::clone(&is_left));
        let file = beside(path)?;
        Ok((Self { file, is_left }, stop))
    }

    fn is_awaited(&self) -> io::Result<()> {
        if self.is_left.load(Ordering::Relaxed) {
            return Err(io::Error::other("nobody waits for the report any more"));
        }
        Ok(())
    }

    /// Replaces the file as a whole: a reader finds the old report or the new one, also after the power has gone.
    fn put(self, path: &Path) -> io::Result<()> {
        self.is_awaited()?;
        self.file.as_file().sync_all()?;
        self.file.persist(path)?;
        File::open(folder(path))?.sync_all()
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_awaited()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Rows {
    /// Begins a report.
    ///
    /// # Errors
    ///
    /// Nothing can be written there.
    pub(super) fn begin(path: &Path, format: Format, list: List) -> io::Result<Self> {
        let (draft, stop) = Draft::begin(path)?;
        Ok(Self {
            path: path.to_owned(),
            writer: ListWriter::begin(format, list, folder(path), draft)?,
            stop,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// Nothing can be written there any more.
    pub(crate) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.writer.row(cells)
    }

    /// Ends the report and puts it where it belongs. Nothing is there if nobody waits for that.
    ///
    /// # Errors
    ///
    /// Nothing can be written there any more.
    pub(crate) async fn finish(self) -> io::Result<()> {
        let Self { path, writer, stop } = self;
        // A workbook is put together only now, which takes its time.
        let finished = spawn_blocking(move || writer.finish()?.put(&path)).await;
        drop(stop);
        finished.unwrap_or_else(|fault| Err(io::Error::other(fault)))
    }
}

/// Puts a copy of a file where the report belongs.
///
/// # Errors
///
/// Nothing can be written there.
pub(super) async fn copy(path: &Path, mut from: File) -> io::Result<()> {
    let (mut draft, stop) = Draft::begin(path)?;
    let path = path.to_owned();
    let copied = spawn_blocking(move || {
        io::copy(&mut from, &mut draft)?;
        draft.put(&path)
    });
    let copied = copied.await;
    drop(stop);
    copied.unwrap_or_else(|fault| Err(io::Error::other(fault)))
}

/// Puts a text where the report belongs.
///
/// # Errors
///
/// Nothing can be written there.
pub(super) fn put(path: &Path, text: &[u8]) -> io::Result<()> {
    let (mut draft, _stop) = Draft::begin(path)?;
    draft.write_all(text)?;
    draft.put(path)
}
