//! An access review.

use std::path::{Path, PathBuf};

use clap::Args;
use kadry_core::ProviderId;
use kadry_flow::review::{Basis, Expected, Reviewing};
use kadry_flow::{Organisation, Watch as _};

use crate::commands::Session;
use crate::commands::many::told_of_file;
use crate::commands::roster::{RosterFile, Whole};
use crate::error::{Exit, Failure, of_flow};
use crate::setup::{self, Config, Purpose};
use crate::ui::progress::Bulk;
use crate::ui::review::{self as page, About, Filter, Kept};
use crate::words::Words;

/// How many people are compared at a time.
const CHUNK: usize = 256;

/// Say what everybody has beyond their role, what they lack, and who administers or signs
///
/// An access review; nothing is written. The role is the one that the file names, or --role where a line names none; without a file it
/// is what the last onboarding, transfer or import has given. Whoever is on a platform and has no known role is listed as well: access
/// that nobody accounts for. Names, titles and phones are not compared; that is what “kadry reconcile --check” is for. Ends with 4 if
/// anything differs, and with 3 if something could not be read; options that narrow the list change neither.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry roles check staff.xlsx --report review.html
  kadry roles check staff.csv --role operator --on calls
  kadry roles check --rights
  kadry roles check --beyond -o csv > beyond.csv")]
pub(crate) struct Check {
    /// The file of people: CSV or a workbook (.xlsx, .xls, .ods); without it the runs of the journal say who has which role
    #[arg(value_name = "ROSTER")]
    file: Option<PathBuf>,
    /// The role of everybody whose line names none
    #[arg(long)]
    role: Option<String>,
    /// Read a vendor's own file of people, whose columns are known by the name of this preset
    #[arg(long, value_name = "PRESET", requires = "file")]
    preset: Option<String>,
    /// The sheet of the workbook, if several could be meant
    #[arg(long, value_name = "NAME", requires = "file")]
    sheet: Option<String>,
    /// Only on these platforms
    #[arg(long, value_name = "PROVIDER", value_delimiter = ',')]
    on: Option<Vec<String>>,
    /// List whoever has something beyond their role
    #[arg(long)]
    beyond: bool,
    /// List whoever lacks something
    #[arg(long)]
    lacks: bool,
    /// List whoever administers a platform or signs there
    #[arg(long)]
    rights: bool,
    /// Show everybody in the table, also whoever has just what their role gives
    #[arg(long, conflicts_with_all = ["beyond", "lacks", "rights"])]
    all: bool,
    /// Accept a platform with far fewer people than last time; give the reason too
    #[arg(long, requires = "reason")]
    shrunk: bool,
}

impl Check {
    /// Returns the file of people, if one is named.
    pub(super) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the arguments, the file or the configuration, the errors of the journal, and a report that cannot be
    /// written.
    pub(super) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        if let (None, Some(role)) = (&self.file, &self.role) {
            // A file is asked for only where the role would be of use.
            let config = setup::config(&session.global, words)?;
            config.role(role, words)?;
            return Err(lacks_file(words));
        }
        let roster = self.roster();
        let read = roster
            .as_ref()
            .map(|roster| roster.open(words))
            .transpose()?;
        let setup = session.open(Purpose::Look, self.on.as_deref()).await?;
        let on = setup.config.on(self.on.as_deref(), words)?;
        if let Some(role) = &self.role {
            setup.config.role(role, words)?;
        }
        let actor = setup::actor(&session.global);
        let people = roster
            .as_ref()
            .zip(read)
            .map(|(roster, read)| roster.people(read, &setup.config, actor.clone(), Whole::All));
        let about = About {
            actor,
            reason: session.global.reason.clone(),
            organisation: setup.config.organisation.clone(),
            file: people.as_ref().map(|people| people.name.clone()),
            sha256: people
                .as_ref()
                .map(|people| people.roster.sha256().to_owned()),
            began_ms: setup.organisation.clock.now_ms(),
        };
        let progress = Bulk::begin(&session.screen);
        let work = Work {
            words,
            organisation: &setup.organisation,
            config: &setup.config,
            progress: &progress,
        };
        let kept = match &people {
            Some(people) => {
                people.covered(words)?;
                told_of_file(session, people);
                let lines = u32::try_from(people.roster.len()).unwrap_or(u32::MAX);
                let asked = people.expected(words);
                work.by_file(&on, self.shrunk, lines, asked).await?
            }
            None => work.by_journal(&on, self.shrunk).await?,
        };
        drop(progress);
        let filter = Filter {
            beyond: self.beyond,
            lacks: self.lacks,
            rights: self.rights,
            all: self.all,
        };
        page::show(session, &about, kept, filter).await
    }

    fn roster(&self) -> Option<RosterFile> {
        let file = self.file.clone()?;
        let (role, preset, sheet) = (&self.role, &self.preset, &self.sheet);
        Some(RosterFile::to_review(
            file,
            role.clone(),
            preset.clone(),
            sheet.clone(),
        ))
    }
}

/// Says that a role by itself is nobody's.
fn lacks_file(words: &Words) -> Failure {
    let command = [("command", "kadry roles check".into())];
    Failure::usage(
        "usage",
        words.say("roles-check-no-file"),
        Some(words.say_with("usage-command-help", &command)),
    )
}

/// What a review works with.
struct Work<'a> {
    words: &'a Words,
    organisation: &'a Organisation,
    config: &'a Config,
    progress: &'a Bulk,
}

impl Work<'_> {
    /// Reviews whoever a file names, and everybody else.
    async fn by_file(
        &self,
        on: &[ProviderId],
        may_shrink: bool,
        lines: u32,
        mut asked: impl Iterator<Item = Expected>,
    ) -> Result<Kept, Failure> {
        let mut reviewing = self.begin(on, may_shrink).await?;
        let mut kept = Kept::begin(self.words)?;
        let mut done = 0;
        loop {
            let mut some: Vec<Expected> = asked.by_ref().take(CHUNK).collect();
            if some.is_empty() {
                break;
            }
            for one in &mut some {
                one.sections.retain(|id, _| on.contains(id));
            }
            done += u32::try_from(some.len()).unwrap_or(u32::MAX);
            let reviewed = reviewing.review(some).await;
            kept.add(self.words, &reviewed.map_err(|error| self.failed(&error))?)?;
            self.progress.people(done, lines.max(done));
        }
        self.rest(&reviewing, &mut kept).await?;
        kept.finish(self.words, &reviewing)
    }

    /// Reviews whoever the runs of the journal have given a place, and everybody else.
    async fn by_journal(&self, on: &[ProviderId], may_shrink: bool) -> Result<Kept, Failure> {
        let mut reviewing = self.begin(on, may_shrink).await?;
        let mut kept = Kept::begin(self.words)?;
        let placed = reviewing.placed().await;
        let placed = placed.map_err(|error| self.failed(&error))?;
        let of = u32::try_from(placed.len()).unwrap_or(u32::MAX);
        let mut done = 0;
        for some in placed.chunks(CHUNK) {
            let expected = reviewing.expected(some).await;
            let mut expected = expected.map_err(|error| self.failed(&error))?;
            for one in &mut expected {
                self.name(one);
                one.sections.retain(|id, _| on.contains(id));
            }
            let reviewed = reviewing.review(expected).await;
            kept.add(self.words, &reviewed.map_err(|error| self.failed(&error))?)?;
            done += u32::try_from(some.len()).unwrap_or(u32::MAX);
            self.progress.people(done, of);
        }
        self.rest(&reviewing, &mut kept).await?;
        kept.finish(self.words, &reviewing)
    }

    async fn begin(&self, on: &[ProviderId], may_shrink: bool) -> Result<Reviewing, Failure> {
        let begun = Reviewing::begin(self.organisation, on, may_shrink, self.progress).await;
        begun.map_err(|error| self.failed(&error))
    }

    async fn rest(&self, reviewing: &Reviewing, kept: &mut Kept) -> Result<(), Failure> {
        let left = reviewing.left_over();
        let mut left = left.map_err(|error| self.failed(&error))?;
        let of = u32::try_from(left.len()).unwrap_or(u32::MAX);
        while !left.is_empty() {
            let reviewed = reviewing.review_left_over(&mut left).await;
            kept.add(self.words, &reviewed.map_err(|error| self.failed(&error))?)?;
            let waiting = u32::try_from(left.len()).unwrap_or(u32::MAX);
            self.progress.people(of.saturating_sub(waiting), of);
        }
        Ok(())
    }

    /// The journal keeps what a role gave, and not its name: a role of the configuration that gives just that is meant.
    fn name(&self, one: &mut Expected) {
        if let Basis::Role(name @ None) = &mut one.basis {
            let known = self.config.role_that_gives(&one.sections, &one.fields);
            *name = known.map(str::to_owned);
        }
    }

    fn failed(&self, error: &kadry_flow::FlowError) -> Failure {
        of_flow(self.words, error, "")
    }
}
