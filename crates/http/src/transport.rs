//! What carries a request to a platform: the seam for tests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Error, ErrorKind};
use reqwest::{Certificate, Proxy, Request, Response, redirect, retry};
use url::Url;

/// Any error that a transport met.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How long to try to reach a platform.
const LONGEST_CONNECT: Duration = Duration::from_secs(10);

/// How long an idle connection is kept. Short, because a platform that closes it while a write is leaving makes an unknown outcome.
const LONGEST_IDLE: Duration = Duration::from_secs(15);

/// What carries one request and brings one answer.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends the request once and returns as soon as the answer's status and headers are there.
    async fn execute(&self, request: Request) -> Result<Response, TransportError>;
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The request did not leave: the connection was refused, or the name did not resolve.
    #[error("the platform cannot be reached")]
    NotSent(#[source] BoxError),
    /// The request may have arrived.
    #[error("the answer did not arrive")]
    Lost(#[source] BoxError),
}

/// What the network needs to know.
#[derive(Clone)]
pub struct NetworkOptions {
    /// How long one request may take, its answer's body included.
    pub timeout: Duration,
    /// Certificates that are trusted besides those of the system, as PEM.
    pub ca_pem: Option<Vec<u8>>,
    /// The proxy that every request goes through.
    pub proxy: Option<Url>,
}

impl fmt::Debug for NetworkOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A proxy's address may hold a password.
        f.debug_struct("NetworkOptions")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The real network.
#[derive(Clone)]
pub struct Network(reqwest::Client);

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The inner client would print its proxies.
        f.write_str("Network")
    }
}

impl Network {
    /// Returns a network with these options.
    ///
    /// The environment is not consulted: a proxy is used only if the options name one.
    ///
    /// # Errors
    ///
    /// `Config` if the certificates cannot be read, the proxy is not one, or the system has no usable trust store.
    pub fn new(options: &NetworkOptions) -> Result<Self, Error> {
        // Building a client panics while no provider is installed. An error here means that somebody has installed one already.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("kadry/", env!("CARGO_PKG_VERSION")))
            .timeout(options.timeout)
            .connect_timeout(options.timeout.min(LONGEST_CONNECT))
            .pool_idle_timeout(LONGEST_IDLE)
            .redirect(redirect::Policy::none())
            .referer(false)
            // A resend that nobody counted could do something twice.
            .retry(retry::never())
            .no_proxy();
        if let Some(pem) = &options.ca_pem {
            builder = builder.tls_certs_merge(certificates(pem)?);
        }
        if let Some(proxy) = &options.proxy {
            let proxy = Proxy::all(proxy.clone()).map_err(|error| {
                config(
                    "the address of the proxy cannot be used",
                    error.without_url(),
                )
            })?;
            builder = builder.proxy(proxy);
        }
        builder
            .build()
            .map(Self)
            .map_err(|error| config("secure connections cannot be set up", error.without_url()))
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, Error> {
    let found = Certificate::from_pem_bundle(pem)
        .map_err(|error| config("the certificates cannot be read as PEM", error))?;
    if found.is_empty() {
        return Err(Error::new(
            ErrorKind::Config,
            "the file of certificates has no certificate in it",
        ));
    }
    Ok(found)
}

fn config(message: &str, source: reqwest::Error) -> Error {
    Error::new(ErrorKind::Config, message).from_source(source)
}

#[async_trait]
impl Transport for Network {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.0.execute(request).await.map_err(|error| {
            let unsent = error.is_connect();
            // The address has the query in it, and the query may have an e-mail.
            let source = Box::new(error.without_url());
            if unsent {
                TransportError::NotSent(source)
            } else {
                TransportError::Lost(source)
            }
        })
    }
}

/// A transport that knows whether an answer ever came, whatever it said. Copies share what they know.
#[derive(Clone, Debug)]
pub struct Listening {
    inner: Arc<dyn Transport>,
    answered: Arc<AtomicBool>,
}

impl Listening {
    /// Returns a transport on which no answer has come yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Transport>) -> Self {
        Self {
            inner,
            answered: Arc::default(),
        }
    }

    /// Reports whether the status and the headers of an answer have come.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl Transport for Listening {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let answer = self.inner.execute(request).await?;
        self.answered.store(true, Ordering::Relaxed);
        Ok(answer)
    }
}
