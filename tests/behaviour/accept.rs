//! What a case accepts as an answer.

use std::collections::BTreeMap;
use std::fmt;

use kadry_core::{Effect, Employee, Error, ErrorKind, Grant, KindName, Known, Result};

use crate::stage::Stage;

type Held = BTreeMap<KindName, Known<Vec<Grant>>>;

/// Demands that a call is refused as something that the platform cannot do, before any request leaves.
pub(crate) async fn refused<T: fmt::Debug>(stage: &Stage, call: impl Future<Output = Result<T>>) {
    let asked_before = stage.far.requests();
    let error = failed(call.await);
    assert_eq!(
        (error.kind(), error.effect()),
        (ErrorKind::Unsupported, Effect::None),
        "{error:?}"
    );
    assert_eq!(stage.far.requests(), asked_before, "a request left");
    assert!(!error.operation().is_empty(), "{error:?}");
    let says = |key| error.context().iter().any(|(known, _)| *known == key);
    assert!(says("provider.id") && says("reason"), "{error:?}");
}

/// Demands that a call fails in this way, with nothing changed.
pub(crate) fn refused_as<T: fmt::Debug>(kind: ErrorKind, result: Result<T>) {
    let error = failed(result);
    assert_eq!(
        (error.kind(), error.effect()),
        (kind, Effect::None),
        "{error:?}"
    );
}

/// Demands that nobody can tell what a call did, and that it must not be sent again without looking.
pub(crate) fn unknown<T: fmt::Debug>(result: Result<T>) {
    let error = failed(result);
    assert_eq!(
        (error.kind(), error.effect(), error.is_retryable()),
        (ErrorKind::Unavailable, Effect::Unknown, false),
        "{error:?}"
    );
}

/// Demands that a call that repeats safely came through, or that its error says that it may be sent again.
pub(crate) fn through_or_retryable<T: fmt::Debug>(result: Result<T>) {
    if let Err(error) = result {
        assert!(error.is_retryable(), "{error:?}");
    }
}

/// Demands that two readings are of one record in one state. Grants are compared as everywhere else: the answer to a write may know
/// them by their ids alone.
pub(crate) fn same_record(seen: &Employee, expected: &Employee) {
    let but_grants = |one: &Employee| Employee {
        grants: BTreeMap::new(),
        ..one.clone()
    };
    assert_eq!(but_grants(seen), but_grants(expected));
    same_kinds(&seen.grants, &expected.grants);
}

/// Demands that the same is held of each kind.
pub(crate) fn same_kinds(seen: &Held, expected: &Held) {
    assert!(
        seen.keys().eq(expected.keys()),
        "{seen:?} is not {expected:?}"
    );
    for (kind, expected) in expected {
        match (&seen[kind], expected) {
            (Known::Value(seen), Known::Value(expected)) => same_grants(seen, expected),
            (seen, expected) => assert_eq!(seen, expected, "{kind}"),
        }
    }
}

/// Demands that these grants are held, and no others.
pub(crate) fn same_grants(held: &[Grant], wanted: &[Grant]) {
    let all_there = wanted.iter().all(|grant| has(held, grant));
    assert!(
        all_there && held.len() == wanted.len(),
        "{held:?} is not {wanted:?}"
    );
}

pub(crate) fn has(held: &[Grant], grant: &Grant) -> bool {
    held.iter().any(|held| held.same(grant))
}

fn failed<T: fmt::Debug>(result: Result<T>) -> Error {
    match result {
        Ok(answer) => panic!("this must fail, and answered {answer:?}"),
        Err(error) => error,
    }
}
