//! The one question of a flow.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use tokio::task::spawn_blocking;

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
    let question = format!("{question} ");
    let read = spawn_blocking(move || {
        let mut err = io::stderr().lock();
        err.write_all(question.as_bytes())?;
        err.flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        io::Result::Ok(line)
    });
    match read.await {
        Ok(Ok(line)) if agrees(&screen.words.say("answers-yes"), &line) => Answer::Yes,
        Ok(Ok(_) | Err(_)) | Err(_) => Answer::No,
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
