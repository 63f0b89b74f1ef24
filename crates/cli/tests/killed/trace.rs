//! The command under `strace`.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::end::{PATIENCE, ended_within};
use crate::support::{Company, Ended};

/// The calls by which a process changes what others see, or learns that they have changed something. Those that a machine does not
/// have are passed over.
const CALLS: &str = "?fsync,?fdatasync,?write,?writev,?pwrite64,?pwritev,?sendto,?sendmsg,?recvfrom,?recvmsg,?connect,?ftruncate,\
                     ?rename,?renameat,?renameat2,?link,?linkat,?unlink,?unlinkat,?mkdir,?mkdirat";

/// Demands that processes can be traced here: points that cannot be tried must not look like points that hold.
pub(crate) fn demand_strace() {
    let mut command = Command::new(strace());
    let tried = command.args([
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "inject=fsync:signal=KILL:when=1",
        "true",
    ]);
    let ended = tried.output().unwrap();
    assert!(
        ended.status.success(),
        "strace cannot trace a process here, so nothing can be killed at a call of the system. A container must allow ptrace \
         (docker run --cap-add=SYS_PTRACE). It said: {}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

fn strace() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places = env::split_paths(&path).map(|folder| folder.join("strace"));
    places.find(|place| place.is_file()).unwrap_or_else(|| {
        panic!("strace is not installed, and nothing can be killed at a call of the system without it: .ci/prepare installs it")
    })
}

/// Runs a command to its end, and returns how often it made each call, in the thread that made it most often.
pub(crate) fn counted(company: &Company, line: &[&str]) -> (Ended, BTreeMap<String, u32>) {
    let file = company.path("calls.txt");
    let filter = format!("trace={CALLS}");
    let traced = traced(
        &company.command(line),
        &[
            OsStr::new("-o"),
            file.as_os_str(),
            OsStr::new("-e"),
            OsStr::new(&filter),
        ],
    );
    let ended = ended_within(PATIENCE, traced).unwrap();
    let mut of_threads: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let text = fs::read_to_string(&file).unwrap();
    for line in text.lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        // The second half of a call that another one interrupted begins with `<...`.
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        if name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            *of_threads.entry((name, thread)).or_default() += 1;
        }
    }
    let mut calls: BTreeMap<String, u32> = BTreeMap::new();
    for ((name, _), times) in of_threads {
        let most = calls.entry(name.to_owned()).or_default();
        *most = times.max(*most);
    }
    (ended, calls)
}

/// Returns a command that is killed before its n-th call of a kind.
pub(crate) fn killed_at(command: &Command, name: &str, nth: u32) -> Command {
    let (filter, inject) = (
        format!("trace={name}"),
        format!("inject={name}:signal=KILL:when={nth}"),
    );
    let flags = ["-o", "/dev/null", "-e", &filter, "-e", &inject];
    traced(command, &flags.map(OsStr::new))
}

fn traced(command: &Command, flags: &[&OsStr]) -> Command {
    let mut traced = Command::new(strace());
    traced
        .args(["-f", "-qq"])
        .args(flags)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .stdin(std::process::Stdio::null());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            traced.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    traced
}
