//! How many there were when all were last counted.

use kadry_core::{ErrorKind, Event, RunState};
use serde_json::json;

use super::batches::{aside, at_most, batch, begin_part, leaves, parts};
use super::*;
use crate::{Counts, NewBatch, Note, PartState, Standing};

#[tokio::test(start_paused = true)]
async fn the_last_count_of_heads_counts_in_its_tenant() {
    let journal = memory().await;
    let messenger = provider("messenger");
    assert_eq!(journal.heads(&messenger).await.unwrap(), None);
    let count = async |tenant: &str, people| {
        let counts = Counts {
            heads: vec![(messenger.clone(), tenant.to_owned(), people)],
            lines: None,
        };
        journal.acquaint(parts(Vec::new()), counts).await.unwrap();
    };
    count("one", 40).await;
    count("one", 50).await;
    assert_eq!(journal.heads(&messenger).await.unwrap(), Some((50, NOW_MS)));
    count("two", 3).await;
    journal.set_tenant(&messenger, "one").await.unwrap();
    assert_eq!(journal.heads(&messenger).await.unwrap(), Some((50, NOW_MS)));
    journal.set_tenant(&messenger, "three").await.unwrap();
    assert_eq!(
        journal.heads(&messenger).await.unwrap(),
        None,
        "nobody has counted there"
    );
    assert_eq!(journal.heads_in(&messenger, "two").await.unwrap(), Some(3));
    assert_eq!(journal.heads_in(&messenger, "three").await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_not_begun_counts_nobody() {
    let journal = memory().await;
    let counts = Counts {
        heads: vec![(provider("messenger"), "tenant".to_owned(), 40)],
        lines: Some(("import staff.csv".to_owned(), 40)),
    };
    let counted = |ceilings| NewBatch {
        counts: counts.clone(),
        ..batch(ceilings)
    };
    let refused = journal
        .begin_batch(&counted(vec![at_most(0)]), parts(vec![leaves(1)]))
        .await;
    assert!(matches!(refused, Err(JournalError::OverCeiling { .. })));
    let lines = async || journal.lines("import staff.csv").await.unwrap();
    assert_eq!(lines().await, None);
    assert_eq!(journal.heads(&provider("messenger")).await.unwrap(), None);
    let begun = journal
        .begin_batch(&counted(vec![at_most(1)]), parts(vec![leaves(1)]))
        .await;
    assert!(begun.is_ok());
    assert_eq!(lines().await, Some((40, NOW_MS)));
    let heads = journal.heads(&provider("messenger")).await.unwrap();
    assert_eq!(heads, Some((40, NOW_MS)));
}

#[tokio::test(start_paused = true)]
async fn a_batch_stands_in_as_many_ways_as_its_people_do() {
    let journal = memory().await;
    let mut all: Vec<_> = (1..=5).map(leaves).collect();
    all.push(aside(6, PartState::Refused));
    all.push(leaves(7));
    let id = journal.begin_batch(&batch(Vec::new()), parts(all)).await;
    let id = id.unwrap();
    let failed = Event::Failed(ErrorKind::Forbidden);
    let ends = [
        (1, Event::Done, RunState::Done),
        (2, Event::Done, RunState::Done),
        (3, failed, RunState::Failed),
        (4, Event::Held, RunState::Partial),
        (5, Event::Done, RunState::Partial),
    ];
    for (number, event, state) in ends {
        let run = begin_part(&journal, &id, number, number).await.unwrap();
        for event in [Event::Started, event] {
            let note = Note::default();
            journal.record(&run, number, event, &note).await.unwrap();
        }
        journal.finish(&run, state, &json!({})).await.unwrap();
    }
    let begun = |run, some_done, some_open| Standing {
        part: PartState::Begun,
        run: Some(run),
        some_done,
        some_open,
    };
    let alone = |part| Standing {
        part,
        run: None,
        some_done: false,
        some_open: false,
    };
    let standings = journal.standings(&id).await.unwrap();
    let expected = [
        begun(RunState::Done, false, false),
        begun(RunState::Failed, false, false),
        begun(RunState::Partial, false, true),
        begun(RunState::Partial, true, false),
        alone(PartState::Refused),
        alone(PartState::Waiting),
    ];
    assert_eq!(standings.len(), expected.len(), "{standings:?}");
    for one in expected {
        assert!(standings.contains(&one), "{one:?} in {standings:?}");
    }
}
