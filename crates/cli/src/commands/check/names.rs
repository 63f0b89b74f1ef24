//! The names in roles, looked up on a platform as an onboarding would: one that is not known there refuses every person of the role.

use std::collections::BTreeMap;
use std::sync::Arc;

use kadry_core::{
    Email, EmployeeProvider, Error, FieldName, Fields, GrantKind, MatchKey, ProviderId, Standing,
    every,
};
use kadry_flow::intent::{Flow, Intent, Onboard, RoleSection, Who};
use kadry_flow::observe::{Here, Offers, Seen, Snapshot};
use kadry_flow::plan::{Guard, Inherited, Protected, Refused, plan};

use super::finding::{Finding, ROLES};
use crate::commands::providers::probe::NOBODY;
use crate::error::{Failure, guard, of_platform};
use crate::setup::Config;
use crate::words::Words;

/// What one role says of one platform.
pub(super) struct RoleHere {
    name: String,
    fields: Fields,
    /// What it asks for there.
    pub(super) section: RoleSection,
}

/// Tells of roles that can be used nowhere.
pub(super) fn useless(words: &Words, config: &Config, roles: &[String]) -> Vec<Finding> {
    let told = roles.iter().filter_map(|name| {
        let failure = sections(config, name, words).err()?;
        let hint = words.say("check-hint-role-of-nothing");
        Some(Finding::warning(
            ROLES,
            name.as_str(),
            failure.message,
            hint,
        ))
    });
    told.collect()
}

fn sections(
    config: &Config,
    role: &str,
    words: &Words,
) -> Result<(Fields, BTreeMap<ProviderId, RoleSection>), Failure> {
    let fields = config.fields(Some(role), &Fields::new(), words)?;
    let sections = config.sections(Some(role), None, &fields, words)?;
    Ok((fields, sections))
}

/// Returns the roles that speak of a platform.
pub(super) fn here(
    config: &Config,
    roles: &[String],
    id: &ProviderId,
    words: &Words,
) -> Vec<RoleHere> {
    let of_role = |name: &String| {
        let (fields, mut sections) = sections(config, name, words).ok()?;
        Some(RoleHere {
            name: name.clone(),
            fields,
            section: sections.remove(id)?,
        })
    };
    roles.iter().filter_map(of_role).collect()
}

/// Tells of every role whether the platform knows what it names.
pub(super) async fn check(
    words: &Words,
    provider: &Arc<dyn EmployeeProvider>,
    standing: &Standing,
    roles: &[RoleHere],
) -> Vec<Finding> {
    let kinds = provider.capability().grants.iter();
    let listed =
        kinds.filter(|kind| kind.catalogue.is_yes() && roles.iter().any(|role| names(role, kind)));
    let listed = listed.map(|kind| async move {
        let rows =
            every(|from| async move { provider.catalogue(&kind.name, from.as_ref()).await }).await;
        (kind.name.clone(), rows)
    });
    let mut offers = BTreeMap::new();
    for (kind, rows) in futures::future::join_all(listed).await {
        match rows {
            Ok(rows) => {
                offers.insert(kind, Arc::new(rows.into()));
            }
            Err(error) => return unread(words, roles, &error),
        }
    }
    let told = roles.iter();
    told.map(|role| tried(words, provider, standing, &offers, role))
        .collect()
}

/// Tells that the names of these roles could not be looked up.
pub(super) fn unread(words: &Words, roles: &[RoleHere], error: &Error) -> Vec<Finding> {
    let told = roles.iter().map(|role| {
        let variables = [
            ("role", role.name.as_str().into()),
            ("cause", of_platform(words, error).into()),
        ];
        let said = words.say_with("check-role-unread", &variables);
        Finding::warning(
            ROLES,
            role.name.as_str(),
            said,
            words.say("check-hint-reach"),
        )
    });
    told.collect()
}

fn names(role: &RoleHere, kind: &GrantKind) -> bool {
    let section = &role.section;
    section.grants.contains_key(kind.role_key)
        || section.values.contains_key(kind.role_key)
        || (kind.follows_department && role.fields.contains_key(&FieldName::Department))
}

/// Plans as if somebody with the role came: what the planner says of the names is what every newcomer would be told.
fn tried(
    words: &Words,
    provider: &Arc<dyn EmployeeProvider>,
    standing: &Standing,
    offers: &Offers,
    role: &RoleHere,
) -> Finding {
    let standing = Arc::new(standing.clone());
    let here = Here::without(Arc::clone(provider), standing, offers.clone());
    let id = provider.id().clone();
    let snapshot = Snapshot {
        seen: BTreeMap::from([(id.clone(), Seen::Here(Box::new(here)))]),
    };
    let nobody = Email::of_record(NOBODY);
    let mut fields = role.fields.clone();
    fields.insert(FieldName::Email, NOBODY.to_owned());
    let intent = Intent {
        flow: Flow::Onboard(Onboard {
            fields,
            sections: BTreeMap::from([(id, role.section.clone())]),
            privileged: false,
            stays_out: false,
        }),
        who: Who::Email(nobody.clone()),
        actor: String::new(),
        reason: None,
        allow: BTreeMap::new(),
        command: None,
    };
    let keys = [MatchKey::Email(nobody)];
    let planned = plan(
        &intent,
        &keys,
        &snapshot,
        &Inherited::default(),
        &Protected::default(),
    );
    let wrong = planned.err().unwrap_or_default().into_iter();
    let wrong: Vec<String> = wrong
        .map(|refused| refused.guard)
        .filter(is_of_the_role)
        .map(|said| {
            let said = Refused {
                provider: None,
                guard: said,
            };
            guard(words, &said, NOBODY)
        })
        .collect();
    let name = ("role", role.name.as_str().into());
    if wrong.is_empty() {
        let said = words.say_with("check-role-known", &[name]);
        return Finding::ok(ROLES, role.name.as_str(), said);
    }
    let said = words.say_with(
        "check-role-wrong",
        &[name, ("what", wrong.join(" ").into())],
    );
    let hint = words.say("check-hint-role");
    Finding::failure(ROLES, role.name.as_str(), said, Some(hint))
}

/// Reports whether a guard speaks of what the role names, and not of the nobody on whom it was tried.
fn is_of_the_role(guard: &Guard) -> bool {
    let of_a_field = matches!(
        guard,
        Guard::BadValue {
            field: FieldName::Title | FieldName::Department,
            ..
        }
    );
    of_a_field
        || matches!(
            guard,
            Guard::NotOffered { .. }
                | Guard::Ambiguous { .. }
                | Guard::OnlyOne { .. }
                | Guard::NoSuchKind { .. }
        )
}
