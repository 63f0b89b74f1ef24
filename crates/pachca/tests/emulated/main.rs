//! The operations of the platform against the strict emulator, which refuses every undocumented request.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod changes;
mod line;
mod lists;
