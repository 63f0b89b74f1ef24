//! What an access review shows: a table, a list for programs, and a report to sign.
//!
//! Everybody is kept in a file without a name until all have been compared: what stands at the head of a report is known only then.

mod document;
mod report;
mod row;
mod say;
mod screen;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use kadry_core::{Error, KindName, Known, ProviderId};
use kadry_flow::observe::Hindrance;
use kadry_flow::review::{Place, Reviewed, Reviewing, Verdict};

use super::report_file::lament;
use super::unprintable;
use crate::commands::Session;
use crate::error::{Exit, Failure, bug};
use crate::words::Words;

/// What a review is about.
#[derive(Clone, Debug)]
pub(crate) struct About {
    /// Who asks.
    pub(crate) actor: String,
    /// Why.
    pub(crate) reason: Option<String>,
    /// For which organisation.
    pub(crate) organisation: Option<String>,
    /// The name of the file that says who has which role; none where the journal does.
    pub(crate) file: Option<String>,
    /// What tells the file from every other one.
    pub(crate) sha256: Option<String>,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub(crate) began_ms: i64,
}

/// Who is listed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    /// Whoever has something beyond their role.
    pub(crate) beyond: bool,
    /// Whoever lacks something.
    pub(crate) lacks: bool,
    /// Whoever administers a platform or signs there.
    pub(crate) rights: bool,
    /// Whether the table shows everybody.
    pub(crate) all: bool,
}

/// How many people there are of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    people: u32,
    verdicts: [u32; Verdict::ALL.len()],
    administrators: u32,
    signers: u32,
    unsure: u32,
}

/// Everybody who was reviewed, out of memory.
#[derive(Debug)]
pub(crate) struct Kept {
    out: BufWriter<File>,
    tally: Tally,
    /// How many people are on each platform that was read.
    read: Vec<(ProviderId, usize)>,
    /// The platforms that were not read.
    unread: Vec<(ProviderId, Arc<Error>)>,
    hidden: Hidden,
}

/// What platforms show of nobody.
#[derive(Clone, Debug, Default)]
struct Hidden {
    /// The kinds of which it is not known who has what, and why.
    kinds: Vec<(ProviderId, KindName, Hindrance)>,
    /// The platforms that do not show who administers them.
    administrators: BTreeSet<ProviderId>,
}

/// A review that has come to its end.
#[derive(Debug)]
struct Whole<'a> {
    about: &'a About,
    filter: Filter,
    file: File,
    tally: Tally,
    read: Vec<(ProviderId, usize)>,
    unread: Vec<(ProviderId, Arc<Error>)>,
    hidden: Hidden,
}

impl Filter {
    fn narrows(self) -> bool {
        self.beyond || self.lacks || self.rights
    }

    /// Reports whether somebody is asked for.
    fn wants(self, one: &Reviewed) -> bool {
        !self.narrows()
            || (self.beyond && one.has_more())
            || (self.lacks && one.has_less())
            || (self.rights && one.has_rights())
    }

    /// Reports whether somebody stands in the table: whoever is as they should be is only counted there.
    fn shows(self, one: &Reviewed) -> bool {
        let is_quiet = matches!(one.verdict(), Verdict::AsRole | Verdict::NoAccess);
        self.wants(one) && (self.all || self.narrows() || !is_quiet || one.has_rights())
    }
}

impl Tally {
    fn add(&mut self, one: &Reviewed) {
        let verdict = one.verdict();
        self.people += 1;
        let at = Verdict::ALL.iter().position(|known| *known == verdict);
        if let Some(count) = at.and_then(|at| self.verdicts.get_mut(at)) {
            *count += 1;
        }
        let any = |is: fn(&kadry_flow::review::Place) -> bool| one.places.iter().any(is);
        self.administrators += u32::from(any(Place::administers));
        self.signers += u32::from(any(Place::signs));
        self.unsure += u32::from(one.is_unsure());
    }

    fn of(&self, verdict: Verdict) -> u32 {
        let at = Verdict::ALL.iter().position(|known| *known == verdict);
        at.and_then(|at| self.verdicts.get(at))
            .copied()
            .unwrap_or(0)
    }

    /// How many people have more or less than they should.
    fn differ(&self) -> u32 {
        self.of(Verdict::Differs) + self.of(Verdict::Unaccounted)
    }
}

impl Kept {
    /// Begins to keep people.
    ///
    /// # Errors
    ///
    /// That nothing can be kept.
    pub(crate) fn begin(words: &Words) -> Result<Self, Failure> {
        let file = tempfile::tempfile().map_err(|cause| unprintable(words, &cause))?;
        Ok(Self {
            out: BufWriter::new(file),
            tally: Tally::default(),
            read: Vec::new(),
            unread: Vec::new(),
            hidden: Hidden::default(),
        })
    }

    /// Keeps some more of them.
    ///
    /// # Repeats
    ///
    /// They are there twice.
    ///
    /// # Errors
    ///
    /// That they cannot be kept.
    pub(crate) fn add(&mut self, words: &Words, people: &[Reviewed]) -> Result<(), Failure> {
        for one in people {
            self.tally.add(one);
            let places = one.places.iter();
            let hides =
                |place: &&Place| place.record.is_some() && place.administrator == Known::Hidden;
            let hidden = places.filter(hides).map(|place| place.provider.clone());
            self.hidden.administrators.extend(hidden);
            serde_json::to_writer(&mut self.out, one).map_err(|fault| bug(words, &fault))?;
            let ended = self.out.write_all(b"\n");
            ended.map_err(|cause| unprintable(words, &cause))?;
        }
        Ok(())
    }

    /// Notes what was read.
    ///
    /// # Errors
    ///
    /// That what was kept cannot be written.
    pub(crate) fn finish(mut self, words: &Words, read: &Reviewing) -> Result<Self, Failure> {
        self.out
            .flush()
            .map_err(|cause| unprintable(words, &cause))?;
        self.read = read
            .read()
            .map(|(id, people)| (id.clone(), people))
            .collect();
        let kinds = read.blind();
        let kinds = kinds.map(|(id, kind, why)| (id.clone(), kind.clone(), why.clone()));
        self.hidden.kinds = kinds.collect();
        let unread = read.unread().iter();
        self.unread = unread
            .map(|(id, error)| (id.clone(), Arc::clone(error)))
            .collect();
        Ok(self)
    }

    fn exit(&self) -> Exit {
        if self.tally.unsure > 0 || !self.unread.is_empty() {
            Exit::Partial
        } else if self.tally.differ() > 0 {
            Exit::Drift
        } else {
            Exit::Done
        }
    }
}

impl Hidden {
    /// Says what platforms show of nobody, line by line.
    fn lines(&self, words: &Words) -> Vec<(String, String)> {
        let kinds = self.kinds.iter().map(|(id, kind, why)| {
            let why = say::hindrance(words, why);
            let variables = [("kind", words.kind(kind).into()), ("why", why.into())];
            (id.to_string(), words.say_with("review-blind", &variables))
        });
        let administrators = self.administrators.iter();
        let administrators =
            administrators.map(|id| (id.to_string(), words.say("review-administrators-hidden")));
        kinds.chain(administrators).collect()
    }
}

impl Whole<'_> {
    /// Hands everybody who is asked for over, one after the other, until somebody has had enough.
    ///
    /// # Errors
    ///
    /// What cannot be read back, and what `to` answers.
    fn each(&self, mut to: impl FnMut(&Reviewed) -> io::Result<()>) -> io::Result<()> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        for line in BufReader::new(file).lines() {
            let one: Reviewed = serde_json::from_str(&line?)?;
            if self.filter.wants(&one) {
                to(&one)?;
            }
        }
        Ok(())
    }
}

/// Prints a review, and writes it into the report if one is asked for. Returns how the command ends.
///
/// # Errors
///
/// That it cannot be printed.
pub(crate) async fn show(
    session: &Session,
    about: &About,
    kept: Kept,
    filter: Filter,
) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let lost = |cause: io::Error| unprintable(words, &cause);
    let exit = kept.exit();
    let file = kept.out.into_inner();
    let whole = Whole {
        about,
        filter,
        file: file.map_err(|fault| lost(fault.into_error()))?,
        tally: kept.tally,
        read: kept.read,
        unread: kept.unread,
        hidden: kept.hidden,
    };
    let reported = report::write(session, &whole, exit).await;
    let exit = match &reported {
        Ok(()) => exit,
        Err(failure) => {
            lament(screen, failure);
            failure.exit
        }
    };
    if screen.is_json() {
        let mut document = document::of(words, &whole, exit).map_err(lost)?;
        screen.stream(&mut document)?;
    } else if screen.is_csv() {
        screen::list(screen, &whole)?;
        screen::complain(screen, &whole);
    } else {
        screen::table(screen, &whole)?;
        screen::complain(screen, &whole);
    }
    Ok(exit)
}
