//! The keys of a provider of this kind.

use std::collections::BTreeMap;

use kadry_core::{Email, Error, ErrorKind, Result};
use serde::Deserialize;
use url::Url;

use crate::levels::Levels;

const BASE_URL: &str = "https://api.prod1.dealapp.io";

/// The settings of one provider of this kind, without its secrets.
///
/// Of what every kind shares, the number of requests under way at once counts while the platform leaves the session's token as it is.
/// While the token changes with each answer it is one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The origin of the installation; sign-in and calls share it.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// The e-mail of the service account. It should be nobody's own: our sessions would push a person's out.
    pub email: String,
    /// The levels by the names that roles may say, such as `levels = { "Старший" = "0f4e2a9b-7a1c-4f5d-b9d2-53f6f1a92201" }`.
    ///
    /// The platform documents no list of its levels, so that only this table gives them names: with it a role says a name and a record
    /// shows one. Without it a role says the id itself. The web interface of the platform and the filter `levels_ids` know the ids.
    #[serde(default)]
    pub levels: BTreeMap<String, String>,
}

fn base_url() -> String {
    BASE_URL.to_owned()
}

impl Settings {
    pub(crate) fn base(&self) -> Result<Url> {
        Url::parse(self.base_url.trim()).map_err(|source| {
            Error::new(ErrorKind::Config, "base_url is not an address").from_source(source)
        })
    }

    pub(crate) fn levels(&self) -> Result<Levels> {
        Levels::of_table(&self.levels)
    }

    pub(crate) fn service_email(&self) -> Result<Email> {
        let email = Email::of_record(&self.email);
        if email.as_str().contains('@') {
            Ok(email)
        } else {
            Err(Error::new(
                ErrorKind::Config,
                "email is not the e-mail of a service account",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_url_has_a_default_and_unknown_keys_are_refused() {
        let read = |json: &str| serde_json::from_str::<Settings>(json);
        let settings = read(r#"{"email": "svc@example.test"}"#);
        assert_eq!(
            settings.ok().and_then(|settings| settings.base().ok()),
            Url::parse(BASE_URL).ok()
        );
        assert!(read(r#"{"email": "svc@example.test", "password": "x"}"#).is_err());
    }

    #[test]
    fn a_bad_address_is_the_operators_to_mend() {
        let settings = Settings {
            base_url: "calls".to_owned(),
            email: "svc".to_owned(),
            levels: [("Старший".to_owned(), "17".to_owned())].into(),
        };
        for error in [
            settings.base().err(),
            settings.service_email().err(),
            settings.levels().err(),
        ] {
            assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Config));
        }
    }
}
