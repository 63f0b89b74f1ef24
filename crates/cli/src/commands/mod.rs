//! One file for each command: its arguments, whose comments are the help, and the function that runs it.

mod allowing;
mod apply;
mod check;
pub(crate) mod completions;
mod demo;
mod departments;
mod emulate;
mod flow;
mod import;
mod init;
mod left;
mod link;
mod man;
mod many;
pub(crate) mod native;
mod offboard;
mod onboard;
mod people;
mod plan;
mod providers;
mod reconcile;
mod roles;
mod roster;
mod runs;
mod show;
mod transfer;
mod unlink;
mod who;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Subcommand;
use kadry_flow::many::Head;
use kadry_http::Precedence;
use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

use crate::error::{Exit, Failure, HALTED};
use crate::setup::{self, Global, Purpose, Setup, Wanted};
use crate::ui::Screen;
use crate::ui::report_file::ReportFile;

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Emulate(emulate::Emulate),
    Providers(providers::Providers),
    Check(check::Check),
    People(people::People),
    Show(show::Show),
    Onboard(Box<onboard::Onboard>),
    Import(Box<import::Import>),
    Reconcile(Box<reconcile::Reconcile>),
    Plan(Box<plan::Plan>),
    Apply(apply::Apply),
    Offboard(offboard::Offboard),
    Transfer(transfer::Transfer),
    Departments(departments::Departments),
    Link(link::Link),
    Unlink(unlink::Unlink),
    Runs(runs::Runs),
    Roles(Box<roles::Roles>),
    #[command(flatten)]
    Native(native::Native),
    Completions(completions::Completions),
    Man(man::Man),
}

/// What every command is run with.
#[derive(Debug)]
pub(crate) struct Session {
    /// Where the operator reads, and in which language.
    pub(crate) screen: Screen,
    /// Where things are, and who asks.
    pub(crate) global: Global,
    /// Whether nothing is asked before writing.
    pub(crate) yes: bool,
    /// Whether a plan is only shown.
    pub(crate) plan_only: bool,
    /// Where the report on the run goes, if one is asked for.
    pub(crate) report: Option<ReportFile>,
    /// Where the plan goes, if it is saved.
    pub(crate) save: Option<PathBuf>,
    /// The command as it was typed.
    pub(crate) typed: String,
    /// Whether it goes on with runs.
    pub(crate) resumes: bool,
    /// Whether anything may have been written, so that an interruption is no longer one before which nothing was changed.
    pub(crate) writing: AtomicBool,
    /// Tells whoever writes that the command is to end. Only one listens for the signals, so that none is lost between two.
    pub(crate) ending: Notify,
    /// A folder that is removed when nothing of the command is at work any more.
    pub(crate) scratch: OnceLock<TempDir>,
}

impl Command {
    /// The commands that `--report` is for.
    pub(crate) const REPORTING: [&str; 12] = [
        "onboard",
        "import",
        "reconcile",
        "plan",
        "apply",
        "offboard",
        "transfer",
        "departments sync",
        "runs show",
        "runs resume",
        "runs undo",
        "roles check",
    ];

    /// Reports whether the command makes a run, shows one or the plan of one, or reviews everybody, which `--report` can write down.
    pub(crate) const fn reports(&self) -> bool {
        if let Self::Runs(runs) = self {
            return runs.reports();
        }
        if let Self::Native(native) = self {
            return native.writes();
        }
        if let Self::Departments(departments) = self {
            return departments.writes();
        }
        matches!(
            self,
            Self::Onboard(_)
                | Self::Import(_)
                | Self::Reconcile(_)
                | Self::Plan(_)
                | Self::Apply(_)
                | Self::Offboard(_)
                | Self::Transfer(_)
                | Self::Roles(_)
        )
    }

    /// The commands whose report may be a table of people.
    pub(crate) const TABULATING: [&str; 10] = [
        "import",
        "reconcile",
        "plan import",
        "plan reconcile",
        "plan show",
        "apply",
        "runs show",
        "runs resume",
        "runs undo",
        "roles check",
    ];

    /// Reports whether the report may be a table of people. A run that is only named shows later whether it is one of many.
    pub(crate) const fn tabulates(&self) -> bool {
        match self {
            Self::Import(_)
            | Self::Reconcile(_)
            | Self::Apply(_)
            | Self::Runs(_)
            | Self::Roles(_) => true,
            Self::Plan(plan) => plan.is_of_many(),
            Self::Demo(_)
            | Self::Init(_)
            | Self::Emulate(_)
            | Self::Providers(_)
            | Self::Check(_)
            | Self::People(_)
            | Self::Show(_)
            | Self::Onboard(_)
            | Self::Offboard(_)
            | Self::Transfer(_)
            | Self::Departments(_)
            | Self::Link(_)
            | Self::Unlink(_)
            | Self::Native(_)
            | Self::Completions(_)
            | Self::Man(_) => false,
        }
    }

    /// Returns the files of people and of plans that the command works with, apart from its report.
    pub(crate) fn files(&self) -> Vec<&Path> {
        match self {
            Self::Import(import) => vec![import.file()],
            Self::Reconcile(reconcile) => vec![reconcile.file()],
            Self::Apply(apply) => vec![apply.file()],
            Self::Roles(roles) => roles.file().into_iter().collect(),
            Self::Plan(plan) => plan.files().collect(),
            Self::Departments(departments) => departments.file().into_iter().collect(),
            Self::Demo(_)
            | Self::Init(_)
            | Self::Emulate(_)
            | Self::Providers(_)
            | Self::Check(_)
            | Self::People(_)
            | Self::Show(_)
            | Self::Onboard(_)
            | Self::Offboard(_)
            | Self::Transfer(_)
            | Self::Link(_)
            | Self::Unlink(_)
            | Self::Runs(_)
            | Self::Native(_)
            | Self::Completions(_)
            | Self::Man(_) => Vec::new(),
        }
    }

    /// The commands that print a list.
    pub(crate) const LISTING: [&str; 5] = [
        "people",
        "providers",
        "departments show",
        "runs list",
        "roles check",
    ];

    /// Names the commands that print a list: those of the same platform where an operation of one was typed, else also the first of each.
    pub(crate) fn listing(&self) -> Vec<String> {
        self.named(&Self::LISTING, native::Doing::Lists)
    }

    /// Names the commands that print rows as they come.
    pub(crate) fn streaming(&self) -> Vec<String> {
        self.named(&[], native::Doing::Lists)
    }

    /// Names the commands that a report can be written about.
    pub(crate) fn reporting(&self) -> Vec<String> {
        self.named(&Self::REPORTING, native::Doing::Writes)
    }

    fn named(&self, all: &[&str], does: native::Doing) -> Vec<String> {
        if let Self::Native(native) = self {
            return native.beside(does);
        }
        let all = all.iter().map(|&name| name.to_owned());
        all.chain(native::first_of_each(does)).collect()
    }

    /// Reports whether the command prints a list, which `--output csv` is for.
    pub(crate) const fn lists(&self) -> bool {
        if let Self::Runs(runs) = self {
            return runs.lists();
        }
        if let Self::Native(native) = self {
            return native.lists();
        }
        if let Self::Departments(departments) = self {
            return !departments.writes();
        }
        matches!(self, Self::People(_) | Self::Providers(_) | Self::Roles(_))
    }

    /// Reports whether the command prints rows as they come, which `--output ndjson` is for.
    pub(crate) const fn streams(&self) -> bool {
        matches!(self, Self::Native(native) if native.lists())
    }

    /// Reports whether the command makes a plan and no more.
    pub(crate) const fn plans(&self) -> bool {
        matches!(self, Self::Plan(_))
    }

    /// Returns where the plan of the command is saved, if it is.
    pub(crate) fn saves(&self) -> Option<&Path> {
        if let Self::Plan(plan) = self {
            return plan.saves();
        }
        None
    }

    /// Reports whether the command goes on with runs.
    pub(crate) const fn resumes(&self) -> bool {
        matches!(self, Self::Runs(runs) if runs.resumes())
    }

    /// Runs the command and returns how it ended.
    ///
    /// # Errors
    ///
    /// Why it did not do what it was asked, in sentences.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        if matches!(self, Self::Demo(_) | Self::Emulate(_)) {
            // They end in their own ways: nothing of theirs outlives them.
            return self.carry_out(session).await;
        }
        tokio::select! {
            // First, so that no request leaves before an interruption is listened for.
            biased;
            () = session.interrupted() => Err(session.ended_early()),
            ended = self.carry_out(session) => ended,
        }
    }

    async fn carry_out(&self, session: &Session) -> Result<Exit, Failure> {
        match self {
            Self::Demo(demo) => demo.run(session).await,
            Self::Init(init) => init.run(session),
            Self::Emulate(emulate) => emulate.run(session).await,
            Self::Providers(providers) => providers.run(session).await,
            Self::Check(check) => check.run(session).await,
            Self::People(people) => people.run(session).await,
            Self::Show(show) => show.run(session).await,
            Self::Onboard(onboard) => onboard.run(session).await,
            Self::Import(import) => import.run(session).await,
            Self::Reconcile(reconcile) => reconcile.run(session).await,
            Self::Plan(plan) => plan.run(session).await,
            Self::Apply(apply) => apply.run(session).await,
            Self::Offboard(offboard) => offboard.run(session).await,
            Self::Transfer(transfer) => transfer.run(session).await,
            Self::Departments(departments) => departments.run(session).await,
            Self::Link(link) => link.run(session).await,
            Self::Unlink(unlink) => unlink.run(session).await,
            Self::Runs(runs) => runs.run(session).await,
            Self::Roles(roles) => roles.run(session).await,
            Self::Native(native) => native.run(session).await,
            Self::Completions(completions) => completions.run(session),
            Self::Man(man) => man.run(session),
        }
    }
}

impl Session {
    /// Says that from now on something may be written: whoever writes tells of an interruption.
    fn begins_to_write(&self) {
        self.writing.store(true, Ordering::Relaxed);
    }

    /// Tells the report, if there is one, what is asked for.
    fn reports_on(&self, head: &Head) {
        if let Some(file) = &self.report {
            file.of_many(head);
        }
    }

    /// Waits until what only reads and asks is to end; for ever once something may be written, which whoever writes is told each time.
    async fn interrupted(&self) {
        end_asked_for().await;
        while self.writing.load(Ordering::Relaxed) {
            self.ending.notify_one();
            end_asked_for().await;
        }
    }

    /// Waits until what writes is to end.
    async fn interrupted_midway(&self) {
        self.ending.notified().await;
    }

    /// Returns what is said when a command was ended before anything was written.
    fn ended_early(&self) -> Failure {
        Failure {
            kind: HALTED,
            message: self.screen.words.say("interrupted-early"),
            ..self.declined()
        }
    }

    /// Returns what is said to an operator who does not want it done.
    fn declined(&self) -> Failure {
        Failure {
            kind: "declined",
            message: self.screen.words.say("declined"),
            hint: None,
            exit: Exit::Failed,
        }
    }

    /// Returns what a flow is prepared for.
    const fn flow_purpose(&self) -> kadry_flow::Purpose {
        if self.plan_only {
            kadry_flow::Purpose::Show
        } else {
            kadry_flow::Purpose::CarryOut
        }
    }

    /// Returns what a flow is to do: go all the way, or as far as its plan.
    const fn purpose(&self) -> Purpose {
        if self.plan_only {
            Purpose::Look
        } else {
            Purpose::Write
        }
    }

    /// Opens everything that a command needs which works on these platforms, or on all, and says what an operator should know
    /// about it.
    ///
    /// # Errors
    ///
    /// As [`setup::open`].
    async fn open(&self, purpose: Purpose, on: Option<&[String]>) -> Result<Setup, Failure> {
        let precedence = Precedence::Usual;
        self.open_for(Wanted {
            purpose,
            on,
            precedence,
        })
        .await
    }

    /// The same for a command that says more of what it wants.
    ///
    /// # Errors
    ///
    /// As [`setup::open`].
    async fn open_for(&self, wanted: Wanted<'_>) -> Result<Setup, Failure> {
        let (screen, words) = (&self.screen, &self.screen.words);
        let setup = setup::open(&self.global, wanted, words).await?;
        if let (Some(file), Some(name)) = (&self.report, &setup.config.organisation) {
            file.of_organisation(name);
        }
        if screen.is_loud() {
            let path = setup.config_path.display().to_string();
            screen.say(&words.say_with("config-used", &[("path", path.into())]));
        }
        if setup.fresh {
            let path = setup.store.display().to_string();
            screen.say(&words.say_with("store-is-new", &[("path", path.into())]));
        }
        Ok(setup)
    }
}

/// Listens from now on for the end of the command, and returns what waits for it: the operator ends it with Ctrl-C, the system with
/// SIGTERM when it stops a service or a container, and with SIGHUP when the terminal is gone.
fn end_asked_for() -> impl Future<Output = ()> {
    let interrupted = signalled(SignalKind::interrupt());
    let terminated = signalled(SignalKind::terminate());
    let hung_up = hung_up();
    async move {
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
            () = hung_up => {}
        }
    }
}

/// As [`signalled`] for the end of the terminal; for ever under `nohup`, which has the system keep that to itself.
fn hung_up() -> impl Future<Output = ()> {
    let heard = (!is_hangup_ignored()).then(|| signalled(SignalKind::hangup()));
    async move {
        match heard {
            Some(heard) => heard.await,
            None => std::future::pending().await,
        }
    }
}

/// Reports whether whoever started the command has told the system to ignore that the terminal goes. Listening would undo that.
fn is_hangup_ignored() -> bool {
    const HANGUP: u64 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let ignored = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    ignored.is_some_and(|signals| signals & HANGUP != 0)
}

/// Listens from now on for a signal, and returns what waits for it; for ever where the system does not deliver it.
fn signalled(kind: SignalKind) -> impl Future<Output = ()> {
    let heard = signal(kind);
    async move {
        let heard = match heard {
            Ok(mut signals) => signals.recv().await,
            Err(_) => None,
        };
        if heard.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Returns how a command ends that asked several platforms of which some were silent.
const fn exit_of(silent: usize, asked: usize) -> Exit {
    match silent {
        0 => Exit::Done,
        some if some < asked => Exit::Partial,
        _ => Exit::Failed,
    }
}
