//! One person's record on one platform.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Repeat;
use crate::grant::{Grant, KindName};

/// The id that a platform gave to a record; opaque to everybody but its backend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(String);

impl RemoteId {
    /// Returns the id as the platform spells it.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns the text of the id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for RemoteId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The longest e-mail address that mail goes to.
const LONGEST_EMAIL: usize = 254;

/// An e-mail address in the one form in which kadry compares it: trimmed and lower-cased.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

/// A text that is not an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an e-mail address")]
pub struct BadEmail(pub String);

impl Email {
    /// Returns the address if it is one that a person can have: with a dot in its domain, without display text.
    ///
    /// # Errors
    ///
    /// [`BadEmail`] with the text as given.
    pub fn parse(text: &str) -> Result<Self, BadEmail> {
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let folded = text.trim().to_lowercase();
        match email_address::EmailAddress::parse_with_options(&folded, options) {
            Ok(_) if folded.len() <= LONGEST_EMAIL => Ok(Self(folded)),
            Ok(_) | Err(_) => Err(BadEmail(text.to_owned())),
        }
    }

    /// Returns what stands on a record, folded but not judged: platforms hold what they hold.
    #[must_use]
    pub fn of_record(text: &str) -> Self {
        Self(text.trim().to_lowercase())
    }

    /// Returns the folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl BadEmail {
    /// Reports whether the text is none because it is too long: mail goes to no address of more than 254 characters, 64 of them
    /// before the @.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        let text = self.0.trim();
        let local = text.rsplit_once('@').map_or(text, |(local, _)| local);
        text.contains('@') && (text.len() > LONGEST_EMAIL || local.len() > 64)
    }
}

impl FromStr for Email {
    type Err = BadEmail;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What may identify a person on a platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchKey {
    /// The employer's own id of the person, compared as it is.
    ExternalId(String),
    /// The e-mail or login.
    Email(Email),
}

/// The name of a [`MatchKey`], without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyName {
    /// See [`MatchKey::ExternalId`].
    ExternalId,
    /// See [`MatchKey::Email`].
    Email,
}

impl MatchKey {
    /// Returns which kind of key this is.
    #[must_use]
    pub const fn name(&self) -> KeyName {
        match self {
            Self::ExternalId(_) => KeyName::ExternalId,
            Self::Email(_) => KeyName::Email,
        }
    }
}

impl fmt::Display for MatchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ExternalId(id) => f.write_str(id),
            Self::Email(email) => email.fmt(f),
        }
    }
}

/// How a call names one employee.
///
/// Platforms differ in what they can read by: DealApp has no read by id, and Diadoc's id changes once when the person registers.
/// So a reference carries the id, whether that id is final, and the keys by which the record can be found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmployeeRef {
    /// The platform's id of the record.
    pub id: RemoteId,
    /// Whether the id is final. While it is not, the backend finds the record by its keys before it writes.
    pub settled: bool,
    /// The keys that stand on the record, strongest first.
    pub keys: Vec<MatchKey>,
}

impl EmployeeRef {
    /// Returns the e-mail among the keys.
    #[must_use]
    pub fn email(&self) -> Option<&Email> {
        self.keys.iter().find_map(|key| match key {
            MatchKey::Email(email) => Some(email),
            MatchKey::ExternalId(_) => None,
        })
    }
}

/// What can be known of one value of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known<T> {
    /// The platform says that it is this.
    Value(T),
    /// The platform says that there is none.
    Empty,
    /// The platform does not say; never compared and never taken for empty.
    Hidden,
}

impl<T> Known<T> {
    /// Returns the value, if there is one and it is shown.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Empty | Self::Hidden => None,
        }
    }
}

impl Known<String> {
    /// Returns a text from a record: blank and absent are both [`Known::Empty`].
    #[must_use]
    pub fn text(text: Option<&str>) -> Self {
        match text.map(str::trim) {
            Some(text) if !text.is_empty() => Self::Value(text.to_owned()),
            Some(_) | None => Self::Empty,
        }
    }
}

/// The fields of a person that platforms hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// The e-mail or login.
    Email,
    /// The employer's own id of the person.
    ExternalId,
    /// The family name.
    LastName,
    /// The given name.
    FirstName,
    /// The patronymic.
    MiddleName,
    /// The phone number, compared by its digits.
    Phone,
    /// The job title.
    Title,
    /// The department as free text.
    Department,
}

impl FieldName {
    /// Every field, in the order in which people read them.
    pub const ALL: [Self; 8] = [
        Self::Email,
        Self::ExternalId,
        Self::LastName,
        Self::FirstName,
        Self::MiddleName,
        Self::Phone,
        Self::Title,
        Self::Department,
    ];

    /// Returns the name that files, flags and JSON use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::ExternalId => "external_id",
            Self::LastName => "last_name",
            Self::FirstName => "first_name",
            Self::MiddleName => "middle_name",
            Self::Phone => "phone",
            Self::Title => "title",
            Self::Department => "department",
        }
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The values that somebody asks for; what is not asked for is not in the map.
pub type Fields = BTreeMap<FieldName, String>;

/// The values that a platform shows; a field that is not in the map is [`Known::Hidden`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profile(BTreeMap<FieldName, Known<String>>);

impl Profile {
    /// Returns what the platform shows of a field.
    #[must_use]
    pub fn get(&self, field: FieldName) -> &Known<String> {
        self.0.get(&field).unwrap_or(&Known::Hidden)
    }

    /// Sets one field and returns the profile.
    #[must_use]
    pub fn with(mut self, field: FieldName, value: Known<String>) -> Self {
        self.0.insert(field, value);
        self
    }

    /// Sets one field.
    pub fn set(&mut self, field: FieldName, value: Known<String>) {
        self.0.insert(field, value);
    }

    /// Returns the name of the person as one line: last, first and middle name, as far as they are shown.
    #[must_use]
    pub fn full_name(&self) -> String {
        [
            FieldName::LastName,
            FieldName::FirstName,
            FieldName::MiddleName,
        ]
        .into_iter()
        .filter_map(|field| self.get(field).value())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
    }

    /// Returns the fields that the platform shows, in reading order.
    pub fn shown(&self) -> impl Iterator<Item = (FieldName, &Known<String>)> {
        self.0
            .iter()
            .filter(|(_, value)| **value != Known::Hidden)
            .map(|(field, value)| (*field, value))
    }
}

/// Whether the door is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// The person can use the platform.
    Open,
    /// The person is locked out; everything else about the record stays.
    Suspended,
}

impl Access {
    /// Returns whether a lost request for it may be sent again at once. One that opens a door may not: the first may take effect when
    /// somebody has closed it and seen that it is closed.
    #[must_use]
    pub const fn repeat(self) -> Repeat {
        match self {
            Self::Open => Repeat::Once,
            Self::Suspended => Repeat::Safe,
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Suspended => "suspended",
        })
    }
}

/// What guards want to know about a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Whether the record administers the platform.
    pub administrator: Known<bool>,
    /// Whether the record may sign legally binding documents.
    pub signer: Known<bool>,
    /// Whether the person has ever come in.
    pub registered: Known<bool>,
    /// Whether the record is a program and not a person.
    pub automaton: bool,
}

/// One person's record on one platform, as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// How to name this record in calls.
    pub at: EmployeeRef,
    /// The fields as shown.
    pub profile: Profile,
    /// Whether the door is open.
    pub access: Access,
    /// What guards want to know.
    pub marks: Marks,
    /// The grants of the kinds that are read together with the record, by kind. A kind that is read in another way is absent.
    pub grants: BTreeMap<KindName, Known<Vec<Grant>>>,
}

impl Employee {
    /// Returns the grants of a kind, if they are read with the record and shown.
    #[must_use]
    pub fn granted(&self, kind: &KindName) -> Option<&[Grant]> {
        match self.grants.get(kind) {
            Some(Known::Value(grants)) => Some(grants),
            Some(Known::Empty) => Some(&[]),
            Some(Known::Hidden) | None => None,
        }
    }

    /// Reports whether the platform hides from us what stands under such a key, so that it cannot be compared.
    #[must_use]
    pub fn hides(&self, key: KeyName) -> bool {
        let field = match key {
            KeyName::Email => FieldName::Email,
            KeyName::ExternalId => FieldName::ExternalId,
        };
        *self.profile.get(field) == Known::Hidden
    }

    /// Reports whether the record carries this key.
    #[must_use]
    pub fn matches(&self, key: &MatchKey) -> bool {
        self.at.keys.contains(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_compared_trimmed_and_lower_cased() {
        assert_eq!(
            Email::parse(" Anna@Example.TEST\n"),
            Ok(Email::of_record("anna@example.test"))
        );
    }

    #[test]
    fn an_address_without_a_domain_or_with_a_name_is_refused() {
        for text in [
            "",
            "anna",
            "a@b",
            "Anna <anna@example.test>",
            "anna@[127.0.0.1]",
            "anna@example.test, b@example.test",
        ] {
            assert_eq!(
                Email::parse(text),
                Err(BadEmail(text.to_owned())),
                "{text:?}"
            );
        }
    }

    #[test]
    fn an_address_that_is_too_long_says_so() {
        let local = format!("{}@example.test", "a".repeat(65));
        let domain = format!("a@{}example.test", "b.".repeat(130));
        for text in [local, domain] {
            let refused = Email::parse(&text).map_err(|bad| bad.is_too_long());
            assert_eq!(refused, Err(true), "{text}");
        }
        assert!(!BadEmail("anna@".to_owned()).is_too_long());
        assert!(!BadEmail("a".repeat(300)).is_too_long());
    }

    #[test]
    fn an_address_in_cyrillic_is_an_address() {
        assert_eq!(
            Email::parse("Анна@Почта.рф").map(|email| email.to_string()),
            Ok("анна@почта.рф".to_owned())
        );
    }

    #[test]
    fn a_field_that_was_not_read_is_hidden_and_not_empty() {
        let profile = Profile::default().with(FieldName::Phone, Known::Empty);
        assert_eq!(profile.get(FieldName::Phone), &Known::Empty);
        assert_eq!(profile.get(FieldName::Title), &Known::Hidden);
    }
}
