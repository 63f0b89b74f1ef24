//! Kontur's identity server, as far as Diadoc's callers need it: refresh tokens in, access tokens out.
//!
//! A sign-in with a browser (the code and device grants) is not emulated; [`Identity::sign_in`] stands for the
//! vendor's cabinet, where the first refresh token of a robot is made by hand.

mod tokens;

use std::fmt;
use std::sync::{Arc, Mutex};

use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use serde_json::json;

use crate::wire::{Refused, Wire};
use crate::{Clock, Options, held, seed};
use tokens::{Granted, Tokens};

/// Where tokens are given out.
const TOKEN_PATH: &str = "/connect/token";

/// Fields of the grants that the vendor documents for Diadoc.
const KNOWN_FIELDS: [&str; 7] = [
    "grant_type",
    "client_id",
    "client_secret",
    "refresh_token",
    "code",
    "redirect_uri",
    "device_code",
];

/// Grants that the vendor documents but nobody can start here.
const GRANTS_WITH_A_BROWSER: [&str; 2] = [
    "authorization_code",
    "urn:ietf:params:oauth:grant-type:device_code",
];

/// The identity server. Clones are the same server.
#[derive(Clone)]
pub(crate) struct Identity {
    client_id: String,
    client_secret: String,
    clock: Clock,
    tokens: Arc<Mutex<Tokens>>,
}

impl fmt::Debug for Identity {
    /// Leaves the secret and the tokens out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

impl Identity {
    pub(crate) fn new(options: &Options, clock: &Clock) -> Self {
        Self {
            client_id: seed::uuid(options.seed, "identity.client"),
            client_secret: seed::token(options.seed, "identity.secret", 40),
            clock: clock.clone(),
            tokens: Arc::new(Mutex::new(Tokens::new(
                options.seed,
                options.identity_rotation,
            ))),
        }
    }

    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    pub(crate) fn client_secret(&self) -> &str {
        &self.client_secret
    }

    pub(crate) fn router(&self) -> Router {
        Router::new().fallback(answer).with_state(self.clone())
    }

    /// Gives an account a refresh token, as the vendor's cabinet does after a sign-in by hand.
    pub(crate) fn sign_in(&self, account: &str, refresh_token: &str) {
        held(&self.tokens).sign_in(account, refresh_token, self.clock.now_ms());
    }

    /// Returns the account that an access token was given to, while it is valid.
    pub(crate) fn account(&self, access_token: &str) -> Option<String> {
        held(&self.tokens).account(access_token, self.clock.now_ms())
    }

    /// Ends every access token; refresh tokens stay.
    pub(crate) fn expire_access_tokens(&self) {
        held(&self.tokens).expire_access_tokens();
    }

    fn refresh(&self, form: &Form) -> Result<Response, Refusal> {
        let known = form.get("client_id") == Some(&self.client_id)
            && form.get("client_secret") == Some(&self.client_secret);
        if !known {
            return Err(Refusal::said(
                "invalid_client",
                "unknown client or wrong secret",
            ));
        }
        let refresh_token = form
            .get("refresh_token")
            .ok_or_else(|| Refusal::said("invalid_request", "refresh_token is missing"))?;
        let Granted {
            access_token,
            refresh_token,
        } = held(&self.tokens)
            .refresh(refresh_token, self.clock.now_ms())
            .ok_or_else(|| Refusal::said("invalid_grant", "the refresh token is not valid"))?;
        Ok(no_store(
            StatusCode::OK,
            &json!({
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": tokens::ACCESS_TOKEN_MS / 1_000,
                "refresh_token": refresh_token,
            }),
        ))
    }
}

/// Why no token is given out: in OAuth's words, or by strict mode.
#[derive(Debug)]
enum Refusal {
    Said(&'static str, &'static str),
    Plain(StatusCode),
    Undocumented(Refused),
}

impl Refusal {
    fn said(error: &'static str, description: &'static str) -> Self {
        Self::Said(error, description)
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::Undocumented(refused)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Said(error, description) => no_store(
                StatusCode::BAD_REQUEST,
                &json!({ "error": error, "error_description": description }),
            ),
            Self::Plain(status) => status.into_response(),
            Self::Undocumented(refused) => refused.into_response(),
        }
    }
}

async fn answer(
    State(identity): State<Identity>,
    Extension(wire): Extension<Wire>,
    request: Request,
) -> Response {
    match run(&identity, &wire, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn run(identity: &Identity, wire: &Wire, request: Request) -> Result<Response, Refusal> {
    let path = request.uri().path();
    if !path.eq_ignore_ascii_case(TOKEN_PATH) {
        wire.undocumented(format!("the emulated identity server has no {path}"))?;
        return Err(Refusal::Plain(StatusCode::NOT_FOUND));
    }
    if request.method() != Method::POST {
        let method = request.method();
        wire.undocumented(format!("{path} does not answer {method}"))?;
        return Err(Refusal::Plain(StatusCode::METHOD_NOT_ALLOWED));
    }
    check_head(wire, request.headers(), request.uri().query())?;
    let fields = axum::Form::from_request(request, &())
        .await
        .map_err(|_| Refusal::said("invalid_request", "the body is not a form"))?;
    let form = Form::check(wire, fields.0)?;
    match form.get("grant_type").map(String::as_str) {
        None => Err(Refusal::said("invalid_request", "grant_type is missing")),
        Some("refresh_token") => identity.refresh(&form),
        Some(other) => {
            if !GRANTS_WITH_A_BROWSER.contains(&other) {
                wire.undocumented("a grant that is not documented for Diadoc")?;
            }
            Err(Refusal::said(
                "unsupported_grant_type",
                "only refresh_token is emulated",
            ))
        }
    }
}

/// Notes what does not belong beside the form: the secret has its place in the body.
fn check_head(wire: &Wire, headers: &HeaderMap, query: Option<&str>) -> Result<(), Refusal> {
    if query.is_some() {
        wire.undocumented("the token request has a query")?;
    }
    if headers.contains_key(header::AUTHORIZATION) {
        wire.undocumented("client credentials in a header")?;
    }
    Ok(wire.only_content_type(headers, "application/x-www-form-urlencoded")?)
}

/// The fields of a token request.
struct Form(Vec<(String, String)>);

impl Form {
    /// Notes fields that are not known; one that is given twice is refused.
    fn check(wire: &Wire, fields: Vec<(String, String)>) -> Result<Self, Refusal> {
        for (at, (name, _)) in fields.iter().enumerate() {
            if !KNOWN_FIELDS.contains(&name.as_str()) {
                wire.undocumented(format!("unknown form field `{name}`"))?;
            }
            if fields[..at].iter().any(|(before, _)| before == name) {
                wire.undocumented(format!("form field `{name}` is given twice"))?;
                return Err(Refusal::said("invalid_request", "a field is given twice"));
            }
        }
        Ok(Self(fields))
    }

    fn get(&self, name: &str) -> Option<&String> {
        self.0
            .iter()
            .find(|(given, value)| given == name && !value.is_empty())
            .map(|(_, value)| value)
    }
}

fn no_store(status: StatusCode, body: &serde_json::Value) -> Response {
    (
        status,
        [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json; charset=utf-8"),
            ),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        body.to_string(),
    )
        .into_response()
}
