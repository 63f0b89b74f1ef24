//! What somebody shows under their name.

use kadry_core::{EmployeeRef, Error, ErrorKind, Grant, KindName, Repeat, Result};
use kadry_http::{Call, Method};

use super::Api;
use crate::map;
use crate::wire::status::{NewStatus, UserStatus};

impl Api {
    /// Gives a person a status, which takes the place of another one, or takes it away.
    ///
    /// # Repeats
    ///
    /// Safely: the status is absolute, and taking one that is not there is quiet.
    pub(crate) async fn set_status(
        &self,
        who: &EmployeeRef,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        match (add, drop) {
            ([], []) => Ok(()),
            ([status], [] | [_]) => self.show_status(map::number(&who.id)?, &status.name).await,
            ([], [_]) => self.clear_status(map::number(&who.id)?).await,
            _ => Err(
                Error::new(ErrorKind::Unsupported, "everybody shows one status at most")
                    .with("reason", "one-at-a-time"),
            ),
        }
    }

    /// The emoji and the title are always sent: whether either may be left out is told differently in the vendor's documents.
    /// <https://dev.pachca.com/api/users/update-status> Checked 2026-11.
    async fn show_status(&self, user: i64, line: &str) -> Result<()> {
        let status = map::parse_status(line).ok_or_else(|| {
            Error::new(
                ErrorKind::Invalid,
                "a status is one emoji, a blank and a title",
            )
            .with("reason", "bad-status")
            .with("kind", KindName::STATUS)
        })?;
        let call = Call::write(Method::PUT, &path(user), Repeat::Safe).json(&NewStatus { status });
        let stored: UserStatus = self.line.one(call).await?;
        if map::is_kept_status(status, &stored) {
            Ok(())
        } else {
            Err(map::mismatch("status", user))
        }
    }

    async fn clear_status(&self, user: i64) -> Result<()> {
        let call = Call::write(Method::DELETE, &path(user), Repeat::Safe);
        self.line.send(call).await.map(drop)
    }
}

fn path(user: i64) -> String {
    format!("/users/{user}/status")
}
