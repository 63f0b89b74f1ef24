//! What is offered when the tab key is pressed, in the shells that are there.

use std::path::Path;
use std::process::Command;

use crate::support::{Company, Ended, bare};

/// Types into bash as the tab key would find it, and returns what is offered.
fn offered_in_bash(company: &Company, line: &str) -> Vec<String> {
    let script = "
source <(kadry completions bash)
COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'
_kadry kadry
[[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' \"${COMPREPLY[@]}\"
";
    let ended = in_shell(company, "bash", &["--norc", "-c", script, "bash", line]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{line}");
    ended.out.lines().map(str::to_owned).collect()
}

fn in_shell(company: &Company, shell: &str, arguments: &[&str]) -> Ended {
    let binary = Path::new(env!("CARGO_BIN_EXE_kadry")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", binary.display());
    let mut command = Command::new(shell);
    command
        .args(arguments)
        .current_dir(company.path(""))
        .env_clear()
        .env("HOME", company.path(""))
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8");
    command.output().unwrap().into()
}

fn is_there(shell: &str) -> bool {
    Command::new(shell).args(["-c", "true"]).output().is_ok()
}

#[test]
fn bash_is_offered_commands_flags_and_values_of_the_configuration() {
    let company = Company::open();
    company.configure(|settings| {
        format!("{settings}\n[roles.\"главный бухгалтер\"]\nmessenger = {{ tags = [\"Бухгалтерия\"] }}\n")
    });
    for (line, offered) in [
        ("kadry off", &["offboard"][..]),
        ("kadry runs s", &["show"]),
        ("kadry offboard --plan", &["--plan-only"]),
        ("kadry people --on ", &["calls", "edo", "messenger"]),
        ("kadry people --on messenger,c", &["messenger,calls"]),
        ("kadry people --on=m", &["messenger"]),
        ("kadry people --output=j", &["json"]),
        ("kadry -o", &["-ojson", "-otext"]),
        ("kadry offboard mes", &["messenger:"]),
        ("kadry offboard messenger:", &[]),
        ("kadry offboard messenger:7", &[]),
        ("kadry onboard --role acc", &["accountant"]),
        ("kadry onboard --role гл", &["главный\\ бухгалтер"]),
        ("kadry onboard --role 'гл", &["главный бухгалтер"]),
        ("kadry --config kad", &["kadry.toml"]),
        ("kadry completions z", &["zsh"]),
        ("A=1 kadry off", &["offboard"]),
        ("kadry nonsense --on x --", &[]),
    ] {
        let mut found = offered_in_bash(&company, line);
        if line.ends_with("-o") || line.ends_with("--") {
            found.retain(|one| !one.starts_with("--"));
            found.sort();
        }
        assert_eq!(found, offered, "{line}");
    }
    assert_eq!(company.emulator.log(), [], "no platform was asked");
}

#[test]
fn nothing_is_said_into_a_prompt_whatever_is_wrong() {
    let company = Company::open();
    company.write("kadry.toml", "[providers.a\nnonsense");
    assert_eq!(offered_in_bash(&company, "kadry people --on "), [""; 0]);
    assert_eq!(offered_in_bash(&company, "kadry peop"), ["people"]);
    assert_eq!(
        offered_in_bash(&company, "kadry --config no.toml peop"),
        ["people"]
    );
    assert_eq!(offered_in_bash(&company, "kadry 'open quote"), [""; 0]);
}

#[test]
fn other_shells_that_are_there_are_offered_the_same() {
    let company = Company::open();
    if is_there("fish") {
        let script = "kadry completions fish | source; complete --do-complete \"$argv[1]\"";
        for (line, offered) in [
            ("kadry off", "offboard"),
            ("kadry people --on m", "messenger"),
        ] {
            let ended = in_shell(&company, "fish", &["--no-config", "-c", script, line]);
            assert!(ended.out.starts_with(offered), "{line} {ended:?}");
        }
    }
    if is_there("zsh") {
        let script = "compdef() { print -r -- \"$@\" }; source <(kadry completions zsh)";
        let ended = in_shell(&company, "zsh", &["-f", "-c", script]);
        assert_eq!((ended.out.trim(), ended.err.as_str()), ("_kadry kadry", ""));
    }
}

#[test]
fn the_variable_alone_keeps_no_command_from_being_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = bare(folder.path(), &["init"]);
    let ended = Ended::from(command.env("KADRY_COMPLETE", "1").output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(folder.path().join("kadry.toml").exists());
}
