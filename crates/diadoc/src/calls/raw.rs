//! Answers as they came, for the operations that only this platform has.

use kadry_core::{Email, Repeat, Result};
use kadry_http::{Answer, Call};
use serde_json::Value;

use super::{BoxApi, boxless, found};
use crate::paging::{Found, Numbered, Row, search, whole};

/// One kind of list whose pages are numbered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    path: &'static str,
    /// The member of the answer that holds the rows.
    member: &'static str,
    /// The most rows that a page may have.
    pub(crate) most: u32,
    /// Where a row has its id.
    id: &'static str,
}

/// The employees. <https://developer.kontur.ru/doc/diadoc-api>, `GetEmployees`. Checked 2026-11.
pub(crate) const EMPLOYEES: List = List {
    path: "/GetEmployees",
    member: "Employees",
    most: 50,
    id: "/User/UserId",
};

/// The departments. <https://developer.kontur.ru/doc/diadoc-api>, `GetDepartments`. Checked 2026-11.
pub(crate) const DEPARTMENTS: List = List {
    path: "/admin/GetDepartments",
    member: "Departments",
    most: 100,
    id: "/Id",
};

/// A row as it came.
#[derive(Debug)]
pub(crate) struct RawRow {
    id: String,
    login: Option<String>,
    value: Value,
}

impl Row for RawRow {
    fn id(&self) -> &str {
        &self.id
    }

    fn alias(&self) -> Option<String> {
        self.login.clone()
    }
}

impl List {
    /// Returns the id of a row.
    pub(crate) fn id_of<'a>(&self, row: &'a Value) -> &'a str {
        row.pointer(self.id)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn row(&self, value: Value) -> RawRow {
        let login = value.pointer("/User/Login").and_then(Value::as_str);
        let login = login.map(|login| Email::of_record(login).to_string());
        RawRow {
            id: self.id_of(&value).to_owned(),
            login: login.filter(|login| !login.is_empty()),
            value,
        }
    }
}

impl BoxApi {
    /// Returns the rows of one page, and how many the whole list has.
    pub(crate) async fn raw_page(
        &self,
        list: List,
        page: u32,
        count: u32,
    ) -> Result<(Vec<Value>, Option<u64>)> {
        let call = self
            .read(list.path)
            .query("page", page)
            .query("count", count);
        let mut answer: Value = self.send(call).await?.json()?;
        let total = answer.get("TotalCount").and_then(Value::as_u64);
        Ok((rows(&mut answer, list.member), total))
    }

    async fn numbered(&self, list: List, page: u32) -> Result<Numbered<RawRow>> {
        let (rows, total) = self.raw_page(list, page, list.most).await?;
        let rows = rows.into_iter().map(|row| list.row(row)).collect();
        Ok(Numbered { rows, total })
    }

    /// Returns every department.
    pub(crate) async fn raw_departments(&self) -> Result<Vec<Value>> {
        let rows = whole(async |page| self.numbered(DEPARTMENTS, page).await).await?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    /// Returns the employees with a login. The platform has no search: everybody is read.
    pub(crate) async fn raw_by_login(&self, login: &Email) -> Result<Vec<Value>> {
        let wanted = |row: &RawRow| row.login.as_deref() == Some(login.as_str());
        let page = async |page| self.numbered(EMPLOYEES, page).await;
        let Found { rows, .. } = search(page, wanted).await?;
        Ok(rows.into_iter().map(|row| row.value).collect())
    }

    /// Reads something of the box.
    pub(crate) async fn raw(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        self.send(with(self.read(path), query)).await?.json()
    }

    /// Reads something of the box; nothing where it is not there.
    pub(crate) async fn raw_if_there(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let answer = self.send(with(self.read(path), query)).await;
        let answer = found(answer)?.map(|answer| answer.json());
        Ok(answer.transpose()?.unwrap_or_default())
    }

    /// Reads something that is not of one box.
    pub(crate) async fn raw_boxless(&self, path: &str, query: &[(&str, &str)]) -> Result<Value> {
        let call = with(boxless(Call::read(path)), query);
        self.send(call).await?.json()
    }

    /// Changes something of the box and returns the answer; nothing for an empty one.
    ///
    /// # Repeats
    ///
    /// As the caller says.
    pub(crate) async fn raw_write(
        &self,
        path: &str,
        repeat: Repeat,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value> {
        let call = with(self.write(path, repeat), query);
        let call = body.into_iter().fold(call, |call, body| call.json(body));
        let answer: Answer = self.send(call).await?;
        if answer.body.is_empty() {
            return Ok(Value::Null);
        }
        answer.json()
    }
}

fn with(call: Call, query: &[(&str, &str)]) -> Call {
    query
        .iter()
        .fold(call, |call, (name, value)| call.query(name, value))
}

/// Takes the rows out of an answer. A list that is missing or null is an empty one.
pub(crate) fn rows(answer: &mut Value, member: &str) -> Vec<Value> {
    match answer.get_mut(member).map(Value::take) {
        Some(Value::Array(rows)) => rows,
        Some(_) | None => Vec::new(),
    }
}
