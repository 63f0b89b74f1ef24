//! What stops a plan. A guard that says no stops it everywhere: nothing is written.

use std::borrow::Cow;
use std::collections::BTreeSet;

use kadry_core::{
    Access, Brake, Email, Employee, FieldName, Fields, KindName, Known, MatchKey, ProviderId,
    Reason, RemoteId, Standing, fold,
};

use serde::{Deserialize, Serialize};

use super::brakes::Window;
use super::{BranchFault, Protected};
use crate::observe::Here;
use crate::powers::Powers;

/// A guard that said no, and on which platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The platform; none when it concerns the person everywhere.
    pub provider: Option<ProviderId>,
    /// Which guard.
    pub guard: Guard,
}

/// Why nothing may be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guard {
    /// The record is the one that we work with.
    ServiceAccount,
    /// The record administers the platform.
    Administrator,
    /// Nobody else who is let in and has registered administers the platform, the service account left aside.
    LastAdministrator,
    /// Nobody else who is let in and has registered may sign there, the service account left aside.
    LastSigner,
    /// The one who should come into what the leaver alone keeps is not there, or cannot come in.
    NoSuccessor {
        /// How many records match.
        records: Vec<RemoteId>,
        /// Whether the one record that matches is suspended.
        suspended: bool,
    },
    /// The successor is the leaver.
    OwnSuccessor,
    /// The platform would refuse a grant.
    BadGrant {
        /// Which kind.
        kind: KindName,
        /// The grant as the role names it.
        name: String,
        /// Why.
        reason: Reason,
    },
    /// A right of ours is missing to give what the role asks for.
    CannotGrant {
        /// Which kind.
        kind: KindName,
        /// Which right.
        reason: Reason,
    },
    /// The successor has no record on any platform.
    UnknownSuccessor,
    /// More people would be concerned than may be.
    OverLimit {
        /// By which kind of change.
        brake: Brake,
        /// In which window.
        window: Window,
        /// How many may be.
        limit: u32,
        /// How many it would be.
        people: u32,
    },
    /// The record is suspended, and nobody said that people are let in again.
    Suspended {
        /// The record.
        record: RemoteId,
    },
    /// The store knows the person behind the e-mail by another external id.
    KnownByAnotherId {
        /// By which one.
        known: String,
    },
    /// The configuration says that no flow touches this person.
    Exempt,
    /// The configuration says that this person is touched only with `--privileged`.
    Privileged,
    /// A change of a thing concerns somebody who may not be touched.
    Concerns {
        /// Whom.
        who: String,
        /// Why they may not be touched.
        guard: Box<Self>,
    },
    /// More than one record matches.
    SeveralMatches {
        /// Their ids.
        records: Vec<RemoteId>,
    },
    /// The record that matches carries another external id.
    BelongsToAnother {
        /// The record.
        record: RemoteId,
    },
    /// The platform matches people by a key that was not given.
    NoKey,
    /// A record that was this person's carries none of the person's keys any more.
    Strayed {
        /// The record.
        record: RemoteId,
    },
    /// A record matches only by a key that the person had earlier.
    OldAlias {
        /// The record.
        record: RemoteId,
    },
    /// What the role asks for does not exist there.
    NotOffered {
        /// Which kind.
        kind: KindName,
        /// The name that was asked for.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// What the role asks for exists several times.
    Ambiguous {
        /// Which kind.
        kind: KindName,
        /// The name that was asked for.
        name: String,
        /// The paths that carry it.
        paths: Vec<String>,
    },
    /// A record cannot be made without a value of this field.
    MissingField {
        /// Which field.
        field: FieldName,
    },
    /// A record has to be made of somebody who changes places, and nobody knows a value without which that cannot be.
    NotKnown {
        /// Which field.
        field: FieldName,
    },
    /// A record cannot exist without a grant of this kind.
    Missing {
        /// Which kind.
        kind: KindName,
        /// The key of a role's section that would give it.
        role_key: Cow<'static, str>,
    },
    /// An employee has at most one grant of this kind.
    OnlyOne {
        /// Which kind.
        kind: KindName,
    },
    /// The role speaks of something that this platform does not have.
    NoSuchKind {
        /// The key in the role's section.
        key: String,
        /// The nearest key that exists.
        nearest: Option<String>,
    },
    /// The platform does not show what would have to be replaced as a whole.
    CannotSee {
        /// Which kind.
        kind: KindName,
    },
    /// The platform would refuse a value.
    BadValue {
        /// Which field.
        field: FieldName,
        /// Why.
        reason: Reason,
    },
    /// The platform or our rights there do not allow it at all.
    Impossible {
        /// What was to be done: `create`, `update`, `reopen`, `suspend` or `welcome`.
        what: Cow<'static, str>,
        /// Why.
        reason: Reason,
    },
    /// A department of the file cannot be told apart there, or cannot stand where it should.
    Department {
        /// The line of the file.
        line: u32,
        /// Its place, as the file has it.
        place: String,
        /// What is wrong.
        fault: BranchFault,
    },
}

impl Guard {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ServiceAccount => "service_account",
            Self::Administrator => "administrator",
            Self::LastAdministrator => "last_administrator",
            Self::LastSigner => "last_signer",
            Self::NoSuccessor { .. } => "no_successor",
            Self::OwnSuccessor => "own_successor",
            Self::BadGrant { .. } => "bad_grant",
            Self::CannotGrant { .. } => "cannot_grant",
            Self::UnknownSuccessor => "unknown_successor",
            Self::OverLimit { .. } => "over_limit",
            Self::Suspended { .. } => "suspended",
            Self::KnownByAnotherId { .. } => "known_by_another_id",
            Self::Exempt => "exempt",
            Self::Privileged => "privileged",
            Self::Concerns { .. } => "concerns",
            Self::SeveralMatches { .. } => "several_matches",
            Self::BelongsToAnother { .. } => "belongs_to_another",
            Self::NoKey => "no_key",
            Self::Strayed { .. } => "strayed",
            Self::OldAlias { .. } => "old_alias",
            Self::NotOffered { .. } => "not_offered",
            Self::Ambiguous { .. } => "ambiguous",
            Self::MissingField { .. } => "missing_field",
            Self::NotKnown { .. } => "not_known",
            Self::Missing { .. } => "missing",
            Self::OnlyOne { .. } => "only_one",
            Self::NoSuchKind { .. } => "no_such_kind",
            Self::CannotSee { .. } => "cannot_see",
            Self::BadValue { .. } => "bad_value",
            Self::Impossible { .. } => "impossible",
            Self::Department { .. } => "department",
        }
    }
}

/// What allows and forbids to touch a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) protected: &'a Protected,
    /// Whether administrators and protected people may be touched.
    pub(crate) privileged: bool,
}

impl Rules<'_> {
    /// Returns the guards that forbid to touch whoever carries one of these keys.
    pub(super) fn forbid(&self, keys: &[MatchKey]) -> Vec<Guard> {
        let is_in = |list: &[Email]| {
            keys.iter().any(|key| match key {
                MatchKey::Email(email) => list.contains(email),
                MatchKey::ExternalId(_) => false,
            })
        };
        let mut guards = Vec::new();
        if is_in(&self.protected.exempt) {
            guards.push(Guard::Exempt);
        }
        if is_in(&self.protected.privileged) && !self.privileged {
            guards.push(Guard::Privileged);
        }
        guards
    }
}

/// Returns the one record that matches, if there is one.
///
/// # Errors
///
/// The guards that forbid to touch it, or to guess whose it is.
fn the_one<'a>(
    standing: &Standing,
    matches: &'a [Employee],
    doubtful: &[RemoteId],
    rules: Rules<'_>,
) -> Result<Option<&'a Employee>, Vec<Guard>> {
    let employee = match matches {
        [] => return Ok(None),
        [employee] => employee,
        several => {
            let records = several.iter().map(|one| one.at.id.clone()).collect();
            return Err(vec![Guard::SeveralMatches { records }]);
        }
    };
    if standing
        .own
        .as_ref()
        .is_some_and(|own| own.id == employee.at.id)
    {
        return Err(vec![Guard::ServiceAccount]);
    }
    let mut guards = rules.forbid(&employee.at.keys);
    if doubtful.contains(&employee.at.id) {
        guards.push(Guard::OldAlias {
            record: employee.at.id.clone(),
        });
    }
    if employee.marks.administrator == Known::Value(true) && !rules.privileged {
        guards.push(Guard::Administrator);
    }
    if guards.is_empty() {
        Ok(Some(employee))
    } else {
        Err(guards)
    }
}

/// Says no when a door would close behind the last one who administers the platform or signs there.
pub(crate) fn the_last(
    standing: &Standing,
    employee: &Employee,
    others: &[Employee],
) -> Option<Guard> {
    the_last_with(standing, employee, others, Powers::ALL)
}

/// Says no when nobody else would have what somebody loses.
pub(crate) fn the_last_with(
    standing: &Standing,
    employee: &Employee,
    others: &[Employee],
    lost: Powers,
) -> Option<Guard> {
    let own = standing.own.as_ref().map(|own| &own.id);
    let can_act = |other: &&Employee| {
        other.access == Access::Open
            && other.marks.registered != Known::Value(false)
            && Some(&other.at.id) != own
            && other.at.id != employee.at.id
    };
    let is = |mark: &Known<bool>| *mark == Known::Value(true);
    let mut able = others.iter().filter(can_act);
    if employee.access == Access::Suspended {
        None
    } else if lost.administering
        && is(&employee.marks.administrator)
        && !able.clone().any(|other| is(&other.marks.administrator))
    {
        Some(Guard::LastAdministrator)
    } else if lost.signing
        && is(&employee.marks.signer)
        && !able.any(|other| is(&other.marks.signer))
    {
        Some(Guard::LastSigner)
    } else {
        None
    }
}

/// Returns the one record of a platform that matches, if there is one and nobody has to guess.
///
/// # Errors
///
/// As [`the_one`], and for a platform on which absence is not proven.
pub(crate) fn the_one_here<'a>(
    here: &'a Here,
    keys: &[MatchKey],
    rules: Rules<'_>,
) -> Result<Option<&'a Employee>, Vec<Guard>> {
    let found = the_one(&here.standing, &here.matches, &here.doubtful, rules)?;
    if found.is_none() {
        if let Some(strayed) = &here.strayed {
            let record = strayed.at.id.clone();
            return Err(vec![Guard::Strayed { record }]);
        }
        if !keys.is_empty() && !here.provider.capability().matches_by(keys) {
            return Err(vec![Guard::NoKey]);
        }
    }
    Ok(found)
}

/// Says no when the record is somebody else's: it carries another external id than the one that was given, or the same one under
/// another e-mail and a name that has no word in common.
pub(super) fn same_person(employee: &Employee, given: &Fields) -> Option<Guard> {
    let external_id = given.get(&FieldName::ExternalId)?;
    let carried = employee.profile.get(FieldName::ExternalId).value()?;
    let record = employee.at.id.clone();
    let somebody_else = if fold(carried) == fold(external_id) {
        has_another_email(employee, given) && has_another_name(employee, given)
    } else {
        true
    };
    somebody_else.then_some(Guard::BelongsToAnother { record })
}

fn has_another_email(employee: &Employee, given: &Fields) -> bool {
    let carried = employee.profile.get(FieldName::Email).value();
    let given = given.get(&FieldName::Email);
    given
        .zip(carried)
        .is_some_and(|(given, carried)| Email::of_record(given) != Email::of_record(carried))
}

fn has_another_name(employee: &Employee, given: &Fields) -> bool {
    let parts = [FieldName::LastName, FieldName::FirstName].map(|field| given.get(&field));
    let words = |text: &str| text.split_whitespace().map(fold).collect::<BTreeSet<_>>();
    let given: BTreeSet<String> = parts
        .into_iter()
        .flatten()
        .flat_map(|part| words(part))
        .collect();
    let carried = words(&employee.profile.full_name());
    !given.is_empty() && !carried.is_empty() && given.is_disjoint(&carried)
}
