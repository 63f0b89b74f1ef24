//! Somebody changes places: what is planned.

use std::collections::BTreeMap;

use kadry_core::memory::{capable, delta_rights, listed_by_id};
use kadry_core::{
    Access, Capability, ErrorKind, FieldName, KindName, ProviderId, Reason, Support, Write,
};
use kadry_flow::intent::{Flow, Intent, RoleSection, Transfer, Who};
use kadry_flow::plan::{Guard, Said};

use crate::company::{Asked, Company, by_email, onboard};

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
fn renamed(email: &str) -> Moving {
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

    fn known(mut self, known: &[(FieldName, &str)]) -> Self {
        let known = known
            .iter()
            .map(|(field, value)| (*field, (*value).to_owned()));
        self.0.known = known.collect();
        self
    }

    pub(crate) fn strict(mut self) -> Self {
        self.0.strict = true;
        self
    }

    fn welcome(mut self, text: &str) -> Self {
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

const ANNA: &str = "anna@example.test";

/// A messenger with two roles' tags and chats, and Anna in the first of them, with something of her own.
pub(crate) fn office() -> Company {
    let company = Company::new(&[("messenger", capable())]);
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
    company
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
    let company = office();
    let at = company.at("messenger");
    let tag = at.offered(&KindName::TAG, "Учёт").unwrap();
    for chat in ["Общий", "Касса"] {
        let chat = at.offered(&KindName::CHAT, chat).unwrap();
        at.attach(&KindName::CHAT, &chat, &tag);
    }
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
async fn somebody_who_is_not_there_yet_is_made_as_the_other_records_show_them() {
    let company = office();
    let more = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    drop(company);
    more.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    more.person("messenger", ANNA, Access::Open, &[]);
    more.at("messenger").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::LastName, "Орлова".to_owned());
        fields.insert(FieldName::FirstName, "Анна".to_owned());
        fields.insert(FieldName::Phone, "+70000000001".to_owned());
    });
    let moving = transfer(ANNA)
        .to("messenger", &[])
        .to("calls", &[("unit", &["Продажи"])])
        .known(&[
            (FieldName::ExternalId, "7"),
            (FieldName::LastName, "Орлова"),
            (FieldName::FirstName, "Анна"),
            (FieldName::MiddleName, "Сергеевна"),
        ])
        .asked();
    assert_eq!(
        more.plan(&moving).await.unwrap(),
        [
            "1 calls create create email=anna@example.test external_id=7 last_name=Орлова first_name=Анна middle_name=Сергеевна unit:Продажи @nobody",
            "2 calls converge update phone=+70000000001 @created by 1",
        ]
    );
}

#[tokio::test]
async fn a_name_that_has_changed_since_is_told_by_the_records() {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    company.person("messenger", ANNA, Access::Open, &[]);
    company.at("messenger").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::LastName, "Соколова".to_owned());
        fields.insert(FieldName::FirstName, "Анна".to_owned());
    });
    let moving = transfer(ANNA)
        .to("calls", &[("unit", &["Продажи"])])
        .from("messenger", &[])
        .known(&[
            (FieldName::LastName, "Орлова"),
            (FieldName::FirstName, "Анна"),
            (FieldName::MiddleName, "Сергеевна"),
        ])
        .asked();
    let plan = company.plan(&moving).await.unwrap();
    assert!(
        plan[0].contains("last_name=Соколова first_name=Анна unit"),
        "{plan:?}"
    );
}

#[tokio::test]
async fn what_is_not_known_of_somebody_who_has_to_be_made_is_a_refusal() {
    let mut demanding = delta_rights();
    demanding.required.push(FieldName::LastName);
    let company = Company::new(&[("messenger", capable()), ("edo", demanding)]);
    company.person("messenger", ANNA, Access::Open, &[]);
    let moving = transfer(ANNA).to("messenger", &[]).to("edo", &[]).asked();
    let refused = company.plan(&moving).await.unwrap_err();
    let field = FieldName::LastName;
    assert_eq!(refused[0].guard, Guard::NotKnown { field });
}

#[tokio::test]
async fn whoever_is_let_in_by_a_new_role_is_greeted_and_nobody_else() {
    let company = Company::new(&[("messenger", capable()), ("office", capable())]);
    company.person("office", ANNA, Access::Open, &[]);
    let moving = transfer(ANNA)
        .to("messenger", &[])
        .to("office", &[])
        .welcome("Привет!");
    assert_eq!(
        company.plan(&moving.asked()).await.unwrap(),
        [
            "1 messenger create create email=anna@example.test @nobody",
            "2 messenger welcome notify Привет! @created by 1",
        ]
    );
}

#[tokio::test]
async fn a_closed_door_stays_closed_and_the_run_is_not_whole() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    let held = [(KindName::TAG, "Учёт")];
    company.person("messenger", ANNA, Access::Suspended, &held);
    company.person("edo", ANNA, Access::Open, &[]);
    let moving = transfer(ANNA)
        .from("messenger", &[("tags", &["Учёт"])])
        .to("messenger", &[("tags", &[])])
        .to("edo", &[]);
    assert_eq!(company.plan(&moving.asked()).await.unwrap(), [""; 0]);
    let said = company.remarks(&moving.asked()).await;
    assert_eq!(said, [Said::StaysClosed { needed: true }]);
    assert!(said[0].leaves_something_out());
    let title = renamed(ANNA).to("messenger", &[]).asked();
    let said = company.remarks(&title).await;
    assert_eq!(said, [Said::StaysClosed { needed: false }]);
    assert!(!said[0].leaves_something_out());
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

#[tokio::test]
async fn a_silent_platform_is_left_and_stops_no_other() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.person("messenger", ANNA, Access::Open, &[]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let moving = transfer(ANNA)
        .to("messenger", &[("tags", &["Учёт"])])
        .to("edo", &[])
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        ["1 messenger converge update +tag:Учёт @2"]
    );
    let said = company.remarks(&moving).await;
    assert!(matches!(&said[..], [Said::Silent { .. }, ..]), "{said:?}");
}

#[tokio::test]
async fn nobody_is_made_while_they_have_been_seen_nowhere() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.at("edo").set_down(Some(ErrorKind::Unavailable));
    let moving = transfer(ANNA).to("messenger", &[]).to("edo", &[]).asked();
    assert_eq!(company.plan(&moving).await.unwrap(), [""; 0]);
    assert!(company.remarks(&moving).await.contains(&Said::NobodyThere));
}

#[tokio::test]
async fn a_title_alone_changes_the_field_and_makes_nobody() {
    let company = Company::new(&[("messenger", capable()), ("edo", delta_rights())]);
    company.person("messenger", ANNA, Access::Open, &[]);
    let moving = renamed(ANNA)
        .to("messenger", &[])
        .to("edo", &[])
        .field(FieldName::Title, "Старший бухгалтер")
        .asked();
    assert_eq!(
        company.plan(&moving).await.unwrap(),
        ["1 messenger converge update title=Старший бухгалтер @1"]
    );
    assert_eq!(company.remarks(&moving).await, [Said::NobodyThere]);
}

#[tokio::test]
async fn a_department_alone_moves_the_unit_and_is_set_once() {
    let company = Company::new(&[("calls", listed_by_id())]);
    for unit in ["Учёт", "Продажи"] {
        company.at("calls").offer(&KindName::UNIT, &[unit]);
    }
    company.person("calls", ANNA, Access::Open, &[(KindName::UNIT, "Учёт")]);
    let moving = |unit: &str| {
        renamed(ANNA)
            .to("calls", &[])
            .field(FieldName::Department, unit)
            .asked()
    };
    assert_eq!(
        company.plan(&moving("Продажи")).await.unwrap(),
        ["1 calls converge update +unit:Продажи -unit:Учёт @3"]
    );
    assert_eq!(company.plan(&moving("Учёт")).await.unwrap(), [""; 0]);
    // The same holds for whoever is brought in again.
    let again = onboard(ANNA)
        .field(FieldName::Department, "Учёт")
        .section("calls", &[], None);
    let plan = company.plan(&again).await.unwrap();
    assert!(!plan.iter().any(|line| line.contains("unit:")), "{plan:?}");
}

#[tokio::test]
async fn an_administrator_is_moved_only_on_purpose_and_the_last_one_keeps_the_role() {
    let company = Company::new(&[("messenger", with_roles())]);
    for role in ["user", "admin"] {
        company.at("messenger").offer(&KindName::ROLE, &[role]);
    }
    company.person(
        "messenger",
        ANNA,
        Access::Open,
        &[(KindName::ROLE, "admin")],
    );
    company
        .at("messenger")
        .edit(|rows| rows[0].administrator = true);
    let moving = transfer(ANNA).to("messenger", &[("role", &["user"])]);
    let guard = async |asked: &Asked| company.plan(asked).await.unwrap_err()[0].guard.clone();
    assert_eq!(guard(&moving.asked()).await, Guard::Administrator);
    assert_eq!(
        guard(&moving.asked().privileged()).await,
        Guard::LastAdministrator
    );
    company.person("messenger", "vera@example.test", Access::Open, &[]);
    company
        .at("messenger")
        .edit(|rows| rows[1].administrator = true);
    assert_eq!(
        company.plan(&moving.asked().privileged()).await.unwrap(),
        ["1 messenger converge update +role:user -role:admin @3"]
    );
}

fn with_roles() -> Capability {
    let mut messenger = capable();
    let mut role = messenger.grants[0].clone();
    role.name = KindName::ROLE;
    role.role_key = "role";
    role.holds = kadry_core::Holds::One { required: false };
    messenger.grants.insert(0, role);
    messenger
}

#[tokio::test]
async fn an_unknown_name_and_somebody_elses_external_id_are_refusals() {
    let company = Company::new(&[("calls", listed_by_id())]);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    let id = company.person("calls", ANNA, Access::Open, &[(KindName::UNIT, "Продажи")]);
    company
        .at("calls")
        .edit(|rows| rows[0].fields.insert(FieldName::ExternalId, "8".to_owned()));
    let moving = transfer(ANNA).to("calls", &[("unit", &["Продажы"])]);
    let refused = company.plan(&moving.asked()).await.unwrap_err();
    let nearest = Some("Продажи".to_owned());
    assert!(
        matches!(&refused[0].guard, Guard::NotOffered { nearest: known, .. } if *known == nearest)
    );
    let moving = moving.known(&[(FieldName::ExternalId, "7")]).asked();
    let refused = company.plan(&moving).await.unwrap_err();
    let guards: Vec<_> = refused.into_iter().map(|one| one.guard).collect();
    assert!(
        guards.contains(&Guard::BelongsToAnother { record: id }),
        "{guards:?}"
    );
}
