use kadry_core::{Brake, Event, RunState, State};
use serde_json::json;

use super::*;
use crate::{Ceiling, Counts, NewBatch, NewPart, Note, PartId, PartState};

pub(super) fn batch(ceilings: Vec<Ceiling>) -> NewBatch {
    NewBatch {
        flow: "import".to_owned(),
        label: "roster.csv".to_owned(),
        actor: "operator".to_owned(),
        reason: None,
        intent: json!({ "about": "roster.csv" }),
        plan_hash: "00ff".to_owned(),
        ceilings,
        counts: Counts::default(),
    }
}

pub(super) fn at_most(people: u32) -> Ceiling {
    Ceiling {
        provider: provider("messenger"),
        brake: Brake::Suspend,
        since_ms: 0,
        people,
    }
}

fn address(number: u32) -> String {
    format!("p{number}@example.test")
}

/// Somebody whose door is to close.
pub(super) fn leaves(number: u32) -> NewPart {
    NewPart {
        line: Some(number + 1),
        label: address(number),
        keys: vec![email(&address(number))],
        seen: vec![(
            provider("messenger"),
            "tenant".to_owned(),
            record_of(&number.to_string()),
        )],
        state: PartState::Waiting,
        body: json!({ "person": address(number) }).to_string(),
        steps: vec![close(number, "messenger")],
    }
}

pub(super) fn aside(number: u32, state: PartState) -> NewPart {
    NewPart {
        state,
        steps: Vec::new(),
        ..leaves(number)
    }
}

pub(super) fn parts(
    parts: Vec<NewPart>,
) -> impl Iterator<Item = Result<NewPart, JournalError>> + Send + 'static {
    parts.into_iter().map(Ok)
}

fn leaving(numbers: std::ops::Range<u32>) -> Vec<NewPart> {
    numbers.map(leaves).collect()
}

async fn person(journal: &Journal, number: u32) -> PersonId {
    let known = journal.person(&[email(&address(number))]).await;
    known.unwrap().unwrap()
}

/// Begins the run of a part.
pub(super) async fn begin_part(
    journal: &Journal,
    batch: &RunId,
    part: u32,
    number: u32,
) -> Result<RunId, JournalError> {
    let person = person(journal, number).await;
    journal
        .claim(&person, &[provider("messenger")], false)
        .await?;
    let run = NewRun {
        part: Some(PartId {
            batch: batch.clone(),
            number: part,
        }),
        ..offboard(&person)
    };
    journal.begin(&run, &[close(number, "messenger")]).await
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_told_as_it_was_written_with_everybody_in_their_order() {
    let journal = memory().await;
    let all = vec![
        leaves(1),
        aside(2, PartState::Unchanged),
        aside(3, PartState::Refused),
        leaves(4),
    ];
    let id = journal
        .begin_batch(&batch(Vec::new()), parts(all))
        .await
        .unwrap();
    let known = journal.batch(id.as_str()).await.unwrap().unwrap();
    assert_eq!((known.parts, known.waiting, known.open), (4, 2, 0));
    assert_eq!((known.state, known.started_ms), (RunState::Running, NOW_MS));
    assert_eq!(known.intent, json!({ "about": "roster.csv" }));
    let first = journal.parts(&id, 0, 2, None).await.unwrap();
    let rest = journal.parts(&id, 2, 9, None).await.unwrap();
    let told: Vec<_> = first
        .iter()
        .chain(&rest)
        .map(|part| (part.number, part.line))
        .collect();
    assert_eq!(
        told,
        [(1, Some(2)), (2, Some(3)), (3, Some(4)), (4, Some(5))]
    );
    let waiting = journal
        .parts(&id, 0, 9, Some(PartState::Waiting))
        .await
        .unwrap();
    let waiting: Vec<_> = waiting.iter().map(|part| part.number).collect();
    assert_eq!(waiting, [1, 4]);
    let who = journal
        .parts(&id, 0, 1, None)
        .await
        .unwrap()
        .remove(0)
        .person;
    assert_eq!(who, Some(person(&journal, 1).await));
    let links = journal.links(&who.unwrap()).await.unwrap();
    assert_eq!(
        links[0].who,
        record_of("1"),
        "where they were seen is remembered"
    );
    assert_eq!(
        journal
            .tenant(&provider("messenger"))
            .await
            .unwrap()
            .unwrap(),
        "tenant"
    );
}

#[tokio::test(start_paused = true)]
async fn a_batch_begins_whole_or_not_at_all() {
    let journal = memory().await;
    let all = leaving(0..3).into_iter().map(Ok);
    let broken = all.chain([Err(JournalError::Stopped)]);
    let begun = journal.begin_batch(&batch(Vec::new()), broken).await;
    assert!(matches!(begun, Err(JournalError::Stopped)));
    assert_eq!(journal.batches(9).await.unwrap(), []);
    let nobody = journal.person(&[email(&address(0))]).await.unwrap();
    assert_eq!(nobody, None, "nor is anybody remembered");
    assert_eq!(journal.concerned(&at_most(0), None).await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn all_parts_of_a_batch_are_held_against_a_ceiling_together() {
    let journal = memory().await;
    let of_three = || batch(vec![at_most(3)]);
    let begun = journal.begin_batch(&of_three(), parts(leaving(0..4))).await;
    let Err(JournalError::OverCeiling { people, .. }) = begun else {
        panic!("{begun:?}");
    };
    assert_eq!(people, 4);
    assert_eq!(journal.batches(9).await.unwrap(), []);
    journal
        .begin_batch(&of_three(), parts(leaving(0..2)))
        .await
        .unwrap();
    // The same person once more is nobody more, and what only stands there concerns nobody.
    let mut more = leaving(1..3);
    more.push(aside(7, PartState::Unchanged));
    journal.begin_batch(&of_three(), parts(more)).await.unwrap();
    let begun = journal.begin_batch(&of_three(), parts(leaving(3..4))).await;
    assert!(matches!(
        begun,
        Err(JournalError::OverCeiling { people: 4, .. })
    ));
    let elsewhere = Ceiling {
        provider: provider("messenger-2"),
        ..at_most(0)
    };
    assert_eq!(
        journal.concerned(&elsewhere, None).await.unwrap(),
        0,
        "whose name begins alike"
    );
}

#[tokio::test(start_paused = true)]
async fn parts_that_wait_count_for_everybody_else_until_they_are_set_aside() {
    let journal = memory().await;
    let id = journal
        .begin_batch(&batch(Vec::new()), parts(leaving(0..2)))
        .await
        .unwrap();
    let boris = journal
        .remember(&[email("boris@example.test")])
        .await
        .unwrap();
    journal
        .claim(&boris, &[provider("messenger")], false)
        .await
        .unwrap();
    let run = NewRun {
        ceilings: vec![at_most(2)],
        ..offboard(&boris)
    };
    let begun = journal.begin(&run, &[close(1, "messenger")]).await;
    assert!(matches!(
        begun,
        Err(JournalError::OverCeiling { people: 3, .. })
    ));
    let all = journal.concerned_people(&at_most(0)).await.unwrap();
    assert_eq!(all.len(), 2);
    let but = person(&journal, 0).await;
    assert_eq!(journal.concerned(&at_most(0), Some(&but)).await.unwrap(), 1);
    let second = PartId {
        batch: id,
        number: 2,
    };
    journal
        .set_aside(&second, PartState::Moved, &json!("moved"))
        .await
        .unwrap();
    journal.begin(&run, &[close(1, "messenger")]).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_part_begins_once_and_never_when_it_was_set_aside() {
    let journal = memory().await;
    let id = journal
        .begin_batch(&batch(Vec::new()), parts(leaving(0..3)))
        .await
        .unwrap();
    let run = begin_part(&journal, &id, 1, 0).await.unwrap();
    let again = begin_part(&journal, &id, 1, 0).await;
    assert!(matches!(again, Err(JournalError::TakenOver)));
    assert_eq!(
        journal.runs_of_batch(&id, 0, 9).await.unwrap().len(),
        1,
        "and nothing is left of the second"
    );
    let second = PartId {
        batch: id.clone(),
        number: 2,
    };
    let why = json!({ "moved": ["messenger"] });
    journal
        .set_aside(&second, PartState::Moved, &why)
        .await
        .unwrap();
    let begun = begin_part(&journal, &id, 2, 1).await;
    assert!(matches!(begun, Err(JournalError::TakenOver)));
    // What has begun is not set aside any more, and what was set aside stays as it is.
    for (number, state) in [(1, PartState::Begun), (2, PartState::Moved)] {
        let part = PartId {
            batch: id.clone(),
            number,
        };
        let later = PartState::Superseded;
        journal
            .set_aside(&part, later, &json!("later"))
            .await
            .unwrap();
        let known = journal
            .parts(&id, number - 1, 1, None)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(known.state, state);
    }
    let told = journal.parts(&id, 1, 1, None).await.unwrap().remove(0);
    assert_eq!(told.body, json!({ "person": address(1), "why": why }));
    let first = journal.parts(&id, 0, 1, None).await.unwrap().remove(0);
    assert_eq!(first.run, Some(run));
}

#[tokio::test(start_paused = true)]
async fn runs_of_a_batch_are_told_with_their_parts_and_the_open_ones_alone_if_asked() {
    let journal = memory().await;
    let id = journal
        .begin_batch(&batch(Vec::new()), parts(leaving(0..4)))
        .await
        .unwrap();
    for (part, number) in [(3, 2), (1, 0), (2, 1)] {
        begin_part(&journal, &id, part, number).await.unwrap();
    }
    let runs = journal.runs_of_batch(&id, 0, 9).await.unwrap();
    let numbers: Vec<u32> = runs.iter().map(|(part, _)| *part).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let after = journal.runs_of_batch(&id, 1, 1).await.unwrap();
    assert_eq!(after[0].0, 2);
    for (at, events, state) in [
        (0, &[Event::Started, Event::Done][..], RunState::Done),
        (1, &[Event::Started, Event::Held][..], RunState::Failed),
    ] {
        let run = &runs[at].1.run.id;
        for event in events {
            let seq = runs[at].1.steps[0].step.seq;
            journal
                .record(run, seq, *event, &Note::default())
                .await
                .unwrap();
        }
        journal.finish(run, state, &json!({})).await.unwrap();
    }
    let open = journal.open_runs_of_batch(&id, 0, 9).await.unwrap();
    let numbers: Vec<u32> = open.iter().map(|(part, _)| *part).collect();
    assert_eq!(numbers, [2, 3], "what failed and may begin again is open");
    let known = journal.batch(id.as_str()).await.unwrap().unwrap();
    assert_eq!((known.waiting, known.open), (1, 2));
    let states = journal.states_in_batch(&id, 0).await.unwrap();
    assert_eq!(states, [State::Done]);
    assert_eq!(journal.states_in_batch(&id, 3).await.unwrap(), []);
    assert_eq!(
        journal.all_unfinished().await.unwrap(),
        [],
        "a batch is told as a whole"
    );
    assert_eq!(journal.unfinished_batches().await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_one_processs_at_a_time_and_free_when_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store.sqlite");
    let first = open(&store).await;
    let id = first
        .begin_batch(&batch(Vec::new()), parts(leaving(0..1)))
        .await
        .unwrap();
    let second = open(&store).await;
    let held = second.hold_batch(&id).await;
    assert!(matches!(held, Err(JournalError::Claimed { .. })));
    assert!(second.batch_is_at_work(&id).await.unwrap());
    first.hold_batch(&id).await.unwrap();
    assert!(!first.batch_is_at_work(&id).await.unwrap(), "it is our own");
    first.finish_batch(&id, RunState::Partial).await.unwrap();
    second.hold_batch(&id).await.unwrap();
    let held = first.hold_batch(&id).await;
    assert!(matches!(held, Err(JournalError::Claimed { .. })));
    drop(second);
    first.hold_batch(&id).await.unwrap();
    let unknown = first.hold_batch(&RunId::new("no such batch")).await;
    assert!(matches!(unknown, Err(JournalError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn what_is_known_of_many_is_told_in_their_order_and_two_people_are_told_apart() {
    let journal = memory().await;
    let id = journal
        .begin_batch(&batch(Vec::new()), parts(leaving(0..2)))
        .await
        .unwrap();
    begin_part(&journal, &id, 1, 0).await.unwrap();
    let keys = |number| vec![email(&address(number))];
    let both = [keys(0), keys(1)].concat();
    let asked = vec![keys(1), keys(9), both, Vec::new(), keys(0)];
    let mut known = journal.acquaintances(asked).await.unwrap().into_iter();
    let mut next = || known.next().unwrap();
    let second = next().unwrap();
    assert_eq!(second.aliases, keys(1));
    assert_eq!(second.links[0].who, record_of("1"));
    assert!(!second.unfinished);
    assert_eq!(next().unwrap(), crate::Acquaintance::default());
    assert!(matches!(next(), Err(JournalError::TwoPeople)));
    assert_eq!(next().unwrap().person, None);
    assert!(next().unwrap().unfinished);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_found_by_the_beginning_of_its_id_where_nothing_else_begins_like_it() {
    let journal = memory().await;
    let begin = async || {
        let batch = batch(Vec::new());
        let begun = journal.begin_batch(&batch, parts(leaving(0..1)));
        begun.await.unwrap()
    };
    let id = begin().await;
    let found = async |prefix: &str| {
        let found = journal.batch(prefix).await.unwrap();
        found.map(|batch| batch.id)
    };
    assert_eq!(found(&id.as_str()[..4]).await, Some(id.clone()));
    assert_eq!(found(&id.as_str().to_uppercase()).await, Some(id.clone()));
    assert_eq!(found("").await, None);
    assert_eq!(found("zzzz").await, None);
    let mut ids = vec![id.clone()];
    let twins = loop {
        let next = begin().await;
        let alike = |one: &&RunId| one.as_str()[..1] == next.as_str()[..1];
        if let Some(twin) = ids.iter().find(alike) {
            break (twin.clone(), next);
        }
        ids.push(next);
    };
    let first = &twins.0.as_str()[..1];
    assert!(matches!(
        journal.batch(first).await,
        Err(JournalError::Ambiguous)
    ));
    assert_eq!(found(twins.1.as_str()).await, Some(twins.1.clone()));
    // A run whose id begins like that of a batch is as good.
    let mut runs = 0;
    loop {
        let (_, run) = begun(&journal, "messenger", 1).await;
        runs += 1;
        let prefix = &run.as_str()[..1];
        let alike = ids.iter().filter(|id| id.as_str().starts_with(prefix));
        if alike.count() == 1 && !first.starts_with(prefix) {
            assert!(matches!(
                journal.batch(prefix).await,
                Err(JournalError::Ambiguous)
            ));
            break;
        }
        assert!(runs < 500);
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_met_without_anything_to_do_is_remembered_all_the_same() {
    let journal = memory().await;
    let met = vec![
        aside(1, PartState::Unchanged),
        NewPart {
            keys: Vec::new(),
            ..leaves(2)
        },
    ];
    journal
        .acquaint(parts(met), Counts::default())
        .await
        .unwrap();
    let links = journal.links(&person(&journal, 1).await).await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!(journal.person(&[email(&address(2))]).await.unwrap(), None);
    assert_eq!(journal.batches(9).await.unwrap(), []);
}

#[tokio::test(start_paused = true)]
async fn records_that_bear_a_name_alone_are_people_of_their_own_and_the_same_the_next_time() {
    let journal = memory().await;
    let nameless = |number| NewPart {
        keys: Vec::new(),
        ..leaves(number)
    };
    let begin = async |ceilings, people: [u32; 2]| {
        let new = parts(people.into_iter().map(nameless).collect());
        journal.begin_batch(&batch(ceilings), new).await
    };
    let refused = begin(vec![at_most(1)], [1, 2]).await;
    assert!(matches!(
        refused,
        Err(JournalError::OverCeiling { people: 2, .. })
    ));
    let first = begin(vec![at_most(2)], [1, 2]).await.unwrap();
    let again = begin(vec![at_most(2)], [2, 1]).await.unwrap();
    let people = async |batch: &RunId| {
        let parts = journal.parts(batch, 0, 9, None).await.unwrap();
        let people = parts.into_iter().map(|part| part.person.unwrap());
        people.collect::<Vec<_>>()
    };
    let (first, mut again) = (people(&first).await, people(&again).await);
    again.reverse();
    assert_eq!(first, again);
    assert_ne!(first[0], first[1]);
}
