//! One box as a directory of employees.

use async_trait::async_trait;
use kadry_core::{
    Access, Capability, Change, Cursor, Definition, Email, Employee, EmployeeProvider, EmployeeRef,
    Error, ErrorKind, Grant, KindName, Known, Look, MatchKey, Native, Notice, Offer, Page,
    ProviderId, RemoteId, Result, Review, Standing, Wish,
};

use crate::alone::PowerEdit;
use crate::calls::BoxApi;
use crate::departments::{self, Tree};
use crate::map::unsupported;
use crate::reach::gone;
use crate::recent::Recent;
use crate::wire::employee as wire;
use crate::{alone, map, names, review};

/// One box of the platform.
#[derive(Debug)]
pub(crate) struct Diadoc {
    pub(crate) id: ProviderId,
    pub(crate) capability: Capability,
    pub(crate) api: BoxApi,
    /// The id of our own record.
    pub(crate) own_id: String,
    pub(crate) recent: Recent,
}

impl Diadoc {
    /// Returns everybody who passes, in one piece: rows that move between two pages are seen only by who reads all of them.
    async fn everybody(
        &self,
        from: Option<&Cursor>,
        keep: impl Fn(&wire::Employee) -> bool,
    ) -> Result<Page<Employee>> {
        in_one_piece(from)?;
        let rows = match self.recent.everybody().await {
            Some(rows) => rows?,
            None => self.api.employees().await?,
        };
        self.recent.note_all(&rows);
        let kept = rows.iter().filter(|row| keep(row));
        Ok(Page::last(kept.map(map::employee).collect()))
    }
}

/// Refuses a cursor, since none is ever given out.
fn in_one_piece(from: Option<&Cursor>) -> Result<()> {
    match from {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Invalid,
            "the list comes in one piece, so the cursor was not made by this platform",
        )),
    }
}

#[async_trait]
impl EmployeeProvider for Diadoc {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn capability(&self) -> &Capability {
        &self.capability
    }

    fn review(&self, wish: &Wish) -> Review {
        review::review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        Some(self)
    }

    async fn whoami(&self) -> Result<Standing> {
        let own = match self.recent.own() {
            Some(own) => Some(own),
            None => self.api.my_employee().await?,
        };
        let own = own.as_ref().map(map::employee);
        Ok(Standing {
            administrator: own
                .as_ref()
                .map_or(Known::Hidden, |own| own.marks.administrator.clone()),
            own: own.map(|own| own.at),
            tenant: self.api.id.clone(),
            expires_at_ms: self.api.token.expires_at_ms().await,
            clock_ahead_ms: self.api.client.clock_ahead_ms(),
        })
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.everybody(from, |_| true).await
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        match key {
            MatchKey::Email(login) => self.everybody(from, |row| row.has_login(login)).await,
            MatchKey::ExternalId(_) => Err(unsupported("no-such-key")),
        }
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        let row = self.row(who).await?;
        Ok(row.as_ref().map(map::employee))
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        in_one_piece(from)?;
        if [KindName::DEPARTMENT, KindName::SEEN_DEPARTMENT].contains(kind) {
            let tree = Tree::new(self.api.departments().await?);
            let offers = tree.offers();
            return Ok(Page::last(offers));
        }
        names::offers(kind)
            .map(Page::last)
            .ok_or_else(|| unsupported("no-such-list"))
    }

    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>> {
        if *kind == KindName::SUBSCRIPTION {
            let read = self.read_of(who, async |id| self.api.subscriptions(&id).await);
            return Ok(alone::subscriptions(&read.await?));
        }
        if *kind == KindName::POWER_OF_ATTORNEY {
            let read = self.read_of(who, async |id| {
                self.api.powers(&id).await?.ok_or_else(|| gone(who))
            });
            return Ok(alone::powers(&read.await?));
        }
        Err(unsupported("read-another-way"))
    }

    async fn keepers(&self, _kind: &KindName, _what: &Grant) -> Result<Vec<RemoteId>> {
        Err(unsupported("nothing-to-hand-over"))
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        let body = map::new_employee(wish)?;
        let login = Email::of_record(&body.credentials.login.login);
        self.recent.forget(Some(&login));
        let row = self.api.create_employee(&body).await?;
        self.recent.note(&login, &row.user.user_id);
        let mut made = map::employee(&row);
        if made.at.email().is_none() {
            // The member may be missing, and without a key a record whose id is not final cannot be found again.
            made.at.keys.push(MatchKey::Email(login));
        }
        Ok(made)
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        if change.is_empty() {
            // What the platform makes of an empty change is not documented.
            return self.get(who).await?.ok_or_else(|| gone(who));
        }
        let mut body = map::patch(change)?;
        if map::lacks_departments(&body) {
            let row = self.row(who).await?.ok_or_else(|| gone(who))?;
            map::keep_departments(&mut body, &row)?;
        }
        Ok(map::employee(&self.change(who, &body).await?))
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        let row = self.change(who, &map::door(access)).await?;
        Ok(map::employee(&row))
    }

    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()> {
        if *kind == KindName::SUBSCRIPTION {
            if add.is_empty() && drop.is_empty() {
                return Ok(());
            }
            let body = alone::subscription_edit(add, drop);
            let write = async |id: String| self.api.update_subscriptions(&id, &body).await;
            return self.send_to(who, write).await;
        }
        if *kind == KindName::POWER_OF_ATTORNEY {
            let edit = alone::power_edit(add, drop)?;
            let write = async |id: String| match &edit {
                PowerEdit::Attach(power) => self.attach(&id, power).await,
                PowerEdit::Detach(power) => self.detach(&id, power).await,
            };
            return self.send_to(who, write).await;
        }
        Err(unsupported("written-with-the-record"))
    }

    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer> {
        if *kind != KindName::DEPARTMENT {
            return Err(unsupported("no-such-call"));
        }
        let tree = Tree::new(self.api.departments().await?);
        let (body, path) = tree.place(what)?;
        let row = self.api.create_department(&body).await?;
        departments::made(&row, &body, path)
    }

    async fn notify(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<()> {
        Err(unsupported("no-such-call"))
    }

    async fn was_notified(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<Look> {
        Err(unsupported("no-such-call"))
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        self.recent.forget(who.email());
        self.delete(who).await
    }
}
