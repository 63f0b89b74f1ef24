//! Closing doors and opening them.

use kadry_core::{Access, Employee, ErrorKind};

use crate::Case;
use crate::accept::{refused, refused_as, same_record};
use crate::people::newcomer;
use crate::stage::{Stage, key};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "suspend_is_seen",
        needs: |capability| capability.suspend.clone(),
        holds: |stage| Box::pin(suspend_is_seen(stage)),
        refused: |stage| Box::pin(is_refused(stage, Access::Suspended)),
    },
    Case {
        name: "suspend_twice_is_quiet",
        needs: |capability| capability.suspend.clone(),
        holds: |stage| Box::pin(twice_is_quiet(stage, Access::Suspended)),
        refused: |stage| Box::pin(is_refused(stage, Access::Suspended)),
    },
    Case {
        name: "suspend_of_nobody_is_not_found",
        needs: |capability| capability.suspend.clone(),
        holds: |stage| Box::pin(of_nobody_is_not_found(stage, Access::Suspended)),
        refused: |stage| Box::pin(is_refused(stage, Access::Suspended)),
    },
    Case {
        name: "reopen_is_seen",
        needs: |capability| capability.reopen.clone(),
        holds: |stage| Box::pin(reopen_is_seen(stage)),
        refused: |stage| Box::pin(is_refused(stage, Access::Open)),
    },
    Case {
        name: "reopen_twice_is_quiet",
        needs: |capability| capability.reopen.clone(),
        holds: |stage| Box::pin(twice_is_quiet(stage, Access::Open)),
        refused: |stage| Box::pin(is_refused(stage, Access::Open)),
    },
    Case {
        name: "reopen_of_nobody_is_not_found",
        needs: |capability| capability.reopen.clone(),
        holds: |stage| Box::pin(of_nobody_is_not_found(stage, Access::Open)),
        refused: |stage| Box::pin(is_refused(stage, Access::Open)),
    },
];

async fn is_refused(stage: &Stage, access: Access) {
    let anna = stage.somebody("anna").await;
    refused(stage, stage.provider.set_access(&anna.at, access)).await;
}

async fn suspend_is_seen(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let writes = stage.far.writes();
    let closed = stage
        .provider
        .set_access(&anna.at, Access::Suspended)
        .await
        .unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    let seen = is_in_state(stage, &closed, Access::Suspended, &anna).await;
    let everybody = stage.everybody().await;
    let listed: Vec<_> = everybody
        .iter()
        .filter(|one| one.at.id == anna.at.id)
        .collect();
    assert_eq!(listed, [&seen]);
}

async fn reopen_is_seen(stage: &Stage) {
    stage.far.put(&newcomer("anna", "E-17", true));
    let [anna] = stage.find(&key("anna")).await.try_into().unwrap();
    assert_eq!(anna.access, Access::Suspended);
    let writes = stage.far.writes();
    let open = stage
        .provider
        .set_access(&anna.at, Access::Open)
        .await
        .unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    is_in_state(stage, &open, Access::Open, &anna).await;
}

/// Demands that a door is seen in this state, whoever looks and however, and that nothing else has changed.
async fn is_in_state(
    stage: &Stage,
    answered: &Employee,
    access: Access,
    before: &Employee,
) -> Employee {
    let seen = stage.now(&before.at).await;
    let expected = Employee {
        access,
        ..before.clone()
    };
    same_record(&seen, &expected);
    same_record(answered, &seen);
    assert_eq!(stage.find(&key("anna")).await, std::slice::from_ref(&seen));
    seen
}

async fn twice_is_quiet(stage: &Stage, access: Access) {
    let anna = stage.somebody("anna").await;
    let first = stage.provider.set_access(&anna.at, access).await.unwrap();
    let before = (stage.far.picture(), stage.far.mails_to("anna"));
    let again = stage.provider.set_access(&anna.at, access).await.unwrap();
    same_record(&again, &first);
    assert_eq!((stage.far.picture(), stage.far.mails_to("anna")), before);
}

async fn of_nobody_is_not_found(stage: &Stage, access: Access) {
    let nobody = stage.nobody().await;
    let before = stage.far.picture();
    for _ in 0..2 {
        refused_as(
            ErrorKind::NotFound,
            stage.provider.set_access(&nobody, access).await,
        );
    }
    assert_eq!(stage.far.picture(), before);
}
