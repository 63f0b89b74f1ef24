//! What looking one of many up shows.

use kadry_core::{EmployeeRef, Error, MatchKey, ProviderId};
use kadry_journal::{Acquaintance, JournalError, Link, PersonId, StepError};

use super::Why;
use crate::error::FlowError;
use crate::intent::Intent;
use crate::observe::{Hint, Snapshot, Sought};
use crate::organisation::Prepared;
use crate::plan::{Guard, Plan, Refused, Remark, Said};

/// What looking one person up showed.
#[derive(Debug)]
pub(super) struct Looked {
    /// Who it is, as far as the store tells.
    pub(super) person: Option<PersonId>,
    pub(super) snapshot: Snapshot,
    pub(super) aliases: Vec<MatchKey>,
    pub(super) hints: Vec<Hint>,
    pub(super) plan: Result<Plan, Why>,
    /// Whether only the doors are planned.
    pub(super) doors_first: bool,
}

impl Default for Looked {
    fn default() -> Self {
        Self {
            person: None,
            snapshot: Snapshot::default(),
            aliases: Vec::new(),
            hints: Vec::new(),
            plan: Ok(Plan::default()),
            doors_first: false,
        }
    }
}

impl Looked {
    pub(super) fn refused(why: Why) -> Self {
        Self {
            plan: Err(why),
            ..Self::default()
        }
    }

    /// Of a line that cannot be read, with what the store knows of the person.
    pub(super) fn unread(known: Acquaintance) -> Self {
        Self {
            aliases: known.aliases,
            hints: known.links.into_iter().map(hint).collect(),
            ..Self::default()
        }
    }

    /// Of a record whose platform does not say whose it is.
    pub(super) fn silent(provider: ProviderId, source: Option<Error>) -> Self {
        let remark = source.map(|error| Remark {
            provider,
            what: Said::Silent {
                error: StepError::from(&error),
            },
        });
        let plan = Plan {
            remarks: remark.into_iter().collect(),
            ..Plan::default()
        };
        Self {
            plan: Ok(plan),
            ..Self::default()
        }
    }

    /// Of what preparing somebody's flow came to.
    ///
    /// # Errors
    ///
    /// What stops everybody.
    pub(super) fn by(prepared: Result<Prepared, FlowError>) -> Result<Self, FlowError> {
        match prepared {
            Ok(prepared) => Ok(Self {
                person: prepared.person,
                aliases: prepared.sought.remembered,
                hints: prepared.sought.hints,
                snapshot: prepared.snapshot,
                plan: Ok(prepared.plan),
                doors_first: prepared.doors_first,
            }),
            Err(FlowError::Refused(refused)) => Ok(Self::refused(Why::Guards(refused))),
            Err(FlowError::Journal(JournalError::Claimed { .. })) => Ok(Self::refused(Why::AtWork)),
            Err(FlowError::Journal(JournalError::TwoPeople)) => Ok(Self::refused(Why::TwoPeople)),
            // Who is nowhere has nothing left to lose.
            Err(FlowError::KnownNowhere | FlowError::NoSuchRecord { source: None, .. }) => {
                Ok(Self::default())
            }
            Err(FlowError::NoSuchRecord { provider, source }) => Ok(Self::silent(provider, source)),
            Err(error) => Err(error),
        }
    }

    /// Of a person who goes by another external id than the one that was given.
    pub(super) fn of_another_id(intent: &Intent, sought: &Sought) -> Option<Self> {
        let guard = goes_by_another_id(intent, &sought.remembered)?;
        let refused = Refused {
            provider: None,
            guard,
        };
        Some(Self {
            aliases: sought.remembered.clone(),
            hints: sought.hints.clone(),
            ..Self::refused(Why::Guards(vec![refused]))
        })
    }
}

/// Returns where a link says that somebody was seen.
pub(crate) fn hint(link: Link) -> Hint {
    Hint {
        provider: link.provider,
        tenant: link.tenant,
        who: link.who,
    }
}

/// Returns how to look for a person of whom this is known.
pub(crate) fn sought(intent: &Intent, known: Acquaintance) -> Sought {
    let hints = known.links.into_iter().map(hint);
    Sought {
        keys: intent.keys(),
        remembered: known.aliases,
        hints: hints.collect(),
        named: None,
        successor: None,
    }
}

/// Says no when the person behind the e-mail goes by another external id: addresses pass from one to the next.
pub(crate) fn goes_by_another_id(intent: &Intent, remembered: &[MatchKey]) -> Option<Guard> {
    let is_id = |key: &&MatchKey| matches!(key, MatchKey::ExternalId(_));
    let keys = intent.keys();
    let given = keys.iter().find(is_id)?;
    let mut known = remembered.iter().filter(is_id).peekable();
    let first = known.peek()?.to_string();
    let is_theirs = known.any(|known| known == given);
    (!is_theirs).then_some(Guard::KnownByAnotherId { known: first })
}

/// Returns the records that are the person's beyond doubt.
pub(crate) fn seen(snapshot: &Snapshot) -> Vec<(ProviderId, String, EmployeeRef)> {
    let mut seen = Vec::new();
    for (provider, here) in snapshot.here() {
        if let [employee] = here.matches.as_slice()
            && !here.doubtful.contains(&employee.at.id)
        {
            let tenant = here.standing.tenant.clone();
            seen.push((provider.clone(), tenant, employee.at.clone()));
        }
    }
    seen
}
