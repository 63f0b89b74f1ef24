//! The journal of kadry: every write is recorded here before it leaves.
//!
//! All SQL lives in this room. It keeps who a person is (an id of our own, with external ids and e-mails as aliases), where the
//! person was seen (links, which are hints), who is working on the person (claims), and what became of every step of every run.
//! What [`Journal::record`] has returned survives a crash and a power cut, and what follows a step is decided by
//! [`State::on`](kadry_core::State::on) alone.
//!
//! This room refuses to decide anything about people, to repeat anything by itself and to read the clock or the environment: what
//! an unfinished step means is settled by looking at its platform, which is the business of `kadry-flow`. It refuses to put names
//! or e-mails into its errors and logs.
//!
//! # Examples
//!
//! ```
//! use kadry_core::{Clock, Email, MatchKey, Random};
//! use kadry_journal::Journal;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let journal = Journal::in_memory(Clock::starting_at(0), Random::seeded(7)).await?;
//! let email = MatchKey::Email(Email::parse("anna@example.test")?);
//! let external_id = MatchKey::ExternalId("1042".to_owned());
//!
//! let anna = journal.remember(&[email.clone()]).await?;
//! assert_eq!(journal.remember(&[external_id.clone(), email]).await?, anna);
//! assert_eq!(journal.person(&[external_id]).await?, Some(anna));
//! # Ok(())
//! # }
//! ```

mod batch;
mod batch_end;
mod batches;
mod brakes;
mod column;
mod commit;
mod counts;
mod error;
mod file;
mod links;
mod lock;
mod people;
mod read;
mod reading;
mod row;
mod salvage;
mod store;
mod taking;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
mod turn;
mod write;

pub use batch::{NewBatch, NewPart, PartId, PartState};
pub use batches::{Acquaintance, BatchCount, BatchSummary, Part};
pub use brakes::Ceiling;
pub use counts::{Counts, Standing};
pub use error::JournalError;
pub use file::{Place, rehearse};
pub use links::Link;
pub use people::PersonId;
pub use read::{Census, EventRow, RunStory, RunSummary, StepStory};
pub use salvage::{Salvage, salvage, salvageable};
pub use store::{Journal, Opened};
pub use taking::Taken;
pub use turn::Turn;
pub use write::{NewRun, Note, RunId, StepError};
