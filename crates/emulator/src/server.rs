//! The servers: mounting the platforms, recording what they are asked, and real connections.

use std::fmt;
use std::future::pending;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::faults::{self, Action, Answer, Effect, Faults};
use crate::limits::{Counting, Limiter};
use crate::log::{Arrival, Crowd, Log};
use crate::time::Clock;
use crate::{Emulator, Options, Place};

/// How long requests under way may still take after `serve` was told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// The most bytes of a request's body.
const MOST_BODY: usize = 64 * 1024 * 1024;

/// How long `serve` waits after a connection could not be accepted, so that it does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Marks an answer that never reaches the client: over TCP the connection is closed without a byte of it.
///
/// In process, where there is no connection, a transport finds this in the response's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped;

/// What all platforms of one emulator share.
#[derive(Debug)]
pub(crate) struct Desk {
    clock: Clock,
    latency: Duration,
    strict: bool,
    limits: bool,
    counting: Counting,
    pub(crate) log: Log,
    pub(crate) crowd: Crowd,
    pub(crate) faults: Faults,
}

impl Desk {
    pub(crate) fn new(options: &Options, clock: Clock) -> Self {
        Self {
            clock,
            latency: Duration::from_millis(options.latency_ms),
            strict: options.strict,
            limits: options.limits,
            counting: options.counting,
            log: Log::default(),
            crowd: Crowd::default(),
            faults: Faults::default(),
        }
    }
}

/// The recording layer of one mount.
#[derive(Clone, Debug)]
struct Post {
    desk: Arc<Desk>,
    limiter: Arc<Limiter>,
    place: Arc<dyn Place>,
    mount: &'static str,
}

/// Returns all the platforms under their mounts, each behind the recording layer.
pub(crate) fn mount(desk: &Arc<Desk>, places: &[Arc<dyn Place>]) -> Router {
    let mut all = Router::new();
    for place in places {
        let limiter = Arc::new(Limiter::new(place.limits(), desk.counting));
        for (mount, router) in place.mounts() {
            let post = Post {
                desk: Arc::clone(desk),
                limiter: Arc::clone(&limiter),
                place: Arc::clone(place),
                mount,
            };
            let recorded = router.layer(from_fn_with_state(post, record));
            all = all.nest_service(mount, recorded);
        }
    }
    all
}

async fn record(State(post): State<Post>, mut request: Request, next: Next) -> Response {
    let desk = &post.desk;
    let _present = desk.crowd.enter(post.mount);
    let path = format!("{}{}", post.mount, request.uri().path());
    let arrival = Arrival {
        at_ms: desk.clock.now_ms(),
        platform: post.place.kind(),
        method: request.method().to_string(),
        path: path.clone(),
        query: request.uri().query().unwrap_or_default().to_owned(),
    };
    let wire = desk.log.arrive(arrival, desk.strict);
    let seq = wire.seq();
    request.extensions_mut().insert(wire);

    pause(desk.latency).await;
    let fault = desk
        .faults
        .strike(post.place.kind(), request.method(), post.mount, &path);
    let response = match fault {
        None => post.handle(&path, request, next).await,
        Some(action) => post.suffer(action, &path, request, next).await,
    };
    if response.extensions().get::<Dropped>().is_none() {
        desk.log.answered(seq, response.status().as_u16());
    }
    response
}

impl Post {
    /// Lets the platform answer, within its limits.
    async fn handle(&self, path: &str, request: Request, next: Next) -> Response {
        if !self.desk.limits {
            return next.run(request).await;
        }
        let now_ms = self.desk.clock.now_ms();
        match self
            .limiter
            .enter(request.method(), path, request.headers(), now_ms)
        {
            Err(wait_s) => self.place.over_limit(wait_s),
            Ok(_under_way) => next.run(request).await,
        }
    }

    /// Answers a request that a fault has struck.
    async fn suffer(&self, fault: Action, path: &str, request: Request, next: Next) -> Response {
        let delay = Duration::from_millis(fault.delay_ms);
        match (fault.effect, fault.answer) {
            (_, Answer::Cut(cut)) => {
                let own = self.handle(path, request, next).await;
                pause(delay).await;
                faults::halved(own, cut).await
            }
            (Effect::Before, Answer::Own) => {
                pause(delay).await;
                self.handle(path, request, next).await
            }
            (Effect::Before, answer) => {
                pause(delay).await;
                self.replace(answer).await
            }
            (Effect::After, Answer::Own) => {
                let own = self.handle(path, request, next).await;
                pause(delay).await;
                own
            }
            (Effect::After, answer) => {
                // The platform's answer is lost, whatever it was.
                drop(self.handle(path, request, next).await);
                pause(delay).await;
                self.replace(answer).await
            }
        }
    }

    async fn replace(&self, answer: Answer) -> Response {
        match answer {
            Answer::Status {
                status,
                retry_after,
                body,
            } => faults::answer(status, retry_after, body, self.desk.clock.now_ms()),
            Answer::Hang => pending().await,
            Answer::Drop | Answer::Own | Answer::Cut(_) => {
                let mut nothing = Response::new(Body::empty());
                nothing.extensions_mut().insert(Dropped);
                nothing
            }
        }
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// Serves the emulator on a listener until `stop` is done; requests under way then have a second to end.
///
/// # Errors
/// When the listener has no local address, that is, when it cannot be used at all.
pub async fn serve(
    listener: TcpListener,
    emulator: Emulator,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::debug!(%address, "the emulator listens");
    let router = emulator.router();
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, router.clone(), stopped.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    stopping.send_replace(());
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, all_ended).await.is_err() {
        connections.shutdown().await;
    }
    Ok(())
}

/// The error that makes hyper close a connection without an answer.
#[derive(Debug)]
struct DropConnection;

impl fmt::Display for DropConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the answer is to be dropped")
    }
}

impl std::error::Error for DropConnection {}

async fn connection(stream: TcpStream, router: Router, mut stopped: watch::Receiver<()>) {
    // Small answers would otherwise wait for the client's delayed acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the connection cannot be made prompt");
    }
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            // Read whole first: an answer to what was not read to its end would close the connection under the client's hands.
            let (parts, body) = request.into_parts();
            let body = to_bytes(Body::new(body), MOST_BODY).await;
            let body = body.map_err(|_| DropConnection)?;
            let request = Request::from_parts(parts, Body::from(body));
            let Ok(response) = router.oneshot(request).await;
            if response.extensions().get::<Dropped>().is_some() {
                return Err(DropConnection);
            }
            Ok(response)
        }
    });
    // What has arrived is carried out, also when the client has left meanwhile: platforms do not ask whether somebody still listens.
    let mut serving = pin!(
        http1::Builder::new()
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        // The sender is only ever used once, to say stop.
        _ = stopped.changed() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
