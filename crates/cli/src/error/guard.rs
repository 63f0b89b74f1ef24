//! What guards say, each with a way out.

use kadry_core::{FieldName, KindName, ProviderId, RemoteId};
use kadry_flow::plan::{Guard, Refused};

use super::{did_you_mean, reason};
use crate::arguments::quoted;
use crate::ui::branches;
use crate::words::{Value, Words};

/// Says which guard said no and what can be done about it, to an operator who named the person like this.
pub(crate) fn guard(words: &Words, refused: &Refused, who: &str) -> String {
    let provider = refused.provider.as_ref().map(ProviderId::as_str);
    let said = sentence(words, &refused.guard, who, provider.unwrap_or_default());
    match &refused.provider {
        Some(provider) => format!("{provider}: {said}"),
        None => said,
    }
}

/// Says which guard stands in the way of what is left to do.
pub(crate) fn guard_of(words: &Words, guard: &Guard, who: &str) -> String {
    sentence(words, guard, who, "")
}

/// Returns the key that is not known of a person who was named by the other one.
fn missing(who: &str) -> &'static str {
    match who {
        _ if who.starts_with("person:") => "email",
        _ if who.contains('@') => "external-id",
        _ => "any",
    }
}

/// Returns how somebody who was named like this is named to the command that brings people in.
pub(crate) fn newcomer(who: &str) -> String {
    match who.split_once(':') {
        None => format!("--email {}", quoted(who)),
        Some(("person", id)) => format!("--external-id {}", quoted(id)),
        Some(_) => "--email …".to_owned(),
    }
}

/// Returns what of a command gives a field.
const fn flag(field: FieldName) -> &'static str {
    match field {
        FieldName::Email => "--email",
        FieldName::ExternalId => "--external-id",
        FieldName::LastName => "--last-name",
        FieldName::FirstName => "--first-name",
        FieldName::MiddleName => "--middle-name",
        FieldName::Phone => "--phone",
        FieldName::Title => "--title",
        FieldName::Department => "--department",
    }
}

fn sentence(words: &Words, guard: &Guard, who: &str, provider: &str) -> String {
    let of_kind = |key, kind: &KindName| words.say_with(key, &[("kind", words.kind(kind).into())]);
    let of_record =
        |key, record: &RemoteId| words.say_with(key, &[("record", record.as_str().into())]);
    let to_link = |key, record: &RemoteId| {
        let variables: [(&str, Value<'_>); 3] = [
            ("record", record.as_str().into()),
            ("who", who.into()),
            ("provider", provider.into()),
        ];
        words.say_with(key, &variables)
    };
    match guard {
        Guard::ServiceAccount => words.say("guard-service-account"),
        Guard::Administrator => words.say("guard-administrator"),
        Guard::OverLimit {
            brake,
            window,
            limit,
            people,
        } => words.say_with(
            &format!("guard-over-limit-{}", window.as_str()),
            &[
                ("brake", words.say(&format!("brake-{brake}")).into()),
                ("kind", brake.as_str().into()),
                ("limit", (*limit).into()),
                ("people", (*people).into()),
            ],
        ),
        Guard::Exempt => words.say("guard-exempt"),
        Guard::Privileged => words.say("guard-privileged"),
        Guard::Concerns { who, guard } => {
            let why = sentence(words, guard, who, provider);
            words.say_with(
                "guard-concerns",
                &[("who", who.as_str().into()), ("why", why.into())],
            )
        }
        Guard::NoKey => words.say_with("guard-no-key", &[("missing", missing(who).into())]),
        Guard::MissingField { field } => words.say_with(
            "guard-missing-field",
            &[
                ("field", words.field(*field).into()),
                ("flag", flag(*field).into()),
            ],
        ),
        Guard::NotKnown { field } => words.say_with(
            "guard-not-known",
            &[
                ("field", words.field(*field).into()),
                ("flag", flag(*field).into()),
                ("whom", newcomer(who).into()),
            ],
        ),
        Guard::SeveralMatches { records } => {
            words.say_with("guard-several-matches", &[("records", ids(records).into())])
        }
        Guard::BelongsToAnother { record } => of_record("guard-belongs-to-another", record),
        Guard::Strayed { record } => to_link("guard-strayed", record),
        Guard::OldAlias { record } => to_link("guard-old-alias", record),
        Guard::LastAdministrator => words.say("guard-last-administrator"),
        Guard::LastSigner => words.say("guard-last-signer"),
        Guard::OwnSuccessor => words.say("guard-own-successor"),
        Guard::UnknownSuccessor => words.say("guard-unknown-successor"),
        Guard::CannotGrant { kind, reason: why } => words.say_with(
            "guard-cannot-grant",
            &[
                ("kind", words.kind(kind).into()),
                ("reason", reason(words, why).into()),
            ],
        ),
        Guard::NoSuccessor {
            suspended: true, ..
        } => words.say("guard-successor-suspended"),
        Guard::NoSuccessor { records, .. } => words.say_with(
            "guard-no-successor",
            &[
                ("found", records.len().into()),
                ("records", ids(records).into()),
            ],
        ),
        Guard::BadGrant {
            kind,
            name,
            reason: why,
        } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("kind", words.kind(kind).into()),
                ("name", name.as_str().into()),
                ("reason", reason(words, why).into()),
            ];
            words.say_with("guard-bad-grant", variables)
        }
        Guard::NotOffered {
            kind,
            name,
            nearest,
        } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("kind", words.kind(kind).into()),
                ("name", name.as_str().into()),
            ];
            let said = words.say_with("guard-not-offered", variables);
            match nearest {
                Some(nearest) => guessed(words, said, Some(nearest)),
                None => format!("{said} {}", words.say("guard-not-offered-out")),
            }
        }
        Guard::Ambiguous { kind, name, paths } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("kind", words.kind(kind).into()),
                ("name", name.as_str().into()),
                ("paths", paths.join("; ").into()),
            ];
            words.say_with("guard-ambiguous", variables)
        }
        Guard::Missing { kind, role_key } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("kind", words.kind(kind).into()),
                ("key", role_key.as_ref().into()),
            ];
            words.say_with("guard-missing", variables)
        }
        Guard::OnlyOne { kind } => of_kind("guard-only-one", kind),
        Guard::NoSuchKind { key, nearest } => {
            let said = words.say_with("guard-no-such-kind", &[("key", key.as_str().into())]);
            guessed(words, said, nearest.as_deref())
        }
        Guard::Suspended { record } => {
            words.say_with("guard-suspended", &[("record", record.as_str().into())])
        }
        Guard::KnownByAnotherId { known } => words.say_with(
            "guard-known-by-another-id",
            &[("known", known.as_str().into())],
        ),
        Guard::CannotSee { kind } => of_kind("guard-cannot-see", kind),
        Guard::BadValue { field, reason: why } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("field", words.field(*field).into()),
                ("reason", reason(words, why).into()),
            ];
            words.say_with("guard-bad-value", variables)
        }
        Guard::Impossible { what, reason: why } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("what", what.as_ref().into()),
                ("reason", reason(words, why).into()),
            ];
            words.say_with("guard-impossible", variables)
        }
        Guard::Department { line, place, fault } => branches::fault(words, *line, place, fault),
    }
}

fn ids(records: &[RemoteId]) -> String {
    let ids = records.iter().map(RemoteId::as_str);
    ids.collect::<Vec<_>>().join(", ")
}

fn guessed(words: &Words, said: String, nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("{said} {}", did_you_mean(words, nearest)),
        None => said,
    }
}
