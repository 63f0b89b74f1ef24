//! What each platform can do, and why not.

mod answers;
pub(super) mod probe;

use clap::Args;
use futures::future::join_all;
use kadry_core::{
    Capability, CreateNotice, Error, GrantKind, Known, ProviderId, Reason, Result as Answered,
    Support, Write,
};
use serde::Serialize;
use tokio::time::timeout;

use self::answers::Answers;
use self::probe::{Reached, reach};
use super::{Session, exit_of};
use crate::error::{Exit, Failure, of_platform, reason};
use crate::setup::{ProviderRow, Purpose, Setup};
use crate::ui::json::Silent;
use crate::ui::progress::Waiting;
use crate::ui::table::{Field, Sheet, Tint};
use crate::ui::time::{exact, local};
use crate::words::Words;

/// Show what each configured platform can do with the credential at hand, and why not
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry providers
  kadry providers --on messenger -o json
  kadry providers -o csv > providers.csv")]
pub(crate) struct Providers {
    /// Only these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Document {
    providers: Vec<Row>,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Row {
    provider: String,
    kind: &'static str,
    reachable: bool,
    error: Option<Silent>,
    administrator: Option<bool>,
    expires_at: Option<String>,
    can: Vec<Cell>,
    capability: Option<Answers>,
}

#[derive(Debug, Serialize)]
struct Cell {
    what: String,
    yes: bool,
    why: Option<String>,
}

/// The reasons that say where grants are written and not what they need.
const HOW_IT_IS_WRITTEN: [&str; 2] = ["written-by-itself", "written-with-the-record"];

type Looked = (ProviderRow, Answered<Reached>);

impl Providers {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let setup = session.open(Purpose::Look, self.on.as_deref()).await?;
        let on = setup.config.on(self.on.as_deref(), words)?;
        let looked = {
            let _waiting = Waiting::show(screen, words.say("progress-reading"));
            look(&setup, &on).await
        };
        let silent = looked.iter().filter(|(_, answer)| answer.is_err()).count();
        let exit = exit_of(silent, looked.len());
        if screen.is_json() {
            screen.document(&Document {
                providers: looked.iter().map(|one| Row::of(words, one)).collect(),
                exit: exit.code(),
            })?;
        } else if screen.is_csv() {
            let rows = looked.iter().map(|one| Row::of(words, one));
            screen.csv(&Row::HEADER, rows.flat_map(Row::lines))?;
        } else {
            let mut sheet = screen.data_sheet();
            for one in &looked {
                sheet.gap();
                write(&mut sheet, words, one);
            }
            screen.data(&sheet)?;
        }
        Ok(exit)
    }
}

async fn look(setup: &Setup, on: &[ProviderId]) -> Vec<Looked> {
    let deadline = std::time::Duration::from_millis(setup.organisation.timing.observe_ms);
    let rows = setup
        .config
        .providers()
        .into_iter()
        .filter(|row| on.contains(&row.id));
    let lanes = rows.filter_map(|row| {
        let connect = setup
            .organisation
            .connects
            .iter()
            .find(|one| *one.id() == row.id)?;
        Some(async move {
            let late = || Error::no_answer(deadline);
            let answer = timeout(deadline, reach(connect.as_ref())).await;
            (row, answer.unwrap_or_else(|_| Err(late())))
        })
    });
    join_all(lanes).await
}

fn write(sheet: &mut Sheet, words: &Words, (row, answer): &Looked) {
    let name = [
        ("provider", row.id.as_str().into()),
        ("kind", row.kind.into()),
    ];
    sheet.heading(&words.say_with("provider-title", &name));
    let reached = match answer {
        Ok(reached) => reached,
        Err(error) => {
            sheet.paragraph(2, &of_platform(words, error), Tint::Bad);
            return;
        }
    };
    sheet.paragraph(2, &words.say("provider-reachable"), Tint::Good);
    let rows = questions(words, reached.provider.capability());
    let answers = rows.into_iter().map(|Cell { what, yes, why }| {
        let (short, tint) = if yes {
            ("yes", Tint::Good)
        } else {
            ("no", Tint::Warning)
        };
        let short = words.say(short);
        let text = match why {
            Some(why) => words.say_with(
                "answer-why",
                &[("answer", short.into()), ("why", why.into())],
            ),
            None => short,
        };
        (what, Field::new(text, tint))
    });
    let standing = &reached.standing;
    let mut facts = Vec::new();
    if let Known::Value(administrator) = standing.administrator {
        let answer = words.say(if administrator { "yes" } else { "no" });
        facts.push((words.say("provider-administrator"), Field::from(answer)));
    }
    if let Some(at) = standing.expires_at_ms {
        facts.push((words.say("provider-expires"), local(at).into()));
    }
    facts.extend(answers);
    sheet.pairs(2, facts);
}

/// Returns what is asked of every platform, with its answers.
fn questions(words: &Words, capability: &Capability) -> Vec<Cell> {
    let cell = |what: String, support: &Support| Cell {
        what,
        yes: support.is_yes(),
        why: support.reason().map(|why| reason(words, why)),
    };
    let mut cells = Vec::new();
    for (key, support) in [
        ("can-list", &capability.list),
        ("can-create", &capability.create),
        ("can-update", &capability.update),
        ("can-suspend", &capability.suspend),
        ("can-reopen", &capability.reopen),
        ("can-remove", &capability.remove),
        ("can-notify", &capability.notify),
    ] {
        cells.push(cell(words.say(key), support));
    }
    if let Some(create) = cells.get_mut(1).filter(|create| create.yes) {
        create.why = Some(words.say(match capability.create_notice {
            CreateNotice::UnlessQuiet => "create-notice-unless-quiet",
            CreateNotice::Always => "create-notice-always",
            CreateNotice::Never => "create-notice-never",
        }));
    }
    cells.extend(capability.grants.iter().map(|kind| granting(words, kind)));
    cells
}

/// Returns whether grants of a kind can be given at all, and when.
fn granting(words: &Words, kind: &GrantKind) -> Cell {
    let on_update = unwritten(&kind.on_update).is_none();
    let when = match (kind.on_create.is_yes(), on_update, kind.alone.is_yes()) {
        (false, false, false) => None,
        (true, false, false) => Some("grant-on-create"),
        (false, true, false) => Some("grant-on-update"),
        (true, true, false) => Some("grant-with-record"),
        (_, _, true) => Some("grant-alone"),
    };
    let why = when.map_or_else(
        || not_given(kind).map(|why| reason(words, why)),
        |key| Some(words.say(key)),
    );
    Cell {
        what: words.say_with("can-grant", &[("kind", words.kind(&kind.name).into())]),
        yes: when.is_some(),
        why,
    }
}

/// Returns why grants of a kind cannot be given in any way: how they would be written tells nobody what is missing.
fn not_given(kind: &GrantKind) -> Option<&Reason> {
    let whys = [
        unwritten(&kind.on_update),
        kind.alone.reason(),
        kind.on_create.reason(),
    ];
    let mut telling = whys.into_iter().flatten();
    telling
        .find(|why| !HOW_IT_IS_WRITTEN.contains(&why.key.as_ref()))
        .or_else(|| kind.alone.reason())
}

const fn unwritten(write: &Write) -> Option<&Reason> {
    match write {
        Write::No(why) => Some(why),
        Write::WholeSet | Write::Delta => None,
    }
}

impl Row {
    /// The names of the cells of a CSV list.
    const HEADER: [&str; 6] = ["provider", "kind", "reachable", "what", "yes", "why"];

    /// Returns the lines of a CSV list: one for each question, or one that says why nobody answered.
    fn lines(self) -> Vec<Vec<String>> {
        let (provider, kind, reachable) = (self.provider, self.kind, self.reachable.to_string());
        let line = |what: String, yes: String, why: Option<String>| {
            let why = why.unwrap_or_default();
            let kind = kind.to_owned();
            vec![provider.clone(), kind, reachable.clone(), what, yes, why]
        };
        if let Some(silent) = self.error {
            return vec![line(
                String::new(),
                String::new(),
                Some(silent.into_message()),
            )];
        }
        let cells = self.can.into_iter();
        let lines = cells.map(|cell| line(cell.what, cell.yes.to_string(), cell.why));
        lines.collect()
    }

    fn of(words: &Words, (row, answer): &Looked) -> Self {
        let reached = answer.as_ref().ok();
        Self {
            provider: row.id.to_string(),
            kind: row.kind,
            reachable: reached.is_some(),
            error: answer
                .as_ref()
                .err()
                .map(|error| Silent::new(words, &row.id, error)),
            administrator: reached.and_then(|one| one.standing.administrator.value().copied()),
            expires_at: reached.and_then(|one| exact(one.standing.expires_at_ms?)),
            can: reached.map_or_else(Vec::new, |one| questions(words, one.provider.capability())),
            capability: reached.map(|one| Answers::of(words, one.provider.capability())),
        }
    }
}

#[cfg(test)]
mod tests;
