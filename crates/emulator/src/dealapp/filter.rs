//! The filters of the user list; all of them must let a user through.

use super::habits::{Blocked, Habits};
use super::records::{Records, User};
use super::request::Call;
use crate::wire::Refused;

const STATUSES: &[&str] = &[
    "no_invitation_sent",
    "invitation_sent",
    "invitation_accepted",
    "user_blocked",
];

/// Which users a list shows.
pub(super) struct Filter {
    with_inactive: bool,
    active: Option<bool>,
    units: Option<Vec<String>>,
    roles: Option<Vec<String>>,
    levels: Option<Vec<String>>,
    invitation_status: Option<String>,
    search: Option<String>,
}

impl Filter {
    /// Reads the filters, in brackets or bare.
    pub(super) fn read(call: &Call) -> Result<Self, Refused> {
        let mut with_inactive = false;
        for name in ["with_inactive", "filters[with_inactive]"] {
            match call.param(name) {
                None => {}
                Some("true") => with_inactive = true,
                Some(_) => call.wire.undocumented(format!("`{name}` is not `true`"))?,
            }
        }
        let either = |name: &str| {
            call.param(&format!("filters[{name}]"))
                .or_else(|| call.param(name))
        };
        let active = match either("active") {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(_) => {
                call.wire
                    .undocumented("`filters[active]` is neither `true` nor `false`")?;
                None
            }
        };
        let invitation_status = either("invitation_status").map(str::to_owned);
        if invitation_status
            .as_deref()
            .is_some_and(|status| !STATUSES.contains(&status))
        {
            call.wire
                .undocumented("`filters[invitation_status]` has an unknown value")?;
        }
        Ok(Self {
            with_inactive,
            active,
            units: call.list("units_ids"),
            roles: call.list("roles_ids"),
            levels: call.list("levels_ids"),
            invitation_status,
            search: call.param("search").map(str::to_lowercase),
        })
    }

    /// Reports whether the list shows `user`.
    pub(super) fn lets(&self, habits: Habits, records: &Records, user: &User) -> bool {
        let among = |wanted: &Option<Vec<String>>, has: Option<&String>| {
            wanted
                .as_ref()
                .is_none_or(|wanted| has.is_some_and(|has| wanted.contains(has)))
        };
        let is_there = |unit: &String| {
            let below = habits.units_with_those_below && records.is_within(&user.unit, unit);
            *unit == user.unit || below
        };
        let asked_for = habits.active_filter_is_enough && self.active == Some(false);
        (self.with_inactive || asked_for || user.active)
            && self.active.is_none_or(|active| user.active == active)
            && self
                .units
                .as_ref()
                .is_none_or(|units| units.iter().any(is_there))
            && among(&self.roles, Some(&user.role))
            && among(&self.levels, user.level.as_ref())
            && self
                .invitation_status
                .as_deref()
                .is_none_or(|status| has_status(habits, user, status))
            && self
                .search
                .as_deref()
                .is_none_or(|text| mentions(user, text))
    }
}

/// Reports whether `user` is in an invitation status. What blocks a user is not said.
fn has_status(habits: Habits, user: &User, status: &str) -> bool {
    match status {
        "invitation_accepted" => user.accepted_invitation,
        "invitation_sent" => user.invitation_sent && !user.accepted_invitation,
        "no_invitation_sent" => !user.invitation_sent && !user.accepted_invitation,
        "user_blocked" => match habits.blocked {
            Blocked::Inactive => !user.active,
            Blocked::Apart => user.locked_out,
        },
        _ => false,
    }
}

fn mentions(user: &User, text: &str) -> bool {
    user.name().to_lowercase().contains(text) || user.email.contains(text)
}
