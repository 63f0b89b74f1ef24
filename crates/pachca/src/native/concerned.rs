//! Whom changes of tags and chats concern.

use futures::future::{try_join, try_join_all};
use kadry_core::{
    Cursor, EmployeeRef, Error, ErrorKind, NativeCall, Operation, RemoteId, Result, every_page,
};
use serde::Deserialize as _;
use serde_json::Value;

use super::{members, tags};
use crate::Pachca;
use crate::calls::unless_gone;
use crate::wire::user::User;

impl Pachca {
    /// Returns the people of tags; nobody of one that is gone.
    pub(super) async fn people_of_tags(&self, ids: &[String]) -> Result<Vec<EmployeeRef>> {
        let lists = ids.iter().map(|id| {
            let list = NativeCall::new("tags users").with("id", id);
            async move { self.everybody(&tags::USERS, &list, |_| true).await }
        });
        let mut all: Vec<EmployeeRef> = Vec::new();
        for one in try_join_all(lists).await?.into_iter().flatten() {
            if !all.iter().any(|known| known.id == one.id) {
                all.push(one);
            }
        }
        Ok(all)
    }

    /// Returns who comes into a new chat: who is named, and the people of its tags.
    pub(super) async fn people_of_new_chat(&self, call: &NativeCall) -> Result<Vec<EmployeeRef>> {
        let named = call.all("member_ids").iter().map(|id| async move {
            let user = self.api.user(&RemoteId::new(id)).await?;
            Ok::<_, Error>(user.map(|user| self.api.employee(&user).at))
        });
        let by_tags = self.people_of_tags(call.all("group_tag_ids"));
        let (named, by_tags) = try_join(try_join_all(named), by_tags).await?;
        let mut all: Vec<EmployeeRef> = named.into_iter().flatten().collect();
        let is_new = |one: &EmployeeRef| !all.iter().any(|known| known.id == one.id);
        let by_tags: Vec<EmployeeRef> = by_tags.into_iter().filter(is_new).collect();
        all.extend(by_tags);
        Ok(all)
    }

    /// Returns the guests in a chat: they alone leave it when it goes into the archive, and whom a tag brought in stays.
    /// <https://dev.pachca.com/api/chats/archive> Checked 2026-11.
    pub(super) async fn guests_in(&self, chat: i64) -> Result<Vec<EmployeeRef>> {
        let list = NativeCall::new("members list").with("id", chat.to_string());
        let is_guest = |user: &User| {
            let role = user.role.as_deref();
            matches!(role, Some("guest" | "multi_guest"))
        };
        self.everybody(&members::LIST, &list, is_guest).await
    }

    /// Returns the people of a list who fit; nobody where it is gone what they are listed of.
    async fn everybody(
        &self,
        row: &Operation,
        list: &NativeCall,
        fits: impl Fn(&User) -> bool + Send + Sync,
    ) -> Result<Vec<EmployeeRef>> {
        let mut all = Vec::new();
        let mut fault = None;
        let page = |from: Option<Cursor>| async move { self.turn(row, list, from.as_ref()).await };
        let read = every_page(page, |rows: Vec<Value>| {
            for row in &rows {
                match User::deserialize(row) {
                    Ok(user) if fits(&user) => all.push(self.api.employee(&user).at),
                    Ok(_) => {}
                    Err(source) => fault = Some(source),
                }
            }
        });
        if unless_gone(read.await)?.is_none() {
            return Ok(Vec::new());
        }
        match fault {
            None => Ok(all),
            Some(source) => {
                let message = "somebody in a list cannot be read";
                Err(Error::new(ErrorKind::Protocol, message).from_source(source))
            }
        }
    }
}
