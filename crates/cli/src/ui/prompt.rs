//! The one question of a flow.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use tokio::sync::oneshot;

use super::Screen;

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The operator agrees.
    Yes,
    /// The operator does not agree, or went away.
    No,
    /// There is nobody to ask.
    NobodyThere,
}

/// Asks a question that is answered in words. Keys will not do: on a Russian layout the key of "yes" writes the letter of "no".
pub(crate) async fn ask(screen: &Screen, question: &str) -> Answer {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Answer::NobodyThere;
    }
    if write!(io::stderr(), "{question} ").is_err() {
        return Answer::No;
    }
    let mut cursor = Cursor { beside: true };
    match typed().await {
        Ok(Ok(line)) => {
            cursor.beside = !line.ends_with('\n');
            if agrees(&screen.words.say("answers-yes"), &line) {
                Answer::Yes
            } else {
                Answer::No
            }
        }
        Ok(Err(_)) | Err(_) => Answer::No,
    }
}

/// Waits for a line. A thread of its own reads it, because nothing ends a read that nobody waits for any more but the process.
fn typed() -> oneshot::Receiver<io::Result<String>> {
    let (tell, told) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        // Whoever asked may have been interrupted.
        tell.send(read.map(|_| line)).ok();
    });
    told
}

/// Where the cursor is: beside the question while no line was typed, also when the operator interrupts.
struct Cursor {
    beside: bool,
}

impl Drop for Cursor {
    fn drop(&mut self) {
        if self.beside {
            // A terminal that is gone needs no new line.
            writeln!(io::stderr()).ok();
        }
    }
}

fn agrees(accepted: &str, typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    accepted.split_whitespace().any(|word| word == typed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Lang, Words};

    #[test]
    fn only_a_yes_is_a_yes() {
        for lang in [Lang::Ru, Lang::En] {
            let accepted = Words::new(lang).say("answers-yes");
            for yes in ["y", "Yes\n", "да", "Д\n"] {
                assert!(agrees(&accepted, yes), "{yes}");
            }
            for no in ["", "\n", "n", "нет", "н", "yesterday", "answers-yes"] {
                assert!(!agrees(&accepted, no), "{no}");
            }
        }
    }
}
