//! The journal: how many steps a second are durable, and how long a store with a long history takes to open.
//!
//! The floor writes rows of the same texts with SQLite alone, under the same settings: one transaction for each event where one person
//! is worked on, one for as many as there are people where many are.

use std::path::Path;
use std::time::Instant;

use futures::future::join_all;
use kadry_core::{
    Access, Action, Before, Clock, Email, EmployeeRef, Event, MatchKey, ProviderId, Random,
    RemoteId, Stage, Step, Target,
};
use kadry_journal::{Journal, NewRun, Note, PersonId, RunId};
use rusqlite::{Connection, params};
use serde_json::json;

use crate::measure::{Pairs, Took, Watch};
use crate::report::Row;
use crate::{Plan, runtime};

const PROVIDER: &str = "messenger";

/// How many people are worked on beside each other.
const BESIDE: usize = 64;

/// How many runs a history is made of for each million events: one has ten.
const EVENTS_OF_A_RUN: usize = 10;

pub(crate) fn run(plan: Plan) -> Vec<Row> {
    let steps = plan.size.pick(40, 20, 4);
    let events = plan.size.pick(1_000_000, 100_000, 1_000);
    runtime().block_on(async {
        let mut rows = Vec::new();
        for people in [1, BESIDE] {
            let ours = async |(): &mut ()| ours(people, steps).await;
            let floor = async |(): &mut ()| floor(people, steps);
            let pairs = Pairs::measured(plan.runs, &mut (), ours, floor).await;
            let all = (people * steps as usize) as f64;
            let what = format!("durable steps a second, {people} at once");
            let row = Row::pair(what, "/s", pairs.both(|took| all / took.wall_s));
            rows.push(row.note("more is better"));
            let cpu = pairs.both(|took| took.cpu_ms() * 1_000.0 / all);
            rows.push(Row::pair(
                format!("CPU per 1000 steps, {people} at once"),
                "ms",
                cpu,
            ));
        }
        rows.push(start_up(plan, events).await);
        rows
    })
}

fn clock() -> Clock {
    Clock::starting_at(1_790_000_000_000)
}

async fn open(path: &Path) -> Journal {
    let opened = Journal::open(path, clock(), Random::seeded(7)).await;
    opened.unwrap().journal
}

/// Begins a run of this many steps for somebody.
async fn begun(journal: &Journal, number: usize, steps: u32) -> RunId {
    let key = MatchKey::Email(Email::of_record(&format!("p{number}@example.test")));
    let person = journal.remember(&[key]).await.unwrap();
    let on = [ProviderId::new(PROVIDER)];
    journal.claim(&person, &on, false).await.unwrap();
    let steps: Vec<Step> = (1..=steps).map(|seq| step(number, seq)).collect();
    journal.begin(&asked(&person), &steps).await.unwrap()
}

fn asked(person: &PersonId) -> NewRun {
    NewRun {
        flow: "offboard".to_owned(),
        person: person.clone(),
        label: "p@example.test".to_owned(),
        actor: "bench".to_owned(),
        reason: None,
        intent: json!({ "now": true }),
        plan_hash: "00ff".to_owned(),
        ceilings: Vec::new(),
        part: None,
    }
}

fn step(number: usize, seq: u32) -> Step {
    let email = format!("p{number}@example.test");
    Step {
        seq,
        person: email.clone(),
        provider: ProviderId::new(PROVIDER),
        stage: Stage::Close,
        action: Action::SetAccess {
            access: Access::Suspended,
        },
        target: Target::Known(record(&email)),
        before: Before {
            access: Some(Access::Open),
            ..Before::default()
        },
    }
}

fn record(email: &str) -> EmployeeRef {
    EmployeeRef {
        id: RemoteId::new("1042"),
        settled: true,
        keys: vec![MatchKey::Email(Email::of_record(email))],
    }
}

fn note() -> Note {
    Note {
        record: Some(record("p@example.test")),
        ..Note::default()
    }
}

/// Has the steps of everybody started and done, each in order, people beside each other.
async fn ours(people: usize, steps: u32) -> Took {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder.path().join("journal.sqlite")).await;
    let runs = join_all((0..people).map(|number| begun(&journal, number, steps))).await;
    let watch = Watch::start();
    let lane = |run| {
        let journal = &journal;
        async move {
            for seq in 1..=steps {
                for (event, note) in [(Event::Started, Note::default()), (Event::Done, note())] {
                    journal.record(run, seq, event, &note).await.unwrap();
                }
            }
        }
    };
    join_all(runs.iter().map(lane)).await;
    watch.stop()
}

/// Writes as many events of the same text, and as many changes of a step's row.
fn floor(people: usize, steps: u32) -> Took {
    let folder = tempfile::tempdir().unwrap();
    let mut db = Connection::open(folder.path().join("floor.sqlite")).unwrap();
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.pragma_update(None, "synchronous", "full").unwrap();
    db.execute_batch(
        "create table step (run integer, seq integer, state text, body text, primary key (run, seq)) strict, without rowid;
         create table event (run integer, number integer, seq integer, at_ms integer, event text, note text,
                             primary key (run, number)) strict, without rowid;",
    )
    .unwrap();
    let body = serde_json::to_string(&step(1, 1)).unwrap();
    for run in 0..people as u32 {
        let begun = db.transaction().unwrap();
        for seq in 1..=steps {
            let values = params![run, seq, "waiting", body];
            begun
                .execute("insert into step values (?, ?, ?, ?)", values)
                .unwrap();
        }
        begun.commit().unwrap();
    }
    let notes = [("started", Note::default()), ("done", note())];
    let notes = notes.map(|(event, note)| (event, serde_json::to_string(&note).unwrap()));
    let watch = Watch::start();
    for seq in 1..=steps {
        for (second, (event, note)) in notes.iter().enumerate() {
            let written = db.transaction().unwrap();
            for run in 0..people as u32 {
                let number = seq * 2 + second as u32;
                let mut insert = written
                    .prepare_cached("insert into event values (?, ?, ?, ?, ?, ?)")
                    .unwrap();
                insert
                    .execute(params![
                        run,
                        number,
                        seq,
                        1_790_000_000_000_i64,
                        event,
                        note
                    ])
                    .unwrap();
                let mut change = written
                    .prepare_cached("update step set state = ? where run = ? and seq = ?")
                    .unwrap();
                change.execute(params![event, run, seq]).unwrap();
            }
            written.commit().unwrap();
        }
    }
    watch.stop()
}

/// Opens a store with a long history and looks for what is unfinished, as each command does, beside the same for a new store.
async fn start_up(plan: Plan, events: usize) -> Row {
    let folder = tempfile::tempdir().unwrap();
    let (long, new) = (
        folder.path().join("long.sqlite"),
        folder.path().join("new.sqlite"),
    );
    drop(open(&new).await);
    let journal = open(&long).await;
    let run = begun(&journal, 1, EVENTS_OF_A_RUN as u32 / 2).await;
    for seq in 1..=EVENTS_OF_A_RUN as u32 / 2 {
        for (event, note) in [(Event::Started, Note::default()), (Event::Done, note())] {
            journal.record(&run, seq, event, &note).await.unwrap();
        }
    }
    let state = kadry_core::RunState::Done;
    journal
        .finish(&run, state, &json!({ "verified": true }))
        .await
        .unwrap();
    drop(journal);
    multiply(&long, events / EVENTS_OF_A_RUN);
    let opened = async |path: &Path| {
        let started = Instant::now();
        let watch = Watch::start();
        let journal = open(path).await;
        assert!(journal.all_unfinished().await.unwrap().is_empty());
        Took {
            wall_s: started.elapsed().as_secs_f64(),
            ..watch.stop()
        }
    };
    let ours = async |(): &mut ()| opened(&long).await;
    let floor = async |(): &mut ()| opened(&new).await;
    let pairs = Pairs::measured(plan.runs, &mut (), ours, floor).await;
    let what = format!("opening a store with {events} events");
    Row::pair(what, "ms", pairs.both(Took::wall_ms)).note("the floor is a store without any")
}

/// Repeats the first run of a store, with its steps and events, until there are so many.
fn multiply(path: &Path, runs: usize) {
    let db = Connection::open(path).unwrap();
    db.pragma_update(None, "synchronous", "off").unwrap();
    for (table, number, id) in [
        ("run", "number", Some("id")),
        ("step", "run", None),
        ("event", "run", None),
    ] {
        let mut columns = db
            .prepare(&format!("select name from pragma_table_info('{table}')"))
            .unwrap();
        let columns = columns
            .query_map((), |row| row.get::<_, String>(0))
            .unwrap();
        let columns: Vec<String> = columns.map(Result::unwrap).collect();
        let shown = columns.iter().map(|column| match column.as_str() {
            it if it == number => "n.value".to_owned(),
            it if Some(it) == id => format!("{it} || '-' || n.value"),
            it => format!("t.{it}"),
        });
        let shown = shown.collect::<Vec<_>>().join(", ");
        db.execute_batch(&format!(
            "with recursive n (value) as (select 2 union all select value + 1 from n where value < {runs})
             insert into {table} ({}) select {shown} from n, {table} t where t.{number} = 1;",
            columns.join(", ")
        ))
        .unwrap();
    }
}
