//! Which flow would fail on a platform for lack of what: everything here follows from what the platform says it can do.

use kadry_core::{Capability, GrantKind, OnLeave, ProviderId, ReadBy, Reason, Support, Write};
use kadry_flow::intent::RoleSection;

use super::finding::Finding;
use crate::error::reason;
use crate::words::Words;

const PART: &str = "rights";

/// Reasons that another credential, or more rights for this one, would take away. All others lie in the platform itself.
const MENDABLE: [&str; 2] = ["scope-missing", "needs-administrator"];

/// What a flow would need and cannot have.
struct Lack<'a> {
    /// Which part of the flow; nothing where it is all of it.
    what: Option<String>,
    why: &'a Reason,
    /// Whether the flow does nothing at all without it.
    fatal: bool,
}

/// How much depends on a flow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It is what kadry is there for.
    Needed,
    /// It is asked for by a flag, or is of no use to anybody here yet.
    Extra,
}

/// Tells of every flow whether it works on a platform, for the roles that speak of it.
pub(super) fn check(
    words: &Words,
    provider: &ProviderId,
    capability: &Capability,
    sections: &[&RoleSection],
) -> Vec<Finding> {
    let onboard = if sections.is_empty() {
        Weight::Extra
    } else {
        Weight::Needed
    };
    let mut flows = vec![
        ("onboard", onboard, onboarding(words, capability, sections)),
        ("offboard", Weight::Needed, offboarding(words, capability)),
        ("remove", Weight::Extra, all_of_it(&capability.remove)),
        ("successor", Weight::Extra, handing_over(capability)),
    ];
    if sections.iter().any(|section| section.welcome.is_some()) {
        flows.push(("welcome", Weight::Extra, all_of_it(&capability.notify)));
        let look = all_of_it(&capability.was_notified);
        flows.push(("lost_welcome", Weight::Extra, look));
    }
    let told = flows.into_iter();
    told.map(|(name, weight, lacks)| tell(words, name, weight, &lacks).on(provider))
        .collect()
}

fn tell(words: &Words, name: &'static str, weight: Weight, lacks: &[Lack<'_>]) -> Finding {
    let flow = words.say(&format!("check-flow-{}", name.replace('_', "-")));
    let said = |key| {
        let lacks = listed(words, lacks);
        words.say_with(
            key,
            &[("flow", flow.as_str().into()), ("lacks", lacks.into())],
        )
    };
    let is_mendable = lacks
        .iter()
        .any(|lack| MENDABLE.contains(&lack.why.key.as_ref()));
    let is_stopped = lacks.iter().any(|lack| lack.fatal);
    match (lacks, is_stopped) {
        ([], _) => Finding::ok(PART, name, said("check-flow-works")),
        // Nobody can mend what the platform does not offer, so a timer should not ring for it.
        (_, true) if !is_mendable => Finding::ok(PART, name, said("check-flow-never")),
        (_, false) if !is_mendable => Finding::ok(PART, name, said("check-flow-mostly")),
        (_, true) if weight == Weight::Needed => {
            let hint = words.say("check-hint-rights");
            Finding::failure(PART, name, said("check-flow-fails"), Some(hint))
        }
        (_, true) => {
            let hint = words.say("check-hint-rights");
            Finding::warning(PART, name, said("check-flow-fails"), hint)
        }
        (_, false) => {
            let hint = words.say("check-hint-rights");
            Finding::warning(PART, name, said("check-flow-partly"), hint)
        }
    }
}

/// What is lacking, gathered by the reason.
fn listed(words: &Words, lacks: &[Lack<'_>]) -> String {
    let mut by_reason: Vec<(&Reason, Vec<&str>)> = Vec::new();
    for lack in lacks {
        let what = lack.what.as_deref();
        match by_reason.iter_mut().find(|(why, _)| *why == lack.why) {
            Some((_, whats)) => whats.extend(what),
            None => by_reason.push((lack.why, what.into_iter().collect())),
        }
    }
    let told = by_reason.into_iter().map(|(why, whats)| {
        if whats.is_empty() {
            return reason(words, why);
        }
        let variables = [
            ("what", whats.join(", ").into()),
            ("why", reason(words, why).into()),
        ];
        words.say_with("check-lack", &variables)
    });
    told.collect::<Vec<_>>().join(" ")
}

fn lack<'a>(words: &Words, key: &str, support: &'a Support, fatal: bool) -> Option<Lack<'a>> {
    let what = Some(words.say(key));
    let why = support.reason()?;
    Some(Lack { what, why, fatal })
}

/// What a flow lacks that is made of one call.
fn all_of_it(support: &Support) -> Vec<Lack<'_>> {
    let lack = |why| Lack {
        what: None,
        why,
        fatal: true,
    };
    support.reason().map(lack).into_iter().collect()
}

fn onboarding<'a>(
    words: &Words,
    capability: &'a Capability,
    sections: &[&RoleSection],
) -> Vec<Lack<'a>> {
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    lacks.extend(lack(words, "can-list", &capability.list, true));
    lacks.extend(lack(words, "can-create", &capability.create, true));
    lacks.extend(lack(words, "can-update", &capability.update, false));
    lacks.extend(lack(words, "can-reopen", &capability.reopen, false));
    let is_asked = |kind: &&GrantKind| {
        let speaks = |section: &&RoleSection| {
            section.grants.contains_key(kind.role_key) || section.values.contains_key(kind.role_key)
        };
        sections.iter().any(speaks)
    };
    for kind in capability.grants.iter().filter(is_asked) {
        let named = [("kind", words.kind(&kind.name).into())];
        lacks.extend(not_given(kind).map(|why| Lack {
            what: Some(words.say_with("can-grant", &named)),
            why,
            fatal: true,
        }));
        // Without the list a role's names cannot be looked up, except where there is none to look in.
        let unlisted = kind
            .catalogue
            .reason()
            .filter(|why| MENDABLE.contains(&why.key.as_ref()));
        lacks.extend(unlisted.map(|why| Lack {
            what: Some(words.say_with("check-see", &named)),
            why,
            fatal: true,
        }));
    }
    lacks
}

/// Returns why grants of a kind cannot be given in any way. What a right would open counts more than what is never open.
fn not_given(kind: &GrantKind) -> Option<&Reason> {
    let on_update = match &kind.on_update {
        Write::No(why) => Some(why),
        Write::WholeSet | Write::Delta => None,
    };
    let whys = [kind.on_create.reason(), on_update, kind.alone.reason()];
    let whys: Option<Vec<&Reason>> = whys.into_iter().collect();
    let whys = whys?;
    let mendable = whys.iter().find(|why| MENDABLE.contains(&why.key.as_ref()));
    mendable.or(whys.first()).copied()
}

fn offboarding<'a>(words: &Words, capability: &'a Capability) -> Vec<Lack<'a>> {
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    lacks.extend(lack(words, "can-list", &capability.list, true));
    lacks.extend(lack(words, "can-suspend", &capability.suspend, true));
    let leaves = |kind: &&GrantKind| kind.on_leave == OnLeave::Revoke;
    for kind in capability.grants.iter().filter(leaves) {
        let named = [("kind", words.kind(&kind.name).into())];
        let on_update = match &kind.on_update {
            Write::No(why) => Some(why),
            Write::WholeSet | Write::Delta => None,
        };
        if let (Some(_), Support::No(why)) = (on_update, &kind.alone) {
            let why = on_update
                .filter(|update| MENDABLE.contains(&update.key.as_ref()))
                .unwrap_or(why);
            lacks.push(Lack {
                what: Some(words.say_with("check-revoke", &named)),
                why,
                fatal: false,
            });
        }
        if let (ReadBy::Catalogue, Support::No(why)) = (kind.read, &kind.catalogue) {
            lacks.push(Lack {
                what: Some(words.say_with("check-see", &named)),
                why,
                fatal: false,
            });
        }
    }
    lacks
}

/// Handing over works where any kind can be handed over; where none can, the reasons are told.
fn handing_over(capability: &Capability) -> Vec<Lack<'_>> {
    let kinds = &capability.grants;
    if kinds.iter().any(|kind| kind.hand_over.is_yes()) {
        return Vec::new();
    }
    let lacks = kinds.iter().flat_map(|kind| all_of_it(&kind.hand_over));
    let (mendable, never): (Vec<_>, Vec<_>) =
        lacks.partition(|lack| MENDABLE.contains(&lack.why.key.as_ref()));
    if mendable.is_empty() { never } else { mendable }
}
