//! The flows over platforms in memory: what is planned, what is written, and what is left after a crash.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop"
)]

mod brakes;
mod carry_out;
mod company;
mod crash;
mod crowd;
mod cut_off;
mod decide;
mod departments;
mod doors;
mod drifts;
mod handover;
mod incidents;
mod late;
mod lifecycle;
mod link;
mod lockout;
mod many;
mod many_doors;
mod moved;
mod native;
mod native_concerns;
mod native_killed;
mod office;
mod places;
mod planner;
mod planted;
mod quotas;
mod recorder;
mod resume;
mod review;
mod slow;
mod stories;
mod surplus;
mod tenants;
mod transfer;
mod undo;
mod whose;
