//! The grants that are written by themselves: wire to core and back. Pure.

use kadry_core::{Error, ErrorKind, Grant, KindName, Result};

use crate::map::{name, unsupported};
use crate::wire::power::{AttachedPowers, FullId};
use crate::wire::subscription::{Subscription, Subscriptions};

/// Returns the subscriptions that are on.
pub(crate) fn subscriptions(wire: &Subscriptions) -> Vec<Grant> {
    let on = wire.subscriptions.iter().filter(|one| one.on());
    on.map(|one| Grant::with_id(KindName::SUBSCRIPTION, &one.id, &one.id))
        .collect()
}

/// Returns the body that turns subscriptions on and off.
pub(crate) fn subscription_edit(add: &[Grant], drop: &[Grant]) -> Subscriptions {
    let turn = |grant: &Grant, on| Subscription {
        id: name(grant).to_owned(),
        is_subscribed: Some(on),
    };
    let on = add.iter().map(|grant| turn(grant, true));
    let off = drop.iter().map(|grant| turn(grant, false));
    Subscriptions {
        subscriptions: on.chain(off).collect(),
    }
}

/// Returns the powers of attorney that are attached, each with the three parts of its id as one text.
pub(crate) fn powers(wire: &AttachedPowers) -> Vec<Grant> {
    let ids = wire
        .powers_of_attorney
        .iter()
        .map(|attached| &attached.power_of_attorney.full_id);
    ids.map(|id| {
        let text = format!(
            "{}/{}/{}",
            id.registration_number,
            id.issuer_inn,
            id.representative_inn.as_deref().unwrap_or_default()
        );
        Grant::with_id(KindName::POWER_OF_ATTORNEY, text, &id.registration_number)
    })
    .collect()
}

/// What becomes of a power of attorney.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PowerEdit {
    /// It is attached.
    Attach(FullId),
    /// It is detached.
    Detach(FullId),
}

/// Returns the one power of attorney that is to be attached or detached.
pub(crate) fn power_edit(add: &[Grant], drop: &[Grant]) -> Result<PowerEdit> {
    match (add, drop) {
        ([grant], []) => full_id(grant).map(PowerEdit::Attach),
        ([], [grant]) => full_id(grant).map(PowerEdit::Detach),
        _ => Err(unsupported("one-at-a-time")),
    }
}

/// Reports whether a power of attorney is named by all three parts of its id, as it has to be to be attached.
pub(crate) fn is_full(grant: &Grant) -> bool {
    full_id(grant).is_ok_and(|id| id.representative_inn.is_some())
}

fn full_id(grant: &Grant) -> Result<FullId> {
    let parts: Vec<_> = name(grant).split('/').collect();
    match parts[..] {
        [number, issuer, representative] if !number.is_empty() && !issuer.is_empty() => {
            Ok(FullId {
                registration_number: number.to_owned(),
                issuer_inn: issuer.to_owned(),
                representative_inn: Some(representative.to_owned()).filter(|inn| !inn.is_empty()),
            })
        }
        _ => Err(invalid("a power of attorney is given by its full id")),
    }
}

fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    const NUMBER: &str = "5c2f1a34-0000-4000-8000-00000000000a";

    fn attached() -> AttachedPowers {
        serde_json::from_value(serde_json::json!({"PowersOfAttorney": [{
            "PowerOfAttorney": {
                "FullId": {"RegistrationNumber": NUMBER, "IssuerInn": "0000000000", "RepresentativeInn": "000000000000"},
                "StartAt": {"Ticks": 638_833_410_546_481_606_i64},
                "System": "example.test",
            },
            "IsDefault": true,
        }]}))
        .unwrap()
    }

    #[test]
    fn a_power_is_known_by_its_number_and_detached_by_all_three_parts() {
        let held = powers(&attached());
        assert_eq!(held[0].name, NUMBER);
        let Ok(PowerEdit::Detach(body)) = power_edit(&[], &held) else {
            panic!("detached")
        };
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            serde_json::json!({
                "RegistrationNumber": NUMBER,
                "IssuerInn": "0000000000",
                "RepresentativeInn": "000000000000",
            })
        );
    }

    #[test]
    fn two_at_once_and_half_an_id_are_refused() {
        let held = powers(&attached());
        let kind = |add: &[Grant], drop: &[Grant]| power_edit(add, drop).unwrap_err().kind();
        assert_eq!(kind(&held, &held), ErrorKind::Unsupported);
        assert_eq!(
            kind(&[], &[held[0].clone(), held[0].clone()]),
            ErrorKind::Unsupported
        );
        let by_number = Grant::named(KindName::POWER_OF_ATTORNEY, NUMBER);
        assert_eq!(kind(&[], &[by_number]), ErrorKind::Invalid);
    }

    #[test]
    fn nothing_attached_is_an_empty_list_in_every_spelling() {
        for json in [
            "{}",
            r#"{"PowersOfAttorney":null}"#,
            r#"{"PowersOfAttorney":[]}"#,
        ] {
            assert!(powers(&serde_json::from_str(json).unwrap()).is_empty());
        }
    }

    #[test]
    fn subscriptions_are_those_that_are_on_even_when_flags_are_text() {
        let wire = serde_json::from_value(serde_json::json!({"Subscriptions": [
            {"Id": "News", "IsSubscribed": "true"},
            {"Id": "ChatMessages", "IsSubscribed": false},
            {"Id": "NotKnownYet", "IsSubscribed": true},
        ]}))
        .unwrap();
        let names: Vec<_> = subscriptions(&wire)
            .into_iter()
            .map(|grant| grant.name)
            .collect();
        assert_eq!(names, ["News", "NotKnownYet"]);
    }

    #[test]
    fn only_what_changes_is_sent() {
        let grant = |id: &str| Grant::with_id(KindName::SUBSCRIPTION, id, id);
        let body = subscription_edit(&[grant("News")], &[grant("ChatMessages")]);
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            serde_json::json!({"Subscriptions": [
                {"Id": "News", "IsSubscribed": true},
                {"Id": "ChatMessages", "IsSubscribed": false},
            ]})
        );
    }
}
