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
