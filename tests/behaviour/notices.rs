//! Messages to a person.

use std::time::Duration;

use kadry_core::{Capability, ErrorKind, Look, Notice, Support};

use crate::Case;
use crate::accept::{refused, refused_as, unknown};
use crate::far::Strike;
use crate::stage::Stage;
use crate::support::world::START_MS;

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "notify_sends_one_message",
        needs: |capability| capability.notify.clone(),
        holds: |stage| Box::pin(notify_sends_one_message(stage)),
        refused: |stage| Box::pin(notify_is_refused(stage)),
    },
    Case {
        name: "notify_of_nobody_is_not_found",
        needs: |capability| capability.notify.clone(),
        holds: |stage| Box::pin(notify_of_nobody_is_not_found(stage)),
        refused: |stage| Box::pin(notify_is_refused(stage)),
    },
    Case {
        name: "notify_is_found_by_was_notified",
        needs: both,
        holds: |stage| Box::pin(notify_is_found(stage)),
        refused: |stage| Box::pin(looking_is_refused(stage)),
    },
    Case {
        name: "a_lost_message_is_found_or_proven_absent",
        needs: both,
        holds: |stage| Box::pin(a_lost_message_is_found_or_proven_absent(stage)),
        refused: |stage| Box::pin(looking_is_refused(stage)),
    },
];

pub(crate) const WIRE: &[Case] = &[Case {
    name: "an_earlier_message_is_not_the_lost_one",
    needs: both,
    holds: |stage| Box::pin(an_earlier_message_is_not_the_lost_one(stage)),
    refused: |stage| Box::pin(looking_is_refused(stage)),
}];

fn both(capability: &Capability) -> Support {
    match capability.notify {
        Support::Yes => capability.was_notified.clone(),
        Support::No(_) => capability.notify.clone(),
    }
}

fn greeting(name: &str) -> Notice {
    Notice::new(format!("Добро пожаловать, {name}!"))
}

async fn notify_is_refused(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    refused(stage, stage.provider.notify(&anna.at, &greeting("Анна"))).await;
    assert_eq!(stage.far.messages(), 0);
}

async fn looking_is_refused(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    refused(
        stage,
        stage.provider.was_notified(&anna.at, &greeting("Анна")),
    )
    .await;
}

async fn notify_sends_one_message(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let before = stage.far.messages();
    stage
        .provider
        .notify(&anna.at, &greeting("Анна"))
        .await
        .unwrap();
    assert_eq!(stage.far.messages(), before + 1);
    stage
        .provider
        .notify(&anna.at, &greeting("Анна"))
        .await
        .unwrap();
    assert_eq!(
        stage.far.messages(),
        before + 2,
        "a second message is a second message"
    );
}

async fn notify_of_nobody_is_not_found(stage: &Stage) {
    let nobody = stage.nobody().await;
    let before = stage.far.picture();
    for _ in 0..2 {
        let told = stage.provider.notify(&nobody, &greeting("Никто")).await;
        refused_as(ErrorKind::NotFound, told);
    }
    assert_eq!(stage.far.picture(), before);
}

async fn notify_is_found(stage: &Stage) {
    let anna = stage.somebody("anna").await.at;
    let boris = stage.somebody("boris").await.at;
    let look = async |who, name| {
        stage
            .provider
            .was_notified(who, &greeting(name))
            .await
            .unwrap()
    };
    assert_eq!(look(&anna, "Анна").await, Look::Absent);
    stage
        .provider
        .notify(&anna, &greeting("Анна"))
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(look(&anna, "Анна").await, Look::Found);
    }
    assert_eq!(look(&anna, "Борис").await, Look::Absent, "another text");
    assert_eq!(look(&boris, "Анна").await, Look::Absent, "another person");
}

async fn a_lost_message_is_found_or_proven_absent(stage: &Stage) {
    for (who, strike, sent, look) in [
        ("anna", Strike::LostBefore, 0, Look::Absent),
        ("boris", Strike::LostAfter, 1, Look::Found),
        ("vera", Strike::FaultBefore, 0, Look::Absent),
        ("gleb", Strike::FaultAfter, 1, Look::Found),
    ] {
        let somebody = stage.somebody(who).await;
        let before = (stage.far.messages(), stage.far.writes());
        stage.far.strike_next_write(strike);
        unknown(stage.provider.notify(&somebody.at, &greeting(who)).await);
        let after = (stage.far.messages(), stage.far.writes());
        assert_eq!(after, (before.0 + sent, before.1 + 1), "{strike:?}");
        let shown = stage
            .provider
            .was_notified(&somebody.at, &greeting(who))
            .await;
        assert_eq!(shown.unwrap(), look, "{strike:?}");
        stage.far.heal();
    }
}

async fn an_earlier_message_is_not_the_lost_one(stage: &Stage) {
    const HOUR_MS: i64 = 3_600_000;
    let anna = stage.somebody("anna").await.at;
    stage
        .provider
        .notify(&anna, &greeting("Анна"))
        .await
        .unwrap();
    tokio::time::advance(Duration::from_secs(2 * 3_600)).await;
    for (since_ms, look) in [
        (START_MS - HOUR_MS, Look::Found),
        (START_MS + HOUR_MS, Look::Absent),
    ] {
        let notice = Notice {
            since_ms: Some(since_ms),
            ..greeting("Анна")
        };
        assert_eq!(
            stage.provider.was_notified(&anna, &notice).await.unwrap(),
            look
        );
    }
}
