//! The reference of commands, held against what the binary says.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use crate::support::{Ended, bare};

/// The variable that has the references written instead of compared.
const WRITE: &str = "KADRY_WRITE_DOCS";

/// What the reference is called in a language, and the words of the help by which its parts are found.
struct Reference {
    lang: &'static str,
    file: &'static str,
    title: &'static str,
    first: &'static str,
    note: &'static str,
    commands: &'static str,
    global: &'static str,
    exit: &'static str,
    columns: [&'static str; 2],
}

const REFERENCES: [Reference; 2] = [
    Reference {
        lang: "en",
        file: "commands.md",
        title: "Commands",
        first: "Made from the help of kadry itself by a test; to write it anew: KADRY_WRITE_DOCS=1 cargo test -p kadry-cli --test end_to_end generated",
        note: "Every command also takes the options that stand under “Options of every command”.",
        commands: "Commands:",
        global: "Options of every command:",
        exit: "Exit codes:",
        columns: ["Code", "It means"],
    },
    Reference {
        lang: "ru",
        file: "commands.ru.md",
        title: "Команды",
        first: "Собрано тестом из справки самой kadry; записать заново: KADRY_WRITE_DOCS=1 cargo test -p kadry-cli --test end_to_end generated",
        note: "Каждая команда принимает и те ключи, которые перечислены в разделе «Ключи всех команд».",
        commands: "Команды:",
        global: "Ключи всех команд:",
        exit: "Коды завершения:",
        columns: ["Код", "Что он значит"],
    },
];

impl Reference {
    fn help(&self, command: &[String]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let mut typed: Vec<&str> = command.iter().map(String::as_str).collect();
        typed.extend(["--help", "--lang", self.lang]);
        let mut kadry = bare(folder.path(), &typed);
        let ended = Ended::from(kadry.env("COLUMNS", "80").output().unwrap());
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{command:?}");
        ended.out
    }

    fn text(&self) -> String {
        let whole = self.help(&[]);
        let mut text = format!(
            "<!-- {} -->\n\n# {}\n\n{}\n",
            self.first, self.title, self.note
        );
        self.tell(&[], &mut text);
        let (_, exit) = cut(&whole, self.exit);
        let heading = self.exit.trim_end_matches(':');
        let [code, meaning] = self.columns;
        writeln!(
            text,
            "\n## {heading}\n\n| {code} | {meaning} |\n| --- | --- |"
        )
        .unwrap();
        for line in exit.lines().skip(1).filter(|line| !line.trim().is_empty()) {
            let (code, meaning) = line.trim().split_once(' ').unwrap();
            writeln!(text, "| {code} | {} |", meaning.trim()).unwrap();
        }
        text
    }

    /// Tells of a command and all below it.
    fn tell(&self, command: &[String], text: &mut String) {
        let help = self.help(command);
        let (_, commands) = cut(&help, self.commands);
        let (shown, _) = cut(&help, self.exit);
        let shown = if command.is_empty() {
            shown
        } else {
            cut(&shown, self.global).0
        };
        let typed = [&["kadry".to_owned()], command].concat().join(" ");
        let lines: Vec<&str> = shown.trim_end().lines().map(str::trim_end).collect();
        write!(text, "\n## {typed}\n\n```text\n{}\n```\n", lines.join("\n")).unwrap();
        let below = commands.lines().skip(1).filter(|line| {
            let indent = line.len() - line.trim_start().len();
            indent == 2
        });
        let names = below.filter_map(|line| line.split_whitespace().next());
        for name in names.filter(|name| *name != "help") {
            self.tell(&[command, &[name.to_owned()]].concat(), text);
        }
    }
}

/// Cuts the part with this heading out of a help: a heading is a line that begins at the margin.
fn cut(help: &str, heading: &str) -> (String, String) {
    let (mut rest, mut part) = (String::new(), String::new());
    let mut is_in = false;
    for line in help.lines() {
        if !line.is_empty() && !line.starts_with(' ') {
            is_in = line == heading;
        }
        let to = if is_in { &mut part } else { &mut rest };
        to.push_str(line);
        to.push('\n');
    }
    (rest, part)
}

#[test]
fn the_reference_of_commands_is_what_the_help_says() {
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for reference in REFERENCES {
        let (path, text) = (docs.join(reference.file), reference.text());
        if env::var_os(WRITE).is_some_and(|set| set == "1") {
            fs::write(&path, text).unwrap();
            continue;
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        let differs = text
            .lines()
            .zip(stored.lines())
            .find(|(new, old)| new != old);
        assert!(
            stored == text,
            "docs/{} is not what the help says: {differs:?}. {}",
            reference.file,
            reference.first
        );
    }
}
