//! The lines that are drawn over while something goes on, on a terminal.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressDrawTarget, TermLike};

use super::table::Face;

/// How many columns stay free at the end of a line: a terminal writes `^C` where the cursor stands.
const SPARE: u16 = 3;

/// Returns where lines are drawn: the error stream.
pub(crate) fn target() -> ProgressDrawTarget {
    on(io::stderr(), room)
}

/// Returns how many columns a line has that is drawn over.
pub(crate) fn room() -> u16 {
    // A terminal may have become narrower since it was last asked.
    let width = Face::of(true, false).width.unwrap_or_default();
    width.saturating_sub(SPARE)
}

fn on(out: impl Write + Send + fmt::Debug + 'static, width: fn() -> u16) -> ProgressDrawTarget {
    ProgressDrawTarget::term_like(Box::new(Canvas {
        width,
        drawn: Mutex::new(Drawn {
            out,
            waiting: String::new(),
            ended: false,
        }),
    }))
}

/// A terminal on which the cursor stays behind the last letter.
///
/// The library fills each line with blanks to its very end. There a `^C` goes to a line of its own, and all lines that are cleared
/// afterwards are one off.
#[derive(Debug)]
struct Canvas<W> {
    width: fn() -> u16,
    drawn: Mutex<Drawn<W>>,
}

#[derive(Debug)]
struct Drawn<W> {
    out: W,
    /// What has not been written out yet.
    waiting: String,
    /// Whether what is drawn next stands on a new line.
    ended: bool,
}

impl<W> Canvas<W> {
    fn drawn(&self) -> MutexGuard<'_, Drawn<W>> {
        // Half a line does no harm: the next one is drawn over it.
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self, command: &str) {
        let mut drawn = self.drawn();
        drawn.ended = false;
        drawn.waiting.push_str(command);
    }

    fn moved(&self, by: usize, letter: char) {
        if by > 0 {
            self.command(&format!("\u{1b}[{by}{letter}"));
        }
    }
}

impl<W: Write + Send + fmt::Debug> TermLike for Canvas<W> {
    fn width(&self) -> u16 {
        (self.width)()
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'A');
        Ok(())
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'B');
        Ok(())
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'C');
        Ok(())
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.moved(n, 'D');
        Ok(())
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)?;
        self.command("\n");
        Ok(())
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        let mut drawn = self.drawn();
        let is_filler = text.chars().all(|letter| letter == ' ');
        if is_filler {
            drawn.ended = true;
            return Ok(());
        }
        if std::mem::take(&mut drawn.ended) {
            drawn.waiting.push('\n');
        }
        drawn.waiting.push_str(text);
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.command("\r\u{1b}[2K");
        Ok(())
    }

    fn flush(&self) -> io::Result<()> {
        let mut drawn = self.drawn();
        let waiting = std::mem::take(&mut drawn.waiting);
        drawn.out.write_all(waiting.as_bytes())?;
        drawn.out.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use std::sync::Arc;

    use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

    use super::*;

    #[derive(Clone, Debug, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Paper {
        fn taken(&self) -> String {
            String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
        }
    }

    #[test]
    fn the_cursor_stays_on_the_last_line_so_that_an_interruption_is_cleared_with_it() {
        let paper = Paper::default();
        let all = MultiProgress::with_draw_target(on(paper.clone(), || 20));
        let line = |text: &'static str| {
            let style = ProgressStyle::with_template("{wide_msg}").unwrap();
            let line = all.add(ProgressBar::new(1).with_style(style));
            line.set_message(text);
            line
        };
        let lines = [line("one"), line("two")];
        assert!(paper.taken().ends_with("one\ntwo"));
        lines.iter().for_each(ProgressBar::finish_and_clear);
        all.clear().unwrap();
        let cleared = paper.taken();
        assert!(!cleared.contains('\n'), "{cleared:?}");
        assert!(cleared.contains("\r\u{1b}[2K"), "{cleared:?}");
    }
}
