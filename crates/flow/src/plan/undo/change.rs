//! What takes a change of a record back, as far as the platform lets it and nobody has changed it since.

use std::collections::BTreeMap;

use kadry_core::{
    Before, Change, Employee, FieldName, Fields, Grant, GrantEdit, Holds, KindName, Known, Step,
    Wish, same_value,
};

use crate::observe::{Held, Here};

/// The way back from a change.
#[derive(Debug, Default)]
pub(super) struct WayBack {
    /// What is written.
    pub(super) change: Change,
    /// What stood there before that.
    pub(super) before: Before,
    /// What somebody has changed since.
    pub(super) changed: Vec<String>,
    /// What the platform does not let be as it was, or does not show.
    pub(super) fixed: Vec<String>,
}

/// Works out what takes a change of a record back that holds this by then.
pub(super) fn way_back(
    here: &Here,
    employee: &Employee,
    held: &BTreeMap<KindName, Held>,
    step: &Step,
    change: &Change,
) -> WayBack {
    let record = Record {
        here,
        employee,
        held,
    };
    let mut way = WayBack::default();
    for (field, set) in &change.fields {
        let was = step.before.fields.get(field).cloned().flatten();
        record.field(*field, set.as_ref(), was, &mut way);
    }
    for (kind, done) in &change.grants {
        record.grants(kind, done, &mut way);
    }
    record.review(&mut way);
    way
}

struct Record<'a> {
    here: &'a Here,
    employee: &'a Employee,
    held: &'a BTreeMap<KindName, Held>,
}

impl Record<'_> {
    fn field(
        &self,
        field: FieldName,
        set: Option<&String>,
        was: Option<String>,
        way: &mut WayBack,
    ) {
        if self.shows(field, was.as_ref()) {
            return;
        }
        if !self.shows(field, set) {
            way.changed.push(field.as_str().to_owned());
            return;
        }
        let capability = self.here.provider.capability();
        let support = match was {
            Some(_) => capability.updates(field),
            None => capability.clears(field),
        };
        if support.is_yes() {
            way.change.fields.insert(field, was);
            way.before.fields.insert(field, set.cloned());
        } else {
            way.fixed.push(field.as_str().to_owned());
        }
    }

    fn grants(&self, name: &KindName, done: &GrantEdit, way: &mut WayBack) {
        let kind = self.here.provider.capability().kind(name);
        let (Some(kind), Some(Held::Seen(held))) = (kind, self.held.get(name)) else {
            way.fixed.push(name.to_string());
            return;
        };
        let is_in = |grant: &Grant, some: &[Grant]| some.iter().any(|one| one.same(grant));
        let gone = done.add.iter().filter(|one| is_in(one, held));
        let gone: Vec<Grant> = gone.cloned().collect();
        let add = done.drop.iter().filter(|one| !is_in(one, held));
        let add: Vec<Grant> = add.cloned().collect();
        let stands_alone = matches!(kind.holds, Holds::One { .. });
        let is_taken = |grant: &Grant| {
            held.iter().any(|held| {
                let in_its_place = stands_alone || held.names_the_same(grant);
                in_its_place && !is_in(held, &gone)
            })
        };
        if kind.holds != Holds::Many && add.iter().any(is_taken) {
            way.changed.push(name.to_string());
            return;
        }
        let must_stay = |gone: &Grant| kind.must_stay(gone, &add);
        let (stays, drop): (Vec<Grant>, Vec<Grant>) = gone.into_iter().partition(must_stay);
        way.fixed.extend(stays.iter().map(named));
        let keep = held.iter().filter(|held| !is_in(held, &drop)).cloned();
        let edit = GrantEdit {
            keep: keep.collect(),
            add,
            drop,
        };
        if !edit.is_empty() {
            way.before.grants.insert(name.clone(), held.clone());
            way.change.grants.insert(name.clone(), edit);
        }
    }

    /// Leaves out what the platform would refuse by now.
    fn review(&self, way: &mut WayBack) {
        let fields = way.change.fields.iter();
        let fields: Fields = fields
            .filter_map(|(field, value)| Some((*field, value.clone()?)))
            .collect();
        // What goes together is only right or wrong as a whole, so what stays is shown beside what comes back.
        let stays = self.held.iter();
        let mut grants: BTreeMap<KindName, Vec<Grant>> = stays
            .map(|(kind, held)| (kind.clone(), held.seen().to_vec()))
            .collect();
        for (kind, edit) in &way.change.grants {
            grants.insert(kind.clone(), edit.whole().cloned().collect());
        }
        let review = self.here.provider.review(&Wish {
            fields,
            grants,
            quiet: true,
        });
        for refusal in review.refused {
            if way.change.fields.remove(&refusal.field).is_some() {
                way.before.fields.remove(&refusal.field);
                way.fixed.push(refusal.field.as_str().to_owned());
            }
        }
        for refused in review.refused_grants {
            let kind = &refused.grant.kind;
            if way.change.grants.remove(kind).is_some() {
                way.before.grants.remove(kind);
                way.fixed.push(named(&refused.grant));
            }
        }
    }

    /// Whether a field shows a value. What is hidden is never compared.
    fn shows(&self, field: FieldName, value: Option<&String>) -> bool {
        match (self.employee.profile.get(field), value) {
            (Known::Hidden, _) | (Known::Empty, None) => true,
            (Known::Value(held), Some(value)) => same_value(field, held, value),
            (Known::Value(_), None) | (Known::Empty, Some(_)) => false,
        }
    }
}

/// How a grant is named that stays: its kind, and what it is.
fn named(grant: &Grant) -> String {
    format!("{} {}", grant.kind, grant.name)
}
