//! Looking for what a lost request did. Nothing here writes to a platform.

use kadry_core::{
    Access, Action, Capability, Change, Clock, Definition, Email, Employee, EmployeeProvider,
    EmployeeRef, Event, FieldName, Grant, KindName, Known, Look, MatchKey, NativeCall, Notice,
    ReadBy, Reshapes, Result, State, Step, Wish, every, same_value, seek,
};
use kadry_journal::{Journal, JournalError, Note, RunId};

use crate::defined::offered;
use crate::observe::{complete, table_of};

/// How far a platform's clock may be behind ours, in milliseconds.
const CLOCK_SKEW_MS: i64 = 120_000;

/// What a look showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// What to write down.
    pub(crate) event: Event,
    /// The record that the step made or was about.
    pub(crate) record: Option<EmployeeRef>,
}

impl Finding {
    pub(crate) const fn bare(event: Event) -> Self {
        Self {
            event,
            record: None,
        }
    }

    const fn done_if(done: bool) -> Self {
        Self::bare(if done {
            Event::FoundDone
        } else {
            Event::FoundUndone
        })
    }
}

/// Writes down what a look showed, and returns where the step then stands and the record that it was
/// about. None when the look failed or learnt nothing: the step stays unsure, and the next command looks again.
pub(crate) async fn write_down(
    journal: &Journal,
    run: &RunId,
    step: &Step,
    looked: Result<Option<Finding>>,
) -> Result<Option<(State, Option<EmployeeRef>)>, JournalError> {
    match looked {
        Ok(Some(Finding { event, record })) => {
            let note = Note {
                record: record.clone(),
                ..Note::default()
            };
            let state = journal.record(run, step.seq, event, &note).await?;
            Ok(Some((state, record)))
        }
        Ok(None) => Ok(None),
        Err(error) => {
            tracing::warn!(provider.id = %step.provider, run.id = %run, step.seq, error.kind = %error.kind(), "a lost step could not be looked for");
            Ok(None)
        }
    }
}

/// Whether a look waits until a lost request can no longer take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// It does, whatever the request was: what comes next may want something else.
    Always,
    /// It does, unless the same request will simply be sent again.
    IfRepeated,
    /// It does not.
    Never,
}

/// A lost step, and how to look for it.
#[derive(Debug)]
pub(crate) struct Lost<'a> {
    /// The platform.
    pub(crate) provider: &'a dyn EmployeeProvider,
    /// The step.
    pub(crate) step: &'a Step,
    /// Whose record it is about, where one is known.
    pub(crate) who: Option<&'a EmployeeRef>,
    /// When the step began, in milliseconds since the Unix epoch.
    pub(crate) began_ms: i64,
    /// The latest moment at which its request can have left: waiting in line, signing in and being
    /// told to slow down come before that.
    pub(crate) left_ms: i64,
    /// How long after the request's time-out it may still take effect, in milliseconds.
    pub(crate) margin_ms: u64,
    /// The time.
    pub(crate) clock: &'a Clock,
}

impl Lost<'_> {
    /// Looks whether the step took effect. Absence counts only after the request's time-out and a
    /// margin, seen twice; whoever does not wait for that learns nothing from the first absence.
    ///
    /// # Errors
    ///
    /// The errors of any read; then nothing is known yet.
    pub(crate) async fn look(&self, wait: Wait) -> Result<Option<Finding>> {
        let first = self.once().await?;
        if first.event != Event::FoundUndone || (wait == Wait::IfRepeated && self.is_absolute()) {
            return Ok(Some(first));
        }
        if wait == Wait::Never {
            return Ok(None);
        }
        let timeout_ms = self.provider.capability().request_timeout_ms;
        let late_ms = timeout_ms.saturating_add(self.margin_ms);
        self.clock
            .wait_until(self.left_ms.saturating_add_unsigned(late_ms))
            .await;
        Ok(Some(self.once().await?))
    }

    /// Whether the same request again comes to the same, however late the first one takes effect. A removal does not: a platform may
    /// give somebody who is let in again the same record. Nor does opening a door, which somebody may have closed by then.
    const fn is_absolute(&self) -> bool {
        match &self.step.action {
            Action::Create { .. }
            | Action::Notify { .. }
            | Action::Define { .. }
            | Action::SetAccess {
                access: Access::Open,
            }
            | Action::Remove
            | Action::Native { .. } => false,
            Action::SetAccess {
                access: Access::Suspended,
            }
            | Action::Update { .. }
            | Action::SetGrants { .. } => true,
        }
    }

    async fn once(&self) -> Result<Finding> {
        match (&self.step.action, self.who) {
            (Action::Create { wish }, _) => self.created(wish).await,
            (Action::Notify { notice }, Some(who)) => self.notified(who, notice).await,
            (Action::Update { change }, Some(who)) => {
                let employee = self.provider.get(who).await?;
                Ok(Finding::done_if(
                    employee.is_some_and(|employee| holds(&employee, change)),
                ))
            }
            (Action::SetAccess { access }, Some(who)) => {
                let employee = self.provider.get(who).await?;
                Ok(Finding::done_if(
                    employee.is_some_and(|employee| employee.access == *access),
                ))
            }
            (Action::SetGrants { kind, add, drop }, Some(who)) => {
                self.granted(who, kind, add, drop).await
            }
            (Action::Remove, Some(who)) => {
                Ok(Finding::done_if(self.provider.get(who).await?.is_none()))
            }
            (Action::Define { kind, what }, _) => self.defined(kind, what).await,
            (Action::Native { call, reshapes, .. }, _) => {
                self.called(call, reshapes.as_deref()).await
            }
            (
                Action::Update { .. }
                | Action::SetAccess { .. }
                | Action::SetGrants { .. }
                | Action::Notify { .. }
                | Action::Remove,
                _,
            ) => Ok(Finding::bare(Event::Ambiguous)),
        }
    }

    async fn called(&self, call: &NativeCall, reshapes: Option<&Reshapes>) -> Result<Finding> {
        let table = table_of(self.provider)?;
        let whole = match reshapes.and_then(Reshapes::later) {
            // It has got the id when it was sent.
            Some((argument, _)) if call.one(argument).is_some() => Some(call.clone()),
            _ => complete(self.provider, call, reshapes, &[]).await?,
        };
        // What is above it is not there, so that nothing can stand below.
        let Some(call) = &whole else {
            return Ok(Finding::bare(Event::FoundUndone));
        };
        let now = table.look(call).await?;
        let before = self.step.before.native.as_ref();
        Ok(Finding::bare(match table.stands(call, before, &now) {
            Look::Found => Event::FoundDone,
            Look::Absent => Event::FoundUndone,
            Look::CannotTell => Event::Ambiguous,
        }))
    }

    async fn defined(&self, kind: &KindName, what: &Definition) -> Result<Finding> {
        let offer = offered(self.provider, kind, what).await?;
        Ok(Finding::done_if(offer.is_some()))
    }

    /// Key and all sent fields agree: done. Only the key: a person decides. Nobody there: not done.
    async fn created(&self, wish: &Wish) -> Result<Finding> {
        let found = seek(self.provider, &keys(wish)).await?.matches;
        Ok(match found.as_slice() {
            [] => Finding::bare(Event::FoundUndone),
            [employee] if agrees(employee, wish, self.provider.capability()) => Finding {
                event: Event::FoundDone,
                record: Some(employee.at.clone()),
            },
            [employee] => Finding {
                event: Event::Ambiguous,
                record: Some(employee.at.clone()),
            },
            _ => Finding::bare(Event::Ambiguous),
        })
    }

    async fn notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Finding> {
        if !self.provider.capability().was_notified.is_yes() {
            return Ok(Finding::bare(Event::Ambiguous));
        }
        let since_ms = Some(self.began_ms.saturating_sub(CLOCK_SKEW_MS));
        let notice = Notice {
            since_ms,
            ..notice.clone()
        };
        Ok(Finding::bare(
            match self.provider.was_notified(who, &notice).await? {
                Look::Found => Event::FoundDone,
                Look::Absent => Event::FoundUndone,
                Look::CannotTell => Event::Ambiguous,
            },
        ))
    }

    async fn granted(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<Finding> {
        let rule = self.provider.capability().kind(kind);
        if rule.is_some_and(|rule| !rule.while_suspended.is_yes()) {
            let employee = self.provider.get(who).await?;
            if employee.is_some_and(|employee| employee.access == Access::Suspended) {
                // What is hidden is neither there nor gone.
                return Ok(Finding::bare(Event::Ambiguous));
            }
        }
        let held = match rule.map(|rule| rule.read) {
            Some(ReadBy::EachPerson) => self.provider.held(kind, who).await?,
            Some(ReadBy::WithEmployee) => {
                let employee = self.provider.get(who).await?;
                employee
                    .and_then(|employee| employee.granted(kind).map(<[Grant]>::to_vec))
                    .unwrap_or_default()
            }
            Some(ReadBy::Catalogue) => {
                let offers =
                    every(|from| async move { self.provider.catalogue(kind, from.as_ref()).await })
                        .await?;
                let holds = |holders: &Vec<_>| holders.contains(&who.id);
                let rows = offers
                    .into_iter()
                    .filter(|offer| offer.holders.as_ref().is_some_and(holds));
                rows.map(|offer| Grant {
                    kind: kind.clone(),
                    id: Some(offer.id),
                    name: offer.name,
                    value: None,
                })
                .collect()
            }
            None => return Ok(Finding::bare(Event::Ambiguous)),
        };
        let has = |grant: &Grant| held.iter().any(|held| held.same(grant));
        Ok(Finding::done_if(
            add.iter().all(has) && !drop.iter().any(has),
        ))
    }
}

fn keys(wish: &Wish) -> Vec<MatchKey> {
    let external_id = wish
        .fields
        .get(&FieldName::ExternalId)
        .cloned()
        .map(MatchKey::ExternalId);
    let email = wish
        .fields
        .get(&FieldName::Email)
        .map(|email| MatchKey::Email(Email::of_record(email)));
    external_id.into_iter().chain(email).collect()
}

/// Fields that the platform may keep from an earlier record of the person, such as the name that a global user chose, are not held
/// against it.
fn agrees(employee: &Employee, wish: &Wish, capability: &Capability) -> bool {
    let fields = wish
        .fields
        .iter()
        .filter(|(field, _)| capability.updates(**field).is_yes());
    let fields_agree = fields
        .into_iter()
        .all(|(field, wanted)| shows(employee, *field, Some(wanted)));
    let grants_agree = wish.grants.iter().all(|(kind, wanted)| {
        employee.granted(kind).is_none_or(|held| {
            wanted
                .iter()
                .all(|wanted| held.iter().any(|held| held.same(wanted)))
        })
    });
    fields_agree && grants_agree && employee.access == Access::Open
}

fn holds(employee: &Employee, change: &Change) -> bool {
    let fields = change
        .fields
        .iter()
        .all(|(field, wanted)| shows(employee, *field, wanted.as_ref()));
    let grants = change.grants.iter().all(|(kind, edit)| {
        employee.granted(kind).is_none_or(|held| {
            let has = |grant: &Grant| held.iter().any(|held| held.same(grant));
            edit.add.iter().all(has) && !edit.drop.iter().any(has)
        })
    });
    fields && grants
}

fn shows(employee: &Employee, field: FieldName, wanted: Option<&String>) -> bool {
    match (employee.profile.get(field), wanted) {
        (Known::Hidden, _) | (Known::Empty, None) => true,
        (Known::Value(held), Some(wanted)) => same_value(field, held, wanted),
        (Known::Value(_), None) | (Known::Empty, Some(_)) => false,
    }
}
