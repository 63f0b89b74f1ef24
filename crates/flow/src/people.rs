//! Who has access where. Reads only.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future::join_all;
use kadry_core::{Email, Employee, Error, FieldName, MatchKey, ProviderId};
use kadry_journal::{Link, RunSummary};

use crate::error::FlowError;
use crate::intent::{Flow, Intent, Offboard, Who};
use crate::observe::{Patience, Snapshot, everybody, name_grants, observe};
use crate::organisation::Organisation;
use crate::watch::Unwatched;

/// One person, as far as records on several platforms can be told to be of the same one: by e-mail or external id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRow {
    /// The name on the first record that shows one.
    pub name: String,
    /// The e-mail.
    pub email: Option<Email>,
    /// The employer's own id.
    pub external_id: Option<String>,
    /// The records, by platform. More than one on a platform stops every flow.
    pub records: BTreeMap<ProviderId, Vec<Employee>>,
}

/// Everybody on some platforms.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// One row for each person, by name.
    pub rows: Vec<PersonRow>,
    /// The platforms that did not answer.
    pub silent: BTreeMap<ProviderId, Arc<Error>>,
}

/// One person everywhere.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What every platform showed.
    pub snapshot: Snapshot,
    /// The keys that were looked for.
    pub keys: Vec<MatchKey>,
    /// The keys that the store remembers the person by.
    pub aliases: Vec<MatchKey>,
    /// Where records of the person were seen before.
    pub links: Vec<Link>,
    /// The last runs, newest first.
    pub runs: Vec<RunSummary>,
}

impl Organisation {
    /// Returns everybody on these platforms, programs left out.
    pub async fn people(&self, on: &[ProviderId]) -> People {
        let lanes = self
            .connects
            .iter()
            .filter(|connect| on.contains(connect.id()));
        let listed = lanes.map(|connect| async move {
            (connect.id().clone(), everybody(connect.as_ref()).await)
        });
        let mut people = People::default();
        let mut gathered = Gathered::default();
        for (provider, employees) in join_all(listed).await {
            match employees {
                Ok(employees) => {
                    for employee in employees {
                        gathered.add(&provider, employee);
                    }
                }
                Err(error) => {
                    people.silent.insert(provider, Arc::new(error));
                }
            }
        }
        people.rows = gathered.rows;
        people.rows.retain(|row| !row.records.is_empty());
        people
            .rows
            .sort_by(|one, other| (&one.name, &one.email).cmp(&(&other.name, &other.email)));
        people
    }

    /// Returns one person everywhere: records, grants, links and runs.
    ///
    /// # Errors
    ///
    /// [`FlowError::NoSuchRecord`] when the operator named a record that is not there, [`FlowError::KnownNowhere`] when every
    /// platform was read and nobody matches, and the errors of the journal.
    pub async fn show(&self, who: &Who, on: &[ProviderId]) -> Result<Shown, FlowError> {
        let offboard = Offboard {
            now: false,
            remove: false,
            successor: None,
            on: on.to_vec(),
            privileged: true,
        };
        let intent = Intent {
            flow: Flow::Offboard(offboard),
            who: who.clone(),
            actor: String::new(),
            reason: None,
            allow: BTreeMap::new(),
            command: None,
        };
        let identified = self.identify(&intent).await?;
        let sought = identified.sought;
        let mut snapshot = observe(
            &self.connects,
            &intent.flow,
            &sought,
            Patience::calm(&self.timing),
            &Unwatched,
        )
        .await;
        join_all(snapshot.here_mut().map(name_grants)).await;
        let (links, runs) = match &identified.person {
            Some(person) => (
                self.journal.links(person).await?,
                self.journal.runs_of(person, 10).await?,
            ),
            None => (Vec::new(), Vec::new()),
        };
        let nobody =
            snapshot.is_complete() && snapshot.here().all(|(_, here)| here.matches.is_empty());
        if nobody && links.is_empty() && runs.is_empty() {
            return Err(FlowError::KnownNowhere);
        }
        Ok(Shown {
            snapshot,
            keys: sought.all(),
            aliases: sought.remembered,
            links,
            runs,
        })
    }
}

#[derive(Debug, Default)]
struct Gathered {
    rows: Vec<PersonRow>,
    by_key: BTreeMap<MatchKey, usize>,
}

impl Gathered {
    fn add(&mut self, provider: &ProviderId, employee: Employee) {
        let at = self.row_of(&employee);
        for key in &employee.at.keys {
            self.by_key.insert(key.clone(), at);
        }
        let Some(row) = self.rows.get_mut(at) else {
            return;
        };
        if row.name.is_empty() {
            row.name = employee.profile.full_name();
        }
        let external_id = employee.profile.get(FieldName::ExternalId).value().cloned();
        row.email = row.email.take().or_else(|| employee.at.email().cloned());
        row.external_id = row.external_id.take().or(external_id);
        let records = row.records.entry(provider.clone()).or_default();
        if !records.iter().any(|seen| seen.at.id == employee.at.id) {
            records.push(employee);
        }
    }

    /// Returns the row of a record. A record whose keys lead to several rows shows that they are one
    /// person's.
    fn row_of(&mut self, employee: &Employee) -> usize {
        let mut known = employee
            .at
            .keys
            .iter()
            .filter_map(|key| self.by_key.get(key).copied());
        let Some(first) = known.next() else {
            self.rows.push(PersonRow::default());
            return self.rows.len() - 1;
        };
        for other in known.filter(|other| *other != first).collect::<Vec<_>>() {
            self.merge(other, first);
        }
        first
    }

    fn merge(&mut self, from: usize, into: usize) {
        let Some(moved) = self.rows.get_mut(from).map(std::mem::take) else {
            return;
        };
        for at in self.by_key.values_mut().filter(|at| **at == from) {
            *at = into;
        }
        let Some(row) = self.rows.get_mut(into) else {
            return;
        };
        if row.name.is_empty() {
            row.name = moved.name;
        }
        row.email = row.email.take().or(moved.email);
        row.external_id = row.external_id.take().or(moved.external_id);
        for (provider, records) in moved.records {
            row.records.entry(provider).or_default().extend(records);
        }
    }
}
