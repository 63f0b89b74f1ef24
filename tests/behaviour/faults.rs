//! What lies between us and a platform: lost answers, faults, limits, refused connections.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::join_all;
use futures::join;
use kadry_core::{Access, Effect, ErrorKind, Foresight, Support};
use serde_json::json;
use tokio::time::{Instant, timeout};

use crate::accept::{refused, refused_as, through_or_retryable, unknown};
use crate::far::Strike;
use crate::stage::{Stage, key};
use crate::{Case, always};

const STRIKES: [Strike; 4] = [
    Strike::LostBefore,
    Strike::LostAfter,
    Strike::FaultBefore,
    Strike::FaultAfter,
];

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "a_lost_create_is_unknown_and_never_sent_twice",
        needs: |capability| capability.create.clone(),
        holds: |stage| Box::pin(a_lost_create_is_unknown(stage)),
        refused: |stage| {
            Box::pin(async {
                let wish = stage.wish("anna").await;
                refused(stage, stage.provider.create(&wish)).await;
            })
        },
    },
    Case {
        name: "a_lost_close_comes_through_or_may_be_sent_again",
        needs: |capability| capability.suspend.clone(),
        holds: |stage| Box::pin(a_lost_close_comes_through(stage)),
        refused: |stage| {
            Box::pin(async {
                let anna = stage.somebody("anna").await;
                refused(
                    stage,
                    stage.provider.set_access(&anna.at, Access::Suspended),
                )
                .await;
            })
        },
    },
    Case {
        name: "a_lost_opening_is_told_as_lost_and_not_sent_again",
        needs: |capability| capability.reopen.clone(),
        holds: |stage| Box::pin(a_lost_opening_is_told(stage)),
        refused: |stage| {
            Box::pin(async {
                let anna = stage.somebody("anna").await;
                refused(stage, stage.provider.set_access(&anna.at, Access::Open)).await;
            })
        },
    },
    Case {
        name: "a_lost_removal_comes_through_or_is_told_as_lost",
        needs: |capability| capability.remove.clone(),
        holds: |stage| Box::pin(a_lost_removal_comes_through(stage)),
        refused: |stage| {
            Box::pin(async {
                let anna = stage.somebody("anna").await;
                refused(stage, stage.provider.remove(&anna.at)).await;
            })
        },
    },
    always("a_platform_off_the_network_has_done_nothing", |stage| {
        Box::pin(off_the_network_nothing_is_done(stage))
    }),
];

pub(crate) const WIRE: &[Case] = &[
    always("what_is_asked_ahead_holds_nobody_up", |stage| {
        Box::pin(what_is_asked_ahead_holds_nobody_up(stage))
    }),
    always("a_rate_limit_is_waited_out", |stage| {
        Box::pin(a_rate_limit_is_waited_out(stage))
    }),
    always("a_rate_limit_that_is_too_long_is_for_the_caller", |stage| {
        Box::pin(a_long_rate_limit_is_for_the_caller(stage))
    }),
    always("a_lost_read_is_sent_again", |stage| {
        Box::pin(a_lost_read_is_sent_again(stage))
    }),
    always("a_write_that_hangs_is_given_up_as_unknown", |stage| {
        Box::pin(a_write_that_hangs_is_unknown(stage))
    }),
    always("calls_side_by_side_do_not_disturb_each_other", |stage| {
        Box::pin(calls_side_by_side(stage))
    }),
    always(
        "an_expired_session_is_renewed_before_a_write_is_repeated",
        |stage| Box::pin(a_refused_session_is_renewed(stage)),
    ),
];

async fn a_lost_create_is_unknown(stage: &Stage) {
    for (who, strike) in ["anna", "boris", "vera", "gleb"].into_iter().zip(STRIKES) {
        let wish = stage.wish(who).await;
        let before = stage.far.writes();
        stage.far.strike_next_write(strike);
        unknown(stage.provider.create(&wish).await);
        assert_eq!(stage.far.writes(), before + 1, "{strike:?}");
        let there = usize::from(strike.takes_effect());
        assert_eq!(stage.far.records_of(who), there, "{strike:?}");
        assert!(stage.far.mails_to(who) <= there, "{strike:?}");
        assert_eq!(
            stage.find(&key(who)).await.len(),
            there,
            "whoever looks can tell"
        );
        stage.far.heal();
    }
}

async fn a_lost_close_comes_through(stage: &Stage) {
    for (who, strike) in ["anna", "boris", "vera", "gleb"].into_iter().zip(STRIKES) {
        let somebody = stage.somebody(who).await;
        stage.far.strike_next_write(strike);
        let closed = stage
            .provider
            .set_access(&somebody.at, Access::Suspended)
            .await;
        stage.far.heal();
        if closed.is_err() {
            through_or_retryable(closed);
            stage
                .provider
                .set_access(&somebody.at, Access::Suspended)
                .await
                .unwrap();
        }
        assert_eq!(
            stage.now(&somebody.at).await.access,
            Access::Suspended,
            "{strike:?}"
        );
        assert_eq!(stage.far.records_of(who), 1, "{strike:?}");
    }
}

async fn a_lost_opening_is_told(stage: &Stage) {
    for (who, strike) in ["anna", "boris", "vera", "gleb"].into_iter().zip(STRIKES) {
        let somebody = stage.somebody(who).await.at;
        let suspended = stage.provider.set_access(&somebody, Access::Suspended);
        suspended.await.unwrap();
        let before = stage.far.writes();
        stage.far.strike_next_write(strike);
        unknown(stage.provider.set_access(&somebody, Access::Open).await);
        stage.far.heal();
        assert_eq!(stage.far.writes(), before + 1, "{strike:?}");
        let is_open = stage.now(&somebody).await.access == Access::Open;
        assert_eq!(is_open, strike.takes_effect(), "{strike:?}");
    }
}

async fn a_lost_removal_comes_through(stage: &Stage) {
    for (who, strike) in ["anna", "boris", "vera", "gleb"].into_iter().zip(STRIKES) {
        let somebody = stage.somebody(who).await;
        stage.far.strike_next_write(strike);
        let removed = stage.provider.remove(&somebody.at).await;
        stage.far.heal();
        if let Err(error) = removed {
            let is_lost = error.effect() == Effect::Unknown;
            assert!(is_lost || error.is_retryable(), "{error:?}");
            stage.provider.remove(&somebody.at).await.unwrap();
        }
        assert_eq!(stage.far.records_of(who), 0, "{strike:?}");
    }
}

async fn off_the_network_nothing_is_done(stage: &Stage) {
    let capability = stage.provider.capability();
    let wish = stage.wish("anna").await;
    let boris = stage.somebody("boris").await;
    let before = (stage.far.picture(), stage.far.requests());
    stage.far.cut_off(true);
    refused_as(ErrorKind::Unavailable, stage.provider.get(&boris.at).await);
    if capability.create.is_yes() {
        refused_as(ErrorKind::Unavailable, stage.provider.create(&wish).await);
    }
    if let Support::Yes = capability.suspend {
        let closed = stage
            .provider
            .set_access(&boris.at, Access::Suspended)
            .await;
        refused_as(ErrorKind::Unavailable, closed);
    }
    assert_eq!((stage.far.picture(), stage.far.requests()), before);
    stage.far.cut_off(false);
    stage.provider.create(&wish).await.unwrap();
    assert_eq!(stage.far.records_of("anna"), 1);
}

/// With one request under way at most, whatever a question that nobody waits for keeps to itself is missed at once.
async fn what_is_asked_ahead_holds_nobody_up(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let keys = [key("anna")];
    let foresight = Foresight {
        whom: &keys,
        holdings: true,
    };
    let provider = stage.far.one_by_one(foresight).await;
    let asked = timeout(Duration::from_secs(60), provider.get(&anna.at)).await;
    let found = asked.expect("something is held for good").unwrap();
    assert_eq!(found.unwrap().at.id, anna.at.id);
}

async fn a_rate_limit_is_waited_out(stage: &Stage) {
    let limit = json!({ "status": 429, "retry_after": 7 });
    let undisturbed = requests_of_a_list(stage).await;
    let (before, began) = (stage.far.requests(), Instant::now());
    stage.far.strike_next("GET", &limit);
    stage.provider.list(None).await.unwrap();
    assert_eq!(stage.far.requests(), before + undisturbed + 1);
    assert_eq!(began.elapsed().as_secs(), 7);
    stage.far.heal();

    let wish = stage.wish("anna").await;
    let (before, began) = (stage.far.writes(), Instant::now());
    stage.far.strike_next("POST", &limit);
    stage.provider.create(&wish).await.unwrap();
    assert_eq!(stage.far.writes(), before + 2);
    assert_eq!(began.elapsed().as_secs(), 7);
    assert_eq!(stage.far.records_of("anna"), 1);
    assert!(stage.far.mails_to("anna") <= 1);
}

/// Counts the requests that a list takes when nothing goes wrong.
async fn requests_of_a_list(stage: &Stage) -> usize {
    let before = stage.far.requests();
    stage.provider.list(None).await.unwrap();
    stage.far.requests() - before
}

async fn a_long_rate_limit_is_for_the_caller(stage: &Stage) {
    let wish = stage.wish("anna").await;
    let began = Instant::now();
    stage
        .far
        .strike_next("POST", &json!({ "status": 429, "retry_after": 3_600 }));
    let error = stage.provider.create(&wish).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.is_retryable());
    assert_eq!(error.retry_after_ms(), Some(3_600_000));
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(stage.far.records_of("anna"), 0);
}

async fn a_lost_read_is_sent_again(stage: &Stage) {
    let undisturbed = requests_of_a_list(stage).await;
    for suffering in [
        json!({ "drop": "before" }),
        json!({ "drop": "after" }),
        json!({ "status": 500 }),
        json!({ "status": 503, "retry_after": 2 }),
    ] {
        let before = (stage.far.requests(), stage.far.writes());
        stage.far.strike_next("GET", &suffering);
        stage.provider.list(None).await.unwrap();
        let after = (stage.far.requests(), stage.far.writes());
        assert_eq!(after, (before.0 + undisturbed + 1, before.1), "{suffering}");
        stage.far.heal();
    }
}

async fn a_write_that_hangs_is_unknown(stage: &Stage) {
    let timeout = Duration::from_millis(stage.provider.capability().request_timeout_ms);
    for (who, effect, there) in [("anna", "before", 0), ("boris", "after", 1)] {
        let wish = stage.wish(who).await;
        let (before, began) = (stage.far.writes(), Instant::now());
        stage
            .far
            .strike_next("POST", &json!({ "hang": true, "effect": effect }));
        unknown(stage.provider.create(&wish).await);
        assert_eq!(began.elapsed().as_secs(), timeout.as_secs(), "{effect}");
        assert_eq!(stage.far.writes(), before + 1, "{effect}");
        assert_eq!(stage.far.records_of(who), there, "{effect}");
        stage.far.heal();
    }
}

async fn calls_side_by_side(stage: &Stage) {
    let mut wishes = Vec::new();
    for number in 0..8 {
        wishes.push(stage.wish(&format!("person-{number}")).await);
    }
    let before = (stage.far.refusals(), stage.far.ids().len());
    // Answers take their time, so that the calls really overlap.
    stage.far.slow_down(&json!({ "delay_ms": 40 }));
    let makes = wishes
        .iter()
        .map(async |wish| stage.provider.create(wish).await.unwrap());
    let looks = (0..8).map(async |_| stage.everybody().await);
    let ((), ()) = join!(join_all(makes).map(drop), join_all(looks).map(drop));
    assert_eq!(
        (stage.far.refusals(), stage.far.ids().len()),
        (before.0, before.1 + 8)
    );
}

/// A 401 says that the request did not run, so that even one that must not be repeated goes out once more if there is a newer
/// credential, and is refused with nothing done if there is none.
async fn a_refused_session_is_renewed(stage: &Stage) {
    let wish = stage.wish("anna").await;
    let before = stage.far.writes();
    stage.far.strike_next("POST", &json!({ "status": 401 }));
    match stage.provider.create(&wish).await {
        Ok(_) => assert_eq!(
            (stage.far.writes(), stage.far.records_of("anna")),
            (before + 2, 1)
        ),
        Err(error) => {
            refused_as::<()>(ErrorKind::Unauthenticated, Err(error));
            assert_eq!(
                (stage.far.writes(), stage.far.records_of("anna")),
                (before + 1, 0)
            );
        }
    }
}
