//! Employees.

use kadry_core::{
    Access, Change, Cursor, Email, Employee, EmployeeRef, Error, ErrorKind, GrantEdit, KindName,
    Page, RemoteId, Repeat, Result, Wish,
};
use kadry_http::{Call, Method};

use super::{Api, unless_gone};
use crate::map;
use crate::wire::page::Listing;
use crate::wire::user::{Door, DoorEdit, NewUser, User, UserEdit, UserFields};

impl Api {
    /// Returns one page of everybody, bots included.
    pub(crate) async fn users(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        let from = from.map(Cursor::as_str);
        let listing: Listing<User> = self.line.page(Call::read("/users"), from).await?;
        Ok(Page {
            next: listing.next()?.map(Cursor::new),
            items: listing
                .data
                .iter()
                .map(|user| self.employee(user))
                .collect(),
        })
    }

    /// Returns one page of the people with exactly this e-mail.
    ///
    /// The platform's `query` is a partial match, so its rows are compared here. A search that it gave up shows nobody, which proves
    /// as little as a search that found nobody. <https://dev.pachca.com/api/users/list> Checked 2026-11.
    pub(crate) async fn users_by_email(
        &self,
        email: &Email,
        from: Option<&Cursor>,
    ) -> Result<Page<Employee>> {
        let from = from.map(Cursor::as_str);
        let first = from.is_none();
        let known = if first {
            self.ahead.people(&self.line, email).await
        } else {
            None
        };
        let listing = match known {
            Some(listing) => listing,
            None => self.line.people_like(email, from).await?,
        };
        let Some(listing) = listing else {
            return Ok(Page::last(Vec::new()));
        };
        let people = listing.data.iter();
        let exact = people.filter(|user| map::is_person_with(user, email));
        Ok(Page {
            next: listing.next_found(first)?.map(Cursor::new),
            items: exact.map(|user| self.employee(user)).collect(),
        })
    }

    /// Returns the record with this id; a removed person's is none.
    pub(crate) async fn user(&self, id: &RemoteId) -> Result<Option<User>> {
        let read = async {
            let path = format!("/users/{}", map::number(id)?);
            self.line.one(Call::read(&path)).await
        };
        unless_gone(read.await)
    }

    /// Makes a record.
    ///
    /// # Repeats
    ///
    /// A second one with the same e-mail is refused; but the refusal would hide our own success, so it is not sent without looking.
    pub(crate) async fn create_user(&self, wish: &Wish) -> Result<Employee> {
        let mut fields = UserFields::default();
        for (field, value) in &wish.fields {
            map::put(&mut fields, *field, value)?;
        }
        for (kind, grants) in wish.grants.iter().filter(|(_, grants)| !grants.is_empty()) {
            map::put_grants(&mut fields, kind, grants.iter())?;
        }
        let roles = wish.grants.get(&KindName::ROLE).into_iter().flatten();
        map::refuse_tags_of_guests(&fields, roles)?;
        if fields.email.is_none() {
            return Err(Error::new(
                ErrorKind::Invalid,
                "nobody can be invited without an e-mail",
            ));
        }
        let body = NewUser {
            user: fields,
            skip_email_notify: wish.quiet,
        };
        let call = Call::write(Method::POST, "/users", Repeat::Once).json(&body);
        let user: User = self.line.one(call).await?;
        map::check(&body.user, &user, self.viewer)?;
        Ok(self.employee(&user))
    }

    /// Changes what is given and nothing else.
    ///
    /// # Repeats
    ///
    /// Safely: every value is absolute.
    pub(crate) async fn update_user(&self, who: &EmployeeRef, change: &Change) -> Result<Employee> {
        let mut fields = UserFields::default();
        for (field, value) in &change.fields {
            map::put(&mut fields, *field, value.as_deref().unwrap_or_default())?;
        }
        for (kind, edit) in &change.grants {
            if !edit.is_empty() {
                map::put_grants(&mut fields, kind, edit.whole())?;
            }
        }
        let roles = change.grants.get(&KindName::ROLE).into_iter();
        map::refuse_tags_of_guests(&fields, roles.flat_map(GrantEdit::whole))?;
        let id = map::number(&who.id)?;
        let body = UserEdit { user: fields };
        let user: User = self.line.one(edit(id).json(&body)).await?;
        map::check(&body.user, &user, self.viewer)?;
        Ok(self.employee(&user))
    }

    /// Opens or closes the door.
    ///
    /// # Repeats
    ///
    /// The same access again changes nothing; one that opens the door is not sent again by itself.
    pub(crate) async fn set_door(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        let id = map::number(&who.id)?;
        let suspended = access == Access::Suspended;
        let body = DoorEdit {
            user: Door { suspended },
        };
        let path = format!("/users/{id}");
        let call = Call::write(Method::PUT, &path, access.repeat()).json(&body);
        let user: User = self.line.one(call).await?;
        if user.suspended != suspended {
            return Err(map::mismatch("access", id));
        }
        Ok(self.employee(&user))
    }

    /// Removes a record for good.
    ///
    /// # Repeats
    ///
    /// Safely: somebody already gone is done.
    pub(crate) async fn remove_user(&self, who: &EmployeeRef) -> Result<()> {
        let removal = async {
            let path = format!("/users/{}", map::number(&who.id)?);
            let call = Call::write(Method::DELETE, &path, Repeat::Safe);
            self.line.send(call).await
        };
        unless_gone(removal.await).map(drop)
    }
}

fn edit(id: i64) -> Call {
    Call::write(Method::PUT, &format!("/users/{id}"), Repeat::Safe)
}
