//! What a review tells of one person.

use std::collections::BTreeMap;

use kadry_core::{Access, Email, Error, KindName, Known, ProviderId, RemoteId};
use kadry_journal::StepError;
use serde::{Deserialize, Serialize};

use crate::observe::Hindrance;
use crate::plan::Guard;
use crate::plan::holdings::Thing;

/// On what somebody is held against the platforms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// They have a role; its name where it is known.
    Role(Option<String>),
    /// They are known, and have no role.
    NoRole,
    /// They have left.
    Left,
    /// Nobody knows of them: their records are all there is.
    Unknown,
    /// What is known of them cannot be read, and why.
    Unclear(String),
    /// The keys that were given are two people's.
    TwoPeople,
}

impl Basis {
    /// Returns the name of the role, where there is one and its name is known.
    #[must_use]
    pub fn role(&self) -> Option<&str> {
        match self {
            Self::Role(name) => name.as_deref(),
            Self::NoRole | Self::Left | Self::Unknown | Self::Unclear(_) | Self::TwoPeople => None,
        }
    }
}

/// Why it is not certain what is told of somebody on one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// What a plan would be refused for.
    Guard(Guard),
    /// The record is the person of another line as well.
    Twice(Option<u32>),
    /// The record carries none of the person's keys, but one that stands on a record of theirs elsewhere.
    OtherKey(RemoteId),
}

/// What a review comes to for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They have what their role gives, and nothing else.
    AsRole,
    /// They have no role, and no open door.
    NoAccess,
    /// They are the service account, or the configuration says that nobody touches them.
    SetApart,
    /// They have more than their role gives, or less.
    Differs,
    /// A door is open for them, and nobody knows of a role.
    Unaccounted,
    /// It could not be told.
    Unsure,
}

impl Verdict {
    /// Every verdict, in the order in which people read them.
    pub const ALL: [Self; 6] = [
        Self::Unaccounted,
        Self::Differs,
        Self::Unsure,
        Self::SetApart,
        Self::AsRole,
        Self::NoAccess,
    ];

    /// Returns the word that JSON uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AsRole => "as_role",
            Self::NoAccess => "no_access",
            Self::SetApart => "set_apart",
            Self::Differs => "differs",
            Self::Unaccounted => "unaccounted",
            Self::Unsure => "unsure",
        }
    }
}

/// What a review tells of one person on one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which platform.
    pub provider: ProviderId,
    /// The record; none where there is none, or where nobody could look.
    pub record: Option<RemoteId>,
    /// Whether the door is open; none where there is no record.
    pub access: Option<Access>,
    /// Whether the record administers the platform.
    pub administrator: Known<bool>,
    /// Whether the record may sign legally binding documents.
    pub signer: Known<bool>,
    /// Whether the person has ever come in.
    pub registered: Known<bool>,
    /// Whether it is the record that we work with.
    pub own: bool,
    /// Whether the role speaks of the platform.
    pub covered: bool,
    /// What they have beyond the role.
    pub beyond: Vec<Thing>,
    /// What they lack.
    pub lacks: Vec<Thing>,
    /// What they have of which the role says nothing, or what waits behind a closed door for nobody.
    pub besides: Vec<Thing>,
    /// The kinds of which it is not known what they have, and why.
    pub unseen: BTreeMap<KindName, Hindrance>,
    /// Why it is not certain.
    pub doubts: Vec<Doubt>,
    /// Why nobody could look.
    pub silent: Option<StepError>,
}

/// What a review tells of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// The line of the file that names them.
    pub line: Option<u32>,
    /// The person as the operator knows them.
    pub person: String,
    /// The name, as far as it is known.
    pub name: String,
    /// The e-mail.
    pub email: Option<Email>,
    /// The employer's own id.
    pub external_id: Option<String>,
    /// On what they are held against the platforms.
    pub basis: Basis,
    /// Whether the configuration says that nobody touches them.
    pub exempt: bool,
    /// Whether the configuration says that they are touched only on purpose.
    pub privileged: bool,
    /// The platforms where they are or should be, and those that were not read.
    pub places: Vec<Place>,
}

impl Place {
    /// Returns a platform on which there is no record of somebody.
    pub(super) const fn without(provider: ProviderId, covered: bool) -> Self {
        Self {
            provider,
            record: None,
            access: None,
            administrator: Known::Hidden,
            signer: Known::Hidden,
            registered: Known::Hidden,
            own: false,
            covered,
            beyond: Vec::new(),
            lacks: Vec::new(),
            besides: Vec::new(),
            unseen: BTreeMap::new(),
            doubts: Vec::new(),
            silent: None,
        }
    }

    /// Returns a platform on which nobody could look.
    pub(super) fn unread(provider: ProviderId, covered: bool, error: &Error) -> Self {
        Self {
            silent: Some(StepError::from(error)),
            ..Self::without(provider, covered)
        }
    }

    /// Reports whether the door is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.access == Some(Access::Open)
    }

    /// Reports whether the record administers the platform, its door open or closed.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.administrator == Known::Value(true)
    }

    /// Reports whether the record may sign, its door open or closed.
    #[must_use]
    pub fn signs(&self) -> bool {
        self.signer == Known::Value(true)
    }

    /// Reports whether something of it could not be told.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        let is_doubt = |doubt: &Doubt| !matches!(doubt, Doubt::Guard(Guard::SeveralMatches { .. }));
        self.silent.is_some() || !self.unseen.is_empty() || self.doubts.iter().any(is_doubt)
    }

    /// Reports whether several records are the person's, of which one is too many.
    fn is_one_of_several(&self) -> bool {
        let is_several =
            |doubt: &Doubt| matches!(doubt, Doubt::Guard(Guard::SeveralMatches { .. }));
        self.doubts.iter().any(is_several)
    }
}

impl Reviewed {
    /// Returns what the review comes to. What differs counts before what could not be told: the one is certain.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        // Our own record is accounted for, and so is whoever the configuration names.
        let counts = |place: &&Place| !place.own && !self.is_set_apart();
        let mut counted = self.places.iter().filter(counts);
        let has_role = matches!(self.basis, Basis::Role(_));
        let is_told = !matches!(self.basis, Basis::Unclear(_) | Basis::TwoPeople);
        let differs = |place: &Place| {
            !place.beyond.is_empty() || !place.lacks.is_empty() || place.is_one_of_several()
        };
        if is_told && counted.clone().any(differs) {
            return if has_role {
                Verdict::Differs
            } else {
                Verdict::Unaccounted
            };
        }
        if !is_told || self.places.iter().any(Place::is_unsure) {
            Verdict::Unsure
        } else if has_role {
            Verdict::AsRole
        } else if counted.next().is_none() && !self.places.is_empty() {
            Verdict::SetApart
        } else {
            Verdict::NoAccess
        }
    }

    /// Reports whether the configuration leaves them alone, and no role says what they should have.
    fn is_set_apart(&self) -> bool {
        self.exempt && !matches!(self.basis, Basis::Role(_))
    }

    /// Reports whether something could not be told, whatever else was found.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        let is_told = !matches!(self.basis, Basis::Unclear(_) | Basis::TwoPeople);
        !is_told || self.places.iter().any(Place::is_unsure)
    }

    /// Reports whether they have something beyond their role anywhere.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.places.iter().any(|place| !place.beyond.is_empty())
    }

    /// Reports whether they lack something anywhere.
    #[must_use]
    pub fn has_less(&self) -> bool {
        self.places.iter().any(|place| !place.lacks.is_empty())
    }

    /// Reports whether they administer a platform or sign there.
    #[must_use]
    pub fn has_rights(&self) -> bool {
        let mut places = self.places.iter();
        places.any(|place| place.administers() || place.signs())
    }
}
