//! Claiming whoever is worked on, and learning what earlier runs of theirs left.

use kadry_journal::{JournalError, PersonId};

use crate::error::FlowError;
use crate::intent::{Flow, Intent};
use crate::interrupted::Sender;
use crate::organisation::{Held, Organisation, Prepared, Purpose, covered};
use crate::watch::Watch;

impl Organisation {
    /// Claims somebody who joins, and settles what interrupted runs left open.
    pub(crate) async fn hold_newcomer(
        &self,
        person: PersonId,
        intent: &Intent,
        watch: &dyn Watch,
    ) -> Result<Held, FlowError> {
        let covered = covered(intent);
        self.journal.claim(&person, &covered, false).await?;
        let settled = async {
            let interrupted = self.settle_interrupted(&person, &covered, watch).await?;
            self.let_closes_land(&person, &covered, watch).await?;
            Ok::<_, JournalError>(interrupted)
        };
        match settled.await {
            Ok(interrupted) => Ok(Held {
                person: Some(person),
                interrupted,
                ..Held::default()
            }),
            Err(error) => {
                self.give_back(&person).await;
                Err(error.into())
            }
        }
    }

    /// Claims somebody who leaves. From a living process the person is taken over only when the plan
    /// is carried out: until then the operator may still say no. Who is not asked has said yes.
    pub(crate) async fn hold_leaver(
        &self,
        person: PersonId,
        intent: &Intent,
        purpose: Purpose,
    ) -> Result<Held, FlowError> {
        let covered = covered(intent);
        let sender = match self.journal.claim(&person, &covered, false).await {
            Ok(()) => Sender::Gone,
            Err(JournalError::Claimed { .. }) => Sender::AtWork,
            Err(error) => return Err(error.into()),
        };
        let is_agreed = purpose == Purpose::CarryOutUnasked;
        if is_agreed && sender == Sender::AtWork {
            // Before anybody looks: what is seen while somebody else is at work is old at once.
            self.journal.claim(&person, &covered, true).await?;
        }
        let interrupted = self
            .read_interrupted(&person, &covered, sender, None)
            .await?;
        Ok(Held {
            person: Some(person),
            interrupted,
            takes_over: sender == Sender::AtWork && !is_agreed,
            ..Held::default()
        })
    }

    /// Claims somebody whom the store did not know and who should be there. Whoever began to work on them in
    /// the meantime changes what was seen, so it is looked again.
    pub(crate) async fn hold_stranger(
        &self,
        seen: Prepared,
        intent: &Intent,
        purpose: Purpose,
        watch: &dyn Watch,
    ) -> Result<Prepared, FlowError> {
        let person = self.journal.remember(&seen.sought.keys).await?;
        let known = person.clone();
        let held = match &intent.flow {
            Flow::Offboard(_) => self.hold_leaver(known, intent, purpose).await?,
            Flow::Native(_) | Flow::Departments(_) => {
                self.hold_for_native(known, intent, watch).await?
            }
            Flow::Onboard(_) | Flow::Transfer(_) | Flow::Undo(_) => {
                self.hold_newcomer(known, intent, watch).await?
            }
        };
        let held = Held {
            doors_first: seen.doors_first,
            among: seen.among.clone(),
            ..held
        };
        if self.journal.runs_of(&person, 1).await?.is_empty() && !held.takes_over {
            return Ok(Prepared {
                person: Some(person),
                ..seen
            });
        }
        let again = self.look_and_plan(intent, seen.sought, held, watch).await;
        if again.is_err() {
            self.give_back(&person).await;
        }
        again
    }
}
