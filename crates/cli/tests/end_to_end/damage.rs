//! A store whose pages are not what they were.

use std::fs;

use crate::support::Company;

const ANNA: &str = "anna.novichkova@example.test";

#[test]
fn a_damaged_store_is_told_with_what_can_be_saved_and_saved() {
    let company = Company::open();
    company.hire(ANNA);
    let store = company.path("state/kadry/emulated.sqlite");
    let mut bytes = fs::read(&store).unwrap();
    // The beginning stays, and with it what makes it a store.
    bytes[100..4096].fill(0xa5);
    fs::write(&store, &bytes).unwrap();
    let refused = company.kadry(&["offboard", ANNA, "--yes"]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("The store is damaged"), "{refused:?}");
    assert!(refused.err.contains("kadry runs salvage"), "{refused:?}");
    assert!(
        refused.err.contains("What can still be read"),
        "{refused:?}"
    );
    let (saved, code) = company.json(&["runs", "salvage", "saved.sqlite"]);
    assert_eq!(code, 0, "{saved:#}");
    assert_eq!(fs::read(&store).unwrap(), bytes);
    let again = company.kadry(&["runs", "salvage", "saved.sqlite"]);
    assert_eq!(again.code, 2, "{again:?}");
    let (runs, code) = company.json(&["runs", "list", "--store", "saved.sqlite"]);
    assert_eq!(code, 0, "{runs:#}");
    let closed = company.kadry(&["offboard", ANNA, "--yes", "--store", "saved.sqlite"]);
    assert_eq!(closed.code, 0, "{closed:?}");
}

#[test]
fn a_store_of_which_nothing_is_left_is_not_to_be_salvaged_once_more() {
    let company = Company::open();
    company.hire(ANNA);
    let store = company.path("state/kadry/emulated.sqlite");
    let mut bytes = fs::read(&store).unwrap();
    bytes[4096..].fill(0);
    fs::write(&store, &bytes).unwrap();
    let nothing = company.kadry(&["runs", "salvage", "saved.sqlite"]);
    assert_eq!(nothing.code, 1, "{nothing:?}");
    assert!(!nothing.err.contains("kadry runs salvage"), "{nothing:?}");
    assert!(!company.path("saved.sqlite").exists());
}

#[test]
fn damage_that_shows_only_when_a_run_is_told_says_what_can_be_saved_too() {
    let company = Company::open();
    company.hire(ANNA);
    let (runs, _) = company.json(&["runs", "list"]);
    let run = runs["runs"][0]["run"].as_str().unwrap();
    let store = company.path("state/kadry/emulated.sqlite");
    let mut bytes = fs::read(&store).unwrap();
    let word = b"stage\":";
    let places = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(word));
    let places: Vec<usize> = places.collect();
    for at in places {
        bytes[at] = b'x';
    }
    fs::write(&store, &bytes).unwrap();
    let (told, code) = company.json(&["runs", "show", run]);
    assert_eq!(code, 1, "{told:#}");
    assert_eq!(told["error"]["kind"], "store_damaged");
    let message = told["error"]["message"].to_string();
    assert!(message.contains("What can still be read"), "{told:#}");
}
