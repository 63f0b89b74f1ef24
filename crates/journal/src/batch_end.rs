//! How a batch ends.

use kadry_core::RunState;
use rusqlite::params;
use serde_json::Value;

use crate::batch::{PartState, must_be_ours, owner_of};
use crate::column::json;
use crate::error::JournalError;
use crate::store::Journal;
use crate::write::RunId;

impl Journal {
    /// Writes down how a batch stands. One that is said to be running stays open.
    ///
    /// # Repeats
    ///
    /// The last ending counts.
    ///
    /// # Errors
    ///
    /// [`JournalError::NotFound`] for an unknown batch, and the errors of the store.
    pub async fn finish_batch(&self, batch: &RunId, state: RunState) -> Result<(), JournalError> {
        let batch = batch.clone();
        let now_ms = self.clock().now_ms();
        self.store()
            .write(move |db| {
                let (number, _) = owner_of(db, &batch)?;
                let ended_ms = (state != RunState::Running).then_some(now_ms);
                db.prepare_cached(
                    "update batch set state = ?2, ended_ms = ?3, owner = '' where number = ?1",
                )?
                .execute(params![number, state.as_str(), ended_ms])?;
                Ok(())
            })
            .await
    }

    /// Ends a batch for good: what of it waits is not begun any more, for this reason.
    ///
    /// # Repeats
    ///
    /// What has left `waiting` stays as it is.
    ///
    /// # Errors
    ///
    /// [`JournalError::Claimed`] while another living process is at work on it, [`JournalError::NotFound`] for an unknown batch, and the
    /// errors of the store. After any of them nothing has changed.
    pub async fn give_up_batch(&self, batch: &RunId, why: &Value) -> Result<(), JournalError> {
        let (me, batch, why) = (self.owner().shadow(), batch.clone(), json(why)?);
        let now_ms = self.clock().now_ms();
        self.store()
            .write(move |db| {
                let number = must_be_ours(db, &me, &batch)?;
                db.prepare_cached(
                    "update part set state = ?2, body = json_set(body, '$.why', json(?3))
                     where batch = ?1 and state = 'waiting'",
                )?
                .execute(params![number, PartState::Superseded.as_str(), why])?;
                db.prepare_cached(
                    "update batch set state = ?2, ended_ms = coalesce(ended_ms, ?3), owner = '' where number = ?1",
                )?
                .execute(params![number, RunState::Superseded.as_str(), now_ms])?;
                Ok(())
            })
            .await
    }
}
