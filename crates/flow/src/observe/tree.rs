//! The tree of departments of a platform. Nothing here writes.

use std::collections::BTreeMap;

use kadry_core::{
    Action, Branch, Cursor, EmployeeProvider, Error, ErrorKind, NativeCall, RemoteId, Reshapes,
    Result, Tree, TreeRules, every,
};

use crate::intent::Undone;

/// What a platform shows of its departments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grown {
    /// What holds for all of them.
    pub rules: TreeRules,
    /// The departments.
    pub branches: Vec<Branch>,
    /// How many people are in each, suspended ones too; nobody is in one that is not here. None where nobody was counted.
    pub people: Option<BTreeMap<RemoteId, u32>>,
}

impl Grown {
    /// Returns the department of an id.
    #[must_use]
    pub fn branch(&self, id: &RemoteId) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.id == *id)
    }

    /// Returns the place of a department, from the top to its own name.
    #[must_use]
    pub fn place(&self, branch: &Branch) -> Vec<String> {
        let by_id: BTreeMap<&RemoteId, &Branch> =
            self.branches.iter().map(|one| (&one.id, one)).collect();
        place(&by_id, branch)
    }

    /// Returns the places of all departments, in the order of the list.
    #[must_use]
    pub fn places(&self) -> Vec<Vec<String>> {
        let by_id: BTreeMap<&RemoteId, &Branch> =
            self.branches.iter().map(|one| (&one.id, one)).collect();
        let all = self.branches.iter();
        all.map(|branch| place(&by_id, branch)).collect()
    }
}

fn place(by_id: &BTreeMap<&RemoteId, &Branch>, branch: &Branch) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = Some(branch);
    // Nothing says that every platform refuses a circle.
    while let Some(branch) = at.take_if(|_| names.len() <= by_id.len()) {
        names.push(branch.name.clone());
        at = branch.above.as_ref().and_then(|id| by_id.get(id).copied());
    }
    names.reverse();
    names
}

/// Returns the tree of a platform; none where it has none.
pub(crate) fn tree_of(provider: &dyn EmployeeProvider) -> Option<&dyn Tree> {
    provider.native()?.tree()
}

/// Reads the departments of a platform, and who is in them where that is asked for; nothing where it has none.
pub(crate) async fn grown(provider: &dyn EmployeeProvider, count: bool) -> Result<Option<Grown>> {
    let Some(tree) = tree_of(provider) else {
        return Ok(None);
    };
    let rules = tree.rules();
    let people = async {
        if !count {
            return Ok(None);
        }
        let mut people = BTreeMap::new();
        let list = async |from: Option<Cursor>| provider.list(from.as_ref()).await;
        for employee in every(list).await? {
            let held = employee.granted(&rules.kind).unwrap_or_default();
            for id in held.iter().filter_map(|grant| grant.id.clone()) {
                *people.entry(id).or_insert(0_u32) += 1;
            }
        }
        Ok::<_, Error>(Some(people))
    };
    let (branches, people) = futures::try_join!(tree.branches(), people)?;
    Ok(Some(Grown {
        rules,
        branches,
        people,
    }))
}

/// Returns a change with the id of the department above, which an earlier step has made: as the answer to that step told it, else as the
/// tree shows it now; none where there is no such department.
pub(crate) async fn complete(
    provider: &dyn EmployeeProvider,
    call: &NativeCall,
    reshapes: Option<&Reshapes>,
    made: &[Undone],
) -> Result<Option<NativeCall>> {
    let Some((argument, place)) = reshapes.and_then(Reshapes::later) else {
        return Ok(Some(call.clone()));
    };
    let tree = tree_of(provider)
        .ok_or_else(|| Error::new(ErrorKind::Unsupported, "the platform has no departments"))?;
    let told = made.iter().find_map(|one| {
        let Action::Native { reshapes, .. } = &one.step.action else {
            return None;
        };
        let is_it = reshapes.as_ref().is_some_and(|known| known.makes(place));
        tree.made(one.after.as_ref().filter(|_| is_it)?)
    });
    let id = match told {
        Some(id) => Some(id),
        None => at_place(tree, place).await?,
    };
    Ok(id.map(|id| call.clone().with(argument, id.as_str())))
}

/// Returns the id of the department at a place.
///
/// # Errors
///
/// `Conflict` where there are several, and the errors of any request.
pub(crate) async fn at_place(tree: &dyn Tree, place: &[String]) -> Result<Option<RemoteId>> {
    let grown = Grown {
        rules: tree.rules(),
        branches: tree.branches().await?,
        people: None,
    };
    let places = grown.places();
    let mut there = places
        .iter()
        .zip(&grown.branches)
        .filter(|(known, _)| *known == place);
    match (there.next(), there.next()) {
        (Some(_), Some(_)) => Err(Error::new(
            ErrorKind::Conflict,
            "several departments have this name",
        )),
        (found, None) => Ok(found.map(|(_, branch)| branch.id.clone())),
        (None, Some(_)) => Ok(None),
    }
}
