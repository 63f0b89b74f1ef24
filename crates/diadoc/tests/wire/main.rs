//! What goes over the wire: methods, paths, queries, headers and bodies, against a scripted platform.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alive;
mod employees;
mod grants;
mod lockout;
mod moving;
mod native;
mod rights;
mod script;
mod seen;
mod session;
mod unsettled;
