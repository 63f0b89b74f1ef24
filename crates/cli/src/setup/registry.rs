//! The kinds of platforms that can be configured: the only file of the command that names vendors.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use kadry_core::{EmployeeProvider, Endpoint, Foresight, NativeCall, Noun, Operation, Result};
use kadry_http::{Keep, Wiring};
use serde::de::DeserializeOwned;

use super::document::{self, Node};
use super::mistake::Mistake;
use super::secrets::Secrets;

/// Under which keys of a role's section the columns of a vendor's own file of people would stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RosterKeys {
    /// The column of the department.
    pub(crate) department: &'static str,
    /// The column of the role.
    pub(crate) role: &'static str,
}

/// One kind of platform.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// The name, as `kind` gives it in the configuration.
    pub(crate) name: &'static str,
    /// The keys of its secrets. Each must be given.
    pub(crate) secrets: &'static [&'static str],
    /// The keys of a role's section that name grants, so that a role can be checked before any platform is reached.
    pub(crate) role_keys: &'static [&'static str],
    /// Those of the keys under which values stand, by name, instead of names.
    pub(crate) value_keys: &'static [&'static str],
    /// What a role never gives, by the key of its section: it would make an administrator.
    pub(crate) administrators: &'static [(&'static str, &'static str)],
    /// What the columns of the vendor's own file of people are, and under which name it is asked for.
    pub(crate) roster: Option<(&'static str, RosterKeys)>,
    /// The operations that only this kind has: its commands.
    pub(crate) operations: &'static [Operation],
    /// What those are about, for the help.
    pub(crate) nouns: &'static [Noun],
    /// Refuses an operation that cannot be sent, whatever the platform holds, at a moment.
    pub(crate) check: fn(&NativeCall, i64) -> Result<()>,
    /// The endpoints that are called, for the documentation.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the documentation is made by a test")
    )]
    pub(crate) endpoints: &'static [Endpoint],
    /// Reads the keys that are neither shared by all kinds nor secrets.
    pub(crate) read: fn(Node<'_>) -> Result<Arc<dyn Backend>, Mistake>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What one provider's own keys say, ready to be reached.
#[async_trait]
pub(crate) trait Backend: fmt::Debug + Send + Sync {
    /// Returns what tells the account that we sign in with from others of this kind.
    fn account(&self) -> String;

    /// Returns the addresses that secrets are sent to.
    fn addresses(&self) -> Vec<&str>;

    /// Reaches the platform and learns what it can do. `foresight` says what it will be asked for first.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn connect(
        &self,
        secrets: &Secrets,
        keep: Arc<dyn Keep>,
        wiring: Wiring,
        foresight: Foresight<'_>,
    ) -> Result<Arc<dyn EmployeeProvider>>;
}

/// What can be typed to bring many people in; one of the vendors has a file of its own for that.
pub(crate) const IMPORT_EXAMPLES: &str = "Examples:
  kadry import people.csv --role operator --plan-only
  kadry import people.xlsx --report import.xlsx
  kadry import dealapp.csv --preset dealapp";

/// One row per kind; a new platform is named here and nowhere else in the command.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: kadry_pachca::KIND,
        secrets: &["token"],
        role_keys: &["role", "tags", "chats", "properties", "status"],
        value_keys: &["properties"],
        administrators: &[("role", "admin")],
        roster: None,
        operations: kadry_pachca::OPERATIONS,
        nouns: kadry_pachca::NOUNS,
        check: kadry_pachca::check,
        endpoints: kadry_pachca::ENDPOINTS,
        read: settings::<kadry_pachca::Settings>,
    },
    Kind {
        name: kadry_dealapp::KIND,
        secrets: &["password"],
        role_keys: &["unit", "role", "level"],
        value_keys: &[],
        administrators: &[],
        roster: Some((
            "dealapp",
            RosterKeys {
                department: "unit",
                role: "role",
            },
        )),
        operations: kadry_dealapp::OPERATIONS,
        nouns: kadry_dealapp::NOUNS,
        check: |call, _| kadry_dealapp::check(call),
        endpoints: kadry_dealapp::ENDPOINTS,
        read: settings::<kadry_dealapp::Settings>,
    },
    Kind {
        name: kadry_diadoc::KIND,
        secrets: &["client_secret", "refresh_token"],
        role_keys: &[
            "department",
            "access_level",
            "selected_departments",
            "permissions",
            "subscriptions",
            "powers_of_attorney",
        ],
        value_keys: &[],
        administrators: &[],
        roster: None,
        operations: kadry_diadoc::OPERATIONS,
        nouns: kadry_diadoc::NOUNS,
        check: |call, _| kadry_diadoc::check(call),
        endpoints: kadry_diadoc::ENDPOINTS,
        read: settings::<kadry_diadoc::Settings>,
    },
];

fn settings<S: DeserializeOwned + Backend + 'static>(
    node: Node<'_>,
) -> Result<Arc<dyn Backend>, Mistake> {
    Ok(Arc::new(document::read::<S>(node)?))
}

#[async_trait]
impl Backend for kadry_pachca::Settings {
    fn account(&self) -> String {
        self.base_url.clone()
    }

    fn addresses(&self) -> Vec<&str> {
        vec![&self.base_url]
    }

    async fn connect(
        &self,
        secrets: &Secrets,
        _keep: Arc<dyn Keep>,
        wiring: Wiring,
        foresight: Foresight<'_>,
    ) -> Result<Arc<dyn EmployeeProvider>> {
        let secrets = kadry_pachca::Secrets {
            token: secrets.get("token")?,
        };
        kadry_pachca::connect(self, secrets, wiring, foresight).await
    }
}

#[async_trait]
impl Backend for kadry_dealapp::Settings {
    fn account(&self) -> String {
        format!("{} {}", self.base_url, self.email)
    }

    fn addresses(&self) -> Vec<&str> {
        vec![&self.base_url]
    }

    async fn connect(
        &self,
        secrets: &Secrets,
        keep: Arc<dyn Keep>,
        wiring: Wiring,
        foresight: Foresight<'_>,
    ) -> Result<Arc<dyn EmployeeProvider>> {
        let secrets = kadry_dealapp::Secrets {
            password: secrets.get("password")?,
            keep,
        };
        kadry_dealapp::connect(self, secrets, wiring, foresight).await
    }
}

#[async_trait]
impl Backend for kadry_diadoc::Settings {
    fn account(&self) -> String {
        format!("{} {}", self.identity_url, self.client_id)
    }

    fn addresses(&self) -> Vec<&str> {
        vec![&self.base_url, &self.identity_url]
    }

    async fn connect(
        &self,
        secrets: &Secrets,
        keep: Arc<dyn Keep>,
        wiring: Wiring,
        foresight: Foresight<'_>,
    ) -> Result<Arc<dyn EmployeeProvider>> {
        let secrets = kadry_diadoc::Secrets {
            client_secret: secrets.get("client_secret")?,
            refresh_token: secrets.get("refresh_token")?,
            keep,
        };
        kadry_diadoc::connect(self, secrets, wiring, foresight).await
    }
}
