//! Faults that wait for the requests they befall.

use std::sync::Mutex;

use http::Method;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::faults::{Action, Fault, Match, When};
use crate::held;

impl Match {
    fn covers(&self, platform: &str, method: &Method, mount: &str, path: &str) -> bool {
        let same = |wanted: &Option<String>, is: &str| {
            wanted.as_deref().is_none_or(|w| w.eq_ignore_ascii_case(is))
        };
        let inner = path.strip_prefix(mount).unwrap_or(path);
        same(&self.platform, platform)
            && same(&self.method, method.as_str())
            && self
                .path
                .as_deref()
                .is_none_or(|wanted| path_fits(wanted, path) || path_fits(wanted, inner))
    }
}

/// Reports whether a path begins with `wanted`, or fits it if it has wildcards.
fn path_fits(wanted: &str, path: &str) -> bool {
    let Some((head, rest)) = wanted.split_once('*') else {
        return path.starts_with(wanted);
    };
    let Some(path) = path.strip_prefix(head) else {
        return false;
    };
    match rest.rsplit_once('*') {
        None => path.ends_with(rest),
        Some((middle, tail)) => path
            .strip_suffix(tail)
            .is_some_and(|path| has_in_order(path, middle)),
    }
}

/// Reports whether the pieces of `pattern` between its wildcards occur in `text`, one after the other.
fn has_in_order(text: &str, pattern: &str) -> bool {
    let mut rest = text;
    pattern
        .split('*')
        .all(|piece| match rest.split_once(piece) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    met: u64,
    dice: ChaCha8Rng,
}

impl Armed {
    /// Counts a matching request and reports whether the fault befalls it.
    fn strikes(&mut self) -> bool {
        self.met += 1;
        match self.fault.when {
            When::Always => true,
            When::Nth(nth) => self.met == nth,
            When::Every(every) => self.met.is_multiple_of(every),
            When::Probability { probability, .. } => {
                self.dice.random_bool(probability.clamp(0.0, 1.0))
            }
        }
    }
}

/// The faults of one emulator.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Mutex<Vec<Armed>>,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        let seed = match fault.when {
            When::Probability { seed, .. } => seed,
            When::Always | When::Nth(_) | When::Every(_) => 0,
        };
        held(&self.armed).push(Armed {
            fault,
            met: 0,
            dice: ChaCha8Rng::seed_from_u64(seed),
        });
    }

    pub(crate) fn clear(&self) {
        held(&self.armed).clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        held(&self.armed)
            .iter()
            .map(|armed| armed.fault.clone())
            .collect()
    }

    /// Counts the request for every fault that matches it, and returns what the first that strikes does.
    pub(crate) fn strike(
        &self,
        platform: &str,
        method: &Method,
        mount: &str,
        path: &str,
    ) -> Option<Action> {
        let mut struck = None;
        for armed in held(&self.armed).iter_mut() {
            let matches = armed.fault.matches.covers(platform, method, mount, path);
            if matches && armed.strikes() && struck.is_none() {
                struck = Some(armed.fault.action.clone());
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::path_fits;

    #[test]
    fn path_is_a_prefix_or_a_pattern() {
        assert!(path_fits("/users", "/users/12"));
        assert!(!path_fits("/users", "/chats"));
        assert!(path_fits("/users/*/status", "/users/12/status"));
        assert!(!path_fits("/users/*/status", "/users/12/status/x"));
        assert!(path_fits("*/members*", "/chats/1/members/2"));
        assert!(path_fits("/a/*/b/*/c", "/a/1/b/2/c"));
        assert!(!path_fits("/a/*/b/*/c", "/a/1/d/2/c"));
        assert!(path_fits("*", "/anything"));
        assert!(!path_fits("/ab*ba", "/aba"));
    }
}
