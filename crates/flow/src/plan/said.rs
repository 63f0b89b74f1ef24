//! What a plan says beside its steps.

use kadry_core::{
    Access, Action, Brake, Email, FieldName, KindName, NativeCall, Reason, RemoteId, Step,
};
use kadry_journal::{RunId, StepError};
use serde::{Deserialize, Serialize};

use super::Window;

/// What can be said about one platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The person has no record there.
    NobodyThere,
    /// Nobody can be found there: the record that was named bears no key.
    NoKey,
    /// The platform did not answer; a close is approved by key, anything else is left out.
    Silent {
        /// What it said.
        error: StepError,
    },
    /// Creating the record sends the person a mail.
    MailGoesOut,
    /// The platform has no place for a value, or does not let it change.
    NotWritten {
        /// Which field.
        field: FieldName,
        /// Why.
        reason: Reason,
    },
    /// The platform, or our rights there, cannot close the door. The other platforms go on.
    CannotClose {
        /// Why.
        reason: Reason,
    },
    /// A request of an interrupted run may still open the door, so it is closed once more later.
    Late {
        /// Until when, in milliseconds since the Unix epoch.
        until_ms: i64,
    },
    /// The platform cannot greet the person.
    NoWelcome {
        /// Why.
        reason: Reason,
    },
    /// Grants that the person keeps although they leave.
    Keeps {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Why.
        reason: Reason,
    },
    /// Grants that come back with the door.
    ComesBack {
        /// Which kind.
        kind: KindName,
        /// Their names; none when the platform does not show them.
        names: Option<Vec<String>>,
    },
    /// What is about to be made is called almost like something that exists.
    Resembles {
        /// Which kind.
        kind: KindName,
        /// What is about to be made.
        name: String,
        /// What exists.
        nearest: String,
    },
    /// The person was given a department, and what the role names itself counts.
    Outvoted {
        /// Which kind.
        kind: KindName,
        /// What the role names.
        names: Vec<String>,
        /// The department.
        department: String,
    },
    /// What a change brings about that nobody asked for.
    Consequence {
        /// What.
        reason: Reason,
    },
    /// Nobody there has a key of the person, but these have the name.
    Possible {
        /// Who.
        people: Vec<Namesake>,
    },
    /// The platform cannot remove a record. The door is closed all the same.
    CannotRemove {
        /// Why.
        reason: Reason,
    },
    /// What the leaver alone keeps cannot be handed over.
    CannotHandOver {
        /// Which kind.
        kind: KindName,
        /// Why.
        reason: Reason,
    },
    /// The leaver alone keeps nothing here that could be seen, so the successor is given nothing.
    NothingToHandOver {
        /// How the successor was named.
        to: String,
    },
    /// What the person holds of a kind is not known, because a right of ours is missing.
    CannotRead {
        /// Which kind.
        kind: KindName,
        /// Which right.
        reason: Reason,
        /// Whether it cannot be seen behind a closed door either, so that a right that is given afterwards helps nobody.
        hidden: bool,
    },
    /// What the person holds of a kind is read and taken once the door is closed.
    TidiedLater {
        /// Which kind.
        kind: KindName,
    },
    /// What the person holds of a kind was not read: the door does not wait for it.
    NotRead {
        /// Which kind.
        kind: KindName,
    },
    /// Grants that will still be attached when everything planned is done.
    Stays {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Why they cannot be taken.
        reason: Reason,
    },
    /// A step that an undo does not take back, or not all of it.
    NotTakenBack {
        /// The step.
        step: Box<Step>,
        /// Why.
        reason: Reason,
    },
    /// A step that is done, but for a part that the platform left out without a word.
    LeftUndone {
        /// The step.
        step: Box<Step>,
        /// Whom or what it left out, by id.
        left: Vec<String>,
        /// The call that does the rest.
        rest: NativeCall,
    },
    /// What an earlier run left open in another tenant, where nobody looks now.
    LeftElsewhere {
        /// The run.
        run: RunId,
        /// The tenant.
        tenant: String,
    },
    /// A limit is a part of all people, and nobody has counted them yet, so that it does not apply.
    NotLimited {
        /// Of which kind of change.
        brake: Brake,
        /// In which window.
        window: Window,
    },
    /// More is to be done now than was approved, and is left to another command.
    MoreThanApproved,
    /// The door is closed, and somebody who changes places is not let in by that.
    StaysClosed {
        /// Whether the role wants the person in there.
        needed: bool,
    },
    /// The person has no record there yet. One is made when every platform was read, since that tells their name.
    MadeLater,
    /// The role does not speak of this platform, where the person is let in; what they are leaving did.
    StaysOpen,
    /// What the person holds beyond what is asked for, and keeps.
    Beyond {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Whether nobody knows what was asked for until now, so that nothing is taken.
        blind: bool,
    },
    /// Grants that the platform may take along with others that go.
    GoesAlong {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
    },
    /// Grants that should go and cannot be taken, because a right of ours is missing.
    CannotTake {
        /// Which kind.
        kind: KindName,
        /// Their names.
        names: Vec<String>,
        /// Which right.
        reason: Reason,
    },
    /// The platform has no departments.
    NoTree,
    /// Departments that were not asked for, and stay.
    Unlisted {
        /// Their kind.
        kind: KindName,
        /// Their places, each as `Контакт-центр / Первая линия`.
        places: Vec<String>,
    },
    /// Departments that were not asked for, and stay because somebody or something is in them.
    NotEmpty {
        /// Their kind.
        kind: KindName,
        /// Their places.
        places: Vec<String>,
    },
    /// Departments that were not asked for and should go, and that cannot be removed.
    NotRemoved {
        /// Their kind.
        kind: KindName,
        /// Their places.
        places: Vec<String>,
        /// Why.
        reason: Reason,
    },
    /// A department cannot come to stand where it should.
    StaysWhereItIs {
        /// Its kind.
        kind: KindName,
        /// Its place.
        place: String,
        /// Why.
        reason: Reason,
    },
    /// Departments there carry no id of the employer's own system, so that one with another name is another one.
    NoExternalIds {
        /// Why.
        reason: Reason,
    },
}

impl Said {
    /// Reports whether something that was asked for is not done: the platform was silent, or it or our rights there do not allow it.
    #[must_use]
    pub const fn leaves_something_out(&self) -> bool {
        // An undo of what was done to a record suspends the record, and says what of it cannot be taken back.
        if let Self::NotTakenBack { step, .. } = self {
            return matches!(step.action, Action::Native { .. });
        }
        matches!(
            self,
            Self::Silent { .. }
                | Self::CannotClose { .. }
                | Self::CannotRemove { .. }
                | Self::CannotHandOver { .. }
                | Self::CannotRead { .. }
                | Self::CannotTake { .. }
                | Self::StaysClosed { needed: true }
                | Self::MadeLater
                | Self::MoreThanApproved
                | Self::StaysWhereItIs { .. }
                | Self::NotRemoved { .. }
                | Self::LeftUndone { .. }
        )
    }

    /// Reports whether it is worth telling when the run has ended: something was left out, or could not be taken back.
    #[must_use]
    pub const fn outlives_the_plan(&self) -> bool {
        self.leaves_something_out() || matches!(self, Self::NotTakenBack { .. })
    }
}

/// Somebody who has the name of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namesake {
    /// The record.
    pub record: RemoteId,
    /// The name on it.
    pub name: String,
    /// The e-mail on it.
    pub email: Option<Email>,
    /// Whether the door is open.
    pub access: Access,
}
