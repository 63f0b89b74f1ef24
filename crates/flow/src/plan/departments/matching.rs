//! Which department of a platform is which of the file.
//!
//! An id of the employer's own system says it wherever the platform keeps such ids. Else the place and the name say it, and last a name
//! that exists once on the platform and once in the file: that department has moved. Nothing else is guessed.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{Branch, Known, RemoteId, fold};

use super::super::define::SEPARATOR;
use super::BranchFault;
use super::shape::Node;
use crate::intent::Wished;
use crate::observe::Grown;
use crate::plan::Guard;

/// Which is which.
#[derive(Debug)]
pub(super) struct Matching<'a> {
    found: Vec<Option<&'a Branch>>,
    /// The one above all others, which the file may leave out.
    head: Option<&'a RemoteId>,
    /// Which of the file are the head.
    heads: BTreeSet<usize>,
}

impl<'a> Matching<'a> {
    /// Returns what a department of the file is there; none for one that is to be made, and for the head.
    pub(super) fn of(&self, at: usize) -> Option<&'a Branch> {
        self.found.get(at).copied().flatten()
    }

    /// Returns the department above all others.
    pub(super) const fn head(&self) -> Option<&'a RemoteId> {
        self.head
    }

    /// Reports whether a department of the file is the head, which nobody touches.
    pub(super) fn is_head(&self, at: usize) -> bool {
        self.heads.contains(&at)
    }

    /// Returns what a department of the file stands below.
    pub(super) fn above(&self, wished: &[Wished], at: usize) -> Option<Node<'a>> {
        let above = wished.get(at).and_then(|one| one.above);
        match above.filter(|above| !self.is_head(*above)) {
            None => self.head.map(Node::Branch),
            Some(above) => Some(match self.of(above) {
                Some(branch) => Node::Branch(&branch.id),
                None => Node::Wished(above),
            }),
        }
    }

    /// Returns the departments that the file does not have.
    pub(super) fn unlisted(&self, grown: &'a Grown) -> Vec<&'a Branch> {
        let known: BTreeSet<&RemoteId> = self.found.iter().flatten().map(|one| &one.id).collect();
        let is_known = |one: &&Branch| known.contains(&one.id) || Some(&one.id) == self.head;
        let all = grown.branches.iter();
        all.filter(|one| !is_known(one)).collect()
    }
}

/// Reports whether two names are one.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    fold(one) == fold(other)
}

/// Says which is which.
///
/// # Errors
///
/// A guard for each department that cannot be told apart, or stands too deep.
pub(super) fn matching<'a>(
    wished: &[Wished],
    grown: &'a Grown,
) -> Result<Matching<'a>, Vec<Guard>> {
    let mut search = Search::new(wished, grown);
    for at in 0..wished.len() {
        search.check_place(at);
    }
    if search.guards.is_empty() {
        search.by_id();
        search.settle_head();
        search.by_place();
        while search.by_name() {
            search.by_place();
        }
    }
    if search.guards.is_empty() {
        Ok(search.matching)
    } else {
        Err(search.guards)
    }
}

struct Search<'a, 'w> {
    wished: &'w [Wished],
    grown: &'a Grown,
    matching: Matching<'a>,
    /// What stands below what, by the folded name.
    below: BTreeMap<(Option<&'a RemoteId>, String), Vec<&'a Branch>>,
    taken: BTreeSet<&'a RemoteId>,
    guards: Vec<Guard>,
}

impl<'a, 'w> Search<'a, 'w> {
    fn new(wished: &'w [Wished], grown: &'a Grown) -> Self {
        let mut below: BTreeMap<_, Vec<&Branch>> = BTreeMap::new();
        for branch in &grown.branches {
            let key = (branch.above.as_ref(), fold(&branch.name));
            below.entry(key).or_default().push(branch);
        }
        Self {
            wished,
            grown,
            matching: Matching {
                found: vec![None; wished.len()],
                head: None,
                heads: BTreeSet::new(),
            },
            below,
            taken: BTreeSet::new(),
            guards: Vec::new(),
        }
    }

    fn refuse(&mut self, at: usize, fault: BranchFault) {
        if let Some(one) = self.wished.get(at) {
            self.guards.push(Guard::Department {
                line: one.line,
                place: self.place(at).join(SEPARATOR),
                fault,
            });
        }
    }

    /// Returns the place of a department, as the file has it.
    fn place(&self, at: usize) -> Vec<&'w str> {
        let mut names = Vec::new();
        let mut next = self.wished.get(at);
        while let Some(one) = next.take_if(|_| names.len() < self.wished.len()) {
            names.push(one.name.as_str());
            next = one.above.and_then(|above| self.wished.get(above));
        }
        names.reverse();
        names
    }

    fn check_place(&mut self, at: usize) {
        let above = self.wished.get(at).and_then(|one| one.above);
        if above.is_some_and(|above| above >= at) {
            self.refuse(at, BranchFault::NoParent);
            return;
        }
        let deep = self.place(at).len();
        if let Some(most) = self.grown.rules.depth.filter(|most| deep > *most) {
            self.refuse(at, BranchFault::TooDeep { most });
        }
    }

    /// Finds what carries an id of the employer's own system.
    fn by_id(&mut self) {
        if !self.grown.rules.external_ids.is_yes() {
            return;
        }
        let mut known: BTreeMap<&str, Vec<&'a Branch>> = BTreeMap::new();
        for branch in &self.grown.branches {
            if let Some(id) = shown(branch) {
                known.entry(id).or_default().push(branch);
            }
        }
        for (at, one) in self.wished.iter().enumerate() {
            let Some(found) = one.external_id.as_deref().and_then(|id| known.get(id)) else {
                continue;
            };
            match found.as_slice() {
                [branch] => self.take(at, branch),
                several => {
                    let fault = self.several(several);
                    self.refuse(at, fault);
                }
            }
        }
    }

    fn take(&mut self, at: usize, branch: &'a Branch) {
        self.taken.insert(&branch.id);
        if let Some(found) = self.matching.found.get_mut(at) {
            *found = Some(branch);
        }
    }

    fn several(&self, branches: &[&Branch]) -> BranchFault {
        let place = |branch: &&Branch| self.grown.place(branch).join(SEPARATOR);
        BranchFault::Several {
            places: branches.iter().map(place).collect(),
        }
    }

    /// Finds what stands above all others. Where everything stands below one department, the file may leave that one out.
    fn settle_head(&mut self) {
        let top = || {
            let all = self.wished.iter().enumerate();
            all.filter(|(_, one)| one.above.is_none())
        };
        if let Some(head) = &self.grown.rules.head {
            self.matching.head = Some(head);
            let name = self.grown.branch(head).map(|head| fold(&head.name));
            let is_below = |name: &String| self.below.contains_key(&(Some(head), name.clone()));
            let name = name.filter(|name| !is_below(name));
            let heads = top().filter(|(_, one)| Some(fold(&one.name)) == name);
            self.matching.heads = heads.map(|(at, _)| at).collect();
            return;
        }
        let mut roots = self.grown.branches.iter().filter(|one| one.above.is_none());
        let (Some(root), None) = (roots.next(), roots.next()) else {
            return;
        };
        let is_root = |(at, one): (usize, &Wished)| {
            self.matching.of(at) == Some(root) || is_same(&one.name, &root.name)
        };
        let is_below_root = |(at, one): (usize, &Wished)| {
            self.matching
                .of(at)
                .is_some_and(|found| found.above.as_ref() == Some(&root.id))
                || self.below.contains_key(&(Some(&root.id), fold(&one.name)))
        };
        let mut all = self.wished.iter().enumerate();
        if !all.any(is_root) && top().any(is_below_root) {
            self.matching.head = Some(&root.id);
            self.taken.insert(&root.id);
        }
    }

    /// Finds what stands at its place under its name.
    fn by_place(&mut self) {
        for at in 0..self.wished.len() {
            if self.matching.of(at).is_some() || self.matching.is_head(at) {
                continue;
            }
            let above = match self.matching.above(self.wished, at) {
                None => None,
                Some(Node::Branch(id)) => Some(id),
                Some(Node::Wished(_)) => continue,
            };
            let Some(one) = self.wished.get(at) else {
                continue;
            };
            let there = self.below.get(&(above, fold(&one.name)));
            let free = there.into_iter().flatten();
            let free = free.filter(|branch| !self.taken.contains(&branch.id));
            match *free.copied().collect::<Vec<_>>().as_slice() {
                [] => {}
                [branch] => match (shown(branch), one.external_id.as_deref()) {
                    (Some(other), Some(id)) if other != id => {
                        let external_id = other.to_owned();
                        self.taken.insert(&branch.id);
                        self.refuse(at, BranchFault::OtherId { external_id });
                    }
                    _ => self.take(at, branch),
                },
                ref several => {
                    let fault = self.several(several);
                    self.refuse(at, fault);
                    return;
                }
            }
        }
    }

    /// Finds one that has moved: its name exists once there and once in the file. Reports whether there was one.
    fn by_name(&mut self) -> bool {
        if !self.guards.is_empty() {
            return false;
        }
        let mut named: BTreeMap<String, Vec<&'a Branch>> = BTreeMap::new();
        for branch in &self.grown.branches {
            named.entry(fold(&branch.name)).or_default().push(branch);
        }
        let mut asked: BTreeMap<String, usize> = BTreeMap::new();
        for one in self.wished {
            *asked.entry(fold(&one.name)).or_default() += 1;
        }
        for (at, one) in self.wished.iter().enumerate() {
            if self.matching.of(at).is_some() || self.matching.is_head(at) {
                continue;
            }
            let name = fold(&one.name);
            let Some([branch]) = named.get(&name).map(Vec::as_slice) else {
                continue;
            };
            let may_be = match (shown(branch), one.external_id.as_deref()) {
                (Some(other), Some(id)) => other == id,
                _ => true,
            };
            let is_free =
                !self.taken.contains(&branch.id) && self.matching.head != Some(&branch.id);
            if may_be && is_free && asked.get(&name) == Some(&1) {
                self.take(at, branch);
                return true;
            }
        }
        false
    }
}

fn shown(branch: &Branch) -> Option<&str> {
    match &branch.external_id {
        Known::Value(id) if !id.is_empty() => Some(id),
        Known::Value(_) | Known::Empty | Known::Hidden => None,
    }
}
