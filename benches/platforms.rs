//! The one place of the benches that connects platforms.

use std::sync::Arc;

use futures::future::BoxFuture;
use kadry_core::{EmployeeProvider, Foresight, Result};
use kadry_http::Wiring;

use crate::section::Section;

type Connecting<'a> = BoxFuture<'a, Result<Arc<dyn EmployeeProvider>>>;

/// One kind of platform.
pub(crate) struct Platform {
    pub(crate) kind: &'static str,
    /// Connects the backend of this kind.
    pub(crate) connect: for<'a> fn(Section, Wiring, Foresight<'a>) -> Connecting<'a>,
}

/// One row per kind.
pub(crate) const PLATFORMS: &[Platform] = &[
    Platform {
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
    Platform {
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
    Platform {
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
