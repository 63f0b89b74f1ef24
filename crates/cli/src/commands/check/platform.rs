//! One platform: whether it answers, takes our credential, lets us do what flows do, and knows what roles name.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kadry_core::{Connect, Email, Error, ErrorKind, Known, ProviderId, Standing};
use kadry_flow::intent::RoleSection;
use kadry_journal::Journal;
use tokio::time::{Instant, timeout_at};

use super::finding::Finding;
use super::names::{self, RoleHere};
use super::{protect, rights, standing};
use crate::commands::providers::probe::{Reached, reach};
use crate::error::{KEPT, of_platform, of_setup};
use crate::setup::{Fault, Known as Configured, Source};
use crate::words::Words;

const PART: &str = "platform";

/// How long one platform may take; no other one waits for it.
const DEADLINE: Duration = Duration::from_secs(30);

/// What is asked about one platform.
pub(super) struct Subject<'a> {
    id: &'a ProviderId,
    connect: &'a Result<Arc<dyn Connect>, Fault>,
    secrets: Vec<(&'static str, &'a Source)>,
    roles: Vec<RoleHere>,
    protected: Vec<&'a Email>,
}

/// What a platform showed.
pub(super) struct Looked {
    /// What is told of it.
    pub(super) findings: Vec<Finding>,
    /// Whether it can be worked with at all.
    pub(super) works: bool,
    /// The protected addresses that somebody has there; none when that could not be read.
    pub(super) known: Option<BTreeSet<Email>>,
}

impl<'a> Subject<'a> {
    /// Returns what the configuration says of one platform.
    pub(super) fn of(
        known: &'a Configured,
        id: &'a ProviderId,
        connect: &'a Result<Arc<dyn Connect>, Fault>,
        words: &Words,
    ) -> Self {
        let config = &known.config;
        let secrets = config.providers.get(id).into_iter();
        let secrets = secrets.flat_map(|provider| &provider.secrets);
        Self {
            id,
            connect,
            secrets: secrets.map(|(key, source)| (*key, source)).collect(),
            roles: names::here(config, &known.roles, id, words),
            protected: config.exempt.iter().chain(&config.privileged).collect(),
        }
    }
}

/// Looks at one platform. Nothing is asked of it that would change anything there.
pub(super) async fn look(
    words: &Words,
    subject: &Subject<'_>,
    journal: Option<&Journal>,
) -> Looked {
    let mut looked = Looked {
        findings: Vec::new(),
        works: false,
        known: None,
    };
    let connect = match subject.connect {
        Ok(connect) => connect,
        Err(fault) => {
            looked.findings.push(unready(words, subject.id, fault));
            return looked;
        }
    };
    looked.findings.extend(secrets(words, subject));
    let began = Instant::now();
    let deadline = began + DEADLINE;
    let reached = timeout_at(deadline, reach(connect.as_ref())).await;
    let took = began.elapsed().as_millis().to_string();
    let answered = words.say_with("check-answered", &[("took", took.into())]);
    let answered = Finding::ok(PART, "reachable", answered).on(subject.id);
    let Reached { provider, standing } =
        match reached.unwrap_or_else(|_| Err(Error::no_answer(DEADLINE))) {
            Ok(reached) => reached,
            Err(error) => {
                let refused = refused(words, subject.id, &error);
                let did_answer = refused.name != answered.name;
                looked.findings.extend(did_answer.then_some(answered));
                looked.findings.push(refused);
                return looked;
            }
        };
    looked.works = true;
    looked.findings.push(answered);
    let known = match journal {
        Some(journal) => journal.tenant(subject.id).await.ok().flatten(),
        None => None,
    };
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let own = [
        Finding::ok(PART, "credential", accepted(words, &standing)),
        standing::tenant(words, &standing, known.as_deref()),
        standing::clock(words, standing.clock_ahead_ms),
        standing::expiry(words, standing.expires_at_ms, now_ms),
    ];
    let on_it = own.into_iter().map(|finding| finding.on(subject.id));
    looked.findings.extend(on_it);
    let sections: Vec<&RoleSection> = subject.roles.iter().map(|role| &role.section).collect();
    let capability = provider.capability();
    let flows = rights::check(words, subject.id, capability, &sections);
    looked.findings.extend(flows);
    let (roles, known) = futures::join!(
        timeout_at(
            deadline,
            names::check(words, &provider, &standing, &subject.roles)
        ),
        timeout_at(
            deadline,
            protect::known(provider.as_ref(), &subject.protected)
        ),
    );
    let roles =
        roles.unwrap_or_else(|_| names::unread(words, &subject.roles, &Error::no_answer(DEADLINE)));
    looked
        .findings
        .extend(roles.into_iter().map(|finding| finding.on(subject.id)));
    looked.known = known.ok().and_then(Result::ok);
    looked
}

fn accepted(words: &Words, standing: &Standing) -> String {
    words.say(match standing.administrator {
        Known::Value(true) => "check-credential-administrator",
        Known::Value(false) => "check-credential-plain",
        Known::Empty | Known::Hidden => "check-credential",
    })
}

/// Tells what keeps a platform from being reached at all.
fn unready(words: &Words, id: &ProviderId, fault: &Fault) -> Finding {
    let failure = of_setup(words, fault);
    let finding = if let Fault::Secret { key, .. } = fault {
        Finding::of("secrets", *key, failure)
    } else {
        Finding::of(PART, "connection", failure)
    };
    finding.on(id)
}

/// Tells where the secrets come from; all of them could be had.
fn secrets(words: &Words, subject: &Subject<'_>) -> Vec<Finding> {
    let told = subject.secrets.iter().map(|(key, source)| {
        let name = ("name", (*key).into());
        let said = match source {
            Source::Env(variable) => {
                let variable = ("variable", variable.as_str().into());
                words.say_with("check-secret-env", &[name, variable])
            }
            Source::File(path) => {
                let path = ("path", path.display().to_string().into());
                words.say_with("check-secret-file", &[name, path])
            }
            Source::Keyring(_) => words.say_with("check-secret-keyring", &[name]),
        };
        Finding::ok("secrets", *key, said).on(subject.id)
    });
    told.collect()
}

/// Tells a platform that does not answer from one that answers and does not let us in.
fn refused(words: &Words, id: &ProviderId, error: &Error) -> Finding {
    let said = of_platform(words, error);
    let (name, hint) = match error.kind() {
        ErrorKind::Unauthenticated => ("credential", "check-hint-credential"),
        ErrorKind::Forbidden | ErrorKind::Billing => ("credential", "check-hint-rights"),
        ErrorKind::Config => ("settings", "check-hint-settings"),
        ErrorKind::RateLimited => ("reachable", "check-hint-wait"),
        ErrorKind::Unsupported
        | ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Invalid
        | ErrorKind::Unavailable
        | ErrorKind::Protocol => ("reachable", "check-hint-reach"),
    };
    // What cannot be kept is no matter of the settings, and the message says what to do.
    let is_kept = error.context().iter().any(|(key, _)| *key == KEPT);
    let hint = (!is_kept).then(|| words.say(hint));
    Finding::failure(PART, name, said, hint).on(id)
}
