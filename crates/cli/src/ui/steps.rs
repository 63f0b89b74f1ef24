//! What a step does, said in one sentence: all of it in a plan, a few words of it in a report.

use kadry_core::{
    Access, Action, Change, FieldName, Fields, Grant, GrantEdit, KindName, MatchKey, NativeCall,
    Operation, ProviderId, Stage, Step, Target, Wish,
};

use unicode_width::UnicodeWidthStr as _;

use super::branches;
use super::shape::changes;
use crate::setup::KINDS;
use crate::words::{Value, Words};

/// Between the parts of one sentence.
const APART: &str = "; ";

/// Says everything that a step writes. A record that is sought is one of a platform that does not answer, or of one on which an
/// interrupted request may still take effect.
pub(crate) fn sentence(words: &Words, step: &Step, answers: bool) -> String {
    let sentence = written(words, step);
    match &step.target {
        Target::Sought(keys) if answers => {
            words.say_with("step-late", &[("keys", listed(keys).into())])
        }
        Target::Sought(keys) => words.say_with(
            "step-sought",
            &[("step", sentence.into()), ("keys", listed(keys).into())],
        ),
        Target::Nobody | Target::Known(_) | Target::CreatedBy(_) => sentence,
    }
}

/// Says everything that a step writes, whosever record it is.
pub(crate) fn written(words: &Words, step: &Step) -> String {
    match &step.action {
        Action::Create { wish } => {
            words.say_with("step-create", &[("what", wished(words, wish).into())])
        }
        Action::Update { change } => update(words, step, change),
        Action::SetGrants { kind, add, .. } if step.stage == Stage::HandOver => {
            handed_over(words, step, kind, &all_names(words, add))
        }
        Action::SetGrants { kind, add, drop } => grants(words, kind, add, drop, all_names),
        Action::Notify { notice } => {
            words.say_with("step-notify", &[("text", notice.text.as_str().into())])
        }
        Action::Define { kind, what } => words.say_with(
            "step-define",
            &[
                ("kind", words.kind(kind).into()),
                ("name", what.path.join(" / ").into()),
            ],
        ),
        Action::Native {
            reshapes: Some(reshapes),
            ..
        } => branches::reshaped(words, reshapes),
        Action::Native { call, .. } => native(words, step, call),
        Action::SetAccess { .. } | Action::Remove => short(words, step),
    }
}

/// Says what a step does in a few words.
pub(crate) fn short(words: &Words, step: &Step) -> String {
    match &step.action {
        Action::Create { .. } => words.say("step-create-short"),
        Action::Update { change } => match only_kind(change) {
            Some((kind, edit)) => grants(words, kind, &edit.add, &edit.drop, some_names),
            None => words.say("step-update-short"),
        },
        Action::SetAccess { access } => words.say(match access {
            Access::Open => "step-open",
            Access::Suspended => "step-close",
        }),
        Action::SetGrants { kind, add, .. } if step.stage == Stage::HandOver => {
            handed_over(words, step, kind, &some_names(words, add))
        }
        Action::SetGrants { kind, add, drop } => grants(words, kind, add, drop, some_names),
        Action::Notify { .. } => words.say("step-notify-short"),
        Action::Remove => words.say("step-remove"),
        Action::Define { .. } => words.say("step-define-short"),
        Action::Native {
            reshapes: Some(reshapes),
            ..
        } => branches::reshaped(words, reshapes),
        Action::Native { call, .. } => {
            let command = command(call, &step.provider);
            words.say_with("step-native", &[("operation", command.into())])
        }
    }
}

/// Returns an operation of one platform as it is typed.
pub(crate) fn typed(words: &Words, on: &ProviderId, call: &NativeCall) -> String {
    format!("kadry {}{}", command(call, on), words.options())
}

/// Returns the same without the name of the program. Only one kind of platform has the operation.
fn command(call: &NativeCall, on: &ProviderId) -> String {
    let has_it = |rows: &[Operation]| rows.iter().any(|row| row.name() == call.operation);
    let mut kinds = KINDS.iter().filter(|kind| has_it(kind.operations));
    match (kinds.next(), kinds.next()) {
        (Some(kind), None) => format!("{} {call} --provider {on}", kind.name),
        (None, _) | (Some(_), Some(_)) => call.to_string(),
    }
}

/// Says what an operation of one platform changes, and from what; where nothing tells that, what is there of the thing that it names. And
/// how many people a change of a thing concerns.
fn native(words: &Words, step: &Step, call: &NativeCall) -> String {
    let sentence = short(words, step);
    let now = step.before.native.as_ref();
    let mut parts = now.map_or_else(Vec::new, |now| changed(words, now, call));
    let people = step.action.concerns().count();
    if people > 0 {
        parts.push(words.say_with("native-concerns", &[("people", people.into())]));
    }
    if parts.is_empty() {
        return sentence;
    }
    format!("{sentence} ({})", parts.join(APART))
}

fn changed(words: &Words, now: &serde_json::Value, call: &NativeCall) -> Vec<String> {
    let changes = changes(call, now);
    let shown = |value: &String| match value.as_str() {
        "" => words.say("empty-value"),
        value => value.to_owned(),
    };
    let replaced = |(name, old, new): &(String, String, String)| {
        replaced(words, name, Some(&shown(old)), Some(&shown(new)))
    };
    let mut parts: Vec<String> = changes.changed.iter().map(replaced).collect();
    let thing = changes.thing.map(|thing| [("value", thing.into())]);
    parts.extend(thing.map(|value| words.say_with("native-now", &value)));
    parts
}

fn handed_over(words: &Words, step: &Step, kind: &KindName, names: &str) -> String {
    let args: [(&str, Value<'_>); 3] = [
        ("person", step.person.as_str().into()),
        ("kind", words.kind(kind).into()),
        ("names", names.into()),
    ];
    words.say_with("step-hand-over", &args)
}

/// Lists keys as people read them.
fn listed(keys: &[MatchKey]) -> String {
    keys.iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// How many columns of names a short sentence has room for, and how many names it tells when there is no room for all.
const ROOM: usize = 40;
const TOLD: usize = 2;

/// Lists the names of grants.
pub(crate) fn names(grants: &[Grant]) -> String {
    grants
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

fn all_names(_: &Words, grants: &[Grant]) -> String {
    names(grants)
}

/// Lists as many names as a short sentence has room for.
fn some_names(words: &Words, grants: &[Grant]) -> String {
    let all = names(grants);
    match grants.split_at_checked(TOLD) {
        Some((told, rest)) if !rest.is_empty() && all.width() > ROOM => words.say_with(
            "names-more",
            &[("names", names(told).into()), ("more", rest.len().into())],
        ),
        Some(_) | None => all,
    }
}

fn wished(words: &Words, wish: &Wish) -> String {
    let mut parts = Vec::new();
    let name = full_name(&wish.fields);
    if !name.is_empty() {
        parts.push(name);
    }
    let rest = wish.fields.iter().filter(|(field, _)| !is_name(**field));
    parts.extend(rest.map(|(field, value)| labelled(words, &words.field(*field), value)));
    let held = wish.grants.iter().filter(|(_, grants)| !grants.is_empty());
    parts.extend(held.map(|(kind, grants)| labelled(words, &words.kind(kind), &names(grants))));
    parts.join(APART)
}

fn full_name(fields: &Fields) -> String {
    [
        FieldName::LastName,
        FieldName::FirstName,
        FieldName::MiddleName,
    ]
    .iter()
    .filter_map(|field| fields.get(field))
    .map(String::as_str)
    .collect::<Vec<_>>()
    .join(" ")
}

const fn is_name(field: FieldName) -> bool {
    matches!(
        field,
        FieldName::LastName | FieldName::FirstName | FieldName::MiddleName
    )
}

fn labelled(words: &Words, label: &str, value: &str) -> String {
    words.say_with(
        "labelled",
        &[("label", label.into()), ("value", value.into())],
    )
}

fn update(words: &Words, step: &Step, change: &Change) -> String {
    if let Some((kind, edit)) = only_kind(change) {
        return grants(words, kind, &edit.add, &edit.drop, all_names);
    }
    let mut parts = Vec::new();
    for (field, new) in &change.fields {
        let old = step.before.fields.get(field).and_then(Option::as_deref);
        parts.push(replaced(words, &words.field(*field), old, new.as_deref()));
    }
    for (kind, edit) in change.grants.iter().filter(|(_, edit)| !edit.is_empty()) {
        parts.push(edited(words, kind, edit));
    }
    words.say_with("step-update", &[("changes", parts.join(APART).into())])
}

/// The kind of grant that an update is about, when it is about nothing else and only gives or only takes.
fn only_kind(change: &Change) -> Option<(&KindName, &GrantEdit)> {
    let mut edits = change.grants.iter().filter(|(_, edit)| !edit.is_empty());
    let (kind, edit) = edits.next()?;
    let alone = change.fields.is_empty()
        && edits.next().is_none()
        && (edit.add.is_empty() || edit.drop.is_empty());
    alone.then_some((kind, edit))
}

fn edited(words: &Words, kind: &KindName, edit: &GrantEdit) -> String {
    if let ([new], [old]) = (edit.add.as_slice(), edit.drop.as_slice()) {
        let (old, new) = (old.to_string(), new.to_string());
        return replaced(words, &words.kind(kind), Some(&old), Some(&new));
    }
    let some = |key: &str, grants: &[Grant]| {
        let args: [(&str, Value<'_>); 2] = [
            ("kind", words.kind(kind).into()),
            ("names", names(grants).into()),
        ];
        (!grants.is_empty()).then(|| words.say_with(key, &args))
    };
    let both = [some("edit-add", &edit.add), some("edit-drop", &edit.drop)];
    both.into_iter().flatten().collect::<Vec<_>>().join(APART)
}

fn replaced(words: &Words, label: &str, old: Option<&str>, new: Option<&str>) -> String {
    let empty = words.say("empty-value");
    match old {
        None => labelled(words, label, new.unwrap_or(&empty)),
        Some(old) => words.say_with(
            "edit-replace",
            &[
                ("label", label.into()),
                ("old", old.into()),
                ("new", new.unwrap_or(&empty).into()),
            ],
        ),
    }
}

/// Says what is given and taken of one kind. The sentence is chosen by the kind, because one joins a chat and one carries a tag.
fn grants(
    words: &Words,
    kind: &KindName,
    add: &[Grant],
    drop: &[Grant],
    names: fn(&Words, &[Grant]) -> String,
) -> String {
    let some = |key: &str, grants: &[Grant]| {
        let args: [(&str, Value<'_>); 3] = [
            ("kind", kind.as_str().into()),
            ("label", words.kind(kind).into()),
            ("names", names(words, grants).into()),
        ];
        (!grants.is_empty()).then(|| words.say_with(key, &args))
    };
    let both = [some("step-give", add), some("step-take", drop)];
    both.into_iter().flatten().collect::<Vec<_>>().join(APART)
}

#[cfg(test)]
mod tests {
    use kadry_core::{Before, Email};

    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_record_that_is_sought_is_told_by_why_it_is() {
        let step = Step {
            seq: 1,
            person: "anna@example.test".to_owned(),
            provider: ProviderId::new("calls"),
            stage: Stage::Close,
            action: Action::SetAccess {
                access: Access::Suspended,
            },
            target: Target::Sought(vec![MatchKey::Email(Email::of_record("anna@example.test"))]),
            before: Before::default(),
        };
        let words = Words::new(Lang::En);
        assert_eq!(
            sentence(&words, &step, false),
            "Close access – once the platform can be used, for the record found by anna@example.test"
        );
        assert_eq!(
            sentence(&words, &step, true),
            "Close access once more – after an interrupted request can no longer take effect, \
             for the record found by anna@example.test"
        );
    }
}
