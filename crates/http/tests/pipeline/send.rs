//! When a call is sent again, and for how long.

use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Clock, Effect, ErrorKind, Random, Repeat};
use kadry_http::{
    Anonymous, Call, Client, Explained, Listening, Method, Pace, Request, Settings, StatusCode,
    Transport as _,
};

use crate::scripted::{Reply, Scripted};
use crate::{START_MS, client};

pub(crate) const HALF_MINUTE: Duration = Duration::from_secs(30);

pub(crate) fn scripted(replies: impl IntoIterator<Item = Reply>) -> (Arc<Scripted>, Client) {
    let transport = Scripted::new(replies);
    let carrier = Arc::<Scripted>::clone(&transport);
    let client = client(
        "https://api.example.test",
        carrier,
        HALF_MINUTE,
        HALF_MINUTE,
    );
    (transport, client)
}

pub(crate) fn write(repeat: Repeat) -> Call {
    Call::write(Method::POST, "/employees", repeat).family("general", "")
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_out_even_by_a_write_that_must_not_repeat() {
    let (transport, client) = scripted([Reply::Status(429, &[("retry-after", "7")])]);
    client.send(write(Repeat::Once), &Anonymous).await.unwrap();
    assert_eq!(transport.count(), 2);
    assert!(transport.span() >= Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_until_a_date_is_waited_out() {
    const DATE: &[(&str, &str)] = &[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")];
    let (transport, client) = scripted([Reply::Status(429, DATE)]);
    client.send(write(Repeat::Once), &Anonymous).await.unwrap();
    assert_eq!(transport.span().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_holds_back_the_other_calls_of_its_family() {
    let (transport, client) = scripted([Reply::Status(429, &[("retry-after", "20")])]);
    let first = client.send(write(Repeat::Once), &Anonymous);
    let second = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        client.send(write(Repeat::Once), &Anonymous).await
    };
    let (first, second) = futures::join!(first, second);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(transport.count(), 3);
    let clock = client.clock();
    assert!(clock.now_ms() >= START_MS + 20_000);
}

#[tokio::test(start_paused = true)]
async fn after_a_rate_limit_the_family_goes_on_at_half_its_rate() {
    let (transport, client) = scripted([Reply::Status(429, &[("retry-after", "1")])]);
    // A hundred a second and a hundred at once become fifty and fifty, of which the request itself is one.
    for _ in 0..(1 + 50 + 49) {
        client.send(write(Repeat::Once), &Anonymous).await.unwrap();
    }
    let after_the_pause = transport.span() - Duration::from_secs(1);
    assert!(
        (Duration::from_millis(900)..Duration::from_millis(1_100)).contains(&after_the_pause),
        "{after_the_pause:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_that_does_not_say_how_long_is_waited_out_three_times() {
    let limits = || (0..100).map(|_| Reply::Status(429, &[]));
    let (transport, client) = scripted(limits());
    let result = client.send(Call::read("/employees"), &Anonymous).await;
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_after_ms().is_some());
    assert_eq!(transport.count(), 4);
    // One second, two and four; the jitter only adds.
    assert!(transport.span() >= Duration::from_secs(7));

    let (transport, client) = scripted(limits().take(3));
    client.send(write(Repeat::Once), &Anonymous).await.unwrap();
    assert_eq!(transport.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_status_after_which_there_is_another_way_ends_the_call() {
    let (transport, client) = scripted([
        Reply::Status(503, &[]),
        Reply::Status(504, &[]),
        Reply::Status(504, &[]),
    ]);
    let call = Call::read("/employees").not_again_after(StatusCode::GATEWAY_TIMEOUT);
    let error = client.send(call, &Anonymous).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(transport.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_pause_of_an_hour_is_handed_to_the_caller_at_once() {
    let (transport, client) = scripted([Reply::Status(429, &[("retry-after", "3600")])]);
    let hour_ms = 3_600_000;
    for _ in 0..2 {
        let result = client.send(write(Repeat::Once), &Anonymous).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!(error.retry_after_ms(), Some(hour_ms));
        assert_eq!(client.clock().now_ms(), START_MS);
    }
    // The second call did not even leave: asking early prolongs some pauses.
    assert_eq!(transport.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_keeps_failing_is_given_up_when_its_time_is_over() {
    let failures = (0..100).map(|_| Reply::NotSent);
    let (transport, client) = scripted(failures);
    let error = client
        .send(write(Repeat::Once), &Anonymous)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.effect(), Effect::None);
    assert_eq!(error.retry_after_ms(), None, "nobody has asked to wait");
    assert!(transport.span() <= HALF_MINUTE);
    assert!(
        (5..10).contains(&transport.count()),
        "{}",
        transport.count()
    );
}

#[tokio::test(start_paused = true)]
async fn a_lost_write_is_sent_once_and_a_lost_read_again() {
    let (transport, client) = scripted([Reply::Lost]);
    let error = client
        .send(write(Repeat::Once), &Anonymous)
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(transport.count(), 1);

    let (transport, client) = scripted([Reply::Lost, Reply::Status(503, &[])]);
    client
        .send(Call::read("/employees"), &Anonymous)
        .await
        .unwrap();
    assert_eq!(transport.count(), 3);

    let (transport, client) = scripted([Reply::Lost]);
    let token = write(Repeat::Once).reading();
    client.send(token, &Anonymous).await.unwrap();
    assert_eq!(transport.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_long_is_not_kept() {
    let (transport, client) = scripted([Reply::Huge]);
    let error = client
        .send(write(Repeat::Safe), &Anonymous)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(error.effect(), Effect::Unknown);
    assert_eq!(transport.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_later_refusal_does_not_clear_an_earlier_doubt() {
    let (_, client) = scripted([Reply::Lost, Reply::Status(409, &[])]);
    let error = client
        .send(write(Repeat::Safe), &Anonymous)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.effect(), Effect::Unknown);
}

#[tokio::test(start_paused = true)]
async fn a_base_that_would_send_secrets_in_the_clear_is_refused() {
    let open = |base: &str, insecure| {
        let settings = Settings {
            base: base.parse().unwrap(),
            timeout: HALF_MINUTE,
            retry_for: HALF_MINUTE,
            insecure,
        };
        let pace = Arc::new(Pace::new(Vec::new(), 1));
        let clock = Clock::starting_at(START_MS);
        let explain = |_: &_| Explained::default();
        Client::new(
            settings,
            Scripted::new([]),
            pace,
            explain,
            clock,
            Random::seeded(1),
        )
        .map(|_| ())
        .map_err(|error| error.kind())
    };
    for base in [
        "https://api.example.test/v1",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ] {
        assert_eq!(open(base, false), Ok(()), "{base}");
    }
    for base in [
        "http://api.example.test",
        "ftp://api.example.test",
        "mailto:anna@example.test",
        "https://anna:qwerty@api.example.test",
        "https://api.example.test/?page=1",
    ] {
        assert_eq!(open(base, false), Err(ErrorKind::Config), "{base}");
    }
    assert_eq!(open("http://api.example.test", true), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn only_an_answer_is_a_sign_of_life_and_a_refusal_is_one() {
    let way = Listening::new(Scripted::new([
        Reply::NotSent,
        Reply::Lost,
        Reply::Status(503, &[]),
    ]));
    let other = way.clone();
    let ask = || Request::new(Method::GET, "https://example.test/".parse().unwrap());
    for alive in [false, false, true] {
        assert_eq!(way.execute(ask()).await.is_ok(), alive);
        assert_eq!((way.has_answered(), other.has_answered()), (alive, alive));
    }
}

#[tokio::test(start_paused = true)]
async fn half_an_answer_is_asked_for_again_and_of_a_write_nobody_knows_what_it_did() {
    let (transport, client) = scripted([Reply::Cut]);
    client
        .send(Call::read("/employees"), &Anonymous)
        .await
        .unwrap();
    assert_eq!(transport.count(), 2);
    let (transport, client) = scripted([Reply::Cut]);
    let lost = client.send(write(Repeat::Once), &Anonymous).await;
    let lost = lost.unwrap_err();
    assert_eq!(transport.count(), 1);
    assert_eq!(
        (lost.kind(), lost.effect()),
        (ErrorKind::Unavailable, Effect::Unknown)
    );
}
