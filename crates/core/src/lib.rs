//! The vocabulary of kadry.
//!
//! Every other room speaks in the words that are defined here: an [`Employee`] is one person's record on one platform, a [`Grant`]
//! is anything that the employee has there, a [`Capability`] says what a platform can and cannot do, a [`Step`] is one remote change,
//! and an [`EmployeeProvider`] is one platform as a directory of employees.
//!
//! This room refuses to know HTTP, SQL, files, the environment and the terminal. It decides nothing about people: planning lives in
//! `kadry-flow`, and what a platform does with a wish is answered by the platform's own [`EmployeeProvider::review`].
//!
//! # Examples
//!
//! ```
//! use kadry_core::{Email, MatchKey};
//!
//! let key = MatchKey::Email(Email::parse(" Anna@Example.TEST ")?);
//! assert_eq!(key.to_string(), "anna@example.test");
//! # Ok::<(), kadry_core::BadEmail>(())
//! ```

mod brake;
mod capability;
mod clock;
mod employee;
mod error;
mod fold;
mod gate;
mod grant;
pub mod memory;
mod native;
mod page;
mod plan;
mod provider;
mod run;
mod seek;
mod value;

pub use brake::Brake;
pub use capability::{Capability, CreateNotice, FieldRule, FoundBy, Matching, Reason, Support};
pub use clock::{Clock, Random};
pub use employee::{
    Access, BadEmail, Email, Employee, EmployeeRef, FieldName, Fields, KeyName, Known, Marks,
    MatchKey, Profile, RemoteId,
};
pub use error::{Effect, Error, ErrorKind, Repeat, Result, WAITED_MS};
pub use fold::{fold, nearest, nearest_few, same_value};
pub use gate::Gate;
pub use grant::{
    Definition, Grant, GrantEdit, GrantKind, Holds, KindName, Offer, OnLeave, ReadBy, Write,
};
pub use native::{
    Above, Back, Branch, Does, Endpoint, Evidence, Native, NativeCall, Noun, Operation, Parameter,
    Reshape, Rest, Sentence, StillStands, Takes, Thing, Tree, TreeRules, meant, noun_faults,
    table_faults,
};
pub use page::{Cursor, Page, every, every_page};
pub use plan::{
    Action, Before, Change, Notice, Reshapes, Reshaping, Stage, Step, Target, Wish, even_null,
};
pub use provider::{
    Connect, Connected, EmployeeProvider, Foresight, Look, ProviderId, Refusal, RefusedGrant,
    Review, Standing,
};
pub use run::{Event, IllegalEvent, RunState, State};
pub use seek::{Sighting, seek};
pub use value::BadValue;
