//! What the platform can do with the scopes of one token.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kadry_core::{
    Capability, CreateNotice, FieldName, FieldRule, FoundBy, GrantKind, Holds, KeyName, KindName,
    Matching, OnLeave, ReadBy, Reason, Support, Write,
};

/// The roles that can be granted; `admin` is never given by a role. A `guest` can only be made with a chat in the same call, which
/// is a step of its own here, and nobody can be turned into one later.
/// <https://dev.pachca.com/api/users/create> Checked 2026-11.
pub(crate) const ROLES: [&str; 2] = ["user", "multi_guest"];

/// The scopes that only the owner and administrators can have, and with them sight of everybody's e-mail and phone.
/// <https://dev.pachca.com/guides/permissions> Checked 2026-11.
const ADMINISTRATOR_SCOPES: [&str; 6] = [
    "users:create",
    "users:update",
    "users:delete",
    "user_status:write",
    "user_avatar:write",
    "group_tags:write",
];

/// Taking a tag takes people out of chats, so chats are looked at after tags.
static AFTER_TAGS: [KindName; 1] = [KindName::TAG];

/// The scopes of a token.
#[derive(Clone, Debug)]
pub(crate) struct Scopes(BTreeSet<String>);

impl Scopes {
    pub(crate) const fn new(names: BTreeSet<String>) -> Self {
        Self(names)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Reports whether the token's owner is an administrator, as far as scopes prove it.
    pub(crate) fn prove_administrator(&self) -> bool {
        ADMINISTRATOR_SCOPES.iter().any(|name| self.contains(name))
    }

    fn need(&self, name: &'static str) -> Support {
        if self.contains(name) {
            Support::Yes
        } else {
            Support::No(Reason::about("scope-missing", name))
        }
    }

    fn need_both(&self, one: &'static str, other: &'static str) -> Support {
        match self.need(one) {
            Support::Yes => self.need(other),
            Support::No(reason) => Support::No(reason),
        }
    }

    fn whole_set(&self) -> Write {
        match self.need("users:update") {
            Support::Yes => Write::WholeSet,
            Support::No(reason) => Write::No(reason),
        }
    }
}

/// Returns what a token with these scopes can do.
pub(crate) fn capability(scopes: &Scopes, timeout: Duration) -> Capability {
    Capability {
        // Nothing says that the query ignores case or shows suspended people.
        // <https://dev.pachca.com/api/users/list> Checked 2026-11.
        match_by: vec![Matching {
            key: KeyName::Email,
            found_by: FoundBy::AskingThenListing,
        }],
        fields: fields(),
        required: vec![FieldName::Email],
        list: scopes.need("users:read"),
        create: scopes.need("users:create"),
        create_notice: CreateNotice::UnlessQuiet,
        update: scopes.need("users:update"),
        suspend: scopes.need("users:update"),
        reopen: scopes.need("users:update"),
        remove: scopes.need("users:delete"),
        notify: scopes.need("messages:create"),
        was_notified: scopes.need_both("chats:read", "messages:read"),
        grants: vec![
            role(scopes),
            tag(scopes),
            property(scopes),
            chat(scopes),
            status(scopes),
        ],
        caveats: vec![
            Reason::new("own-tokens-stay"),
            Reason::new("closed-chats-unseen"),
        ],
        // Chats, tags, tasks and what the person owns stay as they are; the tokens are refused as long as the door is closed.
        // <https://dev.pachca.com/api/users/update> Checked 2026-11.
        on_suspend: vec![Reason::new("own-integrations-stop")],
        // <https://dev.pachca.com/api/users/delete> Checked 2026-11.
        on_remove: vec![
            Reason::new("sole-performer-tasks-go"),
            Reason::new("owned-chats-keep-their-owner"),
        ],
        signs_with: None,
        request_timeout_ms: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
    }
}

fn fields() -> BTreeMap<FieldName, FieldRule> {
    FieldName::ALL
        .into_iter()
        .map(|field| (field, rule(field)))
        .collect()
}

fn rule(field: FieldName) -> FieldRule {
    match field {
        FieldName::Email => FieldRule {
            clear: Support::no("required"),
            ..FieldRule::always()
        },
        // The documents speak of an empty last name, title and department, never of a person without a given name.
        FieldName::FirstName => FieldRule {
            clear: Support::no("not-documented"),
            ..FieldRule::always()
        },
        FieldName::LastName | FieldName::Phone | FieldName::Title | FieldName::Department => {
            FieldRule::always()
        }
        FieldName::MiddleName | FieldName::ExternalId => FieldRule::never("no-such-field"),
    }
}

fn role(scopes: &Scopes) -> GrantKind {
    GrantKind {
        name: KindName::ROLE,
        role_key: "role",
        holds: Holds::One { required: false },
        on_create: scopes.need("users:create"),
        on_update: scopes.whole_set(),
        clear: Support::no("required"),
        alone: Support::no("written-with-the-record"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: Support::Yes,
        define: Support::no("fixed-names"),
        while_suspended: Support::Yes,
        on_leave: OnLeave::Keep(Reason::new("role-stays")),
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

fn tag(scopes: &Scopes) -> GrantKind {
    GrantKind {
        name: KindName::TAG,
        role_key: "tags",
        holds: Holds::Many,
        on_create: scopes.need("users:create"),
        on_update: scopes.whole_set(),
        clear: Support::Yes,
        alone: Support::no("written-with-the-record"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: scopes.need("group_tags:read"),
        define: scopes.need("group_tags:write"),
        while_suspended: Support::Yes,
        on_leave: OnLeave::Revoke,
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

fn chat(scopes: &Scopes) -> GrantKind {
    GrantKind {
        name: KindName::CHAT,
        role_key: "chats",
        holds: Holds::Many,
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        clear: Support::Yes,
        alone: scopes.need("chat_members:write"),
        together: false,
        read: ReadBy::Catalogue,
        catalogue: scopes.need("chats:read"),
        define: Support::no("not-from-a-role"),
        // Suspended people are left out of the members and cannot be added.
        // <https://dev.pachca.com/api/members/list> Checked 2026-11.
        while_suspended: Support::no("hidden-while-suspended"),
        on_leave: OnLeave::Revoke,
        hand_over: scopes.need_both("chat_members:read", "chat_members:write"),
        after: &AFTER_TAGS,
        follows_department: false,
    }
}

fn property(scopes: &Scopes) -> GrantKind {
    GrantKind {
        name: KindName::PROPERTY,
        role_key: "properties",
        holds: Holds::Values,
        on_create: scopes.need("users:create"),
        on_update: scopes.whole_set(),
        clear: Support::no("not-documented"),
        alone: Support::no("written-with-the-record"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: scopes.need("custom_properties:read"),
        define: Support::no("no-such-call"),
        while_suspended: Support::Yes,
        on_leave: OnLeave::Keep(Reason::new("properties-stay")),
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

fn status(scopes: &Scopes) -> GrantKind {
    GrantKind {
        name: KindName::STATUS,
        role_key: "status",
        holds: Holds::One { required: false },
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        clear: scopes.need("user_status:write"),
        alone: scopes.need("user_status:write"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: Support::no("no-such-list"),
        define: Support::no("no-such-call"),
        while_suspended: Support::Yes,
        on_leave: OnLeave::Keep(Reason::new("status-stays")),
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(names: &[&str]) -> Scopes {
        Scopes::new(names.iter().map(|name| (*name).to_owned()).collect())
    }

    fn missing(scope: &'static str) -> Support {
        Support::No(Reason::about("scope-missing", scope))
    }

    fn of(names: &[&str]) -> Capability {
        capability(&scopes(names), Duration::from_secs(30))
    }

    #[test]
    fn each_scope_opens_its_own_calls_and_the_missing_one_is_named() {
        let bare = of(&[]);
        assert_eq!(bare.list, missing("users:read"));
        assert_eq!(bare.create, missing("users:create"));
        assert_eq!(bare.suspend, missing("users:update"));
        assert_eq!(bare.remove, missing("users:delete"));
        assert_eq!(bare.notify, missing("messages:create"));
        assert_eq!(bare.was_notified, missing("chats:read"));
        let reader = of(&["users:read", "chats:read"]);
        assert_eq!(reader.list, Support::Yes);
        assert_eq!(reader.was_notified, missing("messages:read"));
        assert_eq!(reader.reopen, missing("users:update"));
    }

    #[test]
    fn tags_are_written_with_the_record_and_chats_after_them_by_themselves() {
        let all = of(&[
            "users:create",
            "users:update",
            "group_tags:read",
            "group_tags:write",
            "chats:read",
            "chat_members:write",
        ]);
        let order: Vec<_> = all.grants.iter().map(|kind| kind.name.as_str()).collect();
        assert_eq!(order, ["role", "tag", "property", "chat", "status"]);
        let tag = all.kind(&KindName::TAG);
        assert_eq!(tag.map(|kind| &kind.on_update), Some(&Write::WholeSet));
        assert_eq!(tag.map(|kind| kind.alone.is_yes()), Some(false));
        let chat = all.kind(&KindName::CHAT);
        assert_eq!(chat.map(|kind| kind.alone.is_yes()), Some(true));
        assert_eq!(chat.map(|kind| kind.after), Some(&[KindName::TAG][..]));
        assert_eq!(chat.map(|kind| kind.read), Some(ReadBy::Catalogue));
    }

    /// A kind, what it is asked for, and the scope that a yes needs.
    type Case = (KindName, fn(GrantKind) -> Support, &'static str);

    #[test]
    fn each_kind_names_the_scope_that_it_needs() {
        let bare = of(&[]);
        let kind = |name: &KindName| bare.kind(name).cloned();
        let refused = |name: &KindName, asks: fn(GrantKind) -> Support| kind(name).map(asks);
        let cases: [Case; 9] = [
            (KindName::ROLE, |kind| kind.on_create, "users:create"),
            (KindName::TAG, |kind| kind.catalogue, "group_tags:read"),
            (KindName::TAG, |kind| kind.define, "group_tags:write"),
            (KindName::PROPERTY, |kind| kind.on_create, "users:create"),
            (
                KindName::PROPERTY,
                |kind| kind.catalogue,
                "custom_properties:read",
            ),
            (KindName::CHAT, |kind| kind.catalogue, "chats:read"),
            (KindName::CHAT, |kind| kind.alone, "chat_members:write"),
            (KindName::CHAT, |kind| kind.hand_over, "chat_members:read"),
            (KindName::STATUS, |kind| kind.alone, "user_status:write"),
        ];
        for (name, asks, scope) in cases {
            assert_eq!(refused(&name, asks), Some(missing(scope)), "{name} {scope}");
        }
        for name in [KindName::ROLE, KindName::TAG, KindName::PROPERTY] {
            let written = kind(&name).map(|kind| kind.on_update);
            let reason = Reason::about("scope-missing", "users:update");
            assert_eq!(written, Some(Write::No(reason)));
        }
        let reader = of(&["chat_members:read"]);
        let chat = reader.kind(&KindName::CHAT);
        let hand_over = chat.map(|kind| kind.hand_over.clone());
        assert_eq!(hand_over, Some(missing("chat_members:write")));
    }

    #[test]
    fn every_field_has_a_rule_and_the_email_is_required() {
        let capability = of(&[]);
        assert_eq!(capability.fields.len(), FieldName::ALL.len());
        assert_eq!(capability.request_timeout_ms, 30_000);
        assert_eq!(capability.required, [FieldName::Email]);
    }

    #[test]
    fn only_a_scope_of_administrators_proves_one() {
        assert!(scopes(&["users:read", "group_tags:write"]).prove_administrator());
        assert!(
            !scopes(&["users:read", "messages:create", "chat_members:write"]).prove_administrator()
        );
    }
}
