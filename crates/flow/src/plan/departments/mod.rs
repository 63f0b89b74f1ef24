//! Giving trees of departments the shape that was asked for: what is above comes first, and nothing is removed unasked.

mod matching;
mod shape;

use std::collections::BTreeSet;

use kadry_core::{
    Above, Action, Before, Branch, Known, Native, NativeCall, Reason, Reshape, Reshapes, Reshaping,
    Stage, Support, Target, Tree,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::matching::Matching;
use self::shape::{Node, Shape};
use super::define::SEPARATOR;
use super::lane::Lane;
use super::{Guard, Said};
use crate::intent::{Departments, Wished};
use crate::observe::{Grown, Here};

/// What is wrong with a department of the file on one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchFault {
    /// Several departments there may be the one.
    Several {
        /// Their places.
        places: Vec<String>,
    },
    /// The department of this name carries another id of the employer's own system.
    OtherId {
        /// Which one.
        external_id: String,
    },
    /// It stands below more departments than the platform allows above each other.
    TooDeep {
        /// How many those are.
        most: usize,
    },
    /// What stands above it does not come before it.
    NoParent,
}

/// Plans what gives the tree of one platform its shape.
///
/// # Errors
///
/// Every guard that says no.
pub(super) fn lane(
    asked: &Departments,
    here: &Here,
    lane: &mut Lane<'_>,
) -> Result<(), Vec<Guard>> {
    let wished = asked
        .trees
        .get(lane.provider())
        .map_or(&[][..], Vec::as_slice);
    let tree = here.provider.native().and_then(Native::tree);
    let (Some(tree), Some(grown)) = (tree, here.grown.as_ref()) else {
        lane.say(Said::NoTree);
        return Ok(());
    };
    let matching = matching::matching(wished, grown)?;
    let mut planning = Planning {
        wished,
        grown,
        tree,
        shape: Shape::of(grown, &matching),
        matching,
        lane,
    };
    if let Support::No(reason) = &grown.rules.external_ids
        && wished.iter().any(|one| one.external_id.is_some())
    {
        let reason = reason.clone();
        planning.lane.say(Said::NoExternalIds { reason });
    }
    for at in 0..wished.len() {
        planning.bring(at);
    }
    planning.clear(asked.remove_empty);
    Ok(())
}

struct Planning<'a, 'l> {
    wished: &'a [Wished],
    grown: &'a Grown,
    tree: &'a dyn Tree,
    matching: Matching<'a>,
    /// What stands where when the steps that are planned so far are done.
    shape: Shape<'a>,
    lane: &'a mut Lane<'l>,
}

impl<'a> Planning<'a, '_> {
    /// Makes one department of the file, or gives it its place, its name and its id.
    fn bring(&mut self, at: usize) {
        let Some(one) = self.wished.get(at) else {
            return;
        };
        let Some(branch) = self.matching.of(at) else {
            if !self.matching.is_head(at) {
                self.make(at, one);
            }
            return;
        };
        self.shift(at, branch);
        if !matching::is_same(&branch.name, &one.name) {
            let what = Reshape::Rename {
                of: branch,
                name: &one.name,
            };
            let name = one.name.clone();
            self.change(branch, what, Reshaping::Rename { name });
            self.shape.rename(branch, &one.name);
        }
        if let (Some(id), Known::Empty, Support::Yes) = (
            one.external_id.as_deref(),
            &branch.external_id,
            &self.grown.rules.external_ids,
        ) {
            let what = Reshape::Identify {
                of: branch,
                external_id: id,
            };
            let external_id = id.to_owned();
            self.change(branch, what, Reshaping::Identify { external_id });
        }
    }

    fn make(&mut self, at: usize, one: &Wished) {
        let above = self.matching.above(self.wished, at);
        let keeps_ids = self.grown.rules.external_ids.is_yes();
        let what = Reshape::Make {
            name: &one.name,
            above: reference(above),
            external_id: one.external_id.as_deref().filter(|_| keeps_ids),
        };
        let call = self.tree.reshape(what);
        self.shape.make(at, &one.name, above);
        let path = self.shape.place(Node::Wished(at));
        match call {
            Some(call) => {
                let none = Value::Array(Vec::new());
                self.step(call, path, Reshaping::Make, above, none);
            }
            None => self.stays(&path, "no-such-call"),
        }
    }

    /// Lets a department come to stand where the file has it.
    fn shift(&mut self, at: usize, branch: &'a Branch) {
        let above = self.matching.above(self.wished, at);
        let node = Node::Branch(&branch.id);
        if self.shape.above(node) == above {
            return;
        }
        let path = self.shape.place(node);
        let reason = match above {
            Some(above) if self.shape.is_within(above, node) => Reason::new("would-be-a-circle"),
            _ => {
                let what = Reshape::Move {
                    of: branch,
                    above: reference(above),
                };
                if let Some(call) = self.tree.reshape(what) {
                    self.shape.shift(node, above);
                    let to = self.shape.place(node);
                    let row = branch.row.clone();
                    self.step(call, path, Reshaping::Move { to }, above, row);
                    return;
                }
                let to_top = self.grown.rules.to_top.reason().cloned();
                to_top.unwrap_or_else(|| Reason::new("no-such-call"))
            }
        };
        self.lane.say(Said::StaysWhereItIs {
            kind: self.grown.rules.kind.clone(),
            place: path.join(SEPARATOR),
            reason,
        });
    }

    /// Removes what was not asked for and is empty, or says that it stays.
    fn clear(&mut self, remove: bool) {
        let kind = &self.grown.rules.kind;
        let unlisted = self.matching.unlisted(self.grown);
        let places = |shape: &Shape<'_>, of: &[&Branch]| -> Vec<String> {
            let place = |one: &&Branch| shape.place(Node::Branch(&one.id)).join(SEPARATOR);
            let mut places: Vec<String> = of.iter().map(place).collect();
            places.sort();
            places
        };
        if unlisted.is_empty() {
            return;
        }
        if !remove {
            let (kind, places) = (kind.clone(), places(&self.shape, &unlisted));
            self.lane.say(Said::Unlisted { kind, places });
            return;
        }
        if let Support::No(reason) = &self.grown.rules.remove {
            let (kind, places) = (kind.clone(), places(&self.shape, &unlisted));
            let reason = reason.clone();
            self.lane.say(Said::NotRemoved {
                kind,
                places,
                reason,
            });
            return;
        }
        // What is deepest goes first, so that what is above is empty by then.
        let mut left = unlisted;
        left.sort_by_cached_key(|one| {
            let place = self.shape.place(Node::Branch(&one.id));
            (std::cmp::Reverse(place.len()), place)
        });
        let mut full = Vec::new();
        for branch in left {
            let people = self.grown.people.as_ref();
            let is_deserted = people.is_some_and(|people| !people.contains_key(&branch.id));
            if !is_deserted || self.shape.has_below(Node::Branch(&branch.id)) {
                full.push(branch);
                continue;
            }
            self.change(branch, Reshape::Remove { of: branch }, Reshaping::Remove);
            self.shape.remove(&branch.id);
        }
        if !full.is_empty() {
            let (kind, places) = (kind.clone(), places(&self.shape, &full));
            self.lane.say(Said::NotEmpty { kind, places });
        }
    }

    fn change(&mut self, branch: &Branch, what: Reshape<'_>, does: Reshaping) {
        let path = self.shape.place(Node::Branch(&branch.id));
        match self.tree.reshape(what) {
            Some(call) => self.step(call, path, does, None, branch.row.clone()),
            None => self.stays(&path, "no-such-call"),
        }
    }

    fn stays(&mut self, path: &[String], why: &'static str) {
        self.lane.say(Said::StaysWhereItIs {
            kind: self.grown.rules.kind.clone(),
            place: path.join(SEPARATOR),
            reason: Reason::new(why),
        });
    }

    fn step(
        &mut self,
        call: NativeCall,
        path: Vec<String>,
        does: Reshaping,
        above: Option<Node<'_>>,
        before: Value,
    ) {
        let is_made = matches!(above, Some(Node::Wished(_)));
        let reshapes = Reshapes {
            kind: self.grown.rules.kind.clone(),
            does,
            path,
            above: is_made.then(|| self.grown.rules.above.to_owned()),
        };
        let person = reshapes.path.join(SEPARATOR);
        let action = Action::Native {
            // Whoever is in a department stays in it.
            brakes: BTreeSet::new(),
            concerns: BTreeSet::new(),
            call,
            reshapes: Some(Box::new(reshapes)),
        };
        let before = Before {
            native: Some(before),
            ..Before::default()
        };
        self.lane
            .step_of(&person, Stage::Native, action, &Target::Nobody, before);
    }
}

const fn reference(above: Option<Node<'_>>) -> Above<'_> {
    match above {
        None => Above::Top,
        Some(Node::Branch(id)) => Above::Of(id),
        Some(Node::Wished(_)) => Above::Made,
    }
}
