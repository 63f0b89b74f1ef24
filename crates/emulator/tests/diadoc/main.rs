//! The rules of the emulated Diadoc and of its identity server, over the emulator's router.
#![expect(clippy::unwrap_used, reason = "these are tests")]

mod access;
mod asking;
mod certificates;
mod create;
mod departments;
mod directory;
mod employees;
mod forms;
mod identity;
mod json;
mod limits;
mod old;
mod powers;
mod protobuf;
mod registering;
mod seeds;
mod subscriptions;
mod update;
mod world;
