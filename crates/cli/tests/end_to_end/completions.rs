//! What is offered when the tab key is pressed, in the shells that are there.

use std::env;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{Company, Ended, bare};

/// Types into bash as the tab key would find it, and returns what is offered.
fn offered_in_bash(company: &Company, line: &str) -> Vec<String> {
    let script = "
source <(kadry completions bash)
COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:'
_kadry kadry
[[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\\n' \"${COMPREPLY[@]}\"
";
    let arguments = ["--norc", "-c", script, "bash", line];
    let ended = in_shell(&company.path(""), "bash", &arguments, "");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{line}");
    ended.out.lines().map(str::to_owned).collect()
}

/// Runs a shell in a folder, with this typed.
fn in_shell(folder: &Path, shell: &str, arguments: &[&str], typed: &str) -> Ended {
    let binary = Path::new(env!("CARGO_BIN_EXE_kadry")).parent().unwrap();
    let inherited = env::var("PATH").unwrap_or_default();
    let mut command = Command::new(shell);
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", format!("{}:{inherited}", binary.display()))
        .env("INPUTRC", "/dev/null")
        .env("TERM", "dumb")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    let mut keys = running.stdin.take().unwrap();
    keys.write_all(typed.as_bytes()).unwrap();
    drop(keys);
    running.wait_with_output().unwrap().into()
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
        ("kadry runs s", &["show", "settle", "salvage"]),
        ("kadry offboard --plan", &["--plan-only"]),
        ("kadry people --on ", &["calls", "edo", "messenger"]),
        ("kadry people --on messenger,c", &["messenger,calls"]),
        ("kadry people --on=m", &["messenger"]),
        ("kadry people --output=j", &["json"]),
        ("kadry -o", &["-ocsv", "-ojson", "-ondjson", "-otext"]),
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
            let ended = in_shell(
                &company.path(""),
                "fish",
                &["--no-config", "-c", script, line],
                "",
            );
            assert!(ended.out.starts_with(offered), "{line} {ended:?}");
        }
    }
    if is_there("zsh") {
        let script = "compdef() { print -r -- \"$@\" }; source <(kadry completions zsh)";
        let ended = in_shell(&company.path(""), "zsh", &["-f", "-c", script], "");
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

/// Names that somebody else could put into a configuration.
const HOSTILE: [&str; 35] = [
    "$(touch PWNED)",
    "`touch PWNED`",
    "a;touch PWNED",
    "a;touch PWNED;'",
    "\"; touch PWNED; \"",
    "'; touch PWNED; '",
    "\\'; touch PWNED; '",
    "'$(touch PWNED)'",
    "\\\"$(touch PWNED)\\\"",
    "a&touch PWNED&",
    "a|touch PWNED",
    ">PWNED",
    "<(touch PWNED)",
    "a\"b",
    "a\"",
    "it's",
    "'",
    "a\\b",
    "\\",
    "!!",
    "a!b",
    "it's !x",
    "~",
    "~root",
    "~/x",
    "#x",
    "{a,b}",
    "[x]",
    "*",
    "$HOME",
    "a b",
    " a ",
    "x:~",
    "a@b=c",
    "главный бухгалтер",
];

/// A folder with a configuration that has these roles.
fn roles(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let table: toml::Table = names
        .iter()
        .map(|name| ((*name).to_owned(), toml::Table::new().into()))
        .collect();
    let settings = toml::Table::from_iter([("roles".to_owned(), table.into())]);
    let path = folder.path().join("kadry.toml");
    fs::write(&path, settings.to_string()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

/// What a command is given once its line is typed, completed and run, for each line. Nothing but the command may have been run.
fn given(folder: &TempDir, shell: &str, arguments: &[&str], typed: &str) -> Vec<String> {
    let ended = in_shell(folder.path(), shell, arguments, typed);
    assert!(!folder.path().join("PWNED").exists(), "{ended:?}");
    let given = fs::read_to_string(folder.path().join("given")).unwrap_or_default();
    fs::remove_file(folder.path().join("given")).ok();
    given.lines().map(str::to_owned).collect()
}

/// Types into bash, in which the command writes down what it was given.
fn given_in_bash(folder: &TempDir, typed: &str) -> Vec<String> {
    let begun = "source <(kadry completions bash)\nkadry() { printf '[%s]' \"$@\" >>given; echo >>given; }\n";
    fs::write(folder.path().join("rc"), begun).unwrap();
    given(folder, "bash", &["--rcfile", "rc", "-i"], typed)
}

#[test]
fn bash_gives_a_command_the_very_name_it_completed_whatever_quote_is_open() {
    for name in HOSTILE {
        let folder = roles(&[name]);
        let mut typed = String::new();
        let mut wanted = Vec::new();
        for before in [
            "--role ",
            "--role=",
            "--role \"",
            "--role=\"",
            "--role '",
            "--role='",
        ] {
            // Double quotes cannot hold this one: nothing is offered, and we close them ourselves.
            let is_offered = !(before.ends_with('"') && name.contains('!'));
            let after = if is_offered { "" } else { "\"" };
            typed += &format!("kadry onboard {before}\t{after}\n");
            let name = if is_offered { name } else { "" };
            let between = if before.contains('=') { "=" } else { "][" };
            wanted.push(format!("[onboard][--role{between}{name}]"));
        }
        assert_eq!(given_in_bash(&folder, &typed), wanted, "{name}");
    }
}

#[test]
fn zsh_gives_a_command_the_very_name_it_completed_whatever_quote_is_open() {
    if !is_there("zsh") {
        return;
    }
    // ^G leaves a line that was not closed.
    let script = r#"
zmodload zsh/zpty
zpty shell zsh -f -i
say() { zpty -w shell "$1; print FIN''ISHED"; zpty -r shell seen '*FINISHED*' }
say "PS1=; autoload -Uz compinit; compinit -u -D; source <(kadry completions zsh)"
say 'kadry() { printf "[%s]" "$@" >>given; echo >>given }'
for before in "--role " "--role=" '--role "' "--role '"; do
    zpty -w -n shell "kadry onboard $before"$'\t\n\a'
done
say
zpty -d shell
"#;
    for name in HOSTILE {
        let folder = roles(&[name]);
        let two = format!("[onboard][--role][{name}]");
        let one = format!("[onboard][--role={name}]");
        let given = given(&folder, "zsh", &["-f", "-c", script], "");
        assert_eq!(given, [two.clone(), one, two.clone(), two], "{name}");
    }
}

#[test]
fn fish_quotes_what_it_completes_whatever_quote_is_open() {
    if !is_there("fish") {
        return;
    }
    let script = r#"
kadry completions fish | source
function kadry; printf '[%s]' $argv >>given; echo >>given; end
for quote in '' '"' "'"
    set found (complete --escape --do-complete "kadry onboard --role $quote")
    set token (string split \t -- "$found[1]")
    eval "kadry onboard --role $token[1]"
end
"#;
    for name in HOSTILE {
        let folder = roles(&[name]);
        // fish would put this one on the line as it is.
        let name = if name.starts_with('~') { "" } else { name };
        let wanted = match name {
            "" => "[onboard][--role]".to_owned(),
            name => format!("[onboard][--role][{name}]"),
        };
        let given = given(&folder, "fish", &["--no-config", "-c", script], "");
        assert_eq!(given, vec![wanted; 3], "{name}");
    }
}

#[test]
fn bash_goes_on_from_what_is_typed_of_a_name() {
    for (names, typed, wanted) in [
        (&["a;b", "a;c"][..], "a\tc\t", "a;c"),
        (&["a;b", "a;c"], "\"a\tc\t", "a;c"),
        (&["it's b", "it's c"], "'\tb\t", "it's b"),
        (&["it's b", "it's c"], "it\\'s\\ \tc\t", "it's c"),
        (&["a$b", "a$c"], "\"\tb\t", "a$b"),
        (&["a:b;c", "a:d"], "a:\tb\t", "a:b;c"),
        (&["a:b;c", "a:d"], "\"a:\tb\t", "a:b;c"),
        (&["a:b;c"], "a\\:\t", "a:b;c"),
        (&["a@b;c"], "a@\t", "a@b;c"),
        (&["a\\b;c"], "\"a\\b\t", "a\\b;c"),
        (&["ab;c"], "\"a\"b\t", "ab;c"),
        (&["ab;c"], "a\"b\t", "ab;c"),
    ] {
        let typed = format!("kadry onboard --role {typed}\n");
        let given = given_in_bash(&roles(names), &typed);
        assert_eq!(given, [format!("[onboard][--role][{wanted}]")], "{typed}");
    }
}

#[test]
fn bash_is_offered_nothing_where_only_running_the_line_would_tell_its_quotes() {
    let folder = roles(&["\\'; touch PWNED; '", "a;touch PWNED"]);
    for (typed, wanted) in [
        ("--role $'\t'\n", "[onboard][--role][]"),
        (
            "--email \"$(echo \"x\")\" --role \t\n",
            "[onboard][--email][x][--role]",
        ),
        (
            "--email `echo x` --role \"\t\"\n",
            "[onboard][--email][x][--role][]",
        ),
    ] {
        let typed = format!("kadry onboard {typed}");
        assert_eq!(given_in_bash(&folder, &typed), [wanted], "{typed}");
    }
}

#[test]
fn bash_leaves_a_tilde_that_was_typed_and_quotes_what_stands_behind_it() {
    let folder = roles(&[]);
    fs::write(folder.path().join("a;touch PWNED"), "").unwrap();
    let home = folder.path().display();
    assert_eq!(
        given_in_bash(&folder, "kadry --config ~/a\t\n"),
        [format!("[--config][{home}/a;touch PWNED]")]
    );
}

#[test]
fn a_name_that_commands_a_terminal_is_offered_in_no_shell() {
    let company = Company::open();
    company.configure(|settings| {
        format!("{settings}\n[roles.\"a\\nb\"]\n[roles.\"a\\u001b[2J\"]\n[roles.\"a\\tb\"]\n")
    });
    assert_eq!(
        offered_in_bash(&company, "kadry onboard --role a"),
        ["accountant"]
    );
}
