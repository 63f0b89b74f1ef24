//! What departments there are.

use std::collections::BTreeMap;

use kadry_core::{Branch, Known, ProviderId, RemoteId, fold};
use kadry_flow::Forest;
use kadry_flow::observe::Grown;
use serde::Serialize;

use super::covered;
use crate::commands::{Session, exit_of};
use crate::error::{Exit, Failure, of_platform};
use crate::setup::Purpose;
use crate::ui::Screen;
use crate::ui::json::Silent;
use crate::ui::progress::Waiting;
use crate::ui::table::{Sheet, Tint};
use crate::words::Words;

const HEADER: [&str; 5] = ["provider", "path", "external_id", "people", "remote_id"];

#[derive(Debug, Serialize)]
struct Document {
    departments: Vec<Row>,
    silent: Vec<Silent>,
    exit: u8,
}

#[derive(Debug, Serialize)]
struct Row {
    provider: String,
    kind: String,
    id: String,
    name: String,
    path: String,
    above: Option<String>,
    external_id: Option<String>,
    people: Option<u32>,
}

/// Runs the command.
///
/// # Errors
///
/// As [`super::Departments::run`].
pub(super) async fn run(session: &Session, on: Option<&[String]>) -> Result<Exit, Failure> {
    let (screen, words) = (&session.screen, &session.screen.words);
    let setup = session.open(Purpose::Look, on).await?;
    let on = covered(&setup.config, on, words)?;
    let on: Vec<ProviderId> = on.into_iter().map(|(id, _)| id).collect();
    let forest = {
        let _waiting = Waiting::show(screen, words.say("progress-reading"));
        setup.organisation.departments(&on).await
    };
    let exit = exit_of(forest.silent.len(), on.len());
    if screen.is_json() {
        screen.document(&document(words, &forest, exit))?;
    } else if screen.is_csv() {
        let line = |row: Row| {
            let people = row.people.map(|people| people.to_string());
            let id = row.external_id.unwrap_or_default();
            vec![
                row.provider,
                row.path,
                id,
                people.unwrap_or_default(),
                row.id,
            ]
        };
        screen.csv(&HEADER, rows(&forest).into_iter().map(line))?;
        complain(screen, &forest);
    } else {
        let mut sheet = screen.data_sheet();
        trees(&mut sheet, words, &forest);
        screen.data(&sheet)?;
        complain(screen, &forest);
    }
    Ok(exit)
}

/// Returns the departments of a tree, each right behind the one above it or its neighbours, with its place.
fn sorted(tree: &Grown) -> Vec<(Vec<String>, &Branch)> {
    let mut all: Vec<_> = tree.places().into_iter().zip(&tree.branches).collect();
    all.sort_by_cached_key(|(place, one)| {
        let folded: Vec<String> = place.iter().map(|name| fold(name)).collect();
        (folded, one.id.clone())
    });
    all
}

fn people(tree: &Grown, id: &RemoteId) -> Option<u32> {
    let counted = tree.people.as_ref()?;
    Some(counted.get(id).copied().unwrap_or_default())
}

fn external_id(branch: &Branch) -> Option<&String> {
    match &branch.external_id {
        Known::Value(id) => Some(id).filter(|id| !id.is_empty()),
        Known::Empty | Known::Hidden => None,
    }
}

fn rows(forest: &Forest) -> Vec<Row> {
    let row = |id: &ProviderId, tree: &Grown, place: &[String], one: &Branch| Row {
        provider: id.to_string(),
        kind: tree.rules.kind.to_string(),
        id: one.id.to_string(),
        name: one.name.clone(),
        path: place.join(" / "),
        above: one.above.as_ref().map(ToString::to_string),
        external_id: external_id(one).cloned(),
        people: people(tree, &one.id),
    };
    let of = |(id, tree)| {
        let all = sorted(tree);
        all.into_iter()
            .map(|(place, one)| row(id, tree, &place, one))
            .collect::<Vec<_>>()
    };
    let trees: &BTreeMap<ProviderId, Grown> = &forest.trees;
    trees.iter().flat_map(of).collect()
}

fn document(words: &Words, forest: &Forest, exit: Exit) -> Document {
    let silent = forest.silent.iter();
    Document {
        departments: rows(forest),
        silent: silent
            .map(|(id, error)| Silent::new(words, id, error))
            .collect(),
        exit: exit.code(),
    }
}

fn trees(sheet: &mut Sheet, words: &Words, forest: &Forest) {
    for (id, tree) in &forest.trees {
        sheet.heading(id.as_str());
        for (place, one) in sorted(tree) {
            let indent = u16::try_from(place.len().saturating_mul(2)).unwrap_or(u16::MAX);
            let mut line = one.name.clone();
            if let Some(id) = external_id(one) {
                line = format!("{line} [{id}]");
            }
            if let Some(people) = people(tree, &one.id).filter(|people| *people > 0) {
                let people = words.say_with("native-people", &[("people", people.into())]);
                line = format!("{line} – {people}");
            }
            sheet.text(indent, &line);
        }
        if tree.branches.is_empty() {
            sheet.text(2, &words.say("departments-empty"));
        }
        sheet.gap();
    }
}

fn complain(screen: &Screen, forest: &Forest) {
    if forest.silent.is_empty() {
        return;
    }
    let mut sheet = screen.rest_sheet();
    sheet.paragraph(0, &screen.words.say("platforms-silent"), Tint::Bad);
    let silent = forest.silent.iter();
    sheet.pairs(
        2,
        silent.map(|(id, error)| (id.to_string(), of_platform(&screen.words, error))),
    );
    screen.complain(&sheet);
}
