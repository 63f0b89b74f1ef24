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
mod native_avatar;
mod native_chats;
mod native_concerned;
mod native_members;
mod native_messages;
mod native_status;
mod native_tags;
mod native_users;
mod properties;
mod script;
mod statuses;
mod users_read;
mod users_write;
