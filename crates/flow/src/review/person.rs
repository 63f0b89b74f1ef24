//! One person against their role.

use std::collections::BTreeMap;

use kadry_core::{Email, Employee, FieldName, KindName, ProviderId};

use super::sighted::{Seen, Sighted};
use super::{Basis, Doubt, Expected, Place, Platform, Reviewed, Reviewing, Thing};
use crate::observe::{Hindrance, whole};
use crate::plan::holdings::{Compared, compare};

impl Reviewing {
    /// Holds somebody against their role, everywhere.
    pub(super) async fn person(&self, one: &Expected, sighted: Sighted) -> Reviewed {
        let protected = &self.organisation.protected;
        let mut reviewed = Reviewed {
            line: one.line,
            person: one.label.clone(),
            name: name(one, &sighted),
            email: email(one, &sighted),
            external_id: external_id(one, &sighted),
            basis: match sighted.two_people {
                true => Basis::TwoPeople,
                false => one.basis.clone(),
            },
            exempt: Self::protects(&protected.exempt, &sighted, &one.keys),
            privileged: Self::protects(&protected.privileged, &sighted, &one.keys),
            places: Vec::new(),
        };
        for (provider, seen) in sighted.on {
            let Some(platform) = self.platforms.get(&provider) else {
                continue;
            };
            let mut places = self
                .places(one, &reviewed.basis, &provider, platform, seen)
                .await;
            reviewed.places.append(&mut places);
        }
        let unread = self.unread.iter().map(|(provider, error)| {
            let covered = one.sections.contains_key(provider);
            Place::unread(provider.clone(), covered, error)
        });
        reviewed.places.extend(unread);
        reviewed
            .places
            .sort_by(|one, other| one.provider.cmp(&other.provider));
        reviewed
    }

    /// Returns what is told of somebody on one platform: for each record, and for one that should be there.
    async fn places(
        &self,
        one: &Expected,
        basis: &Basis,
        provider: &ProviderId,
        platform: &Platform,
        seen: Seen,
    ) -> Vec<Place> {
        let covered = one.sections.contains_key(provider);
        let is_told = !matches!(basis, Basis::Unclear(_) | Basis::TwoPeople);
        if let Some(error) = &seen.silent {
            return vec![Place::unread(provider.clone(), covered, error)];
        }
        let mut places = Vec::new();
        for record in seen.records {
            let mut place = self.place(one, provider, platform, record, is_told).await;
            place.doubts.extend(seen.doubts.iter().cloned());
            places.push(place);
        }
        if places.is_empty() && covered {
            let mut place = Place::without(provider.clone(), covered);
            // Who cannot be looked for is not known to be absent.
            if seen.doubts.is_empty() && is_told {
                place.lacks.push(Thing::Record);
            }
            place.doubts = seen.doubts;
            places.push(place);
        }
        places
    }

    async fn place(
        &self,
        one: &Expected,
        provider: &ProviderId,
        platform: &Platform,
        record: Employee,
        is_told: bool,
    ) -> Place {
        let standing = platform.listing.standing();
        let own = standing.own.as_ref().map(|own| &own.id) == Some(&record.at.id);
        let section = one.sections.get(provider);
        let mut place = Place {
            record: Some(record.at.id.clone()),
            access: Some(record.access),
            administrator: record.marks.administrator.clone(),
            signer: record.marks.signer.clone(),
            registered: record.marks.registered.clone(),
            own,
            ..Place::without(provider.clone(), section.is_some())
        };
        if is_told {
            let looked = whole(&platform.listing, &platform.lists, record).await;
            if let [record] = &*looked.here.matches {
                let compared = compare(section, &one.fields, record, &looked.here);
                place.fill(compared, looked.unread);
            }
        }
        place
    }
}

impl Place {
    fn fill(&mut self, compared: Compared, mut why: BTreeMap<KindName, Hindrance>) {
        self.beyond = compared.beyond;
        self.lacks = compared.lacks;
        self.besides = compared.besides;
        self.doubts = compared.doubts.into_iter().map(Doubt::Guard).collect();
        for kind in compared.unseen {
            let hindrance = why.remove(&kind).unwrap_or(Hindrance::Hidden);
            self.unseen.insert(kind, hindrance);
        }
    }
}

fn records(sighted: &Sighted) -> impl Iterator<Item = &Employee> {
    sighted.on.values().flat_map(|seen| &seen.records)
}

/// The name as the file has it, else as the first record that shows one.
fn name(one: &Expected, sighted: &Sighted) -> String {
    let parts = [
        FieldName::LastName,
        FieldName::FirstName,
        FieldName::MiddleName,
    ];
    let given = parts.iter().filter_map(|part| one.fields.get(part));
    let given = given.map(String::as_str).collect::<Vec<_>>().join(" ");
    if !given.is_empty() {
        return given;
    }
    let mut shown = records(sighted).map(|one| one.profile.full_name());
    shown.find(|name| !name.is_empty()).unwrap_or_default()
}

fn email(one: &Expected, sighted: &Sighted) -> Option<Email> {
    let given = one.fields.get(&FieldName::Email);
    let given = given.map(|email| Email::of_record(email));
    given.or_else(|| records(sighted).find_map(|one| one.at.email().cloned()))
}

fn external_id(one: &Expected, sighted: &Sighted) -> Option<String> {
    let shown = |one: &Employee| one.profile.get(FieldName::ExternalId).value().cloned();
    let given = one.fields.get(&FieldName::ExternalId).cloned();
    given.or_else(|| records(sighted).find_map(shown))
}
