//! Generated companies: what was planted is what a review tells, and nothing else.

use std::collections::BTreeMap;

use kadry_core::{Access, KindName, ProviderId, Random};
use kadry_flow::intent::RoleSection;
use kadry_flow::review::{Basis, Expected, Thing, Verdict};

use crate::company::Company;
use crate::crowd::{Crowd, email};
use crate::review::{
    Difference, Differences, KINDS, NAMES, differences, expected, review, thing, three_platforms,
};

/// A company in which somebody planted what differs.
struct Planted {
    company: Company,
    people: Vec<Expected>,
    differences: Differences,
}

impl Planted {
    fn grow(seed: u64) -> Self {
        let mut planted = Self {
            company: three_platforms(),
            people: Vec::new(),
            differences: Differences::new(),
        };
        let random = Random::seeded(seed);
        for number in 0..40 {
            let person = email(number);
            // Nobody expects every eighth.
            let is_expected = number % 8 != 7;
            let mut sections = BTreeMap::new();
            for (on, kinds) in KINDS {
                let is_covered = is_expected && chance(&random, 3, 4);
                let asked = is_covered.then(|| planted.plant(&random, &person, on, kinds));
                if let Some(section) = asked {
                    sections.insert(ProviderId::new(on), section);
                } else if chance(&random, 1, 3) {
                    planted.intrude(&random, &person, on, kinds);
                }
            }
            if is_expected {
                planted.people.push(expected(&person, sections));
            }
        }
        planted
    }

    fn differs(&mut self, person: &str, on: &str) -> &mut Difference {
        let key = (person.to_owned(), on.to_owned());
        self.differences.entry(key).or_default()
    }

    /// Somebody is where their role puts them, and holds what it says, more or less.
    fn plant(
        &mut self,
        random: &Random,
        person: &str,
        on: &str,
        kinds: &[(KindName, &'static str)],
    ) -> RoleSection {
        let mut asked = RoleSection::default();
        let mut held: Vec<(KindName, &str)> = Vec::new();
        let mut difference = Difference::default();
        for (kind, key) in kinds {
            let is_one = *kind == KindName::UNIT;
            let wanted = if is_one {
                vec![some(random)]
            } else {
                NAMES.into_iter().filter(|_| chance(random, 1, 2)).collect()
            };
            let mut has: Vec<&str> = wanted.clone();
            let drifts = chance(random, 1, 5);
            if drifts && is_one {
                has = vec![some(random)];
            } else if drifts {
                has = NAMES.into_iter().filter(|_| chance(random, 1, 2)).collect();
            }
            let beyond = has.iter().filter(|name| !wanted.contains(name));
            difference.0.extend(beyond.map(|name| thing(kind, name)));
            let lacks = wanted.iter().filter(|name| !has.contains(name));
            difference.1.extend(lacks.map(|name| thing(kind, name)));
            let names = wanted.iter().map(|name| (*name).to_owned()).collect();
            asked.grants.insert((*key).to_owned(), names);
            held.extend(has.into_iter().map(|name| (kind.clone(), name)));
        }
        if chance(random, 1, 10) {
            self.differs(person, on).1.insert(Thing::Record);
            return asked;
        }
        let is_suspended = chance(random, 1, 10);
        if is_suspended {
            difference.1.insert(Thing::Access);
            // A closed door hides the chats, so that nothing is said of them.
            let is_chat = |thing: &Thing| matches!(thing, Thing::Grant { kind, .. } if *kind == KindName::CHAT);
            difference.0.retain(|thing| !is_chat(thing));
            difference.1.retain(|thing| !is_chat(thing));
        }
        let access = if is_suspended {
            Access::Suspended
        } else {
            Access::Open
        };
        self.company.person(on, person, access, &held);
        if difference != Difference::default() {
            *self.differs(person, on) = difference;
        }
        asked
    }

    /// Somebody is where no role puts them.
    fn intrude(
        &mut self,
        random: &Random,
        person: &str,
        on: &str,
        kinds: &[(KindName, &'static str)],
    ) {
        let held: Vec<(KindName, &str)> = kinds
            .iter()
            .map(|(kind, _)| (kind.clone(), some(random)))
            .collect();
        let is_open = chance(random, 3, 4);
        let access = if is_open {
            Access::Open
        } else {
            Access::Suspended
        };
        self.company.person(on, person, access, &held);
        if is_open {
            let beyond = held.iter().map(|(kind, name)| thing(kind, name));
            let difference = self.differs(person, on);
            difference.0 = beyond.chain([Thing::Access]).collect();
        }
    }
}

fn some(random: &Random) -> &'static str {
    let at = random.next_u64() % NAMES.len() as u64;
    NAMES[usize::try_from(at).unwrap()]
}

/// Whether something happens that does so many times out of so many.
fn chance(random: &Random, times: u64, of: u64) -> bool {
    random.next_u64() % of < times
}

#[tokio::test(start_paused = true)]
async fn what_was_planted_is_told_and_nothing_else() {
    for seed in 0..40 {
        let Planted {
            company,
            people,
            differences: planted,
        } = Planted::grow(seed);
        assert!(planted.len() > 10, "seed {seed} plants next to nothing");
        let crowd = Crowd::of(company).await;
        let reviewed = review(&crowd, people).await;
        assert_eq!(differences(&reviewed), planted, "seed {seed}");
        for one in &reviewed {
            let is_expected = matches!(one.basis, Basis::Role(_));
            let differs = planted.keys().any(|(person, _)| *person == one.person);
            let verdict = match (is_expected, differs) {
                (true, true) => Verdict::Differs,
                (true, false) => Verdict::AsRole,
                (false, true) => Verdict::Unaccounted,
                (false, false) => Verdict::NoAccess,
            };
            assert_eq!(one.verdict(), verdict, "seed {seed}: {one:?}");
        }
        assert!(crowd.company.at("messenger").writes().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_with_a_record_is_left_out() {
    let Planted {
        company, people, ..
    } = Planted::grow(7);
    let records = company.at("messenger").rows().into_iter();
    let records = records.chain(company.at("calls").rows());
    let records: Vec<_> = records.chain(company.at("edo").rows()).collect();
    let crowd = Crowd::of(company).await;
    let reviewed = review(&crowd, people.into_iter().take(3).collect()).await;
    let told = reviewed.iter().flat_map(|one| &one.places);
    let told = told.filter(|place| place.record.is_some()).count();
    assert_eq!(told, records.len());
}
