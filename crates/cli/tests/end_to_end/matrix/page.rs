//! The page that tells what each kind of platform can do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kadry_core::FieldName;
use serde_json::{Map, Value};

use super::cells::{NOTHING, field, head, in_words, row, sentences, short, tell_value, title};
use super::rights::Right;
use super::{HOW, Kind, word};

type Kinds = BTreeMap<String, Kind>;

/// The members that say nothing about a kind of platform: where it is, and when a credential happens to end.
const OF_ONE_INSTALLATION: [&str; 8] = [
    "provider",
    "kind",
    "reachable",
    "error",
    "administrator",
    "expires_at",
    "can",
    "capability",
];

/// The answers that have a place on the page. How long is waited is a setting of one installation.
const PLACED: [&str; 17] = [
    "match_by",
    "required",
    "fields",
    "list",
    "create",
    "create_notice",
    "update",
    "suspend",
    "reopen",
    "remove",
    "notify",
    "was_notified",
    "grants",
    "caveats",
    "on_suspend",
    "on_remove",
    "request_timeout_ms",
];

/// What is asked of every kind of grant, in the order in which people ask it.
const ABOUT_GRANTS: [(&str, &str); 15] = [
    ("role_key", "Key in a role's section"),
    ("holds", "How many somebody has"),
    ("on_create", "Given with a new record"),
    ("on_update", "Changed with the record"),
    ("clear", "Taken with nothing in its place"),
    ("alone", "Given and taken by itself"),
    ("together", "Several in one request"),
    ("after", "Written after"),
    ("read", "Read"),
    ("catalogue", "What can be granted is listed"),
    ("define", "Made when it is missing"),
    (
        "follows_department",
        "Follows the person's department when the role names none",
    ),
    ("while_suspended", "Seen and changed while access is closed"),
    ("on_leave", "When somebody leaves"),
    ("hand_over", "Handed to a successor"),
];

/// What a right is needed for, in words that go on from “to”.
const NEEDED_TO: [(&str, &str); 16] = [
    ("list", "list everybody"),
    ("create", "create a record"),
    ("update", "change a record"),
    ("suspend", "close access"),
    ("reopen", "open access again"),
    ("remove", "remove a record for good"),
    ("notify", "send a message to the person"),
    ("was_notified", "see whether a message was sent"),
    ("on_create", "give with a new record"),
    ("on_update", "change with the record"),
    ("clear", "take with nothing in its place"),
    ("alone", "give and take"),
    ("catalogue", "list what can be granted"),
    ("define", "make what is missing"),
    ("while_suspended", "see and change while access is closed"),
    ("hand_over", "hand to a successor"),
];

/// Returns the page.
pub(super) fn of(kinds: &Kinds) -> String {
    let mut text = format!(
        "<!-- Made from what `kadry providers` answers, by a test; to write it anew: {HOW} -->\n\n\
         # What each kind of platform can do\n\n\
         A platform answers with the credential at hand. These are the answers to a credential that has every right; \
         [the last table](#what-each-right-is-needed-for) tells what is lost without one. \
         `kadry providers` says the same of your own platforms, in short, and `kadry providers -o json` in full, under `capability`.\n"
    );
    tell_at_a_glance(kinds, &mut text);
    tell_keys(kinds, &mut text);
    tell_fields(kinds, &mut text);
    tell_grants(kinds, &mut text);
    tell_consequences(kinds, &mut text);
    tell_the_rest(kinds, &mut text);
    tell_rights(kinds, &mut text);
    text
}

fn tell_at_a_glance(kinds: &Kinds, text: &mut String) {
    let mut questions: Vec<&str> = Vec::new();
    for (what, _) in kinds.values().flat_map(Kind::questions) {
        if !questions.contains(&what) {
            questions.push(what);
        }
    }
    text.push_str("\n## At a glance\n\n");
    across(kinds, text);
    for question in questions {
        down(text, question, kinds, |kind| {
            let mut answers = kind.questions();
            let answer = answers.find(|(what, _)| *what == question);
            answer.map_or_else(|| NOTHING.to_owned(), |(_, cell)| short(cell))
        });
    }
    let asked = words_of(&NEEDED_TO, "was_notified");
    down(text, &asked, kinds, |kind| {
        in_words(&kind.full["capability"]["was_notified"])
    });
    down(text, "grant", kinds, |kind| {
        let names: Vec<&str> = kind.grants().map(|(name, _)| name).collect();
        names.join(", ")
    });
}

fn tell_keys(kinds: &Kinds, text: &mut String) {
    text.push_str(
        "\n## How people are found\n\nThe strongest key first. Nobody is taken for absent as long as somebody may have been overlooked.\n\n",
    );
    head(text, &["Kind", "Key", "How"]);
    for (name, kind) in kinds {
        for matching in kind.full["capability"]["match_by"].as_array().unwrap() {
            let key = format!("`{}`", word(&matching["key"]));
            row(text, &[name, &key, &in_words(&matching["found_by"])]);
        }
    }
}

fn tell_fields(kinds: &Kinds, text: &mut String) {
    text.push_str(
        "\n## Fields\n\nWhether a field can be given in the call that makes the record (create), be changed later (update), and be made empty (clear). \
         Without the fields that are marked as required no record can be made.\n\n",
    );
    across(kinds, text);
    for name in FieldName::ALL.map(FieldName::as_str) {
        down(text, &format!("`{name}`"), kinds, |kind| {
            let capability = &kind.full["capability"];
            let mut required = capability["required"].as_array().unwrap().iter();
            let mark = if required.any(|required| required == name) {
                "**Required.** "
            } else {
                ""
            };
            format!("{mark}{}", field(&capability["fields"][name]))
        });
    }
}

fn tell_grants(kinds: &Kinds, text: &mut String) {
    text.push_str(
        "\n## Grants\n\nEverything that somebody has on a platform beyond a record, in the order in which it is written.\n",
    );
    for (name, kind) in kinds {
        write!(text, "\n### {name}\n\n").unwrap();
        let mut names = vec![""];
        names.extend(kind.grants().map(|(name, _)| name));
        head(text, &names);
        for question in asked_about_grants(kind) {
            let cells: Vec<String> = kind
                .grants()
                .map(|(_, grant)| about_grant(grant, question))
                .collect();
            // A row in which nobody has an answer asks something that does not arise here.
            if cells.iter().any(|cell| cell != NOTHING) {
                let mut line = vec![words_of(&ABOUT_GRANTS, question)];
                line.extend(cells);
                row(text, &line);
            }
        }
    }
}

/// Lists the questions in their order, and then those that are new to the page.
fn asked_about_grants(kind: &Kind) -> Vec<&str> {
    let mut asked: Vec<&str> = ABOUT_GRANTS.iter().map(|(name, _)| *name).collect();
    for (_, grant) in kind.grants() {
        for name in grant.as_object().unwrap().keys().map(String::as_str) {
            if name != "kind" && !asked.contains(&name) {
                asked.push(name);
            }
        }
    }
    asked
}

fn about_grant(grant: &Value, question: &str) -> String {
    let answer = &grant[question];
    match question {
        "role_key" => format!("`{}`", word(answer)),
        "together" if grant["alone"]["supported"] == false => NOTHING.to_owned(),
        _ => title(&in_words(answer)),
    }
}

/// Tells what closing and removing bring about that nobody asked for, and what nobody can ever show.
fn tell_consequences(kinds: &Kinds, text: &mut String) {
    text.push_str("\n## What closing and removing bring about\n\nNobody asks for it, and every plan names it. What becomes of grants stands above.\n\n");
    head(text, &["Kind", "Closing access", "Removing a record"]);
    for (name, kind) in kinds {
        let capability = &kind.full["capability"];
        let brings = |question: &str, about: &str| match sentences(&capability[about]) {
            Some(said) => said,
            None if capability[question]["supported"] == true => "Nothing beyond it.".to_owned(),
            None => in_words(&capability[question]),
        };
        let (closing, removing) = (
            brings("suspend", "on_suspend"),
            brings("remove", "on_remove"),
        );
        row(text, &[name, &closing, &removing]);
    }
    text.push_str("\n## What can never be shown\n\nEvery report on a leaver ends with these sentences, the same for everybody.\n\n");
    head(text, &["Kind", "What is said"]);
    for (name, kind) in kinds {
        for caveat in kind.full["capability"]["caveats"].as_array().unwrap() {
            row(text, &[name, word(&caveat["why"])]);
        }
    }
}

/// Tells whatever else the binary says of a kind, so that a new answer is not overlooked here.
pub(super) fn tell_the_rest(kinds: &Kinds, text: &mut String) {
    fn rest<'a>(value: &'a Value, placed: &[&str]) -> Vec<(&'a String, &'a Value)> {
        let members = value.as_object().into_iter().flat_map(Map::iter);
        members
            .filter(|(name, _)| !placed.contains(&name.as_str()))
            .collect()
    }
    let mut told: BTreeMap<&String, Vec<(&String, &Value)>> = BTreeMap::new();
    for (kind, Kind { full, .. }) in kinds {
        let more = rest(full, &OF_ONE_INSTALLATION);
        for (member, value) in rest(&full["capability"], &PLACED).into_iter().chain(more) {
            told.entry(member).or_default().push((kind, value));
        }
    }
    for (member, answers) in told {
        write!(text, "\n## {}\n", title(member)).unwrap();
        for (kind, value) in answers {
            write!(text, "\n### {kind}\n\n").unwrap();
            tell_value(value, text);
        }
    }
}

fn tell_rights(kinds: &Kinds, text: &mut String) {
    text.push_str("\n## What each right is needed for\n\n");
    head(text, &["Kind", "Right", "Needed to"]);
    for (name, kind) in kinds {
        let mut rights: Vec<&Right> = kind.rights.iter().collect();
        rights.sort_by_key(|right| {
            let questions = right.needed.iter().map(|one| place(&one.question));
            questions.min()
        });
        for right in rights {
            row(text, &[name, &right.name, &needed_to(right)]);
        }
    }
    text.push_str(
        "\nA kind that is not in this table does not show the rights of its credential: what is missing is refused when it is asked for.\n",
    );
}

/// Returns what a right is needed for; what concerns several kinds of grants is said once.
fn needed_to(right: &Right) -> String {
    let mut needed: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in &right.needed {
        let grant = one.grant.as_deref();
        let mut known = needed.iter_mut();
        match known.find(|(question, _)| *question == one.question) {
            // The question about grants may bear the name of one about records.
            Some((_, grants)) if grants.is_empty() == grant.is_none() => grants.extend(grant),
            Some(_) | None => needed.push((&one.question, grant.into_iter().collect())),
        }
    }
    needed.sort_by_key(|(question, _)| place(question));
    let parts = needed.into_iter().map(|(question, grants)| {
        let what = words_of(&NEEDED_TO, question);
        if grants.is_empty() {
            what
        } else {
            format!("{what}: {}", grants.join(", "))
        }
    });
    parts.collect::<Vec<_>>().join("; ")
}

/// Returns where a question stands among the others; a new one stands behind them.
fn place(question: &str) -> usize {
    let known = NEEDED_TO.iter().position(|(known, _)| *known == question);
    known.unwrap_or(NEEDED_TO.len())
}

/// Writes the head of a table that has a column for each kind.
fn across(kinds: &Kinds, text: &mut String) {
    let mut names = vec![String::new()];
    names.extend(kinds.keys().cloned());
    head(text, &names);
}

/// Writes a row of a table that has a column for each kind.
fn down(text: &mut String, name: &str, kinds: &Kinds, cell: impl Fn(&Kind) -> String) {
    let mut cells = vec![name.to_owned()];
    cells.extend(kinds.values().map(cell));
    row(text, &cells);
}

fn words_of(words: &[(&str, &str)], member: &str) -> String {
    let known = words.iter().find(|(name, _)| *name == member);
    known.map_or_else(|| title(member), |(_, words)| (*words).to_owned())
}
