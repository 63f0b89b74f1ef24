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

/// What the workspace adds to everybody's card, by name and type.
const PROPERTIES: &[(&str, &str)] = &[
    (PERSONNEL_NUMBER, "string"),
    ("Дата приёма", "date"),
    (CITY, "string"),
    ("Страница сотрудника", "link"),
];

const PERSONNEL_NUMBER: &str = "Табельный номер";
const CITY: &str = "Город";

/// Returns the workspace with its people, tags and chats.
pub(super) fn workspace(options: &Options, clock: &Clock, people: &People) -> Workspace {
    let mut workspace = empty(options, clock);
    let service = workspace.add_user(SERVICE, None, Role::Admin);
    workspace.token.user_id = service;
    if let Err(sentence) = workspace.add(company(people)) {
        tracing::error!(sentence, "the starting data is incomplete");
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
        thread: 265_000,
        thread_chat: 2_637_266_000,
        reaction: 0,
        avatar: 0,
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
        habits: options.pachca,
        sdk_answers: options.sdk_answers,
        rng,
        ids,
        token,
        users: Directory::default(),
        deleted: BTreeSet::new(),
        tags: BTreeMap::new(),
        chats: BTreeMap::new(),
        messages: BTreeMap::new(),
        threads: BTreeMap::new(),
        detached: Vec::new(),
        exports: 0,
        mails: Vec::new(),
        properties: (property..)
            .zip(PROPERTIES)
            .map(|(id, (name, data_type))| Property {
                id,
                name,
                data_type,
            })
            .collect(),
        today: BTreeMap::new(),
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
        owner: Some(OWNER.to_owned()),
        ..Records::default()
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
        custom_properties: properties(person),
        ..UserRecord::default()
    }
}

/// Returns what stands on a person's card: everybody has a number, and every third person a city.
fn properties(person: &Person) -> BTreeMap<String, String> {
    let number = format!("{:05}", person.number);
    let mut properties = BTreeMap::from([(PERSONNEL_NUMBER.to_owned(), number)]);
    if person.number.is_multiple_of(3) {
        properties.insert(CITY.to_owned(), "Примерск".to_owned());
    }
    properties
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
    chats.extend(kept_by_one(people));
    chats
}

/// Returns the chats that hang on one ordinary person, who is the last one with access: an open chat that the person made, and one
/// whose only administrator the person is, since its owner lost access. The service account is in neither.
fn kept_by_one(people: &People) -> Vec<ChatRecord> {
    let keeper = people
        .on("pachca")
        .filter(|person| !person.suspended)
        .last();
    let gone = people.on("pachca").find(|person| person.suspended);
    let chat = |name: &str, owner: &Person| ChatRecord {
        name: name.to_owned(),
        public: true,
        owner: Some(owner.email.clone()),
        ..ChatRecord::default()
    };
    let made = keeper.map(|keeper| chat("Книжный клуб", keeper));
    let kept = keeper.zip(gone).map(|(keeper, gone)| ChatRecord {
        admins: vec![keeper.email.clone()],
        ..chat("Велопробег", gone)
    });
    made.into_iter().chain(kept).collect()
}
