//! What the emulator's configuration says of one platform.

use std::sync::Arc;

use kadry_core::ProviderId;
use kadry_http::{InMemory, Keep};
use serde::de::DeserializeOwned;

/// The table of one provider in the configuration file, with what its secrets refer to.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    pub(crate) id: ProviderId,
    pub(crate) keys: toml::Table,
    pub(crate) secrets: Arc<[(String, String)]>,
    pub(crate) keep: InMemory,
}

impl Section {
    /// Returns the table of the one platform of a kind.
    pub(crate) fn of_kind(
        kind: &str,
        settings: &toml::Table,
        secrets: &Arc<[(String, String)]>,
    ) -> Self {
        let providers = settings["providers"].as_table().unwrap();
        let (name, keys) = providers
            .iter()
            .find(|(_, keys)| keys["kind"].as_str() == Some(kind))
            .unwrap_or_else(|| panic!("the emulator configures no {kind}"));
        Self {
            id: ProviderId::new(name),
            keys: keys.as_table().unwrap().clone(),
            secrets: Arc::clone(secrets),
            keep: InMemory::default(),
        }
    }

    /// Returns the secret that a key refers to.
    pub(crate) fn secret<S: From<String>>(&self, key: &str) -> S {
        let variable = self.keys[key]["env"].as_str().unwrap();
        let export = self.secrets.iter().find(|(name, _)| name == variable);
        S::from(export.unwrap().1.clone())
    }

    /// Returns the keys that are neither secrets nor shared by all kinds.
    pub(crate) fn settings<T: DeserializeOwned>(&self) -> T {
        let own = |(key, value): (&String, &toml::Value)| {
            (key != "kind" && !value.is_table()).then(|| (key.clone(), value.clone()))
        };
        let own: toml::Table = self.keys.iter().filter_map(own).collect();
        own.try_into().unwrap()
    }

    /// Returns where a token that changes lives between runs.
    pub(crate) fn keep(&self) -> Arc<dyn Keep> {
        Arc::new(self.keep.clone())
    }
}
