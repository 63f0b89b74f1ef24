//! One person everywhere.

use std::collections::BTreeMap;

use clap::Args;
use kadry_core::{Access, Employee, Grant, Known, MatchKey, ProviderId};
use kadry_flow::observe::{Held, Here, Seen};
use kadry_flow::{Organisation, Shown};
use serde::Serialize;

use super::who::{naming, namings, needed, who};
use super::{Session, exit_of, runs};
use crate::error::{Exit, Failure, of_flow, of_journal, of_platform};
use crate::setup::Purpose;
use crate::ui::json::Silent;
use crate::ui::progress::Waiting;
use crate::ui::steps::names;
use crate::ui::table::{Field, Sheet, Tint};
use crate::ui::time::{exact, local};
use crate::words::Words;

/// Show one person everywhere: profile, access, grants, links and last runs
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry show anna@example.test
  kadry show person:1042 --on messenger -o json")]
pub(crate) struct Show {
    /// E-mail, person:ID, or PROVIDER:ID
    #[arg(value_name = "WHO")]
    who: String,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
struct Document {
    person: String,
    keys: Vec<String>,
    aliases: Vec<String>,
    records: Vec<Record>,
    silent: Vec<Silent>,
    links: Vec<Link>,
    runs: Vec<runs::Row>,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Record {
    provider: String,
    id: String,
    access: Access,
    profile: BTreeMap<&'static str, Option<String>>,
    grants: BTreeMap<String, Option<Vec<String>>>,
}

#[derive(Debug, Serialize)]
struct Link {
    provider: String,
    id: String,
    seen_at: Option<String>,
    /// The account that the link is of, when it is not the one of today and the link is not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    other_account: Option<String>,
}

/// Which account each platform is today.
type Accounts = BTreeMap<ProviderId, String>;

impl Show {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A person whom nobody knows, and whatever is wrong with the arguments or the configuration.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let needed = needed(self.on.as_deref(), &self.who);
        let setup = session.open(Purpose::Look, needed.as_deref()).await?;
        let on = setup.config.on(self.on.as_deref(), words)?;
        let who = who(&self.who, &setup.config, words)?;
        let shown = {
            let _waiting = Waiting::show(screen, words.say("progress-reading"));
            setup.organisation.show(&who, &on).await
        };
        let shown = shown.map_err(|error| of_flow(words, &error, &who.to_string()))?;
        let accounts = accounts(words, &setup.organisation, &shown).await?;
        let exit = exit_of(silent(&shown).count(), on.len());
        if screen.is_json() {
            screen.document(&document(words, &who.to_string(), &shown, &accounts, exit))?;
        } else {
            let mut sheet = screen.data_sheet();
            write(&mut sheet, words, &who.to_string(), &shown, &accounts);
            screen.data(&sheet)?;
        }
        Ok(exit)
    }
}

fn silent(shown: &Shown) -> impl Iterator<Item = (&ProviderId, &kadry_core::Error)> {
    shown
        .snapshot
        .seen
        .iter()
        .filter_map(|(id, seen)| match seen {
            Seen::Silent(error) => Some((id, error.as_ref())),
            Seen::Here(_) => None,
        })
}

/// The accounts in which we stand, and where that cannot be seen now, those in which we stood last.
async fn accounts(
    words: &Words,
    organisation: &Organisation,
    shown: &Shown,
) -> Result<Accounts, Failure> {
    let here = shown.snapshot.here();
    let mut accounts: Accounts = here
        .map(|(provider, here)| (provider.clone(), here.standing.tenant.clone()))
        .collect();
    for link in &shown.links {
        if accounts.contains_key(&link.provider) {
            continue;
        }
        let known = organisation.journal.tenant(&link.provider).await;
        if let Some(tenant) = known.map_err(|error| of_journal(words, &error))? {
            accounts.insert(link.provider.clone(), tenant);
        }
    }
    Ok(accounts)
}

/// Reports whether a link is of another account than the one of today, so that no flow uses it.
fn is_unused(link: &kadry_journal::Link, accounts: &Accounts) -> bool {
    accounts
        .get(&link.provider)
        .is_some_and(|tenant| *tenant != link.tenant)
}

fn write(sheet: &mut Sheet, words: &Words, who: &str, shown: &Shown, accounts: &Accounts) {
    let name = shown
        .snapshot
        .here()
        .flat_map(|(_, here)| &here.matches)
        .map(|employee| employee.profile.full_name())
        .find(|name| !name.is_empty());
    sheet.heading(name.as_deref().unwrap_or(who));
    let remembered = |key: &&MatchKey| shown.aliases.contains(key);
    let given: Vec<MatchKey> = shown
        .keys
        .iter()
        .filter(|key| !remembered(key))
        .cloned()
        .collect();
    if !given.is_empty() {
        sheet.text(0, &namings(&given));
    }
    if !shown.aliases.is_empty() {
        let keys = [("keys", namings(&shown.aliases).into())];
        sheet.text(0, &words.say_with("show-aliases", &keys));
    }
    for (provider, seen) in &shown.snapshot.seen {
        sheet.gap();
        match seen {
            Seen::Silent(error) => {
                sheet.heading(provider.as_str());
                sheet.paragraph(2, &of_platform(words, error), Tint::Bad);
            }
            Seen::Here(here) if here.matches.is_empty() => {
                sheet.heading(provider.as_str());
                sheet.paragraph(2, &words.say("note-nobody-there"), Tint::Faint);
            }
            Seen::Here(here) => {
                for employee in &here.matches {
                    record(sheet, words, provider, here, employee);
                }
            }
        }
    }
    if !shown.links.is_empty() {
        sheet.gap();
        sheet.heading(&words.say("show-links"));
        let links = shown.links.iter().map(|link| {
            let seen = [
                ("id", link.who.id.as_str().into()),
                ("at", local(link.seen_at_ms).into()),
            ];
            let text = if is_unused(link, accounts) {
                let [id, at] = seen;
                let tenant = ("tenant", link.tenant.as_str().into());
                let text = words.say_with("show-link-unused", &[id, at, tenant]);
                Field::new(text, Tint::Faint)
            } else {
                words.say_with("show-link", &seen).into()
            };
            (link.provider.to_string(), text)
        });
        sheet.pairs(2, links);
    }
    if !shown.runs.is_empty() {
        sheet.gap();
        sheet.heading(&words.say("show-runs"));
        runs::table(sheet, words, &shown.runs);
    }
}

fn record(
    sheet: &mut Sheet,
    words: &Words,
    provider: &ProviderId,
    here: &Here,
    employee: &Employee,
) {
    sheet.heading(&words.say_with(
        "lane-of-record",
        &[
            ("provider", provider.as_str().into()),
            ("record", employee.at.id.as_str().into()),
        ],
    ));
    let tint = match employee.access {
        Access::Open => Tint::Good,
        Access::Suspended => Tint::Warning,
    };
    let access = Field::new(words.say(&format!("access-{}", employee.access)), tint);
    let mut rows = vec![(words.say("show-access"), access)];
    let marks = [
        ("mark-administrator", &employee.marks.administrator),
        ("mark-signer", &employee.marks.signer),
    ];
    let marked = marks
        .iter()
        .filter(|(_, known)| **known == Known::Value(true));
    rows.extend(marked.map(|(key, _)| {
        (
            words.say("show-mark"),
            Field::new(words.say(key), Tint::Warning),
        )
    }));
    rows.extend(employee.profile.shown().filter_map(|(field, value)| {
        Some((words.field(field), Field::from(value.value()?.as_str())))
    }));
    for (kind, held) in grants(here, employee) {
        let text = match held {
            Some([]) => continue,
            Some(grants) => names(grants).into(),
            None => Field::new(words.say("show-unseen"), Tint::Faint),
        };
        rows.push((words.kind(&kind), text));
    }
    sheet.pairs(2, rows);
}

/// Returns what somebody holds, by kind; none where the platform does not show it now.
fn grants<'a>(
    here: &'a Here,
    employee: &'a Employee,
) -> Vec<(kadry_core::KindName, Option<&'a [Grant]>)> {
    let kinds = here.provider.capability().grants.iter();
    kinds
        .filter_map(|kind| {
            let held = match here.held.get(&kind.name) {
                Some(Held::Seen(grants)) => Some(grants.as_slice()),
                Some(Held::Unseen) => None,
                None => Some(employee.granted(&kind.name)?),
            };
            Some((kind.name.clone(), held))
        })
        .collect()
}

fn document(words: &Words, who: &str, shown: &Shown, accounts: &Accounts, exit: Exit) -> Document {
    let records = shown.snapshot.here().flat_map(|(provider, here)| {
        here.matches.iter().map(|employee| Record {
            provider: provider.to_string(),
            id: employee.at.id.to_string(),
            access: employee.access,
            profile: employee
                .profile
                .shown()
                .map(|(field, value)| (field.as_str(), value.value().cloned()))
                .collect(),
            grants: grants(here, employee)
                .into_iter()
                .map(|(kind, held)| (kind.to_string(), held.map(listed)))
                .collect(),
        })
    });
    Document {
        person: who.to_owned(),
        keys: shown.keys.iter().map(ToString::to_string).collect(),
        aliases: shown.aliases.iter().map(naming).collect(),
        records: records.collect(),
        silent: silent(shown)
            .map(|(id, error)| Silent::new(words, id, error))
            .collect(),
        links: shown
            .links
            .iter()
            .map(|link| Link {
                provider: link.provider.to_string(),
                id: link.who.id.to_string(),
                seen_at: exact(link.seen_at_ms),
                other_account: is_unused(link, accounts).then(|| link.tenant.clone()),
            })
            .collect(),
        runs: shown.runs.iter().map(runs::Row::of).collect(),
        exit: exit.code(),
    }
}

fn listed(grants: &[Grant]) -> Vec<String> {
    grants.iter().map(|grant| grant.name.clone()).collect()
}
