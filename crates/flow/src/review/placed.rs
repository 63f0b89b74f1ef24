//! Whom the journal expects: the people to whom its runs have given a place.

use std::collections::BTreeSet;

use kadry_core::{Email, FieldName, Holds, MatchKey, ProviderId};
use kadry_journal::{PersonId, RunStory};

use super::{Basis, Expected, Reviewing};
use crate::error::FlowError;
use crate::intent::RoleSection;

/// How many runs are read at a time.
const CHUNK: u32 = 256;

impl Reviewing {
    /// Returns everybody to whom any run of the journal has ever given a place.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn placed(&self) -> Result<Vec<PersonId>, FlowError> {
        let journal = &self.organisation.journal;
        let mut placed = BTreeSet::new();
        for run in journal.runs(u32::MAX).await? {
            if gives_a_place(&run.flow) {
                let story = journal.story(run.id.as_str()).await?;
                placed.insert(story.person.as_str().to_owned());
            }
        }
        for batch in journal.batches(u32::MAX).await? {
            let mut after = 0;
            loop {
                let runs = journal.runs_of_batch(&batch.id, after, CHUNK).await?;
                let Some((last, _)) = runs.last() else { break };
                after = *last;
                let gives = |(_, story): &&(u32, RunStory)| gives_a_place(&story.run.flow);
                let people = runs.iter().filter(gives);
                placed.extend(people.map(|(_, story)| story.person.as_str().to_owned()));
            }
        }
        Ok(placed.into_iter().map(PersonId::new).collect())
    }

    /// Returns what the journal expects of some of them: what they were given last, and did not lose since.
    ///
    /// # Errors
    ///
    /// The errors of the journal.
    pub async fn expected(&self, people: &[PersonId]) -> Result<Vec<Expected>, FlowError> {
        let mut expected = Vec::with_capacity(people.len());
        for person in people {
            expected.extend(self.expect(person).await?);
        }
        Ok(expected)
    }

    /// Nobody who is known by no key can be found; their records are those of somebody of whom nobody knows.
    async fn expect(&self, person: &PersonId) -> Result<Option<Expected>, FlowError> {
        let organisation = &self.organisation;
        let aliases = organisation.journal.aliases(person).await?;
        let placement = organisation.placement_of(person).await?;
        let external_id = placement.fields.get(&FieldName::ExternalId).cloned();
        let email = placement.fields.get(&FieldName::Email);
        let email = email.map(|email| MatchKey::Email(Email::of_record(email)));
        let given = external_id
            .map(MatchKey::ExternalId)
            .into_iter()
            .chain(email);
        // An address of earlier times may be somebody else's by now, so that it is no key of theirs beyond doubt.
        let mut keys: Vec<MatchKey> = given.filter(|key| aliases.contains(key)).collect();
        if keys.is_empty() {
            keys = aliases;
        }
        let is_email = |key: &&MatchKey| matches!(key, MatchKey::Email(_));
        let label = keys.iter().find(is_email).or_else(|| keys.first());
        let Some(label) = label else {
            return Ok(None);
        };
        let label = match label {
            MatchKey::Email(email) => email.to_string(),
            MatchKey::ExternalId(id) => format!("person:{id}"),
        };
        let mut sections = placement.sections;
        for (provider, section) in &mut sections {
            self.keep_the_last(provider, section);
        }
        let basis = if sections.is_empty() {
            Basis::Left
        } else {
            Basis::Role(None)
        };
        Ok(Some(Expected {
            line: None,
            label,
            fields: placement.fields,
            keys,
            basis,
            sections,
        }))
    }

    /// Of what somebody has one of, only what was given last counts; it stands first.
    fn keep_the_last(&self, provider: &ProviderId, section: &mut RoleSection) {
        let platform = self.platforms.get(provider);
        let kinds = platform.map(|platform| &platform.listing.provider().capability().grants);
        for kind in kinds.into_iter().flatten() {
            if let (Holds::One { .. }, Some(names)) =
                (kind.holds, section.grants.get_mut(kind.role_key))
            {
                names.truncate(1);
            }
        }
    }
}

fn gives_a_place(flow: &str) -> bool {
    matches!(flow, "onboard" | "transfer")
}
