//! People and bots, found by id, e-mail address or nickname.

use std::collections::{BTreeMap, BTreeSet};

use crate::pachca::state::{Role, folded};

/// What people may write about themselves: free text, absent until written.
#[derive(Clone, Debug, Default)]
pub(super) struct Card {
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) phone_number: Option<String>,
    pub(super) department: Option<String>,
    pub(super) title: Option<String>,
}

impl Card {
    /// The texts by their name on the wire, with the most characters each may have.
    pub(super) const TEXTS: [(&'static str, usize); 5] = [
        ("first_name", 255),
        ("last_name", 255),
        ("phone_number", 255),
        ("department", 255),
        ("title", usize::MAX),
    ];

    /// Returns the text of that name.
    pub(super) fn text(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "first_name" => &mut self.first_name,
            "last_name" => &mut self.last_name,
            "phone_number" => &mut self.phone_number,
            "department" => &mut self.department,
            "title" => &mut self.title,
            _ => return None,
        })
    }
}

/// A status that a person shows.
#[derive(Clone, Debug)]
pub(super) struct Status {
    pub(super) emoji: String,
    pub(super) title: String,
    pub(super) expires_ms: Option<i64>,
    pub(super) is_away: bool,
    pub(super) away_message: Option<String>,
}

/// An employee or a bot.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) card: Card,
    pub(super) email: String,
    pub(super) nickname: String,
    pub(super) role: Role,
    /// The one owner of the workspace, who shows as an administrator.
    pub(super) owner: bool,
    pub(super) bot: bool,
    pub(super) suspended: bool,
    pub(super) confirmed: bool,
    pub(super) inviter_id: Option<i64>,
    pub(super) tags: BTreeSet<i64>,
    pub(super) properties: BTreeMap<i64, String>,
    pub(super) status: Option<Status>,
    pub(super) created_ms: i64,
    pub(super) last_activity_ms: Option<i64>,
    pub(super) image_url: Option<String>,
}

impl User {
    /// Returns the record of somebody who was just invited.
    pub(super) fn new(id: i64, email: &str, nickname: String, role: Role, now_ms: i64) -> Self {
        Self {
            id,
            card: Card::default(),
            email: email.to_owned(),
            nickname,
            role,
            owner: false,
            bot: false,
            suspended: false,
            confirmed: false,
            inviter_id: None,
            tags: BTreeSet::new(),
            properties: BTreeMap::new(),
            status: None,
            created_ms: now_ms,
            last_activity_ms: None,
            image_url: None,
        }
    }
}

/// All people and bots. Addresses and nicknames are indexed, so that a large company is quick to invent.
#[derive(Debug, Default)]
pub(super) struct Directory {
    users: BTreeMap<i64, User>,
    by_email: BTreeMap<String, i64>,
    by_nickname: BTreeMap<String, i64>,
}

impl Directory {
    pub(super) fn get(&self, id: i64) -> Option<&User> {
        self.users.get(&id)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// Returns whoever has that e-mail address, suspended or not.
    pub(super) fn by_email(&self, email: &str) -> Option<&User> {
        self.get(*self.by_email.get(&folded(email))?)
    }

    /// Reports whether somebody else has that nickname.
    pub(super) fn has_nickname(&self, nickname: &str, but: Option<i64>) -> bool {
        let holder = self.by_nickname.get(&folded(nickname)).copied();
        holder.is_some() && holder != but
    }

    pub(super) fn insert(&mut self, user: User) {
        self.by_email.insert(folded(&user.email), user.id);
        self.by_nickname.insert(folded(&user.nickname), user.id);
        self.users.insert(user.id, user);
    }

    pub(super) fn remove(&mut self, id: i64) -> Option<User> {
        let user = self.users.remove(&id)?;
        self.by_email.remove(&folded(&user.email));
        self.by_nickname.remove(&folded(&user.nickname));
        Some(user)
    }

    /// Changes a record, if it is there.
    pub(super) fn change(&mut self, id: i64, change: impl FnOnce(&mut User)) {
        if let Some(mut user) = self.remove(id) {
            change(&mut user);
            self.insert(user);
        }
    }

    /// Makes a person the owner of the workspace, and nobody else.
    pub(super) fn crown(&mut self, id: i64) {
        for user in self.users.values_mut() {
            user.owner = user.id == id;
        }
    }

    /// Takes a tag from everybody.
    pub(super) fn forget_tag(&mut self, tag_id: i64) {
        for user in self.users.values_mut() {
            user.tags.remove(&tag_id);
        }
    }

    /// Makes nobody the inviter of those whom a deleted person had invited.
    pub(super) fn forget_inviter(&mut self, inviter: i64) {
        for user in self.users.values_mut() {
            user.inviter_id = user.inviter_id.filter(|known| *known != inviter);
        }
    }
}
