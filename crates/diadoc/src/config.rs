//! What the operator configures.

use std::sync::Arc;

use kadry_core::{Error, ErrorKind, Result};
use kadry_http::Keep;
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use url::Url;
use uuid::Uuid;

/// The keys of a provider of this kind, without those that every kind has and without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the platform is.
    #[serde(default = "base_url")]
    pub base_url: String,
    /// Where the platform's OpenID provider is.
    #[serde(default = "identity_url")]
    pub identity_url: String,
    /// The box whose employees these are.
    #[serde(deserialize_with = "box_id")]
    pub box_id: Uuid,
    /// The id of the integration, from the integrator's cabinet.
    pub client_id: String,
}

/// What a provider of this kind must keep to itself.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// The integration's API key, from the integrator's cabinet.
    pub client_secret: SecretString,
    /// The refresh token that somebody copied from the cabinet: a seed, from which every later one comes.
    pub refresh_token: SecretString,
    /// Where the current tokens are kept between runs.
    pub keep: Arc<dyn Keep>,
}

// <https://developer.kontur.ru/doc/diadoc-api>, the addresses of the production site. Checked 2026-11.
fn base_url() -> String {
    "https://diadoc-api.kontur.ru".to_owned()
}

fn identity_url() -> String {
    "https://identity.kontur.ru".to_owned()
}

/// Reads a box id. The older form was accepted everywhere once and is refused by some methods now.
fn box_id<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Uuid, D::Error> {
    let text = String::deserialize(deserializer)?;
    Uuid::try_parse(text.trim()).map_err(|_| {
        D::Error::custom(
            "box_id must be the GUID of the box (BoxIdGuid), such as 11111111-2222-3333-4444-555555555555",
        )
    })
}

/// Returns the address that a key holds.
pub(crate) fn address(key: &'static str, text: &str) -> Result<Url> {
    Url::parse(text.trim()).map_err(|error| {
        Error::new(
            ErrorKind::Config,
            format!("{key} is not an address: {error}"),
        )
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_defaults_and_the_box_is_a_guid() {
        let settings: Settings = serde_json::from_value(serde_json::json!({
            "box_id": "11111111222233334444555555555555",
            "client_id": "romashka",
        }))
        .unwrap();
        assert_eq!(settings.base_url, "https://diadoc-api.kontur.ru");
        assert_eq!(settings.identity_url, "https://identity.kontur.ru");
        assert_eq!(
            settings.box_id.to_string(),
            "11111111-2222-3333-4444-555555555555"
        );
    }

    #[test]
    fn the_older_form_of_a_box_id_and_an_unknown_key_are_refused() {
        for (key, value) in [
            ("box_id", "11111111222233334444555555555555@diadoc.ru"),
            ("inn", "0000000000"),
        ] {
            let mut settings = serde_json::json!({
                "box_id": "11111111-2222-3333-4444-555555555555",
                "client_id": "romashka",
            });
            settings[key] = value.into();
            let error = serde_json::from_value::<Settings>(settings).unwrap_err();
            assert!(error.to_string().contains(key), "{error}");
        }
    }
}
