//! One platform as a directory of employees.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize, Serializer};

use crate::capability::{Capability, Reason};
use crate::employee::{
    Access, Employee, EmployeeRef, FieldName, Fields, Known, MatchKey, RemoteId,
};
use crate::error::Result;
use crate::grant::{Definition, Grant, KindName, Offer};
use crate::native::Native;
use crate::page::{Cursor, Page};
use crate::plan::{Change, Notice, Wish};

/// The operator's name of one configured platform, such as `messenger`. Copies share the text: it stands beside every step of everybody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "String")]
pub struct ProviderId(Arc<str>);

impl ProviderId {
    /// Returns the name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(Arc::from(name.into()))
    }

    /// Returns the text of the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for ProviderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl From<String> for ProviderId {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What we are on a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Our own record, which no flow may touch.
    pub own: Option<EmployeeRef>,
    /// Whether we administer the platform.
    pub administrator: Known<bool>,
    /// What tells this organisation's place on the platform from every other one: links of another tenant are refused.
    pub tenant: String,
    /// When the credential ends, in milliseconds since the Unix epoch.
    pub expires_at_ms: Option<i64>,
    /// How far the platform's clock is ahead of ours, in milliseconds, as its last answer showed it.
    pub clock_ahead_ms: Option<i64>,
}

/// What a platform would make of a wish.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The fields as the platform would keep them. What it has no place for is not in the map.
    pub stored: Fields,
    /// The values that it would refuse.
    pub refused: Vec<Refusal>,
    /// The grants that it would refuse.
    pub refused_grants: Vec<RefusedGrant>,
}

/// A grant that a platform would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedGrant {
    /// Which one.
    pub grant: Grant,
    /// Why.
    pub reason: Reason,
}

/// A value that a platform would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Which field.
    pub field: FieldName,
    /// Why.
    pub reason: Reason,
}

/// What looking for a lost effect showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It is there.
    Found,
    /// It is not there.
    Absent,
    /// It cannot be told.
    CannotTell,
}

/// One platform as a directory of employees. Translates, never decides. Every write is ONE remote change.
///
/// Two contracts meet here. Whoever implements it promises: a read returns what the platform shows now, one page at a time; a write
/// sends exactly one changing request, and its error says truly whether the far side may have changed. Whoever calls it promises:
/// nothing is written that [`EmployeeProvider::capability`] does not allow, and values come from [`EmployeeProvider::review`].
#[async_trait]
pub trait EmployeeProvider: fmt::Debug + Send + Sync {
    /// Returns the operator's name of this platform.
    fn id(&self) -> &ProviderId;

    /// Returns what the platform can do with the credential at hand.
    fn capability(&self) -> &Capability;

    /// Returns what would be stored of a wish, and what would be refused. Asks nobody.
    fn review(&self, wish: &Wish) -> Review;

    /// Returns the operations that only this platform has.
    fn native(&self) -> Option<&dyn Native>;

    /// Returns what we are on the platform.
    ///
    /// # Errors
    ///
    /// `Unauthenticated` when the credential is not accepted, and the errors of any request.
    async fn whoami(&self) -> Result<Standing>;

    /// Returns one page of everybody, suspended people included. Nobody twice is not promised: pages may slip.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn list(&self, from: Option<&Cursor>) -> Result<Page<Employee>>;

    /// Returns one page of the records that carry exactly this key, suspended people included and programs left out.
    ///
    /// Whether nobody on these pages means nobody at all is said by [`Capability::found_by`]; [`crate::seek()`] minds it.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a key that the platform does not match by, and the errors of any request.
    async fn find(&self, key: &MatchKey, from: Option<&Cursor>) -> Result<Page<Employee>>;

    /// Returns one record: by id where the platform documents such a read, else by its keys. A record that is gone is none.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn get(&self, who: &EmployeeRef) -> Result<Option<Employee>>;

    /// Returns one page of what can be granted of a kind.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the platform lists no such thing, and the errors of any request.
    async fn catalogue(&self, kind: &KindName, from: Option<&Cursor>) -> Result<Page<Offer>>;

    /// Returns the grants of a kind that is read person by person.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a kind that is read in another way, `NotFound` for a record that is gone, and the errors of any request.
    async fn held(&self, kind: &KindName, who: &EmployeeRef) -> Result<Vec<Grant>>;

    /// Returns who manages a thing that people are granted beside its owner, such as the administrators of a chat, suspended people
    /// left out. The owner stands in the row of the catalogue.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a kind that cannot be handed over, and the errors of any request.
    async fn keepers(&self, kind: &KindName, what: &Grant) -> Result<Vec<RemoteId>>;

    /// Makes a record and returns it.
    ///
    /// # Repeats
    ///
    /// Never twice without looking: the person may be told each time. An existing match is `Conflict`, never adoption.
    ///
    /// # Errors
    ///
    /// `Conflict` when a record with the same key exists, `Invalid` for a refused value, and the errors of any request.
    async fn create(&self, wish: &Wish) -> Result<Employee>;

    /// Changes a record and returns it as it then is.
    ///
    /// # Repeats
    ///
    /// Values are absolute: the same change again changes nothing.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, `Invalid` for a refused value, and the errors of any request.
    async fn update(&self, who: &EmployeeRef, change: &Change) -> Result<Employee>;

    /// Opens or closes the door and returns the record as it then is.
    ///
    /// # Repeats
    ///
    /// The same access again changes nothing.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, `Conflict` when the platform protects the record, and the errors of any request.
    async fn set_access(&self, who: &EmployeeRef, access: Access) -> Result<Employee>;

    /// Gives or takes grants that are written by themselves, in one request.
    ///
    /// # Repeats
    ///
    /// Giving what is held and taking what is not held are quiet.
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, `Forbidden` where we may not change this one, and the errors of any request.
    async fn set_grants(
        &self,
        who: &EmployeeRef,
        kind: &KindName,
        add: &[Grant],
        drop: &[Grant],
    ) -> Result<()>;

    /// Makes a tag, unit or department that is missing, and returns it.
    ///
    /// # Repeats
    ///
    /// Look first: not every platform refuses a second one of the same name.
    ///
    /// # Errors
    ///
    /// `Conflict` when it exists, and the errors of any request.
    async fn define(&self, kind: &KindName, what: &Definition) -> Result<Offer>;

    /// Sends a message to the person.
    ///
    /// # Repeats
    ///
    /// A second one is a second message: look first with [`EmployeeProvider::was_notified`].
    ///
    /// # Errors
    ///
    /// `NotFound` for a record that is gone, and the errors of any request.
    async fn notify(&self, who: &EmployeeRef, notice: &Notice) -> Result<()>;

    /// Looks whether a message was sent.
    ///
    /// # Errors
    ///
    /// The errors of any request.
    async fn was_notified(&self, who: &EmployeeRef, notice: &Notice) -> Result<Look>;

    /// Removes a record for good.
    ///
    /// # Repeats
    ///
    /// Somebody already gone is Ok.
    ///
    /// # Errors
    ///
    /// `Unsupported` where the platform cannot, `Conflict` when the platform protects the record, and the errors of any request.
    async fn remove(&self, who: &EmployeeRef) -> Result<()>;
}

/// What a caller will ask a platform for as soon as it is reached.
#[derive(Clone, Copy, Debug, Default)]
pub struct Foresight<'a> {
    /// Whom it will look for.
    pub whom: &'a [MatchKey],
    /// Whether it will ask what they hold.
    pub holdings: bool,
}

/// A configured platform that has not been reached yet.
#[async_trait]
pub trait Connect: fmt::Debug + Send + Sync {
    /// Returns the operator's name of the platform.
    fn id(&self) -> &ProviderId;

    /// Reaches the platform and learns what it can do with the credential.
    ///
    /// `foresight` is a hint: a platform may begin to read what it names while it is being reached, and passing it over is right.
    ///
    /// # Errors
    ///
    /// `Unauthenticated`, `Config` and the errors of any request.
    async fn connect(&self, foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>>;

    /// Reports whether the platform has given any sign of life yet: where doors must close now, one that has not is soon thought to
    /// hang. Who cannot tell says that it has.
    fn has_answered(&self) -> bool {
        true
    }
}

/// A platform that is at hand already.
#[derive(Clone, Debug)]
pub struct Connected(pub Arc<dyn EmployeeProvider>);

#[async_trait]
impl Connect for Connected {
    fn id(&self) -> &ProviderId {
        self.0.id()
    }

    async fn connect(&self, _foresight: Foresight<'_>) -> Result<Arc<dyn EmployeeProvider>> {
        Ok(Arc::clone(&self.0))
    }
}
