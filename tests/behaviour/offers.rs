//! What can be granted: listed, made, and seen on people.

use std::collections::BTreeSet;

use kadry_core::{Access, Definition, ErrorKind, GrantKind, ReadBy, Support};

use crate::GrantCase;
use crate::accept::{has, refused, refused_as, same_grants, unknown};
use crate::far::Strike;
use crate::grants::carrier;
use crate::stage::Stage;

pub(crate) const CASES: &[GrantCase] = &[
    GrantCase {
        name: "is_listed_with_what_is_held",
        needs: |kind| kind.catalogue.clone(),
        holds: |stage, kind| Box::pin(is_listed_with_what_is_held(stage, kind)),
        refused: |stage, kind| {
            Box::pin(async { refused(stage, stage.provider.catalogue(&kind.name, None)).await })
        },
    },
    GrantCase {
        name: "is_read_person_by_person",
        needs: |kind| match kind.read {
            ReadBy::EachPerson => Support::Yes,
            ReadBy::WithEmployee | ReadBy::Catalogue => Support::no("read-another-way"),
        },
        holds: |stage, kind| Box::pin(is_read_person_by_person(stage, kind)),
        refused: |stage, kind| {
            Box::pin(async {
                let anna = stage.somebody("anna").await;
                refused(stage, stage.provider.held(&kind.name, &anna.at)).await;
            })
        },
    },
    GrantCase {
        name: "is_offered_once_defined",
        needs: |kind| kind.define.clone(),
        holds: |stage, kind| Box::pin(is_offered_once_defined(stage, kind)),
        refused: |stage, kind| Box::pin(define_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_defined_once_even_if_the_answer_is_lost",
        needs: |kind| kind.define.clone(),
        holds: |stage, kind| Box::pin(a_lost_definition_is_unknown(stage, kind)),
        refused: |stage, kind| Box::pin(define_is_refused(stage, kind)),
    },
    GrantCase {
        name: "is_seen_while_suspended",
        needs: |kind| kind.while_suspended.clone(),
        holds: |stage, kind| Box::pin(is_seen_while_suspended(stage, kind)),
        refused: |stage, kind| Box::pin(is_hidden_while_suspended(stage, kind)),
    },
];

async fn is_listed_with_what_is_held(stage: &Stage, kind: &GrantKind) {
    let anna = carrier(stage).await;
    let offers = stage.offers(&kind.name).await;
    let ids: BTreeSet<_> = offers.iter().map(|offer| &offer.id).collect();
    assert_eq!(ids.len(), offers.len(), "something is offered twice");
    for offer in &offers {
        assert_eq!(offer.path.last(), Some(&offer.name));
        assert_eq!(offer.holders.is_some(), kind.read == ReadBy::Catalogue);
    }
    let offered = stage.grantable(kind).await;
    for grant in stage.held(kind, &anna).await {
        assert!(has(&offered, &grant), "{grant:?} is held and not offered");
    }
    assert_eq!(stage.offers(&kind.name).await, offers);
}

async fn is_read_person_by_person(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await;
    let held = stage.provider.held(&kind.name, &anna.at).await.unwrap();
    assert!(held.iter().all(|grant| grant.kind == kind.name));
    assert_eq!(
        stage.provider.held(&kind.name, &anna.at).await.unwrap(),
        held
    );
    let nobody = stage.nobody().await;
    refused_as(
        ErrorKind::NotFound,
        stage.provider.held(&kind.name, &nobody).await,
    );
}

async fn is_offered_once_defined(stage: &Stage, kind: &GrantKind) {
    let before = stage.offers(&kind.name).await;
    let (what, writes) = (definition(), stage.far.writes());
    let made = stage.provider.define(&kind.name, &what).await.unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    let after = stage.offers(&kind.name).await;
    let shown: Vec<_> = after.iter().filter(|offer| offer.id == made.id).collect();
    assert_eq!(shown.len(), 1);
    assert_eq!((&shown[0].name, &shown[0].path), (&made.name, &made.path));
    // A tree may have one root above everything, which a definition need not name.
    let above = made.path.strip_suffix(what.path.as_slice()).unwrap();
    assert!(above.len() <= 1 && after.iter().all(|offer| offer.path.starts_with(above)));
    refused_as(
        ErrorKind::Conflict,
        stage.provider.define(&kind.name, &what).await,
    );
    assert_eq!(stage.offers(&kind.name).await, after);
    assert_eq!(after.len(), before.len() + 1);
}

async fn a_lost_definition_is_unknown(stage: &Stage, kind: &GrantKind) {
    let before = stage.offers(&kind.name).await.len();
    stage.far.strike_next_write(Strike::LostBefore);
    unknown(stage.provider.define(&kind.name, &definition()).await);
    stage.far.heal();
    assert_eq!(stage.offers(&kind.name).await.len(), before);
    stage.far.strike_next_write(Strike::LostAfter);
    unknown(stage.provider.define(&kind.name, &definition()).await);
    stage.far.heal();
    assert_eq!(stage.offers(&kind.name).await.len(), before + 1);
}

async fn define_is_refused(stage: &Stage, kind: &GrantKind) {
    refused(stage, stage.provider.define(&kind.name, &definition())).await;
}

async fn is_seen_while_suspended(stage: &Stage, kind: &GrantKind) {
    let anna = carrier(stage).await;
    let held = stage.held(kind, &anna).await;
    if !stage.provider.capability().suspend.is_yes() {
        return;
    }
    stage
        .provider
        .set_access(&anna, Access::Suspended)
        .await
        .unwrap();
    same_grants(&stage.held(kind, &anna).await, &held);
}

/// What cannot be seen of somebody suspended cannot be given to them either.
async fn is_hidden_while_suspended(stage: &Stage, kind: &GrantKind) {
    let anna = stage.somebody("anna").await.at;
    let offered = stage.grantable(kind).await;
    if kind.alone.is_yes() {
        stage
            .provider
            .set_grants(&anna, &kind.name, &offered[..1], &[])
            .await
            .unwrap();
        same_grants(&stage.held(kind, &anna).await, &offered[..1]);
    }
    stage
        .provider
        .set_access(&anna, Access::Suspended)
        .await
        .unwrap();
    same_grants(&stage.held(kind, &anna).await, &[]);
}

fn definition() -> Definition {
    Definition {
        path: vec!["Отдел проверок".to_owned()],
    }
}
