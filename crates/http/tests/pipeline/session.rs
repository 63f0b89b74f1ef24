//! What a session is told, and what its answers do to a call.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kadry_core::{Effect, Error, ErrorKind, Repeat};
use kadry_http::{
    Anonymous, Client, HeaderMap, HeaderValue, Request, Response, Session, Transport,
    TransportError,
};

use crate::client;
use crate::scripted::{Reply, Scripted};
use crate::send::{HALF_MINUTE, scripted, write};

/// Signs with a number that grows each time it is renewed, up to a last one.
#[derive(Debug)]
struct Numbered {
    current: AtomicU64,
    last: u64,
    learnt: Mutex<Vec<u64>>,
    signing_in: Option<Client>,
}

impl Numbered {
    fn up_to(last: u64) -> Self {
        Self {
            current: AtomicU64::new(1),
            last,
            learnt: Mutex::default(),
            signing_in: None,
        }
    }
}

#[async_trait]
impl Session for Numbered {
    async fn attach(&self, headers: &mut HeaderMap) -> Result<u64, Error> {
        if let Some(client) = &self.signing_in {
            client
                .send(write(Repeat::Safe).reading(), &Anonymous)
                .await?;
        }
        let version = self.current.load(Ordering::SeqCst);
        headers.insert("access-token", HeaderValue::from(version));
        Ok(version)
    }

    async fn learn(&self, _headers: &HeaderMap, version: u64) -> Result<(), Error> {
        self.learnt.lock().unwrap().push(version);
        Ok(())
    }

    async fn renew(&self, version: u64) -> Result<bool, Error> {
        if version == self.last {
            return Ok(false);
        }
        self.current.store(version + 1, Ordering::SeqCst);
        Ok(true)
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_renews_and_resends_even_a_write_that_must_not_repeat() {
    let (transport, client) = scripted([Reply::Status(401, &[])]);
    let session = Numbered::up_to(9);
    client.send(write(Repeat::Once), &session).await.unwrap();
    assert_eq!(transport.header("access-token"), ["1", "2"]);
    assert_eq!(*session.learnt.lock().unwrap(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_401_renews_only_once() {
    let always = (0..9).map(|_| Reply::Status(401, &[]));
    let (transport, client) = scripted(always);
    let session = Numbered::up_to(9);
    let error = client
        .send(write(Repeat::Once), &session)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(transport.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_401_surfaces_when_there_is_nothing_newer() {
    let (transport, client) = scripted([Reply::Status(401, &[])]);
    let session = Numbered::up_to(1);
    let error = client
        .send(write(Repeat::Once), &session)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert_eq!(transport.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn signing_in_through_the_same_narrow_client_does_not_wait_for_itself() {
    #[derive(Debug)]
    struct Slow(Arc<Scripted>);

    #[async_trait]
    impl Transport for Slow {
        async fn execute(&self, request: Request) -> Result<Response, TransportError> {
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.0.execute(request).await
        }
    }

    let transport = Scripted::new([]);
    let slow = Arc::new(Slow(Arc::clone(&transport)));
    let client = client("https://api.example.test", slow, HALF_MINUTE, HALF_MINUTE);
    let session = Numbered {
        signing_in: Some(client.clone()),
        ..Numbered::up_to(1)
    };
    let sends = (0..3).map(|_| client.send(write(Repeat::Once), &session));
    for result in futures::future::join_all(sends).await {
        result.unwrap();
    }
    assert_eq!(transport.count(), 6);
}

/// Cannot keep what it learns.
#[derive(Debug)]
struct Forgetful;

#[async_trait]
impl Session for Forgetful {
    async fn attach(&self, _headers: &mut HeaderMap) -> Result<u64, Error> {
        Ok(0)
    }

    async fn learn(&self, _headers: &HeaderMap, _version: u64) -> Result<(), Error> {
        Err(Error::new(ErrorKind::Config, "the token cannot be kept"))
    }

    async fn renew(&self, _version: u64) -> Result<bool, Error> {
        Ok(false)
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_be_kept_fails_the_call_and_tells_what_it_did() {
    let (_, client) = scripted([Reply::Status(201, &[]), Reply::Status(409, &[])]);
    let done = client
        .send(write(Repeat::Once), &Forgetful)
        .await
        .unwrap_err();
    assert_eq!(done.kind(), ErrorKind::Config);
    assert_eq!(done.effect(), Effect::Unknown);
    let refused = client
        .send(write(Repeat::Once), &Forgetful)
        .await
        .unwrap_err();
    assert_eq!(refused.effect(), Effect::None);
}
