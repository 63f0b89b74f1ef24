//! The difference between what should be held and what was seen.

use std::collections::BTreeMap;

use kadry_core::{
    Before, Capability, Change, Employee, FieldName, Fields, Grant, GrantEdit, GrantKind, Holds,
    Known, Write, same_value,
};

use super::lane::Lane;
use super::{Guard, Said};
use crate::observe::Held;

/// How grants that nobody asked for are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Surplus {
    /// They stay: nothing that the role does not speak of is touched.
    Keep,
    /// They go, because the door is about to open.
    Drop,
}

/// Adds the fields that differ and may be written.
pub(super) fn fields(
    stored: &Fields,
    employee: &Employee,
    capability: &Capability,
    change: &mut Change,
    before: &mut Before,
    lane: &mut Lane<'_>,
) {
    let whole_name = is_in_one_piece(stored, employee);
    for (field, wanted) in stored {
        if whole_name && matches!(field, FieldName::LastName | FieldName::FirstName) {
            continue;
        }
        let held = match employee.profile.get(*field) {
            Known::Value(held) if same_value(*field, held, wanted) => continue,
            Known::Value(held) => Some(held.clone()),
            Known::Empty => None,
            Known::Hidden => continue,
        };
        match capability.updates(*field).reason() {
            None => {
                change.fields.insert(*field, Some(wanted.clone()));
                before.fields.insert(*field, held);
            }
            Some(reason) => lane.say(Said::NotWritten {
                field: *field,
                reason: reason.clone(),
            }),
        }
    }
}

/// Reports whether the record holds the whole name, as it should be, in the field of the family name: some imports put it there.
fn is_in_one_piece(stored: &Fields, employee: &Employee) -> bool {
    let held = employee.profile.get(FieldName::LastName).value();
    let wanted = (
        stored.get(&FieldName::LastName),
        stored.get(&FieldName::FirstName),
    );
    let (Some(held), (Some(last), Some(first))) = (held, wanted) else {
        return false;
    };
    *employee.profile.get(FieldName::FirstName) == Known::Empty
        && same_value(FieldName::LastName, held, &format!("{last} {first}"))
}

/// Returns the change to the grants of one kind; none when nothing changes.
///
/// # Errors
///
/// A guard when a whole set would be written over what the platform does not show.
pub(super) fn grants(
    kind: &GrantKind,
    wanted: &[Grant],
    held: Option<&Held>,
    surplus: Surplus,
) -> Result<Option<GrantEdit>, Guard> {
    let held = match held {
        Some(Held::Seen(held)) => held.as_slice(),
        Some(Held::Unseen) | None
            if kind.on_update == Write::WholeSet
                && !matches!(kind.holds, Holds::One { .. })
                && !wanted.is_empty() =>
        {
            return Err(Guard::CannotSee {
                kind: kind.name.clone(),
            });
        }
        Some(Held::Unseen) | None => &[],
    };
    let has = |grants: &[Grant], grant: &Grant| grants.iter().any(|other| other.same(grant));
    let goes = |grant: &Grant| {
        !has(wanted, grant)
            && match kind.holds {
                Holds::One { .. } => !wanted.is_empty(),
                Holds::Many => surplus == Surplus::Drop,
                Holds::Values => wanted.iter().any(|wanted| wanted.names_the_same(grant)),
            }
    };
    let edit = GrantEdit {
        keep: held.iter().filter(|grant| !goes(grant)).cloned().collect(),
        add: wanted
            .iter()
            .filter(|grant| !has(held, grant))
            .cloned()
            .collect(),
        drop: held.iter().filter(|grant| goes(grant)).cloned().collect(),
    };
    Ok((!edit.is_empty()).then_some(edit))
}

/// Returns a change in which something of the same kind goes besides; none when nothing changes.
pub(super) fn without(
    edit: Option<GrantEdit>,
    held: Option<&Held>,
    gone: &[Grant],
) -> Option<GrantEdit> {
    if gone.is_empty() {
        return edit;
    }
    let mut edit = edit.unwrap_or_else(|| GrantEdit {
        keep: held.map_or(&[][..], Held::seen).to_vec(),
        ..GrantEdit::default()
    });
    edit.keep
        .retain(|kept| !gone.iter().any(|gone| gone.same(kept)));
    edit.drop.extend_from_slice(gone);
    Some(edit)
}

/// Returns the values that were asked for, in the fields that the platform takes at creation, and the rest.
pub(super) fn split_at_creation(
    stored: &Fields,
    capability: &Capability,
) -> (Fields, BTreeMap<FieldName, Option<String>>) {
    let mut first = Fields::new();
    let mut later = BTreeMap::new();
    for (field, value) in stored {
        if capability.creates(*field).is_yes() {
            first.insert(*field, value.clone());
        } else if capability.updates(*field).is_yes() {
            later.insert(*field, Some(value.clone()));
        }
    }
    (first, later)
}
