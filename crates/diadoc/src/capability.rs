//! What the platform can and cannot do for us.

use std::time::Duration;

use kadry_core::{
    Capability, CreateNotice, FieldName, FieldRule, FoundBy, GrantKind, Holds, KeyName, KindName,
    Matching, OnLeave, ReadBy, Reason, Support, Write,
};

use crate::names::SIGNING;

/// Returns what can be done by an administrator of the box, or by somebody else.
pub(crate) fn capability(administrator: bool, timeout: Duration) -> Capability {
    // Employees are listed to administrators only, too.
    // https://developer.kontur.ru/doc/diadoc-api, GetEmployees. Checked 2026-11.
    let may = if administrator {
        Support::Yes
    } else {
        Support::no("needs-administrator")
    };
    Capability {
        // There is no search: https://developer.kontur.ru/doc/diadoc-api, GetEmployees. Checked 2026-11.
        match_by: vec![Matching {
            key: KeyName::Email,
            found_by: FoundBy::Listing,
        }],
        fields: FieldName::ALL.map(|field| (field, rule(field))).into(),
        // An unknown login needs both names, and whether a login is known cannot be asked.
        required: vec![FieldName::Email, FieldName::LastName, FieldName::FirstName],
        list: may.clone(),
        create: may.clone(),
        create_notice: CreateNotice::Always,
        update: may.clone(),
        suspend: may.clone(),
        reopen: may.clone(),
        remove: may.clone(),
        notify: Support::no("no-such-call"),
        was_notified: Support::no("no-such-call"),
        grants: vec![
            department(&may),
            access_level(&may),
            seen_department(&may),
            permission(&may),
            subscription(&may),
            power_of_attorney(&may),
        ],
        // What a block does to what is open or issued already is not documented. Checked 2026-11.
        caveats: vec![
            Reason::new("powers-stay-at-the-tax-service"),
            Reason::new("other-boxes-stay"),
            Reason::new("issued-tokens-live-on"),
            Reason::new("sessions-live-on"),
        ],
        // A block leaves rights, powers of attorney and mailings as they are.
        // https://developer.kontur.ru/doc/diadoc-api, UpdateEmployee. Checked 2026-11.
        on_suspend: Vec::new(),
        // Nothing brings a deleted record back, and a new one begins with nothing.
        // https://developer.kontur.ru/doc/diadoc-api, DeleteEmployee. Checked 2026-11.
        on_remove: vec![
            Reason::new("documents-stay"),
            Reason::new("record-begins-anew"),
        ],
        signs_with: Some((KindName::PERMISSION, &SIGNING)),
        request_timeout_ms: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
    }
}

fn rule(field: FieldName) -> FieldRule {
    let at_creation = |key| FieldRule {
        create: Support::Yes,
        update: Support::no(key),
        clear: Support::no(key),
    };
    match field {
        // Login and name belong to the user, who is the same one in every box.
        FieldName::Email => at_creation("login-belongs-to-the-person"),
        FieldName::LastName | FieldName::FirstName | FieldName::MiddleName => {
            at_creation("name-belongs-to-the-person")
        }
        FieldName::Title => FieldRule {
            create: Support::Yes,
            update: Support::Yes,
            clear: Support::no("not-documented"),
        },
        FieldName::ExternalId | FieldName::Phone | FieldName::Department => {
            FieldRule::never("no-such-field")
        }
    }
}

/// Returns a kind that stands on the record and is written with it.
fn on_the_record(name: KindName, role_key: &'static str, holds: Holds, may: &Support) -> GrantKind {
    GrantKind {
        name,
        role_key,
        holds,
        on_create: may.clone(),
        on_update: match may {
            Support::Yes => Write::Delta,
            Support::No(reason) => Write::No(reason.clone()),
        },
        clear: match holds {
            Holds::Many | Holds::Values => Support::Yes,
            Holds::One { .. } => Support::no("required"),
        },
        alone: Support::no("written-with-the-record"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: Support::Yes,
        define: Support::no("no-such-call"),
        while_suspended: Support::Yes,
        on_leave: OnLeave::Keep(Reason::new("rights-stay-blocked")),
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

/// Returns a kind that is read and written by itself.
fn by_itself(name: KindName, role_key: &'static str, may: &Support) -> GrantKind {
    GrantKind {
        name,
        role_key,
        holds: Holds::Many,
        on_create: Support::no("written-by-itself"),
        on_update: Write::No(Reason::new("written-by-itself")),
        clear: Support::Yes,
        alone: may.clone(),
        together: false,
        read: ReadBy::EachPerson,
        catalogue: Support::Yes,
        define: Support::no("no-such-call"),
        while_suspended: Support::Yes,
        on_leave: OnLeave::Revoke,
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: false,
    }
}

fn department(may: &Support) -> GrantKind {
    GrantKind {
        catalogue: may.clone(),
        define: may.clone(),
        follows_department: true,
        ..on_the_record(
            KindName::DEPARTMENT,
            "department",
            Holds::One { required: false },
            may,
        )
    }
}

fn access_level(may: &Support) -> GrantKind {
    on_the_record(
        KindName::ACCESS_LEVEL,
        "access_level",
        Holds::One { required: false },
        may,
    )
}

fn seen_department(may: &Support) -> GrantKind {
    GrantKind {
        on_update: match may {
            Support::Yes => Write::WholeSet,
            Support::No(reason) => Write::No(reason.clone()),
        },
        catalogue: may.clone(),
        define: Support::no("not-from-a-role"),
        ..on_the_record(
            KindName::SEEN_DEPARTMENT,
            "selected_departments",
            Holds::Many,
            may,
        )
    }
}

fn permission(may: &Support) -> GrantKind {
    on_the_record(KindName::PERMISSION, "permissions", Holds::Many, may)
}

fn subscription(may: &Support) -> GrantKind {
    GrantKind {
        together: true,
        ..by_itself(KindName::SUBSCRIPTION, "subscriptions", may)
    }
}

fn power_of_attorney(may: &Support) -> GrantKind {
    GrantKind {
        catalogue: Support::no("no-such-list"),
        define: Support::no("no-such-call"),
        ..by_itself(KindName::POWER_OF_ATTORNEY, "powers_of_attorney", may)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_who_is_no_administrator_can_write_nothing() {
        let capability = capability(false, Duration::from_secs(30));
        let no = Support::no("needs-administrator");
        for support in [
            &capability.list,
            &capability.create,
            &capability.update,
            &capability.suspend,
            &capability.reopen,
            &capability.remove,
        ] {
            assert_eq!(support, &no);
        }
        for kind in &capability.grants {
            assert!(!kind.alone.is_yes() && !kind.on_create.is_yes() && !kind.define.is_yes());
            assert!(matches!(kind.on_update, Write::No(_)));
        }
    }

    #[test]
    fn a_record_cannot_be_made_without_a_login_and_both_names() {
        let required = capability(true, Duration::from_secs(30)).required;
        let fields = [FieldName::Email, FieldName::LastName, FieldName::FirstName];
        assert_eq!(required, fields);
    }

    #[test]
    fn a_record_can_be_made_without_a_grant_that_has_a_default() {
        let capability = capability(true, Duration::from_secs(30));
        for name in [KindName::DEPARTMENT, KindName::ACCESS_LEVEL] {
            let holds = capability.kind(&name).map(|kind| kind.holds);
            assert_eq!(holds, Some(Holds::One { required: false }));
        }
    }

    #[test]
    fn every_field_has_a_rule_and_kinds_come_in_the_order_of_writing() {
        let capability = capability(true, Duration::from_secs(30));
        assert_eq!(capability.fields.len(), FieldName::ALL.len());
        let keys: Vec<_> = capability.grants.iter().map(|kind| kind.role_key).collect();
        assert_eq!(
            keys,
            [
                "department",
                "access_level",
                "selected_departments",
                "permissions",
                "subscriptions",
                "powers_of_attorney"
            ]
        );
        assert_eq!(capability.request_timeout_ms, 30_000);
    }
}
