//! The backend against the emulator, whose habits are those that installations may have where the vendor is silent.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod habits;
mod line;
mod lockout;
mod native;
#[path = "../../../../tests/support/transport.rs"]
#[expect(dead_code, reason = "another target uses the rest of it")]
mod transport;
