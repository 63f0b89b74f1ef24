//! What stops a plan. A guard that says no stops it everywhere: nothing is written.

use kadry_core::{
    Email, Employee, FieldName, KindName, Known, MatchKey, ProviderId, Reason, RemoteId, Standing,
    fold,
};

use super::Protected;

/// A guard that said no, and on which platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The platform; none when it concerns the person everywhere.
    pub provider: Option<ProviderId>,
    /// Which guard.
    pub guard: Guard,
}

/// Why nothing may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The record is the one that we work with.
    ServiceAccount,
    /// The record administers the platform.
    Administrator,
    /// The configuration says that no flow touches this person.
    Exempt,
    /// The configuration says that this person is touched only with `--privileged`.
    Privileged,
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
    /// A record cannot exist without a grant of this kind.
    Missing {
        /// Which kind.
        kind: KindName,
        /// The key of a role's section that would give it.
        role_key: &'static str,
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
        /// What was to be done: `create`, `update`, `reopen` or `suspend`.
        what: &'static str,
        /// Why.
        reason: Reason,
    },
}

impl Guard {
    /// Returns the word that JSON and the journal use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ServiceAccount => "service_account",
            Self::Administrator => "administrator",
            Self::Exempt => "exempt",
            Self::Privileged => "privileged",
            Self::SeveralMatches { .. } => "several_matches",
            Self::BelongsToAnother { .. } => "belongs_to_another",
            Self::NoKey => "no_key",
            Self::NotOffered { .. } => "not_offered",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Missing { .. } => "missing",
            Self::OnlyOne { .. } => "only_one",
            Self::NoSuchKind { .. } => "no_such_kind",
            Self::CannotSee { .. } => "cannot_see",
            Self::BadValue { .. } => "bad_value",
            Self::Impossible { .. } => "impossible",
        }
    }
}

/// Guards that concern the person everywhere.
pub(super) fn person(keys: &[MatchKey], protected: &Protected, privileged: bool) -> Vec<Refused> {
    let is_in = |list: &[Email]| {
        keys.iter().any(|key| match key {
            MatchKey::Email(email) => list.contains(email),
            MatchKey::ExternalId(_) => false,
        })
    };
    let mut guards = Vec::new();
    if is_in(&protected.exempt) {
        guards.push(Guard::Exempt);
    }
    if is_in(&protected.privileged) && !privileged {
        guards.push(Guard::Privileged);
    }
    guards
        .into_iter()
        .map(|guard| Refused {
            provider: None,
            guard,
        })
        .collect()
}

/// Returns the one record that matches, if there is one.
///
/// # Errors
///
/// The guards that forbid to touch it, or to guess between several.
pub(crate) fn the_one<'a>(
    standing: &Standing,
    matches: &'a [Employee],
    privileged: bool,
) -> Result<Option<&'a Employee>, Vec<Guard>> {
    let employee = match matches {
        [] => return Ok(None),
        [employee] => employee,
        several => {
            return Err(vec![Guard::SeveralMatches {
                records: several.iter().map(|one| one.at.id.clone()).collect(),
            }]);
        }
    };
    if standing
        .own
        .as_ref()
        .is_some_and(|own| own.id == employee.at.id)
    {
        return Err(vec![Guard::ServiceAccount]);
    }
    if employee.marks.administrator == Known::Value(true) && !privileged {
        return Err(vec![Guard::Administrator]);
    }
    Ok(Some(employee))
}

/// Says no when the record carries another external id than the one that was given.
pub(super) fn same_person(employee: &Employee, external_id: Option<&String>) -> Option<Guard> {
    let given = external_id?;
    let carried = employee.profile.get(FieldName::ExternalId).value()?;
    (fold(carried) != fold(given)).then(|| Guard::BelongsToAnother {
        record: employee.at.id.clone(),
    })
}
