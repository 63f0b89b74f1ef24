//! What the configuration says about one platform of this kind.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Error, ErrorKind, Result};
use kadry_http::{Family, Pace, Wiring};
use serde::Deserialize;
use url::Url;

/// The budget of everything that has none of its own.
pub(crate) const GENERAL: &str = "general";
/// The budget of sending messages to all recipients together.
pub(crate) const MESSAGES: &str = "messages";
/// The budget of sending messages to one recipient, who is the key.
pub(crate) const MESSAGES_TO_ONE: &str = "messages-to-one";
/// The budget of reading messages.
pub(crate) const MESSAGE_READS: &str = "message-reads";

/// How many requests are under way at once unless the operator says otherwise: enough to use the general budget up.
const IN_FLIGHT: usize = 16;

/// The keys of a provider of this kind, besides its secrets and the keys that all kinds share.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the API is; an installation of one's own has its own address.
    #[serde(default = "vendor_address")]
    pub base_url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: vendor_address(),
        }
    }
}

fn vendor_address() -> String {
    "https://api.pachca.com/api/shared/v1".to_owned()
}

impl Settings {
    /// Returns the parsed address.
    ///
    /// # Errors
    ///
    /// `Config` for a text that is not the address of a server.
    pub(crate) fn base(&self) -> Result<Url> {
        let wrong = || Error::new(ErrorKind::Config, "base_url is not the address of a server");
        let base = Url::parse(&self.base_url).map_err(|fault| wrong().from_source(fault))?;
        if base.has_host() {
            Ok(base)
        } else {
            Err(wrong())
        }
    }
}

/// Returns the request budgets of one token.
///
/// They stay a little below the vendor's limits: about 50 requests a second in general and 10 that read messages, 4 messages a second
/// to one recipient and 30 in five seconds to all. <https://dev.pachca.com/api/limits> Checked 2026-11.
pub(crate) fn pace(wiring: &Wiring) -> Arc<Pace> {
    let second = Duration::from_secs(1);
    let limits = [
        (GENERAL, 50, second, 8),
        (MESSAGES, 30, second * 5, 4),
        (MESSAGES_TO_ONE, 4, second, 1),
        (MESSAGE_READS, 10, second, 2),
    ];
    let families = limits.map(|(name, count, within, burst)| {
        let documented = Family::documented(name, count, within, burst);
        match wiring.requests_per_second {
            Some(asked) if asked < documented.per_second => Family::of_operator(name, asked, 1),
            // An installation of one's own may bear more in general; messages stay as the vendor counts them.
            Some(asked) if name == GENERAL => Family::of_operator(name, asked, burst),
            Some(_) | None => documented,
        }
    });
    let most = wiring.max_in_flight.unwrap_or(IN_FLIGHT);
    Arc::new(wiring.budgets.pace("api", families.into(), most))
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    reason = "a fixture that does not parse is a failed test"
)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_address_is_the_vendors_unless_another_is_given() {
        let settings: Settings = serde_json::from_value(json!({})).unwrap();
        assert_eq!(settings, Settings::default());
        assert_eq!(
            settings.base().unwrap().as_str(),
            "https://api.pachca.com/api/shared/v1"
        );
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let wrong = serde_json::from_value::<Settings>(json!({"base_uri": "https://example.test"}));
        assert!(wrong.unwrap_err().to_string().contains("base_uri"));
    }

    #[test]
    fn what_is_not_an_address_is_a_fault_of_the_configuration() {
        for base_url in ["", "example.test", "mailto:a@example.test"] {
            let settings = Settings {
                base_url: base_url.to_owned(),
            };
            assert_eq!(
                settings.base().unwrap_err().kind(),
                ErrorKind::Config,
                "{base_url:?}"
            );
        }
    }
}
