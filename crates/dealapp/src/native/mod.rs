//! What only this platform has, as commands.

mod nouns;
mod pages;
mod table;
mod tree;
mod typed;
mod units;
mod users;

use async_trait::async_trait;
use kadry_core::{
    Back, Cursor, EmployeeRef, Error, ErrorKind, Look, Native, NativeCall, Operation, Page, Result,
    Thing, Tree, meant,
};
use serde_json::Value;

pub use self::nouns::NOUNS;
use self::pages::Place;
pub use self::table::{ENDPOINTS, OPERATIONS};
pub use self::typed::check;
use crate::{DealApp, unsupported};

#[async_trait]
impl Native for DealApp {
    fn operations(&self) -> &'static [Operation] {
        OPERATIONS
    }

    async fn read(&self, call: &NativeCall, from: Option<&Cursor>) -> Result<Page<Value>> {
        nothing_empty(call)?;
        match call.operation.as_str() {
            "users list" => self.users_page(call, from).await,
            "users show" => self.one_user(call).await.map(|user| Page::last(vec![user])),
            "units list" => self.units_page(call, from).await,
            "units tree" => self.tree().await.map(Page::last),
            "roles list" => {
                let place = Place::of(from)?;
                let listing = self.api.raw_roles(place.number).await?;
                place.take(listing)
            }
            _ => Err(unknown(call)),
        }
    }

    async fn resolve(&self, call: &NativeCall) -> Result<Vec<NativeCall>> {
        let single = match call.operation.as_str() {
            "units create" => self.resolve_creation(call).await,
            "units update" => self.resolve_update(call).await,
            _ => Err(unknown(call)),
        };
        single.map(|single| vec![single])
    }

    async fn look(&self, call: &NativeCall) -> Result<Value> {
        let units = match call.operation.as_str() {
            "units create" | "units update" => self.every_unit().await?,
            _ => return Err(unknown(call)),
        };
        Ok(units::concerned(call, units))
    }

    fn thing(&self, call: &NativeCall) -> String {
        match call.one("id") {
            Some(id) => format!("unit {id}"),
            None => call.to_string(),
        }
    }

    /// Of things only the tree is changed here, by which nobody gets or loses anything.
    async fn concerns(&self, _call: &NativeCall) -> Result<Vec<EmployeeRef>> {
        Ok(Vec::new())
    }

    fn stands(&self, call: &NativeCall, before: Option<&Value>, now: &Value) -> Look {
        match call.operation.as_str() {
            "units create" => units::made(call, before, now),
            "units update" => units::changed(call, now),
            _ => Look::CannotTell,
        }
    }

    async fn write(&self, call: &NativeCall) -> Result<Value> {
        let body = units::body(call);
        let answer = match call.operation.as_str() {
            "units create" => self.api.post_unit(&body).await?,
            "units update" => self.api.put_unit(call.required("id")?, &body).await?,
            _ => return Err(unknown(call)),
        };
        units::as_asked(call, answer)
    }

    fn back(&self, call: &NativeCall, before: &Value, _after: &Value) -> Back {
        match call.operation.as_str() {
            "units update" => units::back(call, before),
            // Nothing on this platform is deleted.
            _ => Back::default(),
        }
    }

    fn apart(&self, call: &NativeCall) -> &'static [&'static [&'static str]] {
        match call.operation.as_str() {
            "units update" => &[&["name"], &["parent_id"], &["integration_uid"]],
            _ => &[],
        }
    }

    fn tree(&self) -> Option<&dyn Tree> {
        Some(self)
    }
}

fn unknown(call: &NativeCall) -> Error {
    unsupported().with("operation", &call.operation)
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

/// What the arguments of the operations name.
const UNIT: Thing<'static> = Thing {
    kind: "unit",
    list: "dealapp units tree",
};
const ROLE: Thing<'static> = Thing {
    kind: "role",
    list: "dealapp roles list --all",
};
const LEVEL: Thing<'static> = Thing {
    kind: "level",
    list: "dealapp users list",
};

/// Refuses an empty text: what the platform makes of one is not documented. Checked 2026-11.
fn nothing_empty(call: &NativeCall) -> Result<()> {
    let is_empty =
        |(_, values): &(&String, &Vec<String>)| values.iter().any(|value| value.trim().is_empty());
    match call.arguments.iter().find(is_empty) {
        Some((name, _)) => Err(invalid("an argument is empty").with("argument", name)),
        None => Ok(()),
    }
}

/// Returns the id of a thing that is given by its id or by what it is called.
fn id_of(
    offers: &[kadry_core::Offer],
    typed: &str,
    argument: &'static str,
    thing: Thing<'_>,
) -> Result<String> {
    let offer = meant(offers, typed, thing).map_err(|error| error.with("argument", argument))?;
    Ok(offer.id.to_string())
}
