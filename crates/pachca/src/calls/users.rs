//! Employees.

use kadry_core::{
    Access, Change, Cursor, Email, Employee, EmployeeRef, Error, ErrorKind, GrantEdit, KindName,
    Page, RemoteId, Repeat, Result, Wish,
};
use kadry_http::{Call, Method, StatusCode};

use super::{Api, foreign_cursor, in_part, part, unless_gone};
use crate::map;
use crate::wire::page::Listing;
use crate::wire::user::{Door, DoorEdit, NewUser, User, UserEdit, UserFields};

/// The parts of a search by e-mail. The platform's `query` is a partial match, so its rows are compared here. Nothing says that it
/// ignores case or shows suspended people, so finding nobody with it proves nothing.
/// <https://dev.pachca.com/api/users/list> Checked 2026-11.
const QUERY: &str = "query";
/// As [`QUERY`], after a page on which somebody was found.
const FOUND: &str = "found";
/// Reading everybody, where the `query` found nobody or could not answer.
const SCAN: &str = "scan";

/// What a search answers that took too long. The vendor asks to narrow it rather than to repeat it, and a gateway in front of the
/// platform may say so without the documented code. <https://dev.pachca.com/api/errors> Checked 2026-11.
const GAVE_UP: StatusCode = StatusCode::GATEWAY_TIMEOUT;

impl Api {
    /// Returns one page of everybody, bots included.
    pub(crate) async fn users(&self, from: Option<&Cursor>) -> Result<Page<Employee>> {
        let listing = self.everybody(from.map(Cursor::as_str)).await?;
        Ok(Page {
            next: listing.next()?.map(Cursor::new),
            items: listing
                .data
                .iter()
                .map(|user| map::employee(user, self.viewer))
                .collect(),
        })
    }

    /// Returns one page of the people with exactly this e-mail.
    pub(crate) async fn users_by_email(
        &self,
        email: &Email,
        from: Option<&Cursor>,
    ) -> Result<Page<Employee>> {
        match part(from, QUERY) {
            (QUERY, from) => self.query_page(email, false, from).await,
            (FOUND, from) => self.query_page(email, true, from).await,
            (SCAN, from) => self.scan_page(email, from).await,
            _ => Err(foreign_cursor()),
        }
    }

    async fn query_page(
        &self,
        email: &Email,
        found: bool,
        from: Option<&str>,
    ) -> Result<Page<Employee>> {
        let call = Call::read("/users")
            .query("query", email)
            .not_again_after(GAVE_UP);
        let listing: Listing<User> = match self.page(call, from).await {
            Ok(listing) => listing,
            Err(fault) if gave_up(&fault) => {
                return Ok(Page {
                    items: Vec::new(),
                    next: Some(in_part(SCAN, None)),
                });
            }
            Err(fault) => return Err(fault),
        };
        let items = self.exact(&listing, email);
        let found = found || !items.is_empty();
        let next = match listing.next()? {
            Some(from) => Some(in_part(if found { FOUND } else { QUERY }, Some(from))),
            None if found => None,
            None => Some(in_part(SCAN, None)),
        };
        Ok(Page { items, next })
    }

    async fn scan_page(&self, email: &Email, from: Option<&str>) -> Result<Page<Employee>> {
        let listing = self.everybody(from).await?;
        if listing
            .data
            .iter()
            .any(|user| self.viewer.cannot_compare(user))
        {
            return Err(Error::new(
                ErrorKind::Forbidden,
                "the workspace hides e-mails from the owner of this token, so nobody can be found by e-mail",
            )
            .with("reason", "keys-hidden"));
        }
        let from = listing.next()?;
        Ok(Page {
            items: self.exact(&listing, email),
            next: from.map(|from| in_part(SCAN, Some(from))),
        })
    }

    async fn everybody(&self, from: Option<&str>) -> Result<Listing<User>> {
        self.page(Call::read("/users"), from).await
    }

    fn exact(&self, listing: &Listing<User>, email: &Email) -> Vec<Employee> {
        listing
            .data
            .iter()
            .filter(|user| map::is_person_with(user, email))
            .map(|user| map::employee(user, self.viewer))
            .collect()
    }

    /// Returns the record with this id; a removed person's is none.
    pub(crate) async fn user(&self, id: &RemoteId) -> Result<Option<User>> {
        let read = async {
            let path = format!("/users/{}", map::number(id)?);
            self.one(Call::read(&path)).await
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
        let user: User = self.one(call).await?;
        map::check(&body.user, &user, self.viewer)?;
        Ok(map::employee(&user, self.viewer))
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
        let user: User = self.one(edit(id).json(&body)).await?;
        map::check(&body.user, &user, self.viewer)?;
        Ok(map::employee(&user, self.viewer))
    }

    /// Opens or closes the door.
    ///
    /// # Repeats
    ///
    /// Safely: the same access again changes nothing.
    pub(crate) async fn set_door(&self, who: &EmployeeRef, access: Access) -> Result<Employee> {
        let id = map::number(&who.id)?;
        let suspended = access == Access::Suspended;
        let body = DoorEdit {
            user: Door { suspended },
        };
        let user: User = self.one(edit(id).json(&body)).await?;
        if user.suspended != suspended {
            return Err(map::mismatch("access", id));
        }
        Ok(map::employee(&user, self.viewer))
    }

    /// Removes a record for good.
    ///
    /// # Repeats
    ///
    /// Safely: somebody already gone is done.
    pub(crate) async fn remove_user(&self, who: &EmployeeRef) -> Result<()> {
        let removal = async {
            let path = format!("/users/{}", map::number(&who.id)?);
            self.send(Call::write(Method::DELETE, &path, Repeat::Safe))
                .await
        };
        unless_gone(removal.await).map(drop)
    }
}

fn edit(id: i64) -> Call {
    Call::write(Method::PUT, &format!("/users/{id}"), Repeat::Safe)
}

fn gave_up(fault: &Error) -> bool {
    fault
        .context()
        .iter()
        .any(|(key, value)| *key == "http.status" && value == GAVE_UP.as_str())
}
