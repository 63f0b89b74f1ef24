//! The levels that the operator named: the platform documents no list of them.

use std::collections::BTreeMap;

use kadry_core::{Error, ErrorKind, Offer, Result, fold};

use crate::map::offer;
use crate::wire::read::is_id;

/// The names of levels by their ids; empty where the settings have no table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels(BTreeMap<String, String>);

impl Levels {
    /// Returns the levels of a table from names to ids.
    pub(crate) fn of_table(table: &BTreeMap<String, String>) -> Result<Self> {
        let mut levels = Self::default();
        for (name, id) in table {
            let (name, id) = (name.trim(), id.trim());
            if name.is_empty() {
                return Err(refused("a level in levels has no name", name));
            }
            if !is_id(id) {
                return Err(refused("a level in levels has no UUID for its id", name));
            }
            if levels.0.values().any(|other| fold(other) == fold(name)) {
                return Err(refused("two levels in levels have the same name", name));
            }
            // Of two names for one id a record could not tell which one it holds.
            let before = levels.0.insert(id.to_lowercase(), name.to_owned());
            if before.is_some() {
                return Err(refused("two levels in levels have the same id", name));
            }
        }
        Ok(levels)
    }

    /// Reports whether the settings name no level.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the id of a level that is known by its name; without a table the name is the id.
    pub(crate) fn id(&self, name: &str) -> Option<String> {
        if self.is_empty() {
            return Some(name.trim().to_owned());
        }
        let mut named = self.0.iter();
        let (id, _) = named.find(|(_, known)| fold(known) == fold(name))?;
        Some(id.clone())
    }

    /// Returns the levels as what can be granted.
    pub(crate) fn offers(&self) -> Vec<Offer> {
        let named = self.0.iter();
        named
            .map(|(id, name)| offer(id.clone(), vec![name.clone()]))
            .collect()
    }
}

fn refused(message: &str, name: &str) -> Error {
    Error::new(ErrorKind::Config, message).with("level", name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENIOR: &str = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201";
    const JUNIOR: &str = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92202";

    fn levels(rows: &[(&str, &str)]) -> Result<Levels> {
        let row = |(name, id): &(&str, &str)| ((*name).to_owned(), (*id).to_owned());
        Levels::of_table(&rows.iter().map(row).collect())
    }

    #[test]
    fn a_level_is_known_by_its_folded_name_and_offered_by_its_id() {
        let levels = levels(&[(" Старший ", &SENIOR.to_uppercase()), ("Новичок", JUNIOR)]);
        let levels = levels.unwrap_or_default();
        assert_eq!(levels.id("старший"), Some(SENIOR.to_owned()));
        assert_eq!(levels.id("Эксперт"), None);
        let offered: Vec<String> = levels
            .offers()
            .into_iter()
            .map(|offer| format!("{} {}", offer.id, offer.path.join("/")))
            .collect();
        assert_eq!(
            offered,
            [format!("{SENIOR} Старший"), format!("{JUNIOR} Новичок")]
        );
    }

    #[test]
    fn without_a_table_a_name_is_the_id() {
        assert_eq!(Levels::default().id(" l-1 "), Some("l-1".to_owned()));
        assert!(Levels::default().offers().is_empty());
    }

    #[test]
    fn a_table_that_leaves_a_doubt_is_the_operators_to_mend() {
        for rows in [
            &[("Старший", "17")][..],
            &[("Старший", "")],
            &[("  ", SENIOR)],
            &[("Учётчик", SENIOR), ("учетчик", JUNIOR)],
            &[("Старший", SENIOR), ("Главный", SENIOR)],
        ] {
            let error = levels(rows).err();
            assert_eq!(
                error.map(|error| error.kind()),
                Some(ErrorKind::Config),
                "{rows:?}"
            );
        }
    }
}
