//! Platforms that do not exist, for tests that run over many.

use std::collections::BTreeMap;

use crate::capability::{Capability, CreateNotice, FieldRule, FoundBy, Matching, Reason, Support};
use crate::employee::{FieldName, KeyName};
use crate::grant::{GrantKind, Holds, KindName, OnLeave, ReadBy, Write};

/// Returns a messenger that can do everything: tags as a whole set, chats by themselves and hidden once somebody is suspended.
#[must_use]
pub fn capable() -> Capability {
    Capability {
        match_by: vec![asked(KeyName::Email)],
        fields: FieldName::ALL
            .into_iter()
            .map(|field| (field, FieldRule::always()))
            .collect(),
        required: vec![FieldName::Email],
        list: Support::Yes,
        create: Support::Yes,
        create_notice: CreateNotice::UnlessQuiet,
        update: Support::Yes,
        suspend: Support::Yes,
        reopen: Support::Yes,
        remove: Support::Yes,
        notify: Support::Yes,
        was_notified: Support::Yes,
        grants: vec![tags(), chats()],
        caveats: vec![Reason::new("memory-forgets")],
        on_suspend: Vec::new(),
        on_remove: vec![Reason::new("memory-forgets")],
        signs_with: None,
        request_timeout_ms: 30_000,
    }
}

/// Returns a platform in the manner of a call centre: matched by the employer's id first, one required unit, a phone that cannot be
/// given at creation, nothing revoked on leave and no removal.
#[must_use]
pub fn listed_by_id() -> Capability {
    let mut fields = BTreeMap::new();
    for field in FieldName::ALL {
        let rule = match field {
            FieldName::Phone => FieldRule {
                create: Support::no("update-only"),
                ..FieldRule::always()
            },
            FieldName::Title | FieldName::Department => FieldRule::never("no-such-field"),
            FieldName::Email
            | FieldName::ExternalId
            | FieldName::LastName
            | FieldName::FirstName
            | FieldName::MiddleName => FieldRule::always(),
        };
        fields.insert(field, rule);
    }
    Capability {
        match_by: vec![
            Matching {
                key: KeyName::ExternalId,
                found_by: FoundBy::Listing,
            },
            Matching {
                key: KeyName::Email,
                found_by: FoundBy::AskingThenListing,
            },
        ],
        fields,
        create_notice: CreateNotice::Never,
        remove: Support::no("no-such-call"),
        notify: Support::no("no-such-call"),
        was_notified: Support::no("no-such-call"),
        grants: vec![unit()],
        ..capable()
    }
}

/// Returns a platform in the manner of a document exchange: the person is always told, names never change, rights are patched one by
/// one, and subscriptions are read person by person.
#[must_use]
pub fn delta_rights() -> Capability {
    let mut fields: BTreeMap<_, _> = FieldName::ALL
        .into_iter()
        .map(|field| (field, FieldRule::never("no-such-field")))
        .collect();
    for field in [FieldName::Email, FieldName::LastName, FieldName::FirstName] {
        let rule = FieldRule {
            create: Support::Yes,
            update: Support::no("name-belongs-to-the-person"),
            clear: Support::no("name-belongs-to-the-person"),
        };
        fields.insert(field, rule);
    }
    fields.insert(FieldName::Title, FieldRule::always());
    Capability {
        fields,
        create_notice: CreateNotice::Always,
        notify: Support::no("no-such-call"),
        was_notified: Support::no("no-such-call"),
        grants: vec![permissions(), subscriptions()],
        signs_with: Some((KindName::PERMISSION, &["Подпись"])),
        ..capable()
    }
}

/// Returns a platform that can only make records and close doors.
#[must_use]
pub fn bare() -> Capability {
    Capability {
        create_notice: CreateNotice::Never,
        update: Support::no("no-such-call"),
        reopen: Support::no("no-such-call"),
        remove: Support::no("no-such-call"),
        notify: Support::no("no-such-call"),
        was_notified: Support::no("no-such-call"),
        grants: Vec::new(),
        ..capable()
    }
}

/// Returns a messenger that also has fields of the organisation's own and a line that says how somebody is.
#[must_use]
pub fn valued() -> Capability {
    let messenger = capable();
    Capability {
        grants: [messenger.grants, vec![properties(), status()]].concat(),
        ..capable()
    }
}

/// Lists the platforms by name.
#[must_use]
pub fn presets() -> Vec<(&'static str, Capability)> {
    vec![
        ("capable", capable()),
        ("listed_by_id", listed_by_id()),
        ("delta_rights", delta_rights()),
        ("bare", bare()),
        ("valued", valued()),
    ]
}

const fn asked(key: KeyName) -> Matching {
    Matching {
        key,
        found_by: FoundBy::Asking,
    }
}

static AFTER_TAGS: [KindName; 1] = [KindName::TAG];

fn tags() -> GrantKind {
    GrantKind {
        name: KindName::TAG,
        role_key: "tags",
        holds: Holds::Many,
        on_create: Support::Yes,
        on_update: Write::WholeSet,
        clear: Support::Yes,
        alone: Support::no("written-with-the-record"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: Support::Yes,
        define: Support::Yes,
        while_suspended: Support::Yes,
        on_leave: OnLeave::Revoke,
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

fn chats() -> GrantKind {
    GrantKind {
        name: KindName::CHAT,
        role_key: "chats",
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        alone: Support::Yes,
        read: ReadBy::Catalogue,
        define: Support::no("no-such-call"),
        while_suspended: Support::no("hidden-while-suspended"),
        after: &AFTER_TAGS,
        ..tags()
    }
}

fn unit() -> GrantKind {
    GrantKind {
        name: KindName::UNIT,
        role_key: "unit",
        holds: Holds::One { required: true },
        clear: Support::no("required"),
        on_leave: OnLeave::Keep(Reason::new("history-stays")),
        follows_department: true,
        ..tags()
    }
}

fn properties() -> GrantKind {
    GrantKind {
        name: KindName::PROPERTY,
        role_key: "properties",
        holds: Holds::Values,
        clear: Support::no("not-documented"),
        define: Support::no("fixed-names"),
        on_leave: OnLeave::Keep(Reason::new("history-stays")),
        ..tags()
    }
}

fn status() -> GrantKind {
    GrantKind {
        name: KindName::STATUS,
        role_key: "status",
        holds: Holds::One { required: false },
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        alone: Support::Yes,
        catalogue: Support::no("no-such-list"),
        define: Support::no("no-such-list"),
        on_leave: OnLeave::Keep(Reason::new("history-stays")),
        ..tags()
    }
}

fn permissions() -> GrantKind {
    GrantKind {
        name: KindName::PERMISSION,
        role_key: "permissions",
        on_update: Write::Delta,
        define: Support::no("no-such-call"),
        on_leave: OnLeave::Keep(Reason::new("rights-stay-blocked")),
        ..tags()
    }
}

fn subscriptions() -> GrantKind {
    GrantKind {
        name: KindName::SUBSCRIPTION,
        role_key: "subscriptions",
        together: true,
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        alone: Support::Yes,
        read: ReadBy::EachPerson,
        define: Support::no("no-such-call"),
        ..tags()
    }
}
