//! Beginning: a configuration to fill in.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use super::Session;
use crate::error::{Exit, Failure};
use crate::setup;

/// Write a commented kadry.toml into this folder
///
/// The file is for your eyes only (0600). One that is there already stays as it is.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  kadry init && $EDITOR kadry.toml && kadry check")]
pub(crate) struct Init {}

#[derive(Debug, Serialize)]
struct Written {
    config: String,
    exit: u8,
}

impl Init {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A [`Failure`] with exit code 2 when there is a file already or it cannot be written.
    pub(crate) fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let path = setup::write_template(Path::new("."), words)?
            .display()
            .to_string();
        if screen.is_json() {
            screen.document(&Written {
                config: path,
                exit: Exit::Done.code(),
            })?;
            return Ok(Exit::Done);
        }
        let mut sheet = screen.data_sheet();
        sheet.heading(&words.say_with("init-written", &[("path", path.into())]));
        sheet.gap();
        sheet.text(0, &words.say("init-next"));
        let steps = [
            "init-next-edit",
            "init-next-secrets",
            "init-next-check",
            "init-next-providers",
            "init-next-plan",
        ];
        sheet.list(
            2,
            steps
                .iter()
                .zip(1..)
                .map(|(key, number)| (format!("{number}."), words.say(key))),
        );
        screen.data(&sheet)?;
        Ok(Exit::Done)
    }
}
