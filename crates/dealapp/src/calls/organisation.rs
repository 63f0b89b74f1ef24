//! `/api/v1/organization`: units and roles.

use kadry_core::{Cursor, Definition, Effect, Error, ErrorKind, Offer, Page, Repeat, Result, fold};
use kadry_http::{Answer, Call, Method};
use serde::Deserialize;

use super::paging::Place;
use super::{Api, in_doubt};
use crate::map;
use crate::wire::document::{Listing, Resource, Single};
use crate::wire::organisation::{NewUnit, Unit};

const UNITS: &str = "/api/v1/organization/units";
const ROLES: &str = "/api/v1/organization/roles";

impl Api {
    /// Returns one page of the roles.
    pub(crate) async fn roles(&self, from: Option<&Cursor>) -> Result<Page<Offer>> {
        let place = Place::read(from)?;
        let listing = self.rows(ROLES, &place).await?;
        if place.repeats(&listing) {
            return Ok(Page::last(Vec::new()));
        }
        Ok(Page {
            next: place.next(&listing).map(|place| place.cursor()),
            items: listing.data.into_iter().map(map::role).collect(),
        })
    }

    /// Returns every unit with its path. All pages are read at once: a unit may stand on another page than the one above it.
    pub(crate) async fn units(&self) -> Result<Vec<Offer>> {
        let mut units: Vec<Resource<Unit>> = Vec::new();
        let mut place = Place::first();
        loop {
            let listing: Listing<Unit> = self.rows(UNITS, &place).await?;
            let next = place.next(&listing);
            if place.repeats(&listing) {
                break;
            }
            units.extend(listing.data);
            match next {
                Some(next) => place = next,
                None => break,
            }
        }
        Ok(map::units(&units))
    }

    /// Makes the last unit of a path under the one that the rest of the path leads to.
    pub(crate) async fn create_unit(&self, what: &Definition) -> Result<Offer> {
        let Some((name, above)) = what.path.split_last() else {
            return Err(Error::new(ErrorKind::Invalid, "a unit needs a name"));
        };
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

    async fn rows<A>(&self, path: &str, place: &Place) -> Result<Listing<A>>
    where
        A: for<'de> Deserialize<'de> + Default,
    {
        let call = Call::read(path);
        // Pages are documented for lists in general and not for these two, so that only an answer that counts pages is followed up.
        let call = if place.number > 1 {
            call.query("page[number]", place.number)
        } else {
            call
        };
        let mut listing: Listing<A> = self.send(call).await?.json()?;
        listing.meta.total_pages = listing.meta.total_pages.or(Some(place.number));
        Ok(listing)
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
    // An answer that does not show the unit above proves nothing against it.
    let above = map::parent(unit);
    let elsewhere = above.is_some() && above.as_deref() != parent.map(|unit| unit.id.as_str());
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

fn vanished() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the platform said yes and shows no such unit",
    )
}
