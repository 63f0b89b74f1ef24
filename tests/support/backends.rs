//! The one place of the suites and the benches that connects platforms.

use std::sync::Arc;

use futures::future::BoxFuture;
use kadry_core::{EmployeeProvider, Foresight, Result};
use kadry_http::Wiring;

use super::section::Section;

type Connecting<'a> = BoxFuture<'a, Result<Arc<dyn EmployeeProvider>>>;

/// The backend of one kind of platform.
pub(crate) struct Backend {
    pub(crate) kind: &'static str,
    /// Connects the backend of this kind.
    pub(crate) connect: for<'a> fn(Section, Wiring, Foresight<'a>) -> Connecting<'a>,
}

impl Backend {
    /// Returns the backend of a kind.
    pub(crate) fn of(kind: &str) -> &'static Self {
        BACKENDS.iter().find(|row| row.kind == kind).unwrap()
    }
}

/// One row per kind, in the order of the emulator's.
pub(crate) const BACKENDS: &[Backend] = &[
    Backend {
        kind: kadry_pachca::KIND,
        connect: |section, wiring, foresight| {
            Box::pin(async move {
                let secrets = kadry_pachca::Secrets {
                    token: section.secret("token"),
                };
                kadry_pachca::connect(&section.settings(), secrets, wiring, foresight).await
            })
        },
    },
    Backend {
        kind: kadry_dealapp::KIND,
        connect: |section, wiring, foresight| {
            Box::pin(async move {
                let secrets = kadry_dealapp::Secrets {
                    password: section.secret("password"),
                    keep: section.keep(),
                };
                kadry_dealapp::connect(&section.settings(), secrets, wiring, foresight).await
            })
        },
    },
    Backend {
        kind: kadry_diadoc::KIND,
        connect: |section, wiring, foresight| {
            Box::pin(async move {
                let secrets = kadry_diadoc::Secrets {
                    client_secret: section.secret("client_secret"),
                    refresh_token: section.secret("refresh_token"),
                    keep: section.keep(),
                };
                kadry_diadoc::connect(&section.settings(), secrets, wiring, foresight).await
            })
        },
    },
];
