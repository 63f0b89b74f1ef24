//! Somebody changes places: what is planned.

use std::collections::BTreeMap;

use kadry_core::memory::{capable, delta_rights};
use kadry_core::{Access, FieldName, KindName, ProviderId, Reason, Support, Write};
use kadry_flow::Placement;
use kadry_flow::intent::{Flow, Intent, RoleSection, Transfer, Who};
use kadry_flow::plan::{Guard, Said};

use crate::company::{Asked, Company, by_email};

/// A transfer that is being written down.
pub(crate) struct Moving(Transfer, Who);

/// Somebody gets another role.
pub(crate) fn transfer(email: &str) -> Moving {
    let transfer = Transfer {
        role: true,
        ..Transfer::default()
    };
    Moving(transfer, by_email(email))
}

/// Somebody gets another title or department, and no other role.
pub(crate) fn renamed(email: &str) -> Moving {
    let mut moving = transfer(email);
    moving.0.role = false;
    moving
}

fn section(grants: &[(&str, &[&str])]) -> RoleSection {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let grants = grants
        .iter()
        .map(|(key, all)| ((*key).to_owned(), names(all)));
    RoleSection {
        grants: grants.collect(),
        ..RoleSection::default()
    }
}

impl Moving {
    pub(crate) fn to(mut self, on: &str, grants: &[(&str, &[&str])]) -> Self {
        let sections = &mut self.0.sections;
        sections.insert(ProviderId::new(on), section(grants));
        self
    }

    pub(crate) fn from(mut self, on: &str, grants: &[(&str, &[&str])]) -> Self {
        self.0.former.insert(ProviderId::new(on), section(grants));
        self
    }

    pub(crate) fn field(mut self, field: FieldName, value: &str) -> Self {
        self.0.fields.insert(field, value.to_owned());
        self
    }

    pub(crate) fn known(mut self, known: &[(FieldName, &str)]) -> Self {
        let known = known
            .iter()
            .map(|(field, value)| (*field, (*value).to_owned()));
        self.0.known = known.collect();
        self
    }

    /// Gives these tags besides, which are made where they are missing.
    pub(crate) fn making(mut self, tags: &[&str]) -> Self {
        for section in self.0.sections.values_mut() {
            section.create_missing = true;
            let known = section.grants.entry("tags".to_owned()).or_default();
            known.extend(tags.iter().map(|&tag| tag.to_owned()));
        }
        self
    }

    /// What is left is what the journal tells.
    pub(crate) fn leaving(mut self, placement: Placement) -> Self {
        self.0.former = placement.sections;
        self
    }

    pub(crate) fn strict(mut self) -> Self {
        self.0.strict = true;
        self
    }

    pub(crate) fn welcome(mut self, text: &str) -> Self {
        for section in self.0.sections.values_mut() {
            section.welcome = Some(text.to_owned());
        }
        self
    }

    pub(crate) fn asked(&self) -> Asked {
        Asked(Intent {
            flow: Flow::Transfer(self.0.clone()),
            who: self.1.clone(),
            actor: "tester".to_owned(),
            reason: None,
            allow: BTreeMap::new(),
            command: None,
        })
    }
}

pub(crate) const ANNA: &str = "anna@example.test";

/// A messenger with two roles' tags and chats, and Anna in the first of them, with something of her own.
pub(crate) fn office() -> Company {
    let company = Company::new(&[("messenger", capable())]);
    furnish(&company);
    company
}

pub(crate) fn furnish(company: &Company) {
    for tag in ["Учёт", "Продажи", "Клуб"] {
        company.at("messenger").offer(&KindName::TAG, &[tag]);
    }
    for chat in ["Общий", "Касса", "Сделки"] {
        company.at("messenger").offer(&KindName::CHAT, &[chat]);
    }
    let held = [
        (KindName::TAG, "Учёт"),
        (KindName::TAG, "Клуб"),
        (KindName::CHAT, "Общий"),
        (KindName::CHAT, "Касса"),
    ];
    company.person("messenger", ANNA, Access::Open, &held);
}

/// The same, where the old role's tag brings people into chats.
pub(crate) fn tied() -> Company {
    let company = office();
    tie(&company);
    company
}

pub(crate) fn tie(company: &Company) {
    let at = company.at("messenger");
    let tag = at.offered(&KindName::TAG, "Учёт").unwrap();
    for chat in ["Общий", "Касса"] {
        let chat = at.offered(&KindName::CHAT, chat).unwrap();
        at.attach(&KindName::CHAT, &chat, &tag);
    }
}

/// From the books to the sales.
pub(crate) fn promotion() -> Moving {
    transfer(ANNA)
        .from(
            "messenger",
            &[("tags", &["Учёт"]), ("chats", &["Общий", "Касса"])],
        )
        .to(
            "messenger",
            &[("tags", &["Продажи"]), ("chats", &["Общий", "Сделки"])],
        )
}

fn beyond(kind: KindName, names: &[&str], blind: bool) -> Said {
    Said::Beyond {
        kind,
        names: names.iter().map(|&name| name.to_owned()).collect(),
        blind,
    }
}

#[tokio::test]
async fn what_is_new_comes_first_and_what_the_old_role_alone_named_goes_last() {
    let company = office();
    let moving = promotion().field(FieldName::Title, "Продавец").asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        [
            "1 messenger converge update title=Продавец =tag:Клуб +tag:Продажи -tag:Учёт @7",
            "2 messenger converge set_grants +chat:Сделки @7",
            "3 messenger tidy set_grants -chat:Касса @7",
        ],
        "the set of tags is replaced in one request, and no chat depends on it"
    );
    assert_eq!(
        company.remarks(&moving).await,
        [beyond(KindName::TAG, &["Клуб"], false)],
        "what nobody asked for stays and is named"
    );
}

#[tokio::test]
async fn tags_that_bring_people_into_chats_go_last_and_before_the_chats() {
    let company = tied();
    assert_eq!(
        company.plan(&promotion().asked()).await.unwrap(),
        [
            "1 messenger converge update =tag:Учёт =tag:Клуб +tag:Продажи @7",
            "2 messenger converge set_grants +chat:Сделки @7",
            "3 messenger tidy update =tag:Клуб =tag:Продажи -tag:Учёт @7",
            "4 messenger tidy set_grants -chat:Касса @7",
            "5 messenger converge set_grants +chat:Общий @7",
        ],
        "a chat of the new role that may go along with the tag is given once more"
    );
}

#[tokio::test]
async fn a_chat_of_nobody_that_may_go_along_with_a_tag_is_named() {
    let company = office();
    let at = company.at("messenger");
    let tag = at.offered(&KindName::TAG, "Учёт").unwrap();
    let chat = at.offered(&KindName::CHAT, "Касса").unwrap();
    at.attach(&KindName::CHAT, &chat, &tag);
    let moving = transfer(ANNA)
        .from("messenger", &[("tags", &["Учёт"])])
        .to("messenger", &[("tags", &["Продажи"])])
        .asked();
    let names = vec!["Касса".to_owned()];
    let kind = KindName::CHAT;
    assert!(
        company
            .remarks(&moving)
            .await
            .contains(&Said::GoesAlong { kind, names }),
        "{:?}",
        company.remarks(&moving).await
    );
}

#[tokio::test]
async fn a_chat_that_comes_with_a_tag_of_the_new_role_is_not_taken() {
    let company = office();
    let at = company.at("messenger");
    let tag = at.offered(&KindName::TAG, "Продажи").unwrap();
    let chat = at.offered(&KindName::CHAT, "Касса").unwrap();
    at.attach(&KindName::CHAT, &chat, &tag);
    let plan = company.plan(&promotion().asked()).await.unwrap();
    assert!(!plan.iter().any(|line| line.contains("Касса")), "{plan:?}");
}

#[tokio::test]
async fn nothing_is_taken_where_nobody_knows_the_old_role() {
    let company = office();
    let moving = transfer(ANNA)
        .to("messenger", &[("tags", &["Продажи"])])
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        ["1 messenger converge update =tag:Учёт =tag:Клуб +tag:Продажи @7"]
    );
    assert_eq!(
        company.remarks(&moving).await,
        [
            beyond(KindName::TAG, &["Учёт", "Клуб"], true),
            beyond(KindName::CHAT, &["Общий", "Касса"], true),
        ]
    );
}

#[tokio::test]
async fn strict_leaves_nothing_beyond_the_new_role_and_says_what_cannot_go() {
    let company = office();
    let anna = company.at("messenger").rows()[0].id.clone();
    let chat = company
        .at("messenger")
        .offered(&KindName::CHAT, "Общий")
        .unwrap();
    company.at("messenger").give(&KindName::CHAT, &chat, &anna);
    let moving = transfer(ANNA)
        .to("messenger", &[("tags", &["Продажи"])])
        .strict()
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        [
            "1 messenger converge update +tag:Продажи -tag:Учёт -tag:Клуб @7",
            "2 messenger tidy set_grants -chat:Касса @7",
        ]
    );
    let stays = Said::Stays {
        kind: KindName::CHAT,
        names: vec!["Общий".to_owned()],
        reason: Reason::new("owner-stays"),
    };
    assert_eq!(company.remarks(&moving).await, [stays]);
}

#[tokio::test]
async fn a_right_that_is_missing_to_take_is_said_and_keeps_the_run_from_being_whole() {
    let mut powerless = capable();
    let chats = powerless.grants.last_mut().expect("the chats");
    chats.alone = Support::no("scope-missing");
    chats.on_update = Write::No(Reason::new("written-by-itself"));
    let company = Company::new(&[("messenger", powerless)]);
    company.at("messenger").offer(&KindName::CHAT, &["Касса"]);
    company.person(
        "messenger",
        ANNA,
        Access::Open,
        &[(KindName::CHAT, "Касса")],
    );
    let moving = transfer(ANNA)
        .from("messenger", &[("chats", &["Касса"])])
        .to("messenger", &[("chats", &[])])
        .asked();
    assert_eq!(company.plan(&moving).await.unwrap(), [""; 0]);
    let said = company.remarks(&moving).await;
    assert!(
        matches!(&said[..], [said @ Said::CannotTake { names, .. }] if names == &["Касса"] && said.leaves_something_out()),
        "{said:?}"
    );
}

#[tokio::test]
async fn rights_that_are_patched_one_by_one_are_given_before_others_are_taken() {
    let company = Company::new(&[("edo", delta_rights())]);
    for right in ["Читать", "Создавать", "Подписывать"] {
        company.at("edo").offer(&KindName::PERMISSION, &[right]);
    }
    for news in ["Новости", "Счета"] {
        company.at("edo").offer(&KindName::SUBSCRIPTION, &[news]);
    }
    let held = [
        (KindName::PERMISSION, "Читать"),
        (KindName::PERMISSION, "Подписывать"),
        (KindName::SUBSCRIPTION, "Новости"),
    ];
    company.person("edo", ANNA, Access::Open, &held);
    let moving = transfer(ANNA)
        .from(
            "edo",
            &[
                ("permissions", &["Читать", "Подписывать"]),
                ("subscriptions", &["Новости"]),
            ],
        )
        .to(
            "edo",
            &[
                ("permissions", &["Читать", "Создавать"]),
                ("subscriptions", &["Счета"]),
            ],
        )
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        [
            "1 edo converge update =permission:Читать =permission:Подписывать +permission:Создавать @6",
            "2 edo converge set_grants +subscription:Счета @6",
            "3 edo tidy update =permission:Читать =permission:Создавать -permission:Подписывать @6",
            "4 edo tidy set_grants -subscription:Новости @6",
        ]
    );
}

#[tokio::test]
async fn the_last_who_signs_keeps_what_they_sign_with() {
    let company = Company::new(&[("edo", delta_rights())]);
    let edo = company.at("edo");
    for right in ["Подпись", "Читать"] {
        edo.offer(&KindName::PERMISSION, &[right]);
    }
    let signs = [(KindName::PERMISSION, "Подпись")];
    company.person("edo", ANNA, Access::Open, &signs);
    company.person("edo", "boris@example.test", Access::Open, &signs);
    edo.edit(|rows| rows[0].signer = true);
    let moving = transfer(ANNA)
        .from("edo", &[("permissions", &["Подпись"])])
        .to("edo", &[("permissions", &["Читать"])])
        .asked();
    let refused = company.plan(&moving).await.unwrap_err();
    assert_eq!(refused[0].guard, Guard::LastSigner);
    edo.edit(|rows| rows[1].signer = true);
    let plan = company.plan(&moving).await.unwrap();
    assert!(
        plan.iter().any(|step| step.contains("-permission:Подпись")),
        "{plan:?}"
    );
}

#[tokio::test]
async fn a_platform_that_the_new_role_does_not_speak_of_keeps_its_door_and_loses_the_rest() {
    let company = office();
    let moving = transfer(ANNA)
        .field(FieldName::Title, "Продавец")
        .from("messenger", &[("tags", &["Учёт"]), ("chats", &["Касса"])])
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        [
            "1 messenger converge update =tag:Клуб -tag:Учёт @7",
            "2 messenger tidy set_grants -chat:Касса @7",
        ]
    );
    assert!(company.remarks(&moving).await.contains(&Said::StaysOpen));
}
