//! Departments.

use kadry_core::{Repeat, Result};

use super::BoxApi;
use crate::paging::{Numbered, Row, whole};
use crate::wire::department::{Department, DepartmentList, DepartmentToCreate};

/// The most rows that a page may have. <https://developer.kontur.ru/doc/diadoc-api>, `GetDepartments`. Checked 2026-11.
const ROWS: u8 = 100;

impl Row for Department {
    fn id(&self) -> &str {
        &self.id
    }

    fn alias(&self) -> Option<String> {
        None
    }
}

impl BoxApi {
    /// Returns every department. One page would not do: a parent may stand pages away from its child.
    pub(crate) async fn departments(&self) -> Result<Vec<Department>> {
        whole(async |page| {
            let call = self
                .read("/admin/GetDepartments")
                .query("page", page)
                .query("count", ROWS);
            let list: DepartmentList = self.send(call).await?.json()?;
            Ok(Numbered {
                rows: list.departments,
                total: list.total_count,
            })
        })
        .await
    }

    /// Makes a department.
    ///
    /// # Repeats
    ///
    /// Look first: names are not unique, and a second one is made.
    pub(crate) async fn create_department(&self, body: &DepartmentToCreate) -> Result<Department> {
        let call = self
            .write("/admin/CreateDepartment", Repeat::Once)
            .json(body);
        self.send(call).await?.json()
    }
}
