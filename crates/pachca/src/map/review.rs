//! What the platform would make of a wish.

use kadry_core::{
    Email, FieldName, Grant, KindName, Reason, Refusal, RefusedGrant, Review, Wish, fold,
};

use super::{GUESTS, status};

/// The longest text of a field, in characters; a title has no documented limit.
/// <https://dev.pachca.com/api/users/create> Checked 2026-11.
const LONGEST: usize = 255;

/// The longest value of a custom property, in characters. <https://dev.pachca.com/api/users/create> Checked 2026-11.
const LONGEST_VALUE: usize = 768;

/// Returns what the platform would keep of a wish. It has no patronymic and no employer's id.
pub(crate) fn review(wish: &Wish) -> Review {
    let mut review = Review::default();
    for (field, value) in &wish.fields {
        let value = value.trim();
        if value.is_empty() || matches!(field, FieldName::MiddleName | FieldName::ExternalId) {
            continue;
        }
        match refusal(*field, value) {
            Some(reason) => review.refused.push(Refusal {
                field: *field,
                reason,
            }),
            None => {
                review.stored.insert(*field, value.to_owned());
            }
        }
    }
    for (kind, grants) in &wish.grants {
        for grant in grants {
            if let Some(reason) = refused_grant(kind, grant, wish) {
                review.refused_grants.push(RefusedGrant {
                    grant: grant.clone(),
                    reason,
                });
            }
        }
    }
    review
}

fn refusal(field: FieldName, value: &str) -> Option<Reason> {
    if field == FieldName::Email && Email::parse(value).is_err() {
        return Some(Reason::new("bad-email"));
    }
    let limited = field != FieldName::Title;
    (limited && value.chars().count() > LONGEST).then(|| Reason::about("too-long", "255"))
}

fn refused_grant(kind: &KindName, grant: &Grant, wish: &Wish) -> Option<Reason> {
    if *kind == KindName::TAG {
        let guest = wishes_a_guest(wish);
        return guest.then(|| Reason::new("guests-have-no-tags"));
    }
    if *kind == KindName::PROPERTY {
        let value = grant.value.as_deref().unwrap_or_default().trim();
        if value.is_empty() {
            return Some(Reason::new("value-missing"));
        }
        let long = value.chars().count() > LONGEST_VALUE;
        return long.then(|| Reason::about("too-long", "768"));
    }
    if *kind == KindName::STATUS && status::parse(&grant.name).is_none() {
        return Some(Reason::new("bad-status"));
    }
    None
}

fn wishes_a_guest(wish: &Wish) -> bool {
    let mut roles = wish.grants.get(&KindName::ROLE).into_iter().flatten();
    roles.any(|role| GUESTS.contains(&fold(&role.name).as_str()))
}
