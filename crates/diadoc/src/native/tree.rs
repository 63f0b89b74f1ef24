//! The tree of departments, and the single changes that give it another shape.

use std::collections::BTreeSet;

use async_trait::async_trait;
use kadry_core::{
    Above, Branch, KindName, Known, NativeCall, RemoteId, Reshape, Result, Support, Tree, TreeRules,
};
use serde_json::Value;

use super::departments::{PARENT, completed, parent, shown};
use crate::calls::raw::DEPARTMENTS;
use crate::map::HEAD_DEPARTMENT_NAME;
use crate::provider::Diadoc;
use crate::wire::employee::HEAD_DEPARTMENT;

const CREATE: &str = "departments create";
const UPDATE: &str = "departments update";
const DELETE: &str = "departments delete";

#[async_trait]
impl Tree for Diadoc {
    fn rules(&self) -> TreeRules {
        TreeRules {
            kind: KindName::DEPARTMENT,
            head: Some(RemoteId::new(HEAD_DEPARTMENT)),
            // A department has a short name, a КПП and an address, and no member for an id of somebody else. Checked 2026-11.
            external_ids: Support::no("no-such-field"),
            remove: Support::Yes,
            to_top: Support::Yes,
            depth: None,
            above: PARENT,
        }
    }

    async fn branches(&self) -> Result<Vec<Branch>> {
        Ok(branches(self.api.raw_departments().await?))
    }

    fn reshape(&self, what: Reshape<'_>) -> Option<NativeCall> {
        let of = |operation: &str, of: &Branch| {
            NativeCall::new(operation).with("departmentId", of.id.as_str())
        };
        match what {
            Reshape::Make { name, above, .. } => {
                let mut call = NativeCall::new(CREATE).with("Name", name);
                if let Above::Of(id) = above
                    && id.as_str() != HEAD_DEPARTMENT
                {
                    call = call.with(PARENT, id.as_str());
                }
                Some(completed(call, None))
            }
            Reshape::Rename { of: branch, name } => {
                let call = of(UPDATE, branch).with("Name", name);
                Some(completed(call, Some(&branch.row)))
            }
            Reshape::Move { of: branch, above } => Some(match above {
                Above::Top => of(UPDATE, branch).with(PARENT, HEAD_DEPARTMENT),
                Above::Of(id) => of(UPDATE, branch).with(PARENT, id.as_str()),
                Above::Made => of(UPDATE, branch),
            }),
            Reshape::Identify { .. } => None,
            Reshape::Remove { of: branch } => Some(of(DELETE, branch)),
        }
    }

    fn made(&self, answer: &Value) -> Option<RemoteId> {
        let id = DEPARTMENTS.id_of(answer);
        (!id.is_empty()).then(|| RemoteId::new(id.to_lowercase()))
    }
}

/// Returns the departments; the head one is always among them.
fn branches(rows: Vec<Value>) -> Vec<Branch> {
    let mut branches = vec![Branch {
        id: RemoteId::new(HEAD_DEPARTMENT),
        name: HEAD_DEPARTMENT_NAME.to_owned(),
        above: None,
        external_id: Known::Empty,
        row: Value::Null,
    }];
    let mut seen = BTreeSet::new();
    for row in rows {
        let id = DEPARTMENTS.id_of(&row).to_lowercase();
        let name = shown(&row, "Name").to_owned();
        if id == HEAD_DEPARTMENT {
            if let Some(head) = branches.first_mut() {
                head.name = name;
                head.row = row;
            }
        } else if seen.insert(id.clone()) {
            branches.push(Branch {
                id: RemoteId::new(id),
                name,
                above: Some(RemoteId::new(parent(&row).to_lowercase())),
                external_id: Known::Empty,
                row,
            });
        }
    }
    branches
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_head_is_above_whatever_names_nothing_else() {
        let rows = vec![
            json!({"Id": "B0000000-0000-0000-0000-000000000002", "Name": "Бухгалтерия"}),
            json!({"Id": "b0000000-0000-0000-0000-000000000003", "Name": "Касса",
                "ParentDepartmentId": "B0000000-0000-0000-0000-000000000002"}),
            json!({"Id": HEAD_DEPARTMENT, "Name": "Голова"}),
        ];
        let shown: Vec<(String, Option<String>)> = branches(rows)
            .into_iter()
            .map(|one| (one.name, one.above.map(|id| id.to_string())))
            .collect();
        let below = |id: &str| Some(id.to_owned());
        assert_eq!(
            shown,
            [
                ("Голова".to_owned(), None),
                ("Бухгалтерия".to_owned(), below(HEAD_DEPARTMENT)),
                (
                    "Касса".to_owned(),
                    below("b0000000-0000-0000-0000-000000000002")
                ),
            ]
        );
    }
}
