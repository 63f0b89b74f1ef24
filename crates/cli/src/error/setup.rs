//! What is wrong before any platform is asked, in sentences.

use std::path::{Path, PathBuf};

use kadry_journal::Salvage;

use super::files::{hint_to_read, hint_to_write, malformed};
use super::{Exit, Failure, did_you_mean, of_journal, of_platform, with_path};
use crate::setup::{Fault, SecretFault, What};
use crate::words::{Value, Words};

/// Says what is wrong with the configuration, its secrets or the store.
pub(crate) fn of_setup(words: &Words, fault: &Fault) -> Failure {
    let config = |message, hint| Failure::usage("config", message, hint);
    let typed = |message, hint| Failure::usage("usage", message, hint);
    let guess = |nearest: &Option<String>| nearest.as_deref().map(|near| did_you_mean(words, near));
    match fault {
        Fault::NoConfig(places) => config(
            words.say_with("config-none", &[("places", listed(places).into())]),
            Some(words.say("hint-init")),
        ),
        Fault::Unreadable(path, cause) => {
            let hint = hint_to_read(words, path, cause);
            config(with_path(words, "file-unreadable", path, cause), Some(hint))
        }
        Fault::Unwritable(path, cause) => Failure {
            kind: "file",
            ..config(
                with_path(words, "file-unwritable", path, cause),
                Some(hint_to_write(words, cause)),
            )
        },
        Fault::Exists(path) => typed(
            about(words, "file-exists", path),
            Some(words.say("hint-other-folder")),
        ),
        Fault::OthersCanWrite { path, ours } => config(
            about(words, "config-others-can-write", path),
            Some(if *ours {
                about(words, "hint-chmod-write", path)
            } else {
                words.say("hint-file-of-ours")
            }),
        ),
        Fault::Mistake { path, line, what } => mistake(words, path, *line, what),
        Fault::Secret { provider, key, why } => secret(words, provider.as_str(), key, why),
        Fault::Wiring { provider, error } => {
            let cause = of_platform(words, error);
            let variables: &[(&str, Value<'_>)] = &[
                ("provider", provider.as_str().into()),
                ("cause", cause.into()),
            ];
            config(words.say_with("config-wiring", variables), None)
        }
        Fault::NoStateFolder => Failure {
            kind: "store",
            ..config(words.say("store-nowhere"), Some(words.say("hint-store")))
        },
        Fault::NoStore(path) => Failure {
            kind: "store",
            ..typed(
                about(words, "store-none", path),
                Some(words.say("hint-store")),
            )
        },
        Fault::Journal(error) => of_journal(words, error),
        Fault::NoProviders => config(
            words.say("config-no-providers"),
            Some(words.say("hint-providers")),
        ),
        Fault::UnknownRole { name, nearest } => typed(
            words.say_with("role-unknown", &[("role", name.as_str().into())]),
            guess(nearest),
        ),
        Fault::UnknownProvider {
            name,
            nearest,
            configured,
            of_kind,
        } => {
            let names =
                |key, names: &[String]| words.say_with(key, &[("names", names.join(", ").into())]);
            let hint = if of_kind.is_empty() {
                let known = names("hint-configured", configured);
                guess(nearest).map_or_else(|| known.clone(), |near| format!("{near} {known}"))
            } else {
                names("hint-of-kind", of_kind)
            };
            let variables = [("provider", name.as_str().into())];
            typed(words.say_with("provider-unknown", &variables), Some(hint))
        }
        Fault::SwitchedOff(id) => typed(
            words.say_with("provider-off", &[("provider", id.as_str().into())]),
            None,
        ),
        Fault::RoleWithout { role, provider } => {
            let variables: &[(&str, Value<'_>)] = &[
                ("role", role.as_str().into()),
                ("provider", provider.as_str().into()),
            ];
            typed(words.say_with("role-without", variables), None)
        }
        Fault::RoleOfNothing(role) => typed(
            words.say_with("role-of-nothing", &[("role", role.as_str().into())]),
            None,
        ),
        Fault::NothingAsked => typed(words.say("role-or-on"), Some(words.say("hint-role-or-on"))),
    }
}

fn about(words: &Words, key: &str, path: &Path) -> String {
    words.say_with(key, &[("path", path.display().to_string().into())])
}

fn listed(places: &[PathBuf]) -> String {
    let places = places.iter().map(|place| place.display().to_string());
    places.collect::<Vec<_>>().join(", ")
}

fn mistake(words: &Words, path: &Path, line: Option<usize>, what: &What) -> Failure {
    let path = path.display();
    let place = line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"));
    let say = |key, more: &[(&str, Value<'_>)]| {
        let mut variables = vec![("place", Value::from(place.as_str()))];
        variables.extend_from_slice(more);
        words.say_with(key, &variables)
    };
    let guess = |nearest: &Option<String>| nearest.as_deref().map(|near| did_you_mean(words, near));
    let named = |key, name: &str| say(key, &[("name", name.into())]);
    let (message, hint) = match what {
        What::NotToml(detail) => {
            let detail = malformed(words, "TOML", detail);
            let said = say("config-not-toml", &[("detail", detail.into())]);
            (said, Some(words.say("hint-toml")))
        }
        What::UnknownKey { key, nearest } => (named("config-unknown-key", key), guess(nearest)),
        What::MissingKey(key) => (named("config-missing-key", key), None),
        What::Wrong(wanted) => (
            say("config-wrong", &[("wanted", wanted.as_str().into())]),
            None,
        ),
        What::BadName(name) => (named("config-bad-name", name), None),
        What::UnknownKind { kind, nearest } => (named("config-unknown-kind", kind), guess(nearest)),
        What::UnknownPlace { name, nearest } => {
            (named("config-unknown-place", name), guess(nearest))
        }
        What::UnknownBlank { name, nearest } => {
            let braced = nearest.as_ref().map(|near| format!("{{{near}}}"));
            (
                named("config-unknown-blank", &format!("{{{name}}}")),
                guess(&braced),
            )
        }
        What::InlineSecret(key) => (
            named("config-inline-secret", key),
            Some(words.say_with("hint-secret", &[("name", key.as_str().into())])),
        ),
        What::PlainHttp(provider) => (
            say(
                "config-plain-http",
                &[("provider", provider.as_str().into())],
            ),
            Some(words.say("hint-insecure")),
        ),
        What::AdministratorRole(name) => (named("config-administrator-role", name), None),
        What::Other(detail) => (
            say("config-other", &[("detail", detail.as_str().into())]),
            None,
        ),
    };
    Failure::usage("config", message, hint)
}

fn secret(words: &Words, provider: &str, key: &str, why: &SecretFault) -> Failure {
    let say = |sentence, more: &[(&str, Value<'_>)]| {
        let mut variables = vec![
            ("provider", Value::from(provider)),
            ("name", Value::from(key)),
        ];
        variables.extend_from_slice(more);
        words.say_with(sentence, &variables)
    };
    let in_file =
        |sentence, path: &Path| say(sentence, &[("path", path.display().to_string().into())]);
    let line = || words.say_with("hint-secret-line", &[("name", key.into())]);
    let (message, hint) = match why {
        SecretFault::NoVariable(variable) => (
            say(
                "secret-no-variable",
                &[("variable", variable.as_str().into())],
            ),
            Some(words.say_with("hint-export", &[("variable", variable.as_str().into())])),
        ),
        SecretFault::Unreadable(path, cause) => {
            let hint = hint_to_read(words, path, cause);
            let cause = with_path(words, "file-unreadable", path, cause);
            (
                say("secret-unreadable", &[("cause", cause.into())]),
                Some(hint),
            )
        }
        SecretFault::OthersCanRead { path, ours } => (
            in_file("secret-others-can-read", path),
            Some(if *ours {
                about(words, "hint-chmod-read", path)
            } else {
                words.say("hint-file-of-ours")
            }),
        ),
        SecretFault::Empty(path) => (in_file("secret-empty", path), Some(line())),
        SecretFault::TooLong(path) => (in_file("secret-too-long", path), Some(line())),
        SecretFault::NoKeyring => (
            say("secret-no-keyring", &[]),
            Some(words.say_with("hint-secret", &[("name", key.into())])),
        ),
    };
    Failure {
        kind: "secret",
        message,
        hint,
        exit: Exit::Usage,
    }
}

/// Says how much can still be read of a store, or was.
pub(crate) fn salvaged(words: &Words, key: &str, left: &Salvage) -> String {
    let variables: [(&str, Value<'_>); 5] = [
        ("people", left.people.to_string().into()),
        ("links", left.links.to_string().into()),
        ("runs", left.runs.to_string().into()),
        ("steps", left.steps.to_string().into()),
        ("events", left.events.to_string().into()),
    ];
    words.say_with(key, &variables)
}
