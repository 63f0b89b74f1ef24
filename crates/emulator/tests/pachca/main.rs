//! The emulated messenger keeps the rules that its platform documents.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod chats;
mod leaving;
mod messages;
mod pages;
mod statuses;
mod support;
mod tags;
mod token;
mod users;
