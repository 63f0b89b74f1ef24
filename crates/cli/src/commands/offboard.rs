//! Taking somebody out.

use clap::Args;
use kadry_flow::intent::{Flow, Intent, Offboard as Leaving, Who};
use kadry_http::Precedence;

use super::allowing::Allowing;
use super::who::{needed, who};
use super::{Session, flow};
use crate::error::{Exit, Failure};
use crate::setup::{self, Config, Wanted};
use crate::words::Words;

/// Take somebody out: close every door, prove that it is closed, tidy up
///
/// Grants that can no longer be seen behind a closed door are taken first, for at most 30 seconds; with --now the doors close first.
/// No platform waits for another one. The end says what can still be seen open. The same command again goes on where this one
/// stopped.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry offboard anna@example.test --plan-only
  kadry offboard person:1042 --now --yes --reason 'last day'
  kadry offboard anna@example.test --successor boris@example.test
  kadry offboard anna@example.test --remove --on messenger")]
pub(crate) struct Offboard {
    /// E-mail, person:ID, or PROVIDER:ID
    #[arg(value_name = "WHO")]
    who: String,
    /// Close the doors before anything is tidied
    #[arg(long)]
    now: bool,
    /// Remove the records for good when every door is closed, where the platform can
    #[arg(long)]
    remove: bool,
    /// Hand what would be left without the leaver, such as chats, to this person; named in the same ways
    #[arg(long, value_name = "WHO")]
    successor: Option<String>,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// Go on even if the record administers its platform
    #[arg(long)]
    privileged: bool,
    #[command(flatten)]
    allowing: Allowing,
}

impl Offboard {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`flow::run`], and whatever is wrong with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let mut platforms = needed(self.on.as_deref(), &self.who);
        if let Some(successor) = &self.successor {
            platforms = needed(platforms.as_deref(), successor);
        }
        // An import that is running waits until the doors are closed.
        let wanted = Wanted {
            purpose: session.purpose(),
            on: platforms.as_deref(),
            precedence: if self.now {
                Precedence::First
            } else {
                Precedence::Usual
            },
        };
        let setup = session.open_for(wanted).await?;
        let leaver = who(&self.who, &setup.config, words)?;
        let successor = self.successor(&leaver, &setup.config, words)?;
        let intent = Intent {
            who: leaver,
            flow: Flow::Offboard(Leaving {
                now: self.now,
                remove: self.remove,
                successor,
                on: setup.config.on(self.on.as_deref(), words)?,
                privileged: self.privileged,
            }),
            actor: setup::actor(&session.global),
            reason: session.global.reason.clone(),
            allow: self.allowing.read(words)?,
            command: Some(flow::again(session)),
        };
        flow::greet(session, &setup.organisation).await?;
        flow::run(session, &setup.organisation, &intent).await
    }

    /// Who takes over. Whether two names are one person's is seen only when platforms are read.
    fn successor(
        &self,
        leaver: &Who,
        config: &Config,
        words: &Words,
    ) -> Result<Option<Who>, Failure> {
        let Some(typed) = &self.successor else {
            return Ok(None);
        };
        let successor = who(typed, config, words)?;
        if successor == *leaver {
            let named = [("who", leaver.to_string().into())];
            return Err(Failure::usage(
                "own_successor",
                words.say_with("offboard-own-successor", &named),
                Some(words.say("offboard-own-successor-hint")),
            ));
        }
        Ok(Some(successor))
    }
}
