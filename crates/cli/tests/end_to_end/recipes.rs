//! The recipes of the documentation, typed as they stand there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::Company;

/// How a block says that it does not end with 0.
const ENDS_WITH: &str = "# ends with ";

/// One thing that an administrator wants.
#[derive(Debug, Default)]
struct Recipe {
    title: String,
    blocks: Vec<Block>,
}

/// What is typed, and what is printed of it.
#[derive(Debug, Default)]
struct Block {
    typed: String,
    printed: Vec<String>,
}

impl Block {
    fn code(&self) -> i32 {
        let mut said = self
            .typed
            .lines()
            .filter_map(|line| line.strip_prefix(ENDS_WITH));
        said.next().map_or(0, |code| code.parse().unwrap())
    }

    /// What is typed, without what is said about it.
    fn commands(&self) -> Vec<&str> {
        let lines = self.typed.lines();
        lines
            .filter(|line| !line.starts_with('#') || line.starts_with(ENDS_WITH))
            .collect()
    }
}

#[test]
fn recipes_do_what_they_say() {
    play(&read("recipes.md"), "en_US.UTF-8");
}

#[test]
fn recipes_do_what_they_say_in_russian() {
    play(&read("recipes.ru.md"), "ru_RU.UTF-8");
}

#[test]
fn both_languages_have_the_same_recipes() {
    let (english, russian) = (read("recipes.md"), read("recipes.ru.md"));
    assert_eq!(english.len(), russian.len());
    for (one, other) in english.iter().zip(&russian) {
        let commands = |recipe: &Recipe| {
            let blocks = recipe.blocks.iter();
            blocks
                .map(|block| {
                    block
                        .commands()
                        .iter()
                        .map(|line| (*line).to_owned())
                        .collect()
                })
                .collect::<Vec<Vec<String>>>()
        };
        assert_eq!(
            commands(one),
            commands(other),
            "{} | {}",
            one.title,
            other.title
        );
    }
}

fn play(recipes: &[Recipe], locale: &str) {
    assert!(recipes.len() > 20, "{} recipes", recipes.len());
    let mut wrong = BTreeMap::new();
    for recipe in recipes {
        assert!(
            !recipe.blocks.is_empty(),
            "{} has no commands",
            recipe.title
        );
        let faults = faults(recipe, locale);
        if !faults.is_empty() {
            wrong.insert(&recipe.title, faults.join("\n"));
        }
    }
    let wrong: Vec<String> = wrong
        .iter()
        .map(|(title, faults)| format!("## {title}\n{faults}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Types a recipe in a fresh folder for a fresh company, and returns what is not as it stands there.
fn faults(recipe: &Recipe, locale: &str) -> Vec<String> {
    let company = Company::open();
    let mut faults = Vec::new();
    for block in &recipe.blocks {
        let ended = typed(&company, block, locale).output().unwrap();
        let code = ended.status.code().unwrap_or(-1);
        let printed = [ended.stdout, ended.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        let printed = printed.join("\n");
        let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
        let missing = block.printed.iter();
        let missing: Vec<&String> = missing
            .filter(|line| !lines.iter().any(|printed| fits(line, printed)))
            .collect();
        if code != block.code() || !missing.is_empty() {
            faults.push(format!(
                "{}\nended with {code}; missing: {missing:#?}\n{printed}",
                block.typed
            ));
        }
    }
    let violations = company.violations();
    if !violations.is_empty() {
        faults.push(format!("undocumented: {violations:#?}"));
    }
    faults
}

fn typed(company: &Company, block: &Block, locale: &str) -> Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_kadry"));
    let folder = company.path("");
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-eu", "-c", &block.typed])
        .current_dir(&folder)
        .env_clear()
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", binary.parent().unwrap().display()),
        )
        .env("HOME", &folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .env("TMPDIR", folder.join("tmp"))
        .env("LANG", locale)
        .env("USER", "operator")
        .envs(company.emulator.exports())
        .stdin(std::process::Stdio::null());
    shell
}

/// Reports whether a printed line is what the document says; `…` there stands for anything.
fn fits(said: &str, printed: &str) -> bool {
    let mut parts = said.split('…');
    let Some(mut rest) = parts.next().and_then(|first| printed.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn read(file: &str) -> Vec<Recipe> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    let text = fs::read_to_string(docs.join(file)).unwrap();
    let mut recipes: Vec<Recipe> = Vec::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let recipe = recipes.last_mut();
        match (&fence, line.strip_prefix("```"), recipe) {
            (None, Some(kind), Some(recipe)) => {
                match kind {
                    "sh" => recipe.blocks.push(Block::default()),
                    "text" => assert!(!recipe.blocks.is_empty(), "{}", recipe.title),
                    other => panic!("{}: a block of {other:?}", recipe.title),
                }
                fence = Some(kind.to_owned());
            }
            (Some(_), Some(_), _) => fence = None,
            (Some(kind), None, Some(recipe)) => {
                let block = recipe.blocks.last_mut().unwrap();
                if kind == "sh" {
                    block.typed.push_str(line);
                    block.typed.push('\n');
                } else {
                    block.printed.push(line.trim_end().to_owned());
                }
            }
            (None, None, _) => {
                if let Some(title) = line.strip_prefix("### ") {
                    recipes.push(Recipe {
                        title: title.to_owned(),
                        ..Recipe::default()
                    });
                }
            }
            // What stands above the first recipe is read and not run.
            (None, Some(_), None) => fence = Some(String::new()),
            (Some(_), None, None) => {}
        }
    }
    recipes
}

#[test]
fn dots_stand_for_anything() {
    assert!(fits("run …: done", "run 17: done"));
    assert!(fits("…", "anything"));
    assert!(fits("a … b … c", "a 1 b 2 c"));
    assert!(!fits("run …: done", "run 17: failed"));
    assert!(!fits("a … b", "a 1 c"));
    assert!(!fits("done", "done, or not"));
}
