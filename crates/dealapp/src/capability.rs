//! What the platform can and cannot do; nothing of it depends on the credential, whose rights the platform does not show.

use std::time::Duration;

use kadry_core::{
    Capability, CreateNotice, FieldName, FieldRule, FoundBy, GrantKind, Holds, KeyName, KindName,
    Matching, OnLeave, ReadBy, Reason, Support, Write,
};

use crate::levels::Levels;

/// Returns the answers of this platform, of which levels alone depend on the settings.
pub(crate) fn capability(timeout: Duration, levels: &Levels) -> Capability {
    Capability {
        // The search looks at names and e-mails, and whether it minds the case is not documented. Checked 2026-11.
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
        fields: FieldName::ALL
            .into_iter()
            .map(|field| (field, rule(field)))
            .collect(),
        required: vec![FieldName::Email, FieldName::LastName],
        list: Support::Yes,
        create: Support::Yes,
        // The vendor's sample of a record made by the API says `invitation-sent: false`. Checked 2026-11.
        create_notice: CreateNotice::Never,
        update: Support::Yes,
        suspend: Support::Yes,
        reopen: Support::Yes,
        remove: Support::no("no-such-call"),
        notify: Support::no("no-such-call"),
        was_notified: Support::no("no-such-call"),
        grants: vec![unit(), role(), level(levels)],
        // Sign-in is refused at once, but the library of the session does not ask again whether an account is active. Checked 2026-11.
        caveats: vec![Reason::new("sessions-live-on"), Reason::new("records-stay")],
        // A call whose `operator_id` has no active operator is refused on upload. Checked 2026-11.
        on_suspend: vec![Reason::new("calls-refused-while-suspended")],
        on_remove: Vec::new(),
        signs_with: None,
        request_timeout_ms: u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
    }
}

fn rule(field: FieldName) -> FieldRule {
    let clear = Support::no("not-documented");
    match field {
        FieldName::Email | FieldName::LastName => FieldRule {
            clear: Support::no("required"),
            ..FieldRule::always()
        },
        FieldName::ExternalId | FieldName::FirstName => FieldRule {
            clear,
            ..FieldRule::always()
        },
        // The table of the create call does not have it; the table of the update call does. Checked 2026-11.
        FieldName::Phone => FieldRule {
            create: Support::no("update-only"),
            update: Support::Yes,
            clear,
        },
        FieldName::MiddleName => FieldRule::never("folded-into-first-name"),
        FieldName::Title | FieldName::Department => FieldRule::never("no-such-field"),
    }
}

fn unit() -> GrantKind {
    GrantKind {
        name: KindName::UNIT,
        role_key: "unit",
        holds: Holds::One { required: true },
        on_create: Support::Yes,
        on_update: Write::WholeSet,
        clear: Support::no("required"),
        alone: Support::no("written-with-the-record"),
        together: false,
        read: ReadBy::WithEmployee,
        catalogue: Support::Yes,
        define: Support::Yes,
        while_suspended: Support::Yes,
        on_leave: OnLeave::Keep(Reason::new("required")),
        hand_over: Support::no("nothing-to-hand-over"),
        after: &[],
        follows_department: true,
    }
}

fn role() -> GrantKind {
    GrantKind {
        name: KindName::ROLE,
        role_key: "role",
        define: Support::no("no-such-call"),
        follows_department: false,
        ..unit()
    }
}

/// The grade. The vendor documents `level_id` and the filter `levels_ids`, but no list of levels: the settings may name them.
/// Checked 2026-11.
fn level(levels: &Levels) -> GrantKind {
    GrantKind {
        name: KindName::LEVEL,
        role_key: "level",
        holds: Holds::One { required: false },
        on_create: Support::no("update-only"),
        clear: Support::no("not-documented"),
        catalogue: if levels.is_empty() {
            Support::no("not-documented")
        } else {
            Support::Yes
        },
        define: Support::no("no-such-call"),
        on_leave: OnLeave::Keep(Reason::new("not-documented")),
        follows_department: false,
        ..unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_a_row_and_two_are_required() {
        let capability = capability(Duration::from_secs(30), &Levels::default());
        assert_eq!(capability.fields.len(), FieldName::ALL.len());
        assert_eq!(capability.request_timeout_ms, 30_000);
        let required = [FieldName::Email, FieldName::LastName];
        assert_eq!(capability.required, required);
    }

    #[test]
    fn the_phone_and_the_level_wait_for_a_second_step() {
        let capability = capability(Duration::from_secs(30), &Levels::default());
        assert_eq!(
            capability.creates(FieldName::Phone),
            &Support::no("update-only")
        );
        assert_eq!(capability.updates(FieldName::Phone), &Support::Yes);
        let level = capability.kind(&KindName::LEVEL);
        assert_eq!(
            level.map(|kind| &kind.on_create),
            Some(&Support::no("update-only"))
        );
    }

    #[test]
    fn levels_are_listed_once_the_settings_name_them() {
        let id = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201".to_owned();
        let named = Levels::of_table(&[("Старший".to_owned(), id)].into()).unwrap_or_default();
        for (levels, support) in [
            (Levels::default(), Support::no("not-documented")),
            (named, Support::Yes),
        ] {
            let capability = capability(Duration::from_secs(30), &levels);
            let level = capability.kind(&KindName::LEVEL);
            assert_eq!(level.map(|kind| &kind.catalogue), Some(&support));
        }
    }

    #[test]
    fn closing_a_door_names_the_calls_that_are_refused_from_then_on() {
        let capability = capability(Duration::from_secs(30), &Levels::default());
        assert_eq!(
            capability.on_suspend,
            [Reason::new("calls-refused-while-suspended")]
        );
        let caveats = [Reason::new("sessions-live-on"), Reason::new("records-stay")];
        assert_eq!(capability.caveats, caveats);
    }
}
