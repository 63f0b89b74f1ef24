use std::time::Duration;

use kadry_core::{Brake, Effect, Error, FieldName, KindName, Reason, RemoteId};
use kadry_flow::plan::{Guard, Refused, Window};
use kadry_http::{Answer, HeaderMap, StatusCode};
use serde::Deserialize;

use super::*;
use crate::words::Lang;

const KINDS: [ErrorKind; 11] = [
    ErrorKind::Unsupported,
    ErrorKind::Config,
    ErrorKind::Unauthenticated,
    ErrorKind::Forbidden,
    ErrorKind::Billing,
    ErrorKind::NotFound,
    ErrorKind::Conflict,
    ErrorKind::Invalid,
    ErrorKind::RateLimited,
    ErrorKind::Unavailable,
    ErrorKind::Protocol,
];

#[test]
fn every_kind_of_answer_has_a_sentence() {
    for lang in [Lang::Ru, Lang::En] {
        let words = Words::new(lang);
        for kind in KINDS {
            let said = of_platform(&words, &Error::new(kind, "x"));
            assert!(!said.starts_with("platform-"), "{said}");
        }
    }
}

#[test]
fn a_platform_s_answer_says_who_acts_why_and_when() {
    let error = Error::new(ErrorKind::RateLimited, "slow down")
        .during("update")
        .with("reason", "scope-missing")
        .with("detail", "users:read")
        .with_retry_after_ms(Some(1_500));
    assert_eq!(
        of_platform(&Words::new(Lang::En), &error),
        "Too many requests for the platform. The token lacks the scope users:read. It asked to wait 2 s."
    );
}

#[test]
fn a_lost_answer_is_told_apart_from_a_refusal() {
    let words = Words::new(Lang::Ru);
    let of = |effect| {
        let error = Error::new(ErrorKind::Unavailable, "timed out").during("create");
        step_error(&words, &(&error.with_effect(effect)).into())
    };
    assert_eq!(
        of(Effect::None),
        "Платформа недоступна или неисправна («timed out»)."
    );
    assert!(of(Effect::Unknown).ends_with("Следующий запуск сначала проверит."));
    assert_ne!(of(Effect::Applied), of(Effect::None));
}

#[test]
fn a_step_says_why_what_differs_and_what_support_asks_for() {
    let refused = Error::new(ErrorKind::Conflict, "not removed")
        .with("reason", "powers-still-attached")
        .with("request.id", "7f3a");
    let other = Error::new(ErrorKind::Protocol, "stored otherwise")
        .with_effect(Effect::Applied)
        .with("fields", "first_name, position")
        .with_retry_after_ms(Some(30_000));
    let of = |lang, error: &Error| step_error(&Words::new(lang), &error.into());
    assert_eq!(
        of(Lang::En, &refused),
        "The state of the record does not allow it. Powers of attorney are still attached. \
         For the vendor's support: request 7f3a."
    );
    assert_eq!(
        of(Lang::Ru, &other),
        "Платформа ответила не так, как сказано в её документации («stored otherwise»). \
         Отличается от заданного: имя, position. Платформа просила подождать 30 с. \
         Платформа что-то изменила, но не то, о чём её просили."
    );
}

#[derive(Debug, Deserialize)]
struct Numbered {
    #[expect(dead_code, reason = "it is missing")]
    id: u32,
}

#[test]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
fn what_a_platform_says_is_quoted_and_what_we_say_is_said_in_the_language_of_the_reader() {
    use ErrorKind::{Unauthenticated, Unavailable};
    for (error, english, russian) in [
        (
            Error::no_answer(Duration::from_secs(30)),
            "(no answer within 30 s)",
            "(нет ответа 30 с)",
        ),
        (
            Error::no_answer(Duration::from_millis(700)),
            "(no answer within 0.7 s)",
            "(нет ответа 0,7 с)",
        ),
        (
            Error::new(Unavailable, "the platform cannot be reached"),
            "(there is no connection to it)",
            "(нет соединения с ней)",
        ),
        (
            Error::new(
                Unauthenticated,
                "the platform answered 401: invalid_token: [secret] is wrong",
            ),
            "(it answered 401: “invalid_token: [secret] is wrong”)",
            "(её ответ — 401: «invalid_token: [secret] is wrong»)",
        ),
        (
            Error::new(Unavailable, "the platform answered 503"),
            "(it answered 503)",
            "(её ответ — 503)",
        ),
        (
            Answer::new(StatusCode::OK, HeaderMap::new(), "{\"a\": 12}".into())
                .json::<Numbered>()
                .unwrap_err(),
            "(“id” is missing in its answer: line 1, column 9)",
            "(в ответе нет «id»: строка 1, столбец 9)",
        ),
    ] {
        let error = error.during("list");
        for (lang, expected) in [(Lang::En, english), (Lang::Ru, russian)] {
            let said = of_platform(&Words::new(lang), &error);
            assert!(said.contains(expected), "{said}");
            assert!(!said.contains("list"), "{said}");
        }
    }
}

/// What the code says of its own accord when something fails, in the rooms that every platform goes through.
fn own_sentences() -> Vec<String> {
    let rooms = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = [
        "core/src/seek.rs",
        "core/src/page.rs",
        "http/src/call.rs",
        "http/src/pace.rs",
        "http/src/session.rs",
        "http/src/transport.rs",
        "flow/src/observe/look.rs",
        "flow/src/observe/everybody.rs",
        "flow/src/organisation.rs",
        "flow/src/execute.rs",
    ];
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(rooms.join(file)).unwrap_or_default();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for after in code.split("Error::new(").skip(1) {
            let Some((_, after)) = after.split_once(',') else {
                continue;
            };
            let literal = after.trim_start().strip_prefix('"');
            found.extend(literal.and_then(|text| text.split('"').next().map(str::to_owned)));
        }
    }
    found
}

#[test]
fn what_every_platform_may_meet_has_words_of_its_own() {
    let words = Words::new(Lang::Ru);
    let sentences = own_sentences();
    assert!(sentences.len() > 8, "{sentences:?}");
    for sentence in sentences {
        let said = of_platform(&words, &Error::new(ErrorKind::Conflict, sentence.as_str()));
        assert!(!said.contains(&sentence), "{said}");
    }
}

#[test]
fn what_cannot_be_kept_names_the_place_and_a_way_out() {
    let error = Error::new(
        ErrorKind::Config,
        "the token beside the store cannot be locked",
    )
    .during("connect")
    .with(KEPT, "/var/lib/kadry")
    .with(KEPT_CAUSE, "denied");
    for lang in [Lang::En, Lang::Ru] {
        let said = of_platform(&Words::new(lang), &error);
        assert!(
            said.contains("/var/lib/kadry") && said.contains("--store"),
            "{said}"
        );
        assert!(!said.contains("connect") && !said.contains("io-"), "{said}");
    }
}

#[test]
fn guards_of_which_only_the_names_were_kept_are_worded() {
    let error = Error::new(ErrorKind::Conflict, "a guard said no")
        .with("guard", "several_matches, administrator, of_tomorrow");
    let said = step_error(&Words::new(Lang::En), &(&error).into());
    assert!(
        said.ends_with("Several records match. The record administers the platform. of_tomorrow"),
        "{said}"
    );
}

#[test]
fn a_refusal_lists_every_guard_with_its_platform_and_a_way_out() {
    let at = |provider: Option<&str>, guard| Refused {
        provider: provider.map(ProviderId::new),
        guard,
    };
    let refused = FlowError::Refused(vec![
        at(None, Guard::Exempt),
        at(
            Some("messenger"),
            Guard::NotOffered {
                kind: KindName::TAG,
                name: "Бухгалтрия".to_owned(),
                nearest: Some("Бухгалтерия".to_owned()),
            },
        ),
    ]);
    let failure = of_flow(&Words::new(Lang::En), &refused, "anna@example.test");
    assert_eq!(failure.exit, Exit::Refused);
    assert_eq!(
        failure.message,
        "anna@example.test: refused, nothing was written.\n\
         - The configuration says that this person is never touched. Take them out of protect.exempt if that is wrong.\n\
         - messenger: The platform has no tag “Бухгалтрия”, which the role or the department asks for. Did you mean “Бухгалтерия”?"
    );
}

#[test]
fn every_guard_has_a_sentence_in_both_languages() {
    let reason = || Reason::new("required");
    let (kind, name) = (KindName::UNIT, "x".to_owned());
    let guards = [
        Guard::ServiceAccount,
        Guard::Administrator,
        Guard::OverLimit {
            brake: Brake::Suspend,
            window: Window::Run,
            limit: 10,
            people: 11,
        },
        Guard::OverLimit {
            brake: Brake::Remove,
            window: Window::Day,
            limit: 5,
            people: 6,
        },
        Guard::OverLimit {
            brake: Brake::Revoke,
            window: Window::Month,
            limit: 60,
            people: 61,
        },
        Guard::Exempt,
        Guard::Privileged,
        Guard::Concerns {
            who: name.clone(),
            guard: Box::new(Guard::Exempt),
        },
        Guard::LastAdministrator,
        Guard::LastSigner,
        Guard::OwnSuccessor,
        Guard::UnknownSuccessor,
        Guard::CannotGrant {
            kind: KindName::CHAT,
            reason: reason(),
        },
        Guard::NoSuccessor {
            records: Vec::new(),
            suspended: false,
        },
        Guard::NoSuccessor {
            records: vec![RemoteId::new("1")],
            suspended: true,
        },
        Guard::BadGrant {
            kind: KindName::STATUS,
            name: name.clone(),
            reason: reason(),
        },
        Guard::NoKey,
        Guard::Suspended {
            record: RemoteId::new("1"),
        },
        Guard::KnownByAnotherId {
            known: "1042".to_owned(),
        },
        Guard::NotKnown {
            field: kadry_core::FieldName::LastName,
        },
        Guard::Strayed {
            record: RemoteId::new("1"),
        },
        Guard::OldAlias {
            record: RemoteId::new("1"),
        },
        Guard::NotOffered {
            kind: kind.clone(),
            name: name.clone(),
            nearest: None,
        },
        Guard::SeveralMatches {
            records: vec![RemoteId::new("1"), RemoteId::new("2")],
        },
        Guard::BelongsToAnother {
            record: RemoteId::new("1"),
        },
        Guard::Ambiguous {
            kind: kind.clone(),
            name: name.clone(),
            paths: vec![name.clone()],
        },
        Guard::MissingField {
            field: FieldName::Phone,
        },
        Guard::Missing {
            kind: kind.clone(),
            role_key: "unit".into(),
        },
        Guard::OnlyOne { kind: kind.clone() },
        Guard::NoSuchKind {
            key: name,
            nearest: None,
        },
        Guard::CannotSee { kind },
        Guard::BadValue {
            field: FieldName::Title,
            reason: reason(),
        },
        Guard::Impossible {
            what: "suspend".into(),
            reason: reason(),
        },
    ];
    for lang in [Lang::Ru, Lang::En] {
        let words = Words::new(lang);
        for guard in guards.clone() {
            let named = format!("guard-name-{}", guard.name().replace('_', "-"));
            assert!(words.try_say(&named, &[]).is_some(), "{named}");
            let said = super::guard(
                &words,
                &Refused {
                    provider: None,
                    guard,
                },
                "anna@example.test",
            );
            assert!(!said.contains("guard-") && said.ends_with('.'), "{said}");
        }
    }
}

#[test]
fn whom_nobody_knows_is_refused_and_who_cannot_be_read_is_a_failure() {
    let words = Words::new(Lang::En);
    let of = |error: &FlowError| of_flow(&words, error, "messenger:7").exit;
    assert_eq!(of(&FlowError::KnownNowhere), Exit::Refused);
    let unread = |source| FlowError::NoSuchRecord {
        provider: ProviderId::new("messenger"),
        source,
    };
    assert_eq!(of(&unread(None)), Exit::Refused);
    let silent = Error::new(ErrorKind::Unavailable, "no answer");
    assert_eq!(of(&unread(Some(silent))), Exit::Failed);
}

#[test]
fn a_failure_of_the_store_midway_may_have_changed_something() {
    let words = Words::new(Lang::En);
    let failure = of_journal(&words, &JournalError::Full);
    assert_eq!(failure.exit, Exit::Failed);
    assert_eq!(failure.midway(&words).exit, Exit::Partial);
    let unusable = of_journal(&words, &JournalError::NotAStore);
    assert_eq!(unusable.exit, Exit::Usage);
}
