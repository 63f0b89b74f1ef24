//! The arrows between the rooms, held against what the code really imports.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which room may import which. A room that is not named may import nothing of ours.
const ARROWS: [(&str, &[&str]); 10] = [
    ("core", &[]),
    ("http", &["core"]),
    ("pachca", &["core", "http"]),
    ("dealapp", &["core", "http"]),
    ("diadoc", &["core", "http"]),
    ("journal", &["core"]),
    ("flow", &["core", "journal"]),
    ("tables", &["core"]),
    ("emulator", &[]),
    (
        "cli",
        &[
            "core", "http", "pachca", "dealapp", "diadoc", "journal", "flow", "tables", "emulator",
        ],
    ),
];

/// The methods of the trait that write.
const WRITES: [&str; 7] = [
    "create",
    "update",
    "set_access",
    "set_grants",
    "define",
    "notify",
    "remove",
];

const VENDORS: [&str; 4] = ["pachca", "dealapp", "diadoc", "qolio"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What every room imports of ours when it is not being tested, from Cargo itself.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let room = |name: &serde_json::Value| {
        name.as_str()
            .and_then(|name| name.strip_prefix("kadry-"))
            .map(str::to_owned)
    };
    let mut imports = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = room(&package["name"]).unwrap();
        let normal = package["dependencies"].as_array().unwrap().iter();
        let ours = normal
            .filter(|dependency| dependency["kind"].is_null())
            .filter_map(|dependency| room(&dependency["name"]));
        imports.insert(name, ours.collect());
    }
    imports
}

/// The Rust files below a folder, with their text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

#[test]
fn every_room_imports_only_what_its_arrows_allow() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let imports = imports();
    for (room, imported) in &imports {
        let allowed = allowed.get(room.as_str()).copied().unwrap_or_default();
        for other in imported {
            assert!(allowed.contains(&other.as_str()), "{room} imports {other}");
        }
    }
    for (room, _) in ARROWS {
        assert!(imports.contains_key(room), "{room} is not standing");
    }
}

#[test]
fn planning_is_pure() {
    for (path, text) in sources("crates/flow/src/plan") {
        for word in ["async ", ".await", "std::time", "tokio::"] {
            assert!(!text.contains(word), "{} says {word:?}", path.display());
        }
    }
}

#[test]
fn only_execute_writes_to_a_platform() {
    let mut writers = BTreeSet::new();
    for (path, text) in sources("crates/flow/src") {
        if WRITES
            .iter()
            .any(|method| text.contains(&format!("provider.{method}(")))
        {
            writers.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
        }
    }
    assert_eq!(writers, BTreeSet::from(["execute.rs".to_owned()]));
}

#[test]
fn no_vendor_is_named_where_any_platform_is_meant() {
    let registry = root().join("crates/cli/src/setup/registry.rs");
    for folder in [
        "crates/flow/src",
        "crates/journal/src",
        "crates/http/src",
        "crates/cli/src",
    ] {
        for (path, text) in sources(folder) {
            let text = text.to_lowercase();
            let named = VENDORS.iter().find(|vendor| text.contains(*vendor));
            assert!(
                named.is_none() || path == registry,
                "{} names {named:?}",
                path.display()
            );
        }
    }
}

#[test]
fn no_file_is_two_rooms() {
    for (path, text) in sources("crates").into_iter().chain(sources("tests")) {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", path.display());
    }
}
