//! The real binary against emulated platforms on real sockets.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed, and the setting that excuses tests does not cover their helpers"
)]

mod begin;
mod canary;
mod check;
mod completions;
mod damage;
mod departments;
mod generated;
mod limits;
mod link;
mod man;
mod many;
mod many_reports;
mod many_runs;
mod matrix;
mod native_faults;
mod native_guards;
mod native_honest;
mod native_lists;
mod native_providers;
mod native_reads;
mod native_several;
mod native_typing;
mod native_undone;
mod native_world;
mod native_writes;
mod offboard;
mod onboard;
mod reading;
mod recipes;
mod report_file;
mod requests;
mod review;
mod roles;
mod runs;
mod secrets;
mod sharing;
mod support;
mod transfer;
mod usage;
