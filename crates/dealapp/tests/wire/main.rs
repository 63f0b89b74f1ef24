//! What goes over the wire: method, path, query, headers and body of every call, against a scripted platform.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod lists;
mod lockout;
mod native;
mod parallel;
mod people;
mod script;
mod session;
mod units;
mod writes;
