//! The rules of the emulated `DealApp`, one by one, over its own routes.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod create;
mod habits;
mod integrations;
mod list;
mod session;
mod structure;
mod support;
mod update;
