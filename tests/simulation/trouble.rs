//! What befalls one try of a command.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::scenario::{Asked, Chapter, Dice, LATENCY_MS};
use crate::support::platforms::{PLATFORMS, Platform};

/// A process that hangs is killed before anything else gives up: a door waits longer than this for what goes before it.
const SHORTER_THAN_ANY_PATIENCE_MS: u64 = 9_967;

/// The methods of requests that change something, in about the shares in which they are sent.
const WRITES: &[&str] = &["POST", "POST", "POST", "PUT", "DELETE"];

/// The same for everything.
const REQUESTS: &[&str] = &["GET", "GET", "POST", "POST", "PUT", "DELETE"];

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// The process is killed.
    Killed,
    /// The network goes away.
    CutOff,
    /// A platform is down, or we may not in, from the first request on.
    Outage,
    /// An answer is lost, and the request had no effect.
    LostBefore,
    /// An answer is lost, and the request was carried out.
    LostAfter,
    /// The page of a gateway, and the request had no effect.
    PageBefore,
    /// The page of a gateway, and the request was carried out.
    PageAfter,
    /// Too many requests: some seconds, as a number.
    Wait,
    /// Too many requests: some seconds, as a date.
    WaitUntil,
    /// Too many requests: longer than any process waits.
    LongWait,
    /// No answer ever.
    Hang,
    /// The connection breaks off in the middle of an answer.
    HalfALine,
    /// The text of an answer ends in its middle.
    HalfAText,
    /// A slow answer.
    Slow,
    /// A request takes effect when it has been given up.
    LateCommit,
    /// Sessions end in the middle.
    SessionsEnd,
    /// Each answer brings a new token.
    TokensRotate,
    /// Somebody else gives the same command.
    TwoOfTheSame,
    /// Somebody else asks for the opposite.
    TwoAtOdds,
}

impl Class {
    /// Returns the name in the table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::CutOff => "network cut off",
            Self::Outage => "platform down",
            Self::LostBefore => "lost before",
            Self::LostAfter => "lost after",
            Self::PageBefore => "5xx page before",
            Self::PageAfter => "5xx page after",
            Self::Wait => "429, seconds",
            Self::WaitUntil => "429, a date",
            Self::LongWait => "429, long",
            Self::Hang => "hang",
            Self::HalfALine => "half an answer",
            Self::HalfAText => "half a text",
            Self::Slow => "slow",
            Self::LateCommit => "late commit",
            Self::SessionsEnd => "sessions end",
            Self::TokensRotate => "tokens rotate",
            Self::TwoOfTheSame => "two, the same",
            Self::TwoAtOdds => "two, at odds",
        }
    }
}

impl Class {
    /// Returns the share of tries after which a person may have to decide about a step: seldom, where the answer to a create was lost
    /// and the record shows something else by now, and more often where somebody else has changed it in the meantime.
    pub(crate) const fn bound(self) -> f64 {
        match self {
            Self::TwoAtOdds => 0.03,
            Self::Killed
            | Self::CutOff
            | Self::Outage
            | Self::LostBefore
            | Self::LostAfter
            | Self::PageBefore
            | Self::PageAfter
            | Self::Wait
            | Self::WaitUntil
            | Self::LongWait
            | Self::Hang
            | Self::HalfALine
            | Self::HalfAText
            | Self::Slow
            | Self::LateCommit
            | Self::SessionsEnd
            | Self::TokensRotate
            | Self::TwoOfTheSame => 0.01,
        }
    }
}

/// What befalls one try.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trouble {
    /// Which kinds of fault there are among them.
    pub(crate) classes: BTreeSet<Class>,
    /// The emulators' faults.
    pub(crate) faults: Vec<Value>,
    /// After how long the network goes away.
    pub(crate) cut_off_after_ms: Option<u64>,
    /// After how long all sessions end.
    pub(crate) sessions_end_after_ms: Option<u64>,
    /// After how long the process is killed.
    pub(crate) killed_after_ms: Option<u64>,
    /// Who else gives a command meanwhile.
    pub(crate) beside: Option<Beside>,
}

/// Another process, at work on the same person over the same store.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    /// What it asks for, if not the same.
    pub(crate) asked: Option<Asked>,
    /// Whether nobody is asked to agree to its plan.
    pub(crate) unasked: bool,
    /// How long after the first one it begins.
    pub(crate) begins_after_ms: u64,
    /// After how long it is killed.
    pub(crate) killed_after_ms: Option<u64>,
}

impl Trouble {
    /// Returns what somebody else asks for meanwhile, if that is something else.
    pub(crate) fn opposite(&self) -> Option<&Asked> {
        self.beside.as_ref()?.asked.as_ref()
    }

    fn add(&mut self, class: Class, faults: impl IntoIterator<Item = Value>) {
        self.classes.insert(class);
        self.faults.extend(faults);
    }

    fn kill(&mut self, after_ms: u64) {
        self.classes.insert(Class::Killed);
        self.killed_after_ms = Some(after_ms);
    }
}

impl Dice {
    /// Draws what befalls a command. Only the last one of a story can meet somebody who asks for the opposite.
    pub(crate) fn chapter(&self, asked: Asked, is_last: bool) -> Chapter {
        let tries = 1 + self.below(3);
        let mut troubles: Vec<Trouble> = (0..tries).map(|_| self.trouble(&asked)).collect();
        // A door that cannot be closed is what a removal has to wait for.
        if matches!(asked, Asked::Offboard { remove: true, .. }) && self.one_in(2) {
            troubles[0].add(Class::Outage, [self.outage()]);
        }
        // A request to remove a record that is repeated, and takes effect again when somebody has been let in anew, is not looked for.
        let at = self.index(troubles.len());
        let is_late = troubles[at].classes.contains(&Class::LateCommit);
        if is_last && !is_late && self.one_in(8) {
            let opposite = match &asked {
                Asked::Onboard { .. } | Asked::Transfer(_) => self.offboard(),
                Asked::Offboard { .. } => self.onboard(),
            };
            troubles[at].classes.insert(Class::TwoAtOdds);
            troubles[at].beside = Some(self.beside(Some(opposite)));
        }
        Chapter {
            asked,
            unasked: self.one_in(2),
            troubles,
        }
    }

    fn trouble(&self, asked: &Asked) -> Trouble {
        let mut trouble = Trouble::default();
        match self.below(17) {
            0 | 1 => trouble.kill(self.moment_ms()),
            2 => {
                trouble.classes.insert(Class::CutOff);
                trouble.cut_off_after_ms = Some(self.moment_ms());
            }
            3 => trouble.add(Class::Outage, [self.outage()]),
            4 | 5 => {
                for _ in 0..=self.below(2) {
                    let (class, suffering) = self.suffering();
                    trouble.add(class, self.weather(&suffering));
                }
            }
            6 => self.hang(&mut trouble, asked),
            7 => self.late(&mut trouble, asked),
            8 => trouble.add(Class::LongWait, self.long_wait(asked)),
            9 => {
                trouble.classes.insert(Class::SessionsEnd);
                trouble.sessions_end_after_ms = Some(self.moment_ms());
            }
            10 | 11 => {
                trouble.classes.insert(Class::TwoOfTheSame);
                trouble.beside = Some(self.beside(None));
            }
            12 => {
                let (class, suffering) = self.half();
                trouble.add(class, [self.on_a(REQUESTS, &suffering)]);
            }
            _ => {
                for _ in 0..=self.below(3) {
                    let (class, suffering) = self.suffering();
                    trouble.add(class, [self.on_a(WRITES, &suffering)]);
                }
            }
        }
        if self.one_in(6) {
            trouble.kill(self.moment_ms());
        }
        trouble
    }

    /// Most of what a command does, it does in its first second. The moment is never that of an answer, so that it is always clear
    /// which of the two comes first.
    fn moment_ms(&self) -> u64 {
        let latest_ms = self.pick(&[500, 1_000, 40_000]);
        self.below(latest_ms / LATENCY_MS) * LATENCY_MS + 7
    }

    /// Draws somebody else who begins while the first one is at work, at a moment that is not one of the first one's.
    fn beside(&self, asked: Option<Asked>) -> Beside {
        let begins_ms = self.pick(&[100, 500, 1_500]);
        let dies = self.one_in(3);
        Beside {
            asked,
            unasked: self.one_in(2),
            begins_after_ms: self.below(begins_ms / LATENCY_MS) * LATENCY_MS + 11,
            killed_after_ms: dies.then(|| self.moment_ms()),
        }
    }

    fn hang(&self, trouble: &mut Trouble, asked: &Asked) {
        let effect = self.pick(&["before", "after"]);
        let hang = json!({ "hang": true, "effect": effect });
        trouble.add(Class::Hang, [self.on_a(WRITES, &hang)]);
        // What goes before a door is not waited for that long, and rightly stays.
        if matches!(asked, Asked::Offboard { .. }) || self.one_in(2) {
            trouble.kill(SHORTER_THAN_ANY_PATIENCE_MS);
        }
    }

    /// It takes effect when whoever sent it has given it up or is gone, but no later than such a thing may. A grant that has to go
    /// before a door closes is not waited for that long, and rightly stays: so only what is made comes so late, and nothing does while
    /// somebody is let into what is left behind.
    fn late(&self, trouble: &mut Trouble, asked: &Asked) {
        let late = self.on_a(&["POST"], &json!({ "delay_ms": 31_000 }));
        let slow = self.on_a(WRITES, &json!({ "delay_ms": 4_000 }));
        let hands_over = matches!(asked, Asked::Offboard { successor, .. } if *successor);
        if self.one_in(2) && !hands_over {
            trouble.add(Class::LateCommit, [late]);
        }
        trouble.add(Class::Slow, [slow]);
        if self.one_in(2) {
            trouble.kill(1_000 + self.moment_ms());
        }
    }

    /// A platform that is not there for us.
    fn outage(&self) -> Value {
        let platform = PLATFORMS[self.index(PLATFORMS.len())].kind;
        let outage = self.pick(&[503, 401, 500]);
        json!({ "match": { "platform": platform }, "do": { "status": outage } })
    }

    /// A pause that no process waits for. For somebody who leaves it concerns all that is asked or written on the platform, as limits
    /// do: a door that closed while what goes before it was refused would rightly hide that for ever.
    fn long_wait(&self, asked: &Asked) -> Vec<Value> {
        let told = self.pick(&["retry_after", "retry_date"]);
        let wait = json!({ "status": 429, told: 61 + self.below(600) });
        let joins = matches!(asked, Asked::Onboard { .. } | Asked::Transfer(_));
        let platform = PLATFORMS[self.index(PLATFORMS.len())].kind;
        match self.below(3) {
            0 if joins => vec![self.on_a(WRITES, &wait)],
            0 | 1 => vec![json!({ "match": { "platform": platform }, "do": wait })],
            _ => ["POST", "PUT", "DELETE"]
                .map(|method| {
                    let concerned = json!({ "platform": platform, "method": method });
                    json!({ "match": concerned, "do": wait })
                })
                .to_vec(),
        }
    }

    /// Something that befalls any request now and then: seldom enough that a call that is repeated comes through in its time. Each
    /// platform has dice of its own, because nothing says which of two platforms is asked first.
    fn weather(&self, suffering: &Value) -> Vec<Value> {
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

    fn half(&self) -> (Class, Value) {
        if self.one_in(2) {
            (Class::HalfALine, json!({ "cut": "line" }))
        } else {
            (Class::HalfAText, json!({ "cut": "text" }))
        }
    }

    fn suffering(&self) -> (Class, Value) {
        let wait_s = 1 + self.below(3);
        match self.below(9) {
            0 => (Class::LostBefore, json!({ "drop": "before" })),
            1 | 2 => (Class::LostAfter, json!({ "drop": "after" })),
            3 => (Class::Wait, json!({ "status": 429, "retry_after": wait_s })),
            4 => (
                Class::WaitUntil,
                json!({ "status": 429, "retry_date": wait_s }),
            ),
            5 => (
                Class::PageBefore,
                json!({ "status": self.pick(&[500, 503]), "effect": "before" }),
            ),
            6 => (
                Class::PageAfter,
                json!({ "status": self.pick(&[502, 504]), "effect": "after" }),
            ),
            7 => self.half(),
            _ => (
                Class::Slow,
                json!({ "delay_ms": self.below(150) * LATENCY_MS }),
            ),
        }
    }
}
