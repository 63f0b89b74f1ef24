//! Somebody gets another role: what the operator types, and what becomes of the doors.

use std::collections::BTreeMap;

use kadry_core::{Connect as _, FieldName, Fields, ProviderId};
use kadry_flow::Organisation;
use kadry_flow::intent::{Flow, Intent, RoleSection, Transfer};

use crate::command::section;
use crate::scenario::{Dice, Fate, place_of};
use crate::support::platforms::PLATFORMS;
use crate::support::world::Reach;

/// Another role than the one that the emulators suggest, and where it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Moving {
    /// Which platforms are covered.
    pub(crate) on: Vec<bool>,
    pub(crate) strict: bool,
    /// Whether the old role is named. Otherwise it is what the journal tells.
    pub(crate) named: bool,
    pub(crate) welcome: bool,
}

impl Moving {
    /// Returns the flow as far as nobody looks into the journal for it.
    pub(crate) fn flow(&self, reaches: &[Reach], role: &toml::Table) -> Flow {
        let covered = reaches
            .iter()
            .filter(|reach| self.on[place_of(reach.platform)]);
        let keys = |reach: &Reach| role[reach.id().as_str()].as_table().unwrap();
        let new = |reach: &Reach| {
            let section = elsewhere(section(keys(reach), self.welcome));
            (reach.id().clone(), section)
        };
        let old = |reach: &Reach| (reach.id().clone(), section(keys(reach), false));
        let named = covered.clone().filter(|_| self.named);
        Flow::Transfer(Transfer {
            fields: Fields::from([
                (FieldName::Title, "Менеджер".to_owned()),
                (FieldName::Department, "Продажи".to_owned()),
            ]),
            sections: covered.map(new).collect(),
            former: named.map(old).collect(),
            role: true,
            strict: self.strict,
            ..Transfer::default()
        })
    }

    /// Adds what the journal tells of the old role.
    pub(crate) async fn remember(&self, organisation: &Organisation, intent: &mut Intent) {
        let placement = organisation.placement(&intent.who).await.unwrap();
        let Flow::Transfer(transfer) = &mut intent.flow else {
            panic!("{intent:?}")
        };
        if self.named {
            return;
        }
        let is_covered = |id: &ProviderId| transfer.sections.contains_key(id);
        let former = placement.sections.into_iter();
        transfer.former = former.filter(|(id, _)| is_covered(id)).collect();
    }

    /// Says what becomes of the doors: whoever is on one of the platforms is let in where they are not yet, and no closed door opens.
    pub(crate) fn change(&self, fates: &mut [Fate]) {
        let is_somewhere = fates
            .iter()
            .zip(&self.on)
            .any(|(fate, on)| *on && fate.open.is_some());
        let covered = fates.iter_mut().zip(&self.on).filter(|(_, on)| **on);
        for (fate, _) in covered.filter(|_| is_somewhere) {
            if fate.open.is_none() {
                fate.made += 1;
                fate.greeted += usize::from(self.welcome);
                fate.open = Some(true);
            }
        }
    }
}

/// The section of the other role that takes the place of one of the first.
fn elsewhere(mut section: RoleSection) -> RoleSection {
    let others: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("tags", &["Продажи"][..]),
        ("chats", &["Общий", "Новости"][..]),
        ("unit", &["Первая линия"][..]),
        ("department", &["Продажи"][..]),
        ("permissions", &["AddResolutions"][..]),
        ("subscriptions", &["CounteragentSignatures"][..]),
    ]);
    for (key, names) in &mut section.grants {
        if let Some(other) = others.get(key.as_str()) {
            *names = other.iter().map(|&name| name.to_owned()).collect();
        }
    }
    section
}

impl Dice {
    /// `gently` keeps a right that decides later whether somebody may leave.
    pub(crate) fn moving(&self, gently: bool) -> Moving {
        let mut on: Vec<bool> = PLATFORMS.iter().map(|_| !self.one_in(4)).collect();
        let covered = self.index(on.len());
        on[covered] = true;
        let strict = self.one_in(3);
        Moving {
            on,
            strict: strict && !gently,
            named: self.one_in(2),
            welcome: self.one_in(2),
        }
    }
}
