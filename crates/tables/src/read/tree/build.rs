//! From lines to a tree in which nothing stands twice.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::fold;

use super::TreeError;

/// Between the names of a path.
pub(super) const SEPARATOR: &str = " / ";

/// A department of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDepartment {
    /// The line where it stands first; for one that only stands above others, the line of the first of those.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// The department above, by its place in the list, which is before this one.
    pub above: Option<usize>,
    /// The id of it in the employer's own system.
    pub external_id: Option<String>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFault {
    /// The line.
    pub line: u32,
    /// What is wrong.
    pub what: TreeMistake,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeMistake {
    /// An odd number of blanks stands before the name.
    Indent,
    /// It is more than one level deeper than the line above it.
    Jump,
    /// A name is missing.
    Nameless,
    /// The department stands in another line, too.
    Twice {
        /// Which.
        first: u32,
    },
    /// Another line spells the department in another way.
    Spelling {
        /// Which.
        first: u32,
        /// How.
        other: String,
    },
    /// Another department has the same id.
    IdTwice {
        /// In which line.
        first: u32,
    },
    /// No line is the department above.
    UnknownParent(String),
    /// Several lines may be the department above.
    SeveralParents(String),
    /// The department stands above itself.
    Circle,
    /// The cell cannot be read.
    Cell,
}

/// A line of a table of departments.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) line: u32,
    pub(super) name: String,
    pub(super) parent: String,
    pub(super) id: String,
}

#[derive(Debug, Default)]
pub(super) struct Builder {
    listed: Vec<ListedDepartment>,
    /// By the folded path, and whether a line of its own was read.
    known: BTreeMap<Vec<String>, (usize, bool)>,
    ids: BTreeMap<String, u32>,
    faults: Vec<TreeFault>,
}

/// Returns a name with single blanks.
pub(super) fn tidy(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parts(name: &str) -> Vec<String> {
    name.split(SEPARATOR).map(tidy).collect()
}

impl Builder {
    pub(super) fn refuse(&mut self, line: u32, what: TreeMistake) {
        self.faults.push(TreeFault { line, what });
    }

    /// Adds a department that must stand in no other line.
    pub(super) fn add(&mut self, line: u32, path: &[String], id: Option<&str>) {
        let Some(at) = self.reach(line, path) else {
            return;
        };
        let folded = folded(path);
        if let Some((_, stands)) = self.known.get_mut(&folded) {
            if *stands {
                let first = self.listed.get(at).map_or(line, |known| known.line);
                return self.refuse(line, TreeMistake::Twice { first });
            }
            *stands = true;
        }
        if let Some(known) = self.listed.get_mut(at) {
            known.line = line;
            known.external_id = id.map(str::to_owned);
        }
        if let Some(id) = id {
            if let Some(first) = self.ids.get(id).copied() {
                return self.refuse(line, TreeMistake::IdTwice { first });
            }
            self.ids.insert(id.to_owned(), line);
        }
    }

    /// Adds a department that may stand in any number of lines.
    pub(super) fn mention(&mut self, line: u32, name: &str) {
        self.reach(line, &parts(name));
    }

    /// Returns the place of a department in the list, with everything above it before it.
    fn reach(&mut self, line: u32, path: &[String]) -> Option<usize> {
        if path.is_empty() || path.iter().any(String::is_empty) {
            self.refuse(line, TreeMistake::Nameless);
            return None;
        }
        let mut above = None;
        for deep in 1..=path.len() {
            let place = path.get(..deep)?;
            let name = place.last()?;
            let key = folded(place);
            let at = match self.known.get(&key) {
                Some((at, _)) => {
                    let known = self.listed.get(*at)?;
                    if known.name != *name {
                        let (first, other) = (known.line, known.name.clone());
                        self.refuse(line, TreeMistake::Spelling { first, other });
                        return None;
                    }
                    *at
                }
                None => {
                    self.listed.push(ListedDepartment {
                        line,
                        name: name.clone(),
                        above,
                        external_id: None,
                    });
                    let at = self.listed.len() - 1;
                    self.known.insert(key, (at, false));
                    at
                }
            };
            above = Some(at);
        }
        above
    }

    /// Adds the lines of a table, whose departments are named below others of the table.
    pub(super) fn add_entries(&mut self, entries: &[Entry]) {
        let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut numbered: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            let parts = parts(&entry.name);
            // A path is found by every end of it, of which the name alone is the last.
            for from in 0..parts.len() {
                let end = folded(parts.get(from..).unwrap_or_default());
                named.entry(end.join("/")).or_default().push(at);
            }
            if !entry.id.is_empty() {
                numbered.entry(&entry.id).or_insert(at);
            }
        }
        for (at, entry) in entries.iter().enumerate() {
            match path_of(at, entries, &named, &numbered) {
                Ok(path) => {
                    let id = Some(entry.id.as_str()).filter(|id| !id.is_empty());
                    self.add(entry.line, &path, id);
                }
                // Whoever is wrong says so itself.
                Err((wrong, what)) if wrong == at => self.refuse(entry.line, what),
                Err(_) => {}
            }
        }
    }

    pub(super) fn finish(mut self) -> Result<Vec<ListedDepartment>, TreeError> {
        self.faults.sort_by_key(|fault| fault.line);
        if self.faults.is_empty() {
            Ok(self.listed)
        } else {
            Err(TreeError::Lines(self.faults))
        }
    }
}

/// Returns the path of a line, or which line stands in the way and why.
fn path_of(
    at: usize,
    entries: &[Entry],
    named: &BTreeMap<String, Vec<usize>>,
    numbered: &BTreeMap<&str, usize>,
) -> Result<Vec<String>, (usize, TreeMistake)> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = Some(at);
    while let Some(here) = next {
        if !seen.insert(here) {
            return Err((at, TreeMistake::Circle));
        }
        let Some(entry) = entries.get(here) else {
            break;
        };
        let mut path = parts(&entry.name);
        path.append(&mut names);
        names = path;
        next = match entry.parent.as_str() {
            "" => None,
            parent => {
                let typed = folded(&parts(parent)).join("/");
                match named.get(&typed).map(Vec::as_slice) {
                    Some([above]) => Some(*above),
                    Some(_) => {
                        return Err((here, TreeMistake::SeveralParents(parent.to_owned())));
                    }
                    None => match numbered.get(parent) {
                        Some(above) => Some(*above),
                        None => {
                            return Err((here, TreeMistake::UnknownParent(parent.to_owned())));
                        }
                    },
                }
            }
        };
    }
    Ok(names)
}

fn folded(path: &[String]) -> Vec<String> {
    path.iter().map(|name| fold(name)).collect()
}
