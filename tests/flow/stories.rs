//! What is told in every way in which it can be cut off.

use kadry_core::memory::{capable, delta_rights, listed_by_id, valued};
use kadry_core::{Access, Capability, FieldName, Grant, KindName, Support};
use kadry_flow::Purpose;

use crate::company::{Asked, Company, offboard, offboard_now, onboard};
use crate::transfer::{self, promotion, tied};

/// One flow from one beginning.
pub(crate) struct Story {
    pub(crate) name: &'static str,
    pub(crate) company: fn() -> Company,
    pub(crate) asked: fn() -> Asked,
    /// Whether it is not `asked` that is told, but that the run which it made is taken back.
    pub(crate) taken_back: bool,
    pub(crate) purpose: Purpose,
}

pub(crate) const STORIES: [Story; 16] = [
    Story {
        name: "a newcomer",
        company: empty,
        asked: arrival,
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "somebody who comes back",
        company: suspended,
        asked: arrival,
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a calm leave",
        company: Company::leaving,
        asked: || offboard("anna@example.test"),
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave that is now",
        company: Company::leaving,
        asked: || offboard_now("anna@example.test"),
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a newcomer for whom things are made",
        company: unprepared,
        asked: arrival_of_a_new_kind,
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "somebody who comes back and for whom things are made",
        company: unprepared_for_a_return,
        asked: arrival_of_a_new_kind,
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a calm leave for good",
        company: keeping,
        asked: || {
            offboard("anna@example.test")
                .successor("boris@example.test")
                .remove()
        },
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave for good that is now",
        company: keeping,
        asked: || {
            offboard_now("anna@example.test")
                .successor("boris@example.test")
                .remove()
        },
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave for good that is now and about which nobody is asked",
        company: keeping,
        asked: || offboard_now("anna@example.test").remove(),
        taken_back: false,
        purpose: Purpose::CarryOutUnasked,
    },
    Story {
        name: "an arrival that is taken back",
        company: empty,
        asked: arrival,
        taken_back: true,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a return that is taken back",
        company: suspended,
        asked: arrival,
        taken_back: true,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a leave that is taken back",
        company: Company::leaving,
        asked: || offboard("anna@example.test"),
        taken_back: true,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a change of places",
        company: tied,
        asked: || promotion().asked(),
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a change of places that leaves nothing else",
        company: transfer::office,
        asked: || promotion().strict().asked(),
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a change of places for which things are made and that lets somebody in elsewhere",
        company: moving_house,
        asked: || {
            promotion()
                .making(&["Новые"])
                .to("calls", &[("unit", &["Продажи"])])
                .asked()
        },
        taken_back: false,
        purpose: Purpose::CarryOut,
    },
    Story {
        name: "a change of places that is taken back",
        company: tied,
        asked: || promotion().asked(),
        taken_back: true,
        purpose: Purpose::CarryOut,
    },
];

fn empty() -> Company {
    let company = Company::new(&[
        ("messenger", capable()),
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
    ]);
    company.at("messenger").offer(&KindName::TAG, &["Учёт"]);
    company.at("messenger").offer(&KindName::TAG, &["Склад"]);
    company.at("messenger").offer(&KindName::CHAT, &["Общий"]);
    company.at("calls").offer(&KindName::UNIT, &["Учёт"]);
    company.at("edo").offer(&KindName::PERMISSION, &["Подпись"]);
    company
        .at("edo")
        .offer(&KindName::SUBSCRIPTION, &["Новости"]);
    company
}

fn suspended() -> Company {
    let company = empty();
    company.person(
        "messenger",
        "Anna@Example.Test",
        Access::Suspended,
        &[(KindName::TAG, "Склад")],
    );
    company.person(
        "edo",
        "anna@example.test",
        Access::Suspended,
        &[(KindName::PERMISSION, "Подпись")],
    );
    company
}

fn arrival() -> Asked {
    onboard("anna@example.test")
        .field(kadry_core::FieldName::Phone, "+70000000001")
        .section(
            "messenger",
            &[("tags", &["Учёт"]), ("chats", &["Общий"])],
            Some("Привет!"),
        )
        .section("calls", &[("unit", &["Учёт"])], None)
        .section("edo", &[("subscriptions", &["Новости"])], None)
}

/// Platforms that lack something of what the role asks for.
fn unprepared() -> Company {
    let company = Company::new(&[
        ("messenger", valued()),
        ("calls", listed_by_id()),
        ("edo", delta_rights()),
    ]);
    let messenger = company.at("messenger");
    messenger.offer(&KindName::TAG, &["Учёт"]);
    messenger.offer(&KindName::CHAT, &["Общий"]);
    for property in ["Город", "Размер"] {
        messenger.offer(&KindName::PROPERTY, &[property]);
    }
    company.at("calls").offer(&KindName::UNIT, &["Центр"]);
    company
        .at("edo")
        .offer(&KindName::SUBSCRIPTION, &["Новости"]);
    company
}

fn unprepared_for_a_return() -> Company {
    let company = unprepared();
    let messenger = company.at("messenger");
    let city = messenger.offered(&KindName::PROPERTY, "Город").unwrap();
    let held = [
        Grant::with_id(KindName::PROPERTY, city.as_str(), "Город").holding("Казань"),
        Grant::named(KindName::STATUS, "🏖️ Отпуск"),
    ];
    let tags = [(KindName::TAG, "Учёт")];
    company.person("messenger", "anna@example.test", Access::Suspended, &tags);
    company.person(
        "calls",
        "anna@example.test",
        Access::Suspended,
        &[(KindName::UNIT, "Центр")],
    );
    company.at("calls").edit(|rows| {
        let fields = &mut rows[0].fields;
        fields.insert(FieldName::ExternalId, "7".to_owned());
    });
    messenger.edit(|rows| {
        for grant in held {
            rows[0].grants.insert(grant.kind.clone(), vec![grant]);
        }
    });
    company
}

fn arrival_of_a_new_kind() -> Asked {
    onboard("anna@example.test")
        .field(FieldName::Phone, "+70000000001")
        .section("calls", &[("unit", &["Центр / Учёт / Касса"])], None)
        .with(|section| section.create_missing = true)
        .section("edo", &[("subscriptions", &["Новости"])], None)
        .section(
            "messenger",
            &[
                ("tags", &["Учёт", "Новенькие"]),
                ("chats", &["Общий"]),
                ("status", &["👋 Новенькая"]),
            ],
            Some("Привет!"),
        )
        .with(|section| {
            section.create_missing = true;
            let city = ("Город".to_owned(), "Москва".to_owned());
            let values = section.values.entry("properties".to_owned());
            values.or_default().extend([city]);
        })
}

fn with_hand_over() -> Capability {
    let mut capability = valued();
    let kinds = capability.grants.iter_mut();
    for chat in kinds.filter(|kind| kind.name == KindName::CHAT) {
        chat.hand_over = Support::Yes;
    }
    capability
}

/// Anna, who owns one chat, alone manages another and is in a third one, and Boris, who is in none.
pub(crate) fn keeping() -> Company {
    let company = Company::new(&[("messenger", with_hand_over()), ("edo", delta_rights())]);
    let messenger = company.at("messenger");
    messenger.offer(&KindName::TAG, &["Учёт"]);
    let chats = ["Своя", "Ведёт", "Общая"].map(|name| messenger.offer(&KindName::CHAT, &[name]));
    let held = [
        (KindName::TAG, "Учёт"),
        (KindName::CHAT, "Своя"),
        (KindName::CHAT, "Ведёт"),
        (KindName::CHAT, "Общая"),
    ];
    let anna = company.person("messenger", "anna@example.test", Access::Open, &held);
    let boris = company.person("messenger", "boris@example.test", Access::Open, &[]);
    messenger.give(&KindName::CHAT, &chats[0], &anna);
    messenger.keep(&KindName::CHAT, &chats[1], &anna);
    for who in [&anna, &boris] {
        messenger.keep(&KindName::CHAT, &chats[2], who);
    }
    let edo = company.at("edo");
    for name in ["Новости", "Счета"] {
        edo.offer(&KindName::SUBSCRIPTION, &[name]);
    }
    let held = [
        (KindName::SUBSCRIPTION, "Новости"),
        (KindName::SUBSCRIPTION, "Счета"),
    ];
    company.person("edo", "anna@example.test", Access::Open, &held);
    company
}

/// The same, and another platform on which the person is not yet.
fn moving_house() -> Company {
    let company = Company::new(&[("messenger", capable()), ("calls", listed_by_id())]);
    transfer::furnish(&company);
    transfer::tie(&company);
    company.at("calls").offer(&KindName::UNIT, &["Продажи"]);
    company
}
