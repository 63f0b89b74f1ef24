use std::sync::atomic::Ordering;

use super::*;
use crate::Link;

#[tokio::test]
async fn an_alias_leads_to_the_person_and_new_ones_are_added() {
    let journal = memory().await;
    assert_eq!(
        journal.person(&[email("anna@example.test")]).await.unwrap(),
        None
    );
    let anna = anna(&journal).await;
    let again = journal
        .remember(&[external_id("1042"), email("anna@example.test")])
        .await
        .unwrap();
    assert_eq!(again, anna);
    assert_eq!(
        journal.aliases(&anna).await.unwrap(),
        [external_id("1042"), email("anna@example.test")]
    );
    assert_eq!(
        journal.person(&[external_id("1042")]).await.unwrap(),
        Some(anna)
    );
}

#[tokio::test]
async fn an_external_id_is_no_email_even_if_it_looks_like_one() {
    let journal = memory().await;
    anna(&journal).await;
    let found = journal.person(&[external_id("anna@example.test")]).await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn keys_of_two_people_are_a_stop_and_change_nothing() {
    let journal = memory().await;
    let anna = anna(&journal).await;
    let boris = journal
        .remember(&[email("boris@example.test")])
        .await
        .unwrap();
    assert_ne!(anna, boris);
    let both = [
        external_id("1"),
        email("anna@example.test"),
        email("boris@example.test"),
    ];
    assert!(matches!(
        journal.remember(&both).await,
        Err(JournalError::TwoPeople)
    ));
    assert!(matches!(
        journal.person(&both).await,
        Err(JournalError::TwoPeople)
    ));
    assert_eq!(journal.person(&[external_id("1")]).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_link_is_the_last_sighting() {
    let journal = memory().await;
    let anna = anna(&journal).await;
    let boris = journal.remember(&[external_id("2")]).await.unwrap();
    let messenger = provider("messenger");

    journal
        .link(&anna, &messenger, "team-1", &record_of("7"))
        .await
        .unwrap();
    journal
        .link(&anna, &messenger, "team-1", &record_of("8"))
        .await
        .unwrap();
    assert_eq!(
        journal.links(&anna).await.unwrap(),
        [Link {
            provider: messenger.clone(),
            tenant: "team-1".to_owned(),
            who: record_of("8"),
            seen_at_ms: NOW_MS,
        }]
    );

    journal
        .link(&boris, &messenger, "team-1", &record_of("8"))
        .await
        .unwrap();
    assert_eq!(journal.links(&anna).await.unwrap(), []);
    let behind = journal
        .person_behind(&messenger, &RemoteId::new("8"))
        .await
        .unwrap();
    assert_eq!(behind, Some(boris.clone()));

    assert!(journal.unlink(&boris, &messenger).await.unwrap());
    assert!(!journal.unlink(&boris, &messenger).await.unwrap());
}

#[tokio::test]
async fn a_link_of_another_tenant_leads_to_nobody() {
    let journal = memory().await;
    let anna = anna(&journal).await;
    let messenger = provider("messenger");
    journal
        .link(&anna, &messenger, "team-1", &record_of("7"))
        .await
        .unwrap();
    assert_eq!(journal.tenant(&messenger).await.unwrap(), None);
    for (tenant, behind) in [("team-1", Some(&anna)), ("team-2", None)] {
        journal.set_tenant(&messenger, tenant).await.unwrap();
        assert_eq!(
            journal.tenant(&messenger).await.unwrap().as_deref(),
            Some(tenant)
        );
        let found = journal.person_behind(&messenger, &RemoteId::new("7")).await;
        assert_eq!(found.unwrap().as_ref(), behind);
    }
}

#[tokio::test(start_paused = true)]
async fn where_a_person_was_seen_is_one_commit_with_the_tenants() {
    let journal = memory().await;
    let anna = anna(&journal).await;
    let boris = journal.remember(&[external_id("2")]).await.unwrap();
    let on = |name: &str, id: &str| (provider(name), format!("{name}-1"), record_of(id));
    let before = journal.store().commits.load(Ordering::Relaxed);
    let seen = [on("calls", "7"), on("messenger", "8")];
    journal.see(&anna, &seen).await.unwrap();
    assert_eq!(journal.store().commits.load(Ordering::Relaxed), before + 1);
    let links = journal.links(&anna).await.unwrap();
    let records: Vec<_> = links.iter().map(|link| &link.who).collect();
    assert_eq!(records, [&record_of("7"), &record_of("8")]);
    for (name, tenant) in [("calls", "calls-1"), ("messenger", "messenger-1")] {
        let known = journal.tenant(&provider(name)).await.unwrap();
        assert_eq!(known.as_deref(), Some(tenant));
    }
    journal.see(&boris, &seen[1..]).await.unwrap();
    assert_eq!(journal.links(&anna).await.unwrap(), links[..1]);
    let nobody = PersonId::new("nobody");
    assert!(journal.see(&nobody, &seen).await.is_err());
    assert_eq!(journal.links(&boris).await.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_written_about_somebody_unknown() {
    let journal = memory().await;
    let nobody = PersonId::new("nobody");
    let messenger = provider("messenger");
    let refused = [
        journal
            .link(&nobody, &messenger, "team-1", &record_of("7"))
            .await,
        journal.claim(&nobody, &[messenger], false).await,
        journal.begin(&offboard(&nobody), &[]).await.map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(JournalError::NotFound)));
    }
}

#[tokio::test]
async fn a_record_becomes_a_persons_with_its_keys_and_stops_being_it_without_them() {
    let journal = memory().await;
    let messenger = provider("messenger");
    let keys = [external_id("7"), email("anna@example.test")];
    let person = journal
        .attach(None, &keys, &messenger, "team-1", &record_of("8"))
        .await
        .unwrap();
    assert_eq!(journal.aliases(&person).await.unwrap(), keys);
    let eight = RemoteId::new("8");
    let linked = |tenant| journal.linked(&messenger, tenant, &eight);
    assert_eq!(linked("team-1").await.unwrap(), Some(person.clone()));
    assert_eq!(linked("team-2").await.unwrap(), None);
    let again = journal
        .attach(
            Some(&person),
            &keys[..1],
            &messenger,
            "team-1",
            &record_of("8"),
        )
        .await;
    assert_eq!(again.unwrap(), person);

    let forget = [email("anna@example.test")];
    assert!(journal.detach(&person, &messenger, &forget).await.unwrap());
    assert_eq!(journal.aliases(&person).await.unwrap(), keys[..1]);
    assert_eq!(journal.links(&person).await.unwrap(), []);
    assert!(!journal.detach(&person, &messenger, &forget).await.unwrap());
}

#[tokio::test]
async fn a_record_is_never_taken_from_somebody_else_nor_a_key() {
    let journal = memory().await;
    let messenger = provider("messenger");
    let anna = anna(&journal).await;
    let boris = journal.remember(&[external_id("2")]).await.unwrap();
    journal
        .link(&anna, &messenger, "team-1", &record_of("8"))
        .await
        .unwrap();
    for (keys, record) in [
        (&[external_id("2")][..], "8"),
        (&[email("anna@example.test")], "9"),
    ] {
        let refused = journal
            .attach(Some(&boris), keys, &messenger, "team-1", &record_of(record))
            .await;
        assert!(matches!(refused, Err(JournalError::TwoPeople)), "{record}");
    }
    assert_eq!(journal.links(&boris).await.unwrap(), []);
    let asked = [
        external_id("2"),
        external_id("3"),
        email("anna@example.test"),
    ];
    assert_eq!(
        journal.holders(&asked).await.unwrap(),
        [
            (external_id("2"), boris.clone()),
            (email("anna@example.test"), anna)
        ]
    );
    // An alias of somebody else is not forgotten either.
    let forget = [email("anna@example.test")];
    assert!(!journal.detach(&boris, &messenger, &forget).await.unwrap());
}
