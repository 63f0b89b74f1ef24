//! Operations that write: an intent for whatever they are about, and then the way of every flow.

use std::collections::BTreeSet;

use kadry_core::{Parameter, ProviderId, RemoteId};
use kadry_flow::intent::{Flow, Intent, Native as Asked, Who};

use super::{Native, several, whom};
use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, of_flow};
use crate::setup::{self, Setup};

/// Runs the command.
///
/// # Errors
///
/// As [`Native::run`].
pub(super) async fn run(native: &Native, session: &Session) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let name = setup::one_of(
        &session.global,
        native.kind,
        native.provider.as_deref(),
        words,
    )?;
    let needed = native.needed(&name);
    let setup = session.open(session.purpose(), Some(&needed)).await?;
    let intents = intents(native, session, &setup, &ProviderId::new(name)).await?;
    flow::greet(session, &setup.organisation).await?;
    match intents.as_slice() {
        [intent] => flow::run(session, &setup.organisation, intent).await,
        several => several::run(session, &setup.organisation, several).await,
    }
}

/// Returns what is asked for: once for each person without whom the call means nothing, else once for the thing.
async fn intents(
    native: &Native,
    session: &Session,
    setup: &Setup,
    on: &ProviderId,
) -> Result<Vec<Intent>, Failure> {
    let words = &session.screen.words;
    let mut call = native.call.clone();
    let mut named: Vec<RemoteId> = Vec::new();
    for parameter in native.people().filter(|parameter| !parameter.required) {
        let mut ids = Vec::new();
        for typed in native.call.all(parameter.name) {
            let who = whom(typed, on, &setup.config, words)?;
            let organisation = &setup.organisation;
            let id = organisation.may_touch(&who, on, native.privileged).await;
            let id = id.map_err(|error| of_flow(words, &error, typed))?;
            ids.push(id.to_string());
            named.push(id);
        }
        if !ids.is_empty() {
            call.arguments.insert(parameter.name.to_owned(), ids);
        }
    }
    let allow = match &native.allowing {
        Some(allowing) => allowing.read(words)?,
        None => std::collections::BTreeMap::new(),
    };
    let intent = |who: Option<Who>, about: Option<&Parameter>, call| {
        let asked = Asked {
            kind: native.kind.to_owned(),
            on: on.clone(),
            call,
            about: about.map(|parameter| parameter.name.to_owned()),
            singles: None,
            untried: false,
            things: BTreeSet::new(),
            named: named.clone(),
            privileged: native.privileged,
        };
        Intent {
            who: who.unwrap_or_else(|| Who::Thing(asked.to_string())),
            flow: Flow::Native(asked),
            actor: setup::actor(&session.global),
            reason: session.global.reason.clone(),
            allow: allow.clone(),
            command: Some(flow::again(session)),
        }
    };
    let Some(about) = native.people().find(|parameter| parameter.required) else {
        return Ok(vec![intent(None, None, call)]);
    };
    let mut intents: Vec<Intent> = Vec::new();
    for typed in native.call.all(about.name) {
        let who = whom(typed, on, &setup.config, words)?;
        let mut call = call.clone();
        call.arguments
            .insert(about.name.to_owned(), vec![typed.clone()]);
        if !intents.iter().any(|known| known.who == who) {
            intents.push(intent(Some(who), Some(about), call));
        }
    }
    Ok(intents)
}
