//! One request pipeline for every backend.
//!
//! A backend describes a request as a [`Call`], which cannot be built without saying whether it repeats, and hands it to a [`Client`].
//! The client paces it ([`Pace`]), signs it ([`Session`]), sends it over a [`Transport`], turns the status into meaning
//! ([`Explain`]), and sends it again only when that cannot do anything twice.
//!
//! This room refuses to know any platform, to decide what a request means from its verb, to read the environment, and to let a
//! query, a body or a credential into a log or an error.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use kadry_core::{Clock, Random};
//! use kadry_http::{Anonymous, Call, Client, Explained, Family, Network, NetworkOptions, Pace, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let timeout = Duration::from_secs(30);
//! let network = Network::new(&NetworkOptions { timeout, ca_pem: None, proxy: None })?;
//! let general = Family::of_operator("general", 40.0, 8);
//! let client = Client::new(
//!     Settings { base: "http://127.0.0.1:9/v1".parse()?, timeout, retry_for: Duration::ZERO, insecure: false },
//!     Arc::new(network),
//!     Arc::new(Pace::new(vec![general], 4)),
//!     |_| Explained::default(),
//!     Clock::starting_at(0),
//!     Random::seeded(1),
//! )?;
//! let call = Call::read("/employees").query("limit", 50).family("general", "");
//! assert!(client.send(call, &Anonymous).await.is_err());
//! # Ok(())
//! # }
//! ```

mod answer;
mod call;
mod classify;
mod client;
mod keep;
mod ledger;
mod log;
mod pace;
mod redact;
mod retry;
mod secrets;
mod session;
mod transport;
mod wiring;

pub use answer::{ANSWER_COLUMN, ANSWER_LINE, ANSWER_MEMBER, Answer};
pub use bytes::Bytes;
pub use call::{Call, segment};
pub use classify::{Explain, Explained};
pub use client::{Client, Settings};
pub use http;
pub use keep::{InMemory, Keep};
pub use ledger::{Ledger, Missed, Slate, Term};
pub use pace::{Budgets, Family, Pace, Precedence};
pub use redact::scrub;
pub use reqwest::header::{HeaderMap, HeaderValue};
pub use reqwest::{Method, Request, Response, StatusCode};
pub use session::{Anonymous, Bearer, Session};
pub use tokio_util::task::TaskTracker;
pub use transport::{BoxError, Listening, Network, NetworkOptions, Transport, TransportError};
pub use wiring::Wiring;
