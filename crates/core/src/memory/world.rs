//! What the provider in memory holds, and how it goes wrong on purpose.

use std::collections::{BTreeMap, VecDeque};

use crate::capability::Capability;
use crate::employee::{
    Access, Employee, EmployeeRef, FieldName, KeyName, Known, Marks, MatchKey, Profile, RemoteId,
};
use crate::error::{Error, ErrorKind, Result};
use crate::fold::fold;
use crate::grant::{Grant, GrantKind, KindName, Offer, ReadBy};
use crate::native::TreeRules;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: RemoteId,
    /// Its fields; an absent one is empty.
    pub fields: BTreeMap<FieldName, String>,
    /// Whether the door is open.
    pub access: Access,
    /// Whether the record administers the platform.
    pub administrator: bool,
    /// Whether the record may sign.
    pub signer: bool,
    /// Everything it holds, by kind.
    pub grants: BTreeMap<KindName, Vec<Grant>>,
}

/// A write that reached the provider, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCall {
    /// The method of the trait.
    pub operation: &'static str,
    /// Whether it changed anything.
    pub took_effect: bool,
}

/// What happens to the next write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It arrives and is done, as always.
    Nothing,
    /// The connection breaks before the platform sees it.
    LostBefore,
    /// The platform does it, and the answer is lost.
    LostAfter,
    /// It never comes back, and was not done.
    HangBefore,
    /// It never comes back, and was done.
    HangAfter,
    /// The platform refuses it.
    Refused(ErrorKind),
    /// The platform takes nothing for so long, in milliseconds.
    RefusedFor(u64),
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) rows: Vec<Row>,
    pub(super) offers: BTreeMap<KindName, Vec<Offer>>,
    pub(super) keepers: BTreeMap<(KindName, RemoteId), Vec<RemoteId>>,
    pub(super) notices: Vec<(RemoteId, String)>,
    pub(super) invitations: Vec<RemoteId>,
    pub(super) badges: BTreeMap<RemoteId, String>,
    pub(super) notes: Vec<(RemoteId, String)>,
    pub(super) external_ids: BTreeMap<RemoteId, String>,
    pub(super) rules: Option<TreeRules>,
    pub(super) writes: Vec<WrittenCall>,
    pub(super) faults: VecDeque<Fault>,
    pub(super) own: Option<RemoteId>,
    pub(super) tenant: Option<String>,
    pub(super) down: Option<ErrorKind>,
    pub(super) reads: u64,
    pub(super) next_id: u64,
}

impl World {
    pub(super) const fn new() -> Self {
        Self {
            rows: Vec::new(),
            offers: BTreeMap::new(),
            keepers: BTreeMap::new(),
            notices: Vec::new(),
            invitations: Vec::new(),
            badges: BTreeMap::new(),
            notes: Vec::new(),
            external_ids: BTreeMap::new(),
            rules: None,
            writes: Vec::new(),
            faults: VecDeque::new(),
            own: None,
            tenant: None,
            down: None,
            reads: 0,
            next_id: 1,
        }
    }

    pub(super) fn fresh_id(&mut self) -> RemoteId {
        let id = self.next_id;
        self.next_id += 1;
        RemoteId::new(id.to_string())
    }

    pub(super) fn row(&self, who: &EmployeeRef) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == who.id)
    }

    pub(super) fn row_mut(&mut self, who: &EmployeeRef) -> Result<&mut Row> {
        let gone =
            || Error::new(ErrorKind::NotFound, "no such record").with("employee.id", &who.id);
        self.rows
            .iter_mut()
            .find(|row| row.id == who.id)
            .ok_or_else(gone)
    }

    /// The catalogue row that a grant names, for kinds that have a catalogue.
    pub(super) fn offer(&self, kind: &GrantKind, grant: &Grant) -> Result<Option<Grant>> {
        if !kind.catalogue.is_yes() {
            return Ok(None);
        }
        let offers = self.offers.get(&kind.name).map_or(&[][..], Vec::as_slice);
        let found = offers.iter().find(|offer| match &grant.id {
            Some(id) => offer.id == *id,
            None => fold(&offer.name) == fold(&grant.name),
        });
        match found {
            Some(offer) => Ok(Some(Grant {
                kind: kind.name.clone(),
                id: Some(offer.id.clone()),
                name: offer.name.clone(),
                value: grant.value.clone(),
            })),
            None => Err(Error::new(ErrorKind::Invalid, "no such grant is offered")
                .with("grant.kind", &kind.name)),
        }
    }

    /// Who has a grant.
    pub(super) fn bearing(
        &self,
        kind: &KindName,
        id: &RemoteId,
        capability: &Capability,
    ) -> Vec<EmployeeRef> {
        let has = |row: &&Row| {
            let mut held = row.grants.get(kind).into_iter().flatten();
            held.any(|grant| grant.id.as_ref() == Some(id))
        };
        let of = |row: &Row| EmployeeRef {
            id: row.id.clone(),
            settled: true,
            keys: keys(row, capability),
        };
        self.rows.iter().filter(has).map(of).collect()
    }

    pub(super) fn employee(&self, row: &Row, capability: &Capability) -> Employee {
        let mut profile = Profile::default();
        for field in capability
            .fields
            .iter()
            .filter(|(_, rule)| rule.create.is_yes() || rule.update.is_yes())
            .map(|(field, _)| *field)
        {
            profile.set(
                field,
                Known::text(row.fields.get(&field).map(String::as_str)),
            );
        }
        let grants = capability
            .grants
            .iter()
            .filter(|kind| kind.read == ReadBy::WithEmployee)
            .map(|kind| {
                (
                    kind.name.clone(),
                    Known::Value(row.grants.get(&kind.name).cloned().unwrap_or_default()),
                )
            })
            .collect();
        Employee {
            at: EmployeeRef {
                id: row.id.clone(),
                settled: true,
                keys: keys(row, capability),
            },
            profile,
            access: row.access,
            marks: Marks {
                administrator: Known::Value(row.administrator),
                signer: Known::Value(row.signer),
                registered: Known::Value(true),
                automaton: false,
            },
            grants,
        }
    }
}

pub(super) fn keys(row: &Row, capability: &Capability) -> Vec<MatchKey> {
    let key = |name: &KeyName| match name {
        KeyName::Email => row
            .fields
            .get(&FieldName::Email)
            .map(|email| MatchKey::Email(crate::employee::Email::of_record(email))),
        KeyName::ExternalId => row
            .fields
            .get(&FieldName::ExternalId)
            .cloned()
            .map(MatchKey::ExternalId),
    };
    capability
        .match_by
        .iter()
        .filter_map(|known| key(&known.key))
        .collect()
}
