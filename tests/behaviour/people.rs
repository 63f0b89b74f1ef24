//! Reading: everybody, somebody, nobody.

use kadry_core::{
    Access, Capability, Change, Definition, EmployeeRef, FieldName, GrantEdit, KeyName, KindName,
    MatchKey, Reason, Support,
};

use crate::accept::refused;
use crate::stage::{Stage, email, key};
use crate::support::platforms::Newcomer;
use crate::{Case, always};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "list_shows_everybody_once_suspended_included",
        needs: |capability| capability.list.clone(),
        holds: |stage| Box::pin(list_shows_everybody(stage)),
        refused: |stage| Box::pin(async { refused(stage, stage.provider.list(None)).await }),
    },
    Case {
        name: "find_by_email_is_exact_and_folds_case",
        needs: |capability| matched_by(capability, KeyName::Email),
        holds: |stage| Box::pin(find_by_email_is_exact(stage)),
        refused: |stage| {
            Box::pin(async { refused(stage, stage.provider.find(&key("anna"), None)).await })
        },
    },
    Case {
        name: "find_by_external_id_is_exact",
        needs: |capability| matched_by(capability, KeyName::ExternalId),
        holds: |stage| Box::pin(find_by_external_id_is_exact(stage)),
        refused: |stage| {
            Box::pin(async {
                let key = MatchKey::ExternalId("emp-1".to_owned());
                refused(stage, stage.provider.find(&key, None)).await;
            })
        },
    },
    always("find_nobody_is_empty", |stage| {
        Box::pin(find_nobody_is_empty(stage))
    }),
    always("get_nobody_is_none", |stage| {
        Box::pin(get_nobody_is_none(stage))
    }),
    always("get_follows_the_keys_when_the_id_is_not_settled", |stage| {
        Box::pin(get_follows_the_keys(stage))
    }),
    always("whoami_names_our_own_record", |stage| {
        Box::pin(whoami_names_our_own_record(stage))
    }),
    always("reading_writes_nothing", |stage| {
        Box::pin(reading_writes_nothing(stage))
    }),
    always("every_field_has_a_rule", |stage| {
        Box::pin(async { every_field_has_a_rule(stage) })
    }),
    always("an_unknown_kind_is_refused", |stage| {
        Box::pin(an_unknown_kind_is_refused(stage))
    }),
];

fn matched_by(capability: &Capability, key: KeyName) -> Support {
    if capability.found_by(key).is_some() {
        Support::Yes
    } else {
        Support::No(Reason::new("no-such-key"))
    }
}

async fn list_shows_everybody(stage: &Stage) {
    let leaver = newcomer("leaver", "emp-leaver", true);
    stage.far.put(&leaver);
    let everybody = stage.everybody().await;
    let mut ids: Vec<_> = everybody.iter().map(|one| one.at.id.clone()).collect();
    ids.sort();
    let expected: Vec<_> = stage.far.ids().into_iter().collect();
    assert_eq!(ids, expected);
    let closed = everybody
        .iter()
        .filter(|one| one.access == Access::Suspended);
    assert!(
        closed.count() > 1,
        "those who were there suspended, and the leaver"
    );
}

async fn find_by_email_is_exact(stage: &Stage) {
    for (spelling, external_id) in [
        ("Anna.Odd@Example.Test", "emp-1a"),
        ("joanna.odd@example.test", "emp-2a"),
    ] {
        stage.far.put(&newcomer(
            spelling.split_once('@').unwrap().0,
            external_id,
            false,
        ));
    }
    let found = stage.find(&key("ANNA.odd")).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].matches(&key("anna.odd")));
    assert_eq!(
        stage.find(&key("nna.odd")).await,
        [],
        "a part of an e-mail is not an e-mail"
    );
    let again = stage.find(&key("anna.odd")).await;
    assert_eq!(again, found);
}

async fn find_by_external_id_is_exact(stage: &Stage) {
    stage.far.put(&newcomer("anna", "E-17", false));
    stage.far.put(&newcomer("boris", "E-177", true));
    let find = async |id: &str| stage.find(&MatchKey::ExternalId(id.to_owned())).await;
    let anna = find("E-17").await;
    assert_eq!(anna.len(), 1, "{anna:?}");
    assert!(anna[0].matches(&key("anna")));
    let boris = find("E-177").await;
    assert_eq!((boris.len(), boris[0].access), (1, Access::Suspended));
    assert_eq!(
        find("e-17").await,
        [],
        "the employer's id is compared as it is"
    );
    assert_eq!(find("E-1").await, []);
}

async fn find_nobody_is_empty(stage: &Stage) {
    assert_eq!(stage.find(&key("nobody")).await, []);
}

async fn get_nobody_is_none(stage: &Stage) {
    let nobody = stage.nobody().await;
    assert_eq!(stage.provider.get(&nobody).await.unwrap(), None);
    let without_keys = EmployeeRef {
        keys: Vec::new(),
        ..nobody
    };
    assert_eq!(stage.provider.get(&without_keys).await.unwrap(), None);
}

async fn get_follows_the_keys(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    assert_eq!(stage.now(&anna.at).await.at, anna.at);
    // Where ids are final from the first day there is nothing to follow.
    if !anna.at.settled {
        let earlier = EmployeeRef {
            id: stage.nobody().await.id,
            ..anna.at.clone()
        };
        assert_eq!(
            stage.now(&earlier).await.at,
            anna.at,
            "the id that was is not the id that is"
        );
    }
}

async fn whoami_names_our_own_record(stage: &Stage) {
    let standing = stage.provider.whoami().await.unwrap();
    let own = standing.own.clone().expect("we have a record");
    assert!(stage.far.ids().contains(&own.id));
    assert_eq!(stage.now(&own).await.at.id, own.id);
    assert!(!standing.tenant.is_empty());
    assert_eq!(stage.provider.whoami().await.unwrap(), standing);
}

async fn reading_writes_nothing(stage: &Stage) {
    stage.far.put(&newcomer("anna", "E-17", false));
    let before = (stage.far.picture(), stage.far.writes());
    stage.provider.whoami().await.unwrap();
    stage.everybody().await;
    let [anna] = stage.find(&key("anna")).await.try_into().unwrap();
    stage.now(&anna.at).await;
    for kind in &stage.provider.capability().grants {
        if kind.catalogue.is_yes() {
            stage.offers(&kind.name).await;
        }
        stage.held(kind, &anna.at).await;
    }
    assert_eq!((stage.far.picture(), stage.far.writes()), before);
}

fn every_field_has_a_rule(stage: &Stage) {
    let capability = stage.provider.capability();
    let ruled: Vec<_> = capability.fields.keys().copied().collect();
    assert_eq!(ruled, FieldName::ALL);
    assert!(capability.request_timeout_ms > 0);
    for (place, kind) in capability.grants.iter().enumerate() {
        let earlier = &capability.grants[..place];
        let comes_first = |name: &KindName| earlier.iter().any(|kind| kind.name == *name);
        assert!(
            kind.after.iter().all(comes_first),
            "{} comes too early",
            kind.name
        );
    }
}

async fn an_unknown_kind_is_refused(stage: &Stage) {
    let kind = KindName::known("no-such-kind");
    let anna = stage.somebody("anna").await;
    let mut wish = stage.wish("boris").await;
    wish.grants.insert(kind.clone(), Vec::new());
    let mut change = Change::default();
    change.grants.insert(kind.clone(), GrantEdit::default());
    let what = Definition {
        path: vec!["Что-то".to_owned()],
    };
    let provider = &stage.provider;
    refused(stage, provider.catalogue(&kind, None)).await;
    refused(stage, provider.held(&kind, &anna.at)).await;
    refused(stage, provider.set_grants(&anna.at, &kind, &[], &[])).await;
    refused(stage, provider.define(&kind, &what)).await;
    refused(stage, provider.create(&wish)).await;
    refused(stage, provider.update(&anna.at, &change)).await;
}

/// Returns somebody who is there already.
pub(crate) fn newcomer(who: &str, external_id: &str, suspended: bool) -> Newcomer {
    Newcomer {
        email: email(who),
        external_id: external_id.to_owned(),
        last_name: "Давнова".to_owned(),
        first_name: "Анна".to_owned(),
        suspended,
        carries: false,
    }
}
