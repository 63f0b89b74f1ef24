//! The tree of departments. Pure.

use std::collections::{BTreeMap, BTreeSet};

use kadry_core::{
    Definition, Effect, Error, ErrorKind, FieldName, Offer, RemoteId, Result, fold, same_value,
};

use crate::map::HEAD_DEPARTMENT_NAME;
use crate::wire::department::{Department, DepartmentToCreate, Routing};
use crate::wire::employee::HEAD_DEPARTMENT;

/// The departments of one box by id, the head department always among them.
pub(crate) struct Tree {
    names: BTreeMap<String, String>,
    parents: BTreeMap<String, String>,
    /// The ids in the order of the list, the head department first.
    order: Vec<String>,
}

impl Tree {
    /// Returns the tree of the rows of a list; a row that came twice counts once.
    pub(crate) fn new(rows: Vec<Department>) -> Self {
        let mut tree = Self {
            names: BTreeMap::new(),
            parents: BTreeMap::new(),
            order: vec![HEAD_DEPARTMENT.to_owned()],
        };
        for row in rows {
            let id = row.id.to_lowercase();
            if id != HEAD_DEPARTMENT {
                tree.parents.insert(id.clone(), parent_of(&row));
                if !tree.names.contains_key(&id) {
                    tree.order.push(id.clone());
                }
            }
            tree.names.insert(id, row.name);
        }
        tree.names
            .entry(HEAD_DEPARTMENT.to_owned())
            .or_insert_with(|| HEAD_DEPARTMENT_NAME.to_owned());
        tree
    }

    /// Returns every department as an offer.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        self.order.iter().map(|id| self.offer(id)).collect()
    }

    /// Returns one department as an offer.
    fn offer(&self, id: &str) -> Offer {
        Offer {
            id: RemoteId::new(id),
            name: self.name(id).to_owned(),
            path: self.path(id),
            holders: None,
            owner: None,
            through: Vec::new(),
        }
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    /// Returns the names from the head department down to this one.
    fn path(&self, id: &str) -> Vec<String> {
        let mut path = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| seen.insert((*id).to_owned())) {
            path.push(self.name(id).to_owned());
            next = self.parents.get(id).map(String::as_str);
        }
        path.reverse();
        path
    }

    /// Returns the body that makes a department at this place, and the place.
    ///
    /// The path may begin with the head department or below it.
    pub(crate) fn place(&self, what: &Definition) -> Result<(DepartmentToCreate, Vec<String>)> {
        let words = |name: &String| name.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut path: Vec<_> = what.path.iter().map(words).collect();
        let head = self.name(HEAD_DEPARTMENT);
        if path.first().is_some_and(|first| fold(first) == fold(head)) {
            path.remove(0);
        }
        let name = path
            .pop()
            .filter(|name| !name.is_empty())
            .ok_or_else(|| Error::new(ErrorKind::Invalid, "a new department needs a name"))?;
        let mut parent = HEAD_DEPARTMENT;
        for step in &path {
            parent = self.child(parent, step)?.ok_or_else(|| {
                Error::new(ErrorKind::NotFound, "the department above it is not there")
            })?;
        }
        if let Some(id) = self.child(parent, &name)? {
            return Err(
                Error::new(ErrorKind::Conflict, "the department exists").with("department.id", id)
            );
        }
        let mut place = self.path(parent);
        place.push(name.clone());
        let body = DepartmentToCreate {
            parent_department_id: (parent != HEAD_DEPARTMENT).then(|| parent.to_owned()),
            abbreviation: name.clone(),
            name,
            routing: Routing {
                kpp: false,
                address: false,
            },
        };
        Ok((body, place))
    }

    /// Returns the department of this name directly below another.
    fn child(&self, parent: &str, name: &str) -> Result<Option<&str>> {
        let mut children = self
            .order
            .iter()
            .filter(|id| self.parents.get(*id).is_some_and(|above| above == parent))
            .filter(|id| fold(self.name(id)) == fold(name));
        match (children.next(), children.next()) {
            (_, Some(_)) => Err(Error::new(
                ErrorKind::Conflict,
                "several departments have this name",
            )),
            (child, None) => Ok(child.map(String::as_str)),
        }
    }
}

fn parent_of(row: &Department) -> String {
    match row.parent_department_id.as_deref().map(str::trim) {
        Some(parent) if !parent.is_empty() => parent.to_lowercase(),
        Some(_) | None => HEAD_DEPARTMENT.to_owned(),
    }
}

/// Returns a department that was just made as an offer, if it is what was asked for.
pub(crate) fn made(
    row: &Department,
    asked: &DepartmentToCreate,
    path: Vec<String>,
) -> Result<Offer> {
    let asked_parent = asked.parent_department_id.as_deref();
    let asked_parent = asked_parent.unwrap_or(HEAD_DEPARTMENT);
    let elsewhere =
        row.parent_department_id.is_some() && !parent_of(row).eq_ignore_ascii_case(asked_parent);
    if elsewhere || !same_value(FieldName::Department, &row.name, &asked.name) {
        return Err(Error::new(
            ErrorKind::Protocol,
            "the platform made a department of another name or in another place",
        )
        .with_effect(Effect::Applied)
        .with("department.id", &row.id));
    }
    Ok(Offer {
        id: RemoteId::new(row.id.to_lowercase()),
        name: row.name.clone(),
        path,
        holders: None,
        owner: None,
        through: Vec::new(),
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let rows = serde_json::json!([
            {"Id": HEAD_DEPARTMENT, "Name": "Головное подразделение", "Abbreviation": "Головное", "Routing": {"Kpp": false, "Address": false}},
            // The child was made before it was moved below its parent.
            {"Id": "C0000000-0000-0000-0000-000000000003", "ParentDepartmentId": "b0000000-0000-0000-0000-000000000002", "Name": "Касса"},
            {"Id": "b0000000-0000-0000-0000-000000000002", "ParentDepartmentId": HEAD_DEPARTMENT, "Name": "Бухгалтерия", "Kpp": null},
        ]);
        Tree::new(serde_json::from_value(rows).unwrap())
    }

    fn define(path: &[&str]) -> Result<(DepartmentToCreate, Vec<String>)> {
        tree().place(&Definition {
            path: path.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    #[test]
    fn paths_lead_from_the_head_department_down() {
        let paths: Vec<_> = tree()
            .offers()
            .into_iter()
            .map(|offer| offer.path.join(" / "))
            .collect();
        assert_eq!(
            paths,
            [
                "Головное подразделение",
                "Головное подразделение / Бухгалтерия / Касса",
                "Головное подразделение / Бухгалтерия",
            ]
        );
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let rows = serde_json::json!([
            {"Id": "a", "ParentDepartmentId": "b", "Name": "А"},
            {"Id": "b", "ParentDepartmentId": "a", "Name": "Б"},
        ]);
        let tree = Tree::new(serde_json::from_value(rows).unwrap());
        assert_eq!(tree.offers().len(), 3);
        assert_eq!(tree.path("a"), ["Б", "А"]);
    }

    #[test]
    fn a_new_department_goes_below_the_one_its_path_names() {
        let (body, place) = define(&["бухгалтерия", "Расчёты"]).unwrap();
        assert_eq!(
            serde_json::to_value(&body).unwrap(),
            serde_json::json!({
                "ParentDepartmentId": "b0000000-0000-0000-0000-000000000002",
                "Name": "Расчёты",
                "Abbreviation": "Расчёты",
                "Routing": {"Kpp": false, "Address": false},
            })
        );
        assert_eq!(place, ["Головное подразделение", "Бухгалтерия", "Расчёты"]);
    }

    #[test]
    fn a_department_below_the_head_names_no_parent() {
        for path in [&["Склад"][..], &["Головное подразделение", "Склад"][..]]
        {
            let (body, _) = define(path).unwrap();
            assert_eq!(
                serde_json::to_value(&body).unwrap(),
                serde_json::json!({
                    "Name": "Склад",
                    "Abbreviation": "Склад",
                    "Routing": {"Kpp": false, "Address": false},
                })
            );
        }
    }

    #[test]
    fn what_exists_and_what_hangs_in_the_air_is_refused() {
        let kind = |path: &[&str]| define(path).err().unwrap().kind();
        assert_eq!(kind(&["Бухгалтерия ", " касса"]), ErrorKind::Conflict);
        assert_eq!(kind(&["Склад", "Приёмка"]), ErrorKind::NotFound);
        assert_eq!(kind(&["Головное подразделение"]), ErrorKind::Invalid);
    }
}
