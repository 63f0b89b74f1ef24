//! The operations of the platform against the strict emulator, which refuses every undocumented request.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod changes;
mod line;
mod lists;
#[path = "../../../../tests/support/transport.rs"]
#[expect(dead_code, reason = "another target uses the rest of it")]
mod transport;
