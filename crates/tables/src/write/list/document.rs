//! A page for a browser, written as it comes.

use std::io::{self, BufWriter, Write};

use askama::Template;

use super::List;
use crate::write::html::Cell;

pub(super) struct Document<W: Write> {
    footer: String,
    out: BufWriter<W>,
}

#[derive(Template)]
#[template(path = "list_head.html")]
struct Head<'a> {
    page: &'a List,
    /// How wide each column is, in letters and in hundredths of the whole.
    widths: Vec<(u16, u32)>,
}

#[derive(Template)]
#[template(path = "list_row.html")]
struct Row<'a> {
    cells: &'a [Cell],
}

#[derive(Template)]
#[template(path = "list_foot.html")]
struct Foot<'a> {
    footer: &'a str,
}

impl<W: Write> Document<W> {
    pub(super) fn begin(list: List, out: W) -> io::Result<Self> {
        let letters = || list.columns.iter().map(super::Column::letters);
        let all: u32 = letters().map(u32::from).sum();
        let head = Head {
            page: &list,
            widths: letters()
                .map(|few| (few, u32::from(few) * 100 / all.max(1)))
                .collect(),
        };
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        write_line(&head, &mut out)?;
        let List { footer, .. } = list;
        Ok(Self { footer, out })
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        write_line(&Row { cells }, &mut self.out)
    }

    pub(super) fn finish(mut self) -> io::Result<W> {
        let foot = Foot {
            footer: &self.footer,
        };
        write_line(&foot, &mut self.out)?;
        self.out.flush()?;
        self.out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)
    }
}

/// Writes a part and the end of its last line, which templates leave out.
fn write_line(part: &impl Template, out: &mut impl Write) -> io::Result<()> {
    Template::write_into(part, out)?;
    out.write_all(b"\n")
}
