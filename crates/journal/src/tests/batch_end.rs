//! How a batch is counted, and ended.

use kadry_core::RunState;
use serde_json::json;

use super::{close, email, memory, offboard, open, provider};
use crate::{
    BatchCount, Counts, Journal, JournalError, NewBatch, NewPart, NewRun, Note, PartId, PartState,
    RunId,
};

/// Begins a batch of three: one is to leave, one is refused, one is as wanted.
async fn begun(journal: &Journal) -> RunId {
    let part = |who: &str, state: PartState| NewPart {
        line: None,
        label: who.to_owned(),
        keys: vec![email(who)],
        seen: Vec::new(),
        state,
        body: json!({ "person": who }).to_string(),
        steps: vec![close(1, "messenger")],
    };
    let parts = [
        part("anna@example.test", PartState::Waiting),
        part("vera@example.test", PartState::Refused),
        part("zoya@example.test", PartState::Unchanged),
    ];
    let batch = NewBatch {
        flow: "reconcile".to_owned(),
        label: "staff.csv".to_owned(),
        actor: "olga".to_owned(),
        reason: None,
        intent: json!({}),
        plan_hash: String::new(),
        ceilings: Vec::new(),
        counts: Counts::default(),
    };
    let parts = parts.into_iter().map(Ok);
    journal.begin_batch(&batch, parts).await.unwrap()
}

/// Begins the first part.
async fn begin_anna(journal: &Journal, batch: &RunId) -> RunId {
    let anna = journal.person(&[email("anna@example.test")]).await;
    let anna = anna.unwrap().unwrap();
    let claimed = journal.claim(&anna, &[provider("messenger")], false).await;
    claimed.unwrap();
    let run = NewRun {
        part: Some(PartId {
            batch: batch.clone(),
            number: 1,
        }),
        ..offboard(&anna)
    };
    journal.begin(&run, &[close(1, "messenger")]).await.unwrap()
}

#[tokio::test]
async fn people_of_a_batch_are_counted_by_where_they_stand() {
    let journal = memory().await;
    let batch = begun(&journal).await;
    let waiting = BatchCount {
        done: 1,
        refused: 1,
        failed: 0,
        open: 1,
    };
    assert_eq!(journal.count_people(&batch).await.unwrap(), waiting);
    let run = begin_anna(&journal, &batch).await;
    assert_eq!(journal.count_people(&batch).await.unwrap(), waiting);
    let found = journal.run_with_step(&batch, 1).await.unwrap();
    assert_eq!(found, Some(run.clone()));
    assert_eq!(journal.run_with_step(&batch, 2).await.unwrap(), None);
    journal.abandon(&run, &Note::default()).await.unwrap();
    let ended = BatchCount {
        failed: 1,
        open: 0,
        ..waiting
    };
    assert_eq!(journal.count_people(&batch).await.unwrap(), ended);
}

#[tokio::test]
async fn a_batch_that_is_given_up_waits_for_nobody_and_says_why() {
    let journal = memory().await;
    let batch = begun(&journal).await;
    assert_eq!(journal.unfinished_batches().await.unwrap().len(), 1);
    let why = json!({ "given_up": { "by": "olga" } });
    journal.give_up_batch(&batch, &why).await.unwrap();
    assert_eq!(journal.unfinished_batches().await.unwrap(), []);
    let summary = journal.batch(batch.as_str()).await.unwrap().unwrap();
    assert_eq!(
        (summary.state, summary.waiting, summary.is_open()),
        (RunState::Superseded, 0, false)
    );
    let parts = journal.parts(&batch, 0, 9, None).await.unwrap();
    let states: Vec<PartState> = parts.iter().map(|part| part.state).collect();
    let expected = [
        PartState::Superseded,
        PartState::Refused,
        PartState::Unchanged,
    ];
    assert_eq!(states, expected);
    assert_eq!(
        parts[0].body,
        json!({ "person": "anna@example.test", "why": why })
    );
    let unknown = journal.give_up_batch(&RunId::new("none"), &why).await;
    assert!(
        matches!(unknown, Err(JournalError::NotFound)),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn a_batch_is_not_given_up_while_somebody_is_at_work_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.sqlite");
    let (ours, theirs) = (open(&path).await, open(&path).await);
    let batch = begun(&theirs).await;
    assert!(ours.batch_is_at_work(&batch).await.unwrap());
    let refused = ours.give_up_batch(&batch, &json!({})).await;
    assert!(
        matches!(refused, Err(JournalError::Claimed { .. })),
        "{refused:?}"
    );
    drop(theirs);
    ours.give_up_batch(&batch, &json!({})).await.unwrap();
}
