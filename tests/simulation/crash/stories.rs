//! The stories in which the process ends.

use kadry_core::{FieldName, Fields};

use crate::moving::Moving;
use crate::scenario::{Asked, Beyond, Chapter, EMAIL, Scenario};
use crate::support::platforms::{Newcomer, PLATFORMS};

/// A command, and how the person is there before it.
pub(super) struct Story {
    pub(super) name: &'static str,
    /// Whether the person is there, and whether the door is open.
    there: Option<bool>,
    asked: fn() -> Asked,
    unasked: bool,
}

const fn leaves(now: bool, remove: bool, successor: bool) -> Asked {
    Asked::Offboard {
        now,
        remove,
        successor,
    }
}

/// Every flow.
pub(super) const STORIES: &[Story] = &[
    Story {
        name: "a newcomer",
        there: None,
        asked: joins,
        unasked: false,
    },
    Story {
        name: "somebody who comes back",
        there: Some(false),
        asked: joins,
        unasked: false,
    },
    Story {
        name: "somebody who is there",
        there: Some(true),
        asked: joins,
        unasked: false,
    },
    Story {
        name: "a calm leave",
        there: Some(true),
        asked: || leaves(false, false, false),
        unasked: false,
    },
    Story {
        name: "a calm leave with a successor",
        there: Some(true),
        asked: || leaves(false, false, true),
        unasked: false,
    },
    Story {
        name: "a calm leave for good",
        there: Some(true),
        asked: || leaves(false, true, true),
        unasked: false,
    },
    Story {
        name: "a leave that is now",
        there: Some(true),
        asked: || leaves(true, false, false),
        unasked: false,
    },
    Story {
        name: "a leave that is now with a successor",
        there: Some(true),
        asked: || leaves(true, false, true),
        unasked: false,
    },
    Story {
        name: "a leave that is now and about which nobody is asked",
        there: Some(true),
        asked: || leaves(true, false, false),
        unasked: true,
    },
    Story {
        name: "a leave for good that is now and about which nobody is asked",
        there: Some(true),
        asked: || leaves(true, true, false),
        unasked: true,
    },
    Story {
        name: "a change of places",
        there: Some(true),
        asked: || moves(false),
        unasked: false,
    },
    Story {
        name: "a change of places that leaves nothing else",
        there: Some(true),
        asked: || moves(true),
        unasked: false,
    },
];

const fn moves(strict: bool) -> Asked {
    Asked::Transfer(Moving {
        on: Vec::new(),
        strict,
        named: true,
        welcome: true,
    })
}

fn joins() -> Asked {
    Asked::Onboard {
        fields: Fields::from([
            (FieldName::Email, EMAIL.to_owned()),
            (FieldName::ExternalId, "E-17".to_owned()),
            (FieldName::LastName, "Случайная".to_owned()),
            (FieldName::FirstName, "Анна".to_owned()),
            (FieldName::Phone, "+70000000042".to_owned()),
        ]),
        on: Vec::new(),
        welcome: true,
        beyond: Beyond {
            department: Some("Бухгалтерия / Касса"),
            property: true,
            status: true,
        },
    }
}

impl Story {
    /// Returns the story on some of the platforms; on the others the person is not.
    pub(super) fn told_on(&self, places: &[usize]) -> Scenario {
        let on: Vec<bool> = (0..PLATFORMS.len())
            .map(|place| places.contains(&place))
            .collect();
        let record = |open: bool| Newcomer {
            email: EMAIL.to_owned(),
            external_id: "E-17".to_owned(),
            last_name: "Иная".to_owned(),
            first_name: "Анна".to_owned(),
            suspended: !open,
            carries: true,
        };
        let there = on.iter().map(|on| self.there.filter(|_| *on).map(record));
        let mut asked = (self.asked)();
        if let Asked::Onboard { on: covered, .. } | Asked::Transfer(Moving { on: covered, .. }) =
            &mut asked
        {
            covered.clone_from(&on);
        }
        Scenario {
            seed: 1,
            there: there.collect(),
            keeps: true,
            shows: true,
            alone: false,
            rotates: false,
            story: vec![Chapter {
                asked,
                unasked: self.unasked,
                troubles: Vec::new(),
            }],
            on,
        }
    }
}
