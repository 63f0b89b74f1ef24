//! What goes over the wire: method, path, query and body of every call, and what becomes of the answers.
#![expect(clippy::unwrap_used, reason = "a test that meets an error has failed")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "fixtures are written in place"
)]

mod chats;
mod connection;
mod foresight;
mod messages;
mod properties;
mod script;
mod statuses;
mod users_read;
mod users_write;
