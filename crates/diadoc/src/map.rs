//! Wire to core and back. Pure.

use std::collections::BTreeMap;

use kadry_core::{
    Access, Change, Employee, EmployeeRef, Error, ErrorKind, FieldName, Fields, Grant, GrantEdit,
    KindName, Known, Marks, MatchKey, Profile, RemoteId, Result, Review, Wish,
};

use crate::names::{ACTIONS, LEVELS, NARROWEST_LEVEL, SELECTED_DEPARTMENTS, SIGNING};
use crate::review::review;
use crate::wire::Action;
use crate::wire::employee as wire;

/// The name that the vendor's pages give to the head department.
pub(crate) const HEAD_DEPARTMENT_NAME: &str = "Головное подразделение";

/// Returns a refusal to do what the platform cannot, before any request leaves.
pub(crate) fn unsupported(key: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, "the platform cannot do this").with("reason", key)
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

/// Returns a record as read.
pub(crate) fn employee(row: &wire::Employee) -> Employee {
    Employee {
        at: EmployeeRef {
            id: RemoteId::new(&row.user.user_id),
            // The id of an unregistered user changes when they register.
            // https://developer.kontur.ru/doc/diadoc-api, UserV2. Checked 2026-11.
            settled: row.user.is_registered == Some(true),
            keys: row.login().into_iter().map(MatchKey::Email).collect(),
        },
        profile: profile(row),
        access: if row.blocked() {
            Access::Suspended
        } else {
            Access::Open
        },
        marks: Marks {
            administrator: known(row.administrator()),
            signer: known(row.permissions.as_ref().map(signs)),
            registered: known(row.user.is_registered),
            automaton: false,
        },
        grants: grants(row),
    }
}

fn known<T>(value: Option<T>) -> Known<T> {
    value.map_or(Known::Hidden, Known::Value)
}

/// Reports whether a right is among those given.
pub(crate) fn may(actions: &[Action], name: &str) -> bool {
    actions
        .iter()
        .any(|action| action.name == name && action.allowed())
}

fn signs(permissions: &wire::Permissions) -> bool {
    // Госключ signs with a certificate of the person's own, and what it signs binds the organisation all the same.
    SIGNING.iter().any(|right| may(&permissions.actions, right))
}

fn profile(row: &wire::Employee) -> Profile {
    let profile = Profile::default()
        .with(FieldName::Email, Known::text(row.user.login.as_deref()))
        .with(FieldName::Title, Known::text(row.position.as_deref()));
    match &row.user.full_name {
        None => profile,
        Some(name) => profile
            .with(FieldName::LastName, Known::text(name.last_name.as_deref()))
            .with(
                FieldName::FirstName,
                Known::text(name.first_name.as_deref()),
            )
            .with(
                FieldName::MiddleName,
                Known::text(name.middle_name.as_deref()),
            ),
    }
}

fn grants(row: &wire::Employee) -> BTreeMap<KindName, Known<Vec<Grant>>> {
    let Some(permissions) = &row.permissions else {
        return BTreeMap::new();
    };
    let place = text(permissions.user_department_id.as_deref())
        .map(|id| department(KindName::DEPARTMENT, id));
    let seen = permissions
        .selected_department_ids
        .iter()
        .filter_map(|id| text(Some(id)))
        .map(|id| department(KindName::SEEN_DEPARTMENT, id));
    let level = text(permissions.document_access_level.as_deref())
        .map(|level| Grant::with_id(KindName::ACCESS_LEVEL, level, level));
    let rights: Vec<_> = permissions
        .actions
        .iter()
        .filter(|action| action.allowed())
        .map(|action| Grant::with_id(KindName::PERMISSION, &action.name, &action.name))
        .collect();
    BTreeMap::from([
        (KindName::DEPARTMENT, known(place.map(|grant| vec![grant]))),
        (
            KindName::ACCESS_LEVEL,
            known(level.map(|grant| vec![grant])),
        ),
        (KindName::SEEN_DEPARTMENT, Known::Value(seen.collect())),
        (KindName::PERMISSION, Known::Value(rights)),
    ])
}

/// Returns a trimmed text, or none for a blank one.
fn text(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Returns a department of a record, which names it by id alone: its name is then that id.
fn department(kind: KindName, id: &str) -> Grant {
    let id = id.to_lowercase();
    let name = if id == wire::HEAD_DEPARTMENT {
        HEAD_DEPARTMENT_NAME
    } else {
        id.as_str()
    };
    Grant::with_id(kind, id.as_str(), name)
}

/// Returns the body that makes a record.
pub(crate) fn new_employee(wish: &Wish) -> Result<wire::EmployeeToCreate> {
    let Review {
        mut stored,
        refused,
        ..
    } = review(wish);
    let (Some(login), true) = (stored.remove(&FieldName::Email), refused.is_empty()) else {
        return Err(invalid("a record needs a login that is an e-mail address"));
    };
    for kind in wish.grants.keys() {
        if !written_with_record(kind) {
            return Err(unsupported("written-by-itself"));
        }
    }
    let asked = |kind: &KindName| wish.grants.get(kind).map_or(&[][..], Vec::as_slice);
    let seen = asked(&KindName::SEEN_DEPARTMENT).iter().map(department_id);
    let seen: Vec<String> = seen.collect::<Result<_>>()?;
    let level = match only(asked(&KindName::ACCESS_LEVEL))? {
        Some(grant) => level(grant)?,
        // Nothing else would let a list of departments mean anything.
        None if !seen.is_empty() => SELECTED_DEPARTMENTS.to_owned(),
        None => NARROWEST_LEVEL.to_owned(),
    };
    fits(&level, &seen)?;
    Ok(wire::EmployeeToCreate {
        position: stored.remove(&FieldName::Title),
        credentials: wire::Credentials {
            login: wire::ByLogin {
                login,
                full_name: full_name(stored)?,
            },
        },
        can_be_invited_for_chat: false,
        permissions: wire::FullPermissions {
            user_department_id: match only(asked(&KindName::DEPARTMENT))? {
                Some(grant) => department_id(grant)?,
                None => wire::HEAD_DEPARTMENT.to_owned(),
            },
            is_administrator: false,
            document_access_level: level,
            selected_department_ids: seen,
            actions: every_action(asked(&KindName::PERMISSION)),
        },
    })
}

fn written_with_record(kind: &KindName) -> bool {
    [
        KindName::DEPARTMENT,
        KindName::ACCESS_LEVEL,
        KindName::SEEN_DEPARTMENT,
        KindName::PERMISSION,
    ]
    .contains(kind)
}

fn full_name(mut stored: Fields) -> Result<Option<wire::FullName>> {
    let last_name = stored.remove(&FieldName::LastName);
    let first_name = stored.remove(&FieldName::FirstName);
    let middle_name = stored.remove(&FieldName::MiddleName);
    match (&last_name, &first_name, &middle_name) {
        (None, None, None) => Ok(None),
        (Some(_), Some(_), _) => Ok(Some(wire::FullName {
            last_name,
            first_name,
            middle_name,
        })),
        _ => Err(invalid("a name needs both the last and the first name")),
    }
}

/// Returns the only grant of a kind of which there is one.
fn only(grants: &[Grant]) -> Result<Option<&Grant>> {
    match grants {
        [] => Ok(None),
        [grant] => Ok(Some(grant)),
        [_, _, ..] => Err(invalid("a record has one grant of this kind, not several")),
    }
}

fn department_id(grant: &Grant) -> Result<String> {
    match &grant.id {
        Some(id) => Ok(id.as_str().to_owned()),
        None => Err(invalid("a department is given by its id")),
    }
}

fn level(grant: &Grant) -> Result<String> {
    let level = name(grant);
    if LEVELS.contains(&level) {
        return Ok(level.to_owned());
    }
    Err(unsupported("level-not-offered").with("level", level))
}

/// Refuses a level and a list of departments that do not go together. What the platform makes of them is not documented.
fn fits(level: &str, seen: &[String]) -> Result<()> {
    match (level == SELECTED_DEPARTMENTS, seen.is_empty()) {
        (true, true) => Err(level_needs_departments()),
        (false, false) => Err(invalid(
            "departments to see need the access level SelectedDepartments",
        )
        .with("reason", "departments-need-level")),
        (true, false) | (false, true) => Ok(()),
    }
}

/// Returns the error about an access level that lacks its list of departments.
fn level_needs_departments() -> Error {
    invalid("the access level SelectedDepartments needs the departments to see")
        .with("reason", "level-needs-departments")
}

/// Returns the name that goes to the wire.
pub(crate) fn name(grant: &Grant) -> &str {
    grant.id.as_ref().map_or(&grant.name, |id| id.as_str())
}

/// Names every right, because what the platform makes of an absent one is not documented.
fn every_action(asked: &[Grant]) -> Vec<Action> {
    let is_asked = |known: &str| asked.iter().any(|grant| name(grant) == known);
    let known = ACTIONS
        .iter()
        .map(|known| Action::new(*known, is_asked(known)));
    let others = asked
        .iter()
        .map(name)
        .filter(|name| !ACTIONS.contains(name))
        .map(|other| Action::new(other, true));
    known.chain(others).collect()
}

/// Returns the body that changes a record: only what changes.
pub(crate) fn patch(change: &Change) -> Result<wire::EmployeeToUpdate> {
    let mut body = wire::EmployeeToUpdate::default();
    for (field, value) in &change.fields {
        match (field, value) {
            (FieldName::Title, Some(title)) if !title.trim().is_empty() => {
                body.position = Some(wire::PositionPatch {
                    position: title.clone(),
                });
            }
            (FieldName::Title, _) => return Err(unsupported("not-documented")),
            _ => return Err(unsupported("no-such-field").with("field", field)),
        }
    }
    let mut permissions = wire::PermissionsPatch::default();
    let mut touched = false;
    for (kind, edit) in change.grants.iter().filter(|(_, edit)| !edit.is_empty()) {
        touched = true;
        edit_permissions(&mut permissions, kind, edit)?;
    }
    if let Some(level) = &permissions.document_access_level {
        let level = level.document_access_level.as_str();
        let edit = change.grants.get(&KindName::SEEN_DEPARTMENT);
        match edit.map(seen).transpose()? {
            Some(seen) if level == SELECTED_DEPARTMENTS => {
                fits(level, &seen)?;
                permissions.selected_departments = Some(wire::SelectedPatch {
                    selected_department_ids: seen,
                });
            }
            // What stays of an old list means nothing any more; what is added would not either.
            Some(seen) if edit.is_some_and(|edit| !edit.add.is_empty()) => fits(level, &seen)?,
            Some(_) | None => {}
        }
    }
    body.permissions = touched.then_some(permissions);
    Ok(body)
}

fn seen(edit: &GrantEdit) -> Result<Vec<String>> {
    edit.whole().map(department_id).collect()
}

/// Reports whether a change gives the access level that needs a list of departments, and leaves the list to be found out.
///
/// Both go in one call. <https://developer.kontur.ru/doc/diadoc-api>, `UpdateEmployee`. Checked 2026-11.
pub(crate) fn lacks_departments(body: &wire::EmployeeToUpdate) -> bool {
    body.permissions.as_ref().is_some_and(|permissions| {
        let level = permissions.document_access_level.as_ref();
        level.is_some_and(|level| level.document_access_level == SELECTED_DEPARTMENTS)
            && permissions.selected_departments.is_none()
    })
}

/// Puts the departments that a record shows as selected beside the access level that needs them.
pub(crate) fn keep_departments(
    body: &mut wire::EmployeeToUpdate,
    row: &wire::Employee,
) -> Result<()> {
    if row.selected().is_empty() {
        return Err(level_needs_departments());
    }
    if let Some(permissions) = &mut body.permissions {
        permissions.selected_departments = Some(wire::SelectedPatch {
            selected_department_ids: row.selected().to_vec(),
        });
    }
    Ok(())
}

fn edit_permissions(
    permissions: &mut wire::PermissionsPatch,
    kind: &KindName,
    edit: &GrantEdit,
) -> Result<()> {
    let replaced = || only(&edit.add)?.ok_or_else(|| invalid("a grant of this kind is required"));
    if *kind == KindName::DEPARTMENT {
        permissions.department = Some(wire::DepartmentPatch {
            department_id: department_id(replaced()?)?,
        });
    } else if *kind == KindName::ACCESS_LEVEL {
        permissions.document_access_level = Some(wire::LevelPatch {
            document_access_level: level(replaced()?)?,
        });
    } else if *kind == KindName::SEEN_DEPARTMENT {
        permissions.selected_departments = Some(wire::SelectedPatch {
            selected_department_ids: seen(edit)?,
        });
    } else if *kind == KindName::PERMISSION {
        let given = edit.add.iter().map(|grant| Action::new(name(grant), true));
        let taken = edit
            .drop
            .iter()
            .map(|grant| Action::new(name(grant), false));
        permissions.actions = given.chain(taken).collect();
    } else {
        return Err(unsupported("written-by-itself"));
    }
    Ok(())
}

/// Returns the body that opens or closes the door.
pub(crate) fn door(access: Access) -> wire::EmployeeToUpdate {
    wire::EmployeeToUpdate {
        permissions: Some(wire::PermissionsPatch {
            authorization_permission: Some(wire::AuthorizationPatch {
                is_blocked: access == Access::Suspended,
            }),
            ..wire::PermissionsPatch::default()
        }),
        position: None,
    }
}

#[cfg(test)]
mod tests;
