//! Everything that a platform says of itself, for programs: the keys and the words are a contract, the sentences beside them are not.

use std::collections::BTreeMap;

use kadry_core::{
    Capability, CreateNotice, FieldName, FieldRule, FoundBy, GrantKind, Holds, KeyName, KindName,
    Matching, OnLeave, ReadBy, Reason, Support, Write,
};
use serde::Serialize;

use crate::error::reason;
use crate::words::Words;

/// What a platform can and cannot do.
#[derive(Debug, Serialize)]
pub(super) struct Answers {
    match_by: Vec<Match>,
    required: Vec<FieldName>,
    fields: BTreeMap<FieldName, FieldAnswers>,
    list: Answer,
    create: Answer,
    create_notice: &'static str,
    update: Answer,
    suspend: Answer,
    reopen: Answer,
    remove: Answer,
    notify: Answer,
    was_notified: Answer,
    grants: Vec<GrantAnswers>,
    caveats: Vec<Why>,
    on_suspend: Vec<Why>,
    on_remove: Vec<Why>,
    /// The rights of which one signs with any.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    signs_with: &'static [&'static str],
    request_timeout_ms: u64,
}

#[derive(Debug, Serialize)]
struct Match {
    key: KeyName,
    found_by: &'static str,
}

#[derive(Debug, Serialize)]
struct FieldAnswers {
    create: Answer,
    update: Answer,
    clear: Answer,
}

#[derive(Debug, Serialize)]
struct GrantAnswers {
    kind: KindName,
    role_key: &'static str,
    holds: &'static str,
    on_create: Answer,
    on_update: Answer,
    clear: Answer,
    alone: Answer,
    together: bool,
    read: &'static str,
    catalogue: Answer,
    define: Answer,
    while_suspended: Answer,
    on_leave: Leaving,
    hand_over: Answer,
    after: Vec<KindName>,
    follows_department: bool,
}

#[derive(Debug, Serialize)]
struct Answer {
    supported: bool,
    /// What is sent, where there is more than one way to write.
    #[serde(skip_serializing_if = "Option::is_none")]
    sends: Option<&'static str>,
    #[serde(flatten)]
    no: Option<Why>,
}

#[derive(Debug, Serialize)]
struct Leaving {
    does: &'static str,
    #[serde(flatten)]
    kept: Option<Why>,
}

#[derive(Debug, Serialize)]
struct Why {
    reason: String,
    /// What the sentence names, such as the missing scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    why: String,
}

impl Answers {
    /// Returns every answer of a capability.
    pub(super) fn of(words: &Words, capability: &Capability) -> Self {
        // Without `..`: a new question breaks the build here until it is told.
        let Capability {
            match_by,
            fields,
            required,
            list,
            create,
            create_notice,
            update,
            suspend,
            reopen,
            remove,
            notify,
            was_notified,
            grants,
            caveats,
            on_suspend,
            on_remove,
            signs_with,
            request_timeout_ms,
        } = capability;
        let answer = |support| Answer::of(words, support);
        let fields = fields.iter();
        let grants = grants.iter();
        Self {
            match_by: match_by.iter().map(Match::of).collect(),
            required: required.clone(),
            fields: fields
                .map(|(field, rule)| (*field, FieldAnswers::of(words, rule)))
                .collect(),
            list: answer(list),
            create: answer(create),
            create_notice: told(*create_notice),
            update: answer(update),
            suspend: answer(suspend),
            reopen: answer(reopen),
            remove: answer(remove),
            notify: answer(notify),
            was_notified: answer(was_notified),
            grants: grants.map(|kind| GrantAnswers::of(words, kind)).collect(),
            caveats: whys(words, caveats),
            on_suspend: whys(words, on_suspend),
            on_remove: whys(words, on_remove),
            signs_with: signs_with.as_ref().map_or(&[][..], |(_, names)| names),
            request_timeout_ms: *request_timeout_ms,
        }
    }
}

impl Match {
    const fn of(matching: &Matching) -> Self {
        let Matching { key, found_by } = *matching;
        let found_by = match found_by {
            FoundBy::Asking => "asking",
            FoundBy::AskingThenListing => "asking_then_listing",
            FoundBy::Listing => "listing",
        };
        Self { key, found_by }
    }
}

impl FieldAnswers {
    fn of(words: &Words, rule: &FieldRule) -> Self {
        let FieldRule {
            create,
            update,
            clear,
        } = rule;
        Self {
            create: Answer::of(words, create),
            update: Answer::of(words, update),
            clear: Answer::of(words, clear),
        }
    }
}

impl GrantAnswers {
    fn of(words: &Words, kind: &GrantKind) -> Self {
        let GrantKind {
            name,
            role_key,
            holds,
            on_create,
            on_update,
            clear,
            alone,
            together,
            read,
            catalogue,
            define,
            while_suspended,
            on_leave,
            hand_over,
            after,
            follows_department,
        } = kind;
        let answer = |support| Answer::of(words, support);
        Self {
            kind: name.clone(),
            role_key,
            holds: held(*holds),
            on_create: answer(on_create),
            on_update: Answer::of_write(words, on_update),
            clear: answer(clear),
            alone: answer(alone),
            together: *together,
            read: shown(*read),
            catalogue: answer(catalogue),
            define: answer(define),
            while_suspended: answer(while_suspended),
            on_leave: Leaving::of(words, on_leave),
            hand_over: answer(hand_over),
            after: after.to_vec(),
            follows_department: *follows_department,
        }
    }
}

impl Answer {
    const fn yes(sends: Option<&'static str>) -> Self {
        Self {
            supported: true,
            sends,
            no: None,
        }
    }

    fn no(words: &Words, why: &Reason) -> Self {
        Self {
            supported: false,
            sends: None,
            no: Some(Why::of(words, why)),
        }
    }

    fn of(words: &Words, support: &Support) -> Self {
        match support {
            Support::Yes => Self::yes(None),
            Support::No(why) => Self::no(words, why),
        }
    }

    fn of_write(words: &Words, write: &Write) -> Self {
        match write {
            Write::WholeSet => Self::yes(Some("whole_set")),
            Write::Delta => Self::yes(Some("delta")),
            Write::No(why) => Self::no(words, why),
        }
    }
}

impl Leaving {
    fn of(words: &Words, on_leave: &OnLeave) -> Self {
        let (does, kept) = match on_leave {
            OnLeave::Revoke => ("revoke", None),
            OnLeave::Keep(why) => ("keep", Some(Why::of(words, why))),
        };
        Self { does, kept }
    }
}

impl Why {
    fn of(words: &Words, why: &Reason) -> Self {
        Self {
            reason: why.key.to_string(),
            detail: why.detail.as_deref().map(str::to_owned),
            why: reason(words, why),
        }
    }
}

fn whys(words: &Words, reasons: &[Reason]) -> Vec<Why> {
    reasons.iter().map(|why| Why::of(words, why)).collect()
}

const fn told(notice: CreateNotice) -> &'static str {
    match notice {
        CreateNotice::UnlessQuiet => "unless_quiet",
        CreateNotice::Always => "always",
        CreateNotice::Never => "never",
    }
}

const fn held(holds: Holds) -> &'static str {
    match holds {
        Holds::One { required: true } => "exactly_one",
        Holds::One { required: false } => "at_most_one",
        Holds::Many => "many",
        Holds::Values => "values",
    }
}

const fn shown(read: ReadBy) -> &'static str {
    match read {
        ReadBy::WithEmployee => "with_employee",
        ReadBy::EachPerson => "each_person",
        ReadBy::Catalogue => "catalogue",
    }
}
