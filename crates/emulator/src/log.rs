//! What was asked of the platforms, in order of arrival.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde::Serialize;

use crate::held;
use crate::wire::Wire;

/// One request in the log. Bodies and credentials are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The number of the request, from 1, in order of arrival.
    pub seq: u64,
    /// When it arrived, in milliseconds since the UNIX epoch.
    pub at_ms: i64,
    /// The platform that was asked.
    pub platform: &'static str,
    /// The HTTP method.
    pub method: String,
    /// The path, with the platform's mount.
    pub path: String,
    /// The query as sent, empty if none.
    pub query: String,
    /// The status of the answer; none while it is being answered, or when it was dropped.
    pub status: Option<u16>,
    /// What was undocumented about the request, if anything.
    pub violation: Option<String>,
}

/// A request that has just arrived.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) at_ms: i64,
    pub(crate) platform: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
}

#[derive(Debug)]
struct Line {
    entry: Entry,
    wire: Wire,
}

/// The log of one emulator.
#[derive(Debug, Default)]
pub(crate) struct Log {
    lines: Mutex<Vec<Line>>,
}

impl Log {
    /// Adds a request and returns what its handler will see of it.
    pub(crate) fn arrive(&self, arrival: Arrival, strict: bool) -> Wire {
        let mut lines = held(&self.lines);
        let seq = u64::try_from(lines.len())
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let wire = Wire::new(seq, strict);
        let entry = Entry {
            seq,
            at_ms: arrival.at_ms,
            platform: arrival.platform,
            method: arrival.method,
            path: arrival.path,
            query: arrival.query,
            status: None,
            violation: None,
        };
        lines.push(Line {
            entry,
            wire: wire.clone(),
        });
        wire
    }

    /// Notes the status that the request was answered with.
    pub(crate) fn answered(&self, seq: u64, status: u16) {
        let index = usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(line) = held(&self.lines).get_mut(index) {
            line.entry.status = Some(status);
        }
    }

    /// Returns all requests so far.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let lines = held(&self.lines);
        lines
            .iter()
            .map(|line| Entry {
                violation: line.wire.violation(),
                ..line.entry.clone()
            })
            .collect()
    }
}

/// How many requests are under way at each mount, from their arrival until they are answered or given up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crowd(Arc<Mutex<BTreeMap<&'static str, Counts>>>);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    now: u32,
    most: u32,
}

/// A request that is under way.
#[derive(Debug)]
pub(crate) struct Present {
    crowd: Crowd,
    mount: &'static str,
}

impl Crowd {
    /// Counts a request in, until what is returned is dropped.
    pub(crate) fn enter(&self, mount: &'static str) -> Present {
        let mut crowd = held(&self.0);
        let counts = crowd.entry(mount).or_default();
        counts.now += 1;
        counts.most = counts.most.max(counts.now);
        Present {
            crowd: self.clone(),
            mount,
        }
    }

    /// Returns how many were under way at most.
    pub(crate) fn most(&self, mount: &str) -> u32 {
        held(&self.0).get(mount).map_or(0, |counts| counts.most)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        if let Some(counts) = held(&self.crowd.0).get_mut(self.mount) {
            counts.now = counts.now.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_were_under_way_at_once_are_remembered_for_each_mount() {
        let crowd = Crowd::default();
        let two = (crowd.enter("/a"), crowd.enter("/a"));
        let other = crowd.enter("/b");
        drop(two);
        drop(crowd.enter("/a"));
        drop(other);
        assert_eq!(["/a", "/b", "/c"].map(|mount| crowd.most(mount)), [2, 1, 0]);
    }
}
