//! The backend over the strict emulator, which refuses whatever is not documented.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod line;
mod reads;
#[path = "../../../../tests/support/transport.rs"]
#[expect(dead_code, reason = "another target uses the rest of it")]
mod transport;
mod writes;
