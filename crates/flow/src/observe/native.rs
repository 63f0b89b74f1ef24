//! What changes are about that only one platform has. Nothing here writes.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use kadry_core::{
    Action, Back, Connect, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind, Foresight,
    Look, Native as Table, NativeCall, ProviderId, Reason, Result, StillStands, Target,
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
    /// What takes it back, where it is to be taken back.
    pub way_back: Option<Box<WayBack>>,
}

/// What takes a single change back, as far as something does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayBack {
    /// The changes that do, in order, each with what it is about.
    pub calls: Vec<Single>,
    /// What stays all the same.
    pub stays: Vec<Reason>,
    /// Whether anything of the change still stands.
    pub stands: bool,
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
    let seen = look_at_all(table, singles).await?;
    if native.singles.is_none() || native.untried {
        let mut refused = seen.iter();
        if let Some(error) = refused.find_map(|one| table.refuses(&one.call, &one.now)) {
            return Err(error);
        }
    }
    if native.about.is_some() {
        return Ok(seen);
    }
    with_concerns(table, seen, |_| true).await
}

async fn look_at_all(table: &dyn Table, calls: Vec<NativeCall>) -> Result<Vec<Single>> {
    if let Some(looks) = table.look_at_all(&calls).await? {
        let seen = calls.into_iter().zip(looks);
        return Ok(seen.map(|(call, now)| single(call, now)).collect());
    }
    let mut seen = Vec::with_capacity(calls.len());
    for some in calls.chunks(SIDE_BY_SIDE) {
        let looks = some.iter().map(|call| look_at(table, call));
        seen.extend(try_join_all(looks).await?);
    }
    Ok(seen)
}

async fn look_at(table: &dyn Table, call: &NativeCall) -> Result<Single> {
    Ok(single(call.clone(), table.look(call).await?))
}

fn single(call: NativeCall, now: Value) -> Single {
    Single {
        sent: call.clone(),
        call,
        now,
        concerns: Vec::new(),
        way_back: None,
    }
}

/// Asks whom changes of things concern, by their place in the list. A change that changes nothing concerns nobody.
async fn with_concerns(
    table: &dyn Table,
    mut seen: Vec<Single>,
    is_of_a_thing: impl Fn(usize) -> bool,
) -> Result<Vec<Single>> {
    for from in (0..seen.len()).step_by(SIDE_BY_SIDE) {
        let some = seen.iter_mut().enumerate().skip(from).take(SIDE_BY_SIDE);
        let asked = some.filter(|(at, one)| {
            is_of_a_thing(*at) && table.stands(&one.call, None, &one.now) != Look::Found
        });
        let asked = asked.map(|(_, one)| async move {
            one.concerns = table.concerns(&one.call).await?;
            Ok::<_, Error>(())
        });
        try_join_all(asked).await?;
    }
    Ok(seen)
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
    let table = table_of(provider)?;
    let mut sent = Vec::new();
    for one in done {
        let Action::Native { call, reshapes, .. } = &one.step.action else {
            continue;
        };
        let whole = complete(provider, call, reshapes.as_deref(), &undo.done).await?;
        sent.extend(whole.map(|whole| (one, call, whole)));
    }
    let calls = sent.iter().map(|(_, _, whole)| whole.clone()).collect();
    let looks = look_at_all(table, calls).await?;
    let (mut seen, mut calls, mut of_things) = (Vec::new(), Vec::new(), Vec::new());
    for ((one, call, _), look) in sent.into_iter().zip(looks) {
        let (way, more) = way_back(table, &look, one);
        seen.push((call.clone(), look, way, more.len()));
        let is_of_a_thing = !matches!(one.step.target, Target::Known(_));
        of_things.extend(more.iter().map(|_| is_of_a_thing));
        calls.extend(more);
    }
    let backs = look_at_all(table, calls).await?;
    let is_of_a_thing = |at: usize| of_things.get(at).copied().unwrap_or_default();
    let mut backs = with_concerns(table, backs, is_of_a_thing)
        .await?
        .into_iter();
    let with_calls = |(call, look, way, many)| Single {
        call,
        way_back: Some(Box::new(WayBack {
            calls: backs.by_ref().take(many).collect(),
            ..way
        })),
        ..look
    };
    Ok(seen.into_iter().map(with_calls).collect())
}

/// Returns what takes back what still stands of a change, and says what somebody has changed since.
fn way_back(table: &dyn Table, seen: &Single, one: &Undone) -> (WayBack, Vec<NativeCall>) {
    let before = one.step.before.native.as_ref();
    // Where the answer was lost, a look found what it would have told.
    let after = one.after.as_ref().unwrap_or(&seen.now);
    let standing = StillStands::of(table, &seen.sent, before, &seen.now);
    let was = before.cloned().unwrap_or_default();
    // What is as it was before is nobody's change.
    let is_back = |back: Back| {
        let mut calls = back.calls.iter();
        !back.calls.is_empty()
            && calls.all(|call| table.stands(call, None, &seen.now) == Look::Found)
    };
    let changed = standing.changed.iter();
    let changed = changed.filter(|(_, alone)| !is_back(table.back(alone, &was, after)));
    let changed: Vec<&str> = changed.flat_map(|(names, _)| names.clone()).collect();
    let stands = standing.left.is_some();
    let left = standing.left.unwrap_or_else(|| seen.sent.clone());
    let Back { calls, mut stays } = table.back(&left, &was, after);
    if stands && !changed.is_empty() {
        stays.push(Reason::about("undo-changed", changed.join(", ")));
    }
    let way = WayBack {
        calls: Vec::new(),
        stays,
        stands,
    };
    (way, calls)
}
