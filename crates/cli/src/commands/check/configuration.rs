//! The configuration: whether it can be used, who else can change it, and what it says that nobody minds yet.

use super::finding::Finding;
use super::names;
use crate::error::of_setup;
use crate::setup::{Examined, Fault, Limit};
use crate::words::Words;

const PART: &str = "configuration";

/// Reports whether a command could begin with it.
pub(super) fn is_usable(examined: &Examined) -> bool {
    match &examined.config {
        Ok(known) => known.config.providers().iter().any(|row| row.enabled),
        Err(_) => false,
    }
}

/// Tells what can be told without asking anybody.
pub(super) fn check(words: &Words, examined: &Examined) -> Vec<Finding> {
    let known = match &examined.config {
        Ok(known) => known,
        Err(fault) => {
            let name = if matches!(fault, Fault::OthersCanWrite { .. }) {
                "permissions"
            } else {
                "file"
            };
            return vec![Finding::of(PART, name, of_setup(words, fault))];
        }
    };
    let path = std::path::absolute(&known.path);
    let path = path.unwrap_or_else(|_| known.path.clone());
    let path = path.display().to_string();
    let about = |key, path: &str| words.say_with(key, &[("path", path.into())]);
    let mut findings = vec![Finding::ok(PART, "file", about("check-config-read", &path))];
    findings.push(match &known.open_folder {
        _ if known.foreign => Finding::warning(
            PART,
            "permissions",
            about("check-config-foreign", &path),
            about("check-hint-own", &path),
        ),
        Some(folder) => {
            let folder = folder.display().to_string();
            Finding::warning(
                PART,
                "permissions",
                about("check-config-folder", &folder),
                words.say("check-hint-folder"),
            )
        }
        None => Finding::ok(PART, "permissions", words.say("check-config-ours")),
    });
    if is_usable(examined) {
        findings.extend(names::useless(words, &known.config, &known.roles));
    } else {
        let failure = of_setup(words, &Fault::NoProviders);
        findings.push(Finding::of(PART, "platforms", failure));
    }
    findings.push(limits(words, &known.limits));
    findings
}

/// Tells which limits are set. One that is a part of all people is one of the last count.
fn limits(words: &Words, limits: &[Limit]) -> Finding {
    let listed = |which: fn(&Limit) -> bool| {
        let listed = limits.iter().filter(|limit| which(limit));
        listed.map(ToString::to_string).collect::<Vec<_>>()
    };
    let parts = listed(|limit| limit.is_part());
    if !parts.is_empty() {
        let said = [("limits", parts.join(", ").into())];
        return Finding::ok(PART, "limits", words.say_with("check-limits-parts", &said));
    }
    let all = listed(|_| true);
    if all.is_empty() {
        return Finding::ok(PART, "limits", words.say("check-limits-none"));
    }
    let said = [("limits", all.join(", ").into())];
    Finding::ok(PART, "limits", words.say_with("check-limits-set", &said))
}
