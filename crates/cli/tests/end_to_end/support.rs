//! A company of emulated platforms, and the binary to work on it.

use std::fs;
use std::net::TcpListener as Port;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use kadry_emulator::faults::Fault;
use kadry_emulator::log::Entry;
use kadry_emulator::seed::{People, Person};
use kadry_emulator::{ALL, Clock, Emulator, Options, serve};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Emulated platforms that are served, and a folder with a configuration for them.
#[derive(Debug)]
pub(crate) struct Company {
    pub(crate) emulator: Emulator,
    pub(crate) address: String,
    folder: TempDir,
    _serving: Runtime,
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Company {
    /// Serves a company in which undocumented requests are refused.
    pub(crate) fn open() -> Self {
        Self::open_like(&Options::default())
    }

    /// Serves such a company, in which undocumented requests are refused.
    pub(crate) fn open_like(options: &Options) -> Self {
        let options = Options {
            strict: true,
            ..options.clone()
        };
        let now_ms = jiff::Timestamp::now().as_millisecond();
        let serving = Runtime::new().unwrap();
        let (emulator, address) = serving.block_on(async {
            let emulator = Emulator::new(options, Clock::starting_at(now_ms));
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(serve(listener, emulator.clone(), std::future::pending()));
            (emulator, format!("http://{address}"))
        });
        let company = Self {
            folder: tempfile::tempdir().unwrap(),
            emulator,
            address,
            _serving: serving,
        };
        fs::create_dir(company.path("tmp")).unwrap();
        company.configure(|settings| settings);
        company
    }

    /// Writes the configuration, changed as a test wants it.
    pub(crate) fn configure(&self, change: impl FnOnce(String) -> String) {
        let settings = change(self.emulator.settings(&self.address));
        self.write("kadry.toml", &settings);
    }

    /// Moves the calls platform to a port where nobody listens.
    pub(crate) fn lose_calls(&self) {
        let closed = {
            let port = Port::bind("127.0.0.1:0").unwrap();
            format!("http://{}/dealapp", port.local_addr().unwrap())
        };
        let here = format!("{}/dealapp", self.address);
        self.configure(|settings| {
            settings
                .replace(&here, &closed)
                .replace("kind = \"dealapp\"", "kind = \"dealapp\"\nretry_for = 0")
        });
    }

    /// Returns where a file of the folder is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that only we can read.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Returns the binary as an operator of this company calls it.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.folder.path(), arguments);
        command.envs(self.emulator.exports());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn kadry(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs a command to its end where no file takes a single byte.
    pub(crate) fn kadry_on_a_full_disk(&self, arguments: &[&str]) -> Ended {
        let mut command = on_a_full_disk(self.folder.path(), arguments);
        command.envs(self.emulator.exports());
        command.output().unwrap().into()
    }

    /// Runs a command that must print one JSON document where no file takes a single byte, and returns the document and the exit code.
    pub(crate) fn json_on_a_full_disk(&self, arguments: &[&str]) -> (Value, i32) {
        let ended = self.kadry_on_a_full_disk(&[arguments, &["-o", "json"]].concat());
        (ended.json(), ended.code)
    }

    /// Runs a command that must print one JSON document, and returns the document and the exit code.
    pub(crate) fn json(&self, arguments: &[&str]) -> (Value, i32) {
        let ended = self.kadry(&[arguments, &["-o", "json"]].concat());
        let document = ended.json();
        assert_eq!(document["exit"], ended.code, "{document:#}");
        (document, ended.code)
    }

    /// Brings somebody in with the emulator's role.
    pub(crate) fn hire(&self, email: &str) {
        let (report, code) = self.json(&join(email));
        assert_eq!(code, 0, "{report:#}");
    }

    /// Gives somebody a chat of their own on the messenger, which the service account is in.
    pub(crate) fn give_chat(&self, owner: &str, name: &str) {
        let chat = json!({ "name": name, "owner": owner, "members": ["svc@example.test"] });
        let chats = json!({ "pachca": { "chats": [chat] } });
        self.emulator.seed(&chats).unwrap();
    }

    /// Returns the records of all platforms, without the traces that signing in leaves.
    pub(crate) fn records(&self) -> Value {
        let mut state = self.emulator.state();
        forget_sign_ins(&mut state);
        state
    }

    /// Adds a fault.
    pub(crate) fn fault(&self, fault: Value) {
        let fault: Fault = serde_json::from_value(fault).unwrap();
        self.emulator.fault(fault);
    }

    /// Runs the command, and kills it while a request to a platform is on its way; the platform has carried the request out.
    pub(crate) fn kill_during(&self, arguments: &[&str], platform: &str, path: &'static str) {
        let hang = json!({ "hang": true, "effect": "after" });
        let match_ = json!({ "platform": platform, "method": "POST", "path": path });
        self.fault(json!({ "match": match_, "do": hang }));
        let mut command = self.command(arguments);
        let running = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut running = running.unwrap();
        let end = path.trim_start_matches('*');
        let is_reached = |entry: &Entry| entry.method == "POST" && entry.path.ends_with(end);
        while !self.emulator.log().iter().any(is_reached) {
            std::thread::yield_now();
        }
        running.kill().unwrap();
        running.wait().unwrap();
        self.emulator.clear_faults();
    }

    /// Lists the requests that were undocumented.
    pub(crate) fn violations(&self) -> Vec<Entry> {
        let mut log = self.emulator.log();
        log.retain(|entry| entry.violation.is_some());
        log
    }

    /// Lists the invented people who are on the calls platform.
    pub(crate) fn on_calls(&self) -> Vec<Person> {
        let kinds: Vec<&'static str> = ALL.iter().map(|platform| platform.kind).collect();
        let options = Options::default();
        let people = People::new(options.seed, options.people, &kinds);
        people.on("dealapp").cloned().collect()
    }
}

/// Returns the binary where no file takes a single byte: the limit holds for whoever runs the tests, and needs no disk of its own.
pub(crate) fn on_a_full_disk(folder: &Path, arguments: &[&str]) -> Command {
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
    let program = env!("CARGO_BIN_EXE_kadry");
    let arguments = [&["-c", script, program], arguments].concat();
    surrounded(Command::new("/bin/sh"), folder, &arguments)
}

/// Returns the binary with nothing of our own environment.
pub(crate) fn bare(folder: &Path, arguments: &[&str]) -> Command {
    let program = Command::new(env!("CARGO_BIN_EXE_kadry"));
    surrounded(program, folder, arguments)
}

fn surrounded(mut command: Command, folder: &Path, arguments: &[&str]) -> Command {
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("TMPDIR", folder.join("tmp"))
        .env("LANG", "en_US.UTF-8")
        .env("USER", "operator")
        .stdin(Stdio::null());
    command
}

fn forget_sign_ins(state: &mut Value) {
    match state {
        Value::Object(members) => {
            members.retain(|name, _| !matches!(name.as_str(), "sessions" | "last_active_at"));
            members.values_mut().for_each(forget_sign_ins);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_sign_ins),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the command that brings somebody in without a question.
pub(crate) fn join(email: &str) -> [&str; 10] {
    [
        "onboard",
        "--email",
        email,
        "--last-name",
        "Образцова",
        "--first-name",
        "Анна",
        "--role",
        "accountant",
        "--yes",
    ]
}

impl Ended {
    /// Returns the one document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|fault| panic!("{fault}\n{self:?}"))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Holds a generated file of the documentation against what it should say, or writes it when `KADRY_WRITE_DOCS` is 1.
pub(crate) fn document(file: &str, text: &str, how: &str) {
    if std::env::var_os("KADRY_WRITE_DOCS").is_some_and(|set| set == "1") {
        fs::write(stored_at(file), text).unwrap();
        return;
    }
    let stored = fs::read_to_string(stored_at(file)).unwrap_or_default();
    let mut lines = text.lines().zip(stored.lines());
    let differs = lines.find(|(new, old)| new != old);
    assert!(
        stored == text,
        "docs/{file} is stale; new and old: {differs:#?}. To write it anew: {how}"
    );
}

/// Reports whether a generated file of the documentation says this.
pub(crate) fn document_is(file: &str, text: &str) -> bool {
    fs::read_to_string(stored_at(file)).is_ok_and(|stored| stored == text)
}

fn stored_at(file: &str) -> PathBuf {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    docs.join(file)
}
