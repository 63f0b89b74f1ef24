//! What takes a change back.

use serde_json::Value;

use super::{Native, NativeCall};
use crate::capability::Reason;
use crate::provider::Look;

/// What takes a single change back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Back {
    /// The single changes that do, in this order; none where nothing does.
    pub calls: Vec<NativeCall>,
    /// What stays as the change left it all the same.
    pub stays: Vec<Reason>,
}

impl Back {
    /// Adds a single change that comes after the others.
    #[must_use]
    pub fn then(mut self, call: Option<NativeCall>) -> Self {
        self.calls.extend(call);
        self
    }

    /// Adds what stays as the change left it.
    #[must_use]
    pub fn without(mut self, stays: Option<Reason>) -> Self {
        self.stays.extend(stays);
        self
    }

    /// Returns the way back that gives everything back but these.
    #[must_use]
    pub fn except(self, members: &[&str]) -> Self {
        let stays = (!members.is_empty()).then(|| Reason::about("undo-cannot", members.join(", ")));
        self.without(stays)
    }
}

/// What a single change left undone although it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Whom or what it left out, by id.
    pub left: Vec<String>,
    /// The call that does the rest.
    pub call: NativeCall,
}

impl From<Option<NativeCall>> for Back {
    fn from(call: Option<NativeCall>) -> Self {
        Self::default().then(call)
    }
}

impl From<NativeCall> for Back {
    fn from(call: NativeCall) -> Self {
        Self::from(Some(call))
    }
}

/// What of a single change still stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StillStands {
    /// The change without what somebody has changed since; none where nothing of it stands.
    pub left: Option<NativeCall>,
    /// What somebody has changed since: the arguments that say it, each group with the change that it is alone.
    pub changed: Vec<(Vec<&'static str>, NativeCall)>,
}

impl StillStands {
    /// Returns what of a single change still stands.
    pub fn of(table: &dyn Native, call: &NativeCall, before: Option<&Value>, now: &Value) -> Self {
        if table.stands(call, before, now) == Look::Found {
            return Self {
                left: Some(call.clone()),
                changed: Vec::new(),
            };
        }
        let (mut left, mut changed, mut any) = (call.clone(), Vec::new(), false);
        let groups = table.apart(call);
        for group in groups {
            let given = group.iter().filter(|name| !call.all(name).is_empty());
            let given: Vec<&str> = given.copied().collect();
            if given.is_empty() {
                continue;
            }
            let others = groups.iter().filter(|other| *other != group);
            let alone = others.fold(call.clone(), |alone, other| without(alone, other));
            if table.stands(&alone, before, now) == Look::Found {
                any = true;
            } else {
                left = without(left, group);
                changed.push((given, alone));
            }
        }
        Self {
            left: any.then_some(left),
            changed,
        }
    }
}

/// Returns a call without these arguments.
fn without(mut call: NativeCall, names: &[&str]) -> NativeCall {
    call.arguments
        .retain(|name, _| !names.contains(&name.as_str()));
    call
}
