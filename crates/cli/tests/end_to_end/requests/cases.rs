//! The flows whose requests are counted, and the least that each could send.
//!
//! The least is worked out by hand from the vendors' documents: what a caller would send who knew beforehand how everything is,
//! who still looks before writing and still reads back what was written. Checked 2026-11.

use super::seen::Store;

pub(super) const ANNA: &str = "anna.novichkova@example.test";

/// Something that happens before the command of a case.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// The person is brought in.
    Hire,
    /// The person confirms the e-mail, after which the id does not change any more.
    Register,
    /// The person is taken out.
    Leave,
}

/// One flow on one person.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) title: &'static str,
    pub(super) before: &'static [Act],
    pub(super) command: &'static [&'static str],
    pub(super) least: &'static [Least],
}

/// The least that one platform could be sent.
#[derive(Debug)]
pub(super) struct Least {
    pub(super) platform: &'static str,
    pub(super) sent: &'static [&'static str],
    /// How many of them one after the other.
    pub(super) rounds: usize,
    /// How many until the door is open or closed.
    pub(super) door: usize,
    pub(super) why: &'static str,
    /// Why more of them wait for one another; empty where none do.
    pub(super) late: &'static str,
}

impl Case {
    /// Returns what a run usually finds. Nobody is linked who was never here.
    pub(super) fn usual(&self) -> Store {
        if self.before.is_empty() {
            Store::Session
        } else {
            Store::LinkAndSession
        }
    }

    pub(super) fn stores(&self) -> impl Iterator<Item = Store> {
        let linked = !self.before.is_empty();
        let possible =
            move |store: &Store| linked || matches!(store, Store::Session | Store::Nothing);
        Store::ALL.into_iter().filter(possible)
    }
}

const JOIN: &[&str] = &[
    "onboard",
    "--email",
    ANNA,
    "--last-name",
    "Образцова",
    "--first-name",
    "Анна",
    "--role",
    "accountant",
    "--yes",
];

pub(super) const CASES: [Case; 6] = [
    Case {
        title: "Onboard a newcomer",
        before: &[],
        command: JOIN,
        least: &NEWCOMER,
    },
    Case {
        title: "Onboard somebody who was here before",
        before: &[Act::Hire, Act::Register, Act::Leave],
        command: JOIN,
        least: &REHIRE,
    },
    Case {
        title: "Onboard somebody who is here already",
        before: &[Act::Hire, Act::Register],
        command: JOIN,
        least: &THERE,
    },
    Case {
        title: "Offboard, calm",
        before: &[Act::Hire, Act::Register],
        command: &["offboard", ANNA, "--yes"],
        least: &CALM,
    },
    Case {
        title: "Offboard, `--now`",
        before: &[Act::Hire, Act::Register],
        command: &["offboard", ANNA, "--now", "--yes"],
        least: &NOW,
    },
    Case {
        title: "Offboard somebody who never confirmed the e-mail",
        before: &[Act::Hire],
        command: &["offboard", ANNA, "--on", "edo", "--yes"],
        least: &UNCONFIRMED,
    },
];

const NEWCOMER: [Least; 3] = [
    Least {
        platform: "dealapp",
        sent: &[
            "look GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]",
            "look GET /api/v1/organization/units",
            "look GET /api/v1/organization/roles",
            "write create POST /api/v1/users",
            "proof GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
        ],
        rounds: 4,
        door: 3,
        why: "Only the whole list proves that nobody is there; the ids of unit and role stand in two lists; the first answer shows that the others may share its token.",
        late: "",
    },
    Least {
        platform: "diadoc",
        sent: &[
            "look GET /GetEmployees?boxId&page&count",
            "look GET /admin/GetDepartments?boxId&page&count",
            "write create POST /CreateEmployee?boxId",
            "write set_grants POST /UpdateSubscriptions?boxId&userId",
            "proof GET /GetEmployees?boxId&page&count",
            "proof GET /GetSubscriptions?boxId&userId",
        ],
        rounds: 4,
        door: 2,
        why: "There is no search, so everybody is listed; the answer to the creation shows the id that the subscriptions need; both are read back at once.",
        late: "The departments wait until it is known who we are; the id is asked for before the mailings are written, and the list is read anew before they are read back.",
    },
    Least {
        platform: "pachca",
        sent: &[
            "look GET /users?limit",
            "look GET /group_tags?limit",
            "look GET /chats?availability&limit",
            "write create POST /users",
            "write notify POST /messages",
            "proof GET /users?query&limit",
            "proof GET /chats?availability&limit",
        ],
        rounds: 4,
        door: 2,
        why: "Only the whole list proves that nobody is there; a tag that does not exist would be made by the creation, so tags are looked at; `chat_ids` of the creation puts the person into chats.",
        late: "The list of everybody waits for the search; the chat and the message are sent one after the other.",
    },
];

const REHIRE: [Least; 3] = [
    Least {
        platform: "dealapp",
        sent: &[
            "look GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
            "write set_access PUT /api/v1/users/{id}",
            "proof GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
        ],
        rounds: 3,
        door: 2,
        why: "The record comes with the names of its unit and role, which are the right ones already.",
        late: "Both lists of names are read before the door.",
    },
    Least {
        platform: "diadoc",
        sent: &[
            "look GET /GetEmployees?boxId&page&count",
            "look GET /admin/GetDepartments?boxId&page&count",
            "look GET /GetEmployeePowersOfAttorney?boxId&userId",
            "look GET /GetSubscriptions?boxId&userId",
            "write set_access POST /UpdateEmployee?boxId&userId",
            "write set_grants POST /UpdateSubscriptions?boxId&userId",
            "proof GET /GetEmployees?boxId&page&count",
            "proof GET /GetSubscriptions?boxId&userId",
        ],
        rounds: 4,
        door: 2,
        why: "What comes back with access has to be shown before; with the id from the store all of it can be asked for at once.",
        late: "The departments wait until it is known who we are, and what the person has waits for the list.",
    },
    Least {
        platform: "pachca",
        sent: &[
            "look GET /users?query&limit",
            "look GET /group_tags?limit",
            "look GET /chats?availability&limit",
            "write set_access PUT /users/{id}",
            "write set_grants POST /chats/{id}/members",
            "write notify POST /messages",
            "proof GET /users?query&limit",
            "proof GET /chats?availability&limit",
        ],
        rounds: 4,
        door: 2,
        why: "One change of the record can carry the door and the tags; the chat and the message wait for it, but not for each other.",
        late: "Tags and chats wait for what the token says of itself; the tags are written before the door opens; the chat and the message are sent one after the other.",
    },
];

const THERE: [Least; 3] = [
    Least {
        platform: "dealapp",
        sent: &[
            "look GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
        ],
        rounds: 1,
        door: 0,
        why: "The record comes with the names of its unit and role.",
        late: "Both lists of names are read.",
    },
    Least {
        platform: "diadoc",
        sent: &[
            "look GET /GetEmployees?boxId&page&count",
            "look GET /admin/GetDepartments?boxId&page&count",
            "look GET /GetSubscriptions?boxId&userId",
        ],
        rounds: 1,
        door: 0,
        why: "The record names its department by id only; with the id from the store everything can be asked for at once.",
        late: "The departments wait until it is known who we are, and the mailings wait for the departments.",
    },
    Least {
        platform: "pachca",
        sent: &[
            "look GET /users?query&limit",
            "look GET /chats?availability&limit",
        ],
        rounds: 1,
        door: 0,
        why: "The record shows its tags by name; only the list of chats shows who is in a chat.",
        late: "Tags and chats wait for what the token says of itself.",
    },
];

const CALLS_LEAVER: Least = Least {
    platform: "dealapp",
    sent: &[
        "look GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
        "write set_access PUT /api/v1/users/{id}",
        "proof GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
    ],
    rounds: 3,
    door: 2,
    why: "Find, close, read back; nothing is revoked here.",
    late: "",
};

const DOCUMENTS_LEAVER: Least = Least {
    platform: "diadoc",
    sent: &[
        "look GET /GetEmployees?boxId&page&count",
        "look GET /GetEmployeePowersOfAttorney?boxId&userId",
        "look GET /GetSubscriptions?boxId&userId",
        "write set_access POST /UpdateEmployee?boxId&userId",
        "write set_grants POST /UpdateSubscriptions?boxId&userId",
        "proof GET /GetEmployees?boxId&page&count",
        "proof GET /GetEmployeePowersOfAttorney?boxId&userId",
        "proof GET /GetSubscriptions?boxId&userId",
    ],
    rounds: 4,
    door: 2,
    why: "With the id from the store, what is to be taken can be asked for together with the list; the list alone would do for the door.",
    late: "What the person has is asked for under the id that the list shows, and not under the one from the store.",
};

const CALM: [Least; 3] = [
    CALLS_LEAVER,
    DOCUMENTS_LEAVER,
    Least {
        platform: "pachca",
        sent: &[
            "look GET /users?query&limit",
            "look GET /chats?availability&limit",
            "look GET /chats?personal&limit",
            "write set_grants DELETE /chats/{id}/members/{id}",
            "write set_access PUT /users/{id}",
            "proof GET /users?query&limit",
        ],
        rounds: 4,
        door: 3,
        why: "No list shows all chats, so both are read; the chat of a tag is left together with the tag, and one change of the record can carry the tags and the door; a closed record shows no chats, so only the record is read back.",
        late: "The tags and every chat are changes of their own, one after the other, and the door waits for all of them.",
    },
];

const NOW: [Least; 3] = [
    CALLS_LEAVER,
    Least {
        platform: "diadoc",
        sent: &[
            "look GET /GetEmployees?boxId&page&count",
            "write set_access POST /UpdateEmployee?boxId&userId",
            "between GET /GetEmployeePowersOfAttorney?boxId&userId",
            "between GET /GetSubscriptions?boxId&userId",
            "write set_grants POST /UpdateSubscriptions?boxId&userId",
            "proof GET /GetEmployees?boxId&page&count",
            "proof GET /GetEmployeePowersOfAttorney?boxId&userId",
            "proof GET /GetSubscriptions?boxId&userId",
        ],
        rounds: 4,
        door: 2,
        why: "Only the list stands before the door; what is to be taken can be asked for while the door is closing.",
        late: "What the person has is asked for when the door is closed, beside the look at it.",
    },
    Least {
        platform: "pachca",
        sent: &[
            "look GET /users?query&limit",
            "look GET /chats?availability&limit",
            "look GET /chats?personal&limit",
            "write set_access PUT /users/{id}",
            "proof GET /users?query&limit",
        ],
        rounds: 3,
        door: 2,
        why: "The chats are read to be named as residue: behind the closed door nobody sees them; one change of the record can carry the door and the tags.",
        late: "The tags are a change of their own.",
    },
];

const UNCONFIRMED: [Least; 1] = [Least {
    late: "What the person has waits for the list before the door, and the id is asked for before the mailings are written.",
    ..DOCUMENTS_LEAVER
}];
