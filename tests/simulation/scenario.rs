//! What a seed draws: a person, what is asked for, and what befalls it.

use kadry_core::{FieldName, Fields, Random};

use crate::moving::Moving;
use crate::support::platforms::{Newcomer, PLATFORMS, Platform};
use crate::trouble::Trouble;

/// Whom every scenario is about.
pub(crate) const EMAIL: &str = "anna.sluchainaya@example.test";
const SPELLINGS: [&str; 3] = [
    EMAIL,
    "Anna.Sluchainaya@Example.Test",
    "ANNA.SLUCHAINAYA@EXAMPLE.TEST",
];

/// How long every answer takes.
pub(crate) const LATENCY_MS: u64 = 20;

/// Who comes into what the person alone keeps.
pub(crate) const SUCCESSOR: &str = "boris.preemnik@example.test";

/// A tag that no platform has at the start.
pub(crate) const NEW_TAG: &str = "Новенькие";

/// Departments that no platform has at the start, or of which it has the upper part.
const NEW_DEPARTMENTS: [&str; 3] = ["Склад", "Бухгалтерия / Касса", "Архив / Хранилище"];

/// One person, what is asked for, and what goes wrong.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    /// The record that each platform has of the person before it begins.
    pub(crate) there: Vec<Option<Newcomer>>,
    /// Whether the person, where there are chats, owns one and, unless it would be out of sight too soon, alone manages another.
    pub(crate) keeps: bool,
    /// Whether the record shows a status and values that the role would replace.
    pub(crate) shows: bool,
    /// Whether nobody else may sign, where people sign.
    pub(crate) alone: bool,
    /// Whether each answer brings a new token, where tokens change while they are used.
    pub(crate) rotates: bool,
    pub(crate) story: Vec<Chapter>,
    /// Which platforms there are.
    pub(crate) on: Vec<bool>,
}

/// One command, and how often it is cut down before it is let through.
#[derive(Clone, Debug)]
pub(crate) struct Chapter {
    pub(crate) asked: Asked,
    /// Whether nobody is asked to agree to the plan.
    pub(crate) unasked: bool,
    pub(crate) troubles: Vec<Trouble>,
}

/// What the operator types.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Onboard {
        /// The e-mail as it is typed, and the other fields.
        fields: Fields,
        /// Which platforms are covered.
        on: Vec<bool>,
        welcome: bool,
        beyond: Beyond,
    },
    Offboard {
        now: bool,
        /// Whether the records go for good.
        remove: bool,
        /// Whether somebody comes into what the person alone keeps.
        successor: bool,
    },
    Transfer(Moving),
}

impl Asked {
    /// Returns the same without the removal of records, if that is asked for.
    fn without_removal(&self) -> Option<Self> {
        match *self {
            Self::Offboard {
                now,
                remove: true,
                successor,
            } => Some(Self::Offboard {
                now,
                remove: false,
                successor,
            }),
            Self::Onboard { .. } | Self::Offboard { .. } | Self::Transfer(_) => None,
        }
    }

    /// Reports whether more may be asked for than is done: there is a platform without a call that removes anybody, and closed doors
    /// stay closed when somebody changes places.
    pub(crate) const fn is_too_much(&self) -> bool {
        match self {
            Self::Onboard { .. } => false,
            Self::Transfer(_) => true,
            Self::Offboard { remove, .. } => *remove,
        }
    }
}

/// What the role asks for beyond the one that the emulators suggest.
#[derive(Clone, Debug)]
pub(crate) struct Beyond {
    /// A department that does not exist yet, and with it a tag that does not.
    pub(crate) department: Option<&'static str>,
    /// Whether a value is set, where there are such things.
    pub(crate) property: bool,
    /// Whether a status is shown, where there is such a thing.
    pub(crate) status: bool,
}

/// What one platform holds of the person, as far as the story alone tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    /// Whether there is a record, and whether its door is open.
    pub(crate) open: Option<bool>,
    /// How often the record was made.
    pub(crate) made: usize,
    /// How often the person was greeted.
    pub(crate) greeted: usize,
}

impl Scenario {
    pub(crate) fn drawn(seed: u64) -> Self {
        let dice = Dice(Random::seeded(seed));
        let there = PLATFORMS.iter().map(|_| dice.record()).collect();
        let (keeps, shows, alone) = (dice.one_in(2), dice.one_in(2), dice.one_in(3));
        let rotates = dice.one_in(3);
        let mut commands = Vec::new();
        let joins = !dice.one_in(3);
        if joins {
            commands.push(dice.onboard());
        }
        if dice.one_in(3) {
            commands.push(Asked::Transfer(dice.moving(alone)));
        }
        if !joins || dice.one_in(3) {
            commands.push(dice.offboard());
        }
        if !joins && dice.one_in(4) {
            commands.push(dice.onboard());
        }
        let last = commands.len() - 1;
        let chapter = |(at, asked)| dice.chapter(asked, at == last);
        let story = commands.into_iter().enumerate().map(chapter).collect();
        Self {
            seed,
            there,
            keeps,
            shows,
            alone,
            rotates,
            story,
            on: vec![true; PLATFORMS.len()],
        }
    }

    /// Returns the stories that this one may come to, itself first. Somebody else who asked for the opposite while its last command was
    /// under way may have been heard before it, in the middle of it, or not at all, and may not have come as far as removing anything.
    pub(crate) fn readings(&self) -> Vec<Self> {
        let mut readings = vec![self.clone()];
        let Some((last, before)) = self.story.split_last() else {
            return readings;
        };
        let Some(asked) = last.troubles.iter().find_map(Trouble::opposite) else {
            return readings;
        };
        for asked in [Some(asked.clone()), asked.without_removal()]
            .into_iter()
            .flatten()
        {
            let opposite = Chapter {
                asked,
                unasked: true,
                troubles: Vec::new(),
            };
            let first = [opposite.clone(), last.clone()];
            let between = [last.clone(), opposite, last.clone()];
            for story in [first.as_slice(), between.as_slice()] {
                readings.push(Self {
                    story: [before, story].concat(),
                    ..self.clone()
                });
            }
        }
        readings
    }

    /// Reports whether two processes are ever at work at the same time. Which of them the disk serves first is nobody's choice.
    pub(crate) fn has_two_at_work(&self) -> bool {
        let mut troubles = self.story.iter().flat_map(|chapter| &chapter.troubles);
        troubles.any(|trouble| trouble.beside.is_some())
    }

    /// Reports whether the door of a platform on which people sign has to stay open: nobody else signs there.
    pub(crate) fn must_stay(&self, platform: usize) -> bool {
        let signs = |record: &Newcomer| record.carries && !record.suspended;
        self.alone && self.there[platform].as_ref().is_some_and(signs)
    }

    /// Reports whether the door closes before anybody comes into what is behind it. A platform that is slow then is closed unread, and
    /// who managed a chat alone is not shown any more once they are out.
    pub(crate) fn loses_sight(&self) -> bool {
        let asked = |chapter: &Chapter| {
            let besides = chapter.troubles.iter().filter_map(Trouble::opposite);
            let mut all = besides.chain([&chapter.asked]);
            all.any(|asked| matches!(asked, Asked::Offboard { now: true, .. }))
        };
        self.story.iter().any(asked)
    }

    /// Reports whether somebody else asked for the opposite while its last command was under way.
    pub(crate) fn is_at_odds(&self) -> bool {
        let last = self.story.last();
        last.is_some_and(|last| last.troubles.iter().any(|one| one.opposite().is_some()))
    }

    /// Returns what becomes of the person on each platform, where somebody can leave and from which records can be removed, or cannot.
    pub(crate) fn fates(&self, can_leave: bool, can_remove: &[bool]) -> Vec<Fate> {
        let fate = |there: &Option<Newcomer>| Fate {
            open: there.as_ref().map(|record| !record.suspended),
            ..Fate::default()
        };
        let mut fates: Vec<Fate> = self.there.iter().map(fate).collect();
        for chapter in &self.story {
            if let Asked::Transfer(moving) = &chapter.asked {
                moving.change(&mut fates);
                continue;
            }
            for (platform, fate) in fates.iter_mut().enumerate() {
                match &chapter.asked {
                    Asked::Onboard { on, welcome, .. } if on[platform] => {
                        fate.made += usize::from(fate.open.is_none());
                        fate.greeted += usize::from(*welcome && fate.open != Some(true));
                        fate.open = Some(true);
                    }
                    Asked::Offboard { remove, .. } if can_leave => {
                        let stays = !(*remove && can_remove[platform]);
                        fate.open = fate.open.filter(|_| stays).map(|_| false);
                    }
                    Asked::Onboard { .. } | Asked::Offboard { .. } | Asked::Transfer(_) => {}
                }
            }
        }
        fates
    }

    /// Lists what the story makes on a platform that did not have it.
    pub(crate) fn made_on(&self, platform: usize) -> Vec<&'static str> {
        let asked = self.story.iter().map(|chapter| &chapter.asked);
        let departments = asked.filter_map(|asked| match asked {
            Asked::Onboard { on, beyond, .. } if on[platform] => beyond.department,
            Asked::Onboard { .. } | Asked::Offboard { .. } | Asked::Transfer(_) => None,
        });
        departments.collect()
    }
}

/// Returns the place of a platform among all of them.
pub(crate) fn place_of(platform: &Platform) -> usize {
    let mut all = PLATFORMS.iter();
    all.position(|one| one.kind == platform.kind).unwrap()
}

/// The dice of one seed.
pub(crate) struct Dice(Random);

impl Dice {
    pub(crate) fn below(&self, limit: u64) -> u64 {
        self.0.next_u64() % limit
    }

    pub(crate) fn one_in(&self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub(crate) fn index(&self, length: usize) -> usize {
        let limit = u64::try_from(length).unwrap();
        usize::try_from(self.below(limit)).unwrap()
    }

    pub(crate) fn pick<T: Copy>(&self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    fn record(&self) -> Option<Newcomer> {
        let record = Newcomer {
            email: self.pick(&SPELLINGS).to_owned(),
            external_id: "E-17".to_owned(),
            last_name: self.pick(&["Случайная", "Иная"]).to_owned(),
            first_name: "Анна".to_owned(),
            suspended: self.one_in(2),
            carries: self.one_in(2),
        };
        (!self.one_in(2)).then_some(record)
    }

    pub(crate) fn onboard(&self) -> Asked {
        let mut fields = Fields::from([
            (FieldName::Email, self.pick(&SPELLINGS).to_owned()),
            (FieldName::ExternalId, "E-17".to_owned()),
            (FieldName::LastName, "Случайная".to_owned()),
            (FieldName::FirstName, "Анна".to_owned()),
        ]);
        if self.one_in(2) {
            fields.insert(FieldName::Phone, "+70000000042".to_owned());
        }
        if self.one_in(2) {
            fields.insert(FieldName::MiddleName, "Пробовна".to_owned());
        }
        let mut on: Vec<bool> = PLATFORMS.iter().map(|_| !self.one_in(4)).collect();
        let covered = self.index(on.len());
        on[covered] = true;
        Asked::Onboard {
            fields,
            on,
            welcome: !self.one_in(4),
            beyond: Beyond {
                department: (!self.one_in(2)).then(|| self.pick(&NEW_DEPARTMENTS)),
                property: self.one_in(2),
                status: self.one_in(2),
            },
        }
    }

    pub(crate) fn offboard(&self) -> Asked {
        Asked::Offboard {
            now: self.one_in(2),
            remove: self.one_in(4),
            successor: self.one_in(2),
        }
    }
}
