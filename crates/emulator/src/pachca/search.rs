//! Searching people, chats and messages by words.

use http::StatusCode;

use crate::pachca::answer::{Answered, Failure, answer};
use crate::pachca::ask::{Ask, Params};
use crate::pachca::directory::User;
use crate::pachca::page::{self, Key, Order};
use crate::pachca::state::{Chat, Role, Workspace, folded};

const MOST_USERS: usize = 200;
const MOST_CHATS: usize = 100;
const MOST_MESSAGES: usize = 200;

/// How well a word that is searched for fits: as it is, as a beginning, or but for one slip of a finger.
const EXACT: i64 = 3;
const BEGINNING: i64 = 2;
const SLIP: i64 = 1;

/// How long a word must be for a slip to be forgiven in it.
const LONG: usize = 4;

pub(super) fn users(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&[
        "query",
        "limit",
        "cursor",
        "sort",
        "order",
        "created_from",
        "created_to",
        "company_roles",
        "company_roles[]",
    ])?;
    let words = wanted(params);
    let created = Between::read(params)?;
    let roles = roles(params)?;
    let sort = params.one_of("sort", &["by_score", "alphabetical", "creation"])?;
    let mut found: Vec<(i64, &User)> = workspace
        .users
        .values()
        .filter(|user| created.holds(user.created_ms))
        .filter(|user| roles.is_empty() || roles.contains(&user.role))
        // Without a text suspended people are not found at all.
        .filter(|user| !words.is_empty() || !user.suspended)
        .filter_map(|user| Some((score(&words, |word| fit(user, word))?, user)))
        .collect();
    let falling = match params.get("order") {
        // Names from the first letter on, the newest people first, unless told otherwise.
        None => sort == 2,
        Some(_) => params.one_of("order", &["asc", "desc"])? == 1,
    };
    match sort {
        // With a text suspended people come last, however well they fit. A rank has no other direction.
        0 => found.sort_by_key(|(score, user)| (user.suspended, -score, user.id)),
        1 => found.sort_by_cached_key(|(_, user)| (by_name(user), user.id)),
        _ => found.sort_by_key(|(_, user)| (user.created_ms, user.id)),
    }
    if falling && sort != 0 {
        found.reverse();
    }
    let total = found.len();
    let ranked = (0..).zip(found);
    let ranked = ranked.map(|(rank, (_, user))| (Key::of(rank), user));
    let page = page::turn_by(MOST_USERS, params, Order::Ascending, ranked.collect())?;
    Ok(answer(
        StatusCode::OK,
        &page.search(total, |user| workspace.show_user(user)),
    ))
}

pub(super) fn chats(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&[
        "query",
        "limit",
        "cursor",
        "order",
        "created_from",
        "created_to",
        "active",
        "chat_subtype",
        "personal",
    ])?;
    let words = wanted(params);
    let created = Between::read(params)?;
    let active = params.flag("active")?;
    let personal = params.flag("personal")?;
    let of_threads = params.one_of("chat_subtype", &["discussion", "thread"])? == 1;
    let order = order(params)?;
    let found: Vec<(Key, &Chat)> = workspace
        .chats
        .values()
        .filter(|chat| chat.thread.is_some() == of_threads && workspace.can_read(chat))
        .filter(|chat| created.holds(chat.created_ms))
        .filter(|chat| active.is_none_or(|active| active != chat.archived))
        .filter(|chat| personal.is_none_or(|personal| personal == chat.personal))
        .filter(|chat| score(&words, |word| fit_text(&chat.name, word)).is_some())
        .map(|chat| (Key::of(chat.id), chat))
        .collect();
    let total = found.len();
    let page = page::turn_by(MOST_CHATS, params, order, found)?;
    Ok(answer(
        StatusCode::OK,
        &page.search(total, |chat| workspace.show_chat(chat)),
    ))
}

pub(super) fn messages(workspace: &mut Workspace, ask: &Ask) -> Answered {
    let params = ask.query(&[
        "query",
        "limit",
        "cursor",
        "sort",
        "order",
        "created_from",
        "created_to",
        "chat_ids",
        "chat_ids[]",
        "user_ids",
        "user_ids[]",
        "active",
    ])?;
    let words = wanted(params);
    let created = Between::read(params)?;
    let active = params.flag("active")?;
    let (chat_ids, user_ids) = (params.ids("chat_ids")?, params.ids("user_ids")?);
    let by_score = params.one_of("sort", &["created_at", "relevance"])? == 1;
    let order = order(params)?;
    let found: Vec<_> = workspace
        .messages
        .values()
        .filter(|message| message.deleted_ms.is_none() && created.holds(message.created_ms))
        .filter(|message| chat_ids.is_empty() || chat_ids.contains(&message.chat_id))
        .filter(|message| user_ids.is_empty() || user_ids.contains(&message.user_id))
        .filter(|message| {
            let chat = workspace.chats.get(&message.chat_id);
            chat.is_some_and(|chat| {
                workspace.can_read(chat) && active.is_none_or(|active| active != chat.archived)
            })
        })
        .filter_map(|message| {
            let score = score(&words, |word| fit_text(&message.content, word))?;
            let at = if by_score { score } else { message.created_ms };
            Some((Key::by(at, message.id), message))
        })
        .collect();
    let total = found.len();
    let page = page::turn_by(MOST_MESSAGES, params, order, found)?;
    Ok(answer(
        StatusCode::OK,
        &page.search(total, |message| workspace.show_message(message)),
    ))
}

/// From when to when something was created, both included.
#[derive(Clone, Copy, Debug)]
struct Between {
    from_ms: Option<i64>,
    to_ms: Option<i64>,
}

impl Between {
    fn read(params: Params<'_>) -> Result<Self, Failure> {
        Ok(Self {
            from_ms: params.moment("created_from")?,
            to_ms: params.moment("created_to")?,
        })
    }

    fn holds(self, at_ms: i64) -> bool {
        self.from_ms.is_none_or(|from| at_ms >= from) && self.to_ms.is_none_or(|to| at_ms <= to)
    }
}

fn by_name(user: &User) -> [Option<String>; 2] {
    let card = &user.card;
    [&card.last_name, &card.first_name].map(|name| name.as_deref().map(folded))
}

fn order(params: Params<'_>) -> Result<Order, Failure> {
    Ok(match params.one_of("order", &["desc", "asc"])? {
        0 => Order::Descending,
        _ => Order::Ascending,
    })
}

fn roles(params: Params<'_>) -> Result<Vec<Role>, Failure> {
    let read = |text: &str| {
        Role::read(text).ok_or_else(|| Failure::bad("company_roles", text, "inclusion"))
    };
    params.all("company_roles").into_iter().map(read).collect()
}

/// Returns the words that are searched for.
fn wanted(params: Params<'_>) -> Vec<String> {
    params.get("query").map(words).unwrap_or_default()
}

fn words(text: &str) -> Vec<String> {
    folded(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns how well all the words fit together; nothing if one of them does not.
fn score(words: &[String], fit: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    words.iter().map(|word| fit(word)).sum()
}

/// Returns how well a word fits a person. Telephone numbers are not searched.
fn fit(user: &User, word: &str) -> Option<i64> {
    let card = &user.card;
    let names = [&card.first_name, &card.last_name];
    let names = names.into_iter().flatten().chain([&user.nickname]);
    let email = (!user.bot).then_some(&user.email);
    let loose = names.chain(email).filter_map(|text| fit_text(text, word));
    // Of a title and a department only whole words count.
    let whole = [&card.title, &card.department].into_iter().flatten();
    let whole = whole.filter_map(|text| words(text).iter().any(|w| w == word).then_some(EXACT));
    loose.chain(whole).max()
}

fn fit_text(text: &str, word: &str) -> Option<i64> {
    words(text)
        .iter()
        .filter_map(|known| {
            if known == word {
                Some(EXACT)
            } else if known.starts_with(word) {
                Some(BEGINNING)
            } else {
                let slip =
                    word.chars().count() >= LONG && strsim::damerau_levenshtein(known, word) == 1;
                slip.then_some(SLIP)
            }
        })
        .max()
}
