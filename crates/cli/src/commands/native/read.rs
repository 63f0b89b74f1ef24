//! Operations that read: a list page by page, or one thing.

use std::sync::Arc;

use kadry_core::{
    Cursor, EmployeeProvider, Error, ErrorKind, Foresight, NativeCall, Page, ProviderId,
};
use kadry_flow::Organisation;
use serde_json::Value;
use tokio::task::JoinHandle;

use super::print::Printer;
use super::{Native, whom};
use crate::commands::Session;
use crate::error::{Exit, Failure, of_flow, unread};
use crate::setup::{self, Purpose};
use crate::ui::progress::Waiting;
use crate::ui::shape::{cell, rows};

/// A platform that is asked.
struct Asked {
    provider: Arc<dyn EmployeeProvider>,
    call: NativeCall,
    /// How it is called in sentences.
    label: String,
}

/// Prints a list: one page of it, or all of them.
///
/// # Errors
///
/// As [`Native::run`].
pub(super) async fn list(
    native: &Native,
    session: &Session,
    columns: &'static [&'static str],
) -> Result<Exit, Failure> {
    let words = &session.screen.words;
    let waiting = Waiting::show(&session.screen, words.say("progress-reading"));
    let asked = reach(native, session).await?;
    let first = asked.page(None).await;
    drop(waiting);
    let failed = |error: Error| unread(words, &error, &asked.label, asked.provider.id());
    let mut page = first.map_err(failed)?;
    let mut printer = Printer::new(&session.screen, columns);
    // From now on what is printed is part of a list, which an interruption ends like every list.
    session.begins_to_write();
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let next = page.next.take();
        let going = next.clone().filter(|_| native.all);
        let going = going.map(|next| Ahead::begin(&asked, next));
        if !printer.page(&page.items)? {
            return Ok(Exit::Done);
        }
        let Some(mut going) = going else {
            printer.end()?;
            tell_rest(session, &printer, next.is_some());
            return Ok(Exit::Done);
        };
        let read = tokio::select! {
            read = going.page() => read,
            () = session.interrupted_midway() => {
                printer.end()?;
                return Ok(Exit::Failed);
            }
        };
        let repeats = next.is_some_and(|next| !seen.insert(next));
        let read = if repeats { Err(endless()) } else { read };
        match read {
            Ok(more) => page = more,
            Err(error) => {
                printer.end()?;
                let failure = Failure {
                    exit: Exit::Partial,
                    ..failed(error)
                };
                let mut sheet = session.screen.rest_sheet();
                crate::ui::failure::write(&mut sheet, words, &failure);
                session.screen.complain(&sheet);
                return Ok(failure.exit);
            }
        }
    }
}

/// Shows one thing.
///
/// # Errors
///
/// As [`Native::run`].
pub(super) async fn show(native: &Native, session: &Session) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let waiting = Waiting::show(screen, words.say("progress-reading"));
    let asked = reach(native, session).await?;
    let page = asked.page(None).await;
    drop(waiting);
    let page = page.map_err(|error| unread(words, &error, &asked.label, asked.provider.id()))?;
    let thing = page.items.into_iter().next().unwrap_or_default();
    if screen.is_json() {
        screen.document(&thing)?;
        return Ok(Exit::Done);
    }
    let mut sheet = screen.data_sheet();
    match &thing {
        Value::Null => {
            let what = [("what", asked.label.as_str().into())];
            screen.say(&words.say_with("native-shows-nothing", &what));
            return Ok(Exit::Done);
        }
        Value::Object(_) => sheet.pairs(0, rows(&thing)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            sheet.text(0, &cell(&thing));
        }
    }
    screen.data(&sheet)?;
    Ok(Exit::Done)
}

/// Says how many rows there were, and how to get the rest.
fn tell_rest(session: &Session, printer: &Printer<'_>, is_more: bool) {
    let words = &session.screen.words;
    let rows = [("rows", printer.rows().into())];
    if is_more {
        session.screen.say(&words.say_with("native-more", &rows));
    } else if printer.rows() == 0 {
        session.screen.say(&words.say("native-none"));
    }
}

fn endless() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the list repeats a cursor and would never end",
    )
}

/// Reaches the platform, and finds the people whom the call names.
async fn reach(native: &Native, session: &Session) -> Result<Asked, Failure> {
    let words = &session.screen.words;
    let name = setup::one_of(
        &session.global,
        native.kind,
        native.provider.as_deref(),
        words,
    )?;
    let needed = native.needed(&name);
    let setup = session.open(Purpose::Look, Some(&needed)).await?;
    let on = ProviderId::new(name);
    let mut call = native.call.clone();
    for parameter in native.people() {
        let mut ids = Vec::new();
        for typed in native.call.all(parameter.name) {
            let who = whom(typed, &on, &setup.config, words)?;
            let id = setup.organisation.record_of(&who, &on).await;
            ids.push(
                id.map_err(|error| of_flow(words, &error, typed))?
                    .to_string(),
            );
        }
        if !ids.is_empty() {
            call.arguments.insert(parameter.name.to_owned(), ids);
        }
    }
    let label = format!("{} {} --provider {on}", native.kind, native.call);
    let provider = connected(&setup.organisation, &on).await;
    Ok(Asked {
        provider: provider.map_err(|error| unread(words, &error, &label, &on))?,
        call,
        label,
    })
}

async fn connected(
    organisation: &Organisation,
    on: &ProviderId,
) -> kadry_core::Result<Arc<dyn EmployeeProvider>> {
    let mut connects = organisation.connects.iter();
    let connect = connects.find(|connect| connect.id() == on);
    let off = || {
        Error::new(
            ErrorKind::Config,
            "the platform is not configured, or is switched off",
        )
    };
    connect.ok_or_else(off)?.connect(Foresight::default()).await
}

impl Asked {
    async fn page(&self, from: Option<&Cursor>) -> kadry_core::Result<Page<Value>> {
        page(self.provider.as_ref(), &self.call, from).await
    }
}

async fn page(
    provider: &dyn EmployeeProvider,
    call: &NativeCall,
    from: Option<&Cursor>,
) -> kadry_core::Result<Page<Value>> {
    let none = || Error::new(ErrorKind::Unsupported, "no such operation");
    let table = provider.native().ok_or_else(none)?;
    table.read(call, from).await
}

/// A page that is being read while the one before it is printed. Whoever does not want it any more drops it.
struct Ahead(JoinHandle<kadry_core::Result<Page<Value>>>);

impl Ahead {
    fn begin(asked: &Asked, from: Cursor) -> Self {
        let (provider, call) = (Arc::clone(&asked.provider), asked.call.clone());
        Self(tokio::spawn(async move {
            page(provider.as_ref(), &call, Some(&from)).await
        }))
    }

    async fn page(&mut self) -> kadry_core::Result<Page<Value>> {
        let lost =
            |fault| Error::new(ErrorKind::Protocol, "the page was given up").from_source(fault);
        (&mut self.0).await.map_err(lost)?
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.0.abort();
    }
}
