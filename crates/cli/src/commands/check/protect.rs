//! `[protect]`: an address that nobody has protects nobody.

use std::collections::BTreeSet;

use kadry_core::{Email, EmployeeProvider, FoundBy, KeyName, MatchKey, Result as Answered, every};

use super::finding::Finding;
use super::platform::Looked;
use crate::setup::Config;
use crate::words::Words;

const PART: &str = "protect";

/// Returns which of these addresses somebody has on a platform, suspended people included.
///
/// # Errors
///
/// The errors of any request.
pub(super) async fn known(
    provider: &dyn EmployeeProvider,
    emails: &[&Email],
) -> Answered<BTreeSet<Email>> {
    let mut known = BTreeSet::new();
    let Some(found_by) = provider.capability().found_by(KeyName::Email) else {
        return Ok(known);
    };
    let mut missing: Vec<&Email> = emails.to_vec();
    if found_by != FoundBy::Listing {
        for email in emails {
            let key = &MatchKey::Email((*email).clone());
            let rows = every(|from| async move { provider.find(key, from.as_ref()).await }).await?;
            if !rows.is_empty() {
                known.insert((*email).clone());
            }
        }
        missing.retain(|email| !known.contains(*email));
    }
    if missing.is_empty() || found_by == FoundBy::Asking {
        return Ok(known);
    }
    let rows = every(|from| async move { provider.list(from.as_ref()).await }).await?;
    let has = |email: &&&Email| {
        let key = MatchKey::Email((**email).clone());
        rows.iter().any(|row| row.matches(&key))
    };
    known.extend(missing.iter().filter(has).map(|email| (*email).clone()));
    Ok(known)
}

/// Tells of addresses that nobody has on any platform. That is only known when all of them could be read.
pub(super) fn check<'a>(
    words: &Words,
    config: &Config,
    whole: bool,
    looked: impl Iterator<Item = &'a Looked>,
) -> Vec<Finding> {
    let read: Vec<_> = looked.map(|looked| looked.known.as_ref()).collect();
    let is_known = |email: &&Email| read.iter().flatten().any(|known| known.contains(*email));
    let is_proven = whole && read.iter().all(Option::is_some);
    let lists = [
        ("exempt", &config.exempt),
        ("privileged", &config.privileged),
    ];
    let told = lists.into_iter().filter(|(_, emails)| !emails.is_empty());
    told.map(|(name, emails)| {
        let unknown = emails.iter().filter(|email| !is_known(email));
        let unknown: Vec<&str> = unknown.map(Email::as_str).collect();
        let facts = [("list", name.into()), ("emails", unknown.join(", ").into())];
        if unknown.is_empty() {
            Finding::ok(
                PART,
                name,
                words.say_with("check-protect-known", &facts[..1]),
            )
        } else if is_proven {
            let said = words.say_with("check-protect-nobody", &facts);
            Finding::warning(PART, name, said, words.say("check-hint-protect"))
        } else {
            Finding::ok(PART, name, words.say_with("check-protect-unread", &facts))
        }
    })
    .collect()
}
