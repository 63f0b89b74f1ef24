//! A platform on which everybody of a company has a record. Its pages are made when they are read and nobody keeps them, so that what
//! planning holds is its own.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kadry_core::memory::Memory;
use kadry_core::{
    Access, Capability, Change, Cursor, Definition, Email, Employee, EmployeeProvider, EmployeeRef,
    Error, ErrorKind, FieldName, Grant, KeyName, KindName, Known, Look, Marks, MatchKey, Native,
    Notice, Offer, Page, Profile, ProviderId, ReadBy, RemoteId, Result, Review, Standing, Wish,
};

use crate::company::fields;

/// Rows on a page.
const PAGE: usize = 50;

/// Everybody on one platform.
#[derive(Debug)]
pub(crate) struct Crowd {
    /// What the platform can do and what it offers.
    pub(crate) platform: Memory,
    pub(crate) people: usize,
}

impl Crowd {
    fn employee(&self, number: usize) -> Employee {
        let fields = fields(number);
        let capability = self.platform.capability();
        let key = |name| match name {
            KeyName::Email => MatchKey::Email(Email::of_record(&fields[&FieldName::Email])),
            KeyName::ExternalId => MatchKey::ExternalId(fields[&FieldName::ExternalId].clone()),
        };
        let keys = capability.match_by.iter().map(|matching| key(matching.key));
        let mut profile = Profile::default();
        for (field, rule) in &capability.fields {
            if rule.create.is_yes() || rule.update.is_yes() {
                let value = fields.get(field).map(String::as_str);
                profile.set(*field, Known::text(value));
            }
        }
        let kinds = capability.grants.iter();
        let on_record = kinds.filter(|kind| kind.read == ReadBy::WithEmployee);
        let nothing = on_record.map(|kind| (kind.name.clone(), Known::Value(Vec::new())));
        Employee {
            at: EmployeeRef {
                id: RemoteId::new(number.to_string()),
                settled: true,
                keys: keys.collect(),
            },
            profile,
            access: Access::Open,
            marks: Marks {
                administrator: Known::Value(false),
                signer: Known::Value(false),
                registered: Known::Value(true),
                automaton: false,
            },
            grants: nothing.collect::<BTreeMap<_, _>>(),
        }
    }
}

/// Planning from lists asks for nothing but lists.
fn unasked<T>() -> Result<T> {
    let why = "planning is not expected to ask this";
    Err(Error::new(ErrorKind::Unsupported, why))
}

#[async_trait]
impl EmployeeProvider for Crowd {
    fn id(&self) -> &ProviderId {
        self.platform.id()
    }

    fn capability(&self) -> &Capability {
        self.platform.capability()
    }

    fn review(&self, wish: &Wish) -> Review {
        self.platform.review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        None
    }

    async fn whoami(&self) -> Result<Standing> {
        self.platform.whoami().await
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        let begin = from.map_or(0, |cursor| cursor.as_str().parse().unwrap());
        let end = self.people.min(begin + PAGE);
        Ok(Page {
            items: (begin..end).map(|number| self.employee(number)).collect(),
            next: (end < self.people).then(|| Cursor::new(end.to_string())),
        })
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        self.platform.catalogue(kind, from).await
    }

    async fn find(&self, _key: &MatchKey, _from: Option<&Cursor>) -> Result<Page<Employee>> {
        unasked()
    }

    async fn get(&self, _who: &EmployeeRef) -> Result<Option<Employee>> {
        unasked()
    }

    async fn held(&self, _kind: &KindName, _who: &EmployeeRef) -> Result<Vec<Grant>> {
        unasked()
    }

    async fn keepers(&self, _kind: &KindName, _what: &Grant) -> Result<Vec<RemoteId>> {
        unasked()
    }

    async fn create(&self, _wish: &Wish) -> Result<Employee> {
        unasked()
    }

    async fn update(&self, _who: &EmployeeRef, _change: &Change) -> Result<Employee> {
        unasked()
    }

    async fn set_access(&self, _who: &EmployeeRef, _access: Access) -> Result<Employee> {
        unasked()
    }

    async fn set_grants(
        &self,
        _who: &EmployeeRef,
        _kind: &KindName,
        _add: &[Grant],
        _drop: &[Grant],
    ) -> Result<()> {
        unasked()
    }

    async fn define(&self, _kind: &KindName, _what: &Definition) -> Result<Offer> {
        unasked()
    }

    async fn notify(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<()> {
        unasked()
    }

    async fn was_notified(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<Look> {
        unasked()
    }

    async fn remove(&self, _who: &EmployeeRef) -> Result<()> {
        unasked()
    }
}
