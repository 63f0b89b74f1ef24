//! The platforms, emulated.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use kadry_emulator::{Clock, Emulator, Options, serve};
use serde::Serialize;
use tokio::net::TcpListener;

use super::Session;
use crate::error::{Exit, Failure};

/// Serve emulated platforms on one port, until Ctrl-C
///
/// They keep the rules and limits of the real ones. State, request log, faults and reset are under /_emulator/.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kadry emulate --print-config > kadry.toml && chmod 600 kadry.toml
  kadry emulate --people 200 --latency 80")]
pub(crate) struct Emulate {
    /// Listen here; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8100")]
    listen: SocketAddr,
    /// How many invented people the platforms have
    #[arg(long, value_name = "N", default_value_t = 24)]
    people: u32,
    /// What people, ids and tokens follow from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How long each answer takes at least, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    latency: u64,
    /// Refuse undocumented requests instead of only recording them
    #[arg(long)]
    strict: bool,
    /// Print a kadry.toml and its exports, and exit
    #[arg(long)]
    print_config: bool,
}

#[derive(Debug, Serialize)]
struct Serving {
    address: String,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Settings {
    config: String,
    exit: u8,
}

impl Emulate {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when the address cannot be listened on.
    pub(crate) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let emulator = Emulator::new(self.options(), Clock::starting_at(now_ms()));
        if self.print_config {
            return print_config(session, emulator.settings(&base(self.listen)));
        }
        let cannot = |fault: &std::io::Error| Failure {
            kind: "listen",
            message: session.screen.words.say_with(
                "emulate-cannot-listen",
                &[
                    ("address", self.listen.to_string().into()),
                    ("fault", fault.to_string().into()),
                ],
            ),
            hint: Some(session.screen.words.say("emulate-cannot-listen-hint")),
            exit: Exit::Failed,
        };
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|fault| cannot(&fault))?;
        let address = listener.local_addr().map_err(|fault| cannot(&fault))?;
        self.announce(session, address)?;
        let stop = async {
            if tokio::signal::ctrl_c().await.is_err() {
                // Without a signal to wait for, it serves until it is killed.
                std::future::pending::<()>().await;
            }
        };
        serve(listener, emulator, stop)
            .await
            .map_err(|fault| cannot(&fault))?;
        Ok(Exit::Done)
    }

    fn options(&self) -> Options {
        Options {
            seed: self.seed,
            people: self.people,
            latency_ms: self.latency,
            strict: self.strict,
            ..Options::default()
        }
    }

    fn announce(&self, session: &Session, address: SocketAddr) -> Result<(), Failure> {
        let (screen, words) = (&session.screen, &session.screen.words);
        let base = base(address);
        if screen.is_json() {
            return screen.document(&Serving {
                address: base,
                exit: Exit::Done.code(),
            });
        }
        let mut sheet = screen.data_sheet();
        sheet.heading(&words.say_with("emulate-serving", &[("address", base.as_str().into())]));
        sheet.text(
            2,
            &words.say_with("emulate-control", &[("address", base.into())]),
        );
        sheet.text(2, &words.say("emulate-config"));
        sheet.verbatim(&format!(
            "    kadry emulate --print-config --listen {address} --people {} --seed {}",
            self.people, self.seed
        ));
        sheet.text(2, &words.say("emulate-stop"));
        screen.data(&sheet)
    }
}

fn print_config(session: &Session, config: String) -> Result<Exit, Failure> {
    let screen = &session.screen;
    if screen.is_json() {
        screen.document(&Settings {
            config,
            exit: Exit::Done.code(),
        })?;
    } else {
        let mut sheet = screen.data_sheet();
        sheet.verbatim(config.trim_end());
        screen.data(&sheet)?;
    }
    Ok(Exit::Done)
}

fn base(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// Returns the time of this machine.
pub(super) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|passed| i64::try_from(passed.as_millis()).ok())
        .unwrap_or_default()
}
