use kadry_core::{Brake, Event, NativeCall};

use super::*;
use crate::{Ceiling, Note};

fn ceiling(brake: Brake, since_ms: i64, people: u32) -> Ceiling {
    Ceiling {
        provider: provider("messenger"),
        brake,
        since_ms,
        people,
    }
}

/// Begins a run that closes somebody's door on the messenger, if the ceiling allows it.
async fn close_door(
    journal: &Journal,
    who: &str,
    ceilings: Vec<Ceiling>,
) -> Result<RunId, JournalError> {
    let person = journal.remember(&[email(who)]).await?;
    journal
        .claim(&person, &[provider("messenger")], false)
        .await?;
    let run = NewRun {
        ceilings,
        part: None,
        ..offboard(&person)
    };
    journal.begin(&run, &[close(1, "messenger")]).await
}

async fn start(journal: &Journal, run: &RunId) {
    let began = Note::default();
    journal
        .record(run, 1, Event::Started, &began)
        .await
        .unwrap();
}

#[tokio::test]
async fn people_count_from_the_moment_at_which_a_step_begins_and_once_each() {
    let journal = memory().await;
    let all = ceiling(Brake::Suspend, 0, 0);
    let count = async || journal.concerned(&all, None).await.unwrap();
    let run = close_door(&journal, "anna@example.test", Vec::new())
        .await
        .unwrap();
    start(&journal, &run).await;
    journal
        .record(&run, 1, Event::Done, &Note::default())
        .await
        .unwrap();
    assert_eq!(count().await, 1);
    let again = close_door(&journal, "anna@example.test", Vec::new())
        .await
        .unwrap();
    start(&journal, &again).await;
    assert_eq!(count().await, 1, "the same person");
    let opened = ceiling(Brake::Reactivate, 0, 0);
    assert_eq!(journal.concerned(&opened, None).await.unwrap(), 0);
    let since = ceiling(Brake::Suspend, journal.now_ms() + 1, 0);
    journal
        .record(&again, 1, Event::Done, &Note::default())
        .await
        .unwrap();
    assert_eq!(journal.concerned(&since, None).await.unwrap(), 0);
    let anna = journal.person(&[email("anna@example.test")]).await.unwrap();
    let others = journal.concerned(&all, anna.as_ref()).await.unwrap();
    assert_eq!(others, 0, "she is not one of the others");
}

#[tokio::test]
async fn a_run_over_its_ceiling_does_not_begin_and_those_that_are_about_to_count_too() {
    let journal = memory().await;
    let two = || vec![ceiling(Brake::Suspend, 0, 2)];
    let first = close_door(&journal, "anna@example.test", two())
        .await
        .unwrap();
    start(&journal, &first).await;
    // The second has begun nothing yet, and its people are spoken for all the same.
    close_door(&journal, "boris@example.test", two())
        .await
        .unwrap();
    let third = close_door(&journal, "vera@example.test", two()).await;
    let Err(JournalError::OverCeiling { ceiling, people }) = third else {
        panic!("{third:?}");
    };
    assert_eq!((ceiling.people, people), (2, 3));
    assert_eq!(journal.runs(9).await.unwrap().len(), 2);
    close_door(&journal, "anna@example.test", two())
        .await
        .unwrap();
}

/// A step that takes a tag from everybody, whom it concerns.
fn tag_goes(seq: u32, records: &[&str]) -> Step {
    Step {
        target: Target::Nobody,
        action: Action::Native {
            call: NativeCall::new("tags delete").with("id", "5"),
            brakes: [Brake::Revoke].into(),
            concerns: records.iter().map(|id| RemoteId::new(*id)).collect(),
            reshapes: None,
        },
        ..close(seq, "messenger")
    }
}

/// Begins a run about a thing.
async fn begin_of_thing(
    journal: &Journal,
    step: Step,
    ceilings: Vec<Ceiling>,
) -> Result<RunId, JournalError> {
    let thing = PersonId::new("thing-1");
    journal.stand_for(&thing).await?;
    journal
        .claim(&thing, &[provider("messenger")], false)
        .await?;
    let run = NewRun {
        ceilings,
        part: None,
        ..offboard(&thing)
    };
    journal.begin(&run, &[step]).await
}

#[tokio::test]
async fn a_change_of_a_thing_counts_as_everybody_whom_it_concerns() {
    let journal = memory().await;
    let anna = anna(&journal).await;
    let seen = async |person: &PersonId, id: &str| {
        let (on, who) = (provider("messenger"), record_of(id));
        journal.link(person, &on, "t", &who).await.unwrap();
    };
    seen(&anna, "10").await;
    let all = ceiling(Brake::Revoke, 0, 0);
    let people = async || journal.concerned_people(&all).await.unwrap();
    let over = begin_of_thing(
        &journal,
        tag_goes(1, &["10", "11", "12"]),
        vec![ceiling(Brake::Revoke, 0, 2)],
    )
    .await;
    assert!(
        matches!(over, Err(JournalError::OverCeiling { people: 3, .. })),
        "{over:?}"
    );
    assert!(people().await.is_empty());
    let within = vec![ceiling(Brake::Revoke, 0, 3)];
    let run = begin_of_thing(&journal, tag_goes(1, &["10", "11", "12"]), within)
        .await
        .unwrap();
    assert_eq!(people().await.len(), 3, "what is about to begin counts");
    start(&journal, &run).await;
    journal
        .record(&run, 1, Event::Done, &Note::default())
        .await
        .unwrap();
    let counted = people().await;
    assert!(counted.len() == 3 && counted.contains(&anna), "{counted:?}");
    // Whoever is recognised later is not counted twice.
    let boris = journal
        .remember(&[email("boris@example.test")])
        .await
        .unwrap();
    seen(&boris, "11").await;
    let counted = people().await;
    assert!(
        counted.len() == 3 && counted.contains(&boris),
        "{counted:?}"
    );
}
