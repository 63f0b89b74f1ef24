//! The requests that flows send, and the least that they could send.

mod cases;
mod known;
mod seen;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::thread;

use self::cases::{CASES, Case, Least};
use self::known::{Above, KNOWN, Known};
use self::seen::{Lane, Lanes, Store, observe};
use crate::support::{document, document_is};

const FILE: &str = "requests.md";

const HOW: &str = "KADRY_WRITE_DOCS=1 cargo test -p kadry-cli --test end_to_end requests";

/// How often is counted before a difference is believed: a machine that stands still makes requests seem to wait for one another.
const ATTEMPTS: usize = 3;

/// How many cases run side by side.
const AT_A_TIME: usize = 3;

/// Stands where more requests wait for one another than the least says, and nobody says why; or the other way round.
const UNTRUE: &str = "This is not what `late` of this case says.";

/// What the command of one case sent, by what it found on its machine.
type Seen = BTreeMap<Store, Lanes>;

#[test]
fn no_flow_sends_more_requests_than_the_documents_say() {
    let mut text = tell(&count());
    for _ in 1..ATTEMPTS {
        if document_is(FILE, &text) {
            break;
        }
        let again = tell(&count());
        if again == text {
            break;
        }
        text = again;
    }
    assert!(!text.contains(UNTRUE), "{text}");
    document(FILE, &text, HOW);
}

/// Runs every case in every store, a few at a time.
fn count() -> Vec<Seen> {
    let counted = |case: &Case| -> Seen {
        let stores = case.stores();
        stores.map(|store| (store, observe(case, store))).collect()
    };
    let share = CASES.len().div_ceil(AT_A_TIME);
    thread::scope(|scope| {
        let counting: Vec<_> = CASES
            .chunks(share)
            .map(|cases| scope.spawn(move || cases.iter().map(counted).collect::<Vec<Seen>>()))
            .collect();
        counting
            .into_iter()
            .flat_map(|counting| counting.join().unwrap())
            .collect()
    })
}

fn tell(seen: &[Seen]) -> String {
    let mut text = format!("<!-- Counted by a test; to write it anew: {HOW} -->\n\n{LEAD}");
    tell_numbers(seen, &mut text);
    tell_stores(seen, &mut text);
    for (case, seen) in CASES.iter().zip(seen) {
        tell_case(case, &seen[&case.usual()], &mut text);
    }
    text
}

const LEAD: &str = "\
# What a flow sends

Counted on the built-in emulators, with their 24 invented people and the role of their configuration. Where everybody is listed, \
each further page of people is a request more: 50 people on Pachca and Diadoc, and on DealApp as many as the installation puts on a page.

The **least** is what a caller would send who knew beforehand how everything is, who still looks before writing and still reads \
back what was written; it is worked out by hand from the vendors' documents. **Rounds** are requests of one platform that wait for \
one another: a request is one round later than the latest one that had been answered when it left. **Door** is the round of the \
request that opens or closes the door. A plan is shown and agreed to between looking and writing, and platforms do not wait for one another.
";

fn least_of<'a>(case: &'a Case, platform: &str) -> &'a Least {
    let least = case.least.iter().find(|least| least.platform == platform);
    least.unwrap_or_else(|| panic!("{}: what is the least of {platform}?", case.title))
}

fn tell_numbers(seen: &[Seen], text: &mut String) {
    text.push_str("\n## In numbers\n\nThe person is linked in the store, except the newcomer, and sessions are kept.\n\n");
    head(
        text,
        &[
            "Flow", "Platform", "Requests", "Least", "Rounds", "Least", "Door", "Least",
        ],
    );
    for (case, seen) in CASES.iter().zip(seen) {
        for (platform, lane) in &seen[&case.usual()] {
            let least = least_of(case, platform);
            let cells = [
                case.title.to_owned(),
                (*platform).to_owned(),
                lane.sent.len().to_string(),
                least.sent.len().to_string(),
                lane.rounds().to_string(),
                least.rounds.to_string(),
                door(lane.door.unwrap_or(0)),
                door(least.door),
            ];
            row(text, &cells);
        }
    }
}

fn door(round: usize) -> String {
    if round == 0 {
        "–".to_owned()
    } else {
        round.to_string()
    }
}

fn tell_stores(seen: &[Seen], text: &mut String) {
    text.push_str("\n## With and without a link and a session\n\nHow many requests, and in the last column the round of the door where nothing is known.\n\n");
    head(
        text,
        &[
            "Flow", "Platform", "Both", "Session", "Link", "Neither", "Door",
        ],
    );
    let mut more: BTreeSet<(&str, String)> = BTreeSet::new();
    for (case, seen) in CASES.iter().zip(seen) {
        let usual = &seen[&case.usual()];
        for (platform, lane) in usual {
            let counts = Store::ALL.map(|store| {
                let lanes = seen.get(&store);
                lanes.map_or_else(
                    || "–".to_owned(),
                    |lanes| lanes[platform].sent.len().to_string(),
                )
            });
            let nothing = seen[&Store::Nothing][platform].door.unwrap_or(0);
            let mut cells = vec![case.title.to_owned(), (*platform).to_owned()];
            cells.extend(counts);
            cells.push(door(nothing));
            row(text, &cells);
            for other in seen.values() {
                let beside = without(&other[platform].names(), &lane.names());
                more.extend(beside.into_iter().map(|one| (*platform, one)));
                let less = without(&lane.names(), &other[platform].names());
                assert!(
                    less.is_empty(),
                    "{}: less is sent with less: {less:?}",
                    case.title
                );
            }
        }
    }
    text.push_str("\nWhat a run without a kept session sends besides, and cannot do without:\n\n");
    for (platform, sent) in more {
        let known = known(platform, &sent);
        let (_, request) = phase(&sent);
        writeln!(text, "- {platform}: `{request}`. {}", known.why).unwrap();
    }
}

fn tell_case(case: &Case, lanes: &Lanes, text: &mut String) {
    write!(text, "\n## {}\n", case.title).unwrap();
    for (platform, lane) in lanes {
        let least = least_of(case, platform);
        let unsent = without(least.sent, &lane.names());
        assert!(
            unsent.is_empty(),
            "{}, {platform}: the least holds what is not sent: {unsent:?}",
            case.title
        );
        write!(
            text,
            "\n### {}: {platform}\n\n{} requests, at least {}. {}\n\n",
            case.title,
            lane.sent.len(),
            least.sent.len(),
            least.why
        )
        .unwrap();
        tell_rounds(case, lane, least, text);
        head(
            text,
            &["Round", "When", "Request", "Why", "Above the least"],
        );
        tell_lane(platform, lane, least, text);
    }
}

fn tell_rounds(case: &Case, lane: &Lane, least: &Least, text: &mut String) {
    let (rounds, door) = (lane.rounds(), lane.door.unwrap_or(0));
    let late = rounds > least.rounds || door > least.door;
    if late == least.late.is_empty() {
        let title = case.title;
        write!(
            text,
            "{title}: {rounds} rounds, {door} until the door. {UNTRUE}\n\n"
        )
        .unwrap();
        return;
    }
    if late {
        let (rounds_least, door_least) = (least.rounds, least.door);
        write!(text, "{rounds} rounds, at least {rounds_least}").unwrap();
        if door > 0 {
            write!(text, "; {door} until the door, at least {door_least}").unwrap();
        }
        write!(text, ". {}\n\n", least.late).unwrap();
    }
}

fn tell_lane(platform: &str, lane: &Lane, least: &Least, text: &mut String) {
    let mut needed: Vec<&str> = least.sent.to_vec();
    for sent in &lane.sent {
        let known = known(platform, &sent.what);
        let above = match needed.iter().position(|one| *one == sent.what) {
            Some(at) => {
                needed.remove(at);
                String::new()
            }
            None => excuse(known),
        };
        let (when, request) = phase(&sent.what);
        let cells = [
            sent.round.to_string(),
            when.replace(' ', ": "),
            format!("`{request}`"),
            known.why.to_owned(),
            above,
        ];
        row(text, &cells);
    }
}

/// Returns why a request is sent that is above the least.
fn excuse(known: &Known) -> String {
    match known.above {
        Above::Kept(why) => format!("Kept. {why}"),
        Above::Spare(why) => format!("Could go. {why}"),
        Above::Never => panic!(
            "{}: `{}` is above the least, and nobody says why",
            known.platform, known.sent
        ),
    }
}

fn known(platform: &str, sent: &str) -> &'static Known {
    let mut known = KNOWN.iter();
    known
        .find(|known| known.platform == platform && known.sent == sent)
        .unwrap_or_else(|| panic!("{platform}: what is `{sent}` for?"))
}

/// Splits when a request is sent from what it is.
fn phase(sent: &str) -> (&str, &str) {
    let verbs = [" GET ", " POST ", " PUT ", " DELETE "];
    let at = verbs.iter().find_map(|verb| sent.find(verb)).unwrap();
    (&sent[..at], &sent[at + 1..])
}

/// Returns what is left of some once others are taken out, each as often as it is there.
fn without(some: &[&str], others: &[&str]) -> Vec<String> {
    let mut others = others.to_vec();
    let mut left = Vec::new();
    for one in some {
        match others.iter().position(|other| other == one) {
            Some(at) => drop(others.remove(at)),
            None => left.push((*one).to_owned()),
        }
    }
    left
}

fn head(text: &mut String, names: &[&str]) {
    row(text, names);
    row(text, &vec!["---"; names.len()]);
}

fn row(text: &mut String, cells: &[impl AsRef<str>]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    writeln!(text, "| {} |", cells.join(" | ")).unwrap();
}
