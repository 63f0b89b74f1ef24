//! What a command sent, platform by platform.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kadry_emulator::log::Entry;
use serde_json::{Value, json};

use super::cases::{ANNA, Act, Case};
use crate::support::{Company, join};

/// How long every answer takes where it is counted how many requests wait for one another.
///
/// A request that waits for another's answer can only arrive this much later; one that does not wait arrives this much later only
/// on a machine that stood still meanwhile.
const ANSWER_MS: i64 = 150;

/// The role's names for the platforms, as the emulator's settings have them.
const PROVIDERS: [(&str, &str); 3] = [
    ("calls", "dealapp"),
    ("edo", "diadoc"),
    ("messenger", "pachca"),
];

/// Where the paths of the platforms begin.
const MOUNTS: [&str; 4] = ["/pachca/api/shared/v1", "/dealapp", "/diadoc", "/identity"];

/// The requests that open a session.
const SIGN_INS: [&str; 2] = ["/dealapp/auth/sign_in", "/identity/connect/token"];

/// What a run finds on its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Store {
    /// The person's records are linked, and sessions are kept.
    LinkAndSession,
    /// Sessions are kept, the person is not known.
    Session,
    /// The person's records are linked, no session is kept.
    Link,
    /// Nothing.
    Nothing,
}

impl Store {
    pub(super) const ALL: [Self; 4] = [
        Self::LinkAndSession,
        Self::Session,
        Self::Link,
        Self::Nothing,
    ];
}

/// One request, as far as it is the same in every run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sent {
    /// How many answers had to come one after the other before it left, and itself.
    pub(super) round: usize,
    /// When in the flow, what for, and what: `look GET /users?query`.
    pub(super) what: String,
}

/// What one platform was sent by one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) sent: Vec<Sent>,
    /// The round of the request that opens or closes the door, or makes the record.
    pub(super) door: Option<usize>,
}

impl Lane {
    pub(super) fn rounds(&self) -> usize {
        self.sent.iter().map(|sent| sent.round).max().unwrap_or(0)
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.sent.iter().map(|sent| sent.what.as_str()).collect()
    }
}

pub(super) type Lanes = BTreeMap<&'static str, Lane>;

/// How often a case is run: doors that are closed now do not wait for a platform that a busy machine keeps from answering.
const ATTEMPTS: usize = 5;

/// Runs the command of a case until nothing has disturbed it.
pub(super) fn observe(case: &Case, store: Store) -> Lanes {
    let undisturbed = (0..ATTEMPTS).find_map(|_| observe_once(case, store));
    undisturbed.unwrap_or_else(|| panic!("{}: the run never came to its end", case.title))
}

/// Runs the command of a case on a company of its own; none if it did not come to its end.
fn observe_once(case: &Case, store: Store) -> Option<Lanes> {
    let company = Company::open();
    let path = |name: &str| company.path(name).to_str().unwrap().to_owned();
    let first = path("first.sqlite");
    for act in case.before {
        perform(&company, *act, &first);
    }
    let used = match store {
        Store::LinkAndSession => first,
        Store::Link => {
            forget_sessions(&company.path(""));
            first
        }
        Store::Session => {
            let second = path("second.sqlite");
            run(&company, &["providers"], &second);
            second
        }
        Store::Nothing => path("third.sqlite"),
    };
    // Only what is looked at closely has to be slow.
    if matches!(store, Store::Nothing) || store == case.usual() {
        company.fault(json!({ "do": { "delay_ms": ANSWER_MS } }));
    }
    let before = company.emulator.log().len();
    let command = [case.command, &["--store", &used]].concat();
    let (report, code) = company.json(&command);
    if !is_whole(code) || report["verified"] != true {
        return None;
    }
    let log = company.emulator.log().split_off(before);
    assert_eq!(company.violations(), []);
    let lanes = PROVIDERS.map(|(provider, kind)| (kind, lane(provider, kind, &log, &report)));
    let asked = lanes.into_iter().filter(|(_, lane)| !lane.sent.is_empty());
    Some(asked.collect())
}

fn perform(company: &Company, act: Act, store: &str) {
    match act {
        Act::Hire => drop(run(company, &join(ANNA), store)),
        Act::Register => {
            let registered = json!({ "diadoc": { "registered": [ANNA] } });
            company.emulator.seed(&registered).unwrap();
        }
        Act::Leave => drop(run(company, &["offboard", ANNA, "--yes"], store)),
    }
}

fn run(company: &Company, command: &[&str], store: &str) -> Value {
    let (report, code) = company.json(&[command, &["--store", store]].concat());
    assert!(is_whole(code), "{report:#}");
    report
}

/// Reports whether everything that was asked for was done; residue does not change that.
fn is_whole(code: i32) -> bool {
    matches!(code, 0 | 6)
}

fn forget_sessions(folder: &Path) {
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|ending| ending == "token") {
            fs::remove_file(file).unwrap();
        }
    }
}

fn lane(provider: &str, kind: &str, log: &[Entry], report: &Value) -> Lane {
    let log: Vec<&Entry> = log.iter().filter(|entry| entry.platform == kind).collect();
    let writes: Vec<usize> = (0..log.len())
        .filter(|at| log[*at].method != "GET" && !is_sign_in(log[*at]))
        .collect();
    let steps: Vec<&str> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["provider"] == provider)
        .map(|step| step["action"].as_str().unwrap())
        .collect();
    assert_eq!(writes.len(), steps.len(), "a step is one write: {report:#}");
    let rounds = rounds(&log);
    let door = writes
        .iter()
        .zip(&steps)
        .find(|(_, action)| matches!(**action, "create" | "set_access"))
        .map(|(at, _)| rounds[*at]);
    let mut sent: Vec<Sent> = (0..log.len())
        .map(|at| {
            let action = writes.iter().position(|write| *write == at);
            let phase = match action {
                Some(action) => format!("write {}", steps[action]),
                None if is_sign_in(log[at]) => "sign-in".to_owned(),
                None if writes.first().is_none_or(|first| at < *first) => "look".to_owned(),
                None if writes.last().is_some_and(|last| at > *last) => "proof".to_owned(),
                None => "between".to_owned(),
            };
            Sent {
                round: rounds[at],
                what: format!("{phase} {}", shape(log[at])),
            }
        })
        .collect();
    // Requests of one round leave in no order.
    sent.sort();
    Lane { sent, door }
}

fn is_sign_in(entry: &Entry) -> bool {
    SIGN_INS.contains(&entry.path.as_str())
}

/// Returns for each request how many had to be answered one after the other before it, and itself.
fn rounds(log: &[&Entry]) -> Vec<usize> {
    let mut rounds: Vec<usize> = Vec::new();
    for entry in log {
        let answered = log
            .iter()
            .zip(&rounds)
            .filter(|(earlier, _)| earlier.at_ms + ANSWER_MS <= entry.at_ms);
        let before = answered.map(|(_, round)| *round).max().unwrap_or(0);
        rounds.push(before + 1);
    }
    rounds
}

/// Returns a request without what differs from run to run: ids, and the values of the query.
fn shape(entry: &Entry) -> String {
    let mount = MOUNTS
        .iter()
        .find_map(|mount| entry.path.strip_prefix(mount));
    let path: Vec<&str> = mount
        .unwrap()
        .split('/')
        .map(|part| if is_id(part) { "{id}" } else { part })
        .collect();
    let keys: Vec<String> = entry
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .map(|key| key.replace("%5B", "[").replace("%5D", "]"))
        .collect();
    let query = if keys.is_empty() { "" } else { "?" };
    format!(
        "{} {}{query}{}",
        entry.method,
        path.join("/"),
        keys.join("&")
    )
}

fn is_id(part: &str) -> bool {
    let hexadecimal = part.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let number = !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    number || (part.len() == 36 && hexadecimal)
}
