//! Reaching the platform.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{EmployeeProvider, Error, ErrorKind, Foresight, KeyName, MatchKey, Result};
use kadry_http::{Client, Explain, Family, Wiring};
use url::Url;

use crate::calls::{self, BoxApi};
use crate::capability::capability;
use crate::config::{Secrets, Settings, address};
use crate::provider::Diadoc;
use crate::recent::Recent;
use crate::token::{self, Source, Token};
use crate::wire::employee::Employee;

/// Requests a second of all threads of a client together: "no more than 100 RPS". <https://developer.kontur.ru/doc/diadoc-api>.
/// Checked 2026-11.
const A_SECOND: u32 = 100;

/// Requests that may leave at once after a rest.
const BURST: u32 = 8;

/// Requests under way at once: "at most 4 parallel threads". <https://developer.kontur.ru/doc/diadoc-api>. Checked 2026-11.
const IN_FLIGHT: usize = 4;

/// Signs in, looks who we are in the box, and returns the box as a directory of employees.
///
/// Whoever says whom they will look for gets the list of everybody read meanwhile, and is never kept waiting for a token that would
/// serve to be renewed.
///
/// # Errors
///
/// `Config` for an address that is none and a client that the OpenID provider does not know, `Unauthenticated` for a refresh token
/// that has ended, `Forbidden` if we are no employee of the box or blocked there, and the errors of any request.
pub async fn connect(
    settings: &Settings,
    secrets: Secrets,
    wiring: Wiring,
    foresight: Foresight<'_>,
) -> Result<Arc<dyn EmployeeProvider>> {
    let identity = client(
        address("identity_url", &settings.identity_url)?,
        token::FAMILY,
        token::explain,
        &wiring,
    )?;
    let token = Token::new(Source {
        identity,
        client_id: settings.client_id.clone(),
        client_secret: secrets.client_secret,
        seed: secrets.refresh_token,
        keep: secrets.keep,
        clock: wiring.clock.clone(),
        errands: wiring.errands.clone(),
    });
    let client = client(
        address("base_url", &settings.base_url)?,
        calls::FAMILY,
        calls::explain,
        &wiring,
    )?;
    let api = BoxApi {
        client,
        token,
        id: settings.box_id.to_string(),
    };
    let recent = Recent::default();
    if foresight
        .whom
        .iter()
        .map(MatchKey::name)
        .any(|key| key == KeyName::Email)
    {
        recent.read_ahead(api.clone());
    } else {
        api.token.keep_alive().await?;
    }
    let own = own_record(&api).await?;
    let administrator = own.administrator() == Some(true);
    let own_id = own.user.user_id.clone();
    recent.note_own(own);
    Ok(Arc::new(Diadoc {
        id: wiring.id,
        capability: capability(administrator, wiring.timeout),
        api,
        own_id,
        recent,
    }))
}

fn client(base: Url, family: &'static str, explain: Explain, wiring: &Wiring) -> Result<Client> {
    let family = match wiring.requests_per_second {
        Some(asked) => Family::of_operator(family, asked, BURST),
        None => Family::documented(family, A_SECOND, Duration::from_secs(1), BURST),
    };
    let most = wiring.max_in_flight.unwrap_or(IN_FLIGHT);
    // The OpenID provider is another server: each of them counts for itself.
    let pace = wiring.budgets.pace(family.name, vec![family], most);
    Client::new(
        kadry_http::Settings {
            base,
            timeout: wiring.timeout,
            retry_for: wiring.retry_for,
            insecure: wiring.insecure,
        },
        Arc::clone(&wiring.transport),
        Arc::new(pace),
        explain,
        wiring.clock.clone(),
        wiring.random.clone(),
    )
}

/// Returns our own record, if the box lets us in.
async fn own_record(api: &BoxApi) -> Result<Employee> {
    let forbidden = |message: &'static str, reason: &'static str| {
        Error::new(ErrorKind::Forbidden, message)
            .with("reason", reason)
            .with("box.id", &api.id)
    };
    let own = api.my_employee().await.map_err(|error| {
        if error.kind() == ErrorKind::Forbidden {
            error
                .with("reason", "box-access-denied")
                .with("box.id", &api.id)
        } else {
            error
        }
    })?;
    let own = own.ok_or_else(|| forbidden("we are no employee of the box", "not-an-employee"))?;
    if own.blocked() {
        return Err(forbidden("we are blocked in the box", "blocked-ourselves"));
    }
    Ok(own)
}
