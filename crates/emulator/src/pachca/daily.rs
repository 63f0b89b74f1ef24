//! How many messages one sender may write into one chat in a day, and the pause after that.

use std::collections::VecDeque;

use crate::pachca::answer::Failure;
use crate::pachca::state::Workspace;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// The messages of the token's owner in one chat.
#[derive(Clone, Debug, Default)]
pub(super) struct Daily {
    written_ms: VecDeque<i64>,
    closed_until_ms: i64,
    pause_ms: i64,
}

impl Daily {
    /// Counts one of at most `most` messages in 24 hours, or returns how long the chat takes none. Every try in vain doubles the pause, up to a day.
    fn take(&mut self, most: usize, now_ms: i64) -> Result<(), i64> {
        while let Some(oldest) = self.written_ms.front()
            && now_ms - oldest >= DAY_MS
        {
            self.written_ms.pop_front();
        }
        if now_ms >= self.closed_until_ms && self.written_ms.len() < most {
            self.pause_ms = 0;
            self.written_ms.push_back(now_ms);
            return Ok(());
        }
        self.pause_ms = (self.pause_ms * 2).clamp(HOUR_MS, DAY_MS);
        self.closed_until_ms = now_ms + self.pause_ms;
        Err(self.pause_ms)
    }
}

impl Workspace {
    /// Counts a message of today; one in a thread counts for the chat that the thread was started in.
    pub(super) fn count_today(&mut self, chat_id: i64) -> Result<(), Failure> {
        if !self.limits {
            return Ok(());
        }
        let chat = self.chats.get(&chat_id);
        let root = chat.and_then(|chat| self.root_of(chat));
        let counted = root.map_or(chat_id, |root| root.id);
        let now_ms = self.now_ms();
        let most = self.habits.messages_a_day;
        let taken = self.today.entry(counted).or_default().take(most, now_ms);
        // Unlike a frequency limit this one is told by what answers requests, and so as JSON.
        taken.map_err(|pause_ms| Failure::Frequency {
            wait_s: u64::try_from(pause_ms / 1_000).unwrap_or_default(),
            json: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, Daily, HOUR_MS};

    const MOST: usize = 100;

    #[test]
    fn a_full_day_closes_the_chat_and_impatience_keeps_it_closed() {
        let mut daily = Daily::default();
        for at in 0..MOST {
            assert_eq!(
                daily.take(MOST, i64::try_from(at).unwrap_or_default()),
                Ok(())
            );
        }
        let mut now = 10_000;
        for hours in [1, 2, 4, 8, 16, 24, 24] {
            assert_eq!(daily.take(MOST, now), Err(hours * HOUR_MS));
            now += 1;
        }
        // It opens a day after the last try, when the day's messages have gone by as well.
        assert_eq!(daily.take(MOST, now + DAY_MS - 2), Err(DAY_MS));
        assert_eq!(daily.take(MOST, now + 2 * DAY_MS), Ok(()));
        assert_eq!(daily.pause_ms, 0);
    }

    #[test]
    fn messages_count_for_a_day() {
        let mut daily = Daily::default();
        for _ in 0..MOST {
            assert_eq!(daily.take(MOST, 0), Ok(()));
        }
        assert_eq!(daily.take(MOST, DAY_MS), Ok(()));
        assert_eq!(daily.written_ms.len(), 1);
    }
}
