//! What changes are about that only one platform has. Nothing here writes.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use kadry_core::{
    Action, Connect, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, Foresight, Look,
    Native as Table, NativeCall, ProviderId, Result, Target,
};
use serde_json::Value;

use super::complete;
use crate::intent::{Native, Undo, Undone};

/// How many are looked at at once.
const SIDE_BY_SIDE: usize = 8;

/// A single change, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single {
    /// The change, as it was planned.
    pub call: NativeCall,
    /// The change as it is sent: with the id of what is made before it.
    pub sent: NativeCall,
    /// What it is about, as it is now.
    pub now: Value,
    /// Whom it concerns, where it is about a thing.
    pub concerns: Vec<EmployeeRef>,
    /// The change that takes it back, where it is to be taken back and something does.
    pub back: Option<Box<Self>>,
}

/// Returns the operations that only this platform has.
///
/// # Errors
///
/// `Unsupported` where it has none.
pub(crate) fn table_of(provider: &dyn EmployeeProvider) -> Result<&dyn Table> {
    let none = || Error::new(ErrorKind::Unsupported, "no such operation");
    provider.native().ok_or_else(none)
}

/// Returns the single changes that a call about things stands for, and the things.
///
/// # Errors
///
/// As [`Table::resolve`], and those of reaching the platform.
pub(crate) async fn singles_of(
    connect: &dyn Connect,
    call: &NativeCall,
) -> Result<(Vec<NativeCall>, BTreeSet<String>)> {
    let provider = connect.connect(Foresight::default()).await?;
    let table = table_of(provider.as_ref())?;
    let singles = table.resolve(call).await?;
    let things = singles.iter().map(|call| table.thing(call)).collect();
    Ok((singles, things))
}

/// Returns the single changes that a call stands for, each with what it is about.
pub(super) async fn asked(
    provider: &dyn EmployeeProvider,
    native: &Native,
    matches: &[Employee],
) -> Result<Vec<Single>> {
    let table = table_of(provider)?;
    let mut call = native.call.clone();
    if let Some(name) = &native.about {
        // Of several nobody knows who is meant, and a guard says so.
        let [employee] = matches else {
            return Ok(Vec::new());
        };
        call.arguments
            .insert(name.clone(), vec![employee.at.id.to_string()]);
    }
    let singles = match &native.singles {
        Some(known) => known.clone(),
        None => table.resolve(&call).await?,
    };
    let mut seen = Vec::new();
    for some in singles.chunks(SIDE_BY_SIDE) {
        let looks = some
            .iter()
            .map(|call| look_at(table, call, native.about.is_none()));
        seen.extend(try_join_all(looks).await?);
    }
    Ok(seen)
}

/// Looks at what a change is about. Whom it concerns is asked only of a thing that it does change.
async fn look_at(table: &dyn Table, call: &NativeCall, is_of_a_thing: bool) -> Result<Single> {
    let now = table.look(call).await?;
    let concerns = if is_of_a_thing && table.stands(call, None, &now) != Look::Found {
        table.concerns(call).await?
    } else {
        Vec::new()
    };
    Ok(Single {
        call: call.clone(),
        sent: call.clone(),
        now,
        concerns,
        back: None,
    })
}

/// Returns the single changes that are to be taken back on a platform, each with what it is about and with what takes it back.
pub(super) async fn undone(
    provider: &dyn EmployeeProvider,
    undo: &Undo,
    on: &ProviderId,
) -> Result<Vec<Single>> {
    let is_native = |one: &&Undone| {
        one.step.provider == *on && matches!(one.step.action, Action::Native { .. })
    };
    let done: Vec<&Undone> = undo.done.iter().filter(is_native).collect();
    if done.is_empty() {
        return Ok(Vec::new());
    }
    let mut seen = Vec::new();
    for some in done.chunks(SIDE_BY_SIDE) {
        let looks = some.iter().map(|one| look_back(provider, one, &undo.done));
        seen.extend(try_join_all(looks).await?.into_iter().flatten());
    }
    Ok(seen)
}

async fn look_back(
    provider: &dyn EmployeeProvider,
    one: &Undone,
    done: &[Undone],
) -> Result<Option<Single>> {
    let Action::Native { call, reshapes, .. } = &one.step.action else {
        return Ok(None);
    };
    let table = table_of(provider)?;
    let Some(sent) = complete(provider, call, reshapes.as_deref(), done).await? else {
        return Ok(None);
    };
    let mut seen = Single {
        call: call.clone(),
        ..look_at(table, &sent, false).await?
    };
    let before = one.step.before.native.clone().unwrap_or_default();
    // Where the answer was lost, a look found what it would have told.
    let after = one.after.as_ref().unwrap_or(&seen.now);
    if let Some(back) = table.back(&seen.sent, &before, after) {
        let is_of_a_thing = !matches!(one.step.target, Target::Known(_));
        seen.back = Some(Box::new(look_at(table, &back, is_of_a_thing).await?));
    }
    Ok(Some(seen))
}
