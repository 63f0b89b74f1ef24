//! Bringing departments to the shape of a file.

use std::collections::BTreeMap;
use std::path::Path;

use kadry_core::{ProviderId, fold};
use kadry_flow::intent::{Departments, Flow, Intent, Who, Wished};
use kadry_tables::{ListedDepartment, open_tree};

use super::{Sync, covered};
use crate::commands::{Session, flow};
use crate::error::{Exit, Failure, of_tree};
use crate::setup::{self, Config};

/// What is claimed while departments are brought to the shape of any file.
const LABEL: &str = "departments";

impl Sync {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// As [`super::Departments::run`].
    pub(super) async fn run(&self, session: &Session) -> Result<Exit, Failure> {
        let words = &session.screen.words;
        let listed = open_tree(&self.file, self.sheet.as_deref())
            .map_err(|error| of_tree(words, &error, &self.file))?;
        let setup = session.open(session.purpose(), self.on.as_deref()).await?;
        let on = covered(&setup.config, self.on.as_deref(), words)?;
        let tree = |(id, key): (ProviderId, &str)| {
            let tree = there(&setup.config, &listed, &id, key);
            (id, tree)
        };
        let file = self.file.file_name().map(Path::new);
        let intent = Intent {
            flow: Flow::Departments(Departments {
                file: file.map_or_else(String::new, |file| file.display().to_string()),
                trees: on.into_iter().map(tree).collect(),
                remove_empty: self.remove_empty,
            }),
            who: Who::Thing(LABEL.to_owned()),
            actor: setup::actor(&session.global),
            reason: session.global.reason.clone(),
            allow: BTreeMap::new(),
            command: Some(flow::again(session)),
        };
        flow::greet(session, &setup.organisation).await?;
        flow::run(session, &setup.organisation, &intent).await
    }
}

/// Returns the departments of a file under the names that they have on a platform. Two of the file may be one there.
fn there(config: &Config, listed: &[ListedDepartment], id: &ProviderId, key: &str) -> Vec<Wished> {
    let mut wished: Vec<Wished> = Vec::new();
    let mut known: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    // The path of each in the file, and there.
    let mut paths: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for one in listed {
        let above = one.above.and_then(|above| paths.get(above));
        let (mut typed, mut path) = above.cloned().unwrap_or_default();
        typed.push(one.name.clone());
        match config.department_there(&typed, id, key) {
            // A path says where it stands, a name only how it is called.
            Some(name) if name.contains(" / ") => {
                path = name
                    .split(" / ")
                    .map(|part| part.trim().to_owned())
                    .collect();
            }
            Some(name) => path.push(name.trim().to_owned()),
            None => path.push(one.name.clone()),
        }
        let mut above = None;
        for deep in 1..=path.len() {
            let place = path.get(..deep).unwrap_or_default();
            let folded: Vec<String> = place.iter().map(|name| fold(name)).collect();
            let at = *known.entry(folded).or_insert_with(|| {
                wished.push(Wished {
                    line: one.line,
                    name: place.last().cloned().unwrap_or_default(),
                    above,
                    external_id: None,
                });
                wished.len() - 1
            });
            above = Some(at);
        }
        if let (Some(at), Some(external_id)) = (above, &one.external_id)
            && let Some(wished) = wished.get_mut(at)
        {
            wished.line = one.line;
            wished
                .external_id
                .get_or_insert_with(|| external_id.clone());
        }
        paths.push((typed, path));
    }
    wished
}
