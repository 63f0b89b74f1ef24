//! What each right of a credential is needed for.

use serde_json::Value;

use super::{grant_names, word};

/// The rights in the order in which they are met.
pub(super) type Rights = Vec<Right>;

/// A right, and what it is needed for.
#[derive(Debug)]
pub(super) struct Right {
    /// Its name, or what is said when it is missing.
    pub(super) name: String,
    pub(super) needed: Vec<Needed>,
}

/// A question that is a no without the right.
#[derive(Debug, PartialEq)]
pub(super) struct Needed {
    /// The member of the document.
    pub(super) question: String,
    /// The kind of grant that it is asked about, if it is.
    pub(super) grant: Option<String>,
}

/// Adds what is a yes with every right and a no without some, and returns the rights that have a name of their own.
pub(super) fn add_lacks(full: &Value, bare: &Value, rights: &mut Rights) -> Vec<String> {
    let mut named = Vec::new();
    let mut add = |question: &str, grant: Option<&str>, full: &Value, bare: &Value| {
        if full["supported"] != true || bare["supported"] != false {
            return;
        }
        named.extend(bare["detail"].as_str().map(str::to_owned));
        let needed = Needed {
            question: question.to_owned(),
            grant: grant.map(str::to_owned),
        };
        add_needed(rights, name_of(bare), needed);
    };
    let (full_answers, bare_answers) = (&full["capability"], &bare["capability"]);
    for (question, answer) in full_answers.as_object().unwrap() {
        add(question, None, answer, &bare_answers[question]);
    }
    let grants = full_answers["grants"].as_array().unwrap();
    for (at, (kind, name)) in grants.iter().zip(grant_names(full)).enumerate() {
        for (question, answer) in kind.as_object().unwrap() {
            let bare = &bare_answers["grants"][at][question];
            add(question, Some(name), answer, bare);
        }
    }
    named.sort();
    named.dedup();
    named
}

fn name_of(no: &Value) -> String {
    match no["detail"].as_str() {
        Some(detail) => format!("`{detail}`"),
        None => word(&no["why"]).to_owned(),
    }
}

fn add_needed(rights: &mut Rights, name: String, needed: Needed) {
    let known = rights.iter().position(|right| right.name == name);
    let at = known.unwrap_or_else(|| {
        let needed = Vec::new();
        rights.push(Right { name, needed });
        rights.len() - 1
    });
    let known = &mut rights[at].needed;
    if !known.contains(&needed) {
        known.push(needed);
    }
}
