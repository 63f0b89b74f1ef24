//! The platforms, emulated.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use kadry_emulator::{Clock, Emulator, Options, serve};
use serde::Serialize;
use tokio::net::TcpListener;

use super::{Session, end_asked_for};
use crate::error::{Exit, Failure, of_io};
use crate::words::Words;

/// What makes the printed configuration usable: nobody else may change it, and its secrets are loaded from its own last lines.
const CLOSE: &str = "chmod 600 kadry.toml";
const LOAD: &str = r#"eval "$(sed -n 's/^# export/export/p' kadry.toml)""#;
const CHECK: &str = "kadry check";

/// Serve emulated platforms on one port, until Ctrl-C
///
/// They keep the rules and limits of the real ones. State, request log, faults and reset are under /_emulator/.
#[derive(Debug, Args)]
#[command(after_help = r#"Examples:
  kadry emulate --print-config > kadry.toml && chmod 600 kadry.toml
  eval "$(sed -n 's/^# export/export/p' kadry.toml)"
  kadry emulate --people 200 --latency 80"#)]
pub(crate) struct Emulate {
    /// Listen here; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8100")]
    listen: SocketAddr,
    /// How many invented people the platforms have
    #[arg(
        long,
        value_name = "N",
        default_value_t = 24,
        value_parser = clap::value_parser!(u32).range(1..),
        allow_negative_numbers = true
    )]
    people: u32,
    /// What people, ids and tokens follow from
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        allow_negative_numbers = true
    )]
    seed: u64,
    /// How long each answer takes at least, in milliseconds
    #[arg(
        long,
        value_name = "MS",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    latency: u64,
    /// Refuse undocumented requests instead of only recording them
    #[arg(long)]
    strict: bool,
    /// Answer so that the platforms' own SDKs survive where the real answer breaks them
    #[arg(long)]
    sdk_answers: bool,
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
            let settings = emulator.settings(&base(reachable(self.listen)));
            let config = format!("{}\n{settings}", self.head(&session.screen.words));
            return print_config(session, config);
        }
        let cannot = |fault: &std::io::Error| Failure {
            kind: "listen",
            message: session.screen.words.say_with(
                "emulate-cannot-listen",
                &[
                    ("address", self.listen.to_string().into()),
                    ("fault", of_io(&session.screen.words, fault).into()),
                ],
            ),
            hint: Some(session.screen.words.say("emulate-cannot-listen-hint")),
            exit: Exit::Failed,
        };
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|fault| cannot(&fault))?;
        let address = listener.local_addr().map_err(|fault| cannot(&fault))?;
        // Whoever reads where it serves may stop it from then on.
        let stop = end_asked_for();
        self.announce(session, address)?;
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
            sdk_answers: self.sdk_answers,
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
        let print = self.typed(address, " --print-config");
        for line in [&format!("{print} > kadry.toml"), CLOSE, LOAD, CHECK] {
            sheet.verbatim(&format!("    {line}"));
        }
        sheet.text(2, &words.say("emulate-stop"));
        screen.data(&sheet)
    }

    /// Returns the command that serves these platforms, or prints what goes with them.
    fn typed(&self, listen: SocketAddr, flag: &str) -> String {
        let (people, seed) = (self.people, self.seed);
        format!("kadry emulate{flag} --listen {listen} --people {people} --seed {seed}")
    }

    /// Returns what the configuration says of itself: how its secrets are loaded, and how its platforms are served.
    fn head(&self, words: &Words) -> String {
        let mut head = format!("# {}\n", words.say("emulate-head"));
        for line in [CLOSE, LOAD, &self.typed(self.listen, ""), CHECK] {
            head.push_str("#   ");
            head.push_str(line);
            head.push_str(if line.starts_with("kadry emulate") {
                " &\n"
            } else {
                "\n"
            });
        }
        head
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

/// Returns where a listener can be reached from this machine; the address of all interfaces is none to call.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(here, listen.port())
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        emulate: Emulate,
    }

    #[test]
    fn sdks_are_spared_only_when_that_is_asked_for() {
        let options = |line: &[&str]| Line::parse_from(line).emulate.options();
        assert!(!options(&["emulate"]).sdk_answers);
        let asked = options(&["emulate", "--sdk-answers"]);
        assert!(asked.sdk_answers && !asked.strict);
    }

    #[test]
    fn the_address_of_all_interfaces_is_called_at_this_machine() {
        for (listen, base_url) in [
            ("0.0.0.0:8300", "http://127.0.0.1:8300"),
            ("[::]:8300", "http://[::1]:8300"),
            ("127.0.0.1:8300", "http://127.0.0.1:8300"),
            ("192.0.2.7:8300", "http://192.0.2.7:8300"),
        ] {
            assert_eq!(base(reachable(listen.parse().unwrap())), base_url);
        }
    }
}
