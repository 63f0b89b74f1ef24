//! What all platforms of the emulator share: the log, violations, faults, limits, control and connections.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod connections;
mod control;
mod faults;
mod recording;
mod support;
