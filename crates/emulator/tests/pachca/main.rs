//! The emulated messenger keeps the rules that its platform documents.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod avatars;
mod chat_life;
mod chats;
mod leaving;
mod messages;
mod pages;
mod posted;
mod reactions;
mod sdk_answers;
mod search;
mod statuses;
mod support;
mod tags;
mod threads;
mod token;
mod users;
