//! `/api/v1/organization`: units and roles.

use kadry_core::{Definition, Effect, Error, ErrorKind, Known, Offer, Repeat, Result, fold};
use kadry_http::{Answer, Call, Method};
use serde::Deserialize;

use super::paging::whole;
use super::{Api, in_doubt};
use crate::map;
use crate::wire::document::{Listing, Resource, Single};
use crate::wire::organisation::{NewUnit, Unit};

pub(super) const UNITS: &str = "/api/v1/organization/units";
pub(super) const ROLES: &str = "/api/v1/organization/roles";

impl Api {
    /// Returns every role.
    pub(crate) async fn roles(&self) -> Result<Vec<Offer>> {
        let roles = whole(|number| self.rows(ROLES, number)).await?;
        Ok(roles.data.into_iter().map(map::role).collect())
    }

    /// Returns every unit with its path: a unit may stand on another page than the one above it.
    pub(crate) async fn units(&self) -> Result<Vec<Offer>> {
        let units = whole(|number| self.rows(UNITS, number)).await?;
        Ok(map::units(&units.data))
    }

    /// Makes the last unit of a path under the one that the rest of the path leads to.
    pub(crate) async fn create_unit(&self, what: &Definition) -> Result<Offer> {
        let Some((name, above)) = what.path.split_last() else {
            return Err(nameless());
        };
        let name = name.trim();
        if name.is_empty() {
            return Err(nameless());
        }
        let known = self.units().await?;
        if known.iter().any(|unit| same_path(&unit.path, &what.path)) {
            return Err(Error::new(ErrorKind::Conflict, "the unit exists"));
        }
        let parent = parent(&known, above)?;
        let body = NewUnit {
            name,
            parent_id: parent.map(|unit| unit.id.as_str()),
        };
        let call = Call::write(Method::POST, UNITS, Repeat::Once).json(&body);
        let answer = self.send(call).await?;
        match shown(&answer) {
            Some(unit) => agreed(&unit, name, parent),
            None => self
                .units()
                .await
                .map_err(|error| in_doubt(error, Repeat::Once))?
                .into_iter()
                .find(|unit| same_path(&unit.path, &what.path))
                .ok_or_else(|| in_doubt(vanished(), Repeat::Once)),
        }
    }

    async fn rows<A>(&self, path: &str, number: u64) -> Result<Listing<A>>
    where
        A: for<'de> Deserialize<'de> + Default,
    {
        self.send(page(path, number)).await?.json()
    }
}

/// Returns the call for one page of units or roles.
pub(super) fn page(path: &str, number: u64) -> Call {
    let call = Call::read(path);
    // Pages are documented for lists in general and not for these two, so that the first one is asked for by no number.
    if number > 1 {
        call.query("page[number]", number)
    } else {
        call
    }
}

fn parent<'a>(known: &'a [Offer], above: &[String]) -> Result<Option<&'a Offer>> {
    if above.is_empty() {
        return Ok(None);
    }
    let mut fitting = known.iter().filter(|unit| same_path(&unit.path, above));
    match (fitting.next(), fitting.next()) {
        (Some(unit), None) => Ok(Some(unit)),
        (Some(_), Some(_)) => Err(Error::new(
            ErrorKind::Conflict,
            "two units above have the same path",
        )),
        (None, _) => Err(Error::new(
            ErrorKind::NotFound,
            "the unit above does not exist",
        )),
    }
}

fn same_path(one: &[String], other: &[String]) -> bool {
    one.len() == other.len()
        && one
            .iter()
            .zip(other)
            .all(|(one, other)| fold(one) == fold(other))
}

/// Returns the unit in the answer, if it shows a name to compare.
fn shown(answer: &Answer) -> Option<Resource<Unit>> {
    let unit = answer.json::<Single<Unit>>().ok()?.data?;
    unit.attributes.name.is_some().then_some(unit)
}

fn agreed(unit: &Resource<Unit>, name: &str, parent: Option<&Offer>) -> Result<Offer> {
    let shown = unit.attributes.name.as_deref().unwrap_or_default();
    let elsewhere = match map::parent(unit) {
        Known::Value(above) => parent.is_none_or(|parent| parent.id.as_str() != above),
        // The platform drops what it does not permit and says 200 all the same: then the unit stands at the root.
        Known::Empty => parent.is_some(),
        // An answer that does not show the unit above proves nothing against it.
        Known::Hidden => false,
    };
    if fold(shown) != fold(name) || elsewhere {
        return Err(Error::new(
            ErrorKind::Protocol,
            "the platform made another unit than the one that was asked for",
        )
        .with_effect(Effect::Applied)
        .with("unit.id", &unit.id));
    }
    let mut path = parent.map(|unit| unit.path.clone()).unwrap_or_default();
    path.push(shown.to_owned());
    Ok(map::offer(unit.id.clone(), path))
}

fn nameless() -> Error {
    Error::new(ErrorKind::Invalid, "a unit needs a name")
}

fn vanished() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the platform said yes and shows no such unit",
    )
}
