//! One box as a directory of employees.

use async_trait::async_trait;
use kadry_core::{
    Access, Capability, Change, Cursor, Definition, Employee, EmployeeProvider, EmployeeRef, Error,
    ErrorKind, Grant, KindName, Known, Look, MatchKey, Native, Notice, Offer, Page, ProviderId,
    Result, Review, Standing, Wish,
};

use crate::calls::BoxApi;
use crate::departments::{self, Tree};
use crate::map::unsupported;
use crate::paging::Place;
use crate::wire::employee as wire;
use crate::{alone, map, names};

/// One box of the platform.
#[derive(Debug)]
pub(crate) struct Diadoc {
    pub(crate) id: ProviderId,
    pub(crate) capability: Capability,
    pub(crate) api: BoxApi,
}

impl Diadoc {
    /// Returns the id that a record has now: the id of somebody who has not registered yet changes when they do.
    async fn id_now(&self, who: &EmployeeRef) -> Result<Option<String>> {
        match who.email() {
            Some(login) if !who.settled => {
                let row = self.api.employee_by_login(login).await?;
                Ok(row.map(|row| row.user.user_id))
            }
            Some(_) | None => Ok(Some(who.id.as_str().to_owned())),
        }
    }

    /// Returns the id that a record has now, if it is there.
    async fn id_there(&self, who: &EmployeeRef) -> Result<String> {
        self.id_now(who).await?.ok_or_else(|| gone(who))
    }

    async fn page(
        &self,
        from: Option<&Cursor>,
        keep: impl Fn(&wire::Employee) -> bool,
    ) -> Result<Page<Employee>> {
        let place = Place::at(from)?;
        let list = self.api.employees(&place).await?;
        let next = place.after(&list.ids(), list.total_count);
        let rows = list.employees.iter().filter(|row| keep(row));
        Ok(Page {
            items: rows.map(map::employee).collect(),
            next,
        })
    }

    async fn powers(&self, who: &EmployeeRef, id: &str) -> Result<Vec<Grant>> {
        let attached = self.api.powers(id).await?.ok_or_else(|| gone(who))?;
        Ok(alone::powers(&attached))
    }
}

fn gone(who: &EmployeeRef) -> Error {
    Error::new(ErrorKind::NotFound, "the record is gone").with("employee.id", &who.id)
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
        map::review(wish)
    }

    fn native(&self) -> Option<&dyn Native> {
        None
    }

    async fn whoami(&self) -> Result<Standing> {
        let own = self.api.my_employee().await?;
        let own = own.as_ref().map(map::employee);
        Ok(Standing {
            administrator: own
                .as_ref()
                .map_or(Known::Hidden, |own| own.marks.administrator.clone()),
            own: own.map(|own| own.at),
            tenant: self.api.id.clone(),
            expires_at_ms: self.api.token.expires_at_ms().await,
        })
    }

    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        self.page(from, |_| true).await
    }

    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>> {
        match key {
            MatchKey::Email(login) => self.page(from, |row| row.has_login(login)).await,
            MatchKey::ExternalId(_) => Err(unsupported("no-such-key")),
        }
    }

    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>> {
        let by_id = match who.email() {
            Some(_) if !who.settled => None,
            Some(_) | None => self.api.employee(who.id.as_str()).await?,
        };
        // An id that leads nowhere may be one that has changed.
        let row = match (by_id, who.email()) {
            (None, Some(login)) => self.api.employee_by_login(login).await?,
            (row, _) => row,
        };
        Ok(row.as_ref().map(map::employee))
    }

    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>> {
        if from.is_some() {
            return Err(Error::new(
                ErrorKind::Invalid,
                "what is offered comes on one page",
            ));
        }
        if *kind == KindName::DEPARTMENT {
            let tree = Tree::new(self.api.departments().await?);
            return Ok(Page::last(tree.offers()));
        }
        names::offers(kind)
            .map(Page::last)
            .ok_or_else(|| unsupported("no-such-list"))
    }

    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>> {
        if *kind == KindName::SUBSCRIPTION {
            let id = self.id_there(who).await?;
            return Ok(alone::subscriptions(&self.api.subscriptions(&id).await?));
        }
        if *kind == KindName::POWER_OF_ATTORNEY {
            let id = self.id_there(who).await?;
            return self.powers(who, &id).await;
        }
        Err(unsupported("read-another-way"))
    }

    async fn create(&self, wish: &Wish) -> Result<Employee> {
        let body = map::new_employee(wish)?;
        let row = self.api.create_employee(&body).await?;
        Ok(map::employee(&row))
    }

    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        if change.is_empty() {
            // What the platform makes of an empty change is not documented.
            return self.get(who).await?.ok_or_else(|| gone(who));
        }
        let body = map::patch(change)?;
        let id = self.id_there(who).await?;
        let row = self.api.update_employee(&id, &body).await?;
        Ok(map::employee(&row))
    }

    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        let id = self.id_there(who).await?;
        let row = self.api.update_employee(&id, &map::door(access)).await?;
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
            let id = self.id_there(who).await?;
            return self.api.update_subscriptions(&id, &body).await;
        }
        if *kind == KindName::POWER_OF_ATTORNEY {
            let power = alone::power_to_detach(add, drop)?;
            let id = self.id_there(who).await?;
            return self.api.detach_power(&id, &power).await;
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
        departments::made(&row, path)
    }

    async fn notify(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<()> {
        Err(unsupported("no-such-call"))
    }

    async fn was_notified(&self, _who: &EmployeeRef, _notice: &Notice) -> Result<Look> {
        Err(unsupported("no-such-call"))
    }

    async fn remove(&self, who: &EmployeeRef) -> Result<()> {
        let Some(id) = self.id_now(who).await? else {
            return Ok(());
        };
        // Once the employee is deleted, what is attached to them can be neither seen nor detached.
        let attached = self.api.powers(&id).await?;
        let attached = attached.map_or(0, |list| list.powers_of_attorney.len());
        if attached > 0 {
            return Err(
                Error::new(ErrorKind::Conflict, "powers of attorney are still attached")
                    .with("reason", "powers-still-attached")
                    .with("employee.id", &id)
                    .with("attached", attached),
            );
        }
        self.api.delete_employee(&id).await
    }
}
