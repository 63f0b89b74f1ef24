//! Making records, changing and removing them.

use std::collections::BTreeMap;

use kadry_core::{
    Access, Capability, Change, CreateNotice, Employee, ErrorKind, FieldName, Fields, KeyName,
    Known, Reason, Support, same_value,
};

use crate::accept::{has, refused, refused_as, same_kinds, same_record};
use crate::people::newcomer;
use crate::stage::{Stage, email, key};
use crate::{Case, always};

pub(crate) const CASES: &[Case] = &[
    Case {
        name: "create_holds_what_review_said",
        needs: |capability| capability.create.clone(),
        holds: |stage| Box::pin(create_holds_what_review_said(stage)),
        refused: |stage| Box::pin(create_is_refused(stage)),
    },
    Case {
        name: "create_existing_is_conflict",
        needs: |capability| capability.create.clone(),
        holds: |stage| Box::pin(create_existing_is_conflict(stage)),
        refused: |stage| Box::pin(create_is_refused(stage)),
    },
    Case {
        name: "create_tells_the_person_as_often_as_it_says",
        needs: |capability| capability.create.clone(),
        holds: |stage| Box::pin(create_tells_the_person(stage)),
        refused: |stage| Box::pin(create_is_refused(stage)),
    },
    Case {
        name: "update_is_seen_by_get",
        needs: updates_something,
        holds: |stage| Box::pin(update_is_seen_by_get(stage)),
        refused: |stage| Box::pin(update_is_refused(stage)),
    },
    Case {
        name: "update_twice_changes_nothing",
        needs: updates_something,
        holds: |stage| Box::pin(update_twice_changes_nothing(stage)),
        refused: |stage| Box::pin(update_is_refused(stage)),
    },
    Case {
        name: "update_of_nobody_is_not_found",
        needs: updates_something,
        holds: |stage| Box::pin(update_of_nobody_is_not_found(stage)),
        refused: |stage| Box::pin(update_is_refused(stage)),
    },
    Case {
        name: "update_leaves_the_door_and_the_grants_alone",
        needs: updates_something,
        holds: |stage| Box::pin(update_leaves_the_rest_alone(stage)),
        refused: |stage| Box::pin(update_is_refused(stage)),
    },
    always("a_field_is_written_only_when_the_rule_says_so", |stage| {
        Box::pin(a_field_is_written_only_when_the_rule_says_so(stage))
    }),
    Case {
        name: "remove_twice_is_quiet",
        needs: |capability| capability.remove.clone(),
        holds: |stage| Box::pin(remove_twice_is_quiet(stage)),
        refused: |stage| {
            Box::pin(async {
                let anna = stage.somebody("anna").await;
                refused(stage, stage.provider.remove(&anna.at)).await;
            })
        },
    },
];

async fn create_is_refused(stage: &Stage) {
    let wish = stage.wish("anna").await;
    refused(stage, stage.provider.create(&wish)).await;
}

async fn create_holds_what_review_said(stage: &Stage) {
    let wish = stage.wish("anna").await;
    let writes = stage.far.writes();
    let made = stage.provider.create(&wish).await.unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    let seen = stage.now(&made.at).await;
    same_record(&made, &seen);
    shows(&seen, &wish.fields);
    assert_eq!(seen.access, Access::Open);
    for (kind, grants) in &wish.grants {
        let held = seen.granted(kind).unwrap();
        assert!(grants.iter().all(|grant| has(held, grant)), "{held:?}");
    }
    assert_eq!(stage.find(&key("anna")).await, [seen]);
    let before = stage.far.picture();
    refused_as(ErrorKind::Conflict, stage.provider.create(&wish).await);
    assert_eq!(stage.far.picture(), before);
}

async fn create_existing_is_conflict(stage: &Stage) {
    stage.far.put(&newcomer("Anna", "E-17", false));
    stage.far.put(&newcomer("boris", "E-18", true));
    let before = (stage.far.picture(), stage.far.ids());
    for who in ["anna", "ANNA", "boris", "Boris"] {
        let mut wish = stage.wish("someone.else").await;
        wish.fields.insert(FieldName::Email, email(who));
        refused_as(ErrorKind::Conflict, stage.provider.create(&wish).await);
        refused_as(ErrorKind::Conflict, stage.provider.create(&wish).await);
    }
    if stage
        .provider
        .capability()
        .found_by(KeyName::ExternalId)
        .is_some()
    {
        for taken in ["E-17", "E-18"] {
            let mut wish = stage.wish("someone.else").await;
            wish.fields.insert(FieldName::ExternalId, taken.to_owned());
            refused_as(ErrorKind::Conflict, stage.provider.create(&wish).await);
        }
    }
    assert_eq!((stage.far.picture(), stage.far.ids()), before);
}

async fn create_tells_the_person(stage: &Stage) {
    let (loud, silent) = match stage.provider.capability().create_notice {
        CreateNotice::UnlessQuiet => (1, 0),
        CreateNotice::Always => (1, 1),
        CreateNotice::Never => (0, 0),
    };
    for (who, quiet, told) in [("anna", false, loud), ("boris", true, silent)] {
        let mut wish = stage.wish(who).await;
        wish.quiet = quiet;
        // Two people of one employer do not share its id.
        stage.provider.create(&wish).await.unwrap();
        assert_eq!(stage.far.mails_to(who), told, "{who}");
        refused_as(ErrorKind::Conflict, stage.provider.create(&wish).await);
        assert_eq!(stage.far.mails_to(who), told, "{who} a second time");
    }
}

fn updates_something(capability: &Capability) -> Support {
    if !capability.update.is_yes() {
        return capability.update.clone();
    }
    if changes(capability).next().is_some() {
        Support::Yes
    } else {
        Support::No(Reason::new("no-field-changes"))
    }
}

fn changes(capability: &Capability) -> impl Iterator<Item = (FieldName, String)> {
    let values = [
        (FieldName::Email, email("moved")),
        (FieldName::ExternalId, "emp-moved".to_owned()),
        (FieldName::LastName, "Переменина".to_owned()),
        (FieldName::FirstName, "Нина".to_owned()),
        (FieldName::MiddleName, "Иначевна".to_owned()),
        (FieldName::Phone, "+70000000043".to_owned()),
        (FieldName::Title, "Аналитик".to_owned()),
        (FieldName::Department, "Разработка".to_owned()),
    ];
    values
        .into_iter()
        .filter(|(field, _)| capability.updates(*field).is_yes())
}

/// Returns a change of every field that may change, and the values that would be kept.
fn other_values(stage: &Stage) -> (Change, Fields) {
    let kept = stage.kept(&changes(stage.provider.capability()).collect());
    let change = Change {
        fields: kept
            .iter()
            .map(|(field, value)| (*field, Some(value.clone())))
            .collect(),
        ..Change::default()
    };
    (change, kept)
}

async fn update_is_refused(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    for (field, value) in [
        (FieldName::Email, email("moved")),
        (FieldName::LastName, "Переменина".to_owned()),
    ] {
        let change = Change {
            fields: BTreeMap::from([(field, Some(value))]),
            ..Change::default()
        };
        refused(stage, stage.provider.update(&anna.at, &change)).await;
    }
}

async fn update_is_seen_by_get(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let (change, kept) = other_values(stage);
    let writes = stage.far.writes();
    let changed = stage.provider.update(&anna.at, &change).await.unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    shows(&changed, &kept);
    let seen = stage.now(&changed.at).await;
    same_record(&changed, &seen);
    assert_eq!(
        stage.now(&anna.at).await,
        seen,
        "by what was known of the record before"
    );
    if kept.contains_key(&FieldName::Email) {
        assert_eq!(stage.find(&key("anna")).await, []);
        assert_eq!(stage.find(&key("moved")).await, [seen]);
    }
}

async fn update_twice_changes_nothing(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let (change, _) = other_values(stage);
    let changed = stage.provider.update(&anna.at, &change).await.unwrap();
    let before = stage.far.picture();
    let again = stage.provider.update(&changed.at, &change).await.unwrap();
    same_record(&again, &changed);
    assert_eq!(stage.far.picture(), before);
}

async fn update_of_nobody_is_not_found(stage: &Stage) {
    let nobody = stage.nobody().await;
    let (change, _) = other_values(stage);
    let before = stage.far.picture();
    for _ in 0..2 {
        refused_as(
            ErrorKind::NotFound,
            stage.provider.update(&nobody, &change).await,
        );
    }
    assert_eq!(stage.far.picture(), before);
}

async fn update_leaves_the_rest_alone(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    if stage.provider.capability().suspend.is_yes() {
        stage
            .provider
            .set_access(&anna.at, Access::Suspended)
            .await
            .unwrap();
    }
    let before = stage.now(&anna.at).await;
    let (change, _) = other_values(stage);
    for _ in 0..2 {
        let changed = stage.provider.update(&anna.at, &change).await.unwrap();
        assert_eq!(changed.access, before.access);
        same_kinds(&changed.grants, &before.grants);
    }
}

async fn a_field_is_written_only_when_the_rule_says_so(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let capability = stage.provider.capability();
    for field in FieldName::ALL {
        let value = "Что-то".to_owned();
        let change = |value| Change {
            fields: BTreeMap::from([(field, value)]),
            ..Change::default()
        };
        if !capability.creates(field).is_yes() {
            let mut wish = stage.wish("boris").await;
            wish.fields.insert(field, value.clone());
            refused(stage, stage.provider.create(&wish)).await;
        }
        if !capability.update.is_yes() || !capability.updates(field).is_yes() {
            refused(stage, stage.provider.update(&anna.at, &change(Some(value)))).await;
        }
        if !capability.update.is_yes() || !capability.clears(field).is_yes() {
            refused(stage, stage.provider.update(&anna.at, &change(None))).await;
        } else if !is_key(capability, field) {
            let cleared = stage
                .provider
                .update(&anna.at, &change(None))
                .await
                .unwrap();
            for seen in [cleared, stage.now(&anna.at).await] {
                assert!(
                    matches!(seen.profile.get(field), Known::Empty | Known::Hidden),
                    "{field}"
                );
            }
            let before = stage.far.picture();
            stage
                .provider
                .update(&anna.at, &change(None))
                .await
                .unwrap();
            assert_eq!(stage.far.picture(), before, "{field}");
        }
    }
}

/// Reports whether people are matched by a field: a record without its keys is nobody's.
fn is_key(capability: &Capability, field: FieldName) -> bool {
    capability.match_by.iter().any(|key| {
        field
            == match key.key {
                KeyName::Email => FieldName::Email,
                KeyName::ExternalId => FieldName::ExternalId,
            }
    })
}

async fn remove_twice_is_quiet(stage: &Stage) {
    let anna = stage.somebody("anna").await;
    let writes = stage.far.writes();
    stage.provider.remove(&anna.at).await.unwrap();
    assert_eq!(stage.far.writes(), writes + 1);
    assert_eq!(stage.far.records_of("anna"), 0);
    assert_eq!(stage.provider.get(&anna.at).await.unwrap(), None);
    assert_eq!(stage.find(&key("anna")).await, []);
    let before = stage.far.picture();
    stage.provider.remove(&anna.at).await.unwrap();
    stage.provider.remove(&stage.nobody().await).await.unwrap();
    assert_eq!(stage.far.picture(), before);
}

/// Demands that a record shows these values, as far as it shows them.
fn shows(seen: &Employee, wanted: &Fields) {
    for (field, wanted) in wanted {
        match seen.profile.get(*field) {
            Known::Value(value) => assert!(same_value(*field, value, wanted), "{field}: {value}"),
            Known::Hidden => {}
            Known::Empty => panic!("{field} is empty"),
        }
    }
}
