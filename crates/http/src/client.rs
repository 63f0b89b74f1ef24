//! What sends a call: paced, signed, timed, classified and, where that is harmless, repeated.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future::poll_immediate;
use kadry_core::{Clock, Effect, Error, ErrorKind, Random};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Request, Response, StatusCode};
use serde::de::IgnoredAny;
use tokio::time::{Instant, timeout_at};
use url::{Host, Url};

use crate::answer::Answer;
use crate::call::{Call, Footprint, Sending};
use crate::classify::{self, Explain};
use crate::log::{millis, note_answer, note_loss, note_repeat};
use crate::pace::{Pace, Permit};
use crate::redact;
use crate::retry::{Patience, Verdict, asked_wait_ms, date_ms};
use crate::session::Session;
use crate::transport::{Transport, TransportError};

/// The longest answer that is read. Nothing that a directory of employees answers comes near it.
const LONGEST_BODY: usize = 32 * 1024 * 1024;

/// How long a family rests after a 429 that does not say how long.
const REST: Duration = Duration::from_secs(1);

/// Stands for a clock that was not seen yet.
const UNSEEN: i64 = i64::MIN;

/// How a client reaches its platform.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where every path is appended.
    pub base: Url,
    /// How long one request may take, its answer's body included.
    pub timeout: Duration,
    /// How long one call may go on being repeated, counted from when its first request left.
    pub retry_for: Duration,
    /// Whether plain `http://` is accepted off loopback.
    pub insecure: bool,
}

/// What sends calls to one platform; cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Settings,
    transport: Arc<dyn Transport>,
    pace: Arc<Pace>,
    explain: Explain,
    clock: Clock,
    random: Random,
    /// How far the platform's clock is ahead of ours; [`UNSEEN`] until an answer shows it.
    ahead_ms: AtomicI64,
}

/// What came of one request.
struct Sent {
    left: Instant,
    version: u64,
    status: Option<StatusCode>,
    outcome: Result<Answer, Error>,
}

impl Client {
    /// Returns a client of the platform at the settings' base.
    ///
    /// # Errors
    ///
    /// `Config` if the base is not a plain `https://` address, or an `http://` one where that is allowed.
    pub fn new(
        settings: Settings,
        transport: Arc<dyn Transport>,
        pace: Arc<Pace>,
        explain: Explain,
        clock: Clock,
        random: Random,
    ) -> Result<Self, Error> {
        check_base(&settings)?;
        Ok(Self(Arc::new(Inner {
            settings,
            transport,
            pace,
            explain,
            clock,
            random,
            ahead_ms: AtomicI64::new(UNSEEN),
        })))
    }

    /// Returns how long one request may take.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.0.settings.timeout
    }

    /// Returns the wall time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Returns how far the platform's clock is ahead of ours, in milliseconds, as its last answer showed it. The header counts whole
    /// seconds.
    #[must_use]
    pub fn clock_ahead_ms(&self) -> Option<i64> {
        Some(self.0.ahead_ms.load(Ordering::Relaxed)).filter(|ahead| *ahead != UNSEEN)
    }

    /// Sends a call and returns the answer to it, if that is a success.
    ///
    /// # Repeats
    ///
    /// A request is sent again only when nothing happened or the call says that it repeats safely, and only while `retry_for`
    /// lasts; and once more after a 401, if the session has something newer. A rate limit that does not say how long is waited out
    /// three times.
    ///
    /// # Errors
    ///
    /// Whatever the status means, with the effect on the far side. After several requests it is the effect of all of them.
    pub async fn send(&self, call: Call, session: &dyn Session) -> Result<Answer, Error> {
        let footprint = call.footprint();
        let mut patience = Patience::new(self.0.settings.retry_for, self.0.random.next_u64());
        let mut first_left = None;
        let mut renewed = false;
        let mut in_doubt = false;
        let mut sending = Sending::first(&call);
        loop {
            let sent = match self.attempt(&mut sending, session).await {
                Ok(sent) => sent,
                Err(error) => return Err(with_doubt(error, in_doubt)),
            };
            let error = match sent.outcome {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if sent.status == Some(StatusCode::UNAUTHORIZED) {
                let newer = if renewed {
                    Ok(false)
                } else {
                    session.renew(sent.version).await
                };
                match newer {
                    Ok(true) => {
                        renewed = true;
                        sending.attempt += 1;
                        continue;
                    }
                    Ok(false) => return Err(with_doubt(error, in_doubt)),
                    Err(error) => return Err(with_doubt(unsent(error, footprint), in_doubt)),
                }
            }
            let first_left = *first_left.get_or_insert(sent.left);
            let verdict = if call.ends_with(sent.status) {
                Verdict::Final
            } else {
                patience.judge(&error, first_left)
            };
            if sent.status == Some(StatusCode::TOO_MANY_REQUESTS) {
                let rest = error.retry_after_ms().map_or(REST, Duration::from_millis);
                let slowed = self.0.pace.slow_down(call.families(), sent.left, rest);
                slowed.await;
            }
            match verdict {
                Verdict::Again(wait) => {
                    in_doubt |= error.effect() == Effect::Unknown;
                    note_repeat(&sending, wait, &error);
                    tokio::time::sleep(wait).await;
                    sending.attempt += 1;
                }
                Verdict::OutOfTime(wait) => {
                    // Our own pauses are nothing that the platform has asked for.
                    let is_asked =
                        error.kind() == ErrorKind::RateLimited || error.retry_after_ms().is_some();
                    let error = if is_asked {
                        error.with_retry_after_ms(Some(millis(wait)))
                    } else {
                        error
                    };
                    return Err(with_doubt(error, in_doubt));
                }
                Verdict::Final => return Err(with_doubt(error, in_doubt)),
            }
        }
    }
}

impl Client {
    /// Sends one request. An error means that there is nothing to classify or repeat.
    async fn attempt(
        &self,
        sending: &mut Sending<'_>,
        session: &dyn Session,
    ) -> Result<Sent, Error> {
        let footprint = sending.call.footprint();
        let prepared = self.prepare(sending, session).await;
        let (request, permit, version) = prepared.map_err(|error| unsent(error, footprint))?;

        let left = Instant::now();
        let deadline = left + self.0.settings.timeout;
        let executed = timeout_at(deadline, self.0.transport.execute(request)).await;
        let response = match executed {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Ok(lost(sending, error, left, version)),
            Err(late) => {
                let error = TransportError::Lost(Box::new(late));
                return Ok(lost(sending, error, left, version));
            }
        };
        let status = response.status();
        let mut headers = response.headers().clone();
        redact::hide(&mut headers);
        sending.secrets.add_sensitive(&headers);
        if let Some(theirs_ms) = date_ms(&headers) {
            let ahead_ms = theirs_ms.saturating_sub(self.0.clock.now_ms());
            self.0.ahead_ms.store(ahead_ms, Ordering::Relaxed);
        }
        let learnt = session.learn(&headers, version).await;
        let body = read(response, deadline).await;
        drop(permit);
        note_answer(sending, status, left.elapsed());
        let outcome = self.classify(sending, status, headers, body);
        if let Err(error) = learnt {
            let effect = match &outcome {
                Ok(_) => footprint.effect_in_doubt(),
                Err(error) => error.effect(),
            };
            return Err(error.with_effect(effect).with_repeat(footprint.repeat));
        }
        Ok(Sent {
            left,
            version,
            status: Some(status),
            outcome,
        })
    }

    /// Returns the request as it leaves now, with the right to send it and the version of its credential.
    async fn prepare(
        &self,
        sending: &mut Sending<'_>,
        session: &dyn Session,
    ) -> Result<(Request, Permit, u64), Error> {
        let mut request = sending.call.request(&self.0.settings.base)?;
        let longest = self.0.settings.timeout;
        let permit = self
            .0
            .pace
            .acquire(sending.call.families(), longest)
            .await?;
        let headers = request.headers_mut();
        let (permit, version) = self.attach(session, headers, permit).await?;
        redact::hide(request.headers_mut());
        sending.secrets.add_sensitive(request.headers());
        Ok((request, permit, version))
    }

    /// Signs a request as late as possible, so that it carries the newest credential.
    async fn attach(
        &self,
        session: &dyn Session,
        headers: &mut HeaderMap,
        permit: Permit,
    ) -> Result<(Permit, u64), Error> {
        let mut attaching = pin!(session.attach(headers));
        if let Some(version) = poll_immediate(attaching.as_mut()).await {
            return Ok((permit, version?));
        }
        // A session that has to wait may be signing in, and needs the slot itself: holding on to it could stop us both for ever.
        drop(permit);
        let version = attaching.await?;
        Ok((self.0.pace.slot(self.0.settings.timeout).await, version))
    }

    fn classify(
        &self,
        sending: &Sending<'_>,
        status: StatusCode,
        headers: HeaderMap,
        body: Result<Bytes, Unread>,
    ) -> Result<Answer, Error> {
        let (footprint, secrets) = (sending.call.footprint(), &sending.secrets);
        let body = match body {
            Ok(body) => body,
            // The status alone says that it did not happen, or that nobody can tell.
            Err(_) if !status.is_success() => Bytes::new(),
            Err(unread) => {
                let (kind, message) = match unread {
                    Unread::Lost => (ErrorKind::Unavailable, "the answer broke off"),
                    Unread::TooLong => (ErrorKind::Protocol, "the answer is too long to be true"),
                };
                let error = classify::unread(kind, message, status, &headers, footprint, secrets);
                return Err(error);
            }
        };
        if status.is_success() && is_cut(&headers, &body) {
            let (kind, message) = (ErrorKind::Unavailable, "the answer broke off");
            return Err(classify::unread(
                kind, message, status, &headers, footprint, secrets,
            ));
        }
        let answer = Answer::new(status, headers, body).answering(footprint);
        if status.is_success() {
            return Ok(answer);
        }
        let asked_ms = asked_wait_ms(&answer.headers, &self.0.clock);
        Err(classify::refused(
            &answer,
            footprint,
            secrets,
            self.0.explain,
            asked_ms,
        ))
    }
}

fn lost(sending: &Sending<'_>, error: TransportError, left: Instant, version: u64) -> Sent {
    note_loss(sending, &error, left.elapsed());
    Sent {
        left,
        version,
        status: None,
        outcome: Err(classify::unanswered(error, sending.call.footprint())),
    }
}

/// Why a body is not there.
enum Unread {
    Lost,
    TooLong,
}

async fn read(mut response: Response, deadline: Instant) -> Result<Bytes, Unread> {
    let mut body = BytesMut::new();
    loop {
        match timeout_at(deadline, response.chunk()).await {
            Ok(Ok(Some(chunk))) if body.len() + chunk.len() > LONGEST_BODY => {
                return Err(Unread::TooLong);
            }
            Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Ok(Ok(None)) => return Ok(body.freeze()),
            Ok(Err(_)) | Err(_) => return Err(Unread::Lost),
        }
    }
}

/// Reports whether JSON ends before its end although the answer says that it is whole: something on the way has cut it.
fn is_cut(headers: &HeaderMap, body: &Bytes) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.contains("json"));
    let cut = |fault: serde_json::Error| fault.is_eof();
    is_json
        && !body.trim_ascii().is_empty()
        && serde_json::from_slice::<IgnoredAny>(body).is_err_and(cut)
}

/// Returns the error of a call that was stopped before it left.
fn unsent(error: Error, footprint: Footprint) -> Error {
    error
        .with_effect(Effect::None)
        .with_repeat(footprint.repeat)
}

/// Keeps an earlier request's doubt: a later refusal does not undo what that one may have done.
fn with_doubt(error: Error, in_doubt: bool) -> Error {
    if in_doubt && error.effect() == Effect::None {
        error.with_effect(Effect::Unknown)
    } else {
        error
    }
}

fn check_base(settings: &Settings) -> Result<(), Error> {
    let base = &settings.base;
    let refused = |why: &str| Err(Error::new(ErrorKind::Config, why));
    if base.cannot_be_a_base() || !matches!(base.scheme(), "http" | "https") {
        return refused("the base address does not begin with https://");
    }
    if base.scheme() == "http" && !settings.insecure && !is_loopback(base) {
        return refused("the base address is plain http://, which sends secrets in the clear");
    }
    if !base.username().is_empty() || base.password().is_some() {
        return refused("the base address holds a password");
    }
    if base.query().is_some() || base.fragment().is_some() {
        return refused("the base address goes on after its path");
    }
    Ok(())
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.0.settings.base.as_str())
            .field("pace", &self.0.pace)
            .finish_non_exhaustive()
    }
}
