//! Everybody against their role: what counts as a difference, what is only marked, and what makes nobody clean.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::memory::{capable, delta_rights, listed_by_id};
use kadry_core::{
    Access, Email, ErrorKind, FieldName, Fields, KindName, MatchKey, ProviderId, RunState,
};
use kadry_flow::intent::{Flow, RoleSection};
use kadry_flow::plan::Guard;
use kadry_flow::review::{Basis, Doubt, Expected, Reviewed, Reviewing, Thing, Verdict};
use kadry_flow::{Purpose, Unwatched};

use crate::company::{Asked, Company, arrival, newcomer, offboard};
use crate::crowd::{Crowd, email, lift_limits};

/// What every kind of the generated company offers.
pub(crate) const NAMES: [&str; 4] = ["Учёт", "Склад", "Касса", "Цех"];

/// Which kinds a platform has, and under which key a role names them.
pub(crate) const KINDS: [(&str, &[(KindName, &str)]); 3] = [
    (
        "messenger",
        &[(KindName::TAG, "tags"), (KindName::CHAT, "chats")],
    ),
    ("calls", &[(KindName::UNIT, "unit")]),
    (
        "edo",
        &[
            (KindName::PERMISSION, "permissions"),
            (KindName::SUBSCRIPTION, "subscriptions"),
        ],
    ),
];

pub(crate) fn three_platforms() -> Company {
    let mut company = Company::new(&[
        ("messenger", capable()),
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
    ]);
    lift_limits(&mut company);
    for (on, kinds) in KINDS {
        for (kind, _) in kinds {
            for name in NAMES {
                company.at(on).offer(kind, &[name]);
            }
        }
    }
    company
}

pub(crate) fn thing(kind: &KindName, name: &str) -> Thing {
    Thing::Grant {
        kind: kind.clone(),
        name: name.to_owned(),
    }
}

pub(crate) fn expected(email: &str, sections: BTreeMap<ProviderId, RoleSection>) -> Expected {
    let address = Email::of_record(email);
    Expected {
        line: None,
        label: email.to_owned(),
        fields: Fields::from([(FieldName::Email, email.to_owned())]),
        keys: vec![MatchKey::Email(address)],
        basis: Basis::Role(Some("role".to_owned())),
        sections,
    }
}

fn section(grants: &[(&str, &[&str])]) -> RoleSection {
    let named = |(key, names): &(&str, &[&str])| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        ((*key).to_owned(), names)
    };
    RoleSection {
        grants: grants.iter().map(named).collect(),
        ..RoleSection::default()
    }
}

fn on(name: &str, section: RoleSection) -> BTreeMap<ProviderId, RoleSection> {
    BTreeMap::from([(ProviderId::new(name), section)])
}

async fn begin(crowd: &Crowd) -> Reviewing {
    Reviewing::begin(&crowd.organisation(), &crowd.on(), false, &Unwatched)
        .await
        .unwrap()
}

/// Reviews whoever is expected, a few at a time, and then everybody else.
pub(crate) async fn review(crowd: &Crowd, people: Vec<Expected>) -> Vec<Reviewed> {
    let mut reviewing = begin(crowd).await;
    let mut reviewed = Vec::new();
    for some in people.chunks(7) {
        reviewed.extend(reviewing.review(some.to_vec()).await.unwrap());
    }
    reviewed.extend(rest(&reviewing).await);
    reviewed
}

async fn rest(reviewing: &Reviewing) -> Vec<Reviewed> {
    let mut left = reviewing.left_over().unwrap();
    let mut reviewed = Vec::new();
    while !left.is_empty() {
        reviewed.extend(reviewing.review_left_over(&mut left).await.unwrap());
    }
    reviewed
}

/// What somebody has beyond a role and what they lack, on one platform.
pub(crate) type Difference = (BTreeSet<Thing>, BTreeSet<Thing>);

/// What differs, by person and platform; whoever is as they should be is absent.
pub(crate) type Differences = BTreeMap<(String, String), Difference>;

pub(crate) fn differences(reviewed: &[Reviewed]) -> Differences {
    let mut found = Differences::new();
    for one in reviewed {
        for place in &one.places {
            let difference: Difference = (
                place.beyond.iter().cloned().collect(),
                place.lacks.iter().cloned().collect(),
            );
            if difference != Difference::default() {
                let key = (one.person.clone(), place.provider.to_string());
                assert_eq!(found.insert(key, difference), None, "{one:?}");
            }
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_down_makes_nobody_clean() {
    let company = three_platforms();
    company.person("messenger", &email(0), Access::Open, &[]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let crowd = Crowd::of(company).await;
    let people = vec![expected(&email(0), on("messenger", section(&[])))];
    let reviewed = review(&crowd, people).await;
    assert_eq!(reviewed[0].verdict(), Verdict::Unsure);
    let silent = reviewed[0]
        .places
        .iter()
        .find(|place| place.silent.is_some());
    assert_eq!(silent.unwrap().provider, ProviderId::new("edo"));
    assert_eq!(begin(&crowd).await.unread().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_shrank_was_not_read() {
    let company = three_platforms();
    for number in 0..12 {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    let crowd = Crowd::of(company).await;
    let everybody = (0..12).map(|number| crate::crowd::person(number, &["messenger"]));
    crowd.import(crate::many::rows(everybody)).await.unwrap();
    crowd.company.at("messenger").edit(|rows| rows.truncate(2));
    assert_eq!(begin(&crowd).await.unread().len(), 1);
    let organisation = crowd.organisation();
    let trusted = Reviewing::begin(&organisation, &crowd.on(), true, &Unwatched).await;
    assert!(trusted.unwrap().unread().is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_could_do_harm_is_marked_open_or_closed() {
    let company = three_platforms();
    let crowd = Crowd::of(company).await;
    crowd
        .company
        .person("messenger", &email(0), Access::Open, &[]);
    crowd
        .company
        .person("messenger", &email(1), Access::Suspended, &[]);
    crowd
        .company
        .person("messenger", &email(2), Access::Open, &[]);
    crowd.edit("messenger", &email(0), |row| row.administrator = true);
    crowd.edit("messenger", &email(1), |row| row.signer = true);
    let reviewed = review(&crowd, Vec::new()).await;
    let rights: Vec<&str> = reviewed
        .iter()
        .filter(|one| one.has_rights())
        .map(|one| one.person.as_str())
        .collect();
    assert_eq!(rights, [email(0), email(1)]);
    assert!(reviewed[0].places[0].administers() && reviewed[0].places[0].is_open());
    assert!(reviewed[1].places[0].signs() && !reviewed[1].places[0].is_open());
}

#[tokio::test(start_paused = true)]
async fn the_service_account_and_the_exempt_are_told_apart_and_count_for_nothing() {
    let mut company = three_platforms();
    company.protected.exempt = vec![Email::of_record(&email(1))];
    company.protected.privileged = vec![Email::of_record(&email(2))];
    let own = company.person("messenger", &email(0), Access::Open, &[]);
    company.at("messenger").own(&own);
    for number in 1..4 {
        company.person("messenger", &email(number), Access::Open, &[]);
    }
    let crowd = Crowd::of(company).await;
    let reviewed = review(&crowd, Vec::new()).await;
    let verdicts: Vec<Verdict> = reviewed.iter().map(Reviewed::verdict).collect();
    assert_eq!(
        verdicts,
        [
            Verdict::SetApart,
            Verdict::SetApart,
            Verdict::Unaccounted,
            Verdict::Unaccounted
        ]
    );
    assert!(reviewed[0].places[0].own && reviewed[1].exempt && reviewed[2].privileged);
    // A role says what somebody exempt should have.
    let people = vec![expected(
        &email(1),
        on("messenger", section(&[("tags", &["Учёт"])])),
    )];
    assert_eq!(review(&crowd, people).await[0].verdict(), Verdict::Differs);
}

#[tokio::test(start_paused = true)]
async fn what_comes_with_a_tag_is_neither_beyond_nor_lacking() {
    let company = three_platforms();
    let messenger = company.at("messenger");
    let tag = messenger.offered(&KindName::TAG, "Учёт").unwrap();
    let chat = messenger.offered(&KindName::CHAT, "Учёт").unwrap();
    messenger.attach(&KindName::CHAT, &chat, &tag);
    let held = [(KindName::TAG, "Учёт"), (KindName::CHAT, "Учёт")];
    company.person("messenger", &email(0), Access::Open, &held);
    company.person("messenger", &email(1), Access::Open, &held[..1]);
    let crowd = Crowd::of(company).await;
    let role = |chats: &[&str]| section(&[("tags", &["Учёт"]), ("chats", chats)]);
    let people = vec![
        expected(&email(0), on("messenger", role(&[]))),
        expected(&email(1), on("messenger", role(&["Учёт"]))),
    ];
    assert_eq!(
        differences(&review(&crowd, people).await),
        Differences::new()
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_role_says_nothing_of_is_no_difference_where_everybody_has_one() {
    let company = three_platforms();
    company.person("calls", &email(0), Access::Open, &[(KindName::UNIT, "Цех")]);
    let crowd = Crowd::of(company).await;
    let people = vec![expected(&email(0), on("calls", section(&[])))];
    let reviewed = review(&crowd, people).await;
    assert_eq!(reviewed[0].verdict(), Verdict::AsRole);
    assert_eq!(
        reviewed[0].places[0].besides,
        [thing(&KindName::UNIT, "Цех")]
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_role_names_and_nobody_offers_is_lacked_and_namesakes_are_a_doubt() {
    let company = three_platforms();
    company.at("messenger").offer(&KindName::CHAT, &["Цех"]);
    let held = [(KindName::TAG, "Цех")];
    company.person("messenger", &email(0), Access::Open, &held);
    let crowd = Crowd::of(company).await;
    let role = section(&[("tags", &["Нет такого"]), ("chats", &["Цех"])]);
    let people = vec![expected(&email(0), on("messenger", role))];
    let reviewed = review(&crowd, people).await;
    let place = &reviewed[0].places[0];
    assert_eq!(place.lacks, [thing(&KindName::TAG, "Нет такого")]);
    assert_eq!(place.beyond, [thing(&KindName::TAG, "Цех")]);
    let is_ambiguous = |doubt: &Doubt| matches!(doubt, Doubt::Guard(Guard::Ambiguous { kind, .. }) if *kind == KindName::CHAT);
    assert!(place.doubts.iter().any(is_ambiguous), "{place:?}");
    assert!(reviewed[0].is_unsure() && reviewed[0].verdict() == Verdict::Differs);
}

#[tokio::test(start_paused = true)]
async fn records_that_share_a_key_are_one_person_and_two_on_a_platform_differ() {
    let crowd = Crowd::of(three_platforms()).await;
    let id = (FieldName::ExternalId, "7");
    let old = (FieldName::Email, "old@example.test");
    crowd.record("calls", Access::Open, &[id, old]);
    crowd.record("messenger", Access::Open, &[old]);
    let reviewed = review(&crowd, Vec::new()).await;
    assert_eq!(reviewed.len(), 1);
    assert_eq!(reviewed[0].places.len(), 2);
    // The file knows the id alone: the record elsewhere is theirs by a key of that one.
    let mut one = expected("new@example.test", on("calls", section(&[])));
    one.keys.push(MatchKey::ExternalId("7".to_owned()));
    let reviewed = review(&crowd, vec![one.clone()]).await;
    assert_eq!(reviewed.len(), 1, "{reviewed:?}");
    let elsewhere = reviewed[0].places.iter();
    let mut elsewhere = elsewhere.filter(|place| place.provider == ProviderId::new("messenger"));
    assert!(matches!(
        elsewhere.next().unwrap().doubts[..],
        [Doubt::OtherKey(_)]
    ));
    crowd.record("calls", Access::Open, &[id]);
    let reviewed = review(&crowd, vec![one]).await;
    assert_eq!(reviewed[0].verdict(), Verdict::Differs);
}

#[tokio::test(start_paused = true)]
async fn whoever_stands_twice_in_a_file_is_doubted_and_whoever_left_has_no_role() {
    let company = three_platforms();
    company.person("messenger", &email(0), Access::Open, &[]);
    company.person("messenger", &email(1), Access::Open, &[]);
    let crowd = Crowd::of(company).await;
    let mut first = expected(&email(0), on("messenger", section(&[])));
    first.line = Some(2);
    let mut again = first.clone();
    again.line = Some(3);
    let left = Expected {
        basis: Basis::Left,
        ..expected(&email(1), BTreeMap::new())
    };
    let unclear = Expected {
        basis: Basis::Unclear("no".to_owned()),
        ..expected(&email(2), BTreeMap::new())
    };
    let reviewed = review(&crowd, vec![first, again, left, unclear]).await;
    let verdicts: Vec<Verdict> = reviewed.iter().map(Reviewed::verdict).collect();
    assert_eq!(
        verdicts,
        [
            Verdict::AsRole,
            Verdict::Unsure,
            Verdict::Unaccounted,
            Verdict::Unsure
        ]
    );
    assert_eq!(reviewed[1].places[0].doubts, [Doubt::Twice(Some(2))]);
    assert_eq!(reviewed[2].places[0].beyond, [Thing::Access]);
}

/// Carries a command about one person out.
async fn carry_out(crowd: &Crowd, asked: &Asked) {
    let intent = crowd.company.intent(asked);
    let organisation = crowd.organisation();
    let prepared = organisation.prepare(&intent, Purpose::CarryOut, &Unwatched);
    let prepared = prepared.await.unwrap();
    let report = organisation.carry_out(prepared, &Unwatched).await.unwrap();
    assert_eq!(report.state, RunState::Done);
}

/// Reviews whoever the runs of the journal have given a place.
async fn review_the_placed(crowd: &Crowd) -> Vec<Reviewed> {
    let mut reviewing = begin(crowd).await;
    let placed = reviewing.placed().await.unwrap();
    let people = reviewing.expected(&placed).await.unwrap();
    let mut reviewed = reviewing.review(people).await.unwrap();
    reviewed.extend(rest(&reviewing).await);
    reviewed
}

#[tokio::test(start_paused = true)]
async fn without_a_file_the_last_place_that_a_run_gave_is_the_role() {
    let mut company = newcomer();
    lift_limits(&mut company);
    company.person("messenger", "nobody@example.test", Access::Open, &[]);
    let crowd = Crowd::of(company).await;
    carry_out(&crowd, &arrival()).await;
    let reviewed = review_the_placed(&crowd).await;
    let told = |reviewed: &[Reviewed]| -> Vec<(String, Verdict)> {
        let told = reviewed
            .iter()
            .map(|one| (one.person.clone(), one.verdict()));
        told.collect()
    };
    let anna = "anna@example.test".to_owned();
    let nobody = ("nobody@example.test".to_owned(), Verdict::Unaccounted);
    assert_eq!(
        told(&reviewed),
        [(anna.clone(), Verdict::AsRole), nobody.clone()]
    );
    // Somebody takes a tag by hand.
    let held = |row: &mut kadry_core::memory::Row| {
        row.grants.remove(&KindName::TAG);
    };
    crowd.edit("messenger", "anna@example.test", held);
    let reviewed = review_the_placed(&crowd).await;
    assert_eq!(reviewed[0].places[0].lacks, [thing(&KindName::TAG, "Учёт")]);
    // Who has left should be nowhere, and is not.
    carry_out(&crowd, &offboard("anna@example.test")).await;
    assert_eq!(
        told(&review_the_placed(&crowd).await),
        [(anna.clone(), Verdict::NoAccess), nobody.clone()]
    );
    crowd.edit("messenger", "anna@example.test", |row| {
        row.access = Access::Open;
    });
    assert_eq!(
        told(&review_the_placed(&crowd).await),
        [(anna, Verdict::Unaccounted), nobody]
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_an_import_let_in_has_a_place_and_a_record_that_is_gone_is_lacked() {
    let mut company = newcomer();
    lift_limits(&mut company);
    let crowd = Crowd::of(company).await;
    let people = (0..9).map(|number| crate::crowd::person(number, &["messenger"]));
    let people: Vec<Asked> = people.collect();
    for one in &people {
        assert!(matches!(one.0.flow, Flow::Onboard(_)));
    }
    crowd.import(crate::many::rows(people)).await.unwrap();
    crowd.company.at("messenger").edit(|rows| rows.truncate(8));
    let reviewed = review_the_placed(&crowd).await;
    assert_eq!(reviewed.len(), 9);
    let gone: Vec<&Reviewed> = reviewed
        .iter()
        .filter(|one| one.verdict() != Verdict::AsRole)
        .collect();
    assert_eq!(gone.len(), 1);
    assert_eq!(gone[0].places[0].lacks, [Thing::Record]);
}
