//! What somebody means who types the name of a thing.

use super::Thing;
use crate::error::Result;
use crate::fold::fold;
use crate::grant::Offer;

/// Returns the one thing that somebody means: by its id, by its place in a tree such as `Контакт-центр / Первая линия`, or by the end of
/// its place, which its name alone is.
///
/// # Errors
///
/// `NotFound` where nothing fits, and `Conflict` where several things fit equally well.
pub fn meant<'a>(offers: &'a [Offer], typed: &str, thing: Thing<'_>) -> Result<&'a Offer> {
    let typed = typed.trim();
    let wanted = place(typed);
    let end = format!("/{wanted}");
    let mut places = Vec::with_capacity(offers.len());
    for offer in offers {
        if offer.id.as_str().eq_ignore_ascii_case(typed) {
            return Ok(offer);
        }
        places.push((place(&offer.path.join("/")), offer));
    }
    let at = |fits: &dyn Fn(&str) -> bool| {
        let fitting = places.iter().filter(|(place, _)| fits(place));
        fitting.map(|(_, offer)| *offer).collect::<Vec<_>>()
    };
    for found in [
        at(&|place| place == wanted),
        at(&|place| place.ends_with(&end)),
    ] {
        match found.as_slice() {
            [offer] => return Ok(offer),
            [] => {}
            several => return Err(thing.several(typed, several.iter().map(|offer| &offer.id))),
        }
    }
    Err(thing.none(typed, offers.iter().map(|offer| offer.name.as_str())))
}

/// Returns a path in the form in which paths are compared. A name may have a stroke in it, so that the whole is compared.
fn place(path: &str) -> String {
    let names: Vec<String> = path.split('/').map(fold).collect();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::RemoteId;
    use crate::error::ErrorKind;

    const UNIT: Thing<'static> = Thing {
        kind: "unit",
        list: "memory units list",
    };

    fn unit(id: &str, path: &[&str]) -> Offer {
        Offer {
            id: RemoteId::new(id),
            name: path.last().copied().unwrap_or_default().to_owned(),
            path: path.iter().map(|&name| name.to_owned()).collect(),
            holders: None,
            owner: None,
            through: Vec::new(),
        }
    }

    #[test]
    fn a_thing_is_meant_by_its_id_its_path_or_the_end_of_its_path() {
        let units = [
            unit("1", &["Продажи"]),
            unit("2", &["Продажи", "Север / Юг"]),
            unit("3", &["Склад", "Продажи"]),
            unit("4", &["Склад", "Учёт"]),
            unit("5", &["Архив", "Учет"]),
        ];
        let id = |typed: &str| meant(&units, typed, UNIT).map(|unit| unit.id.to_string());
        for (typed, expected) in [
            ("2", "2"),
            ("продажи", "1"),
            ("Склад/Продажи", "3"),
            (" склад /  ПРОДАЖИ ", "3"),
            ("север/юг", "2"),
            ("Архив / Учёт", "5"),
        ] {
            assert_eq!(id(typed).ok().as_deref(), Some(expected), "{typed}");
        }
        for (typed, expected) in [
            ("Учёт", ErrorKind::Conflict),
            ("ажи", ErrorKind::NotFound),
            ("", ErrorKind::NotFound),
        ] {
            let kind = id(typed).err().map(|error| error.kind());
            assert_eq!(kind, Some(expected), "{typed}");
        }
    }
}
