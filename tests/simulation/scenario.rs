//! What a seed draws.

use kadry_core::{FieldName, Fields, Random};
use serde_json::{Value, json};

use crate::support::platforms::{Newcomer, PLATFORMS, Platform};

/// Whom every scenario is about.
pub(crate) const EMAIL: &str = "anna.sluchainaya@example.test";
const SPELLINGS: [&str; 3] = [
    EMAIL,
    "Anna.Sluchainaya@Example.Test",
    "ANNA.SLUCHAINAYA@EXAMPLE.TEST",
];

/// A process that hangs is killed before anything else gives up: a door waits longer than this for what goes before it.
const SHORTER_THAN_ANY_PATIENCE_MS: u64 = 9_967;

/// The methods of requests that change something, in about the shares in which they are sent.
const WRITES: &[&str] = &["POST", "POST", "POST", "PUT", "DELETE"];

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
    pub(crate) story: Vec<Chapter>,
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
}

impl Asked {
    /// Reports whether more is asked for than every platform can do: there is one without a call that removes anybody.
    pub(crate) const fn is_too_much(&self) -> bool {
        match self {
            Self::Onboard { .. } => false,
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

/// What befalls one try.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// The emulators' faults.
    pub(crate) faults: Vec<Value>,
    /// After how long the network goes away.
    pub(crate) cut_off_after_ms: Option<u64>,
    /// After how long the process is killed.
    pub(crate) killed_after_ms: Option<u64>,
}

impl Scenario {
    pub(crate) fn drawn(seed: u64) -> Self {
        let dice = Dice(Random::seeded(seed));
        let there = PLATFORMS.iter().map(|_| dice.record()).collect();
        let (keeps, shows, alone) = (dice.one_in(2), dice.one_in(2), dice.one_in(3));
        let mut story = Vec::new();
        let joins = !dice.one_in(3);
        if joins {
            story.push(dice.chapter(dice.onboard()));
        }
        if !joins || dice.one_in(3) {
            story.push(dice.chapter(dice.offboard()));
        }
        if !joins && dice.one_in(4) {
            story.push(dice.chapter(dice.onboard()));
        }
        Self {
            seed,
            there,
            keeps,
            shows,
            alone,
            story,
        }
    }

    /// Reports whether the door of a platform on which people sign has to stay open: nobody else signs there.
    pub(crate) fn must_stay(&self, platform: usize) -> bool {
        let signs = |record: &Newcomer| record.carries && !record.suspended;
        self.alone && self.there[platform].as_ref().is_some_and(signs)
    }

    /// Reports whether the door closes before anybody comes into what is behind it. A platform that is slow then is closed unread, and
    /// who managed a chat alone is not shown any more once they are out.
    pub(crate) fn loses_sight(&self) -> bool {
        let mut asked = self.story.iter().map(|chapter| &chapter.asked);
        asked.any(|asked| matches!(asked, Asked::Offboard { now: true, .. }))
    }

    /// Returns what becomes of the person on a platform where somebody can leave, and from which records can be removed, or cannot.
    pub(crate) fn fate(&self, platform: usize, can_leave: bool, can_remove: bool) -> Fate {
        let there = self.there[platform].as_ref();
        let mut fate = Fate {
            open: there.map(|record| !record.suspended),
            ..Fate::default()
        };
        for chapter in &self.story {
            match &chapter.asked {
                Asked::Onboard { on, welcome, .. } if on[platform] => {
                    fate.made += usize::from(fate.open.is_none());
                    fate.greeted += usize::from(*welcome && fate.open != Some(true));
                    fate.open = Some(true);
                }
                Asked::Offboard { remove, .. } if can_leave => {
                    let stays = !(*remove && can_remove);
                    fate.open = fate.open.filter(|_| stays).map(|_| false);
                }
                Asked::Onboard { .. } | Asked::Offboard { .. } => {}
            }
        }
        fate
    }

    /// Lists what the story makes on a platform that did not have it.
    pub(crate) fn made_on(&self, platform: usize) -> Vec<&'static str> {
        let asked = self.story.iter().map(|chapter| &chapter.asked);
        let departments = asked.filter_map(|asked| match asked {
            Asked::Onboard { on, beyond, .. } if on[platform] => beyond.department,
            Asked::Onboard { .. } | Asked::Offboard { .. } => None,
        });
        departments.collect()
    }
}

struct Dice(Random);

impl Dice {
    fn below(&self, limit: u64) -> u64 {
        self.0.next_u64() % limit
    }

    fn one_in(&self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn index(&self, length: usize) -> usize {
        let limit = u64::try_from(length).unwrap();
        usize::try_from(self.below(limit)).unwrap()
    }

    fn pick<T: Copy>(&self, from: &[T]) -> T {
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

    fn onboard(&self) -> Asked {
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

    fn offboard(&self) -> Asked {
        Asked::Offboard {
            now: self.one_in(2),
            remove: self.one_in(4),
            successor: self.one_in(2),
        }
    }

    fn chapter(&self, asked: Asked) -> Chapter {
        let tries = 1 + self.below(3);
        let mut troubles: Vec<Trouble> = (0..tries).map(|_| self.trouble(&asked)).collect();
        // A door that cannot be closed is what a removal has to wait for.
        if asked.is_too_much() && self.one_in(2) {
            troubles[0].faults.push(self.outage());
        }
        Chapter {
            asked,
            unasked: self.one_in(2),
            troubles,
        }
    }

    fn trouble(&self, asked: &Asked) -> Trouble {
        let mut trouble = Trouble {
            faults: Vec::new(),
            cut_off_after_ms: None,
            killed_after_ms: None,
        };
        match self.below(10) {
            0 => trouble.killed_after_ms = Some(self.moment_ms()),
            1 => trouble.cut_off_after_ms = Some(self.moment_ms()),
            2 => trouble.faults.push(self.outage()),
            3 | 4 => trouble
                .faults
                .extend((0..=self.below(2)).flat_map(|_| self.weather())),
            5 | 6 => {
                let effect = self.pick(&["before", "after"]);
                trouble
                    .faults
                    .push(self.on_a(WRITES, &json!({ "hang": true, "effect": effect })));
                trouble.killed_after_ms = Some(SHORTER_THAN_ANY_PATIENCE_MS);
            }
            7 => {
                // It takes effect when whoever sent it has given it up or is gone, but no later than such a thing may. A grant that
                // has to go before a door closes is not waited for that long, and rightly stays: so only what is made comes so late,
                // and nothing does while somebody is let into what is left behind.
                let late = self.on_a(&["POST"], &json!({ "delay_ms": 31_000 }));
                let slow = self.on_a(WRITES, &json!({ "delay_ms": 4_000 }));
                let makes = !matches!(
                    asked,
                    Asked::Offboard {
                        successor: true,
                        ..
                    }
                );
                trouble
                    .faults
                    .extend((self.one_in(2) && makes).then_some(late));
                trouble.faults.push(slow);
                trouble.killed_after_ms = self.one_in(2).then(|| 1_000 + self.moment_ms());
            }
            _ => trouble
                .faults
                .extend((0..=self.below(3)).map(|_| self.on_a(WRITES, &self.suffering()))),
        }
        if self.one_in(5) {
            trouble.killed_after_ms = Some(self.moment_ms());
        }
        trouble
    }

    /// Most of what a command does, it does in its first second. The moment is never that of an answer, so that it is always clear
    /// which of the two comes first.
    fn moment_ms(&self) -> u64 {
        let latest_ms = self.pick(&[500, 1_000, 40_000]);
        self.below(latest_ms / LATENCY_MS) * LATENCY_MS + 7
    }

    /// A platform that is not there for us.
    fn outage(&self) -> Value {
        let platform = PLATFORMS[self.index(PLATFORMS.len())].kind;
        let outage = self.pick(&[503, 401, 500]);
        json!({ "match": { "platform": platform }, "do": { "status": outage } })
    }

    /// Something that befalls any request now and then: seldom enough that a call that is repeated comes through in its time. Each
    /// platform has dice of its own, because nothing says which of two platforms is asked first.
    fn weather(&self) -> Vec<Value> {
        let suffering = self.suffering();
        let over = |platform: &Platform| {
            let when = json!({ "probability": 0.1, "seed": self.below(1 << 32) });
            json!({ "match": { "platform": platform.kind }, "when": when, "do": suffering })
        };
        PLATFORMS.iter().map(over).collect()
    }

    /// Something that befalls one request of one platform, or each second one.
    fn on_a(&self, methods: &[&'static str], suffering: &Value) -> Value {
        let platform = PLATFORMS[self.index(PLATFORMS.len())].kind;
        let method = self.pick(methods);
        let when = match self.below(4) {
            0 => json!({ "every": 2 }),
            _ => json!({ "nth": 1 + self.below(3) }),
        };
        json!({ "match": { "platform": platform, "method": method }, "when": when, "do": suffering })
    }

    fn suffering(&self) -> Value {
        match self.below(7) {
            0 => json!({ "drop": "before" }),
            1 | 2 => json!({ "drop": "after" }),
            3 => json!({ "status": 429, "retry_after": 1 + self.below(3) }),
            4 => json!({ "status": 500, "effect": "before" }),
            5 => json!({ "status": 502, "effect": "after" }),
            _ => json!({ "delay_ms": self.below(150) * LATENCY_MS }),
        }
    }
}
