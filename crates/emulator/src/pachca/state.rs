//! The records of the workspace.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::limits::Bucket;
use crate::pachca::daily::Daily;
use crate::pachca::directory::{Directory, User};
use crate::pachca::habits::Habits;
use crate::pachca::token::Token;
use crate::time::Clock;

/// A role in the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Admin,
    User,
    MultiGuest,
    Guest,
}

impl Role {
    pub(super) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "admin" => Self::Admin,
            "user" => Self::User,
            "multi_guest" => Self::MultiGuest,
            "guest" => Self::Guest,
            _ => return None,
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
            Self::MultiGuest => "multi_guest",
            Self::Guest => "guest",
        }
    }

    pub(super) fn is_guest(self) -> bool {
        matches!(self, Self::MultiGuest | Self::Guest)
    }
}

/// A role in a chat, fixed when the person is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChatRole {
    Owner,
    Admin,
    Editor,
    Member,
}

impl ChatRole {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Editor => "editor",
            Self::Member => "member",
        }
    }

    /// Returns a role that somebody can be given; nobody is made the owner.
    pub(super) fn read(text: &str) -> Option<Self> {
        [Self::Admin, Self::Editor, Self::Member]
            .into_iter()
            .find(|role| role.name() == text)
    }

    /// Reports whether the role may remove members.
    pub(super) fn rules(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

/// Why a person is in a chat. Nobody is in without a reason.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub(super) role: ChatRole,
    pub(super) by_hand: bool,
    pub(super) via_tags: BTreeSet<i64>,
}

impl Membership {
    /// Reports whether anything still holds the person in the chat.
    pub(super) fn holds(&self) -> bool {
        self.by_hand || !self.via_tags.is_empty()
    }
}

/// A conversation, a channel or a direct chat.
#[derive(Clone, Debug)]
pub(super) struct Chat {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) owner_id: i64,
    pub(super) members: BTreeMap<i64, Membership>,
    pub(super) tags: BTreeSet<i64>,
    pub(super) channel: bool,
    pub(super) archived: bool,
    pub(super) personal: bool,
    pub(super) public: bool,
    pub(super) created_ms: i64,
    pub(super) last_message_ms: i64,
    /// The thread whose comments these are.
    pub(super) thread: Option<i64>,
    pub(super) pinned: BTreeSet<i64>,
}

impl Chat {
    /// Returns a chat of its owner alone.
    pub(super) fn new(id: i64, name: &str, owner_id: i64, now_ms: i64) -> Self {
        let owner = Membership {
            role: ChatRole::Owner,
            by_hand: true,
            via_tags: BTreeSet::new(),
        };
        Self {
            id,
            name: name.to_owned(),
            owner_id,
            members: BTreeMap::from([(owner_id, owner)]),
            tags: BTreeSet::new(),
            channel: false,
            archived: false,
            personal: false,
            public: false,
            created_ms: now_ms,
            last_message_ms: now_ms,
            thread: None,
            pinned: BTreeSet::new(),
        }
    }
}

/// Comments on a message, or on nothing. They have a chat of their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thread {
    pub(super) id: i64,
    pub(super) chat_id: i64,
    /// The message that it was started on.
    pub(super) message_id: Option<i64>,
    /// The chat of that message.
    pub(super) message_chat_id: Option<i64>,
}

/// An emoji that somebody put under a message.
#[derive(Clone, Debug)]
pub(super) struct Reaction {
    pub(super) id: i64,
    pub(super) user_id: i64,
    pub(super) code: String,
    pub(super) name: String,
    pub(super) created_ms: i64,
}

/// A tag that was detached from a chat, whose people are still to leave.
#[derive(Clone, Copy, Debug)]
pub(super) struct Detached {
    pub(super) due_ms: i64,
    pub(super) chat_id: i64,
    pub(super) tag_id: i64,
}

/// A message in a chat.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) id: i64,
    /// The recipient of a message that was addressed to a person.
    pub(super) to_user: Option<i64>,
    pub(super) chat_id: i64,
    pub(super) user_id: i64,
    pub(super) content: String,
    pub(super) buttons: serde_json::Value,
    pub(super) parent_message_id: Option<i64>,
    pub(super) created_ms: i64,
    pub(super) changed_ms: Option<i64>,
    pub(super) deleted_ms: Option<i64>,
    pub(super) thread: Option<i64>,
    pub(super) reactions: Vec<Reaction>,
}

/// An invitation by e-mail.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub(super) user_id: i64,
    pub(super) to: String,
    pub(super) at_ms: i64,
}

/// A property that the workspace adds to each person's card.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) data_type: &'static str,
}

/// The last id given out of each kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    pub(super) user: i64,
    pub(super) tag: i64,
    pub(super) chat: i64,
    pub(super) message: i64,
    pub(super) thread: i64,
    /// These do not fit into 32 bits, as in production.
    pub(super) thread_chat: i64,
    pub(super) reaction: i64,
    pub(super) avatar: i64,
}

/// Everything that the workspace knows.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) clock: Clock,
    pub(super) limits: bool,
    pub(super) habits: Habits,
    /// Spares the vendor's own Python SDK what it cannot read.
    pub(super) sdk_answers: bool,
    pub(super) rng: ChaCha8Rng,
    pub(super) ids: Ids,
    pub(super) token: Token,
    pub(super) users: Directory,
    pub(super) deleted: BTreeSet<i64>,
    pub(super) tags: BTreeMap<i64, String>,
    pub(super) chats: BTreeMap<i64, Chat>,
    pub(super) messages: BTreeMap<i64, Message>,
    pub(super) threads: BTreeMap<i64, Thread>,
    pub(super) detached: Vec<Detached>,
    /// How many exports were asked for; they are numbered.
    pub(super) exports: i64,
    pub(super) mails: Vec<Mail>,
    pub(super) properties: Vec<Property>,
    /// How many messages went into each chat today.
    pub(super) today: BTreeMap<i64, Daily>,
    /// How fast messages go to each recipient.
    pub(super) paces: BTreeMap<i64, Bucket>,
}

/// Returns a name or an address as the workspace compares it.
pub(super) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

impl Workspace {
    pub(super) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Returns the tag of that name.
    pub(super) fn tag_by_name(&self, name: &str) -> Option<i64> {
        let wanted = folded(name);
        self.tags
            .iter()
            .find(|(_, known)| folded(known) == wanted)
            .map(|(id, _)| *id)
    }

    /// Returns the tag of that name, creating it when there is none.
    pub(super) fn tag_named(&mut self, name: &str) -> i64 {
        self.tag_by_name(name).unwrap_or_else(|| {
            self.ids.tag += 1;
            self.tags.insert(self.ids.tag, name.trim().to_owned());
            self.ids.tag
        })
    }

    /// Returns a nickname that nobody else has: a taken one is silently given random characters.
    pub(super) fn free_nickname(&mut self, wanted: &str, but: Option<i64>) -> String {
        let mut nickname = wanted.to_owned();
        while self.users.has_nickname(&nickname, but) {
            let tail: u32 = self.rng.random_range(0x1000..=0xffff);
            nickname = format!("{wanted}_{tail:x}");
        }
        nickname
    }

    /// Reports whether a person exists and has access.
    pub(super) fn is_active(&self, user_id: i64) -> bool {
        self.users.get(user_id).is_some_and(|user| !user.suspended)
    }

    /// Adds a person, who is nicknamed after the e-mail address unless told otherwise, and returns the id.
    pub(super) fn add_user(&mut self, email: &str, nickname: Option<&str>, role: Role) -> i64 {
        let local = email.split('@').next().unwrap_or(email);
        let nickname = self.free_nickname(nickname.unwrap_or(local), None);
        self.ids.user += 1;
        let user = User::new(self.ids.user, email, nickname, role, self.now_ms());
        self.users.insert(user);
        self.ids.user
    }

    /// Adds a chat and returns its id.
    pub(super) fn add_chat(&mut self, name: &str, owner_id: i64) -> i64 {
        self.ids.chat += 1;
        let chat = Chat::new(self.ids.chat, name, owner_id, self.now_ms());
        self.chats.insert(self.ids.chat, chat);
        self.ids.chat
    }

    /// Deletes a person for good: out of conversations, channels and tags; direct chats and messages stay.
    pub(super) fn delete_user(&mut self, user_id: i64) {
        self.users.remove(user_id);
        self.deleted.insert(user_id);
        for chat in self.chats.values_mut().filter(|chat| !chat.personal) {
            chat.members.remove(&user_id);
        }
        self.users.forget_inviter(user_id);
    }
}
