//! What each request is for, and why one that is above the least is sent nevertheless. Checked 2026-11.

/// Why a request is sent although a caller who knew everything beforehand would not send it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Above {
    /// It never is.
    Never,
    /// There is a reason.
    Kept(&'static str),
    /// It could be left out.
    Spare(&'static str),
}

use Above::{Kept, Never, Spare};

/// A request that is known here.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) platform: &'static str,
    pub(super) sent: &'static str,
    pub(super) why: &'static str,
    pub(super) above: Above,
}

const fn dealapp(sent: &'static str, why: &'static str, above: Above) -> Known {
    Known {
        platform: "dealapp",
        sent,
        why,
        above,
    }
}

const fn diadoc(sent: &'static str, why: &'static str, above: Above) -> Known {
    Known {
        platform: "diadoc",
        sent,
        why,
        above,
    }
}

const fn pachca(sent: &'static str, why: &'static str, above: Above) -> Known {
    Known {
        platform: "pachca",
        sent,
        why,
        above,
    }
}

const SEARCHED_FIRST: Above = Kept(
    "Whoever is here already is found with it at once; that it would find nobody is not known beforehand.",
);

const ROLES_AND_UNITS: Above = Spare(
    "The record comes with the names of both. Nothing is sent side by side here, so that to wait for the record costs nothing, and the list is needed only where the role wants another one.",
);

const LISTS_STAY: Above = Spare(
    "A run does not change the list, and the record comes with the names; each costs a round of its own.",
);

const TWO_SHELVES: Above = Kept(
    "No list shows all chats, and on which one those of the role stand is not known beforehand.",
);

const ID_MAY_CHANGE: Above = Spare(
    "The id of somebody who has not confirmed the e-mail changes when they do, so it is looked up anew for each question; the list of a moment ago would do.",
);

pub(super) const KNOWN: &[Known] = &[
    dealapp("sign-in POST /auth/sign_in", "Opens a session.", Never),
    dealapp(
        "look GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
        "Looks for the person by e-mail.",
        SEARCHED_FIRST,
    ),
    dealapp(
        "look GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]",
        "Lists everybody, page by page: a search that finds nobody proves nothing.",
        Never,
    ),
    dealapp(
        "look GET /api/v1/organization/units",
        "Finds the id of the unit.",
        ROLES_AND_UNITS,
    ),
    dealapp(
        "look GET /api/v1/organization/roles",
        "Finds the id of the role.",
        ROLES_AND_UNITS,
    ),
    dealapp(
        "write create POST /api/v1/users",
        "Makes the record with its unit and role.",
        Never,
    ),
    dealapp(
        "write set_access PUT /api/v1/users/{id}",
        "Opens or closes the door.",
        Never,
    ),
    dealapp(
        "proof GET /api/v1/users?with_inactive&filters[with_inactive]&include&sort&page[number]&search",
        "Reads the record back.",
        Never,
    ),
    dealapp(
        "proof GET /api/v1/organization/units",
        "Reads the names of units once more.",
        LISTS_STAY,
    ),
    dealapp(
        "proof GET /api/v1/organization/roles",
        "Reads the names of roles once more.",
        LISTS_STAY,
    ),
    diadoc(
        "sign-in POST /connect/token",
        "Gets an access token for the refresh token.",
        Never,
    ),
    diadoc(
        "look GET /GetMyEmployee?boxId",
        "Shows who we are in the box, and whether we administer it.",
        Kept("Nothing else shows which row of the list is ours. It leaves together with the list."),
    ),
    diadoc(
        "look GET /GetEmployees?boxId&page&count",
        "Lists everybody, page by page: there is no search.",
        ID_MAY_CHANGE,
    ),
    diadoc(
        "look GET /admin/GetDepartments?boxId&page&count",
        "Finds the department of the role.",
        Never,
    ),
    diadoc(
        "look GET /GetSubscriptions?boxId&userId",
        "Shows which mailings the person gets.",
        Never,
    ),
    diadoc(
        "look GET /GetEmployeePowersOfAttorney?boxId&userId",
        "Shows which powers of attorney are attached.",
        Never,
    ),
    diadoc(
        "write create POST /CreateEmployee?boxId",
        "Makes the record with its department and rights.",
        Never,
    ),
    diadoc(
        "write set_access POST /UpdateEmployee?boxId&userId",
        "Opens or closes the door.",
        Never,
    ),
    diadoc(
        "write set_grants POST /UpdateSubscriptions?boxId&userId",
        "Turns mailings on or off.",
        Never,
    ),
    diadoc(
        "between GET /GetMyEmployee?boxId",
        "Shows once more who we are.",
        Spare("Nothing that is done in between changes who we are."),
    ),
    diadoc(
        "between GET /GetEmployees?boxId&page&count",
        "Looks up the record and the id that it has now.",
        Spare("The answer to the change before it shows both."),
    ),
    diadoc(
        "between GET /GetEmployee?boxId&userId",
        "Proves that the id still leads to the person.",
        Spare("The answer to the change before it shows the same."),
    ),
    diadoc(
        "between GET /GetSubscriptions?boxId&userId",
        "Shows which mailings are to be turned off.",
        Never,
    ),
    diadoc(
        "between GET /GetEmployeePowersOfAttorney?boxId&userId",
        "Shows which powers of attorney are to be detached.",
        Never,
    ),
    diadoc(
        "proof GET /GetMyEmployee?boxId",
        "Shows once more who we are.",
        Spare(OWN_ROW_THEN),
    ),
    diadoc(
        "proof GET /GetEmployees?boxId&page&count",
        "Reads the record back.",
        ID_MAY_CHANGE,
    ),
    diadoc(
        "proof GET /admin/GetDepartments?boxId&page&count",
        "Reads the names of departments once more.",
        Spare("A run changes no department but one that it has made itself."),
    ),
    diadoc(
        "proof GET /GetSubscriptions?boxId&userId",
        "Reads the mailings back.",
        Never,
    ),
    diadoc(
        "proof GET /GetEmployeePowersOfAttorney?boxId&userId",
        "Proves that nothing is attached.",
        Never,
    ),
    pachca(
        "look GET /oauth/token/info",
        "Shows what the token may do.",
        Kept(
            "A missing scope is said before anything is written, not half-way. It leaves together with the search.",
        ),
    ),
    pachca(
        "look GET /users?query&limit",
        "Looks for the person by e-mail.",
        SEARCHED_FIRST,
    ),
    pachca(
        "look GET /users?limit",
        "Lists everybody, page by page: a search that finds nobody proves nothing.",
        Never,
    ),
    pachca(
        "look GET /group_tags?limit",
        "Finds the tags of the role.",
        Kept("Asked for before it is known that the record has the tags already."),
    ),
    pachca(
        "look GET /chats?availability&limit",
        "Shows the open chats and who is in them.",
        TWO_SHELVES,
    ),
    pachca(
        "look GET /chats?personal&limit",
        "Shows the chats of the service account and who is in them.",
        TWO_SHELVES,
    ),
    pachca(
        "write create POST /users",
        "Makes the record with its tags and role.",
        Never,
    ),
    pachca(
        "write set_access PUT /users/{id}",
        "Opens or closes the door.",
        Never,
    ),
    pachca(
        "write update PUT /users/{id}",
        "Writes the fields and tags.",
        Kept(
            "Could be one change with the door; but tags that are refused must not decide over the door.",
        ),
    ),
    pachca(
        "write set_grants POST /chats/{id}/members",
        "Puts the person into a chat.",
        Kept(
            "`chat_ids` of the creation could do it; but a chat that refuses must not keep the record from being made.",
        ),
    ),
    pachca(
        "write set_grants DELETE /chats/{id}/members/{id}",
        "Takes the person out of a chat.",
        Kept(
            "The chat of a tag is left together with the tag, unless the person was put in by hand as well, which no list shows.",
        ),
    ),
    pachca("write notify POST /messages", "Welcomes the person.", Never),
    pachca(
        "proof GET /users?query&limit",
        "Reads the record back.",
        Never,
    ),
    pachca(
        "proof GET /group_tags?limit",
        "Reads the names of tags once more.",
        Spare(
            "A run changes no tag but one that it has made itself, and the record shows its tags by name.",
        ),
    ),
    pachca(
        "proof GET /chats?availability&limit",
        "Shows who is in the open chats.",
        BEHIND_THE_DOOR,
    ),
    pachca(
        "proof GET /chats?personal&limit",
        "Shows who is in the chats of the service account.",
        BEHIND_THE_DOOR,
    ),
];

const OWN_ROW_THEN: &str = "The list that is read back at the same time shows our own row as well, and its id is known by then.";

const BEHIND_THE_DOOR: Above = Spare(
    "No list shows the chats of a closed record; after a door was opened, only the list that has the chats of the role is needed.",
);
