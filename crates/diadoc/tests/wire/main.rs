//! What goes over the wire: methods, paths, queries, headers and bodies, against a scripted platform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod employees;
mod grants;
mod moving;
mod script;
mod session;
