//! Taking somebody out.

use clap::Args;
use kadry_flow::intent::{Flow, Intent, Offboard as Leaving};

use super::who::{needed, who};
use super::{Session, flow};
use crate::error::{Exit, Failure};
use crate::setup;

/// Take somebody out: close every door, prove that it is closed, tidy up
///
/// Grants that can no longer be seen behind a closed door are taken first, for at most 30 seconds; with --now the doors close first.
/// No platform waits for another one. The end says what can still be seen open. The same command again goes on where this one
/// stopped.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry offboard anna@example.test --plan-only
  kadry offboard person:1042 --now --yes --reason 'last day'")]
pub(crate) struct Offboard {
    /// E-mail, person:ID, or PROVIDER:ID
    #[arg(value_name = "WHO")]
    who: String,
    /// Close the doors before anything is tidied
    #[arg(long)]
    now: bool,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// Go on even if the record administers its platform
    #[arg(long)]
    privileged: bool,
}

impl Offboard {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`flow::run`], and whatever is wrong with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let needed = needed(self.on.as_deref(), &self.who);
        let setup = session.open(session.purpose(), needed.as_deref()).await?;
        let intent = Intent {
            who: who(&self.who, &setup.config, words)?,
            flow: Flow::Offboard(Leaving {
                now: self.now,
                remove: false,
                successor: None,
                on: setup.config.on(self.on.as_deref(), words)?,
                privileged: self.privileged,
            }),
            actor: setup::actor(&session.global),
            reason: session.global.reason.clone(),
        };
        flow::greet(session, &setup.organisation).await?;
        flow::run(session, &setup.organisation, &intent).await
    }
}
