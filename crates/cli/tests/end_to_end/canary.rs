//! Recognisable secrets and people are planted, and then looked for wherever they must not be.

mod echo;

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use kadry_emulator::seed::{self, People};
use kadry_emulator::{ALL, Options};

use self::echo::{HANDED_OUT, echo};
use crate::support::{Company, Ended, bare};

const ANNA: &str = "anna.kanareyka@example.test";
const LAST_NAME: &str = "Канарейкина";
const PHONE: &str = "+79990001122";

/// Secrets that nobody was given: they are sent, refused, and must not be repeated either.
const WRONG: [(&str, &str); 4] = [
    ("PACHCA_TOKEN", "canary-wrong-token-0a1b2c3d4e5f"),
    ("DEALAPP_PASSWORD", "Canary.Wrong.Password"),
    ("DIADOC_CLIENT_SECRET", "canary-wrong-client-secret-7f"),
    ("DIADOC_REFRESH_TOKEN", "canary-wrong-refresh-token-9e"),
];

/// Secrets that look like words: neither long with letters and digits, nor announced by a name.
const PLAIN: [(&str, &str); 4] = [
    ("PACHCA_TOKEN", "CanaryTokenOf22Letters"),
    ("DEALAPP_PASSWORD", "Canary.Password.Without.Digits"),
    ("DIADOC_CLIENT_SECRET", "CanaryClientSecret"),
    ("DIADOC_REFRESH_TOKEN", "CanaryRefreshToken"),
];

/// Every secret that there can be: those that were planted, and those that the emulators can have given out.
fn secrets(company: &Company) -> BTreeSet<String> {
    let seed = Options::default().seed;
    let exports = company.emulator.exports().into_iter();
    let mut secrets: BTreeSet<String> = exports.map(|(_, secret)| secret).collect();
    let planted = WRONG.into_iter().chain(PLAIN).map(|(_, secret)| secret);
    for secret in planted.chain(HANDED_OUT) {
        secrets.extend([secret.to_owned(), percent_encoded(secret)]);
    }
    for number in 0..2_000 {
        secrets.insert(seed::token(seed, &format!("dealapp token {number}"), 22));
    }
    for number in 0..200 {
        for kind in ["access", "refresh"] {
            let label = format!("identity.{kind}.{number}");
            secrets.insert(seed::token(seed, &label, 64));
        }
    }
    secrets
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Returns the secrets that stand in some bytes.
fn found<'a>(secrets: &'a BTreeSet<String>, bytes: &[u8]) -> Vec<&'a str> {
    let lengths: BTreeSet<usize> = secrets.iter().map(String::len).collect();
    let mut found = BTreeSet::new();
    for length in lengths {
        for window in bytes.windows(length) {
            let text = std::str::from_utf8(window).ok();
            found.extend(text.and_then(|text| secrets.get(text)));
        }
    }
    found.into_iter().map(String::as_str).collect()
}

/// Fails if a secret stands in what a command said, or a person in what it logged.
fn expect_silence(secrets: &BTreeSet<String>, people: &[String], what: &str, ended: &Ended) {
    for (stream, text) in [("stdout", &ended.out), ("stderr", &ended.err)] {
        let leaks = found(secrets, text.as_bytes());
        assert!(leaks.is_empty(), "{what}: {leaks:?} on {stream}:\n{text}");
    }
    for line in ended.err.lines().filter(|line| is_logged(line)) {
        let named = people.iter().find(|part| line.contains(part.as_str()));
        assert_eq!(named, None, "{what}: {line}");
        assert!(!line.contains('@'), "{what}: {line}");
    }
    assert!(!ended.err.contains("panicked"), "{what}: {ended:?}");
}

/// A line of the log begins with the time and the level.
fn is_logged(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let dated = words
        .next()
        .is_some_and(|word| word.ends_with('Z') && word.contains('T'));
    let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];
    dated && words.next().is_some_and(|word| levels.contains(&word))
}

/// The names, addresses and numbers of everybody, planted and invented.
fn people() -> Vec<String> {
    let kinds: Vec<&'static str> = ALL.iter().map(|platform| platform.kind).collect();
    let options = Options::default();
    let everybody = People::new(options.seed, options.people, &kinds).list;
    let mut parts = vec![ANNA.to_owned(), LAST_NAME.to_owned(), PHONE[1..].to_owned()];
    for person in everybody {
        parts.extend([person.email, person.last_name, person.first_name]);
        parts.push(format!("7000{:07}", person.number));
    }
    parts
}

/// Runs a command as loudly as can be.
fn loudest(company: &Company, arguments: &[&str], change: &[(&str, &str)]) -> Ended {
    let mut command = company.command(arguments);
    command
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "1")
        .env("KADRY_ACTOR", "canary")
        .envs(change.iter().copied());
    command.output().unwrap().into()
}

fn onboard() -> Vec<&'static str> {
    vec![
        "onboard",
        "--email",
        ANNA,
        "--last-name",
        LAST_NAME,
        "--first-name",
        "Анна",
        "--phone",
        PHONE,
        "--role",
        "accountant",
        "--yes",
    ]
}

/// Every command that reaches a platform or reads the store.
fn story() -> Vec<Vec<&'static str>> {
    vec![
        vec!["providers"],
        vec!["check"],
        onboard(),
        onboard(),
        vec!["show", ANNA],
        vec!["people"],
        vec!["offboard", ANNA, "--yes", "--report", "leaver.html"],
        vec!["runs"],
        vec!["check"],
    ]
}

/// Fails if a secret stands in any file below a folder, apart from those that are there to keep one.
fn expect_clean_files(secrets: &BTreeSet<String>, folder: &Path) -> usize {
    let mut keeping = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            keeping += expect_clean_files(secrets, &path);
            continue;
        }
        let leaks = found(secrets, &fs::read(&path).unwrap()).len();
        if path
            .extension()
            .is_some_and(|extension| extension == "token")
        {
            keeping += leaks;
        } else {
            assert_eq!(leaks, 0, "{}", path.display());
        }
    }
    keeping
}

#[test]
fn no_secret_is_said_or_written_down_and_nobody_is_logged() {
    let company = Company::open();
    // The printed settings end with the secrets, as comments.
    company.configure(|settings| {
        let lines = settings
            .lines()
            .filter(|line| !line.starts_with("# export"));
        lines.collect::<Vec<_>>().join("\n")
    });
    let (secrets, people) = (secrets(&company), people());
    let mut logged = 0;
    for loudness in [
        &[][..],
        &["-v"],
        &["-vv"],
        &["-vvv"],
        &["-vvv", "-o", "json"],
    ] {
        for command in story() {
            let ended = loudest(&company, &[&command, loudness].concat(), &[]);
            let what = format!("{command:?} {loudness:?}");
            assert_eq!(ended.code, 0, "{what}: {ended:?}");
            expect_silence(&secrets, &people, &what, &ended);
            logged += ended.err.lines().filter(|line| is_logged(line)).count();
        }
        let report = company.path("leaver.html");
        let written = fs::read(&report).unwrap();
        assert_eq!(found(&secrets, &written), Vec::<&str>::new());
        fs::remove_file(report).unwrap();
    }
    assert!(logged > 100, "the log was not heard");
    let keeping = expect_clean_files(&secrets, &company.path(""));
    assert!(
        keeping > 0,
        "the secrets that are looked for are not those in use"
    );
}

#[test]
fn a_sign_in_that_fails_does_not_repeat_what_was_sent() {
    let company = Company::open();
    let (secrets, people) = (secrets(&company), people());
    for wrong in WRONG {
        for command in [&["check", "-vvv"][..], &["people", "-vvv", "-o", "json"]] {
            // A token that was kept would be used, and the wrong secret never sent.
            fs::remove_dir_all(company.path("state")).ok();
            let ended = loudest(&company, command, &[wrong]);
            assert_eq!(ended.code, 3, "{} {command:?}: {ended:?}", wrong.0);
            expect_silence(&secrets, &people, wrong.0, &ended);
        }
    }
}

/// Fails if anything that reaches a platform which repeats everything says or writes down what was sent.
fn expect_silence_before_an_echo(status: u16, admits: bool) {
    let company = Company::open();
    let (secrets, people) = (secrets(&company), people());
    let (base, heard) = echo(status, admits);
    company.configure(|settings| {
        let settings = settings.replace(&company.address, &base);
        settings.replace("kind = ", "retry_for = 0\nkind = ")
    });
    for command in [
        vec!["check"],
        vec!["people"],
        onboard(),
        vec!["offboard", ANNA, "--yes"],
    ] {
        for loudness in [&["-vvv"][..], &["-o", "json"]] {
            let ended = loudest(&company, &[&command, loudness].concat(), &PLAIN);
            let what = format!("{status} {admits} {command:?}");
            assert_ne!(ended.code, 0, "{what}: {ended:?}");
            expect_silence(&secrets, &people, &what, &ended);
        }
    }
    let handed_out = HANDED_OUT.into_iter().filter(|_| admits);
    for secret in PLAIN
        .map(|(_, secret)| secret)
        .into_iter()
        .chain(handed_out)
    {
        let was_sent = heard.lock().unwrap().contains(secret);
        assert!(was_sent, "{status} {admits}: {secret} was never sent");
    }
    let state = company.path("state");
    if state.exists() {
        expect_clean_files(&secrets, &state);
    }
}

#[test]
fn a_platform_that_repeats_our_secrets_is_not_repeated() {
    for status in [200, 400, 401, 403, 409, 422, 429, 500, 503] {
        for admits in [false, true] {
            expect_silence_before_an_echo(status, admits);
        }
    }
}

/// Starts the emulators, which live until they are killed, and returns when they serve.
fn serving(mut command: Command) -> std::process::Child {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(!first.is_empty());
    child
}

#[test]
fn no_secret_stands_in_the_command_line_of_a_process_and_none_can_be_dumped() {
    let company = Company::open();
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("kadry");
    fs::copy(env!("CARGO_BIN_EXE_kadry"), &program).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    let like_ours = bare(Path::new("/"), &["emulate", "--listen", "127.0.0.1:0"]);
    let mut command = Command::new(&program);
    command.args(like_ours.get_args()).current_dir("/");
    command.env_clear().envs(company.emulator.exports());
    // What the superuser owns does not show whether it could be dumped, so the process is somebody else's then.
    let is_superuser = fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut plain = Command::new("sleep");
    plain.arg("60");
    if is_superuser {
        command.uid(65_534).gid(65_534);
        plain.uid(65_534).gid(65_534);
    }
    let mut child = serving(command);
    let mut plain = plain.spawn().unwrap();
    let owner = |id: u32| fs::metadata(format!("/proc/{id}/environ")).unwrap().uid();
    let line = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    let owners = (owner(child.id()), owner(plain.id()));
    for child in [&mut child, &mut plain] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(found(&secrets(&company), &line), Vec::<&str>::new());
    // The kernel gives the files of a process that cannot be dumped to the superuser.
    assert_eq!(owners.0, 0);
    assert_ne!(owners.1, 0, "this says nothing here");
}
