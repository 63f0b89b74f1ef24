//! Grants of each kind: given and taken.

use std::collections::BTreeMap;

use kadry_core::{
    Change, Employee, EmployeeRef, ErrorKind, Grant, GrantEdit, GrantKind, Holds, ReadBy, Reason,
    Support, Write,
};

use crate::GrantCase;
use crate::accept::{has, refused, refused_as, same_grants};
use crate::people::newcomer;
use crate::stage::{Stage, key};
use crate::support::platforms::Newcomer;

pub(crate) const CASES: &[GrantCase] = &[
    GrantCase {
        name: "is_given_with_the_record",
        needs: |kind| kind.on_create.clone(),
        holds: |stage, kind| Box::pin(is_given_with_the_record(stage, kind)),
        refused: |stage, kind| Box::pin(with_the_record_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_given_by_update_and_twice_is_quiet",
        needs: on_update,
        holds: |stage, kind| Box::pin(is_given_by_update(stage, kind)),
        refused: |stage, kind| Box::pin(update_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_taken_by_update_and_twice_is_quiet",
        needs: |kind| on_update(kind).and(|| many(kind)),
        holds: |stage, kind| Box::pin(is_taken_by_update(stage, kind)),
        refused: |stage, kind| Box::pin(taking_by_update_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_replaced_where_a_name_has_one_value",
        needs: |kind| on_update(kind).and(|| values(kind)),
        holds: |stage, kind| Box::pin(is_replaced(stage, kind)),
        refused: |stage, kind| Box::pin(taking_by_update_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_given_alone_and_twice_is_quiet",
        needs: |kind| kind.alone.clone(),
        holds: |stage, kind| Box::pin(is_given_alone(stage, kind)),
        refused: |stage, kind| Box::pin(alone_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_taken_alone_and_twice_is_quiet",
        needs: |kind| kind.alone.clone(),
        holds: |stage, kind| Box::pin(is_taken_alone(stage, kind)),
        refused: |stage, kind| Box::pin(alone_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_given_together_with_others_in_one_request",
        needs: |kind| kind.alone.clone().and(|| together(kind)),
        holds: |stage, kind| Box::pin(several_in_one_request(stage, kind)),
        refused: |stage, kind| Box::pin(several_are_refused(stage, kind)),
    },
];

/// Asks one question after another.
trait And {
    fn and(self, next: impl FnOnce() -> Support) -> Support;
}

impl And for Support {
    fn and(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Yes => next(),
            no @ Self::No(_) => no,
        }
    }
}

fn on_update(kind: &GrantKind) -> Support {
    match &kind.on_update {
        Write::WholeSet | Write::Delta => Support::Yes,
        Write::No(reason) => Support::No(reason.clone()),
    }
}

fn many(kind: &GrantKind) -> Support {
    match kind.holds {
        Holds::Many => Support::Yes,
        Holds::One { .. } | Holds::Values => Support::no("replaced-and-never-taken"),
    }
}

fn values(kind: &GrantKind) -> Support {
    match kind.holds {
        Holds::Values => Support::Yes,
        Holds::One { .. } | Holds::Many => Support::no("holds-no-values"),
    }
}

fn together(kind: &GrantKind) -> Support {
    if kind.together {
        Support::Yes
    } else {
        Support::No(Reason::new("one-at-a-time"))
    }
}

async fn is_given_with_the_record(stage: &Stage, kind: &GrantKind) {
    let offered = stage.grantable(kind).await;
    let mut wish = stage.wish("anna").await;
    let given = match kind.holds {
        Holds::One { .. } => vec![offered.last().unwrap().clone()],
        Holds::Many | Holds::Values => offered[..2].to_vec(),
    };
    wish.grants.insert(kind.name.clone(), given.clone());
    let made = stage.provider.create(&wish).await.unwrap();
    same_grants(&stage.held(kind, &made.at).await, &given);
    let before = stage.far.picture();
    refused_as(ErrorKind::Conflict, stage.provider.create(&wish).await);
    assert_eq!(stage.far.picture(), before);
}

async fn with_the_record_is_refused(stage: &Stage, kind: &GrantKind) {
    let mut wish = stage.wish("anna").await;
    wish.grants.insert(kind.name.clone(), vec![stranger(kind)]);
    refused(stage, stage.provider.create(&wish)).await;
}

async fn is_given_by_update(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let offered = stage.grantable(kind).await;
    let before = held_with_record(kind, &stage.now(&anna.at).await);
    let new = offered
        .iter()
        .rev()
        .find(|grant| !has(&before, grant))
        .unwrap()
        .clone();
    let edit = match kind.holds {
        Holds::One { .. } => edit(&[], std::slice::from_ref(&new), &before),
        Holds::Many | Holds::Values => {
            let other = offered
                .iter()
                .find(|grant| !has(&before, grant))
                .unwrap()
                .clone();
            let first = edit(&before, std::slice::from_ref(&other), &[]);
            stage
                .provider
                .update(&anna.at, &change(kind, first))
                .await
                .unwrap();
            edit(
                &[before.as_slice(), &[other]].concat(),
                std::slice::from_ref(&new),
                &[],
            )
        }
    };
    let wanted: Vec<Grant> = edit.whole().cloned().collect();
    let writes = stage.far.writes();
    let changed = stage
        .provider
        .update(&anna.at, &change(kind, edit.clone()))
        .await
        .unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    same_grants(changed.granted(&kind.name).unwrap(), &wanted);
    same_grants(&stage.held(kind, &anna.at).await, &wanted);
    let picture = stage.far.picture();
    stage
        .provider
        .update(&anna.at, &change(kind, edit))
        .await
        .unwrap();
    assert_eq!(stage.far.picture(), picture);
}

async fn is_taken_by_update(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let offered = stage.grantable(kind).await;
    let all = edit(&[], &offered[..2], &[]);
    stage
        .provider
        .update(&anna.at, &change(kind, all))
        .await
        .unwrap();
    let taken = edit(&offered[..1], &[], &offered[1..2]);
    let changed = stage
        .provider
        .update(&anna.at, &change(kind, taken.clone()))
        .await
        .unwrap();
    same_grants(changed.granted(&kind.name).unwrap(), &offered[..1]);
    same_grants(&stage.held(kind, &anna.at).await, &offered[..1]);
    let picture = stage.far.picture();
    stage
        .provider
        .update(&anna.at, &change(kind, taken))
        .await
        .unwrap();
    assert_eq!(stage.far.picture(), picture);
    let last = edit(&[], &[], &offered[..1]);
    stage
        .provider
        .update(&anna.at, &change(kind, last))
        .await
        .unwrap();
    same_grants(&stage.held(kind, &anna.at).await, &[]);
}

async fn is_replaced(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let offered = stage.grantable(kind).await;
    let (kept, old) = (&offered[..1], &offered[1..2]);
    let both = edit(&[], &offered[..2], &[]);
    let given = stage.provider.update(&anna.at, &change(kind, both)).await;
    same_grants(given.unwrap().granted(&kind.name).unwrap(), &offered[..2]);
    let new = [old[0].clone().holding("43")];
    let replacing = edit(kept, &new, old);
    let changed = stage
        .provider
        .update(&anna.at, &change(kind, replacing))
        .await
        .unwrap();
    let wanted = [kept, &new].concat();
    same_grants(changed.granted(&kind.name).unwrap(), &wanted);
    same_grants(&stage.held(kind, &anna.at).await, &wanted);
}

/// What there is one of is replaced. Taking it away would leave a record that cannot be.
async fn taking_by_update_is_refused(stage: &Stage, kind: &GrantKind) {
    if on_update(kind) != Support::Yes {
        return update_is_refused(stage, kind).await;
    }
    if kind.holds != (Holds::One { required: true }) {
        return;
    }
    let anna = stage.somebody("anna").await;
    let held = held_with_record(kind, &stage.now(&anna.at).await);
    let before = (stage.far.picture(), stage.far.writes());
    let taken = change(kind, edit(&[], &[], &held));
    let answer = stage.provider.update(&anna.at, &taken).await;
    assert!(answer.is_err(), "a record cannot be without it: {answer:?}");
    assert_eq!((stage.far.picture(), stage.far.writes()), before);
}

async fn update_is_refused(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let given = change(kind, edit(&[], &[stranger(kind)], &[]));
    refused(stage, stage.provider.update(&anna.at, &given)).await;
}

async fn is_given_alone(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let before = stage.held(kind, &anna.at).await;
    let offered = stage.grantable(kind).await;
    let new = offered
        .iter()
        .find(|grant| !has(&before, grant))
        .unwrap()
        .clone();
    let writes = stage.far.writes();
    let given = [new.clone()];
    stage
        .provider
        .set_grants(&anna.at, &kind.name, &given, &[])
        .await
        .unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    same_grants(
        &stage.held(kind, &anna.at).await,
        &[before.as_slice(), &given].concat(),
    );
    let picture = stage.far.picture();
    stage
        .provider
        .set_grants(&anna.at, &kind.name, &given, &[])
        .await
        .unwrap();
    assert_eq!(stage.far.picture(), picture);
}

async fn is_taken_alone(stage: &Stage, kind: &GrantKind) {
    let anna = carrier(stage).await;
    let mut before = stage.held(kind, &anna).await;
    if kind.read == ReadBy::Catalogue {
        // What comes with another grant goes with it, and cannot be taken alone.
        let offers = stage.offers(&kind.name).await;
        let by_itself = |grant: &Grant| {
            offers
                .iter()
                .any(|offer| grant.id.as_ref() == Some(&offer.id) && offer.through.is_empty())
        };
        before.sort_by_key(|grant| !by_itself(grant));
    }
    if before.is_empty() {
        before = stage.grantable(kind).await[..1].to_vec();
        stage
            .provider
            .set_grants(&anna, &kind.name, &before, &[])
            .await
            .unwrap();
    }
    let writes = stage.far.writes();
    let taken = &before[..1];
    stage
        .provider
        .set_grants(&anna, &kind.name, &[], taken)
        .await
        .unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    same_grants(&stage.held(kind, &anna).await, &before[1..]);
    let picture = stage.far.picture();
    stage
        .provider
        .set_grants(&anna, &kind.name, &[], taken)
        .await
        .unwrap();
    assert_eq!(stage.far.picture(), picture);
}

async fn alone_is_refused(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let one = [stranger(kind)];
    refused(
        stage,
        stage.provider.set_grants(&anna.at, &kind.name, &one, &[]),
    )
    .await;
    refused(
        stage,
        stage.provider.set_grants(&anna.at, &kind.name, &[], &one),
    )
    .await;
}

async fn several_in_one_request(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await.at;
    let offered = stage.grantable(kind).await;
    let several = &offered[..2];
    for (add, drop) in [(&[][..], several), (several, &[][..])] {
        let writes = stage.far.writes();
        stage
            .provider
            .set_grants(&anna, &kind.name, add, drop)
            .await
            .unwrap();
        assert_eq!(stage.far.writes(), writes + 1);
        let held = stage.held(kind, &anna).await;
        assert!(add.iter().all(|grant| has(&held, grant)), "{held:?}");
        assert!(!drop.iter().any(|grant| has(&held, grant)), "{held:?}");
        let picture = stage.far.picture();
        stage
            .provider
            .set_grants(&anna, &kind.name, add, drop)
            .await
            .unwrap();
        assert_eq!(stage.far.picture(), picture);
    }
}

async fn several_are_refused(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await.at;
    let several = [
        stranger(kind),
        Grant::with_id(kind.name.clone(), "2", "Другое"),
    ];
    let before = stage.far.requests();
    let answer = stage
        .provider
        .set_grants(&anna, &kind.name, &several, &[])
        .await;
    assert_eq!(stage.far.requests(), before, "a request left");
    refused_as(ErrorKind::Unsupported, answer);
}

/// Returns somebody who holds something already, wherever there is something to hold.
pub(crate) async fn carrier(stage: &Stage) -> EmployeeRef {
    stage.far.put(&Newcomer {
        carries: true,
        ..newcomer("carrier", "E-17", false)
    });
    let [carrier] = stage.find(&key("carrier")).await.try_into().unwrap();
    carrier.at
}

/// Returns a grant that nobody has heard of, for calls that are refused before it matters.
fn stranger(kind: &GrantKind) -> Grant {
    Grant::with_id(kind.name.clone(), "1", "Что-то")
}

fn edit(keep: &[Grant], add: &[Grant], drop: &[Grant]) -> GrantEdit {
    GrantEdit {
        keep: keep.to_vec(),
        add: add.to_vec(),
        drop: drop.to_vec(),
    }
}

fn change(kind: &GrantKind, edit: GrantEdit) -> Change {
    Change {
        grants: BTreeMap::from([(kind.name.clone(), edit)]),
        ..Change::default()
    }
}

fn held_with_record(kind: &GrantKind, employee: &Employee) -> Vec<Grant> {
    employee
        .granted(&kind.name)
        .expect("the kind is shown")
        .to_vec()
}
