//! The tree of units, and the single changes that give it another shape.

use async_trait::async_trait;
use kadry_core::{
    Above, Branch, Error, ErrorKind, KindName, Known, NativeCall, RemoteId, Reshape, Result,
    Support, Tree, TreeRules,
};
use serde_json::Value;

use super::pages::id;
use super::units::unit;
use crate::DealApp;
use crate::map::parent;

const CREATE: &str = "units create";
const UPDATE: &str = "units update";

#[async_trait]
impl Tree for DealApp {
    fn rules(&self) -> TreeRules {
        TreeRules {
            kind: KindName::UNIT,
            head: None,
            external_ids: Support::Yes,
            // No call is documented that deletes anything, or that clears the unit above. Checked 2026-11.
            remove: Support::no("no-such-call"),
            to_top: Support::no("not-documented"),
            depth: None,
            above: "parent_id",
        }
    }

    async fn branches(&self) -> Result<Vec<Branch>> {
        self.every_unit().await?.into_iter().map(branch).collect()
    }

    fn reshape(&self, what: Reshape<'_>) -> Option<NativeCall> {
        let update = |of: &Branch| NativeCall::new(UPDATE).with("id", of.id.as_str());
        match what {
            Reshape::Make {
                name,
                above,
                external_id,
            } => {
                let mut call = NativeCall::new(CREATE).with("name", name);
                if let Above::Of(id) = above {
                    call = call.with("parent_id", id.as_str());
                }
                if let Some(uid) = external_id {
                    call = call.with("integration_uid", uid);
                }
                Some(call)
            }
            Reshape::Rename { of, name } => Some(update(of).with("name", name)),
            Reshape::Move { of, above } => match above {
                Above::Top => None,
                Above::Of(id) => Some(update(of).with("parent_id", id.as_str())),
                Above::Made => Some(update(of)),
            },
            Reshape::Identify { of, external_id } => {
                Some(update(of).with("integration_uid", external_id))
            }
            Reshape::Remove { .. } => None,
        }
    }

    fn made(&self, answer: &Value) -> Option<RemoteId> {
        id(answer).map(RemoteId::new)
    }
}

fn branch(row: Value) -> Result<Branch> {
    let unit = unit(&row).ok_or_else(|| Error::new(ErrorKind::Protocol, "a unit has no id"))?;
    let above = match parent(&unit) {
        Known::Value(id) => Some(RemoteId::new(id)),
        Known::Empty => None,
        // Whether a list shows it is not documented. Checked 2026-11.
        Known::Hidden => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the platform does not show which unit stands below which",
            )
            .with("unit.id", &unit.id));
        }
    };
    Ok(Branch {
        id: RemoteId::new(unit.id),
        name: unit.attributes.name.unwrap_or_default(),
        above,
        external_id: unit.attributes.integration_uid,
        row,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_unit_tells_its_place_and_its_id_in_the_employers_system() {
        let row = json!({"id": "7", "type": "units", "attributes": {
            "name": "Первая линия", "integration-uid": "dep-7", "parent-id": "1",
        }});
        let found = branch(row.clone()).unwrap();
        let expected = Branch {
            id: RemoteId::new("7"),
            name: "Первая линия".to_owned(),
            above: Some(RemoteId::new("1")),
            external_id: Known::Value("dep-7".to_owned()),
            row,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_list_without_parents_is_no_tree() {
        let row = json!({"id": "7", "type": "units", "attributes": {"name": "Первая линия"}});
        let error = branch(row).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
