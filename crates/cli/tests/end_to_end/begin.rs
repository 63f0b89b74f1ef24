//! What needs no configuration.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Ended, bare, on_a_full_disk};

#[test]
fn the_demo_runs_in_both_languages_and_leaves_nothing_behind() {
    for (lang, end) in [("en", "That was all of it."), ("ru", "Это всё.")] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        let demo = bare(folder.path(), &["demo", "--lang", lang])
            .output()
            .unwrap();
        let demo = Ended::from(demo);
        assert_eq!(demo.code, 0, "{demo:?}");
        assert!(demo.out.contains(end), "{demo:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
    }
}

#[test]
fn a_demo_that_is_ended_midway_leaves_nothing_behind() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("tmp");
        fs::create_dir(&own).unwrap();
        let mut command = bare(folder.path(), &["demo", "-o", "json"]);
        let running = command.stdout(Stdio::piped()).spawn().unwrap();
        while fs::read_dir(&own).unwrap().count() == 0 {
            std::thread::yield_now();
        }
        kill_process(Pid::from_child(&running), signal).unwrap();
        let ended = Ended::from(running.wait_with_output().unwrap());
        assert_eq!(ended.code, 1, "{signal:?}: {ended:?}");
        assert_eq!(ended.json()["error"]["kind"], "interrupted");
        assert_eq!(fs::read_dir(&own).unwrap().count(), 0);
    }
}

/// Runs the demo as the shell line has it, tells it midway that the terminal is gone, and returns how it ended.
fn hung_up(line: &str) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("tmp");
    fs::create_dir(&own).unwrap();
    let demo = bare(folder.path(), &["demo"]);
    let mut command = Command::new("sh");
    command
        .args(["-c", line])
        .arg(demo.get_program())
        .current_dir(folder.path())
        .env("TMPDIR", &own);
    let running = command.stdout(Stdio::piped()).spawn().unwrap();
    while fs::read_dir(&own).unwrap().count() == 0 {
        std::thread::yield_now();
    }
    kill_process(Pid::from_child(&running), Signal::HUP).unwrap();
    let ended = Ended::from(running.wait_with_output().unwrap());
    assert_eq!(fs::read_dir(&own).unwrap().count(), 0, "{ended:?}");
    ended
}

#[test]
fn a_terminal_that_goes_ends_a_command_unless_the_system_keeps_it_to_itself() {
    // Whoever runs the tests may have it ignored, and what begins inherits that.
    let told = hung_up("exec env --default-signal=HUP \"$0\" demo");
    assert_eq!(told.code, 1, "{told:?}");
    // As `nohup` does it.
    let spared = hung_up("trap '' HUP; exec \"$0\" demo");
    assert_eq!(spared.code, 0, "{spared:?}");
}

#[test]
fn the_emulator_stops_when_it_is_asked_to() {
    for signal in [Signal::INT, Signal::TERM] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = bare(folder.path(), &["emulate", "--listen", "127.0.0.1:0"]);
        let mut serving = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
        lines.next().unwrap().unwrap();
        kill_process(Pid::from_child(&serving), signal).unwrap();
        // Whoever reads no further must not be what ends it.
        lines.for_each(drop);
        assert_eq!(serving.wait().unwrap().code(), Some(0), "{signal:?}");
    }
}

#[test]
fn the_demo_is_one_document_in_json() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tmp")).unwrap();
    let demo = Ended::from(
        bare(folder.path(), &["demo", "-o", "json"])
            .output()
            .unwrap(),
    );
    let document = demo.json();
    assert_eq!(document["exit"], demo.code);
    assert_eq!(document["violations"], 0);
    assert_eq!(document["runs"].as_array().unwrap().len(), 4);
}

#[test]
fn init_writes_a_configuration_for_our_eyes_only_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let first = Ended::from(bare(folder.path(), &["init"]).output().unwrap());
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.out.contains("kadry providers"), "{first:?}");
    let config = folder.path().join("kadry.toml");
    assert_eq!(
        fs::metadata(&config).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let written = fs::read_to_string(&config).unwrap();
    let again = Ended::from(
        bare(folder.path(), &["init", "-o", "json"])
            .output()
            .unwrap(),
    );
    assert_eq!(again.code, 2, "{again:?}");
    assert_eq!(again.json()["exit"], 2);
    assert_eq!(fs::read_to_string(&config).unwrap(), written);
}

#[test]
fn where_no_file_takes_a_single_byte_nothing_half_written_is_left() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["init"][..], &["man", "--all", "."]] {
        let mut command = on_a_full_disk(folder.path(), arguments);
        let ended = Ended::from(command.output().unwrap());
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
    let init = Ended::from(bare(folder.path(), &["init"]).output().unwrap());
    assert_eq!(init.code, 0, "{init:?}");
}

#[test]
fn the_emulator_tells_the_port_that_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = bare(folder.path(), &["emulate", "--listen", "127.0.0.1:0"]);
    let mut serving = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(serving.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    serving.kill().unwrap();
    serving.wait().unwrap();
    let (_, port) = first.trim().rsplit_once(':').unwrap();
    assert_ne!(port.parse::<u16>().unwrap(), 0, "{first}");
}

#[test]
fn the_printed_configuration_is_one_that_kadry_reads() {
    let folder = tempfile::tempdir().unwrap();
    let printed = bare(folder.path(), &["emulate", "--print-config"])
        .output()
        .unwrap();
    let printed = Ended::from(printed);
    assert_eq!(printed.code, 0, "{printed:?}");
    let config = folder.path().join("kadry.toml");
    fs::write(&config, &printed.out).unwrap();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
    let runs = Ended::from(bare(folder.path(), &["runs"]).output().unwrap());
    assert_eq!(runs.code, 0, "{runs:?}");
    assert!(runs.out.contains("no runs"), "{runs:?}");
}

#[test]
fn what_the_emulator_says_to_type_leads_to_a_configuration_with_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let everywhere = ["emulate", "--listen", "0.0.0.0:8300", "--print-config"];
    let printed = bare(folder.path(), &everywhere).output().unwrap();
    let printed = Ended::from(printed);
    assert!(!printed.out.contains("http://0.0.0.0"), "{printed:?}");
    assert!(
        printed.out.contains("http://127.0.0.1:8300/"),
        "{printed:?}"
    );
    fs::write(folder.path().join("kadry.toml"), &printed.out).unwrap();
    let head = printed.out.lines().take_while(|line| line.starts_with('#'));
    let typed: Vec<&str> = head.filter_map(|line| line.strip_prefix("#   ")).collect();
    let load = typed.iter().find(|line| line.starts_with("eval")).unwrap();
    let script = format!("{load}; echo \"$PACHCA_TOKEN $DEALAPP_PASSWORD $DIADOC_REFRESH_TOKEN\"");
    let mut shell = Command::new("/bin/sh");
    let told = shell.args(["-c", &script]).current_dir(folder.path());
    let told = Ended::from(told.output().unwrap());
    assert_eq!(told.out.split_whitespace().count(), 3, "{told:?}");
    let mut command = bare(folder.path(), &["emulate", "--listen", "127.0.0.1:0"]);
    let mut serving = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let said: Vec<String> = lines.by_ref().take(8).map(Result::unwrap).collect();
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(
        said.iter().any(|line| line.ends_with("> kadry.toml")),
        "{said:?}"
    );
    assert!(said.iter().any(|line| line.contains(load)), "{said:?}");
}
