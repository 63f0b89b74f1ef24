//! The cells of the tables, and the Markdown around them.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::word;

/// Stands where there is nothing to say.
pub(super) const NOTHING: &str = "–";

/// The words for programs that people would not understand by themselves.
const WORDS: [(&str, &str); 9] = [
    ("values", "one value under each name"),
    ("with_employee", "with the record"),
    ("each_person", "person by person"),
    (
        "catalogue",
        "from the list of what can be granted, which names the holders",
    ),
    ("whole_set", "the whole set is sent"),
    ("delta", "only what changes is sent"),
    (
        "asking",
        "One question; when nobody answers to it, nobody is there.",
    ),
    (
        "asking_then_listing",
        "One question, which may overlook somebody: nobody is there only when everybody was read.",
    ),
    ("listing", "Everybody is read."),
];

/// Returns a value as people read it.
pub(super) fn in_words(value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Bool(true) => "Yes.".to_owned(),
        Value::Bool(false) => "No.".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => WORDS
            .iter()
            .find(|(program, _)| program == text)
            .map_or_else(
                || text.replace('_', " "),
                |(_, people)| (*people).to_owned(),
            ),
        Value::Array(items) if items.is_empty() => NOTHING.to_owned(),
        Value::Array(items) => items.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => answer(members),
    }
}

fn answer(members: &Map<String, Value>) -> String {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let supported = members.get("supported").and_then(Value::as_bool);
    let short = match (supported, text("does"), text("sends")) {
        (Some(true), _, Some(sends)) => format!("Yes: {}.", in_words(&Value::from(sends))),
        (Some(true), _, None) => "Yes.".to_owned(),
        (Some(false), _, _) => "No.".to_owned(),
        (None, Some("revoke"), _) => "Taken away.".to_owned(),
        (None, Some("keep"), _) => "Stays.".to_owned(),
        (None, Some(does), _) => format!("{}.", title(does)),
        (None, None, _) => {
            let parts = members.values().filter(|value| !value.is_null());
            return parts.map(in_words).collect::<Vec<_>>().join(". ");
        }
    };
    let why = text("why").into_iter();
    let parts: Vec<&str> = std::iter::once(short.as_str()).chain(why).collect();
    parts.join(" ")
}

/// Returns a short answer of `can`.
pub(super) fn short(cell: &Value) -> String {
    let short = in_words(&cell["yes"]);
    match cell["why"].as_str() {
        Some(why) => format!("{short} {why}"),
        None => short,
    }
}

/// Returns what can be written to a field: what can be done first, and then what cannot, by its reason.
pub(super) fn field(rule: &Value) -> String {
    let times = ["create", "update", "clear"];
    let can = |time: &&str| rule[*time]["supported"] == true;
    let yes: Vec<&str> = times.into_iter().filter(can).collect();
    let mut noes: Vec<(&str, Vec<&str>)> = Vec::new();
    for time in times.into_iter().filter(|time| !can(time)) {
        let why = word(&rule[time]["why"]);
        match noes.iter_mut().find(|(known, _)| *known == why) {
            Some((_, times)) => times.push(time),
            None => noes.push((why, vec![time])),
        }
    }
    match (yes.as_slice(), noes.as_slice()) {
        ([], [(why, _)]) => format!("No. {why}"),
        (_, _) => {
            let mut parts = Vec::new();
            if !yes.is_empty() {
                parts.push(format!("Yes: {}.", yes.join(", ")));
            }
            for (why, times) in noes {
                parts.push(format!("Not {}: {why}", times.join(", not ")));
            }
            parts.join(" ")
        }
    }
}

/// Returns sentences one after another.
pub(super) fn sentences(whys: &Value) -> Option<String> {
    let whys: Vec<&str> = whys
        .as_array()?
        .iter()
        .map(|why| word(&why["why"]))
        .collect();
    (!whys.is_empty()).then(|| whys.join(" "))
}

/// Returns the name of a member as a heading.
pub(super) fn title(member: &str) -> String {
    let words = member.replace('_', " ");
    let mut letters = words.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Writes the head of a table.
pub(super) fn head<T: AsRef<str>>(text: &mut String, names: &[T]) {
    row(text, names);
    row(text, &vec!["---"; names.len()]);
}

/// Writes a row of a table.
pub(super) fn row<T: AsRef<str>>(text: &mut String, cells: &[T]) {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.as_ref().replace('|', "\\|"))
        .collect();
    writeln!(text, "| {} |", cells.join(" | ")).unwrap();
}

/// Writes a value of which nothing is known: rows as a table, items as a list, anything else as a line.
pub(super) fn tell_value(value: &Value, text: &mut String) {
    let rows: Vec<&Map<String, Value>> = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    if let Some(first) = rows.first() {
        let mut names: Vec<&String> = first.keys().collect();
        // What the row is about stands before what is said of it.
        names.sort_by_key(|name| !first[*name].is_string());
        let titles: Vec<String> = names.iter().map(|name| title(name)).collect();
        head(text, &titles);
        for one in &rows {
            let cells: Vec<String> = names.iter().map(|name| in_words(&one[*name])).collect();
            row(text, &cells);
        }
        return;
    }
    match value.as_array() {
        Some(items) if items.is_empty() => text.push_str("Nothing.\n"),
        Some(items) => {
            for item in items {
                writeln!(text, "- {}", in_words(item)).unwrap();
            }
        }
        None => writeln!(text, "{}", in_words(value)).unwrap(),
    }
}
