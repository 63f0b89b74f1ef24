//! What the steps of a lane have made, for the steps that come after them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use kadry_core::{
    Action, Before, Cursor, Definition, Employee, EmployeeProvider, EmployeeRef, Error, ErrorKind,
    FieldName, Grant, GrantEdit, KindName, Known, Offer, RemoteId, Reshaping, Result, Step, every,
    fold,
};

use crate::observe::{at_place, tree_of};

/// What one step made.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// The record, as the platform names it afterwards.
    pub(crate) record: Option<EmployeeRef>,
    /// The thing that can be granted.
    pub(crate) offer: Option<Offer>,
    /// What the step was about, as the platform's answer shows it.
    pub(crate) after: Option<Before>,
}

impl Made {
    pub(crate) fn record(employee: Employee, action: &Action) -> Self {
        Self {
            after: Some(shown(&employee, action)),
            record: Some(employee.at),
            offer: None,
        }
    }

    pub(crate) fn offer(offer: Offer) -> Self {
        Self {
            offer: Some(offer),
            ..Self::default()
        }
    }

    /// What an operation that only the platform has answered.
    pub(crate) fn native(answer: serde_json::Value) -> Self {
        let after = Before {
            native: Some(answer),
            ..Before::default()
        };
        Self {
            after: Some(after),
            ..Self::default()
        }
    }
}

/// What a record shows of what a step was about.
fn shown(employee: &Employee, action: &Action) -> Before {
    let (fields, kinds): (Vec<FieldName>, Vec<&KindName>) = match action {
        Action::Create { wish } => (
            wish.fields.keys().copied().collect(),
            wish.grants.keys().collect(),
        ),
        Action::Update { change } => (
            change.fields.keys().copied().collect(),
            change.grants.keys().collect(),
        ),
        Action::SetAccess { .. }
        | Action::SetGrants { .. }
        | Action::Define { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => (Vec::new(), Vec::new()),
    };
    let field = |field: FieldName| match employee.profile.get(field) {
        Known::Value(value) => Some((field, Some(value.clone()))),
        Known::Empty => Some((field, None)),
        Known::Hidden => None,
    };
    let held = |kind: &KindName| Some((kind.clone(), employee.granted(kind)?.to_vec()));
    let moves_the_door = matches!(action, Action::Create { .. } | Action::SetAccess { .. });
    Before {
        access: moves_the_door.then_some(employee.access),
        fields: fields.into_iter().filter_map(field).collect(),
        grants: kinds.into_iter().filter_map(held).collect(),
        native: None,
    }
}

/// The things that a lane has made so far. The steps of a plan name them without the ids that they did not have yet.
#[derive(Debug, Default)]
pub(crate) struct Defined {
    things: Vec<Thing>,
    /// The departments, by their places.
    branches: BTreeMap<Vec<String>, RemoteId>,
}

#[derive(Debug)]
struct Thing {
    kind: KindName,
    what: Definition,
    offer: Option<Offer>,
}

impl Defined {
    /// Notes that a step is done. What a look found has been made by us or by somebody else; it is not at hand then.
    pub(crate) fn note(&mut self, step: &Step, offer: Option<Offer>) {
        if let Action::Define { kind, what } = &step.action {
            self.things.push(Thing {
                kind: kind.clone(),
                what: what.clone(),
                offer,
            });
        }
    }

    /// Notes that a department was made, as the platform answered.
    pub(crate) fn note_branch(
        &mut self,
        step: &Step,
        after: Option<&Before>,
        provider: &dyn EmployeeProvider,
    ) {
        if let Action::Native {
            reshapes: Some(reshapes),
            ..
        } = &step.action
            && reshapes.does == Reshaping::Make
            && let Some(answer) = after.and_then(|after| after.native.as_ref())
            && let Some(id) = tree_of(provider).and_then(|tree| tree.made(answer))
        {
            self.branches.insert(reshapes.path.clone(), id);
        }
    }

    /// Returns a change of the tree of departments with the id of the one above it; none where it needs none.
    ///
    /// # Errors
    ///
    /// `NotFound` where the one above it was not made, and the errors of reading the tree, where it is not at hand.
    async fn below(
        &mut self,
        step: &Step,
        provider: &dyn EmployeeProvider,
    ) -> Result<Option<Step>> {
        let Action::Native {
            call,
            brakes,
            concerns,
            reshapes: Some(reshapes),
        } = &step.action
        else {
            return Ok(None);
        };
        let Some((argument, place)) = reshapes.later() else {
            return Ok(None);
        };
        let id = match (self.branches.get(place), tree_of(provider)) {
            (Some(id), _) => Some(id.clone()),
            (None, Some(tree)) => at_place(tree, place).await?,
            (None, None) => None,
        };
        let id = id.ok_or_else(|| {
            Error::new(ErrorKind::NotFound, "the department above it is not there")
        })?;
        self.branches.insert(place.to_vec(), id.clone());
        Ok(Some(Step {
            action: Action::Native {
                call: call.clone().with(argument, id.as_str()),
                brakes: brakes.clone(),
                concerns: concerns.clone(),
                reshapes: Some(reshapes.clone()),
            },
            ..step.clone()
        }))
    }

    /// Returns a step with the ids of what the lane has made.
    ///
    /// # Errors
    ///
    /// `NotFound` where a department above was not made, and the errors of reading a list, where a thing is not at hand.
    pub(crate) async fn name<'a>(
        &mut self,
        step: &'a Step,
        provider: &dyn EmployeeProvider,
    ) -> Result<Cow<'a, Step>> {
        if let Some(step) = self.below(step, provider).await? {
            return Ok(Cow::Owned(step));
        }
        let mut named = Cow::Borrowed(step);
        // What is made last is what the record gets; what was made before it is above it.
        for thing in self.things.iter_mut().rev() {
            let meant = |grant: &Grant| thing.is_meant(grant);
            if !grants(&step.action).any(meant) {
                continue;
            }
            if thing.offer.is_none() {
                thing.offer = offered(provider, &thing.kind, &thing.what).await?;
            }
            let Some(id) = thing.offer.as_ref().map(|offer| offer.id.clone()) else {
                continue;
            };
            for grant in grants_mut(&mut named.to_mut().action) {
                if thing.is_meant(grant) {
                    grant.id = Some(id.clone());
                }
            }
        }
        Ok(named)
    }
}

impl Thing {
    fn is_meant(&self, grant: &Grant) -> bool {
        let own_name = self.what.path.last().map(|name| fold(name));
        grant.id.is_none() && grant.kind == self.kind && Some(fold(&grant.name)) == own_name
    }
}

/// Returns the thing at a path. Where everything stands under one root, a path may leave it out.
///
/// # Errors
///
/// The errors of any request.
pub(crate) async fn offered(
    provider: &dyn EmployeeProvider,
    kind: &KindName,
    what: &Definition,
) -> Result<Option<Offer>> {
    let list = async |from: Option<Cursor>| provider.catalogue(kind, from.as_ref()).await;
    let offers: Vec<Offer> = every(list).await?;
    Ok(at_path(&offers, &what.path).cloned())
}

fn at_path<'a>(offers: &'a [Offer], path: &[String]) -> Option<&'a Offer> {
    let folded = |path: &[String]| path.iter().map(|part| fold(part)).collect::<Vec<_>>();
    let wanted = folded(path);
    let whole = offers.iter().find(|offer| folded(&offer.path) == wanted);
    let mut roots = offers.iter().filter(|offer| offer.path.len() == 1);
    let root = roots.next().filter(|_| roots.next().is_none());
    let below_root = || {
        let under = [folded(&root?.path), wanted.clone()].concat();
        offers.iter().find(|offer| folded(&offer.path) == under)
    };
    whole.or_else(below_root)
}

fn grants(action: &Action) -> impl Iterator<Item = &Grant> {
    let (wish, change, alone) = match action {
        Action::Create { wish } => (Some(wish), None, None),
        Action::Update { change } => (None, Some(change), None),
        Action::SetGrants { add, .. } => (None, None, Some(add)),
        Action::Define { .. }
        | Action::SetAccess { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => (None, None, None),
    };
    let with_record = wish.into_iter().flat_map(|wish| wish.grants.values());
    let changed = change.into_iter().flat_map(|change| change.grants.values());
    with_record
        .flatten()
        .chain(changed.flat_map(GrantEdit::whole))
        .chain(alone.into_iter().flatten())
}

fn grants_mut(action: &mut Action) -> Vec<&mut Grant> {
    match action {
        Action::Create { wish } => wish.grants.values_mut().flatten().collect(),
        Action::Update { change } => {
            let edits = change.grants.values_mut();
            // What was made and given by an earlier step of the lane is kept by a later one.
            edits
                .flat_map(|edit| edit.keep.iter_mut().chain(&mut edit.add))
                .collect()
        }
        Action::SetGrants { add, .. } => add.iter_mut().collect(),
        Action::Define { .. }
        | Action::SetAccess { .. }
        | Action::Notify { .. }
        | Action::Remove
        | Action::Native { .. } => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(paths: &[&[&str]]) -> Vec<Offer> {
        let offer = |path: &&[&str]| Offer {
            id: RemoteId::new(path.join("/")),
            name: path.last().copied().unwrap_or_default().to_owned(),
            path: path.iter().map(|&part| part.to_owned()).collect(),
            holders: None,
            owner: None,
            through: Vec::new(),
        };
        paths.iter().map(offer).collect()
    }

    fn found(paths: &[&[&str]], path: &[&str]) -> Option<String> {
        let path: Vec<String> = path.iter().map(|&part| part.to_owned()).collect();
        at_path(&offers(paths), &path).map(|offer| offer.id.to_string())
    }

    #[test]
    fn a_namesake_deeper_in_the_tree_is_not_the_one_that_was_made() {
        let tree: &[&[&str]] = &[&["Север"], &["Юг"], &["Север", "Учёт"]];
        assert_eq!(found(tree, &["Учёт"]), None);
        assert_eq!(
            found(tree, &["север", "учет"]),
            Some("Север/Учёт".to_owned())
        );
    }

    #[test]
    fn a_path_may_leave_out_the_one_root() {
        let tree: &[&[&str]] = &[&["Голова"], &["Голова", "Учёт"], &["Голова", "Юг", "Касса"]];
        assert_eq!(found(tree, &["Учёт"]), Some("Голова/Учёт".to_owned()));
        assert_eq!(found(tree, &["Касса"]), None);
    }
}
