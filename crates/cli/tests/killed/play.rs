//! Playing a story, with a kill and without.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use kadry_emulator::faults::Answer;
use kadry_emulator::log::Entry;
use serde_json::Value;

use crate::approved;
use crate::asked::Names;
use crate::draw::Wanted;
use crate::end::{PATIENCE, ended, killed, slow_down};
use crate::holdings::{self, difference, held};
use crate::point::{Point, Way};
use crate::story::{AFTER_A_KILL, ANNA, STORIES, Story};
use crate::support::Company;
use crate::tally::{Outcome, Tally};
use crate::trace::counted;

/// The exit code when something is left to do, which the next command does.
const PARTLY: i32 = 3;

/// The exit code when everything is done and something was seen that is still open or attached.
const SEEN_OPEN: i32 = 6;

/// The exit code of an offboarding when nobody is known by that name.
const NOBODY: i32 = 5;

/// How a story goes when nothing befalls it.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) story: &'static Story,
    /// One row per command.
    pub(crate) figures: Vec<Figures>,
    /// How often each request that changes something was sent.
    writes: BTreeMap<String, usize>,
}

/// How a command goes when nothing befalls it.
#[derive(Debug)]
pub(crate) struct Figures {
    /// How long it takes.
    pub(crate) length: Duration,
    /// How often it makes each call of the system, in the thread that makes it most often.
    pub(crate) calls: BTreeMap<String, u32>,
    /// How many requests that are no `GET` it sends, by platform and method.
    pub(crate) requests: BTreeMap<(String, String), u32>,
    /// The exit code, and the one when it is repeated.
    codes: [i32; 2],
    /// What the platforms hold afterwards.
    holdings: Value,
}

/// Plays the stories that may be wanted, as many at a time as points are tried, so that both take equally long.
pub(crate) fn undisturbed(wanted: &Wanted, at_a_time: usize) -> Vec<Arc<Played>> {
    let stories = STORIES.iter().filter(|story| wanted.covers(story.name));
    let stories: Vec<&'static Story> = stories.collect();
    let some = |stories: &[&'static Story]| -> Vec<Arc<Played>> {
        thread::scope(|scope| {
            let play = |&story| scope.spawn(move || Arc::new(played(story)));
            let playing: Vec<_> = stories.iter().map(play).collect();
            playing.into_iter().map(|one| one.join().unwrap()).collect()
        })
    };
    stories.chunks(at_a_time).flat_map(some).collect()
}

/// Plays a story twice: as it is, and to count its calls, which takes longer.
fn played(story: &'static Story) -> Played {
    let (company, traced) = (story.open(), story.open());
    let (mut names, mut names_traced) = (Names::new(), Names::new());
    held(&company, &mut names);
    held(&traced, &mut names_traced);
    let mut figures = Vec::new();
    let before = company.emulator.log().len();
    slow_down(&company);
    for line in story.commands {
        let (ended_traced, calls) = counted(&traced, line);
        let seen = company.emulator.log().len();
        let began = Instant::now();
        let first = ended(&company, line);
        let length = began.elapsed();
        let requests = requests(&company, seen);
        let holdings = held(&company, &mut names);
        let again = repeated(&company, line);
        assert!([0, SEEN_OPEN].contains(&first.code), "{first:?}");
        assert_eq!(ended_traced.code, first.code);
        let differing = difference(&held(&traced, &mut names_traced), &holdings);
        assert!(held(&traced, &mut names_traced) == holdings, "{differing}");
        figures.push(Figures {
            length,
            calls,
            requests,
            codes: [first.code, again],
            holdings,
        });
    }
    let log = &company.emulator.log()[before..];
    Played {
        story,
        figures,
        writes: holdings::writes(log, &names),
    }
}

fn requests(company: &Company, seen: usize) -> BTreeMap<(String, String), u32> {
    let mut requests = BTreeMap::new();
    let log = company.emulator.log();
    for entry in log.iter().skip(seen).filter(|entry| entry.method != "GET") {
        let which = (entry.platform.to_owned(), entry.method.clone());
        *requests.entry(which).or_default() += 1;
    }
    requests
}

/// Gives a command that has nothing left to do, and returns its exit code.
fn repeated(company: &Company, line: &[&str]) -> i32 {
    let before = company.emulator.log().len();
    let ended = ended(company, line);
    let log = company.emulator.log();
    let writes: Vec<_> = log[before..]
        .iter()
        .filter(|entry| holdings::is_write(entry))
        .collect();
    assert!(writes.is_empty(), "once more, and it wrote: {writes:#?}");
    ended.code
}

/// Demands that a story ends as if nobody had been killed.
pub(crate) fn check(point: &Point, played: &Played, tally: &Tally) {
    tally.tried(&point.way.kind());
    let company = played.story.open();
    let mut names = Names::new();
    held(&company, &mut names);
    let before = company.emulator.log().len();
    let killed = disturbed(&company, point, played, &mut names);
    let goes_on = played.story.goes_on;
    if goes_on {
        everything_has_arrived(&company);
        is_out(&held(&company, &mut names), played);
    }
    let journal = approved::check(&company);
    let seen_open = |figures: &Figures| figures.codes[0] == SEEN_OPEN;
    assert!(
        journal.tells_residue || goes_on || !played.figures.iter().any(seen_open),
        "what was still seen open is told by no run"
    );
    let violations = company.violations();
    assert!(
        violations.is_empty(),
        "not in the documents: {violations:#?}"
    );
    let log = &company.emulator.log()[before..];
    let repeated = repeats(&holdings::writes(log, &names), &played.writes);
    let outcome = Outcome {
        killed,
        parked: journal.parked,
        repeated,
    };
    tally.held(point, &outcome);
}

/// Plays a story of which one command is killed, demands after each that the platforms hold what they should, and reports whether
/// there was time for the kill.
fn disturbed(company: &Company, point: &Point, played: &Played, names: &mut Names) -> bool {
    let mut was_killed = false;
    let goes_on = played.story.goes_on;
    for (line, figures) in played.story.commands.iter().zip(&played.figures) {
        if line[0] == point.command {
            was_killed = killed(company, line, &point.way, figures);
            // Who was made now may be gone by the end.
            held(company, names);
            if goes_on {
                continue;
            }
            recover(company, line, &point.way, figures);
        } else {
            let ended = ended(company, line);
            let nobody_came = goes_on && ended.code == NOBODY;
            assert!(
                nobody_came || figures.codes.contains(&ended.code),
                "{ended:#?}"
            );
        }
        let differing = difference(&held(company, names), &figures.holdings);
        assert!(
            goes_on || differing.is_empty(),
            "after {line:?}: {differing}"
        );
    }
    was_killed
}

/// Demands that every door of the person is closed, and that nobody was told more than when nothing befalls the story.
fn is_out(held: &Value, played: &Played) {
    let doors = holdings::doors(held, ANNA);
    assert!(doors.iter().all(|(_, open)| !open), "open: {doors:?}");
    let expected = &played.figures[0].holdings;
    for (kind, told) in [
        ("pachca", "mails"),
        ("pachca", "messages"),
        ("diadoc", "mails"),
    ] {
        let count = |held: &Value| held[kind][told].as_array().map_or(0, Vec::len);
        assert!(count(held) <= count(expected), "{told} of {kind}: {held:#}");
    }
    for (kind, _) in &doors {
        let here = doors.iter().filter(|(other, _)| other == kind).count();
        assert_eq!(here, 1, "{kind} has several records: {held:#}");
    }
}

/// Types what an operator types after a kill, and the same once more, which must write nothing.
fn recover(company: &Company, line: &[&str], way: &Way, figures: &Figures) {
    let lines: Vec<&[&str]> = AFTER_A_KILL.iter().copied().chain([line]).collect();
    if let Way::Moments(_, second) = way {
        killed(company, lines[0], &Way::Moment(*second), figures);
    }
    for (place, one) in lines.iter().enumerate() {
        let ended = ended(company, one);
        let is_last = place + 1 == lines.len();
        let may_end_with = if is_last {
            &figures.codes[..]
        } else {
            &[0, PARTLY, SEEN_OPEN]
        };
        assert!(
            may_end_with.contains(&ended.code),
            "{one:?} after the kill: {ended:#?}"
        );
    }
    everything_has_arrived(company);
    assert_eq!(repeated(company, line), figures.codes[1], "once more");
}

/// Waits until the platforms have carried out whatever has come there.
fn everything_has_arrived(company: &Company) {
    let hangs = |entry: &Entry| entry.status.is_none();
    let faults = company.emulator.faults();
    let never = faults
        .iter()
        .filter(|fault| fault.action.answer == Answer::Hang);
    let never = never.count();
    let began = Instant::now();
    while company
        .emulator
        .log()
        .iter()
        .filter(|entry| hangs(entry))
        .count()
        > never
    {
        assert!(began.elapsed() < PATIENCE, "a request is never answered");
        thread::yield_now();
    }
}

/// Returns what was sent oftener than it would have been, all of which must change nothing the second time; and nothing else may have
/// been sent.
fn repeats(writes: &BTreeMap<String, usize>, expected: &BTreeMap<String, usize>) -> Vec<String> {
    let mut repeats = Vec::new();
    for (write, &times) in writes {
        let due = expected.get(write).copied().unwrap_or_default();
        assert!(
            due > 0,
            "nobody asked for it: {write}, but for {expected:#?}"
        );
        if times > due {
            assert!(
                is_harmless(write),
                "{times} times instead of {due}: {write}"
            );
            repeats.push(write.clone());
        }
    }
    repeats
}

/// Reports whether a request says how something shall be, and not that something is to be added: also that of somebody who is added to
/// a chat, where nobody is twice.
fn is_harmless(write: &str) -> bool {
    let makes = [
        "/CreateEmployee",
        "/CreateDepartment",
        "/messages",
        "/group_tags",
    ];
    let makes_one = makes.iter().any(|making| write.contains(making));
    let made_in_a_list = write.starts_with("POST ")
        && ["/users?", "/units?"]
            .iter()
            .any(|list| write.contains(list));
    !makes_one && !made_in_a_list
}
