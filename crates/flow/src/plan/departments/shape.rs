//! What stands where while a tree is given another shape.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Branch, RemoteId};

use super::matching::Matching;
use crate::observe::Grown;

/// A department, on the platform or of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node<'a> {
    /// One that is there.
    Branch(&'a RemoteId),
    /// One that is made, by its place in the file.
    Wished(usize),
}

/// The tree of a platform when the steps that are planned so far are done.
#[derive(Debug)]
pub(super) struct Shape<'a> {
    nodes: BTreeMap<Node<'a>, (String, Option<Node<'a>>)>,
}

impl<'a> Shape<'a> {
    /// Returns the tree as it is.
    pub(super) fn of(grown: &'a Grown, matching: &Matching<'a>) -> Self {
        let node = |branch: &'a Branch| {
            let above = branch.above.as_ref().map(Node::Branch);
            (Node::Branch(&branch.id), (branch.name.clone(), above))
        };
        let mut nodes: BTreeMap<_, _> = grown.branches.iter().map(node).collect();
        // Whatever stands below something that is not shown stands at the top as far as anybody can tell.
        let known: BTreeSet<Node<'a>> = nodes.keys().copied().collect();
        for (_, above) in nodes.values_mut() {
            if above.is_some_and(|above| !known.contains(&above)) {
                *above = matching.head().map(Node::Branch);
            }
        }
        Self { nodes }
    }

    /// Returns the department above another.
    pub(super) fn above(&self, node: Node<'a>) -> Option<Node<'a>> {
        self.nodes.get(&node).and_then(|(_, above)| *above)
    }

    /// Returns the place of a department, from the top to its own name.
    pub(super) fn place(&self, node: Node<'_>) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = self.nodes.get(&node);
        while let Some((name, above)) = at.take_if(|_| names.len() <= self.nodes.len()) {
            names.push(name.clone());
            at = above.as_ref().and_then(|above| self.nodes.get(above));
        }
        names.reverse();
        names
    }

    /// Reports whether a department is another one or somewhere below it.
    pub(super) fn is_within(&self, node: Node<'_>, other: Node<'_>) -> bool {
        let mut at = Some(node);
        for _ in 0..=self.nodes.len() {
            match at {
                Some(node) if node == other => return true,
                Some(node) => at = self.nodes.get(&node).and_then(|(_, above)| *above),
                None => return false,
            }
        }
        false
    }

    /// Reports whether anything stands below a department.
    pub(super) fn has_below(&self, node: Node<'_>) -> bool {
        self.nodes.values().any(|(_, above)| *above == Some(node))
    }

    pub(super) fn make(&mut self, at: usize, name: &str, above: Option<Node<'a>>) {
        self.nodes
            .insert(Node::Wished(at), (name.to_owned(), above));
    }

    pub(super) fn shift(&mut self, node: Node<'a>, to: Option<Node<'a>>) {
        if let Some((_, above)) = self.nodes.get_mut(&node) {
            *above = to;
        }
    }

    pub(super) fn rename(&mut self, branch: &'a Branch, to: &str) {
        if let Some((name, _)) = self.nodes.get_mut(&Node::Branch(&branch.id)) {
            to.clone_into(name);
        }
    }

    pub(super) fn remove(&mut self, id: &'a RemoteId) {
        self.nodes.remove(&Node::Branch(id));
    }
}
