//! Who is in a chat, and why: by hand, or through a tag.

use std::collections::BTreeSet;

use crate::pachca::state::{ChatRole, Detached, Membership, Role, Workspace};

impl Workspace {
    /// Adds a person to a chat by hand. Whoever is inside already stays as they are.
    pub(super) fn join_by_hand(&mut self, chat_id: i64, user_id: i64) {
        self.join(chat_id, user_id, None);
    }

    /// Adds a person to a chat through one of its tags.
    fn join_via_tag(&mut self, chat_id: i64, user_id: i64, tag_id: i64) {
        self.join(chat_id, user_id, Some(tag_id));
    }

    fn join(&mut self, chat_id: i64, user_id: i64, via: Option<i64>) {
        let role = self.role_on_joining(chat_id, user_id);
        let Some(chat) = self.chats.get_mut(&chat_id) else {
            return;
        };
        let membership = chat.members.entry(user_id).or_insert_with(|| Membership {
            role,
            by_hand: via.is_none(),
            via_tags: BTreeSet::new(),
        });
        membership.via_tags.extend(via);
    }

    fn role_on_joining(&self, chat_id: i64, user_id: i64) -> ChatRole {
        // Whoever made a chat owns it for ever, also after having left it.
        if self
            .chats
            .get(&chat_id)
            .is_some_and(|chat| chat.owner_id == user_id)
        {
            return ChatRole::Owner;
        }
        let channel = self.chats.get(&chat_id).is_some_and(|chat| chat.channel);
        match self.users.get(user_id) {
            Some(user) if user.bot && channel => ChatRole::Editor,
            Some(user) if user.role == Role::Admin => ChatRole::Admin,
            Some(_) | None => ChatRole::Member,
        }
    }

    /// Attaches a tag to a chat: everybody who has it is a member from now on.
    pub(super) fn attach_tag(&mut self, chat_id: i64, tag_id: i64) {
        let Some(chat) = self.chats.get_mut(&chat_id) else {
            return;
        };
        chat.tags.insert(tag_id);
        self.detached
            .retain(|old| (old.chat_id, old.tag_id) != (chat_id, tag_id));
        let people: Vec<i64> = self
            .users
            .values()
            .filter(|user| user.tags.contains(&tag_id))
            .map(|user| user.id)
            .collect();
        for user_id in people {
            self.join_via_tag(chat_id, user_id, tag_id);
        }
    }

    /// Replaces all tags of a person; the chats of the tags follow.
    pub(super) fn set_tags(&mut self, user_id: i64, tags: &BTreeSet<i64>) {
        let mut before = BTreeSet::new();
        self.users.change(user_id, |user| {
            before = std::mem::replace(&mut user.tags, tags.clone());
        });
        for lost in before.difference(tags) {
            self.lose_tag(user_id, *lost);
        }
        for gained in tags.difference(&before) {
            let chats: Vec<i64> = self
                .chats
                .values()
                .filter(|chat| chat.tags.contains(gained))
                .map(|chat| chat.id)
                .collect();
            for chat_id in chats {
                self.join_via_tag(chat_id, user_id, *gained);
            }
        }
    }

    /// Takes a person out of the chats that only this tag held them in. A chat's owner always stays.
    fn lose_tag(&mut self, user_id: i64, tag_id: i64) {
        for chat in self.chats.values_mut() {
            if let Some(membership) = chat.members.get_mut(&user_id)
                && membership.via_tags.remove(&tag_id)
                && !membership.holds()
                && chat.owner_id != user_id
            {
                chat.members.remove(&user_id);
            }
        }
    }

    /// Detaches a tag from a chat. Its people leave a moment later, as [`Workspace::catch_up`] finds.
    pub(super) fn detach_tag(&mut self, chat_id: i64, tag_id: i64) {
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.tags.remove(&tag_id);
        }
        self.detached.push(Detached {
            due_ms: self.now_ms() + i64::from(self.habits.detach_ms),
            chat_id,
            tag_id,
        });
    }

    /// Does what the platform has done in the background by now.
    pub(super) fn catch_up(&mut self) {
        let now_ms = self.now_ms();
        self.let_go(|detached| detached.due_ms <= now_ms);
    }

    /// Takes out of chats whom only a detached tag held there.
    fn let_go(&mut self, which: impl Fn(&Detached) -> bool) {
        let (now, later) = self.detached.iter().partition(|detached| which(detached));
        let now: Vec<Detached> = now;
        self.detached = later;
        for Detached {
            chat_id, tag_id, ..
        } in now
        {
            if let Some(chat) = self.chats.get_mut(&chat_id) {
                let owner_id = chat.owner_id;
                chat.members.retain(|user_id, membership| {
                    let lost = membership.via_tags.remove(&tag_id);
                    !lost || membership.holds() || *user_id == owner_id
                });
            }
        }
    }

    /// Deletes a tag. Nobody leaves a chat: whom it held is in by hand from now on.
    pub(super) fn delete_tag(&mut self, tag_id: i64) {
        self.let_go(|detached| detached.tag_id == tag_id);
        self.tags.remove(&tag_id);
        self.users.forget_tag(tag_id);
        for chat in self.chats.values_mut() {
            chat.tags.remove(&tag_id);
            for membership in chat.members.values_mut() {
                membership.by_hand |= membership.via_tags.remove(&tag_id);
            }
        }
    }

    /// Returns the role of a person in a chat.
    pub(super) fn chat_role(&self, chat_id: i64, user_id: i64) -> Option<ChatRole> {
        let membership = self.chats.get(&chat_id)?.members.get(&user_id)?;
        Some(membership.role)
    }

    /// Returns the direct chat of two people, creating it when there is none. There is one per pair.
    pub(super) fn direct_chat(&mut self, from: i64, to: i64) -> i64 {
        let pair = BTreeSet::from([from, to]);
        let known = self.chats.values().find(|chat| {
            chat.personal && chat.members.keys().copied().collect::<BTreeSet<_>>() == pair
        });
        if let Some(chat) = known {
            return chat.id;
        }
        let chat_id = self.add_chat("", from);
        self.join_by_hand(chat_id, to);
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.personal = true;
        }
        chat_id
    }

    /// Archives a chat: its guests leave, its tags are detached, and their people stay by hand.
    pub(super) fn archive(&mut self, chat_id: i64) {
        self.let_go(|detached| detached.chat_id == chat_id);
        let Some(chat) = self.chats.get_mut(&chat_id) else {
            return;
        };
        chat.archived = true;
        chat.tags.clear();
        let users = &self.users;
        chat.members
            .retain(|user_id, _| users.get(*user_id).is_none_or(|user| !user.role.is_guest()));
        for membership in chat.members.values_mut() {
            membership.by_hand = true;
            membership.via_tags.clear();
        }
    }
}
