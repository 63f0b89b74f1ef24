//! The workspace as it is at the start.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;

use crate::pachca::directory::Directory;
use crate::pachca::seeding::{ChatRecord, Records, UserRecord};
use crate::pachca::state::{Ids, Property, Role, Workspace};
use crate::pachca::token::{SCOPES, Token};
use crate::seed::{self, DEPARTMENTS, People, Person};
use crate::{Clock, Options};

/// The service account, an administrator, whose token the settings name.
pub(super) const SERVICE: &str = "svc@example.test";

/// The owner of the workspace, whose record nobody else may change.
pub(super) const OWNER: &str = "ceo@example.test";

/// Returns the workspace with its people, tags and chats.
pub(super) fn workspace(options: &Options, clock: &Clock, people: &People) -> Workspace {
    let mut workspace = empty(options, clock);
    let service = workspace.add_user(SERVICE, None, Role::Admin);
    workspace.token.user_id = service;
    if let Err(sentence) = workspace.add(company(people)) {
        tracing::error!(sentence, "the starting data is incomplete");
    }
    let owner = workspace.users.by_email(OWNER).map(|user| user.id);
    if let Some(owner) = owner {
        workspace.users.change(owner, |user| user.owner = true);
    }
    workspace
}

fn empty(options: &Options, clock: &Clock) -> Workspace {
    let mut rng = seed::rng(options.seed, "pachca");
    let ids = Ids {
        user: rng.random_range(1_000..9_000),
        tag: rng.random_range(100..900),
        chat: rng.random_range(10_000..90_000),
        message: rng.random_range(100_000..900_000),
    };
    let property = rng.random_range(1_000..9_000);
    let token = Token {
        id: rng.random_range(10_000..90_000),
        secret: secret(options),
        user_id: 0,
        scopes: SCOPES.to_vec(),
        created_ms: clock.now_ms(),
        last_used_ms: None,
    };
    Workspace {
        clock: clock.clone(),
        limits: options.limits,
        rng,
        ids,
        token,
        users: Directory::default(),
        deleted: BTreeSet::new(),
        tags: BTreeMap::new(),
        chats: BTreeMap::new(),
        messages: BTreeMap::new(),
        mails: Vec::new(),
        properties: vec![
            Property {
                id: property,
                name: "Табельный номер",
                data_type: "string",
            },
            Property {
                id: property + 1,
                name: "Дата приёма",
                data_type: "date",
            },
        ],
        paces: BTreeMap::new(),
    }
}

/// Returns the token's secret, of the 43 characters that real ones have.
pub(super) fn secret(options: &Options) -> String {
    seed::token(options.seed, "pachca token", 43)
}

fn company(people: &People) -> Records {
    let mut users = vec![
        UserRecord {
            email: SERVICE.to_owned(),
            first_name: Some("Служебная".to_owned()),
            last_name: Some("Запись".to_owned()),
            invite_status: Some("confirmed".to_owned()),
            ..UserRecord::default()
        },
        UserRecord {
            email: OWNER.to_owned(),
            first_name: Some("Василиса".to_owned()),
            last_name: Some("Владыкина".to_owned()),
            title: Some("Генеральный директор".to_owned()),
            role: Some("admin".to_owned()),
            ..UserRecord::default()
        },
        UserRecord {
            email: "helper_bot@example.test".to_owned(),
            first_name: Some("Помощник".to_owned()),
            bot: Some(true),
            ..UserRecord::default()
        },
    ];
    users.extend(people.on("pachca").map(user));
    Records {
        tags: DEPARTMENTS
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        chats: chats(people),
        users,
        scopes: None,
    }
}

fn user(person: &Person) -> UserRecord {
    UserRecord {
        email: person.email.clone(),
        first_name: Some(person.first_name.clone()),
        last_name: Some(person.last_name.clone()),
        phone_number: Some(format!("+7000{:07}", person.number)),
        department: Some(person.department.clone()),
        title: Some(person.title.clone()),
        suspended: Some(person.suspended),
        list_tags: Some(vec![person.department.clone()]),
        ..UserRecord::default()
    }
}

/// Returns a chat for everybody, one per department by its tag, and some that not everything works in.
fn chats(people: &People) -> Vec<ChatRecord> {
    let everybody: Vec<String> = people.on("pachca").map(|p| p.email.clone()).collect();
    let chat = |name: &str| ChatRecord {
        name: name.to_owned(),
        ..ChatRecord::default()
    };
    let mut chats = vec![
        ChatRecord {
            public: true,
            members: everybody.clone(),
            ..chat("Общий")
        },
        ChatRecord {
            channel: true,
            public: true,
            owner: Some(OWNER.to_owned()),
            members: everybody.clone(),
            admins: vec![SERVICE.to_owned()],
            ..chat("Новости")
        },
        ChatRecord {
            archived: true,
            members: everybody,
            ..chat("Переезд офиса")
        },
        // The service account is not in this one, and nothing shows it.
        ChatRecord {
            owner: Some(OWNER.to_owned()),
            ..chat("Руководство")
        },
    ];
    chats.extend(DEPARTMENTS.iter().map(|(name, _)| ChatRecord {
        tags: vec![(*name).to_owned()],
        ..chat(name)
    }));
    chats
}
