//! The file of many people that a command reads, and what is asked for each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use kadry_core::{Email, FieldName, Fields, MatchKey, ProviderId};
use kadry_flow::intent::{Flow, Intent, Onboard, RoleSection, Who};
use kadry_flow::many::{Asked, Head, Why};
use kadry_flow::review::{Basis, Expected};
use kadry_http::Precedence;
use kadry_tables::{Leaves, Preset, Roster, Row, open_roster};
use serde_json::Value;

use super::allowing::Allowing;
use super::onboard::{check, whom};
use super::{Session, flow, many};
use crate::error::{Exit, Failure, cell_fault, of_roster};
use crate::setup::{self, Config, Purpose, RosterKeys, Wanted};
use crate::words::Words;

/// Which file is read, and how.
#[derive(Debug, Args)]
pub(crate) struct RosterFile {
    /// The file of people: CSV or a workbook (.xlsx, .xls, .ods), as other systems export it
    #[arg(value_name = "ROSTER")]
    pub(super) file: PathBuf,
    /// The role of everybody whose line names none
    #[arg(long)]
    role: Option<String>,
    /// Read a vendor's own file of people, whose columns are known by the name of this preset
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// The sheet of the workbook, if several could be meant
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    pub(super) on: Option<Vec<String>>,
    /// Let suspended people of the file in again
    #[arg(long)]
    reactivate: bool,
    /// Go on even if a record administers its platform
    #[arg(long)]
    pub(super) privileged: bool,
    /// Accept a file, or a platform, with far fewer people than last time; give the reason too
    #[arg(long, requires = "reason")]
    pub(super) shrunk: bool,
}

/// What the lines of a file are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// The file names some people.
    Some,
    /// The file names everybody: who left by it, or is not in it, should not be there.
    All,
}

/// What is done with the people of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub(super) flow: &'static str,
    pub(super) whole: Whole,
    pub(super) surplus: many::Unknown,
    /// Whether it is only said what differs.
    pub(super) check: bool,
    /// Whether the doors of those who leave close before anything is tidied.
    pub(super) now: bool,
}

/// A file that was read, and what is asked for its people.
#[derive(Debug)]
pub(super) struct People<'a> {
    pub(super) roster: Roster,
    pub(super) name: String,
    asked: &'a RosterFile,
    config: &'a Config,
    actor: String,
    whole: Whole,
    today: jiff::civil::Date,
    presets: BTreeMap<ProviderId, RosterKeys>,
}

impl RosterFile {
    /// Returns a file that is only held against the platforms.
    pub(super) const fn to_review(
        file: PathBuf,
        role: Option<String>,
        preset: Option<String>,
        sheet: Option<String>,
    ) -> Self {
        Self {
            file,
            role,
            preset,
            sheet,
            on: None,
            reactivate: false,
            privileged: true,
            shrunk: false,
        }
    }

    /// Does something with the people of the file.
    ///
    /// # Errors
    ///
    /// As [`many::run`], and whatever is wrong with the arguments, the file or the configuration.
    pub(super) async fn run(
        &self,
        session: &Session,
        allowing: &Allowing,
        task: Task,
    ) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let allow = allowing.read(words)?;
        let roster = self.open(words)?;
        let purpose = if task.check {
            Purpose::Look
        } else {
            session.purpose()
        };
        let wanted = Wanted {
            purpose,
            on: self.on.as_deref(),
            precedence: if task.now {
                Precedence::First
            } else {
                Precedence::Usual
            },
        };
        let setup = session.open_for(wanted).await?;
        let actor = setup::actor(&session.global);
        let people = self.people(roster, &setup.config, actor.clone(), task.whole);
        let covered = people.covered(words)?;
        flow::greet(session, &setup.organisation).await?;
        many::told_of_file(session, &people);
        let job = many::Job {
            head: Head {
                flow: task.flow.to_owned(),
                about: people.name.clone(),
                source: Some(people.roster.sha256().to_owned()),
                on: covered,
                allow,
                actor,
                reason: session.global.reason.clone(),
                lines: u32::try_from(people.roster.len()).ok(),
            },
            surplus: task.surplus,
            shrunk: self.shrunk,
            privileged: self.privileged,
            check: task.check,
            now: task.now,
        };
        many::run(session, &setup.organisation, &job, &mut people.asked(words)).await
    }

    /// Reads the file as a whole.
    ///
    /// # Errors
    ///
    /// Nothing of the file can be trusted, or there is no such preset.
    pub(super) fn open(&self, words: &Words) -> Result<Roster, Failure> {
        let preset = self.preset(words)?;
        open_roster(&self.file, preset, self.sheet.as_deref())
            .map_err(|error| of_roster(words, &error, &self.file))
    }

    fn preset(&self, words: &Words) -> Result<Preset, Failure> {
        let Some(name) = self.preset.as_deref() else {
            return Ok(Preset::Common);
        };
        Preset::named(name).ok_or_else(|| {
            let known = Preset::NAMES.join(", ");
            Failure::usage(
                "usage",
                words.say_with("preset-unknown", &[("name", name.into())]),
                Some(words.say_with("preset-unknown-hint", &[("names", known.into())])),
            )
        })
    }

    /// Returns what is asked for the people of the file.
    pub(super) fn people<'a>(
        &'a self,
        roster: Roster,
        config: &'a Config,
        actor: String,
        whole: Whole,
    ) -> People<'a> {
        let name = Path::new(&self.file).file_name();
        People {
            roster,
            name: name.unwrap_or_default().to_string_lossy().into_owned(),
            asked: self,
            actor,
            whole,
            today: jiff::Zoned::now().date(),
            presets: self
                .preset
                .as_deref()
                .map(|preset| config.presets(preset))
                .unwrap_or_default(),
            config,
        }
    }
}

impl People<'_> {
    /// Returns the platforms that any line may be about.
    ///
    /// # Errors
    ///
    /// A platform or a role that is not configured.
    pub(super) fn covered(&self, words: &Words) -> Result<Vec<ProviderId>, Failure> {
        let on = self.config.on(self.asked.on.as_deref(), words)?;
        if let Some(role) = &self.asked.role {
            self.config.role(role, words)?;
        }
        if self.asked.preset.is_none() || self.asked.role.is_some() {
            return Ok(on);
        }
        let theirs = on.into_iter().filter(|id| self.presets.contains_key(id));
        let theirs: Vec<ProviderId> = theirs.collect();
        if theirs.is_empty() {
            let preset = self.asked.preset.as_deref().unwrap_or_default();
            return Err(Failure::usage(
                "usage",
                words.say_with("preset-without-platform", &[("preset", preset.into())]),
                None,
            ));
        }
        Ok(theirs)
    }

    /// Returns what is asked, line by line.
    pub(super) fn asked<'b>(&'b self, words: &'b Words) -> impl Iterator<Item = Asked> + 'b {
        self.roster.rows().map(|row| self.line(row, words))
    }

    /// Returns what is expected of everybody, line by line.
    pub(super) fn expected<'b>(
        &'b self,
        words: &'b Words,
    ) -> impl Iterator<Item = Expected> + Send + 'b {
        self.roster.rows().map(|row| self.expect(row, words))
    }

    fn expect(&self, mut row: Row, words: &Words) -> Expected {
        let label = label(&row, words);
        let keys = keys(&row.fields);
        let role = row.role.clone().or_else(|| self.asked.role.clone());
        let mut sections = BTreeMap::new();
        let basis = match self.refusal(&row, words) {
            Some(Stands::Left(_)) => Basis::Left,
            Some(Stands::InTheWay(text)) => Basis::Unclear(text),
            None if role.is_none() && self.presets.is_empty() => Basis::NoRole,
            None => match self.intent(&row, words) {
                Ok(intent) => {
                    if let Flow::Onboard(onboard) = intent.flow {
                        row.fields = onboard.fields;
                        sections = onboard.sections;
                    }
                    Basis::Role(role)
                }
                Err(failure) => Basis::Unclear(failure.message),
            },
        };
        Expected {
            line: Some(row.line),
            label,
            fields: row.fields,
            keys,
            basis,
            sections,
        }
    }

    fn line(&self, row: Row, words: &Words) -> Asked {
        let label = label(&row, words);
        let why = self.refusal(&row, words);
        let is_there = !matches!(why, Some(Stands::Left(_)));
        let what = match why {
            Some(Stands::Left(text) | Stands::InTheWay(text)) => {
                Err(Why::Line(Value::String(text)))
            }
            None => self.intent(&row, words).map_err(|failure| {
                let hint = failure.hint.map(|hint| format!(" {hint}"));
                let text = format!("{}{}", failure.message, hint.unwrap_or_default());
                Why::Line(Value::String(text))
            }),
        };
        Asked {
            line: Some(row.line),
            label,
            fields: row.fields,
            is_there,
            what,
        }
    }

    /// Says what stands in the way of a line.
    fn refusal(&self, row: &Row, words: &Words) -> Option<Stands> {
        if !row.faults.is_empty() {
            let faults = row.faults.iter().map(|fault| cell_fault(words, fault));
            let text = faults.collect::<Vec<_>>().join(" ");
            return Some(Stands::InTheWay(text));
        }
        let unusable = row.fields.iter().find_map(|(field, value)| {
            let checked = check(*field, value, words, || words.field(*field));
            checked.err().map(|failure| failure.message)
        });
        if let Some(text) = unusable {
            return Some(Stands::InTheWay(text));
        }
        match &row.leaves {
            Some(Leaves::Left { on }) if on.is_none_or(|on| on <= self.today) => {
                let day = on.map_or_else(String::new, |on| on.to_string());
                let key = match self.whole {
                    Whole::Some => "line-left",
                    Whole::All => "line-left-of-all",
                };
                let dated = u8::from(on.is_some());
                let text = words.say_with(key, &[("dated", dated.into()), ("day", day.into())]);
                Some(Stands::Left(text))
            }
            Some(Leaves::Inactive) => Some(Stands::InTheWay(words.say("line-inactive"))),
            Some(Leaves::Left { .. } | Leaves::Stays | Leaves::Away | Leaves::Unknown(_))
            | None => None,
        }
    }

    fn intent(&self, row: &Row, words: &Words) -> Result<Intent, Failure> {
        let who = whom(&row.fields, words)?;
        let (fields, sections) = if self.presets.is_empty() {
            let role = row.role.as_deref().or(self.asked.role.as_deref());
            self.by_role(role, &row.fields, words)?
        } else {
            self.by_preset(row, words)?
        };
        Ok(Intent {
            who,
            flow: Flow::Onboard(Onboard {
                fields,
                sections,
                privileged: self.asked.privileged,
                stays_out: !self.asked.reactivate,
            }),
            actor: self.actor.clone(),
            reason: None,
            allow: BTreeMap::new(),
            command: None,
        })
    }

    fn by_role(
        &self,
        role: Option<&str>,
        given: &Fields,
        words: &Words,
    ) -> Result<(Fields, BTreeMap<ProviderId, RoleSection>), Failure> {
        let on = self.asked.on.as_deref();
        let fields = self.config.fields(role, given, words)?;
        let sections = self.config.sections(role, on, given, words)?;
        Ok((fields, sections))
    }

    /// The department and the role of the line are the vendor's own; a role of ours adds what it says of other platforms.
    fn by_preset(
        &self,
        row: &Row,
        words: &Words,
    ) -> Result<(Fields, BTreeMap<ProviderId, RoleSection>), Failure> {
        let mut given = row.fields.clone();
        let department = given.remove(&FieldName::Department);
        let (mut fields, mut sections) = match self.asked.role.as_deref() {
            Some(role) => self.by_role(Some(role), &given, words)?,
            None => (given, BTreeMap::new()),
        };
        fields.remove(&FieldName::Department);
        let on: BTreeSet<ProviderId> = self
            .config
            .on(self.asked.on.as_deref(), words)?
            .into_iter()
            .collect();
        for (provider, keys) in &self.presets {
            if !on.contains(provider) {
                continue;
            }
            let section = sections.entry(provider.clone()).or_default();
            for (key, value) in [(keys.department, &department), (keys.role, &row.role)] {
                if let Some(value) = value {
                    section.grants.insert(key.to_owned(), vec![value.clone()]);
                }
            }
        }
        Ok((fields, sections))
    }
}

/// What stands in the way of a line.
enum Stands {
    /// The person has left.
    Left(String),
    /// Something else.
    InTheWay(String),
}

/// The keys that could be read of a line. What is no e-mail is none.
fn keys(fields: &Fields) -> Vec<MatchKey> {
    let external_id = fields.get(&FieldName::ExternalId).cloned();
    let email = fields.get(&FieldName::Email);
    let email = email.and_then(|text| Email::parse(text).ok());
    let keys = external_id.map(MatchKey::ExternalId).into_iter();
    keys.chain(email.map(MatchKey::Email)).collect()
}

/// How a line is named: as the person would be in a command, else by the name, else as a line.
fn label(row: &Row, words: &Words) -> String {
    let named = whom(&row.fields, words).map(|who| match who {
        Who::Email(_) | Who::Person(_) | Who::Record(..) | Who::Thing(_) => who.to_string(),
    });
    named.unwrap_or_else(|_| {
        let parts = [
            FieldName::LastName,
            FieldName::FirstName,
            FieldName::MiddleName,
        ];
        let name = parts.iter().filter_map(|part| row.fields.get(part));
        let name = name.map(String::as_str).collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            row.fields
                .get(&FieldName::Email)
                .cloned()
                .unwrap_or_else(|| "–".to_owned())
        } else {
            name
        }
    })
}
