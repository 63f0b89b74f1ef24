//! What only this platform has, as commands.

mod departments;
mod employees;
mod nouns;
mod organizations;
mod pages;
mod parameter;
mod permissions;
mod powers;
mod rows;
mod subscriptions;
mod table;
mod tree;
mod typed;

use std::collections::BTreeSet;

use async_trait::async_trait;
use kadry_core::{
    Back, Cursor, Effect, EmployeeRef, Error, ErrorKind, Look, Native, NativeCall, Operation, Page,
    Result, Tree,
};
use serde_json::Value;

pub use self::nouns::NOUNS;
pub use self::table::{ENDPOINTS, OPERATIONS};
pub use self::typed::check;
use crate::calls::raw::{DEPARTMENTS, EMPLOYEES};
use crate::provider::Diadoc;

#[async_trait]
impl Native for Diadoc {
    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    async fn read(&self, call: &NativeCall, from: Option<&Cursor>) -> Result<Page<Value>> {
        let api = &self.api;
        let one = |value: Value| Page::last(vec![value]);
        nothing_empty(call)?;
        match call.operation.as_str() {
            "employees list" => return pages::page(api, EMPLOYEES, call, from).await,
            "departments list" => return pages::page(api, DEPARTMENTS, call, from).await,
            _ if from.is_some() => {
                return Err(invalid("the list comes in one piece"));
            }
            _ => {}
        }
        match call.operation.as_str() {
            "employees show" => employees::show(api, call).await.map(one),
            "employees find" => employees::find(api, call).await,
            "employees find-external" => employees::find_external(api, call).await,
            "departments show" => self.department(call).await.map(one),
            "subscriptions show" => {
                let query = [("userId", call.required("userId")?)];
                api.raw("/GetSubscriptions", &query).await.map(one)
            }
            "permissions show" => self.show_rights(call).await.map(one),
            "poa list" => powers::list(api, call).await.map(Page::last),
            "poa registration" => powers::registration(api, call).await.map(one),
            "me show" => api.raw_boxless("/V2/GetMyUser", &[]).await.map(one),
            "me employee" => api.raw("/GetMyEmployee", &[]).await.map(one),
            "organizations list" => organizations::list(api).await.map(Page::last),
            "organizations show" => organizations::show(api, call).await.map(one),
            "organizations users" => organizations::users(api).await.map(Page::last),
            "boxes list" => organizations::boxes(api).await.map(Page::last),
            "boxes show" => organizations::the_box(api, call).await.map(one),
            _ => Err(unknown(call)),
        }
    }

    async fn resolve(&self, call: &NativeCall) -> Result<Vec<NativeCall>> {
        nothing_empty(call)?;
        match call.operation.as_str() {
            "departments create" | "departments update" | "departments delete" => {
                self.resolve_department(call).await.map(|one| vec![one])
            }
            "subscriptions set" => subscriptions::resolve(call),
            "permissions set" => self.resolve_rights(call).await,
            "poa attach" | "poa set-default" | "poa detach" | "poa register" => {
                powers::resolve(&self.api, call).await.map(|one| vec![one])
            }
            _ => Err(unknown(call)),
        }
    }

    async fn look(&self, call: &NativeCall) -> Result<Value> {
        match call.operation.as_str() {
            "departments create" | "departments update" | "departments delete" => {
                self.look_at_department(call).await
            }
            "subscriptions set" => {
                let query = [("userId", call.required("userId")?)];
                self.api.raw_if_there("/GetSubscriptions", &query).await
            }
            "permissions set" => self.rights_by_name(call.required("userId")?).await,
            "poa attach" | "poa set-default" | "poa detach" | "poa register" => {
                powers::look(&self.api, call).await
            }
            _ => Err(unknown(call)),
        }
    }

    fn thing(&self, call: &NativeCall) -> String {
        match call.one("departmentId") {
            Some(id) => format!("department {id}"),
            None => call.to_string(),
        }
    }

    /// Of things only the tree is changed here, by which nobody gets or loses anything.
    async fn concerns(&self, _call: &NativeCall) -> Result<Vec<EmployeeRef>> {
        Ok(Vec::new())
    }

    fn stands(&self, call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
        match call.operation.as_str() {
            "departments create" => departments::made(call, before, now),
            "departments update" => departments::changed(call, now),
            "departments delete" => departments::found(now.is_null()),
            "subscriptions set" => subscriptions::stands(call, now),
            "permissions set" => permissions::stands(call, now),
            "poa attach" | "poa set-default" | "poa detach" | "poa register" => {
                powers::stands(call, before, now)
            }
            _ => Look::CannotTell,
        }
    }

    fn takes_signing(&self, call: &NativeCall, now: Option<&Value>) -> bool {
        call.operation == "permissions set" && permissions::takes_signing(call, now)
    }

    async fn write(&self, call: &NativeCall) -> Result<Value> {
        self.recent.forget(None);
        match call.operation.as_str() {
            "departments create" | "departments update" | "departments delete" => {
                self.write_department(call).await
            }
            "subscriptions set" => self.write_subscriptions(call).await,
            "permissions set" => self.write_rights(call).await,
            "poa attach" | "poa set-default" | "poa detach" | "poa register" => {
                powers::write(&self.api, call).await
            }
            _ => Err(unknown(call)),
        }
    }

    fn back(&self, call: &NativeCall, before: &Value, after: &Value) -> Back {
        match call.operation.as_str() {
            "departments create" => departments::unmade(before, after).into(),
            "departments update" => departments::back(call, before),
            "subscriptions set" => subscriptions::back(call, before).into(),
            "permissions set" => permissions::back(call, before),
            "poa attach" | "poa set-default" | "poa detach" => powers::back(call, before),
            _ => Back::default(),
        }
    }

    fn apart(&self, call: &NativeCall) -> &'static [&'static [&'static str]] {
        match call.operation.as_str() {
            "departments update" => departments::APART,
            "subscriptions set" => subscriptions::APART,
            "permissions set" => permissions::APART,
            _ => &[],
        }
    }

    fn tree(&self) -> Option<&dyn Tree> {
        Some(self)
    }
}

fn unknown(call: &NativeCall) -> Error {
    Error::new(ErrorKind::Unsupported, "no such operation").with("operation", &call.operation)
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

/// Refuses an empty text: nothing documents that one clears anything, or what it finds. Checked 2026-11.
fn nothing_empty(call: &NativeCall) -> Result<()> {
    let is_empty =
        |(_, values): &(&String, &Vec<String>)| values.iter().any(|value| value.trim().is_empty());
    match call.arguments.iter().find(is_empty) {
        Some((name, _)) => Err(invalid("an argument is empty").with("argument", name)),
        None => Ok(()),
    }
}

/// Returns the same call for each of the employees that it names, of whom one may be named twice.
fn each_user(call: &NativeCall) -> Result<Vec<NativeCall>> {
    call.required("userId")?;
    let users: BTreeSet<&String> = call.all("userId").iter().collect();
    let single = |user: &String| {
        let mut single = call.clone();
        single
            .arguments
            .insert("userId".to_owned(), vec![user.clone()]);
        single
    };
    Ok(users.into_iter().map(single).collect())
}

/// Reads a flag, which the vendor's examples spell as text too. Checked 2026-11.
fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Refuses an answer that shows something else than was asked for.
fn as_asked(look: Look) -> Result<()> {
    if look == Look::Found {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Protocol,
        "the platform answered with other values than it was asked for",
    )
    .with_effect(Effect::Applied))
}
