//! Employees: list, create, read, edit, delete.

use http::StatusCode;
use serde_json::{Value, json};

use crate::pachca::answer::{Answered, Failure, answer, data, no_content};
use crate::pachca::ask::{Ask, Fields};
use crate::pachca::directory::User;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Mail, Role, Workspace, folded};
use crate::pachca::wished::{FIELDS, For, Wished};

pub(super) fn list(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&["query", "limit", "cursor"])?;
    let Some(query) = params.get("query").filter(|query| !query.is_empty()) else {
        let all = workspace.users.values();
        let all = all.map(|user| (Key::of(user.id), user)).collect();
        let page = page::turn(params, Order::Ascending, all)?;
        return Ok(answer(
            StatusCode::OK,
            &page.listing(|user| workspace.show_user(user)),
        ));
    };
    let query = folded(query);
    let found: Vec<_> = workspace
        .users
        .values()
        // Bots are left out of searches. Whether suspended people are is not documented; they are not.
        .filter(|user| !user.bot && fits(user, &query))
        .map(|user| (Key::of(user.id), user))
        .collect();
    let total = found.len();
    let page = page::turn(params, Order::Ascending, found)?;
    Ok(answer(
        StatusCode::OK,
        &page.search(total, |user| workspace.show_user(user)),
    ))
}

fn fits(user: &User, query: &str) -> bool {
    let card = &user.card;
    [&card.first_name, &card.last_name, &card.phone_number]
        .into_iter()
        .flatten()
        .chain([&user.email, &user.nickname])
        .any(|text| text.to_lowercase().contains(query))
}

pub(super) fn show(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let user = workspace.user(ask.id("id")?)?;
    Ok(data(StatusCode::OK, &workspace.show_user(user)))
}

pub(super) fn create(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let mut body = ask.body(&["user", "skip_email_notify"])?;
    let silent = body.flag("skip_email_notify")?.unwrap_or_default();
    let mut known = FIELDS.to_vec();
    known.push("chat_ids");
    let fields = body.inside("user", &known)?;
    let mut wished = workspace.wished(&fields, For::Creating)?;
    let Some(email) = wished.email.take() else {
        return Err(Failure::unprocessable("email", "", "blank"));
    };
    workspace.check_email_is_free(&email, None)?;
    let role = wished.role.unwrap_or(Role::User);
    let chats = workspace.chats_to_begin_in(&fields, role)?;
    if wished.suspended != Some(true) {
        workspace.check_seats()?;
    }

    let user_id = workspace.enter(&email, wished, role);
    for chat_id in chats {
        workspace.join_by_hand(chat_id, user_id);
    }
    if !silent {
        let at_ms = workspace.now_ms();
        workspace.mails.push(Mail {
            user_id,
            to: email,
            at_ms,
        });
    }
    let user = workspace.user(user_id)?;
    Ok(data(StatusCode::CREATED, &workspace.show_user(user)))
}

pub(super) fn edit(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let user_id = ask.id("id")?;
    let user = workspace.user(user_id)?.clone();
    let mut body = ask.body(&["user"])?;
    let fields = body.inside("user", FIELDS)?;
    let mut wished = workspace.wished(&fields, For::Editing)?;
    workspace.check_editing(&user, &wished)?;

    let tags = wished.tags.take().filter(|_| !user.role.is_guest());
    let email = wished.email.take();
    let nickname = wished.nickname.take();
    let nickname = nickname.map(|wanted| workspace.free_nickname(&wanted, Some(user_id)));
    workspace.users.change(user_id, |user| {
        user.email = email.unwrap_or_else(|| user.email.clone());
        user.nickname = nickname.unwrap_or_else(|| user.nickname.clone());
        wished.write(user);
    });
    if let Some(names) = tags {
        let tags = workspace.tags_named(&names);
        workspace.set_tags(user_id, &tags);
    }
    let user = workspace.user(user_id)?;
    Ok(data(StatusCode::OK, &workspace.show_user(user)))
}

pub(super) fn delete(workspace: &mut Workspace, ask: &Ask) -> Answered {
    ask.bare()?;
    let user_id = ask.id("id")?;
    if workspace.user(user_id)?.owner {
        return Err(Failure::forbidden("owner_protected"));
    }
    // Not documented. The token would die with its owner, so it is refused like other changes to oneself.
    if user_id == workspace.me() {
        return Err(Failure::forbidden("self_update"));
    }
    workspace.delete_user(user_id);
    Ok(no_content())
}

impl Workspace {
    /// Returns a person who has not been deleted.
    pub(super) fn user(&self, user_id: i64) -> Result<&User, Failure> {
        self.users.get(user_id).ok_or_else(Failure::not_found)
    }

    /// Adds the record of a person who is invited by the token's owner.
    fn enter(&mut self, email: &str, mut wished: Wished, role: Role) -> i64 {
        // Guests get no tags, and no error either.
        let names = wished.tags.take().filter(|_| !role.is_guest());
        let tags = self.tags_named(&names.unwrap_or_default());
        let inviter_id = Some(self.me());
        let user_id = self.add_user(email, wished.nickname.take().as_deref(), role);
        self.users.change(user_id, |user| {
            user.inviter_id = inviter_id;
            wished.write(user);
        });
        self.set_tags(user_id, &tags);
        user_id
    }

    /// Returns the chats that a new person is to be in from the beginning.
    fn chats_to_begin_in(&self, fields: &Fields<'_>, role: Role) -> Result<Vec<i64>, Failure> {
        let chats = fields.ids("chat_ids")?.unwrap_or_default();
        let wrong = |code| Failure::bad("chat_ids", json!(chats).to_string(), code);
        if role == Role::Guest && chats.len() != 1 {
            return Err(wrong("invalid"));
        }
        for chat_id in &chats {
            let open = self.chats.get(chat_id).is_some_and(|chat| {
                !chat.archived
                    && !chat.personal
                    && (chat.public || chat.members.contains_key(&self.me()))
            });
            if !open {
                return Err(wrong("invalid"));
            }
        }
        Ok(chats)
    }

    /// Checks that one more person may have access.
    fn check_seats(&self) -> Result<(), Failure> {
        let taken = self.users.values();
        let taken = taken.filter(|user| !user.bot && !user.suspended).count();
        let full = |seats| usize::try_from(seats).is_ok_and(|seats| taken >= seats);
        if self.habits.seats.is_some_and(full) {
            return Err(Failure::unprocessable(
                "base",
                Value::Null,
                "licenses_limit",
            ));
        }
        Ok(())
    }

    /// Checks the rules about oneself, the owner, and what must be unique.
    fn check_editing(&self, user: &User, wished: &Wished) -> Result<(), Failure> {
        let myself = user.id == self.me();
        if user.owner && !myself {
            return Err(Failure::forbidden("owner_protected"));
        }
        let new_role = wished.role.is_some_and(|role| role != user.role);
        let suspends = wished.suspended.is_some_and(|suspended| suspended);
        if myself && (new_role || suspends) {
            return Err(Failure::forbidden("self_update"));
        }
        if user.bot
            && let Some(nickname) = &wished.nickname
        {
            if !nickname.ends_with("_bot") {
                return Err(Failure::unprocessable(
                    "nickname",
                    nickname.as_str(),
                    "invalid",
                ));
            }
            if self.users.has_nickname(nickname, Some(user.id)) {
                return Err(Failure::unprocessable(
                    "nickname",
                    nickname.as_str(),
                    "already_exists",
                ));
            }
        }
        if user.suspended && wished.suspended == Some(false) {
            self.check_seats()?;
        }
        match &wished.email {
            Some(email) => self.check_email_is_free(email, Some(user.id)),
            None => Ok(()),
        }
    }
}
